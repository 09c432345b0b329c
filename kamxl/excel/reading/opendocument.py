"""The sheets of an OpenDocument spreadsheet (.ods): strict and bounded, as those of an .xlsx.

What a cell says of itself (a percentage, a date, a formula, an error) is what it is read as; what
is repeated is counted for each time.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from kamxl.excel.reading.limits import Limits, Meter, too_large, unreadable
from kamxl.excel.reading.notes import Notes
from kamxl.excel.reading.odf import DRAW, OFFICE, TABLE, Lines, Styles, of, read_styles
from kamxl.excel.reading.sheet import (
    LAST_COLUMN,
    LAST_ROW,
    Area,
    Cells,
    as_number,
    mark_results,
)
from kamxl.excel.reading.xml import Node, parse, within
from kamxl.forms.paper.raw import RawCell, RawKind, RawNote, RawSheet, a1

_CALC = ("urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0",)
_TIMES = re.compile(r"[1-9][0-9]{0,9}")
_DIGITS = re.compile(r"[0-9]{1,9}")
_ERROR = re.compile(r"#[^\s#]{1,15}|Err:[0-9]{3}")
_LITERAL = re.compile(r"(?:[a-z]{1,10}:)?=?(#[A-Z0-9/]{1,10}[!?]?)")  # an error that was typed
_SHOWN = re.compile(r"(-?[0-9]{1,15}(?:[.,][0-9]{1,15})?)\s*%")
_ROUNDED = 0.5  # how far a shown percentage is from its number, if it shows no decimals
_LONG = 18  # digits: what no number has by itself
_NUMBERS = {"float", "percentage", "currency"}
_ELSEWHERE = "'file:"  # a copy of another file's sheet, which LibreOffice keeps beside


def sheets_of(
    parts: Mapping[str, bytes], limits: Limits, meter: Meter
) -> tuple[tuple[RawSheet, ...], frozenset[str]]:
    """All sheets in their order, and flags for what was left aside."""
    if "content.xml" not in parts:
        raise unreadable("no-workbook")
    styles = Styles()
    read_styles(parts.get("styles.xml"), styles, meter)
    book = _Book(styles, Notes({}, limits), meter)
    parse(parts["content.xml"], book.tree(), meter)
    seen = {"notes"} if any(sheet.notes for sheet in book.sheets) else set()
    seen |= set() if book.notes.whole else {"notes-unread"}
    return tuple(book.sheets), frozenset(seen | ({"external-links"} if book.elsewhere else set()))


class _Part(NamedTuple):
    """A cell as it stands in its row, and how many times."""

    cell: RawCell
    column: int
    times: int


@dataclass(slots=True)
class _Sheet:
    title: str
    cells: Cells = field(default_factory=dict)
    notes: list[RawNote] = field(default_factory=list)
    results: list[Area] = field(default_factory=list)
    last: list[int] = field(default_factory=list)  # columns that end a group of one style
    looks: list[str] = field(default_factory=list)  # and that style

    def look(self, column: int) -> str:
        """The style of a column's cells that have none."""
        at = bisect_left(self.last, column)
        return self.looks[at] if at < len(self.looks) else ""


