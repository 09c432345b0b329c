"""The sheet *Minutes* (Protokoll): what matters to her, what good means there, what we do next.

It prints what was found out together. Of a profile, which asks for no points, the calculation
behind it stands far right of the page; else on the sheet *Result*.
"""

from __future__ import annotations

from collections.abc import Iterator

from kamxl.core.records.page import MOST_STEPS
from kamxl.core.records.register import Answers
from kamxl.forms.paper.book import Conditional, Formula, Scalar, Sheet, Slot, Validation, span
from kamxl.forms.paper.idioms import quoted, worded
from kamxl.forms.paper.parts import band, grows, headers, row_height, section, unseen
from kamxl.forms.paper.raw import a1
from kamxl.forms.paper.style import (
    ACCENT,
    ACCENT_SOFT,
    FAINT,
    HEADER,
    HEADER_LEFT,
    LABEL,
    MUTED,
    NUMBER,
    OFFERED,
    Style,
)
from kamxl.forms.scorecard.calculation import Source, calculate_profile
from kamxl.forms.scorecard.filled import Filled, listed, weight_key
from kamxl.forms.scorecard.grid import CardSize, MinutesGrid, ResultGrid, StartGrid
from kamxl.forms.scorecard.numbers import Numbers
from kamxl.wording.texts import Texts

_M, _P = "scorecard.minutes.", "scorecard.profile."
STEP_KEYS = ("id", "step", "by", "who")
_ID = Style(color=FAINT, align="center", borders="tb")
_TEXT = OFFERED.but(align="left", indent=1)
_NOTE = Style(size=10, color=MUTED, valign="top")
_LOOKS = {
    "place": NUMBER.but(format="0", color=MUTED),
    "label": LABEL,
    "weight": NUMBER.but(format="0.##", bold=True),
    "us": NUMBER.but(format="0.##"),
    "good": LABEL,
}
_HEADS = {"place": "place", "label": "requirement", "weight": "weight", "us": "met", "good": "good"}


def draw(size: CardSize, texts: Texts, table: str, calculated: str, start: Sheet) -> Sheet:
    """The sheet as a pattern: its slots are filled by ``values``.

    ``table`` and ``calculated``: the titles of the sheets with her entries and the calculation.
    """
    grid = MinutesGrid(size)
    sheet = Sheet("minutes", texts(_M + "sheet"), tab_color=ACCENT, protected=True)
    good = 62.0 if size.profile else 50.0
    sheet.widths = {1: 5.0, 2: 40.0, 3: 13.0, grid.good: good, grid.good + 1: 1.0}
    sheet.widths |= {grid.met: 12.0} if grid.met else {}
    band(sheet, tuple(range(1, grid.good + 1)), texts(_M + "title"), Slot("subtitle"))
    source = "" if size.profile else "'" + calculated.replace("'", "''") + "'!"
    if size.profile:
        calculate_profile(sheet, ResultGrid(size), texts, Source(size, table))
    _with(sheet, grid, texts, start, Numbers(size, source), table)
    for column, key in enumerate(_columns(size), start=1):
        style = HEADER_LEFT if key in ("label", "good") else HEADER
        sheet.put(grid.HEADER, column, texts(_P + _HEADS[key]), style)
    sheet.heights[grid.HEADER] = 30
    for place in range(size.rows):
        _row(sheet, grid, place, source)
    _steps(sheet, grid, texts)
    weights = span(grid.row(0), 3, grid.row(size.rows - 1), 3)
    sheet.conditionals.append(Conditional(weights, kind="bar", color=ACCENT_SOFT, high_at=50))
    sheet.print_area = span(1, 1, grid.last, grid.good)
    sheet.footer = Slot("footer")
    sheet.active_cell = a1(grid.step(0), grid.WHAT)
    return sheet


def _columns(size: CardSize) -> list[str]:
    return [key for key in _LOOKS if key != "us" or not size.profile]


def _with(
    sheet: Sheet, grid: MinutesGrid, texts: Texts, start: Sheet, numbers: Numbers, table: str
) -> None:
    """Who answered, and when, as *Start* has it; and when the page fills."""
    who = StartGrid()
    name, day = (start.ref(a1(who.row(key), who.ANSWER)) for key in ("name", "date"))
    told = f'IF({name}="","",{worded(texts, _M + "with", {"name": name})})'
    bold = Style(size=11, bold=True)
    sheet.put(grid.WITH, 2, Formula(told, Slot("minutes.with")), bold)
    dated = bold.but(format=texts("language.excel_date"), align="left", indent=1)
    sheet.put(grid.WITH, grid.good, Formula(f'IF({day}="","",{day})', Slot("minutes.date")), dated)
    when = quoted(texts(_M + "empty", sheet=table))
    note = f'IF(COUNT({numbers.weights()})=0,{when},"")'
    sheet.put(grid.NOTE, 2, Formula(note, Slot("minutes.note")), _NOTE)
    sheet.heights |= {grid.WITH: 20, grid.NOTE: 18, grid.NOTE + 1: 4}


