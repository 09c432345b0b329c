"""The prepared rows of a table that hold nothing yet."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from kamxl.forms.paper.book import Cell, Content
from kamxl.forms.paper.style import Style
from kamxl.forms.tables.rows import in_row

# A program that fits a row to its text leaves no air above and below it. The blank cell right of
# each row is of larger type, so that every row keeps a little.
EDGE = Style(size=13)
EDGE_WIDTH = 1.0


@lru_cache(maxsize=64)
def free_rows(
    free: tuple[Content, ...], styles: tuple[Style, ...], first: int, end: int
) -> tuple[Mapping[tuple[int, int], Cell], ...]:
    """The cells of the rows from ``first`` to before ``end``, the same on every sheet of a table.

    ``free``: what ``SOME_ROW`` holds, column by column, in ``styles``.
    """
    edge = len(styles) + 1
    return tuple(
        {
            (row, index): Cell(in_row(content, row), style)
            for index, (content, style) in enumerate(zip(free, styles, strict=True), 1)
        }
        | {(row, edge): Cell(None, EDGE)}
        for row in range(first, end)
    )
