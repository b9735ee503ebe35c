"""Ballots from paper, for jurors whose telephone is dead: typed by one clerk, typed again by another, then cast."""

import re
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from linli.edges.callers import address_of
from linli.edges.halls import TIME
from linli.edges.request import ViewerRequest
from linli.edges.web.access import staff_only
from linli.edges.web.desk.asking import read_uuid
from linli.edges.web.desk.telling import status_of, tells_errors
from linli.edges.words.errors import say_error
from linli.kernel.errors import LinliError, NotAllowed, NotFound
from linli.oversight.reviews.actions.paper import Paper, type_paper
from linli.oversight.reviews.queries.paper import get_paper

_MOST_PARTS = 20
_NUMBER = re.compile(r"[0-9]{1,3}")


@never_cache
@require_http_methods(["GET", "POST"])
@staff_only
@tells_errors
def show_paper(request: ViewerRequest, meeting_id: UUID) -> HttpResponse:
    """Show whose ballot is missing, and take one as it was read; what could not be taken stays in the form."""
    if request.method == "GET":
        return _show(request, meeting_id)
    try:
        is_cast = type_paper(session_id=meeting_id, paper=_read(request), by=request.viewer,
                             source_ip=address_of(request), at=TIME.now())  # fmt: skip
    except (NotFound, NotAllowed):
        raise
    except LinliError as error:
        return _show(request, meeting_id, error)
    messages.success(
        request,
        _("Two people typed the same: the ballot counts.") if is_cast
        else _("Kept. Now a second person types it from the sheet, at their own sign-in."),
    )  # fmt: skip
    return HttpResponseRedirect(reverse("hall_paper", args=[meeting_id]))


def _show(request: ViewerRequest, meeting_id: UUID, error: LinliError | None = None) -> HttpResponse:
    page, sent = get_paper(viewer=request.viewer, session_id=meeting_id), request.POST
    context = {
        "page": page, "meeting_id": meeting_id, "error": say_error(error) if error else "",
        "parts": [(number, part, sent.get(f"part_{number}", "")) for number, part in enumerate(page.parts)],
        "chosen": sent.get("juror", ""),
    }  # fmt: skip
    return render(request, "web/hall/paper.html", context, status=status_of(error) if error else 200)


def _read(request: ViewerRequest) -> Paper:
    sent = request.POST
    juror, turn = read_uuid(sent.get("juror", "")), read_uuid(sent.get("turn", ""))
    if juror is None or turn is None:
        raise NotFound("no_such_juror")
    given = [sent.get(f"part_{number}", "").strip() for number in range(_MOST_PARTS) if f"part_{number}" in sent]
    return Paper(turn, juror, [int(each) if _NUMBER.fullmatch(each) else -1 for each in given])
