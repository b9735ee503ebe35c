"""A line of audit for each page of staff's that is printed: the browser says so before it prints."""

from contextlib import suppress

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from linli.edges.callers import address_of
from linli.edges.limits import PRINTS
from linli.edges.request import ViewerRequest
from linli.edges.web.access import staff_only
from linli.kernel.errors import TooManyRequests
from linli.ledger.audit.actions import write_line
from linli.ledger.audit.choices import LineKind


@require_POST
@staff_only
def note_printing(request: ViewerRequest) -> HttpResponse:
    """Write down that a page of ours was printed; its address alone, never what was asked for in it."""
    page = request.POST.get("page", "")
    if page.startswith("/") and "?" not in page:
        with suppress(TooManyRequests):
            PRINTS.take(str(request.viewer.person_id))
            write_line(district_id=request.viewer.district_id, kind=LineKind.PRINTED, at=timezone.now(),
                       actor_id=request.viewer.person_id, object_kind="page", object_id=page,
                       source_ip=address_of(request))  # fmt: skip
    return HttpResponse(status=204)
