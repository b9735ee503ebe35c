"""A programme's year: a draw a month, its sessions, quarterly focuses, special sessions; all on working days."""

from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from linli.oversight.reviews.calc.programme import ProgrammeRules
from linli.oversight.reviews.choices import Choosing, Occasion

LOCAL = ZoneInfo("Asia/Shanghai")
_DAY = timedelta(days=1)
IsWorkday = Callable[[date], bool]


@dataclass(frozen=True, slots=True)
class PlannedSession:
    """A session of a month; at: Shanghai time."""

    part: int
    at: datetime


@dataclass(frozen=True, slots=True)
class PlannedMonth:
    """What a month holds. draw_at: Shanghai time, None where presenters follow a rota."""

    month: int
    occasion: str
    focus: str
    draw_at: datetime | None
    sessions: tuple[PlannedSession, ...]


def plan_year(rules: ProgrammeRules, *, year: int, is_workday: IsWorkday) -> list[PlannedMonth]:
    """Plan twelve months: on the rules' day or the working day after it, or before where the month ends first.

    The draw is that day, or `notice_days` working days before it.
    """
    specials = {special.month: special.occasion for special in rules.specials}
    planned = []
    for month in range(1, 13):
        day = session_day(year, month, rules.times.day, is_workday)
        sessions = tuple(
            PlannedSession(part, _at(day, minutes)) for part, minutes in enumerate(rules.times.sessions_min, start=1)
        )
        occasion = specials.get(month, Occasion.REGULAR.value)
        focus = rules.focuses[(month - 1) // 3]
        planned.append(PlannedMonth(month, occasion, focus, _draw_at(rules, day, is_workday), sessions))
    return planned


def session_day(year: int, month: int, day: int, is_workday: IsWorkday) -> date:
    """Give the working day on or after that day of the month, or the last one before it.

    A month without any working day gives the day itself: somebody has to look at such a calendar.
    """
    last = monthrange(year, month)[1]
    wanted = date(year, month, min(day, last))
    later = (wanted + _DAY * n for n in range(last - wanted.day + 1))
    earlier = (wanted - _DAY * n for n in range(1, wanted.day))
    return next((each for each in (*later, *earlier) if is_workday(each)), wanted)


def _draw_at(rules: ProgrammeRules, day: date, is_workday: IsWorkday) -> datetime | None:
    if rules.choosing == Choosing.ROTA:
        return None
    if rules.choosing == Choosing.NOTICE:
        day = _workdays_before(day, rules.notice_days, is_workday)
    return _at(day, rules.times.draw_min)


def _workdays_before(day: date, count: int, is_workday: IsWorkday) -> date:
    before: Iterator[date] = (day - _DAY * n for n in range(1, 60) if is_workday(day - _DAY * n))
    found = day
    for _ in range(count):
        found = next(before, found)
    return found


def _at(day: date, minutes: int) -> datetime:
    return datetime.combine(day, time(minutes // 60, minutes % 60), tzinfo=LOCAL)
