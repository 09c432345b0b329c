"""Ranges: values, formulas, formats, copying and filters, as xlwings asks for them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from xlwings import base_classes
from xlwings.utils import hex_to_rgb, int_to_rgb

from tests.engines.backend import MIXED, Filter
from tests.engines.cells import COLUMNS, ERRORS, ROWS, Box, block, entry_of, quoted, shown, spanning
from tests.engines.strict import ExcelError, Strict

if TYPE_CHECKING:
    from tests.engines.shell_sheet import Sheet


def _style(key: str) -> Any:
    """A property for one format of all cells; None where they differ."""

    def get(self: Any) -> Any:
        value = self._sheet._back.style(self._box, key)
        return None if value is MIXED else value

    def put(self: Any, value: Any) -> None:
        self._sheet._back.set_style(self._box, key, value)
        self._sheet._book._changed()

    return property(get, put)


def _colour(key: str) -> Any:
    """The same for colours: given as tuple, #rrggbb or Excel's number, read as a tuple."""
    plain = _style(key)

    def get(self: Any) -> tuple[int, int, int] | None:
        found = plain.fget(self)
        return hex_to_rgb("#" + found) if found else None

    def put(self: Any, value: Any) -> None:
        if isinstance(value, str):
            value = hex_to_rgb(value)
        elif isinstance(value, int):
            value = int_to_rgb(value)
        plain.fset(self, None if value is None else bytes(value).hex().upper())

    return property(get, put)


