"""Taking a step: what the table of stages allows, with its clocks, its holder and its trace."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from linli.cases.actions import clocks
from linli.cases.actions.attaching import add_files
from linli.cases.actions.recording import remember, tell
from linli.cases.calc.workflow import (
    BEFORE,
    FINISHED,
    LEVEL_UP,
    MOVE,
    PAUSE,
    REPORTER,
    RESPONDED,
    RUN,
    SOLVED,
    SYSTEM,
    Transition,
    is_return,
    takes_over,
)
from linli.cases.choices import Action, ClockKind, DisputeEnd, FileKind, State
from linli.cases.errors import EvidenceMissing, NoSuchCase, StepNotPossible
from linli.cases.events import CaseClosed, CaseStepped
from linli.cases.models import Case, CaseFile, CaseStep, Dispute
from linli.cases.queries.rulebooks import Rulebooks, current_rulebooks
from linli.cases.rules import may_see_case, may_take, post_behind
from linli.kernel import bus
from linli.kernel.decision import Decision, allowed, denied
from linli.kernel.errors import InvalidInput, PreconditionFailed
from linli.registry.orgs.queries import get_organisation
from linli.registry.people.choices import Verb
from linli.registry.people.queries import Holder, find_holder, list_holders, list_holders_above
from linli.registry.people.rules import NOBODY, Viewer
from linli.support.calendar.queries import current_calendar

LONGEST_NOTE = 1000
STAFF, RESIDENT, BY_ITSELF = "staff", "resident", "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who takes a step: staff as a viewer; a resident who showed the follow code; or the system, when time is up."""

    viewer: Viewer = NOBODY
    kind: str = STAFF
    caller: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """A step to be taken. Which fields it needs is said by the table: a reason, somebody to give it to, a date.

    version: of the case as the actor saw it; None only for steps by the system, which locks and looks itself.
    """

    action: Action
    version: int | None = None
    reason: str = ""
    note: str = ""
    to_post: UUID | None = None
    to_organisation: UUID | None = None
    review_on: date | None = None
    file_ids: tuple[UUID, ...] = ()
    outcome: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


@transaction.atomic
def take_step(*, district_id: str, case_id: UUID, step: Step, by: Actor, at: datetime) -> Case:
    """Take a step of the table on a case.

    Locks the case; writes its row, its clocks, a line of history, a fact and an outbox message, and publishes
    CaseStepped. At most 15 queries. Raises NoSuchCase, PreconditionFailed (somebody was faster), StepNotPossible,
    NotAllowed, EvidenceMissing, InvalidInput.
    """
    case = lock_case(district_id=district_id, case_id=case_id, by=by)
    if step.version is not None and step.version != case.version:
        raise PreconditionFailed("case_changed", params={"version": case.version})
    books = current_rulebooks(district_id)
    row = books.workflow.find(case.state, step.action, step.outcome)
    if row is None:
        raise StepNotPossible("step_not_possible", params={"action": step.action, "state": case.state})
    decide(by, case, row).require()
    _check(step, row, case, books, at)
    require_returns_left(case, row, books)
    from_state, acted_as, had = case.state, post_behind(by.viewer, case), (case.organisation_id, case.post_id)
    data = dict(step.data)
    add_files(case, step.file_ids, kind=FileKind.EVIDENCE, by=by.caller, at=at)
    change_state(case, row, review_on=step.review_on)
    rated = (case.organisation_id, case.post_id) if step.action == Action.VERIFY else None
    _give(case, row, step, books, at, data)
    if is_return(row):
        data |= {"returned_by": str(had[0] or ""), "held_s": int((at - held_since(case)).total_seconds())}
    answer_for(case, row, had=had)
    if {MOVE, LEVEL_UP, SOLVED, FINISHED} & set(row.effects):
        lapse_disputes(case.district_id, [case.id], at)
    _run_clocks(case, row, step, books, at)
    case.version += 1
    case.save(force_update=True)
    remember(
        case=case,
        action=step.action,
        from_state=from_state,
        at=at,
        by=by.viewer,
        by_kind=by.kind,
        reason=step.reason,
        note=step.note,
        data=data,
        rated=rated,
        acted_as=acted_as,
    )
    tell(case, step.action, at)
    bus.publish(CaseStepped(case.id, district_id, step.action, from_state, case.state, at))
    if case.state == State.CLOSED:
        bus.publish(CaseClosed(case.id, district_id, case.area_path, at))
    return case


def lock_case(*, district_id: str, case_id: UUID, by: Actor) -> Case:
    """Lock a case that the actor may see. 1 query, 2 where posts do not cover it. Raises NoSuchCase."""
    case = Case.objects.select_for_update().filter(district_id=district_id, id=case_id).first()
    if case is None or (by.kind == STAFF and not may_see_case(by.viewer, case)):
        raise NoSuchCase("no_such_case")
    return case


