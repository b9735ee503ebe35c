"""The ladder as it would have been: who would have been told of what, by rules that need not count. Writes nothing."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from linli.cases.calc.deadlines import DeadlineTable
from linli.cases.calc.ladder import DUE, Clock, Rung, passed
from linli.cases.calc.rulebooks import read_deadlines
from linli.cases.choices import RulebookKind
from linli.cases.models import Case, ClockSegment
from linli.cases.queries.above import Above, Named, Placed
from linli.cases.queries.rulebook_faults import require_no_faults
from linli.cases.queries.rulebooks import Rulebooks, current_rulebooks, rulebook_content
from linli.cases.queries.waiting import clocks_beside
from linli.cases.rules import visible_to, within_reach
from linli.kernel.errors import InvalidInput
from linli.registry.people.choices import Verb
from linli.registry.people.rules import Viewer, may
from linli.support.calendar.calc import Budget, Segment, WorkingCalendar
from linli.support.calendar.choices import Timer
from linli.support.calendar.queries import current_calendar

MOST_CASES = 5000
MOST_DAYS = 31


@dataclass(frozen=True, slots=True)
class WouldTell:
    """A rung that a clock of a case would have climbed.

    title: "" of a case the viewer may not see; named: None for a warning.
    """

    case_id: UUID
    number: str
    title: str
    clock: str
    rung: Rung
    named: Named | None


@dataclass(frozen=True, slots=True)
class DryRun:
    """What a ladder would have done. counts: rungs by (clock, mark); people: how many would be named to whom above.

    rows: the newest; cases: how many were looked at, at most MOST_CASES.
    """

    rows: tuple[WouldTell, ...]
    counts: Mapping[tuple[str, int], int]
    people: Mapping[tuple[str, str], int]
    total: int
    cases: int


def try_ladder(
    *, viewer: Viewer, at: datetime, days: int, settings: Mapping[str, Any] | None = None, shown: int = 100
) -> DryRun:  # fmt: skip
    """Tell what a ladder would have done in the last days, to the cases within reach of the right to edit rules.

    days: 0 for what would be told now, the highest rung of each running clock alone. Disputes and calls count
    with their cases. settings: what stands beside the
    lines of the deadlines, instead of what counts now. Persons are those of today. At most 16 queries, however many
    cases. Raises NotAllowed, InvalidInput, RulebookHasFaults.
    """
    district_id = viewer.district_id
    may(viewer, Verb.EDIT_RULEBOOKS, district_id=district_id, area_path=district_id).require()
    if not 0 <= days <= MOST_DAYS:
        raise InvalidInput("days_out_of_range", field="days", params={"most": MOST_DAYS})
    books = _books(viewer, settings or {}, at)
    since = at - timedelta(days=days)
    recent = Q(closed_at=None) | Q(closed_at__gte=since)
    found = Case.objects.filter(within_reach(viewer, Verb.EDIT_RULEBOOKS), recent, reported_at__lte=at)
    cases = list(found.order_by("-id")[:MOST_CASES])
    segments = _segments(district_id, cases)
    waiting = clocks_beside({case.id: case for case in cases}, district_id=district_id, dispatch=books.dispatch)
    above = Above([*cases, *waiting], district_id=district_id, books=books, on=timezone.localdate(at))
    calendar, told = current_calendar(), list[WouldTell]()
    ran: list[tuple[Case, Placed, str, Clock]] = [
        (case, case, kind, clock) for case in cases for kind, clock in segments[case.id].items()
    ]
    ran += [(each.case, each, each.kind.value, replace(each.clock, mark=0)) for each in waiting]
    for case, placed, kind, clock in ran:
        told += [
            WouldTell(case.id, case.number, case.title, kind, rung, above.step(placed, rung.step))
            for rung in _rungs(clock, calendar, books.deadlines, since if days else None, at)
        ]
    told.sort(key=lambda each: (each.rung.at, each.number), reverse=True)
    return _run(viewer, told, cases=len(cases), shown=shown)


def _books(viewer: Viewer, settings: Mapping[str, Any], at: datetime) -> Rulebooks:
    books = current_rulebooks(viewer.district_id)
    if not settings:
        return books
    content = rulebook_content(district_id=viewer.district_id, kind=RulebookKind.DEADLINES)[1] | dict(settings)
    require_no_faults(
        district_id=viewer.district_id, kind=RulebookKind.DEADLINES, content=content, on=timezone.localdate(at)
    )
    return replace(books, deadlines=read_deadlines(content))


def _segments(district_id: str, cases: Sequence[Case]) -> Mapping[UUID, Mapping[str, Clock]]:
    """Read both clocks of some cases as if they had climbed nothing. 1 query."""
    rows = ClockSegment.objects.filter(district_id=district_id, case_id__in=[case.id for case in cases])
    columns = ("case_id", "clock", "timer", "amount", "extra_days", "started_at", "stopped_at")
    found: dict[UUID, dict[str, Clock]] = defaultdict(dict)
    for case_id, kind, timer, amount, extra, start, stop in rows.order_by("started_at", "id").values_list(*columns):
        before = found[case_id].get(kind)
        stretch = (*(before.segments if before else ()), Segment(start, stop, ""))
        found[case_id][kind] = Clock(Budget(Timer(timer), amount, extra), stretch)
    return found


def _rungs(
    clock: Clock, calendar: WorkingCalendar, table: DeadlineTable, since: datetime | None, at: datetime
) -> list[Rung]:  # fmt: skip
    """List the rungs of a clock since a moment; without one, its highest if it runs."""
    rungs = passed(calendar, clock, table, at=at)
    if since is None:
        return rungs[-1:] if clock.is_running else []
    return [rung for rung in rungs if rung.at >= since]


def _run(viewer: Viewer, told: Sequence[WouldTell], *, cases: int, shown: int) -> DryRun:
    first = told[:shown]
    visible = Case.objects.filter(visible_to(viewer), id__in={each.case_id for each in first})
    seen = set(visible.values_list("id", flat=True))
    named = [each.named for each in told if each.rung.mark >= DUE]
    people = Counter((each.person_name, each.role_name) if each else ("", "") for each in named)
    return DryRun(
        rows=tuple(each if each.case_id in seen else replace(each, title="") for each in first),
        counts=dict(Counter((each.clock, each.rung.mark) for each in told)), people=dict(people.most_common()),
        total=len(told), cases=cases,
    )  # fmt: skip