class Range(Strict, stands_for=base_classes.Range):
    """A rectangle of cells of a sheet."""

    options: Any = None
    max_cells_per_read = base_classes.DEFAULT_MAX_CELLS_PER_READ
    max_cells_per_write = base_classes.DEFAULT_MAX_CELLS_PER_WRITE

    def __init__(self, sheet: Sheet, box: Box, said: str = "") -> None:
        self._sheet, self._box, self._faults = sheet, box, sheet._faults
        self._said = said
        if box.row < 1 or box.column < 1 or box.last_row > ROWS or box.last_column > COLUMNS:
            raise ExcelError("outside the sheet")

    @property
    def api(self) -> RangeApi:
        return RangeApi(self)

    @property
    def sheet(self) -> Sheet:
        return self._sheet

    def __len__(self) -> int:
        return self._box.rows * self._box.columns

    def __call__(self, row: int, column: int | None = None) -> Range:
        """A cell, counted from 1 from the top left, or the nth cell row by row."""
        if column is None:
            row, column = divmod(row - 1, self._box.columns)
            row, column = row + 1, column + 1
        return Range(self._sheet, Box(self._box.row + row - 1, self._box.column + column - 1))

    @property
    def row(self) -> int:
        return self._box.row

    @property
    def column(self) -> int:
        return self._box.column

    @property
    def shape(self) -> tuple[int, int]:
        return self._box.rows, self._box.columns

    @property
    def address(self) -> str:
        return self._box.address()

    def get_address(self, row_absolute: bool, col_absolute: bool, external: bool) -> str:
        address = self._box.address(row_absolute, col_absolute)
        if not external:
            return address
        name = f"[{self._sheet._book.name}]{self._sheet.name}"
        return f"{quoted(name) if not name.isidentifier() else name}!{address}"

    # --- values ---

    @property
    def raw_value(self) -> Any:
        """As COM gives it: a tuple of tuples; numbers are floats, errors whole numbers."""
        return block([_out(v) for v in row] for row in self._sheet._back.read(self._within()))

    @raw_value.setter
    def raw_value(self, data: Any) -> None:
        self._enter(data)

    @property
    def formula(self) -> Any:
        """Always texts: formulas with "=", constants as typed, but without an apostrophe."""
        rows = self._sheet._back.formulas(self._within())
        return block([shown(value) for value in row] for row in rows)

    @formula.setter
    def formula(self, data: Any) -> None:
        self._enter(data)

    def _within(self) -> Box:
        """A whole column or sheet is never read: a million cells in Excel, too."""
        if self._box.rows < ROWS and self._box.columns < COLUMNS:
            return self._box
        raise NotImplementedError("Range: reading whole columns or rows")

    def _enter(self, data: Any) -> None:
        if self._box.rows == ROWS or self._box.columns == COLUMNS:
            raise NotImplementedError("Range: filling whole columns or rows")
        rows, box = self._shaped(data)
        back = self._sheet._back
        texts = back.texts(box)
        entries = [
            [entry_of(v, (box.row + i, box.column + j) in texts) for j, v in enumerate(row)]
            for i, row in enumerate(rows)
        ]
        back.write(box, entries)
        self._sheet._book._changed(entered=True)

    def _shaped(self, data: Any) -> tuple[list[list[Any]], Box]:
        """The values of each cell. One value fills all; a block that is smaller gives #N/A."""
        if not isinstance(data, list | tuple):
            if isinstance(data, str) and data.startswith("=") and len(self) > 1:
                raise NotImplementedError("Range.formula: filling many cells with one formula")
            return [[data] * self._box.columns for _ in range(self._box.rows)], self._box
        rows = [list(row) if isinstance(row, list | tuple) else row for row in data]
        if rows and not isinstance(rows[0], list):
            rows = [rows]
        if len(rows) != self._box.rows or any(len(row) != self._box.columns for row in rows):
            raise ExcelError(f"the block does not fit {self.address}")
        return rows, self._box

    def clear_contents(self) -> None:
        self._sheet._back.clear(self._box, contents=True, formats=False)
        self._sheet._book._changed(entered=True)

    def clear_formats(self) -> None:
        self._sheet._back.clear(self._box, contents=False, formats=True)
        self._sheet._book._changed()

    def clear(self) -> None:
        self._sheet._back.clear(self._box, contents=True, formats=True)
        self._sheet._book._changed(entered=True)

    # --- formats ---

    number_format = _style("number_format")
    wrap_text = _style("wrap")
    horizontal_alignment = _style("horizontal")
    vertical_alignment = _style("vertical")
    color = _colour("fill")

    @property
    def font(self) -> Font:
        return Font(self)

    @property
    def column_width(self) -> float | None:
        columns = range(self._box.column, self._box.last_column + 1)
        found = {self._sheet._back.width(column) for column in columns}
        return found.pop() if len(found) == 1 else None

    @column_width.setter
    def column_width(self, value: float) -> None:
        if not 0 <= value <= 255:
            raise ExcelError(f"no width of a column: {value}")
        self._sheet._back.set_width(self._box, value)
        self._sheet._book._changed()

    @property
    def row_height(self) -> float | None:
        rows = range(self._box.row, self._box.last_row + 1)
        found = {self._sheet._back.height(row) for row in rows}
        return found.pop() if len(found) == 1 else None

    @row_height.setter
    def row_height(self, value: float) -> None:
        if not 0 <= value <= 409.5:
            raise ExcelError(f"no height of a row: {value}")
        self._sheet._back.set_height(self._box, value)
        self._sheet._book._changed()

    @property
    def top(self) -> float:
        return self._sheet._back.top(self._box.row)

    @property
    def left(self) -> float:
        return self._sheet._back.left(self._box.column)

    @property
    def height(self) -> float:
        back = self._sheet._back
        return back.top(self._box.last_row + 1) - back.top(self._box.row)

    @property
    def width(self) -> float:
        back = self._sheet._back
        return back.left(self._box.last_column + 1) - back.left(self._box.column)

    @property
    def row_hidden(self) -> bool | None:
        found = self._sheet._back.hidden(self._box, rows=True)
        return found.pop() if len(found) == 1 else None

    @row_hidden.setter
    def row_hidden(self, value: bool) -> None:
        self._sheet._back.hide(self._box, rows=True, hidden=bool(value))
        self._sheet._book._changed()

    @property
    def column_hidden(self) -> bool | None:
        found = self._sheet._back.hidden(self._box, rows=False)
        return found.pop() if len(found) == 1 else None

    @column_hidden.setter
    def column_hidden(self, value: bool) -> None:
        self._sheet._back.hide(self._box, rows=False, hidden=bool(value))
        self._sheet._book._changed()

    # --- copying ---

    def copy(self, destination: Any = None) -> None:
        """To the clipboard, which the next entry into any cell ends; or at once to a place."""
        if destination is None:
            self._sheet._book._app._clipboard = (self._sheet, self._box)
        else:
            destination.impl._paste(self._sheet, self._box, "all")

    def paste(
        self,
        paste: Any = None,
        operation: Any = None,
        skip_blanks: bool = False,
        transpose: bool = False,
    ) -> None:
        if operation or skip_blanks or transpose or paste not in (None, "all", "formats"):
            raise NotImplementedError(f"Range.paste({paste}, {operation})")
        clipboard = self._sheet._book._app._clipboard
        if clipboard is None:
            raise ExcelError("PasteSpecial method of Range class failed: nothing was copied")
        self._paste(*clipboard, paste or "all")
        self._sheet._book._app._clipboard = clipboard

    def _paste(self, sheet: Sheet, source: Box, what: str) -> None:
        """Fills a multiple of the source, else lays it once at the top left."""
        box, back = self._box, self._sheet._back
        down, right = (1, 1)
        if not (box.rows % source.rows or box.columns % source.columns):
            down, right = box.rows // source.rows, box.columns // source.columns
        for row in range(down):
            for column in range(right):
                top, left = box.row + row * source.rows, box.column + column * source.columns
                target = Box(top, left, source.rows, source.columns)
                back.paste(sheet._back, source, target, what)
        self._sheet._book._changed(entered=True)

    def move(self, destination: Any) -> None:
        """Cut and paste within the book; tables that lie in the range move with it."""
        target = destination.impl
        if target._sheet.name != self._sheet.name:
            raise NotImplementedError("Range.move to another sheet")
        tables = [table._back.box() for table in self._sheet.tables]
        if any(box.meet(self._box) not in (None, box) for box in tables):
            raise ExcelError("this would move a part of a table")
        self._sheet._back.move(self._box, target._box.row, target._box.column)
        self._sheet._book._changed(entered=True)

    # --- the rest ---

    @property
    def hyperlink(self) -> str:
        found = self._sheet._back.link(self._box.row, self._box.column)
        if not found:
            raise ExcelError("The cell doesn't seem to contain a hyperlink!")
        return found

    def add_hyperlink(self, address: str, text_to_display: str, screen_tip: str) -> None:
        self._sheet._back.set_link(
            self._box.row, self._box.column, address, text_to_display, screen_tip
        )
        self._sheet._book._changed(entered=True)

    @property
    def autofilter(self) -> AutoFilter:
        return AutoFilter(self._sheet, self._box, self._sheet._back.filter(self._box))

    @property
    def table(self) -> Any:
        """The table that the first cell is in."""
        cell = Box(self._box.row, self._box.column)
        return next((t for t in self._sheet.tables if t._back.box().meet(cell)), None)

    def select(self) -> None:
        book = self._sheet._book
        if book._app._books._active is not book or book.sheets.active.name != self._sheet.name:
            raise ExcelError("Select works on the active sheet of the active workbook only")
        book._app._selection = self

    def end(self, direction: str) -> Range:
        """The edge of the block, as Ctrl and an arrow key find it."""
        used, box = self._sheet._back.used(), Box(self._box.row, self._box.column)
        vertical, forward = direction in ("up", "down"), direction in ("down", "right")
        edge = (used.last_row if vertical else used.last_column) if forward else 1
        start = box.row if vertical else box.column
        far = max(edge, start) if forward else 1
        line = spanning(box, Box(far, box.column) if vertical else Box(box.row, far))
        values = [v for row in self._sheet._back.read(line) for v in row]
        filled = [value is not None for value in (values if forward else reversed(values))]
        end = (ROWS if vertical else COLUMNS) if forward else 1
        steps = _steps(filled)
        at = end if steps is None else start + (steps if forward else -steps)
        return Range(self._sheet, Box(at, box.column) if vertical else Box(box.row, at))


