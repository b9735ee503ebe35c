"""Times as people say them."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import override

from linli.edges.words.times import say_by, say_clock, say_due, say_moment, say_span

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 20, 10, 24, tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with override("en"):
        yield


def at(day: int, hour: int, minute: int = 0, *, month: int = 11, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(("moment", "said"), [
    (at(20, 14), "today 14:00"), (at(21, 9, 5), "tomorrow 9:05"), (at(19, 23), "yesterday 23:00"),
    (at(24, 18), "11/24 18:00"), (at(4, 8, month=1, year=2027), "2027/1/4 8:00"),
])  # fmt: skip
def test_moment_is_said_as_seen_from_now(moment: datetime, said: str) -> None:
    assert say_moment(moment, NOW) == said


@pytest.mark.parametrize(("due_at", "said"), [
    (None, ""), (NOW - timedelta(minutes=35), "late by 35 minutes"), (NOW - timedelta(days=3), "late by 3 days"),
    (NOW + timedelta(minutes=18), "18 minutes left"), (NOW + timedelta(hours=2), "2 hours left"),
    (at(20, 17), "today 17:00"), (at(21, 10), "tomorrow 10:00"), (at(24, 10), "11/24"),
])  # fmt: skip
def test_deadline_is_said_in_a_few_words(due_at: datetime | None, said: str) -> None:
    assert say_due(due_at, NOW) == said


@pytest.mark.parametrize(("seconds", "said"), [
    (10, "1 minute"), (3599, "59 minutes"), (3600, "1 hour"), (86_399, "23 hours"), (86_400, "1 day"),
])  # fmt: skip
def test_span_is_said_in_its_largest_unit(seconds: int, said: str) -> None:
    assert say_span(timedelta(seconds=seconds)) == said


def test_instant_of_another_zone_is_said_in_shanghai_time() -> None:
    assert say_clock(datetime(2026, 11, 20, 1, 30, tzinfo=ZoneInfo("UTC")), NOW) == "9:30"


def test_promise_says_what_is_due() -> None:
    due = [say_by(at(20, 14), NOW, is_answered=answered) for answered in (False, True)]

    assert due == ["answer by today 14:00, 3 hours left", "solve by today 14:00, 3 hours left"]
