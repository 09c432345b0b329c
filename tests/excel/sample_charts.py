"""The sample's sheet with every kind of chart, on cells that repeat the card's."""

from __future__ import annotations

from kamxl.forms.paper.book import Chart, Formula, Series, Sheet, Slot
from kamxl.forms.paper.style import ACCENT, BEHIND, CELL, FAINT, NUMBER, RIVAL, SECTION
from tests.excel.sample_data import (
    LABELS,
    OURS,
    RIVAL_NAME,
    ROWS,
    THEIRS,
    US,
    WEIGHTS,
    difference,
)


def result() -> Sheet:
    sheet = Sheet("result", "Result", landscape=True, pages_tall=1)
    sheet.widths = dict.fromkeys(range(1, 17), 11)
    sheet.put(1, 1, "All kinds of charts", SECTION)
    card = "'Score & card'!"
    for at, row in enumerate(ROWS):
        ours, theirs, weight = OURS[at], THEIRS[at], WEIGHTS[at]
        sheet.put(at + 80, 1, Formula(f"{card}B{row}", LABELS[at]), CELL)
        sheet.put(at + 80, 2, Formula(f'IF({card}D{row}="","",{card}D{row})', _text(ours)), NUMBER)
        sheet.put(
            at + 80, 3, Formula(f'IF({card}E{row}="","",{card}E{row})', _text(theirs)), NUMBER
        )
        sheet.put(at + 80, 4, Formula(f"{card}C{row}", weight), NUMBER)
        ahead = _split(ours, theirs, 1)
        behind = _split(ours, theirs, -1)
        sheet.put(at + 80, 5, Formula(f"IF(N({card}F{row})>0,{card}F{row},0)", ahead), NUMBER)
        sheet.put(at + 80, 6, Formula(f"IF(N({card}F{row})<0,{card}F{row},0)", behind), NUMBER)
        sheet.put(at + 80, 7, f"20{20 + at}", CELL)
        sheet.put(at + 80, 8, 40 + 7 * at, NUMBER)
    for row, (x, y) in enumerate([(0, 75), (40, 75), (20, 0), (20, 100)], 90):
        sheet.put(row, 1, x, NUMBER)
        sheet.put(row, 2, y, NUMBER)
    sheet.put(89, 2, Formula(f"{card}D7", US), CELL)
    sheet.put(89, 3, Formula(f"{card}E7", RIVAL_NAME), CELL)
    sheet.charts += _charts(sheet)
    sheet.page_breaks.append(71)
    sheet.print_area = "A1:P71"
    return sheet


def _text(value: float | None) -> float | str:
    return "" if value is None else value


def _split(ours: float | None, theirs: float | None, sign: int) -> float:
    found = difference(ours, theirs)
    return found if isinstance(found, float | int) and found * sign > 0 else 0


def _charts(sheet: Sheet) -> list[Chart]:
    def block(letter: str) -> str:
        return sheet.ref(f"{letter}80", f"{letter}85")

    names, us, them = block("A"), sheet.ref("B89"), sheet.ref("C89")
    both = (
        Series(block("B"), names, title_ref=us, label="value"),
        Series(block("C"), names, title_ref=them, color=RIVAL, label="value"),
    )
    split = (
        Series(block("E"), names, "ahead", label="value", label_format="0.0;;"),
        Series(block("F"), names, "behind", color=BEHIND, label="value", label_format=";-0.0;"),
    )
    points = tuple(
        Series(sheet.ref(f"B{row}"), sheet.ref(f"D{row}"), title_ref=sheet.ref(f"A{row}"),
               label="name")
        for row in range(80, 85)
    )  # fmt: skip
    cross = (
        Series(sheet.ref("B90", "B91"), sheet.ref("A90", "A91"), color=FAINT, line=True,
               dashed=True),
        Series(sheet.ref("B92", "B93"), sheet.ref("A92", "A93"), color=FAINT, line=True,
               dashed=True),
    )  # fmt: skip
    bubbles = (
        Series(sheet.ref("B80", "B82"), sheet.ref("D80", "D82"), "large",
               sizes=sheet.ref("H80", "H82")),
        Series(sheet.ref("C80", "C82"), sheet.ref("D80", "D82"), "small", color=RIVAL,
               sizes=sheet.ref("D80", "D82")),
    )  # fmt: skip
    years = block("G")
    trend = (
        Series(block("H"), years, "Total", label="value", label_format="0"),
        Series(block("B"), years, "Target", color=RIVAL, line=True, dashed=True),
    )
    return [
        Chart("bar", "A3", "H20", both, Slot("title"), x_title="points", x_min=0, x_max=100,
              description=Slot("title")),
        Chart("stacked", "I3", "P20", split, "Lead, requirement by requirement"),
        Chart("scatter", "A21", "H40", (*points, *cross), "Importance and performance",
              "importance", "points", x_min=0, x_max=40, y_min=0, y_max=100, legend=False),
        Chart("column", "I21", "P40", both[:1], "Ours", y_min=0, y_max=100, legend=False),
        Chart("line", "A41", "H58", trend, "Trend", y_title="points", y_min=0),
        Chart("bubble", "I41", "P58", bubbles, "Portfolio", "weight", "points", x_min=0, x_max=40,
              y_min=0, y_max=120, description="Bubbles"),
        Chart("bar", "A59", "E70", (Series(block("B"), names, color=ACCENT),), legend=False),
    ]  # fmt: skip
