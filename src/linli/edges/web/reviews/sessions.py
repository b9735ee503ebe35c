"""A session's page: when and where, who reports in which order, the way into the hall."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from linli.edges.request import ViewerRequest
from linli.edges.web.access import staff_only
from linli.edges.web.desk.telling import status_of, tells_errors
from linli.edges.web.verifying import review_program_sha256
from linli.edges.words.errors import say_error
from linli.edges.words.reviews import BALLOT_MODES, OCCASIONS, PHASES
from linli.edges.words.times import say_moment
from linli.kernel.errors import InvalidInput, LinliError
from linli.oversight.reviews.actions.arranging import arrange_session
from linli.oversight.reviews.queries.sessions import SessionPage, get_session

_MINUTE_MS = 60_000


@require_http_methods(["GET", "POST"])
@staff_only
@tells_errors
def show_session(request: ViewerRequest, meeting_id: UUID) -> HttpResponse:
    """Show a session, and keep when and where it is."""
    page = get_session(viewer=request.viewer, session_id=meeting_id)
    if request.method == "GET":
        return _show(request, page)
    sent = request.POST
    try:
        arrange_session(
            session_id=meeting_id, planned_at=_moment(sent.get("planned_at", "")), place=sent.get("place", ""),
            venues=sent.get("venues", "").splitlines(), by=request.viewer, at=timezone.now(),
        )  # fmt: skip
    except LinliError as error:
        return _show(request, page, error)
    messages.success(request, _("Kept."))
    return HttpResponseRedirect(reverse("review_session", args=[meeting_id]))


def _show(request: ViewerRequest, page: SessionPage, error: LinliError | None = None) -> HttpResponse:
    now, sent = timezone.now(), request.POST
    context = {
        "page": page, "when": say_moment(page.planned_at, now), "occasion": str(OCCASIONS[page.occasion]),
        "mode": str(BALLOT_MODES[page.ballot_mode]), "phase": str(PHASES[page.phase]) if page.phase else "",
        "turns": [(turn, _minutes(turn.talk_ms), _minutes(turn.comment_ms), turn.talk_overrun_ms // 1000,
                   turn.comment_overrun_ms // 1000)
                  for turn in page.turns],
        "planned_at": sent.get("planned_at") or f"{timezone.localtime(page.planned_at):%Y-%m-%dT%H:%M}",
        "place": sent.get("place", page.place), "venues": sent.get("venues", "\n".join(page.venues)),
        "sha256": review_program_sha256(),
        "error": say_error(error) if error else "", "error_field": error.field if error else "",
    }  # fmt: skip
    return render(request, "web/reviews/session.html", context, status=status_of(error) if error else 200)


def _minutes(ms: int | None) -> str:
    return f"{ms // _MINUTE_MS}:{ms % _MINUTE_MS // 1000:02d}" if ms is not None else ""


def _moment(typed: str) -> datetime:
    try:
        return timezone.make_aware(datetime.fromisoformat(typed))
    except ValueError:
        raise InvalidInput("bad_time", field="planned_at") from None
