"""Open cases on the one map: drawn together by squares of the screen, and listed beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Avg, CharField, Count, F, IntegerField, Max, Min, QuerySet, Value, When
from django.db.models import Case as Choose
from django.db.models.functions import Cast, Floor

from linli.cases.calc.clusters import Cluster, cell_size, merge_near
from linli.cases.models import Case
from linli.cases.queries.lists import CaseFilter, filtered, has_light
from linli.cases.queries.rows import CaseRow, case_rows
from linli.registry.people.rules import Viewer

LIGHT_RANKS = ("hold", "ok", "warn", "late")  # the worst last
MOST_LISTED = 200
_CELL_PX, _APART_PX = 56, 44  # most rings are 32 or 40 px wide


@dataclass(frozen=True, slots=True)
class MapView:
    """What of the map is seen. Edges: GCJ-02 degrees; zoom: as slippy maps count it, fractions allowed."""

    west: float
    south: float
    east: float
    north: float
    zoom: float


@dataclass(frozen=True, slots=True)
class MapCases:
    """What a view shows. count: of all cases in it; singles: the cases of clusters of one; listed: the worst first.

    extent: west, south, east, north of the cases; None without any.
    """

    count: int
    extent: tuple[float, float, float, float] | None
    clusters: tuple[Cluster, ...]
    singles: dict[UUID, CaseRow]
    listed: tuple[CaseRow, ...]


def list_points(*, viewer: Viewer, wanted: CaseFilter, at: datetime, limit: int) -> list[CaseRow]:
    """List the cases asked for that the viewer may see and that have a point, the worst light first. 1 query."""
    return case_rows(_worst_first(_pointed(viewer, wanted, at), at)[:limit], at=at)


def map_cases(*, viewer: Viewer, wanted: CaseFilter, view: MapView, at: datetime) -> MapCases:
    """Draw the cases of a view together by squares of the screen, however many there are. At most 3 queries.

    The answer is bounded: by the screen's squares, and by MOST_LISTED rows.
    """
    found = _pointed(viewer, wanted, at).filter(
        lng__range=(view.west, view.east), lat__range=(view.south, view.north)
    )  # fmt: skip
    cells = _cells(found, view, at)
    clusters = merge_near([cell.drawn for cell in cells], zoom=view.zoom, apart_px=_APART_PX)
    ids = [UUID(cluster.one) for cluster in clusters if cluster.one]
    singles = case_rows(Case.objects.filter(district_id=viewer.district_id, id__in=ids), at=at)
    return MapCases(
        count=sum(cluster.count for cluster in clusters), extent=_extent(cells), clusters=tuple(clusters),
        singles={row.id: row for row in singles},
        listed=tuple(case_rows(_worst_first(found, at)[:MOST_LISTED], at=at)),
    )  # fmt: skip


def _pointed(viewer: Viewer, wanted: CaseFilter, at: datetime) -> QuerySet[Case]:
    return filtered(viewer=viewer, wanted=wanted, at=at).filter(lng__isnull=False, lat__isnull=False)


@dataclass(frozen=True, slots=True)
class _Cell:
    """A square of the screen with its cases, and how far they reach."""

    drawn: Cluster
    west: float
    south: float
    east: float
    north: float


def _cells(found: QuerySet[Case], view: MapView, at: datetime) -> list[_Cell]:
    east, north = cell_size(zoom=view.zoom, lat=(view.south + view.north) / 2, side_px=_CELL_PX)
    rows = (
        found.order_by()
        .annotate(column=Floor(F("lng") / Value(east)), line=Floor(F("lat") / Value(north)), rank=_rank(at))
        .values("column", "line")
        .annotate(
            middle_lng=Avg("lng"), middle_lat=Avg("lat"), n=Count("id"), worst=Max("rank"),
            one=Min(Cast("id", CharField())), west=Min("lng"), south=Min("lat"), east=Max("lng"), north=Max("lat"),
        )
        .values_list("middle_lng", "middle_lat", "n", "worst", "one", "west", "south", "east", "north")
    )  # fmt: skip
    return [
        _Cell(Cluster(lng, lat, n, worst, one if n == 1 else ""), *edges) for lng, lat, n, worst, one, *edges in rows
    ]


def _extent(cells: Sequence[_Cell]) -> tuple[float, float, float, float] | None:
    if not cells:
        return None
    return (
        min(cell.west for cell in cells), min(cell.south for cell in cells),
        max(cell.east for cell in cells), max(cell.north for cell in cells),
    )  # fmt: skip


def _worst_first(found: QuerySet[Case], at: datetime) -> QuerySet[Case]:
    return found.annotate(rank=_rank(at)).order_by("-rank", F("due_at").asc(nulls_last=True), "-id")


def _rank(at: datetime) -> Choose:
    ranked = [When(has_light(light, at), then=Value(rank)) for rank, light in enumerate(LIGHT_RANKS) if light != "ok"]
    return Choose(*ranked, default=Value(LIGHT_RANKS.index("ok")), output_field=IntegerField())
