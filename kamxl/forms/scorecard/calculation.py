"""The calculation behind the sheet *Result*, right of its printed page, in the open.

Missing numbers are -1 (or -50 in the picture, beyond its axes): a text there would count as larger
than any number, and an error value would show in previews.
"""

from __future__ import annotations

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
from kamxl.forms.tables.judged import enough
from kamxl.wording.texts import Texts

_R = "scorecard.result."
_OFF = -50  # beyond the axes of the picture: not drawn
CALC_CELL = Style(size=8, color=MUTED, format="0.####;;0", align="right")
_SIGNED = "+0.0###;-0.0###;0"
_TEXTS = frozenset({"label", "given", "good"})
_SIGNED_COLUMNS = frozenset({"lead", "verdict", "contest"})
_FACT_STYLES = {name: CALC_CELL.but(format=_SIGNED) for name in ("lead", "verdict")}
CALC_HEAD = Style(size=8, color=MUTED, bold=True, align="right")


class Source:
    """References into the sheet *Scorecard*."""

    def __init__(self, size: CardSize, title: str) -> None:
        self.grid = TableGrid(size)
        self.sheet = "'" + title.replace("'", "''") + "'!"

    def cell(self, row: int, column: int) -> str:
        return self.sheet + fixed(row, column)

    def column(self, column: int) -> str:
        return self.sheet + self.grid.column(column)

    def answers(self) -> str:
        """All weights and ratings."""
        return self.sheet + self.grid.answers()

    def rival(self, row: int, number: str) -> str:
        """One requirement's rating of a competitor; Gnumeric has no place in a single cell."""
        first, last = self.grid.first_rival, self.grid.last_rival
        if first == last:
            return self.cell(row, first)
        return f"INDEX({self.sheet}{fixed(row, first)}:{fixed(row, last)},1,{number})"


def place_among(ranked: str, all_ranked: str) -> str:
    """The rank of a supplier; of one alone there is none: it is first of nobody."""
    several = f'COUNTIF({all_ranked},">=0")>1'
    return f'IF(AND({ranked}>=0,{several}),RANK({ranked},{all_ranked},0),"")'


def rank(sheet: Sheet, grid: ResultGrid, j: int, key: str, source: Source) -> None:
    """What is calculated of a supplier: whether it is ranked; of a competitor, if it is the best.

    Best is the one over whom our lead is smallest, of those compared on enough of the weights; if
    none is, the one with the highest total, whom to name without a verdict. On a tie the stronger
    one on the heavier requirements, then by id.
    """
    row, c = grid.supplier_row(j), {name: grid.contest(name, j) for name in CONTEST_COLUMNS}
    total, coverage, share = (fixed(row, column) for column in (3, 4, 6))
    ranked = f"IF(ISNUMBER({total}),IF({enough(coverage)},ROUND({total},9),-1),-1)"
    formulas = {"ranked": ranked}
    if j:
        of_all = {name: grid.contests(name) for name in CONTEST_COLUMNS}
        by_total = f'IF(ISNUMBER({total}),ROUND({total},9),"")'
        by_lead = f'IF(ISNUMBER({c["verdict"]}),-ROUND({c["lead"]},9),"")'
        first = f"{c['contest']}=MAX({of_all['contest']})"
        strength = f"IF({first},{_strength(source, j)},-1)"
        formulas |= {
            "lead": _lead_over(source, j),
            "verdict": verdict(c["lead"], share),
            "contest": f"IF(COUNT({of_all['verdict']})>0,{by_lead},{by_total})",
            "heavy": f"IF(ISNUMBER({c['contest']}),{strength},-1)",
            "named": f"IF({c['heavy']}<0,-1,"
            f"IF({c['heavy']}<MAX({of_all['heavy']}),-1,{c['by_id']}))",
        }
        sheet.put(row, grid.contest_column("by_id"), Slot(f"by_id.{key}"), CALC_CELL)
    for name, text in formulas.items():
        style = CALC_CELL.but(format=_SIGNED) if name in _SIGNED_COLUMNS else CALC_CELL
        sheet.put(row, grid.contest_column(name), Formula(text, Slot(f"{name}.{key}")), style)


