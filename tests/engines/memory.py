"""The back end in memory: openpyxl. It does not calculate; a formula has its stored value."""

from __future__ import annotations

import datetime as dt
import os
import tempfile
import warnings
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.cell.cell import Cell
from openpyxl.styles.numbers import is_date_format
from openpyxl.utils.cell import range_boundaries
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.table import Table, TableColumn, TableStyleInfo

from tests.engines.cells import EPOCH, ROWS, Box, Entry, box_of, serial
from tests.engines.memory_charts import MemoryChart, named_charts
from tests.engines.memory_filter import MemoryFilter
from tests.engines.memory_formats import (
    clear_rules,
    get_style,
    paste_formats,
    plain,
    restyled,
    set_style,
)
from tests.engines.memory_sizes import column, group_apart
from tests.engines.strict import ExcelError

_is_date = lru_cache(None)(is_date_format)


class Memory:
    """Opens and makes books with openpyxl."""

    name = "memory"

    def open(self, path: Path) -> MemoryBook:
        return MemoryBook(_load(path), path)

    def new(self) -> MemoryBook:
        book = openpyxl.Workbook()
        book.worksheets[0].title = "Sheet1"
        return MemoryBook(book)


def _load(path: Path, **options: Any) -> openpyxl.Workbook:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(path, **options)
    for cell in (one for ws in book for row in ws.iter_rows() for one in row if one.hyperlink):
        if cell.value == cell.hyperlink.location:  # openpyxl writes where a link leads into a blank
            cell._value = None
    return book


class MemoryBook:
    """A workbook in memory."""

    def __init__(self, book: openpyxl.Workbook, path: Path | None = None) -> None:
        self.book, self._bytes = book, path.read_bytes() if path else None
        self._sheets: dict[int, MemorySheet] = {}

    @cached_property
    def stored(self) -> openpyxl.Workbook | None:
        """The values that the file's formulas had when it was opened."""
        if self._bytes is None:
            return None
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / "stored.xlsx"
            copy.write_bytes(self._bytes)
            return _load(copy, data_only=True)

    def sheets(self) -> list[MemorySheet]:
        return [self._sheet(sheet) for sheet in self.book.worksheets]

    def _sheet(self, sheet: Any) -> MemorySheet:
        return self._sheets.setdefault(id(sheet), MemorySheet(self, sheet))

    def add_sheet(self, title: str, index: int) -> MemorySheet:
        return self._sheet(self.book.create_sheet(title, index))

    def copy_sheet(self, source: MemorySheet, title: str, index: int) -> MemorySheet:
        if source.sheet._charts or source.sheet.tables:
            raise NotImplementedError("Sheet.copy of a sheet with charts or tables")
        target = self.add_sheet(title, index)
        used = source.used()
        target.paste(source, used, used, "all")
        for at in range(1, used.last_column + 1):
            target.set_width(Box(1, at), source.width(at))
        return target

    def remove_sheet(self, sheet: MemorySheet) -> None:
        self.book.remove(sheet.sheet)

    def names(self) -> dict[str, str]:
        return {name: "=" + str(d.attr_text) for name, d in self.book.defined_names.items()}

    def set_name(self, name: str, refers_to: str | None) -> None:
        self.book.defined_names.pop(name, None)
        if refers_to is not None:
            self.book.defined_names[name] = DefinedName(name, attr_text=refers_to.lstrip("="))

    def calculate(self) -> None:
        """There is nothing to calculate with."""

    def calculation(self, automatic: bool) -> None:
        self.book.calculation.calcMode = "auto" if automatic else "manual"

    def save(self, path: Path, active: int) -> None:
        self.book.active = active
        for sheet in self.sheets():
            sheet.name_columns()
        handle, name = tempfile.mkstemp(dir=path.parent, suffix=path.suffix)
        os.close(handle)
        with named_charts():
            self.book.save(name)
        Path(name).replace(path)

    def close(self) -> None:
        self.book.close()


