"""The list of people and the list of vacancies, for who manages posts and logins."""

from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from linli.edges.request import ViewerRequest
from linli.edges.web.access import staff_only
from linli.edges.web.desk.telling import tells_errors
from linli.edges.web.people.picking import Picked, pick_area
from linli.edges.web.people.tabs import people_tabs
from linli.edges.words.people import STATES, say_login, say_post_state, say_term
from linli.registry.people.choices import Reach
from linli.registry.people.queries.managing import (
    ManagedPerson,
    PeopleFilter,
    PostRow,
    list_managed_people,
    list_roles,
    list_vacancies,
)
from linli.registry.people.rules import may_see_people
from linli.registry.territory.queries import area_chains, get_area_by_code

PAGE = 50
LONGEST = 60


@dataclass(frozen=True, slots=True)
class PostLine:
    """A post in words; tone: the colour of its tag; has_further: its role may reach further, chosen areas."""

    id: UUID
    role: str
    organisation: str
    area: str
    term: str
    state: str
    tone: str
    note: str = ""
    further: tuple[str, ...] = ()
    has_further: bool = False


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A person in a list, in words."""

    id: UUID
    url: str
    code: str
    name: str
    posts: tuple[PostLine, ...]
    username: str
    login: str
    login_tone: str


def post_line(row: PostRow, today: date) -> PostLine:
    """Put a post into words."""
    state, tone = say_post_state(row, today)
    absence = row.absence(today)
    note = _("%(name)s stands in") % {"name": absence.deputy_name} if absence else ""
    return PostLine(row.id, row.role_name, row.organisation_name, row.area_name,
                    say_term(row.starts_on, row.ends_on, today), state, tone, note,
                    tuple(name for _code, name in row.further), row.reach == Reach.CUSTOM)  # fmt: skip


@require_GET
@staff_only
@tells_errors
def show_people(request: ViewerRequest) -> HttpResponse:
    """List people with their posts and accounts, filtered."""
    at, asked = timezone.now(), request.GET
    today = timezone.localdate(at)
    area = _area(request, today)
    state = asked.get("state", "")
    wanted = PeopleFilter(
        q=asked.get("q", "").strip()[:LONGEST], area_path=_path(area), role=asked.get("role", "")[:LONGEST],
        state=state if state in STATES else "",
    )  # fmt: skip
    rows = list_managed_people(
        viewer=request.viewer, wanted=wanted, on=today, after=asked.get("after", "")[:LONGEST], limit=PAGE + 1
    )
    page = rows[:PAGE]
    query = {"q": wanted.q, "role": wanted.role, "area": area.typed, "state": wanted.state}
    more = {name: value for name, value in (*query.items(), ("after", page[-1].code if page else "")) if value}
    context = {
        "lines": [_line(row, at) for row in page], "wanted": wanted, "area": area, "roles": list_roles(),
        "states": STATES.items(), "more_url": f"?{urlencode(more)}" if len(rows) > PAGE else "",
        "is_first": not asked.get("after"), "is_filtered": any(query.values()), "tab": "people",
        "people_tabs": people_tabs(request.viewer),
    }  # fmt: skip
    return render(request, "web/people/people.html", context)


@require_GET
@staff_only
@tells_errors
def show_vacancies(request: ViewerRequest) -> HttpResponse:
    """List where nobody holds a role that every area of its level needs."""
    viewer, today = request.viewer, timezone.localdate()
    may_see_people(viewer).require()
    area = _area(request, today)
    found = list_vacancies(
        district_id=viewer.district_id, area_path=_path(area) or viewer.district_id, on=today,
        role=request.GET.get("role", "")[:LONGEST],
    )  # fmt: skip
    chains = area_chains({row.area.path for row in found[:200]}, at=timezone.now())
    lines = [
        (row, " · ".join(step.name for step in chains.get(row.area.path, ())[1:]) or row.area.name,
         f"{reverse('post_new')}?{urlencode({'role': row.role, 'area': row.area.code})}")
        for row in found[:200]
    ]  # fmt: skip
    context = {
        "lines": lines, "count": len(found), "roles": [role for role in list_roles() if role.wanted_at], "area": area,
        "role": request.GET.get("role", ""), "tab": "vacancies", "people_tabs": people_tabs(viewer),
    }  # fmt: skip
    return render(request, "web/people/vacancies.html", context)


def _area(request: ViewerRequest, today: date) -> Picked:
    if not request.GET.get("area", "").strip():
        return Picked("area")
    return pick_area(request.GET, "area", district_id=request.viewer.district_id, on=today)


def _path(area: Picked) -> str:
    return get_area_by_code(area.value).path if area.value else ""


def _line(row: ManagedPerson, at: datetime) -> PersonLine:
    today = timezone.localdate(at)
    login, tone = say_login(row.login, at)
    return PersonLine(
        row.id, reverse("person", args=[row.id]), row.code, row.name,
        tuple(post_line(post, today) for post in row.posts), row.login.username if row.login else "", login, tone,
    )  # fmt: skip
