"""Merging a case into another one that tells of the same thing, and taking it out again.

The merged case keeps number, code, reporter and history; from then on the leading one is worked on, and each of its
steps is told to the reporters of both.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from linli.cases.actions import clocks
from linli.cases.actions.recording import remember, tell
from linli.cases.actions.stepping import BY_ITSELF, RESIDENT, STAFF, Actor, lapse_disputes
from linli.cases.actions.weighing import WEIGHED, repeats_in, weigh_repeats
from linli.cases.choices import FINISHED, Action, ClockKind, Source, State
from linli.cases.errors import CannotMerge, NoSuchCase
from linli.cases.events import CaseStepped
from linli.cases.models import Case, Merging
from linli.cases.queries.rulebooks import current_rulebooks
from linli.cases.rules import may_merge, may_see_case, post_behind
from linli.kernel import bus
from linli.kernel.errors import PreconditionFailed
from linli.support.calendar.queries import current_calendar

_COUNTED = ["reporters", "version", *WEIGHED]


@transaction.atomic
def merge_case(
    *, district_id: str, case_id: UUID, leading_id: UUID, version: int | None, by: Actor, at: datetime
) -> Case:
    """Merge an open case into another open one, which from then on is worked on for both. Returns the merged one.

    Its clocks stop; the leading one's reporters grow by its own, and so may its score, whose deadline stays. Locks
    both, the lower id first; writes both rows, the clocks, and for each a line of history, a fact and a message. At
    most 18 queries. Raises NoSuchCase (either may not be seen), PreconditionFailed, CannotMerge, NotAllowed.
    """
    case, leading = _lock_both(district_id, case_id, leading_id, by)
    if version is not None and version != case.version:
        raise PreconditionFailed("case_changed", params={"version": case.version})
    _check(case, leading)
    may_merge(by.viewer, case).require()
    may_merge(by.viewer, leading).require()
    led = Merging.objects.filter(district_id=district_id, leading_id=leading.id, until=None)
    alone = led.order_by("at", "id").values_list("repeats_alone", flat=True).first()
    Merging.objects.create(
        district_id=district_id, case=case, leading=leading, state=case.state, at=at,
        repeats_alone=repeats_in(leading) if alone is None else alone,
    )  # fmt: skip
    from_state = case.state
    _stop_clocks(case, at)
    case.state, case.closed_at = State.MERGED, at
    case.due_at = case.amber_at = case.rung_at = None
    lapse_disputes(district_id, [case.id], at)
    _save(case, Action.MERGE, from_state, {"leading": str(leading.id)}, by, at)
    leading.reporters += case.reporters
    weigh_repeats(leading, max(repeats_in(leading), leading.reporters - 1))
    _count(leading, Action.JOIN, {"reporters": leading.reporters, "merged": str(case.id)}, by, at)
    return case


@transaction.atomic
def unmerge_case(*, district_id: str, case_id: UUID, version: int | None, by: Actor, at: datetime) -> Case:
    """Take a merged case out again: it stands where it stood, and its clocks as if they had never been stopped.

    So a mistake costs the reporter no time. Locks both; at most 16 queries. Raises NoSuchCase, PreconditionFailed,
    CannotMerge (it is not merged), NotAllowed; a reporter may once the leading case is finished.
    """
    merging = Merging.objects.filter(district_id=district_id, case_id=case_id, until=None).first()
    case, leading = _lock_both(district_id, case_id, merging.leading_id if merging else None, by)
    if version is not None and version != case.version:
        raise PreconditionFailed("case_changed", params={"version": case.version})
    if merging is None or leading is None or case.state != State.MERGED:
        raise CannotMerge("not_merged")
    if by.kind == RESIDENT:
        if leading.state not in FINISHED:
            raise CannotMerge("leading_still_open")
    else:
        may_merge(by.viewer, case).require()
    merging.until = at
    merging.save(update_fields=["until"])
    case.state, case.closed_at = merging.state, None
    _run_clocks(case, merging.at)
    _save(case, Action.UNMERGE, State.MERGED, {"leading": str(leading.id)}, by, at)
    leading.reporters -= case.reporters
    weigh_repeats(leading, max(merging.repeats_alone, leading.reporters - 1))
    _count(leading, Action.UNMERGE, {"reporters": leading.reporters, "merged": str(case.id)}, by, at)
    return case


def _lock_both(district_id: str, case_id: UUID, leading_id: UUID | None, by: Actor) -> tuple[Case, Case]:
    """Lock both in the order of their ids, so that two who merge them crosswise wait for each other.

    Who takes a case out needs to see that one alone. Raises NoSuchCase, naming the leading one where it is that.
    """
    ids = [case_id, *([leading_id] if leading_id else [])]
    rows = Case.objects.select_for_update().filter(district_id=district_id, id__in=ids).order_by("id")
    found = {row.id: row for row in rows}
    case = found.get(case_id)
    if case is None or (by.kind == STAFF and not may_see_case(by.viewer, case)):
        raise NoSuchCase("no_such_case")
    leading = found.get(leading_id) if leading_id else case
    is_merged = case.state == State.MERGED
    if leading is None or (by.kind == STAFF and not is_merged and not may_see_case(by.viewer, leading)):
        raise NoSuchCase("no_such_leading_case", field="leading")
    return case, leading


def _check(case: Case, leading: Case) -> None:
    """Refuse what would make a chain or a ring, and what is finished or was opened by the program."""
    if case.id == leading.id:
        raise CannotMerge("merge_with_itself", field="leading")
    if case.state in FINISHED:
        raise CannotMerge("merge_of_finished")
    if leading.state in FINISHED:
        raise CannotMerge("merge_into_finished", field="leading")
    if Source.SYSTEM in {case.source, leading.source}:
        raise CannotMerge("merge_of_programs", field="leading")
    if Merging.objects.filter(district_id=case.district_id, leading_id=case.id, until=None).exists():
        raise CannotMerge("merge_of_leading", field="leading")


def _stop_clocks(case: Case, at: datetime) -> None:
    """Stop what runs: that somebody merged it is the answer, and the solution is the leading one's to bring."""
    segments = clocks.load_segments(case)
    for clock in ClockKind:
        clocks.stop(segments, clock, why=Action.MERGE, at=at)
    clocks.save_segments(segments)
    case.responded_at = case.responded_at or at


