"""The calculation behind the sheet *Result*, right of its printed page, in the open.

Missing numbers are -1 (or -50 in the picture, beyond its axes): a text there would count as larger
than any number, and an error value would show in previews.
"""

from __future__ import annotations

from kamxl.forms.paper.book import Content, Formula, Sheet, Slot, fixed
from kamxl.forms.paper.style import MUTED, SECTION, Style
from kamxl.forms.scorecard.grid import (
    CALC_COLUMNS,
    CardSize,
    ResultGrid,
    TableGrid,
    rated,
)
from kamxl.wording.texts import Texts

_R = "scorecard.result."
_OFF = -50  # beyond the axes of the picture: not drawn
CALC_CELL = Style(size=8, color=MUTED, format="0.####;;0", align="right")
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

    def ratings(self, row: int) -> str:
        """One requirement's ratings of all suppliers."""
        first, last = self.grid.us, self.grid.last_supplier
        return f"{self.sheet}{fixed(row, first)}:{fixed(row, last)}"


def rank(sheet: Sheet, grid: ResultGrid, j: int, key: str, source: Source) -> None:
    """The totals that are ranked (coverage from 50 %), and who is stronger on heavy weights."""
    row = grid.supplier_row(j)
    total, coverage = fixed(row, 3), fixed(row, 4)
    ranked = f"IF(ISNUMBER({total}),IF({coverage}>=0.499999999,ROUND({total},9),-1),-1)"
    sheet.put(row, grid.ranking, Formula(ranked, Slot(f"ranked.{key}")), CALC_CELL)
    if j == 0:
        return
    first, last = fixed(grid.supplier_row(1), grid.ranking), grid.ranked().split(":")[1]
    weights = source.column(source.grid.weight)
    ratings = source.column(source.grid.supplier(j))
    strength = (
        f"ROUND(SUMPRODUCT({weights},{weights},{ratings})"
        f"/SUMPRODUCT({weights},{weights},{rated(ratings)}),9)"
    )
    own = grid.ranked(j)
    heavy = f"IF({own}<0,-1,IF({own}<MAX({first}:{last}),-1,{strength}))"
    sheet.put(row, grid.ranking + 1, Formula(heavy, Slot(f"heavy.{key}")), CALC_CELL)


def calculate(sheet: Sheet, grid: ResultGrid, texts: Texts, source: Source) -> None:
    """Draw the calculation: a row per requirement, the single figures, the suppliers' ranks."""
    head = grid.CALC_FIRST - 1
    sheet.put(head - 1, grid.CALC, texts(_R + "calculation"), SECTION.but(size=9, color=MUTED))
    for offset, name in enumerate(CALC_COLUMNS):
        sheet.put(head, grid.CALC + offset, texts(f"{_R}calc_{name}"), CALC_HEAD)
    for offset, name in enumerate(("ranked", "heavy")):
        sheet.put(head, grid.ranking + offset, texts(f"{_R}calc_{name}"), CALC_HEAD)
    for index in range(grid.size.rows):
        for name, text in _requirement(grid, index, source).items():
            row, column = grid.CALC_FIRST + index, grid.CALC + CALC_COLUMNS.index(name)
            style = CALC_CELL.but(align="left") if name == "label" else CALC_CELL
            sheet.put(row, column, Formula(text, Slot(f"calc.{name}.{index}")), style)
    for offset, (name, fact) in enumerate(_facts(grid, source).items()):
        row = grid.CALC_FIRST + offset
        sheet.put(row, grid.facts, texts(f"{_R}fact_{name}"), CALC_HEAD)
        slot = Slot(f"fact.{name}")
        content: Content = slot if fact is None else Formula(fact, slot)
        sheet.put(row, grid.facts + 1, content, CALC_CELL)
    sheet.widths |= {grid.facts: 22, grid.ranking: 14, grid.ranking + 1: 12}


def _requirement(grid: ResultGrid, index: int, source: Source) -> dict[str, str]:
    """The formulas of one requirement's row in the calculation."""
    table = source.grid
    row = table.row(index)
    label, weight, us = (source.cell(row, c) for c in (2, table.weight, table.us))
    c = {name: grid.calc(name, index) for name in CALC_COLUMNS}
    whole, common, best = grid.fact("sum"), grid.fact("common"), grid.fact("best")
    own = source.cell(row, 1)
    named = f'IF({label}<>"",{label},IF(COUNT({weight},{us})>0,{own},""))'
    rival = f"INDEX({source.ratings(row)},1,{best}+1)"
    chosen = f"IF({best}=0,-1,IF(ISNUMBER({rival}),{rival},-1))" if grid.size.competitors else "-1"
    above = f"{grid.calc('key', 0)}:{c['key']}"
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
        "rank": f"IF({c['key']}<-1,0,RANK({c['key']},{grid.calc('key')},0)"
        f"+COUNTIF({above},{c['key']})-1)",
        "index": f"IF(COUNTIF({grid.calc('rank')},{index + 1})=0,0,"
        f"MATCH({index + 1},{grid.calc('rank')},0))",
        "x": _point(grid, index, "us"),
        "y": _point(grid, index, "weight"),
    }


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
    if grid.size.competitors:
        first, last = grid.heavy(1), grid.heavy(grid.size.competitors)
        best = f"IF(MAX({first}:{last})<0,0,MATCH(MAX({first}:{last}),{first}:{last},0))"
        lead = f'IF({grid.fact("common")}>0,SUM({grid.calc("lead")}),"")'
    count = f'COUNTIF({weights},">0")'
    return {
        "sum": f"SUM({weights})",
        "best": best,
        "common": f"SUM({grid.calc('both')})",
        "lead": lead,
        "mean": f"IF({count}>0,SUM({weights})/{count},{_OFF})",
        "top": f"IF({count}>0,CEILING(MAX({weights})*1.1,5),5)",
        "threshold": None,
        "zero": None,
        "hundred": None,
    }
