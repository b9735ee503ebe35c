"""A year cut into spans: whole, without gaps, numbered on."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from linli.edges.cli.demo.loading import wanted_demo
from linli.edges.cli.demo.spans import Span, cut_spans, take_turns
from linli.edges.cli.demo.stories import TIME_ZONE

AS_OF = datetime(2026, 11, 22, 10, 24, tzinfo=TIME_ZONE)


def spans_of(count: int, district: str = "210106") -> list[Span]:
    return list(cut_spans(district, as_of=AS_OF, count=count, fresh=18))


@pytest.mark.parametrize("count", [1, 60, 500, 20_000, 333_334])
def test_spans_hold_every_case_and_the_fresh_ones_come_last(count: int) -> None:
    *spans, fresh = spans_of(count)

    assert sum(span.count for span in spans) == count
    assert (fresh.is_fresh, fresh.count, fresh.until) == (True, 18, AS_OF)
    assert [span.number for span in [*spans, fresh]] == list(range(1, len(spans) + 2))


def test_spans_follow_each_other_and_none_is_in_two_years() -> None:
    *spans, _ = spans_of(20_000)

    assert all(earlier.until == later.since for earlier, later in pairwise(spans))
    assert {(span.until - timedelta(microseconds=1)).year == span.since.year for span in spans} == {True}
    assert (spans[0].since, spans[-1].until) == (datetime(2025, 11, 22, tzinfo=TIME_ZONE), AS_OF)


def test_numbers_go_on_within_a_year() -> None:
    seen: dict[int, int] = {}
    for span in spans_of(333_334):
        assert span.before.get(span.since.year, 0) == seen.get(span.since.year, 0)
        seen[span.since.year] = seen.get(span.since.year, 0) + span.count


def test_large_spans_are_of_days_and_of_a_size() -> None:
    counts = [span.count for span in spans_of(333_334)[:-2]]

    assert len(counts) > 150
    assert max(counts) < 3_500


def test_districts_take_turns_and_the_fresh_come_last() -> None:
    spans = take_turns([spans_of(60), spans_of(60, "210104")])

    assert [span.district for span in spans] == ["210104", "210106"] * 3
    assert [span.is_fresh for span in spans] == [False] * 4 + [True] * 2


def test_large_means_a_million_cases_in_all_districts() -> None:
    large = wanted_demo(district="210106", scale="large", seed=9, as_of=AS_OF)
    real = wanted_demo(district="210104", scale="real", seed=9, as_of=AS_OF)

    assert (sorted(large.districts), large.cases) == (["210104", "210105", "210106"], 1_000_000)
    assert (real.districts, real.cases) == (("210104",), 20_000)
