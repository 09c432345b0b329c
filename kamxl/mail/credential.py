"""What to log in with: a password, or tokens where somebody ran ``kamxl mail login``."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping

from kamxl.mail.keyrings import Closed, Keyring, keep_long, kept_long
from kamxl.mail.oauth import Login, ProviderTokens, provider_of
from kamxl.mail.password import VARIABLE, password_of
from kamxl.mail.server import Server
from kamxl.mail.xoauth2 import Tokens


def entry_of(server: Server) -> str:
    """How the login of the server's user is called in the keyring."""
    return f"{server.user}@{server.host}"


def credential_of(
    server: Server,
    environ: Mapping[str, str] = os.environ,
    keyring: Keyring | None = None,
) -> str | Tokens:
    """The password in the environment, else the login in the keyring, else the password there.

    MailError: there is none of them.
    """
    provider = provider_of(server.host)
    if provider is None or environ.get(VARIABLE):
        return password_of(server, environ, keyring)
    try:
        login = Login.of(kept_long(entry_of(server), keyring) or "")
    except Closed:
        login = None  # the password's sentence says it, and what else can be done
    if login is not None:

        def keep(renewed: Login) -> None:
            with contextlib.suppress(Closed):  # the one it has is good for now
                keep_long(entry_of(server), renewed.text(), keyring)

        return ProviderTokens(provider, login, keep)
    return password_of(server, environ, keyring, provider.name)
