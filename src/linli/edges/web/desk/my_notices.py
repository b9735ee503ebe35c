"""One's own notices, and how one wants to be told outside: which kinds, by which way, how soon, when not."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from linli.cases.queries.ranked import list_ranked
from linli.edges.request import ViewerRequest
from linli.edges.web.access import staff_only
from linli.edges.web.desk.telling import status_of, tells_errors
from linli.edges.web.desk.wishes import read_wish, wish_fields
from linli.edges.words.devices import say_device
from linli.edges.words.errors import say_error
from linli.edges.words.facts import say_fact
from linli.edges.words.notices import CHANNELS
from linli.edges.words.times import say_moment
from linli.kernel.errors import InvalidInput, LinliError, NotAllowed, NotFound
from linli.kernel.ids import new_id
from linli.registry.people.calc.devices import device_of
from linli.support.notices.actions import mark_read, queue_deliveries
from linli.support.notices.actions.choosing import add_browser, add_mail, remove_address, remove_browser, save_wish
from linli.support.notices.actions.sending import push_key
from linli.support.notices.calc.texts import TEST
from linli.support.notices.choices import Channel, Whom
from linli.support.notices.queries import list_notices
from linli.support.notices.queries.preferences import list_addresses, wish_of

_SAID = {
    "read": "", "mail": "added", "browser": "added", "remove": "removed", "forget": "removed", "save": "saved",
    "try": "tried",
}  # fmt: skip


@never_cache
@require_http_methods(["GET", "POST"])
@staff_only
@tells_errors
def my_notices_page(request: ViewerRequest) -> HttpResponse:
    """Show one's notices and choices; keep one of them. Nobody's but one's own."""
    if request.method == "GET":
        return _page(request)
    do = request.POST.get("do", "")
    try:
        _do(request, do)
    except LinliError as error:
        return _page(request, error=error, do=do)
    if said := {"added": _("Kept. From now on you are told there too."), "removed": _("Removed."),
                "saved": _("Your choice is kept."),
                "tried": _("A notice is on its way to all that you named. It takes up to half a minute.")}.get(
                    _SAID.get(do, "")):  # fmt: skip
        messages.success(request, said)
    return HttpResponseRedirect(reverse("my_notices"))


@dataclass(frozen=True, slots=True)
class Own:
    """Whose form it is, and what came with it."""

    district_id: str
    person_id: UUID
    post: QueryDict
    user_agent: str
    at: datetime


def _do(request: ViewerRequest, do: str) -> None:
    viewer = request.viewer
    if viewer.person_id is None:
        raise NotAllowed("not_signed_in")
    if do == "save":
        save_wish(district_id=viewer.district_id, person_id=viewer.person_id, wish=read_wish(request))
        return
    if do not in _DEEDS:
        raise InvalidInput("bad_choice", field="do")
    agent = request.headers.get("User-Agent", "")
    _DEEDS[do](Own(viewer.district_id, viewer.person_id, request.POST, agent, timezone.now()))


def _read(own: Own) -> None:
    mark_read(district_id=own.district_id, person_id=own.person_id)


def _mail(own: Own) -> None:
    address = own.post.get("email", "")[:200]
    add_mail(district_id=own.district_id, person_id=own.person_id, address=address, at=own.at)


def _browser(own: Own) -> None:
    browser, system = device_of(own.user_agent)
    parts = [own.post.get(name, "") for name in ("endpoint", "p256dh", "auth")]
    device = {"browser": browser, "system": system}
    add_browser(district_id=own.district_id, person_id=own.person_id, parts=parts, device=device, at=own.at)


def _forget(own: Own) -> None:
    remove_browser(district_id=own.district_id, person_id=own.person_id, endpoint=own.post.get("endpoint", ""))


def _remove(own: Own) -> None:
    try:
        address_id = UUID(own.post.get("address", ""))
    except ValueError as error:
        raise NotFound("no_such_address") from error
    remove_address(district_id=own.district_id, person_id=own.person_id, address_id=address_id)


def _try(own: Own) -> None:
    """Queue one for each way that somebody named; it goes at once, for they wait for it."""
    rows = list_addresses(district_id=own.district_id, person_id=own.person_id)
    to = [(Whom.PERSON, own.person_id, channel, own.at) for channel in sorted({row.channel for row in rows})]
    message_id = new_id()
    queue_deliveries(district_id=own.district_id, to=to, message_id=message_id, kind=TEST, subject_id=message_id,
                     at=own.at)  # fmt: skip


_DEEDS: Mapping[str, Callable[[Own], None]] = {
    "read": _read, "mail": _mail, "browser": _browser, "forget": _forget, "remove": _remove, "try": _try,
}  # fmt: skip


def _page(request: ViewerRequest, *, error: LinliError | None = None, do: str = "") -> HttpResponse:
    viewer, at = request.viewer, timezone.now()
    district_id, person_id = viewer.district_id, viewer.person_id
    notices = list_notices(district_id=district_id, person_id=person_id) if person_id else []
    addresses = list_addresses(district_id=district_id, person_id=person_id) if person_id else []
    told_of = [row.subject_id for row in notices if row.kind.startswith("case.")]
    cases = {each.row.id: each.row for each in list_ranked(viewer=viewer, ids=told_of, at=at)}
    wish = read_wish(request) if do == "save" else wish_of(district_id=district_id, person_id=person_id)
    context = {
        "notices": [(row, say_fact(row.kind), say_moment(row.at, at), cases.get(row.subject_id)) for row in notices],
        "new": sum(not row.is_read for row in notices),
        "addresses": [
            (row, CHANNELS[row.channel], row.value or say_device(row.browser, row.system), say_moment(row.made_at, at))
            for row in addresses
        ],
        "mail": next((row.value for row in addresses if row.channel == Channel.EMAIL), ""),
        "push_key": push_key(), "errors": {error.field or "do": say_error(error)} if error else {}, "do": do,
        **wish_fields(wish),
    }  # fmt: skip
    return render(request, "web/desk/my_notices.html", context, status=status_of(error) if error else 200)
