"""Similar open cases near a place, for "is it the same one?" and for counting repeats."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import cos, inf, radians
from uuid import UUID

from django.db.models import QuerySet

from linli.cases.calc.words import search_tokens
from linli.cases.models import Case
from linli.registry.territory.calc.coordinates import distance_m

NEAR_M = 80.0
RECENT = timedelta(days=14)
_METRES_A_DEGREE = 111_320.0
_MOST_NEAR = 50


@dataclass(frozen=True, slots=True)
class SimilarCase:
    """An open case nearby: what everybody may know of it, no more. distance_m: metres."""

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
    found = _near(district_id=district_id, category=category, lng=lng, lat=lat, at=at)
    wanted = set(search_tokens(text))
    rows = []
    for row in found.order_by("-id").values_list("id", "number", "title", "state", "lng", "lat", "text")[:_MOST_NEAR]:
        metres = _metres(lng, lat, row[4], row[5])
        if metres <= NEAR_M:
            rows.append(SimilarCase(row[0], row[1], row[2], row[3], round(metres), _likeness(wanted, row[6])))
    rows.sort(key=lambda case: (case.distance_m // 20, -case.likeness))
    return rows[:limit]


def count_repeats(*, district_id: str, category: str, lng: float | None, lat: float | None, at: datetime) -> int:
    """Count the reporters of open cases of the same category nearby, joined ones too. 1 query; none without a place."""
    if lng is None or lat is None:
        return 0
    found = _near(district_id=district_id, category=category, lng=lng, lat=lat, at=at)
    rows = found.order_by("-id").values_list("lng", "lat", "reporters")[:_MOST_NEAR]
    return sum(reporters for east, north, reporters in rows if _metres(lng, lat, east, north) <= NEAR_M)


def _metres(lng: float, lat: float, case_lng: float | None, case_lat: float | None) -> float:
    """Measure the way to a case; endlessly far for one without a place."""
    return inf if case_lng is None or case_lat is None else distance_m(lng, lat, case_lng, case_lat)


def _near(*, district_id: str, category: str, lng: float, lat: float, at: datetime) -> QuerySet[Case]:
    """Give the open cases of the category in the square around a point."""
    north = NEAR_M / _METRES_A_DEGREE
    east = north / max(cos(radians(lat)), 0.01)
    return Case.objects.filter(
        district_id=district_id,
        category=category,
        closed_at__isnull=True,
        reported_at__gte=at - RECENT,
        lng__range=(lng - east, lng + east),
        lat__range=(lat - north, lat + north),
    )


def _likeness(wanted: set[str], text: str) -> float:
    had = set(search_tokens(text))
    shorter = min(len(wanted), len(had))
    return len(wanted & had) / shorter if shorter else 0.0
