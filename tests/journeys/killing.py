"""Killed again and again while reports and ballots come in: what was acknowledged is there, once."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from dataclasses import dataclass, field
from http.client import HTTPException
from itertools import count
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

import psycopg
from tests.journeys.conftest import REPOSITORY, Running, environment_of, free_port, start_up

from linli.kernel import postgres

LINLI = Path(sys.executable).with_name("linli")
REPORTER = (
    "tiexi.clerk"  # staff: a resident's address may report sixty times an hour, and that is kept through all kills
)
_WAIT_S = 240
_FORM_TOKEN = "0f" * 16


@dataclass
class Sender:
    """Somebody who reports without a pause. acknowledged: number by key; open_keys: sent, never answered."""

    name: str
    acknowledged: dict[str, str] = field(default_factory=dict)
    open_keys: list[str] = field(default_factory=list)

    def run(self, url: str, token: str, kill: int) -> None:
        """Report until the server is gone. Raises HTTPError where a report is refused."""
        for n in count():
            key = f"{self.name}-{kill}-{n}"
            try:
                self.acknowledged[key] = report(url, token, key)
            except OSError as error:
                if isinstance(error, HTTPError) and error.code < 500:
                    raise
                self.open_keys.append(key)
                return

    @property
    def count(self) -> int:
        """How much was acknowledged."""
        return len(self.acknowledged)


@dataclass
class Juror:
    """A juror who changes their ballot without a pause. seq: of the last one sent; answer: of the last acknowledged."""

    seat: str
    path: str
    seq: int = 0
    count: int = 0
    answer: dict[str, Any] = field(default_factory=dict)
    lost: int = 0

    def run(self, url: str, _token: str, _kill: int) -> None:
        """Look whether what was acknowledged last is still there, then vote until the server is gone."""
        try:
            self.look(url)
            while True:
                self.seq += 1
                self.answer = self._ask(f"{url}{self.path}", ballot_of(self.seq))
                self.count += 1
        except OSError as error:
            if isinstance(error, HTTPError) and error.code < 500:
                raise

    def look(self, url: str) -> None:
        """Compare what the server holds with the last acknowledged: the same, or one that was sent after it."""
        if not self.answer:
            return
        base, turn = self.path.split("/ballots/")
        held = self._ask(f"{url}{base}/seat")["ballots"].get(turn, {"client_seq": 0})
        is_same = {name: self.answer[name] for name in held if name in self.answer} == held
        is_later = self.answer["client_seq"] < held["client_seq"] <= self.seq
        self.lost += not (is_same or (is_later and held["points"] == ballot_of(held["client_seq"])["points"]))

    def _ask(self, address: str, said: dict[str, Any] | None = None) -> dict[str, Any]:
        """Ask, or put a ballot. Raises OSError without an answer."""
        headers = {"Content-Type": "application/json", "X-CSRFToken": _FORM_TOKEN,
                   "Cookie": f"linli_seat={self.seat}; csrftoken={_FORM_TOKEN}"}  # fmt: skip
        data, method = (json.dumps(said).encode(), "PUT") if said else (None, "GET")
        request = urllib.request.Request(address, data=data, headers=headers, method=method)  # noqa: S310 - our own address
        try:
            with urllib.request.urlopen(request, timeout=_WAIT_S) as answer:  # noqa: S310 - our own address
                told: dict[str, Any] = json.loads(answer.read())
                return told
        except HTTPException as error:  # cut off in the middle
            raise ConnectionResetError from error


@dataclass(frozen=True, slots=True)
class Survived:
    """What was found afterwards. lost: acknowledged and not there; doubled: there twice, or not as acknowledged."""

    acknowledged: int
    lost: int
    doubled: int
    ballots: int
    ballots_lost: int
    ballots_doubled: int


def survive_kills(data: Path, *, kills: int) -> Survived:
    """Kill it so often while reports come in, then send what got no answer once more, and compare with the database.

    data: an empty folder, or one with the demo that nothing runs on. Raises RuntimeError if it does not come up again.
    """
    port = free_port()
    senders, jurors, token = [Sender("甲"), Sender("乙")], list[Juror](), ""
    for kill in range(kills):
        running = start_up(data, port=port)
        token = token or _token(data, port)
        jurors = jurors or _jurors(data, port)
        _send_until_killed(running, token, [*senders, *jurors], kill)
    running = start_up(data, port=port)
    try:
        changed = 0
        for juror in jurors:
            juror.look(running.url)
        for sender in senders:
            last = list(sender.acknowledged)[-3:]
            changed += sum(report(running.url, token, key) != sender.acknowledged[key] for key in last)
            sender.acknowledged |= {key: report(running.url, token, key) for key in sender.open_keys}
        acknowledged = {text_of(key): number for sender in senders for key, number in sender.acknowledged.items()}
        kept = _kept(data)
        lost = sum((text, number) not in kept for text, number in acknowledged.items())
        unsaid = {text_of(key) for sender in senders for key in sender.open_keys}
        strange = [row for row in kept if acknowledged.get(row[0]) != row[1] and row[0] not in unsaid]
        return Survived(
            len(acknowledged), lost, changed + len(strange) + len(kept) - len({text for text, _ in kept}),
            sum(juror.count for juror in jurors), sum(juror.lost for juror in jurors),
            _ballots(data, jurors[0].path) - len(jurors),
        )  # fmt: skip
    finally:
        running.stop()


def _token(data: Path, port: int) -> str:
    """Make a token for the reporter."""
    command = [LINLI, "token", "create", REPORTER, "--scope", "write"]
    made = subprocess.run(command, env=environment_of(data, port=port), check=True, capture_output=True, text=True)  # noqa: S603 - our own command
    return made.stdout.split()[-1]


def _jurors(data: Path, port: int) -> list[Juror]:
    """Open a session of the monthly review in which two jurors score a report."""
    url = postgres.status(data / "postgres").url
    command = [sys.executable, "-m", "tests.benchmarks.sitting", "2", "1", "talk", "comment", "score"]
    made = subprocess.run(command, env=environment_of(data, port=port) | {"DATABASE_URL": url}, check=True,  # noqa: S603 - our own program
                          capture_output=True, text=True, cwd=REPOSITORY)  # fmt: skip
    told = json.loads(made.stdout)
    return [Juror(seat, f"/hall/{told['session']}/ballots/{told['turns'][0]}") for seat in told["seats"]]


def _send_until_killed(running: Running, token: str, senders: list[Sender | Juror], kill: int) -> None:
    """Kill the server alone in even rounds, in odd ones everything, the database too; what is left ends by itself."""
    threads = [threading.Thread(target=sender.run, args=(running.url, token, kill)) for sender in senders]
    wanted = [sender.count + 1 for sender in senders]
    for thread in threads:
        thread.start()
    until = time.monotonic() + _WAIT_S
    while any(sender.count < count for sender, count in zip(senders, wanted, strict=True)) and time.monotonic() < until:
        time.sleep(0.02)
    time.sleep(0.13 * (kill % 10))
    family = _family(running.process.pid)
    victims = family if kill % 2 else [pid for pid in family if b"serve" in _command(pid)]
    if not victims:
        raise RuntimeError("nothing there to kill")
    for pid in victims:
        _kill(pid)
    for thread in threads:
        thread.join(_WAIT_S)
        if thread.is_alive():
            raise RuntimeError("a sender got neither an answer nor an error")
    running.process.wait(_WAIT_S)


def report(url: str, token: str, key: str) -> str:
    """Report over HTTP with a key of one's own; returns the number. Raises OSError without an answer."""
    request = urllib.request.Request(  # noqa: S310 - our own address
        f"{url}/api/v1/cases",
        data=json.dumps({"text": text_of(key), "area_code": "21010600300702"}).encode(),
        headers={
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/json",
            "Idempotency-Key": key.encode().hex(),
        },
    )
    with urllib.request.urlopen(request, timeout=_WAIT_S) as answer:  # noqa: S310 - our own address
        return str(json.load(answer)["number"])


def text_of(key: str) -> str:
    """Tell what is reported under a key, as no other report does."""
    return f"断电演练{key}号，路灯不亮"


def ballot_of(seq: int) -> dict[str, Any]:
    """Write the ballot that is sent with a number, as with no other one nearby."""
    points = [seq % 20, seq // 20 % 20, 7, 8, 9]
    return {"points": points, "nonce": f"{seq:032x}", "client_seq": seq, "is_draft": False}


def _ballots(data: Path, path: str) -> int:
    server = postgres.start(data / "postgres")
    with psycopg.connect(server.owner_url) as connection:
        turn = path.rpartition("/")[2]
        found = connection.execute("SELECT count(*) FROM reviews_ballot WHERE turn_id = %s", [turn]).fetchone()
    return int(found[0]) if found else 0


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
