"""Similar open cases near a place, for "is it the same one?" and for counting repeats."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import cos, inf, radians
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from linli.cases.calc.words import search_tokens
from linli.cases.models import Case
from linli.cases.rules import visible_to
from linli.kernel.db.standing import Given, StandingQuery
from linli.registry.people.rules import Viewer
from linli.registry.territory.calc.coordinates import distance_m

NEAR_M = 80.0
RECENT = timedelta(days=14)
_METRES_A_DEGREE = 111_320.0
_MOST_NEAR = 50


@dataclass(frozen=True, slots=True)
class SimilarCase:
    """An open case nearby. title, number: for who may see it; everybody else is told its kind. distance_m: metres."""

    id: UUID
    number: str
    title: str
    state: str
    distance_m: int
    likeness: float


def list_similar(
    *, district_id: str, category: str, text: str, lng: float, lat: float, at: datetime, limit: int = 3
) -> list[SimilarCase]:
    """List open cases of the same category within 80 m and 14 days, nearest and likest first. 1 query.

    lng, lat: GCJ-02 degrees. likeness: share of the shorter text's tokens that both have, 0 to 1.
    """
    wanted = set(search_tokens(text))
    rows = []
    for row in _SIMILAR.rows(**_around(district_id, category, lng, lat, at)):
        metres = _metres(lng, lat, row[4], row[5])
        if metres <= NEAR_M:
            rows.append(SimilarCase(row[0], row[1], row[2], row[3], round(metres), _likeness(wanted, row[6])))
    rows.sort(key=lambda case: (case.distance_m // 20, -case.likeness))
    return rows[:limit]


def list_similar_seen(
    *, viewer: Viewer, category: str, text: str, lng: float, lat: float, at: datetime, but: UUID, limit: int = 4
) -> list[SimilarCase]:
    """List similar cases as `list_similar` does, but one, as far as a viewer may see them. 2 queries, 1 for none."""
    found = list_similar(district_id=viewer.district_id, category=category, text=text, lng=lng, lat=lat, at=at,
                         limit=_MOST_NEAR)  # fmt: skip
    ids = [case.id for case in found if case.id != but]
    seen = set(Case.objects.filter(visible_to(viewer), id__in=ids).values_list("id", flat=True)) if ids else set()
    return [case for case in found if case.id in seen][:limit]


def count_repeats(*, district_id: str, category: str, lng: float | None, lat: float | None, at: datetime) -> int:
    """Count the reporters of open cases of the same category nearby, joined ones too. 1 query; none without a place."""
    if lng is None or lat is None:
        return 0
    rows = _REPEATS.rows(**_around(district_id, category, lng, lat, at))
    return sum(reporters for east, north, reporters in rows if _metres(lng, lat, east, north) <= NEAR_M)


def _metres(lng: float, lat: float, case_lng: float | None, case_lat: float | None) -> float:
    """Measure the way to a case; endlessly far for one without a place."""
    return inf if case_lng is None or case_lat is None else distance_m(lng, lat, case_lng, case_lat)


def _around(district_id: str, category: str, lng: float, lat: float, at: datetime) -> dict[str, object]:
    """Say what `_near` asks for: the square around a point."""
    north = NEAR_M / _METRES_A_DEGREE
    east = north / max(cos(radians(lat)), 0.01)
    return {
        "district_id": district_id, "category": category, "since": at - RECENT,
        "west": lng - east, "east": lng + east, "south": lat - north, "north": lat + north,
    }  # fmt: skip


def _near(*columns: str) -> QuerySet[Any, Any]:
    """Give the open cases of a category in a square, newest first."""
    found = Case.objects.filter(
        district_id=Given("district_id"),
        category=Given("category"),
        closed_at__isnull=True,
        reported_at__gte=Given("since"),
        lng__range=(Given("west"), Given("east")),
        lat__range=(Given("south"), Given("north")),
    )
    return found.order_by("-id").values_list(*columns)[:_MOST_NEAR]


_SIMILAR = StandingQuery(lambda: _near("id", "number", "title", "state", "lng", "lat", "text"))
_REPEATS = StandingQuery(lambda: _near("lng", "lat", "reporters"))


def _likeness(wanted: set[str], text: str) -> float:
    had = set(search_tokens(text))
    shorter = min(len(wanted), len(had))
    return len(wanted & had) / shorter if shorter else 0.0
