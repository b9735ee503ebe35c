"""What a file would change, by what is kept at this moment."""

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from linli.registry.sheets.calc.descriptions import kind_of
from linli.registry.sheets.calc.planning import Progress, plan_file
from linli.registry.sheets.calc.plans import Plan, SentSheet
from linli.registry.sheets.calc.world import Registry
from linli.registry.sheets.choices import SheetKind
from linli.registry.sheets.queries.registry import read_registry


def plan_import(
    *,
    district_id: str,
    sent: Sequence[SentSheet],
    allowed: Collection[SheetKind],
    today: date,
    sender: UUID | None = None,
    progress: Progress = lambda _rows: None,
) -> Plan:
    """Tell what the sheets would change. Writes nothing. At most 10 queries, however many rows.

    sender: the person, whose own posts are not for them to change; None for whoever runs the program.
    """
    return compare(
        district_id=district_id, sent=sent, allowed=allowed, sender=sender, today=today, progress=progress
    )[1]  # fmt: skip


def compare(
    *,
    district_id: str,
    sent: Sequence[SentSheet],
    allowed: Collection[SheetKind],
    today: date,
    sender: UUID | None = None,
    progress: Progress = lambda _rows: None,
) -> tuple[Registry, Plan]:
    """Tell the same with what it was compared with."""
    kinds = {kind for sheet in sent if (kind := kind_of(sheet.title, sheet.columns)) in allowed and kind}
    registry = read_registry(district_id=district_id, kinds=kinds)
    return registry, plan_file(
        sent, registry, today=today, allowed=allowed, sender=sender, progress=progress
    )  # fmt: skip
