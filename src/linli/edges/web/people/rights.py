"""What somebody may see and do, and why: by the very rules that decide it; and how far each role reaches."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from linli.cases.queries.explaining import explain_case
from linli.edges.callers import address_of
from linli.edges.request import ViewerRequest
from linli.edges.web.access import staff_only
from linli.edges.web.desk.telling import tells_errors
from linli.edges.web.people.picking import Picked, pick_area
from linli.edges.web.people.tabs import people_tabs
from linli.edges.words.cases import say_state, say_verb
from linli.edges.words.errors import say_error
from linli.edges.words.people import REACHES, VERBS, say_any_decision, say_reach
from linli.edges.words.times import say_day
from linli.kernel.decision import Decision
from linli.kernel.errors import LinliError
from linli.registry.people.actions.roles import set_reach
from linli.registry.people.choices import Verb
from linli.registry.people.queries import viewer_of_person
from linli.registry.people.queries.managing import get_managed_person, list_roles
from linli.registry.people.rules import HeldPost, Viewer, may, may_change_role, may_see_people
from linli.registry.territory.calc.paths import COMMUNITY_DEPTH
from linli.registry.territory.queries import area_chains, get_area_by_code

LONGEST = 30


@dataclass(frozen=True, slots=True)
class PostWords:
    """A post in words: what it allows, and how far, once for each of its areas."""

    role: str
    organisation: str
    areas: tuple[str, ...]
    deputy: str
    verbs: tuple[str, ...]
    reaches: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """One question and what the rules say."""

    what: str
    is_allowed: bool
    why: str


@require_GET
@staff_only
@tells_errors
def show_rights(request: ViewerRequest, person_id: UUID) -> HttpResponse:
    """Show a person's posts with what they allow, and try a case or an area."""
    viewer, today = request.viewer, timezone.localdate()
    person = get_managed_person(viewer=viewer, person_id=person_id)
    subject = viewer_of_person(district_id=viewer.district_id, person_id=person_id, on=today)
    number, error, tried, answers = request.GET.get("case", "").strip()[:LONGEST], "", "", []
    area = Picked("area")
    if number:
        try:
            explained = explain_case(viewer=viewer, subject=subject, number=number)
            tried = f"{explained.number} · {say_state(explained.state)}"
            answers = [_answer(_("see it"), explained.see)]
            answers += [_answer(say_verb(action), decision) for action, decision in explained.steps.items()]
        except LinliError as refused:
            error = say_error(refused)
    elif request.GET.get("area", "").strip():
        area = pick_area(request.GET, "area", district_id=viewer.district_id, on=today)
        if area.value:
            found = get_area_by_code(area.value)
            tried, answers = found.name, _for_area(subject, viewer.district_id, found.path)
    context = {
        "person": person, "posts": _posts(subject.posts, timezone.now()), "number": number, "area": area,
        "error": error, "tried": tried, "answers": answers,
    }  # fmt: skip
    return render(request, "web/people/rights.html", context)


@require_http_methods(["GET", "POST"])
@staff_only
@tells_errors
def show_roles(request: ViewerRequest) -> HttpResponse:
    """Show what each role may do and how far, and change how far."""
    viewer = request.viewer
    may_see_people(viewer).require()
    if request.method == "POST":
        set_reach(role=request.POST.get("role", ""), reach=request.POST.get("reach", ""), by=viewer,
                  source_ip=address_of(request), at=timezone.now())  # fmt: skip
        messages.success(request, _("Changed for everybody who holds this role, from now on."))
        return HttpResponseRedirect(reverse("roles"))
    lines = [
        (role, [str(VERBS.get(verb, verb)) for verb in role.verbs], str(REACHES.get(role.reach, role.reach)),
         bool(may_change_role(viewer, role=role.code, administrator=role.administrator)))
        for role in list_roles()
    ]  # fmt: skip
    context = {"lines": lines, "reaches": REACHES.items(), "tab": "roles", "people_tabs": people_tabs(viewer)}
    return render(request, "web/people/roles.html", context)


def _posts(held: Sequence[HeldPost], at: datetime) -> list[PostWords]:
    """Put posts into words; one of several areas, which rules take for several, is one. At most 1 query.

    Every community has a first grid, so grids among several areas are named with the community.
    """
    by_id: dict[UUID, list[HeldPost]] = {}
    for post in held:
        by_id.setdefault(post.post_id, []).append(post)
    paths = [post.area_path for several in by_id.values() if len(several) > 1 for post in several]
    chains = area_chains(paths, at=at) if paths else {}
    names = {
        path: "".join(area.name for area in chain[-2:])
        for path, chain in chains.items() if chain and chain[-1].depth > COMMUNITY_DEPTH
    }  # fmt: skip
    return [
        _words([replace(post, area_name=names.get(post.area_path, post.area_name)) for post in several])
        for several in by_id.values()
    ]


def _words(several: Sequence[HeldPost]) -> PostWords:
    today, post = timezone.localdate(), several[0]
    deputy = ""
    if post.deputy_until is not None:
        said = {"name": post.holder_name, "day": say_day(post.deputy_until, today)}
        deputy = _("as deputy of %(name)s until %(day)s") % said
    verbs = tuple(str(VERBS[verb]) for verb in Verb if verb in post.verbs)
    reaches = (say_reach(each.reach, area=each.area_name, organisation=each.organisation_name) for each in several)
    areas = tuple(each.area_name for each in several)
    return PostWords(post.role_name, post.organisation_name, areas, deputy, verbs, tuple(reaches))


def _for_area(subject: Viewer, district_id: str, path: str) -> list[Answer]:
    """Say of each thing that rights are asked for whether the subject may do it there."""
    return [_answer(str(VERBS[verb]), may(subject, verb, district_id=district_id, area_path=path)) for verb in Verb]


def _answer(what: str, decision: Decision) -> Answer:
    return Answer(what, bool(decision), say_any_decision(decision))
