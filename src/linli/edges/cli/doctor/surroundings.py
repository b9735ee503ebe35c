"""What the environment says: key, names, TLS, what is served."""

from collections.abc import Iterator

from django.conf import settings

from linli.edges.cli.doctor.finding import Finding, looked_at
from linli.support.files.actions import can_look

_KEY_CHARACTERS, _DIFFERENT = 50, 12
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]", "::1"})


def look_at_settings(*, is_strict: bool) -> Iterator[Finding]:
    """Look at the settings."""
    environment, names = settings.ENVIRONMENT, set(settings.ALLOWED_HOSTS)
    key = str(settings.SECRET_KEY)
    yield looked_at("debug", not settings.DEBUG)
    yield looked_at("secret_key", len(key) >= _KEY_CHARACTERS and len(set(key)) >= _DIFFERENT, least=_KEY_CHARACTERS)
    yield looked_at("any_host", not any(name == "*" or name.startswith(".") for name in names))
    is_named = bool(names - _LOOPBACK) or not is_strict
    yield looked_at("no_host", is_named, names=", ".join(sorted(names)))
    is_tls = bool(settings.SESSION_COOKIE_SECURE and settings.CSRF_COOKIE_SECURE and settings.SECURE_HSTS_SECONDS)
    yield looked_at("cookies", is_tls or not is_strict)
    yield looked_at("proxy", bool(settings.TRUSTED_PROXIES) or not is_strict)
    yield looked_at("bind", environment.bind in _LOOPBACK or bool(settings.TRUSTED_PROXIES), bind=environment.bind)
    yield looked_at("photos", can_look() or not is_strict)
    yield looked_at("demo_folder", not (is_strict and environment.is_demo), path=str(settings.DATA / "demo"))