class MemorySheet:
    """A worksheet in memory."""

    def __init__(self, book: MemoryBook, sheet: Any) -> None:
        self.book, self.sheet = book, sheet
        self.loaded: dict[tuple[int, int], Any] = {}
        if book._bytes:  # to tell a formula of the file from one entered later
            self.loaded = {
                key: cell._value for key, cell in sheet._cells.items() if cell.data_type == "f"
            }
        self._first_title = sheet.title

    @property
    def title(self) -> str:
        return str(self.sheet.title)

    @title.setter
    def title(self, value: str) -> None:
        if any("!" in str(c._value) for s in self.book.sheets() for c in s.formula_cells()):
            raise NotImplementedError("renaming a sheet of a book whose formulas name sheets")
        self.sheet.title = value

    @property
    def visible(self) -> bool:
        return bool(self.sheet.sheet_state == "visible")

    @visible.setter
    def visible(self, value: bool) -> None:
        self.sheet.sheet_state = "visible" if value else "hidden"

    @property
    def print_area(self) -> str | None:
        area = self.sheet.print_area
        return area.rpartition("!")[2] if area else None

    @print_area.setter
    def print_area(self, value: str | None) -> None:
        self.sheet.print_area = value

    @property
    def title_rows(self) -> tuple[int, int] | None:
        rows = self.sheet.print_title_rows
        if not rows:
            return None
        first, last = rows.rpartition("!")[2].replace("$", "").split(":")
        return int(first), int(last)

    @title_rows.setter
    def title_rows(self, value: tuple[int, int] | None) -> None:
        self.sheet.print_title_rows = "{}:{}".format(*value) if value else None

    def formula_cells(self) -> list[Cell]:
        return [cell for cell in self.sheet._cells.values() if cell.data_type == "f"]

    def used(self) -> Box:
        left, top, right, bottom = range_boundaries(self.sheet.calculate_dimension())
        return Box(top, left, bottom - top + 1, right - left + 1)

    # --- contents ---

    def _rows(self, box: Box) -> list[list[Cell | None]]:
        get = self.sheet._cells.get
        columns = range(box.column, box.last_column + 1)
        return [[get((row, at)) for at in columns] for row in range(box.row, box.last_row + 1)]

    def read(self, box: Box) -> list[list[Any]]:
        return [[self._value(cell) for cell in row] for row in self._rows(box)]

    def _value(self, cell: Cell | None) -> Any:
        if cell is None:
            return None
        if cell.data_type != "f":
            return _moment(cell._value, cell.number_format)
        known = self.loaded.get((cell.row, cell.column))
        if self.book.stored is None or known is None or known != cell._value:
            return None
        stored = self.book.stored[self._first_title].cell(cell.row, cell.column).value
        return _moment(stored, cell.number_format)

    def formulas(self, box: Box) -> list[list[Any]]:
        return [[_formula(cell) for cell in row] for row in self._rows(box)]

    def texts(self, box: Box) -> set[tuple[int, int]]:
        return {(cell.row, cell.column) for cell in self._in(box) if cell.number_format == "@"}

    def write(self, box: Box, rows: list[list[Entry]]) -> None:
        for i, row in enumerate(rows):
            for j, entry in enumerate(row):
                at = (box.row + i, box.column + j)
                if entry.value is not None or at in self.sheet._cells:
                    self._put(self.sheet.cell(*at), entry)

    def _put(self, cell: Cell, entry: Entry) -> None:
        cell._value = entry.value
        kinds = {str: "s", bool: "b"}
        cell.data_type = "f" if entry.formula else kinds.get(type(entry.value), "n")
        if entry.quoted != bool(cell.quotePrefix):
            set_style([cell], "quoted", entry.quoted)
        if entry.number_format and cell.number_format == "General":
            set_style([cell], "number_format", entry.number_format)

    def _in(self, box: Box) -> list[Cell]:
        """The cells there are in a rectangle."""
        cells = self.sheet._cells
        if box.rows * box.columns < len(cells):
            return [cells[at] for at in box.cells() if at in cells]
        return [cell for (row, at), cell in cells.items() if box.meet(Box(row, at))]

    def _all(self, box: Box) -> list[Cell]:
        if box.rows == ROWS:
            raise NotImplementedError("formats of whole columns")
        return [self.sheet.cell(*at) for at in box.cells()]

    def clear(self, box: Box, contents: bool, formats: bool) -> None:
        for cell in self._in(box):
            if contents:
                cell._value, cell.data_type = None, "n"
            if formats:
                cell._style = plain()
            if contents and formats:
                cell._hyperlink = None
        if formats:
            clear_rules(self.sheet, box)

    # --- formats ---

    def style(self, box: Box, style: str) -> Any:
        return get_style(self._rows(box), style)

    def set_style(self, box: Box, style: str, value: Any) -> None:
        set_style(self._all(box), style, value)

    def width(self, at: int) -> float:
        found = column(self.sheet, at)
        width = found.width if found is not None and found.customWidth else None
        base = self.sheet.sheet_format.defaultColWidth or 9.14
        return round((width or base) - 0.71, 2)

    def set_width(self, box: Box, width: float) -> None:
        for at in range(box.column, box.last_column + 1):
            group_apart(self.sheet, at).width = width + 0.71

    def height(self, row: int) -> float:
        found = self.sheet.row_dimensions[row].height if row in self.sheet.row_dimensions else None
        return float(found or self.sheet.sheet_format.defaultRowHeight or 15)

    def set_height(self, box: Box, height: float) -> None:
        for row in range(box.row, box.last_row + 1):
            self.sheet.row_dimensions[row].height = height

    def top(self, row: int) -> float:
        """Points from the top of the sheet to a row; hidden rows have no height."""
        known = self.sheet.row_dimensions
        base = float(self.sheet.sheet_format.defaultRowHeight or 15)
        own = [
            (0.0 if one.hidden else float(one.height or base)) - base
            for at, one in known.items()
            if at < row
        ]
        return base * (row - 1) + sum(own)

    def left(self, at: int) -> float:
        """Points from the left of the sheet to a column."""
        columns = [number for number in range(1, at) if True not in self._hidden_columns(number)]
        return sum(round(self.width(number) * 7 + 5) * 0.75 for number in columns)

    def _hidden_columns(self, at: int) -> set[bool]:
        return self.hidden(Box(1, at), rows=False)

    def hidden(self, box: Box, rows: bool) -> set[bool]:
        if rows:
            known = self.sheet.row_dimensions
            span = range(box.row, box.last_row + 1)
            return {row in known and bool(known[row].hidden) for row in span}
        found = [column(self.sheet, at) for at in range(box.column, box.last_column + 1)]
        return {one is not None and bool(one.hidden) for one in found}

    def hide(self, box: Box, rows: bool, hidden: bool) -> None:
        if rows:
            for row in range(box.row, box.last_row + 1):
                self.sheet.row_dimensions[row].hidden = hidden
        else:
            for at in range(box.column, box.last_column + 1):
                group_apart(self.sheet, at).hidden = hidden

    # --- copying, links ---

    def paste(self, source: Any, box: Box, target: Box, what: str) -> None:
        if not isinstance(source, MemorySheet):
            raise NotImplementedError("pasting between engines")
        if what == "all":
            self._paste_contents(source, box, target)
        paste_formats(source.sheet, box, self.sheet, target)

    def _paste_contents(self, source: MemorySheet, box: Box, target: Box) -> None:
        for i, row in enumerate(source._rows(box)):
            for j, cell in enumerate(row):
                formula = cell is not None and cell.data_type == "f"
                if formula and source.book is not self.book and "!" in str(cell._value):
                    raise NotImplementedError("Excel would make a link to the other file of it")
                at = (target.row + i, target.column + j)
                entry = Entry(None if cell is None else cell._value, formula=formula)
                if formula:
                    entry = Entry(restyled(str(_formula(cell)), cell.coordinate, at), formula=True)
                self._put(self.sheet.cell(*at), entry)
                if cell is not None and not formula:
                    self.sheet.cell(*at).data_type = cell.data_type
                    self.sheet.cell(*at)._hyperlink = None
                    if cell.hyperlink:
                        link = cell.hyperlink
                        self.set_link(*at, _address(link), str(cell._value), link.tooltip or "")

    def move(self, box: Box, row: int, at: int) -> None:
        """Cut and paste. Formulas elsewhere that speak of these cells are not changed."""
        down, right = row - box.row, at - box.column
        moved = Box(row, at, box.rows, box.columns)
        self.clear_outside(moved, box)
        self.sheet.move_range(box.plain, rows=down, cols=right, translate=False)
        for table in self.tables():
            old = table.box()
            if old.meet(box) == old:
                table.put(old._replace(row=old.row + down, column=old.column + right))

    def clear_outside(self, place: Box, kept: Box) -> None:
        """Empty the part of a place that is about to be overwritten."""
        for rest in place.without(kept):
            self.clear(rest, contents=True, formats=True)

    def link(self, row: int, at: int) -> str | None:
        cell = self.sheet._cells.get((row, at))
        return _address(cell.hyperlink) if cell is not None and cell.hyperlink else None

    def set_link(self, row: int, at: int, address: str, text: str, tip: str) -> None:
        cell = self.sheet.cell(row, at)
        style = cell._style
        if address.startswith("#"):
            cell.hyperlink = "#"
            cell.hyperlink.target, cell.hyperlink.location = None, address[1:]
        else:
            cell.hyperlink = address
        cell.hyperlink.tooltip = tip
        cell._style = style
        cell._value, cell.data_type = text, "s"

    # --- tables, charts, filters ---

    def tables(self) -> list[MemoryTable]:
        return [MemoryTable(self, table) for table in self.sheet.tables.values()]

    def add_table(self, name: str, box: Box) -> MemoryTable:
        table = Table(name=name, displayName=name, ref=box.plain)
        table._initialise_columns()
        table.tableStyleInfo = TableStyleInfo("TableStyleMedium2", showRowStripes=True)
        self.sheet.add_table(table)
        found = MemoryTable(self, table)
        found.name_columns()
        return found

    def name_columns(self) -> None:
        """What Excel does on its own: the names of a table's columns are its header's texts."""
        for table in self.tables():
            table.name_columns()

    def charts(self) -> list[MemoryChart]:
        return [MemoryChart(self, chart) for chart in self.sheet._charts]

    def pictures(self) -> int:
        """Pictures and notes: Excel counts both as shapes."""
        notes = [cell for cell in self.sheet._cells.values() if cell.comment is not None]
        return len(self.sheet._images) + len(notes)

    def filter(self, box: Box) -> MemoryFilter:
        filters = self.sheet.auto_filter
        if filters.ref and box_of(filters.ref) != box:
            raise ExcelError("this worksheet already has an AutoFilter on a different range")

        def ensure() -> Any:
            filters.ref = box.plain
            return filters

        return MemoryFilter(self, box, filters if filters.ref else None, ensure)


