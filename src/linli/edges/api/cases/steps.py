"""The steps of a case, one address each; every one asks for the version that the caller saw."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Header
from pydantic import BaseModel, Field

from linli.cases.actions.merging import merge_case, unmerge_case
from linli.cases.actions.priorities import override_priority
from linli.cases.actions.recategorising import Correction, recategorise_case
from linli.cases.actions.repeating import Command, once
from linli.cases.actions.stepping import Actor, Step, take_step
from linli.cases.actions.verifying import Finding, verify_case
from linli.cases.choices import Action, Satisfaction, VerifiedBy
from linli.edges.api.cases.answers import CaseAnswer
from linli.edges.api.cases.bodies import (
    NO_DAY,
    NO_NOTE,
    NO_PROOF,
    NO_REASON,
    NO_RECIPIENT,
    CategoryBody,
    GiveBody,
    MergeBody,
    NoteBody,
    PriorityBody,
    ReasonBody,
    ReportBackBody,
    SuspendBody,
    VerifyBody,
)
from linli.edges.api.cases.examples import step_responses
from linli.edges.api.cases.reading import shown
from linli.edges.api.cases.router import router
from linli.edges.api.headers import IDEMPOTENCY_KEY, IF_MATCH, REPLAYED, checked_key, hash_of, version_of
from linli.edges.api.request import ApiRequest, staff, staff_caller


class ChangeHeaders(BaseModel):
    """What a change says in its headers: the version that the caller saw, and a key so that it is done once."""

    if_match: Annotated[str, Field(alias=IF_MATCH)] = ""
    key: Annotated[str, Field(alias=IDEMPOTENCY_KEY)] = ""


Headers = Annotated[ChangeHeaders, Header()]
_Endpoint = Callable[..., CaseAnswer]


def endpoint(name: str, example: Mapping[str, Any], *, operation_id: str = "") -> Callable[[_Endpoint], _Endpoint]:
    """Put a step at its address, described with an example of its body and all that can be answered."""
    return router.post(
        "/cases/{uuid:case_id}/" + ("override-priority" if name == "override" else name),
        operation_id=operation_id or f"{name.replace('-', '_')}_case",
        response=CaseAnswer,
        openapi_extra=step_responses(name, example),
    )


@endpoint("accept", {})
def accept(
    request: ApiRequest, response: HttpResponse, case_id: UUID, headers: Headers, told: NoteBody = NO_NOTE
) -> CaseAnswer:
    """Take a case on; stops the response clock."""
    return _take(request, response, case_id, headers, told, told.step(Action.ACCEPT))


@endpoint("reject", {"reason": "no_such_thing", "note": "现场没有发现"})
def reject(
    request: ApiRequest, response: HttpResponse, case_id: UUID, headers: Headers, told: ReasonBody = NO_REASON
) -> CaseAnswer:
    """Do not take a case on, with a reason; the reporter can object, and is shown the note."""
    return _take(request, response, case_id, headers, told, told.step(Action.REJECT))


@endpoint("dispatch", {"to_organisation": "0192f0c1-0000-7000-8000-000000000002"})
def dispatch(
    request: ApiRequest, response: HttpResponse, case_id: UUID, headers: Headers, told: GiveBody = NO_RECIPIENT
) -> CaseAnswer:
    """Give a case to a post or an organisation."""
    return _take(request, response, case_id, headers, told, told.step(Action.DISPATCH))


@endpoint("handle", {})
def handle(
    request: ApiRequest, response: HttpResponse, case_id: UUID, headers: Headers, told: NoteBody = NO_NOTE
) -> CaseAnswer:
    """Begin to work on it."""
    return _take(request, response, case_id, headers, told, told.step(Action.HANDLE))


@endpoint("report-back", {"note": "已更换灯泡"})
def report_back(
    request: ApiRequest, response: HttpResponse, case_id: UUID, headers: Headers, told: ReportBackBody = NO_PROOF
) -> CaseAnswer:
    """Say that it is done, with what the category asks for; stops the solution clock."""
    return _take(request, response, case_id, headers, told, told.step(Action.REPORT_BACK))


@endpoint("note", {"note": "到现场看过，等配件"}, operation_id="add_note_to_case")
def note(
    request: ApiRequest, response: HttpResponse, case_id: UUID, headers: Headers, told: NoteBody = NO_NOTE
) -> CaseAnswer:
    """Add a note for colleagues; changes nothing else."""
    return _take(request, response, case_id, headers, told, told.step(Action.NOTE))


@endpoint("close", {})
def close(
    request: ApiRequest, response: HttpResponse, case_id: UUID, headers: Headers, told: NoteBody = NO_NOTE
) -> CaseAnswer:
    """Close a verified case out."""
    return _take(request, response, case_id, headers, told, told.step(Action.CLOSE))


@endpoint("return", {"reason": "beyond_power"})
def give_back(
    request: ApiRequest, response: HttpResponse, case_id: UUID, headers: Headers, told: ReasonBody = NO_REASON
) -> CaseAnswer:
    """Send a case one level up, or back into work after a report that was not enough."""
    return _take(request, response, case_id, headers, told, told.step(Action.RETURN))


@endpoint("reopen", {"reason": "came_back"})
def reopen(
    request: ApiRequest, response: HttpResponse, case_id: UUID, headers: Headers, told: ReasonBody = NO_REASON
) -> CaseAnswer:
    """Open a verified, closed or rejected case again, one level up."""
    return _take(request, response, case_id, headers, told, told.step(Action.REOPEN))


@endpoint("transfer", {"to_post": "0192f0c1-0000-7000-8000-000000000003"})
def transfer(
    request: ApiRequest, response: HttpResponse, case_id: UUID, headers: Headers, told: GiveBody = NO_RECIPIENT
) -> CaseAnswer:
    """Hand a case on to somebody else."""
    return _take(request, response, case_id, headers, told, told.step(Action.TRANSFER))


@endpoint("suspend", {"reason": "waits_for_season", "review_on": "2027-04-01"})
def suspend(
    request: ApiRequest, response: HttpResponse, case_id: UUID, headers: Headers, told: SuspendBody = NO_DAY
) -> CaseAnswer:
    """Put a case on hold with a reason and a day to look again; pauses the solution clock."""
    return _take(request, response, case_id, headers, told, told.step(Action.SUSPEND))


@endpoint("resume", {})
def resume(
    request: ApiRequest, response: HttpResponse, case_id: UUID, headers: Headers, told: NoteBody = NO_NOTE
) -> CaseAnswer:
    """Go on with a case that was on hold."""
    return _take(request, response, case_id, headers, told, told.step(Action.RESUME))


@endpoint("verify", {"method": "call", "satisfaction": "satisfied"})
def verify(
    request: ApiRequest, response: HttpResponse, case_id: UUID, headers: Headers, told: VerifyBody
) -> CaseAnswer:
    """Write down what a call or a visit found. Not solved, or dissatisfied, goes one level up."""
    finding = Finding(
        VerifiedBy(told.method), was_reached=told.was_reached, was_contacted=told.was_contacted,
        is_solved=told.is_solved, satisfaction=Satisfaction(told.satisfaction), comment=told.comment,
    )  # fmt: skip
    viewer, version = staff(request), version_of(headers.if_match)
    return once_shown(request, response, case_id, headers, told, lambda: verify_case(
        district_id=viewer.district_id, case_id=case_id, finding=finding, version=version,
        by=Actor(viewer, caller=staff_caller(request)), at=request.at,
    ))  # fmt: skip


@endpoint("override", {"level": 1, "note": "有独居老人"}, operation_id="override_priority")
def set_priority(
    request: ApiRequest, response: HttpResponse, case_id: UUID, headers: Headers, told: PriorityBody
) -> CaseAnswer:
    """Set the priority level by hand, with a reason that stands in the history."""
    viewer, version = staff(request), version_of(headers.if_match)
    return once_shown(request, response, case_id, headers, told, lambda: override_priority(
        district_id=viewer.district_id, case_id=case_id, level=told.level, note=told.note, version=version,
        by=Actor(viewer, caller=staff_caller(request)), at=request.at,
    ))  # fmt: skip


@endpoint("recategorise", {"category": "streetlight", "note": "是路灯，不是楼道灯"})
def recategorise(
    request: ApiRequest, response: HttpResponse, case_id: UUID, headers: Headers, told: CategoryBody
) -> CaseAnswer:
    """Correct the category. The case stays with who has it; unsolved, it is weighed and its deadlines counted anew."""
    viewer, version = staff(request), version_of(headers.if_match)
    return once_shown(request, response, case_id, headers, told, lambda: recategorise_case(
        district_id=viewer.district_id, case_id=case_id, correction=Correction(told.category, told.note, version),
        by=Actor(viewer, caller=staff_caller(request)), at=request.at,
    ))  # fmt: skip


@endpoint("merge", {"leading": "0192f0c1-0000-7000-8000-000000000005"})
def merge(request: ApiRequest, response: HttpResponse, case_id: UUID, headers: Headers, told: MergeBody) -> CaseAnswer:
    """Merge a case into another open one; the reporters of both are told of each step of that one."""
    viewer, version = staff(request), version_of(headers.if_match)
    return once_shown(request, response, case_id, headers, told, lambda: merge_case(
        district_id=viewer.district_id, case_id=case_id, leading_id=told.leading, version=version,
        by=Actor(viewer, caller=staff_caller(request)), at=request.at,
    ))  # fmt: skip


@endpoint("unmerge", {})
def unmerge(
    request: ApiRequest, response: HttpResponse, case_id: UUID, headers: Headers, told: NoteBody = NO_NOTE
) -> CaseAnswer:
    """Take a merged case out again: it stands where it stood, its clocks as if they had never been stopped."""
    viewer, version = staff(request), version_of(headers.if_match)
    return once_shown(request, response, case_id, headers, told, lambda: unmerge_case(
        district_id=viewer.district_id, case_id=case_id, version=version,
        by=Actor(viewer, caller=staff_caller(request)), at=request.at,
    ))  # fmt: skip


def _take(
    request: ApiRequest, response: HttpResponse, case_id: UUID, headers: ChangeHeaders, told: NoteBody, step: Step
) -> CaseAnswer:
    """Take the step and show the case as it is then."""
    viewer, seen = staff(request), replace(step, version=version_of(headers.if_match))
    return once_shown(request, response, case_id, headers, told, lambda: take_step(
        district_id=viewer.district_id, case_id=case_id, step=seen,
        by=Actor(viewer, caller=staff_caller(request)), at=request.at,
    ))  # fmt: skip


def once_shown(
    request: ApiRequest,
    response: HttpResponse,
    case_id: UUID,
    headers: ChangeHeaders,
    told: BaseModel,
    act: Callable[[], object],
) -> CaseAnswer:
    """Do it, or say that this very command was carried out before; show the case as it is then."""
    viewer = staff(request)
    key = checked_key(headers.key)
    command = Command(viewer.district_id, staff_caller(request), key, hash_of(told, request.path))
    if not once(command=command, of=case_id, act=act, at=request.at):
        response.headers[REPLAYED] = "true"
    return shown(request, response, case_id)
