"""One's own posts, and who stands in: named by oneself, or by who manages posts there."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.edges.callers import address_of
from linli.edges.request import ViewerRequest
from linli.edges.web.access import staff_only
from linli.edges.web.accounts.sessions import session_lines
from linli.edges.web.desk.asking import read_day, read_uuids
from linli.edges.web.desk.telling import status_of, tells_errors
from linli.edges.web.people.lists import post_line
from linli.edges.web.people.person import absence_lines
from linli.edges.web.people.picking import Picked, as_id, pick_person
from linli.edges.words.errors import say_error
from linli.edges.words.people import ABSENCES
from linli.edges.words.times import say_day
from linli.kernel.errors import LinliError
from linli.registry.people.actions.absences import Away, call_off_absence, set_absence
from linli.registry.people.choices import AbsenceKind
from linli.registry.people.queries.managing import ManagedPerson, get_managed_person, get_own_person
from linli.registry.people.queries.sessions import list_own_sessions

_FIELDS = ("posts", "deputy", "starts_on", "ends_on")


@require_GET
@staff_only
@tells_errors
def show_account(request: ViewerRequest) -> HttpResponse:
    """Show one's own posts, for whom one stands in, who stands in for oneself, and where one is signed in."""
    at = timezone.now()
    today = timezone.localdate(at)
    person = get_own_person(viewer=request.viewer)
    in_hand = {post.post_id: post for post in reversed(request.viewer.posts)}
    lent = [(post, say_day(post.deputy_until, today)) for post in reversed(in_hand.values()) if post.deputy_until]
    mine = list_own_sessions(viewer=request.viewer, this=request.session.session_key or "", at=at)
    context = {
        "person": person, "lent": lent, "sessions": session_lines(mine, at),
        "absences": absence_lines(person.posts, at), "may_lend": True,
        "posts": [post_line(row, today) for row in person.posts if row.ends_on is None or row.ends_on >= today],
    }  # fmt: skip
    return render(request, "web/people/account.html", context)


@require_http_methods(["GET", "POST"])
@staff_only
@tells_errors
def new_absence(request: ViewerRequest, person_id: UUID) -> HttpResponse:
    """Name a deputy for some days."""
    is_self = person_id == request.viewer.person_id
    viewer = request.viewer
    person = get_own_person(viewer=viewer) if is_self else get_managed_person(viewer=viewer, person_id=person_id)
    if request.method == "GET":
        return _form(request, person, QueryDict(), Picked("deputy"))
    sent, at = request.POST, timezone.now()
    picked = pick_person(sent, "deputy", district_id=viewer.district_id, on=timezone.localdate(at))
    deputy = as_id(picked)
    if deputy is None:
        return _form(request, person, sent, picked, status=422)
    try:
        away = Away(deputy, read_day(sent.get("starts_on", "")), read_day(sent.get("ends_on", "")),
                    sent.get("kind", ""))  # fmt: skip
        set_absence(person_id=person.id, post_ids=read_uuids(sent.getlist("posts")), away=away, by=viewer,
                    source_ip=address_of(request), at=at)  # fmt: skip
    except LinliError as error:
        return _form(request, person, sent, picked, error=error, status=status_of(error))
    messages.success(request, _("Named. On those days the work shows in the deputy's list."))
    return HttpResponseRedirect(_back(request, person.id))


@require_POST
@staff_only
@tells_errors
def end_absence(request: ViewerRequest, absence_id: UUID) -> HttpResponse:
    """End an absence before its last day, or before it began."""
    person_id = call_off_absence(absence_id=absence_id, by=request.viewer, source_ip=address_of(request),
                                 at=timezone.now())  # fmt: skip
    messages.success(request, _("Called off. The work is back with its holder."))
    return HttpResponseRedirect(_back(request, person_id))


def _back(request: ViewerRequest, person_id: UUID) -> str:
    is_self = person_id == request.viewer.person_id
    return reverse("account") if is_self else reverse("person", args=[person_id])


def _form(
    request: ViewerRequest, person: ManagedPerson, sent: QueryDict, picked: Picked, *, error: LinliError | None = None,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    today = timezone.localdate()
    chosen = set(sent.getlist("posts"))
    posts = [
        (row, f"{row.role_name}·{row.area_name}", not sent or str(row.id) in chosen)
        for row in person.posts if row.ends_on is None or row.ends_on >= today
    ]  # fmt: skip
    context = {
        "person": person, "is_self": person.id == request.viewer.person_id, "posts": posts, "pick": picked,
        "kinds": ABSENCES.items(), "kind": sent.get("kind", "") or AbsenceKind.LEAVE.value, "fields": _FIELDS,
        "starts_on": sent.get("starts_on", "") or today.isoformat(), "ends_on": sent.get("ends_on", ""),
        "error": say_error(error) if error else "", "error_field": error.field if error else "",
        "back": _back(request, person.id),
    }  # fmt: skip
    return render(request, "web/people/absence.html", context, status=status)
