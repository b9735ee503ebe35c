"""`linli keys`: made, reached, rested, put away; and what is refused on the way."""

import os
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.factories.district import DemoDistrict

from linli.cases.actions.opening import Contact
from linli.cases.models import Reporter
from linli.edges.cli.keys import keys
from linli.kernel import crypto
from linli.kernel.db.rekeying import count_by_key
from linli.ledger.audit.models import AuditLine

_DAY_S = 24 * 3600


@pytest.fixture(autouse=True)
def folder(own_keys: Path) -> Path:
    """Let each test have keys of its own."""
    return own_keys


def _say(*words: str) -> Result:
    return CliRunner().invoke(keys, words)


def _rested(path: Path) -> None:
    past = time.time() - _DAY_S - 60
    os.utime(path, (past, past))


def test_key_is_changed_and_the_old_one_put_away_a_day_later(district: DemoDistrict, folder: Path) -> None:
    district.open_case_in(contact=Contact("王小明", "13812345678"))

    made = _say("rotate")
    early = _say("retire")
    _rested(folder / "personal-data.1.key")
    late = _say("retire")

    assert (made.exit_code, early.exit_code, late.exit_code) == (0, 1, 0), (made.output, early.output, late.output)
    assert "is not a day old" in early.output
    assert sorted(path.name for path in folder.glob("personal-data*")) == ["personal-data.1.key"]
    assert crypto.decrypt(Reporter.objects.get().phone, purpose="reporter.phone") == "13812345678"
    said = AuditLine.objects.filter(district_id=district.id, object_kind="keys").order_by("id")
    assert [line.data["did"] for line in said] == ["key_made", "resealed", "key_retired"]


def test_change_that_is_not_over_goes_on_without_another_key(district: DemoDistrict, folder: Path) -> None:
    district.open_case_in(contact=Contact("王小明", "13812345678"))
    crypto.add_key()

    went_on = _say("rotate")

    assert went_on.exit_code == 0, went_on.output
    assert (crypto.key_numbers(), set(count_by_key())) == ((0, 1), {1})


def test_key_in_use_is_not_put_away(district: DemoDistrict, folder: Path) -> None:
    district.open_case_in(contact=Contact("王小明", "13812345678"))
    crypto.add_key()
    _rested(folder / "personal-data.1.key")

    refused = _say("retire")

    assert (refused.exit_code, (folder / "personal-data.key").exists()) == (1, True)
    assert "still: linli keys rotate" in refused.output


def test_values_of_a_lost_key_are_told(district: DemoDistrict, folder: Path) -> None:
    crypto.add_key()
    district.open_case_in(contact=Contact("王小明", "13812345678"))
    (folder / "personal-data.1.key").unlink()
    crypto.forget_keys()

    told = _say("list")

    assert (told.exit_code, "key 1 IS NOT THERE: 2 values" in told.output) == (1, True), told.output


def test_single_key_is_kept(district: DemoDistrict, folder: Path) -> None:
    kept = _say("retire")

    assert (kept.exit_code, (folder / "personal-data.key").exists()) == (0, True)
