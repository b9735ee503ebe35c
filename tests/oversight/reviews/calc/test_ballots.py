"""Receipts, published rows, root and proofs; and the one-sheet script against our own arithmetic."""

import json
import random
import subprocess
import sys
from copy import deepcopy
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.kernel.errors import InvalidInput
from linli.oversight.reviews.calc import verify_review
from linli.oversight.reviews.calc.ballots import (
    Row,
    canonical_ballot,
    receipt_of,
    require_points,
    short_receipt,
)
from linli.oversight.reviews.calc.publication import PublishedRules, PublishedTurn, publish
from linli.oversight.reviews.calc.scores import ScoreRules
from linli.oversight.reviews.choices import BallotMode

SCRIPT = Path(verify_review.__file__)
PARTS = [("party_building", 20), ("team", 20), ("business", 20), ("duty", 20), ("own", 20)]


def published(seed: int, *, weights: dict[str, int] | None = None, holes: float = 0.1) -> dict[str, Any]:
    """Make up a session of up to six turns and a dozen jurors."""
    lots = random.Random(seed)  # noqa: S311
    turns = [f"T{number}" for number in range(lots.randint(1, 6))]
    jurors = {f"J{number}": lots.choice(["npc", "delegate"]) for number in range(lots.randint(1, 12))}
    rows = []
    for turn in turns:
        for juror, group in jurors.items():
            if lots.random() >= holes:
                points = tuple(lots.randint(8, 20) for _ in PARTS)
                rows.append(Row(turn, juror, group, points, receipt_of(lots.randbytes(16), turn, points)))
    told = publish(
        session="S",
        mode=BallotMode.SEALED,
        rules=PublishedRules(PARTS, ScoreRules(weights=weights or {})),
        turns=[PublishedTurn(turn, f"第{turn}党组", len(jurors)) for turn in turns],
        rows=rows,
    )
    return json.loads(json.dumps(told, ensure_ascii=False))


def test_receipt_is_of_nonce_and_ballot() -> None:
    assert canonical_ballot("T1", [20, 19]) == b'{"points":[20,19],"turn":"T1"}'
    assert receipt_of(b"\0" * 16, "T1", [20, 19]) != receipt_of(b"\1" * 16, "T1", [20, 19])
    assert receipt_of(b"", "T1", [20, 19]) == "59c6a52c1d2ab96ce7c17ea5d10b24385afdedc5073c625dc91a87cf6276ea9d"


def test_short_receipt_has_no_letters_to_misread() -> None:
    assert short_receipt("0" * 64) == "0000 0000 0000"
    assert short_receipt("f" * 64) == "ZZZZ ZZZZ ZZZZ"
    assert short_receipt("08421084210842108421") == "1111 1111 1111"


@pytest.mark.parametrize("points", [[20], [20, 21], [20, -1], [20, True], [20, 1.0], ["20", 1]])
def test_points_are_whole_and_within_each_part(points: list[Any]) -> None:
    with pytest.raises(InvalidInput, match="ballot_points"):
        require_points(points, [20, 20])


@settings(deadline=None)
@given(
    st.integers(0, 2**32),
    st.sampled_from([None, {"npc": 1, "delegate": 3}, {"elsewhere": 1}]),
    st.sampled_from([0.0, 0.1, 0.5]),
)
def test_script_agrees_with_every_publication(seed: int, weights: dict[str, int] | None, holes: float) -> None:
    told = published(seed, weights=weights, holes=holes)

    assert verify_review.check(told) == {"root": True, "rows": True, "effects": True, "method": True, "results": True}


def changed(told: dict[str, Any], lots: random.Random) -> dict[str, Any]:
    """Change one figure, name or fraction that scores rest on."""
    other = deepcopy(told)
    row = lots.choice(other["rows"])
    result = lots.choice([result for result in other["results"] if result["is_established"]])

    def move(holder: Any, key: Any, value: Any) -> None:
        holder[key] = value

    lots.choice([
        lambda: move(row["points"], lots.randrange(5), 21),
        lambda: move(row, "group", "else"),
        lambda: move(row, "juror", "J99"),
        lambda: move(row, "receipt", "0" * 64),
        lambda: move(result, "score", str(Fraction(result["score"]) + Fraction(1, 10**9))),
        lambda: move(result, "rank", result["rank"] + 1),
        lambda: move(result, "counted", result["counted"] - 1),
        lambda: move(result, "is_established", False),
        lambda: move(other, "root", other["root"][::-1]),
        lambda: move(other["effects"], "J1", "1/7"),
        lambda: other["rows"].remove(row),
        lambda: other["rows"].append(dict(row)),
        lambda: move(other, "method", "fitted" if other["method"] == "plain" else "plain"),
    ])()  # fmt: skip
    return other


@settings(deadline=None)
@given(st.integers(0, 2**32))
def test_script_refuses_whatever_is_changed(seed: int) -> None:
    lots, told = random.Random(seed), published(seed)  # noqa: S311
    if not any(result["is_established"] for result in told["results"]):
        return

    assert all(verify_review.check(told).values())
    assert not all(verify_review.check(changed(told, lots)).values())


@settings(deadline=None)
@given(st.integers(0, 2**32))
def test_rows_stand_in_an_order_that_tells_nothing(seed: int) -> None:
    told = published(seed)
    receipts = [row["receipt"] for row in told["rows"]]

    assert receipts == sorted(receipts)


def run(*words: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([sys.executable, "-I", *words], capture_output=True, text=True, check=False)  # noqa: S603


def test_script_stands_alone_on_one_sheet(tmp_path: Path) -> None:
    alone, file = tmp_path / "verify_review.py", tmp_path / "published.json"
    alone.write_text(SCRIPT.read_text())
    told = published(7)
    file.write_text(json.dumps(told))
    whole = run(alone, file)
    told["results"][0]["rank"] += 1
    file.write_text(json.dumps(told))
    broken = run(alone, file)

    assert len(SCRIPT.read_text().splitlines()) <= 60
    assert (whole.returncode, broken.returncode) == (0, 1)
    assert json.loads(broken.stdout) == {"root": True, "rows": True, "effects": True, "method": True, "results": False}
