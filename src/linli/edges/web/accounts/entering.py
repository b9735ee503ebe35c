"""The session of who signs in: half of it between password and code, the whole afterwards; a new one each time."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from linli.edges.callers import address_of
from linli.edges.dues import FACTOR_KEY, MUST_CHANGE_KEY
from linli.edges.request import ViewerRequest
from linli.edges.web.middleware import LOGIN_KEY, PASSWORD_KEY, SEEN_KEY
from linli.registry.people.actions import sessions
from linli.registry.people.actions.sessions import Begun, write_session
from linli.registry.people.actions.signing_in import SignedIn
from linli.registry.people.calc.devices import device_of
from linli.registry.people.queries import session_stamp

_HALF_KEY = "half"
SECOND_FACTORS = frozenset({"totp", "security_key", "recovery_code"})
HALF_FOR = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Half:
    """Whose password was right; target: where to go once the code is too."""

    login_id: UUID
    target: str


def begin_half(request: ViewerRequest, signed_in: SignedIn, *, target: str, at: datetime) -> None:
    """Remember whose password was right, in a session that shows nobody anything."""
    request.session.flush()
    request.session[_HALF_KEY] = {
        "login": str(signed_in.login_id), "at": at.timestamp(), "target": target,
        "stamp": session_stamp(signed_in.password_changed_at),
    }  # fmt: skip


def begin(request: ViewerRequest, signed_in: SignedIn, *, target: str, at: datetime) -> str:
    """Begin a session, or half of one where a second factor is asked for; gives where to go on."""
    if signed_in.is_half:
        begin_half(request, signed_in, target=target, at=at)
        return reverse("sign_in_code")
    begin_session(request, signed_in, at=at)
    return target


def half_of(request: ViewerRequest, *, at: datetime) -> Half | None:
    """Tell whose password was right some minutes ago at most."""
    kept = request.session.get(_HALF_KEY)
    if not kept or at.timestamp() - kept["at"] > HALF_FOR.total_seconds():
        return None
    return Half(UUID(kept["login"]), kept["target"])


def is_stale(request: ViewerRequest, signed_in: SignedIn) -> bool:
    """Whether the password was changed, or sessions ended, between password and code."""
    return bool(request.session[_HALF_KEY]["stamp"] != session_stamp(signed_in.password_changed_at))


def begin_session(request: ViewerRequest, signed_in: SignedIn, *, at: datetime) -> None:
    """Begin a session under a new key, whatever stood in the one before, and write down where."""
    request.session.flush()
    request.session.create()
    request.session[LOGIN_KEY] = str(signed_in.login_id)
    request.session[SEEN_KEY] = int(at.timestamp())
    request.session[PASSWORD_KEY] = session_stamp(signed_in.password_changed_at)
    if signed_in.must_change_password:
        request.session[MUST_CHANGE_KEY] = True
    if signed_in.means in SECOND_FACTORS:
        request.session[FACTOR_KEY] = True
    browser, system = device_of(request.headers.get("User-Agent", ""))
    begun = Begun(_key_of(request), browser, system, signed_in.means, address_of(request))
    write_session(login_id=signed_in.login_id, stamped_at=signed_in.password_changed_at, begun=begun, at=at)


def keep_session(request: ViewerRequest, stamped_at: datetime | None) -> None:
    """Let this session outlive a change that ended all others, under a new key."""
    before = _key_of(request)
    request.session[PASSWORD_KEY] = session_stamp(stamped_at)
    request.session.cycle_key()
    sessions.keep_session(session_key=before, new_key=_key_of(request), stamped_at=stamped_at)


def end_session(request: ViewerRequest) -> None:
    """End this session."""
    sessions.forget_session(session_key=_key_of(request))
    request.session.flush()


def _key_of(request: ViewerRequest) -> str:
    return request.session.session_key or ""


def target_of(request: ViewerRequest) -> str:
    """Tell where to go on: only ever to an address of our own."""
    wanted = request.POST.get("next") or request.GET.get("next") or settings.LOGIN_REDIRECT_URL
    is_ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if is_ours else settings.LOGIN_REDIRECT_URL
