"""Signing in and out, one's password, one's tokens, how pages look."""

from contextlib import suppress
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from linli.edges.callers import address_of
from linli.edges.dues import MUST_CHANGE_KEY
from linli.edges.limits import SIGN_INS
from linli.edges.request import ViewerRequest
from linli.edges.sso.configured import providers
from linli.edges.web.access import staff_only
from linli.edges.web.accounts.entering import (
    Half,
    begin,
    begin_session,
    end_session,
    half_of,
    is_stale,
    keep_session,
    target_of,
)
from linli.edges.web.accounts.keys import has_name, keep_challenge, site_of, take_challenge
from linli.edges.web.context import MODES, THEMES
from linli.edges.web.desk.telling import tells_errors
from linli.edges.words.devices import PROVIDERS
from linli.edges.words.errors import say_error
from linli.kernel.errors import InvalidInput, LinliError, TooManyRequests
from linli.ledger.audit.actions import write_line
from linli.ledger.audit.choices import LineKind
from linli.registry.people.actions.security_keys import ask_for_key, sign_in_by_key
from linli.registry.people.actions.signing_in import SignedIn, change_password, sign_in, sign_in_by_code
from linli.registry.people.actions.tokens import SCOPES, make_token, revoke_token
from linli.registry.people.errors import SignInRefused
from linli.registry.people.queries import list_demo_logins, list_tokens
from linli.support.notices.actions.sending import site

_CHOICES = {"theme": THEMES, "mode": MODES, "language": tuple(dict(settings.LANGUAGES)), "menu": ("open", "folded")}
_ONE_YEAR_S = 365 * 24 * 3600
DEMO_PASSWORD_FILE = "demo-password"  # noqa: S105 - a file's name


@never_cache
@require_http_methods(["GET", "POST"])
def sign_in_page(request: ViewerRequest) -> HttpResponse:
    """Ask for name and password; on success a new session begins, or the code is asked for."""
    target, at = target_of(request), timezone.now()
    username = request.POST.get("username", "").strip()
    if request.method == "GET":
        return sign_in_form(request, username=request.GET.get("username", "")[:60], error="", target=target)
    try:
        SIGN_INS.check(address_of(request))
        signed_in = sign_in(
            username=username[:60],
            password=request.POST.get("password", ""),
            source_ip=address_of(request),
            at=at,
        )
    except LinliError as error:
        count_refusal(request, error)
        is_shut = isinstance(error, TooManyRequests)  # nothing to read then: a flood has to be cheap
        return sign_in_form(request, username=username, error=say_error(error), target=target, has_demo=not is_shut)
    return HttpResponseRedirect(begin(request, signed_in, target=target, at=at))


@never_cache
@require_http_methods(["GET", "POST"])
def code_page(request: ViewerRequest) -> HttpResponse:
    """Ask for the code after the password; only then a session begins."""
    at = timezone.now()
    half = half_of(request, at=at)
    if half is None:
        return HttpResponseRedirect(settings.LOGIN_URL)
    if request.method == "GET":
        return _code_form(request, half, at)
    try:
        SIGN_INS.check(address_of(request))
        signed_in = _second_step(request, half, at)
    except LinliError as error:
        count_refusal(request, error)
        return _code_form(request, half, at, error=say_error(error))
    if is_stale(request, signed_in):
        request.session.flush()
        return HttpResponseRedirect(settings.LOGIN_URL)
    begin_session(request, signed_in, at=at)
    return HttpResponseRedirect(half.target)


def _second_step(request: ViewerRequest, half: Half, at: datetime) -> SignedIn:
    """Check what came after the password: what a key signed, or a code."""
    answer, source_ip = request.POST.get("answer", ""), address_of(request)
    if not answer:
        code = request.POST.get("code", "")[:40]
        return sign_in_by_code(login_id=half.login_id, code=code, source_ip=source_ip, at=at)
    challenge = take_challenge(request, at=at)
    return sign_in_by_key(login_id=half.login_id, answer=answer, challenge=challenge, site=site_of(request),
                          source_ip=source_ip, at=at)  # fmt: skip


def _code_form(request: ViewerRequest, half: Half, at: datetime, *, error: str = "") -> HttpResponse:
    offer = ask_for_key(login_id=half.login_id, site=site_of(request)) if has_name(request) else None
    if offer:
        keep_challenge(request, offer.challenge, at=at)
    context = {"error": error, "options": offer.options if offer else ""}
    return render(request, "web/accounts/sign_in_code.html", context, status=403 if error else 200)


def count_refusal(request: ViewerRequest, error: LinliError) -> None:
    """Count refused tries only: a whole office may sign in from one address in the morning."""
    if isinstance(error, SignInRefused):
        with suppress(TooManyRequests):
            SIGN_INS.take(address_of(request))


