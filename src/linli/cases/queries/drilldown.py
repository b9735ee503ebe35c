"""The rows behind each number of the leaders' board: as many rows as the number says, and nobody's beyond reach."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from linli.cases.calc.rates import Period, period
from linli.cases.models import Case
from linli.cases.queries.rows import CaseRow, case_rows
from linli.cases.queries.rulebooks import current_rates
from linli.cases.queries.said import (
    CLOSED,
    EFFECTIVE,
    OPENED,
    REPORTED,
    SAID,
    VERIFIED,
    fact_filter,
    said_filter,
)
from linli.cases.rules import inside, visible_to, within_reach
from linli.kernel.errors import InvalidInput, NotFound
from linli.ledger.facts.queries.tallies import FactFilter, facts_of, subject_ids
from linli.registry.people.choices import Verb
from linli.registry.people.rules import Viewer

_COUNTED = {"opened": OPENED, "closed": CLOSED}
_STANDING = ("open", "late", "warn", "rest")
_SAID: Mapping[str, tuple[Mapping[str, Any], ...]] = {
    "effective": ({},),
    "response": (SAID["contacted"],),
    "solution": (SAID["solved"],),
    "satisfied": (SAID["satisfied"],),
    "basically": (SAID["basically"],),
    "satisfaction": (SAID["satisfied"], SAID["basically"]),
}
SAID_FIGURES = tuple(_SAID)
FIGURES = (*_COUNTED, *_STANDING, "hours", *_SAID)


@dataclass(frozen=True, slots=True)
class BehindRow:
    """A row behind a number. at: when it counted; row None: counted then, but not within this viewer's reach now."""

    case_id: UUID
    at: datetime | None
    row: CaseRow | None


@dataclass(frozen=True, slots=True)
class BehindPage:
    """Rows behind a number, from `offset` on; total: as many as the number says."""

    rows: tuple[BehindRow, ...]
    total: int
    offset: int


def list_behind(
    *, viewer: Viewer, figure: str, period_name: str, area_path: str, at: datetime, offset: int = 0, limit: int = 50
) -> BehindPage:
    """List the cases, or the call-backs, that a number of the board counts. At most 5 queries.

    figure: one of FIGURES. Raises NotFound (unknown_figure), InvalidInput (unknown_period).
    """
    if figure in _STANDING:
        return page_of_cases(viewer, _standing(viewer, figure, area_path, at), "due_at", at, offset, limit)
    span = _period(period_name, at)
    wanted = fact_filter(viewer, span, area_path)
    if figure in _COUNTED:
        found = Case.objects.filter(
            district_id=viewer.district_id, id__in=subject_ids(wanted, _COUNTED[figure])
        )  # fmt: skip
        return page_of_cases(viewer, found, "-id", at, offset, limit)
    if figure == "hours":
        return page_of_cases(viewer, _closed(viewer, span, area_path), "-closed_at", at, offset, limit)
    if figure in _SAID:
        _number, scheme = current_rates(viewer.district_id)
        return page_of_call_backs(viewer, said_filter(wanted, scheme), figure, at, offset, limit)
    raise NotFound("unknown_figure", params={"figure": figure})


def _period(name: str, at: datetime) -> Period:
    try:
        return period(name, at)
    except KeyError as error:
        raise InvalidInput("unknown_period", field="period", params={"period": name}) from error


def _reach(viewer: Viewer, area_path: str) -> Q:
    reached = within_reach(viewer, Verb.SEE_COCKPIT) & REPORTED
    return reached & inside(area_path) if area_path else reached


def _standing(viewer: Viewer, figure: str, area_path: str, at: datetime) -> QuerySet[Case]:
    """Give the open cases, or the late ones, those due soon, or the rest, counted as the board does."""
    found = Case.objects.filter(_reach(viewer, area_path), closed_at=None)
    lights = {
        "late": Q(due_at__lt=at), "warn": Q(due_at__gte=at, amber_at__lte=at),
        "rest": Q(due_at=None) | Q(due_at__gte=at) & (Q(amber_at__gt=at) | Q(amber_at=None)),
    }  # fmt: skip
    return found.filter(lights[figure]) if figure in lights else found


def _closed(viewer: Viewer, span: Period, area_path: str) -> QuerySet[Case]:
    return Case.objects.filter(
        _reach(viewer, area_path), closed_at__gte=span.since, closed_at__lt=span.until, state="closed"
    )


def page_of_cases(
    viewer: Viewer, found: QuerySet[Case], order: str, at: datetime, offset: int, limit: int
) -> BehindPage:
    """List cases of a count, those beyond the viewer's reach as bare lines. 3 queries."""
    rows = case_rows(found.order_by(order, "-id")[offset : offset + limit], at=at)
    seen = _seen(viewer, [row.id for row in rows])
    behind = tuple(BehindRow(row.id, row.reported_at, row if row.id in seen else None) for row in rows)
    return BehindPage(behind, found.count(), offset)


def page_of_call_backs(
    viewer: Viewer, wanted: FactFilter, figure: str, at: datetime, offset: int, limit: int
) -> BehindPage:
    """List call-backs: a case that was called back twice stands there twice, as it was counted. 3 queries.

    figure: one of SAID_FIGURES.
    """
    any_of = Q()
    for values in _SAID[figure]:
        any_of |= Q(data__contains=dict(values))
    found = facts_of(wanted, VERIFIED).filter(any_of, data__contains=dict(EFFECTIVE))
    facts = list(found.order_by("-at", "-id").values_list("subject_id", "at")[offset : offset + limit])
    mine = Case.objects.filter(visible_to(viewer), id__in=[case_id for case_id, _ in facts])
    rows = {row.id: row for row in case_rows(mine, at=at)}
    behind = tuple(BehindRow(case_id, moment, rows.get(case_id)) for case_id, moment in facts)
    return BehindPage(behind, found.count(), offset)


def _seen(viewer: Viewer, ids: list[UUID]) -> set[UUID]:
    """Tell which of these cases the viewer may see now. 1 query."""
    return set(Case.objects.filter(visible_to(viewer), id__in=ids).values_list("id", flat=True))