def _row(sheet: Sheet, grid: MinutesGrid, place: int, source: str) -> None:
    calc, row = ResultGrid(grid.size), grid.row(place)
    at = source + calc.calc("weight_index", place)
    for column, key in enumerate(_columns(grid.size), start=1):
        shown = f"INDEX({source}{calc.calc(key)},{at},1)" if key != "place" else str(place + 1)
        if key in ("weight", "us"):
            shown = f'IF({shown}>=0,{shown},"")'
        text = Formula(f'IF({at}=0,"",{shown})', Slot(f"minutes.{key}.{place}"))
        sheet.put(row, column, text, _LOOKS[key])
    grows(sheet, row, grid.good + 1, row_height(grid.size.lines, least=26))


def _steps(sheet: Sheet, grid: MinutesGrid, texts: Texts) -> None:
    """What is done next: what, who, by when."""
    section(sheet, grid.steps, 2, texts(_M + "steps"))
    columns = [
        (1, "", STEP_KEYS[0], HEADER_LEFT),
        (grid.WHAT, texts(_M + "what"), STEP_KEYS[1], HEADER_LEFT),
        (grid.DUE, texts(_M + "by"), STEP_KEYS[2], None),
        (grid.who, texts(_M + "who"), STEP_KEYS[3], HEADER_LEFT),
    ]
    if grid.met:
        columns.append((grid.met, "", "", HEADER_LEFT))
    headers(sheet, grid.steps + 1, columns, 24, unseen)
    day = OFFERED.but(align="center", format=texts("language.excel_date"), wrap=False)
    for number in range(MOST_STEPS):
        row = grid.step(number)
        sheet.put(row, 1, f"S{number + 1}", _ID)
        sheet.put(row, grid.WHAT, Slot(f"step.what.{number}"), _TEXT)
        sheet.put(row, grid.DUE, Slot(f"step.due.{number}"), day)
        sheet.put(row, grid.who, Slot(f"step.who.{number}"), _TEXT)
        if grid.met:
            sheet.put(row, grid.met, None, _ID)
        grows(sheet, row, grid.good + 1, 30)
    dates = span(grid.step(0), grid.DUE, grid.last, grid.DUE)
    title, prompt = texts(_M + "by"), texts(_M + "by_prompt")
    sheet.validations.append(Validation(dates, "none", prompt_title=title, prompt=prompt))


# -- what is stored --------------------------------------------------------------------------------


def values(filled: Filled, said: Texts, table: str) -> Iterator[tuple[str, Scalar]]:
    """The values of its slots; ``table``: the title of the sheet with her entries."""
    order = listed([weight_key(row) for row in filled.rows])
    for place in range(len(filled.rows)):
        row = filled.rows[order[place]] if place < len(order) else None
        shown: dict[str, Scalar] = dict.fromkeys(_LOOKS, "")
        if row is not None:
            shown = {"place": place + 1, "label": row.shown, "good": row.good or row.given}
            shown["weight"] = "" if row.weight is None else row.weight
            shown["us"] = "" if row.ours is None else row.ours
        yield from ((f"minutes.{key}.{place}", value) for key, value in shown.items())
    weighed = any(row.weight is not None for row in filled.rows)
    yield "minutes.note", "" if weighed else said(_M + "empty", sheet=table)


def values_of(answers: Answers | None, name: str, said: Texts) -> Iterator[tuple[str, Scalar]]:
    """Who answered, and the next steps; ``name``: whom the card is addressed to."""
    name = answers.name if answers else name
    yield "minutes.with", said(_M + "with", name=name) if name else ""
    yield "minutes.date", (answers.rated_on if answers else None) or ""
    steps = answers.steps if answers else ()
    for number in range(MOST_STEPS):
        step = steps[number] if number < len(steps) else None
        yield f"step.what.{number}", (step.what or None) if step else None
        yield f"step.who.{number}", (step.who or None) if step else None
        yield f"step.due.{number}", step.due if step else None
