"""What the surroundings say: environment variables, read once and checked."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from linli.config.outside import BadWayOut, WaysOut, read_ways_out
from linli.config.single_sign_on import HalfAProvider, SingleSignOn, read_single_sign_on

_HIGHEST_PORT = 65_535
_LONGEST_KEPT_H = 14 * 24  # as long as what was not sent stays: see PHONE_UNSENT_DAYS


class BadEnvironment(Exception):
    """A variable that can't be used; the message names it and says what to write instead."""


@dataclass(frozen=True, slots=True)
class Environment:
    """The variables of the README's table, with their defaults filled in."""

    data: Path
    bind: str
    port: int
    database_url: str
    database_owner_url: str
    secret_key: str
    edges: str
    allowed_hosts: tuple[str, ...]
    trusted_proxies: tuple[str, ...]
    metrics_token: str
    phone_keep_h: int
    log: str
    is_debug: bool
    is_demo: bool
    sso: SingleSignOn
    outside: WaysOut

    @property
    def is_plain_loopback(self) -> bool:
        """Whether cookies may go without TLS: only the demo, and only on this very machine."""
        return self.is_demo and self.bind in {"127.0.0.1", "::1", "localhost"}


def read_environment(variables: "os._Environ[str] | dict[str, str] | None" = None) -> Environment:
    """Read and check the variables. Makes the data folder and the secret key in it (mode 600).

    Raises BadEnvironment.
    """
    env = os.environ if variables is None else variables
    data = data_folder(env)
    return Environment(
        data=data,
        bind=env.get("LINLI_BIND", "127.0.0.1"),
        port=_port(env.get("PORT", "8000")),
        database_url=env.get("DATABASE_URL", ""),
        database_owner_url=env.get("DATABASE_OWNER_URL", ""),
        secret_key=env.get("LINLI_SECRET_KEY") or kept_secret(data / "keys" / "secret.key"),
        edges=_one_of("LINLI_EDGES", env.get("LINLI_EDGES", "all"), ("all", "portal", "desk")),
        allowed_hosts=tuple(h for h in env.get("LINLI_ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]").split(",") if h),
        trusted_proxies=tuple(p.strip() for p in env.get("LINLI_TRUSTED_PROXIES", "").split(",") if p.strip()),
        metrics_token=env.get("LINLI_METRICS_TOKEN", ""),
        phone_keep_h=_hours("LINLI_PHONE_KEEP_HOURS", env.get("LINLI_PHONE_KEEP_HOURS", "72")),
        log=_one_of("LINLI_LOG", env.get("LINLI_LOG", "plain"), ("plain", "json")),
        is_debug=env.get("LINLI_DEBUG", "") == "1",
        is_demo=(data / "demo").exists(),
        sso=_single_sign_on(env),
        outside=_ways_out(env),
    )


def _single_sign_on(env: "os._Environ[str] | dict[str, str]") -> SingleSignOn:
    try:
        return read_single_sign_on(env)
    except HalfAProvider as error:
        raise BadEnvironment(str(error)) from error


def _ways_out(env: "os._Environ[str] | dict[str, str]") -> WaysOut:
    try:
        return read_ways_out(env)
    except BadWayOut as error:
        raise BadEnvironment(str(error)) from error


def data_folder(env: "os._Environ[str] | dict[str, str]") -> Path:
    """Make the data folder; what is in it opens to its owner alone.

    The folder itself may be passed through by the account that PostgreSQL runs as, where root started the program.
    """
    data = Path(env.get("LINLI_DATA", "var")).resolve()
    if not data.exists():
        data.mkdir(parents=True)
        data.chmod(0o711)
    return data


def kept_secret(path: Path) -> str:
    """Read a secret, or make it: 64 hex digits in a file that only its owner can read."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(32))
    return path.read_text().strip()


def _port(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) <= _HIGHEST_PORT:
        raise BadEnvironment(f"PORT={text!r} is no port: write a number from 1 to 65535.")
    return int(text)


def _hours(name: str, text: str) -> int:
    if not text.isdigit() or not 0 < int(text) <= _LONGEST_KEPT_H:
        raise BadEnvironment(f"{name}={text!r} is no time: write a number of hours from 1 to {_LONGEST_KEPT_H}.")
    return int(text)


def _one_of(name: str, text: str, known: tuple[str, ...]) -> str:
    if text not in known:
        raise BadEnvironment(f"{name}={text!r} is unknown: write {', '.join(known[:-1])} or {known[-1]}.")
    return text
