"""Time asked for, supervision and cards: of one case, and what of them waits for somebody."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from linli.cases.actions.asking_time import REASONS, TimeAsked, ask_time, decide_time
from linli.cases.actions.supervising import (
    Demand,
    answer_supervision,
    appeal_card,
    end_supervision,
    open_supervision,
    rule_on_card,
)
from linli.cases.choices import FINISHED, CardState, RequestState, State, SupervisionReason, SupervisionState, TimeKind
from linli.cases.queries.oversight import (
    CardRow,
    CaseOversight,
    SupervisionRow,
    count_cards,
    get_oversight,
    list_cards,
    list_supervisions,
)
from linli.cases.queries.rulebooks import current_rulebooks
from linli.cases.queries.time_requests import TimeRequestRow, list_decided_requests, list_time_requests
from linli.edges.request import ViewerRequest
from linli.edges.web.access import staff_only
from linli.edges.web.desk.asking import read_day
from linli.edges.web.desk.telling import status_of, tells_errors
from linli.edges.words.cases import (
    CARD_COLOURS,
    CARD_STATES,
    REQUEST_STATES,
    SUPERVISION_STATES,
    TIME_KINDS,
    say_reason,
)
from linli.edges.words.errors import say_error
from linli.edges.words.times import LOCAL, say_day, say_moment
from linli.kernel.errors import InvalidInput, LinliError, NotFound
from linli.registry.people.choices import Verb
from linli.registry.people.rules import may_somewhere

CARDS_SINCE = timedelta(days=90)
_ANSWER_AFTER = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class RequestLine:
    """A request for time in words. can_decide: whether the viewer is asked."""

    id: UUID
    url: str
    case: str
    what: str
    reason: str
    state: str
    by: str
    can_decide: bool


@dataclass(frozen=True, slots=True)
class WatchLine:
    """A supervision in words, with what the viewer may do."""

    row: SupervisionRow
    url: str
    reason: str
    state: str
    by: str
    opened: str
    is_missed: bool
    can_answer: bool
    can_end: bool


@dataclass(frozen=True, slots=True)
class CardLine:
    """A card in words, with what the viewer may do."""

    row: CardRow
    url: str
    colour: str
    reason: str
    state: str
    given: str
    can_appeal: bool
    can_rule: bool


@require_GET
@staff_only
@tells_errors
def show_oversight(request: ViewerRequest, case_id: UUID) -> HttpResponse:
    """Show what watches over a case, with the forms that the viewer may fill in."""
    return _render(request, case_id, None)


@require_POST
@staff_only
@tells_errors
def act(request: ViewerRequest, case_id: UUID, action: str) -> HttpResponse:
    """Do one of the deeds of the page; what can't be done is said on it."""
    if action not in _DEEDS:
        raise NotFound("no_such_step")
    try:
        _DEEDS[action](request, case_id, timezone.now())
    except NotFound:
        raise
    except LinliError as error:
        return _render(request, case_id, error)
    messages.success(request, _("Done."))
    return HttpResponseRedirect(reverse("oversight", args=[case_id]))


@require_GET
@staff_only
@tells_errors
def show_supervisions(request: ViewerRequest) -> HttpResponse:
    """List what waits: requests for the viewer's posts, supervisions that run, cards of the last days."""
    viewer, at = request.viewer, timezone.now()
    may_somewhere(viewer, Verb.SEE_CASES).require()
    since = at - CARDS_SINCE
    context = {
        "waiting": [_request(row, at, can_decide=True) for row in list_time_requests(viewer=viewer)],
        "decided": [_request(row, at, can_decide=False) for row in list_decided_requests(viewer=viewer)],
        "running": [_watch(row, None, at) for row in list_supervisions(viewer=viewer)],
        "over": [_watch(row, None, at) for row in list_supervisions(viewer=viewer, is_running=False, limit=20)],
        "counts": count_cards(viewer=viewer, since=since),
        "cards": [_card(row, None, at) for row in list_cards(viewer=viewer, since=since)],
        "days": CARDS_SINCE.days,
    }  # fmt: skip
    return render(request, "web/desk/supervisions.html", context)


