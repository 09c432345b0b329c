"""Connecting to a mail server and logging in, never less secure than the settings say."""

from __future__ import annotations

import base64
import contextlib
import re
import smtplib
import socket
import ssl
import time
from collections.abc import Callable, Iterator

from kamxl.errors import MailError
from kamxl.mail.line import Clock, Line, NoAnswer
from kamxl.mail.server import PLAIN, STARTTLS, TLS, Server
from kamxl.mail.xoauth2 import MECHANISM, Tokens, by_token

# Servers write the name we give into the mail, for every recipient to read: ours is nobody's
# business, so it is what smtplib itself says where a computer has no name.
_NAME = "[127.0.0.1]"
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
_LONGEST = 200  # characters of a server's answer that are worth showing
_LOGGED_IN, _GO_ON = 235, 334


def connected(
    server: Server,
    password: Callable[[Server], str | Tokens],
    context: ssl.SSLContext,
    timeout: float,
    clock: Clock = time.monotonic,
) -> Line:
    """A connection that is encrypted and logged in as the settings say (MailError: none).

    ``timeout``: the seconds that all of it may take together.
    """
    # Asked before anything else: without it there is nothing to connect for.
    secret = password(server) if server.user else None
    if isinstance(secret, Tokens):
        secret.token()  # from elsewhere, which may take its time
    with _explained(server), contextlib.ExitStack() as undo:
        tls = context if server.security == TLS else None
        smtp = Line(server.host, server.port, _NAME, timeout, tls, clock)
        undo.callback(smtp.close)
        smtp.ehlo_or_helo_if_needed()
        if server.security == STARTTLS:
            if not smtp.has_extn("starttls"):
                raise MailError("mail-no-starttls", host=server.host)
            smtp.encrypt(context)
            smtp.ehlo_or_helo_if_needed()
        if secret is not None:
            _log_in(smtp, server, secret)
        undo.pop_all()
    return smtp


def answer(code: int, text: bytes) -> str:
    """A server's answer on one line: "550 no such user"."""
    return plain(f"{code} {text.decode('utf-8', 'replace')}")


def plain(text: str) -> str:
    """Words from outside on one line, without control characters, and not too many."""
    return " ".join(_CONTROL.sub(" ", text).split())[:_LONGEST].rstrip(".")


def _log_in(smtp: smtplib.SMTP, server: Server, secret: str | Tokens) -> None:
    """By PLAIN or LOGIN; smtplib's own login takes no password with letters beyond ASCII."""
    if not isinstance(smtp.sock, ssl.SSLSocket) and not (server.security == PLAIN and server.local):
        raise MailError("mail-unencrypted")
    offered = smtp.esmtp_features.get("auth", "").upper().split()
    secrets: list[str] = []  # what the server may repeat, and nobody else may read
    try:
        if isinstance(secret, Tokens):
            code, text = _by_token(smtp, server, secret, offered, secrets)
        else:
            code, text = _by_password(smtp, server, secret, offered, secrets)
    except NoAnswer as problem:
        raise NoAnswer(_without(secrets, str(problem))) from None
    if code != _LOGGED_IN:
        told = _without(secrets, f"{code} {text.decode('utf-8', 'replace')}")
        raise MailError(
            "login-wrong",
            host=server.host,
            user=server.user,
            told=plain(told),
            token=isinstance(secret, Tokens),
            provider=MECHANISM in offered,
        )


def _without(secrets: list[str], told: str) -> str:
    """Before anything is cut off: half a secret is one, too."""
    for word in secrets:
        told = told.replace(word, "…")
    return told


def _by_token(
    smtp: smtplib.SMTP, server: Server, tokens: Tokens, offered: list[str], secrets: list[str]
) -> tuple[int, bytes]:
    """The server's last word on user and token (MailError: it takes none)."""
    if MECHANISM not in offered:
        raise _nobody(server, "token", offered)
    return by_token(smtp, server.user, tokens, secrets)


def _by_password(
    smtp: smtplib.SMTP, server: Server, secret: str, offered: list[str], secrets: list[str]
) -> tuple[int, bytes]:
    """The server's last word on user and password (MailError: it takes none)."""
    whole = _coded(f"\0{server.user}\0{secret}")
    secrets += [whole, _coded(secret), secret]
    if "PLAIN" in offered:
        return smtp.docmd("AUTH", f"PLAIN {whole}")
    if "LOGIN" not in offered:
        raise _nobody(server, "password", offered)
    code, text = smtp.docmd("AUTH", "LOGIN")
    for word in (server.user, secret):
        if code == _GO_ON:
            code, text = smtp.docmd(_coded(word))
    return code, text


def _nobody(server: Server, what: str, offered: list[str]) -> MailError:
    return MailError(
        "login-impossible",
        host=server.host,
        by=what,
        offered=plain(" ".join(offered)),
        provider=MECHANISM in offered,
    )


def _coded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@contextlib.contextmanager
def _explained(server: Server) -> Iterator[None]:
    """What can go wrong on the way to a server, as a sentence (and without what we sent)."""
    try:
        yield
    except MailError:
        raise
    except (OSError, UnicodeError, ValueError) as problem:
        raise _named(server, problem) from None


def _named(server: Server, problem: Exception) -> MailError:
    at: dict[str, object] = {"host": server.host, "port": server.port}
    if isinstance(problem, socket.gaierror | UnicodeError):
        return MailError("server-unknown", host=server.host)
    if isinstance(problem, ssl.SSLCertVerificationError):
        told = plain(problem.verify_message)
        return MailError("server-untrusted", host=server.host, told=told)
    if isinstance(problem, ssl.SSLError):
        return MailError("server-no-tls", **at)
    # Once a connection stands, a time-out is a disconnection.
    if isinstance(problem, TimeoutError) or isinstance(problem.__context__, TimeoutError):
        return MailError("server-silent", **at)
    if isinstance(problem, ConnectionRefusedError):
        return MailError("server-closed", **at)
    if isinstance(problem, NoAnswer):
        return MailError("server-refuses", told=plain(str(problem)), port_wrong=True, **at)
    if isinstance(problem, smtplib.SMTPResponseException):
        told = answer(problem.smtp_code, _bytes(problem.smtp_error))
        return MailError("server-refuses", told=told, port_wrong=False, **at)
    return MailError("server-unusable", told=plain(str(problem)), **at)


def _bytes(told: bytes | str) -> bytes:
    return told if isinstance(told, bytes) else told.encode()
