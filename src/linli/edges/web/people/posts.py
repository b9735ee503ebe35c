"""Writing down a person, giving a post, saying when one ends."""

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from linli.cases.queries.open_work import count_open_work
from linli.edges.callers import address_of
from linli.edges.request import ViewerRequest
from linli.edges.web.access import staff_only
from linli.edges.web.desk.asking import read_day, read_uuid
from linli.edges.web.desk.telling import status_of, tells_errors
from linli.edges.web.people.lists import post_line
from linli.edges.web.people.picking import Picked, as_id, find_areas, pick_area, pick_managed, pick_organisation
from linli.edges.words.errors import say_error
from linli.edges.words.times import say_day
from linli.kernel.errors import LinliError, NotFound
from linli.registry.people.actions.posts import PostTerm, make_person, make_post, set_further_areas, set_last_day
from linli.registry.people.choices import Reach
from linli.registry.people.queries.managing import (
    ManagedPerson,
    PostRow,
    get_managed_person,
    get_managed_post,
    list_roles,
)
from linli.registry.people.rules import may_make_person


@require_http_methods(["GET", "POST"])
@staff_only
@tells_errors
def new_person(request: ViewerRequest) -> HttpResponse:
    """Write down somebody new, then go on to the post."""
    may_make_person(request.viewer).require()
    sent = request.POST
    if request.method == "GET":
        return render(request, "web/people/new_person.html", {"typed": {}})
    try:
        person_id = make_person(code=sent.get("code", ""), name=sent.get("name", ""), phone=sent.get("phone", ""),
                                by=request.viewer, source_ip=address_of(request), at=timezone.now())  # fmt: skip
    except LinliError as error:
        context = {"typed": sent, "error_field": error.field, "error": say_error(error)}
        return render(request, "web/people/new_person.html", context, status=status_of(error))
    return HttpResponseRedirect(f"{reverse('post_new')}?person={person_id}")


@require_http_methods(["GET", "POST"])
@staff_only
@tells_errors
def new_post(request: ViewerRequest) -> HttpResponse:
    """Give a post: to the person named in the address, or to who is picked."""
    may_make_person(request.viewer).require()
    sent = request.POST if request.method == "POST" else request.GET
    known = read_uuid(sent.get("person", ""))
    person = get_managed_person(viewer=request.viewer, person_id=known) if known else None
    if request.method == "GET":
        return _post_form(request, sent, person, [])
    today = timezone.localdate()
    picks = [
        pick_area(sent, "area", district_id=request.viewer.district_id, on=today),
        pick_organisation(sent, "organisation", district_id=request.viewer.district_id, on=today),
    ]
    who = person.id if person else None
    if who is None:
        picks.append(pick_managed(sent, "who", viewer=request.viewer, on=today))
        who = as_id(picks[-1])
    if who is None or not all(picked.value for picked in picks):
        return _post_form(request, sent, person, picks, status=422)
    try:
        term = PostTerm(sent.get("role", ""), as_id(picks[1]), picks[0].value, read_day(sent.get("starts_on", "")),
                        read_day(sent.get("ends_on", "")),
                        find_areas(sent, "further", district_id=request.viewer.district_id, on=today))  # fmt: skip
        make_post(person_id=who, term=term, by=request.viewer, source_ip=address_of(request), at=timezone.now())
    except LinliError as error:
        return _post_form(request, sent, person, picks, error=error, status=status_of(error))
    messages.success(request, _("The post is given."))
    return HttpResponseRedirect(reverse("person", args=[who]))


@require_http_methods(["GET", "POST"])
@staff_only
@tells_errors
def end_post(request: ViewerRequest, post_id: UUID) -> HttpResponse:
    """Say when a post ends, or that it goes on without an end."""
    person, row = get_managed_post(viewer=request.viewer, post_id=post_id)
    sent, today = request.POST, timezone.localdate()
    back = reverse("person", args=[person.id])
    if request.method == "GET":
        return _end_form(request, person, row, day=(row.ends_on or today).isoformat())
    try:
        last = read_day(sent.get("ends_on", ""))
        set_last_day(post_id=post_id, ends_on=last, by=request.viewer, source_ip=address_of(request),
                     at=timezone.now())  # fmt: skip
    except LinliError as error:
        return _end_form(request, person, row, day=sent.get("ends_on", ""), error=error, status=status_of(error))
    messages.success(
        request, _("The last day is %(day)s.") % {"day": say_day(last, today)} if last else _("The post goes on.")
    )
    is_over = last is not None and last <= today
    if is_over and any(count_open_work(viewer=request.viewer, post_ids=[post_id]).values()):
        return HttpResponseRedirect(reverse("person_hand_over", args=[person.id]))
    return HttpResponseRedirect(back)


@require_http_methods(["GET", "POST"])
@staff_only
@tells_errors
def post_areas(request: ViewerRequest, post_id: UUID) -> HttpResponse:
    """Say which further areas a post reaches."""
    person, row = get_managed_post(viewer=request.viewer, post_id=post_id)
    if row.reach != Reach.CUSTOM:
        raise NotFound("no_such_post_here")
    today, error = timezone.localdate(), None
    typed = request.POST.get("further", " ".join(code for code, _name in row.further))
    if request.method == "POST":
        try:
            codes = find_areas(request.POST, "further", district_id=request.viewer.district_id, on=today)
            changed = set_further_areas(post_id=post_id, codes=codes, by=request.viewer,
                                        source_ip=address_of(request), at=timezone.now())  # fmt: skip
        except LinliError as refusal:
            error = refusal
        else:
            messages.success(request, _("The areas of the post are changed.") if changed else _("Nothing changed."))
            return HttpResponseRedirect(reverse("person", args=[person.id]))
    context = {"person": person, "post": row, "line": post_line(row, today), "further": typed,
               "codes": row.further, "error": say_error(error) if error else ""}  # fmt: skip
    return render(request, "web/people/post_areas.html", context, status=status_of(error) if error else 200)


def _post_form(
    request: ViewerRequest, sent: QueryDict, person: ManagedPerson | None, picks: Sequence[Picked], *,
    error: LinliError | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    today = timezone.localdate()
    found, roles = {picked.name: picked for picked in picks}, list_roles()
    context = {
        "person": person, "roles": roles, "role": sent.get("role", ""),
        "starts_on": sent.get("starts_on", "") or today.isoformat(), "ends_on": sent.get("ends_on", ""),
        "further": sent.get("further", ""), "has_custom": any(role.reach == Reach.CUSTOM for role in roles),
        "picks": {name: found.get(name, Picked(name, sent.get(name, "")))
                  for name in ("who", "area", "organisation")},
        "error": say_error(error) if error else "", "error_field": error.field if error else "",
    }  # fmt: skip
    return render(request, "web/people/new_post.html", context, status=status)


def _end_form(
    request: ViewerRequest, person: ManagedPerson, row: PostRow, *, day: str, error: LinliError | None = None,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    today = timezone.localdate()
    context = {"person": person, "post": row, "line": post_line(row, today), "day": day,
               "error": say_error(error) if error else ""}  # fmt: skip
    return render(request, "web/people/end_post.html", context, status=status)
