"""What people ask about their own data: the queue, a request, its answer; and asking for who stands at the counter."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.edges.callers import address_of
from linli.edges.request import ViewerRequest
from linli.edges.web.access import staff_only
from linli.edges.web.desk.asking import read_uuid
from linli.edges.web.desk.telling import status_of, tells_errors
from linli.edges.words.errors import say_error
from linli.edges.words.personal_data import PARTS, REFUSALS, say_request
from linli.kernel.errors import InvalidInput, NotFound
from linli.oversight.privacy.actions.answering import LONGEST_ANSWER, Answer, answer_request
from linli.oversight.privacy.actions.asking import Asked, make_request
from linli.oversight.privacy.choices import Part, RequestKind
from linli.oversight.privacy.queries.requests import get_request, list_requests
from linli.oversight.privacy.rules import may_answer_somewhere


@never_cache
@require_GET
@staff_only
@tells_errors
def show_requests(request: ViewerRequest) -> HttpResponse:
    """List what waits, due first, and what was answered lately."""
    viewer, at = request.viewer, timezone.now()
    may_answer_somewhere(viewer).require()
    context = {
        "waiting": [say_request(row, at) for row in list_requests(viewer=viewer, at=at)],
        "answered": [say_request(row, at) for row in list_requests(viewer=viewer, at=at, is_answered=True, limit=30)],
    }
    return render(request, "web/desk/data_requests.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@staff_only
@tells_errors
def show_request(request: ViewerRequest, request_id: UUID) -> HttpResponseBase:
    """Show one and take its answer."""
    viewer, error = request.viewer, None
    may_answer_somewhere(viewer).require()
    if request.method == "POST":
        try:
            answer_request(viewer=viewer, request_id=request_id, answer=_read(request), source_ip=address_of(request),
                           at=timezone.now())  # fmt: skip
        except InvalidInput as refused:
            error = refused
        else:
            messages.success(request, _("Answered. Who asked sees it with number and code."))
            return HttpResponseRedirect(reverse("data_request", args=[request_id]))
    asked = get_request(viewer=viewer, request_id=request_id, at=timezone.now())
    chosen = request.POST.getlist("parts") if error else [
        part for part in asked.row.parts if not asked.row.is_case_open or part == Part.CONTACT
    ]  # fmt: skip
    context = {
        "asked": asked, "line": say_request(asked.row, timezone.now()), "reasons": REFUSALS.items(),
        "parts": [(part, PARTS[Part(part)], part in chosen) for part in asked.row.parts], "most": LONGEST_ANSWER,
        "error": say_error(error) if error else "", "words": request.POST.get("words", ""),
        "reason": request.POST.get("reason", ""),
    }  # fmt: skip
    return render(request, "web/desk/data_request.html", context, status=status_of(error) if error else 200)


@require_POST
@staff_only
@tells_errors
def ask_for_somebody(request: ViewerRequest, case_id: UUID) -> HttpResponseBase:
    """Put the wish of who stands at the counter into the queue: that what they left about a case be deleted."""
    reporter_id = read_uuid(request.POST.get("reporter", ""))
    if reporter_id is None:
        raise NotFound("no_such_case")
    asked = Asked(RequestKind.DELETE, tuple(Part))
    request_id = make_request(
        district_id=request.viewer.district_id, case_id=case_id, asked=asked, reporter_id=reporter_id,
        by=request.viewer, source_ip=address_of(request), at=timezone.now(),
    )  # fmt: skip
    return HttpResponseRedirect(reverse("data_request", args=[request_id]))


def _read(request: ViewerRequest) -> Answer:
    sent = request.POST
    return Answer(
        is_granted=sent.get("answer") == "granted",
        parts=tuple(Part(part) for part in sent.getlist("parts") if part in set(Part)),
        reason=sent.get("reason", ""),
        words=sent.get("words", ""),
    )
