"""Workbooks of other programs for the fuzzer: .ods as text, .xlsb and .xls as records.

A container that is sound, for what is read from one that is not is another target's matter. The
records of an input are framed anew, so that a change is one of a value and not of all that follows.
"""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable

from tests.hostile.binary import (
    biff,
    biff_text,
    ods,
    ods_cell,
    ods_row,
    record,
    shorts,
    table,
    xls,
    xlsb,
    xlsb_sheet,
)
from tests.hostile.workbooks import Entry, raw_zip

KINDS = ("ods", "xlsb", "xls")
SPLIT = b"\n@"  # between two pieces
MOST = 10  # pieces of one input
_BODY = "HOLE"

# The kinds of records that the readers know, and two that they do not.
_XLSB = (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 43, 44, 47, 62, 153,
         156, 176, 426, 617, 618, 635, 637, 129, 999)  # fmt: skip
_XLS = (0x0A, 0x06, 0x09, 0x18, 0x1C, 0x22, 0x2F, 0x31, 0x3C, 0x85, 0xBD, 0xBE, 0xD6, 0xE0, 0xE5,
        0xFC, 0xFD, 0x1B6, 0x201, 0x203, 0x204, 0x205, 0x207, 0x221, 0x27E, 0x41E, 0x4BC, 0x5D,
        0x809, 0xEC, 0x42, 0x999)  # fmt: skip


def workbook(data: bytes) -> tuple[str, bytes]:
    """What an input describes: which kind of workbook, and its bytes."""
    kind, rest = KINDS[data[0] % len(KINDS)] if data else "ods", data[1:]
    pieces = {piece[:1]: piece[1:] for piece in rest.split(SPLIT)[:MOST]}
    return kind, _MADE[kind](pieces)


def _ods(pieces: dict[bytes, bytes]) -> bytes:
    """r: rows; b: tables; c: all of the content; s: styles; m: what it says of itself."""
    inside = pieces.get(b"b", b"<r/>")
    if b"r" in pieces:
        inside = table(_BODY).encode().replace(_BODY.encode(), pieces[b"r"])
    made = ods(_BODY)
    body = _content(made).replace(_BODY.encode(), inside)
    parts = {"content.xml": pieces.get(b"c", body)}
    parts |= {name: pieces[at] for at, name in ((b"s", "styles.xml"), (b"m", "meta.xml"))
              if at in pieces}  # fmt: skip
    mimetype = b"application/vnd.oasis.opendocument.spreadsheet"
    entries = [Entry("mimetype", mimetype, 0)]
    entries += [Entry(name, content, 0) for name, content in parts.items()]
    return raw_zip(entries)


def _content(made: bytes) -> bytes:
    """The content of an .ods whose body is a hole, as ``ods`` writes it."""
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        return archive.read("content.xml")


def _xlsb(pieces: dict[bytes, bytes]) -> bytes:
    """c: records of the sheet; S: the same unframed; Y: looks; N: notes; T: shared texts."""
    head, tail = record(129) + record(145), record(146) + record(130)
    sheet = head + _records(pieces.get(b"c", b""), _XLSB, record) + tail
    looks, notes, texts = (
        _records(pieces.get(at, b""), _XLSB, record) for at in (b"Y", b"N", b"T")
    )
    return xlsb({"Card": pieces.get(b"S", sheet)}, looks=looks, notes=notes, texts=texts)


def _xls(pieces: dict[bytes, bytes]) -> bytes:
    """c: records of the sheet; g: of the workbook before them; S: the sheet unframed."""
    before = _records(pieces.get(b"g", b""), _XLS, biff)
    sheet = pieces.get(b"S") or _records(pieces.get(b"c", b""), _XLS, biff)
    version = 0x500 if b"5" in pieces else 0x600
    return xls({"Card": sheet}, before, version=version)


def _records(data: bytes, kinds: tuple[int, ...], framed: Callable[[int, bytes], bytes]) -> bytes:
    """Records, each told by the number of its kind, its length, and so many bytes."""
    made, at = b"", 0
    while at + 1 < len(data):
        kind, size = data[at], data[at + 1]
        made += framed(kinds[kind % len(kinds)], data[at + 2 : at + 2 + size])
        at += 2 + size
    return made


_MADE = {"ods": _ods, "xlsb": _xlsb, "xls": _xls}


def _told(kinds: tuple[int, ...], *records: tuple[int, bytes]) -> bytes:
    return b"".join(bytes([kinds.index(kind), len(body)]) + body for kind, body in records)


