"""The password of the mail server: from the environment or the system's keyring, never a file."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any

from kamxl.errors import MailError
from kamxl.mail.server import Server

VARIABLE = "KAMXL_SMTP_PASSWORD"
SERVICE = "kamxl"


def password_of(
    server: Server,
    environ: Mapping[str, str] = os.environ,
    keyring: Callable[[], Any] | None = None,
) -> str:
    """The password of the server's user; the environment goes before the keyring.

    ``keyring`` gives the keyring to ask (default: the system's). MailError: there is none.
    """
    entry = f"{server.user}@{server.host}"
    found = environ.get(VARIABLE) or _kept(entry, keyring or _system_keyring)
    if not found:
        raise MailError(
            f"The keyring has no password for {entry}.",
            f"Run 'keyring set {SERVICE} {entry}' once, or set {VARIABLE}.",
        )
    return found


def _kept(entry: str, keyring: Callable[[], Any]) -> str | None:
    try:
        for one in _of_the_system(keyring()):
            found = one.get_password(SERVICE, entry)
            if found:
                return str(found)
    except MailError:
        raise
    except Exception as problem:
        # Every system has its own: what they raise has no common base, only that it did not work.
        raise _closed(type(problem).__name__) from None
    return None


def _system_keyring() -> Any:
    """Loaded only when a password is needed: looking for keyrings takes time."""
    try:
        import keyring
        from keyring.backends import fail, null
    except ImportError:
        raise _closed("not installed") from None
    found = keyring.get_keyring()
    if isinstance(found, fail.Keyring | null.Keyring):
        raise _closed("none found")
    return found


def _of_the_system(keyring: Any) -> list[Any]:
    """The keyrings to ask; those of keyrings.alt keep passwords in files, some in plain text."""
    each = getattr(keyring, "backends", None) or (keyring,)
    usable = [one for one in each if not type(one).__module__.startswith("keyrings.alt")]
    if not usable:
        raise _closed("it keeps passwords in files")
    return usable


def _closed(reason: str) -> MailError:
    return MailError(
        f"This computer has no keyring that can be used ({reason}).",
        f"Unlock or set up one, or give the password in the variable {VARIABLE}.",
    )
