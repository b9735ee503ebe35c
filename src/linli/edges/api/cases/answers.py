"""What callers are told about cases."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field

from linli.cases.actions.unmasking import Unmasked
from linli.cases.calc.categories import Category
from linli.cases.queries.calls import CallRow, DisputeRow
from linli.cases.queries.detail import CaseDetail, FileRow, MergedRow, NextStep, StepRow
from linli.cases.queries.opened import OpenedCase
from linli.cases.queries.public import FollowedCase
from linli.cases.queries.rows import CaseRow
from linli.edges.api.answers import (
    AreaAnswer,
    PointAnswer,
    ResponsibleAnswer,
    area_answer,
    point_answer,
)
from linli.edges.api.fields import Moment
from linli.edges.words.cases import (
    say_about,
    say_deed,
    say_light,
    say_part,
    say_part_reason,
    say_reason,
    say_state,
    say_verb,
    say_why,
)
from linli.edges.words.errors import say_decision
from linli.registry.territory.queries import AreaRow

Chain = Sequence[AreaRow]
Categories = Mapping[str, Category]


class PartAnswer(BaseModel):
    """A part of the priority: its name, its points, and why it has them."""

    name: str
    points: int
    reason: str
    name_code: str
    reason_code: str


class ShortPriorityAnswer(BaseModel):
    """score: 0 to 100; level: 1 the most urgent to 4."""

    score: int
    level: int


class PriorityAnswer(ShortPriorityAnswer):
    """With the parts that add up to the score, unless somebody set it by hand."""

    parts: list[PartAnswer]
    is_overridden: bool = False


class DeadlinesAnswer(BaseModel):
    """By when somebody has to respond and to solve it."""

    response: Moment
    solution: Moment | None


class WhyAnswer(BaseModel):
    """Why here, why with them, why so urgent, why by then; rule and version are those that decided."""

    about: str
    about_text: str
    code: str
    text: str
    rule: str | None = None
    version: int | None = None


class OpenedAnswer(BaseModel):
    """The case that now is. access_code: with the number it follows the case; null where the caller can't be told."""

    id: UUID
    number: str
    access_code: str | None
    status: str
    status_text: str
    category: str
    category_text: str
    area: AreaAnswer | None
    place: str
    responsible: ResponsibleAnswer
    priority: PriorityAnswer
    deadlines: DeadlinesAnswer
    why: list[WhyAnswer]
    reported_at: Moment


class RowAnswer(BaseModel):
    """A case in a list. light: late, warn, ok, hold or done."""

    id: UUID
    number: str
    title: str
    status: str
    status_text: str
    category: str
    category_text: str
    light: str
    light_text: str
    area: AreaAnswer | None
    place: str
    location: PointAnswer | None
    responsible: ResponsibleAnswer
    priority: ShortPriorityAnswer
    reported_at: Moment
    due_at: Moment | None
    closed_at: Moment | None
    reporters: int
    version: int


class CasesAnswer(BaseModel):
    """A page of cases; next_cursor null at the end."""

    items: list[RowAnswer]
    next_cursor: str | None


class StepAnswer(BaseModel):
    """A line of the history; by_name: staff only."""

    id: UUID
    at: Moment
    action: str
    action_text: str
    from_status: str | None
    to_status: str
    by_kind: str
    by_name: str | None
    reason: str | None
    reason_text: str | None
    note: str | None
    data: dict[str, Any]


class HistoryAnswer(BaseModel):
    """The whole history, oldest first."""

    items: list[StepAnswer]


class ClockAnswer(BaseModel):
    """A stretch in which one of the two clocks ran; amount: of the timer's unit."""

    clock: str
    timer: str
    amount: int
    started_at: Moment
    stopped_at: Moment | None
    why: str


class FileAnswer(BaseModel):
    """A photo of the case; kind: report or evidence.

    numbers_seen: kinds of numbers of people that a look found on it, null before; covered_url: a copy without them.
    """

    id: UUID
    kind: str
    url: str
    thumbnail_url: str
    covered_url: str
    numbers_seen: list[str] | None


