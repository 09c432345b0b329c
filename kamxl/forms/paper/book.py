"""A workbook as a description: what stands where, drawn by ``excel/``, which knows no account.

A ``Book`` is either complete (every content is a value) or a pattern whose ``Slot``s are filled
when it is rendered: the same pattern serves every account of one size.
"""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from kamxl.forms.paper.raw import a1
from kamxl.forms.paper.style import PLAIN, Style

Scalar = str | int | float | bool | date | None
UNSCALED = ";;;"  # the format of an axis that shows neither numbers nor gridlines
Symbol = Literal["circle", "diamond", "square", "triangle"]
# What a spreadsheet might take for a formula; East Asian editions take the wide forms as well.
RISKY = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
LONGEST_RULE = 255  # characters of a validation's formula that Excel holds


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for a value that is given when the book is rendered (a missing one raises)."""

    key: str


@dataclass(frozen=True, slots=True)
class Formula:
    """A live formula (without "=") and the value stored with it, "" for an empty text.

    The value comes from the core, never from a spreadsheet; tests recalculate all of them.
    """

    text: str
    value: Scalar | Slot


Content = Scalar | Slot | Formula


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in one cell, how it looks, and where a click on it leads."""

    content: Content = None
    style: Style = PLAIN
    link: str | None = None  # a place in this book: "'Sheet'!A1"


@dataclass(frozen=True, slots=True)
class Validation:
    """What may be typed into ``ranges`` ("D10:D20"), and the help shown beside the cell.

    ``kind`` "list" takes a comma list in quotes or a range as ``formula``; "custom" any formula.
    Excel's limits (title 32, text 255 characters) are checked when it is drawn.
    """

    ranges: str
    kind: Literal["list", "custom", "decimal", "date", "textLength", "none"]
    formula: str = ""
    formula2: str = ""
    operator: Literal["between", "greaterThanOrEqual", "lessThanOrEqual"] = "between"
    prompt_title: str = ""
    prompt: str = ""
    error_title: str = ""
    error: str = ""
    stop: bool = True  # False: only a warning; without an ``error`` not even that


@dataclass(frozen=True, slots=True)
class Conditional:
    """A look that depends on values: ``kind`` "formula" (fill/color), "bar" or "scale".

    ``stops``: where it holds, no later look does, so that it takes a bar away. "scale" colours from
    ``low`` over ``middle`` to ``high`` at 0, 50 and 100 points.
    """

    ranges: str
    kind: Literal["formula", "bar", "scale"] = "formula"
    formula: str = ""
    fill: str | None = None
    color: str | None = None
    bold: bool | None = None
    low: str = "F4C7BC"
    middle: str = "FBF3DC"
    high: str = "BFE0D8"
    low_at: float = 0
    middle_at: float = 50
    high_at: float = 100
    stops: bool = False


