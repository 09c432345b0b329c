"""The sheet *Scorecard*: first weights, then ratings; what is left to give or wrong, totals.

What is to be filled in is yellow; everything else that may be filled in is white and says so.
"""

from __future__ import annotations

from kamxl.forms.paper.book import Content, Formula, Name, Sheet, Slot, span
from kamxl.forms.paper.parts import band, grows, headers, unseen
from kamxl.forms.paper.raw import a1
from kamxl.forms.paper.style import (
    ACCENT,
    BAND,
    CALC,
    ENTRY_NUMBER,
    FAINT,
    HEADER,
    HEADER_LEFT,
    HEADER_RIVAL,
    HEADER_US,
    INK,
    KEY,
    MARK,
    MUTED,
    OFFERED,
    SOFT,
    TEXT,
    WHITE,
    Style,
)
from kamxl.forms.paper.style import LABEL as LABEL_STYLE
from kamxl.forms.scorecard.grid import (
    ANCHOR,
    CHECK,
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
    StartGrid,
    TableGrid,
    supplier_keys,
)
from kamxl.forms.scorecard.left import left_words, rated_words
from kamxl.forms.scorecard.numbers import Numbers, put_words
from kamxl.forms.scorecard.rules import restrict
from kamxl.forms.scorecard.state import State
from kamxl.wording.texts import Texts

_T = "scorecard.table."
_SUM_LABEL = Style(bold=True, color=INK, fill=SOFT, borders="tb", indent=1)
_SUM = CALC.but(bold=True)
ROW_ID = Style(color=FAINT, align="center", borders="tb", wrap=True)
_NOTE = Style(color=MUTED, wrap=True)
_PALE = Style(color=MUTED, italic=True, align="center", borders="tb")
_OFFERED_NUMBER = OFFERED.but(align="center", size=11, wrap=False)
_OFFERED_TEXT = OFFERED.but(align="left", indent=1)
_STEP = Style(size=12, bold=True, color=ACCENT, wrap=True)
_LIVE = Style(bold=True, color=INK, fill=SOFT, align="center", wrap=True)
_OPTIONAL = Style(italic=True, color=MUTED, wrap=True)
_STATE = Style(bold=True, color=INK, fill=SOFT, indent=1)
_CHECK = Style(bold=True, align="center")
# Keys and what formulas look up are for machines: cells that nobody needs to see.
_UNSEEN = MARK.but(color=WHITE)

# What a screen of 1366 points has room for at 100 %, and A4 across with type of 8 points and more.
_SCREEN, _PAPER = 1290.0, 955.0
_ON_A_PAGE = {False: 8, True: 5}  # requirements that one holds with all below; scales are tall
_NUMBERS = {"id": 7.0, "weight": 13.0, "us": 13.0, "last": 10.0, "gap": 9.0}
_RIVALS = {1: 13.0, 2: 13.0, 3: 12.0, 4: 11.0, 5: 10.0}
_TEXTS = {"label": (1.3, 44.0), "anchor": (1.2, 34.0), "good": (1.0, 34.0), "comment": (1.0, 34.0)}


