"""Areas: the tree, and the drawing of it."""

import math
from collections.abc import Iterator, Sequence
from typing import Annotated, Any, Literal

from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from ninja import Query, Router
from pydantic import BaseModel, Field

from linli.edges.api.fields import Cursor, Limit, Text
from linli.edges.api.openapi import problems
from linli.edges.api.pages import cut
from linli.edges.api.request import ApiRequest, look_up
from linli.kernel.errors import InvalidInput, NotFound
from linli.registry.territory.queries import (
    AreaRow,
    areas_geojson,
    get_area_by_code,
    list_areas,
    served_districts,
)

router = Router(tags=["areas"])
LevelName = Literal["", "district", "subdistrict", "community", "grid", "subgrid"]
_LEVELS = ("district", "subdistrict", "community", "grid", "subgrid")
_DRAWING = {"description": "A GeoJSON FeatureCollection in GCJ-02; a drawing (示意图) where is_schematic.", "content": {
    "application/json": {"schema": {"type": "object", "required": ["type", "features"], "properties": {
        "type": {"const": "FeatureCollection"}, "boundary_number": {"type": "integer"},
        "is_schematic": {"type": "boolean"}, "features": {"type": "array", "items": {"type": "object"}},
    }}},
}}  # fmt: skip
_CORNERS = 4


class AreaRowAnswer(BaseModel):
    """An area. path: codes from the district down, joined by "/"; depth: 1 for the district."""

    code: str
    name: str
    level: str
    depth: int
    path: str
    kind: str


class AreasAnswer(BaseModel):
    """A page of areas, by path."""

    items: list[AreaRowAnswer]
    next_cursor: str | None


class AreasQuery(BaseModel):
    """within: the code of an area; it comes with all below it."""

    within: Annotated[Text, Field(max_length=20)] = ""
    level: LevelName = ""
    cursor: Cursor = ""
    limit: Limit = 100


class DrawingQuery(BaseModel):
    """bbox: west,south,east,north in GCJ-02 degrees; path: as `GET /areas` gives it."""

    level: LevelName = "community"
    bbox: Annotated[Text, Field(max_length=100)] = ""
    within: Annotated[Text, Field(max_length=20, description="the code of an area")] = ""
    path: Annotated[Text, Field(max_length=120, pattern=r"^[0-9/]*$")] = ""
    crs: Literal["GCJ-02"] = "GCJ-02"


@router.get("/areas", operation_id="list_areas", response=AreasAnswer,
            openapi_extra={"responses": problems(422, 429)})  # fmt: skip
def get_areas(request: ApiRequest, asked: Query[AreasQuery]) -> AreasAnswer:
    """List areas from the districts served here down."""
    look_up(request)
    levels = (asked.level,) if asked.level else ()
    day = timezone.localdate(request.at)
    rows = [row for path in _paths(asked.within, "") for row in list_areas(path, on=day, levels=levels)]
    page, next_cursor = cut(rows, key=lambda row: row.path, cursor=asked.cursor, limit=asked.limit)
    return AreasAnswer(items=[_answer(row) for row in page], next_cursor=next_cursor or None)


@router.get("/areas/geojson", operation_id="draw_areas",
            openapi_extra={"responses": {200: _DRAWING, **problems(422, 429)}})  # fmt: skip
def get_drawing(request: ApiRequest, asked: Query[DrawingQuery]) -> HttpResponse:
    """Draw the areas of a level, as far as they lie in the box."""
    look_up(request)
    box = _box(asked.bbox)
    levels = (asked.level,) if asked.level else _LEVELS
    drawings = [areas_geojson(path, levels=levels, at=request.at) for path in _paths(asked.within, asked.path)]
    features = [each for drawing in drawings for each in drawing["features"] if _meets(each["geometry"], box)]
    return JsonResponse(
        {"type": "FeatureCollection", "boundary_number": max((each["boundary_number"] for each in drawings), default=0),
         "is_schematic": any(each["properties"]["is_schematic"] for each in features), "features": features},
        json_dumps_params={"ensure_ascii": False, "separators": (",", ":")},
        headers={"Cache-Control": "public, max-age=300"},
    )  # fmt: skip


def _paths(code: str, path: str) -> list[str]:
    if path:
        return [path]
    if not code:
        return served_districts()
    try:
        return [get_area_by_code(code).path]
    except NotFound as error:
        raise InvalidInput("unknown_area", field="within") from error


def _answer(row: AreaRow) -> AreaRowAnswer:
    return AreaRowAnswer(code=row.code, name=row.name, level=row.level, depth=row.depth, path=row.path, kind=row.kind)


def _box(text: str) -> tuple[float, float, float, float] | None:
    if not text:
        return None
    try:
        edges = [float(edge) for edge in text.split(",")]
    except ValueError as error:
        raise InvalidInput("unknown_bbox", field="bbox") from error
    if len(edges) != _CORNERS or not all(math.isfinite(edge) for edge in edges):
        raise InvalidInput("unknown_bbox", field="bbox")
    return edges[0], edges[1], edges[2], edges[3]


def _meets(geometry: dict[str, Any], box: tuple[float, float, float, float] | None) -> bool:
    """Whether the rectangle around a polygon and the box have a point in common."""
    if box is None:
        return True
    points = list(_points(geometry["coordinates"]))
    lngs, lats = [point[0] for point in points], [point[1] for point in points]
    west, south, east, north = box
    return min(lngs) <= east and max(lngs) >= west and min(lats) <= north and max(lats) >= south


def _points(coordinates: Sequence[Any]) -> Iterator[Sequence[float]]:
    """Walk down to the points, however deep a GeoJSON type nests them."""
    for each in coordinates:
        if isinstance(each[0], (int, float)):
            yield each
        else:
            yield from _points(each)
