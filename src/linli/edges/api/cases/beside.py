"""Disputes and whistles of a case, one address each; every one asks for the version that the caller saw."""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpResponse
from pydantic import BaseModel

from linli.cases.actions.disputing import Objection, Ruling, decide_dispute, dispute_case, withdraw_dispute
from linli.cases.actions.stepping import Actor
from linli.cases.actions.whistling import (
    Marks,
    Whistled,
    change_lead,
    evaluate_help,
    give_opinion,
    report_in,
    take_call_back,
    whistle,
)
from linli.edges.api.cases.answers import CaseAnswer
from linli.edges.api.cases.bodies import (
    NO_CALL,
    NO_DISPUTE,
    NO_NOTE,
    NO_RECIPIENT,
    NO_WHISTLE,
    CallBody,
    CalledBody,
    DisputeBody,
    EvaluationBody,
    GiveBody,
    NoteBody,
    WhistleBody,
)
from linli.edges.api.cases.steps import ChangeHeaders, Headers, endpoint, once_shown
from linli.edges.api.headers import version_of
from linli.edges.api.request import ApiRequest, staff, staff_caller

_OFFICE = "0192f0c1-0000-7000-8000-000000000002"


@endpoint("dispute", {"reason": "beyond_power", "note": "属于供水部门的管线", "wanted": _OFFICE})
def dispute(
    request: ApiRequest, response: HttpResponse, case_id: UUID, headers: Headers, told: DisputeBody = NO_DISPUTE
) -> CaseAnswer:
    """Say that a case is not one's own; the office above decides. It stays where it is until then."""
    objection = Objection(told.reason, told.note, told.wanted, version_of(headers.if_match))
    return _do(request, response, case_id, headers, told, lambda by: dispute_case(
        district_id=by.viewer.district_id, case_id=case_id, objection=objection, by=by, at=request.at
    ))  # fmt: skip


@endpoint("uphold", {"to_organisation": _OFFICE, "note": "按派单目录归他们"}, operation_id="uphold_dispute")
def uphold(
    request: ApiRequest, response: HttpResponse, case_id: UUID, headers: Headers, told: GiveBody = NO_RECIPIENT
) -> CaseAnswer:
    """Decide a dispute: the case goes to a post or an organisation."""
    ruling = Ruling(True, told.note, told.to_post, told.to_organisation, version_of(headers.if_match))
    return _do(request, response, case_id, headers, told, lambda by: decide_dispute(
        district_id=by.viewer.district_id, case_id=case_id, ruling=ruling, by=by, at=request.at
    ))  # fmt: skip


@endpoint("refuse", {"note": "在你单位辖区内"}, operation_id="refuse_dispute")
def refuse(
    request: ApiRequest, response: HttpResponse, case_id: UUID, headers: Headers, told: NoteBody = NO_NOTE
) -> CaseAnswer:
    """Decide a dispute: the case stays with who has it. The note is needed."""
    ruling = Ruling(False, told.note, version=version_of(headers.if_match))
    return _do(request, response, case_id, headers, told, lambda by: decide_dispute(
        district_id=by.viewer.district_id, case_id=case_id, ruling=ruling, by=by, at=request.at
    ))  # fmt: skip


@endpoint("withdraw", {}, operation_id="withdraw_dispute")
def withdraw(
    request: ApiRequest, response: HttpResponse, case_id: UUID, headers: Headers, told: NoteBody = NO_NOTE
) -> CaseAnswer:
    """Take one's dispute back."""
    version = version_of(headers.if_match)
    return _do(request, response, case_id, headers, told, lambda by: withdraw_dispute(
        district_id=by.viewer.district_id, case_id=case_id, note=told.note, version=version, by=by, at=request.at
    ))  # fmt: skip


@endpoint("whistle", {"lead": _OFFICE, "organisations": [], "note": "需要到场查看管线"}, operation_id="whistle")
def blow(
    request: ApiRequest, response: HttpResponse, case_id: UUID, headers: Headers, told: WhistleBody = NO_WHISTLE
) -> CaseAnswer:
    """Call offices to a case; each has to report in within its own working hours."""
    whistled = Whistled(tuple(told.organisations), told.note, told.lead, version_of(headers.if_match))
    return _do(request, response, case_id, headers, told, lambda by: whistle(
        district_id=by.viewer.district_id, case_id=case_id, whistled=whistled, by=by, at=request.at
    ))  # fmt: skip


@endpoint("report-in", {}, operation_id="report_in")
def arrive(
    request: ApiRequest, response: HttpResponse, case_id: UUID, headers: Headers, told: CallBody = NO_CALL
) -> CaseAnswer:
    """Report in to a whistle. Late is written down, never refused; If-Match may be left out."""
    return _do(request, response, case_id, headers, told, lambda by: report_in(
        district_id=by.viewer.district_id, case_id=case_id, note=told.note, by=by, at=request.at,
        organisation_id=told.organisation,
    ))  # fmt: skip


@endpoint("opinion", {"note": "已关闭支路阀门"}, operation_id="give_opinion")
def opine(
    request: ApiRequest, response: HttpResponse, case_id: UUID, headers: Headers, told: CallBody = NO_CALL
) -> CaseAnswer:
    """Say what one's office thinks or did; the note is needed, If-Match may be left out."""
    return _do(request, response, case_id, headers, told, lambda by: give_opinion(
        district_id=by.viewer.district_id, case_id=case_id, note=told.note, by=by, at=request.at,
        organisation_id=told.organisation,
    ))  # fmt: skip


@endpoint("evaluate", {"organisation": _OFFICE, "speed": "quick", "result": "solved"}, operation_id="evaluate_help")
def evaluate(
    request: ApiRequest, response: HttpResponse, case_id: UUID, headers: Headers, told: EvaluationBody
) -> CaseAnswer:
    """Say how an office came and what came of it; counts for the office."""
    marks = Marks(told.organisation, told.speed, told.result, told.note, version_of(headers.if_match))
    return _do(request, response, case_id, headers, told, lambda by: evaluate_help(
        district_id=by.viewer.district_id, case_id=case_id, marks=marks, by=by, at=request.at
    ))  # fmt: skip


@endpoint("change-lead", {"organisation": _OFFICE}, operation_id="change_lead")
def lead(request: ApiRequest, response: HttpResponse, case_id: UUID, headers: Headers, told: CalledBody) -> CaseAnswer:
    """Let another of those called lead."""
    version = version_of(headers.if_match)
    return _do(request, response, case_id, headers, told, lambda by: change_lead(
        district_id=by.viewer.district_id, case_id=case_id, organisation_id=told.organisation, version=version, by=by,
        at=request.at,
    ))  # fmt: skip


@endpoint("take-back", {"organisation": _OFFICE}, operation_id="take_call_back")
def take_back(
    request: ApiRequest, response: HttpResponse, case_id: UUID, headers: Headers, told: CalledBody
) -> CaseAnswer:
    """Take a call back; who had reported in goes on seeing the case."""
    version = version_of(headers.if_match)
    return _do(request, response, case_id, headers, told, lambda by: take_call_back(
        district_id=by.viewer.district_id, case_id=case_id, organisation_id=told.organisation, note=told.note,
        version=version, by=by, at=request.at,
    ))  # fmt: skip


def _do(
    request: ApiRequest, response: HttpResponse, case_id: UUID, headers: ChangeHeaders, told: BaseModel,
    act: Callable[[Actor], object],
) -> CaseAnswer:  # fmt: skip
    by = Actor(staff(request), caller=staff_caller(request))
    return once_shown(request, response, case_id, headers, told, lambda: act(by))
