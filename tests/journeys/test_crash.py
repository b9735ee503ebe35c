"""Killed again and again while reports come in: what was acknowledged is there, once."""

import json
import os
import signal
import threading
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest
from tests.journeys.conftest import Running, free_port, start_up

from linli.kernel import postgres

pytestmark = pytest.mark.slow

_KILLS = 10
_MOST_A_ROUND = 25  # two senders stay below the limit of 60 reports an hour for one address
_WAIT_S = 60


@dataclass
class Sender:
    """Somebody who reports without a pause. acknowledged: number by key; open_keys: sent, never answered."""

    name: str
    acknowledged: dict[str, str] = field(default_factory=dict)
    open_keys: list[str] = field(default_factory=list)

    def run(self, url: str, kill: int) -> None:
        """Report until the server is gone."""
        for n in range(_MOST_A_ROUND):
            key = f"{self.name}-{kill}-{n}"
            try:
                self.acknowledged[key] = report(url, key)
            except OSError:
                self.open_keys.append(key)
                return


def test_ten_kills_lose_no_acknowledged_report_and_double_none(tmp_path: Path) -> None:
    port = free_port()
    senders = [Sender("甲"), Sender("乙")]
    for kill in range(_KILLS):
        running = start_up(tmp_path, port=port)
        _report_until_killed(running, senders, kill)
    running = start_up(tmp_path, port=port)
    try:
        for sender in senders:
            again = {key: report(running.url, key) for key in list(sender.acknowledged)[-3:]}
            assert again == {key: sender.acknowledged[key] for key in again}
            sender.acknowledged |= {key: report(running.url, key) for key in sender.open_keys}
        acknowledged = {key: number for sender in senders for key, number in sender.acknowledged.items()}
        assert len(acknowledged) > _KILLS
        assert _kept(tmp_path) == sorted((text_of(key), number) for key, number in acknowledged.items())
    finally:
        running.stop()


def _report_until_killed(running: Running, senders: list[Sender], kill: int) -> None:
    """Kill the server alone in even rounds, in odd ones everything, the database too; what is left ends by itself."""
    threads = [threading.Thread(target=sender.run, args=(running.url, kill)) for sender in senders]
    for thread in threads:
        thread.start()
    time.sleep(0.4 + 0.13 * kill)
    family = _family(running.process.pid)
    victims = family if kill % 2 else [pid for pid in family if b"serve" in _command(pid)]
    assert victims
    for pid in victims:
        _kill(pid)
    for thread in threads:
        thread.join(_WAIT_S)
        assert not thread.is_alive()
    running.process.wait(_WAIT_S)


def report(url: str, key: str) -> str:
    """Report over HTTP with a key of one's own; returns the number. Raises OSError without an answer."""
    request = urllib.request.Request(  # noqa: S310 - our own address
        f"{url}/api/v1/cases",
        data=json.dumps({"text": text_of(key), "area_code": "21010600300702"}).encode(),
        headers={"Content-Type": "application/json", "Idempotency-Key": key.encode().hex()},
    )
    with urllib.request.urlopen(request, timeout=_WAIT_S) as answer:  # noqa: S310 - our own address
        return str(json.load(answer)["number"])


def text_of(key: str) -> str:
    """Tell what is reported under a key, as no other report does."""
    return f"断电演练{key}号，路灯不亮"


def _kept(data: Path) -> list[tuple[str, str]]:
    server = postgres.start(data / "postgres")
    with psycopg.connect(server.owner_url) as connection:
        rows = connection.execute("SELECT text, number FROM cases_case WHERE text LIKE '断电演练%%'").fetchall()
    return sorted((str(text), str(number)) for text, number in rows)


def _family(leader: int) -> list[int]:
    """List a process with everything it started, the eldest first."""
    parents: dict[int, list[int]] = {}
    for each in Path("/proc").iterdir():
        if each.name.isdigit() and (stat := _read(each / "stat")):
            parents.setdefault(int(stat.rpartition(b")")[2].split()[1]), []).append(int(each.name))
    found = [leader]
    for pid in found:
        found += parents.get(pid, [])
    return found


def _command(pid: int) -> bytes:
    return _read(Path(f"/proc/{pid}/cmdline"))


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        return b""


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
