"""Reads the sheets of an .xls (Excel 5 to 2003): one stream of records, as [MS-XLS] has them.

Written here because no library at hand tells formats, formulas, errors, strikes and notes. Nothing
is followed but the list of sheets, and every record is walked over once.
"""

from __future__ import annotations

import codecs
import io
import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import olefile

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
from kamxl.excel.reading.limits import Meter, Refused, unreadable
from kamxl.excel.reading.notes import Notes
from kamxl.excel.reading.parts import Strings
from kamxl.forms.paper.raw import RawKind, RawNote, RawSheet

_BOF, _EOF, _CONTINUE = 0x809, 0x0A, 0x3C
_BIFF5, _BIFF8 = 0x500, 0x600
_DEEP = 50  # pictures and charts inside of one another
_NOTE_SHAPE = 0x19
_ANCHOR = b"\x10\xf0\x12\0\0\0"  # before the flags and the cell where a shape begins

Bodies = list[bytes]  # of one record, and of those that continue it


def sheets_of_xls(data: bytes, notes: Notes, meter: Meter) -> tuple[RawSheet, ...]:
    """All sheets with cells, in their order; Refused, or any exception of a damaged record.

    Refused with "password": it is encrypted, perhaps only with the password that Excel itself uses.
    """
    with olefile.OleFileIO(io.BytesIO(data)) as file:
        name = "Workbook" if file.exists("Workbook") else "Book"
        stream: bytes = file.openstream(name).read()
    book = _Globals(meter)
    for kind, bodies in _substream(stream, 0):
        book.take(kind, bodies)
    one_title_each([title for title, _ in book.sheets], meter)
    return tuple(
        _SheetReader(title, book, notes).read(_substream(stream, begin))
        for title, begin in book.sheets
    )


def _records(stream: bytes, position: int) -> Iterator[tuple[int, bytes]]:
    while True:
        kind, size = struct.unpack_from("<HH", stream, position)
        body = stream[position + 4 : position + 4 + size]
        if len(body) < size:
            raise unreadable("record", hex(kind))
        yield kind, body
        position += 4 + size


def _substream(stream: bytes, begin: int) -> Iterator[tuple[int, Bodies]]:
    """The records from a beginning to its end, those of what is embedded left out."""
    depth, last = 0, (0, list[bytes]())
    for kind, body in _records(stream, begin):
        if depth == 0 and kind != _BOF:
            raise unreadable("record", hex(kind))
        depth += (kind == _BOF) - (kind == _EOF)
        if depth > _DEEP:
            raise unreadable("record", "depth")
        if depth == 0:
            break
        if depth > 1 or (kind == _EOF and depth == 1):
            continue
        if kind == _CONTINUE:
            last[1].append(body)
            continue
        if last[1]:
            yield last
        last = (kind, [body])
    if last[1]:
        yield last


