"""Writes .xls, .xlsb and .ods by hand: what the tests need of them, sound or not."""

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


def xlsb(
    sheets: Mapping[str, bytes],
    *,
    looks: bytes = b"",
    notes: bytes = b"",
    texts: bytes = b"",
    since_1904: bool = False,
    **more: bytes,
) -> bytes:
    """A workbook of these sheets; ``looks``: its styles, ``notes``: those of the first sheet.

    ``texts``: those that its cells share.
    """
    book, links = [record(131), record(153, struct.pack("<I", since_1904)), record(143)], []
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
    if looks:
        links.append(f'<Relationship Id="s" Type="{_OFFICE}/styles" Target="styles.bin"/>')
        parts.append(Entry("xl/styles.bin", looks))
    if texts:
        links.append(f'<Relationship Id="t" Type="{_OFFICE}/sharedStrings" Target="texts.bin"/>')
        parts.append(Entry("xl/texts.bin", texts))
    if notes:
        beside = f'<Relationship Id="n" Type="{_OFFICE}/comments" Target="../notes.bin"/>'
        beside = f'<Relationships xmlns="{_RELATIONSHIPS}">{beside}</Relationships>'
        parts.append(Entry("xl/worksheets/_rels/sheet1.bin.rels", beside.encode()))
        parts.append(Entry("xl/notes.bin", notes))
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


def ods(body: str, head: str = "", manifested: str = "", **more: bytes) -> bytes:
    """A workbook with this content; ``head`` stands before the document."""
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?>{head}<office:document-content {_SPACES}>'
        f"<office:body><office:spreadsheet>{body}</office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_ODS}"/>'
        f"{manifested}</manifest:manifest>"
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


# --- .xls --------------------------------------------------------------------------------------


def ole(name: str, content: bytes) -> bytes:
    """An OLE file with one stream."""
    content = content.ljust(max(4096, -(-len(content) // 512) * 512), b"\0")
    count = len(content) // 512
    chain = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, count + 2), 0xFFFFFFFE]
    table = struct.pack(f"<{len(chain)}I", *chain).ljust(512, b"\xff")
    assert len(table) == 512, "too long for one sector of the table"
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<5H6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<9I", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    head += struct.pack("<I", 0) + b"\xff" * 4 * 108
    entries = _entry("Root Entry", 5, child=1) + _entry(name, 2, begin=2, size=len(content))
    return head + table + entries.ljust(512, b"\0") + content


def _entry(
    name: str, kind: int, *, child: int = 0xFFFFFFFF, begin: int = 0, size: int = 0
) -> bytes:
    letters = name.encode("utf-16-le")
    head = letters.ljust(64, b"\0") + struct.pack("<HBB", len(letters) + 2, kind, 1)
    links = struct.pack("<3I", 0xFFFFFFFF, 0xFFFFFFFF, child)
    return head + links + bytes(36) + struct.pack("<IQ", begin if size else 0xFFFFFFFE, size)


def biff(kind: int, *values: bytes) -> bytes:
    """One record of an .xls."""
    body = b"".join(values)
    return struct.pack("<HH", kind, len(body)) + body


def shorts(*numbers: int) -> bytes:
    """Numbers of 16 bits."""
    return struct.pack(f"<{len(numbers)}H", *numbers)


def biff_text(text: str, *, wide: bool = True) -> bytes:
    """A text with its length and width before it."""
    letters = text.encode("utf-16-le" if wide else "latin-1")
    return shorts(len(text)) + bytes([wide]) + letters


def xls(sheets: Mapping[str, bytes], *before: bytes, version: int = 0x600) -> bytes:
    """A workbook of these sheets' records; ``before``: records of the workbook itself.

    Its styles: 0 as usual, 1 a percentage, 2 struck out, 3 a date.
    """
    fonts = [biff(0x31, shorts(200, flags), bytes(10) + b"\0\0") for flags in (0, 0, 0, 0, 8)]
    styles = ((0, 0), (0, 9), (5, 0), (0, 14))  # font 5 is the fifth: there is no fourth
    looks = [biff(0xE0, shorts(*style), bytes(16)) for style in styles]
    head = biff(0x809, shorts(version, 5), bytes(12)) + b"".join((*fonts, *looks, *before))
    names = [title.encode("latin-1") for title in sheets]
    begin = len(head) + sum(4 + 8 + len(name) for name in names) + 4
    bodies = [
        biff(0x809, shorts(version, 0x10), bytes(12)) + body + biff(0x0A)
        for body in sheets.values()
    ]
    for name, body in zip(names, bodies, strict=True):
        head += biff(0x85, struct.pack("<IH", begin, 0), bytes([len(name), 0]), name)
        begin += len(body)
    return ole("Workbook", head + biff(0x0A) + b"".join(bodies))
