"""`linli review verify`: agrees, refuses, says what it can't read."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from linli.edges.cli.commands import commands
from linli.kernel.sealed_box import read_public, seal_to
from linli.oversight.reviews.calc.ballots import Row, receipt_of, short_receipt
from linli.oversight.reviews.calc.publication import PublishedRules, PublishedTurn, publish
from linli.oversight.reviews.calc.scores import ScoreRules
from linli.oversight.reviews.choices import BallotMode

RECEIPTS = [receipt_of(bytes([number]) * 16, "T1", [number]) for number in range(3)]


@pytest.fixture
def told() -> dict[str, Any]:
    rows = [Row("T1", f"J{number}", "g", (number,), receipt) for number, receipt in enumerate(RECEIPTS)]
    return publish(
        session="S",
        mode=BallotMode.SEALED,
        rules=PublishedRules([("party", 20)], ScoreRules()),
        turns=[PublishedTurn("T1", "区教育局党组", 3)],
        rows=rows,
    )


def verify(folder: Path, content: str, *options: str) -> Result:
    file = folder / "published.json"
    file.write_text(content)
    return CliRunner().invoke(commands, ["review", "verify", str(file), *options])


def test_true_file_is_told_so(told: dict[str, Any], tmp_path: Path) -> None:
    done = verify(tmp_path, json.dumps(told))

    assert done.exit_code == 0
    assert done.output.count("OK") == 5
    assert told["root"] in done.output


def test_other_score_is_refused(told: dict[str, Any], tmp_path: Path) -> None:
    told["results"] = [dict(told["results"][0]) | {"score": "2"}]

    done = verify(tmp_path, json.dumps(told), "--json")
    assert done.exit_code == 1
    assert json.loads(done.output) == {"root": True, "rows": True, "effects": True, "method": True, "results": False}


@pytest.mark.parametrize(
    ("receipt", "code"), [(RECEIPTS[0], 0), (short_receipt(RECEIPTS[1]).lower(), 0), ("7K2M 9QXD 4HTA", 1)]
)
def test_receipt_is_looked_for(told: dict[str, Any], tmp_path: Path, receipt: str, code: int) -> None:
    assert verify(tmp_path, json.dumps(told), "--receipt", receipt).exit_code == code


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", "{}", '"x"', '{"format": "linli-draw/1"}', '{"format": "linli-review/1"}',
     '{"format": "linli-review/1", "rows": 3, "effects": {}}'],
)  # fmt: skip
def test_what_is_no_publication_is_one_line_and_two(content: str, tmp_path: Path) -> None:
    done = CliRunner().invoke(commands, ["review", "verify", str(_file(tmp_path, content))], standalone_mode=False)

    assert "can't be read" in str(done.exception) or "is not a published" in str(done.exception)


def _file(folder: Path, content: str) -> Path:
    (folder / "other.json").write_text(content)
    return folder / "other.json"


def _make_key(file: Path, passphrase: str) -> Result:
    return CliRunner().invoke(commands, ["review", "auditor-key", str(file)], input=f"{passphrase}\n{passphrase}\n")


def test_auditors_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "auditor.pem"
    assert (_make_key(file, "short").exit_code, file.exists()) == (1, False)
    made = _make_key(file, "made-up passphrase")
    private = file.read_bytes()

    assert (made.exit_code, file.stat().st_mode & 0o777, b"ENCRYPTED" in private) == (0, 0o600, True)
    assert "passphrase" not in made.output
    [public] = [read_public(line[2:].strip()) for line in made.output.splitlines() if line.startswith("公钥")]
    assert public is not None
    assert (_make_key(file, "made-up passphrase").exit_code, file.read_bytes()) == (1, private)
    sealed = tmp_path / "sealed.json"
    sealed.write_bytes(seal_to(public, {"title": "第一场", "jurors": []}, about="S"))
    opening = ["review", "open-list", str(sealed), str(file)]
    told = [CliRunner().invoke(commands, opening, input=f"{each}\n") for each in ("made-up passphrase", "other")]
    assert ([each.exit_code for each in told], "口令不对" in told[1].output) == ([0, 1], True)
