"""Logging in to a mail server with a token instead of a password: SMTP's AUTH XOAUTH2."""

from __future__ import annotations

import base64
import json
import smtplib
from typing import Protocol, runtime_checkable

MECHANISM = "XOAUTH2"
_GO_ON, _REFUSED = 334, frozenset({334, 535})


@runtime_checkable
class Tokens(Protocol):
    """What has tokens for one user of one mail server, each good for about an hour."""

    def token(self, *, fresh: bool = False) -> str:
        """A token; ``fresh``: one that was not used before (MailError: there is none)."""


def by_token(
    smtp: smtplib.SMTP, user: str, tokens: Tokens, secrets: list[str]
) -> tuple[int, bytes]:
    """Log in; the server's last answer. ``secrets`` gets the words that nobody else may read.

    A token that is refused may have expired early: a fresh one is tried, once. OSError: the
    connection ended. MailError: there is no token.
    """
    code, text = 0, b""
    for fresh in (False, True):
        token = tokens.token(fresh=fresh)
        said = base64.b64encode(f"user={user}\1auth=Bearer {token}\1\1".encode()).decode()
        secrets += [said, token]
        code, text = _exchange(smtp, said)
        if code not in _REFUSED:
            break
    return code, text


def _exchange(smtp: smtplib.SMTP, said: str) -> tuple[int, bytes]:
    """One try. A refusal comes in two steps: why, as coded JSON, and after an empty line the no."""
    code, text = smtp.docmd("AUTH", f"{MECHANISM} {said}")
    if code != _GO_ON:
        return code, text
    why = _status(text)
    code, text = smtp.docmd("")
    return code, text + (f" (status {why})".encode() if why else b"")


def _status(text: bytes) -> str:
    """The status of a coded explanation, such as "401"; "" if it is none."""
    try:
        told = json.loads(base64.b64decode(text, validate=True))
        return str(int(told["status"]))
    except (ValueError, LookupError, TypeError, RecursionError):
        return ""
