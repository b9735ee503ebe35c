"""What the environment says of the ways out: text messages, mail, and which private networks may be called."""

import ipaddress
import json
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

_MAIL_PORTS = {"smtp": 25, "smtps": 465}


class BadWayOut(Exception):
    """A variable that can't be used; the message names it and says what to write instead."""


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail server. secure: "", "starttls" or "tls"."""

    host: str = ""
    port: int = 25
    user: str = ""
    password: str = ""
    secure: str = ""
    sender: str = ""


@dataclass(frozen=True, slots=True)
class WaysOut:
    """The variables of the table in docs/operations/notices.md; "" and () for what is not named.

    site: the address under which people reach Linli, for links; sms_headers, sms_body: as sent, with {phone}, {text}
    and {id} to be filled in; sms_good: a field of the gateway's answer and the value that means "taken".
    """

    site: str = ""
    sms_url: str = ""
    sms_headers: tuple[tuple[str, str], ...] = ()
    sms_body: str = '{"phone":"{phone}","text":"{text}","id":"{id}"}'
    sms_good: tuple[str, str] | None = None
    mail: Mail = Mail()
    networks: tuple[str, ...] = ()


def read_ways_out(env: Mapping[str, str]) -> WaysOut:
    """Read and check the variables. Raises BadWayOut."""
    plain = WaysOut()
    return WaysOut(
        site=_site(env.get("LINLI_SITE", "")),
        sms_url=_url("LINLI_SMS_URL", env.get("LINLI_SMS_URL", "")),
        sms_headers=_headers(env.get("LINLI_SMS_HEADERS", "")),
        sms_body=_body(env.get("LINLI_SMS_BODY", "") or plain.sms_body),
        sms_good=_good(env.get("LINLI_SMS_GOOD", "")),
        mail=_mail(env.get("LINLI_MAIL_URL", ""), env.get("LINLI_MAIL_FROM", "")),
        networks=tuple(_network(part.strip()) for part in env.get("LINLI_CALLABLE_NETWORKS", "").split(",")
                       if part.strip()),
    )  # fmt: skip


def _site(text: str) -> str:
    return _url("LINLI_SITE", text).rstrip("/")


def _url(name: str, text: str) -> str:
    parts = urlsplit(text)
    if text and (parts.scheme not in {"https", "http"} or not parts.hostname):
        raise BadWayOut(f"{name} can't be used: write an address with https://.")
    return text


def _headers(text: str) -> tuple[tuple[str, str], ...]:
    if not text:
        return ()
    try:
        found = json.loads(text)
        return tuple((str(name), str(value)) for name, value in found.items())
    except (ValueError, AttributeError) as error:
        raise BadWayOut('LINLI_SMS_HEADERS can\'t be read: write JSON, {"Authorization": "Bearer …"}.') from error


def _body(text: str) -> str:
    try:
        json.loads(text)
    except ValueError as error:
        raise BadWayOut("LINLI_SMS_BODY is no JSON: write the body with {phone}, {text} and {id} in it.") from error
    if "{phone}" not in text or "{text}" not in text:
        raise BadWayOut("LINLI_SMS_BODY lacks {phone} or {text}: write where the number and the words belong.")
    return text


def _good(text: str) -> tuple[str, str] | None:
    if not text:
        return None
    name, is_there, value = text.partition("=")
    if not is_there or not name:
        raise BadWayOut(f"LINLI_SMS_GOOD={text!r} can't be used: write a field and its value, code=0.")
    return name.strip(), value.strip()


def _mail(url: str, sender: str) -> Mail:
    if not url:
        return Mail()
    parts = urlsplit(url)
    if parts.scheme not in _MAIL_PORTS or not parts.hostname or "@" not in sender:
        raise BadWayOut("LINLI_MAIL_URL can't be used: write smtp://user:password@host:587?tls=starttls or smtps://…, "
                        "and LINLI_MAIL_FROM with the sender's address.")  # fmt: skip
    asked = parse_qs(parts.query).get("tls", [""])[0]
    secure = "tls" if parts.scheme == "smtps" else asked
    if secure not in {"", "starttls", "tls"}:
        raise BadWayOut("LINLI_MAIL_URL names an unknown tls: write starttls or leave it out.")
    return Mail(parts.hostname, parts.port or _MAIL_PORTS[parts.scheme], unquote(parts.username or ""),
                unquote(parts.password or ""), secure, sender)  # fmt: skip


def _network(text: str) -> str:
    try:
        return str(ipaddress.ip_network(text, strict=False))
    except ValueError as error:
        raise BadWayOut(f"LINLI_CALLABLE_NETWORKS names {text!r}: write networks, 10.20.0.0/16.") from error
