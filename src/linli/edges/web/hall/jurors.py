"""A juror's page: in by the badge at the door, then one task."""

import secrets
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from linli.edges.halls import SEAT_COOKIE, SEAT_COOKIE_S, SeatTicket, seat_behind, write_ticket
from linli.edges.request import ViewerRequest
from linli.edges.web.desk.telling import status_of
from linli.edges.web.hall.showing import hall_context
from linli.edges.words.errors import say_error
from linli.kernel.errors import LinliError
from linli.oversight.reviews.actions.juries import enter
from linli.oversight.reviews.queries.halls import district_of, get_hall, get_seat

_HOLDER_BYTES = 24


@require_GET
@never_cache
def show_juror(request: ViewerRequest, meeting_id: UUID) -> HttpResponse:
    """Show a juror's own page, or the door to whoever has not come in yet. At most 14 queries."""
    seat = seat_behind(request.COOKIES.get(SEAT_COOKIE, ""), session_id=meeting_id)
    if seat is None:
        return _door(request, meeting_id)
    state = get_hall(district_id=seat.district_id, session_id=meeting_id)
    own = get_seat(seat=seat)
    return render(request, "web/hall/juror.html", hall_context(state) | {"seat": own, "meeting_id": meeting_id})


@require_POST
@never_cache
def enter_hall(request: ViewerRequest, meeting_id: UUID) -> HttpResponse:
    """Let a browser in by a badge. 6 queries."""
    holder = secrets.token_urlsafe(_HOLDER_BYTES)
    known = seat_behind(request.COOKIES.get(SEAT_COOKIE, ""), session_id=meeting_id)
    response = HttpResponseRedirect(reverse("hall_juror", args=[meeting_id]))
    if known is not None:
        return response
    try:
        district_id = district_of(meeting_id)
        badge = request.POST.get("badge", "")
        juror_id = enter(session_id=meeting_id, badge=badge, holder=holder, at=timezone.now())
    except LinliError as error:
        return _door(request, meeting_id, error)
    ticket = SeatTicket(district_id, meeting_id, juror_id, holder)
    response.set_cookie(SEAT_COOKIE, write_ticket(ticket), max_age=SEAT_COOKIE_S, httponly=True, samesite="Lax",
                        secure=request.is_secure(), path="/hall/")  # fmt: skip
    return response


def _door(request: ViewerRequest, meeting_id: UUID, error: LinliError | None = None) -> HttpResponse:
    given = request.POST.get("badge", "") or request.GET.get("badge", "")
    context = {"badge": given, "meeting_id": meeting_id, "error": say_error(error) if error else "",
               "without_badge": _("Scan the code on your badge to come in.")}  # fmt: skip
    return render(request, "web/hall/door.html", context, status=status_of(error) if error else 200)
