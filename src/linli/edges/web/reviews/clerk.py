"""The clerk's page in the hall: write what is said, put it right, show it after the nod; and what the room sees."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from linli.edges.request import ViewerRequest
from linli.edges.web.access import staff_only
from linli.edges.web.desk.asking import read_uuid
from linli.edges.web.desk.telling import status_of, tells_errors
from linli.edges.words.errors import say_error
from linli.edges.words.reviews import REMARKS, say_who
from linli.edges.words.times import say_day
from linli.kernel.errors import Conflict, InvalidInput, LinliError
from linli.kernel.ids import new_id
from linli.oversight.reviews.actions.remarks import (
    LONGEST_REMARK,
    Said,
    change_remark,
    nod_remark,
    strike_remark,
    write_remark,
)
from linli.oversight.reviews.choices import Phase, RemarkKind
from linli.oversight.reviews.queries.meetings import Meeting, TurnLine, get_meeting, list_turns, standing_of
from linli.oversight.reviews.queries.remarks import RemarkRow, list_remarks, list_shown_remarks
from linli.registry.orgs.queries import list_organisations

_DEPLOYMENT = "deployment"
_USUAL_DAYS = 14
_NO_OWNERS = frozenset({"owners_committee", "property_company", "party_group"})


@dataclass(frozen=True, slots=True)
class RemarkLine:
    """A remark as the clerk sees it. who: has to do it; day: by when, in words."""

    row: RemarkRow
    kind: str
    day: str
    who: str


@dataclass(frozen=True, slots=True)
class Refused:
    """What could not be taken, kept in the form it came from; remark_id: of the one that was changed, "" if new."""

    error: LinliError
    said: Said
    remark_id: str = ""


@never_cache
@require_GET
@staff_only
@tells_errors
def show_clerk(request: ViewerRequest, meeting_id: UUID) -> HttpResponse:
    """Show the form for the turn that is on, or another one by ?turn=; asked by the page itself, what is written."""
    return _page(request, meeting_id, request.GET.get("turn", ""))


@never_cache
@require_GET
@staff_only
@tells_errors
def show_said(request: ViewerRequest, meeting_id: UUID) -> HttpResponse:
    """Show what leaders nodded to, for a second screen in the hall and for whoever serves in the district."""
    today = timezone.localdate(timezone.now())
    meeting = get_meeting(viewer=request.viewer, meeting_id=meeting_id)
    context = {
        "meeting": meeting, "shown": [_line(row, today) for row in list_shown_remarks(meeting=meeting)],
        "again": reverse("hall_said", args=[meeting_id]), "may_run": bool(meeting.may_run(request.viewer)),
    }  # fmt: skip
    is_part = bool(request.headers.get("HX-Request"))
    return render(request, "web/reviews/clerk_written.html" if is_part else "web/reviews/said.html", context)


@require_POST
@staff_only
@tells_errors
def write(request: ViewerRequest, meeting_id: UUID) -> HttpResponseBase:
    """Take a new remark."""
    turn, said = request.POST.get("turn", ""), _read(request)
    try:
        write_remark(
            by=request.viewer, meeting_id=meeting_id, turn_id=read_uuid(turn), said=said,
            key=request.POST.get("key", ""), at=timezone.now(),
        )  # fmt: skip
    except (InvalidInput, Conflict) as error:
        return _page(request, meeting_id, turn, Refused(error, said))
    return _back(meeting_id, turn)


@require_POST
@staff_only
@tells_errors
def change(request: ViewerRequest, meeting_id: UUID, remark_id: UUID) -> HttpResponseBase:
    """Put a remark right, show it after the nod, or strike it; what can't be done says why and keeps what was typed."""
    sent, viewer, at = request.POST, request.viewer, timezone.now()
    turn, said, version = sent.get("turn", ""), _read(request), _number(sent.get("version", ""))
    try:
        match sent.get("do"):
            case "nod":
                case_id = nod_remark(by=viewer, remark_id=remark_id, version=version, at=at)
                messages.success(request, _("Shown, and a case now.") if case_id else _("Shown."))
            case "strike":
                strike_remark(by=viewer, remark_id=remark_id, at=at)
            case _:
                change_remark(by=viewer, remark_id=remark_id, said=said, version=version, at=at)
    except (InvalidInput, Conflict) as error:
        return _page(request, meeting_id, turn, Refused(error, said, str(remark_id)))
    return _back(meeting_id, turn)