class _Pieces:
    """Bytes that go on in further records; letters may change their width there."""

    def __init__(self, bodies: Sequence[bytes], at: int = 0) -> None:
        self._bodies, self._number, self._at = bodies, 0, at

    def _here(self) -> int:
        """How many bytes are left in the current record, the next one if there are none."""
        if self._at == len(self._bodies[self._number]):
            self._number += 1
            self._at = 0
            if self._number == len(self._bodies):
                raise unreadable("record", "end")
        return len(self._bodies[self._number]) - self._at

    def take(self, count: int) -> bytes:
        """So many bytes."""
        found = bytearray()
        while len(found) < count:
            step = min(self._here(), count - len(found))
            found += self._bodies[self._number][self._at : self._at + step]
            self._at += step
        return bytes(found)

    def skip(self, count: int) -> None:
        """Pass so many bytes."""
        while count:
            step = min(self._here(), count)
            self._at += step
            count -= step

    def letters(self, count: int, wide: bool) -> str:
        """So many letters; each further record says again how wide they are."""
        found = []
        while count:
            before = self._number
            left = self._here()
            if self._number != before:
                wide = bool(self.take(1)[0] & 1)
                left -= 1
            width = 2 if wide else 1
            step = min(left // width, count)
            if not step:
                raise unreadable("record", "letter")
            found.append(
                self.take(step * width).decode("utf-16-le" if wide else "latin-1", "replace")
            )
            count -= step
        return "".join(found)


@dataclass
class _Globals:
    """What stands before the sheets: looks, shared texts, calendar, the list of sheets."""

    meter: Meter
    wide: bool = True  # texts in Unicode: from Excel 97 on
    encoding: str = "cp1252"
    since_1904: bool = False
    looks: Looks = field(default_factory=Looks)
    strings: Strings = field(default_factory=Strings)
    sheets: list[tuple[str, int]] = field(default_factory=list)  # title, where it begins

    def take(self, kind: int, bodies: Bodies) -> None:
        """One record."""
        body = bodies[0]
        match kind:
            case 0x809:
                version = struct.unpack_from("<H", body)[0]
                if version not in (_BIFF5, _BIFF8):
                    raise unreadable("unknown-format")
                self.wide = version == _BIFF8
            case 0x2F:
                raise Refused("password", "encrypted-records")
            case 0x22:
                self.since_1904 = body[0] == 1
            case 0x42:
                self._codepage(struct.unpack_from("<H", body)[0])
            case 0x31:
                self.looks.fonts.append(bool(struct.unpack_from("<HH", body)[1] & STRUCK))
            case 0x41E:
                number = struct.unpack_from("<H", body)[0]
                self.looks.formats[number] = self.text(bodies, 2, short=not self.wide)
            case 0xE0:
                font, number = struct.unpack_from("<HH", body)
                self.looks.styles.append((_font(font), number))
            case 0x85:
                begin, what = struct.unpack_from("<IxB", body)
                if what == 0:
                    self.sheets.append((self.text(bodies, 6, short=True), begin))
            case 0xFC:
                self._shared(bodies)

    def _codepage(self, number: int) -> None:
        try:
            self.encoding = codecs.lookup(f"cp{number}").name
        except LookupError:  # 1200: Unicode; 32768: a Mac's
            self.encoding = "mac_roman" if number == 32768 else "cp1252"

    def text(self, bodies: Bodies, at: int, *, short: bool = False) -> str:
        """A text at a place: its length, then (in Unicode) how wide its letters are."""
        length = bodies[0][at] if short else struct.unpack_from("<H", bodies[0], at)[0]
        pieces = _Pieces(bodies, at + (1 if short else 2))
        if not length:
            return ""
        if not self.wide:
            return pieces.take(length).decode(self.encoding, "replace")
        return pieces.letters(length, bool(pieces.take(1)[0] & 1))

    def _shared(self, bodies: Bodies) -> None:
        count = struct.unpack_from("<4xI", bodies[0])[0]
        pieces = _Pieces(bodies, 8)
        for _ in range(count):
            length, flags = struct.unpack("<HB", pieces.take(3))
            runs = struct.unpack("<H", pieces.take(2))[0] if flags & 8 else 0
            more = struct.unpack("<I", pieces.take(4))[0] if flags & 4 else 0
            text = pieces.letters(length, bool(flags & 1))
            fonts = [
                (at, _font(font)) for at, font in struct.iter_unpack("<HH", pieces.take(4 * runs))
            ]
            pieces.skip(more)
            self.looks.add(self.strings, text, fonts, self.meter)


def _font(number: int) -> int:
    return number - (number > 4)  # there is no fourth, by an old mistake


class _SheetReader:
    """The records of one sheet."""

    def __init__(self, title: str, book: _Globals, notes: Notes) -> None:
        self.book, self.notes = book, notes
        self.sheet = BinarySheet(title, book.strings, book.looks, book.meter)
        self.waiting: tuple[int, int, int] | None = None  # a formula whose text is to come
        self.at: dict[int, tuple[int, int]] = {}  # notes by the number of their shape
        # Kind of shape, its text and where it begins, by its number.
        self.said: dict[int, tuple[int, str, tuple[int, int]]] = {}
        self.shape = (0, 0)  # kind and number of the last
        self.anchor = (0, 0)  # the cell where the next begins
        self.told: list[RawNote] = []
        self._handlers: dict[int, Callable[[Bodies], None]] = {
            **dict.fromkeys((0x204, 0xD6), self._label),
            **dict.fromkeys((0x006, 0x206, 0x406), self._formula),
            **dict.fromkeys((0x221, 0x236), self._results),
            0x203: self._real,
            0x27E: self._packed,
            0xBD: self._many_packed,
            0xFD: self._pointer,
            0x205: self._truth_or_error,
            0x207: self._text_of_formula,
            0xE5: self._merged,
            0x1C: self._note,
            0x5D: self._shape,
            0x1B6: self._shape_text,
            0xEC: self._drawn,
        }

    def read(self, records: Iterator[tuple[int, Bodies]]) -> RawSheet:
        """The sheet."""
        for kind, bodies in records:
            handler = self._handlers.get(kind)
            if handler is not None:
                handler(bodies)
        self._no_text_came()
        notes = [
            RawNote(text, *self.at.get(number, begin), box=number not in self.at)
            for number, (kind, text, begin) in self.said.items()
            if text and (number in self.at or kind != _NOTE_SHAPE)
        ]
        return self.sheet.done(self.notes.kept([*self.told, *notes]), self.book.since_1904)

    # -- cells ----------------------------------------------------------------------------------

    def _put(self, body: bytes, value: Value | None, *, formula: bool = False) -> None:
        row, column, style = struct.unpack_from("<3H", body)
        self.sheet.put(row + 1, column + 1, style, value, formula=formula)

    def _real(self, bodies: Bodies) -> None:
        self._put(bodies[0], a_number(struct.unpack_from("<d", bodies[0], 6)[0]))

    def _packed(self, bodies: Bodies) -> None:
        self._put(bodies[0], of_rk(struct.unpack_from("<I", bodies[0], 6)[0]))

    def _many_packed(self, bodies: Bodies) -> None:
        body = bodies[0]
        row, first = struct.unpack_from("<HH", body)
        for n in range((len(body) - 6) // 6):
            style, packed = struct.unpack_from("<HI", body, 4 + 6 * n)
            self.sheet.put(row + 1, first + n + 1, style, of_rk(packed))

    def _pointer(self, bodies: Bodies) -> None:
        row, column, style, index = struct.unpack_from("<3HI", bodies[0])
        self.sheet.put_shared(row + 1, column + 1, style, index)

    def _label(self, bodies: Bodies) -> None:
        self._put(bodies[0], (RawKind.TEXT, self.book.text(bodies, 6), None))

    def _truth_or_error(self, bodies: Bodies) -> None:
        value, is_error = bodies[0][6], bodies[0][7]
        self._put(bodies[0], an_error(value) if is_error else a_truth(value))

    def _formula(self, bodies: Bodies) -> None:
        self._no_text_came()
        body = bodies[0]
        result = body[6:14]
        if result[6:] != b"\xff\xff":
            self._put(body, a_number(struct.unpack("<d", result)[0]), formula=True)
        elif result[0] == 0:
            row, column, style = struct.unpack_from("<3H", body)
            self.waiting = (row + 1, column + 1, style)
        elif result[0] in (1, 2):
            value = a_truth(result[2]) if result[0] == 1 else an_error(result[2])
            self._put(body, value, formula=True)
        else:
            self._put(body, None, formula=True)

    def _text_of_formula(self, bodies: Bodies) -> None:
        if self.waiting is not None:
            text = self.book.text(bodies, 0)
            self.sheet.put(*self.waiting, (RawKind.TEXT, text, None), formula=True)
            self.waiting = None

    def _no_text_came(self) -> None:
        if self.waiting is not None:
            self.sheet.put(*self.waiting, None, formula=True)
            self.waiting = None

    def _results(self, bodies: Bodies) -> None:
        top, bottom, left, right = struct.unpack_from("<HHBB", bodies[0])
        self.sheet.results.append((top + 1, left + 1, bottom + 1, right + 1))

    def _merged(self, bodies: Bodies) -> None:
        for n in range(struct.unpack_from("<H", bodies[0])[0]):
            top, bottom, left, right = struct.unpack_from("<4H", bodies[0], 2 + 8 * n)
            self.sheet.merged.append((top + 1, left + 1, bottom + 1, right + 1))

    # -- beside the cells -----------------------------------------------------------------------

    def _note(self, bodies: Bodies) -> None:
        row, column, _, number = struct.unpack_from("<4H", bodies[0])
        if self.book.wide:
            self.at[number] = (row + 1, column + 1)
        elif row != 0xFFFF:  # in the old format it holds its text itself, or goes on
            text = bodies[0][6:].decode(self.book.encoding, "replace").strip()
            self.told += [RawNote(text, row + 1, column + 1)] if text else []

    def _shape(self, bodies: Bodies) -> None:
        if self.book.wide:
            kind, number = struct.unpack_from("<4xHH", bodies[0])
            self.shape = kind, number

    def _drawn(self, bodies: Bodies) -> None:
        at = bodies[0].rfind(_ANCHOR)
        if at >= 0 and at + len(_ANCHOR) + 8 <= len(bodies[0]):
            column, row = struct.unpack_from("<2xHxxH", bodies[0], at + len(_ANCHOR))
            self.anchor = (row + 1, column + 1)

    def _shape_text(self, bodies: Bodies) -> None:
        count = struct.unpack_from("<10xH", bodies[0])[0]
        if not count or len(bodies) < 2:
            return
        pieces = _Pieces(bodies[1:])
        text = pieces.letters(count, bool(pieces.take(1)[0] & 1))
        kind, number = self.shape
        text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
        self.said[number] = (kind, text, self.anchor)
