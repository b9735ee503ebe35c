"""Ledgers made up for tests, without a database."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import strategies as st

from linli.kernel.ids import id_at
from linli.ledger.facts.calc.checking import SealedRow
from linli.ledger.facts.calc.export import LedgerWriter
from linli.ledger.facts.calc.merkle import tree_head
from linli.ledger.facts.calc.seals import FactRow, SealRow, fact_content, fact_leaf, instant, make_seal

DISTRICT = "210106"
MORNING = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)

_texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=5)
plain_values = st.recursive(
    st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | _texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=6,
)


def made_fact(number: int) -> FactRow:
    """Make the fact of that number; higher numbers have higher ids."""
    at = MORNING + timedelta(minutes=number)
    return FactRow(
        id=id_at(1_772_413_200_000 + number, number),
        district_id=DISTRICT,
        kind="case.opened",
        subject_id=UUID(int=number),
        at=at,
        recorded_at=at + timedelta(seconds=1, microseconds=5),
        actor_id=UUID(int=99) if number % 2 else None,
        area_path="210106/210106003",
        organisation_id=None,
        post_id=UUID(int=98),
        data={"category": "noise", "photos": number, "tags": ["夜间", "a"], "is_urgent": True},
    )


def made_ledger(sizes: Sequence[int]) -> list[tuple[SealRow, list[SealedRow]]]:
    """Make seals of those sizes, each with its facts."""
    ledger: list[tuple[SealRow, list[SealedRow]]] = []
    before, number = None, 0
    for size in sizes:
        contents = [fact_content(made_fact(number + index)) for index in range(size)]
        number += size
        leaves = [fact_leaf(content) for content in contents]
        before = make_seal(
            district_id=DISTRICT, before=before, root=tree_head(leaves), size=size, made_at=MORNING + timedelta(days=1)
        )
        rows = [
            SealedRow(before.number, index, str(content["id"]), leaf, content)
            for index, (content, leaf) in enumerate(zip(contents, leaves, strict=True))
        ]
        ledger.append((before, rows))
    return ledger


def written(ledger: Sequence[tuple[SealRow, Sequence[SealedRow]]], unsealed: Sequence[FactRow] = ()) -> list[bytes]:
    """Write such a ledger out, with a right end line whatever is in it."""
    writer = LedgerWriter(DISTRICT)
    lines = [writer.header(exported_at=instant(MORNING), note="演示数据")]
    for seal, rows in ledger:
        lines.append(writer.seal(seal))
        lines += [writer.fact(row) for row in rows]
    lines += [writer.unsealed(fact_content(fact)) for fact in unsealed]
    return [*lines, writer.end()]


def changed(row: SealedRow, **values: object) -> SealedRow:
    """Change members of a sealed fact's content and leave its leaf."""
    return replace(row, content={**(row.content or {}), **values})
