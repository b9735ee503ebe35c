"""The rulebooks in force, read once a version."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from linli.cases.calc.categories import Category
from linli.cases.calc.deadlines import DeadlineTable
from linli.cases.calc.dispatch import DispatchCatalogue
from linli.cases.calc.priority import PriorityScheme
from linli.cases.calc.rate_scheme import RateScheme
from linli.cases.calc.rulebooks import (
    Content,
    read_categories,
    read_deadlines,
    read_dispatch,
    read_priority,
    read_rates,
    read_workflow,
)
from linli.cases.calc.series import SeriesRule, read_series
from linli.cases.calc.workflow import Workflow
from linli.cases.choices import CASE_BOOKS, RulebookKind
from linli.cases.models import Rulebook
from linli.kernel.db.standing import Given, StandingQuery
from linli.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class Rulebooks:
    """The five documents that cases run by, and the number of each version."""

    categories: Mapping[str, Category]
    workflow: Workflow
    dispatch: DispatchCatalogue
    deadlines: DeadlineTable
    priority: PriorityScheme
    numbers: Mapping[str, int]
    series: SeriesRule


@dataclass(frozen=True, slots=True)
class RulebookVersion:
    """One version of one document, as its history lists it."""

    kind: str
    number: int
    made_at: datetime
    made_by: UUID | None
    reason: str


def current_rulebooks(district_id: str) -> Rulebooks:
    """Read the rulebooks in force. 1 query; 2 when a version is new to this process.

    What is kept in the process is keyed by the version numbers, so it can't be stale. Raises NotFound.
    """
    versions = tuple(_NEWEST.rows(district_id=district_id))
    if len(versions) != len(CASE_BOOKS):
        raise NotFound("no_rulebooks", params={"district": district_id})
    return _rulebooks(district_id, versions)


def rulebook_content(*, district_id: str, kind: RulebookKind, number: int = 0) -> tuple[int, Content]:
    """Read one document, the newest or a given version: (number, content). 1 query. Raises NotFound."""
    found = Rulebook.objects.filter(district_id=district_id, kind=kind)
    if number:
        found = found.filter(number=number)
    row = found.order_by("-number").values_list("number", "content").first()
    if row is None:
        raise NotFound("no_such_rulebook", params={"kind": kind.value, "number": number})
    return row


def current_rates(district_id: str, number: int = 0) -> tuple[int, RateScheme]:
    """Read what a district's rates are counted by, now or by a given version: (number, scheme). 1 query.

    Raises NotFound.
    """
    found, content = rulebook_content(district_id=district_id, kind=RulebookKind.RATES, number=number)
    return found, read_rates(content)


def list_rulebook_versions(*, district_id: str, kind: RulebookKind, limit: int = 50) -> list[RulebookVersion]:
    """List the versions of a document, newest first. 1 query."""
    rows = Rulebook.objects.filter(district_id=district_id, kind=kind).order_by("-number")
    return [RulebookVersion(*row) for row in rows.values_list("kind", "number", "made_at", "made_by", "reason")[:limit]]


def list_workflows(district_id: str) -> list[Workflow]:
    """Read every table of stages that was ever in force, oldest first. 1 query."""
    rows = Rulebook.objects.filter(district_id=district_id, kind=RulebookKind.WORKFLOW).order_by("number")
    return [read_workflow(content) for content in rows.values_list("content", flat=True)]


_NEWEST = StandingQuery(
    lambda: (
        Rulebook.objects.filter(district_id=Given("district_id"), kind__in=sorted(CASE_BOOKS))
        .order_by("kind", "-number")
        .distinct("kind")
        .values_list("kind", "number", "id")
    )
)


@lru_cache(maxsize=64)
def _rulebooks(district_id: str, versions: tuple[tuple[str, int, UUID], ...]) -> Rulebooks:
    """Keyed by ids too: a number is given again when the transaction that took it is rolled back."""
    rows = Rulebook.objects.filter(district_id=district_id, id__in=[row_id for _, _, row_id in versions])
    content = dict(rows.values_list("kind", "content"))
    return Rulebooks(
        categories=read_categories(content[RulebookKind.CATEGORIES]),
        workflow=read_workflow(content[RulebookKind.WORKFLOW]),
        dispatch=read_dispatch(content[RulebookKind.DISPATCH]),
        deadlines=read_deadlines(content[RulebookKind.DEADLINES]),
        priority=read_priority(content[RulebookKind.PRIORITY]),
        numbers={kind: number for kind, number, _ in versions},
        series=read_series(content[RulebookKind.CATEGORIES]),
    )
