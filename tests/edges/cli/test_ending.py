"""A server that is told to end does, at once and with streams open, and says so to those who watch."""

import os
import signal
import time
from contextlib import ExitStack, closing
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone
from tests.benchmarks.processes import LINLI, running
from tests.factories.district import DemoDistrict

from linli.edges.cli.running import LAST_ANSWERS_S
from linli.registry.people.actions.tokens import make_token

# It takes a second, or some on a machine busy with other things; an end by force comes later.
SOON_S = LAST_ANSWERS_S - 3.0


def variables() -> dict[str, str]:
    """Lead a program to this test's database."""
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    return {
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "linli.config.settings.base",
        "LINLI_DATA": str(settings.DATA),
    }


def watch(port: int, token: str, stack: ExitStack) -> HTTPResponse:
    """Open a stream and read its beginning."""
    asking = stack.enter_context(closing(HTTPConnection("127.0.0.1", port, timeout=60)))
    asking.request("GET", "/api/v1/events", headers={"Authorization": f"Bearer {token}"})
    answer = stack.enter_context(closing(asking.getresponse()))
    assert answer.readline().startswith(b"retry:")
    return answer


@pytest.mark.parametrize("workers", ["1", "2"])
def test_server_told_to_end_ends_its_streams_and_then_itself(
    committed_district: DemoDistrict, tmp_path: Path, workers: str
) -> None:
    login_id = committed_district.viewer("grid_worker").login_id
    assert login_id is not None
    token = make_token(login_id=login_id, name="t", scope="read", days=1, source_ip="", at=timezone.now()).text
    command, log = [str(LINLI), "serve", "--workers", workers], tmp_path / "serve.log"
    with (
        running(command, variables=variables(), ready="/readyz", log=log, wait_s=120) as server,
        ExitStack() as stack,
    ):
        streams = [watch(server.port, token, stack) for _ in range(4)]
        began = time.monotonic()
        server.process.send_signal(signal.SIGTERM)
        rests = [stream.read() for stream in streams]
        code = server.process.wait(60)
        took_s = time.monotonic() - began

    assert (code, log.read_text()) == (0, "")
    assert all(rest.startswith(b"event: state") for rest in rests)
    assert took_s < SOON_S