def draw(size: CardSize, texts: Texts, result_title: str) -> Sheet:
    """The sheet as a pattern: its slots are filled by ``scorecard_values``."""
    grid = TableGrid(size)
    sheet = Sheet(
        "table", table_title(size, texts), tab_color=ACCENT, protected=True, landscape=True
    )
    sheet.widths = _widths(grid)
    # the ids, the mark and what the formulas look up stand left of the printed page
    sheet.put(1, 1, Slot("mark"), MARK.but(wrap=True, valign="top"))  # it ends with its column
    title = texts(("scorecard.first.table_" if size.profile else _T) + "title")
    band(sheet, range(2, grid.end + 1), title, Slot("subtitle"), low=True)
    for row in (2, 3):
        sheet.fill(row, (1,), BAND)
    result = _Result(size, result_title)
    state = State(grid, texts, result.sheet)
    _state(sheet, grid, state)
    _steps(sheet, grid, texts, Numbers(size, result.sheet))
    _headers(sheet, grid, texts)
    for index in range(size.rows):
        _row(sheet, grid, index, result)
    sheet.put(grid.own_row, 2, texts(_T + "own"), _OPTIONAL.but(wrap=False, valign="bottom"))
    sheet.heights[grid.own_row] = 20
    _totals(sheet, grid, texts, result, state)
    restrict(sheet, grid, texts)
    sheet.freeze = a1(grid.FIRST, 3)
    sheet.title_rows = (grid.HEADER, grid.KEYS)
    sheet.print_area = span(1, 2, grid.check_row, grid.end)
    if size.requirements > _ON_A_PAGE[size.anchors]:  # the totals are not torn from one another
        sheet.page_breaks = [grid.own_row - 1]
    sheet.footer = Slot("footer")
    sheet.active_cell = a1(grid.FIRST, grid.weight)
    return sheet


def _of(size: CardSize) -> str:
    """The table of texts that say what to do on it."""
    return "scorecard.first." if size.profile else _T


def table_title(size: CardSize, texts: Texts) -> str:
    """What the sheet is called."""
    return texts(("scorecard.first.table_" if size.profile else _T) + "sheet")


def _widths(grid: TableGrid) -> dict[int, float]:
    """The columns' widths: numbers are narrow, the texts share what the screen or page has left."""
    size, few = grid.size, _RIVALS.get(grid.size.competitors, 9.0)
    found = {1: _NUMBERS["id"], grid.weight: _NUMBERS["weight"]}
    found |= dict.fromkeys(grid.lasts, _NUMBERS["last"])
    if not size.profile:
        found |= {grid.us: _NUMBERS["us"], grid.gap: _NUMBERS["gap"]}
        found |= dict.fromkeys(grid.suppliers[1:], few)
    texts = {2: "label", grid.good: "good", grid.comment: "comment"}
    texts |= {3: "anchor"} if size.anchors else {}
    shares = sum(_TEXTS[name][0] for name in texts.values())
    columns = len(found) + len(texts)
    screen = (_SCREEN - 5 * columns) / 7 - sum(found.values())
    paper = (_PAPER - 3.75 * (columns - 1)) / 5.25 - sum(found.values()) + found[1]
    left = min(screen, paper) / shares
    for column, name in texts.items():
        share, most = _TEXTS[name]
        found[column] = round(min(left * share, most), 1)
    return found | {grid.end + 1: 1.0}


class _Result:
    """References into the sheet *Result*, where the shared calculation stands."""

    def __init__(self, size: CardSize, title: str) -> None:
        self.grid = ResultGrid(size)
        self.sheet = "'" + title.replace("'", "''") + "'!"
        self.numbers = Numbers(size, self.sheet)

    def gap(self, index: int) -> str:
        return self.sheet + self.grid.calc("gap", index)

    def rank(self, j: int) -> str:
        return self.sheet + self.grid.contest("rank", j)


def _state(sheet: Sheet, grid: TableGrid, state: State) -> None:
    """The line on the whole card: in the columns that stay when somebody moves to the right."""
    sheet.put(grid.STATE, 1, state.code(), _UNSEEN)
    sheet.put(grid.STATE, 2, state.words(), _STATE)
    sheet.fill(grid.STATE, range(3, grid.end + 1), _STATE.but(indent=0))
    sheet.heights[grid.STATE] = 18
    put_words(sheet, _UNSEEN)


