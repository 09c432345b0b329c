"""openpyxl's writers, taught three things it leaves out: stored values, shared strings, caches.

The subclasses here use names that openpyxl does not promise to keep; ``tests/excel`` holds them in
a contract test, and the dependency is pinned to one minor version.
"""

from __future__ import annotations

import io
from collections.abc import Generator, Mapping
from typing import Any

from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.packaging.manifest import Override
from openpyxl.packaging.relationship import Relationship, RelationshipList
from openpyxl.styles.stylesheet import write_stylesheet
from openpyxl.workbook import _writer as _workbook_writer
from openpyxl.worksheet import _writer as _worksheet_writer
from openpyxl.worksheet.dimensions import SheetDimension
from openpyxl.writer import excel as _excel_writer
from openpyxl.writer.theme import theme_xml
from openpyxl.xml.functions import fromstring

from kamxl.excel.writing.cells import Strings
from kamxl.excel.writing.charts import part
from kamxl.excel.writing.filling import Piece
from kamxl.excel.writing.frames import frames
from kamxl.excel.writing.rules import with_bar_ids
from kamxl.excel.writing.sheets import SheetPlan
from kamxl.excel.writing.styles import order_fonts
from kamxl.excel.writing.xmltext import serialise

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRINGS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"

# The stubs know only openpyxl's public face; below it, its classes are taken as they come.
_AnyExcelWriter: Any = _excel_writer.ExcelWriter
_AnySheetWriter: Any = _worksheet_writer.WorksheetWriter
_AnyWorkbookWriter: Any = _workbook_writer.WorkbookWriter

Pieces = list[str | Piece]


class Parts:
    """Stands where openpyxl expects a zip archive and collects the parts as text."""

    def __init__(self) -> None:
        self.found: dict[str, Pieces] = {}

    def writestr(self, name: str, data: bytes | str) -> None:
        """Take one part; reading it again makes lxml's and the standard library's output equal."""
        self.found[name] = [HEAD + serialise(fromstring(data))]

    def namelist(self) -> list[str]:
        return list(self.found)


class SheetWriter(_AnySheetWriter):  # type: ignore[misc]
    """Writes one sheet as pieces: openpyxl's elements as text, the rows as one open piece."""

    def __init__(self, ws: Any, plan: SheetPlan) -> None:
        self.plan = plan
        self.pieces: Pieces = [f'{HEAD}<worksheet xmlns="{_MAIN}" xmlns:r="{_OFFICE}">']
        super().__init__(ws, out=io.BytesIO())

    def get_stream(self) -> Generator[None, Any, None]:
        """Take elements as they come (the base class would write them to a file)."""
        while True:
            element = yield
            if element is not None:
                xml = serialise(element).replace(f' xmlns:r="{_OFFICE}"', "", 1)
                self.pieces.append(with_bar_ids(xml, self.plan.number))

    def write_dimensions(self) -> None:
        self.xf.send(SheetDimension(self.plan.dimension).to_tree())

    def write_rows(self) -> None:
        self.pieces.append(self.plan.rows)
        self.ws._hyperlinks = list(self.plan.links)

    def write_header(self) -> None:
        self.pieces.append(self.plan.page_texts)

    def write_drawings(self) -> None:
        self.pieces.append(self.plan.ignored)
        super().write_drawings()

    def write_tables(self) -> None:
        super().write_tables()
        self.pieces.append(self.plan.extensions + "</worksheet>")


def _relation(kind: str, target: str) -> Relationship:
    # The stubs demand an Id, which openpyxl gives itself.
    found: Relationship = Relationship(  # type: ignore[call-overload]
        Type=f"{_OFFICE}/{kind}", Target=target
    )
    return found


class _WorkbookWriter(_AnyWorkbookWriter):  # type: ignore[misc]
    """Relates the workbook to its shared strings as well."""

    def write_rels(self) -> bytes:
        self.rels.append(_relation("sharedStrings", "sharedStrings.xml"))
        written: bytes = super().write_rels()
        return written


class BookWriter(_AnyExcelWriter):  # type: ignore[misc]
    """Writes a workbook into pieces of parts, without any zip file."""

    def __init__(self, workbook: Any, plans: Mapping[str, SheetPlan]) -> None:
        self.parts = Parts()
        self.plans = plans
        super().__init__(workbook, self.parts)

    def write_data(self) -> None:
        self._write_worksheets()
        self._write_charts()
        self._write_book()
        self.manifest.Override.append(
            Override(PartName="/xl/sharedStrings.xml", ContentType=_STRINGS_TYPE)
        )
        self.manifest._write(self.parts, self.workbook)

    def _write_book(self) -> None:
        found = self.parts.found
        found["xl/sharedStrings.xml"] = [f'{HEAD}<sst xmlns="{_MAIN}" ', Strings()]
        sheet = write_stylesheet(self.workbook)
        order_fonts(sheet)
        found["xl/styles.xml"] = [HEAD + serialise(sheet)]
        self.parts.writestr("xl/theme/theme1.xml", theme_xml)
        book = _WorkbookWriter(self.workbook)
        self.parts.writestr("_rels/.rels", book.write_root_rels())
        self.parts.writestr("xl/workbook.xml", book.write())
        self.parts.writestr("xl/_rels/workbook.xml.rels", book.write_rels())

    def write_worksheet(self, ws: Any) -> None:
        ws._drawing = SpreadsheetDrawing()
        ws._drawing.charts = ws._charts
        writer = SheetWriter(ws, self.plans[ws.title])
        writer.write()
        ws._rels = writer._rels
        self.parts.found[ws.path[1:]] = writer.pieces
        self.manifest.append(ws)

    def _write_drawing(self, drawing: Any) -> None:
        self._drawings.append(drawing)
        drawing._id = len(self._drawings)
        relations = RelationshipList()
        for chart in drawing.charts:
            self._charts.append(chart)
            chart._id = len(self._charts)
            relations.append(_relation("chart", chart.path))
        name = drawing.path[1:]
        folder, _, file = name.rpartition("/")
        self.parts.found[name] = [HEAD + frames(drawing.charts)]
        self.parts.found[f"{folder}/_rels/{file}.rels"] = [HEAD + serialise(relations.to_tree())]
        self.manifest.append(drawing)

    def _write_charts(self) -> None:
        for chart in self._charts:
            self.parts.found[chart.path[1:]] = [HEAD + serialise(part(chart))]
            self.manifest.append(chart)