def _render(request: ViewerRequest, case_id: UUID, error: LinliError | None) -> HttpResponse:
    viewer, at = request.viewer, timezone.now()
    case = get_oversight(viewer=viewer, case_id=case_id)
    table, today = current_rulebooks(viewer.district_id).deadlines, at.astimezone(LOCAL).date()
    is_asked = any(row.state == RequestState.ASKED for row in case.requests)
    is_watched = any(row.state in {SupervisionState.OPEN, SupervisionState.ANSWERED} for row in case.supervisions)
    is_open = case.state not in FINISHED and case.state != State.MERGED
    context = {
        "case": case, "back": reverse("desk_case", args=[case.case_id]), "typed": request.POST,
        "error": say_error(error) if error else "", "field": error.field if error else "",
        "due": say_moment(case.solution_due_at, at) if case.solution_due_at else "",
        "review": say_day(case.review_on, today) if case.review_on else "",
        "kind": _kind(case, is_asked=is_asked, is_open=is_open),
        "reasons": _options(REASONS[TimeKind.HOLD if case.state == State.SUSPENDED else TimeKind.EXTENSION]),
        "most_days": table.extension_days, "last_day": (today + timedelta(days=table.hold_days)).isoformat(),
        "requests": [
            _request(row, at, can_decide=row.state == RequestState.ASKED and not case.is_holder)
            for row in case.requests
        ],
        "watches": [_watch(row, case, at) for row in case.supervisions],
        "cards": [_card(row, case, at) for row in case.cards],
        "may_watch": bool(case.may_supervise) and is_open and not is_watched and case.organisation_id is not None,
        "watch_reasons": _options([each.value for each in SupervisionReason]),
        "answer_by": (today + _ANSWER_AFTER).isoformat(),
    }  # fmt: skip
    return render(request, "web/desk/oversight.html", context, status=status_of(error) if error else 200)


def _kind(case: CaseOversight, *, is_asked: bool, is_open: bool) -> str:
    """Tell which time the viewer may ask for now, "" for none."""
    if is_asked or not is_open or not case.is_holder:
        return ""
    return TimeKind.HOLD.value if case.state == State.SUSPENDED else TimeKind.EXTENSION.value


def _options(codes: Sequence[str]) -> list[tuple[str, str]]:
    return [(code, say_reason(code)) for code in codes]


def _request(row: TimeRequestRow, at: datetime, *, can_decide: bool) -> RequestLine:
    today = at.astimezone(LOCAL).date()
    much = _("%(days)d working days") % {"days": row.days} if row.days else say_day(row.until or today, today)
    is_late = row.lapsed_by(at)
    return RequestLine(
        row.id, reverse("oversight", args=[row.case_id]), f"{row.title} {row.number}",
        f"{TIME_KINDS.get(row.kind, row.kind)} · {much}", say_reason(row.reason),
        str(REQUEST_STATES["lapsed" if is_late else row.state]),
        _("decide by %(when)s") % {"when": say_moment(row.decide_by, at)} if row.state == RequestState.ASKED else "",
        can_decide and not is_late,
    )  # fmt: skip


def _watch(row: SupervisionRow, case: CaseOversight | None, at: datetime) -> WatchLine:
    today = at.astimezone(LOCAL).date()
    is_running = row.state in {SupervisionState.OPEN, SupervisionState.ANSWERED}
    return WatchLine(
        row, reverse("oversight", args=[row.case_id]), say_reason(row.reason),
        str(SUPERVISION_STATES.get(row.state, row.state)), say_day(row.answer_by, today),
        say_moment(row.opened_at, at), row.state == SupervisionState.OPEN and row.answer_by < today,
        case is not None and row.state == SupervisionState.OPEN and row.organisation_id in case.answers_for,
        case is not None and is_running and bool(case.may_supervise),
    )  # fmt: skip


