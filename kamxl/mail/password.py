"""The password of the mail server: from the environment or the system's keyring, never a file."""

from __future__ import annotations

import os
from collections.abc import Mapping

from kamxl.errors import MailError
from kamxl.mail.keyrings import SERVICE, Closed, Keyring, kept
from kamxl.mail.server import Server

VARIABLE = "KAMXL_SMTP_PASSWORD"


def password_of(
    server: Server,
    environ: Mapping[str, str] = os.environ,
    keyring: Keyring | None = None,
) -> str:
    """The password of the server's user; the environment goes before the keyring.

    ``keyring`` gives the keyring to ask (default: the system's). MailError: there is none.
    """
    entry = f"{server.user}@{server.host}"
    try:
        found = environ.get(VARIABLE) or kept(entry, keyring)
    except Closed as problem:
        hint = f"Unlock or set up one, or give the password in the variable {VARIABLE}."
        raise MailError(problem.message, hint) from None
    if not found:
        raise MailError(
            f"The keyring has no password for {entry}.",
            f"Run 'keyring set {SERVICE} {entry}' once, or set {VARIABLE}.",
        )
    return found
