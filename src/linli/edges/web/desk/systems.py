"""Other systems told by webhook, for the system administrator: named, given a secret once, ended, told again."""

from collections.abc import Callable, Mapping
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from linli.edges.callers import address_of
from linli.edges.request import ViewerRequest
from linli.edges.web.access import staff_only
from linli.edges.web.desk.telling import status_of, tells_errors
from linli.edges.words.errors import say_error
from linli.edges.words.facts import FACTS, say_fact
from linli.edges.words.times import say_moment
from linli.kernel.errors import InvalidInput, LinliError, NotFound
from linli.ledger.audit.actions import write_line
from linli.ledger.audit.choices import LineKind
from linli.registry.territory.queries import area_chains
from linli.support.notices.actions.systems import (
    GRACE,
    MadeSubscription,
    NewSubscription,
    drop_old_secret,
    end_subscription,
    renew_secret,
    resume_subscription,
    subscribe_system,
)
from linli.support.notices.queries.systems import list_subscriptions
from linli.support.notices.rules import may_run_ways_out

_CASES = tuple(kind for kind in FACTS if kind.startswith("case."))
_DEEDS = {
    "add": "system_added", "renew": "system_renewed", "drop": "system_secret_dropped", "end": "system_ended",
    "resume": "system_resumed",
}  # fmt: skip


@never_cache
@require_http_methods(["GET", "POST"])
@staff_only
@tells_errors
def systems_page(request: ViewerRequest) -> HttpResponse:
    """List the systems; do what was pressed. A secret is shown on the answer to making it, and never again."""
    may_run_ways_out(request.viewer).require()
    if request.method == "GET":
        return _page(request)
    do = request.POST.get("do", "")
    try:
        if do not in _DEEDS:
            raise InvalidInput("bad_choice", field="do")
        with transaction.atomic():
            made, system_id = _DO[do](request)
            write_line(
                district_id=request.viewer.district_id, kind=LineKind.SETTINGS_CHANGED, at=timezone.now(),
                actor_id=request.viewer.person_id, object_kind="ways_out", object_id=str(system_id),
                source_ip=address_of(request), data={"did": _DEEDS[do]},
            )  # fmt: skip
    except LinliError as error:
        return _page(request, error=error)
    if made:
        return _page(request, made=made)
    messages.success(request, _("Kept."))
    return HttpResponseRedirect(reverse("ways_out_systems"))


_Done = tuple[MadeSubscription | None, UUID]


def _add(request: ViewerRequest) -> _Done:
    post = request.POST
    chosen = tuple(kind for kind in _CASES if kind in post.getlist("kinds"))
    new = NewSubscription(post.get("name", ""), post.get("url", ""), post.get("area", "").strip()[:20], chosen)
    made = subscribe_system(by=request.viewer, new=new, at=timezone.now())
    return made, made.id


def _renew(request: ViewerRequest) -> _Done:
    made = renew_secret(by=request.viewer, subscription_id=_id(request), at=timezone.now())
    return made, made.id


def _drop(request: ViewerRequest) -> _Done:
    drop_old_secret(by=request.viewer, subscription_id=_id(request))
    return None, _id(request)


def _end(request: ViewerRequest) -> _Done:
    end_subscription(by=request.viewer, subscription_id=_id(request), at=timezone.now())
    return None, _id(request)


def _resume(request: ViewerRequest) -> _Done:
    resume_subscription(by=request.viewer, subscription_id=_id(request))
    return None, _id(request)


_DO: Mapping[str, Callable[[ViewerRequest], _Done]] = {
    "add": _add, "renew": _renew, "drop": _drop, "end": _end, "resume": _resume,
}  # fmt: skip


def _id(request: ViewerRequest) -> UUID:
    try:
        return UUID(request.POST.get("system", ""))
    except ValueError as error:
        raise NotFound("no_such_subscription") from error


def _page(
    request: ViewerRequest, *, error: LinliError | None = None, made: MadeSubscription | None = None
) -> HttpResponse:
    at = timezone.now()
    rows = list_subscriptions(district_id=request.viewer.district_id)
    chains = area_chains({row.area_path for row in rows}, at=at)
    given = request.POST if error else {}
    context = {
        "systems": [
            (row, chains[row.area_path][-1].name if chains.get(row.area_path) else row.area_path,
             _(", ").join(say_fact(kind) for kind in row.kinds), say_moment(row.made_at, at),
             say_moment(row.failing_since, at) if row.failing_since else "",
             say_moment(row.renewed_at + GRACE, at) if row.renewed_at and at < row.renewed_at + GRACE else "")
            for row in rows
        ],
        "kinds": [(kind, say_fact(kind)) for kind in _CASES], "made": made,
        "errors": {error.field or "do": say_error(error)} if error else {},
        "given": {name: given.get(name, "") for name in ("name", "url", "area")},
    }  # fmt: skip
    return render(request, "web/desk/systems.html", context, status=status_of(error) if error else 200)
