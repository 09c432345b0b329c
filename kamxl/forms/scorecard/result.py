"""The sheet *Result*: suppliers with their totals, pictures, gaps sorted largest first."""

from __future__ import annotations

from itertools import islice

from kamxl.forms.paper.book import (
    Chart,
    Conditional,
    Content,
    Formula,
    Series,
    Sheet,
    Slot,
    span,
)
from kamxl.forms.paper.parts import band, grows, row_height, section, tile
from kamxl.forms.paper.raw import a1
from kamxl.forms.paper.style import (
    ACCENT,
    CALC,
    GAP_BAR,
    HEADER,
    HEADER_LEFT,
    LABEL,
    MUTED,
    NOTE,
    NUMBER,
    RIVAL,
    TILE_VALUE,
)
from kamxl.forms.scorecard.calculation import (
    CALC_CELL,
    CALC_HEAD,
    Contest,
    Source,
    calculate,
)
from kamxl.forms.scorecard.grid import (
    FACTS,
    CardSize,
    ResultGrid,
    supplier_keys,
)
from kamxl.forms.scorecard.numbers import Numbers
from kamxl.forms.scorecard.verdict import Formulas, own_label_formula, part_behind
from kamxl.wording.texts import Texts

_R = "scorecard.result."
_SIGNED = "+0.0;-0.0;0.0"
_SENTENCE = NOTE.but(wrap=False, valign="center", indent=1)
WIDTHS = (6.0, 37.0, 11.0, 12.0, 13.0, 12.0, 13.0)


def draw(size: CardSize, texts: Texts, table_title: str, odd_wishes: str) -> Sheet:
    """The sheet as a pattern: its slots are filled by ``scorecard_values``."""
    grid, source = ResultGrid(size), Source(size, table_title)
    sheet = Sheet("result", texts(_R + "sheet"), tab_color=RIVAL, protected=True)
    sheet.widths = dict(enumerate(WIDTHS, start=1))
    sheet.widths |= dict.fromkeys(range(grid.LAST_COLUMN + 1, grid.CALC), grid.BETWEEN)
    band(sheet, tuple(range(1, grid.LAST_COLUMN + 1)), texts(_R + "title"), Slot("subtitle"))
    told = Formulas(grid, texts)
    _tiles(sheet, grid, texts, told)
    _suppliers(sheet, grid, texts, source, told)
    _pictures(sheet, grid, texts)
    _gaps(sheet, grid, texts, told)
    calculate(sheet, grid, texts, source, odd_wishes)
    sheet.print_area = span(1, 1, grid.gap_row(size.rows - 1), grid.LAST_COLUMN)
    # pictures that fit stand on one page; the list then starts its own instead of breaking
    # (a bar takes 32 points, a supplier 20; some 160 are left beside what always stands there)
    tall = 32 * grid.bars + 20 * size.competitors > 160
    sheet.page_breaks = [grid.picture - 1] if tall else [grid.gaps - 2]
    if tall and size.rows > 13:
        sheet.page_breaks.append(grid.gaps - 2)
    sheet.footer = Slot("footer")
    sheet.active_cell = "A5"
    return sheet


def _tiles(sheet: Sheet, grid: ResultGrid, texts: Texts, told: Formulas) -> None:
    total, coverage = (grid.contest(name, 0) for name in ("total", "coverage"))
    row, score = grid.TILE_LABELS, TILE_VALUE.but(format="0.0", color=ACCENT)
    label = own_label_formula(grid, texts)
    tile(sheet, row, (1, 2), label, Formula(total, Slot("total.us.result")), score)
    covered = Formula(coverage, Slot("coverage.us.result"))
    tile(sheet, row, (3, 4), texts(_R + "coverage"), covered, TILE_VALUE.but(format="0 %"))
    sheet.put(grid.SENTENCE, 1, told.sentence(), _SENTENCE)
    sheet.fill(grid.SENTENCE, range(2, grid.LAST_COLUMN + 1), _SENTENCE.but(indent=0))
    sheet.heights[grid.SENTENCE] = 20
    sheet.conditionals.append(told.unfilled())
    if not grid.size.competitors:
        return
    small = TILE_VALUE.but(size=12, wrap=True)
    tile(sheet, row, (5, 6), told.name_label(), told.name(), small)
    tile(sheet, row, (7,), told.label(), told.points(), TILE_VALUE.but(size=13, format="0.0"))
    sheet.conditionals += told.colors()


