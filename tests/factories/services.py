"""Services outside made of a few lines each, on this machine: gateways, robots, push, systems, a mail server."""

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Asked:
    """One request that came."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def said(self) -> Any:
        """Read its JSON."""
        return json.loads(self.body)


@dataclass
class FakeService:
    """Answers every POST alike. answers: status and body in turn, the last one stays; asked: what came."""

    url: str = ""
    answers: list[tuple[int, str]] = field(default_factory=lambda: [(200, "{}")])
    asked: list[Asked] = field(default_factory=list)

    def answer(self) -> tuple[int, str]:
        """Give the next answer."""
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextmanager
def serving(service: FakeService) -> Iterator[FakeService]:
    """Let it listen on this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            service.asked.append(Asked(self.path, {name.lower(): value for name, value in self.headers.items()}, body))
            status, said = service.answer()
            self.send_response(status)
            if status // 100 == 3:
                self.send_header("Location", f"{service.url}/elsewhere")
            self.send_header("Content-Length", str(len(said.encode())))
            self.end_headers()
            self.wfile.write(said.encode())

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    service.url = f"http://127.0.0.1:{server.server_port}"
    yield from _until_done(server, service)


@dataclass
class FakeMail:
    """A mail server that takes everything. port: where; got: the messages."""

    port: int = 0
    got: list[EmailMessage] = field(default_factory=list)


@contextmanager
def delivering(mail: FakeMail) -> Iterator[FakeMail]:
    """Let it listen on this machine. Source: RFC 5321, the few commands that a client needs."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"220 here\r\n")
            while line := self.rfile.readline().decode().strip():
                verb = line[:4].upper()
                if verb == "DATA":
                    self.wfile.write(b"354 go on\r\n")
                    lines = []
                    while (text := self.rfile.readline()) != b".\r\n":
                        lines.append(text)
                    mail.got.append(message_from_bytes(b"".join(lines), policy=default))
                self.wfile.write(b"221 bye\r\n" if verb == "QUIT" else b"250 ok\r\n")
                if verb == "QUIT":
                    return

    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    mail.port = server.server_address[1]
    yield from _until_done(server, mail)


def _until_done(server: socketserver.TCPServer, made: Any) -> Iterator[Any]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
