"""What a reader hands over: cells as they stand in a file, before anybody gives them a meaning.

The forms read these; the reader in ``excel/`` (or any later one) makes them. No library's objects
pass this line, so which parser is used stays that room's secret.
"""

from __future__ import annotations

from abc import abstractmethod
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from itertools import islice
from typing import Any, Self, TypeVar

T = TypeVar("T")
Place = tuple[int, int]  # row and column, both from 1


class RawKind(Enum):
    """The type a cell has in the file (an empty cell is not there at all)."""

    NUMBER = "number"
    TEXT = "text"
    BOOLEAN = "boolean"
    ERROR = "error"
    DATE = "date"  # an ISO date cell (t="d"); a number with a date format stays a NUMBER


@dataclass(frozen=True, slots=True)
class RawCell:
    """One cell with content.

    ``text`` is the stored text as it stands ("85", "#DIV/0!", "n/a"); ``number`` is set for NUMBER
    only and is always finite; ``number_format`` is the format code ("General", "0%",
    "dd.mm.yyyy"; "": nobody could tell); ``formula`` says that the value is a formula's stored
    result: never trust it.
    A formula without a stored value has kind TEXT, text "" and ``formula=True``.
    """

    kind: RawKind
    text: str
    number: float | None = None
    number_format: str = "General"
    formula: bool = False
    struck: bool = False  # struck out
    covered: bool = False  # under a merged cell: nobody sees it
    since_1904: bool = False  # a NUMBER that is a day counts from 1904, as its workbook declares


@dataclass(frozen=True, slots=True)
class RawNote:
    """Words that stand in no cell: a note or comment at one, a text box over some.

    ``row`` and ``column`` (from 1) say where; 0 where the file does not tell.
    """

    text: str
    row: int = 0
    column: int = 0
    box: bool = False


class RawCells(Mapping[Place, RawCell]):
    """Cells that say what stands in them without each being made first."""

    @abstractmethod
    def texts(self) -> Mapping[Place, str]:
        """The text of each cell that has one."""

    @abstractmethod
    def words(self, most: int) -> Sequence[tuple[Place, str]]:
        """Those of the first ``most`` cells that hold a text which no formula made."""


class _Remembering:
    """Something that never changes, and keeps what was once found out about it."""

    __slots__ = ("_found",)

    def found(self, finding_out: Callable[[Self], T]) -> T:
        """What a function finds out about it; asked once."""
        try:
            known: dict[object, Any] = object.__getattribute__(self, "_found")
        except AttributeError:
            known = {}
            object.__setattr__(self, "_found", known)
        if finding_out not in known:
            known[finding_out] = finding_out(self)
        answer: T = known[finding_out]
        return answer


@dataclass(frozen=True, slots=True)
class RawSheet(_Remembering):
    """One worksheet: ``cells`` by (row, column), both from 1; ``notes`` in reading order."""

    title: str
    cells: Mapping[Place, RawCell]
    notes: tuple[RawNote, ...] = ()

    def texts(self) -> Mapping[Place, str]:
        """The text of each cell that has one, in the order of the file."""
        return self.found(_texts)

    def columns(self) -> Mapping[int, Sequence[int]]:
        """The columns with a cell, row by row, in the order of the file."""
        return self.found(_columns)

    def words(self, most: int) -> Sequence[tuple[Place, str]]:
        """Those of the first ``most`` cells that hold a text which no formula made."""
        if isinstance(self.cells, RawCells):
            return self.cells.words(most)
        return [
            (place, cell.text)
            for place, cell in islice(self.cells.items(), most)
            if cell.kind is RawKind.TEXT and not cell.formula
        ]


def _texts(sheet: RawSheet) -> Mapping[Place, str]:
    if isinstance(sheet.cells, RawCells):
        return sheet.cells.texts()
    return {place: cell.text for place, cell in sheet.cells.items() if cell.text}


def _columns(sheet: RawSheet) -> Mapping[int, Sequence[int]]:
    found = defaultdict[int, list[int]](list)
    for row, column in sheet.cells:
        found[row].append(column)
    return dict(found)


@dataclass(frozen=True, slots=True)
class RawBook:
    """One workbook, read whole.

    ``names`` maps each workbook-wide defined name (lower case) to its reference text
    ("Scorecard!$B$4:$B$12"); ``modified`` is the last-saved time inside the file (UTC), if any;
    ``flags`` names what was seen and left alone: "macros", "external-links", "ole-objects",
    "notes" (at cells), "notes-unread" (words beside the cells that could not be read, or not all).
    """

    sheets: tuple[RawSheet, ...]
    names: Mapping[str, str] = field(default_factory=dict)
    modified: datetime | None = None
    flags: frozenset[str] = frozenset()

    @property
    def blank(self) -> bool:
        """Whether there is nothing in any cell."""
        return not any(sheet.cells for sheet in self.sheets)


def a1(row: int, column: int) -> str:
    """The address of a cell, "A1" for (1, 1)."""
    return f"{column_letters(column)}{row}"


def column_letters(column: int) -> str:
    """The letters of a column, "AA" for 27."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """The number of a column from its letters (capitals), 27 for "AA"."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def place_of(cell: str) -> tuple[int, int]:
    """Row and column of a cell, from 1: "C7" is (7, 3)."""
    letters = cell.rstrip("0123456789")
    return int(cell[len(letters) :]), column_number(letters)
