"""Parts that several workbooks share: the title band, tiles, table headers with their key row."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import lru_cache

from kamxl.forms.paper.book import Content, Formula, Scalar, Sheet
from kamxl.forms.paper.idioms import safe
from kamxl.forms.paper.packed import loose
from kamxl.forms.paper.style import (
    BAND,
    BAND_SMALL,
    HEADER,
    KEY,
    MARK,
    SECTION,
    TILE_LABEL,
    TILE_VALUE,
    WHITE,
    Style,
)

_LINE = 13.2  # points a line of 10-point type takes
_FIRST_LINE = 19.0
_HIGHEST = 400.0  # points a row may have: Excel knows none above 409
PER_WIDTH = 1.15  # letters of text in one unit of column width; a little is kept in hand
_OF_TYPE = 1.25  # points of a row for a point of type
_WIDE = 5.25  # points of one unit of column width
_UPRIGHT = 150.0  # points that a line of a heading which stands upright is long at the most
_MARGINS = 2  # of column width: what a cell keeps free, and a little for words in wide letters


def live(text: str, value: Scalar) -> Formula:
    """A formula with the core's value; an unknown one is the empty text."""
    return Formula(text, "" if value is None else value)


def unbroken(sheet: Sheet) -> None:
    """Formulas say nothing once the rows that they read are gone: nobody wants to see #REF!."""
    cells = loose(sheet)
    for place, cell in cells.items():
        made = unbroken_content(cell.content)
        if made is not cell.content:
            cells[place] = replace(cell, content=made)


def unbroken_content(content: Content) -> Content:
    """The same of one content; what stands in packed rows is packed so."""
    if isinstance(content, Formula) and not content.text.startswith("IFERROR("):
        return replace(content, text=safe(content.text))
    return content


def band(
    sheet: Sheet,
    columns: Sequence[int],
    title: Content,
    subtitle: Content,
    mark: Content = None,
    *,
    low: bool = False,
) -> None:
    """Rows 1 to 3 of every sheet: the mark in small type, the title band, a line below it.

    ``low``: in fewer points, where there has to be room below it on a small screen.
    """
    styles = (BAND.but(size=16), BAND_SMALL.but(size=10)) if low else (BAND, BAND_SMALL)
    sheet.put(1, columns[0], mark, MARK)
    for row, content, style in zip((2, 3), (title, subtitle), styles, strict=True):
        sheet.put(row, columns[0], content, style)
        sheet.fill(row, columns, style)
    sheet.heights.update({1: 9, 2: 26, 3: 16, 4: 4} if low else {1: 9, 2: 34, 3: 20, 4: 10})


def tile(
    sheet: Sheet,
    row: int,
    columns: Sequence[int],
    label: Content,
    value: Content,
    style: Style = TILE_VALUE,
    link: str | None = None,
) -> None:
    """A headline number over ``columns``: its label in ``row``, the value in the row below.

    A click on any of its cells leads to ``link``. It ends where a printed page does, and where that
    is may depend on what people typed.
    """
    end = next((one for one in sheet.column_breaks if columns[0] <= one), columns[-1])
    columns = [column for column in columns if column <= end]
    for place, column in enumerate(columns):
        # white edges left and right keep neighbouring tiles apart without a spacer column
        side = ("l" if place == 0 else "") + ("r" if place == len(columns) - 1 else "")
        edge: dict[str, object] = {"borders": side, "line": WHITE, "edge": "medium"} if side else {}
        sheet.put(row, column, label if place == 0 else None, TILE_LABEL.but(**edge), link)
        sheet.put(row + 1, column, value if place == 0 else None, style.but(**edge), link)
    sheet.heights.update({row: 18, row + 1: 30})


def grows(sheet: Sheet, row: int, column: int, least: float) -> None:
    """Let a row grow with what is typed into it, and never below ``least``.

    What keeps it there is an empty cell in large type: a height that is said would stay.
    """
    sheet.heights[row] = least
    sheet.fitting.add(row)
    sheet.put(row, column, None, Style(size=round(least / _OF_TYPE)))


def section(sheet: Sheet, row: int, column: int, title: Content) -> None:
    """A heading within a page."""
    sheet.put(row, column, title, SECTION)
    sheet.heights[row] = 24


def headers(
    sheet: Sheet,
    row: int,
    columns: Sequence[tuple[int, Content, Content, Style | None]],
    height: float = 34,
    look: Callable[[Style], Style] = lambda _: KEY,
) -> None:
    """A header row and the key row under it: (column, header, key, style or None for the usual).

    ``look``: that of a key below a header of this style.
    """
    for column, text, key, style in columns:
        sheet.put(row, column, text, style or HEADER)
        sheet.put(row + 1, column, key, look(style or HEADER))
    sheet.heights.update({row: height, row + 1: 9})


def unseen(header: Style) -> Style:
    """The look of keys that nobody needs to see: a strip of the header's colour."""
    return KEY.but(color=header.fill, fill=header.fill)


@lru_cache(maxsize=8192)  # the same texts stand on many cards
def lines_of(content: str, width: float, size: float = 10) -> float:
    """How many lines of 10-point type a text takes in a column so many characters wide."""
    room = max(int(width * PER_WIDTH * 10 / size), 3)
    lines = sum(
        1 if len(line) <= room else len(textwrap.wrap(line, room)) for line in content.split("\n")
    )
    return lines * size / 10


def row_height(lines: float, least: float = 18, edge: float = 4) -> float:
    """The height of a row for so many lines of 10-point type (``lines_of``), with room around."""
    return min(max(float(least), lines * _LINE + edge), _HIGHEST)


def fitted(
    cells: Iterable[tuple[Content, float, Style]], value: Callable[[Content], Scalar], least: float
) -> float:
    """Points of a row of at least so many for the texts that stand in its cells, once filled.

    ``cells`` as for ``height_of``; ``value`` tells what is put into a slot.
    """
    shown = [(value(content), width, style) for content, width, style in cells]
    return max(least, height_of(shown, _FIRST_LINE))


def upright_width(content: str) -> float:
    """The width of a column whose heading stands upright, in as few lines as a row holds."""
    return max(lines_of(content, _UPRIGHT / _WIDE) * _LINE / _WIDE + 1.5, 5.0)


def upright_height(content: str, width: float) -> float:
    """Points that a heading needs that stands upright in a column so wide (``upright_width``)."""
    lines = max(int(width * _WIDE / _LINE), 1)
    high = max(50.0, max(map(len, content.split()), default=0) * _WIDE / PER_WIDTH + 1)
    while high < _UPRIGHT and lines_of(content, high / _WIDE) > lines:
        high += 6
    return high + 10


def height_of(
    cells: Iterable[tuple[Content, float, Style]], first_line: float, lines: int = 1
) -> float:
    """Points a row needs for its longest text; nobody measures it for us.

    ``cells``: what stands in it, the width of its column, its style; ``first_line``: what the first
    line takes, with the room around it; ``lines``: for how many there is room at least.
    """
    tall: float = lines
    for content, width, style in cells:
        seen = content.value if isinstance(content, Formula) else content
        if style.wrap and isinstance(seen, str):
            room = width * (0.93 if style.bold else 1) - style.indent - _MARGINS
            tall = max(tall, lines_of(seen, room, style.size))
    return row_height(tall, least=0, edge=first_line - _LINE)
