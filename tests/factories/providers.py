"""Providers of single sign-on made of a few lines each, on this machine, after their public documents: for tests.

Each hands out a code for whoever comes, takes it back once with what it asks for, and tells who it was.
"""

import json
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

ID, SECRET = "linli-at-the-office", "a-secret-of-both"


@dataclass
class FakeProvider:
    """What the provider knows: whom it says came (claims), and what is asked of it; asked: every request it got."""

    url: str = ""
    subject: str = "ou-7f3a"
    employee_code: str = ""
    wrong: dict[str, Any] = field(default_factory=dict)
    asked: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "k1", "use": "sig"}))
    _left: dict[str, dict[str, str]] = field(default_factory=dict)

    def come(self, address: str) -> str:
        """Go to the provider as a browser does and say yes; gives where it sends the browser."""
        query = dict(parse_qsl(urlsplit(address).query))
        code = f"code-{len(self._left)}"
        self._left[code] = query
        name = "authCode" if "/oauth2/auth" in address else "code"
        return f"{query['redirect_uri']}?{name}={code}&state={query['state']}"

    def answer(  # noqa: PLR0911 - one for each of its doors
        self, method: str, path: str, said: dict[str, str], headers: dict[str, str]
    ) -> tuple[int, Any]:
        """Answer a request of Linli's. headers: by their names in small letters."""
        self.asked.append((method, path, said))
        match path:
            case "/.well-known/openid-configuration":
                doors = {"authorization_endpoint": "/authorize", "token_endpoint": "/token", "jwks_uri": "/keys"}
                return 200, {"issuer": self.url, **{name: self.url + door for name, door in doors.items()}} | self.wrong
            case "/keys":
                return 200, {"keys": [self.key.as_dict(private=False)]}
            case "/token":
                left = self._spend(said["code"], said)
                return (200, {"id_token": self._signed(left)}) if left and headers.get("authorization") else (400, {})
            case "/v1.0/oauth2/userAccessToken":
                left = self._left.pop(said["code"], None)
                is_right = left is not None and (said["clientId"], said["clientSecret"]) == (ID, SECRET)
                return (200, {"accessToken": "t"}) if is_right else (400, {"code": "invalid"})
            case "/v1.0/contact/users/me":
                return 200, {"unionId": self.subject, "nick": "某人"} if headers.get(
                    "x-acs-dingtalk-access-token"
                ) else {}
            case "/oauth/v3/token":
                left = self._spend(said["code"], said)
                return 200, {"code": 0, "access_token": "t"} if left else {"code": 20003, "error": "invalid_grant"}
            case "/open-apis/authen/v1/user_info":
                me = {"union_id": self.subject, "employee_no": self.employee_code}
                return 200, {"code": 0, "data": me} if headers.get("authorization") == "Bearer t" else {
                    "code": 99991663
                }
            case "/cgi-bin/gettoken":
                is_right = (said["corpid"], said["corpsecret"]) == (ID, SECRET)
                return 200, {"errcode": 0, "access_token": "t"} if is_right else {"errcode": 40001}
            case "/cgi-bin/auth/getuserinfo":
                is_known = self._left.pop(said["code"], None) is not None
                return 200, {"errcode": 0, "userid": self.subject} if is_known else {"errcode": 40029}
        return 404, {}

    def _spend(self, code: str, said: dict[str, str]) -> dict[str, str] | None:
        """Take a code once, from whoever knows the verifier of its challenge and names the same address."""
        left = self._left.pop(code, None)
        digest = urlsafe_b64encode(sha256(said.get("code_verifier", "").encode()).digest()).rstrip(b"=").decode()
        is_right = left and left["code_challenge"] == digest and left["redirect_uri"] == said["redirect_uri"]
        return left if is_right else None

    def _signed(self, left: dict[str, str]) -> str:
        now = int(time.time())
        claims = {"iss": self.url, "sub": self.subject, "aud": left["client_id"], "nonce": left["nonce"], "iat": now,
                  "exp": now + 60, "number": self.employee_code} | self.wrong  # fmt: skip
        return jwt.encode({"alg": "RS256", "kid": "k1"}, claims, self.key)


@contextmanager
def running(provider: FakeProvider) -> Iterator[FakeProvider]:
    """Let the provider listen on this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            self._say(*provider.answer("GET", parts.path, dict(parse_qsl(parts.query)), self._headers()))

        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"])).decode()
            is_json = "json" in self.headers.get("Content-Type", "")
            said = json.loads(raw) if is_json else {name: values[0] for name, values in parse_qs(raw).items()}
            self._say(*provider.answer("POST", self.path, said, self._headers()))

        def _headers(self) -> dict[str, str]:
            return {name.lower(): value for name, value in self.headers.items()}

        def _say(self, status: int, body: Any) -> None:
            raw = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