def decide(by: Actor, case: Case, row: Transition) -> Decision:
    """Say whether the actor may take that step."""
    if by.kind == RESIDENT:
        return allowed("reported_it") if REPORTER in row.by else denied("step_is_staffs", action=row.action)
    if by.kind == BY_ITSELF:
        return allowed("time_is_up") if SYSTEM in row.by else denied("step_is_staffs", action=row.action)
    return may_take(by.viewer, case, row)


def _check(step: Step, row: Transition, case: Case, books: Rulebooks, at: datetime) -> None:
    if row.needs_reason and step.reason not in row.reasons:
        raise InvalidInput("reason_missing", field="reason", params={"one_of": ", ".join(row.reasons)})
    if step.reason and not row.needs_reason:  # facts hold codes of the table, never words of anybody
        raise InvalidInput("reason_not_asked", field="reason")
    if len(step.note) > LONGEST_NOTE:
        raise InvalidInput("note_too_long", field="note", params={"most": LONGEST_NOTE})
    if PAUSE in row.effects:
        check_review(step.review_on, timezone.localdate(at), most_days=books.deadlines.hold_days)
    if step.action == Action.REPORT_BACK:
        _check_evidence(step, case, books)


def check_review(review_on: date | None, today: date, *, most_days: int, field: str = "review_on") -> None:
    """Ask for a day on which a case on hold comes back: after today, so many days ahead at most."""
    if review_on is None:
        raise InvalidInput("review_date_missing", field=field)
    if not today < review_on <= today + timedelta(days=most_days):
        raise InvalidInput("review_date_out_of_range", field=field, params={"most_days": most_days})


def _check_evidence(step: Step, case: Case, books: Rulebooks) -> None:
    """Ask for what the category needs before a case can be reported back."""
    needed = books.categories[case.category].evidence
    if "note" in needed and not step.note.strip():
        raise EvidenceMissing("note_missing", field="note")
    if "photo" in needed and not step.file_ids and not _has_new_photo(case):
        raise EvidenceMissing("photo_missing", field="file_ids")


def _has_new_photo(case: Case) -> bool:
    """Whether there is a photo that no earlier report-back has used up: what was not done then needs new proof."""
    of_case = {"district_id": case.district_id, "case_id": case.id}
    reported = CaseStep.objects.filter(**of_case, action=Action.REPORT_BACK).order_by("-at").values("at")[:1]
    photos = CaseFile.objects.filter(**of_case, kind=FileKind.EVIDENCE)
    return photos.exclude(added_at__lte=Coalesce(Subquery(reported), case.reported_at)).exists()


def _give(case: Case, row: Transition, step: Step, books: Rulebooks, at: datetime, data: dict[str, Any]) -> None:
    """Give the case to whom the step names, or to the next level up."""
    before = holder_of(case)
    if MOVE in row.effects:
        give_to(case, step, at)
    elif LEVEL_UP in row.effects:
        is_beyond = is_return(row) and step.reason in books.workflow.catalogue_reasons
        if not (is_beyond and _give_to_owner(case, books, at)):
            _give_up(case, books, at)
    else:
        return
    data |= {"gave_from": before, "gave_to": holder_of(case), "level": case.level}


def holder_of(case: Case) -> str:
    """Name the post, else the organisation, that has a case, as steps and facts tell it; "" for nobody."""
    return str(case.post_id or case.organisation_id or "")


def give_to(case: Case, step: Step, at: datetime) -> None:
    """Give a case to the post or organisation that a step names. 1 query. Raises InvalidInput."""
    if step.to_post is not None:
        on = timezone.localdate(at)
        holder = find_holder(district_id=case.district_id, post_id=step.to_post, verb=Verb.WORK_CASES, on=on)
        if holder is None:
            raise InvalidInput("no_such_post", field="to_post")
        case.post_id, case.organisation_id, case.level = holder.post_id, holder.organisation_id, holder.level
    elif step.to_organisation is not None:
        organisation = get_organisation(
            district_id=case.district_id, organisation_id=step.to_organisation, on=timezone.localdate(at)
        )
        if organisation is None:
            raise InvalidInput("no_such_organisation", field="to_organisation")
        case.post_id, case.organisation_id, case.level = None, organisation.id, organisation.level
    else:
        raise InvalidInput("to_whom_missing", field="to_organisation")
    case.is_hole = False


def _give_up(case: Case, books: Rulebooks, at: datetime) -> None:
    """Give the case to the next level whose role somebody holds; at the top it stays with whoever holds that role.

    A department at the top level gives it to that role, too: there is nobody else above.
    """
    above = holder_above(case, books, at)
    if above is not None:
        found, level_name = above
        case.post_id, case.organisation_id, case.level = found.post_id, found.organisation_id, level_name
        case.is_hole = False


def holder_above(case: Case, books: Rulebooks, at: datetime) -> tuple[Holder, str] | None:
    """Find who has the role of the next level up, with the level; None for nobody, or who has the case. 1 query."""
    wanted = books.dispatch.levels_above(case.level)
    holders = list_holders_above(
        district_id=case.district_id,
        area_path=case.area_path,
        roles=[role for _, role in wanted],
        on=timezone.localdate(at),
    )
    for level_name, role in wanted:
        held = [holder for holder in holders if holder.role == role]
        if case.post_id in {holder.post_id for holder in held}:
            return None
        if held:
            return held[0], level_name
    return None


