"""The work of one organisation in a stretch of time: counted as the leaders' board counts, with the rows behind."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from linli.cases.models import Case
from linli.cases.queries.drilldown import SAID_FIGURES, BehindPage, page_of_call_backs, page_of_cases
from linli.cases.queries.rulebooks import current_rates
from linli.cases.queries.said import (
    CLOSED,
    NOTHING_SAID,
    REPORTED,
    SaidCounts,
    cases_of_holes,
    count_by_area,
    said_filter,
)
from linli.cases.rules import inside
from linli.kernel.errors import NotFound
from linli.ledger.facts.queries.tallies import FactFilter, count_subjects, subject_ids
from linli.registry.people.rules import Viewer

WORK_FIGURES = ("closed", "open", "late", *SAID_FIGURES)


@dataclass(frozen=True, slots=True)
class Work:
    """Whose work: all of an area, or what is in the hands of some organisations. since, until: [since, until)."""

    district_id: str
    since: datetime
    until: datetime
    area_path: str = ""
    organisation_ids: tuple[UUID, ...] = ()

    @property
    def facts(self) -> FactFilter:
        """Give the filter of its facts."""
        areas = (self.area_path,) if self.area_path else ()
        return FactFilter(self.district_id, self.since, self.until, areas, self.organisation_ids,
                          but_subjects=cases_of_holes(self.district_id))  # fmt: skip

    @property
    def cases(self) -> Q:
        """Give the filter of its cases."""
        here = inside(self.area_path) if self.area_path else Q(organisation_id__in=self.organisation_ids)
        return Q(district_id=self.district_id) & REPORTED & here


@dataclass(frozen=True, slots=True)
class WorkCounts:
    """What was closed in the stretch; what is open at its end and what of it is late, with their ids; call-backs.

    rules_number: the version of the rules that call-backs were counted by.
    """

    closed: int
    open: int
    late_ids: tuple[UUID, ...]
    said: SaidCounts
    rules_number: int

    @property
    def late(self) -> int:
        """Count what is overdue."""
        return len(self.late_ids)


def count_work(work: Work) -> WorkCounts:
    """Count the work up to now: what is open and late is read as it stands. Counts alone, no words. 5 queries."""
    number, scheme = current_rates(work.district_id)
    said = count_by_area(said_filter(work.facts, scheme)).get("", NOTHING_SAID)
    late = Case.objects.filter(work.cases, closed_at=None, due_at__lt=work.until).order_by("due_at", "id")
    return WorkCounts(
        closed=count_subjects(work.facts, (CLOSED,))[CLOSED],
        open=Case.objects.filter(work.cases, closed_at=None).count(),
        late_ids=tuple(late.values_list("id", flat=True)),
        said=said.by(scheme.rules),
        rules_number=number,
    )


def list_work(
    *, viewer: Viewer, work: Work, figure: str, counts: WorkCounts, at: datetime, offset: int = 0, limit: int = 50
) -> BehindPage:
    """List what such a number counts, what lies beyond the viewer's reach as bare lines. At most 4 queries.

    figure: one of WORK_FIGURES; counts: as they were counted. Raises NotFound (unknown_figure).
    """
    if figure in SAID_FIGURES:
        _number, scheme = current_rates(work.district_id, counts.rules_number)
        return page_of_call_backs(viewer, said_filter(work.facts, scheme), figure, at, offset, limit)
    return page_of_cases(viewer, _cases(work, figure, counts.late_ids), "-id", at, offset, limit)


def _cases(work: Work, figure: str, late_ids: Sequence[UUID]) -> QuerySet[Case]:
    ours = Case.objects.filter(district_id=work.district_id)
    match figure:
        case "closed":
            return ours.filter(id__in=subject_ids(work.facts, CLOSED))
        case "open":
            was_open = Q(closed_at=None) | Q(closed_at__gte=work.until)
            return Case.objects.filter(work.cases, was_open, reported_at__lt=work.until)
        case "late":
            return ours.filter(id__in=late_ids)
    raise NotFound("unknown_figure", params={"figure": figure})
