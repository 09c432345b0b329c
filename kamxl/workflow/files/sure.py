"""Whether what was found in a file will be found again: what of the computer has a say in it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from kamxl.excel.reading.office import office

if TYPE_CHECKING:  # only named: a run with nothing new looks into no file
    from kamxl.core.records.register import FileResult

# What another try may end otherwise: it was the computer's time or memory, or LibreOffice's.
_OF_THE_COMPUTER = frozenset({"time", "memory", "crashed", "killed", "strange", "source"})
_UNSURE = frozenset({"unexpected"})


def reading_with() -> tuple[str, ...]:
    """What else reads here: LibreOffice, and since when."""
    path = office()
    if path is None:
        return ("",)
    try:
        return (path, str(Path(path).stat().st_mtime_ns))
    except OSError:
        return (path,)


def is_sure(file: FileResult) -> bool:
    """Whether another look would find the same: no fault of the computer had a say in it."""
    for found in file.findings:
        details = dict(found.details)
        if found.code in _UNSURE or details.get("office"):
            return False
        if details.get("reason") in _OF_THE_COMPUTER:
            return False
    return True
