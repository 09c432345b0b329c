"""The sheet *Scorecard*: weights, ratings, what is left to give, totals, and who rated."""

from __future__ import annotations

from kamxl.forms.paper.book import Conditional, Formula, Name, Sheet, Slot, fixed, fixed_span, span
from kamxl.forms.paper.parts import band, headers, tile
from kamxl.forms.paper.raw import a1
from kamxl.forms.paper.style import (
    ACCENT,
    CALC,
    ENTRY_DATE,
    ENTRY_NUMBER,
    ENTRY_TEXT,
    GOOD,
    HEADER_LEFT,
    HEADER_RIVAL,
    HEADER_US,
    INK,
    KEY,
    NOTE,
    SECTION,
    SOFT,
    TILE_VALUE,
    Style,
)
from kamxl.forms.paper.style import LABEL as LABEL_STYLE
from kamxl.forms.scorecard.calculation import place_among
from kamxl.forms.scorecard.grid import (
    ANCHOR,
    COMMENT,
    COVERAGE,
    GAP,
    ID,
    LABEL,
    RANK,
    SUM,
    TOTAL,
    WEIGHT,
    WHO,
    CardSize,
    ResultGrid,
    TableGrid,
    rated,
    supplier_keys,
)
from kamxl.forms.scorecard.rules import restrict
from kamxl.forms.scorecard.verdict import own_label_formula
from kamxl.wording.texts import Texts

_T = "scorecard.table."
_SUM_LABEL = Style(bold=True, color=INK, fill=SOFT, borders="tb", indent=1)
_SUM = CALC.but(bold=True)
_SMALL_TILE = TILE_VALUE.but(size=12, wrap=True)
_LEAD_TILE = TILE_VALUE.but(size=13, format="0.0")


def draw(size: CardSize, texts: Texts, result_title: str) -> Sheet:
    """The sheet as a pattern: its slots are filled by ``scorecard_values``."""
    grid = TableGrid(size)
    sheet = Sheet("table", texts(_T + "sheet"), tab_color=ACCENT, protected=True, landscape=True)
    columns = tuple(range(1, grid.comment + 1))
    sheet.widths = {1: 7, 2: 40, grid.weight: 11, grid.us: 13, grid.gap: 12, grid.comment: 36}
    sheet.widths |= {grid.supplier(j): 13 for j in range(1, size.competitors + 1)}
    if size.anchors:
        sheet.widths[3] = 34
    band(sheet, columns, texts(_T + "title"), Slot("subtitle"), Slot("mark"))
    result = _Result(size, result_title)
    _tiles(sheet, grid, texts, result)
    _headers(sheet, grid, texts)
    for index in range(size.rows):
        _row(sheet, grid, index, result)
    sheet.put(grid.own_row, 2, texts(_T + "own"), NOTE.but(bold=True, wrap=False, valign="bottom"))
    sheet.heights[grid.own_row] = 20
    _totals(sheet, grid, texts, result)
    _who(sheet, grid, texts)
    restrict(sheet, grid, texts)
    sheet.freeze = a1(grid.FIRST, 3)
    sheet.title_rows = (grid.HEADER, grid.KEYS)
    sheet.print_area = span(1, 1, grid.who_row + len(WHO), grid.comment)
    sheet.pages_tall = 1 if size.rows <= 17 else 2
    sheet.footer = Slot("footer")
    sheet.active_cell = a1(grid.FIRST, grid.weight)
    return sheet


class _Result:
    """References into the sheet *Result*, where the shared calculation stands."""

    def __init__(self, size: CardSize, title: str) -> None:
        self.grid = ResultGrid(size)
        self._sheet = "'" + title.replace("'", "''") + "'!"

    def gap(self, index: int) -> str:
        return self._sheet + self.grid.calc("gap", index)

    def ranked(self) -> str:
        return self._sheet + self.grid.ranked()

    def ranked_of(self, index: int) -> str:
        return self._sheet + self.grid.contest("ranked", index)

    def shown(self, row: int, column: int, slot: str) -> Formula:
        """What stands in a cell of that sheet."""
        return Formula(self._sheet + fixed(row, column), Slot(slot))