def verdict(lead: str, share: str) -> str:
    """1, 0 or -1: we are ahead, level or behind; an empty text below the line."""
    level = f"ROUND(ABS({lead})-{LEVEL_WITHIN:g},{TIE_DIGITS})<0"
    judged = f'IF({enough(share)},IF({level},0,SIGN({lead})),"")'
    return f'IF(ISNUMBER({lead}),{judged},"")'


def common(source: Source, j: int) -> str:
    """The sum of the weights of what is rated for us and for competitor ``j``."""
    table = source.grid
    weights, us, rival = (source.column(c) for c in (table.weight, table.us, table.supplier(j)))
    return f"SUMPRODUCT({weights},{rated(us)},{rated(rival)})"


def _lead_over(source: Source, j: int) -> str:
    """Our lead over competitor ``j``, over the requirements rated for both."""
    table, both = source.grid, common(source, j)
    weights, us, rival = (source.column(c) for c in (table.weight, table.us, table.supplier(j)))
    ours = f"SUMPRODUCT({weights},{us},{rated(rival)})"
    theirs = f"SUMPRODUCT({weights},{rival},{rated(us)})"
    return f'IF({both}>0,({ours}-{theirs})/{both},"")'


def _strength(source: Source, j: int) -> str:
    """The total of competitor ``j`` with the heavier requirements heavier still."""
    weights = source.column(source.grid.weight)
    ratings = source.column(source.grid.supplier(j))
    squared = f"SUMPRODUCT({weights},{weights},{rated(ratings)})"
    return f"ROUND(SUMPRODUCT({weights},{weights},{ratings})/{squared},{TIE_DIGITS})"


def calculate(sheet: Sheet, grid: ResultGrid, texts: Texts, source: Source) -> None:
    """Draw the calculation: a row per requirement, the single figures, the suppliers' ranks."""
    head = grid.CALC_FIRST - 1
    sheet.put(head - 1, grid.CALC, texts(_R + "calculation"), SECTION.but(size=9, color=MUTED))
    for offset, name in enumerate(CALC_COLUMNS):
        sheet.put(head, grid.CALC + offset, texts(f"{_R}calc_{name}"), CALC_HEAD)
    for name in CONTEST_COLUMNS:
        sheet.put(head, grid.contest_column(name), texts(f"{_R}calc_{name}"), CALC_HEAD)
        sheet.widths[grid.contest_column(name)] = 14
    for index in range(grid.size.rows):
        for name, text in _requirement(grid, index, source).items():
            row, column = grid.CALC_FIRST + index, grid.CALC + CALC_COLUMNS.index(name)
            style = CALC_CELL.but(align="left") if name in _TEXTS else CALC_CELL
            slot = Slot(f"calc.{name}.{index}")
            sheet.put(row, column, slot if text is None else Formula(text, slot), style)
    for offset, (name, fact) in enumerate(_facts(grid, source).items()):
        row = grid.CALC_FIRST + offset
        sheet.put(row, grid.facts, texts(f"{_R}fact_{name}"), CALC_HEAD)
        slot = Slot(f"fact.{name}")
        content: Content = slot if fact is None else Formula(fact, slot)
        sheet.put(row, grid.facts + 1, content, _FACT_STYLES.get(name, CALC_CELL))
    sheet.widths |= {grid.facts: 26, grid.facts + 1: 16}


def _requirement(grid: ResultGrid, index: int, source: Source) -> dict[str, str | None]:
    """The formulas of one requirement's row in the calculation; None is a text of the card."""
    table = source.grid
    row = table.row(index)
    label, weight, us, good = (source.cell(row, c) for c in (2, table.weight, table.us, table.good))
    c = {name: grid.calc(name, index) for name in CALC_COLUMNS}
    whole, common, best = grid.fact("sum"), grid.fact("common"), grid.fact("best")
    own = source.cell(row, 1)
    named = f'IF({label}<>"",{label},IF(COUNT({weight},{us})>0,{own},""))'
    rival = source.rival(row, best)
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


def _facts(grid: ResultGrid, source: Source) -> dict[str, str | None]:
    """The single figures; None is a constant of the card."""
    weights = source.column(source.grid.weight)
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
        "verdict": verdict(grid.fact("lead"), grid.fact("share")),
        "mean": f"IF({count}>0,SUM({weights})/{count},{_OFF})",
        "top": f"IF({count}>0,CEILING(MAX({weights})*1.1,5),5)",
        "threshold": None,
        "zero": None,
        "hundred": None,
        "judged": None,
        "unjudged": None,
    }