class MemoryTable:
    """A table in memory."""

    def __init__(self, sheet: MemorySheet, table: Table) -> None:
        self.sheet, self.table = sheet, table

    @property
    def name(self) -> str:
        return str(self.table.displayName)

    @property
    def shows_filter(self) -> bool:
        return self.table.autoFilter is not None

    @shows_filter.setter
    def shows_filter(self, value: bool) -> None:
        if value and self.table.autoFilter is None:
            self.table.autoFilter = openpyxl.worksheet.filters.AutoFilter(ref=self.table.ref)
        elif not value:
            if self.table.autoFilter is not None:
                self.sheet.hide(self.box(), rows=True, hidden=False)
            self.table.autoFilter = None

    def box(self) -> Box:
        return box_of(self.table.ref)

    def resize(self, box: Box) -> None:
        """The criteria stay; rows that are new are not filtered until someone filters again."""
        old = self.box()
        for row in range(box.last_row + 1, old.last_row + 1):
            self.sheet.hide(Box(row, 1), rows=True, hidden=False)
        self.put(box)
        columns = self.table.tableColumns
        del columns[box.columns :]
        for number in range(len(columns), box.columns):
            columns.append(TableColumn(id=number + 1, name=f"Column{number + 1}"))
        self.name_columns()

    def put(self, box: Box) -> None:
        """The reference only."""
        self.table.ref = box.plain
        if self.table.autoFilter is not None:
            self.table.autoFilter.ref = box.plain

    def name_columns(self) -> None:
        box, used = self.box(), set[str]()
        for at, one in enumerate(self.table.tableColumns):
            cell = self.sheet.sheet.cell(box.row, box.column + at)
            name = base = str(cell._value if cell._value not in (None, "") else one.name)
            number = 2
            while name.casefold() in used:
                name, number = f"{base}{number}", number + 1
            used.add(name.casefold())
            if cell._value != name:
                cell._value, cell.data_type = name, "s"
            one.name = name

    def filter(self) -> MemoryFilter:
        def ensure() -> Any:
            self.shows_filter = True
            return self.table.autoFilter

        return MemoryFilter(self.sheet, self.box(), self.table.autoFilter, ensure)


def _formula(cell: Cell | None) -> Any:
    value = None if cell is None else cell._value
    return getattr(value, "text", value) if cell is not None and cell.data_type == "f" else value


def _moment(value: Any, number_format: str) -> Any:
    """A number in a cell that shows dates is a date, and the other way round."""
    dated = _is_date(number_format)
    if isinstance(value, dt.time):
        value = dt.datetime.combine(EPOCH, value)
    if isinstance(value, dt.timedelta):
        value = EPOCH + value
    if isinstance(value, dt.date) and not dated:
        return serial(value)
    if dated and isinstance(value, int | float) and not isinstance(value, bool) and value >= 0:
        return EPOCH + dt.timedelta(days=value)
    return value


def _address(link: Any) -> str:
    return str(link.target) if link.target else f"#{link.location}"
