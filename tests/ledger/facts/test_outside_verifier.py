"""A second verifier, written from docs/mechanisms/facts-and-seals.md alone, agrees with ours."""

import hashlib
import json
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests.ledger.facts.made import made_fact, made_ledger, written

from linli.ledger.facts.calc.export import check_lines

PAGE = Path(__file__).parents[3] / "docs" / "mechanisms" / "facts-and-seals.md"


def spelled(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def root_of(leaves: list[bytes]) -> bytes:
    if len(leaves) == 1:
        return leaves[0]
    k = max(2**power for power in range(40) if 2**power < len(leaves))
    return hashlib.sha256(b"\x01" + root_of(leaves[:k]) + root_of(leaves[k:])).digest()


def is_sound_to_an_outsider(lines: list[bytes]) -> bool:
    rows: list[dict[str, Any]] = [json.loads(line) for line in lines]
    seals = [row for row in rows if row["line"] == "seal"]
    chain, is_sound = "0" * 64, True
    for number, seal in enumerate(seals, 1):
        facts = [row for row in rows if row["line"] == "fact" and row["seal"] == number]
        leaves = [hashlib.sha256(b"\x00" + spelled(row["fact"])).digest() for row in facts]
        body = {name: value for name, value in seal.items() if name not in {"line", "chain"}}
        is_sound &= (seal["number"], seal["previous_chain"], seal["size"]) == (number, chain, len(facts))
        is_sound &= bool(leaves) and root_of(leaves).hex() == seal["root"]
        is_sound &= [leaf.hex() for leaf in leaves] == [row["leaf"] for row in facts]
        chain = hashlib.sha256(spelled(body)).hexdigest()
        is_sound &= chain == seal["chain"]
    end = rows[-1]
    return is_sound and end["chain"] == chain and end["sha256"] == hashlib.sha256(b"".join(lines[:-1])).hexdigest()


@given(st.lists(st.integers(1, 12), max_size=4), st.integers(0, 2))
def test_outside_verifier_agrees_on_sound_ledgers(sizes: list[int], unsealed: int) -> None:
    lines = written(made_ledger(sizes), [made_fact(100 + number) for number in range(unsealed)])

    assert [is_sound_to_an_outsider(lines), check_lines(lines, {}).is_sound] == [True, True]


@given(st.data())
def test_outside_verifier_agrees_on_changed_facts(data: st.DataObject) -> None:
    lines = written(made_ledger([2, 3]))
    number = data.draw(st.sampled_from([2, 3, 5, 6, 7]))
    lines[number] = lines[number].replace(b"noise", b"waste")

    assert [is_sound_to_an_outsider(lines), check_lines(lines, {}).is_sound] == [False, False]


def test_example_of_the_page_is_what_is_written() -> None:
    blocks = PAGE.read_text().split("```")

    assert blocks[1].removeprefix("json\n").encode() == b"".join(written(made_ledger([1])))
