"""How a cell of the workbook looks on the page: words for CSS, from its style and its rules.

Of conditional looks it knows those of the portfolio's sheets: a column that equals a word or a
number, one that is above zero, and bars.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kamxl.forms.paper import style
from kamxl.forms.paper.book import Cell, Conditional, Sheet
from kamxl.forms.paper.raw import column_number
from kamxl.report.numbers import number_of, value_of

_FILLS = {style.GOOD_SOFT: "on-good", style.WARN_SOFT: "on-warn", style.BEHIND_SOFT: "on-bad"}
_COLORS = {style.BEHIND: "bad", style.GOOD: "good", style.MUTED: "muted", style.ACCENT: "us"}
_HEADS = {style.ACCENT: "us", style.RIVAL: "rival"}
_RANGE = re.compile(r"\$?([A-Z]+)\$?(\d+):\$?([A-Z]+)\$?(\d+)")
_EQUALS = re.compile(r'\$?([A-Z]+)\$?\d+=(?:"([^"]*)"|(-?\d+))')
_POSITIVE = re.compile(r"AND\(ISNUMBER\(\$?([A-Z]+)\$?\d+\),\$?\1\$?\d+>0\)")


@dataclass(frozen=True, slots=True)
class Rule:
    """A conditional look over some columns and rows of a sheet; ``test`` is the tested column."""

    look: Conditional
    first: tuple[int, int]
    last: tuple[int, int]
    test: int = 0
    word: str | None = None
    number: float | None = None

    def covers(self, row: int, column: int) -> bool:
        """Whether a cell lies in its range."""
        (top, left), (bottom, right) = self.first, self.last
        return top <= row <= bottom and left <= column <= right

    def holds(self, sheet: Sheet, row: int) -> bool:
        """Whether the row meets its condition."""
        cell = sheet.cells.get((row, self.test))
        if self.word is not None:
            return value_of(cell) == self.word
        found = number_of(cell)
        if self.number is not None:
            return found == self.number
        return found is not None and found > 0


def rules_of(sheet: Sheet) -> list[Rule]:
    """The sheet's conditional looks, as far as they are known here."""
    return [rule for look in sheet.conditionals for rule in _rule(look)]


def _rule(look: Conditional) -> Iterator[Rule]:
    ranges = _RANGE.fullmatch(look.ranges)
    if ranges is None or look.kind == "scale":
        return
    left, top, right, bottom = ranges.groups()
    first, last = (int(top), column_number(left)), (int(bottom), column_number(right))
    if look.kind == "bar":
        yield Rule(look, first, last)
        return
    equal, positive = _EQUALS.fullmatch(look.formula), _POSITIVE.fullmatch(look.formula)
    if equal:
        column, word, number = equal.groups()
        test = column_number(column)
        yield Rule(look, first, last, test, word, None if number is None else float(number))
    elif positive:
        yield Rule(look, first, last, column_number(positive.group(1)))


def look_of(sheet: Sheet, rules: list[Rule], row: int, column: int) -> str:
    """The words for CSS of one cell."""
    cell = sheet.cells.get((row, column), Cell())
    own = cell.style
    fill, color, bold = own.fill, own.color, own.bold
    old = is_old(cell)
    for rule in rules:
        if rule.look.kind == "formula" and rule.covers(row, column) and rule.holds(sheet, row):
            fill = rule.look.fill or fill
            color = color if old else rule.look.color or color
            bold = bold or bool(rule.look.bold)
    words = [_FILLS.get(fill or "", ""), _COLORS.get(color, ""), "strong" if bold else ""]
    words.append("old" if old else "")
    words.append({"center": "mid", "right": "num"}.get(own.align or "", ""))
    return " ".join(filter(None, words))


def is_old(cell: Cell | None) -> bool:
    """Whether a cell looks as what an earlier period said does (``shown.aged``)."""
    return cell is not None and cell.style.italic and cell.style.color == style.MUTED


def head_look(cell: Cell | None) -> str:
    """The words for CSS of a header: whose column it is, and where its text stands."""
    if cell is None:
        return ""
    words = [_HEADS.get(cell.style.fill or "", ""), "mid" if cell.style.align == "center" else ""]
    return " ".join(filter(None, words))


def bar_of(sheet: Sheet, rules: list[Rule], row: int, column: int) -> float | None:
    """How long the bar behind a number is, in per cent of the cell; None: there is none."""
    found = number_of(sheet.cells.get((row, column)))
    for rule in rules:
        if found is not None and rule.look.kind == "bar" and rule.covers(row, column):
            low, high = rule.look.low_at, rule.look.high_at
            return round(min(max((found - low) / (high - low), 0.0), 1.0) * 100, 1)
    return None


def verdict_look(verdict: float | None) -> str:
    """The words for CSS, after others, of a lead: level or without a verdict it has no colour."""
    return "" if not verdict else " good" if verdict > 0 else " bad"
