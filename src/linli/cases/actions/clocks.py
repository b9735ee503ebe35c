"""The two clocks of a case: stopped, paused, run again; the deadline is counted anew from the segments each time.

What runs and stops here works on rows in memory, so that single steps and whole loads keep the same books.
"""

from collections import defaultdict
from datetime import datetime
from uuid import UUID

from django.db import transaction

from linli.cases.calc.deadlines import Allowance, DeadlineTable
from linli.cases.calc.ladder import Clock, first_of, next_at
from linli.cases.choices import ClockKind
from linli.cases.models import Case, ClockSegment
from linli.cases.queries.rulebooks import current_rulebooks
from linli.ledger.facts.actions import record
from linli.support.calendar.calc import Budget, Segment, WorkingCalendar, amber_at, deadline
from linli.support.calendar.choices import Timer
from linli.support.calendar.queries import current_calendar

Segments = list[ClockSegment]


def load_segments(case: Case) -> Segments:
    """Read a case's clock segments, oldest first. 1 query."""
    rows = ClockSegment.objects.filter(district_id=case.district_id, case_id=case.id)
    return list(rows.order_by("started_at", "id"))


def save_segments(segments: Segments) -> None:
    """Write what was stopped and what was begun. At most 2 queries."""
    new = [row for row in segments if row._state.adding]
    for row in segments:
        if row.stopped_at is not None and row not in new:
            ClockSegment.objects.filter(district_id=row.district_id, id=row.id, stopped_at=None).update(
                stopped_at=row.stopped_at, why=row.why
            )
    ClockSegment.objects.bulk_create(new)


def stop(segments: Segments, clock: ClockKind, *, why: str, at: datetime) -> None:
    """Stop a clock if it runs."""
    for row in segments:
        if row.clock == clock and row.stopped_at is None:
            row.stopped_at, row.why = at, why


def run_again(case: Case, segments: Segments, *, at: datetime) -> None:
    """Let the solution clock go on with what is left of its time."""
    last = of_clock(segments, ClockKind.SOLUTION)[-1]
    if last.stopped_at is not None:
        segments.append(
            ClockSegment(
                district_id=case.district_id,
                case_id=case.id,
                clock=ClockKind.SOLUTION,
                timer=last.timer,
                amount=last.amount,
                extra_days=last.extra_days,
                started_at=at,
            )
        )


def allow(
    case: Case, segments: Segments, clock: ClockKind, allowed: Allowance, *, why: str, at: datetime
) -> ClockSegment:
    """Give a clock another time, counted from when it first ran; days granted on top stay.

    Returns the new segment, which runs; whoever calls stops it again if the clock stood.
    """
    last = of_clock(segments, clock)[-1]
    stop(segments, clock, why=why, at=at)
    new = ClockSegment(
        district_id=case.district_id, case_id=case.id, clock=clock, timer=allowed.timer, amount=allowed.amount,
        extra_days=last.extra_days, started_at=at,
    )  # fmt: skip
    segments.append(new)
    return new


def show(case: Case, segments: Segments, calendar: WorkingCalendar, table: DeadlineTable) -> None:
    """Write on the case what its clocks say: deadlines, and due and amber of the one that counts now, if it runs.

    Until somebody responded that is the response clock, afterwards the solution clock.
    """
    response, solution = of_clock(segments, ClockKind.RESPONSE), of_clock(segments, ClockKind.SOLUTION)
    case.calendar_number = calendar.version
    case.solution_due_at = deadline(calendar, _budget(solution), _read(solution)) or case.solution_due_at
    if case.responded_at is None:
        case.response_due_at = deadline(calendar, _budget(response), _read(response)) or case.response_due_at
    counts = solution if case.responded_at else response
    runs = counts[-1].stopped_at is None
    case.due_at = deadline(calendar, _budget(counts), _read(counts)) if runs else None
    case.amber_at = amber_at(calendar, _budget(counts), _read(counts), table.amber_percent) if runs else None
    case.rung_at = first_of([next_at(calendar, clock, table) for clock in ladder_clocks(case, segments).values()])


def ladder_clocks(case: Case, segments: Segments) -> dict[ClockKind, Clock]:
    """Read both clocks as the ladder does."""
    marks = {ClockKind.RESPONSE: case.response_mark, ClockKind.SOLUTION: case.solution_mark}
    found = {kind: of_clock(segments, kind) for kind in ClockKind}
    return {kind: Clock(_budget(rows), tuple(_read(rows)), marks[kind]) for kind, rows in found.items() if rows}


def of_clock(segments: Segments, clock: ClockKind) -> Segments:
    """Pick the segments of one clock."""
    return [row for row in segments if row.clock == clock]


@transaction.atomic
def recount_deadlines(*, district_id: str, at: datetime, batch: int = 500) -> int:
    """Count the deadlines of all open cases anew after the calendar was corrected; each change is a fact.

    Returns how many changed. Locks the open cases of a district, in batches of ids. 3 queries a batch and 1 a change.
    """
    calendar = current_calendar()
    open_cases = Case.objects.filter(district_id=district_id, closed_at=None).exclude(calendar_number=calendar.version)
    ids: list[UUID] = list(open_cases.order_by("id").values_list("id", flat=True))
    if not ids:  # a district that is only being set up has no rulebooks yet
        return 0
    table = current_rulebooks(district_id).deadlines
    return sum(
        _recount(district_id, ids[start : start + batch], table, calendar, at) for start in range(0, len(ids), batch)
    )


def _recount(district_id: str, ids: list[UUID], table: DeadlineTable, calendar: WorkingCalendar, at: datetime) -> int:
    cases = list(Case.objects.select_for_update().filter(district_id=district_id, id__in=ids).order_by("id"))
    found: dict[UUID, Segments] = defaultdict(list)
    for row in ClockSegment.objects.filter(district_id=district_id, case_id__in=ids).order_by("started_at", "id"):
        found[row.case_id].append(row)
    changed = 0
    for case in cases:
        before = (case.response_due_at, case.solution_due_at)
        show(case, found[case.id], calendar, table)
        if before != (case.response_due_at, case.solution_due_at):
            changed += 1
            case.version += 1
            record(
                district_id=district_id,
                kind="case.deadline_recounted",
                subject_id=case.id,
                at=at,
                area_path=case.area_path,
                data={"calendar": calendar.version},
            )
    fields = ["response_due_at", "solution_due_at", "due_at", "amber_at", "rung_at", "calendar_number", "version"]
    Case.objects.bulk_update(cases, fields)
    return changed


def _budget(segments: Segments) -> Budget:
    return Budget(Timer(segments[-1].timer), segments[-1].amount, segments[-1].extra_days)


def _read(segments: Segments) -> list[Segment]:
    return [Segment(row.started_at, row.stopped_at, row.why) for row in segments]
