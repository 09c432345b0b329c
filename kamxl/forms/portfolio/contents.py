"""The sheet *Contents*: what each sheet answers, by purpose; and the way back from every other."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from kamxl.core.portfolio.whole import Portfolio
from kamxl.forms.paper.book import Cell, Sheet, span
from kamxl.forms.paper.packed import loose
from kamxl.forms.paper.pages import LEAST, paged
from kamxl.forms.paper.parts import lines_of, row_height
from kamxl.forms.paper.style import (
    ACCENT,
    BAND_SMALL,
    FAINT,
    GOOD,
    INK,
    LINK,
    MUTED,
    PLAIN,
    RIVAL,
    SECTION,
    WHITE,
)
from kamxl.forms.portfolio.parts import TEXT_CELL, blank_sheet, frame
from kamxl.wording.texts import Texts


class Purpose(NamedTuple):
    """What sheets are for: its key among the texts, the colour of their tabs, their keys."""

    key: str
    color: str
    sheets: tuple[str, ...]


PURPOSES = (
    Purpose("overview", INK, ("dashboard", "news", "contents", "map")),
    Purpose("answers", ACCENT,
            ("accounts", "segments", "heatmap", "drivers", "whatif", "competitors", "benchmark",
             "trend")),
    Purpose("voice", RIVAL, ("wishes", "follow", "views", "voices")),
    Purpose("work", GOOD,
            ("selection", "position", "fields", "contacts", "programmes", "benefits", "actions",
             "chase")),
    Purpose("evidence", FAINT, ("intake", "raters", "data")),
)  # fmt: skip
_WIDTHS = (3.0, 26.0, 118.0)
_BACK = LINK.but(align="right", valign="top")
_SECOND = BAND_SMALL.but(valign="top", borders="b", line=WHITE, edge="medium")
_PER_TITLE = 2.1  # of column width for one letter of the band's title
_PER_WIDTH = 1.02  # letters of the band's type in one unit of column width


def contents_sheet(sheets: Sequence[Sheet], portfolio: Portfolio, t: Texts) -> Sheet:
    """One line for each of ``sheets``, in groups; how the workbook is read below them."""
    sheet = blank_sheet(t, "contents")
    sheet.widths = dict(enumerate(_WIDTHS, 1))
    frame(sheet, t, portfolio, len(_WIDTHS))
    named, row = {one.key: one for one in sheets}, 5
    for purpose in PURPOSES:
        row = _group(sheet, row, purpose, named, t) + 1
        sheet.heights[row - 1] = 6.0
    for key in ("folding", "back", "colours"):
        said = t(f"portfolio.contents.{key}")
        sheet.put(row, 2, said, PLAIN.but(color=MUTED))
        sheet.heights[row] = 15
        row += 1
    sheet.print_area = span(1, 1, row - 1, len(_WIDTHS))
    paged(sheet, len(_WIDTHS), most=LEAST)
    return sheet


def _group(sheet: Sheet, row: int, purpose: Purpose, named: Mapping[str, Sheet], t: Texts) -> int:
    """A purpose with its sheets from ``row`` on; the row below the last one."""
    chip = PLAIN.but(fill=purpose.color)
    sheet.put(row, 1, None, chip)
    sheet.put(row, 2, t(f"portfolio.contents.{purpose.key}"), SECTION.but(color=INK, indent=1))
    sheet.heights[row] = 20
    for key in purpose.sheets:
        if key == sheet.key:
            continue
        row += 1
        one, said = named[key], t(f"portfolio.contents.about_{key}")
        sheet.put(row, 1, None, chip)
        look = LINK.but(borders="tb", line=TEXT_CELL.line, indent=1)
        sheet.put(row, 2, one.title, look, one.ref("A1").replace("$", ""))
        sheet.put(row, 3, said, TEXT_CELL)
        sheet.heights[row] = row_height(lines_of(said, _WIDTHS[2]), least=16)
    return row + 1


def colored(sheets: Sequence[Sheet]) -> list[Sheet]:
    """The sheets in the order of their purposes, their tabs in its colour."""
    colors = {key: purpose.color for purpose in PURPOSES for key in purpose.sheets}
    order = list(colors)
    for sheet in sheets:
        sheet.tab_color = colors[sheet.key]
    return sorted(sheets, key=lambda sheet: order.index(sheet.key))


def way_back(sheet: Sheet, contents: Sheet, t: Texts) -> None:
    """A link above the band; what the band says in two lines where the first page is narrow."""
    if sheet is not contents:
        link = contents.ref("A1").replace("$", "")
        sheet.put(1, 2, t("portfolio.back"), _BACK, link)
    sheet.heights[1] = 15
    if sheet.title_columns:
        _beside_keys(sheet)
    else:
        last = max(column for row, column in loose(sheet) if row == 2)
        _in_lines(sheet, 1, last, str(sheet.cells[3, 1].content))


def _beside_keys(sheet: Sheet) -> None:
    """The columns that stand on every page hold the title, what else is said stands beside them."""
    title, said = (str(sheet.cells[row, 1].content) for row in (2, 3))
    first = sheet.title_columns + 1
    look = sheet.cells[2, 1].style
    if len(title) * _PER_TITLE > _wide(sheet, 1, first - 1):
        sheet.cells[2, 1] = Cell(sheet.title, look)
        rest = title.removeprefix(sheet.title).strip()  # nothing is said twice beside each other
        sheet.cells[2, first] = Cell(rest or None, look.but(size=14, indent=0))
    sheet.cells[3, 1] = Cell(None, sheet.cells[3, 1].style)
    _in_lines(sheet, first, sheet.column_breaks[0], said)


def _in_lines(sheet: Sheet, first: int, last: int, said: str) -> None:
    """A sentence in the band, in two rows where one is not wide enough."""
    lines = textwrap.wrap(said, max(int(_wide(sheet, first, last) * _PER_WIDTH), 40))
    style = sheet.cells[3, 1].style
    sheet.cells[3, first] = Cell(lines[0], style if first == 1 else style.but(indent=0))
    if len(lines) < 2:
        return
    for column in sorted(column for row, column in loose(sheet) if row == 3):
        content = " ".join(lines[1:]) if column == first else None
        sheet.cells[4, column] = Cell(content, _SECOND if first == 1 else _SECOND.but(indent=0))
    sheet.heights[4] = 19


def _wide(sheet: Sheet, first: int, last: int) -> float:
    """How wide some columns are together."""
    return sum(sheet.widths.get(column, 9.14) for column in range(first, last + 1))
