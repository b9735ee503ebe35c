"""The rates, against defects (a) to (d) seen in a peer's code; (e), growth from zero, is in tests/edges/web/desk."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.cases.calc.rate_scheme import LeftOut, RateScheme, faults
from linli.cases.calc.rates import Period, Rate, RateRules, Standing, composite, period, places, three_rates
from linli.cases.choices import LeftOutKind

SHANGHAI = ZoneInfo("Asia/Shanghai")


def day(month: int, number: int, hour: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, number, hour, tzinfo=SHANGHAI)


def test_rates_and_their_parts() -> None:
    assert three_rates(effective=200, contacted=198, solved=180, satisfied=150, basically=20) == (
        Rate("response", 19800, 200), Rate("solution", 18000, 200), Rate("satisfaction", 16800, 200),
    )  # fmt: skip


def test_shares_are_tenths_of_a_percent_and_never_times_a_hundred_again() -> None:
    """(a) A score of 95 came out as 9,500."""
    rates = three_rates(effective=100, contacted=95, solved=100, satisfied=50, basically=50)

    assert [rate.tenths for rate in rates] == [950, 1000, 950]


@given(st.integers(1, 500), st.integers(0, 500), st.integers(0, 500), st.integers(0, 500))
def test_no_rate_passes_the_whole(effective: int, a: int, b: int, c: int) -> None:
    contacted, solved, satisfied = min(a, effective), min(b, effective), min(c, effective)
    rates = three_rates(
        effective=effective, contacted=contacted, solved=solved, satisfied=satisfied, basically=effective - satisfied
    )

    assert all(rate.tenths is not None and 0 <= rate.tenths <= 1000 for rate in rates)


def test_rate_of_a_sum_pools_the_parts() -> None:
    """(b) The total row was the mean of the units' rates: 1 of 1 and 0 of 9 are 10 %, not 50 %."""
    units = [three_rates(effective=1, contacted=1, solved=1, satisfied=1, basically=0),
             three_rates(effective=9, contacted=0, solved=0, satisfied=0, basically=0)]  # fmt: skip
    whole = three_rates(effective=10, contacted=1, solved=1, satisfied=1, basically=0)

    assert [rate.tenths for rate in whole] == [100, 100, 100]
    assert sum(unit[0].tenths or 0 for unit in units) / 2 == 500


def test_no_call_back_is_no_sample_and_not_zero() -> None:
    """(c) A unit without any valid call-back scored 0."""
    rates = three_rates(effective=0, contacted=0, solved=0, satisfied=0, basically=0)

    assert [rate.tenths for rate in rates] == [None, None, None]


def test_rate_rounds_half_up() -> None:
    assert [Rate("x", 100 * n, 2000).tenths for n in (1, 2, 3)] == [1, 1, 2]
    assert Rate("x", 66_666, 1000).tenths == 667


def test_numerator_shows_decimals_only_where_it_has_some() -> None:
    numerators = [Rate("x", percent, 1).numerator for percent in (16800, 90, 180, 0, 1085, 5)]
    assert numerators == ["168", "0.9", "1.8", "0", "10.85", "0.05"]


def test_rates_together_are_weighed_from_their_parts_and_rounded_once() -> None:
    """(a) again: 99 % in touch, 90 % solved, 84 % satisfied are 88.5 together, not 8,850."""
    rates = three_rates(effective=200, contacted=198, solved=180, satisfied=150, basically=20)

    assert composite(rates) == 885
    assert composite(rates, RateRules(weights=(30, 35, 35))) == 906
    assert composite(three_rates(effective=0, contacted=0, solved=0, satisfied=0, basically=0)) is None


