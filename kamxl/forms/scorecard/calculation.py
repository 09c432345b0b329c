"""The calculation behind the sheet *Result*, far right of its printed page, in the open.

Missing numbers are -1 (or -50 in the picture, beyond its axes): a text there would count as larger
than any number, and an error value would show in previews.
"""

from __future__ import annotations

from collections.abc import Mapping

from kamxl.core.method.basis import LEVEL_WITHIN
from kamxl.core.method.robustness import TIE_DIGITS
from kamxl.forms.paper.book import Content, Formula, Sheet, Slot, fixed
from kamxl.forms.paper.style import MUTED, SECTION, Style
from kamxl.forms.scorecard.grid import (
    CALC_COLUMNS,
    CONTEST_COLUMNS,
    CardSize,
    ResultGrid,
    TableGrid,
    rated,
)
from kamxl.forms.scorecard.left import weights_odd
from kamxl.forms.scorecard.numbers import ODD, Numbers, put_numbers
from kamxl.forms.tables.judged import enough
from kamxl.wording.texts import Texts

_R = "scorecard.result."
_OFF = -50  # beyond the axes of the picture: not drawn
CALC_CELL = Style(size=8, color=MUTED, format="0.####;;0", align="right")
_SIGNED = "+0.0###;-0.0###;0"
_TEXTS = frozenset({"label", "given", "good", "name", "short", "word"})
_SIGNED_COLUMNS = frozenset({"lead", "verdict", "contest"})
_SHORT = 32  # letters of a name in a sentence; the table of suppliers has it whole
_FACT_STYLES = {name: CALC_CELL.but(format=_SIGNED) for name in ("lead", "verdict")}
CALC_HEAD = Style(size=8, color=MUTED, bold=True, align="right")


class Source:
    """References into the sheet *Scorecard*."""

    def __init__(self, size: CardSize, title: str) -> None:
        self.grid = TableGrid(size)
        self.sheet = "'" + title.replace("'", "''") + "'!"

    def cell(self, row: int, column: int) -> str:
        return self.sheet + fixed(row, column)


def shortened(name: str) -> str:
    """A name as sentences have it."""
    return name if len(name) <= _SHORT else name[: _SHORT - 1] + "…"


def _shortened(cell: str) -> str:
    return f'IF(LEN({cell})>{_SHORT},LEFT({cell},{_SHORT - 1})&"…",{cell}&"")'


def place_among(ranked: str, all_ranked: str) -> str:
    """The rank of a supplier; of one alone there is none: it is first of nobody."""
    several = f'COUNTIF({all_ranked},">=0")>1'
    return f'IF(AND({ranked}>=0,{several}),RANK({ranked},{all_ranked},0),"")'


