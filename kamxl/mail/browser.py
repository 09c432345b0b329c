"""Asking a person in her browser whether kamxl may send for her, and waiting for her answer."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import replace
from html import escape
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit

from kamxl.errors import MailError
from kamxl.mail.oauth import Login, Provider, answered, new_session

_HERE = "127.0.0.1"  # nobody else in the network can answer
_PATIENCE = 300.0  # seconds for a person to log in


def asked(
    provider: Provider,
    login: Login,
    user: str,
    show: Callable[[str], None],
    page: str,
    *,
    patience: float = _PATIENCE,
    verify: bool | str = True,
) -> Login:
    """The login with what brings new tokens, once a person agreed.

    ``show`` gets the address where she does, and has to bring it before her eyes; ``page`` is what
    her browser says then. MailError: she did not agree, or not in ``patience`` seconds, or the
    provider gives nothing that lasts.
    """
    with _Waiting(secrets.token_urlsafe(24), page) as waiting:
        session = new_session(
            provider,
            login,
            redirect_uri=f"http://{provider.back}:{waiting.server_port}",
            code_challenge_method="S256",
        )
        verifier = secrets.token_urlsafe(48)
        address, _ = session.create_authorization_url(
            provider.authorize.format(tenant=login.tenant),
            state=waiting.state,
            code_verifier=verifier,
            login_hint=user,
            **provider.extra,
        )
        show(address)
        answer = waiting.answer(patience)
    found = answered(
        provider,
        login,
        lambda: session.fetch_token(
            provider.token.format(tenant=login.tenant),
            code=_code(provider, answer),
            grant_type="authorization_code",
            redirect_uri=session.redirect_uri,
            code_verifier=verifier,
            verify=verify,
            allow_redirects=False,
        ),
    )
    if not found.get("refresh_token"):
        raise MailError("login-passing", provider=provider.name)
    return replace(login, refresh_token=str(found["refresh_token"]))


def _code(provider: Provider, answer: dict[str, list[str]]) -> str:
    if "code" not in answer:
        raise MailError("login-refused", provider=provider.name)
    return answer["code"][0]


class _Waiting(HTTPServer):
    """Waits on this computer for the one request that knows the state."""

    def __init__(self, state: str, page: str) -> None:
        super().__init__((_HERE, 0), _Answer)
        self.state, self.page = state, page
        self.found: dict[str, list[str]] | None = None

    def answer(self, patience: float) -> dict[str, list[str]]:
        """What the provider tells through the browser (MailError: nothing in time)."""
        end = time.monotonic() + patience
        while self.found is None:
            self.timeout = min(1.0, end - time.monotonic())
            if self.timeout <= 0:
                raise MailError("login-late")
            self.handle_request()
        return self.found


class _Answer(BaseHTTPRequestHandler):
    """One request of a browser."""

    server: _Waiting
    timeout = 5  # seconds for a connection that says nothing

    def do_GET(self) -> None:
        query = parse_qs(urlsplit(self.path).query)
        if query.get("state") != [self.server.state]:
            self.send_error(404)
            return
        self.server.found = query
        body = f'<!doctype html><meta charset="utf-8"><p>{escape(self.server.page)}</p>'.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing is logged: the address holds a code."""