def _suppliers(
    sheet: Sheet, grid: ResultGrid, texts: Texts, source: Source, told: Formulas
) -> None:
    """The suppliers in the order of their ranks; those without one follow as on the card."""
    shown = dict(islice(_SUPPLIERS.items(), 7 if grid.size.competitors else 4))
    for column, key in enumerate(shown, start=1):
        style = HEADER_LEFT if key == "suppliers" else HEADER
        title = told.against_us() if key == "compared" else texts(_R + key)
        sheet.put(grid.SUPPLIERS, column, title, style)
    sheet.heights[grid.SUPPLIERS] = 34
    sheet.fitting.add(grid.SUPPLIERS)  # it has room for the longest name
    contest = Contest(grid, source, Numbers(grid.size))
    for place, key in enumerate(supplier_keys(grid.size)):
        row = grid.supplier_row(place)
        for column, (name, style) in enumerate(shown.values(), start=1):
            text = Formula(grid.listed(name, place), Slot(f"listed.{name}.{place}"))
            sheet.put(row, column, text, style)
        grows(sheet, row, grid.LAST_COLUMN + 1, 20)
        contest.put(sheet, place, key, told.words_of(place, key))
    sheet.conditionals.append(told.ours())


# The columns of the table of suppliers: what stands in it of each, and how it looks.
_SUPPLIERS = {
    "rank": ("rank", NUMBER.but(format="0")),
    "suppliers": ("name", LABEL),
    "result": ("total", NUMBER.but(format="0.0")),
    "covered": ("coverage", NUMBER.but(format="0 %")),
    "apart": ("apart", NUMBER.but(format="0.0")),
    "common": ("common", NUMBER.but(format="0 %")),
    "compared": ("word", NUMBER),
}


def _pictures(sheet: Sheet, grid: ResultGrid, texts: Texts) -> None:
    for row in range(grid.chart, grid.picture_text):
        sheet.heights[row] = 16
    end = a1(grid.picture - 1, grid.LAST_COLUMN + 1)
    first, last = grid.gap_row(0), grid.gap_row(grid.bars - 1)
    categories = sheet.ref(a1(first, 2), a1(last, 2))
    series = [
        Series(
            sheet.ref(a1(first, 4), a1(last, 4)),
            categories,
            title_ref=sheet.ref(a1(grid.gaps, 4)),
            color=ACCENT,
            label="value",
            label_format="0",
        )
    ]
    if grid.size.competitors:
        rival = sheet.ref(a1(first, 5), a1(last, 5))
        series.append(
            Series(
                rival,
                categories,
                title_ref=sheet.ref(a1(grid.gaps, 5)),
                color=RIVAL,
                label="value",
                label_format="0",
            )
        )
    sheet.charts.append(
        Chart(
            "bar",
            a1(grid.chart, 1),
            end,
            tuple(series),
            title=texts(_R + ("chart" if grid.size.competitors else "gaps")),
            x_min=0,
            x_max=100,
            y_min=0,
            y_max=100,
            description=texts(_R + "bar_description"),
        )
    )
    _importance(sheet, grid, texts)


def _importance(sheet: Sheet, grid: ResultGrid, texts: Texts) -> None:
    points = tuple(
        Series(
            sheet.ref(grid.calc("y", i).replace("$", "")),
            sheet.ref(grid.calc("x", i).replace("$", "")),
            title=str(i + 1),
            color=ACCENT,
            label="name",
        )
        for i in range(grid.size.rows)
    )
    cross = (
        _crosshair(sheet, grid, ("threshold", "threshold"), ("zero", "top"), texts, "rating"),
        _crosshair(sheet, grid, ("zero", "hundred"), ("mean", "mean"), texts, "weight"),
    )
    sheet.charts.append(
        Chart(
            "scatter",
            a1(grid.picture, 1),
            a1(grid.picture_text - 1, grid.LAST_COLUMN + 1),
            points + cross,
            title=texts(_R + "picture"),
            x_title=Slot("picture_x"),
            y_title=texts(_R + "picture_y"),
            x_min=0,
            x_max=100,
            y_min=0,
            legend=False,
            description=texts(_R + "picture_description"),
        )
    )
    lines: list[Content] = [texts(_R + "picture_note"), Slot("picture_crosshair")]
    lines += [texts(f"{_R}picture_{place}") for place in range(1, 5)]
    for row, line in enumerate(lines, start=grid.picture_text):
        sheet.put(row, 2, line, NOTE.but(wrap=False, valign="center"))
        sheet.heights[row] = 14


