"""What a district keeps, as the sheets it could be taken in from."""

from collections.abc import Collection
from dataclasses import dataclass

from linli.registry.sheets.calc.cells import written
from linli.registry.sheets.calc.descriptions import SheetDescription, Value
from linli.registry.sheets.choices import SheetKind
from linli.registry.sheets.queries.registry import descriptions, read_registry


@dataclass(frozen=True, slots=True)
class WrittenSheet:
    """A sheet to be written; rows: cells in the order of the description's columns."""

    description: SheetDescription
    rows: list[tuple[Value, ...]]


def list_sheets(*, district_id: str, kinds: Collection[SheetKind]) -> list[WrittenSheet]:
    """Give the sheets of these kinds, filled. Queries as `read_registry`. Whoever calls has asked the right to each."""
    registry = read_registry(district_id=district_id, kinds=kinds)
    return [
        WrittenSheet(registry.descriptions[kind], [
            tuple(written(column, value)
                  for column, value in zip(registry.descriptions[kind].columns, entry.values, strict=True))
            for entry in registry.entries[kind].values()
        ])
        for kind in SheetKind if kind in kinds
    ]  # fmt: skip


def list_empty_sheets(kinds: Collection[SheetKind]) -> list[WrittenSheet]:
    """Give the sheets of these kinds without rows: the template. 2 queries."""
    described = descriptions()
    return [WrittenSheet(described[kind], []) for kind in SheetKind if kind in kinds]
