"""Reads the sheets of an .xlsb: records in parts of a zip, as [MS-XLSB] has them.

Written here because no library at hand tells formats, formulas, errors, strikes and notes, and the
quick one loses, without a word, the cells that some writers store in short.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping

from kamxl.excel.reading.binary import (
    STRUCK,
    BinarySheet,
    Looks,
    Value,
    a_number,
    a_truth,
    an_error,
    of_rk,
    one_title_each,
)
from kamxl.excel.reading.limits import Meter, unreadable
from kamxl.excel.reading.notes import Notes
from kamxl.excel.reading.package import Relationship, relationships, resolve
from kamxl.excel.reading.parts import Strings
from kamxl.forms.paper.raw import RawKind, RawNote, RawSheet

_FORMAT, _FONT, _STYLE, _STYLES, _STYLES_END = 44, 43, 47, 617, 618
_PROPERTIES, _SHEET, _TEXT, _ROW = 153, 156, 19, 0
_BLANKS = frozenset({1, 12})
_RICH = 62
# A cell's kind: what its value is. The short ones stand behind their neighbour, without a column.
_LONG = {2: "rk", 3: "error", 4: "truth", 5: "real", 6: "text", 7: "shared", _RICH: "text"}
_SHORT = {13: "rk", 14: "error", 15: "truth", 16: "real", 17: "text", 18: "shared"}
_FORMULAS = {8: "text", 9: "real", 10: "truth", 11: "error"}
_RESULTS, _MERGED = 426, 176
_NOTE, _NOTE_TEXT = 635, 637


def sheets_of_xlsb(parts: Mapping[str, bytes], notes: Notes, meter: Meter) -> tuple[RawSheet, ...]:
    """All sheets with cells, in their order; Refused, or any exception of a damaged record."""
    book = _only(parts, "", relationships(parts, "", meter), "officeDocument")
    if book is None:
        raise unreadable("no-workbook")
    links = relationships(parts, book, meter)
    styles, texts = (_only(parts, book, links, kind) for kind in ("styles", "sharedStrings"))
    looks = _looks(parts[styles] if styles else b"")
    strings = _strings(parts[texts] if texts else b"", looks, meter)
    since_1904, listed = _outline(parts[book], meter)
    found = []
    for title, key in listed:
        if key not in links:
            raise unreadable("sheet-missing", title)
        if links[key].kind == "worksheet":
            name = resolve(parts, book, links[key])
            sheet = BinarySheet(title, strings, looks, meter)
            _read(parts[name], sheet)
            found.append(sheet.done(notes.of_sheet(name), since_1904))
    return tuple(found)


def _only(
    parts: Mapping[str, bytes], source: str, links: Mapping[str, Relationship], kind: str
) -> str | None:
    return next((resolve(parts, source, x) for x in links.values() if x.kind == kind), None)


def records(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Every record of a part: its kind, its content."""
    position = 0
    while position < len(content):
        kind, position = _number(content, position, 2)
        size, position = _number(content, position, 4)
        body = content[position : position + size]
        if len(body) < size:
            raise unreadable("record", str(kind))
        yield kind, body
        position += size


def _number(content: bytes, position: int, most: int) -> tuple[int, int]:
    """A number of seven bits a byte, and where it ends."""
    found = 0
    for n in range(most):
        byte = content[position + n]
        found |= (byte & 0x7F) << (7 * n)
        if not byte & 0x80:
            return found, position + n + 1
    raise unreadable("record", "size")


def _wide(body: bytes, at: int) -> tuple[str, int]:
    """A text, and where it ends."""
    length = struct.unpack_from("<I", body, at)[0]
    end = at + 4 + 2 * length
    if end > len(body):
        raise unreadable("record", "text")
    return body[at + 4 : end].decode("utf-16-le", "replace"), end


