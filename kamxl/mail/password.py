"""The password of the mail server: from the environment or the system's keyring, never a file."""

from __future__ import annotations

import os
from collections.abc import Mapping

from kamxl.errors import MailError
from kamxl.mail.keyrings import Closed, Keyring, kept
from kamxl.mail.server import Server

VARIABLE = "KAMXL_SMTP_PASSWORD"


def password_of(
    server: Server,
    environ: Mapping[str, str] = os.environ,
    keyring: Keyring | None = None,
    provider: str = "",
) -> str:
    """The password of the server's user; the environment goes before the keyring.

    ``keyring`` gives the keyring to ask (default: the system's). ``provider``: whose login may
    stand in for it. MailError: there is none.
    """
    entry = f"{server.user}@{server.host}"
    try:
        found = environ.get(VARIABLE) or kept(entry, keyring)
    except Closed as problem:
        reason = problem.values["reason"]
        raise MailError(
            "password-closed", reason=reason, variable=VARIABLE, provider=provider
        ) from None
    if not found:
        raise MailError("password-missing", entry=entry, variable=VARIABLE, provider=provider)
    return found
