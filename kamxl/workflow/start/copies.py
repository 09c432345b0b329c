"""Files beside a workbook that may be it, or were meant to be: other formats, copies, conflicts.

A sync client that cannot merge keeps both, each under a name of its own; people save as .xls, or
type an ending that is there already. Our own dated siblings are none of these.
"""

from __future__ import annotations

import contextlib
import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from kamxl.wording.understood import understood

_OTHER = (".xls", ".xlsm", ".xlsb", ".ods", ".fods", ".xltx", ".numbers", ".csv")
_ENDING = ".xlsx"
_MINE = re.compile(r"-\d{4}-\d\d-\d\d(?:-\d+)?")
# "(1)", " 2", "-DESKTOP-4F2K1" (OneDrive), ".sync-conflict-…" (Syncthing), "_conf(…)" (Synology)
_REST = (
    r"\s?\(\d{1,3}\)|\s\d{1,2}|-[A-Z][A-Z0-9]*-[A-Z0-9-]+|-[A-Z][A-Z0-9]{4,}|"
    r"[._]sync-conflict-.*|_conf\(.*\)|\.xlsx"
)


def other_formats(names: Iterable[str], of: str) -> list[str]:
    """Of these names those of the workbook ``of`` ("Register.xlsx") in other formats."""
    stem = _folded(of).removesuffix(_ENDING)
    return sorted(name for name in names if _folded(name) in {stem + end for end in _OTHER})


def copies(names: Iterable[str], of: str) -> list[str]:
    """Of these names those that copies of the workbook ``of`` have, and what conflicts leave."""
    stem = of.removesuffix(_ENDING)
    return sorted(name for name in names if name != of and _is_copy(name, stem))


def names_in(folder: Path) -> list[str]:
    """The names in a folder; of one that cannot be looked at, none."""
    with contextlib.suppress(OSError):
        return sorted(path.name for path in folder.iterdir())
    return []


def _is_copy(name: str, stem: str) -> bool:
    plain = unicodedata.normalize("NFC", name)
    if not plain.casefold().endswith(_ENDING):
        return False
    bare = plain[: -len(_ENDING)]
    if bare.casefold() == stem.casefold():  # register.XLSX
        return True
    if bare.casefold().endswith(stem.casefold()):  # "Kopie von Register"
        return _copied().search(bare[: -len(stem)]) is not None
    if not bare.casefold().startswith(stem.casefold()):
        return False
    rest = bare[len(stem) :]
    if _MINE.fullmatch(rest):
        return False
    return re.fullmatch(_REST, rest) is not None or _copied().search(rest) is not None


@cache
def _copied() -> re.Pattern[str]:
    words = "|".join(map(re.escape, understood("copies")))
    return re.compile(rf"(?<!\w)(?:{words})", re.IGNORECASE)


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()
