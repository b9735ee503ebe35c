"""The program that strangers run: what it accepts, and that it refuses everything else."""

import json
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.factories.draws import random_record, with_added_keys

from linli.oversight.reviews.calc import records, verifying
from linli.oversight.reviews.calc.drawing import SM3

EXAMPLE = Path(__file__).with_name("draw-example-sha256.json")
PROGRAM = Path(verifying.__file__)


def written(record: object) -> bytes:
    return json.dumps(record, ensure_ascii=False).encode()


def is_valid(record: object, before: object = None) -> bool:
    found = verifying.check(written(record), written(before) if before else b"")
    return all(holds for holds, _ in found.values())


def test_program_fits_a_screen_and_needs_only_the_standard_library() -> None:
    lines = PROGRAM.read_text("utf-8").splitlines()
    imported = {
        name.strip()
        for line in lines if line.startswith(("import ", "from "))
        for name in line.split("import" if line.startswith("import") else "from")[1].split(" import")[0].split(",")
    }  # fmt: skip

    assert len(lines) <= 60
    assert imported <= sys.stdlib_module_names


def test_program_checks_the_example_alone_within_half_a_second(tmp_path: Path) -> None:
    alone = tmp_path / "verify_draw.py"
    alone.write_bytes(PROGRAM.read_bytes())

    done = subprocess.run([sys.executable, "-I", alone, EXAMPLE], capture_output=True, text=True, check=False)  # noqa: S603

    assert (done.returncode, done.stderr, done.stdout.count("OK  "), "FAIL" in done.stdout) == (0, "", 8, False)
    assert "49fe9a3b1df94191e4807c8ed47d99c59025050129b609903fa4c882d3c2f6c3" in done.stdout
    begun = time.process_time()
    verifying.check(EXAMPLE.read_bytes())
    assert time.process_time() - begun < 0.5


def test_program_ends_with_one_for_a_record_that_is_not_valid(tmp_path: Path) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text(EXAMPLE.read_text("utf-8").replace("08772473296991897540", "08772473296991897541"), "utf-8")

    done = subprocess.run([sys.executable, PROGRAM, bad], capture_output=True, text=True, check=False)  # noqa: S603

    assert (done.returncode, [line.split()[:2] for line in done.stdout.splitlines() if line.startswith("FAIL")]) == (
        1, [["FAIL", "seed"], ["FAIL", "result"]],
    )  # fmt: skip


def test_added_keys_are_refused_everywhere() -> None:
    example = records.parse(EXAMPLE.read_bytes())
    assert [where for where, record in with_added_keys(example) if is_valid(record)] == []


@pytest.mark.parametrize(("old", "new"), [
    ('"take": 2', '"take": 2, "take": 2'), ('"take": 2', '"take": 2.0'), ('"take": 2', '"take": null'),
    ('"take": 2', '"take": NaN'), ('"take": 2', '"take": 2e0'), ('"street"', '"stre\\ud800et"'),
    ('"commit": {', '"commit": {"": 1,'), ('"commit": {', '"commit": {"é": 1,'), ("{", "\ufeff{"), ("}", "} x"),
    ('"take": 2', '"take": 9007199254740993'), ('"take": 2', '"take": true'),
    ('"tickets": 2', '"tickets": 90071992547'),
])  # fmt: skip
def test_what_two_readers_might_read_in_two_ways_is_refused(old: str, new: str) -> None:
    text = EXAMPLE.read_text("utf-8")
    assert old in text
    assert verifying.check(text.replace(old, new, 1).encode())["form"][0] is False


@pytest.mark.parametrize("raw", [b"", b"[]", b"1", b"{}", b"\xff", b"[" * 100_000, b'{"commit": null}', b'"commit"'])
def test_other_things_than_records_are_refused_without_falling_over(raw: bytes) -> None:
    assert verifying.check(raw) == {"form": (False, "格式严格，没有多余或重复的字段")}


def test_spaces_between_do_not_matter() -> None:
    example = json.loads(EXAMPLE.read_bytes())
    assert is_valid(example)
    assert all(holds for holds, _ in verifying.check(json.dumps(example, indent=7).encode()).values())


def test_chain_fails_for_any_record_but_the_one_before() -> None:
    first = random_record(random.Random(5))
    commit = first["commit"] | {"prev_record": records.id_of(first)}
    second = records.complete(commit, secret=first["reveal"]["secret"], entropy=[
        (each["id"], each["value"]) for each in first["reveal"]["entropy"]
    ])  # fmt: skip

    assert is_valid(second, first)
    assert verifying.check(written(second), written(second))["chain"][0] is False


def test_unrevealed_secret_is_replaced_by_the_check_code_only_where_the_rules_said_so() -> None:
    commit = random_record(random.Random(6))["commit"]
    thrown = [(each["id"], "1") for each in commit["entropy_plan"]]
    said = commit | {"rules": {"unrevealed": "commit_hash"}}

    verdicts = [
        verifying.check(written(records.complete(each, secret=records.digest_of(each), entropy=thrown)))["secret"]
        for each in (said, commit)
    ]

    assert verdicts == [
        (True, "组织者没有揭示秘密值，按事先的规则以校验码代替"), (False, "揭示的秘密值与承诺相符"),
    ]  # fmt: skip


@pytest.mark.skipif(not records.has_sm3(), reason="this machine's OpenSSL has no SM3")
def test_records_hashed_with_sm3_are_checked_too() -> None:
    assert records.hashlib.new(SM3, b"abc").hexdigest() == (
        "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    )
    commit = random_record(random.Random(7))["commit"] | {"hash": SM3}
    commit["secret_hash"] = records.hash_secret("ab" * 32, hash_name=SM3)
    record = records.complete(commit, secret="ab" * 32, entropy=[(each["id"], "12") for each in commit["entropy_plan"]])
    assert is_valid(record)
    assert not is_valid(record | {"seed": "00" * 32})
