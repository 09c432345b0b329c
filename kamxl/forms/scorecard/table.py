"""The sheet *Scorecard*: first weights, then ratings; what is left to give, totals, who rated.

What is to be filled in is yellow; everything else that may be filled in is white and says so.
"""

from __future__ import annotations

from kamxl.forms.paper.book import Content, Formula, Name, Sheet, Slot, fixed_span, span
from kamxl.forms.paper.parts import band, grows, headers
from kamxl.forms.paper.raw import a1
from kamxl.forms.paper.style import (
    ACCENT,
    CALC,
    ENTRY_NUMBER,
    FAINT,
    HEADER,
    HEADER_LEFT,
    HEADER_RIVAL,
    HEADER_US,
    INK,
    KEY,
    MUTED,
    OFFERED,
    SECTION,
    SOFT,
    TEXT,
    WHITE,
    Style,
)
from kamxl.forms.paper.style import LABEL as LABEL_STYLE
from kamxl.forms.scorecard.calculation import place_among
from kamxl.forms.scorecard.grid import (
    ANCHOR,
    COMMENT,
    COVERAGE,
    GAP,
    GOOD,
    ID,
    LABEL,
    LAST,
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
from kamxl.forms.scorecard.left import left_words, rated_words
from kamxl.forms.scorecard.rules import restrict
from kamxl.wording.texts import Texts

_T = "scorecard.table."
_SUM_LABEL = Style(bold=True, color=INK, fill=SOFT, borders="tb", indent=1)
_SUM = CALC.but(bold=True)
ROW_ID = Style(color=FAINT, align="center", borders="tb", wrap=True)
_LABEL = LABEL_STYLE.but(size=11)
_NOTE = Style(color=MUTED, wrap=True)
_PALE = Style(color=MUTED, italic=True, align="center", borders="tb")
_OFFERED_NUMBER = OFFERED.but(align="center", size=11, wrap=False)
_OFFERED_TEXT = OFFERED.but(align="left", indent=1)
_STEP = Style(size=12, bold=True, color=ACCENT, wrap=True)
_LIVE = Style(bold=True, color=INK, fill=SOFT, align="center", wrap=True)
_OPTIONAL = Style(italic=True, color=MUTED, wrap=True)

# Characters that fit on A4 across with type of 8 points and more, and on a screen of 1366 points.
_PAGE = 168.0
_NUMBERS = {"id": 7.0, "weight": 13.0, "us": 13.0, "last": 10.0, "gap": 9.0}
_RIVALS = {1: 13.0, 2: 13.0, 3: 12.0, 4: 11.0}
_TEXTS = {"label": (1.3, 44.0), "anchor": (0.9, 30.0), "good": (1.0, 34.0), "comment": (1.0, 34.0)}


def draw(size: CardSize, texts: Texts, result_title: str) -> Sheet:
    """The sheet as a pattern: its slots are filled by ``scorecard_values``."""
    grid = TableGrid(size)
    sheet = Sheet("table", texts(_T + "sheet"), tab_color=ACCENT, protected=True, landscape=True)
    columns = tuple(range(1, grid.good + 1))
    sheet.widths = _widths(grid)
    band(sheet, columns, texts(_T + "title"), Slot("subtitle"), Slot("mark"), low=True)
    result = _Result(size, result_title)
    _steps(sheet, grid, texts)
    _headers(sheet, grid, texts)
    for index in range(size.rows):
        _row(sheet, grid, index, result)
    sheet.put(grid.own_row, 2, texts(_T + "own"), _OPTIONAL.but(wrap=False, valign="bottom"))
    sheet.heights[grid.own_row] = 20
    _totals(sheet, grid, texts, result)
    _who(sheet, grid, texts)
    restrict(sheet, grid, texts)
    sheet.freeze = a1(grid.FIRST, 3)
    sheet.title_rows = (grid.HEADER, grid.KEYS)
    sheet.print_area = span(1, 1, grid.who_row + len(WHO), grid.good)
    sheet.footer = Slot("footer")
    sheet.active_cell = a1(grid.FIRST, grid.weight)
    return sheet


def _widths(grid: TableGrid) -> dict[int, float]:
    """The columns' widths: numbers are narrow, the texts share what the page has left."""
    size, few = grid.size, _RIVALS.get(grid.size.competitors, 9.5)
    found = {1: _NUMBERS["id"], grid.weight: _NUMBERS["weight"], grid.us: _NUMBERS["us"]}
    found |= {grid.gap: _NUMBERS["gap"]} | dict.fromkeys(grid.lasts, _NUMBERS["last"])
    found |= dict.fromkeys(grid.suppliers[1:], few)
    texts = {2: "label", grid.good: "good", grid.comment: "comment"}
    texts |= {3: "anchor"} if size.anchors else {}
    shares = sum(_TEXTS[name][0] for name in texts.values())
    left = (_PAGE - sum(found.values())) / shares
    for column, name in texts.items():
        share, most = _TEXTS[name]
        found[column] = round(min(left * share, most), 1)
    return found | {grid.good + 1: 1.0}


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


def _steps(sheet: Sheet, grid: TableGrid, texts: Texts) -> None:
    """What to do in which columns, in its order, and below it what is left to do there."""
    top, below = grid.STEPS, grid.LIVE
    sheet.put(top, 2, texts(_T + "order"), _NOTE.but(bold=True, wrap=False))
    sheet.put(below, 2, texts(_T + "rest"), _NOTE)
    sheet.put(top, grid.weight, texts(_T + "step1"), _STEP.but(align="center"))
    sheet.put(below, grid.weight, left_words(grid, texts), _LIVE)
    sheet.put(top, grid.us, texts(_T + "step2"), _STEP.but(align="center"))
    sheet.put(below, grid.us, rated_words(grid, texts), _LIVE)
    if grid.size.competitors:
        optional = _OPTIONAL.but(align="centerContinuous", wrap=False)
        sheet.put(below, grid.first_rival, texts(_T + "optional"), optional)
        sheet.fill(below, grid.suppliers[1:], optional)
    sheet.put(top, grid.comment, texts(_T + "step3"), _STEP.but(wrap=False))
    status = Formula(_status(grid, texts), Slot("status"))
    sheet.put(below, grid.comment, status, _LIVE.but(align="left", indent=1, wrap=False))
    sheet.fill(below, (grid.good,), _LIVE)
    sheet.heights |= {top: 18, below: 30, below + 1: 3}


def _status(grid: TableGrid, texts: Texts) -> str:
    weights, ours = grid.column(grid.weight), grid.column(grid.us)
    answers = grid.answers()
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
    used = "&".join(_spare(grid, column) for column in (2, *grid.suppliers))
    return f'SUMPRODUCT(--({used}<>""),1-{rated(_spare(grid, grid.weight))})'


def _headers(sheet: Sheet, grid: TableGrid, texts: Texts) -> None:
    columns: list[tuple[int, Content, Content, Style | None]] = [
        (1, texts(_T + "id"), ID, HEADER),
        (2, texts(_T + "requirement"), LABEL, HEADER_LEFT),
        (grid.weight, texts(_T + "weight"), WEIGHT, None),
        (grid.gap, texts(_T + "gap"), GAP, None),
        (grid.comment, texts(_T + "comment"), COMMENT, HEADER_LEFT),
        (grid.good, texts(_T + "good"), GOOD, HEADER_LEFT),
    ]
    columns += [(c, Slot("last.header"), LAST, _LAST_HEADER) for c in grid.lasts]
    if grid.size.anchors:
        columns.append((3, texts(_T + "anchor"), ANCHOR, HEADER_LEFT))
    headers(sheet, grid.HEADER, columns, height=36)
    sheet.fitting.add(grid.HEADER)  # it has room for the longest name
    for j, key in enumerate(supplier_keys(grid.size)):
        # a rival may be called "Supplier A": her purchasing may forbid names
        style = HEADER_RIVAL.but(locked=False) if j else HEADER_US
        sheet.put(grid.HEADER, grid.supplier(j), Slot(f"name.{key}"), style)
        sheet.put(grid.KEYS, grid.supplier(j), Slot(f"key.{key}"), KEY)


_LAST_HEADER = HEADER.but(bold=False, color=TEXT, fill=SOFT, line=WHITE)


def _row(sheet: Sheet, grid: TableGrid, index: int, result: _Result) -> None:
    row, spare = grid.row(index), index >= grid.size.requirements
    entry = _OFFERED_NUMBER if spare else ENTRY_NUMBER
    sheet.put(row, 1, Slot(f"id.{index}"), ROW_ID)
    sheet.put(row, 2, Slot(f"label.{index}"), _OFFERED_TEXT.but(size=11) if spare else _LABEL)
    if grid.size.anchors:
        sheet.put(row, 3, Slot(f"anchor.{index}"), _NOTE.but(borders="tb"))
    sheet.put(row, grid.weight, Slot(f"weight.{index}"), entry.but(bold=True))
    for j, key in enumerate(supplier_keys(grid.size)):
        style = _OFFERED_NUMBER if j else entry
        sheet.put(row, grid.supplier(j), Slot(f"{key}.{index}"), style)
    for column, name in zip(grid.lasts, ("weight", "us"), strict=False):
        sheet.put(row, column, None if spare else Slot(f"last.{name}.{index}"), _PALE)
    gap = result.gap(index)
    sheet.put(row, grid.gap, Formula(f'IF({gap}<0,"",{gap})', Slot(f"gap.{index}")), CALC)
    sheet.put(row, grid.comment, Slot(f"comment.{index}"), _OFFERED_TEXT)
    sheet.put(row, grid.good, Slot(f"good.{index}"), _OFFERED_TEXT)
    grows(sheet, row, grid.good + 1, 22)


def _totals(sheet: Sheet, grid: TableGrid, texts: Texts, result: _Result) -> None:
    for offset, key in enumerate((SUM, TOTAL, COVERAGE, RANK)):
        row = grid.sum_row + offset
        sheet.put(row, 1, key, KEY.but(borders="tb", fill=SOFT))
        sheet.put(row, 2, texts(_T + key[1:]), _SUM_LABEL)
        sheet.heights[row] = 18
    weights = grid.column(grid.weight)
    sheet.put(grid.sum_row, grid.weight, Formula(f"SUM({weights})", Slot("sum")), _SUM)
    for j, key in enumerate(supplier_keys(grid.size)):
        _supplier_totals(sheet, grid, j, key, place_among(result.ranked_of(j), result.ranked()))
    for row in range(grid.sum_row, grid.sum_row + 4):
        sheet.fill(row, range(3, grid.good + 1), _SUM_LABEL)


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
    sheet.heights |= dict.fromkeys(range(grid.sum_row + 4, grid.who_row - 1), 5)
    sheet.put(grid.who_row - 1, 2, texts(_T + "who"), SECTION.but(size=12))
    sheet.heights[grid.who_row - 1] = 24
    for offset, key in enumerate(WHO):
        row = grid.who_row + offset
        sheet.put(row, 1, f":{key}", KEY)
        sheet.put(row, 2, texts(f"{_T}who_{key}"), LABEL_STYLE)
        sheet.fill(row, range(3, grid.weight), LABEL_STYLE)
        style = _OFFERED_TEXT.but(wrap=False)
        style = style.but(format=texts("language.excel_date")) if key == "date" else style
        sheet.put(row, grid.weight, Slot(f"who.{key}"), style.but(borders="tbl"))
        # the text flows over its neighbours: drawn as one field, without a merge
        sheet.fill(row, range(grid.weight + 1, grid.good), style.but(borders="tb", locked=True))
        sheet.fill(row, (grid.good,), style.but(borders="tbr", locked=True))
        sheet.heights[row] = 18


def names(sheet: Sheet, grid: TableGrid) -> list[Name]:
    """The defined names: one per column range, the quick way for the reader."""
    columns = {"ids": 1, "label": 2, "weight": grid.weight, "comment": grid.comment}
    columns["_good"] = grid.good
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
