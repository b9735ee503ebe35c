"""Where one is signed in, and ending it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from linli.edges.callers import address_of
from linli.edges.request import ViewerRequest
from linli.edges.web.access import staff_only
from linli.edges.web.accounts.entering import keep_session
from linli.edges.web.desk.telling import tells_errors
from linli.edges.words.devices import MEANS, say_device, say_place
from linli.edges.words.times import say_moment
from linli.registry.people.actions.sessions import end_other_sessions, end_own_session
from linli.registry.people.queries.sessions import SessionRow


@dataclass(frozen=True, slots=True)
class SessionLine:
    """A session in words."""

    id: UUID
    device: str
    place: str
    means: str
    began: str
    seen: str
    is_this: bool


@require_POST
@staff_only
@tells_errors
def end_session_page(request: ViewerRequest, session_id: UUID) -> HttpResponse:
    """End one of one's own sessions."""
    end_own_session(by=request.viewer, session_id=session_id, source_ip=address_of(request), at=timezone.now())
    messages.success(request, _("Signed out there."))
    return HttpResponseRedirect(reverse("account"))


@require_POST
@staff_only
@tells_errors
def end_others_page(request: ViewerRequest) -> HttpResponse:
    """End all sessions but this one."""
    stamped_at = end_other_sessions(by=request.viewer, keep=request.session.session_key or "",
                                    source_ip=address_of(request), at=timezone.now())  # fmt: skip
    keep_session(request, stamped_at)
    messages.success(request, _("Signed out everywhere else."))
    return HttpResponseRedirect(reverse("account"))


def session_lines(rows: list[SessionRow], at: datetime) -> list[SessionLine]:
    """Put sessions into words."""
    return [
        SessionLine(row.id, say_device(row.browser, row.system), say_place(row.source_ip),
                    str(MEANS.get(row.means, row.means)), say_moment(row.began_at, at), say_moment(row.seen_at, at),
                    row.is_this)
        for row in rows
    ]  # fmt: skip
