"""The peers that write a card: each gives back the bytes of a workbook with the very same cells."""

from __future__ import annotations

import io
from collections.abc import Callable
from copy import copy
from pathlib import Path
from typing import Any, NamedTuple

from tests.bench.cells import CARD, Sheet, Style, loaded, sheets_in

Work = Callable[[], bytes]


class Writer(NamedTuple):
    """``needs``: the module without which it cannot be; ``ready``: what is done over and over."""

    needs: str
    ready: Callable[[Path], Work]


def _dressed(cell: Any, style: Style) -> None:
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side

    cell.font = Font(b=style.bold, sz=style.size, color=style.color)
    if style.fill:
        cell.fill = PatternFill("solid", fgColor=style.fill)
    cell.number_format = style.number
    cell.alignment = Alignment(horizontal=style.across, wrap_text=style.wrap)
    if style.line:
        cell.border = Border(bottom=Side(style.line))
    cell.protection = Protection(locked=style.locked)


def _openpyxl(sheets: list[Sheet], dress: Callable[[Any, Style], None]) -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    for one in sheets:
        sheet = book.create_sheet(one.title)
        for letter, width in one.widths.items():
            sheet.column_dimensions[letter].width = width
        for row, height in one.heights.items():
            sheet.row_dimensions[row].height = height
        for row, column, value, style in one.cells:
            cell = sheet.cell(row, column)
            cell.value = value
            dress(cell, style)
    return _saved(book)


def _saved(book: Any) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _plain(folder: Path) -> Work:
    """Every cell with a font, a fill and an alignment of its own, as people write it."""
    sheets = sheets_in(folder)
    return lambda: _openpyxl(sheets, _dressed)


def _shared(folder: Path) -> Work:
    """A style is made once, then copied."""
    sheets = sheets_in(folder)

    def work() -> bytes:
        known: dict[Style, Any] = {}

        def dress(cell: Any, style: Style) -> None:
            if style in known:
                cell._style = copy(known[style])
            else:
                _dressed(cell, style)
                known[style] = cell._style

        return _openpyxl(sheets, dress)

    return work


def _template(folder: Path) -> Work:
    """The finished card opened and saved: what a template costs before anything is filled in."""
    card = (folder / CARD).read_bytes()
    return lambda: _saved(loaded(card))


def _xlsxwriter(folder: Path) -> Work:
    sheets = sheets_in(folder)

    def work() -> bytes:
        import xlsxwriter

        out = io.BytesIO()
        book = xlsxwriter.Workbook(out, {"in_memory": True})
        formats: dict[Style, Any] = {}
        for one in sheets:
            sheet = book.add_worksheet(one.title)
            for letter, width in one.widths.items():
                sheet.set_column(f"{letter}:{letter}", width)
            for row, height in one.heights.items():
                sheet.set_row(row - 1, height)
            for row, column, value, style in one.cells:
                if style not in formats:
                    formats[style] = book.add_format(_format(style))
                _put(sheet, row - 1, column - 1, value, formats[style])
        book.close()
        return out.getvalue()

    return work


def _put(sheet: Any, row: int, column: int, value: Any, look: Any) -> None:
    if isinstance(value, str) and value.startswith("="):
        sheet.write_formula(row, column, value, look, 0)
    elif isinstance(value, str):
        sheet.write_string(row, column, value, look)
    elif value is None:
        sheet.write_blank(row, column, None, look)
    else:
        sheet.write(row, column, value, look)


def _format(style: Style) -> dict[str, Any]:
    said: dict[str, Any] = {
        "bold": style.bold,
        "font_size": style.size or 11,
        "num_format": style.number,
        "text_wrap": style.wrap,
        "locked": style.locked,
    }
    if style.across in ("left", "center", "right"):
        said["align"] = style.across
    if style.fill:
        said["bg_color"] = f"#{style.fill[-6:]}"
    if style.color:
        said["font_color"] = f"#{style.color[-6:]}"
    return said | ({"bottom": 1} if style.line else {})


def _kamxl(folder: Path) -> Work:
    """From an order to the bytes of its card; the layout is drawn once."""
    from kamxl.workflow.cards import CardPress, mark_of
    from tests.bench.workspaces import first

    workspace, order = first(folder)
    press, mark = CardPress(), mark_of(workspace, order)
    return lambda: press.press(order, mark)


PLAIN, SHARED, TEMPLATE = "openpyxl, plain", "openpyxl, shared styles", "openpyxl from a template"
XLSXWRITER, OURS = "XlsxWriter", "kamxl renders"
PEERS = {
    PLAIN: Writer("openpyxl", _plain),
    SHARED: Writer("openpyxl", _shared),
    TEMPLATE: Writer("openpyxl", _template),
    XLSXWRITER: Writer("xlsxwriter", _xlsxwriter),
    OURS: Writer("kamxl", _kamxl),
}