class Contest:
    """What is calculated of each supplier, the table of suppliers far right of which it stands."""

    def __init__(self, grid: ResultGrid, source: Source, numbers: Numbers) -> None:
        self._grid, self._source, self._numbers = grid, source, numbers

    def put(self, sheet: Sheet, j: int, key: str, more: Mapping[str, Formula]) -> None:
        """Draw it of a supplier. ``more``: what is said of it in words."""
        row = self._grid.supplier_row(j)
        drawn = {
            name: Formula(text, Slot(f"{name}.{key}")) for name, text in self._of(j).items()
        } | dict(more)
        for name, formula in drawn.items():
            style = CALC_CELL.but(format=_SIGNED) if name in _SIGNED_COLUMNS else CALC_CELL
            style = style.but(align="left") if name in _TEXTS else style
            sheet.put(row, self._grid.contest_column(name), formula, style)
        if j:
            by_id = self._grid.contest_column("by_id")
            sheet.put(row, by_id, Slot(f"by_id.{key}"), CALC_CELL)

    def _of(self, j: int) -> dict[str, str]:
        grid, source, table = self._grid, self._source, self._source.grid
        column, c = table.supplier(j), {name: grid.contest(name, j) for name in CONTEST_COLUMNS}
        total, coverage = (source.cell(table.sum_row + offset, column) for offset in (1, 2))
        ranked = f"IF({enough(c['coverage'])},ROUND({c['total']},9),-1)"
        above = f"{grid.contest('ranked', 0)}:{c['ranked']}"
        place, places = f"{j + 1}", grid.of_all("standing")
        found = {
            "name": f'{source.cell(table.HEADER, column)}&""',
            "short": _shortened(c["name"]),
            "total": total,
            "coverage": coverage,
            "rank": place_among(c["ranked"], grid.of_all("ranked")),
            "ranked": f"IF(ISNUMBER({c['total']}),{ranked},-1)",
            "standing": f"RANK({c['ranked']},{grid.of_all('ranked')},0)"
            f"+COUNTIF({above},{c['ranked']})-1",
            "listed": f"IF(COUNTIF({places},{place})=0,{place},MATCH({place},{places},0))",
            "doubt": self._doubt(j),
        }
        return found | (self._against(j, c) if j else {})

    def _doubt(self, j: int) -> str:
        """1 if nothing may be said of a supplier: its points, ours or the weights are doubtful."""
        table, whole = self._source.grid, self._grid.fact("sum")
        check = f'{self._source.cell(table.check_row, table.supplier(j))}<>""'
        ours = f"{self._grid.contest('doubt', 0)}=1"
        return f"IF(OR({ours if j else weights_odd(table, self._numbers, whole)},{check}),1,0)"

    def _against(self, j: int, c: Mapping[str, str]) -> dict[str, str]:
        """Whether a competitor is the best: the one over whom our lead is smallest, of those

        compared on enough of the weights; if none is, the one with the highest total, whom to name
        without a verdict. On a tie the stronger one on the heavier requirements, then by id.
        """
        of_all = {name: self._grid.contests(name) for name in CONTEST_COLUMNS}
        weights, common = self._numbers.weights(), self._common(j)
        by_total = f'IF(ISNUMBER({c["total"]}),ROUND({c["total"]},9),"")'
        by_lead = f'IF(ISNUMBER({c["verdict"]}),-ROUND({c["lead"]},9),"")'
        first = f"{c['contest']}=MAX({of_all['contest']})"
        strength = f"IF({first},{self._strength(j)},-1)"
        return {
            "common": f'IF(SUM({weights})>0,{common}/SUM({weights}),"")',
            "lead": self._lead(j, common),
            "verdict": verdict(c["lead"], c["common"], c["doubt"]),
            "contest": f"IF(COUNT({of_all['verdict']})>0,{by_lead},{by_total})",
            "heavy": f"IF(ISNUMBER({c['contest']}),{strength},-1)",
            "named": f"IF({c['heavy']}<0,-1,"
            f"IF({c['heavy']}<MAX({of_all['heavy']}),-1,{c['by_id']}))",
        }

    def _common(self, j: int) -> str:
        """The sum of the weights of what is rated for us and for competitor ``j``."""
        us, rival = self._numbers.ratings(0), self._numbers.ratings(j)
        return f"SUMPRODUCT({self._numbers.weights()},{rated(us)},{rated(rival)})"

    def _lead(self, j: int, both: str) -> str:
        """Our lead over competitor ``j``, over the requirements rated for both."""
        weights, us, rival = (
            self._numbers.weights(),
            self._numbers.ratings(0),
            self._numbers.ratings(j),
        )
        ours = f"SUMPRODUCT({weights},{us},{rated(rival)})"
        theirs = f"SUMPRODUCT({weights},{rival},{rated(us)})"
        return f'IF({both}>0,({ours}-{theirs})/{both},"")'

    def _strength(self, j: int) -> str:
        """The total of competitor ``j`` with the heavier requirements heavier still."""
        weights, ratings = self._numbers.weights(), self._numbers.ratings(j)
        squared = f"SUMPRODUCT({weights},{weights},{rated(ratings)})"
        return f"ROUND(SUMPRODUCT({weights},{weights},{ratings})/{squared},{TIE_DIGITS})"


def verdict(lead: str, share: str, doubt: str) -> str:
    """1, 0 or -1: we are ahead, level or behind; an empty text below the line, or in doubt."""
    level = f"ROUND(ABS({lead})-{LEVEL_WITHIN:g},{TIE_DIGITS})<0"
    judged = f'IF({enough(share)},IF({level},0,SIGN({lead})),"")'
    return f'IF(AND(ISNUMBER({lead}),{doubt}=0),{judged},"")'


