"""What residents may see: their own case by number and code, and counts of all cases."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q

from linli.cases.calc.words import follow_code
from linli.cases.choices import Action, State
from linli.cases.models import Case, CaseFile, CaseStep
from linli.cases.queries.rows import CaseRow, case_rows
from linli.cases.queries.rulebooks import current_rulebooks
from linli.kernel.crypto import keyed_digest

# Fewer than this in a cell could tell who it was.
SMALLEST_CELL = 5
BOARD_DAYS = 30


@dataclass(frozen=True, slots=True)
class PublicStep:
    """A step as the reporter sees it: what and when, who by role, and the words meant for them."""

    action: str
    at: datetime
    to_state: str
    note: str
    level: str


@dataclass(frozen=True, slots=True)
class FollowedCase:
    """A case as its reporter sees it. can_verify: it is the reporter's turn to say how it went."""

    row: CaseRow
    text: str
    steps: tuple[PublicStep, ...]
    response_due_at: datetime
    solution_due_at: datetime | None
    photos: int
    can_verify: bool


@dataclass(frozen=True, slots=True)
class BoardCount:
    """Cases reported in the last 30 days and how many of them are closed; None where there are too few to show."""

    code: str
    reported: int | None
    closed: int | None


@dataclass(frozen=True, slots=True)
class PublicBoard:
    """Counts of a district, never names, places or texts."""

    reported: int
    closed: int
    open: int
    closed_week: int
    categories: tuple[BoardCount, ...]
    areas: tuple[BoardCount, ...]


def followed_case(*, district_id: str, case_id: UUID, at: datetime) -> FollowedCase:
    """Read a case for whoever reported it: their words and how far it is, nothing meant for colleagues. 4 queries."""
    return _followed(Case.objects.get(district_id=district_id, id=case_id), at)


def code_of(case_id: UUID) -> str:
    """Tell the code by which a reporter follows a case: made anew from our key each time, never stored."""
    return follow_code(keyed_digest(str(case_id), purpose="follow"))


def get_public_board(*, district_id: str, at: datetime) -> PublicBoard:
    """Count a district's cases for everybody. 3 queries."""
    since = at - timedelta(days=BOARD_DAYS)
    mine = Case.objects.filter(district_id=district_id)
    recent = mine.filter(reported_at__gte=since)
    totals = mine.aggregate(
        reported=Count("id", filter=Q(reported_at__gte=since)),
        closed=Count("id", filter=Q(closed_at__gte=since, state=State.CLOSED)),
        open=Count("id", filter=Q(closed_at=None)),
        closed_week=Count("id", filter=Q(closed_at__gte=at - timedelta(days=7), state=State.CLOSED)),
    )
    is_closed = Q(state=State.CLOSED)
    categories = recent.values("category").annotate(reported=Count("id"), done=Count("id", filter=is_closed))
    streets = recent.filter(area__level__depth__gte=2).values("area_path")
    by_place = streets.annotate(reported=Count("id"), done=Count("id", filter=is_closed))
    return PublicBoard(
        **totals,
        categories=tuple(
            _cell(*row)
            for row in categories.order_by("-reported", "category").values_list("category", "reported", "done")
        ),
        areas=_by_street(by_place.values_list("area_path", "reported", "done")),
    )


def _by_street(rows: Iterable[tuple[str, int, int]]) -> tuple[BoardCount, ...]:
    sums: dict[str, list[int]] = {}
    for path, reported, closed in rows:
        street = path.split("/")[1]
        found = sums.setdefault(street, [0, 0])
        found[0] += reported
        found[1] += closed
    return tuple(_cell(code, *sums[code]) for code in sorted(sums))


def _cell(code: str, reported: int, closed: int) -> BoardCount:
    if reported < SMALLEST_CELL:
        return BoardCount(code, None, None)
    return BoardCount(code, reported, closed)


def _followed(case: Case, at: datetime) -> FollowedCase:
    row = case_rows(Case.objects.filter(district_id=case.district_id, id=case.id), at=at)[0]
    steps = CaseStep.objects.filter(district_id=case.district_id, case_id=case.id).exclude(
        action__in=(Action.NOTE, Action.OVERRIDE)
    )
    told = {Action.REPORT_BACK, Action.REJECT, Action.SUSPEND}
    workflow = current_rulebooks(case.district_id).workflow
    turn = workflow.find(case.state, Action.VERIFY)
    return FollowedCase(
        row=row,
        text=case.text,
        steps=tuple(
            PublicStep(
                step.action,
                step.at,
                step.to_state,
                step.note if step.action in told else "",
                str(step.data.get("level", "")),
            )
            for step in steps.order_by("at", "id")
        ),
        response_due_at=case.response_due_at,
        solution_due_at=case.solution_due_at,
        photos=CaseFile.objects.filter(district_id=case.district_id, case_id=case.id).count(),
        can_verify=turn is not None and "reporter" in turn.by,
    )