def _steps(filled: list[bool]) -> int | None:
    """How far an arrow key with Ctrl goes; None: to the edge of the sheet."""
    if len(filled) < 2:
        return None
    if filled[0] and filled[1]:
        return next((i for i, full in enumerate(filled) if not full), len(filled)) - 1
    return next((i for i, full in enumerate(filled) if full and i), None)


def _out(value: Any) -> Any:
    if isinstance(value, str) and value in ERRORS:
        return ERRORS[value]
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return dt.datetime(value.year, value.month, value.day)
    return value


class RangeApi(Strict):
    """Excel's own Range object: nothing of it is needed but that it is there."""

    def __init__(self, cells: Range) -> None:
        self._cells, self._faults = cells, cells._faults

    def __bool__(self) -> bool:
        return True


class Font(Strict, stands_for=base_classes.Font):
    """The font of a range; None where its cells differ."""

    def __init__(self, cells: Range) -> None:
        self._sheet, self._box, self._faults = cells._sheet, cells._box, cells._faults

    bold = _style("bold")
    italic = _style("italic")
    size = _style("size")
    name = _style("font_name")
    color = _colour("font_color")


class AutoFilter(Strict, stands_for=base_classes.AutoFilter):
    """The filter of a range or of a table; fields from 1."""

    def __init__(self, sheet: Sheet, box: Box, back: Filter) -> None:
        self._sheet, self._box, self._back, self._faults = sheet, box, back, sheet._faults

    @property
    def criteria(self) -> list[dict[str, Any]]:
        return self._back.criteria()

    def _apply(self, field: int, criterion: dict[str, Any] | None) -> None:
        self._back.apply(field, criterion)
        self._sheet._book._changed()

    def apply_values(self, field: int, values: list[str]) -> None:
        empty = base_classes.empty_autofilter_criteria(field, "values")
        self._apply(field, {**empty, "values": list(values)})

    def apply_comparison(self, field: int, operator: str, value1: Any, value2: Any) -> None:
        if isinstance(value1, dict) or isinstance(value2, dict):
            raise NotImplementedError("AutoFilter.apply_comparison with dates")
        empty = base_classes.empty_autofilter_criteria(field, "comparison")
        self._apply(field, {**empty, "operator": operator, "value1": value1, "value2": value2})

    def clear(self, field: int | None = None) -> None:
        fields = [field] if field else range(1, self._box.columns + 1)
        for one in fields:
            self._apply(one, None)
