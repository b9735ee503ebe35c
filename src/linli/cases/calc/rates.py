"""The three rates, and periods to compare them by."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Shanghai")

# How much a "basically satisfied" counts beside a "satisfied". Source: published street-level practice in Beijing, as
# told in our notes; a district states its own beside the figure.
BASICALLY_PERCENT = 90
# Fewer call-backs than this say more about who was called than about an area; such a rate is not compared.
SMALLEST_SAMPLE = 10


@dataclass(frozen=True, slots=True)
class Rate:
    """A share with its parts. tenths: per mille, rounded half up; None without a single effective call-back."""

    name: str
    numerator_percent: int
    denominator: int

    @property
    def tenths(self) -> int | None:
        """Give the rate in tenths of a percent: 986 is 98.6 %."""
        if not self.denominator:
            return None
        return (self.numerator_percent * 10 * 2 + self.denominator) // (2 * self.denominator)

    @property
    def numerator(self) -> str:
        """Give what stands above the line, with one decimal only where it has one."""
        whole, rest = divmod(self.numerator_percent, 100)
        return f"{whole}.{rest // 10}" if rest else str(whole)

    @property
    def is_sampled(self) -> bool:
        """Whether enough people were asked to lay it beside others."""
        return self.denominator >= SMALLEST_SAMPLE


def three_rates(*, effective: int, contacted: int, solved: int, satisfied: int, basically: int) -> tuple[Rate, ...]:
    """Give response, solution and satisfaction rate; the denominator of all three is effective call-backs."""
    return (
        Rate("response", contacted * 100, effective),
        Rate("solution", solved * 100, effective),
        Rate("satisfaction", satisfied * 100 + basically * BASICALLY_PERCENT, effective),
    )


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of days, [since, until), and the one to compare with. Shanghai time.

    is_year_before: it is compared with the same days of the year before, not with the stretch right before it.
    """

    name: str
    since: datetime
    until: datetime
    before_since: datetime
    before_until: datetime
    is_year_before: bool = False


def period(name: str, at: datetime) -> Period:
    """Give today, this week, this month or this year up to now, and the same stretch of the one before.

    Raises KeyError for another name.
    """
    now = at.astimezone(LOCAL)
    first = _FIRST[name](now.date())
    before = _FIRST[name](first - timedelta(days=1))
    since, earlier = _midnight(first), _midnight(before)
    return Period(name, since, now, earlier, min(earlier + (now - since), since))


def against_year_before(span: Period) -> Period:
    """Compare a stretch with the same days of the year before; 29 February with the 28th."""
    return replace(
        span, before_since=_year_before(span.since), before_until=_year_before(span.until), is_year_before=True
    )


def _year_before(moment: datetime) -> datetime:
    day = moment.day - (moment.month == 2 and moment.day == 29)  # noqa: PLR2004 - February, and its last day
    return moment.replace(year=moment.year - 1, day=day)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=LOCAL)


_FIRST = {
    "today": lambda day: day,
    "week": lambda day: day - timedelta(days=day.weekday()),
    "month": lambda day: day.replace(day=1),
    "year": lambda day: day.replace(month=1, day=1),
}