def _tiles(sheet: Sheet, grid: TableGrid, texts: Texts, result: _Result) -> None:
    row, size = grid.TILE_LABELS, grid.size
    weights = grid.column(grid.weight)
    left = Formula(f"ROUND(100-SUM({weights}),2)", Slot("left"))
    tile(sheet, row, (1, 2), texts(_T + "left"), left)
    own = f"{a1(grid.sum_row + 1, grid.us)}"
    middle = tuple(range(3, grid.us + 1))
    score = TILE_VALUE.but(format="0.0", color=ACCENT)
    label = own_label_formula(a1(grid.sum_row + 2, grid.us), texts)
    tile(sheet, row, middle, label, Formula(own, Slot("total.us.tile")), score)
    if size.competitors:
        _compared(sheet, grid, result)
    status = Formula(_status(grid, texts), Slot("status"))
    last = (grid.comment,) if size.competitors else (grid.gap, grid.comment)
    tile(sheet, row, last, texts(_T + "status"), status, _SMALL_TILE)
    sheet.heights[grid.SENTENCE] = 18 if size.competitors else 10
    sheet.conditionals += [
        Conditional(a1(row + 1, 1), formula=f"ROUND(SUM({weights}),2)=100", color=GOOD),
        Conditional(
            a1(row + 1, 1),
            formula=f"ROUND(SUM({weights}),2)>100",
            color="B5452C",
        ),
    ]


def _compared(sheet: Sheet, grid: TableGrid, result: _Result) -> None:
    """The competitor compared, how far we are apart, and what that rests on."""
    of, rivals = result.grid, tuple(grid.supplier(j) for j in range(1, grid.size.competitors + 1))
    tiles = ((rivals, 5, "best", _SMALL_TILE), ((grid.gap,), 7, "lead", _LEAD_TILE))
    for columns, at, slot, style in tiles:
        label = result.shown(of.TILE_LABELS, at, f"{slot}_label")
        value = result.shown(of.TILE_VALUES, at, slot)
        tile(sheet, grid.TILE_LABELS, columns, label, value, style)
    sentence = result.shown(of.SENTENCE, 1, "sentence")
    sheet.put(grid.SENTENCE, 1, sentence, NOTE.but(wrap=False, valign="center"))


def _status(grid: TableGrid, texts: Texts) -> str:
    weights, ours = grid.column(grid.weight), grid.column(grid.us)
    answers = fixed_span(grid.FIRST, grid.weight, grid.last, grid.last_supplier)
    said = {k: texts(f"{_T}status_{k}").replace('"', '""') for k in _STATES}
    missing = (
        f"COUNT({_asked(grid, grid.weight)})<{grid.size.requirements},"
        f'{_unweighted(grid)}>0,SUMIF({ours},">=0",{weights})<SUM({weights})-0.000000001'
    )
    return (
        f'IF(COUNT({answers})=0,"{said["empty"]}",'
        f'IF(SUM({weights})<99.99,"{said["left"]}",IF(SUM({weights})>100.01,"{said["over"]}",'
        f'IF(OR({missing}),"{said["missing"]}","{said["done"]}"))))'
    )


_STATES = ("empty", "left", "over", "missing", "done")


def _asked(grid: TableGrid, column: int) -> str:
    """The cells of the asked requirements in a column."""
    last = grid.row(grid.size.requirements - 1)
    return fixed_span(grid.FIRST, column, last, column)


def _spare(grid: TableGrid, column: int) -> str:
    """The cells of the customer's own requirements in a column."""
    return fixed_span(grid.own_row + 1, column, grid.last, column)


def _unweighted(grid: TableGrid) -> str:
    """How many of the customer's own rows hold something and have no weight."""
    used = "&".join(_spare(grid, column) for column in (2, *range(grid.us, grid.last_supplier + 1)))
    return f'SUMPRODUCT(--({used}<>""),1-{rated(_spare(grid, grid.weight))})'


def _headers(sheet: Sheet, grid: TableGrid, texts: Texts) -> None:
    small = HEADER_LEFT.but(size=8, align="center", indent=0)
    columns = [
        (1, texts(_T + "id"), ID, small),
        (2, texts(_T + "requirement"), LABEL, HEADER_LEFT),
        (grid.weight, texts(_T + "weight"), WEIGHT, None),
        (grid.gap, texts(_T + "gap"), GAP, None),
        (grid.comment, texts(_T + "comment"), COMMENT, HEADER_LEFT),
    ]
    if grid.size.anchors:
        columns.append((3, texts(_T + "anchor"), ANCHOR, HEADER_LEFT))
    headers(sheet, grid.HEADER, columns, height=40)
    for j, key in enumerate(supplier_keys(grid.size)):
        style = HEADER_RIVAL if j else HEADER_US
        sheet.put(grid.HEADER, grid.supplier(j), Slot(f"name.{key}"), style)
        sheet.put(grid.KEYS, grid.supplier(j), Slot(f"key.{key}"), KEY)


