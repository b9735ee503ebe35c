"""Calling another system by HTTP without letting an address of somebody else's choice lead into our own network.

A name is looked up once, what it stands for is checked, and the connection goes to the very address that was checked:
a name that answers differently a moment later (DNS rebinding) gains nothing. Nobody is followed elsewhere.
Source: OWASP, Server-Side Request Forgery Prevention.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

WAIT_S = 10
_LARGEST = 64 * 1024
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
# Addresses of IPv6 that carry one of IPv4 in their last 32 bits, which would pass for public.
_CARRYING = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))


class CannotReach(Exception):
    """The other side did not answer, or may not be asked. code: why; never its words, which may name somebody."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent."""

    url: str
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    method: str = "POST"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: at most 64 KB of it."""

    status: int
    body: bytes

    @property
    def is_good(self) -> bool:
        """Whether the status is one of 2xx."""
        return self.status // 100 == http.HTTPStatus.OK // 100


@dataclass(frozen=True, slots=True)
class Reach:
    """Where calls may go. networks: private ones that may be asked, "10.20.0.0/16"; is_anywhere: no address is checked.

    is_anywhere is for addresses that the machine's own environment names, never for those that somebody typed in.
    """

    networks: tuple[str, ...] = ()
    is_anywhere: bool = False

    def allows(self, address: _Address) -> bool:
        """Whether that address may be asked though it is not public."""
        return self.is_anywhere or any(address in ipaddress.ip_network(each) for each in self.networks)


ANYWHERE = Reach(is_anywhere=True)


def check_url(url: str) -> SplitResult:
    """Take an address apart. Raises CannotReach: bad_url, not_https (http is judged once the address is known)."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise CannotReach("bad_url") from error
    if parts.scheme not in {"https", "http"} or not parts.hostname or parts.username or port == 0:
        raise CannotReach("bad_url")
    if any(letter.isspace() or not letter.isprintable() for letter in url):
        raise CannotReach("bad_url")
    return parts


def send(request: Request, *, reach: Reach, wait_s: float = WAIT_S) -> Answer:
    """Send a request and read the answer; all of it within the time. Holds no lock, follows no redirect.

    Raises CannotReach: bad_url, not_https, no_such_host, private_address, timeout, tls, no_connection.
    """
    parts = check_url(request.url)
    host, is_tls = str(parts.hostname), parts.scheme == "https"
    address = _checked(host, parts.port or (443 if is_tls else 80), is_tls=is_tls, reach=reach)
    connection = (_TlsTo if is_tls else _To)(host, parts.port, address, wait_s)
    cut = threading.Timer(wait_s, connection.cut)
    cut.daemon = True
    cut.start()
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request(request.method, path, body=request.body, headers={"User-Agent": "Linli", **request.headers})
        with connection.getresponse() as answer:
            return Answer(answer.status, answer.read(_LARGEST))
    except ssl.SSLError as error:
        raise CannotReach("tls") from error
    except TimeoutError as error:
        raise CannotReach("timeout") from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise CannotReach("timeout" if connection.is_cut else "no_connection") from error
    finally:
        cut.cancel()
        connection.close()


def _checked(host: str, port: int, *, is_tls: bool, reach: Reach) -> tuple[str, int]:
    """Look a name up and give the address to connect to; every address that it stands for has to be allowed."""
    found = _look_up(host, port)
    for address in found:
        is_allowed = reach.allows(address)
        if not is_public(address) and not is_allowed:
            raise CannotReach("private_address")
        if not is_tls and not is_allowed:
            raise CannotReach("not_https")
    return str(found[0]), port


def is_public(address: _Address) -> bool:
    """Whether an address is one of the open Internet."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if address.sixtofour is not None:
            return is_public(address.sixtofour)
        if any(address in network for network in _CARRYING):
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _look_up(host: str, port: int) -> Sequence[_Address]:
    try:
        rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        return [ipaddress.ip_address(str(row[4][0]).split("%")[0]) for row in rows]
    except (OSError, UnicodeError, ValueError) as error:
        raise CannotReach("no_such_host") from error


class _To(http.client.HTTPConnection):
    """A connection to an address that was checked, whatever the name stands for by now."""

    def __init__(self, host: str, port: int | None, address: tuple[str, int], wait_s: float) -> None:
        super().__init__(host, port, timeout=wait_s)
        self.address = address
        self.is_cut = False

    def connect(self) -> None:
        """Connect to the checked address."""
        family = socket.AF_INET6 if ":" in self.address[0] else socket.AF_INET
        self.sock = socket.socket(family, socket.SOCK_STREAM)  # no helper that would look a name up again
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.address)

    def cut(self) -> None:
        """End it in the middle: a server that sends a byte now and then would hold us for ever."""
        self.is_cut = True
        if self.sock is not None:
            try:
                self.sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                return


class _TlsTo(_To):
    """The same over TLS, the certificate checked against the name."""

    default_port = http.client.HTTPS_PORT

    def connect(self) -> None:
        """Connect to the checked address and ask for the name's certificate."""
        super().connect()
        self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)