def _seeds() -> tuple[bytes, ...]:
    place = struct.pack("<II", 0, 0)
    wide = struct.pack("<I", 2) + "ab".encode("utf-16-le")
    of_xlsb = _told(
        _XLSB,
        (0, struct.pack("<I", 0) + bytes(13)),
        (5, place + struct.pack("<d", 85.0)),
        (13, bytes(4) + struct.pack("<I", 0x40554000)),
        (6, struct.pack("<II", 4, 0) + wide),
        (7, struct.pack("<II", 5, 0) + struct.pack("<I", 0)),
        (62, struct.pack("<II", 6, 0) + b"\1" + wide + struct.pack("<IHH", 1, 0, 0)),
        (9, struct.pack("<II", 7, 0) + struct.pack("<d", 1.0) + bytes(8)),
        (176, struct.pack("<4I", 0, 0, 0, 1)),
        (426, struct.pack("<4I", 0, 0, 7, 7)),
    )
    looks = _told(
        _XLSB,
        (44, struct.pack("<H", 200) + struct.pack("<I", 2) + "0%".encode("utf-16-le")),
        (43, struct.pack("<HH", 200, 8) + bytes(20)),
        (617, b""), (47, struct.pack("<HHH", 0, 200, 0) + bytes(10)), (618, b""),
    )  # fmt: skip
    texts = _told(_XLSB, (19, b"\0" + wide))
    notes = _told(_XLSB, (635, struct.pack("<5I", 0, 1, 1, 1, 1) + bytes(16)), (637, b"\0" + wide))
    of_xls = _told(
        _XLS,
        (0x203, shorts(0, 0, 1) + struct.pack("<d", 0.85)),
        (0x27E, shorts(0, 1, 0) + struct.pack("<I", 0x40554000)),
        (
            0xBD,
            shorts(1, 0, 0) + struct.pack("<I", 2) + shorts(0) + struct.pack("<I", 6) + shorts(1),
        ),
        (0x204, shorts(2, 0, 0) + biff_text("hello")),
        (0xFD, shorts(2, 1, 0) + struct.pack("<I", 0)),
        (0x205, shorts(3, 0, 0) + b"\x2a\1"),
        (0x06, shorts(3, 1, 0) + struct.pack("<d", 1.0) + bytes(6) + shorts(0)),
        (0x06, shorts(4, 1, 0) + b"\0\0\0\0\0\0\xff\xff" + bytes(6) + shorts(0)),
        (0x207, biff_text("told")),
        (0xE5, shorts(1, 0, 1, 0, 1)),
        (0xD6, shorts(5, 0, 0) + shorts(2) + b"ab" + b"\1\0\1\0"),
        (0x1C, shorts(0, 0, 0, 1) + biff_text("Ada")),
    )
    strings = _told(
        _XLS,
        (0xFC, struct.pack("<II", 1, 1) + shorts(5) + b"\0hello"),
        (0x41E, shorts(200) + shorts(2) + b"\x000%"),
        (0x22, shorts(0)),
    )
    rows = ods_row(ods_cell("Price") + ods_cell(85.0) + ods_cell(True, 3))
    percent = (
        '<table:table-cell office:value-type="percentage" office:value="0.85"><text:p>85 %</text:p>'
        "<office:annotation><text:p>a note</text:p></office:annotation></table:table-cell>"
    )
    formula = (
        '<table:table-cell table:formula="of:=1+1" office:value-type="float" office:value="2" '
        'table:number-columns-spanned="2"><text:p>2</text:p></table:table-cell>'
        "<table:covered-table-cell/>"
    )
    day = '<table:table-cell office:value-type="date" office:date-value="2026-09-15"/>'
    return (
        b"\0r" + rows.encode(),
        b"\0r" + ods_row(percent + formula + day).encode(),
        b"\0b" + (table(rows) + table(rows, "Two")).encode(),
        b"\0r<table:table-row-group>" + rows.encode() + b"</table:table-row-group>",
        b"\0c<a/>",
        b"\1c" + of_xlsb + SPLIT + b"T" + texts,
        b"\1c" + of_xlsb + SPLIT + b"Y" + looks + SPLIT + b"N" + notes + SPLIT + b"T" + texts,
        b"\1S" + xlsb_sheet([((1, 1), "Price"), ((1, 2), 85.0), ((2, 1), True)]),
        b"\2c" + of_xls + SPLIT + b"g" + strings,
        b"\2c" + of_xls[:40],
        b"\x025" + SPLIT + b"c" + of_xls[:40],
    )


SEEDS = _seeds()

WORDS = (
    '<table:table-cell office:value-type="float" office:value="1">', "</table:table-cell>",
    "<table:table-row>", "</table:table-row>", "<table:table-column/>", "<text:p>", "</text:p>",
    "<text:s/>", "<text:span>", "<table:covered-table-cell/>", "<office:annotation>",
    ' table:number-columns-repeated="9"', ' table:number-rows-repeated="1048576"',
    ' office:value-type="percentage"', ' office:value-type="date"', ' office:value-type="string"',
    ' office:value-type="boolean"', ' office:boolean-value="true"',
    ' office:date-value="2026-02-30"',
    ' office:value="1e999"', ' table:formula="of:=1"', ' table:number-matrix-rows-spanned="9"',
    ' table:number-columns-spanned="9"', ' table:style-name="s"', ' table:name="b"', "#N/A",
    "Err:502", "<table:table-header-rows>", "<table:shapes>", "<draw:frame>", "\n@b", "\n@c",
    "\n@g",    "\n@N", "\n@T", "\n@Y", "\n@S", "\x00\x04", "\xff\xff\xff\xff", "\x00\x00\xf0\x7f",
)  # fmt: skip
