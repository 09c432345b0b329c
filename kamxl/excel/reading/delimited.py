"""Reads tables saved as text (.csv, .tsv): which letters, which delimiter, then Python's own csv.

What a program exported is one of few things. Whether it is one is told by all of its rows; what
cannot be told is refused, because a wrong guess would move values into other columns.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from itertools import islice

from kamxl.excel.reading.limits import LIMITS, MEMORY, Limits, Meter, Refused, too_large, unreadable
from kamxl.forms.paper.raw import RawBook, RawCell, RawKind, RawSheet

DELIMITERS = "\t;|,"
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BINARY = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_HINT = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)  # what Excel writes and reads before the table
_LOOKED_AT = 400  # rows that tell the delimiter
_ALIKE = 0.8  # of the rows of a table have as many columns as most
_MUCH = 0.4  # of a file's rows at least are its table


def read_delimited(data: bytes, limits: Limits = LIMITS) -> RawBook:
    """The table in ``data`` as a workbook of one sheet without a title, or Refused.

    All cells are texts, as they stand there; rows are counted as a spreadsheet counts them.
    """
    try:
        if len(data) > limits.file:
            raise too_large("file")
        return RawBook((RawSheet("", _cells(_rows(_text(data)), Meter(limits))),))
    except MemoryError:
        raise too_large(MEMORY) from None
    except csv.Error as problem:  # a cell longer than any that is meant: a mark does not end
        raise unreadable("quotes", str(problem)) from None


def _text(data: bytes) -> str:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _decoded(data, encoding)
    head = data[:4096]
    if b"\0" in head:  # every second byte of Latin letters in UTF-16
        even, odd = head[::2].count(0), head[1::2].count(0)
        return _decoded(data, "utf-16-be" if even > odd else "utf-16-le")
    for encoding in ("utf-8", "cp1252", "cp850"):  # cp850 has all bytes: what DOS programs write
        try:
            return _decoded(data, encoding)
        except Refused:
            continue
    raise unreadable("letters")


def _decoded(data: bytes, encoding: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as problem:
        raise unreadable("letters", f"{encoding}: {problem.start}") from None
    if _BINARY.search(text):
        raise unreadable("letters", encoding)
    return text


def _rows(text: str) -> Sequence[Sequence[str]]:
    hint = _HINT.match(text)
    if hint is not None:
        return _parsed(text[hint.end() :], hint[1])  # Excel does not show the hint as a row
    head = "".join(islice(_lines(text), _LOOKED_AT))
    there = [one for one in DELIMITERS if one in head]
    best = max(there, key=lambda one: _columns(head, one), default=";")
    return _parsed(text, best)


def _lines(text: str) -> io.StringIO:
    return io.StringIO(text, newline="")  # breaks at CR and LF only, and keeps them


def _columns(head: str, delimiter: str) -> tuple[bool, int]:
    """Whether a delimiter makes a table of the rows, and of how many columns."""
    # a comma before a blank is one of an address; no program writes it between columns
    bare = head.replace(", ", " ") if delimiter == "," else head
    rows = csv.reader(_lines(bare), delimiter=delimiter)
    widths = [len(row) for row in rows if any(map(str.strip, row))]
    most = Counter(width for width in widths if width > 1).most_common(1)
    usual = most[0][0] if most else 1
    tables = [width for width in {usual, max(widths, default=1)} if _is_table(widths, width)]
    return bool(tables), max(tables, default=usual)


def _is_table(widths: list[int], columns: int) -> bool:
    """Whether from the first row of so many columns on nearly all are such rows, or shorter ones:
    some programs leave out what is empty at the end.
    """
    if columns < 2:
        return False
    below = widths[widths.index(columns) :]
    alike = sum(1 < width <= columns for width in below)
    return alike >= _ALIKE * len(below) and len(below) >= _MUCH * len(widths)


def _parsed(text: str, delimiter: str) -> Sequence[Sequence[str]]:
    """The rows; a quotation mark that does not end would swallow all rows after it: refused."""
    reader = csv.reader(_lines(text), delimiter=delimiter, strict=True)
    try:
        return list(reader)
    except csv.Error as problem:
        bare = list(csv.reader(_lines(text), delimiter=delimiter, quoting=csv.QUOTE_NONE))
        widths = Counter(len(row) for row in bare if len(row) > 1)
        most = max(widths, key=lambda n: (widths[n], n), default=1)
        if most > 1 and all(len(row) <= most for row in bare):
            return bare  # a program that quotes nothing: the mark is part of a name
        raise unreadable("quotes", f"line {reader.line_num}: {problem}") from None


def _cells(rows: Sequence[Sequence[str]], meter: Meter) -> dict[tuple[int, int], RawCell]:
    cells = {}
    for number, row in enumerate(rows, 1):
        for column, text in enumerate(row, 1):
            if text.strip():
                meter.count_cell()
                meter.count_shown(text)
                cells[number, column] = RawCell(RawKind.TEXT, text)
    return cells
