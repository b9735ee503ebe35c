"""Writing many cases at once: packed as text where they were made, copied into the tables by one process."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any

from django.db import models

from linli.cases.actions.loading.rows import Batch, ReporterRow, StepRow, VerificationRow
from linli.cases.models import Case, CaseFile, CaseStep, ClockSegment, Reporter, Verification, WhistleCall
from linli.kernel.db.copying import columns_of, copy_text, text_of
from linli.kernel.db.stripping import restore_tables, strip_tables
from linli.ledger.commands.actions import raise_counter
from linli.ledger.facts.actions import TABLES as FACT_TABLES
from linli.ledger.facts.actions import PackedFacts, load_facts, pack_facts

# In the order in which they are written, with what they are in a batch.
_WRITTEN: Mapping[type[models.Model], str] = {
    Case: "cases", ClockSegment: "segments", CaseStep: "steps", Verification: "verifications", Reporter: "reporters",
    WhistleCall: "calls",
}  # fmt: skip
_ROWS: Mapping[type[models.Model], tuple[str, ...]] = {
    CaseStep: StepRow._fields, Verification: VerificationRow._fields, Reporter: ReporterRow._fields
}  # fmt: skip
# Files hang on cases, so their keys go and come with them.
_TABLES: tuple[type[models.Model], ...] = (*_WRITTEN, CaseFile, *FACT_TABLES)


@dataclass(frozen=True, slots=True)
class Packed:
    """A batch as COPY takes it. count: of cases; last: the highest serial number of each year; rows: in order."""

    district_id: str
    count: int
    last: Mapping[int, int]
    rows: tuple[bytes, ...]
    facts: PackedFacts


def begin_large_load() -> list[str]:
    """Take keys and indexes off the empty tables that loads fill. Returns what `end_large_load` needs.

    Only the tables' owner can do this. Raises Conflict("table_not_empty").
    """
    return strip_tables(_TABLES)


def end_large_load(kept: list[str], done: Callable[[int], None]) -> None:
    """Build keys and indexes, check every foreign key, and count for the planner; done is told of each.

    Raises IntegrityError.
    """
    restore_tables(kept, done)


def pack(batch: Batch, *, seal_number: int) -> Packed:
    """Write a batch that isn't empty as text, and seal its facts. No query, so any process can do it."""
    return Packed(
        batch.cases[0].district_id, len(batch.cases), _last_serials(batch.cases),
        tuple(text_of(_values(model, getattr(batch, name))) for model, name in _WRITTEN.items()),
        pack_facts(batch.facts, seal_number=seal_number),
    )  # fmt: skip


def load_packed(packed: Packed, *, at: datetime, is_frozen: bool = False) -> int:
    """Write what was packed, in the present transaction: all of it or nothing. Returns how many cases.

    at: when its facts are sealed; is_frozen: as in `copy_text`. 8 copies, 2 queries and 1 a year. Raises
    IntegrityError, Conflict("seal_taken").
    """
    load_facts(packed.facts, at=at, is_frozen=is_frozen)
    for model, text in zip(_WRITTEN, packed.rows, strict=True):
        copy_text(model, _ROWS.get(model) or columns_of(model), text, is_frozen=is_frozen)
    for year, last in packed.last.items():
        raise_counter(district_id=packed.district_id, name="case", year=year, to=last)
    return packed.count


def _values(model: type[models.Model], rows: Iterable[Any]) -> Iterable[Sequence[object]]:
    """Give rows as COPY takes them; what is none of a model is so already."""
    if model in _ROWS:
        return rows
    return map(attrgetter(*(field.attname for field in model._meta.concrete_fields)), rows)


def _last_serials(cases: Iterable[Case]) -> dict[int, int]:
    serials: dict[int, int] = defaultdict(int)
    for case in cases:
        head, serial = case.number.rsplit("-", 1)
        year = 2000 + int(head[-2:])
        serials[year] = max(serials[year], int(serial))
    return dict(serials)
