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
_TOKENS = " With Microsoft or Google, 'kamxl mail login' is the way in."


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
                raise MailError(
                    f"The mail server {server.host} offers no encryption by STARTTLS.",
                    "Nothing was sent. Choose TLS on the sheet of settings, or ask your IT.",
                )
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
        raise MailError("A password is never sent without encryption.", "Choose STARTTLS or TLS.")
    offered = smtp.esmtp_features.get("auth", "").upper().split()
    secrets: list[str] = []  # what the server may repeat, and nobody else may read
    try:
        if isinstance(secret, Tokens):
            code, text = _by_token(smtp, server, secret, offered, secrets)
            hint = "Check the user name on the sheet of settings, and run 'kamxl mail login' again."
        else:
            code, text = _by_password(smtp, server, secret, offered, secrets)
            hint = "Check the user name on the sheet of settings, and the password in the keyring."
            hint += _TOKENS if MECHANISM in offered else ""
    except NoAnswer as problem:
        raise NoAnswer(_without(secrets, str(problem))) from None
    if code != _LOGGED_IN:
        told = _without(secrets, f"{code} {text.decode('utf-8', 'replace')}")
        raise MailError(
            f"The mail server {server.host} refuses the login of {server.user}: {plain(told)}.",
            hint,
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
    hint = "Ask your IT for a server that does, or send the drafts from your mail program."
    return MailError(
        f"The mail server {server.host} lets nobody log in with a {what} "
        f"(it offers: {plain(' '.join(offered)) or 'nothing'}).",
        hint + (_TOKENS if MECHANISM in offered else ""),
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
        raise MailError(*_why(server, problem)) from None


def _why(server: Server, problem: Exception) -> tuple[str, str]:
    named, settings = f"The mail server {server.host}", "Check the sheet of settings."
    at = f"{named} (port {server.port})"
    if isinstance(problem, socket.gaierror | UnicodeError):
        return f"{named} is not known in this network.", f"{settings} Is the computer online?"
    if isinstance(problem, ssl.SSLCertVerificationError):
        why = plain(problem.verify_message)
        return (
            f"The certificate of the mail server {server.host} is not trusted: {why}.",
            "Nothing was sent. Check the server's name on the sheet of settings, or ask your IT.",
        )
    if isinstance(problem, ssl.SSLError):
        return f"{at} does not speak TLS as it was asked to.", f"{settings} Port and encryption?"
    # Once a connection stands, a time-out is a disconnection.
    if isinstance(problem, TimeoutError) or isinstance(problem.__context__, TimeoutError):
        return f"{at} does not answer in time.", f"{settings} Port and encryption?"
    if isinstance(problem, ConnectionRefusedError):
        return f"{at} takes no connection.", f"{settings} Is the port right?"
    if isinstance(problem, NoAnswer):
        return f"{at} does not let us in: {plain(str(problem))}.", f"{settings} Is the port right?"
    if isinstance(problem, smtplib.SMTPResponseException):
        told = answer(problem.smtp_code, _bytes(problem.smtp_error))
        return f"{at} does not let us in: {told}.", "Try again later, or ask your IT."
    return f"{at} cannot be used: {plain(str(problem))}.", "Try again later, or ask your IT."


def _bytes(told: bytes | str) -> bytes:
    return told if isinstance(told, bytes) else told.encode()
