"""Reading compounds and buildings."""

from uuid import UUID

from linli.registry.territory.calc import paths
from linli.registry.territory.models import Building, Compound
from linli.registry.territory.queries.rows import COMPOUND_COLUMNS, BuildingRow, CompoundRow, under
from linli.registry.territory.queries.snapshot import building_rows


def list_compounds(area_path: str) -> list[CompoundRow]:
    """List the compounds counted in an area and below it, by code. 1 query."""
    found = Compound.objects.filter(under(area_path, "area__path"), district_id=paths.district_of(area_path))
    return [CompoundRow(*row) for row in found.order_by("code").values_list(*COMPOUND_COLUMNS)]


def list_buildings_of_area(area_path: str) -> list[BuildingRow]:
    """List the buildings in an area and below it, by code. 1 query."""
    found = Building.objects.filter(under(area_path, "subgrid__path"), district_id=paths.district_of(area_path))
    return list(building_rows(found.order_by("code")))


def list_buildings_of_compound(*, district_id: str, compound_id: UUID) -> list[BuildingRow]:
    """List the buildings of a compound, those of its parts not among them, by code. 1 query."""
    found = Building.objects.filter(district_id=district_id, compound_id=compound_id)
    return list(building_rows(found.order_by("code")))
