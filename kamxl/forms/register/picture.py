"""The sheet *Selection picture*: the selection on one page, the largest accounts, the criteria.

Everything on it is calculated from *Selection*, and nothing is read back.
"""

from __future__ import annotations

from kamxl.core.records.register import Register
from kamxl.forms.paper.book import Chart, Formula, Series, Sheet, span
from kamxl.forms.paper.pages import paged
from kamxl.forms.paper.parts import band, tile
from kamxl.forms.paper.places import At
from kamxl.forms.paper.raw import a1
from kamxl.forms.paper.style import (
    ACCENT,
    BEHIND,
    GOOD,
    LINE,
    MUTED,
    NOTE,
    RIVAL,
    TILE_VALUE,
    Style,
)
from kamxl.forms.register.calculation import (
    BARS,
    FACT_COLUMN,
    TOP,
    Chosen,
    Places,
    place_values,
)
from kamxl.forms.register.pages import draw_criteria, draw_largest
from kamxl.forms.register.points import CORNER_ROW, CORNERS, LINE_ROW, LINES, draw_calculation
from kamxl.forms.register.sentences import days_line, names_line, pareto_line
from kamxl.forms.register.sheets import PICTURE, mark_text

WIDTHS = (6, 34, 16, 11, 13, 10, 10, 9, 16, 16, 26)
TILES = (
    ("focus", (1, 2), GOOD),
    ("build_up", (3, 4), RIVAL),
    ("serve", (5, 6, 7), MUTED),
    ("wrong", (8, 9, 10), BEHIND),
    ("right", (11,), ACCENT),
)
SENTENCES_ROW = 8
CHARTS_ROW, CHART_ROWS, CHART_LINE = 11, 21, 17.0
NOTES_ROW = CHARTS_ROW + CHART_ROWS
TOP_ROW = NOTES_ROW + 4  # the heading; headers and places follow
CRITERIA_ROW = TOP_ROW + TOP + 3
_SENTENCE = Style(size=12, indent=1)


def draw_picture(
    tables: At, register: Register, workspace: str, chosen: Chosen, *, live: bool = True
) -> Sheet:
    """The sheet, its charts and the calculation behind them; not ``live``: what it says by now."""
    at = Places(tables, inside=True)
    words = at.words
    sheet = Sheet(PICTURE, words("register.picture.title"), landscape=True, tab_color=ACCENT)
    sheet.protected = True  # nothing to type here, and a deleted row would be formulas deleted
    sheet.widths = dict(enumerate(WIDTHS, 1))
    whole = range(1, len(WIDTHS) + 1)
    intro = words("register.picture.intro")
    band(sheet, whole, sheet.title, intro, mark_text(PICTURE, workspace))
    for name, columns, color in TILES:
        value = Formula(at.fact(name), chosen.facts[name])
        label = words(f"register.picture.tile_{name}")
        tile(sheet, 5, columns, label, value, TILE_VALUE.but(color=color, format="0"))
    sheet.heights[7] = 8
    for row, line in enumerate((pareto_line, days_line), SENTENCES_ROW):
        sheet.put(row, 1, line(at, chosen), _SENTENCE)
        sheet.heights[row] = 19
    sheet.heights[SENTENCES_ROW + 2] = 8
    _pictures(sheet, at)
    _notes(sheet, at, chosen)
    draw_largest(sheet, at, chosen, TOP_ROW)
    last = draw_criteria(sheet, at, register, CRITERIA_ROW)
    draw_calculation(sheet, at, chosen, live=live)
    sheet.print_area = span(1, 1, last, len(WIDTHS))
    paged(sheet, len(WIDTHS))
    sheet.page_breaks = [TOP_ROW - 1, CRITERIA_ROW - 1]
    sheet.freeze = "A5"
    sheet.active_cell = "A5"
    return sheet


# --- charts --------------------------------------------------------------------------------------