@dataclass(frozen=True, slots=True)
class Series:
    """One series of a chart; references carry the sheet ("'Result'!$C$5:$C$9").

    ``title_ref`` refers to the cell that names the series, else ``title`` does. For a scatter or
    bubble ``categories`` are the x values.
    """

    values: str
    categories: str | None = None
    title: str | Slot = ""
    title_ref: str | None = None
    color: str = "0F7173"
    line: bool = False  # scatter: draw a line and no marker (crosshairs)
    width: float = 1  # points of such a line
    mark: Symbol = "circle"  # scatter, without a line
    dashed: bool = False
    label: Literal["", "value", "name"] = ""
    label_at: Literal["r", "l", "t", "b", "ctr"] = "r"  # of a bubble: beside it or in it
    sizes: str | None = None  # bubble
    hollow: bool = False  # bubble: an outline, for what rests on too little
    unseen: bool = False  # stacked: takes room and is not drawn, so that the next one floats;
    # scatter: only its label is drawn
    label_format: str = "0.0"


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart between two cells (from the top left of ``top_left`` to that of ``bottom_right``).

    Bars are horizontal, first category on top. Axis bounds None: automatic. The renderer stores the
    numbers it finds in the referenced cells as the chart's cache.
    """

    kind: Literal["bar", "column", "scatter", "line", "bubble", "stacked"]
    top_left: str
    bottom_right: str
    series: tuple[Series, ...]
    title: str | Slot = ""
    x_title: str | Slot = ""
    y_title: str | Slot = ""
    x_min: float | None = None
    x_max: float | None = None
    y_min: float | None = None
    y_max: float | None = None
    x_format: str = "0"
    y_format: str = "0"
    legend: bool = True
    bare_y: bool = False  # no scale and no lines upwards: what stands there is no quantity
    description: str | Slot = ""  # alternative text for readers who do not see


@dataclass(frozen=True, slots=True)
class Table:
    """An Excel table over ``ref`` whose first row holds the (unique, text) headers."""

    name: str
    ref: str
    banded: bool = True


@dataclass(slots=True)
class Sheet:
    """One worksheet; ``key`` names it for code, ``title`` for people (in the book's language)."""

    key: str
    title: str
    cells: MutableMapping[tuple[int, int], Cell] = field(default_factory=dict)
    widths: dict[int, float] = field(default_factory=dict)
    heights: dict[int, float] = field(default_factory=dict)
    freeze: str | None = None
    validations: list[Validation] = field(default_factory=list)
    conditionals: list[Conditional] = field(default_factory=list)
    charts: list[Chart] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    print_area: str | None = None
    title_rows: tuple[int, int] | None = None  # repeated on each printed page
    title_columns: int = 0  # so many first columns are repeated on each printed page
    landscape: bool = False
    scale: int | None = None  # %; None: one page wide, whatever becomes of the type
    pages_tall: int = 0  # 0: as many as needed; with a ``scale``: always so
    protected: bool = False
    hidden: bool = False  # until somebody shows it
    tab_color: str | None = None
    header: str | Slot = ""
    footer: str | Slot = ""
    page_breaks: list[int] = field(default_factory=list)  # break after these rows
    column_breaks: list[int] = field(default_factory=list)  # break after these columns
    fitting: set[int] = field(default_factory=set)  # rows that grow with what is typed into them
    outline: list[tuple[int, int]] = field(default_factory=list)  # columns that fold, first to last
    zoom: int = 100
    autofilter: str | None = None
    active_cell: str = "A1"
    given: Mapping[int, Slot] = field(default_factory=dict)  # rows whose height is given later
    offers: Sequence[str] = ()  # texts one may choose in a cell of ours: the choice is no entry

    def put(
        self,
        row: int,
        column: int,
        content: Content = None,
        style: Style = PLAIN,
        link: str | None = None,
    ) -> None:
        """Set one cell (rows and columns from 1); setting it twice is a mistake in a form."""
        if (row, column) in self.cells:
            raise ValueError(f"{self.key}!{a1(row, column)} is set twice")
        self.cells[row, column] = Cell(content, style, link)

    def fill(self, row: int, columns: Sequence[int], style: Style) -> None:
        """Give a style to the cells of a row that are still empty."""
        for column in columns:
            self.cells.setdefault((row, column), Cell(None, style))

    def ref(self, first: str, last: str | None = None) -> str:
        """An absolute reference into this sheet: ref("B4", "B9") is "'Title'!$B$4:$B$9"."""
        quoted = "'" + self.title.replace("'", "''") + "'"
        cells = [absolute(first)] + ([absolute(last)] if last else [])
        return f"{quoted}!{':'.join(cells)}"


@dataclass(frozen=True, slots=True)
class Name:
    """A workbook-wide defined name; the name itself may be a slot, its place is fixed."""

    name: str | Slot
    ref: str


@dataclass(slots=True)
class Book:
    """A workbook: sheets in order, names, and the little that its properties may tell.

    ``stamp`` is both created and last-saved time: given, so that equal input gives equal bytes.
    Author and company stay empty. ``active`` is the index of the sheet that opens.
    """

    sheets: list[Sheet]
    stamp: datetime
    language: str
    title: str | Slot = ""
    names: list[Name] = field(default_factory=list)
    active: int = 0

    def sheet(self, key: str) -> Sheet:
        """The sheet with this key (KeyError: none)."""
        for sheet in self.sheets:
            if sheet.key == key:
                return sheet
        raise KeyError(key)


def absolute(cell: str) -> str:
    """ "B4" as "$B$4"."""
    letters = cell.rstrip("0123456789")
    return f"${letters}${cell[len(letters) :]}"


def here(row: int, column: int) -> str:
    """A cell as a formula of its own row refers to it, "$C7": sorting carries it along."""
    return f"${a1(row, column)}"


def fixed(row: int, column: int) -> str:
    """A cell wherever it is named on its own sheet: "$C$7"."""
    return absolute(a1(row, column))


def fixed_span(row: int, column: int, last_row: int, last_column: int) -> str:
    """Cells wherever they are named on their own sheet: "$C$7:$C$9"."""
    return f"{fixed(row, column)}:{fixed(last_row, last_column)}"


def span(row: int, column: int, last_row: int, last_column: int) -> str:
    """A range without sheet: "B4:C9"."""
    return f"{a1(row, column)}:{a1(last_row, last_column)}"