def _rich(body: bytes, at: int) -> tuple[str, list[tuple[int, int]]]:
    """A text and where in it which font begins."""
    text, end = _wide(body, at + 1)
    if not body[at] & 1:
        return text, []
    count = struct.unpack_from("<I", body, end)[0]
    pairs = body[end + 4 : end + 4 + 4 * count]
    return text, list(struct.iter_unpack("<HH", pairs[: len(pairs) // 4 * 4]))


def _outline(content: bytes, meter: Meter) -> tuple[bool, list[tuple[str, str]]]:
    """Whether days count from 1904; the sheets' titles, and the keys of their parts."""
    since_1904, found = False, []
    for kind, body in records(content):
        if kind == _PROPERTIES:
            since_1904 = bool(body[0] & 1)
        elif kind == _SHEET:
            key, at = _wide(body, 8)
            found.append((_wide(body, at)[0], key))
    one_title_each([title for title, _ in found], meter)
    return since_1904, found


def _looks(content: bytes) -> Looks:
    looks, inside = Looks(), False
    for kind, body in records(content):
        if kind == _FORMAT:
            looks.formats[struct.unpack_from("<H", body)[0]] = _wide(body, 2)[0]
        elif kind == _FONT:
            looks.fonts.append(bool(struct.unpack_from("<HH", body)[1] & STRUCK))
        elif kind in (_STYLES, _STYLES_END):
            inside = kind == _STYLES
        elif kind == _STYLE and inside:
            number, font = struct.unpack_from("<2xHH", body)
            looks.styles.append((font, number))
    looks.styles = looks.styles or [(0, 0)]
    return looks


def _strings(content: bytes, looks: Looks, meter: Meter) -> Strings:
    strings = Strings()
    for kind, body in records(content):
        if kind == _TEXT:
            looks.add(strings, *_rich(body, 0), meter)
    return strings


def _read(content: bytes, sheet: BinarySheet) -> None:
    row = column = 0
    for kind, body in records(content):
        if kind == _ROW:
            row, column = struct.unpack_from("<I", body)[0] + 1, 0
        elif kind in (_RESULTS, _MERGED):
            top, bottom, left, right = struct.unpack_from("<4I", body)
            areas = sheet.results if kind == _RESULTS else sheet.merged
            areas.append((top + 1, left + 1, bottom + 1, right + 1))
        elif kind in _SHORT or kind == 12:
            column += 1
            if kind in _SHORT:
                _put(sheet, (row, column), _SHORT[kind], body, 0)
        elif kind in _LONG or kind in _FORMULAS or kind == 1:
            column = struct.unpack_from("<I", body)[0] + 1
            what = _LONG.get(kind) or _FORMULAS.get(kind)
            if what is not None:
                _put(sheet, (row, column), what, body, 4, rich=kind == _RICH,
                     formula=kind in _FORMULAS)  # fmt: skip


def _put(
    sheet: BinarySheet,
    place: tuple[int, int],
    what: str,
    body: bytes,
    at: int,
    *,
    rich: bool = False,
    formula: bool = False,
) -> None:
    """The cell whose style stands at ``at``, and its value behind."""
    style, at = int.from_bytes(body[at : at + 3], "little"), at + 4
    if what == "shared":
        sheet.put_shared(*place, style, struct.unpack_from("<I", body, at)[0])
        return
    if rich:
        text, runs = _rich(body, at)
        sheet.put(*place, style, (RawKind.TEXT, text, None))
        sheet.strike(*place, sheet.looks.struck(text, runs))
        return
    sheet.put(*place, style, _value(what, body, at), formula=formula)


def _value(what: str, body: bytes, at: int) -> Value:
    match what:
        case "rk":
            return of_rk(struct.unpack_from("<I", body, at)[0])
        case "real":
            return a_number(struct.unpack_from("<d", body, at)[0])
        case "truth":
            return a_truth(body[at])
        case "error":
            return an_error(body[at])
        case _:
            return RawKind.TEXT, _wide(body, at)[0], None


def comments(content: bytes, meter: Meter) -> list[RawNote]:
    """The notes in a part of their own; their words count as any text."""
    found: list[RawNote] = []
    row = column = 0
    for kind, body in records(content):
        if kind == _NOTE:
            row, column = (n + 1 for n in struct.unpack_from("<4xI4xI", body))
        elif kind == _NOTE_TEXT:
            text = _wide(body, 1)[0].replace("\r\n", "\n").strip()
            meter.count_cell()
            meter.count_shown(text)
            found.append(RawNote(text, row, column))
    return found