@given(st.integers(1, 300), st.tuples(*[st.integers(0, 300)] * 4), st.integers(0, 100), st.integers(0, 100))
def test_rates_together_lie_between_the_least_and_the_most(
    effective: int, said: tuple[int, ...], one: int, basically_percent: int
) -> None:
    contacted, solved, satisfied = (min(each, effective) for each in said[:3])
    rules = RateRules((one, 100 - one, 0), basically_percent)
    rates = three_rates(effective=effective, contacted=contacted, solved=solved, satisfied=satisfied,
                        basically=min(said[3], effective - satisfied), rules=rules)  # fmt: skip

    tenths, both = composite(rates, rules), [rate.tenths or 0 for rate in rates[:2]]

    assert tenths is not None
    assert min(both) <= tenths <= max(both)


def test_places_go_by_rates_then_by_what_was_received_and_nobody_unsampled_has_one() -> None:
    units = [("a", Standing(950, 10)), ("b", Standing(950, 40)), ("few", Standing(None, 99)), ("c", Standing(800, 90)),
             ("d", Standing(950, 10))]  # fmt: skip

    assert places(units) == {"b": 1, "a": 2, "d": 2, "c": 4}


@pytest.mark.parametrize(("changed", "codes"), [
    ({}, []),
    ({"rules": RateRules((50, 40, 20))}, ["rate_weights"]),
    ({"rules": RateRules((110, -10, 0))}, ["rate_weights"]),
    ({"rules": RateRules(basically_percent=101)}, ["rate_basically"]),
    ({"rules": RateRules(smallest_sample=0)}, ["rate_sample"]),
    ({"methods": ()}, ["rate_methods"]), ({"methods": ("timeout",)}, ["rate_methods"]),
    ({"month_begins_on": 29}, ["rate_month"]), ({"day_begins_at": 24}, ["rate_day"]),
    ({"due_without": ("late",)}, ["rate_due"]),
    ({"left_out": (LeftOut(LeftOutKind.CATEGORY, "nothing", "因为"),)}, ["rate_left_out"]),
    ({"left_out": (LeftOut(LeftOutKind.SOURCE, "hotline", " "),)}, ["rate_left_out_why"]),
    ({"left_out": (LeftOut(LeftOutKind.SOURCE, "hotline", "双重回访"),) * 2}, ["rate_left_out"]),
])  # fmt: skip
def test_what_keeps_rules_from_counting(changed: dict[str, Any], codes: list[str]) -> None:
    found = faults(RateScheme(**changed), categories={"noise"}, sources={"hotline"})

    assert [fault.code for fault in found] == codes


@pytest.mark.parametrize(
    ("name", "since", "before_since", "before_until"),
    [
        ("today", day(11, 18), day(11, 17), day(11, 17, 15)),
        ("week", day(11, 16), day(11, 9), day(11, 11, 15)),
        ("month", day(11, 1), day(10, 1), day(10, 18, 15)),
        ("year", day(1, 1), day(1, 1, year=2025), day(11, 18, 15, year=2025)),
    ],
)
def test_period_is_compared_with_the_same_stretch_before(
    name: str, since: datetime, before_since: datetime, before_until: datetime
) -> None:
    now = day(11, 18, 15)

    assert period(name, now) == Period(name, since, now, before_since, before_until)


def test_longer_month_is_not_compared_beyond_the_shorter_one() -> None:
    found = period("month", day(3, 31, 12))

    assert (found.before_since, found.before_until) == (day(2, 1), day(3, 1))


@given(st.datetimes(datetime(2024, 1, 1), datetime(2027, 12, 31)), st.sampled_from(["today", "week", "month", "year"]))  # noqa: DTZ001
def test_periods_neither_overlap_nor_leave_gaps(naive: datetime, name: str) -> None:
    """(d) Periods overlapped by up to 28 days, and an afternoon fell between two of them."""
    now = naive.replace(tzinfo=SHANGHAI)
    found = period(name, now)

    assert found.before_since < found.since <= found.until == now
    assert found.before_until <= found.since
    assert period(name, found.since - timedelta(seconds=1)).since == found.before_since


def test_unknown_period_is_refused() -> None:
    with pytest.raises(KeyError):
        period("fortnight", day(11, 18))
