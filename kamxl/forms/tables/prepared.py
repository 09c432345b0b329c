"""The rows prepared in a table: what they hold besides what people type."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from kamxl.forms.paper import idioms
from kamxl.forms.paper.book import Cell, Content, Formula, fixed
from kamxl.forms.paper.style import Style

# A program that fits a row to its text leaves no air above and below it. The blank cell right of
# each row is of larger type, so that every row keeps a little.
EDGE = Style(size=13)
EDGE_WIDTH = 1.0
# Free rows differ in their number alone: what they hold is made once, for a row that no table has.
SOME_ROW = 987_654


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


def in_row(content: Content, row: int) -> Content:
    """What a free row holds, made for ``SOME_ROW``, in another one."""
    if not isinstance(content, Formula):
        return content
    return Formula(content.text.replace(str(SOME_ROW), str(row)), content.value)


def settled(content: Content) -> Content:
    """What a formula says, without it."""
    value = content.value if isinstance(content, Formula) else content
    return None if value == "" else value


def beyond(typed: Iterable[int], key: int, last: int, below: int, more: str) -> Formula:
    """Says ``more`` ("{row}" in it) once something is typed below the row ``last``.

    ``typed``: the columns of a table that people fill in, from its ``key`` row to ``below``.
    """
    filled = "+".join(
        f"({fixed(key, number)}:{fixed(below, number)}<>{idioms.NOTHING})" for number in typed
    )
    to = f"ROWS({fixed(key, 1)}:{fixed(last, 1)})-1"  # a row alone may be deleted
    rows = f"ROW({fixed(key, 1)}:{fixed(below, 1)})-ROW({fixed(key, 1)})"
    before, _, after = map(idioms.quoted, more.partition("{row}"))
    told = f"{before}&ROW({fixed(key, 1)})+{to}&{after}"
    return Formula(f'IF(SUMPRODUCT(({filled})*({rows}>{to}))>0,{told},"")', "")
