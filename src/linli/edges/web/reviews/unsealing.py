"""Opening a sealed list: one asks with a reason, another opens it, and the two alone see it, by pressing a button."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from linli.edges.callers import address_of
from linli.edges.request import ViewerRequest
from linli.edges.web.access import staff_only
from linli.edges.web.desk.telling import status_of, tells_errors
from linli.edges.web.reviews.draw_words import groups_of
from linli.edges.words.errors import say_error
from linli.edges.words.times import say_moment
from linli.kernel.errors import Conflict, InvalidInput, LinliError
from linli.oversight.reviews.actions.auditing import register_auditor_key
from linli.oversight.reviews.actions.publishing import LONGEST_REASON, ask_unsealing, look_at_unsealed, unseal
from linli.oversight.reviews.queries.auditing import list_auditor_keys
from linli.oversight.reviews.queries.unsealing import OpenedJuror, get_unsealing, say_whose


@never_cache
@require_http_methods(["GET", "POST"])
@staff_only
@tells_errors
def show_unsealing(request: ViewerRequest, meeting_id: UUID) -> HttpResponse:
    """Show how far the list is; ask, open, or look. What the list says is never in an answer to GET."""
    by, ip, at, did = request.viewer, address_of(request), timezone.now(), request.POST.get("do", "")
    if request.method == "GET":
        return _show(request, meeting_id)
    try:
        if did == "ask":
            ask_unsealing(session_id=meeting_id, reason=request.POST.get("reason", ""), by=by, source_ip=ip, at=at)
            messages.success(request, _("Asked. A second person opens the list now."))
            return HttpResponseRedirect(reverse("review_unseal", args=[meeting_id]))
        act = unseal if did == "open" else look_at_unsealed
        whose = act(session_id=meeting_id, by=by, source_ip=ip, at=at)
    except (Conflict, InvalidInput) as error:
        return _show(request, meeting_id, error=error)
    if isinstance(whose, bytes):
        if did == "look":
            return _file(whose, meeting_id)
        messages.success(request, _("Opened for the two of you. Save the sealed file now."))
        return HttpResponseRedirect(reverse("review_unseal", args=[meeting_id]))
    return _show(request, meeting_id, opened=say_whose(viewer=by, session_id=meeting_id, whose=whose))


@never_cache
@require_http_methods(["GET", "POST"])
@staff_only
@tells_errors
def show_auditor_key(request: ViewerRequest) -> HttpResponse:
    """Show which key lists are sealed to, and take a new one's public half."""
    error: LinliError | None = None
    if request.method == "POST":
        try:
            register_auditor_key(public=request.POST.get("public", ""), by=request.viewer,
                                 source_ip=address_of(request), at=timezone.now())  # fmt: skip
        except (Conflict, InvalidInput) as refused:
            error = refused
        else:
            messages.success(
                request, _("Registered. Lists of sessions that close from now on open with this key alone.")
            )
            return HttpResponseRedirect(reverse("review_auditor_key"))
    now = timezone.now()
    keys = [(row, groups_of(row.fingerprint), say_moment(row.registered_at, now))
            for row in list_auditor_keys(viewer=request.viewer)]  # fmt: skip
    context = {"keys": keys, "error": say_error(error) if error else "", "public": request.POST.get("public", "")}
    return render(request, "web/reviews/auditor_key.html", context, status=status_of(error) if error else 200)


def _file(sealed: bytes, meeting_id: UUID) -> HttpResponse:
    response = HttpResponse(sealed, content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="sealed-{meeting_id}.json"'
    return response


def _show(
    request: ViewerRequest, meeting_id: UUID, *, error: LinliError | None = None,
    opened: list[OpenedJuror] | None = None,
) -> HttpResponse:  # fmt: skip
    page, now = get_unsealing(viewer=request.viewer, session_id=meeting_id), timezone.now()
    context = {
        "page": page, "meeting_id": meeting_id, "opened": opened, "key_groups": groups_of(page.key),
        "most": LONGEST_REASON,
        "asked": say_moment(page.asked_at, now) if page.asked_at else "",
        "at": say_moment(page.opened_at, now) if page.opened_at else "",
        "error": say_error(error) if error else "", "reason": request.POST.get("reason", ""),
    }  # fmt: skip
    return render(request, "web/reviews/unseal.html", context, status=status_of(error) if error else 200)
