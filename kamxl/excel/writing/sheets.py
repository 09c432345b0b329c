"""One sheet: its cells in order, its view, its pages, its protection."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.properties import Outline, PageSetupProperties

from kamxl.excel.writing.cells import Place, Rows
from kamxl.excel.writing.charts import draw
from kamxl.excel.writing.filling import Holes, as_page_text
from kamxl.excel.writing.references import area
from kamxl.excel.writing.rules import conditional, solid_bars, table, validation
from kamxl.excel.writing.streams import Flow, heads_of
from kamxl.excel.writing.styles import StyleBook
from kamxl.forms.paper.book import Content, Formula, Sheet, Slot
from kamxl.forms.paper.packed import blocks, extent, loose
from kamxl.forms.paper.raw import a1
from kamxl.forms.paper.style import MUTED, Style

_MARGIN = 0.51  # inches: 1.3 cm
_EDGE = 0.28
_A4 = 9
_USUAL_WIDTH = 8.43  # characters of a column that has no width of its own
_SMALL = f"&amp;10&amp;K{MUTED}"  # on a page at 80 % it is 8 points high


@dataclass(frozen=True, slots=True)
class SheetPlan:
    """What the writer adds to the elements that openpyxl writes for a sheet."""

    number: int
    dimension: str
    rows: Rows | Flow
    links: tuple[Hyperlink, ...]
    page_texts: str
    ignored: str
    extensions: str


def plan(sheet: Sheet, number: int, styles: StyleBook, holes: Holes) -> SheetPlan:
    """The cells of a sheet in writing order, and its loose ends."""
    return SheetPlan(
        number=number,
        dimension=_dimension(sheet),
        rows=_flow(sheet, styles),
        links=tuple(
            Hyperlink(ref=a1(row, column), location=cell.link.removeprefix("#"))
            for (row, column), cell in sorted(loose(sheet).items())
            if cell.link
        ),
        page_texts=_page_texts(sheet, holes),
        ignored=f'<ignoredErrors><ignoredError sqref="{_dimension(sheet)}" '
        'numberStoredAsText="1" formulaRange="1"/></ignoredErrors>',
        extensions=solid_bars(sheet.conditionals, number),
    )


def _flow(sheet: Sheet, styles: StyleBook) -> Rows | Flow:
    """The rows of a sheet; those of packed blocks are taken as they come."""
    rows = Rows(
        _rows(sheet, styles),
        dict(sheet.heights),
        frozenset(sheet.fitting),
        _wrapping(sheet),
        dict(sheet.given),
    )
    packed = tuple(
        (block, tuple(heads_of([styles.index(style) for style in look]) for look in block.looks))
        for block in blocks(sheet)
    )
    return Flow(rows, packed) if packed else rows


def _rows(sheet: Sheet, styles: StyleBook) -> tuple[tuple[int, tuple[Place, ...]], ...]:
    rows: dict[int, list[Place]] = {}
    for (row, column), cell in sorted(loose(sheet).items()):
        place = Place(a1(row, column), styles.index(cell.style), cell.content)
        rows.setdefault(row, []).append(place)
    for row in sheet.heights:
        rows.setdefault(row, [])
    return tuple((row, tuple(places)) for row, places in sorted(rows.items()))


def _wrapping(sheet: Sheet) -> dict[int, list[tuple[Content, float, Style]]]:
    """The cells in rows that grow whose text is not known yet, with the widths they have."""
    found: dict[int, list[tuple[Content, float, Style]]] = {}
    for (row, column), cell in sorted(loose(sheet).items()):
        content = cell.content.value if isinstance(cell.content, Formula) else cell.content
        if row in sheet.fitting and cell.style.wrap and isinstance(content, Slot):
            width = sheet.widths.get(column, _USUAL_WIDTH)
            found.setdefault(row, []).append((cell.content, width, cell.style))
    return found


def _dimension(sheet: Sheet) -> str:
    top, left, bottom, right = extent(sheet)
    return f"{a1(top, left)}:{a1(bottom, right)}" if bottom else "A1"


def _page_texts(sheet: Sheet, holes: Holes) -> str:
    header = ""
    if sheet.header:
        header = f"<oddHeader>&amp;L{_SMALL}{holes.put(sheet.header, as_page_text)}</oddHeader>"
    left = f"&amp;L{_SMALL}{holes.put(sheet.footer, as_page_text)}" if sheet.footer else ""
    footer = f"<oddFooter>{left}&amp;R{_SMALL}&amp;P / &amp;N</oddFooter>"
    return f"<headerFooter>{header}{footer}</headerFooter>"


def furnish(ws: Any, sheet: Sheet, holes: Holes, tables: int, *, active: bool) -> None:
    """Give an openpyxl worksheet everything but its cells; ``tables`` counts those before it."""
    for column, width in sorted(sheet.widths.items()):
        ws.column_dimensions[a1(1, column)[:-1]].width = width
    if sheet.outline:  # what stays in view stands before what folds
        ws.sheet_properties.outlinePr = Outline(summaryRight=False)
    for first, last in sheet.outline:
        for column in range(first, last + 1):
            ws.column_dimensions[a1(1, column)[:-1]].outlineLevel = 1
    if sheet.tab_color:
        ws.sheet_properties.tabColor = "FF" + sheet.tab_color
    _view(ws, sheet, active=active)
    _page(ws, sheet)
    if sheet.protected:
        _protect(ws)
    if sheet.hidden:
        ws.sheet_state = "hidden"
    for rule in sheet.validations:
        ws.add_data_validation(validation(rule))
    for priority, look in enumerate(sheet.conditionals, 1):
        ws.conditional_formatting.add(look.ranges, conditional(look, priority))
    for number, description in enumerate(sheet.tables, tables + 1):
        ws.add_table(table(description, sheet, holes, number))
    ws._charts = [draw(chart, sheet, holes) for chart in sheet.charts]


def _view(ws: Any, sheet: Sheet, *, active: bool) -> None:
    view = ws.sheet_view
    view.showGridLines = False
    view.zoomScale = view.zoomScaleNormal = sheet.zoom
    view.tabSelected = active
    if sheet.freeze:
        ws.freeze_panes = sheet.freeze
    for selection in view.selection:
        selection.activeCell = selection.sqref = sheet.active_cell
    if sheet.autofilter:
        ws.auto_filter.ref = sheet.autofilter


def _page(ws: Any, sheet: Sheet) -> None:
    ws.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=sheet.scale is None)
    setup = ws.page_setup
    setup.paperSize = _A4
    setup.orientation = "landscape" if sheet.landscape else "portrait"
    if sheet.scale is None:
        setup.fitToWidth, setup.fitToHeight = 1, sheet.pages_tall
    else:
        setup.scale = sheet.scale
    margins = ws.page_margins
    margins.left = margins.right = margins.top = margins.bottom = _MARGIN
    if sheet.header:
        margins.top = _MARGIN + _EDGE
    margins.bottom = _MARGIN + _EDGE / 2
    margins.header = margins.footer = _EDGE
    ws.print_options.horizontalCentered = True
    if sheet.print_area:
        place = area(sheet.print_area)
        first = a1(place.row, place.column)
        ws.print_area = f"{first}:{a1(place.last_row, place.last_column)}"
    if sheet.title_rows:
        ws.print_title_rows = f"{sheet.title_rows[0]}:{sheet.title_rows[1]}"
    if sheet.title_columns:
        ws.print_title_cols = f"A:{a1(1, sheet.title_columns)[:-1]}"
    for row in sheet.page_breaks:
        ws.row_breaks.append(Break(id=row))
    for column in sheet.column_breaks:
        ws.col_breaks.append(Break(id=column))


def _protect(ws: Any) -> None:
    """Protect without password. In these flags True forbids; sorting stays forbidden."""
    guard = ws.protection
    guard.sheet = guard.objects = guard.scenarios = True
    guard.formatColumns = guard.formatRows = False  # wide answers must be readable
    guard.selectLockedCells = guard.selectUnlockedCells = False
