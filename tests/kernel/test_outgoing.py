"""Calls go where they may, to the very address that was checked, and nowhere else."""

import socket
import time
from collections.abc import Iterator
from ipaddress import ip_address
from typing import Any

import pytest
from tests.factories.services import FakeService, serving

from linli.kernel.outgoing import ANYWHERE, CannotReach, Reach, Request, check_url, is_public, send

HERE = Reach(("127.0.0.0/8",))


@pytest.fixture
def service() -> Iterator[FakeService]:
    with serving(FakeService()) as running:
        yield running


def fault(url: str, reach: Reach = Reach(), **more: Any) -> str:  # noqa: B008 - frozen
    with pytest.raises(CannotReach) as refused:
        send(Request(url), reach=reach, **more)
    return refused.value.code


def test_allowed_address_is_asked_and_answers(service: FakeService) -> None:
    answer = send(Request(f"{service.url}/a?b=c", b"{}", {"X-Ours": "1"}), reach=HERE)

    assert (answer.status, answer.body, answer.is_good) == (200, b"{}", True)
    assert [(each.path, each.headers["x-ours"]) for each in service.asked] == [("/a?b=c", "1")]


def test_nobody_is_followed_elsewhere(service: FakeService) -> None:
    service.answers = [(302, "")]

    assert send(Request(service.url), reach=HERE).status == 302
    assert len(service.asked) == 1


def test_inner_addresses_are_refused_whatever_their_name(service: FakeService, monkeypatch: pytest.MonkeyPatch) -> None:
    port = service.url.rpartition(":")[2]

    assert {fault(f"http://{host}:{port}/") for host in ("127.0.0.1", "localhost", "2130706433", "[::1]",
                                                         "[::ffff:127.0.0.1]")} == {"private_address"}  # fmt: skip
    both = [(socket.AF_INET, 1, 6, "", ("93.184.216.34", 443)), (socket.AF_INET, 1, 6, "", ("10.0.0.7", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: both)
    assert fault("https://two-faced.example/") == "private_address"
    assert service.asked == []


def test_name_is_looked_up_once_and_the_checked_address_is_asked(
    service: FakeService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that stands for something else a moment later (DNS rebinding) is not asked for again."""
    host, _, port = service.url.removeprefix("http://").rpartition(":")
    answers = iter([host, "10.0.0.7"])
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: [(socket.AF_INET, 1, 6, "", (next(answers), 0))])

    send(Request(f"http://changes.example:{port}/"), reach=HERE)

    assert [each.headers["host"] for each in service.asked] == [f"changes.example:{port}"]
    assert next(answers) == "10.0.0.7"


@pytest.mark.parametrize(("address", "public"), [
    ("93.184.216.34", True), ("2606:2800:220:1::1", True), ("10.1.2.3", False), ("169.254.169.254", False),
    ("100.64.0.1", False), ("0.0.0.0", False), ("224.0.0.1", False), ("fe80::1", False), ("fd00::1", False),  # noqa: S104
    ("::ffff:10.0.0.1", False), ("64:ff9b::a00:1", False), ("2002:0a00:0001::1", False),
])  # fmt: skip
def test_public_is_what_the_open_internet_has(address: str, *, public: bool) -> None:
    assert is_public(ip_address(address)) is public


@pytest.mark.parametrize("url", [
    "ftp://a.example/", "https://", "https://u:p@a.example/", "https://a.example:0/", "https://a b/", "//a", "",
    "https://a.example:99999/", "https://a.example/\nX: y",
])  # fmt: skip
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(CannotReach, match="bad_url"):
        check_url(url)


def test_plain_http_goes_to_named_networks_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: [(socket.AF_INET, 1, 6, "", ("93.184.216.34", 80))])

    assert fault("http://open.example/") == "not_https"


def test_server_that_drips_is_cut_off() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        began = time.monotonic()
        found = fault(f"http://127.0.0.1:{silent.getsockname()[1]}/", ANYWHERE, wait_s=0.2)

    assert (found, time.monotonic() - began < 3) == ("timeout", True)
