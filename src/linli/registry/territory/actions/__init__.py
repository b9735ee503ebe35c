"""Writing the territory."""

from linli.registry.territory.actions.amending import (
    AmendedArea,
    AmendedBuilding,
    AmendedCompound,
    amend_areas,
    amend_buildings,
    amend_compounds,
)
from linli.registry.territory.actions.boundaries import load_boundaries, redraw_boundaries
from linli.registry.territory.actions.loading import (
    load_areas,
    load_buildings,
    load_compounds,
    load_districts,
    load_levels,
)
from linli.registry.territory.actions.reshaping import reshape_areas
from linli.registry.territory.actions.rows import NewBoundary, NewDistrict, touch
from linli.registry.territory.actions.taking_back import take_back_change
from linli.registry.territory.calc.rows import NewArea, NewBuilding, NewCompound

__all__ = [
    "AmendedArea",
    "AmendedBuilding",
    "AmendedCompound",
    "NewArea",
    "NewBoundary",
    "NewBuilding",
    "NewCompound",
    "NewDistrict",
    "amend_areas",
    "amend_buildings",
    "amend_compounds",
    "load_areas",
    "load_boundaries",
    "load_buildings",
    "load_compounds",
    "load_districts",
    "load_levels",
    "redraw_boundaries",
    "reshape_areas",
    "take_back_change",
    "touch",
]
