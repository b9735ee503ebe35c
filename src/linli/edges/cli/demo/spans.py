"""The demo's time cut into spans that can be told independently: each is one batch, and one seal of its district."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from linli.edges.cli.demo.stories import TIME_ZONE, day_weights

_CASES = 1500  # from so many on a span ends with the day: some ten thousand facts, as many as a seal of the worker's
YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Span:
    """Days of one district and how many cases came in on them.

    number: from 1 in the district, of the span and its seal; before: how many cases of each year came in earlier, so
    that numbers go on; is_fresh: cases of the last hours where the demo accounts work, apart from all others.
    """

    district: str
    since: datetime
    until: datetime
    count: int
    number: int
    before: Mapping[int, int]
    is_fresh: bool = False


def cut_spans(district: str, *, as_of: datetime, count: int, fresh: int) -> Iterator[Span]:
    """Spread `count` cases over the year up to `as_of` by season and weekday, and add the fresh ones at the end.

    The same arguments give the same spans.
    """
    start = datetime.combine((as_of - YEAR).astimezone(TIME_ZONE), time(), TIME_ZONE)
    before: dict[int, int] = {}
    since, told, number = start, 0, 1
    for day, upto in _running(day_weights(start, as_of), count):
        until = min(day + timedelta(days=1), as_of)
        is_last = until == as_of
        if upto == told:
            since = until
        elif upto - told >= _CASES or is_last or until.year != since.year:
            yield Span(district, since, until, upto - told, number, dict(before))
            before[since.year] = before.get(since.year, 0) + upto - told
            since, told, number = until, upto, number + 1
    yield Span(district, as_of - timedelta(days=1), as_of, fresh, number, before, is_fresh=True)


def take_turns(districts: Iterable[Iterable[Span]]) -> list[Span]:
    """Put the spans of several districts in the order of time, so that a load that is watched grows everywhere."""
    return sorted(
        (span for spans in districts for span in spans),
        key=lambda span: (span.is_fresh, span.since, span.district),
    )


def _running(days: list[tuple[datetime, float]], count: int) -> Iterator[tuple[datetime, int]]:
    """Yield each day with how many of the cases have come in by its end."""
    total = sum(weight for _, weight in days)
    sum_so_far = 0.0
    for day, weight in days[:-1]:
        sum_so_far += weight
        yield day, round(count * sum_so_far / total)
    yield days[-1][0], count
