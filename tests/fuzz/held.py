"""What must hold of whatever comes out of a reader, and how a mistake of ours is told.

Shared by the targets; each fails by an AssertionError that says what was wrong.
"""

from __future__ import annotations

import lzma
import math
import struct
import traceback
import zlib
from collections.abc import Callable
from pathlib import Path
from xml.parsers.expat import ExpatError

import kamxl
from kamxl.excel.reading import notes
from kamxl.excel.reading.book import Refused
from kamxl.forms.paper.raw import RawBook, RawKind
from kamxl.mail.opening import CannotOpen

_PACKAGE = str(Path(kamxl.__file__).parent)
_CODES = {
    "unreadable", "too-large", "password", "format-unsupported", "not-a-workbook", "rights-managed",
    "archive-unsupported", "cloud-link", "cloud-placeholder", "mail-encrypted",
}  # fmt: skip
# What a library tells our code by raising, where our code is the last line of Python.
_TOLD = (
    ExpatError, UnicodeError, struct.error, zlib.error, lzma.LZMAError, OSError, Refused,
    CannotOpen,
)  # fmt: skip


def twice(reading: Callable[[], RawBook]) -> str:
    """Whether a book is read, and the same one again; or the reason why not."""
    first, second = _once(reading), _once(reading)
    assert first == second, "the second reading is another"
    if isinstance(first, RawBook):
        sound(first)
        return "read"
    assert first[0] in _CODES, first
    return ": ".join(first)


def _once(reading: Callable[[], RawBook]) -> RawBook | tuple[str, str]:
    try:
        return reading()
    except Refused as refused:
        problem = refused
    assert problem.__context__ is None, "the traceback keeps the whole file in memory"
    return problem.code, problem.reason


def sound(book: RawBook) -> None:
    """No cell and no note holds what a reader may not hand over."""
    for sheet in book.sheets:
        assert sheet.title
        for place, cell in sheet.cells.items():
            assert min(place) >= 1
            assert (cell.number is not None) == (cell.kind is RawKind.NUMBER)
            assert cell.number is None or math.isfinite(cell.number)
            assert cell.text or cell.formula
            assert cell.number_format or cell.number is not None  # "": nobody can tell
        for note in sheet.notes:
            assert note.text.strip()
            assert len(note.text) <= notes.LONGEST + 1
            assert min(note.row, note.column) >= 0
    assert sum(len(sheet.notes) for sheet in book.sheets) <= notes.MOST


def showable(text: str) -> None:
    """It stands on one line, and can be written."""
    assert not any(ord(c) < 32 for c in text)
    text.encode("utf-8")


def no_mistake_of_ours(work: Callable[[], object]) -> None:
    """Do what a boundary stands around, without it."""
    try:
        work()
    except Exception as problem:
        library(problem)


def library(problem: BaseException, *meant: type[Exception]) -> None:
    """A boundary may catch what libraries raise; what our own lines raise is a mistake of ours.

    ``meant``: where a reader looks beyond an end on purpose, that is how it learns of it.
    """
    last = traceback.extract_tb(problem.__traceback__)[-1]
    if last.filename.startswith(_PACKAGE) and not isinstance(problem, (*_TOLD, *meant)):
        raise AssertionError(f"a mistake of ours was caught: {problem!r}") from problem
