"""Staff's pages in a hall: the big screen, the host's console, the order for presenters, the jury."""

from uuid import UUID

import segno
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from linli.edges.callers import address_of
from linli.edges.halls import TIME
from linli.edges.request import ViewerRequest
from linli.edges.web.access import staff_only
from linli.edges.web.desk.asking import read_uuid
from linli.edges.web.desk.telling import tells_errors
from linli.edges.web.hall.commands import BUTTONS, MAIN
from linli.edges.web.hall.showing import hall_context
from linli.edges.web.verifying import review_program_sha256
from linli.edges.words.errors import say_error
from linli.edges.words.times import say_moment
from linli.kernel.errors import InvalidInput, LinliError, NotFound
from linli.oversight.reviews.actions.halls import confirm_bells, open_session, press
from linli.oversight.reviews.actions.juries import let_out, make_badges, recuse, seat_jury
from linli.oversight.reviews.calc.clock import Command
from linli.oversight.reviews.queries.halls import HallState, get_hall, get_host_view, get_jury, require_watcher


@require_GET
@never_cache
@staff_only
@tells_errors
def show_screen(request: ViewerRequest, meeting_id: UUID) -> HttpResponse:
    """Show the big screen. 8 queries beside the frame's."""
    return render(request, "web/hall/screen.html", hall_context(_watched(request, meeting_id)))


@require_GET
@never_cache
@staff_only
@tells_errors
def show_order(request: ViewerRequest, meeting_id: UUID) -> HttpResponse:
    """Show who reports when, and what time runs: for presenters and branch venues. 8 queries beside the frame's."""
    context = hall_context(_watched(request, meeting_id)) | {"sha256": review_program_sha256()}
    return render(request, "web/hall/order.html", context)


@require_GET
@never_cache
@staff_only
@tells_errors
def show_host(request: ViewerRequest, meeting_id: UUID) -> HttpResponse:
    """Show the host's console. 14 queries beside the frame's."""
    at, state = TIME.now(), _watched(request, meeting_id)
    view = get_host_view(viewer=request.viewer, state=state, at=at)
    names = dict(view.groups)
    context = hall_context(state) | {
        "view": view, "at": timezone.localtime(at),
        "groups": [(names.get(code, code), [one for one in view.jurors if one.group == code])
                   for code in dict.fromkeys(juror.group for juror in view.jurors)],
        "counts": {kind: sum(juror.state == kind for juror in view.jurors)
                   for kind in ("cast", "paper", "draft", "away")},
        "main": next((command for command in MAIN if command in view.commands), ""),
        "steps": _steps(state),
        "phones": sum(juror.has_browser for juror in view.jurors),
        "lost_phones": [f"{juror.number:02d}" for juror in view.jurors if juror.is_lost],
        "lamps": [(lamp, say_moment(lamp.seen_at, at)) for lamp in view.lamps],
    }  # fmt: skip
    context["main_words"] = BUTTONS.get(context["main"], "")
    context["others"] = [
        (command, BUTTONS[command]) for command in view.commands
        if command not in {context["main"], Command.PAUSE.value, Command.RESUME.value}
    ]  # fmt: skip
    return render(request, "web/hall/host.html", context)


@require_POST
@staff_only
@tells_errors
def press_host(request: ViewerRequest, meeting_id: UUID) -> HttpResponse:
    """Do what the host pressed, from the revision that the host saw; the console says if somebody was faster."""
    command, by = request.POST.get("command", ""), request.viewer
    try:
        if command == "bells":
            confirm_bells(session_id=meeting_id, by=by, at=TIME.now())
        elif command == "open":
            TIME.set()
            open_session(session_id=meeting_id, by=by, at=TIME.now())
        else:
            press(session_id=meeting_id, command=_command(command), seen=_seen(request), by=by, at=TIME.now())
    except NotFound:
        raise
    except LinliError as error:
        messages.error(request, say_error(error))
    return HttpResponseRedirect(reverse("hall_host", args=[meeting_id]))