class _Book:
    """The state while walking: the current sheet, row and cell."""

    def __init__(self, styles: Styles, notes: Notes, meter: Meter) -> None:
        self.styles, self.notes, self.meter = styles, notes, meter
        self.sheets: list[RawSheet] = []
        self.titles: set[str] = set()
        self.elsewhere = False
        self.sheet = _Sheet("")
        self.row, self.rows, self.row_look = 0, 1, ""
        self.column = self.times = 0  # of the current cell; 0: there is none
        self.next = 1
        self.parts: list[_Part] = []
        self.cell: dict[str, str] = {}
        self.covered = False
        self.said, self.noted, self.boxed = (Lines(styles) for _ in range(3))

    def tree(self) -> dict[str, Node]:
        """What is wanted of content.xml."""
        columns: dict[str, Node] = within(TABLE, **{"table-column": Node(begin=self.begin_column)})
        rows = within(TABLE, **{"table-row": self.row_node()})
        for kind, nodes in (("column", columns), ("row", rows)):  # groups hold groups
            nodes |= within(
                TABLE,
                **{f"table-{kind}-group": Node(nodes), f"table-{kind}s": Node(nodes),
                   f"table-header-{kind}s": Node(nodes)},
            )  # fmt: skip
        shapes = within(TABLE, shapes=Node(self.shapes()))
        table = Node({**columns, **rows, **shapes}, self.begin_sheet, self.end_sheet)
        spreadsheet = Node(within(TABLE, table=table))
        body = Node(within(OFFICE, spreadsheet=spreadsheet))
        inside = within(OFFICE, body=body, **{"automatic-styles": Node(self.styles.tree())})
        return within(OFFICE, **{"document-content": Node(inside)})

    def row_node(self) -> Node:
        annotation = Node(self.noted.tree(), end=self.end_note)
        inside = {
            **self.said.tree(),
            **within(OFFICE, annotation=annotation),
            **self.shapes(),
        }
        cells = within(
            TABLE,
            **{"table-cell": Node(inside, self.begin_cell, self.end_cell),
               "covered-table-cell": Node(inside, self.begin_covered, self.end_cell)},
        )  # fmt: skip
        return Node(cells, self.begin_row, self.end_row)

    def shapes(self) -> dict[str, Node]:
        """Shapes that may hold text, and groups of them."""
        kinds = ("custom-shape", "rect", "ellipse", "circle", "caption", "path", "polygon",
                 "polyline", "line", "connector", "regular-polygon")  # fmt: skip
        lines = self.boxed.tree()
        shape = Node(lines, end=self.end_box)
        box = within(DRAW, **{"text-box": Node(lines)})
        found: dict[str, Node] = {}
        frame = Node(box, end=self.end_box)
        found |= within(DRAW, frame=frame, g=Node(found), a=Node(found))
        found |= within(DRAW, **dict.fromkeys(kinds, shape))
        return found

    # -- sheets and columns ---------------------------------------------------------------------

    def begin_sheet(self, attributes: dict[str, str]) -> None:
        self.sheet = _Sheet(of(TABLE, attributes, "name"))
        self.row, self.rows, self.column = 0, 1, 0

    def end_sheet(self, _: str) -> None:
        sheet = self.sheet
        if sheet.title.startswith(_ELSEWHERE):
            self.elsewhere = True
            return
        if sheet.title.lower() in self.titles:
            raise unreadable("duplicate-sheet", sheet.title)
        self.titles.add(sheet.title.lower())
        if len(self.sheets) >= self.meter.limits.sheets:
            raise too_large("sheets")
        mark_results(sheet.cells, sheet.results)
        self.sheets.append(RawSheet(sheet.title, sheet.cells, self.notes.kept(sheet.notes)))

    def begin_column(self, attributes: dict[str, str]) -> None:
        last = self.sheet.last[-1] if self.sheet.last else 0
        self.sheet.last.append(last + _times(attributes, "number-columns-repeated"))
        self.sheet.looks.append(of(TABLE, attributes, "default-cell-style-name"))

    # -- rows and cells -------------------------------------------------------------------------

    def begin_row(self, attributes: dict[str, str]) -> None:
        self.row += 1
        self.rows = _times(attributes, "number-rows-repeated")
        self.row_look = of(TABLE, attributes, "default-cell-style-name")
        self.next = 1

    def end_row(self, _: str) -> None:
        for part in self.parts:
            for row in range(self.row, self.row + self.rows):
                for column in range(part.column, part.column + part.times):
                    self.put(row, column, part.cell)
        self.parts.clear()
        self.row += self.rows - 1
        self.column = 0

    def put(self, row: int, column: int, cell: RawCell) -> None:
        self.meter.count_cell()
        if row > LAST_ROW or column > LAST_COLUMN:
            raise too_large("cells", f"{row}, {column}")
        self.meter.count_shown(cell.text)
        self.sheet.cells[row, column] = cell

    def begin_covered(self, attributes: dict[str, str]) -> None:
        self.begin_cell(attributes)
        self.covered = True

    def begin_cell(self, attributes: dict[str, str]) -> None:
        self.column, self.times = self.next, _times(attributes, "number-columns-repeated")
        self.next += self.times
        self.cell, self.covered = attributes, False

    def end_cell(self, _: str) -> None:
        text, struck = self.said.take()
        cell = self.read_cell(text, struck)
        if cell is not None:
            self.parts.append(_Part(cell, self.column, self.times))

    def read_cell(self, text: str, struck: bool) -> RawCell | None:
        """The current cell; None if there is nothing in it."""
        formula = of(TABLE, self.cell, "formula")
        kind, said, number = self.value(text, formula)
        if not said and not formula:
            return None
        style = of(TABLE, self.cell, "style-name") or self.row_look or self.sheet.look(self.column)
        code, all_struck = self.styles.look(style)
        percent = of(OFFICE, self.cell, "value-type") == "percentage"
        # A writer without styles, or a format that depends on the value: what is shown tells.
        if "%" not in code and (percent or (number is not None and _as_percent(text, number))):
            code = "0%"
        literal = _LITERAL.fullmatch(formula)
        if kind is RawKind.ERROR and literal is not None:
            formula, said = "", literal[1]
        if formula:
            self.count_results()
        return RawCell(kind, said, number, code, bool(formula), struck or all_struck, self.covered)

    def value(self, text: str, formula: str) -> tuple[RawKind, str, float | None]:
        kind = of(OFFICE, self.cell, "value-type")
        if of(_CALC, self.cell, "value-type") == "error" or (formula and _ERROR.fullmatch(text)):
            return RawKind.ERROR, text, None
        if kind in _NUMBERS:
            said = of(OFFICE, self.cell, "value").strip()
            number = as_number(said)
            if number is None:
                raise unreadable("number", a1(self.row, self.column))
            # Some write more digits than a number has.
            return RawKind.NUMBER, said if len(said) < _LONG else f"{number:.15g}", number
        if kind in ("date", "time"):
            return RawKind.DATE, of(OFFICE, self.cell, f"{kind}-value") or text, None
        if kind == "boolean":
            truth = of(OFFICE, self.cell, "boolean-value").strip().lower()
            if truth not in ("true", "false"):
                raise unreadable("boolean", a1(self.row, self.column))
            return RawKind.BOOLEAN, truth.upper(), None
        return RawKind.TEXT, of(OFFICE, self.cell, "string-value") or text, None

    def count_results(self) -> None:
        """A matrix formula stands in one cell, its results in others."""
        wide, high = (
            of(TABLE, self.cell, f"number-matrix-{side}-spanned") for side in ("columns", "rows")
        )
        if _DIGITS.fullmatch(wide) and _DIGITS.fullmatch(high):
            bottom, right = self.row + int(high) - 1, self.column + int(wide) - 1
            self.sheet.results.append((self.row, self.column, bottom, right))

    # -- beside the cells -----------------------------------------------------------------------

    def end_note(self, _: str) -> None:
        self.add_note(self.noted.take()[0], box=False)

    def end_box(self, _: str) -> None:
        self.add_note(self.boxed.take()[0], box=True)

    def add_note(self, text: str, *, box: bool) -> None:
        if text.strip():
            inside = bool(self.column)
            row, column = (self.row, self.column) if inside else (0, 0)
            self.sheet.notes.append(RawNote(text.strip(), row, column, box))


def _as_percent(shown: str, number: float) -> bool:
    """Whether a cell shows a hundred times its number, as those of writers without styles do."""
    match = _SHOWN.fullmatch(shown.strip())
    if match is None:
        return False
    seen = float(match[1].replace(",", "."))
    return abs(seen - number * 100) <= _ROUNDED < abs(seen - number) or seen == number == 0


def _times(attributes: Mapping[str, str], name: str) -> int:
    """How many times something stands there; a number beyond every sheet is as good as refused."""
    text = of(TABLE, attributes, name, "1")
    if _TIMES.fullmatch(text) is None:
        raise unreadable("repeat", text)
    return int(text)