def _page(request: ViewerRequest, meeting_id: UUID, asked: str, refused: Refused | None = None) -> HttpResponse:
    viewer, at = request.viewer, timezone.now()
    meeting = get_meeting(viewer=viewer, meeting_id=meeting_id)
    turns, rows = list_turns(meeting=meeting), list_remarks(viewer=viewer, meeting=meeting)
    turn = _chosen(meeting, turns, asked)
    today = timezone.localdate(at)
    context = {
        "again": f"{reverse('hall_clerk', args=[meeting_id])}?turn={turn.id if turn else _DEPLOYMENT}",
        "meeting": meeting, "turns": turns, "turn": turn, "turn_value": turn.id if turn else _DEPLOYMENT,
        "lines": [_line(row, today) for row in rows if row.turn_id == (turn.id if turn else None)],
        "shown": [_line(row, today) for row in rows if row.nodded_at and not row.struck_at],
    }  # fmt: skip
    if request.headers.get("HX-Request") and refused is None:
        return render(request, "web/reviews/clerk_written.html", context)
    status = status_of(refused.error) if refused else 200
    return render(request, "web/reviews/clerk.html", context | _form(meeting, turn, refused, at), status=status)


def _form(meeting: Meeting, turn: TurnLine | None, refused: Refused | None, at: datetime) -> dict[str, object]:
    today = timezone.localdate(at)
    own = turn.organisation_id if turn else None
    found = list_organisations(district_id=meeting.district_id, on=today, area_path=meeting.area_path)
    owners = [row for row in found if row.kind not in _NO_OWNERS]
    usual = Said(
        RemarkKind.ASSIGNMENT if turn else RemarkKind.DEPLOYMENT, "", own, today + timedelta(days=_USUAL_DAYS)
    )  # fmt: skip
    return {
        "kinds": [(kind.value, REMARKS[kind]) for kind in (RemarkKind.ASSIGNMENT, RemarkKind.COMMENT)] if turn else [],
        "owners": sorted(owners, key=lambda row: row.id != own), "said": refused.said if refused else usual,
        "error": say_error(refused.error) if refused else "", "changed_id": refused.remark_id if refused else "",
        "key": new_id(), "first_day": today.isoformat(), "most": LONGEST_REMARK,
    }  # fmt: skip


def _chosen(meeting: Meeting, turns: list[TurnLine], asked: str) -> TurnLine | None:
    """Choose the turn that was asked for, else the one that is on; None for what the whole district has to do."""
    if asked == _DEPLOYMENT:
        return None
    asked_id = read_uuid(asked)
    named = next((turn for turn in turns if turn.id == asked_id), None)
    if named is not None:
        return named
    now = standing_of(meeting=meeting)
    if now.phase in {Phase.SUMMARY, Phase.DEPLOYMENT}:
        return None
    return next((turn for turn in turns if turn.id == now.turn_id), turns[0] if turns else None)


def _line(row: RemarkRow, today: date) -> RemarkLine:
    who = say_who(row.organisation, len(row.shares)) if row.organisation else ""
    return RemarkLine(row, str(REMARKS[row.kind]), say_day(row.due_on, today) if row.due_on else "", who)


def _read(request: ViewerRequest) -> Said:
    sent = request.POST
    return Said(
        kind=sent.get("kind", ""), text=sent.get("text", ""), organisation_id=read_uuid(sent.get("organisation", "")),
        due_on=_day(sent.get("due_on", "")),
        also=tuple(found for each in sent.getlist("also") if (found := read_uuid(each))),
    )  # fmt: skip


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _number(text: str) -> int:
    return int(text[:9]) if text.isdecimal() else 0


def _back(meeting_id: UUID, turn: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(f"{reverse('hall_clerk', args=[meeting_id])}?turn={read_uuid(turn) or _DEPLOYMENT}")