def _steps(sheet: Sheet, grid: TableGrid, texts: Texts, numbers: Numbers) -> None:
    """What to do in which columns, in its order, and below it what is left to do there."""
    top, below = grid.STEPS, grid.LIVE
    sheet.put(top, 2, texts(_of(grid.size) + "order"), _NOTE.but(bold=True, wrap=False))
    sheet.put(below, 2, texts(_T + "rest"), _NOTE)
    sheet.put(top, grid.weight, texts(_T + "step1"), _STEP.but(align="center"))
    sheet.put(below, grid.weight, left_words(grid, numbers, texts), _LIVE)
    if grid.size.profile:
        second = _STEP.but(wrap=False, indent=1)
        sheet.put(top, grid.good, texts("scorecard.first.table_step2"), second)
    else:
        sheet.put(top, grid.us, texts(_T + "step2"), _STEP.but(align="center"))
        sheet.put(below, grid.us, rated_words(grid, numbers, texts), _LIVE)
    if grid.size.competitors:
        optional = _OPTIONAL.but(align="centerContinuous", wrap=False)
        sheet.put(below, grid.first_rival, texts(_T + "optional"), optional)
        sheet.fill(below, grid.suppliers[1:], optional)
    sheet.put(top, grid.comment, texts(_T + "step3"), _STEP.but(wrap=False))
    sheet.heights |= {top: 18, below: 30, below + 1: 3}


def _headers(sheet: Sheet, grid: TableGrid, texts: Texts) -> None:
    good = ("scorecard.first." if grid.size.minutes else _T) + "good"
    columns: list[tuple[int, Content, Content, Style | None]] = [
        (1, texts(_T + "id"), ID, HEADER),
        (2, texts(_T + "requirement"), LABEL, HEADER_LEFT),
        (grid.weight, texts(_T + "weight"), WEIGHT, None),
        (grid.comment, texts(_T + "comment"), COMMENT, HEADER_LEFT),
        (grid.good, texts(good), GOOD, HEADER_LEFT),
    ]
    columns += [(c, Slot("last.header"), LAST, _LAST_HEADER) for c in grid.lasts]
    if not grid.size.profile:
        columns.append((grid.gap, texts(_T + "gap"), GAP, None))
    if grid.size.anchors:
        columns.append((3, texts(_T + "anchor"), ANCHOR, HEADER_LEFT))
    headers(sheet, grid.HEADER, columns, 36, unseen)
    sheet.fitting.add(grid.HEADER)  # it has room for the longest name
    for j, key in enumerate(supplier_keys(grid.size)):
        # a rival may be called "Supplier A": her purchasing may forbid names
        style = HEADER_RIVAL.but(locked=False) if j else HEADER_US
        sheet.put(grid.HEADER, grid.supplier(j), Slot(f"name.{key}"), style)
        sheet.put(grid.KEYS, grid.supplier(j), Slot(f"key.{key}"), unseen(style))


_LAST_HEADER = HEADER.but(bold=False, color=TEXT, fill=SOFT, line=WHITE)


def _row(sheet: Sheet, grid: TableGrid, index: int, result: _Result) -> None:
    row, spare = grid.row(index), index >= grid.size.requirements
    entry = _OFFERED_NUMBER if spare else ENTRY_NUMBER
    sheet.put(row, 1, Slot(f"id.{index}"), ROW_ID)
    sheet.put(
        row, 2, Slot(f"label.{index}"), _OFFERED_TEXT.but(size=11) if spare else _label(sheet)
    )
    if grid.size.anchors:
        sheet.put(row, 3, Slot(f"anchor.{index}"), _NOTE.but(borders="tb", indent=1))
    sheet.put(row, grid.weight, Slot(f"weight.{index}"), entry.but(bold=True))
    for j, key in enumerate(supplier_keys(grid.size)):
        style = _OFFERED_NUMBER if j else entry
        sheet.put(row, grid.supplier(j), Slot(f"{key}.{index}"), style)
    for column, name in zip(grid.lasts, ("weight", "us"), strict=False):
        sheet.put(row, column, None if spare else Slot(f"last.{name}.{index}"), _PALE)
    if not grid.size.profile:
        gap = result.gap(index)
        sheet.put(row, grid.gap, Formula(f'IF({gap}<0,"",{gap})', Slot(f"gap.{index}")), CALC)
    sheet.put(row, grid.comment, Slot(f"comment.{index}"), _OFFERED_TEXT)
    sheet.put(row, grid.good, Slot(f"good.{index}"), _OFFERED_TEXT)
    grows(sheet, row, grid.end + 1, 22)


