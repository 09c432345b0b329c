"""What formulas make of a cell that she fills in: the same number as the reader, or none.

"85 %" in a cell is stored as 0.85 and counts as 85, "100 %" as 100: only the cell's format tells,
and that is what the formulas ask (where a program does not say it, the cell turns red instead).
Whole numbers that were pasted as a text count as well. A number that no answer can be, or another
text, is ``ODD``: it is red, and nothing is reckoned with it.
"""

from __future__ import annotations

import re

from kamxl.forms.paper.book import Formula, Sheet, Slot, fixed, fixed_span
from kamxl.forms.paper.idioms import none_of, quoted, spelled
from kamxl.forms.paper.style import Style
from kamxl.forms.scorecard.grid import CardSize, ResultGrid, TableGrid, rated, supplier_keys
from kamxl.forms.tables.fields import every_blank

OPEN, ODD = "o", "x"  # left blank on purpose; what cannot be right
WORDS = "$A$5"  # the cell with what may stand as a text, on each sheet that is filled in
_WHOLE = "".join(f"|{number}" for number in range(101))  # numbers, pasted as a text
_LONGEST_TEXT = 200  # letters of a text in a formula: Excel has room for 255


def put_words(sheet: Sheet, style: Style) -> None:
    """Numbers and deliberate blanks as texts, where the formulas of this sheet look them up."""
    words = f"{_WHOLE}|{'|'.join(every_blank())}|"
    parts = [""]
    for word in re.findall(r"\|[^|]*", words):  # no word is torn: each is held against a list
        fits = len(parts[-1]) + len(word) <= _LONGEST_TEXT
        parts = [*parts[:-1], parts[-1] + word] if fits else [*parts, word]
    sheet.put(5, 1, Formula("&".join(map(quoted, parts)), words), style)


def is_points(value: float) -> bool:
    """Whether a number can be a rating: 0, or 1 to 100; between them it is a share of 1."""
    return value == 0 or 1 <= value <= 100


def is_weight(value: float) -> bool:
    """Whether a number can be a weight in per cent."""
    return 0 <= value <= 100


def odd(cell: str, *, weight: bool = False, sheet: str = "") -> str:
    """A test: whether what stands in a cell cannot be right. It fits into the rule of a colour.

    ``sheet``: the reference to the cell's sheet, as the cell has it.
    """
    # where the format is not told, 1 may be 100 %: a hair less, it is red
    percent = f'IFERROR(IF(LEFT(CELL("format",{cell}),1)="P",100,1),0.999)'
    middle, reach = (50, 50) if weight else (50.5, 49.5)
    outside = f"ABS({cell}*{percent}-{middle})>{reach}"
    number = outside if weight else f"AND({cell}<>0,{outside})"
    text = none_of(_unsigned(cell), sheet + WORDS)
    return f"IF(ISLOGICAL({cell}),TRUE,IF(ISNUMBER({cell}),{number},{text}))"


def typed(cell: str, *, weight: bool = False) -> str:
    """A test for what may be typed: a share of 1, too, which "85 %" is while it is typed."""
    text = none_of(_unsigned(cell), WORDS)
    return f"IF(ISNUMBER({cell}),AND({cell}>=0,{cell}<=100),NOT({text}))"


def _unsigned(cell: str) -> str:
    """A text without its percent sign: 0 to 100 are meant with one and without."""
    return f'SUBSTITUTE({cell},"%","")'


