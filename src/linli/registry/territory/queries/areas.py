"""Reading areas: one, children, chains of names, search, levels, versions, and the map."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q

from linli.kernel.db.sounding import sounding
from linli.kernel.errors import NotFound
from linli.registry.territory.calc import paths
from linli.registry.territory.calc.polygons import as_geojson, read_polygon
from linli.registry.territory.choices import AreaMix, Crs
from linli.registry.territory.models import Area, AreaLevel, Boundary, BoundaryVersion
from linli.registry.territory.queries.rows import (
    AREA_COLUMNS,
    AreaRow,
    LevelRow,
    VersionRow,
    in_force,
    under,
    under_any,
)
from linli.registry.territory.queries.snapshot import places_in_force, territory

_MIXES = {
    frozenset({"社区"}): AreaMix.URBAN, frozenset({"村"}): AreaMix.VILLAGE, frozenset({"社区", "村"}): AreaMix.BOTH,
}  # fmt: skip


def get_area_by_code(code: str) -> AreaRow:
    """Read one area, ended or not. Raises NotFound (area_unknown). 1 query."""
    found = Area.objects.filter(district_id=paths.district_of(code), code=code)
    row = found.values_list(*AREA_COLUMNS).first()
    if row is None:
        raise NotFound("area_unknown", field="code", params={"code": code})
    return AreaRow(*row)


def children_of(path: str, *, on: date) -> list[AreaRow]:
    """List the areas right below one that exist on a day, by code. 1 query."""
    found = Area.objects.filter(in_force(on), district_id=paths.district_of(path), parent__path=path)
    return [AreaRow(*row) for row in found.order_by("code").values_list(*AREA_COLUMNS)]


def list_areas(path: str, *, on: date, levels: Sequence[str] = ()) -> list[AreaRow]:
    """List an area and all below it that exist on a day, by path. levels: codes, () for all. 1 query."""
    found = Area.objects.filter(in_force(on), under(path), district_id=paths.district_of(path))
    if levels:
        found = found.filter(level_id__in=levels)
    return [AreaRow(*row) for row in found.order_by("path").values_list(*AREA_COLUMNS)]


def area_chain(path: str, *, at: datetime) -> tuple[AreaRow, ...]:
    """Name the areas from the district down to this one; () if unknown. 1 query; see area_chains for many."""
    return area_chains([path], at=at)[path]


def area_chains(several: Iterable[str], *, at: datetime) -> dict[str, tuple[AreaRow, ...]]:
    """Name the areas above each of many paths, for lists. 1 query; 3 more for each district that has changed."""
    held = {place.district_id: territory(place) for place in places_in_force(at)}
    return {
        path: held[paths.district_of(path)].chain(path) if paths.district_of(path) in held else () for path in several
    }


def area_mixes(several: Iterable[str], *, at: datetime) -> dict[str, AreaMix]:
    """Tell what kinds of communities each of some areas is made of; paths that are not known are left out.

    1 query; 3 more for each district that has changed.
    """
    held = {place.district_id: territory(place).by_path for place in places_in_force(at)}
    known = {path for path in several if path in held.get(paths.district_of(path), {})}
    kinds = defaultdict[str, set[str]](set)
    for areas in held.values():
        for area in areas.values():
            if area.kind and not area.is_pseudo:
                for path in known.intersection((*paths.ancestors(area.path), area.path)):
                    kinds[path].add(area.kind)
    return {path: _MIXES.get(frozenset(kinds[path]), AreaMix.PLAIN) for path in sorted(known)}


def search_areas(text: str, *, within: Sequence[str], on: date, limit: int = 20) -> list[AreaRow]:
    """Find areas whose name holds the text or sounds like it, or whose code begins with it, higher ones first.

    1 query, 2 for what can be pinyin.
    within: the paths that the viewer may see; none for none.
    """
    wanted = text.strip()
    if not wanted:
        return []
    reached = Area.objects.filter(in_force(on), under_any(within))
    named = Q(name__icontains=wanted) | Q(code__startswith=wanted) | Q(pinyin_key__istartswith=wanted)
    found = reached.filter(named | sounding(reached, wanted)).order_by("level__depth", "code")
    return [AreaRow(*row) for row in found.values_list(*AREA_COLUMNS)[:limit]]


def list_levels() -> list[LevelRow]:
    """List the levels from the district down. 1 query."""
    rows = AreaLevel.objects.order_by("depth").values_list("code", "depth", "code_digits", "name_zh", "name_en")
    return [LevelRow(*row) for row in rows]


def list_boundary_versions(district_id: str) -> list[VersionRow]:
    """List a district's boundary versions, the newest first. 1 query."""
    found = BoundaryVersion.objects.filter(district_id=district_id).order_by("-number")
    columns = ("number", "valid_from", "made_at", "made_by", "reason", "drawn")
    return [VersionRow(*row) for row in found.annotate(drawn=Count("boundaries")).values_list(*columns)]


def areas_geojson(path_prefix: str, *, levels: Sequence[str], at: datetime) -> dict[str, Any]:
    """Draw an area and what is below it, at the levels named, as a GeoJSON FeatureCollection in GCJ-02. 2 queries.

    Properties of each feature: id, code, name, level, path, is_schematic. The collection has boundary_number and
    is_schematic (any of them is): whoever shows it says 示意图 then.
    """
    district_id = paths.district_of(path_prefix)
    places = places_in_force(at, district_id=district_id)
    number = places[0].number if places else 0
    found = (
        Boundary.objects.filter(
            under(path_prefix, "area__path"),
            district_id=district_id,
            version__number__lte=number,
            area__level_id__in=levels,
        )
        .order_by("area_id", "-version__number")
        .distinct("area_id")
        .select_related("area")
    )
    features = [_feature(boundary) for boundary in found if boundary.geometry is not None]
    features.sort(key=lambda feature: feature["properties"]["path"])
    return {
        "type": "FeatureCollection",
        "boundary_number": number,
        "is_schematic": any(feature["properties"]["is_schematic"] for feature in features),
        "features": features,
    }


def bounds_of(path: str, *, at: datetime) -> str:
    """Tell how far an area's drawing reaches: "west,south,east,north" in GCJ-02, "" if it is not drawn. 2 queries."""
    number = max((place.number for place in places_in_force(at, district_id=paths.district_of(path))), default=0)
    drawn = Boundary.objects.filter(
        district_id=paths.district_of(path), area__path=path, version__number__lte=number, geometry__isnull=False
    )
    newest = drawn.order_by("-version__number").first()
    if newest is None:
        return ""
    return ",".join(f"{side:.6f}" for side in read_polygon(newest.geometry or {}, Crs(newest.crs)).bounds)


def _feature(boundary: Boundary) -> dict[str, Any]:
    area, crs = boundary.area, Crs(boundary.crs)
    geometry: dict[str, Any] = boundary.geometry or {}
    if crs is not Crs.GCJ_02:
        geometry = as_geojson(read_polygon(geometry, crs))
    properties = {
        "id": str(area.id), "code": area.code, "name": area.name, "level": area.level_id, "path": area.path,
        "is_schematic": boundary.is_schematic,
    }  # fmt: skip
    return {"type": "Feature", "geometry": geometry, "properties": properties}
