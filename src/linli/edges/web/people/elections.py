"""Elections of committees: who goes and who comes on one day, looked at before it is kept, undone until that day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
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
from linli.edges.web.desk.asking import read_day, read_uuid
from linli.edges.web.desk.telling import status_of, tells_errors
from linli.edges.web.people.picking import Picked, pick_area, pick_managed
from linli.edges.web.people.tabs import people_tabs
from linli.edges.words.errors import say_error
from linli.edges.words.times import say_day
from linli.kernel.errors import LinliError
from linli.kernel.ids import new_id
from linli.registry.orgs.queries import list_organisations
from linli.registry.people.actions.elections import Elected, Term, check_election, hold_election, undo_election
from linli.registry.people.choices import BY_AREA
from linli.registry.people.queries.elections import Committees, ElectionRow, get_committees, list_elections
from linli.registry.people.queries.managing import list_roles

ROWS = 10
_LONGEST_CODE = 20


@dataclass(frozen=True, slots=True)
class Seat:
    """A row of the form: who is chosen for what."""

    number: int
    who: Picked
    role: str
    organisation: str


@dataclass(frozen=True, slots=True)
class Line:
    """An election in words. can_undo: its day has not come."""

    id: UUID
    area: str
    day: str
    reason: str
    state: str
    tone: str
    left: str
    chosen: str
    can_undo: bool


@require_GET
@staff_only
@tells_errors
def show_elections(request: ViewerRequest) -> HttpResponse:
    """List elections, and begin a new one."""
    today = timezone.localdate()
    rows = list_elections(viewer=request.viewer)
    area = Picked("area")
    if request.GET.get("area", "").strip():
        area = pick_area(request.GET, "area", district_id=request.viewer.district_id, on=today)
        if area.value:
            return HttpResponseRedirect(f"{reverse('election_new')}?area={area.value}")
    context = {
        "lines": [_line(row, today) for row in rows], "area": area, "tab": "elections",
        "people_tabs": people_tabs(request.viewer),
    }  # fmt: skip
    return render(request, "web/people/elections.html", context, status=422 if area.error else 200)


@require_http_methods(["GET", "POST"])
@staff_only
@tells_errors
def new_election(request: ViewerRequest) -> HttpResponse:
    """Say who goes and who comes; look at it; keep it."""
    viewer, today = request.viewer, timezone.localdate()
    sent = request.POST if request.method == "POST" else request.GET
    committees = get_committees(viewer=viewer, area_code=sent.get("area", "")[:_LONGEST_CODE], on=today)
    if request.method == "GET":
        return _form(request, committees, sent, _seats(request, sent, is_picked=False))
    seats = _seats(request, sent, is_picked=True)
    doing = sent.get("do", "look")
    if doing == "edit" or any(seat.who.error for seat in seats):
        return _form(request, committees, sent, seats, status=200 if doing == "edit" else 422)
    elected = [
        Elected(UUID(seat.who.value), seat.role, read_uuid(seat.organisation) or UUID(int=0))
        for seat in seats if seat.who.value
    ]  # fmt: skip
    leaving = [post_id for text in sent.getlist("leaving") if (post_id := read_uuid(text))]
    at = timezone.now()
    try:
        first, last = read_day(sent.get("starts_on", "")), read_day(sent.get("ends_on", ""))
        term = Term(committees.area.code, first, last, sent.get("reason", ""))
        if doing == "keep":
            hold_election(term=term, leaving=leaving, elected=elected, by=viewer, key=sent.get("key", "")[:64],
                          source_ip=address_of(request), at=at)  # fmt: skip
            messages.success(request, _("Kept. Until the day comes it can be undone."))
            return HttpResponseRedirect(reverse("elections"))
        check_election(term=term, leaving=leaving, elected=elected, by=viewer, at=at)
    except LinliError as error:
        return _form(request, committees, sent, seats, error=error, status=status_of(error))
    return _look(request, committees, sent, seats, first or today)


@require_POST
@staff_only
@tells_errors
def take_back(request: ViewerRequest, election_id: UUID) -> HttpResponse:
    """Undo an election whose day has not come."""
    undo_election(election_id=election_id, by=request.viewer, source_ip=address_of(request), at=timezone.now())
    messages.success(request, _("Undone: everybody stays as they were."))
    return HttpResponseRedirect(reverse("elections"))


def _seats(request: ViewerRequest, sent: QueryDict, *, is_picked: bool) -> list[Seat]:
    """Read the rows of the form; those without a name are empty."""
    today = timezone.localdate()
    seats = []
    for number in range(ROWS):
        name = f"who_{number}"
        typed = sent.get(name, "").strip()
        who = Picked(name, typed)
        if typed and is_picked:
            who = pick_managed(sent, name, viewer=request.viewer, on=today)
        seats.append(Seat(number, who, sent.get(f"role_{number}", ""), sent.get(f"organisation_{number}", "")))
    return seats


def _form(
    request: ViewerRequest, committees: Committees, sent: QueryDict, seats: Sequence[Seat], *,
    error: LinliError | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    today = timezone.localdate()
    leaving = set(sent.getlist("leaving"))
    bodies = list_organisations(
        district_id=request.viewer.district_id, on=today, area_path=committees.area.path, limit=100
    )
    context = {
        "area": committees.area, "seats": seats,
        "posts": [(post, str(post.id) in leaving) for post in committees.posts],
        "roles": [(role.code, role.name) for role in list_roles()
                  if role.reach in BY_AREA and not role.administrator],
        "bodies": [(str(body.id), body.name) for body in bodies],
        "starts_on": sent.get("starts_on", "") or (today + timedelta(days=1)).isoformat(),
        "ends_on": sent.get("ends_on", ""), "reason": sent.get("reason", ""), "key": sent.get("key", "") or new_id(),
        "error": say_error(error) if error else "", "error_field": error.field if error else "",
        "tab": "elections", "people_tabs": people_tabs(request.viewer),
    }  # fmt: skip
    return render(request, "web/people/election.html", context, status=status)


def _look(
    request: ViewerRequest, committees: Committees, sent: QueryDict, seats: Sequence[Seat], first: date
) -> HttpResponse:
    """Show what would change, with everything that was filled in kept in the form."""
    names = {role.code: role.name for role in list_roles()}
    leaving = set(sent.getlist("leaving"))
    fields = [
        (name, value) for name in sent if name not in {"do", "csrfmiddlewaretoken"} for value in sent.getlist(name)
    ]
    picked = {field: value for seat in seats if seat.who.value
              for field, value in ((f"{seat.who.name}_of", seat.who.typed), (f"{seat.who.name}_is", seat.who.value),
                                   (seat.who.name, seat.who.typed))}  # fmt: skip
    context = {
        "area": committees.area, "day": say_day(first, timezone.localdate()),
        "goes": [(post.role_name, post.person_name) for post in committees.posts if str(post.id) in leaving],
        "stays": [(post.role_name, post.person_name) for post in committees.posts if str(post.id) not in leaving],
        "comes": [(names.get(seat.role, seat.role), seat.who.typed) for seat in seats if seat.who.value],
        "fields": [(name, value) for name, value in fields if name not in picked] + list(picked.items()),
        "tab": "elections", "people_tabs": people_tabs(request.viewer),
    }  # fmt: skip
    return render(request, "web/people/election_look.html", context)


def _line(row: ElectionRow, today: date) -> Line:
    is_coming = row.starts_on > today and not row.is_undone
    if row.is_undone:
        state, tone = _("undone"), ""
    elif is_coming:
        state, tone = _("waits for its day"), "warn"
    else:
        state, tone = _("in force"), "ok"
    return Line(
        row.id, row.area_name, say_day(row.starts_on, today), row.reason, state, tone, _people(row.left),
        _people(row.chosen), is_coming,
    )  # fmt: skip


def _people(rows: Sequence[tuple[str, str]]) -> str:
    return "、".join(f"{name}（{role}）" for name, role in rows)
