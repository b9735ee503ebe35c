"""The three rates with what they make together, and the cockpit's periods to compare them by."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Shanghai")
RATES = ("response", "solution", "satisfaction")
_Unit = TypeVar("_Unit")


@dataclass(frozen=True, slots=True)
class RateRules:
    """How rates are counted from what effective call-backs said.

    weights: of the three rates in what they make together, percent, in the order of RATES, 100 in sum;
    basically_percent: how much a "basically satisfied" counts beside a "satisfied"; smallest_sample: fewer call-backs
    say more about who was called than about an area, such a rate stands beside no other.
    Source: running street-level practice in Beijing (10, 50, 40; 0.9), as told in our notes; a district has its own.
    """

    weights: tuple[int, int, int] = (10, 50, 40)
    basically_percent: int = 90
    smallest_sample: int = 10


USUAL = RateRules()


@dataclass(frozen=True, slots=True)
class Rate:
    """A share with its parts. tenths: per mille, rounded half up; None without a single effective call-back."""

    name: str
    numerator_percent: int
    denominator: int
    smallest_sample: int = USUAL.smallest_sample

    @property
    def tenths(self) -> int | None:
        """Give the rate in tenths of a percent: 986 is 98.6 %."""
        if not self.denominator:
            return None
        return (self.numerator_percent * 10 * 2 + self.denominator) // (2 * self.denominator)

    @property
    def numerator(self) -> str:
        """Give what stands above the line, with decimals only where it has some."""
        whole, rest = divmod(self.numerator_percent, 100)
        return f"{whole}.{rest:02d}".rstrip("0") if rest else str(whole)

    @property
    def is_sampled(self) -> bool:
        """Whether enough people were asked to lay it beside others."""
        return self.denominator >= max(self.smallest_sample, 1)


def three_rates(
    *, effective: int, contacted: int, solved: int, satisfied: int, basically: int, rules: RateRules = USUAL
) -> tuple[Rate, ...]:
    """Give response, solution and satisfaction rate; the denominator of all three is effective call-backs."""
    return (
        Rate("response", contacted * 100, effective, rules.smallest_sample),
        Rate("solution", solved * 100, effective, rules.smallest_sample),
        Rate("satisfaction", satisfied * 100 + basically * rules.basically_percent, effective, rules.smallest_sample),
    )


def composite(rates: Sequence[Rate], rules: RateRules = USUAL) -> int | None:
    """Weigh the three rates into one, in tenths of a percent: counted from their parts, rounded once, half up.

    rates: as `three_rates` gives them. None without a single effective call-back.
    """
    denominator = rates[0].denominator
    if not denominator:
        return None
    weighed = sum(weight * rate.numerator_percent for weight, rate in zip(rules.weights, rates, strict=True))
    return (weighed * 2 + denominator * 10) // (denominator * 20)


@dataclass(frozen=True, slots=True)
class DueCounts:
    """Of the cases that were due in a stretch: dealt with in time, too late, not yet; beside them what was left out.

    held, extended: due then, but put on hold before, or with time granted; in `due` or not, as the rules say.
    """

    due: int = 0
    on_time: int = 0
    late: int = 0
    undone: int = 0
    held: int = 0
    extended: int = 0
    smallest_sample: int = USUAL.smallest_sample

    @property
    def rates(self) -> tuple[Rate, Rate]:
        """Give the share dealt with in time, and that dealt with at all."""
        return (
            Rate("on_time", self.on_time * 100, self.due, self.smallest_sample),
            Rate("dealt", (self.on_time + self.late) * 100, self.due, self.smallest_sample),
        )


@dataclass(frozen=True, slots=True)
class Standing:
    """What a unit's place is told from. tenths: the rates together, None with too few call-backs to have a place."""

    tenths: int | None
    received: int


def places(units: Iterable[tuple[_Unit, Standing]]) -> dict[_Unit, int]:
    """Give units their places, 1 the first: by the rates together, ties by how much was received.

    Who is equal in both shares a place, and the next one comes after them all. Too few call-backs: no place at all.
    """
    sampled = [(unit, (standing.tenths, standing.received)) for unit, standing in units if standing.tenths is not None]
    return {unit: 1 + sum(other > own for _, other in sampled) for unit, own in sampled}


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
