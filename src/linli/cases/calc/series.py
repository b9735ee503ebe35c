"""What comes back at the same place: when cases are one recurring matter, and when a season lets expect more."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from math import cos, hypot, radians
from typing import Any, Generic, TypeVar

from linli.cases.calc.rates import LOCAL
from linli.cases.errors import Fault

_METRES_A_DEGREE = 111_320.0
_YEARS_BACK = 3
_DAY = timedelta(days=1)
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class SeriesRule:
    """When cases count as recurring, as data beside the categories.

    series_days, series_metres, series_least: so many of one category within so many days and metres are one matter.
    season_weeks: how far the list of what is expected looks ahead; season_least: from how many in one year on.
    """

    series_days: int = 90
    series_metres: int = 60
    series_least: int = 3
    season_weeks: int = 4
    season_least: int = 3


_BOUNDS = {
    "series_days": (7, 366), "series_metres": (5, 500), "series_least": (2, 50), "season_weeks": (1, 12),
    "season_least": (2, 500),
}  # fmt: skip


def read_series(content: Mapping[str, Any]) -> SeriesRule:
    """Read the rule from the document of categories; one from before there was one has the usual."""
    return SeriesRule(**{each.name: content[each.name] for each in fields(SeriesRule) if each.name in content})


def faults(rule: SeriesRule) -> list[Fault]:
    """List what is out of bounds."""
    return [
        Fault("series_out_of_range", field=name, params={"least": least, "most": most})
        for name, (least, most) in _BOUNDS.items()
        if not least <= getattr(rule, name) <= most
    ]


@dataclass(frozen=True, slots=True)
class Spot(Generic[Key]):
    """A case as it is looked for repeats: lng, lat in GCJ-02 degrees."""

    key: Key
    category: str
    lng: float
    lat: float


def clusters(spots: Iterable[Spot[Key]], *, metres: float, least: int) -> list[list[Spot[Key]]]:
    """Put spots of one category within so many metres of the first one together; only those of at least so many.

    In the order given, so newest first gives clusters around the newest. Linear: a spot is held against the clusters of
    nine cells alone.
    """
    found: dict[tuple[str, int, int], list[list[Spot[Key]]]] = defaultdict(list)
    all_of_them: list[list[Spot[Key]]] = []
    for spot in spots:
        x, y = _cell(spot, metres)
        around = (found.get((spot.category, x + i, y + j), ()) for i in (-1, 0, 1) for j in (-1, 0, 1))
        near = (one for several in around for one in several if _apart(one[0], spot) <= metres)
        home = min(near, key=lambda one: _apart(one[0], spot), default=None)
        if home is None:
            home = []
            found[spot.category, x, y].append(home)
            all_of_them.append(home)
        home.append(spot)
    return [one for one in all_of_them if len(one) >= least]


def _cell(spot: Spot[Key], metres: float) -> tuple[int, int]:
    north = metres / _METRES_A_DEGREE
    return int(spot.lng // (north / 0.5)), int(spot.lat // north)  # to 60° north a degree is at least half as wide


def _apart(one: Spot[Key], other: Spot[Key]) -> float:
    east = (one.lng - other.lng) * cos(radians(one.lat))
    return hypot(east, one.lat - other.lat) * _METRES_A_DEGREE


@dataclass(frozen=True, slots=True)
class Span:
    """Some weeks, [since, until). year: of its first day."""

    year: int
    since: datetime
    until: datetime


def coming_weeks(at: datetime, weeks: int) -> list[Span]:
    """Give the coming weeks as they were in each of the three years before, the latest first. Shanghai days."""
    today = at.astimezone(LOCAL).date()
    return [_span(_years_before(today, n), weeks) for n in range(1, _YEARS_BACK + 1)]


def last_weeks(at: datetime, weeks: int) -> tuple[Span, Span]:
    """Give the weeks that end with yesterday, and as many before these."""
    today = at.astimezone(LOCAL).date()
    return _span(today - weeks * 7 * _DAY, weeks), _span(today - 2 * weeks * 7 * _DAY, weeks)


def _years_before(day: date, years: int) -> date:
    return day.replace(year=day.year - years, day=28) if (day.month, day.day) == (2, 29) else day.replace(
        year=day.year - years
    )  # fmt: skip


def _span(first: date, weeks: int) -> Span:
    since = datetime(first.year, first.month, first.day, tzinfo=LOCAL)
    return Span(first.year, since, since + weeks * 7 * _DAY)


SEASON, RISING = "season", "rising"


def expects(years: Sequence[int], now: int, before: int, rule: SeriesRule) -> str:
    """Say why more of something is expected; "" where it is not.

    years: how many in the coming weeks of each year before, the latest first. Season: enough of them in the latest and,
    where an earlier year had any cases at all, enough in one of those; rising: enough lately, twice as many as before.
    """
    latest, *earlier = years
    if latest >= rule.season_least and (not any(earlier) or max(earlier) >= rule.season_least):
        return SEASON
    return RISING if now >= rule.season_least and now >= 2 * max(before, 1) else ""
