"""Writes .xlsb and .ods by hand: what the tests need of them, sound or not."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping
from xml.sax.saxutils import escape

from tests.hostile.workbooks import Entry, raw_zip

Value = str | float | bool
Cells = Mapping[tuple[int, int], Value]

_ODS = "application/vnd.oasis.opendocument.spreadsheet"
_SPACES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
)
_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'
    'content-types"><Default Extension="bin" ContentType="application/vnd.ms-excel.sheet.binary.'
    'macroEnabled.main"/></Types>'
)
_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def record(kind: int, body: bytes = b"") -> bytes:
    """One record of the binary format: type and size as numbers of seven bits a byte."""
    return _varint(kind, 2) + _varint(len(body), 4) + body


def _varint(number: int, most: int) -> bytes:
    found = bytearray()
    while len(found) < most - 1 and number > 0x7F:
        found.append(number & 0x7F | 0x80)
        number >>= 7
    found.append(number)
    return bytes(found)


def _wide(text: str) -> bytes:
    letters = text.encode("utf-16-le")
    return struct.pack("<I", len(letters) // 2) + letters


def xlsb_sheet(
    cells: Iterable[tuple[tuple[int, int], Value]], size: tuple[int, int] | None = None
) -> bytes:
    """A sheet's records; rows in the order given. ``size``: what it says of itself."""
    cells = list(cells)
    rows, columns = size or tuple(max((p[i] for p, _ in cells), default=1) for i in (0, 1))
    area = struct.pack("<4I", 0, rows - 1, 0, columns - 1)
    found, last = [record(129), record(148, area), record(145)], 0
    for (row, column), value in cells:
        if row != last:
            found.append(record(0, struct.pack("<I", row - 1) + bytes(13)))
            last = row
        place = struct.pack("<II", column - 1, 0)
        if isinstance(value, bool):
            found.append(record(4, place + bytes([value])))
        elif isinstance(value, str):
            found.append(record(6, place + _wide(value)))
        else:
            found.append(record(5, place + struct.pack("<d", value)))
    return b"".join((*found, record(146), record(130)))


def xlsb(sheets: Mapping[str, bytes], **more: bytes) -> bytes:
    """A workbook of these sheets."""
    book, links = [record(131), record(143)], []
    parts: list[Entry] = []
    for number, (title, content) in enumerate(sheets.items(), 1):
        key = f"rId{number}"
        head = struct.pack("<II", 0, number)
        book.append(record(156, head + _wide(key) + _wide(title)))
        links.append(
            f'<Relationship Id="{key}" Type="{_OFFICE}/worksheet" '
            f'Target="worksheets/sheet{number}.bin"/>'
        )
        parts.append(Entry(f"xl/worksheets/sheet{number}.bin", content))
    book += [record(144), record(132)]
    root = (
        f'<Relationships xmlns="{_RELATIONSHIPS}"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.bin"/></Relationships>'
    )
    inner = f'<Relationships xmlns="{_RELATIONSHIPS}">{"".join(links)}</Relationships>'
    return raw_zip(
        [
            Entry("[Content_Types].xml", _TYPES.encode()),
            Entry("_rels/.rels", root.encode()),
            Entry("xl/workbook.bin", b"".join(book)),
            Entry("xl/_rels/workbook.bin.rels", inner.encode()),
            *parts,
            *(Entry(name, content) for name, content in more.items()),
        ]
    )


def ods(body: str, head: str = "", **more: bytes) -> bytes:
    """A workbook with this content; ``head`` stands before the document."""
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?>{head}<office:document-content {_SPACES}>'
        f"<office:body><office:spreadsheet>{body}</office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_ODS}"/>'
        "</manifest:manifest>"
    )
    return raw_zip(
        [
            Entry("mimetype", _ODS.encode(), method=0),
            Entry("content.xml", content.encode()),
            Entry("META-INF/manifest.xml", manifest.encode()),
            *(Entry(name, content) for name, content in more.items()),
        ]
    )


def table(rows: str, title: str = "Card") -> str:
    """One sheet of an .ods."""
    return f'<table:table table:name="{title}">{rows}</table:table>'


def ods_cell(value: Value | str, repeated: int = 1) -> str:
    """One cell of an .ods."""
    times = f' table:number-columns-repeated="{repeated}"' if repeated > 1 else ""
    if isinstance(value, bool):
        kind = f'office:value-type="boolean" office:boolean-value="{str(value).lower()}"'
    elif isinstance(value, str):
        kind = 'office:value-type="string"'
    else:
        kind = f'office:value-type="float" office:value="{value!r}"'
    text = f"<text:p>{escape(str(value))}</text:p>"
    return f"<table:table-cell {kind}{times}>{text}</table:table-cell>"


def ods_row(cells: str, repeated: int = 1) -> str:
    """One row of an .ods."""
    times = f' table:number-rows-repeated="{repeated}"' if repeated > 1 else ""
    return f"<table:table-row{times}>{cells}</table:table-row>"
