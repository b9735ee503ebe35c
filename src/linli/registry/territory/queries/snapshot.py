"""What a process holds of each district in memory, and how it learns that it is stale.

One small query tells each district's revision and the version in force. Whoever finds another revision than the one
held reads the district anew, so that a change is seen by the next question in every process.
Source: the first defect of our notes on a peer, whose workers routed by old polygons until they were restarted.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Any
from uuid import UUID

import numpy as np
from django.db.models import Max, OuterRef, Q, QuerySet, Subquery, TextField
from django.db.models.functions import Cast
from numpy.typing import NDArray

from linli.kernel.db.standing import Given, StandingQuery
from linli.registry.territory.calc import paths
from linli.registry.territory.calc.coordinates import to_gcj02
from linli.registry.territory.calc.index import AreaIndex, Located, PointIndex
from linli.registry.territory.calc.polygons import Cell, read_stored
from linli.registry.territory.choices import Crs, PlaceReason
from linli.registry.territory.models import Area, Boundary, BoundaryVersion, Building, Compound, TerritoryState
from linli.registry.territory.queries.rows import AREA_COLUMNS, COMPOUND_COLUMNS, AreaRow, BuildingRow, CompoundRow

# As far from a building's point as one may stand and still be said to be at it: half a long block.
AT_BUILDING_M = 60.0
# Versions of one district held at once: the one in force, and a past or coming one that somebody looks at.
_MOST_VERSIONS = 3


@dataclass(frozen=True, slots=True)
class InForce:
    """A district's revision, and the number of the boundary version in force, 0 if none is.

    is_served: people here look after it; points are located in such districts only.
    """

    district_id: str
    revision: UUID
    number: int
    is_served: bool


@dataclass(frozen=True, slots=True)
class Territory:
    """A district as it was at a revision. Areas by path and by code; compounds and buildings with their indexes."""

    revision: UUID
    by_path: Mapping[str, AreaRow]
    by_code: Mapping[str, AreaRow]
    compounds: Mapping[str, CompoundRow]
    compound_index: AreaIndex
    buildings: tuple[BuildingRow, ...]
    building_by_code: Mapping[str, BuildingRow]
    building_index: PointIndex
    area_indexes: dict[int, AreaIndex] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    def chain(self, path: str) -> tuple[AreaRow, ...]:
        """Tell the areas from the district down to this one; () for a path that is not known."""
        return tuple(self.by_path[above] for above in (*paths.ancestors(path), path) if above in self.by_path)

    def locate(self, place: InForce, lng: float, lat: float) -> Located:
        """Ask the index of a version. 1 query the first time, else none. One thread at a time."""
        with self.lock:
            return self._index(place).locate(lng, lat)

    def compound_at(self, lng: float, lat: float) -> CompoundRow | None:
        """Tell the lowest compound that holds a GCJ-02 point; None where two claim it."""
        with self.lock:
            located = self.compound_index.locate(lng, lat)
        return self.compounds[located.path] if located.reason is PlaceReason.INSIDE else None

    def building_at(self, lng: float, lat: float) -> BuildingRow | None:
        """Tell the nearest building within 60 m of a GCJ-02 point."""
        with self.lock:
            found = self.building_index.nearest(lng, lat, within_m=AT_BUILDING_M)
        return self.buildings[found[0]] if found else None

    def locate_many(self, place: InForce, points: NDArray[np.float64]) -> list[Located]:
        """Ask the index of a version about many points, (n, 2) in GCJ-02. Queries as `locate`."""
        with self.lock:
            return self._index(place).locate_many(points)

    def details_at(self, points: NDArray[np.float64]) -> list[tuple[CompoundRow | None, BuildingRow | None]]:
        """Tell compound and building of many points, as `compound_at` and `building_at` do."""
        with self.lock:
            compounds = self.compound_index.locate_many(points)
            buildings = self.building_index.nearest_many(points, within_m=AT_BUILDING_M)
        return [
            (
                self.compounds[located.path] if located.reason is PlaceReason.INSIDE else None,
                self.buildings[found[0]] if found else None,
            )
            for located, found in zip(compounds, buildings, strict=True)
        ]

    def _index(self, place: InForce) -> AreaIndex:
        if place.number not in self.area_indexes:
            while len(self.area_indexes) >= _MOST_VERSIONS:
                self.area_indexes.pop(next(iter(self.area_indexes)))
            self.area_indexes[place.number] = AreaIndex(cells_of_version(place.district_id, place.number))
        return self.area_indexes[place.number]


_held: dict[str, Territory] = {}
_loading = Lock()


def places_in_force(at: datetime, *, district_id: str = "") -> list[InForce]:
    """Tell the districts' revisions and versions in force at an instant, by code. 1 query.

    district_id: that one, served or only drawn; "" for all that are served. Valid from an
    instant counts from that very instant on.
    """
    rows = _PLACE.rows(at=at, district_id=district_id) if district_id else _SERVED_PLACES.rows(at=at)
    return [InForce(row[0], row[1], row[2] or 0, row[3]) for row in rows]


def _places(wanted: Q) -> QuerySet[Any, Any]:
    newest = (
        BoundaryVersion.objects.filter(district_id=OuterRef("district_id"), valid_from__lte=Given("at"))
        .order_by()
        .values("district_id")
        .annotate(newest=Max("number"))
        .values("newest")
    )
    rows = TerritoryState.objects.filter(wanted).annotate(newest=Subquery(newest)).order_by("district_id")
    return rows.values_list("district_id", "revision", "newest", "district__is_served")


_PLACE = StandingQuery(lambda: _places(Q(district_id=Given("district_id"))))
_SERVED_PLACES = StandingQuery(lambda: _places(Q(district__is_served=True)))


def territory(place: InForce) -> Territory:
    """Give the district as of the revision named. No query if it is held, else 3."""
    held = _held.get(place.district_id)
    if held is not None and held.revision == place.revision:
        return held
    with _loading:
        held = _held.get(place.district_id)
        if held is None or held.revision != place.revision:
            held = _load(place)
            _held[place.district_id] = held
    return held


def cells_of_version(district_id: str, number: int) -> list[Cell]:
    """Read the polygons that hold in a version, in GCJ-02: of each area the last drawn up to it. 1 query."""
    rows = [
        row
        for row in Boundary.objects.filter(district_id=district_id, version__number__lte=number)
        .order_by("area_id", "-version__number")
        .distinct("area_id")
        .annotate(text=Cast("geometry", TextField()))
        .values_list("area__path", "area__level__depth", "text", "crs")
        if row[2] is not None
    ]
    polygons = read_stored([row[2] for row in rows], [row[3] for row in rows])
    return [Cell(row[0], row[1], polygon) for row, polygon in zip(rows, polygons, strict=True)]


def _load(place: InForce) -> Territory:
    areas = [
        AreaRow(*row)
        for row in Area.objects.filter(district_id=place.district_id).order_by("path").values_list(*AREA_COLUMNS)
    ]
    compounds, cells = _compounds(place)
    buildings = tuple(building_rows(Building.objects.filter(district_id=place.district_id).order_by("code")))
    return Territory(
        revision=place.revision,
        by_path={area.path: area for area in areas},
        by_code={area.code: area for area in areas},
        compounds=compounds,
        compound_index=AreaIndex(cells, owned_from_depth=0),
        buildings=buildings,
        building_by_code={building.code: building for building in buildings},
        building_index=PointIndex([(building.lng, building.lat) for building in buildings]),
    )


def _compounds(place: InForce) -> tuple[dict[str, CompoundRow], list[Cell]]:
    """Read the compounds by paths of their own tree, and the polygons of those that have one. 1 query."""
    found = (
        Compound.objects.filter(district_id=place.district_id)
        .order_by("code")
        .annotate(text=Cast("boundary", TextField()))
    )
    rows = list(found.values_list("text", "crs", *COMPOUND_COLUMNS))
    by_id = {row[2]: CompoundRow(*row[2:]) for row in rows}
    by_path = {compound_path(compound, by_id): compound for compound in by_id.values()}
    drawn = [row for row in rows if row[0] is not None]
    polygons = read_stored([row[0] for row in drawn], [row[1] for row in drawn])
    return by_path, [
        Cell(compound_path(by_id[row[2]], by_id), 1, polygon) for row, polygon in zip(drawn, polygons, strict=True)
    ]


def compound_path(compound: CompoundRow, by_id: Mapping[UUID, CompoundRow]) -> str:
    """Tell the codes from the largest estate down to this part of it."""
    above = by_id.get(compound.parent_id) if compound.parent_id else None
    return paths.join(compound_path(above, by_id) if above else "", compound.code)


def building_rows(found: QuerySet[Building]) -> Iterable[BuildingRow]:
    """Read buildings with their points in GCJ-02. 1 query."""
    columns = ("id", "district_id", "code", "name", "subgrid__path", "compound_id", "compound__name", "households")
    for row in found.values_list(*columns, "lng", "lat", "crs"):
        lng, lat = to_gcj02(row[8], row[9], Crs(row[10]))
        yield BuildingRow(row[0], row[1], row[2], row[3], row[4], row[5], row[6], lng, lat, row[7])
