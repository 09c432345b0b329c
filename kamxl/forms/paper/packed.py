"""The rows of long tables, kept small: as they were drawn, packed, and a cell only when asked for.

A sheet whose table has tens of thousands of rows holds them in a ``Block``: some hundred rows at a
time are one packed text, which is opened again to be read or written. ``Cells`` shows them as if
each were a cell of its own; what is put over a packed cell stands in its place.
"""

from __future__ import annotations

import copy
import pickle
import zlib
from array import array
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from functools import lru_cache
from itertools import chain

from kamxl.forms.paper.book import Cell, Content, Sheet
from kamxl.forms.paper.style import Style

At = tuple[int, int]  # row and column, from 1
Line = tuple[Content, ...]
Look = tuple[Style, ...]
_EACH = 128  # rows that are packed together


class Block:
    """Rows of a table, from ``first`` on, each ``width`` cells wide from the first column on.

    ``placed``: in the file each cell says where it stands. Without, a file of values is half as
    large; of the programs that read it only Gnumeric does not find the cells, then.
    All rows are added, and it is closed, before any is read.
    """

    def __init__(self, first: int, width: int, *, placed: bool = True) -> None:
        self.first, self.width, self.placed = first, width, placed
        self.looks: list[Look] = []  # those that occur
        self.heights = array("d")  # points of each row
        self._packed: list[bytes] = []
        self._waiting: list[Line] = []
        self._look = array("H")  # of each row
        self._styles: dict[Style, Style] = {}
        self._known: dict[tuple[int, ...], int] = {}  # by what the styles of a row are

    def add(self, contents: Sequence[Content], styles: Sequence[Style]) -> None:
        """One more row below the others."""
        self._waiting.append(tuple(contents))
        self._look.append(self._look_of(styles))
        if len(self._waiting) == _EACH:
            self.close()

    def close(self) -> None:
        """Pack what was added."""
        if self._waiting:
            self._packed.append(zlib.compress(pickle.dumps(self._waiting, protocol=5), 1))
            self._waiting = []

    def _look_of(self, styles: Sequence[Style]) -> int:
        """Which look a row has: styles that are kept are told by what they are, as that is fast."""
        found = self._known.get(tuple(map(id, styles)))
        if found is None:
            own = tuple(self._styles.setdefault(style, style) for style in styles)
            key = tuple(map(id, own))
            found = self._known.get(key)
            if found is None:
                found = self._known[key] = len(self.looks)
                self.looks.append(own)
        return found

    def __len__(self) -> int:
        return len(self._look)

    @property
    def last(self) -> int:
        """Its last row on the sheet."""
        return self.first + len(self) - 1

    def covers(self, at: At) -> bool:
        """Whether a cell is one of its own."""
        return self.first <= at[0] <= self.last and 1 <= at[1] <= self.width

    def row(self, row: int) -> tuple[Line, int]:
        """What stands in a row of the sheet, and which of ``looks`` it has."""
        at = row - self.first
        return _opened(self._packed[at // _EACH])[at % _EACH], self._look[at]

    def cell(self, at: At) -> Cell:
        """One of its cells."""
        line, look = self.row(at[0])
        return Cell(line[at[1] - 1], self.looks[look][at[1] - 1])

    def rows(self) -> Iterator[tuple[int, Line, int]]:
        """Every row: its number on the sheet, what stands in it, and which of ``looks`` it has."""
        lines = chain.from_iterable(map(_opened, self._packed))
        yield from zip(range(self.first, self.last + 1), lines, self._look, strict=True)

    def height(self, row: int) -> float:
        """Points of a row of the sheet."""
        return self.heights[row - self.first]


@lru_cache(4)
def _opened(packed: bytes) -> list[Line]:
    found: list[Line] = pickle.loads(zlib.decompress(packed))  # noqa: S301 see above
    return found


class Cells(MutableMapping[At, Cell]):
    """All cells of a sheet, those of blocks as well; ``loose`` are the others."""

    def __init__(self, loose: Mapping[At, Cell], blocks: Sequence[Block]) -> None:
        self.loose, self.blocks = dict(loose), tuple(blocks)

    def _block(self, at: At) -> Block | None:
        return next((block for block in self.blocks if block.covers(at)), None)

    def __getitem__(self, at: At) -> Cell:
        found = self.loose.get(at)
        if found is not None:
            return found
        block = self._block(at)
        if block is None:
            raise KeyError(at)
        return block.cell(at)

    def __setitem__(self, at: At, cell: Cell) -> None:
        self.loose[at] = cell

    def __delitem__(self, at: At) -> None:
        del self.loose[at]

    def __contains__(self, at: object) -> bool:
        return at in self.loose or (isinstance(at, tuple) and self._block(at) is not None)

    def __iter__(self) -> Iterator[At]:
        yield from self.loose
        for block in self.blocks:
            for row in range(block.first, block.last + 1):
                for column in range(1, block.width + 1):
                    if (row, column) not in self.loose:
                        yield row, column

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Cells):
            return NotImplemented
        return self.loose == other.loose and self.blocks == other.blocks

    __hash__ = None  # type: ignore[assignment]


def pack(sheet: Sheet, block: Block) -> None:
    """Let a sheet have the rows of a block."""
    block.close()
    sheet.cells = Cells(loose(sheet), (*blocks(sheet), block))


def loose(sheet: Sheet) -> MutableMapping[At, Cell]:
    """The cells of a sheet that stand in no block."""
    return sheet.cells.loose if isinstance(sheet.cells, Cells) else sheet.cells


def blocks(sheet: Sheet) -> tuple[Block, ...]:
    """The blocks of a sheet."""
    return sheet.cells.blocks if isinstance(sheet.cells, Cells) else ()


def extent(sheet: Sheet) -> tuple[int, int, int, int]:
    """The first row and column in which anything stands, and the last ones; of none a row of 0."""
    ends = [(row, column, row, column) for row, column in loose(sheet)]
    ends += [(one.first, 1, one.last, one.width) for one in blocks(sheet)]
    if not ends:
        return 0, 0, 0, 0
    tops, lefts, bottoms, rights = zip(*ends, strict=True)
    return min(tops), min(lefts), max(bottoms), max(rights)


def row_of(sheet: Sheet, row: int) -> dict[int, Cell]:
    """The cells of a row by column."""
    found: dict[int, Cell] = {}
    for block in blocks(sheet):
        if block.first <= row <= block.last:
            line, look = block.row(row)
            found |= dict(enumerate(map(Cell, line, block.looks[look]), 1))
    return found | {column: cell for (r, column), cell in loose(sheet).items() if r == row}


def height_of(sheet: Sheet, row: int, usual: float) -> float:
    """Points of a row; ``usual``: if nothing says how high it is."""
    own = next((b.height(row) for b in blocks(sheet) if b.first <= row <= b.last), usual)
    return sheet.heights.get(row, own)


def heights_of(sheet: Sheet) -> dict[int, float]:
    """Points of all rows that have a height of their own."""
    packed = {row: b.height(row) for b in blocks(sheet) for row in range(b.first, b.last + 1)}
    return packed | sheet.heights


def copied(sheet: Sheet) -> Sheet:
    """A copy whose cells, tables, widths and heights may be changed."""
    made = copy.copy(sheet)
    packed = blocks(sheet)
    made.cells = Cells(loose(sheet), packed) if packed else dict(sheet.cells)
    made.tables = list(sheet.tables)
    made.widths, made.heights = dict(sheet.widths), dict(sheet.heights)
    return made
