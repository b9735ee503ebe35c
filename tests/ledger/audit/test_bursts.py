"""Bursts, against a slow way of counting that can hardly be wrong."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.ledger.audit.calc import Burst, bursts

START = datetime(2026, 11, 18, tzinfo=UTC)
Events = list[tuple[datetime, int]]


def events(*minutes: int) -> Events:
    return [(START + timedelta(minutes=minute), 1) for minute in minutes]


def burst(first: int, last: int, amount: int) -> Burst:
    return Burst(START + timedelta(minutes=first), START + timedelta(minutes=last), amount)


@pytest.mark.parametrize(
    ("minutes", "found"),
    [
        ((), []), ((0, 1, 2), []), ((0, 1, 2, 3), [(0, 3, 4)]), ((0, 4, 8, 10), []), ((0, 4, 8, 9), [(0, 9, 4)]),
        ((5, 5, 5, 5, 5), [(5, 5, 5)]), ((0, 1, 2, 3, 60, 61, 62, 63, 64), [(0, 3, 4), (60, 64, 5)]),
        ((0, 1, 2, 3, 11, 11, 11), [(0, 11, 7)]),
    ],
)  # fmt: skip
def test_more_than_three_within_ten_minutes(minutes: tuple[int, ...], found: list[tuple[int, int, int]]) -> None:
    assert bursts(events(*minutes), most=3, within=timedelta(minutes=10)) == [burst(*each) for each in found]


def test_amounts_count_not_events() -> None:
    rows = [(START, 900), (START + timedelta(minutes=1), 200)]

    assert bursts(rows, most=1000, within=timedelta(minutes=10)) == [burst(0, 1, 1100)]
    assert bursts(rows, most=1100, within=timedelta(minutes=10)) == []


def slow(given_events: Events, most: int, within: timedelta) -> list[Burst]:
    """Mark every event of every window over the limit, then join windows that share an event."""
    spans: list[tuple[int, int]] = []
    for last, (at, _) in enumerate(given_events):
        inside = [place for place in range(last + 1) if given_events[place][0] > at - within]
        if sum(given_events[place][1] for place in inside) > most:
            if spans and inside[0] <= spans[-1][1]:
                spans[-1] = (spans[-1][0], last)
            else:
                spans.append((inside[0], last))
    return [
        Burst(given_events[first][0], given_events[last][0],
              sum(amount for _, amount in given_events[first : last + 1]))
        for first, last in spans
    ]  # fmt: skip


@given(st.lists(st.tuples(st.integers(0, 100), st.integers(1, 9)), max_size=40), st.integers(1, 20), st.integers(1, 30))
def test_bursts_are_those_of_the_slow_way(said: list[tuple[int, int]], most: int, minutes: int) -> None:
    given_events = [(START + timedelta(minutes=minute), amount) for minute, amount in sorted(said)]
    within = timedelta(minutes=minutes)

    assert bursts(given_events, most=most, within=within) == slow(given_events, most, within)
