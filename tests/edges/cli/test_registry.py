"""Sheets of the registry by command: a district begins, moves in, and moves out again."""

from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result
from django.utils import timezone
from tests.factories.district import HOME, DemoDistrict
from tests.registry.sheets.books import content

from linli.edges.cli.commands import commands
from linli.ledger.audit.queries import list_lines
from linli.registry.people.models import Login, Person
from linli.registry.territory.models import Area

DISTRICT = "210107"


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(commands, ["registry", *map(str, arguments)])


def filled(target: Path, **rows: list[list[object]]) -> Path:
    """Fill in the template as somebody at a desk does: below the names of the columns, which have hints above."""
    assert run("template", target).exit_code == 0
    book = openpyxl.load_workbook(target)
    for title, several in rows.items():
        for row in several:
            book[title].append(row)
    book.save(target)
    return target


@pytest.fixture
def moving_in(tmp_path: Path) -> Path:
    return filled(
        tmp_path / "in.xlsx",
        区域=[["210107001", "一街道", "街道", "210107"], ["210107001001", "一社区", "社区", "210107001", "社区"],
              ["21010700100101", "一网格", "网格", "210107001001"]],
        组织=[["jwh-1", "一社区居委会", "居委会", "210107001001"]],
        人员=[["P1", "演示一号", "024-00000001"]],
        岗位=[["P1", "网格员", "jwh-1", "21010700100101", "2026-01-01"]],
    )  # fmt: skip


def test_new_district_moves_in_from_the_template_alone(db: None, moving_in: Path, tmp_path: Path) -> None:
    assert run("found", DISTRICT, "示例二区").exit_code == 0

    done = run("import", moving_in)

    assert done.exit_code == 0, done.output
    assert "Taken in." in done.output
    assert set(Area.objects.values_list("code", flat=True)) == {
        DISTRICT, "210107001", "210107001001", "21010700100101",
    }  # fmt: skip
    password = run("login", "P1", "first").output.strip()
    login = Login.objects.get(username="first")
    assert (login.check_password(password), login.must_change_password) == (True, True)
    assert timedelta(hours=23) < login.one_time_until - timezone.now() <= timedelta(hours=24)
    again = run("login", "P1", "first").output.strip()
    login.refresh_from_db()
    assert (login.check_password(password), login.check_password(again)) == (False, True)
    Login.objects.filter(id=login.id).update(must_change_password=False)
    assert run("login", "P1", "first").exit_code == 1
    assert run("login", "P1", "second").exit_code == 1

    out = tmp_path / "out.xlsx"
    assert run("export", out).exit_code == 0
    again = run("import", out)
    assert (again.exit_code, "Taken in." in again.output) == (0, False)
    assert sorted(line.kind for line in list_lines(district_id=DISTRICT).lines) == [
        "exported", "login_made", "login_made", "rights_changed", "settings_changed",
    ]  # fmt: skip


def test_dry_run_says_what_would_change_and_writes_nothing(db: None, moving_in: Path) -> None:
    run("found", DISTRICT, "示例二区")

    done = run("import", moving_in, "--dry-run")

    assert done.exit_code == 0
    assert "区域: 新增 3" in done.output
    assert Person.objects.count() == 0


def test_fault_writes_nothing_but_the_file_to_mend(db: None, tmp_path: Path) -> None:
    run("found", DISTRICT, "示例二区")
    wrong = filled(tmp_path / "in.xlsx", 人员=[["P1", "", "024-00000001"], ["P2", "演示二号", ""]])
    faulty = tmp_path / "faulty.xlsx"

    done = run("import", wrong, "--faults", faulty)

    assert done.exit_code == 1
    assert "姓名：必填" in done.output
    assert Person.objects.count() == 0
    assert content(faulty)["人员"][1] == [
        ("姓名：必填，请补上。", "P1", "", "024-00000001"),
        ("", "P2", "演示二号", ""),
    ]


def test_account_takes_in_and_writes_out_what_its_posts_allow(
    district: DemoDistrict, moving_in: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.xlsx"

    assert run("export", out, "--as", district.username("system_admin")).exit_code == 0
    assert set(content(out)) == {"区域", "小区", "楼栋", "组织"}
    assert run("export", out, "--as", district.username("security_admin")).exit_code == 0
    assert set(content(out)) == {"人员", "岗位"}
    refused = run("export", out, "--as", district.username("community_secretary"))
    assert "no_post_allows" in str(refused.exception)
    elsewhere = run("import", moving_in, "--as", district.username("system_admin"), "--district", DISTRICT)
    assert elsewhere.exit_code == 2


def test_district_has_to_be_named_where_there_are_several(district: DemoDistrict, tmp_path: Path) -> None:
    assert run("export", tmp_path / "out.xlsx").exit_code == 2
    assert run("export", tmp_path / "out.xlsx", "--district", HOME).exit_code == 0