def calculate(
    sheet: Sheet, grid: ResultGrid, texts: Texts, source: Source, odd_wishes: str
) -> None:
    """Draw the calculation: a row per requirement, the single figures, the suppliers' ranks.

    ``odd_wishes``: how many answers on the sheet of wishes cannot be right.
    """
    numbers, head = Numbers(grid.size), grid.CALC_FIRST - 1
    sheet.put(head - 1, grid.CALC, texts(_R + "calculation"), SECTION.but(size=9, color=MUTED))
    for offset, name in enumerate(CALC_COLUMNS):
        sheet.put(head, grid.CALC + offset, texts(f"{_R}calc_{name}"), CALC_HEAD)
    sheet.put(head, grid.numbers, texts(_R + "calc_numbers"), CALC_HEAD)
    put_numbers(sheet, grid, source.grid, source.sheet, CALC_CELL.but(format="General"))
    for name in CONTEST_COLUMNS:
        sheet.put(head, grid.contest_column(name), texts(f"{_R}calc_{name}"), CALC_HEAD)
        sheet.widths[grid.contest_column(name)] = 14
    for index in range(grid.size.rows):
        for name, text in _requirement(grid, index, source, numbers).items():
            row, column = grid.CALC_FIRST + index, grid.CALC + CALC_COLUMNS.index(name)
            style = CALC_CELL.but(align="left") if name in _TEXTS else CALC_CELL
            slot = Slot(f"calc.{name}.{index}")
            sheet.put(row, column, slot if text is None else Formula(text, slot), style)
    for offset, (name, fact) in enumerate(_facts(grid, numbers, odd_wishes).items()):
        row = grid.CALC_FIRST + offset
        sheet.put(row, grid.facts, texts(f"{_R}fact_{name}"), CALC_HEAD)
        slot = Slot(f"fact.{name}")
        content: Content = slot if fact is None else Formula(fact, slot)
        sheet.put(row, grid.facts + 1, content, _FACT_STYLES.get(name, CALC_CELL))
    sheet.widths |= {grid.facts: 26, grid.facts + 1: 16}


_WEIGHED = ("label", "weight", "given", "good", "weight_key", "weight_rank", "weight_index", "odd")


def calculate_profile(sheet: Sheet, grid: ResultGrid, texts: Texts, source: Source) -> None:
    """Draw what a profile needs of it: its requirements by weight, where they stand on cards."""
    numbers, head = Numbers(grid.size), grid.CALC_FIRST - 1
    sheet.put(head - 1, grid.CALC, texts(_R + "calculation"), SECTION.but(size=9, color=MUTED))
    sheet.put(head, grid.numbers, texts(_R + "calc_numbers"), CALC_HEAD)
    put_numbers(sheet, grid, source.grid, source.sheet, CALC_CELL.but(format="General"))
    for name in _WEIGHED:
        sheet.put(head, grid.CALC + CALC_COLUMNS.index(name), texts(f"{_R}calc_{name}"), CALC_HEAD)
    for index in range(grid.size.rows):
        formulas = _requirement(grid, index, source, numbers)
        for name in _WEIGHED:
            column, text = grid.CALC + CALC_COLUMNS.index(name), formulas[name]
            style = CALC_CELL.but(align="left") if name in _TEXTS else CALC_CELL
            slot = Slot(f"calc.{name}.{index}")
            content: Content = slot if text is None else Formula(text, slot)
            sheet.put(grid.CALC_FIRST + index, column, content, style)


