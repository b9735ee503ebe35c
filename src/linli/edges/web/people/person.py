"""The page of a person: posts, who stands in, account; and what is done there."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from linli.cases.queries.open_work import count_open_work
from linli.edges.callers import address_of
from linli.edges.request import ViewerRequest
from linli.edges.sso.configured import providers
from linli.edges.web.access import staff_only
from linli.edges.web.accounts.sessions import SessionLine, session_lines
from linli.edges.web.desk.asking import read_uuid
from linli.edges.web.desk.telling import status_of, tells_errors
from linli.edges.web.people.lists import post_line
from linli.edges.words.devices import PROVIDERS
from linli.edges.words.errors import say_error
from linli.edges.words.people import ABSENCES, say_login, say_term
from linli.edges.words.times import say_moment
from linli.kernel.errors import InvalidInput, LinliError, NotAllowed, NotFound
from linli.registry.people.actions.logins import (
    OneTimeCode,
    end_sessions,
    lock_login,
    make_login,
    reset_password,
    reset_second_factor,
    unlock_login,
)
from linli.registry.people.actions.office_accounts import link_account, unlink_account
from linli.registry.people.actions.sessions import end_session_of
from linli.registry.people.choices import Verb
from linli.registry.people.queries.managing import ManagedPerson, PostRow, get_managed_person
from linli.registry.people.queries.sessions import accounts_of, list_sessions_of
from linli.registry.people.rules import may_somewhere


@dataclass(frozen=True, slots=True)
class AbsenceLine:
    """An absence in words; may_end: whether it still runs or is to come."""

    id: UUID
    post: str
    deputy: str
    kind: str
    term: str
    is_called_off: bool
    may_end: bool


@require_GET
@staff_only
@tells_errors
def show_person(request: ViewerRequest, person_id: UUID) -> HttpResponse:
    """Show a person."""
    return _page(request, get_managed_person(viewer=request.viewer, person_id=person_id))


@never_cache
@require_POST
@staff_only
@tells_errors
def change_login(request: ViewerRequest, person_id: UUID) -> HttpResponse:
    """Make, lock, open or reset an account, or end its sessions; a new code is shown in the answer and never again."""
    person = get_managed_person(viewer=request.viewer, person_id=person_id)
    by, source_ip, at = request.viewer, address_of(request), timezone.now()
    code: OneTimeCode | None = None
    try:
        match request.POST.get("do", ""):
            case "make":
                code = make_login(person_id=person_id, username=request.POST.get("username", ""), by=by,
                                  source_ip=source_ip, at=at)  # fmt: skip
            case "reset":
                code = reset_password(person_id=person_id, by=by, source_ip=source_ip, at=at)
            case do:
                messages.success(request, _change(request, person_id, do, at))
    except LinliError as error:
        return _page(request, person, error=say_error(error), typed=request.POST.get("username", ""),
                     status=status_of(error))  # fmt: skip
    if code is None:
        return HttpResponseRedirect(reverse("person", args=[person_id]))
    return _page(request, get_managed_person(viewer=by, person_id=person_id), code=code)


def _change(request: ViewerRequest, person_id: UUID, do: str, at: datetime) -> str:
    """Do what tells no code; gives what to say. Raises what the actions raise, InvalidInput for an unknown deed."""
    by, source_ip = request.viewer, address_of(request)
    match do:
        case "lock":
            lock_login(person_id=person_id, by=by, source_ip=source_ip, at=at)
            return _("Locked. Whoever was signed in by it is out.")
        case "unlock":
            unlock_login(person_id=person_id, by=by, source_ip=source_ip, at=at)
            return _("Opened.")
        case "sessions":
            end_sessions(person_id=person_id, by=by, source_ip=source_ip, at=at)
            return _("Signed out everywhere.")
        case "session":
            session_id = read_uuid(request.POST.get("session", ""))
            if session_id is None:
                raise NotFound("no_such_session")
            end_session_of(person_id=person_id, session_id=session_id, by=by, source_ip=source_ip, at=at)
            return _("Signed out there.")
        case "link":
            provider = request.POST.get("provider", "")
            if provider not in providers():
                raise InvalidInput("no_such_step", field="provider")
            link_account(person_id=person_id, provider=provider, subject=request.POST.get("subject", ""), by=by,
                         source_ip=source_ip, at=at)  # fmt: skip
            return _("Linked.")
        case "unlink":
            unlink_account(person_id=person_id, provider=request.POST.get("provider", ""), by=by, source_ip=source_ip,
                           at=at)  # fmt: skip
            return _("Unlinked.")
        case "factor":
            reset_second_factor(person_id=person_id, by=by, source_ip=source_ip, at=at)
            return _("Taken away. The person sets up a new one.")
        case _:
            raise InvalidInput("no_such_step", field="do")


def absence_lines(posts: tuple[PostRow, ...], at: datetime) -> list[AbsenceLine]:
    """Put the absences of posts into words, newest first."""
    today = timezone.localdate(at)
    rows = [(row, post) for post in posts for row in post.absences]
    rows.sort(key=lambda pair: pair[0].starts_on, reverse=True)
    return [
        AbsenceLine(
            row.id, f"{post.role_name}·{post.area_name}", row.deputy_name, str(ABSENCES.get(row.kind, row.kind)),
            say_term(row.starts_on, row.ends_on, today), row.called_off_at is not None,
            may_end=row.called_off_at is None and row.ends_on >= today,
        )
        for row, post in rows
    ]  # fmt: skip


def _sessions(request: ViewerRequest, person: ManagedPerson, at: datetime) -> list[SessionLine]:
    """Tell where a person is signed in, to who manages the login; nothing to others."""
    if person.login is None:
        return []
    try:
        return session_lines(list_sessions_of(viewer=request.viewer, person_id=person.id, at=at), at)
    except NotAllowed:
        return []


def _accounts(request: ViewerRequest, person: ManagedPerson) -> list[tuple[str, str, str]]:
    """List code, words and subject ("" for none) of each provider, to who manages the login."""
    if person.login is None or not providers():
        return []
    try:
        linked = accounts_of(viewer=request.viewer, person_id=person.id, on=timezone.localdate())
    except NotAllowed:
        return []
    return [(code, str(PROVIDERS[code]), linked.get(code, "")) for code in PROVIDERS if code in {*providers(), *linked}]


def _page(
    request: ViewerRequest, person: ManagedPerson, *, error: str = "", typed: str = "",
    code: OneTimeCode | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    at = timezone.now()
    today = timezone.localdate(at)
    login_words, login_tone = say_login(person.login, at)
    counts = count_open_work(viewer=request.viewer, post_ids=[row.id for row in person.posts])
    present = [row for row in person.posts if row.ends_on is None or row.ends_on >= today]
    context = {
        "person": person, "posts": [post_line(row, today) for row in present],
        "past": [post_line(row, today) for row in person.posts if row not in present],
        "absences": absence_lines(person.posts, at), "login_words": login_words, "login_tone": login_tone,
        "last_login": say_moment(person.login.last_login, at) if person.login and person.login.last_login else "",
        "may_posts": may_somewhere(request.viewer, Verb.MANAGE_POSTS) and person.id != request.viewer.person_id,
        "may_logins": may_somewhere(request.viewer, Verb.MANAGE_LOGINS) and person.id != request.viewer.person_id,
        "may_lend": may_somewhere(request.viewer, Verb.MANAGE_POSTS) and person.id != request.viewer.person_id,
        "sessions": _sessions(request, person, at), "person_id": person.id,
        "accounts": _accounts(request, person),
        "open_work": sum(counts.values()),
        "is_self": person.id == request.viewer.person_id, "error": error, "typed": typed, "code": code,
        "until": say_moment(code.until, at) if code else "",
    }  # fmt: skip
    return render(request, "web/people/person.html", context, status=status)
