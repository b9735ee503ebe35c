"""The steps of a case, one address each; every one asks for the version that the caller saw."""

from collections.abc import Callable
from dataclasses import replace
from typing import Annotated
from uuid import UUID

from django.http import HttpResponse
from ninja import Header
from pydantic import BaseModel

from linli.cases.actions.priorities import override_priority
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
    GiveBody,
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

IfMatch = Annotated[str, Header(alias=IF_MATCH)]
Key = Annotated[str, Header(alias=IDEMPOTENCY_KEY)]


@router.post("/cases/{uuid:case_id}/accept", operation_id="accept_case", response=CaseAnswer,
             openapi_extra=step_responses("accept", {}))  # fmt: skip
def accept(
    request: ApiRequest,
    response: HttpResponse,
    case_id: UUID,
    told: NoteBody = NO_NOTE,
    if_match: IfMatch = "",
    key: Key = "",
) -> CaseAnswer:
    """Take a case on; stops the response clock."""
    return _take(request, response, case_id, told, Step(Action.ACCEPT, note=told.note), if_match, key)


@router.post("/cases/{uuid:case_id}/reject", operation_id="reject_case", response=CaseAnswer,
             openapi_extra=step_responses("reject", {"reason": "no_such_thing", "note": "现场没有发现"}))  # fmt: skip
def reject(
    request: ApiRequest,
    response: HttpResponse,
    case_id: UUID,
    told: ReasonBody = NO_REASON,
    if_match: IfMatch = "",
    key: Key = "",
) -> CaseAnswer:
    """Do not take a case on, with a reason; the reporter can object, and is shown the note."""
    step = Step(Action.REJECT, reason=told.reason, note=told.note)
    return _take(request, response, case_id, told, step, if_match, key)


@router.post(
    "/cases/{uuid:case_id}/dispatch",
    operation_id="dispatch_case",
    response=CaseAnswer,
    openapi_extra=step_responses("dispatch", {"to_organisation": "0192f0c1-0000-7000-8000-000000000002"}),
)
def dispatch(
    request: ApiRequest,
    response: HttpResponse,
    case_id: UUID,
    told: GiveBody = NO_RECIPIENT,
    if_match: IfMatch = "",
    key: Key = "",
) -> CaseAnswer:
    """Give a case to a post or an organisation."""
    return _give(request, response, case_id, told, Action.DISPATCH, if_match, key)


@router.post("/cases/{uuid:case_id}/handle", operation_id="handle_case", response=CaseAnswer,
             openapi_extra=step_responses("handle", {}))  # fmt: skip
def handle(
    request: ApiRequest,
    response: HttpResponse,
    case_id: UUID,
    told: NoteBody = NO_NOTE,
    if_match: IfMatch = "",
    key: Key = "",
) -> CaseAnswer:
    """Begin to work on it."""
    return _take(request, response, case_id, told, Step(Action.HANDLE, note=told.note), if_match, key)


@router.post("/cases/{uuid:case_id}/report-back", operation_id="report_back_case", response=CaseAnswer,
             openapi_extra=step_responses("report-back", {"note": "已更换灯泡"}))  # fmt: skip
def report_back(
    request: ApiRequest,
    response: HttpResponse,
    case_id: UUID,
    told: ReportBackBody = NO_PROOF,
    if_match: IfMatch = "",
    key: Key = "",
) -> CaseAnswer:
    """Say that it is done, with what the category asks for; stops the solution clock."""
    step = Step(Action.REPORT_BACK, note=told.note, file_ids=tuple(told.file_ids))
    return _take(request, response, case_id, told, step, if_match, key)


@router.post("/cases/{uuid:case_id}/verify", operation_id="verify_case", response=CaseAnswer,
             openapi_extra=step_responses("verify", {"method": "call", "satisfaction": "satisfied"}))  # fmt: skip
def verify(
    request: ApiRequest,
    response: HttpResponse,
    case_id: UUID,
    told: VerifyBody,
    if_match: IfMatch = "",
    key: Key = "",
) -> CaseAnswer:
    """Write down what a call or a visit found. Not solved, or dissatisfied, goes one level up."""
    finding = Finding(
        VerifiedBy(told.method), was_reached=told.was_reached, was_contacted=told.was_contacted,
        is_solved=told.is_solved, satisfaction=Satisfaction(told.satisfaction), comment=told.comment,
    )  # fmt: skip
    viewer, version = staff(request), version_of(if_match)
    _once(request, response, case_id, told, key, lambda: verify_case(
        district_id=viewer.district_id, case_id=case_id, finding=finding, version=version,
        by=Actor(viewer, caller=staff_caller(request)), at=request.at,
    ))  # fmt: skip
    return shown(request, response, case_id)


@router.post("/cases/{uuid:case_id}/close", operation_id="close_case", response=CaseAnswer,
             openapi_extra=step_responses("close", {}))  # fmt: skip
def close(
    request: ApiRequest,
    response: HttpResponse,
    case_id: UUID,
    told: NoteBody = NO_NOTE,
    if_match: IfMatch = "",
    key: Key = "",
) -> CaseAnswer:
    """Close a verified case out."""
    return _take(request, response, case_id, told, Step(Action.CLOSE, note=told.note), if_match, key)


