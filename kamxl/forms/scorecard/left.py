"""What stands above the cells that are to be filled in: weight left to give, what is answered."""

from __future__ import annotations

from kamxl.core.method.robustness import TIE_DIGITS
from kamxl.core.method.scoring import WEIGHTS_SUM, WEIGHTS_TOLERANCE
from kamxl.forms.paper.book import Conditional, Formula, Slot, fixed
from kamxl.forms.paper.idioms import decimal, worded
from kamxl.forms.paper.raw import a1
from kamxl.forms.paper.style import BEHIND, BEHIND_SOFT, GOOD, GOOD_SOFT, WARN_SOFT
from kamxl.forms.scorecard.filled import SLIP, off_weights
from kamxl.forms.scorecard.grid import TableGrid
from kamxl.forms.scorecard.numbers import Numbers, answered
from kamxl.wording.manner import rounded
from kamxl.wording.texts import Texts

_T = "scorecard.table."


def left_words(grid: TableGrid, numbers: Numbers, texts: Texts) -> Formula:
    """ "15 left to give", "fits: 100", "12 too much", or that these are no per cent."""
    left = f"({WEIGHTS_SUM:g}-{sum_of(grid)})"
    figure = {"left": decimal(f"ABS{left}", texts.manner.point)}
    some, over = (worded(texts, f"{_T}left_{key}", figure) for key in ("some", "over"))
    whole = {"sum": decimal(sum_of(grid), texts.manner.point)}
    odd, none = worded(texts, _T + "left_scale", whole), worded(texts, _T + "left_none", {})
    going = f"IF({weights_odd(grid, numbers)},{odd},IF({left}>0,{some},{over}))"
    return Formula(f"IF({fits(grid)},{none},{going})", Slot("left"))


def said_left(whole: float, texts: Texts, *, odd: bool = False) -> str:
    """The same words for a sum of weights. ``odd``: they look like no per cent."""
    left = WEIGHTS_SUM - whole
    if not off_weights(whole):
        return texts(_T + "left_none")
    if odd:
        return texts(_T + "left_scale", sum=_figure(whole, texts))
    return texts(f"{_T}left_{'some' if left > 0 else 'over'}", left=_figure(abs(left), texts))


def _figure(number: float, texts: Texts) -> str:
    return texts.manner.exact(rounded(number, 2), "0.##")


def rated_words(grid: TableGrid, numbers: Numbers, texts: Texts) -> Formula:
    """How many of the asked requirements are rated for us, or left out on purpose."""
    of = {"of": grid.size.requirements}
    words = worded(texts, _T + "rated_of", {"rated": answered(numbers.asked(1))}, of)
    return Formula(words, Slot("rated"))


def left_colors(grid: TableGrid) -> list[Conditional]:
    """The colours of the words on the weights: to go on, done, too much."""
    cell, whole = a1(grid.LIVE, grid.weight), sum_of(grid)
    return [
        Conditional(cell, formula=fits(grid), fill=GOOD_SOFT, color=GOOD, stops=True),
        Conditional(
            cell, formula=f"{whole}>{WEIGHTS_SUM:g}", fill=BEHIND_SOFT, color=BEHIND, stops=True
        ),
        Conditional(cell, formula=f"{whole}>0", fill=WARN_SOFT),
    ]


def weights_odd(grid: TableGrid, numbers: Numbers, whole: str = "") -> str:
    """A test: whether the weights look like points from 1 to 10, or like fractions.

    All are given, none is above 10, and they are far from 100; until then somebody is typing.
    ``whole``: where their sum stands, seen from another sheet.
    """
    weights, asked = numbers.weights(), numbers.asked(0)
    given = f"{answered(asked)}>={grid.size.requirements},COUNT({weights})>1"
    far = f"ABS({WEIGHTS_SUM:g}-{whole or sum_of(grid)})>{SLIP:g}"
    return f"AND({given},MAX({weights})<=10,MAX({weights})>0,{far})"


def sum_of(grid: TableGrid) -> str:
    """The cell with the sum of the weights."""
    return fixed(grid.sum_row, grid.weight)


def fits(grid: TableGrid) -> str:
    """A test: whether the weights make 100."""
    off = f"ABS({WEIGHTS_SUM:g}-{sum_of(grid)})"
    return f"ROUND({off}-{WEIGHTS_TOLERANCE:g},{TIE_DIGITS})<=0"