def _pictures(sheet: Sheet, at: Places) -> None:
    for row in range(CHARTS_ROW, NOTES_ROW):
        sheet.heights[row] = CHART_LINE
    sheet.charts += [_pareto(sheet, at), _quadrants(sheet, at)]


def _block(sheet: Sheet, at: Places, name: str, first: int, rows: int) -> str:
    cells = (at.cell(name, number).replace("$", "") for number in (first, first + rows - 1))
    return sheet.ref(*cells)


def _pareto(sheet: Sheet, at: Places) -> Chart:
    """The 20 largest, each bar beginning where the larger ones end: a Pareto chart lying down."""
    words = at.words
    categories = _block(sheet, at, "name", 0, BARS)
    colors = {"before": LINE, "a": ACCENT, "b": RIVAL, "c": MUTED}
    series = tuple(
        Series(
            _block(sheet, at, name, 0, BARS),
            categories,
            title=words(f"register.picture.pareto_{name}"),
            color=color,
        )
        for name, color in colors.items()
    )
    return Chart(
        "stacked",
        a1(CHARTS_ROW, 1),
        a1(NOTES_ROW, 5),
        series,
        title=words("register.picture.pareto"),
        x_min=0,
        x_max=1,
        x_format="0 %",
        description=words("register.picture.pareto_description"),
    )


def _quadrants(sheet: Sheet, at: Places) -> Chart:
    """Score against revenue: numbered points, the two lines, the quadrants' names."""
    words = at.words
    series = [
        Series(
            _block(sheet, at, "y", number, 1),
            _block(sheet, at, "xlabel", number, 1),
            title=str(number + 1),
            line=True,  # the number alone: its point belongs to one of the coloured series
            label="name",
        )
        for number in range(TOP)
    ]
    for name, color in (("xplain", ACCENT), ("xwrong", BEHIND), ("xright", GOOD)):
        y, x = (_block(sheet, at, one, 0, TOP) for one in ("y", name))
        series.append(Series(y, x, title=words(f"register.picture.calc_{name}"), color=color))
    for number, name in enumerate(LINES):
        row = LINE_ROW + 2 * number
        title = words(f"register.picture.{name}")
        series.append(_line(sheet, row, row + 1, title, MUTED))
    for number, name in enumerate(CORNERS):
        row = CORNER_ROW + number
        title = words(f"register.picture.corner_{name}")
        series.append(_line(sheet, row, row, title, MUTED, label=True))
    return Chart(
        "scatter",
        a1(CHARTS_ROW, 5),
        a1(NOTES_ROW, len(WIDTHS) + 1),
        tuple(series),
        title=words("register.picture.quadrants"),
        x_title=words("register.picture.quadrants_x"),
        y_title=words("register.picture.quadrants_y"),
        x_min=0,
        x_max=100,
        y_min=0,
        y_format="#,##0",
        legend=False,
        description=words("register.picture.quadrants_description"),
    )


def _line(
    sheet: Sheet, first: int, last: int, title: str, color: str, *, label: bool = False
) -> Series:
    """A line without points between two places of the calculation, or only a label at one."""
    y, x = (
        sheet.ref(a1(first, column), a1(last, column)) for column in (FACT_COLUMN + 1, FACT_COLUMN)
    )
    return Series(y, x, title=title, color=color, line=True, dashed=True,
                  label="name" if label else "")  # fmt: skip


def _notes(sheet: Sheet, at: Places, chosen: Chosen) -> None:
    """Who is meant by red and green, and what the numbers are."""
    named = place_values(chosen, at)[-1]
    for row, (key, color) in enumerate((("wrong", BEHIND), ("right", GOOD)), NOTES_ROW):
        cell = at.cell(key, at.rows - 1)
        line = names_line(at, f"names_{key}", cell, str(named[key]))
        sheet.put(row, 1, line, Style(bold=True, color=color, indent=1))
        sheet.heights[row] = 17
    note = NOTE.but(wrap=False, valign="center", indent=1)
    sheet.put(NOTES_ROW + 2, 1, at.words("register.picture.note"), note)