def _run_clocks(case: Case, since: datetime) -> None:
    """Take back what the merging stopped, and show the deadlines again. 4 queries."""
    segments = clocks.load_segments(case)
    for row in segments:
        if row.stopped_at == since and row.why == Action.MERGE:
            row.stopped_at, row.why = None, ""
            row.save(update_fields=["stopped_at", "why"])
            if row.clock == ClockKind.RESPONSE:
                case.responded_at = None
    clocks.show(case, segments, current_calendar(), current_rulebooks(case.district_id).deadlines)


def _save(case: Case, action: Action, from_state: str, data: dict[str, str], by: Actor, at: datetime) -> None:
    case.version += 1
    case.save(force_update=True)
    _remember(case, action, from_state, data, by, at)
    bus.publish(CaseStepped(case.id, case.district_id, action, from_state, case.state, at))


def _count(leading: Case, action: Action, data: dict[str, str | int], by: Actor, at: datetime) -> None:
    leading.version += 1
    leading.save(update_fields=_COUNTED)
    _remember(leading, action, leading.state, data, by, at)


def _remember(
    case: Case, action: Action, from_state: str, data: dict[str, str] | dict[str, str | int], by: Actor, at: datetime
) -> None:  # fmt: skip
    remember(
        case=case, action=action, from_state=from_state, at=at, by=by.viewer, by_kind=by.kind, data=data,
        acted_as=post_behind(by.viewer, case) if by.kind != BY_ITSELF else None,
    )  # fmt: skip
    tell(case, action, at)
