"""How often cases are sent back: by category, by who did, and why. Each number is as long as the list behind it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, F, IntegerField, Q, QuerySet, Sum
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from linli.cases.choices import Action
from linli.cases.models import Case, CaseStep
from linli.cases.rules import visible_to
from linli.registry.orgs.queries import organisation_names
from linli.registry.people.rules import Viewer


@dataclass(frozen=True, slots=True)
class ReturnedLine:
    """A line of the figures.

    code: a category, an organisation's id or a reason; cases: how many were sent back at all; returns: how often;
    held_s: the seconds that whoever sent them back had had them.
    """

    code: str
    cases: int
    returns: int
    held_s: int


@dataclass(frozen=True, slots=True)
class Returned:
    """All of it, of cases reported between two instants that the viewer may see. reported: how many these are.

    names: of organisations, by id.
    """

    reported: int
    total: ReturnedLine
    by_category: tuple[ReturnedLine, ...]
    by_organisation: tuple[ReturnedLine, ...]
    by_reason: tuple[ReturnedLine, ...]
    names: dict[str, str]


def count_returned(*, viewer: Viewer, since: datetime, until: datetime) -> Returned:
    """Count what was sent back of the cases reported in [since, until). 6 queries, the most frequent first."""
    cases = Case.objects.filter(visible_to(viewer), reported_at__gte=since, reported_at__lt=until)
    steps = returns_of(viewer.district_id).filter(case_id__in=cases.order_by().values("id"))
    by_organisation = _lines(steps, KeyTextTransform("returned_by", "data"))
    ids = [UUID(line.code) for line in by_organisation if line.code]
    total = _sums(steps)
    return Returned(
        reported=cases.count(), total=ReturnedLine("", *total), by_category=_lines(steps, F("case__category")),
        by_organisation=by_organisation, by_reason=_lines(steps, F("reason")),
        names=organisation_names(district_id=viewer.district_id, organisation_ids=ids),
    )  # fmt: skip


def returns_of(district_id: str) -> QuerySet[CaseStep]:
    """Give the query of steps that sent a case back to where it came from; rework is none."""
    return CaseStep.objects.filter(district_id=district_id, action=Action.RETURN, data__has_key="returned_by")


def was_returned(district_id: str, *, by: UUID | None, reason: str) -> Q:
    """Give the filter of cases that were sent back, by an organisation or for a reason if one is asked for."""
    steps = returns_of(district_id)
    if by is not None:
        steps = steps.filter(data__returned_by=str(by))
    if reason:
        steps = steps.filter(reason=reason)
    return Q(id__in=steps.values("case_id"))


_HELD = Cast(KeyTextTransform("held_s", "data"), IntegerField())


def _lines(steps: QuerySet[CaseStep], by: Any) -> tuple[ReturnedLine, ...]:
    rows = steps.order_by().annotate(code=by).values("code")
    counted = rows.annotate(cases=Count("case_id", distinct=True), returns=Count("id"), held=Sum(_HELD))
    found = counted.order_by("-returns", "code").values_list("code", "cases", "returns", "held")
    return tuple(ReturnedLine(str(code or ""), cases, returns, held or 0) for code, cases, returns, held in found)


def _sums(steps: QuerySet[CaseStep]) -> Sequence[int]:
    sums = steps.aggregate(cases=Count("case_id", distinct=True), returns=Count("id"), held=Sum(_HELD, default=0))
    return sums["cases"], sums["returns"], sums["held"]
