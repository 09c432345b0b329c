"""Blocks of sums above a sheet's table, whose rows do not depend on that table's length."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

from kamxl.core.portfolio.whole import Portfolio
from kamxl.forms.paper.parts import section
from kamxl.forms.paper.style import NOTE
from kamxl.forms.portfolio.parts import FEW, KEY_ROW, frame, stay
from kamxl.forms.tables.shown import ShownTable
from kamxl.wording.texts import Texts

SUM_ROW = 7  # the key row of a block
HEADING = SUM_ROW - 2
_NOTES = 7  # rows for what is said below it
_LETTERS = 90  # of a line there


def key_row_below(lines: int) -> int:
    """The key row of the table below a block of so many lines, room for notes and a heading."""
    return SUM_ROW + lines + _NOTES + 3 if lines else KEY_ROW


def draw_below(
    table: ShownTable[Any, Any],
    sums: ShownTable[Any, Any],
    portfolio: Portfolio,
    t: Texts,
    notes: Sequence[str] = (),
) -> None:
    """A sheet of a block and the table below it, drawn; without records only that there is none.

    ``notes``: sentences below the block, in the column of its first figure.
    """
    sheet, words = table.sheet, f"portfolio.{table.key}"
    frame(sheet, t, portfolio, table.width)
    table.draw(t, t(f"{words}.empty"))
    if not sums.records:
        stay(table)
        return
    table.as_table()
    section(sheet, HEADING, 1, t(f"{words}.sums"))
    sums.draw_block(t)
    section(sheet, table.key_row - 2, 1, t(f"{words}.each"))
    lines = [line for note in notes for line in textwrap.wrap(note, _LETTERS)][:_NOTES]
    for row, line in enumerate(lines, sums.last + 1):
        sheet.put(row, 2, line, NOTE.but(wrap=False, valign="center"))
        sheet.heights[row] = 16
    if len(table.records) > FEW:
        sheet.page_breaks = [table.key_row - 3]
