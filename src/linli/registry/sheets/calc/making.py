"""Rows of sheets as the rows that the rooms' loads take."""

from typing import Any

from linli.registry.sheets.calc.plans import PlannedRow
from linli.registry.sheets.calc.world import named
from linli.registry.sheets.choices import SheetKind
from linli.registry.territory.calc.rows import NewArea, NewBuilding, NewCompound


def new_area(row: PlannedRow) -> NewArea:
    """Make an area of a row of the sheet of areas."""
    return NewArea(**_fields(SheetKind.AREAS, row))


def new_compound(row: PlannedRow) -> NewCompound:
    """Make a compound of a row of the sheet of compounds."""
    return NewCompound(**_fields(SheetKind.COMPOUNDS, row))


def new_building(row: PlannedRow) -> NewBuilding:
    """Make a building of a row of the sheet of buildings."""
    return NewBuilding(**_fields(SheetKind.BUILDINGS, row))


def _fields(kind: SheetKind, row: PlannedRow) -> dict[str, Any]:
    return {**named(kind, row), "id": row.id}