def _crosshair(
    sheet: Sheet,
    grid: ResultGrid,
    xs: tuple[str, str],
    ys: tuple[str, str],
    texts: Texts,
    which: str,
) -> Series:
    """A line of the crosshair: its two ends stand below the single figures."""
    column = grid.facts + 1
    row = grid.CALC_FIRST + len(FACTS) + 1 + (3 if which == "weight" else 0)
    sheet.put(row - 1, column - 1, texts(f"{_R}crosshair_{which}"), CALC_HEAD)
    for offset in (0, 1):
        x, y = grid.fact(xs[offset]), grid.fact(ys[offset])
        sheet.put(row + offset, column - 1, Formula(x, Slot(f"{which}.x{offset}")), CALC_CELL)
        sheet.put(row + offset, column, Formula(y, Slot(f"{which}.y{offset}")), CALC_CELL)
    return Series(
        sheet.ref(a1(row, column), a1(row + 1, column)),
        sheet.ref(a1(row, column - 1), a1(row + 1, column - 1)),
        title=texts(f"{_R}crosshair_{which}"),
        color=MUTED,
        line=True,
        dashed=True,
    )


def _gaps(sheet: Sheet, grid: ResultGrid, texts: Texts, told: Formulas) -> None:
    section(sheet, grid.gaps - 1, 1, texts(_R + "gaps"))
    heads = ["place", "requirement", "weight", "us", "rival", "gap", "gap_lead"]
    live = {"rival": told.header(), "us": told.us_header()}
    for column, key in enumerate(heads, start=1):
        content = live[key] if key in live else texts(_R + key)
        sheet.put(grid.gaps, column, content, HEADER_LEFT if column == 2 else HEADER)
    sheet.heights[grid.gaps] = 34
    sheet.fitting.add(grid.gaps)
    for place in range(grid.size.rows):
        _gap(sheet, grid, place)
    first, last = grid.gap_row(0), grid.gap_row(grid.size.rows - 1)
    sheet.conditionals += [
        Conditional(span(first, 6, last, 6), kind="bar", color=GAP_BAR, high_at=20),
        part_behind(span(first, 7, last, 7)),
    ]


def _gap(sheet: Sheet, grid: ResultGrid, place: int) -> None:
    row, index = grid.gap_row(place), grid.calc("index", place)
    # lines change places while she types, and no program fits a row to a formula
    grows(sheet, row, grid.LAST_COLUMN + 1, row_height(grid.size.lines, least=29))
    number = Formula(f'IF({index}=0,"",{place + 1})', Slot(f"sorted.place.{place}"))
    sheet.put(row, 1, number, NUMBER.but(format="0", color=MUTED))
    label = f'IF({index}=0,"",INDEX({grid.calc("label")},{index},1))'
    sheet.put(row, 2, Formula(label, Slot(f"sorted.label.{place}")), LABEL)
    for column, name in ((3, "weight"), (4, "us"), (5, "best"), (6, "gap"), (7, "lead")):
        value = f"INDEX({grid.calc(name)},{index},1)"
        known = f"ISNUMBER({grid.fact('verdict')})" if name == "lead" else f"{value}>=0"
        shown = f'IF({known},{value},"")'
        text = f'IF({index}=0,"",{shown})'
        form = {"lead": _SIGNED, "gap": "0.0"}.get(name, "General")
        style = CALC if name in ("gap", "lead") else NUMBER
        sheet.put(
            row, column, Formula(text, Slot(f"sorted.{name}.{place}")), style.but(format=form)
        )
