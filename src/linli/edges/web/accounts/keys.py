"""What security keys need of a request: the site they sign for, and a challenge that is signed once."""

from base64 import b64decode, b64encode
from datetime import datetime, timedelta
from ipaddress import ip_address
from urllib.parse import urlsplit

from linli.edges.request import ViewerRequest
from linli.registry.people.actions.security_keys import Site

_CHALLENGE_KEY = "key_challenge"
_GOOD_FOR = timedelta(minutes=5)


def site_of(request: ViewerRequest) -> Site:
    """Tell the name and address that the browser shows; only names of the settings come this far."""
    origin = f"{request.scheme}://{request.get_host()}"
    return Site(urlsplit(origin).hostname or "", origin)


def has_name(request: ViewerRequest) -> bool:
    """Whether the site has a name: no key signs for a bare number. Source: WebAuthn, "effective domain"."""
    try:
        ip_address(site_of(request).host)
    except ValueError:
        return True
    return False


def keep_challenge(request: ViewerRequest, challenge: bytes, *, at: datetime) -> None:
    """Remember what has to be signed, in the session."""
    request.session[_CHALLENGE_KEY] = [b64encode(challenge).decode(), at.timestamp()]


def take_challenge(request: ViewerRequest, *, at: datetime) -> bytes:
    """Give what had to be signed and forget it; empty if there was nothing or it is too old."""
    kept = request.session.pop(_CHALLENGE_KEY, None)
    if not kept or at.timestamp() - kept[1] > _GOOD_FOR.total_seconds():
        return b""
    return b64decode(kept[0])