class ContactAnswer(BaseModel):
    """A reporter, masked: 王*明, 138****5678."""

    name: str
    phone: str
    joined_at: Moment


class ReasonAnswer(BaseModel):
    """A reason to choose."""

    code: str
    text: str


class NextStepAnswer(BaseModel):
    """A step that the table of stages has from here, and whether this caller may take it."""

    action: str
    action_text: str
    is_allowed: bool
    why_not: str | None
    reasons: list[ReasonAnswer]


class MergedAnswer(BaseModel):
    """A case that is dealt with together with this one; reporters: of it alone."""

    id: UUID
    number: str
    title: str
    status: str
    reporters: int


class DisputeAnswer(BaseModel):
    """A dispute about whose case it is. end: null while open, else upheld, refused, withdrawn or lapsed."""

    raised_at: Moment
    organisation: str
    reason: str
    reason_text: str
    wanted: str | None
    judge: str
    due_at: Moment
    decided_at: Moment | None
    end: str | None
    given_to: str | None
    is_late: bool
    may_decide: bool


class OpinionAnswer(BaseModel):
    """What an office said about the case that it was called to."""

    at: Moment
    text: str


class CallAnswer(BaseModel):
    """An office that was whistled for. speed, result: the caller's marks; opinion_due_at: by when the lead gives it."""

    organisation_id: UUID
    organisation: str
    caller: str
    is_lead: bool
    called_at: Moment
    due_at: Moment
    reported_in_at: Moment | None
    taken_back_at: Moment | None
    is_late: bool
    speed: str | None
    result: str | None
    opinions: list[OpinionAnswer]
    opinion_due_at: Moment | None
    is_opinion_late: bool


class CaseAnswer(RowAnswer):
    """Everything that the caller may see of a case. merged_elsewhere: cases of the group beyond the caller's reach."""

    text: str
    address: str
    source: str
    is_category_suggested: bool
    place_reason: str
    boundary_version: int
    priority: PriorityAnswer
    deadlines: DeadlinesAnswer
    why: list[WhyAnswer]
    responded_at: Moment | None
    solved_at: Moment | None
    verified_at: Moment | None
    review_on: date | None
    times_reopened: int
    steps: list[StepAnswer]
    clocks: list[ClockAnswer]
    files: list[FileAnswer]
    contacts: list[ContactAnswer]
    next_steps: list[NextStepAnswer]
    may_unmask: bool
    leading: MergedAnswer | None
    merged: list[MergedAnswer]
    merged_elsewhere: int
    answerable: Annotated[str | None, Field(description="who received it first, until somebody takes it over")]
    times_returned: int
    returns_left: int
    disputes: list[DisputeAnswer]
    calls: list[CallAnswer]


class PublicStepAnswer(BaseModel):
    """A step as the reporter sees it."""

    action: str
    action_text: str
    at: Moment
    status: str
    note: str | None


class FollowedAnswer(BaseModel):
    """A case as its reporter sees it. can_verify: it is the reporter's turn to say how it went."""

    id: UUID
    number: str
    title: str
    text: str
    status: str
    status_text: str
    light: str
    light_text: str
    area: AreaAnswer | None
    place: str
    responsible: ResponsibleAnswer
    deadlines: DeadlinesAnswer
    reported_at: Moment
    closed_at: Moment | None
    photos: int
    can_verify: bool
    steps: list[PublicStepAnswer]


class PlainContactAnswer(BaseModel):
    """A reporter in clear."""

    name: str
    phone: str


class ContactsAnswer(BaseModel):
    """The reporters and the whole address in clear; that they were read stands in the audit log."""

    items: list[PlainContactAnswer]
    address: str


