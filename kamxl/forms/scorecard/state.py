"""The line on the whole card: a check, not a greeting. As formulas, and the words stored in them.

It says "complete" only if every value can be right, and else the first thing that is wrong, and
where. A deliberate blank is an answer.
"""

from __future__ import annotations

from collections.abc import Iterator

from kamxl.forms.paper.book import Formula, Scalar, Slot, fixed
from kamxl.forms.paper.idioms import quoted, worded
from kamxl.forms.scorecard.calculation import shortened
from kamxl.forms.scorecard.filled import Filled, off_weights
from kamxl.forms.scorecard.grid import CardSize, ResultGrid, TableGrid, rated, supplier_keys
from kamxl.forms.scorecard.left import fits, sum_of, weights_odd
from kamxl.forms.scorecard.numbers import ODD, OPEN, Numbers, answered, open_cells
from kamxl.wording.texts import Texts

_T = "scorecard.table."
# What is said if several hold: the first. Its number (from 1) stands in the margin of the line.
# In a meeting a profile is whole without points, which is told before what is missing.
CODES = (
    "empty", "odd", "odd_wishes", "weights_scale", "points_scale", "left", "over", "missing",
    "done", "profile",
)  # fmt: skip
_OF_POINTS = frozenset({"odd_wishes", "points_scale"})
_WHY = ("below", "over", "share")  # what may be doubtful about a column of points


class State:
    """The formulas on the sheet *Scorecard*. ``result``: how the sheet *Result* is referred to."""

    def __init__(self, grid: TableGrid, texts: Texts, result: str) -> None:
        self._grid, self._texts, self._sheet = grid, texts, result
        self._result, self._numbers = ResultGrid(grid.size), Numbers(grid.size, result)

    def code(self) -> Formula:
        """Which of ``CODES`` holds, from 1."""
        grid, numbers, size = self._grid, self._numbers, self._grid.size
        open_ = self._weights_open() if size.profile else self._all_open()
        tests = {
            "odd": f'COUNTIF({numbers.all()},"{ODD}")>0',
            "empty": f'COUNT({numbers.all()})+COUNTIF({numbers.all()},"{OPEN}")=0',
            "odd_wishes": f"{self._sheet}{self._result.fact('odd_wishes')}>0",
            "weights_scale": weights_odd(grid, numbers),
            "points_scale": "" if size.profile else f'COUNTIF({self._checks()},"?*")>0',
            "over": f"AND({sum_of(grid)}>100,NOT({fits(grid)}))",
            "left": f"NOT({fits(grid)})",
            "profile": f"AND({self._weights_open()}=0,COUNT({numbers.ratings(0)})=0)",
            "missing": f"{open_}>0",
        }
        unheld = _OF_POINTS if size.profile else frozenset()
        tests = {key: test for key, test in tests.items() if key not in unheld}
        if not size.meeting:
            del tests["profile"]
        text = str(CODES.index("done") + 1)
        for key, test in reversed(tests.items()):
            text = f"IF({test},{CODES.index(key) + 1},{text})"
        return Formula(text, Slot("state.code"))

    def words(self) -> Formula:
        """What it means."""
        size = self._grid.size
        figures = {
            "odd": {"label": self._first_odd()},
            "missing": {"weights": self._weights_open()},
        }
        if not size.profile:
            figures["points_scale"] = {"name": self._first_doubted(), "why": self._why()}
            figures["missing"]["points"] = self._ratings_open()
        fixed_ = {"odd_wishes": {"sheet": self._texts("scorecard.wishes.sheet")}}
        said = (
            quoted("")
            if size.profile and key in _OF_POINTS
            else worded(self._texts, _words(size, key), figures.get(key, {}), fixed_.get(key, {}))
            for key in (CODES if size.meeting else CODES[:-1])
        )
        text = f"CHOOSE({fixed(self._grid.STATE, 1)},{','.join(said)})"
        return Formula(text, Slot("status"))

    def check(self, j: int, key: str) -> Formula:
        """What is doubtful about a supplier's column: none above 10, or several above 100; or a 1

        beside per cent, which may be a whole. A single rating is judged with all of them.
        """
        grid, ratings = self._grid, self._numbers.ratings(j)
        typed = grid.column(grid.supplier(j))
        over = f'COUNTIF({typed},">100")>1'
        every = self._numbers.all_ratings()
        several = f"OR(COUNT({ratings})>1,AND(COUNT({every})>1,MAX({every})<=10))"
        low = f"AND(MAX({ratings})>0,MAX({ratings})<=10,{several})"
        high, below, share = (
            quoted(self._texts(f"{_T}check_{one}")) for one in ("over", "below", "share")
        )
        # a whole in per cent is typed as 1 and counts as 100
        wholes = f"COUNTIF({ratings},100)-COUNTIF({typed},100)"
        shares = f'COUNTIFS({typed},">0",{typed},"<1")+COUNTIF({typed},"*%*")+{wholes}>0'
        bare = f"AND(COUNTIF({typed},1)>{wholes},{shares})"
        text = f'IF({over},{high},IF({low},{below},IF({bare},{share},"")))'
        return Formula(text, Slot(f"check.{key}"))

    def check_label(self) -> Formula:
        """What was meant, if any column is doubtful."""
        said = quoted(self._texts(_T + "check"))
        return Formula(f'IF(COUNTIF({self._checks()},"?*")>0,{said},"")', Slot("check.label"))

    def _checks(self) -> str:
        row, columns = self._grid.check_row, self._grid.suppliers
        return f"{fixed(row, columns[0])}:{fixed(row, columns[-1])}"

    def _first_odd(self) -> str:
        """Where the first cell is red: its row's label, or id if it has none."""
        odd = self._sheet + self._result.calc("odd")
        at = f"MATCH(1,{odd},0)"
        label = f"INDEX({self._sheet}{self._result.calc('label')},{at},1)"
        short = f'IF(LEN({label})>40,LEFT({label},39)&"…",{label})'
        nameless = quoted(self._texts(_T + "status_own_row"))
        return f'IF(COUNTIF({odd},1)=0,"",IF({label}="",{nameless},{short}))'

    def _first_doubted(self, *, said: bool = False) -> str:
        """Whose column is the first that is doubtful; ``said``: what stands below it."""
        text = '""'
        for j in reversed(range(len(self._grid.suppliers))):
            check = fixed(self._grid.check_row, self._grid.supplier(j))
            shown = check if said else self._sheet + self._result.contest("short", j)
            text = f'IF({check}<>"",{shown},{text})'
        return text

    def _why(self) -> str:
        """What is doubtful about it, in words."""
        _, *others = (quoted(self._texts(f"{_T}check_{one}")) for one in _WHY)
        why = [quoted(self._texts(f"{_T}why_{one}")) for one in _WHY]
        text = why[0]
        for one, words in zip(others, why[1:], strict=True):
            text = f"IF({self._first_doubted(said=True)}={one},{words},{text})"
        return text

    def _weights_open(self) -> str:
        """How many weights are missing: of what is asked, and of her own rows in use."""
        grid, numbers = self._grid, self._numbers
        asked = f"{grid.size.requirements}-{answered(numbers.asked(0))}"
        columns = (2, *grid.suppliers)
        first, last = grid.own_row + 1, grid.last
        used = "&".join(f"{fixed(first, c)}:{fixed(last, c)}" for c in columns)
        own = f'SUMPRODUCT(--({used}<>""),{open_cells(numbers.own(0))})'
        return f"({asked}+{own})"

    def _all_open(self) -> str:
        return f"{self._weights_open()}+{self._ratings_open()}"

    def _ratings_open(self) -> str:
        """How many ratings of us are missing where there is a weight."""
        weights, ratings = self._numbers.weights(), self._numbers.ratings(0)
        weighed = f"{rated(weights)}*({weights}>0)"
        return f"SUMPRODUCT({weighed},{open_cells(ratings)})"