def _give_to_owner(case: Case, books: Rulebooks, at: datetime) -> bool:
    """Give the case to whom the dispatch catalogue names for its category. 1 query, none where it names no department.

    False where it names none, the one that has the case already, or one with nobody on duty.
    """
    rule = books.dispatch.owner_of(case.category, is_in_compound=case.compound_id is not None)
    if rule is None:
        return False
    holders = list_holders(
        district_id=case.district_id, area_ids=[], organisation_codes=[rule.organisation_code], roles=[rule.role],
        on=timezone.localdate(at),
    )  # fmt: skip
    wanted = [each for each in holders if each.organisation_code == rule.organisation_code and each.is_on_duty]
    if not wanted or wanted[0].organisation_id == case.organisation_id:
        return False
    found = wanted[0]
    case.post_id, case.organisation_id, case.level = found.post_id, found.organisation_id, found.level
    case.is_hole = False
    return True


def require_returns_left(case: Case, row: Transition, books: Rulebooks) -> None:
    """Refuse to send a case back once more than the table of stages allows. Raises StepNotPossible."""
    if is_return(row) and case.times_returned >= books.workflow.most_returns:
        raise StepNotPossible("returned_too_often", params={"times": case.times_returned})


def answer_for(case: Case, row: Transition, *, had: tuple[UUID | None, UUID | None]) -> None:
    """Keep who received a case first answerable for it while it is sent about, until somebody takes it over. No query.

    had: the organisation and the post that had it before the step.
    """
    has = (case.organisation_id, case.post_id)
    if is_return(row):
        case.times_returned += 1
        if case.answerable_organisation_id is None and has != had:
            case.answerable_organisation_id, case.answerable_post_id = had
    if takes_over(row) or has == (case.answerable_organisation_id, case.answerable_post_id):
        case.answerable_organisation_id = case.answerable_post_id = None


def held_since(case: Case) -> datetime:
    """Tell since when who has a case has it: the last step that gave it, else the report. 1 query."""
    gave = CaseStep.objects.filter(district_id=case.district_id, case_id=case.id, data__has_key="gave_to")
    return gave.order_by("-at").values_list("at", flat=True).first() or case.reported_at


def lapse_disputes(district_id: str, case_ids: Sequence[UUID], at: datetime, *, but_of: UUID | None = None) -> None:
    """End disputes about cases that went elsewhere, or are done, before they were decided. 1 query.

    but_of: the organisation that has the cases now, whose own disputes go on.
    """
    disputes = Dispute.objects.filter(district_id=district_id, case_id__in=case_ids, decided_at=None)
    if but_of is not None:
        disputes = disputes.exclude(organisation_id=but_of)
    disputes.update(decided_at=at, end=DisputeEnd.LAPSED)


def _run_clocks(case: Case, row: Transition, step: Step, books: Rulebooks, at: datetime) -> None:
    """Do to the clocks and dates what the table says, and write the segments. At most 4 queries, mostly none."""
    if set(row.effects) & {RESPONDED, PAUSE, SOLVED, RUN}:
        segments = clocks.load_segments(case)
        apply_effects(case, segments, row, step, at=at)
        clocks.save_segments(segments)
        clocks.show(case, segments, current_calendar(), books.deadlines)
    else:
        apply_effects(case, [], row, step, at=at)


def apply_effects(case: Case, segments: clocks.Segments, row: Transition, step: Step, *, at: datetime) -> None:
    """Do to a case's clocks and dates in memory what the table says, in its order. No query."""
    for effect in row.effects:
        if effect == RESPONDED and case.responded_at is None:
            clocks.stop(segments, ClockKind.RESPONSE, why=step.action, at=at)
            case.responded_at = at
        elif effect == PAUSE:
            clocks.stop(segments, ClockKind.SOLUTION, why=step.reason or step.action, at=at)
        elif effect == SOLVED:
            clocks.stop(segments, ClockKind.SOLUTION, why=step.action, at=at)
            case.solved_at = at
        elif effect == RUN:
            case.times_reopened += case.solved_at is not None
            case.solved_at = case.closed_at = case.verified_at = None
            clocks.run_again(case, segments, at=at)
        elif effect == FINISHED:
            case.closed_at, case.due_at, case.amber_at, case.rung_at = at, None, None, None
    if case.state == State.VERIFIED:
        case.verified_at = at


def change_state(case: Case, row: Transition, *, review_on: date | None) -> None:
    """Move a case to the state that the table names; a suspended one remembers where it came from till it goes on."""
    before = case.state
    case.state = (case.state_before or State.ACCEPTED) if row.next_state == BEFORE else row.next_state
    if PAUSE in row.effects:
        case.state_before, case.review_on = before, review_on
    elif case.state != State.SUSPENDED:
        case.state_before, case.review_on = "", None
