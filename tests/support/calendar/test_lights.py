from datetime import datetime, timedelta

import pytest

from linli.support.calendar.calc import SHANGHAI, light
from linli.support.calendar.choices import Light

START = datetime(2026, 3, 2, 8, tzinfo=SHANGHAI)
DUE = START + timedelta(hours=10)


@pytest.mark.parametrize(
    ("hours", "expected"),
    [(0, Light.OK), (7.9, Light.OK), (8, Light.WARN), (10, Light.WARN), (10.1, Light.LATE)],
)
def test_light_by_wall_clock(hours: float, expected: Light) -> None:
    assert light(DUE, START, START + timedelta(hours=hours), is_paused=False) is expected


def test_light_with_other_share() -> None:
    assert light(DUE, START, START + timedelta(hours=5), is_paused=False, percent_left=50) is Light.WARN


def test_light_from_amber_instant() -> None:
    amber = START + timedelta(hours=3)
    asked = [START + timedelta(hours=hours) for hours in (2, 3, 11)]
    lights = [light(DUE, START, at, is_paused=False, amber_at=amber) for at in asked]
    assert lights == [Light.OK, Light.WARN, Light.LATE]


def test_light_paused() -> None:
    at = START + timedelta(hours=9)
    assert light(None, START, at, is_paused=True) is Light.HOLD
    assert light(DUE, START, at, is_paused=True) is Light.HOLD


def test_light_paused_when_already_late() -> None:
    assert light(DUE, START, DUE + timedelta(days=3), is_paused=True) is Light.LATE
