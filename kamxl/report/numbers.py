"""What a cell shows, as text: the workbook's number formats in the reader's language.

A number is rounded as spreadsheets do (half away from zero, from 15 digits), so that the page shows
what the sheet shows.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext

from kamxl.forms.paper.book import Cell, Formula, Scalar, Slot
from kamxl.wording.texts import Texts

_EXACT = Context(prec=400, rounding=ROUND_HALF_UP)  # the largest number has 309 digits
_PART = re.compile(r'("[^"]*")|;')
_CONDITION = re.compile(r"\[=(-?\d+)\]")
_PATTERN = re.compile(r'(?:"([^"]*)"|([#0,.]+)|(.))')


def value_of(cell: Cell | None) -> Scalar:
    """What stands in a cell, of a formula its stored value; nothing is None."""
    content = cell.content if cell else None
    if isinstance(content, Formula):
        content = content.value
    if isinstance(content, Slot):
        raise TypeError(f"the slot {content.key!r} holds no value")
    return None if content == "" else content


def number_of(cell: Cell | None) -> float | None:
    """The number in a cell; None if there is none."""
    value = value_of(cell)
    known = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return float(value) if known and isinstance(value, int | float) else None


def plain_value(cell: Cell | None) -> str:
    """A number or day in full, as programs write it: to sort by, and to compare; else empty."""
    value = value_of(cell)
    if isinstance(value, date):
        return value.isoformat()
    return "" if number_of(cell) is None or value is None else f"{value!r}"


@dataclass(frozen=True, slots=True)
class Shown:
    """Cells as texts in one language; ``file``: the workbook that they stand in."""

    t: Texts
    file: str = "Portfolio.xlsx"

    def cell(self, cell: Cell | None) -> str:
        """What a cell shows."""
        value = value_of(cell)
        if cell is None or value is None:
            return ""
        if isinstance(value, datetime):
            return self.t.manner.moment(value)
        if isinstance(value, date):
            return self.t.day(value)
        if isinstance(value, str):
            return value
        return self.number(value, cell.style.format)

    def number(self, value: float, pattern: str = "General") -> str:
        """A number in one of the formats the forms use: ``0.0;-0.0;0``, ``#,##0``, ``0" of 5"``."""
        if not math.isfinite(value):
            return ""
        with localcontext(_EXACT):
            exact = Decimal(f"{value:.15g}")
            if pattern == "General":
                return self.t.manner.exact(exact, "0." + "#" * max(0, _places(exact)))
            sections = _sections(pattern)
            if all(_CONDITION.match(one) for one in sections[:-1]) and len(sections) > 1:
                return self._formatted(abs(exact), _chosen(sections, exact))
            if len(sections) == 1:
                return ("-" if exact < 0 else "") + self._formatted(abs(exact), sections[0])
            at = 1 if exact < 0 else 2 if exact == 0 and len(sections) > 2 else 0
            return self._formatted(abs(exact), sections[at])

    def _formatted(self, exact: Decimal, section: str) -> str:
        """One section of a format, its literals included."""
        found = _PATTERN.findall(section)
        if any(sign == "%" for _, _, sign in found):
            exact = exact * 100
        parts = []
        for literal, digits, sign in found:
            if digits:
                parts.append(self.t.manner.exact(exact, digits))
            else:
                parts.append(literal or sign)
        return "".join(parts)


def _chosen(sections: list[str], exact: Decimal) -> str:
    """The section of ``[=2]"●";[=1]"○";"–"`` that holds for a number, without its condition."""
    for one in sections[:-1]:
        found = _CONDITION.match(one)
        if found and Decimal(found.group(1)) == exact:
            return one[found.end() :]
    return sections[-1]


def _sections(pattern: str) -> list[str]:
    """The parts of a format between semicolons that stand outside of quotes."""
    cuts = [m.start() for m in _PART.finditer(pattern) if not m.group(1)]
    starts, ends = [0, *(cut + 1 for cut in cuts)], [*cuts, len(pattern)]
    return [pattern[a:b] for a, b in zip(starts, ends, strict=True)]


def _places(exact: Decimal) -> int:
    exponent = exact.normalize().as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0
