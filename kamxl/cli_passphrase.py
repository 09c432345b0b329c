"""The passphrase of a backup: from the environment or typed, never an argument others can see."""

from __future__ import annotations

import getpass
import os
import sys
from typing import TextIO

from kamxl.errors import KamxlError

VARIABLE = "KAMXL_KEY_PASSPHRASE"


def passphrase(*, new: bool) -> str:
    """The passphrase; a ``new`` one is typed twice (KamxlError: none, or two different ones)."""
    given = os.environ.get(VARIABLE)
    if given is None:
        given = _typed(new)
    if not given.strip():
        raise KamxlError(
            "The passphrase is empty, so the backup would be open to everybody.",
            f"Type a sentence that only you know, or set {VARIABLE}.",
        )
    return given


def _typed(new: bool) -> str:
    if not (_terminal(sys.stdin) and _terminal(sys.stderr)):
        raise KamxlError(
            "Without a terminal nobody can be asked for the passphrase.",
            f"Set {VARIABLE} in the environment.",
        )
    first = _asked("Passphrase of the backup: ")
    if new and _asked("Once more: ") != first:
        raise KamxlError("The two passphrases are different.", "Nothing was written. Try again.")
    return first


def _asked(question: str) -> str:
    try:
        return getpass.getpass(question)
    except EOFError:
        raise KamxlError("No passphrase was typed.", "Nothing was written. Try again.") from None


def _terminal(stream: TextIO | None) -> bool:
    try:
        return stream is not None and stream.isatty()
    except ValueError:
        return False
