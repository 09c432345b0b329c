"""``kamxl mail``: logging in to a provider's mail server in the browser, and out."""

from __future__ import annotations

from kamxl.commands.parts.declared import Command, Option

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from kamxl.commands.parts.given import Given
    from kamxl.workflow.secret_results import LoginResult


def run(given: Given) -> LoginResult:
    """Log in or out, as asked."""
    import os

    from kamxl.workflow.outgoing.login import log_in, log_out

    if given.options.action == "logout":
        return log_out(given.folder, language=given.language)

    def show(address: str) -> None:
        _show(address, given.spoken)

    return log_in(given.folder, os.environ, show, language=given.language)


def _show(address: str, language: str) -> None:
    """Open the address, and say it, too: there may be no browser here."""
    import webbrowser

    from kamxl.commands.parts.speaking import tell
    from kamxl.wording.texts import texts

    tell([texts(language)("login.address"), f"  {address}"])  # stdout may be JSON
    webbrowser.open(address)


def as_json(result: LoginResult) -> dict[str, Any]:
    """Who may send through which server; what is kept in the keyring is never shown."""
    return {
        "state": result.state,
        "user": result.user,
        "host": result.host,
        "provider": result.provider,
    }


def words(result: LoginResult) -> list[str]:
    """Who may send from now on, or no longer."""
    from kamxl.wording.texts import texts

    said = texts(result.language)
    return [said(f"login.{result.state}", user=result.user, host=result.host)]


COMMAND = Command(
    "mail",
    place=90,
    help="log in to Microsoft's or Google's mail server, to send with --send",
    options=(Option("action", choices=("login", "logout")),),
    run=run,
    as_json=as_json,
    words=words,
    strict=False,
)
