"""Days, weeks, months and years of a scheme: end to end, none over another, every moment in exactly one."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.cases.calc import windows
from linli.cases.calc.rate_scheme import RateScheme
from linli.cases.calc.windows import KINDS, Window

SHANGHAI = ZoneInfo("Asia/Shanghai")
BEIJING = RateScheme(month_begins_on=19, day_begins_at=12)

schemes = st.builds(RateScheme, month_begins_on=st.integers(1, 28), day_begins_at=st.integers(0, 23))
moments = st.datetimes(datetime(2023, 1, 1), datetime(2028, 12, 31), timezones=st.just(SHANGHAI))  # noqa: DTZ001
days = st.dates(date(2023, 1, 1), date(2028, 12, 31))


@settings(max_examples=60)
@given(scheme=schemes, at=moments, kind=st.sampled_from(KINDS))
def test_every_moment_lies_in_exactly_one_window(scheme: RateScheme, at: datetime, kind: str) -> None:
    window = windows.window_at(kind, at, scheme)
    before, after = windows.before(window, scheme), windows.after(window, scheme)

    assert window.since <= at < window.until
    assert (before.until, after.since) == (window.since, window.until)


@settings(max_examples=60)
@given(scheme=schemes, at=moments, kind=st.sampled_from(KINDS))
def test_parts_make_up_the_whole(scheme: RateScheme, at: datetime, kind: str) -> None:
    window = windows.window_at(kind, at, scheme)
    parts = windows.parts_of(window, scheme)

    assert (parts[0].since, parts[-1].until) == (window.since, window.until)
    assert [part.until for part in parts[:-1]] == [part.since for part in parts[1:]]
    assert sum(part.since <= at < part.until for part in parts) == 1


@settings(max_examples=60)
@given(scheme=schemes, day=days, kind=st.sampled_from(KINDS))
def test_window_is_found_by_each_of_its_days(scheme: RateScheme, day: date, kind: str) -> None:
    window = windows.window_of(kind, day, scheme)

    assert windows.begin_of(day, scheme) >= window.since
    assert windows.named(kind, window.first, scheme) == window
    assert windows.before(windows.after(window, scheme), scheme) == window


@settings(max_examples=40)
@given(scheme=schemes, first=days, length=st.integers(0, 90))
def test_chosen_stretches_follow_each_other(scheme: RateScheme, first: date, length: int) -> None:
    chosen = windows.custom(first, first + timedelta(days=length), scheme)

    assert windows.before(chosen, scheme).until == chosen.since
    assert windows.parts_of(chosen, scheme)[-1].until == chosen.until


@pytest.mark.parametrize(("at", "name"), [
    ((2026, 11, 18, 11, 59), date(2026, 11, 1)), ((2026, 11, 18, 12, 0), date(2026, 12, 1)),
    ((2026, 11, 30, 12, 0), date(2026, 12, 1)), ((2026, 12, 18, 12, 0), date(2027, 1, 1)),
])  # fmt: skip
def test_between_the_19th_and_the_end_of_the_month_it_is_the_next_one(at: tuple[int, ...], name: date) -> None:
    """Fault: a period from the 19th went on beginning in the month before until the calendar's month was over."""
    window = windows.window_at("month", datetime(*at, tzinfo=SHANGHAI), BEIJING)  # type: ignore[misc,arg-type]

    assert window.first == name
    assert window.until - window.since <= timedelta(days=31)


def test_last_afternoon_of_a_month_is_in_the_next_one_and_in_one_of_its_days() -> None:
    """Fault: what came in on the last afternoon fell between the days' windows and the month's."""
    at = datetime(2026, 11, 18, 15, 0, tzinfo=SHANGHAI)
    december = windows.window_at("month", at, BEIJING)

    assert december.first == date(2026, 12, 1)
    assert [part.first for part in windows.parts_of(december, BEIJING) if part.since <= at < part.until] == [
        date(2026, 11, 19)
    ]


def test_a_day_from_noon_to_noon() -> None:
    day = windows.window_of("day", date(2026, 11, 18), BEIJING)

    assert (day.since, day.until) == (
        datetime(2026, 11, 17, 12, tzinfo=SHANGHAI), datetime(2026, 11, 18, 12, tzinfo=SHANGHAI)
    )  # fmt: skip


@pytest.mark.parametrize(("window", "first"), [
    (windows.window_of("month", date(2026, 3, 5), RateScheme()), date(2025, 3, 1)),
    (windows.window_of("day", date(2028, 2, 29), RateScheme()), date(2027, 2, 28)),
    (windows.window_of("week", date(2026, 11, 18), RateScheme()), date(2025, 11, 17)),
    (windows.custom(date(2026, 1, 5), date(2026, 1, 9), RateScheme()), date(2025, 1, 5)),
])  # fmt: skip
def test_the_same_a_year_before(window: Window, first: date) -> None:
    assert windows.year_before(window, RateScheme()).first == first


def test_running_month_is_compared_with_as_much_of_the_one_before() -> None:
    scheme, at = RateScheme(), datetime(2026, 3, 31, 10, tzinfo=SHANGHAI)
    march = windows.window_at("month", at, scheme)
    february = windows.before(march, scheme)

    assert windows.up_to(march, february, at - timedelta(days=20))[1] == datetime(2026, 2, 11, 10, tzinfo=SHANGHAI)
    assert windows.up_to(march, february, at) == (february.since, february.until)
    assert windows.up_to(march, february, march.until) == (february.since, february.until)
