"""Time asked for, supervision and cards: each deed at its address below the case, and lists of what waits."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpResponse
from ninja import Query
from pydantic import BaseModel, Field

from linli.cases.actions.asking_time import TimeAsked, ask_time, decide_time
from linli.cases.actions.repeating import Command, once
from linli.cases.actions.supervising import (
    Demand,
    answer_supervision,
    appeal_card,
    end_supervision,
    open_supervision,
    rule_on_card,
)
from linli.cases.choices import TimeKind
from linli.cases.errors import NoSuchRequest, NoSuchSupervision
from linli.cases.queries.oversight import count_cards, get_oversight, list_cards, list_supervisions
from linli.cases.queries.time_requests import list_decided_requests, list_time_requests
from linli.edges.api.cases.examples import OVERSIGHT
from linli.edges.api.cases.oversight_answers import (
    CardsAnswer,
    DemandBody,
    EndBody,
    OversightAnswer,
    RulingBody,
    SupervisionsAnswer,
    TimeBody,
    TimeDecisionBody,
    TimeRequestsAnswer,
    WordsBody,
    card_answer,
    count_answers,
    oversight_answer,
    supervision_answer,
    time_answer,
)
from linli.edges.api.cases.router import router
from linli.edges.api.cases.steps import Headers
from linli.edges.api.headers import REPLAYED, Key, checked_key, hash_of, version_of, with_version
from linli.edges.api.openapi import answers, problems
from linli.edges.api.request import ApiRequest, staff, staff_caller
from linli.registry.people.choices import Verb
from linli.registry.people.rules import Viewer, may_somewhere


class TimeQuery(BaseModel):
    """waiting: for a decision of one's posts, due first; decided: by these or lapsed, newest first."""

    box: Literal["waiting", "decided"] = "waiting"


class SupervisionsQuery(BaseModel):
    """running: by the day for the answer; over: newest first."""

    box: Literal["running", "over"] = "running"


class CardsQuery(BaseModel):
    """days: how far back."""

    days: Annotated[int, Field(ge=1, le=366)] = 90


_Endpoint = Callable[..., OversightAnswer]


def _deed(path: str, name: str, example: Mapping[str, Any], *more: int) -> Callable[[_Endpoint], _Endpoint]:
    """Put a deed at its address, described with an example of its body and all that can be answered."""
    return router.post(
        f"/cases/{{uuid:case_id}}/{path}", operation_id=name, response=OversightAnswer, openapi_extra={
            "requestBody": {"content": {"application/json": {"example": dict(example)}}},
            "responses": {**answers({200: OVERSIGHT}), **problems(401, 403, 404, 409, 422, *more)},
        },
    )  # fmt: skip


@router.get("/cases/{uuid:case_id}/oversight", operation_id="get_oversight", response=OversightAnswer, openapi_extra={
    "responses": {**answers({200: OVERSIGHT}), **problems(401, 403, 404)},
})  # fmt: skip
def get_one(request: ApiRequest, response: HttpResponse, case_id: UUID) -> OversightAnswer:
    """Show what watches over a case: time asked for, supervisions, cards."""
    return _shown(request, response, case_id)


@router.get("/time-requests", operation_id="list_time_requests", response=TimeRequestsAnswer,
            openapi_extra={"responses": problems(401, 403, 422)})  # fmt: skip
def get_time_requests(request: ApiRequest, asked: Query[TimeQuery]) -> TimeRequestsAnswer:
    """List the requests for time that the caller's posts were asked for."""
    read = list_time_requests if asked.box == "waiting" else list_decided_requests
    return TimeRequestsAnswer(items=[time_answer(row, request.at) for row in read(viewer=_reader(request))])


@router.get("/supervisions", operation_id="list_supervisions", response=SupervisionsAnswer,
            openapi_extra={"responses": problems(401, 403, 422)})  # fmt: skip
def get_supervisions(request: ApiRequest, asked: Query[SupervisionsQuery]) -> SupervisionsAnswer:
    """List supervisions of cases that the caller may see."""
    rows = list_supervisions(viewer=_reader(request), is_running=asked.box == "running")
    return SupervisionsAnswer(items=[supervision_answer(row) for row in rows])


@router.get("/cards", operation_id="list_cards", response=CardsAnswer,
            openapi_extra={"responses": problems(401, 403, 422)})  # fmt: skip
def get_cards(request: ApiRequest, asked: Query[CardsQuery]) -> CardsAnswer:
    """List the cards of the last days over cases that the caller may see, and count them by organisation."""
    viewer, since = _reader(request), request.at - timedelta(days=asked.days)
    rows, counts = list_cards(viewer=viewer, since=since), count_cards(viewer=viewer, since=since)
    return CardsAnswer(items=[card_answer(row) for row in rows], counts=count_answers(counts))


@_deed("time-requests", "ask_time", {"kind": "extension", "reason": "waits_for_parts", "days": 3}, 412, 428)
def ask(
    request: ApiRequest, response: HttpResponse, case_id: UUID, headers: Headers, told: TimeBody
) -> OversightAnswer:
    """Ask the next one up for working days on top, or for a longer hold; whoever has the case asks."""
    asked = TimeAsked(TimeKind(told.kind), told.reason, told.note, told.days, told.until, version_of(headers.if_match))
    return _do(request, response, case_id, headers.key, told, lambda by: ask_time(
        district_id=by.district_id, case_id=case_id, asked=asked, by=by, at=request.at
    ))  # fmt: skip


