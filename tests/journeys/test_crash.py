"""Killed again and again while reports and ballots come in: what was acknowledged is there, once."""

from pathlib import Path

import pytest
from tests.journeys.killing import survive_kills

pytestmark = pytest.mark.slow


def test_ten_kills_lose_no_acknowledged_report_or_ballot_and_double_none(tmp_path: Path) -> None:
    found = survive_kills(tmp_path, kills=10)

    assert found.acknowledged > 10
    assert (found.lost, found.doubled) == (0, 0)
    assert found.ballots > 10
    assert (found.ballots_lost, found.ballots_doubled) == (0, 0)
