import csv
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from django.utils import timezone
from tests.factories.district import DemoDistrict

from linli.edges.cli.commands import commands
from linli.ledger.audit.queries import list_lines
from linli.registry.people.queries import login_of_token


def run(*arguments: str) -> Result:
    return CliRunner().invoke(commands, arguments)


@pytest.fixture
def username(district: DemoDistrict) -> str:
    return district.username("community_secretary")


def test_export_writes_what_the_account_sees_and_leaves_an_audit_line(
    district: DemoDistrict, username: str, tmp_path: Path
) -> None:
    mine, foreign = district.open_case_in(community=1), district.open_case_in(community=2)
    target = tmp_path / "cases.csv"

    done = run("export", "cases", "--format", "csv", "--as", username, "--output", str(target))

    assert done.exit_code == 0, done.output
    numbers = {row[0] for row in csv.reader(target.read_text("utf-8-sig").splitlines()) if row}
    assert mine.number in numbers
    assert foreign.number not in numbers
    assert "演示数据" in target.read_text("utf-8-sig")
    assert [line.kind for line in list_lines(district_id=district.id).lines] == ["exported"]


def test_export_without_the_right_is_refused(district: DemoDistrict, tmp_path: Path) -> None:
    target = tmp_path / "cases.xlsx"

    done = run("export", "cases", "--as", district.username("grid_worker"), "--output", str(target))

    assert done.exit_code == 1
    assert "no_post_allows" in str(done.exception)
    assert not target.exists()


def test_export_as_nobody_names_the_option(district: DemoDistrict) -> None:
    done = run("export", "cases", "--as", "nobody")

    assert done.exit_code == 2
    assert "--as" in done.output


def test_token_is_told_once_and_works(district: DemoDistrict, username: str) -> None:
    done = run("token", "create", username, "--scope", "read", "--days", "3")

    found = login_of_token(token=done.output.strip(), at=timezone.now())
    assert found is not None
    assert found[1] == "read"


def test_ledger_of_a_district_is_sealed_and_sound(district: DemoDistrict) -> None:
    district.open_case_in()

    assert run("ledger", "seal").exit_code == 0
    verified = run("ledger", "verify")
    assert verified.exit_code == 0
    assert "0 not sealed yet" in verified.output
