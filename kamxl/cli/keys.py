"""The command line's part of keys: which of the three it is, and the passphrase of a backup.

That comes from the environment or is typed; it is never an argument, which others could see.
"""

from __future__ import annotations

import argparse
import getpass
import os
import secrets
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

from kamxl.errors import KamxlError
from kamxl.workflow.shown import upkeep as upkeep_shown
from kamxl.workflow.start.key import backup, check_backup, restore, rotate

VARIABLE = "KAMXL_KEY_PASSPHRASE"


Said = tuple[dict[str, Any], list[str]]


def keys(arguments: argparse.Namespace, folder: Path, now: datetime) -> Said:
    """Run one of the commands: what it has to say as JSON and in words."""
    action, file = arguments.action, arguments.file
    if (file is None) != (action == "rotate"):
        told = "'key rotate' takes no file" if file else f"'key {action}' needs the backup's file"
        raise KamxlError(f"{told}.", "See 'kamxl key --help'.")
    language = getattr(arguments, "language", None)
    if action == "rotate":
        new = rotate(folder, secrets.token_bytes(32), now=now)
        new = replace(new, language=language or new.language)
        return upkeep_shown.key_json(new), upkeep_shown.key_lines(new)
    if action == "backup":
        check_backup(folder, Path(file))  # before somebody types a passphrase for nothing
        kept = backup(folder, file, passphrase(new=True), chance=secrets.token_bytes)
        kept = replace(kept, language=language or kept.language)
        return upkeep_shown.backup_json(kept), upkeep_shown.backup_lines(kept)
    back = restore(folder, file, passphrase(new=False))
    back = replace(back, language=language or back.language)
    return upkeep_shown.restore_json(back), upkeep_shown.restore_lines(back)


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