def _card(row: CardRow, case: CaseOversight | None, at: datetime) -> CardLine:
    can_rule = case is not None and bool(case.may_supervise) and row.state != CardState.TAKEN_BACK
    return CardLine(
        row, reverse("oversight", args=[row.case_id]), str(CARD_COLOURS.get(row.colour, row.colour)),
        say_reason(row.reason), str(CARD_STATES.get(row.state, row.state)), say_moment(row.given_at, at),
        case is not None and row.state == CardState.GIVEN and row.organisation_id in case.answers_for, can_rule,
    )  # fmt: skip


def _ask(request: ViewerRequest, case_id: UUID, at: datetime) -> None:
    sent = request.POST
    kind = sent.get("kind", "")
    days = sent.get("days", "")
    asked = TimeAsked(
        TimeKind(kind) if kind in set(TimeKind) else TimeKind.EXTENSION, sent.get("reason", ""), sent.get("note", ""),
        int(days) if days.isdecimal() and len(days) < 4 else 0,  # noqa: PLR2004 - far above every limit
        read_day(sent.get("until", "")),
    )  # fmt: skip
    ask_time(district_id=request.viewer.district_id, case_id=case_id, asked=asked, by=request.viewer, at=at)


def _decide(request: ViewerRequest, case_id: UUID, at: datetime) -> None:
    del case_id
    decide_time(
        district_id=request.viewer.district_id, request_id=_id(request.POST), by=request.viewer, at=at,
        is_granted=request.POST.get("do") == "grant", note=request.POST.get("note", ""),
    )  # fmt: skip


def _supervise(request: ViewerRequest, case_id: UUID, at: datetime) -> None:
    sent, reason = request.POST, request.POST.get("reason", "")
    day = read_day(sent.get("answer_by", ""))
    if reason not in set(SupervisionReason):
        raise InvalidInput("reason_missing", field="reason")
    demand = Demand(SupervisionReason(reason), sent.get("text", ""), day or date.min)
    open_supervision(
        district_id=request.viewer.district_id, case_id=case_id, demand=demand, by=request.viewer, at=at
    )  # fmt: skip


def _answer(request: ViewerRequest, case_id: UUID, at: datetime) -> None:
    del case_id
    answer_supervision(
        district_id=request.viewer.district_id, supervision_id=_id(request.POST), text=request.POST.get("text", ""),
        by=request.viewer, at=at,
    )  # fmt: skip


def _end(request: ViewerRequest, case_id: UUID, at: datetime) -> None:
    del case_id
    end_supervision(
        district_id=request.viewer.district_id, supervision_id=_id(request.POST), by=request.viewer, at=at,
        is_done=request.POST.get("do") == "close", text=request.POST.get("text", ""),
    )  # fmt: skip


def _appeal(request: ViewerRequest, case_id: UUID, at: datetime) -> None:
    del case_id
    appeal_card(
        district_id=request.viewer.district_id, card_id=_id(request.POST), text=request.POST.get("text", ""),
        by=request.viewer, at=at,
    )  # fmt: skip


def _rule(request: ViewerRequest, case_id: UUID, at: datetime) -> None:
    del case_id
    rule_on_card(
        district_id=request.viewer.district_id, card_id=_id(request.POST), by=request.viewer, at=at,
        is_taken_back=request.POST.get("do") == "take-back", text=request.POST.get("text", ""),
    )  # fmt: skip


def _id(sent: QueryDict) -> UUID:
    try:
        return UUID(sent.get("id", ""))
    except ValueError as error:
        raise NotFound("no_such_request") from error


_DEEDS: Mapping[str, Callable[[ViewerRequest, UUID, datetime], None]] = {
    "ask": _ask, "decide": _decide, "supervise": _supervise, "answer": _answer, "end": _end, "appeal": _appeal,
    "rule": _rule,
}  # fmt: skip
