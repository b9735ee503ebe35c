"""Lines for whoever runs the machine, that tell nothing about anybody.

Texts of ours go through `scrubbed`; those of libraries keep their pattern and lose its values; of an exception stay its
type and where it happened, never its words, for a database's words quote the row. So a log may be kept, sent on and
searched without the care that personal data ask for.
"""

import atexit
import json
import logging
import re
import sys
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from queue import Empty, Full, Queue
from threading import Lock, Thread
from typing import Any, TextIO

from linli.kernel.errors import LinliError

_OURS = "linli"
_MOST_WAITING = 10_000
_MOST_FRAMES = 25
# A name or a sentence of a resident is Chinese, our own words are not; a number of five digits or more may be a
# telephone's, an identity card's or a house's.
_SCRUBBED = re.compile(r"[^\s@<>]+@[^\s@<>]+|\d{5,}|[^\x00-\x7f]+")
_FIELDS = ("request", "login", "method", "route", "status", "ms")


def scrubbed(text: str) -> str:
    """Take out whatever may tell of somebody: all but ASCII, long numbers, addresses of mail."""
    return _SCRUBBED.sub("…", text)


class JsonLine(logging.Formatter):
    """A record as one line of JSON: time in UTC, level, logger, message, and what a request adds."""

    def format(self, record: logging.LogRecord) -> str:
        """Write the line."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _message(record),
        }
        line |= {name: getattr(record, name) for name in _FIELDS if isinstance(getattr(record, name, None), str | int)}
        line |= _of_request(getattr(record, "request", None))
        if record.exc_info and record.exc_info[1]:
            line["exception"] = list(_told(record.exc_info[1]))
        return json.dumps(line, ensure_ascii=False, separators=(",", ":"))


class PlainLine(logging.Formatter):
    """The same for a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        """Write the line, and the places of an exception below it."""
        at = datetime.fromtimestamp(record.created).astimezone().isoformat(" ", "milliseconds")
        about = " ".join(_of_request(getattr(record, "request", None)).values())
        lines = [f"{at} {record.levelname} {record.name}: {_message(record)}{f' ({about})' if about else ''}"]
        if record.exc_info and record.exc_info[1]:
            lines += [f"  {place}" for place in _told(record.exc_info[1])]
        return "\n".join(lines)


class InBackground(logging.Handler):
    """Writes in a thread of its own, so that nobody waits for a disk or a full pipe; what is too much is counted."""

    def __init__(self, stream: TextIO | None = None) -> None:
        super().__init__()
        self._stream = stream
        self._waiting: Queue[logging.LogRecord] = Queue(_MOST_WAITING)
        self._writer: Thread | None = None
        self._beginning = Lock()
        self.dropped = 0

    def emit(self, record: logging.LogRecord) -> None:
        """Put the record in line."""
        if self._writer is None or not self._writer.is_alive():  # a forked process has no threads
            self._begin()
        try:
            self._waiting.put_nowait(record)
        except Full:
            self.dropped += 1

    def flush(self) -> None:
        """Wait until everything is written, at most a second."""
        self._drain(wait_s=1.0)

    def _begin(self) -> None:
        with self._beginning:
            if self._writer is None or not self._writer.is_alive():
                self._writer = Thread(target=self._write_on, name="log", daemon=True)
                self._writer.start()
                atexit.register(self.flush)

    def _write_on(self) -> None:
        while True:
            record = self._waiting.get()
            self._write(record)
            self._waiting.task_done()

    def _write(self, record: logging.LogRecord) -> None:
        stream = self._stream or sys.stderr
        try:
            if self.dropped:
                dropped, self.dropped = self.dropped, 0
                stream.write(self.format(_lost(dropped)) + "\n")
            stream.write(self.format(record) + "\n")
            if self._waiting.empty():
                stream.flush()
        except Exception:  # noqa: BLE001 - whoever reads may be gone; the program goes on
            return

    def _drain(self, *, wait_s: float) -> None:
        """Write what waits, in the caller's thread too: the writer may be gone already when the process ends."""
        until = datetime.now(UTC).timestamp() + wait_s
        while datetime.now(UTC).timestamp() < until:
            try:
                record = self._waiting.get_nowait()
            except Empty:
                return
            self._write(record)
            self._waiting.task_done()


def _lost(count: int) -> logging.LogRecord:
    return logging.LogRecord(__name__, logging.WARNING, __file__, 0, "%s lines were too many", (count,), None)


def _message(record: logging.LogRecord) -> str:
    """Give our own message whole, a library's without the values that it puts in."""
    is_ours = record.name.split(".", 1)[0] == _OURS
    return scrubbed(record.getMessage() if is_ours else str(record.msg))


def _of_request(request: object) -> dict[str, str]:
    """Tell which request a record of Django's is about: our id of it and the pattern of its address."""
    found = {
        "request": getattr(request, "log_id", ""),
        "route": getattr(getattr(request, "resolver_match", None), "route", ""),
    }
    return {name: value for name, value in found.items() if value}


def _told(error: BaseException) -> Iterator[str]:
    """Tell an exception by type and places, that which caused it after it."""
    seen: set[int] = set()
    cause: BaseException | None = error
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        yield f"{type(cause).__module__}.{type(cause).__qualname__}{_code(cause)}"
        for frame in traceback.extract_tb(cause.__traceback__)[-_MOST_FRAMES:]:
            yield f"{frame.filename}:{frame.lineno} {frame.name}"
        cause = cause.__cause__ or cause.__context__


def _code(error: BaseException) -> str:
    """Add what says more without quoting anybody: our code, PostgreSQL's, the constraint's name."""
    if isinstance(error, LinliError):
        return f" {error.code}"
    diagnosis = getattr(error, "diag", None)
    said = (getattr(error, "sqlstate", None), getattr(diagnosis, "constraint_name", None))
    return "".join(f" {each}" for each in said if each)
