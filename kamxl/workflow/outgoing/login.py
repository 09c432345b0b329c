"""Letting kamxl send through Microsoft or Google: logging in once, by browser, and out again."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

from kamxl.errors import MailError
from kamxl.mail.credential import entry_of
from kamxl.mail.keyrings import Keyring, forget_long, keep_long, kept_long
from kamxl.mail.oauth import Provider, provider_of, registered
from kamxl.mail.server import Server, server_of
from kamxl.wording.texts import texts
from kamxl.workflow.secret_results import LoginResult
from kamxl.workflow.start.identity import opened
from kamxl.workflow.start.register import read_register


def log_in(
    root: str | os.PathLike[str],
    environ: Mapping[str, str],
    show: Callable[[str], None],
    *,
    language: str | None = None,
    keyring: Keyring | None = None,
    verify: bool | str = True,
) -> LoginResult:
    """Ask the user of the team's mail server in her browser, at the address that ``show`` gets.

    What she agrees to is kept in the keyring of this computer, nowhere else. MailError: the
    settings name no such server, or there is no application, keyring or consent.
    """
    from kamxl.mail.browser import asked  # brings a web server, which no other command needs

    server, spoken = _server(root, language)
    provider, login = _provider(server), registered(environ)
    kept_long(entry_of(server), keyring)  # nobody logs in for a keyring that is not there
    said = texts(spoken)("login.page", provider=provider.name)
    login = asked(provider, login, server.user, show, said, verify=verify)
    keep_long(entry_of(server), login.text(), keyring)
    return LoginResult(spoken, "in", server.user, server.host, provider.name)


def log_out(
    root: str | os.PathLike[str],
    *,
    language: str | None = None,
    keyring: Keyring | None = None,
) -> LoginResult:
    """Take the login out of the keyring of this computer (MailError: no server, no keyring)."""
    server, spoken = _server(root, language)
    state = "out" if forget_long(entry_of(server), keyring) else "none"
    return LoginResult(spoken, state, server.user, server.host, _provider(server).name)


def _server(root: str | os.PathLike[str], language: str | None) -> tuple[Server, str]:
    settings = read_register(opened(Path(root))).register.settings
    server = server_of(settings)
    if not server.user:
        raise MailError("mail-no-user")
    return server, language or settings.language


def _provider(server: Server) -> Provider:
    provider = provider_of(server.host)
    if provider is None:
        raise MailError("login-no-provider", host=server.host)
    return provider
