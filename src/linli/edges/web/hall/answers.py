"""What scripts in a hall ask and send: the time, the state, lamps, ballots; JSON in and out."""

import json
from collections.abc import Callable
from dataclasses import asdict
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.http.request import RawPostDataException
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.edges.halls import KEPT, SEAT_COOKIE, TIME, public_state, seat_behind
from linli.edges.request import ViewerRequest
from linli.edges.web.desk.telling import status_of
from linli.edges.words.errors import say_error
from linli.kernel.errors import InvalidInput, LinliError, NotAllowed
from linli.oversight.reviews.actions.casting import Sheet, put_ballot
from linli.oversight.reviews.actions.lamps import Light, light_lamp
from linli.oversight.reviews.calc.ballots import short_receipt
from linli.oversight.reviews.choices import ScreenRole
from linli.oversight.reviews.queries.halls import (
    JurorSeat,
    get_seat,
    require_host,
    require_watcher,
)
from linli.oversight.reviews.queries.sessions import publication_in_hall

Answer = Callable[..., HttpResponse]


def answers_json(view: Answer) -> Answer:
    """Answer an error as JSON: its code and its words."""

    @wraps(view)
    def answering(request: ViewerRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response = view(request, *args, **kwargs)
        except LinliError as error:
            response = JsonResponse({"code": error.code, "words": say_error(error)}, status=status_of(error))
        response.headers["Cache-Control"] = "no-store"
        return response

    return answering


@require_GET
@answers_json
def tell_time(_request: ViewerRequest) -> HttpResponse:
    """Tell the hall's time in milliseconds since 1970. No query."""
    return JsonResponse({"now_ms": TIME.now().timestamp() * 1000})


@require_GET
@answers_json
def tell_state(request: ViewerRequest, meeting_id: UUID) -> HttpResponse:
    """Give what the stream would send now; 304 if the asker has it. 1 or 2 queries where it is watched, else 9."""
    district_id = let_in(request, meeting_id)
    state = KEPT.find(meeting_id) or public_state(district_id=district_id, session_id=meeting_id)
    tag = f'"{state["version"]}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponse(status=304, headers={"ETag": tag})
    return JsonResponse(state, headers={"ETag": tag})


@require_GET
@answers_json
def tell_seat(request: ViewerRequest, meeting_id: UUID) -> HttpResponse:
    """Give a juror's own ballots, the parts and whom they do not score. 6 queries."""
    seat = get_seat(seat=seat_of(request, meeting_id))
    return JsonResponse({
        "juror": str(seat.juror_id), "number": seat.number, "parts": [asdict(part) for part in seat.parts],
        "recused": [str(turn) for turn in seat.recused],
        "ballots": {str(each.turn_id): {"points": each.points, "client_seq": each.client_seq,
                                        "is_draft": each.is_draft, "receipt": _receipt(each.receipt)}
                    for each in seat.ballots},
    })  # fmt: skip


@require_http_methods(["PUT"])
@answers_json
def take_ballot(request: ViewerRequest, meeting_id: UUID, turn_id: UUID) -> HttpResponse:
    """Keep a draft or cast a ballot: {points, nonce, client_seq, is_draft}. 7 queries."""
    seat, sent = seat_of(request, meeting_id), _body(request)
    sheet = Sheet(_points(sent.get("points")), str(sent.get("nonce", "")), _whole(sent, "client_seq"),
                  sent.get("is_draft") is not False)  # fmt: skip
    kept = put_ballot(seat=seat, turn_id=turn_id, sheet=sheet, at=TIME.now())
    return JsonResponse({"points": kept.points, "client_seq": kept.client_seq, "is_draft": kept.is_draft,
                         "receipt": _receipt(kept.receipt),
                         "at": f"{timezone.localtime(kept.received_at):%H:%M}"})  # fmt: skip


@require_POST
@answers_json
def take_lamp(request: ViewerRequest, meeting_id: UUID) -> HttpResponse:
    """Take a page's report of itself; a juror's is labelled by its seat. At most 3 queries."""
    sent = _body(request)
    try:
        role, client = ScreenRole(str(sent.get("role"))), UUID(str(sent.get("client")))
    except ValueError:
        raise InvalidInput("lamp_unreadable") from None
    label = str(sent.get("label", ""))
    if role == ScreenRole.HOST:
        require_host(viewer=request.viewer, session_id=meeting_id)
    if role == ScreenRole.JUROR:  # so that the host sees whose telephone is gone
        label = str(seat_of(request, meeting_id).juror_id)
    light = Light(role, client, label, _whole(sent, "revision"), _whole(sent, "offset_ms"),
                  _whole(sent, "rtt_ms"), str(sent.get("audio", "")), str(sent.get("wake", "")))  # fmt: skip
    light_lamp(district_id=let_in(request, meeting_id), session_id=meeting_id, light=light, at=TIME.now())
    return HttpResponse(status=204)


@require_GET
@answers_json
def give_publication(request: ViewerRequest, meeting_id: UUID) -> HttpResponse:
    """Give a closed session's publication, to be kept and checked; jurors' telephones look for theirs. 2 queries."""
    body = publication_in_hall(district_id=let_in(request, meeting_id), session_id=meeting_id)
    named = {"Content-Disposition": f'attachment; filename="review-{meeting_id}.json"'}
    return HttpResponse(body, content_type="application/json", headers=named)


def let_in(request: ViewerRequest, meeting_id: UUID) -> str:
    """Let a juror's browser or somebody of the district pass; gives the district. At most 2 queries.

    Raises NotFound, NotAllowed.
    """
    seat = seat_behind(request.COOKIES.get(SEAT_COOKIE, ""), session_id=meeting_id)
    if seat is not None:
        return seat.district_id
    require_watcher(viewer=request.viewer, session_id=meeting_id)
    return request.viewer.district_id


def seat_of(request: ViewerRequest, meeting_id: UUID) -> JurorSeat:
    """Find the seat of a juror's browser. 1 query. Raises NotAllowed("no_seat")."""
    seat = seat_behind(request.COOKIES.get(SEAT_COOKIE, ""), session_id=meeting_id)
    if seat is None:
        raise NotAllowed("no_seat")
    return seat


def _body(request: ViewerRequest) -> dict[str, Any]:
    try:
        sent = json.loads(request.body)
    except (ValueError, RawPostDataException):
        sent = None
    if not isinstance(sent, dict):
        raise InvalidInput("ballot_nonce")
    return sent


def _points(given: object) -> list[int | None]:
    if not isinstance(given, list) or not all(each is None or type(each) is int for each in given):
        raise InvalidInput("ballot_points", field="points")
    return given


def _whole(sent: dict[str, Any], name: str) -> int:
    given = sent.get(name, 0)
    return given if type(given) is int else round(given) if isinstance(given, float) and abs(given) < 1e9 else 0  # noqa: PLR2004 - anything a page measures


def _receipt(receipt: str) -> str:
    return short_receipt(receipt) if receipt else ""
