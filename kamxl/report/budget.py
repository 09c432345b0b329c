"""A page that can be mailed and opened on a phone, however many accounts there are.

All tables have the same number of rows at most: as many as fit. The others are in the workbook, and
the page says so.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate

from kamxl.report.numbers import Shown
from kamxl.report.sections import Part, Section, told
from kamxl.report.tables import MOST, OPEN, Shape

ROOM = 1_400_000  # bytes for the sections' tables; all else takes some 300,000
_CELL, _LINK = 24, 20  # bytes of a cell and of a link beside what stands in them


def within(sections: Sequence[Section], shown: Shown, room: int = ROOM) -> Iterator[Section]:
    """The sections with as many rows of each table as have room."""
    sizes = [
        [0, *accumulate(sum(map(_size, row)) for row in part.block.rows)]
        for section in sections for part in section.parts if part.grows
    ]  # fmt: skip
    # the more rows, the more bytes: the first number of rows that is too much ends it
    most = bisect_right(range(MOST), room, key=lambda rows: _needed(sizes, rows + 1))
    for section in sections:
        parts = tuple(_cut(part, section, shown, max(most, OPEN)) for part in section.parts)
        yield replace(section, parts=parts)


def _needed(sizes: Sequence[Sequence[int]], rows: int) -> int:
    return sum(one[min(rows, len(one) - 1)] for one in sizes)


def _size(shape: Shape) -> int:
    """What a cell takes, about."""
    texts = (shape.text, shape.whole, shape.value, shape.look)
    taken = sum(len(text.encode(errors="replace")) for text in texts)
    return taken + _CELL + (_LINK + len(shape.link) if shape.link else 0)


def _cut(part: Part, section: Section, shown: Shown, most: int) -> Part:
    block = part.block
    gone = len(block.rows) - most
    if not part.grows or gone <= 0:
        return part
    left = replace(
        block, rows=block.rows[:most], whose=block.whose[:most], left=block.left + gone
    )  # fmt: skip
    return told(replace(part, block=left), section.link, shown)
