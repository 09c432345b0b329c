"""A provider of tokens on the loopback address: asks people, gives tokens, as OAuth 2 says."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import threading
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlencode, urlsplit

from aiosmtpd.smtp import AuthResult

from kamxl.mail.oauth import MICROSOFT, Login, Provider
from tests.mail.servers import USER, Mailbox
from tests.waiting import PATIENCE

HOST = "127.0.0.1"


@dataclass
class Office:
    """What the provider gives, and what it was asked.

    ``deny``: the person says no. ``answer``: what it says to every request for a token instead.
    ``renew``: each refresh brings another refresh token, and the old one ends.
    """

    deny: bool = False
    lasting: bool = True
    renew: bool = False
    seconds: object = 3600
    answer: tuple[int, bytes] | None = None
    secret: str = ""
    refresh: str = "refresh-0"
    given: int = 0
    port: int = 0
    asked: list[dict[str, str]] = field(default_factory=list)
    bodies: list[dict[str, str]] = field(default_factory=list)

    @property
    def provider(self) -> Provider:
        base = f"http://{HOST}:{self.port}/{{tenant}}"
        return replace(MICROSOFT, authorize=f"{base}/authorize", token=f"{base}/token", back=HOST)

    @property
    def login(self) -> Login:
        return Login("client-1", self.secret, "muster", self.refresh)

    def authorize(self, query: dict[str, str]) -> str:
        """Where the browser goes next."""
        self.asked.append(query)
        told = {"error": "access_denied"} if self.deny else {"code": "code-1"}
        return f"{query['redirect_uri']}?{urlencode({**told, 'state': query['state']})}"

    def token(self, body: dict[str, str]) -> tuple[int, bytes]:
        self.bodies.append(body)
        if self.answer is not None:
            return self.answer
        if body.get("client_id") != "client-1" or body.get("client_secret", "") != self.secret:
            return 401, b'{"error": "invalid_client"}'
        if not self._right(body):
            told = {"error": "invalid_grant", "error_description": f"what is {self.refresh}?"}
            return 400, json.dumps(told).encode()
        self.given += 1
        found = {"access_token": f"access-{self.given}", "token_type": "Bearer"}
        if self.seconds is not None:
            found["expires_in"] = self.seconds
        if self.renew:
            self.refresh = f"refresh-{self.given}"
        if self.lasting and (self.renew or body["grant_type"] == "authorization_code"):
            found["refresh_token"] = self.refresh
        return 200, json.dumps(found).encode()

    def _right(self, body: dict[str, str]) -> bool:
        if body["grant_type"] == "refresh_token":
            return body["refresh_token"] == self.refresh
        verifier = hashlib.sha256(body["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(verifier).decode().rstrip("=")
        asked = self.asked[-1]
        return (
            body["code"] == "code-1"
            and challenge == asked["code_challenge"]
            and body["redirect_uri"] == asked["redirect_uri"]
        )


@dataclass
class TokenMailbox(Mailbox):
    """Takes tokens by XOAUTH2; to others it says why, and then no, as Google and Microsoft do."""

    good: tuple[str, ...] = ()
    why: bytes = b'{"status":"401","schemes":"bearer","scope":"https://mail.google.com/"}'
    heard: list[bytes] = field(default_factory=list)
    password: str | None = "none"  # noqa: S105 there has to be one for logins at all

    async def auth_XOAUTH2(self, server, args):  # noqa: N802 aiosmtpd's name
        self.heard.append(" ".join(args).encode())
        if base64.b64decode(args[1]) in {said(token) for token in self.good}:
            return AuthResult(success=True, auth_data=USER)
        self.heard.append(await server.challenge_auth(self.why))
        await server.push(f"535 5.7.3 Authentication unsuccessful {args[1]}")
        return AuthResult(success=False, handled=True)


def said(token):
    return b"user=" + USER.encode() + b"\x01auth=Bearer " + token.encode() + b"\x01\x01"


@contextlib.contextmanager
def open_office(office: Office) -> Iterator[Office]:
    """Serve ``office`` on a free port."""

    class Desk(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            self.send_response(302)
            self.send_header("Location", office.authorize(dict(parse_qsl(parts.query))))
            self.end_headers()

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            status, said = office.token(dict(parse_qsl(body)))
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            if status in (301, 307):
                self.send_header("Location", f"http://{HOST}:{office.port}/elsewhere/token")
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer((HOST, 0), Desk) as server:
        office.port = server.server_port
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield office
        finally:
            server.shutdown()
            thread.join(10)


def browse(address: str, pages: list[str]) -> threading.Thread:
    """A browser in which somebody agrees: it goes where it is sent, in its own time."""

    def go() -> None:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with contextlib.suppress(OSError), opener.open(address, timeout=PATIENCE) as page:
            pages.append(page.read().decode())

    going = threading.Thread(target=go, daemon=True)
    going.start()
    return going