def _requirement(
    grid: ResultGrid, index: int, source: Source, numbers: Numbers
) -> dict[str, str | None]:
    """The formulas of one requirement's row in the calculation; None is a text of the card."""
    table = source.grid
    row = table.row(index)
    label, good = (source.cell(row, c) for c in (2, table.good))
    weight, us = numbers.weight(index), numbers.rating(0, index)
    c = {name: grid.calc(name, index) for name in CALC_COLUMNS}
    whole, common, best = grid.fact("sum"), grid.fact("common"), grid.fact("best")
    own = source.cell(row, 1)
    given = weight if grid.size.profile else f"{weight},{us}"
    named = f'IF({label}<>"",{label},IF(COUNT({given})>0,{own},""))'
    rival = numbers.rival(index, best) if grid.size.competitors else ""
    chosen = f"IF({best}=0,-1,IF(ISNUMBER({rival}),{rival},-1))" if grid.size.competitors else "-1"
    return {
        "label": named,
        "weight": f"IF(ISNUMBER({weight}),{weight},-1)",
        "us": f"IF(ISNUMBER({us}),{us},-1)",
        "best": chosen,
        "gap": f"IF(AND({c['weight']}>=0,{c['us']}>=0,{whole}>0),"
        f"{c['weight']}*(100-{c['us']})/MAX({whole},0.000000001),-1)",
        "key": f'IF({c["gap"]}>=0,ROUND({c["gap"]},9),IF({c["label"]}="",-2,-1))',
        "both": f"IF(AND({c['weight']}>=0,{c['us']}>=0,{c['best']}>=0),{c['weight']},0)",
        "lead": f"IF(AND({c['weight']}>=0,{c['us']}>=0,{c['best']}>=0,{common}>0),"
        f'{c["weight"]}*({c["us"]}-{c["best"]})/MAX({common},0.000000001),"")',
        "rank": _rank_of(grid, index, "key"),
        "index": _index_of(grid, index, "rank"),
        "x": _point(grid, index, "us"),
        "y": _point(grid, index, "weight"),
        "given": None,
        "good": f'IF({good}<>"",{good},IF({c["given"]}<>"",{c["given"]},""))',
        "weight_key": f'IF({c["weight"]}>=0,ROUND({c["weight"]},9),IF({c["label"]}="",-2,-1))',
        "weight_rank": _rank_of(grid, index, "weight_key"),
        "weight_index": _index_of(grid, index, "weight_rank"),
        "odd": f'IF(COUNTIF({numbers.row(index)},"{ODD}")>0,1,0)',
    }


def _rank_of(grid: ResultGrid, index: int, key: str) -> str:
    """The place of a requirement by a key, the largest first, ties in the order of the card."""
    own, above = grid.calc(key, index), f"{grid.calc(key, 0)}:{grid.calc(key, index)}"
    return f"IF({own}<-1,0,RANK({own},{grid.calc(key)},0)+COUNTIF({above},{own})-1)"


def _index_of(grid: ResultGrid, place: int, rank: str) -> str:
    """Which requirement has a place; 0: none."""
    ranks = grid.calc(rank)
    return f"IF(COUNTIF({ranks},{place + 1})=0,0,MATCH({place + 1},{ranks},0))"


def _point(grid: ResultGrid, place: int, name: str) -> str:
    """A coordinate of the sorted list's requirement, or beyond the axes if either is unknown."""
    index = grid.calc("index", place)
    us, weight = (f"INDEX({grid.calc(n)},{index},1)" for n in ("us", "weight"))
    shown = us if name == "us" else weight
    return f"IF({index}=0,{_OFF},IF(OR({us}<0,{weight}<0),{_OFF},{shown}))"


def _facts(grid: ResultGrid, numbers: Numbers, odd_wishes: str) -> dict[str, str | None]:
    """The single figures; None is a constant of the card."""
    weights = numbers.weights()
    best, lead = "0", '""'
    whole, both = grid.fact("sum"), grid.fact("common")
    if grid.size.competitors:
        named = grid.contests("named")
        best = f"IF(MAX({named})<0,0,MATCH(MAX({named}),{named},0))"
        lead = f'IF({both}>0,SUM({grid.calc("lead")}),"")'
    count = f'COUNTIF({weights},">0")'
    return {
        "sum": f"SUM({weights})",
        "best": best,
        "common": f"SUM({grid.calc('both')})",
        "lead": lead,
        "share": f"IF({whole}>0,{both}/{whole},0)",
        "verdict": verdict(grid.fact("lead"), grid.fact("share"), grid.doubt_of_best()),
        "mean": f"IF({count}>0,SUM({weights})/{count},{_OFF})",
        "top": f"IF({count}>0,CEILING(MAX({weights})*1.1,5),5)",
        "threshold": None,
        "zero": None,
        "hundred": None,
        "judged": None,
        "unjudged": None,
        "odd_wishes": odd_wishes,
    }