def opened_answer(told: OpenedCase, chain: Chain, *, access_code: str | None) -> OpenedAnswer:
    """Tell of a case just opened."""
    return OpenedAnswer(
        id=told.id, number=told.number, access_code=access_code, status=told.state, status_text=say_state(told.state),
        category=told.category, category_text=told.category_name, area=area_answer(chain), place=told.place,
        responsible=_responsible(told.organisation_name, told.role_name, told.organisation_id, told.post_id),
        priority=_priority(told.score, told.priority_level, told.priority_parts),
        deadlines=DeadlinesAnswer(response=told.response_due_at, solution=told.solution_due_at),
        why=_why(told.why), reported_at=told.reported_at,
    )  # fmt: skip


def row_answer(row: CaseRow, chain: Chain, categories: Categories) -> RowAnswer:
    """Tell of a case in a list."""
    return RowAnswer(**_row_fields(row, chain, categories))


def case_answer(found: CaseDetail, chain: Chain, categories: Categories) -> CaseAnswer:
    """Tell everything of a case."""
    row = found.row
    priority = _priority(row.score, row.priority_level, found.priority_parts, is_overridden=found.is_overridden)
    return CaseAnswer(
        **{**_row_fields(row, chain, categories), "priority": priority},
        text=found.text, address=found.address, source=found.source,
        is_category_suggested=found.is_category_suggested, place_reason=found.place_reason,
        boundary_version=found.boundary_number,
        deadlines=DeadlinesAnswer(response=found.response_due_at, solution=found.solution_due_at),
        why=_why(found.why), responded_at=found.responded_at, solved_at=found.solved_at,
        verified_at=found.verified_at, review_on=found.review_on, times_reopened=found.times_reopened,
        steps=[step_answer(step) for step in found.steps],
        clocks=[ClockAnswer(clock=each.clock, timer=each.timer, amount=each.amount, started_at=each.started_at,
                            stopped_at=each.stopped_at, why=each.why) for each in found.segments],
        files=[file_answer(each) for each in found.files],
        contacts=[ContactAnswer(name=each.name, phone=each.phone, joined_at=each.joined_at)
                  for each in found.contacts],
        next_steps=[_next_step(each) for each in found.next_steps],
        may_unmask=bool(found.may_unmask or found.may_read_door),
        leading=_merged(found.together.leading) if found.together.leading else None,
        merged=[_merged(each) for each in found.together.led], merged_elsewhere=found.together.hidden,
        answerable=found.beside.answerable or None,
        times_returned=found.beside.times_returned, returns_left=found.beside.returns_left,
        disputes=[_dispute(each) for each in found.beside.disputes], calls=[_call(each) for each in found.beside.calls],
    )  # fmt: skip


def _dispute(row: DisputeRow) -> DisputeAnswer:
    return DisputeAnswer(
        raised_at=row.raised_at, organisation=row.organisation, reason=row.reason, reason_text=say_reason(row.reason),
        wanted=row.wanted or None, judge=row.judge, due_at=row.due_at, decided_at=row.decided_at, end=row.end or None,
        given_to=row.given_to or None, is_late=row.is_late, may_decide=bool(row.may_decide),
    )  # fmt: skip


def _call(row: CallRow) -> CallAnswer:
    return CallAnswer(
        organisation_id=row.organisation_id, organisation=row.organisation, caller=row.caller, is_lead=row.is_lead,
        called_at=row.called_at, due_at=row.due_at, reported_in_at=row.reported_in_at,
        taken_back_at=row.taken_back_at, is_late=row.is_late, speed=row.speed or None, result=row.result or None,
        opinions=[OpinionAnswer(at=each.at, text=each.text) for each in row.opinions],
        opinion_due_at=row.opinion_due_at, is_opinion_late=row.is_opinion_late,
    )  # fmt: skip


def _merged(row: MergedRow) -> MergedAnswer:
    return MergedAnswer(id=row.id, number=row.number, title=row.title, status=row.state, reporters=row.reporters)


def step_answer(step: StepRow) -> StepAnswer:
    """Tell of a step."""
    return StepAnswer(
        id=step.id, at=step.at, action=step.action, action_text=say_deed(step.action),
        from_status=step.from_state or None, to_status=step.to_state, by_kind=step.by_kind,
        by_name=step.by_name or None, reason=step.reason or None,
        reason_text=say_reason(step.reason) if step.reason else None, note=step.note or None, data=step.data,
    )  # fmt: skip