def _label(sheet: Sheet) -> Style:
    """A requirement's label: in large type where the column has room for it."""
    return LABEL_STYLE.but(size=11 if sheet.widths[2] > 24 else 10)


def _totals(sheet: Sheet, grid: TableGrid, texts: Texts, result: _Result, state: State) -> None:
    keys = (SUM,) if grid.size.profile else (SUM, TOTAL, COVERAGE, RANK)
    for offset, key in enumerate(keys):
        row = grid.sum_row + offset
        sheet.put(row, 1, key, KEY.but(borders="tb", fill=SOFT))
        sheet.put(row, 2, texts(_T + key[1:]), _SUM_LABEL)
        sheet.heights[row] = 18
    if not grid.size.profile:
        sheet.put(grid.check_row, 1, CHECK, KEY.but(color=WHITE))
        sheet.put(grid.check_row, 2, state.check_label(), _CHECK.but(align="left", indent=1))
        sheet.heights[grid.check_row] = 18
    weights = result.numbers.weights()
    sheet.put(grid.sum_row, grid.weight, Formula(f"SUM({weights})", Slot("sum")), _SUM)
    for j, key in enumerate(supplier_keys(grid.size)):
        _supplier_totals(sheet, grid, j, key, result)
        sheet.put(grid.check_row, grid.supplier(j), state.check(j, key), _CHECK)
    for row in range(grid.sum_row, grid.sum_row + len(keys)):
        sheet.fill(row, range(3, grid.end + 1), _SUM_LABEL)


def _supplier_totals(sheet: Sheet, grid: TableGrid, j: int, key: str, result: _Result) -> None:
    column, row = grid.supplier(j), grid.sum_row
    weights, ratings = result.numbers.weights(), result.numbers.ratings(j)
    rated = f'SUMIF({ratings},">=0",{weights})'
    total = f'IF({rated}>0,SUMPRODUCT({weights},{ratings})/{rated},"")'
    coverage = f'IF(SUM({weights})>0,{rated}/SUM({weights}),"")'
    color = ACCENT if j == 0 else INK
    style = _SUM.but(size=12, color=color, format="0.0")
    rank = Formula(result.rank(j), Slot(f"rank.{key}"))
    sheet.put(row + 1, column, Formula(total, Slot(f"total.{key}")), style)
    sheet.put(row + 2, column, Formula(coverage, Slot(f"coverage.{key}")), CALC.but(format="0 %"))
    sheet.put(row + 3, column, rank, CALC.but(format="0"))


def names(sheet: Sheet, start: Sheet, grid: TableGrid) -> list[Name]:
    """The defined names: one per column range, the quick way for the reader."""
    who = StartGrid()
    columns = {"ids": 1, "label": 2, "weight": grid.weight, "comment": grid.comment}
    columns["_good"] = grid.good
    places: list[tuple[str | Slot, str]] = [("kx_mark", sheet.ref("A1"))]
    places += [(f"kx_{key}", _range(sheet, grid, column)) for key, column in columns.items()]
    for j, key in enumerate(supplier_keys(grid.size)):
        name: str | Slot = "kx_us" if j == 0 else Slot(f"range.{key}")
        places.append((name, _range(sheet, grid, grid.supplier(j))))
    places += [(f"kx_{key}", start.ref(a1(who.row(key), who.ANSWER))) for key in WHO]
    return [Name(name, ref) for name, ref in places]


def _range(sheet: Sheet, grid: TableGrid, column: int) -> str:
    return sheet.ref(a1(grid.FIRST, column), a1(grid.last, column))
