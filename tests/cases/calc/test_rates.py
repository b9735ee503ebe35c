"""The rates, against defects (a) to (d) seen in a peer's code; (e), growth from zero, is in tests/edges/web/desk."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.cases.calc.rates import Period, Rate, period, three_rates

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


def test_numerator_shows_one_decimal_only_where_it_has_one() -> None:
    assert [Rate("x", percent, 1).numerator for percent in (16800, 90, 180, 0)] == ["168", "0.9", "1.8", "0"]


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