def file_answer(file: FileRow) -> FileAnswer:
    """Tell where a photo is."""
    url = f"/api/v1/files/{file.file_id}"
    return FileAnswer(
        id=file.file_id, kind=file.kind, url=url, thumbnail_url=f"{url}?size=thumbnail",
        covered_url=f"{url}?size=covered", numbers_seen=file.numbers_seen if file.looked_at else None,
    )  # fmt: skip


def followed_answer(found: FollowedCase, chain: Chain) -> FollowedAnswer:
    """Tell a reporter of their case."""
    row = found.row
    return FollowedAnswer(
        id=row.id, number=row.number, title=row.title, text=found.text, status=row.state,
        status_text=say_state(row.state), light=row.light, light_text=say_light(row.light), area=area_answer(chain),
        place=row.place, responsible=_responsible(row.organisation_name, row.role_name, None, None),
        deadlines=DeadlinesAnswer(response=found.response_due_at, solution=found.solution_due_at),
        reported_at=row.reported_at, closed_at=row.closed_at, photos=found.photos, can_verify=found.can_verify,
        steps=[PublicStepAnswer(action=step.action, action_text=say_deed(step.action), at=step.at,
                                status=step.to_state, note=step.note or None) for step in found.steps],
    )  # fmt: skip


def contacts_answer(told: Unmasked) -> ContactsAnswer:
    """Tell contacts and address in clear."""
    return ContactsAnswer(
        items=[PlainContactAnswer(name=each.name, phone=each.phone) for each in told.contacts], address=told.address
    )


def _row_fields(row: CaseRow, chain: Chain, categories: Categories) -> dict[str, Any]:
    kind = categories.get(row.category)
    return {
        "id": row.id, "number": row.number, "title": row.title, "status": row.state,
        "status_text": say_state(row.state), "category": row.category,
        "category_text": kind.name if kind else row.category, "light": row.light,
        "light_text": say_light(row.light), "area": area_answer(chain), "place": row.place,
        "location": point_answer(row.lng, row.lat),
        "responsible": _responsible(row.organisation_name, row.role_name, row.organisation_id, row.post_id),
        "priority": ShortPriorityAnswer(score=row.score, level=row.priority_level), "reported_at": row.reported_at,
        "due_at": row.due_at, "closed_at": row.closed_at, "reporters": row.reporters, "version": row.version,
    }  # fmt: skip


def _responsible(organisation: str, post: str, organisation_id: UUID | None, post_id: UUID | None) -> ResponsibleAnswer:
    return ResponsibleAnswer(
        organisation=organisation or None, post=post or None,
        organisation_id=str(organisation_id) if organisation_id else None, post_id=str(post_id) if post_id else None,
    )  # fmt: skip


def _priority(
    score: int, level: int, parts: Sequence[Mapping[str, Any]], *, is_overridden: bool = False
) -> PriorityAnswer:
    return PriorityAnswer(
        score=score, level=level, is_overridden=is_overridden,
        parts=[
            PartAnswer(name=say_part(part["name"]), points=part["points"], name_code=part["name"],
                       reason=say_part_reason(part["reason"], part["detail"]), reason_code=part["reason"])
            for part in parts
        ],
    )  # fmt: skip


def _why(lines: Sequence[Mapping[str, Any]]) -> list[WhyAnswer]:
    return [
        WhyAnswer(about=line["about"], about_text=say_about(line["about"]), code=line["code"], text=say_why(line),
                  rule=line.get("rule") or None, version=line.get("version"))
        for line in lines
    ]  # fmt: skip


def _next_step(found: NextStep) -> NextStepAnswer:
    decision = found.decision
    return NextStepAnswer(
        action=found.transition.action, action_text=say_verb(found.transition.action), is_allowed=bool(decision),
        why_not=None if decision else say_decision(decision.reason, decision.params),
        reasons=[ReasonAnswer(code=code, text=say_reason(code)) for code in found.transition.reasons],
    )  # fmt: skip