@_deed("time-requests/{uuid:request_id}/decide", "decide_time", {"is_granted": True, "note": "等水泵"})
def decide(
    request: ApiRequest, response: HttpResponse, case_id: UUID, request_id: UUID, headers: Key, told: TimeDecisionBody
) -> OversightAnswer:
    """Grant or refuse time that was asked for; whoever stands above the case decides."""
    if request_id not in {row.id for row in get_oversight(viewer=staff(request), case_id=case_id).requests}:
        raise NoSuchRequest("no_such_request")
    return _do(request, response, case_id, headers.key, told, lambda by: decide_time(
        district_id=by.district_id, request_id=request_id, is_granted=told.is_granted, note=told.note, by=by,
        at=request.at,
    ))  # fmt: skip


@_deed("supervisions", "open_supervision", {"reason": "overdue", "text": "三天内说明原因", "answer_by": "2026-11-25"})
def supervise(
    request: ApiRequest, response: HttpResponse, case_id: UUID, headers: Key, told: DemandBody
) -> OversightAnswer:
    """Put an open case under supervision; whoever has it answers by a day."""
    demand = Demand(told.reason, told.text, told.answer_by)
    return _do(request, response, case_id, headers.key, told, lambda by: open_supervision(
        district_id=by.district_id, case_id=case_id, demand=demand, by=by, at=request.at
    ))  # fmt: skip


@_deed("supervisions/{uuid:supervision_id}/answer", "answer_supervision", {"text": "今天已更换"})
def answer(
    request: ApiRequest, response: HttpResponse, case_id: UUID, supervision_id: UUID, headers: Key, told: WordsBody
) -> OversightAnswer:
    """Answer a supervision for the organisation that has to."""
    _check_supervision(request, case_id, supervision_id)
    return _do(request, response, case_id, headers.key, told, lambda by: answer_supervision(
        district_id=by.district_id, supervision_id=supervision_id, text=told.text, by=by, at=request.at
    ))  # fmt: skip


@_deed("supervisions/{uuid:supervision_id}/end", "end_supervision", {"is_done": True, "text": "已到现场看过"})
def end(
    request: ApiRequest, response: HttpResponse, case_id: UUID, supervision_id: UUID, headers: Key, told: EndBody
) -> OversightAnswer:
    """Close a supervision that was answered, or call one off."""
    _check_supervision(request, case_id, supervision_id)
    return _do(request, response, case_id, headers.key, told, lambda by: end_supervision(
        district_id=by.district_id, supervision_id=supervision_id, is_done=told.is_done, text=told.text, by=by,
        at=request.at,
    ))  # fmt: skip


@_deed("cards/{uuid:card_id}/appeal", "appeal_card", {"text": "当天停电，无法作业"})
def appeal(
    request: ApiRequest, response: HttpResponse, case_id: UUID, card_id: UUID, headers: Key, told: WordsBody
) -> OversightAnswer:
    """Object to a card for the organisation that got it."""
    _check_card(request, case_id, card_id)
    return _do(request, response, case_id, headers.key, told, lambda by: appeal_card(
        district_id=by.district_id, card_id=card_id, text=told.text, by=by, at=request.at
    ))  # fmt: skip


@_deed("cards/{uuid:card_id}/rule", "rule_on_card", {"is_taken_back": False, "text": "停电已提前通知"})
def rule(
    request: ApiRequest, response: HttpResponse, case_id: UUID, card_id: UUID, headers: Key, told: RulingBody
) -> OversightAnswer:
    """Take a card back, or let one stand that was objected to."""
    _check_card(request, case_id, card_id)
    return _do(request, response, case_id, headers.key, told, lambda by: rule_on_card(
        district_id=by.district_id, card_id=card_id, is_taken_back=told.is_taken_back, text=told.text, by=by,
        at=request.at,
    ))  # fmt: skip


def _reader(request: ApiRequest) -> Viewer:
    viewer = staff(request)
    may_somewhere(viewer, Verb.SEE_CASES).require()
    return viewer


def _check_supervision(request: ApiRequest, case_id: UUID, supervision_id: UUID) -> None:
    if supervision_id not in {row.id for row in get_oversight(viewer=staff(request), case_id=case_id).supervisions}:
        raise NoSuchSupervision("no_such_supervision")


def _check_card(request: ApiRequest, case_id: UUID, card_id: UUID) -> None:
    if card_id not in {row.id for row in get_oversight(viewer=staff(request), case_id=case_id).cards}:
        raise NoSuchSupervision("no_such_card")


def _shown(request: ApiRequest, response: HttpResponse, case_id: UUID) -> OversightAnswer:
    found = get_oversight(viewer=staff(request), case_id=case_id)
    with_version(response, found.version)
    return oversight_answer(found, request.at)


def _do(
    request: ApiRequest, response: HttpResponse, case_id: UUID, key: str, told: BaseModel,
    act: Callable[[Viewer], object],
) -> OversightAnswer:  # fmt: skip
    """Do it, or say that this very command was carried out before; show what watches over the case then."""
    viewer = staff(request)
    command = Command(viewer.district_id, staff_caller(request), checked_key(key), hash_of(told, request.path))
    if not once(command=command, of=case_id, act=lambda: act(viewer), at=request.at):
        response.headers[REPLAYED] = "true"
    return _shown(request, response, case_id)
