"""Handing a person's open work over to somebody else in one step."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from linli.cases.actions.handing_over import hand_over
from linli.cases.queries.open_work import count_open_work
from linli.edges.request import ViewerRequest
from linli.edges.web.access import staff_only
from linli.edges.web.desk.asking import read_uuids
from linli.edges.web.desk.telling import status_of, tells_errors
from linli.edges.web.people.picking import Option, Picked, as_id, pick_post, post_option
from linli.edges.words.errors import say_error
from linli.kernel.errors import LinliError
from linli.registry.people.choices import Verb
from linli.registry.people.queries import list_colleagues
from linli.registry.people.queries.managing import ManagedPerson, get_managed_person
from linli.registry.people.rules import may_somewhere


@require_http_methods(["GET", "POST"])
@staff_only
@tells_errors
def hand_over_work(request: ViewerRequest, person_id: UUID) -> HttpResponse:
    """Ask whose posts' work goes to whom, and hand it over."""
    viewer = request.viewer
    may_somewhere(viewer, Verb.MANAGE_POSTS).require()
    person = get_managed_person(viewer=viewer, person_id=person_id)
    counts = count_open_work(viewer=viewer, post_ids=[row.id for row in person.posts])
    suggested = _suggested(request, person, counts)
    if request.method == "GET":
        return _form(request, person, counts, QueryDict(), Picked("to", options=tuple(suggested)))
    sent, at = request.POST, timezone.now()
    picked = pick_post(sent, "to", district_id=viewer.district_id, on=timezone.localdate(at), suggested=suggested)
    to_post = as_id(picked)
    if to_post is None:
        return _form(request, person, counts, sent, picked, status=422)
    try:
        number = hand_over(from_posts=read_uuids(sent.getlist("posts")), to_post=to_post, by=viewer, at=at)
    except LinliError as error:
        return _form(request, person, counts, sent, picked, error=say_error(error), status=status_of(error))
    messages.success(
        request, ngettext("%(n)d case was handed over.", "%(n)d cases were handed over.", number) % {"n": number}
    )
    return HttpResponseRedirect(reverse("person", args=[person.id]))


def _suggested(request: ViewerRequest, person: ManagedPerson, counts: dict[UUID, int]) -> list[Option]:
    """Offer the posts that may do this work and lie nearest: of the same area, or of the same organisation."""
    posts = [row for row in person.posts if counts.get(row.id)]
    rows = list_colleagues(
        district_id=request.viewer.district_id, area_paths=[row.area_path for row in posts],
        organisation_ids=[row.organisation_id for row in posts], verb=Verb.WORK_CASES, on=timezone.localdate(),
        limit=8,
    )  # fmt: skip
    return [post_option(row) for row in rows if row.person_id != person.id]


def _form(
    request: ViewerRequest, person: ManagedPerson, counts: dict[UUID, int], sent: QueryDict, picked: Picked, *,
    error: str = "", status: int = 200,
) -> HttpResponse:  # fmt: skip
    chosen = set(sent.getlist("posts"))
    posts = [
        (row, f"{row.role_name}·{row.area_name}", counts[row.id], not sent or str(row.id) in chosen)
        for row in person.posts if counts.get(row.id)
    ]  # fmt: skip
    context = {"person": person, "posts": posts, "pick": picked, "error": error}
    return render(request, "web/people/hand_over.html", context, status=status)
