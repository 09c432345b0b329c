"""The sheet *Profile*: the customer's own page, to take to her board.

Her requirements by weight, how well they are met, what is missing, and what she calls good. It
says nothing of a supplier: whose answer it is, everybody in her house knows.
"""

from __future__ import annotations

from kamxl.forms.paper.book import Conditional, Formula, Sheet, Slot, span
from kamxl.forms.paper.idioms import DASH, quoted
from kamxl.forms.paper.parts import band, grows, row_height, tile
from kamxl.forms.paper.style import (
    ACCENT,
    ACCENT_SOFT,
    CALC,
    GAP_BAR,
    GOOD,
    HEADER,
    HEADER_LEFT,
    INK,
    LABEL,
    MUTED,
    NUMBER,
    TILE_VALUE,
    WARN_SOFT,
    Style,
)
from kamxl.forms.scorecard.calculation import Source
from kamxl.forms.scorecard.grid import CardSize, ProfileGrid, ResultGrid
from kamxl.forms.scorecard.numbers import Numbers
from kamxl.forms.scorecard.verdict import doubt_words, empty_words, nothing_yet
from kamxl.wording.texts import Texts

_P = "scorecard.profile."
WIDTHS = (5.0, 40.0, 9.5, 10.5, 10.5, 42.0)
_HEADS = ("place", "requirement", "weight", "met", "gap", "good")
_LOOKS = {
    "place": NUMBER.but(format="0", color=MUTED),
    "label": LABEL,
    "weight": NUMBER.but(format="0.##", bold=True),
    "us": NUMBER.but(format="0.##"),
    "gap": CALC.but(format="0.0"),
    "good": LABEL,
}
_VALUES = {"weight": "weight", "us": "us", "gap": "gap"}  # the calculation's columns


def draw(size: CardSize, texts: Texts, table_title: str, result_title: str) -> Sheet:
    """The sheet as a pattern: its slots are filled by ``scorecard_values``."""
    grid, calc = ProfileGrid(size), _Calculation(size, result_title)
    sheet = Sheet("profile", texts(_P + "sheet"), tab_color=GOOD, protected=True)
    sheet.widths = dict(enumerate(WIDTHS, start=1)) | {grid.LAST_COLUMN + 1: 1.0}
    band(sheet, tuple(range(1, grid.LAST_COLUMN + 1)), texts(_P + "title"), Slot("subtitle"))
    _tiles(sheet, grid, texts, calc, Source(size, table_title))
    when, told = quoted(empty_words(texts)), quoted(texts(_P + "note"))
    doubtful = f"{calc.doubt()}=1"
    told = f"IF({doubtful},{quoted(doubt_words(texts))},{told})"
    note = f"IF({nothing_yet(calc.numbers)},{when},{told})"
    look = Style(size=10, color=MUTED, valign="top")
    sheet.put(grid.NOTE, 2, Formula(note, Slot("profile.note")), look)
    sheet.fill(grid.NOTE, range(3, grid.LAST_COLUMN + 1), look)
    sheet.heights[grid.NOTE] = 18
    notes = span(grid.NOTE, 1, grid.NOTE, grid.LAST_COLUMN)
    sheet.conditionals.append(
        Conditional(notes, formula=doubtful, fill=WARN_SOFT, color=INK, bold=True)
    )
    for column, key in enumerate(_HEADS, start=1):
        style = HEADER_LEFT if key in ("requirement", "good") else HEADER
        sheet.put(grid.HEADER, column, texts(_P + key), style)
    sheet.heights[grid.HEADER] = 34
    for place in range(size.rows):
        _row(sheet, grid, place, calc)
    first, last = grid.row(0), grid.row(size.rows - 1)
    sheet.conditionals += [
        Conditional(span(first, 3, last, 3), kind="bar", color=ACCENT_SOFT, high_at=50),
        Conditional(span(first, 5, last, 5), kind="bar", color=GAP_BAR, high_at=20),
    ]
    sheet.print_area = span(1, 1, last, grid.LAST_COLUMN)
    sheet.title_rows = (grid.HEADER, grid.HEADER)
    sheet.footer = Slot("profile.footer")
    sheet.active_cell = "A5"
    return sheet


class _Calculation:
    """References into the calculation on the sheet *Result*."""

    def __init__(self, size: CardSize, title: str) -> None:
        self._grid = ResultGrid(size)
        self._sheet = "'" + title.replace("'", "''") + "'!"
        self.numbers = Numbers(size, self._sheet)

    def cell(self, name: str, index: int) -> str:
        return self._sheet + self._grid.calc(name, index)

    def doubt(self) -> str:
        """Whether the weights or our points are in doubt: 1 or 0."""
        return self._sheet + self._grid.contest("doubt", 0)

    def column(self, name: str) -> str:
        return self._sheet + self._grid.calc(name)

    def first_of(self, index: str, known: str) -> str:
        """The label of the requirement that an order begins with, if a number of it is known."""
        at = self.cell(index, 0)
        number = f"INDEX({self.column(known)},{at},1)"
        label = f"INDEX({self.column('label')},{at},1)"
        none = f'IF({nothing_yet(self.numbers)},"",{DASH})'
        return f"IF({at}=0,{none},IF({number}{'>0' if known == 'gap' else '>=0'},{label},{none}))"


def _tiles(
    sheet: Sheet, grid: ProfileGrid, texts: Texts, calc: _Calculation, source: Source
) -> None:
    words = TILE_VALUE.but(size=12, wrap=True)
    heaviest = Formula(calc.first_of("weight_index", "weight"), Slot("profile.heaviest"))
    total = Formula(source.cell(source.grid.sum_row + 1, source.grid.us), Slot("total.us.profile"))
    widest = Formula(calc.first_of("index", "gap"), Slot("profile.widest"))
    score = TILE_VALUE.but(format="0.0", color=ACCENT)
    tiles = (
        ((1, 2), "heaviest", heaviest, words),
        ((3, 4, 5), "met_overall", total, score),
        ((6,), "widest", widest, words),
    )
    for columns, key, value, style in tiles:
        tile(sheet, grid.TILES, columns, texts(_P + key), value, style)
    sheet.heights[grid.TILES + 1] = row_height(grid.size.lines * 1.2, least=30)


def _row(sheet: Sheet, grid: ProfileGrid, place: int, calc: _Calculation) -> None:
    row, at = grid.row(place), calc.cell("weight_index", place)
    shown = {"place": str(place + 1)}
    for key in ("label", "good"):
        shown[key] = f"INDEX({calc.column(key)},{at},1)"
    for key, name in _VALUES.items():
        value = f"INDEX({calc.column(name)},{at},1)"
        shown[key] = f'IF({value}>=0,{value},"")'
    for column, (key, style) in enumerate(_LOOKS.items(), start=1):
        text = f'IF({at}=0,"",{shown[key]})'
        sheet.put(row, column, Formula(text, Slot(f"profile.{key}.{place}")), style)
    # lines change places while she types, and no program fits a row to a formula
    grows(sheet, row, grid.LAST_COLUMN + 1, row_height(grid.size.lines, least=30))