@router.post("/cases/{uuid:case_id}/return", operation_id="return_case", response=CaseAnswer,
             openapi_extra=step_responses("return", {"reason": "beyond_power"}))  # fmt: skip
def give_back(
    request: ApiRequest,
    response: HttpResponse,
    case_id: UUID,
    told: ReasonBody = NO_REASON,
    if_match: IfMatch = "",
    key: Key = "",
) -> CaseAnswer:
    """Send a case one level up, or back into work after a report that was not enough."""
    step = Step(Action.RETURN, reason=told.reason, note=told.note)
    return _take(request, response, case_id, told, step, if_match, key)


@router.post("/cases/{uuid:case_id}/reopen", operation_id="reopen_case", response=CaseAnswer,
             openapi_extra=step_responses("reopen", {"reason": "came_back"}))  # fmt: skip
def reopen(
    request: ApiRequest,
    response: HttpResponse,
    case_id: UUID,
    told: ReasonBody = NO_REASON,
    if_match: IfMatch = "",
    key: Key = "",
) -> CaseAnswer:
    """Open a verified, closed or rejected case again, one level up."""
    step = Step(Action.REOPEN, reason=told.reason, note=told.note)
    return _take(request, response, case_id, told, step, if_match, key)


@router.post(
    "/cases/{uuid:case_id}/transfer",
    operation_id="transfer_case",
    response=CaseAnswer,
    openapi_extra=step_responses("transfer", {"to_post": "0192f0c1-0000-7000-8000-000000000003"}),
)
def transfer(
    request: ApiRequest,
    response: HttpResponse,
    case_id: UUID,
    told: GiveBody = NO_RECIPIENT,
    if_match: IfMatch = "",
    key: Key = "",
) -> CaseAnswer:
    """Hand a case on to somebody else."""
    return _give(request, response, case_id, told, Action.TRANSFER, if_match, key)


@router.post(
    "/cases/{uuid:case_id}/suspend",
    operation_id="suspend_case",
    response=CaseAnswer,
    openapi_extra=step_responses("suspend", {"reason": "waits_for_season", "review_on": "2027-04-01"}),
)
def suspend(
    request: ApiRequest,
    response: HttpResponse,
    case_id: UUID,
    told: SuspendBody = NO_DAY,
    if_match: IfMatch = "",
    key: Key = "",
) -> CaseAnswer:
    """Put a case on hold with a reason and a day to look again; pauses the solution clock."""
    step = Step(Action.SUSPEND, reason=told.reason, note=told.note, review_on=told.review_on)
    return _take(request, response, case_id, told, step, if_match, key)


@router.post("/cases/{uuid:case_id}/resume", operation_id="resume_case", response=CaseAnswer,
             openapi_extra=step_responses("resume", {}))  # fmt: skip
def resume(
    request: ApiRequest,
    response: HttpResponse,
    case_id: UUID,
    told: NoteBody = NO_NOTE,
    if_match: IfMatch = "",
    key: Key = "",
) -> CaseAnswer:
    """Go on with a case that was on hold."""
    return _take(request, response, case_id, told, Step(Action.RESUME, note=told.note), if_match, key)


@router.post("/cases/{uuid:case_id}/override-priority", operation_id="override_priority", response=CaseAnswer,
             openapi_extra=step_responses("override", {"level": 1, "note": "有独居老人"}))  # fmt: skip
def set_priority(
    request: ApiRequest,
    response: HttpResponse,
    case_id: UUID,
    told: PriorityBody,
    if_match: IfMatch = "",
    key: Key = "",
) -> CaseAnswer:
    """Set the priority level by hand, with a reason that stands in the history."""
    viewer, version = staff(request), version_of(if_match)
    _once(request, response, case_id, told, key, lambda: override_priority(
        district_id=viewer.district_id, case_id=case_id, level=told.level, note=told.note, version=version,
        by=Actor(viewer, caller=staff_caller(request)), at=request.at,
    ))  # fmt: skip
    return shown(request, response, case_id)


def _give(
    request: ApiRequest, response: HttpResponse, case_id: UUID, told: GiveBody, action: Action, if_match: str, key: str
) -> CaseAnswer:
    step = Step(action, note=told.note, to_post=told.to_post, to_organisation=told.to_organisation)
    return _take(request, response, case_id, told, step, if_match, key)


def _take(
    request: ApiRequest, response: HttpResponse, case_id: UUID, told: BaseModel, step: Step, if_match: str, key: str
) -> CaseAnswer:
    """Take the step and show the case as it is then."""
    viewer = staff(request)
    seen = replace(step, version=version_of(if_match))
    by = Actor(viewer, caller=staff_caller(request))
    _once(request, response, case_id, told, key, lambda: take_step(
        district_id=viewer.district_id, case_id=case_id, step=seen, by=by, at=request.at
    ))  # fmt: skip
    return shown(request, response, case_id)


def _once(
    request: ApiRequest, response: HttpResponse, case_id: UUID, told: BaseModel, key: str, act: Callable[[], object]
) -> None:
    """Do it, or say that this very command was carried out before."""
    viewer = staff(request)
    command = Command(viewer.district_id, staff_caller(request), checked_key(key), hash_of(told, request.path))
    if not once(command=command, case_id=case_id, act=act, at=request.at):
        response.headers[REPLAYED] = "true"