def _words(size: CardSize, key: str) -> str:
    """The key of what a state says."""
    own = size.profile and key in ("missing", "done")
    return f"{'scorecard.first.' if own else _T}status_{key}"


# -- what is stored --------------------------------------------------------------------------------


def state(filled: Filled) -> str:
    """Which of ``CODES`` holds."""
    whole, odd = filled.card.weights_sum, any(row.odd for row in filled.rows)
    weights, ratings = _open(filled)
    holds = {
        "odd": odd,
        "empty": filled.nothing,
        "odd_wishes": filled.odd_wishes > 0,
        "weights_scale": filled.weights_odd,
        "points_scale": any(filled.doubts),
        "over": whole > 100 and off_weights(whole),
        "left": off_weights(whole),
        "profile": filled.size.meeting and not weights and filled.unrated,
        "missing": weights + ratings > 0,
    }
    return next((key for key, true in holds.items() if true), "done")


def said_state(filled: Filled, said: Texts) -> Iterator[tuple[str, Scalar]]:
    """The stored values of the line, and of the doubts below the totals, by slot."""
    key = state(filled)
    weights, points = _open(filled)
    yield "state.code", CODES.index(key) + 1
    odd = next((row.shown for row in filled.rows if row.odd), "")
    label = odd if len(odd) <= 40 else odd[:39] + "…"
    checks = filled.doubts
    found = ((s.name, c) for s, c in zip(filled.order.suppliers, checks, strict=True) if c)
    name, check = next(found, ("", ""))
    yield (
        "status",
        said(
            _words(filled.size, key),
            label=label or said(_T + "status_own_row"),
            name=shortened(name),
            why=said(f"{_T}why_{check}") if check else "",
            weights=weights,
            points=points,
            sheet=said("scorecard.wishes.sheet"),
        ),
    )
    yield "check.label", said(_T + "check") if any(checks) else ""
    for slot, check in zip(supplier_keys(filled.size), checks, strict=True):
        yield f"check.{slot}", said(f"{_T}check_{check}") if check else ""


def _open(filled: Filled) -> tuple[int, int]:
    """How many weights are missing, and how many ratings of us where there is a weight."""
    asked, own = (
        filled.rows[: filled.size.requirements],
        filled.rows[filled.size.requirements :],
    )
    weights = sum(row.weight is None for row in (*asked, *(r for r in own if r.used)))
    ratings = sum(bool(row.weight) and row.ratings[:1] == (None,) for row in filled.rows)
    return weights, ratings