def _row(sheet: Sheet, grid: TableGrid, index: int, result: _Result) -> None:
    row, spare = grid.row(index), index >= grid.size.requirements
    sheet.put(row, 1, Slot(f"id.{index}"), KEY.but(borders="tb"))
    sheet.put(row, 2, Slot(f"label.{index}"), ENTRY_TEXT if spare else LABEL_STYLE)
    if grid.size.anchors:
        sheet.put(row, 3, Slot(f"anchor.{index}"), NOTE.but(borders="tb", valign="center"))
    sheet.put(row, grid.weight, Slot(f"weight.{index}"), ENTRY_NUMBER.but(bold=True))
    for j, key in enumerate(supplier_keys(grid.size)):
        sheet.put(row, grid.supplier(j), Slot(f"{key}.{index}"), ENTRY_NUMBER)
    gap = result.gap(index)
    sheet.put(row, grid.gap, Formula(f'IF({gap}<0,"",{gap})', Slot(f"gap.{index}")), CALC)
    sheet.put(row, grid.comment, Slot(f"comment.{index}"), ENTRY_TEXT.but(size=9))
    sheet.heights[row] = 26 if grid.size.anchors else (24 if grid.size.rows <= 14 else 21)


def _totals(sheet: Sheet, grid: TableGrid, texts: Texts, result: _Result) -> None:
    for offset, key in enumerate((SUM, TOTAL, COVERAGE, RANK)):
        row = grid.sum_row + offset
        sheet.put(row, 1, key, KEY.but(borders="tb", fill=SOFT))
        sheet.put(row, 2, texts(_T + key[1:]), _SUM_LABEL)
        sheet.heights[row] = 20
    weights = grid.column(grid.weight)
    sheet.put(grid.sum_row, grid.weight, Formula(f"SUM({weights})", Slot("sum")), _SUM)
    for j, key in enumerate(supplier_keys(grid.size)):
        _supplier_totals(sheet, grid, j, key, place_among(result.ranked_of(j), result.ranked()))
    for row in range(grid.sum_row, grid.sum_row + 4):
        sheet.fill(row, range(3, grid.comment + 1), _SUM_LABEL)


def _supplier_totals(sheet: Sheet, grid: TableGrid, j: int, key: str, rank: str) -> None:
    column, row = grid.supplier(j), grid.sum_row
    weights, ratings = grid.column(grid.weight), grid.column(column)
    rated = f'SUMIF({ratings},">=0",{weights})'
    total = f'IF({rated}>0,SUMPRODUCT({weights},{ratings})/{rated},"")'
    coverage = f'IF(SUM({weights})>0,{rated}/SUM({weights}),"")'
    color = ACCENT if j == 0 else INK
    style = _SUM.but(size=12, color=color, format="0.0")
    sheet.put(row + 1, column, Formula(total, Slot(f"total.{key}")), style)
    sheet.put(row + 2, column, Formula(coverage, Slot(f"coverage.{key}")), CALC.but(format="0 %"))
    sheet.put(row + 3, column, Formula(rank, Slot(f"rank.{key}")), CALC.but(format="0"))


def _who(sheet: Sheet, grid: TableGrid, texts: Texts) -> None:
    sheet.put(grid.who_row - 1, 2, texts(_T + "who"), SECTION)
    sheet.heights[grid.who_row - 1] = 24
    end = min(grid.weight + 3, grid.comment - 1)
    for offset, key in enumerate(WHO):
        row = grid.who_row + offset
        sheet.put(row, 1, f":{key}", KEY)
        sheet.put(row, 2, texts(f"{_T}who_{key}"), LABEL_STYLE)
        sheet.fill(row, range(3, grid.weight), LABEL_STYLE)
        style = ENTRY_DATE if key == "date" else ENTRY_TEXT.but(wrap=False)
        style = style.but(format=texts("language.excel_date")) if key == "date" else style
        sheet.put(row, grid.weight, Slot(f"who.{key}"), style.but(borders="tbl"))
        # the text flows over its neighbours: drawn as one field, without a merge
        sheet.fill(row, range(grid.weight + 1, end), style.but(borders="tb", locked=True))
        sheet.fill(row, (end,), style.but(borders="tbr", locked=True))
        sheet.heights[row] = 20


def names(sheet: Sheet, grid: TableGrid) -> list[Name]:
    """The defined names: one per column range, the quick way for the reader."""
    columns = {"ids": 1, "label": 2, "weight": grid.weight, "comment": grid.comment}
    places: list[tuple[str | Slot, str]] = [("kx_mark", sheet.ref("A1"))]
    places += [(f"kx_{key}", _range(sheet, grid, column)) for key, column in columns.items()]
    for j, key in enumerate(supplier_keys(grid.size)):
        name: str | Slot = "kx_us" if j == 0 else Slot(f"range.{key}")
        places.append((name, _range(sheet, grid, grid.supplier(j))))
    for offset, key in enumerate(WHO):
        places.append((f"kx_{key}", sheet.ref(a1(grid.who_row + offset, grid.weight))))
    return [Name(name, ref) for name, ref in places]


def _range(sheet: Sheet, grid: TableGrid, column: int) -> str:
    return sheet.ref(a1(grid.FIRST, column), a1(grid.last, column))
