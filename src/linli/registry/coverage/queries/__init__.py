"""Reading coverage."""

from linli.registry.coverage.queries.causes import causes_at, open_holes
from linli.registry.coverage.queries.figures import (
    AreaFigures,
    CoverageBoard,
    HoleLine,
    HoleList,
    PlaceLine,
    find_place,
    get_board,
    list_holes,
    list_places,
    top_seen,
)
from linli.registry.coverage.queries.functions import current_functions
from linli.registry.coverage.queries.ground import Ground, Responsible

__all__ = [
    "AreaFigures",
    "CoverageBoard",
    "Ground",
    "HoleLine",
    "HoleList",
    "PlaceLine",
    "Responsible",
    "causes_at",
    "current_functions",
    "find_place",
    "get_board",
    "list_holes",
    "list_places",
    "open_holes",
    "top_seen",
]
