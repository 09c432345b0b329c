"""What is left to do, in words above the cells: weights left to give, requirements left to rate."""

from __future__ import annotations

from kamxl.core.method.robustness import TIE_DIGITS
from kamxl.core.method.scoring import WEIGHTS_SUM, WEIGHTS_TOLERANCE
from kamxl.forms.paper.book import Conditional, Formula, Slot, fixed_span
from kamxl.forms.paper.idioms import decimal, worded
from kamxl.forms.paper.raw import a1
from kamxl.forms.paper.style import BEHIND, BEHIND_SOFT, GOOD, GOOD_SOFT, WARN_SOFT
from kamxl.forms.scorecard.grid import TableGrid
from kamxl.wording.manner import rounded
from kamxl.wording.texts import Texts

_T = "scorecard.table."


def left_words(grid: TableGrid, texts: Texts) -> Formula:
    """ "15 left to give", "fits: 100" or "12 too much"."""
    left = f"({WEIGHTS_SUM:g}-{_sum(grid)})"
    figure = {"left": decimal(f"ABS{left}", texts.manner.point)}
    some, over = (worded(texts, f"{_T}left_{key}", figure) for key in ("some", "over"))
    none = worded(texts, _T + "left_none", {})
    text = f"IF({_fits(grid)},{none},IF({left}>0,{some},{over}))"
    return Formula(text, Slot("left"))


def said_left(whole: float, texts: Texts) -> str:
    """The same words for a sum of weights."""
    left = WEIGHTS_SUM - whole
    if round(abs(left) - WEIGHTS_TOLERANCE, TIE_DIGITS) <= 0:
        return texts(_T + "left_none")
    figure = texts.manner.exact(rounded(abs(left), 2), "0.##")
    return texts(f"{_T}left_{'some' if left > 0 else 'over'}", left=figure)


def rated_words(grid: TableGrid, texts: Texts) -> Formula:
    """How many of the asked requirements are rated for us."""
    last = grid.row(grid.size.requirements - 1)
    cells = fixed_span(grid.FIRST, grid.us, last, grid.us)
    of = {"of": grid.size.requirements}
    words = worded(texts, _T + "rated_of", {"rated": f"COUNT({cells})"}, of)
    return Formula(words, Slot("rated"))


def left_colors(grid: TableGrid) -> list[Conditional]:
    """The colours of the words on the weights: to go on, done, too much."""
    cell, whole = a1(grid.LIVE, grid.weight), _sum(grid)
    return [
        Conditional(cell, formula=_fits(grid), fill=GOOD_SOFT, color=GOOD, stops=True),
        Conditional(
            cell, formula=f"{whole}>{WEIGHTS_SUM:g}", fill=BEHIND_SOFT, color=BEHIND, stops=True
        ),
        Conditional(cell, formula=f"{whole}>0", fill=WARN_SOFT),
    ]


def _sum(grid: TableGrid) -> str:
    return f"SUM({grid.column(grid.weight)})"


def _fits(grid: TableGrid) -> str:
    off = f"ABS({WEIGHTS_SUM:g}-{_sum(grid)})"
    return f"ROUND({off}-{WEIGHTS_TOLERANCE:g},{TIE_DIGITS})<=0"
