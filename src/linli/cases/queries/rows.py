"""Rows of cases as edges show them, and how a light is read off the deadlines."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from linli.cases.choices import FINISHED, State
from linli.cases.models import Case
from linli.kernel.db.standing import Given, StandingQuery
from linli.registry.people.choices import BY_ORGANISATION

_COLUMNS = (
    "id",
    "district_id",
    "number",
    "title",
    "category",
    "state",
    "area_path",
    "place",
    "organisation_id",
    "organisation__name",
    "post_id",
    "post__role__name",
    "post__role__reach",
    "is_hole",
    "score",
    "priority_level",
    "reported_at",
    "due_at",
    "amber_at",
    "closed_at",
    "review_on",
    "reporters",
    "lng",
    "lat",
    "version",
)


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case in a list. Times are UTC instants; lng, lat GCJ-02 degrees; light: late, warn, ok, hold or done."""

    id: UUID
    district_id: str
    number: str
    title: str
    category: str
    state: str
    area_path: str
    place: str
    organisation_id: UUID | None
    organisation_name: str
    post_id: UUID | None
    role_name: str
    holder_reach: str
    is_hole: bool
    score: int
    priority_level: int
    reported_at: datetime
    due_at: datetime | None
    amber_at: datetime | None
    closed_at: datetime | None
    review_on: date | None
    reporters: int
    lng: float | None
    lat: float | None
    version: int
    light: str

    @property
    def holder_name(self) -> str:
        """Name who has the case: the role; the organisation where a post reaches by it or nobody holds one."""
        if self.holder_reach in BY_ORGANISATION:
            return self.organisation_name
        return self.role_name or self.organisation_name


def case_rows(found: QuerySet[Case], *, at: datetime) -> list[CaseRow]:
    """Read rows. 1 query, however many there are."""
    return [_row(values, at) for values in found.values_list(*_COLUMNS)]


def first_rows(found: QuerySet[Case], *, limit: int, at: datetime) -> list[CaseRow]:
    """Read the first rows of many that have to be sorted. 2 queries.

    Told with a row are its post, role and organisation: joined to all before they are sorted, they take as long again.
    """
    ids = list(found.values_list("id", flat=True)[:limit])
    rows = {values[0]: values for values in _BY_IDS.rows(ids=ids)} if ids else {}
    return [_row(rows[case_id], at) for case_id in ids if case_id in rows]


_BY_IDS = StandingQuery(lambda: Case.objects.filter(id__among=Given("ids")).values_list(*_COLUMNS))


def _row(values: Iterable[Any], at: datetime) -> CaseRow:
    got = dict(zip(_COLUMNS, values, strict=True))
    got["organisation_name"] = got.pop("organisation__name") or ""
    got["role_name"] = got.pop("post__role__name") or ""
    got["holder_reach"] = got.pop("post__role__reach") or ""
    return CaseRow(**got, light=light_of(got["state"], due_at=got["due_at"], amber_at=got["amber_at"], at=at))


def light_of(state: str, *, due_at: datetime | None, amber_at: datetime | None, at: datetime) -> str:
    """Read the light: late ●, warn ◐, ok ○, hold –, or done."""
    if state in FINISHED:
        return "done"
    if state == State.SUSPENDED:
        return "hold"
    if due_at is not None and at > due_at:
        return "late"
    if amber_at is not None and at >= amber_at:
        return "warn"
    return "ok"