@require_POST
def sign_out_page(request: ViewerRequest) -> HttpResponse:
    """End the session."""
    if request.viewer.is_known:
        write_line(
            district_id=request.viewer.district_id,
            kind=LineKind.LOGOUT,
            at=timezone.now(),
            actor_id=request.viewer.person_id,
            object_kind="login",
            source_ip=address_of(request),
        )
    end_session(request)
    return HttpResponseRedirect(settings.LOGIN_URL)


@never_cache
@require_http_methods(["GET", "POST"])
def password_page(request: ViewerRequest) -> HttpResponse:
    """Let people change their own password; the first one has to be changed."""
    if request.viewer.login_id is None:
        return HttpResponseRedirect(settings.LOGIN_URL)
    is_due = bool(request.session.get(MUST_CHANGE_KEY))
    if request.method == "GET":
        return render(request, "web/accounts/password.html", {"errors": {}, "is_due": is_due})
    new, again = request.POST.get("new", ""), request.POST.get("again", "")
    if new != again:
        errors = {"again": say_error(InvalidInput("passwords_differ", field="again"))}
        return render(request, "web/accounts/password.html", {"errors": errors, "is_due": is_due}, status=422)
    at = timezone.now()
    try:
        change_password(
            login_id=request.viewer.login_id,
            old=request.POST.get("old", ""),
            new=new,
            source_ip=address_of(request),
            at=at,
        )
    except LinliError as error:
        context = {"errors": {error.field or "old": say_error(error)}, "is_due": is_due}
        return render(request, "web/accounts/password.html", context, status=422)
    request.session.pop(MUST_CHANGE_KEY, None)
    keep_session(request, at)
    return HttpResponseRedirect(reverse("desk"))


@never_cache
@require_http_methods(["GET", "POST"])
@staff_only
def tokens_page(request: ViewerRequest) -> HttpResponse:
    """List one's tokens and make new ones; a new one is shown once."""
    login_id = request.viewer.login_id
    if login_id is None:
        return HttpResponseRedirect(settings.LOGIN_URL)
    errors: dict[str, str] = {}
    made = None
    if request.method == "POST":
        try:
            days = request.POST.get("days", "")
            made = make_token(
                login_id=login_id,
                name=request.POST.get("name", ""),
                scope=request.POST.get("scope", ""),
                days=int(days) if days.isdigit() else 0,
                source_ip=address_of(request),
                at=timezone.now(),
            )
        except LinliError as error:
            errors = {error.field: say_error(error)}
    context = {
        "tokens": list_tokens(login_id=login_id, at=timezone.now()),
        "made": made,
        "errors": errors,
        "scopes": SCOPES,
        "feed": f"{site()}{reverse('deadlines', args=[made.text])}"
        if made and request.POST.get("scope") == "calendar"
        else "",
    }
    return render(request, "web/accounts/tokens.html", context, status=422 if errors else 200)


@require_POST
@staff_only
@tells_errors
def revoke_page(request: ViewerRequest, token_id: UUID) -> HttpResponse:
    """Revoke one of one's own tokens."""
    if request.viewer.login_id is not None:
        revoke_token(
            login_id=request.viewer.login_id, token_id=token_id, source_ip=address_of(request), at=timezone.now()
        )
    return HttpResponseRedirect(reverse("tokens"))


@require_POST
def display_page(request: ViewerRequest) -> HttpResponse:
    """Keep how pages look (theme, large print, language, folded menu) in cookies; nothing of it is stored here."""
    if request.headers.get("X-Requested-With") == "fetch":
        response = HttpResponse(status=204)
    else:
        response = HttpResponse(status=303, headers={"Location": target_of(request)})
    for name, known in _CHOICES.items():
        value = request.POST.get(name, "")
        if value in known:
            response.set_cookie(
                f"linli_{name}",
                value,
                max_age=_ONE_YEAR_S,
                samesite="Lax",
                httponly=True,
                secure=settings.SESSION_COOKIE_SECURE,
            )
    return response


def sign_in_form(
    request: ViewerRequest, *, username: str, error: str, target: str, has_demo: bool = True
) -> HttpResponse:
    """Give the sign-in page; has_demo: with the demo's accounts, if there is one."""
    password_file = settings.DATA / DEMO_PASSWORD_FILE
    is_demo = has_demo and settings.IS_DEMO and password_file.exists()
    context = {
        "username": username,
        "error": error,
        "next": target,
        "providers": [(code, words) for code, words in PROVIDERS.items() if code in providers()],
        "demo_logins": list_demo_logins() if is_demo else [],
        "demo_password": password_file.read_text().strip() if is_demo else "",
    }
    return render(request, "web/accounts/sign_in.html", context, status=403 if error else 200)
