"""One's own second factor: an app, security keys, recovery codes; set up and taken away."""

from contextlib import suppress
from datetime import datetime
from uuid import UUID

import segno
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from linli.edges.callers import address_of
from linli.edges.dues import FACTOR_DUE, FACTOR_KEY, PASSWORD_DUE, due_of
from linli.edges.limits import PROOFS
from linli.edges.request import ViewerRequest
from linli.edges.web.accounts.entering import keep_session
from linli.edges.web.accounts.keys import has_name, keep_challenge, site_of, take_challenge
from linli.edges.web.desk.asking import read_uuid
from linli.edges.web.desk.telling import status_of, tells_errors
from linli.edges.words.devices import SYSTEMS
from linli.edges.words.errors import say_error
from linli.edges.words.times import say_moment
from linli.kernel.errors import Conflict, InvalidInput, LinliError, NotFound, TooManyRequests
from linli.registry.people.actions.second_factors import (
    PENDING_FOR,
    begin_totp,
    confirm_totp,
    end_totp,
    make_recovery_codes,
)
from linli.registry.people.actions.security_keys import MOST_KEYS, add_key, end_key, offer_key
from linli.registry.people.calc.devices import device_of
from linli.registry.people.calc.totp import address_of_secret
from linli.registry.people.queries.factors import count_factors, second_factors_of
from linli.registry.people.rules import may_end_second_factor

_FIELDS = {"begin": "password", "codes": "codes_password", "end": "end_password", "key_begin": "key_password",
           "key_end": "key_end_password"}  # fmt: skip


@never_cache
@require_http_methods(["GET", "POST"])
@tells_errors
def second_factor_page(request: ViewerRequest) -> HttpResponse:
    """Show how one's second factor stands, and change it; an administrator without one comes no further."""
    login_id, at = request.viewer.login_id, timezone.now()
    if login_id is None:
        return HttpResponseRedirect(settings.LOGIN_URL)
    if due_of(request.viewer, request.session) == PASSWORD_DUE:
        return HttpResponseRedirect(reverse("password"))
    if request.method == "GET":
        return _page(request, login_id, at)
    do = request.POST.get("do", "")
    try:
        return _do(request, login_id, do, at)
    except LinliError as error:
        if isinstance(error, InvalidInput) and error.code == "password_not_right":
            with suppress(TooManyRequests):
                PROOFS.take(str(login_id))
        field = _FIELDS.get(do, "code") if isinstance(error, (InvalidInput, TooManyRequests)) else ""
        return _page(request, login_id, at, error=error, field=field)


def _do(request: ViewerRequest, login_id: UUID, do: str, at: datetime) -> HttpResponse:
    """Do what a button says. Raises what the actions raise, TooManyRequests after wrong passwords."""
    source_ip, password = address_of(request), request.POST.get("password", "")
    PROOFS.check(str(login_id))
    match do:
        case "begin":
            begin_totp(login_id=login_id, password=password, at=at)
        case "confirm":
            made = confirm_totp(login_id=login_id, code=request.POST.get("code", ""), source_ip=source_ip, at=at)
            request.session[FACTOR_KEY] = True
            keep_session(request, made.stamped_at)
            return _codes_page(request, made.recovery_codes)
        case "key_begin":
            return _offer_key(request, login_id, password, at)
        case "key_add":
            return _add_key(request, login_id, at)
        case "key_end":
            end_key(by=request.viewer, key_id=_key_id(request), password=password, source_ip=source_ip, at=at)
            _after_ending(request, login_id)
        case "codes":
            codes = make_recovery_codes(login_id=login_id, password=password, source_ip=source_ip, at=at)
            return _codes_page(request, codes)
        case "end":
            end_totp(by=request.viewer, password=password, source_ip=source_ip, at=at)
            _after_ending(request, login_id)
        case _:
            raise InvalidInput("no_such_step", field="do")
    return HttpResponseRedirect(reverse("second_factor"))


def _after_ending(request: ViewerRequest, login_id: UUID) -> None:
    if count_factors(login_id):
        messages.success(request, _("Taken away."))
        return
    request.session.pop(FACTOR_KEY, None)
    messages.success(request, _("Taken away. From now on your password alone signs you in."))


def _offer_key(request: ViewerRequest, login_id: UUID, password: str, at: datetime) -> HttpResponse:
    """Show what the browser has to hand to the key, whose challenge the session keeps."""
    offer = offer_key(login_id=login_id, password=password, site=site_of(request))
    keep_challenge(request, offer.challenge, at=at)
    name = str(SYSTEMS[device_of(request.headers.get("User-Agent", ""))[1]])
    return render(request, "web/accounts/key_add.html", {"options": offer.options, "name": name})


def _add_key(request: ViewerRequest, login_id: UUID, at: datetime) -> HttpResponse:
    challenge = take_challenge(request, at=at)
    if not challenge:
        raise Conflict("set_up_too_late")
    made = add_key(
        login_id=login_id, name=request.POST.get("name", ""), answer=request.POST.get("answer", ""),
        challenge=challenge, site=site_of(request), source_ip=address_of(request), at=at,
    )  # fmt: skip
    request.session[FACTOR_KEY] = True
    keep_session(request, made.stamped_at)
    if made.recovery_codes:
        return _codes_page(request, made.recovery_codes)
    messages.success(request, _("The key is added."))
    return HttpResponseRedirect(reverse("second_factor"))


def _key_id(request: ViewerRequest) -> UUID:
    found = read_uuid(request.POST.get("key", ""))
    if found is None:
        raise NotFound("no_such_key")
    return found


def _codes_page(request: ViewerRequest, codes: tuple[str, ...]) -> HttpResponse:
    return render(request, "web/accounts/recovery_codes.html", {"codes": codes})


def _page(
    request: ViewerRequest, login_id: UUID, at: datetime, *, error: LinliError | None = None, field: str = ""
) -> HttpResponse:
    state = second_factors_of(login_id=login_id, pending_since=at - PENDING_FOR)
    address = address_of_secret(state.pending, username=state.username, issuer="Linli") if state.pending else ""
    context = {
        "state": state, "since": say_moment(state.totp_since, at) if state.totp_since else "",
        "picture": segno.make(address, error="m").svg_inline(light="#fff", omitsize=True, svgclass="qr", lineclass=None)
        if address else "",
        "secret": " ".join(state.pending[i : i + 4] for i in range(0, len(state.pending), 4)),
        "is_due": due_of(request.viewer, request.session) == FACTOR_DUE,
        "may_end": len(state.keys) > 0
        or bool(may_end_second_factor(request.viewer, is_required=settings.SECOND_FACTOR_REQUIRED)),
        "keys": [
            (row, say_moment(row.made_at, at), say_moment(row.used_at, at) if row.used_at else "") for row in state.keys
        ],
        "may_end_key": state.totp_since is not None or len(state.keys) > 1
        or bool(may_end_second_factor(request.viewer, is_required=settings.SECOND_FACTOR_REQUIRED)),
        "may_keys": has_name(request), "may_add_key": len(state.keys) < MOST_KEYS,
        "error": say_error(error) if error else "", "field": field,
    }  # fmt: skip
    return render(request, "web/accounts/second_factor.html", context, status=status_of(error) if error else 200)
