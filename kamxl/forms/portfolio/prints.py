"""What kamxl wrote on a sheet of the portfolio, told by the sheet itself.

Whatever somebody types over a cell of ours, or below a table, looks as if we had written it. So
each sheet carries the prints of its constant cells, in a cell that shows nothing: as a cell value
it stays with its sheet in every program, and a refresh in Excel writes it anew. A print depends on
whose row it is and on the column's key, never on a place: sorting and filtering change none.
"""

from __future__ import annotations

import contextlib
import re
import string
import zlib
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from itertools import product

from kamxl.forms.paper.book import Content, Formula, Sheet
from kamxl.forms.paper.packed import extent
from kamxl.forms.paper.raw import RawCell, RawKind
from kamxl.forms.paper.style import MARK, WHITE
from kamxl.forms.tables.fields import plain

Identity = tuple[str, ...]  # the ids, or else the words, that tell one row from the others
START = "kx1:"
OTHER = f"{START}:"  # what is told in the same way, and is no prints: they have no colon
_EACH = 4  # letters of a print
_ROOM = 8_000  # prints in one cell: Excel holds 32,767 letters
_CELLS = 4  # with prints, at most
MOST = _ROOM * _CELLS  # a sheet with more constants has none
UNSEEN = MARK.but(color=WHITE, format=";;;", wrap=False)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ufffe\uffff]|[\ud800-\udfff]")
_EPOCH = datetime(1899, 12, 30)
_COMPARED = 4_000  # letters
_BASE64 = string.ascii_uppercase + string.ascii_lowercase + string.digits + "+/"
_LETTERS = ["".join(pair) for pair in product(_BASE64, repeat=2)]  # of twelve bits


def said(content: Content) -> str:
    """A constant as it is compared: a text as a person sees it, a number by ten digits."""
    if content is None or isinstance(content, Formula):
        return ""
    if isinstance(content, str):
        return plain(_CONTROL.sub(" ", content[:_COMPARED]))
    if isinstance(content, bool):
        return str(content).upper()
    if isinstance(content, date):
        return _digits(_serial(content))
    return _digits(content) if isinstance(content, int | float) else ""


def said_in(cell: RawCell | None) -> str:
    """The same of a cell that was read."""
    if cell is None:
        return ""
    if cell.number is not None:
        return _digits(cell.number)
    if cell.kind is RawKind.DATE:
        with contextlib.suppress(ValueError):
            return said(datetime.fromisoformat(cell.text))
    return said(cell.text)


def whose(texts: Iterable[str]) -> Identity:
    """The texts of the columns that tell rows apart, as they are compared."""
    return tuple(text.casefold() for text in texts)


def of_row(identity: Identity) -> str:
    """The print of a row."""
    return _print(_begun(identity), "", "")


def of_cell(identity: Identity, key: str, text: str) -> str:
    """The print of what stands (``said``) in a column of a row; () and "": outside of the table."""
    return _print(_begun(identity), key, text)


def stamp(sheet: Sheet, prints: Iterable[str]) -> None:
    """Put the prints on their sheet, in free cells of its first row, from the right."""
    found: set[str] = set()
    for one in prints:
        found.add(one)
        if len(found) > MOST:
            return
    codes = sorted(found)
    chunks = [codes[at : at + _ROOM] for at in range(0, len(codes), _ROOM)]
    *_, last = extent(sheet)
    free = [column for column in range(last, 1, -1) if (1, column) not in sheet.cells]
    if len(chunks) > min(_CELLS, len(free)):
        return
    for column, chunk in zip(free, chunks, strict=False):
        sheet.put(1, column, START + "".join(chunk), UNSEEN)


def found(cells: Mapping[tuple[int, int], RawCell]) -> frozenset[str] | None:
    """The prints that a sheet carries; None: it has none."""
    stamps = [
        cell.text[len(START) :]
        for cell in cells.values()
        if is_stamp(cell) and not cell.text.startswith(OTHER)
    ]
    codes = (text[at : at + _EACH] for text in stamps for at in range(0, len(text), _EACH))
    return frozenset(codes) if stamps else None


def is_stamp(cell: RawCell) -> bool:
    """Whether a cell holds what kamxl tells itself: prints, or the portfolios that are merged."""
    return cell.text.startswith(START) and not cell.formula


@lru_cache(maxsize=16)  # the cells of a row come one after the other
def _begun(identity: Identity) -> int:
    """The checksum of what tells whose a print is, which goes on with what stands there."""
    return zlib.crc32("".join(f"{part}\x1f" for part in identity).encode("utf-8"))


def _print(begun: int, key: str, text: str) -> str:
    code = zlib.crc32(f"{key}\x1f{text}".encode(), begun) >> 8
    return _LETTERS[code >> 12] + _LETTERS[code & 0xFFF]


def _digits(number: float) -> str:
    return f"{number:.10g}" if number else "0"


def _serial(day: date) -> float:
    if not isinstance(day, datetime):
        return (datetime(day.year, day.month, day.day) - _EPOCH).days
    if day.tzinfo is not None:
        day = day.astimezone(UTC).replace(tzinfo=None)
    past = day - _EPOCH
    return past.days + past.seconds / 86_400
