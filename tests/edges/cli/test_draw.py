import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.factories.draws import chain_of

from linli.edges.cli.commands import commands
from linli.ledger.facts.calc.canonical import canonical

YEAR = chain_of(4)


def run(*arguments: object) -> Result:
    return CliRunner().invoke(commands, ["draw", *map(str, arguments)])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number, record in enumerate(YEAR):
        (tmp_path / f"{number}.json").write_bytes(canonical(record))
    return tmp_path


def test_verify_says_a_line_a_check(folder: Path) -> None:
    done = run("verify", folder / "1.json", folder / "0.json")

    assert (done.exit_code, done.output.count("OK  "), "FAIL" in done.output) == (0, 8, False)
    assert "接在给出的那一份之后" in done.output
    assert YEAR[1]["commit_hash"] in done.output


def test_verify_refuses_the_wrong_record_before(folder: Path) -> None:
    done = run("verify", folder / "2.json", folder / "0.json", "--json")

    said = json.loads(done.output)
    assert (done.exit_code, said["valid"]) == (1, False)
    assert [check["code"] for check in said["checks"] if not check["holds"]] == ["chain"]


def test_verify_of_no_file_is_a_users_fault(folder: Path) -> None:
    assert run("verify", folder / "none.json").exit_code == 2


def test_verify_chain_walks_the_folder(folder: Path) -> None:
    done = run("verify-chain", folder)

    assert done.exit_code == 0, done.output
    assert [line.split()[:3] for line in done.output.splitlines()] == [
        *(["OK", "draw", record["commit"]["draw_id"]] for record in YEAR), ["OK", "chain", "共"],
    ]  # fmt: skip


def test_verify_chain_names_what_is_missing_and_what_is_no_record(folder: Path) -> None:
    (folder / "1.json").unlink()
    (folder / "x.json").write_text("{}")

    done = run("verify-chain", folder, "--json")

    said = json.loads(done.output)
    assert (done.exit_code, said["valid"], len(said["records"]), len(said["loose"]), said["unread"]) == (
        1, False, 1, 2, ["x.json"],
    )  # fmt: skip


def test_verify_chain_says_which_count_does_not_fit(folder: Path) -> None:
    changed = YEAR[0]["commit"] | {"rules": YEAR[0]["commit"]["rules"] | {"draws_left": 0}}
    from linli.oversight.reviews.calc.records import complete

    record = complete(changed, secret=YEAR[0]["reveal"]["secret"], entropy=[("dice", "1")])
    (folder / "0.json").write_bytes(canonical(record))
    for number in (1, 2, 3):
        (folder / f"{number}.json").unlink()

    done = run("verify-chain", folder)

    assert done.exit_code == 1
    assert "FAIL history" in done.output
