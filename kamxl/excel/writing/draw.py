"""From a book's description to the bytes of a workbook, in two steps.

``build`` draws everything that is the same for every filling, ``render`` fills in the slots. Equal
input gives equal bytes, in any process.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from types import MappingProxyType
from typing import Any

from openpyxl import Workbook
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.workbook.properties import CalcProperties

from kamxl.excel.writing.caches import with_caches
from kamxl.excel.writing.checks import check
from kamxl.excel.writing.filling import Filling, Holes, Piece, as_name
from kamxl.excel.writing.references import area
from kamxl.excel.writing.sheets import furnish, plan
from kamxl.excel.writing.streams import Flow
from kamxl.excel.writing.styles import StyleBook
from kamxl.excel.writing.writer import HEAD, BookWriter, Pieces
from kamxl.forms.paper.book import Book, Content, Scalar

_FIRST = ("[Content_Types].xml", "_rels/.rels", "docProps/", "xl/workbook.xml", "xl/_rels/")
_AT_ONCE = 128  # rows that are packed with one call
_NOTHING: Mapping[str, Scalar] = MappingProxyType({})
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
_APP = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"


@dataclass(frozen=True, slots=True)
class Layout:
    """A drawn workbook that waits for its values: its parts, each in finished and open pieces."""

    parts: tuple[tuple[str, tuple[str | Piece, ...]], ...]


def build(book: Book) -> Layout:
    """Check a book's description and draw it; ValueError says what a form got wrong."""
    check(book)
    holes = Holes()
    workbook: Any = Workbook()
    workbook.remove(workbook.active)
    styles = StyleBook(workbook)
    plans = {
        sheet.title: plan(sheet, number, styles, holes)
        for number, sheet in enumerate(book.sheets, 1)
    }
    tables = 0
    for at, sheet in enumerate(book.sheets):
        ws = workbook.create_sheet(sheet.title)
        furnish(ws, sheet, holes, tables, active=at == book.active)
        tables += len(sheet.tables)
    _furnish_book(workbook, book, holes)
    writer = BookWriter(workbook, plans)
    writer.write_data()
    return _layout(book, _with_properties(writer.parts.found, book, holes), holes)


def _furnish_book(workbook: Any, book: Book, holes: Holes) -> None:
    workbook.active = book.active
    workbook.calculation = CalcProperties(fullCalcOnLoad=True)
    for name in book.names:
        mark = holes.put(name.name, as_name)
        workbook.defined_names[mark] = DefinedName(mark, attr_text=name.ref)


def _with_properties(parts: dict[str, Pieces], book: Book, holes: Holes) -> dict[str, Pieces]:
    """The parts with the document's properties: a title and a time, nobody's name."""
    parts["docProps/app.xml"] = [
        f'{HEAD}<Properties xmlns="{_APP}"><Application>kamxl</Application></Properties>'
    ]
    time = _w3c(book.stamp)
    dated = "".join(
        f'<dcterms:{kind} xsi:type="dcterms:W3CDTF">{time}</dcterms:{kind}>'
        for kind in ("created", "modified")
    )
    parts["docProps/core.xml"] = [
        f'{HEAD}<cp:coreProperties xmlns:cp="{_PACKAGE}"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{holes.put(book.title)}</dc:title>{dated}</cp:coreProperties>"
    ]
    return parts


def _w3c(stamp: datetime) -> str:
    """A time as properties hold it: universal (a time without zone is taken for that)."""
    if stamp.tzinfo is not None:
        stamp = stamp.astimezone(UTC)
    return stamp.strftime("%Y-%m-%dT%H:%M:%SZ")


def _layout(book: Book, parts: dict[str, Pieces], holes: Holes) -> Layout:
    contents = {sheet.title: sheet.cells for sheet in book.sheets}

    def lookup(reference: str) -> list[Content]:
        place = area(reference)
        cells = contents[place.sheet]
        return [cells[at].content if at in cells else None for at in place.places]

    def opened(name: str, pieces: Pieces) -> tuple[str | Piece, ...]:
        found: Pieces = []
        for piece in pieces:
            found += holes.split(piece) if isinstance(piece, str) else [piece]
        if name.startswith("xl/charts/"):
            found = [part for piece in found for part in with_caches(piece, lookup)]
        return tuple(found)

    ordered = sorted(parts.items(), key=lambda part: _rank(part[0]))
    return Layout(tuple((name, opened(name, pieces)) for name, pieces in ordered))


def _rank(name: str) -> tuple[int, str]:
    first = [at for at, start in enumerate(_FIRST) if name.startswith(start)]
    # The shared strings come last: the rows of all sheets number them.
    return (first[0] if first else len(_FIRST) + (name == "xl/sharedStrings.xml"), name)


def render(layout: Layout, values: Mapping[str, Scalar] = _NOTHING) -> bytes:
    """The workbook with its slots filled; KeyError names a slot that got no value."""
    filling = Filling(values)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, pieces in layout.parts:
            if any(isinstance(piece, Flow) for piece in pieces):
                _stream(archive, name, pieces, filling)
                continue
            text = "".join(
                [piece if isinstance(piece, str) else piece.fill(filling) for piece in pieces]
            )
            archive.writestr(_entry(name), text.encode())
    return out.getvalue()


def _stream(
    archive: zipfile.ZipFile, name: str, pieces: tuple[str | Piece, ...], filling: Filling
) -> None:
    """Write a part that is too long to be held as a whole."""
    with archive.open(_entry(name), "w") as part:
        for piece in pieces:
            if isinstance(piece, Flow):
                rows = piece.texts(filling)
                while some := "".join(islice(rows, _AT_ONCE)):
                    part.write(some.encode())
            else:
                part.write((piece if isinstance(piece, str) else piece.fill(filling)).encode())


def _entry(name: str) -> zipfile.ZipInfo:
    """A zip entry that tells neither when nor on which machine it was made."""
    entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = 0
    return entry
