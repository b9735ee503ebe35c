"""Cases as everybody may list them: what, how far and when, and where only as coarsely as residents' board tells it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Greatest

from linli.cases.choices import FINISHED
from linli.cases.models import Case
from linli.cases.queries.public import SMALLEST_CELL
from linli.cases.queries.rulebooks import current_rulebooks
from linli.cases.queries.said import REPORTED
from linli.ledger.facts.queries.tallies import FactFilter, area_code_at, reached_facts

# What happened to a case that everybody may know: not what colleagues noted or how it was weighed.
_TOLD = (
    "case.accepted", "case.dispatched", "case.handled", "case.suspended", "case.resumed", "case.reported_back",
    "case.verified", "case.reopened", "case.closed", "case.rejected", "case.merged", "case.unmerged",
)  # fmt: skip
_STREET = area_code_at(2)


@dataclass(frozen=True, slots=True)
class PublicRequest:
    """A case without a word of anybody, without place and holder. street: code of the subdistrict, "" if it might tell.

    updated_at: of its last stage.
    """

    id: UUID
    number: str
    state: str
    category: str
    category_name: str
    reported_at: datetime
    updated_at: datetime
    due_at: datetime | None
    street: str

    @property
    def is_open(self) -> bool:
        """Whether it still has to be dealt with."""
        return self.state not in FINISHED


@dataclass(frozen=True, slots=True)
class PublicUpdate:
    """A stage that a case came to."""

    id: UUID
    number: str
    state: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PublicFilter:
    """What of a district is asked for. numbers, categories: none for any; is_open None: both; [since, until)."""

    district_id: str
    since: datetime
    until: datetime
    numbers: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    is_open: bool | None = None


def list_public_requests(
    *, wanted: PublicFilter, counted_since: datetime, offset: int = 0, limit: int = 1000
) -> list[PublicRequest]:
    """List cases, the newest first. 3 queries.

    A category that fewer than SMALLEST_CELL cases since `counted_since` have is left out, and a subdistrict that has
    fewer of the category is not named: a case that is alone could tell whose it is. Cases of holes are in no list.
    """
    district_id = wanted.district_id
    cells = _cells(district_id, counted_since)
    found = _filtered(wanted).filter(category__in=_common(cells))
    stages = Greatest("reported_at", "responded_at", "solved_at", "verified_at", "closed_at")
    rows = found.annotate(updated_at=stages, street=_STREET).order_by("-reported_at", "-id")
    kinds = current_rulebooks(district_id).categories
    columns = ("id", "number", "state", "category", "reported_at", "updated_at", "due_at", "street")
    return [
        PublicRequest(
            id_, number, state, category, kinds[category].name if category in kinds else category, reported_at,
            updated_at, due_at, street if cells.get(category, {}).get(street, 0) >= SMALLEST_CELL else "",
        )
        for id_, number, state, category, reported_at, updated_at, due_at, street
        in rows.values_list(*columns)[offset : offset + limit]
    ]  # fmt: skip


def list_public_updates(
    *, district_id: str, since: datetime, until: datetime, counted_since: datetime, offset: int = 0, limit: int = 1000
) -> list[PublicUpdate]:
    """List the stages that cases came to in [since, until), the oldest first, of listed cases. 3 queries."""
    common = _common(_cells(district_id, counted_since))
    wanted = FactFilter(district_id, since, until, area_paths=(district_id,))
    shown = Case.objects.filter(REPORTED, district_id=district_id).filter(category__in=common)
    facts = reached_facts(wanted).filter(kind__in=_TOLD, subject_id__in=shown.values("id")).order_by("at", "id")
    found = list(facts.values_list("id", "subject_id", "data__to", "at")[offset : offset + limit])
    numbers = dict(
        Case.objects.filter(district_id=district_id, id__in=[case_id for _, case_id, _, _ in found])
        .order_by("id")
        .values_list("id", "number")
    )
    return [PublicUpdate(id_, numbers[case_id], state, at) for id_, case_id, state, at in found]


def _filtered(wanted: PublicFilter) -> QuerySet[Case]:
    found = Case.objects.filter(REPORTED, district_id=wanted.district_id)
    if wanted.numbers:
        return found.filter(number__in=wanted.numbers)
    found = found.filter(reported_at__gte=wanted.since, reported_at__lt=wanted.until)
    if wanted.categories:
        found = found.filter(category__in=wanted.categories)
    if wanted.is_open is not None:
        finished = Q(state__in=sorted(FINISHED))
        found = found.filter(~finished if wanted.is_open else finished)
    return found


def _common(cells: Mapping[str, Mapping[str, int]]) -> list[str]:
    """List the categories that enough cases have."""
    return [category for category, count in cells.items() if sum(count.values()) >= SMALLEST_CELL]


def _cells(district_id: str, since: datetime) -> dict[str, dict[str, int]]:
    """Count the cases since a moment by category and subdistrict. 1 query."""
    rows = (
        Case.objects.filter(REPORTED, district_id=district_id, reported_at__gte=since)
        .order_by()
        .annotate(street=_STREET)
        .values("category", "street")
        .annotate(count=Count("*"))
        .values_list("category", "street", "count")
    )
    cells: dict[str, dict[str, int]] = {}
    for category, street, count in rows:
        cells.setdefault(category, {})[street] = count
    return cells