@require_GET
@never_cache
@staff_only
@tells_errors
def show_jury(request: ViewerRequest, meeting_id: UUID) -> HttpResponse:
    """Show who may sit and who sits on the jury. 8 queries beside the frame's."""
    jury = get_jury(viewer=request.viewer, session_id=meeting_id, on=timezone.localdate())
    return render(request, "web/hall/jury.html", {"jury": jury, "meeting_id": meeting_id})


@require_POST
@staff_only
@tells_errors
def change_jury(request: ViewerRequest, meeting_id: UUID) -> HttpResponse:
    """Seat the jury, let a telephone out, recuse a juror from a turn."""
    by, at, did = request.viewer, timezone.now(), request.POST.get("do", "")
    try:
        if did == "seat":
            chosen = {read_uuid(name[6:]): str(group) for name, group in request.POST.items() if name[:6] == "group_"}
            groups = {person: group for person, group in chosen.items() if person and group}
            count = seat_jury(session_id=meeting_id, groups=groups, by=by, at=at)
            messages.success(request, _("%(count)s jurors sit.") % {"count": count})
        elif did == "let_out":
            let_out(session_id=meeting_id, juror_id=_id(request, "juror"), by=by, source_ip=address_of(request), at=at)
            messages.success(request, _("Let out. The badge can be scanned again."))
        else:
            recuse(session_id=meeting_id, juror_id=_id(request, "juror"), turn_id=_id(request, "turn"), by=by, at=at)
            messages.success(request, _("This juror stays out of that turn."))
    except NotFound:
        raise
    except LinliError as error:
        messages.error(request, say_error(error))
    return HttpResponseRedirect(reverse("hall_jury", args=[meeting_id]))


@require_POST
@never_cache
@staff_only
@tells_errors
def print_badges(request: ViewerRequest, meeting_id: UUID) -> HttpResponse:
    """Make badges and show them once, to be printed."""
    chosen = read_uuid(request.POST.get("juror", ""))
    made = make_badges(session_id=meeting_id, juror_ids=frozenset({chosen} if chosen else ()), by=request.viewer,
                       at=timezone.now())  # fmt: skip
    jury = get_jury(viewer=request.viewer, session_id=meeting_id, on=timezone.localdate())
    door = request.build_absolute_uri(reverse("hall_juror", args=[meeting_id]))
    badges = [
        (juror, segno.make(f"{door}?badge={made[juror.id]}", error="m").svg_inline(
            light="#fff", omitsize=True, svgclass="qr", lineclass=None), f"{door}?badge={made[juror.id]}")
        for juror in jury.jurors if juror.id in made
    ]  # fmt: skip
    return render(request, "web/hall/badges.html", {"badges": badges, "jury": jury, "meeting_id": meeting_id})


def _watched(request: ViewerRequest, meeting_id: UUID) -> HallState:
    require_watcher(viewer=request.viewer, session_id=meeting_id)
    return get_hall(district_id=request.viewer.district_id, session_id=meeting_id)


def _steps(state: HallState) -> list[tuple[str, str, str]]:
    """List the steps of a turn: code, word, and whether it is past, now or to come."""
    steps = [("ready", _("Ready")), ("talk", _("Reporting")), ("comment", _("Comment")), ("score", _("Scoring")),
             ("result", _("Result"))]  # fmt: skip
    after = [("summary", _("Summing up")), ("deployment", _("Next steps")), ("closed", _("The session is closed"))]
    phase = state.clock.phase.value if state.clock else ""
    line = after if phase in dict(after) else steps
    here = next((number for number, (code, _word) in enumerate(line) if code == phase), -1)
    return [
        (code, word, "past" if number < here else "now" if number == here else "todo")
        for number, (code, word) in enumerate(line)
    ]


def _command(text: str) -> Command:
    try:
        return Command(text)
    except ValueError:
        raise InvalidInput("unknown_command", field="command") from None


def _seen(request: ViewerRequest) -> int:
    text = request.POST.get("seen", "")
    return int(text) if text.isdecimal() else -1


def _id(request: ViewerRequest, name: str) -> UUID:
    found = read_uuid(request.POST.get(name, ""))
    if found is None:
        raise NotFound("no_such_juror")
    return found
