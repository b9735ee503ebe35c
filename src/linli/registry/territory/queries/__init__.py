"""Reading the territory."""

from linli.registry.territory.queries.areas import (
    area_chain,
    area_chains,
    area_mixes,
    areas_geojson,
    children_of,
    get_area_by_code,
    list_areas,
    list_boundary_versions,
    list_levels,
    search_areas,
)
from linli.registry.territory.queries.compounds import (
    list_buildings_of_area,
    list_buildings_of_compound,
    list_compounds,
)
from linli.registry.territory.queries.districts import district_name, has_demo, served_districts
from linli.registry.territory.queries.entries import (
    AreaEntry,
    BuildingEntry,
    CompoundEntry,
    list_area_entries,
    list_building_entries,
    list_compound_entries,
)
from linli.registry.territory.queries.locating import (
    Locator,
    PlaceNames,
    current_boundary_version,
    locate,
    place_by_code,
)
from linli.registry.territory.queries.rows import (
    AreaRow,
    BuildingRow,
    CompoundRow,
    LevelRow,
    LocatedArea,
    VersionRow,
)

__all__ = [
    "AreaEntry",
    "AreaRow",
    "BuildingEntry",
    "BuildingRow",
    "CompoundEntry",
    "CompoundRow",
    "LevelRow",
    "LocatedArea",
    "Locator",
    "PlaceNames",
    "VersionRow",
    "area_chain",
    "area_chains",
    "area_mixes",
    "areas_geojson",
    "children_of",
    "current_boundary_version",
    "district_name",
    "get_area_by_code",
    "has_demo",
    "list_area_entries",
    "list_areas",
    "list_boundary_versions",
    "list_building_entries",
    "list_buildings_of_area",
    "list_buildings_of_compound",
    "list_compound_entries",
    "list_compounds",
    "list_levels",
    "locate",
    "place_by_code",
    "search_areas",
    "served_districts",
]
