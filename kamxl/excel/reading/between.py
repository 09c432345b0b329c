"""What stands between the values of a sheet is the same on many cards, whoever saved them.

It says of each value where it stands, in which style and of which type, and all of it follows from
a card's layout: formulas, rows, blank cells. So each such piece is understood once (``rows``), and
of a sheet whose pieces are all known only the values are looked at. What is known says nothing of
any value, nor does it depend on the file that it was met in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, compress, pairwise

from kamxl.excel.reading.rows import ERROR, INDEX, NUMBER, TRUTH, decoded, rows_in
from kamxl.excel.reading.told import Look, Told
from kamxl.forms.paper.raw import Place, place_of

_VALUE = re.compile(rb"<v>([^<]*)</v>")
_GOES_ON = re.compile(r'</c><c r="[A-Z]+([1-9][0-9]*)"')
_TYPES = {
    kind: re.compile(rf"(?:(?:{value})?<)*+")
    for kinds, value in ((("", "n"), NUMBER), ("s", INDEX), ("b", TRUTH), ("e", ERROR))
    for kind in kinds
}
_TOP, _END = -1, -2  # no value stands before a piece, or after it
_HEAD = 3  # elements: a row, a cell and a value
_SHEETS = 16  # that are remembered as a whole
# Pieces of one sheet that are understood for later ones: who comes once waits little.
_AT_ONCE = 200
_LONGEST, _MOST, _BYTES = 10_000, 20_000, 8_000_000  # of one piece; pieces and their bytes in all


@dataclass(frozen=True, slots=True, eq=False)
class _Piece:
    """``row``: in which it begins (0: in any); ``last``: that of the value after it.

    ``blank``: cells without a value, ``formulas`` those among them that are computed. ``cell``:
    what is told of the value that follows.
    """

    row: int
    last: int
    cell: Told | None
    blank: Sequence[Told]
    formulas: Sequence[Told]
    areas: Sequence[str]
    elements: int
    dyed: bool


@dataclass(frozen=True, slots=True)
class Outline:
    """A sheet without its values: which cell it is by its place, and the ``looks`` of each.

    ``typed``: those that are no formula. ``bare``: where formulas without a value are among them.
    ``types``: of each type the cells that are of it. ``count``: cells, blank ones included.
    """

    index: Mapping[Place, int]
    looks: list[Look]
    typed: Sequence[bool]
    bare: Sequence[int]
    types: dict[str, Sequence[bool]]
    styles: frozenset[str]
    areas: Sequence[str]
    count: int
    elements: int
    dyed: bool

    def fits(self, values: Sequence[str]) -> bool:
        """Whether each value is of its type."""
        return all(
            _TYPES[kind].fullmatch("<".join((*compress(values, which), "")))
            for kind, which in self.types.items()
            if kind in _TYPES
        )

    def shared(self, values: Sequence[str]) -> list[int]:
        """The texts that cells point to."""
        return [int(value) for value in compress(values, self.types.get("s", ())) if value]


_known: dict[bytes, _Piece | None] = {}
_last: dict[int, tuple[list[bytes], Outline]] = {}  # by how many pieces a sheet has
_bytes = 0


def outline_of(rows: bytes) -> tuple[Outline, list[str]] | None:
    """The rows of a sheet, and the values of its cells; None: not all of it is known."""
    parts = _VALUE.split(rows)
    if len(parts) == 1:
        return None
    parts[0], parts[-1] = b">" + parts[0], parts[-1] + b"<"
    outline, values = _outline_with(parts[::2]), decoded(b"<".join(parts[1::2]))
    if outline is None or values is None:
        return None
    listed = values.split("<")
    for place in outline.bare:
        listed.insert(place, "")
    return (outline, listed) if outline.fits(listed) else None


def _outline_with(pieces: list[bytes]) -> Outline | None:
    """What these pieces make, if all are known; None: they do not go together, or are not."""
    alike = _last.get(len(pieces))
    if alike is not None and alike[0] == pieces:  # to compare them takes less than to find each
        return alike[1]
    found = list(map(_known.get, pieces))
    if None in found and not _learned(pieces, found):
        return None
    outline = _outline(tuple(one for one in found if one is not None))
    if outline is not None:
        if len(_last) >= _SHEETS:
            _last.clear()
        _last[len(pieces)] = pieces, outline
    return outline


def _learned(pieces: Sequence[bytes], found: list[_Piece | None]) -> bool:
    """Whether all pieces are known by now; some more may be."""
    global _bytes
    new = list(dict.fromkeys(one for one in pieces if one not in _known))[:_AT_ONCE]
    if len(_known) + len(new) > _MOST or _bytes > _BYTES:
        _known.clear()
        _last.clear()
        _outline.cache_clear()
        _bytes = 0
        return False
    for piece in new:
        if len(piece) <= _LONGEST:
            _known[piece] = _understood(piece)
            _bytes += len(piece)
    found[:] = map(_known.get, pieces)
    return None not in found


def _understood(piece: bytes) -> _Piece | None:
    """What a piece says; None: it is not as usual, or it has values of its own.

    It is read with a value before and after it, but at the ends of the sheet.
    """
    text = decoded(piece)
    if text is None:
        return None
    top, end = text.startswith(">"), text.endswith("<")
    text = text[top : len(text) - end]
    goes_on = _GOES_ON.match(text)
    row = goes_on[1] if goes_on else "1"
    before = "" if top else f'<row r="{row}"><c r="A{row}"><v>0</v>'
    rows = rows_in(f"{before}{text}{'' if end else '<v>0</v></c></row>'}")
    if rows is None:
        return None
    cells = [*rows.cells[not top :]]
    cell = None if end else (*cells.pop()[:4], "")
    if any(told[4] for told in cells):
        return None
    last = _END if cell is None else place_of(cell[0])[0]
    formulas = [told for told in cells if told[3]]
    elements = rows.elements - (0 if top else _HEAD)
    begins = _TOP if top else int(row) if goes_on else 0
    return _Piece(begins, last, cell, cells, formulas, rows.areas, elements, rows.dyed)


@lru_cache(_SHEETS)
def _outline(pieces: tuple[_Piece, ...]) -> Outline | None:
    """What the pieces of a sheet make; None: they do not go together."""
    if not pieces or pieces[0].row != _TOP or pieces[-1].last != _END:
        return None
    for one, other in pairwise(pieces):
        if one.last == _END or other.row not in (0, one.last):
            return None
    every = [told for one in pieces for told in _cells(one)]
    if len({told[0] for told in every}) != len(every):
        return None
    cells, bare = list[Told](), list[int]()
    for one in pieces:
        bare += range(len(cells), len(cells) + len(one.formulas))
        cells += (*one.formulas, *((one.cell,) if one.cell else ()))
    kinds = [told[2] for told in cells]
    return Outline(
        {place_of(told[0]): at for at, told in enumerate(cells)},
        [told[1:4] for told in cells],
        [not told[3] for told in cells],
        bare,
        {kind: [one == kind for one in kinds] for kind in set(kinds)},
        frozenset(told[1] or "0" for told in every),
        list(chain.from_iterable(one.areas for one in pieces)),
        len(every),
        sum(one.elements for one in pieces),
        any(one.dyed for one in pieces),
    )


def _cells(piece: _Piece) -> Iterable[Told]:
    return (*piece.blank, piece.cell) if piece.cell else piece.blank
