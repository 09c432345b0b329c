"""A worksheet in LibreOffice: whole ranges at once wherever there is a way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from tests.engines.cells import COLUMNS, EPOCH, ROWS, Box, Entry
from tests.engines.office_formats import get_style, number_format, set_style
from tests.engines.office_text import to_excel, to_office

if TYPE_CHECKING:
    from tests.engines.office import OfficeBook

_CONTENTS = 1 | 2 | 4 | 16  # values, dates, texts, formulas
_FORMATS = 32 | 64 | 512
_FORMULAS, _ERRORS = 16, 4
_DATED, _LOGICAL, _TEXT = 2 | 4, 1024, 256  # kinds of number formats
_ERROR_OF = {
    32767: "#N/A",
    532: "#DIV/0!",
    525: "#NAME?",
    524: "#REF!",
    519: "#VALUE!",
    503: "#NUM!",
    521: "#NULL!",
}
_MM100 = 2540  # per inch


def address_of(sheet: OfficeSheet, box: Box) -> Any:
    """A rectangle as LibreOffice takes it."""
    return sheet.cells(box).RangeAddress


def box_of_address(a: Any) -> Box:
    """The way back."""
    rows, columns = a.EndRow - a.StartRow + 1, a.EndColumn - a.StartColumn + 1
    return Box(a.StartRow + 1, a.StartColumn + 1, rows, columns)


def _boxes(ranges: Any) -> list[Box]:
    return [box_of_address(address) for address in ranges.RangeAddresses]


class OfficeSheet:
    """A worksheet in LibreOffice."""

    def __init__(self, book: OfficeBook, sheet: Any) -> None:
        self.book, self.sheet = book, sheet

    def cells(self, box: Box) -> Any:
        """The range; a single cell as a cell."""
        if (box.rows, box.columns) == (1, 1):
            return self.sheet.getCellByPosition(box.column - 1, box.row - 1)
        return self._range(box)

    def _range(self, box: Box) -> Any:
        right = min(box.last_column, self._limit("Columns", COLUMNS))
        bottom = min(box.last_row, self._limit("Rows", ROWS))
        return self.sheet.getCellRangeByPosition(box.column - 1, box.row - 1, right - 1, bottom - 1)

    def _limit(self, what: str, most: int) -> int:
        return min(int(getattr(self.sheet, what).Count), most)

    @property
    def title(self) -> str:
        return str(self.sheet.Name)

    @title.setter
    def title(self, value: str) -> None:
        self.sheet.Name = value

    @property
    def visible(self) -> bool:
        return bool(self.sheet.IsVisible)

    @visible.setter
    def visible(self, value: bool) -> None:
        self.sheet.IsVisible = value

    @property
    def print_area(self) -> str | None:
        boxes = [box_of_address(area) for area in self.sheet.getPrintAreas()]
        return ",".join(box.address() for box in boxes) or None

    @print_area.setter
    def print_area(self, value: str | None) -> None:
        areas = (self.sheet.getCellRangeByName(value).RangeAddress,) if value else ()
        self.sheet.setPrintAreas(areas)

    @property
    def title_rows(self) -> tuple[int, int] | None:
        if not self.sheet.getPrintTitleRows():
            return None
        rows = self.sheet.getTitleRows()
        return rows.StartRow + 1, rows.EndRow + 1

    @title_rows.setter
    def title_rows(self, value: tuple[int, int] | None) -> None:
        self.sheet.setPrintTitleRows(value is not None)
        if value:
            rows = self.sheet.getCellRangeByName("A{}:A{}".format(*value))
            self.sheet.setTitleRows(rows.RangeAddress)

    def used(self) -> Box:
        cursor = self.sheet.createCursor()
        cursor.gotoStartOfUsedArea(False)
        cursor.gotoEndOfUsedArea(True)
        return box_of_address(cursor.RangeAddress)

    # --- contents ---

    def _kinds(self, box: Box, kinds: int) -> Iterator[tuple[int, int, int]]:
        """The cells whose number format is of one of these kinds, with the kind."""
        groups = self._range(box).getUniqueCellFormatRanges()
        for number in range(groups.Count):
            group = groups.getByIndex(number)
            kind = self.book.kind_of_format(group.NumberFormat or 0) & kinds
            if kind:
                for part in _boxes(group):
                    yield from ((kind, row, column) for row, column in part.cells())

    def read(self, box: Box) -> list[list[Any]]:
        whole = self._range(box)
        rows = [[None if v == "" else v for v in row] for row in whole.getDataArray()]
        self._meant(box, rows, _DATED | _LOGICAL)
        for part in _boxes(whole.queryFormulaCells(_ERRORS)):
            for row, column in part.cells():
                code = self.cells(Box(row, column)).getError()
                rows[row - box.row][column - box.column] = _ERROR_OF.get(code, "#VALUE!")
        return rows

    def _meant(self, box: Box, rows: list[list[Any]], kinds: int) -> None:
        """Numbers that their format makes dates, or truth values."""
        for kind, row, column in self._kinds(box, kinds):
            value = rows[row - box.row][column - box.column]
            if isinstance(value, float) and value >= 0:
                meant = bool(value) if kind & _LOGICAL else EPOCH + dt.timedelta(days=value)
                rows[row - box.row][column - box.column] = meant

    def formulas(self, box: Box) -> list[list[Any]]:
        whole = self._range(box)
        rows = [[None if v == "" else v for v in row] for row in whole.getDataArray()]
        self._meant(box, rows, _LOGICAL)
        texts = whole.getFormulaArray()
        for part in _boxes(whole.queryContentCells(_FORMULAS)):
            for row, column in part.cells():
                text = to_excel(texts[row - box.row][column - box.column])
                rows[row - box.row][column - box.column] = text
        return rows

    def texts(self, box: Box) -> set[tuple[int, int]]:
        return {(row, column) for _, row, column in self._kinds(box, _TEXT)}

    def write(self, box: Box, rows: list[list[Entry]]) -> None:
        entered = tuple(tuple(_entered(entry) for entry in row) for row in rows)
        self._range(box).setFormulaArray(entered)
        for i, row in enumerate(rows):
            for j, entry in enumerate(row):
                if isinstance(entry.value, bool) or entry.number_format:
                    self._format(self.cells(Box(box.row + i, box.column + j)), entry)

    def _format(self, cell: Any, entry: Entry) -> None:
        formats = self.book.document.NumberFormats
        logical = isinstance(entry.value, bool)
        if logical:
            locale = self.book.office.struct("lang.Locale")
            cell.NumberFormat = formats.getStandardFormat(_LOGICAL, locale)
        elif formats.getByKey(cell.NumberFormat).FormatString == "General":
            cell.NumberFormat = number_format(self.book, str(entry.number_format))

    def clear(self, box: Box, contents: bool, formats: bool) -> None:
        flags = _CONTENTS * contents | _FORMATS * formats
        self._range(box).clearContents(flags)

    # --- formats and sizes ---

    def style(self, box: Box, style: str) -> Any:
        return get_style(self.book, self._range(box), style)

    def set_style(self, box: Box, style: str, value: Any) -> None:
        set_style(self.book, self._range(box), style, value)

    def width(self, column: int) -> float:
        pixels = self.sheet.Columns.getByIndex(column - 1).Width / _MM100 * 96
        return round((pixels - 5) / 7, 2)

    def set_width(self, box: Box, width: float) -> None:
        self._range(box._replace(row=1, rows=1)).Columns.Width = round(
            (width * 7 + 5) / 96 * _MM100
        )

    def height(self, row: int) -> float:
        return round(self.sheet.Rows.getByIndex(row - 1).Height / _MM100 * 72, 1)

    def set_height(self, box: Box, height: float) -> None:
        self._range(box._replace(column=1, columns=1)).Rows.Height = round(height / 72 * _MM100)

    def top(self, row: int) -> float:
        """Points from the top of the sheet to a row."""
        return float(self.cells(Box(row, 1)).Position.Y / _MM100 * 72)

    def left(self, column: int) -> float:
        """Points from the left of the sheet to a column."""
        return float(self.cells(Box(1, column)).Position.X / _MM100 * 72)

    def hidden(self, box: Box, rows: bool) -> set[bool]:
        if rows:
            known, span = self.sheet.Rows, range(box.row - 1, box.last_row)
        else:
            known, span = self.sheet.Columns, range(box.column - 1, box.last_column)
        return {not known.getByIndex(at).IsVisible for at in span}

    def hide(self, box: Box, rows: bool, hidden: bool) -> None:
        cells = self._range(box)
        (cells.Rows if rows else cells.Columns).IsVisible = not hidden

    # --- copying, moving, links ---

    def paste(self, source: Any, box: Box, target: Box, what: str) -> None:
        """Through the clipboard, as a user would: that carries formats between documents."""
        if not isinstance(source, OfficeSheet):
            raise NotImplementedError("pasting between engines")
        if what == "all" and source.book is not self.book:
            values = [v for row in source.formulas(box) for v in row]
            if any(isinstance(v, str) and v.startswith("=") and "!" in v for v in values):
                raise NotImplementedError("Excel would make a link to the other file of it")
        office = self.book.office
        source._select(box)
        office.do(source.book.document, "Copy")
        self._select(target)
        flags = {"formats": "T", "all": "SVDFNT"}[what]
        office.do(
            self.book.document,
            "InsertContents",
            Flags=flags,
            FormulaCommand=0,
            SkipEmptyCells=False,
            Transpose=False,
            AsLink=False,
            MoveMode=4,
        )

    def _select(self, box: Box) -> None:
        controller = self.book.document.CurrentController
        controller.setActiveSheet(self.sheet)
        controller.select(self._range(box))

    def move(self, box: Box, row: int, column: int) -> None:
        """Cut and paste: formulas and tables follow."""
        self.sheet.moveRange(
            self.cells(Box(row, column)).CellAddress, self._range(box).RangeAddress
        )

    def link(self, row: int, column: int) -> str | None:
        fields = self.cells(Box(row, column)).getTextFields()
        return fields.getByIndex(0).URL if fields.Count else None

    def set_link(self, row: int, column: int, address: str, text: str, tip: str) -> None:
        cell = self.cells(Box(row, column))
        cell.setString("")
        field = self.book.document.createInstance("com.sun.star.text.TextField.URL")
        field.URL, field.Representation = address, text
        cell.insertTextContent(cell.createTextCursor(), field, False)

    # --- tables, charts, filters ---

    def tables(self) -> list[Any]:
        return self.book.tables(self)

    def add_table(self, name: str, box: Box) -> Any:
        return self.book.add_table(self, name, box)

    def charts(self) -> list[Any]:
        return self.book.charts(self)

    def pictures(self) -> int:
        """What is drawn that is no chart, and notes, which have no shape of their own here."""
        return self.sheet.DrawPage.Count - len(self.charts()) + self.sheet.Annotations.Count

    def filter(self, box: Box) -> Any:
        # LibreOffice 7.4 does not show a sheet's own filter to programs
        raise NotImplementedError("Range.autofilter in LibreOffice; a table's filter is there")


def _entered(entry: Entry) -> str:
    if entry.value is None:
        return ""
    if entry.formula:
        return to_office(str(entry.value))
    if isinstance(entry.value, str):
        return "'" + entry.value
    return repr(float(entry.value))
