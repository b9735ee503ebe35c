"""Killed again and again while reports and ballots come in: what was acknowledged is there, once."""

import os
from pathlib import Path

import pytest
from tests.journeys.conftest import Town
from tests.journeys.killing import survive_kills

pytestmark = pytest.mark.slow


@pytest.fixture
def left(town: Town, tmp_path: Path) -> Path:
    """Give the data folder that all other journeys leave: nobody comes to this town after this one."""
    town.stop()
    return tmp_path if "TOWN_URL" in os.environ else town.data


def test_ten_kills_lose_no_acknowledged_report_or_ballot_and_double_none(left: Path) -> None:
    found = survive_kills(left, kills=10)

    assert found.acknowledged > 10
    assert (found.lost, found.doubled) == (0, 0)
    assert found.ballots > 10
    assert (found.ballots_lost, found.ballots_doubled) == (0, 0)
