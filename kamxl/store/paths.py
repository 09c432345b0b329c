"""File names that hold on Windows, macOS and Linux, and the form under which they compare."""

from __future__ import annotations

import os
import re
import unicodedata
from pathlib import Path

from kamxl.errors import WorkspaceError

LONGEST = 200  # characters of a whole path: Excel refuses 218 and more, Windows 260
_RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])", re.IGNORECASE)


def folded(text: str) -> str:
    """The form under which names of files are compared: composed, without case."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


def shown(text: str) -> str:
    """A path as it is told to people: composed; bytes that are no text become a question mark."""
    readable = os.fsencode(text).decode("utf-8", "replace")
    return unicodedata.normalize("NFC", readable)


def is_reserved(name: str) -> bool:
    """Whether Windows keeps this file name for itself ("CON", "nul.txt") or cannot store it."""
    stem = name.split(".")[0].rstrip(" ")
    return _RESERVED.fullmatch(stem) is not None or name != name.rstrip(". ")


def check_length(path: Path) -> Path:
    """``path`` itself (WorkspaceError: too long to be opened in Excel)."""
    length = len(str(path))
    if length > LONGEST:
        raise WorkspaceError("path-long", name=path.name, length=length, longest=LONGEST)
    return path
