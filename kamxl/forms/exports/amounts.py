"""Amounts as other programs write them; of a column, which mark its decimals have.

"1.234" is a thousand in Berlin and one in Boston: what the other amounts of its column show
decides, and where they show nothing it is asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from kamxl.forms.paper.raw import RawCell, RawKind
from kamxl.forms.tables.fields import MAX_TYPED, Parsed, is_date_format, plain
from kamxl.forms.tables.figures import (
    FACTORS,
    POINT,
    Figure,
    bare_of,
    figure,
    is_negative,
    money,
    shown_mark,
)
from kamxl.wording.understood import folded, is_blank


def decimal_marks(texts: Iterable[str]) -> frozenset[str]:
    """The decimal marks that these amounts show; none, one, or both: then they disagree."""
    return frozenset(mark for text in texts if (mark := shown_mark(bare_of(plain(text))[0])))


def amount(cell: RawCell | None, decimal: str = "", times: float = 1.0) -> Parsed[float]:
    """An amount, ``times`` what its header says (thousands); a blank is None.

    ``decimal``: the mark of its column ("": not known). The codes are those of ``fields.amount``.
    """
    if cell is None or not plain(cell.text):
        return Parsed()
    if cell.kind is RawKind.NUMBER and cell.number is not None:
        if is_date_format(cell.number_format):
            return Parsed(code="number-date")
        return _checked(cell.number * times)
    if cell.kind is not RawKind.TEXT:
        return Parsed(code="number-error" if cell.kind is RawKind.ERROR else "number-text")
    if is_blank(cell.text, among_numbers=True):
        return Parsed(deliberate=True)
    seen = plain(cell.text)
    found = money(seen, decimal, times) if len(seen) <= MAX_TYPED else Figure(code="number-text")
    if found.code == "number-ambiguous" and is_negative(seen):
        return Parsed(code="number-negative")  # whichever it is
    return _checked(found.value) if found.value is not None else Parsed(code=found.code)


def looks_formatted(text: str) -> bool:
    """Whether a text is an amount by its looks: grouped, with decimals, a currency, or a factor."""
    seen = plain(text)
    bare, times = bare_of(seen)
    if figure(bare, POINT).value is None:
        return False
    return bool(times) or bare != seen or not bare.isdigit()


def thousands_in(header: str) -> float:
    """What amounts under this header count in: 1000 where it says "TEUR"."""
    return _factor(r"(?:^|[\s(\[/,_-]){}(?:$|[\s)\]/,_-])", plain(header).casefold())


def _factor(shape: str, text: str) -> float:
    for kind, times in FACTORS:
        words = "|".join(sorted(map(re.escape, folded(kind)), key=len, reverse=True))
        if re.search(shape.replace("{}", f"(?:{words})"), text):
            return times
    return 1.0


def _checked(value: float) -> Parsed[float]:
    if value < 0:
        return Parsed(code="number-negative")
    return Parsed(round(value, 6)) if value < 1e15 else Parsed(code="number-range")
