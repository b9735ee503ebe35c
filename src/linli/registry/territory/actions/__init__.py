"""Writing the territory."""

from linli.registry.territory.actions.boundaries import load_boundaries, redraw_boundaries
from linli.registry.territory.actions.loading import (
    load_areas,
    load_buildings,
    load_compounds,
    load_districts,
    load_levels,
)
from linli.registry.territory.actions.rows import NewArea, NewBoundary, NewBuilding, NewCompound, NewDistrict

__all__ = [
    "NewArea",
    "NewBoundary",
    "NewBuilding",
    "NewCompound",
    "NewDistrict",
    "load_areas",
    "load_boundaries",
    "load_buildings",
    "load_compounds",
    "load_districts",
    "load_levels",
    "redraw_boundaries",
]