class Numbers:
    """The weights and ratings with which all sheets reckon: references, by row and supplier.

    ``sheet``: how the sheet *Result* is referred to, from any other sheet.
    """

    def __init__(self, size: CardSize, sheet: str = "") -> None:
        self._grid, self._sheet, self.size = ResultGrid(size), sheet, size

    def weights(self) -> str:
        return self._column(0, 0, self.size.rows)

    def ratings(self, j: int) -> str:
        return self._column(1 + j, 0, self.size.rows)

    def asked(self, column: int) -> str:
        """The asked requirements' weights (0) or ratings of us (1)."""
        return self._column(column, 0, self.size.requirements)

    def own(self, column: int) -> str:
        """Those of the customer's own requirements."""
        return self._column(column, self.size.requirements, self.size.rows)

    def weight(self, index: int) -> str:
        return self._sheet + fixed(self._row(index), self._grid.numbers)

    def rating(self, j: int, index: int) -> str:
        return self._sheet + fixed(self._row(index), self._grid.numbers + 1 + j)

    def rival(self, index: int, number: str) -> str:
        """One requirement's rating of a competitor; Gnumeric has no place in a single cell."""
        if self.size.competitors == 1:
            return self.rating(1, index)
        row, first = self._row(index), self._grid.numbers + 2
        cells = fixed_span(row, first, row, first + self.size.competitors - 1)
        return f"INDEX({self._sheet}{cells},1,{number})"

    def row(self, index: int) -> str:
        """All of one requirement's row."""
        row, first = self._row(index), self._grid.numbers
        return self._sheet + fixed_span(row, first, row, first + len(supplier_keys(self.size)))

    def all(self) -> str:
        """All weights and ratings."""
        return self._block(0)

    def all_ratings(self) -> str:
        return self._block(1)

    def _block(self, column: int) -> str:
        """All columns from this one on."""
        first, last = self._grid.numbers + column, self._row(self.size.rows - 1)
        end = self._grid.numbers + len(supplier_keys(self.size))
        return self._sheet + fixed_span(self._row(0), first, last, end)

    def _row(self, index: int) -> int:
        return self._grid.CALC_FIRST + index

    def _column(self, column: int, first: int, end: int) -> str:
        at = self._grid.numbers + column
        return self._sheet + fixed_span(self._row(first), at, self._row(end - 1), at)


def open_cells(cells: str) -> str:
    """1 where a cell holds neither a number nor a deliberate blank, else 0, as an array."""
    return f'(1-{rated(cells)})*({cells}<>"{OPEN}")'


def answered(cells: str) -> str:
    """How many cells hold a number or a deliberate blank."""
    return f'(COUNT({cells})+COUNTIF({cells},"{OPEN}"))'


def reckoned(cell: str, words: str, *, weight: bool) -> str:
    """What stands in a cell: a number, nothing, ``OPEN`` or ``ODD``; nothing if it is gone."""
    code = f'CELL("format",{cell})'
    value = f'IF(IFERROR(LEFT({code},1)="P",FALSE),ROUND(100*{cell},9),{cell})'
    least = f"IF(ISERROR({code}),1,0.999999999)"  # where it is not told, 1 may be 100 %
    points = f"OR({cell}=0,AND({value}>{least},{value}<=100))"
    sound = f"AND({cell}>=0,{value}<=100)" if weight else points
    number = f'IF({sound},{value},"{ODD}")'
    bare = spelled(_unsigned(cell))
    blank = f'FIND("|"&{bare}&"|",{words})>{len(_WHOLE)}'
    text = f'IFERROR(IF({blank},"{OPEN}",VALUE({bare})),"{ODD}")'
    known = f'IF(ISLOGICAL({cell}),"{ODD}",IF(ISNUMBER({cell}),{number},{text}))'
    said = f'IF({spelled(cell)}="","",{known})'
    return f'IF(ISERROR(ROW({cell})),"",IFERROR({said},"{ODD}"))'


def put_numbers(sheet: Sheet, grid: ResultGrid, table: TableGrid, source: str, look: Style) -> None:
    """Draw the numbers with which all is reckoned, a row for each requirement.

    ``source``: how the sheet with the table is referred to.
    """
    columns = (table.weight, *table.suppliers)
    keys = ("weight", *supplier_keys(grid.size))
    for index in range(grid.size.rows):
        for offset, (column, key) in enumerate(zip(columns, keys, strict=True)):
            cell = source + fixed(table.row(index), column)
            text = reckoned(cell, source + WORDS, weight=offset == 0)
            at = Formula(text, Slot(f"number.{key}.{index}"))
            sheet.put(grid.CALC_FIRST + index, grid.numbers + offset, at, look)
