"""The one map: areas as outlines, open cases as lights, and a list beside it that says the same."""

from collections.abc import Iterable, Mapping, Sequence
from math import isfinite, nan
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import numpy as np
import shapely
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET
from shapely.geometry import shape

from linli.cases.queries.map import LIGHT_RANKS, MapView, list_points, map_cases
from linli.cases.queries.rulebooks import current_rulebooks
from linli.edges.request import ViewerRequest
from linli.edges.web.access import staff_only
from linli.edges.web.desk.asking import read_asked
from linli.edges.web.desk.lines import CaseLine, case_lines
from linli.edges.web.desk.lists import top_area
from linli.edges.web.desk.telling import tells_errors
from linli.edges.words.cases import LIGHTS
from linli.kernel.errors import InvalidInput
from linli.registry.coverage.queries import HoleLine, list_holes
from linli.registry.coverage.rules import may_see_coverage, seen_paths
from linli.registry.people.choices import Verb
from linli.registry.people.rules import Viewer, is_within, may_somewhere
from linli.registry.territory.queries import areas_geojson

LISTED = 100
_LEVELS = ("district", "subdistrict", "community", "grid")
_EDGES = 4
_FARTHEST, _NEAREST = 0, 22


@require_GET
@staff_only
@tells_errors
def show_map(request: ViewerRequest) -> HttpResponse:
    """Show the map with the list that the server drew; a script fills it in."""
    viewer, at = request.viewer, timezone.now()
    may_somewhere(viewer, Verb.SEE_CASES).require()
    asked = read_asked(request.GET, box="open")
    categories = current_rulebooks(viewer.district_id).categories
    rows = list_points(viewer=viewer, wanted=asked.wanted, at=at, limit=LISTED + 1)
    names = {code: kind.name for code, kind in categories.items()}
    drawn = areas_geojson(top_area(viewer), levels=_LEVELS[:3], at=at)
    query = asked.query()
    context = {
        "lines": case_lines(rows[:LISTED], categories=names, at=at), "has_more": len(rows) > LISTED, "asked": asked,
        "bounds": ",".join(f"{edge:.5f}" for edge in _bounds(drawn["features"])),
        "cases_url": f"{reverse('map_cases')}?{query}" if query else reverse("map_cases"),
        "lights": [(code, words) for code, words in LIGHTS.items() if code != "done"],
        "categories": list(names.items()), "has_holes": bool(may_see_coverage(viewer)),
    }  # fmt: skip
    return render(request, "web/desk/map.html", context)


@require_GET
@staff_only
@tells_errors
def areas_json(request: ViewerRequest) -> HttpResponse:
    """Give the outlines of a level as GeoJSON, within the viewer's own area; bbox: "west,south,east,north", GCJ-02."""
    viewer = request.viewer
    may_somewhere(viewer, Verb.SEE_CASES).require()
    level = request.GET.get("level", "")
    if level not in _LEVELS:
        raise InvalidInput("unknown_filter", field="level")
    drawn = areas_geojson(viewer.district_id, levels=[level], at=timezone.now())
    features = [feature for feature in drawn["features"] if _is_shown(viewer, feature["properties"]["path"])]
    if box := _box(request.GET.get("bbox", "")):
        features = [feature for feature in features if shape(feature["geometry"]).intersects(box)]
    return JsonResponse({**drawn, "features": features}, content_type="application/geo+json")


@require_GET
@staff_only
@tells_errors
def cases_json(request: ViewerRequest) -> HttpResponse:
    """Give what of the open cases a view of the map shows: clusters, lights, and the list beside them.

    bbox: "west,south,east,north", GCJ-02; zoom: as Leaflet counts it.
    """
    viewer, at = request.viewer, timezone.now()
    may_somewhere(viewer, Verb.SEE_CASES).require()
    view = _view(request.GET.get("bbox", ""), request.GET.get("zoom", ""))
    found = map_cases(viewer=viewer, wanted=read_asked(request.GET, box="open").wanted, view=view, at=at)
    rows = {row.id: row for row in (*found.listed, *found.singles.values())}
    lines = {line.id: _told(line) for line in case_lines(list(rows.values()), categories={}, at=at)}
    clusters = [
        {"lng": each.lng, "lat": each.lat, "count": each.count, "light": LIGHT_RANKS[each.worst],
         "case": lines[UUID(each.one)] if each.one else None}
        for each in found.clusters
    ]  # fmt: skip
    return JsonResponse(
        {"count": found.count, "extent": found.extent, "clusters": clusters,
         "listed": [lines[row.id] for row in found.listed]}
    )  # fmt: skip


@require_GET
@staff_only
@tells_errors
def holes_json(request: ViewerRequest) -> HttpResponse:
    """Give the holes in coverage that the viewer sees, a community's together, with where they lie: GCJ-02 degrees.

    unplaced: holes of communities of which no building is known, so that the map can't show them.
    """
    viewer = request.viewer
    may_see_coverage(viewer).require()
    today = timezone.localdate()
    lines = [
        line for path in seen_paths(viewer) for line in list_holes(viewer=viewer, area_path=path, on=today).lines
    ]  # fmt: skip
    found: dict[str, list[HoleLine]] = {}
    for line in lines:
        found.setdefault(line.place.area_path, []).append(line)
    spots = [spot for path, mine in found.items() if (spot := _spot(viewer, path, mine))]
    shown = sum(spot["count"] for spot in spots)
    return JsonResponse({"count": len(lines), "unplaced": len(lines) - shown, "spots": spots})


def _spot(viewer: Viewer, path: str, lines: Sequence[HoleLine]) -> dict[str, Any] | None:
    """Put the holes of a community in the middle of their places; None where no building is known."""
    points = [(line.place.lng, line.place.lat) for line in lines if line.place.lng is not None]
    if not points:
        return None
    lng, lat = np.mean(np.array(points, dtype=float), axis=0).tolist()
    seen = next((mine for mine in seen_paths(viewer) if is_within(mine, path)), path)
    query = urlencode({"area": seen.rpartition("/")[2]})
    return {
        "lng": lng, "lat": lat, "count": len(lines), "name": lines[0].community,
        "url": f"{reverse('coverage_holes')}?{query}",
    }  # fmt: skip


def _told(line: CaseLine) -> dict[str, str]:
    return {
        "id": str(line.id), "title": line.title, "area": line.area, "light": line.light,
        "light_text": str(line.light_text), "left": line.left, "url": line.url,
    }  # fmt: skip


def _view(bbox: str, zoom: str) -> MapView:
    """Read what is seen. Raises InvalidInput."""
    box = _box(bbox)
    try:
        level = float(zoom)
    except ValueError:
        level = nan
    if box is None or not _FARTHEST <= level <= _NEAREST:
        raise InvalidInput("unknown_filter", field="bbox")
    west, south, east, north = box.bounds
    return MapView(west, south, east, north, level)


def _is_shown(viewer: Viewer, path: str) -> bool:
    """Whether an area lies within the viewer's own, or holds it."""
    mine = top_area(viewer)
    return is_within(path, mine) or is_within(mine, path)


def _bounds(features: Sequence[Mapping[str, Any]]) -> Iterable[float]:
    if not features:
        return (123.0, 41.5, 123.8, 42.0)
    found: Iterable[float] = shapely.total_bounds([shape(feature["geometry"]) for feature in features])
    return found


def _box(text: str) -> Any:
    try:
        edges = [float(part) for part in text.split(",")]
    except ValueError:
        return None
    if len(edges) != _EDGES or not all(map(isfinite, edges)):
        return None
    west, south, east, north = edges
    return shapely.box(west, south, east, north)
