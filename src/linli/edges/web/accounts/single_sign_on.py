"""Signing in by an account of the office's: to the provider and back, with what only this browser knows."""

import logging
import secrets
from datetime import datetime, timedelta
from hmac import compare_digest

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from linli.edges.callers import address_of
from linli.edges.limits import SIGN_INS
from linli.edges.request import ViewerRequest
from linli.edges.sso.configured import providers
from linli.edges.sso.provider import Known, Provider, ProviderFailed, Trip
from linli.edges.web.accounts.entering import begin, target_of
from linli.edges.web.accounts.views import count_refusal, sign_in_form
from linli.edges.words.errors import say_error
from linli.kernel.errors import LinliError
from linli.registry.people.actions.office_accounts import sign_in_by_account
from linli.registry.people.errors import SignInRefused

log = logging.getLogger(__name__)
_TRIP_KEY = "sso"
AWAY_FOR = timedelta(minutes=10)


@never_cache
@require_GET
def leave_page(request: ViewerRequest, provider: str) -> HttpResponse:
    """Send the browser to the provider, and keep what has to come back with it."""
    found = _provider(provider)
    trip = Trip(request.build_absolute_uri(reverse("sso_come_back", args=[provider])),
                *(secrets.token_urlsafe(32) for _ in range(3)))  # fmt: skip
    try:
        address = found.leave(trip)
    except ProviderFailed as error:
        return _failed(request, provider, error, target_of(request))
    request.session.flush()
    request.session[_TRIP_KEY] = {
        "provider": provider, "trip": [trip.redirect_uri, trip.state, trip.nonce, trip.verifier],
        "at": timezone.now().timestamp(), "target": target_of(request),
    }  # fmt: skip
    return HttpResponseRedirect(address)


@never_cache
@require_GET
def come_back_page(request: ViewerRequest, provider: str) -> HttpResponse:
    """Take who came back: the state has to be the one that this browser left with, once and in time."""
    found, at = _provider(provider), timezone.now()
    kept = request.session.pop(_TRIP_KEY, None) or {}
    target = kept.get("target", settings.LOGIN_REDIRECT_URL)
    try:
        SIGN_INS.check(address_of(request))
        known = _known(request, found, kept, at)
        signed_in = sign_in_by_account(provider=provider, subject=known.subject, employee_code=known.employee_code,
                                       source_ip=address_of(request), at=at)  # fmt: skip
    except ProviderFailed as error:
        return _failed(request, provider, error, target)
    except LinliError as error:
        count_refusal(request, error)
        return sign_in_form(request, username="", error=say_error(error), target=target)
    return HttpResponseRedirect(begin(request, signed_in, target=target, at=at))


def _known(request: ViewerRequest, found: Provider, kept: dict[str, object], at: datetime) -> Known:
    trip = Trip(*kept["trip"]) if kept.get("provider") == found.code else None  # type: ignore[misc]
    age_s = at.timestamp() - float(str(kept.get("at", 0)))
    state = request.GET.get("state", "")
    if trip is None or age_s > AWAY_FOR.total_seconds() or not compare_digest(state.encode(), trip.state.encode()):
        raise ProviderFailed("other_trip")
    return found.come_back(trip, request.GET)


def _provider(code: str) -> Provider:
    found = providers().get(code)
    if found is None:
        raise Http404
    return found


def _failed(request: ViewerRequest, provider: str, error: ProviderFailed, target: str) -> HttpResponse:
    """Say that it did not work; the log holds provider and code, nothing of who tried."""
    log.warning("single sign-on by %s failed: %s", provider, error)
    refused = SignInRefused("provider_failed")
    count_refusal(request, refused)
    return sign_in_form(request, username="", error=say_error(refused), target=target)
