"""Whatever is changed in an export is found, and named as closely as the data allow."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.ledger.facts.made import DISTRICT, changed, made_fact, made_ledger, written

from linli.ledger.facts.calc.checking import Breach, SealedRow, VerifyReport
from linli.ledger.facts.calc.export import check_lines
from linli.ledger.facts.calc.seals import SealRow, fact_leaf
from linli.ledger.facts.choices import Flaw

Ledger = list[tuple[SealRow, list[SealedRow]]]

LEDGER = made_ledger([1, 3, 2])
LINES = written(LEDGER, [made_fact(6), made_fact(7)])
BYTES = b"".join(LINES)


def checked(ledger: Ledger) -> Breach | None:
    return check_lines(written(ledger), {}).breach


def test_export_untouched_is_sound() -> None:
    assert check_lines(LINES, {2: LEDGER[1][0].chain}) == VerifyReport(DISTRICT, 3, 6, 2, LEDGER[2][0].chain, None)


def test_export_of_nothing_is_sound() -> None:
    assert check_lines(written([]), {}) == VerifyReport(DISTRICT, 0, 0, 0, "0" * 64, None)


@given(st.integers(0, len(BYTES) - 1), st.integers(1, 255))
def test_export_with_one_byte_changed_is_not_sound(place: int, difference: int) -> None:
    tampered = bytearray(BYTES)
    tampered[place] ^= difference

    assert not check_lines(bytes(tampered).splitlines(keepends=True), {}).is_sound


@given(st.integers(0, len(BYTES) - 1), st.integers(1, 40))
def test_export_with_bytes_missing_is_not_sound(place: int, length: int) -> None:
    tampered = BYTES[:place] + BYTES[place + length :]

    assert not check_lines(tampered.splitlines(keepends=True), {}).is_sound


@given(st.integers(0, len(BYTES)), st.binary(min_size=1, max_size=5))
def test_export_with_bytes_added_is_not_sound(place: int, added: bytes) -> None:
    tampered = BYTES[:place] + added + BYTES[place:]

    assert not check_lines(tampered.splitlines(keepends=True), {}).is_sound


@given(st.permutations(range(len(LINES))))
def test_export_with_lines_in_another_order_is_not_sound(order: list[int]) -> None:
    is_same = order == sorted(order)

    assert check_lines([LINES[number] for number in order], {}).is_sound == is_same


def _leaf_values(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    if isinstance(value, dict):
        return [leaf for key, item in value.items() for leaf in _leaf_values(item, (*path, key))]
    if isinstance(value, list):
        return [leaf for index, item in enumerate(value) for leaf in _leaf_values(item, (*path, index))]
    return [path]


@given(st.data())
def test_sealed_fact_with_any_one_value_changed_is_named(data: st.DataObject) -> None:
    seal, place = data.draw(st.sampled_from([(0, 0), (1, 0), (1, 1), (1, 2), (2, 0), (2, 1)]))
    row = LEDGER[seal][1][place]
    content = json.loads(json.dumps(row.content))
    *way, last = data.draw(st.sampled_from(_leaf_values(content)))
    target = content
    for step in way:
        target = target[step]
    target[last] = data.draw(st.text("xyz", min_size=1) | st.integers(10, 20))
    ledger = made_ledger([1, 3, 2])
    ledger[seal][1][place] = replace(row, content=content)

    breach = checked(ledger)

    assert breach is not None
    assert (breach.seal_number, breach.position, breach.fact_id) == (seal + 1, place, row.fact_id)


def _change_fact_and_leaf(ledger: Ledger) -> None:
    row = changed(ledger[1][1][1], kind="case.closed")
    ledger[1][1][1] = replace(row, leaf=fact_leaf(row.content or {}))


def _swap_facts(ledger: Ledger) -> None:
    rows = ledger[1][1]
    rows[0], rows[1] = replace(rows[1], position=0), replace(rows[0], position=1)


def _insert_fact(ledger: Ledger) -> None:
    ledger[1][1].append(replace(ledger[2][1][0], seal_number=2, position=3))


def _remove_fact(ledger: Ledger) -> None:
    del ledger[1][1][1]


def _remove_last_fact(ledger: Ledger) -> None:
    del ledger[1][1][2]


def _empty_fact(ledger: Ledger) -> None:
    ledger[1][1][1] = replace(ledger[1][1][1], content=None)


def _remove_seal(ledger: Ledger) -> None:
    del ledger[1]


def _remove_seal_but_not_its_facts(ledger: Ledger) -> None:
    ledger[1][1].extend(ledger.pop()[1])


def _change_root(ledger: Ledger) -> None:
    ledger[1] = (replace(ledger[1][0], root="a" * 64), ledger[1][1])


def _replace_seal(ledger: Ledger) -> None:
    ledger[1] = (replace(made_ledger([2, 3])[1][0], previous_chain=ledger[0][0].chain), ledger[1][1])


def _begin_anew(ledger: Ledger) -> None:
    ledger[1] = (made_ledger([2, 3])[1][0], ledger[1][1])


def _take_other_district(ledger: Ledger) -> None:
    ledger[1] = (replace(ledger[1][0], district_id="210102"), ledger[1][1])


IDS = [row.fact_id for row in LEDGER[1][1]]


@pytest.mark.parametrize(
    ("tamper", "expected"),
    [
        (_change_fact_and_leaf, Breach(Flaw.ROOT_DIFFERS, 2)),
        (_swap_facts, Breach(Flaw.FACT_REORDERED, 2, 1, IDS[0])),
        (_insert_fact, Breach(Flaw.FACT_INSERTED, 2, 3, LEDGER[2][1][0].fact_id)),
        (_remove_fact, Breach(Flaw.FACT_LOST, 2, 1)),
        (_remove_last_fact, Breach(Flaw.FACT_LOST, 2, 2)),
        (_empty_fact, Breach(Flaw.FACT_LOST, 2, 1, IDS[1])),
        (_remove_seal, Breach(Flaw.SEAL_MISSING, 2)),
        (_remove_seal_but_not_its_facts, Breach(Flaw.SEAL_MISSING, 3)),
        (_change_root, Breach(Flaw.SEAL_CHANGED, 2)),
        (_replace_seal, Breach(Flaw.SEAL_CHANGED, 2)),
        (_begin_anew, Breach(Flaw.CHAIN_BROKEN, 2)),
        (_take_other_district, Breach(Flaw.WRONG_DISTRICT, 2)),
    ],
)
def test_tampering_is_named_though_the_end_line_was_made_anew(
    tamper: Callable[[Ledger], None], expected: Breach
) -> None:
    ledger = made_ledger([1, 3, 2])

    tamper(ledger)

    assert checked(ledger) == expected


def test_last_seal_taken_away_shows_only_against_a_note() -> None:
    shorter = written(made_ledger([1, 3]))

    assert check_lines(shorter, {}).breach is None
    assert check_lines(shorter, {3: LEDGER[2][0].chain}).breach == Breach(Flaw.SEAL_MISSING, 3)


def test_ledger_written_anew_shows_only_against_a_note() -> None:
    anew = written(made_ledger([2, 3, 1]))

    assert check_lines(anew, {}).breach is None
    assert check_lines(anew, {2: LEDGER[1][0].chain}).breach == Breach(Flaw.NOT_AS_NOTED, 2)


@pytest.mark.parametrize("file", [b"", b"\n", b"[]\n", b"{}\n", b"[" * 100_000, b'{"line":"end"}\n', b"\xff\n"])
def test_file_of_another_form_is_named_by_line(file: bytes) -> None:
    assert check_lines(file.splitlines(keepends=True), {}).breach == Breach(Flaw.FILE_MALFORMED, line=1)
