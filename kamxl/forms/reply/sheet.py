"""The sheet *Our reply*: what we understood, what we do, and whether it fits her; a pattern.

Nothing on it has to be filled in, and nothing asks why she rated as she did.
"""

from __future__ import annotations

from dataclasses import replace

from kamxl.forms.paper.book import Sheet, Slot, Validation, span
from kamxl.forms.paper.parts import band, grows, headers, section, unseen
from kamxl.forms.paper.raw import a1
from kamxl.forms.paper.style import (
    ACCENT,
    BAND,
    BODY,
    CELL,
    ENTRY,
    FAINT,
    HEADER,
    HEADER_LEFT,
    LABEL,
    LINE,
    MARK,
    MUTED,
    NOTE,
    OFFERED,
    Style,
)
from kamxl.forms.reply.choices import CHOICES
from kamxl.forms.reply.grid import (
    AMOUNT,
    FACTS,
    GOAL,
    ID,
    PERSON,
    SAID,
    PageGrid,
    PageSize,
    Section,
    called,
)
from kamxl.wording.texts import Texts

_R = "scorecard.reply."
_PAGE = 756.0  # points of an A4 page across, a little less than there are
_WIDE = 5.6  # points a column takes for each unit of its width
_LEAST = 40.0  # points of a line
_HIGH = 600.0  # points of rows that fit on a page at the scale of this sheet
_ROW = 15.0  # of a row without a height

_ID = Style(size=8, color=FAINT, align="center", borders="tb", wrap=True)
_TEXT = LABEL.but(bold=True)
_MORE = LABEL
_SAID = CELL.but(color=MUTED, align="center")
_CHOICE = ENTRY.but(align="center", size=11)
_WORDS = OFFERED.but(align="left", indent=1)
_AMOUNT = OFFERED.but(align="center", format="#,##0.##")
_FACT = Style(color=MUTED, borders="b", line=LINE)
_VALUE = Style(size=11, bold=True, borders="b", line=LINE, indent=1)


def draw(texts: Texts, size: PageSize) -> Sheet:
    """The sheet; its slots are filled by ``values``."""
    grid = PageGrid(size)
    sheet = Sheet("reply", texts(_R + "sheet"), tab_color=ACCENT, protected=True, landscape=True)
    sheet.widths = dict(grid.widths)
    first, last = grid.column("text"), grid.column("words")
    band(sheet, range(first, last + 1), Slot("reply.title"), Slot("subtitle"))
    sheet.put(grid.MARK, 1, Slot("mark"), MARK)
    for row in (grid.BAND, grid.BAND + 1):
        sheet.fill(row, (1,), BAND)
    sheet.put(grid.to, first, Slot("reply.to"), BODY.but(wrap=False, bold=True))
    sheet.put(grid.to + 1, first, texts(_R + "lead"), BODY.but(wrap=False))
    sheet.heights |= {grid.to: 20, grid.to + 1: 20}
    if size.alone:
        _about(sheet, grid, texts)
    for one, row in grid.sections():
        _section(sheet, grid, one, row, texts)
    _break(sheet, grid)
    sheet.print_area = span(1, first, grid.last, last)
    width = sum(grid.widths[column] for column in range(first, last + 1))
    sheet.scale = min(int(_PAGE * 100 / (width * _WIDE)), 90)
    sheet.footer = Slot("footer")
    sheet.active_cell = _first_input(grid)
    return sheet


def _first_input(grid: PageGrid) -> str:
    first, row = next(grid.sections(), (None, grid.first))
    if first is None:
        return a1(row, 1)
    return a1(row + 4, dict(grid.headed(first))[first.inputs[0]])


def _break(sheet: Sheet, grid: PageGrid) -> None:
    """Begin a page with a section that would not end on the one before."""
    begin = 1
    for one, row in grid.sections():
        rows = range(begin, grid.lines(one)[-1] + 1)
        if row > grid.first and sum(sheet.heights.get(r, _ROW) for r in rows) > _HIGH:
            sheet.page_breaks.append(row - 1)
            begin = row


def _about(sheet: Sheet, grid: PageGrid, texts: Texts) -> None:
    """Of a workbook of its own: a greeting, to whom it goes back, and who answers."""
    label, value = grid.column("text"), grid.column("more")
    sheet.put(grid.GREETING, label, Slot("start.greeting"), BODY.but(wrap=False))
    sheet.heights[grid.GREETING] = 20
    for row, key in enumerate(FACTS, grid.facts):
        sheet.put(row, label, texts(f"scorecard.start.{key}"), _FACT)
        sheet.put(row, value, Slot(f"start.{key}"), _VALUE)
        sheet.heights[row] = 18
    for key in PERSON:
        row, style = grid.person(key), OFFERED.but(align="left", indent=1, size=11)
        style = style.but(format=texts("language.excel_date")) if key == "date" else style
        sheet.put(row, 1, f":{key}", _ID.but(borders="", size=6))
        sheet.put(row, label, texts(f"scorecard.table.who_{key}"), _FACT)
        sheet.put(row, value, Slot(f"who.{key}"), style)
        sheet.heights[row] = 18
    sheet.heights[grid.person(PERSON[-1]) + 1] = 6
    sheet.put(grid.data, label, texts("scorecard.start.data"), _FACT.but(borders="", valign="top"))
    sheet.put(grid.data, value, Slot("start.data"), NOTE)
    grows(sheet, grid.data, grid.column("room"), 46)


def _section(sheet: Sheet, grid: PageGrid, one: Section, row: int, texts: Texts) -> None:
    """A table: its title, a sentence, headers, keys, and a line for each thing."""
    first, said = grid.column("text"), _R + one.name
    section(sheet, row, first, texts(said + ".title"))
    sheet.put(row + 1, first, texts(said + ".lead"), NOTE.but(wrap=False))
    heads = dict(grid.headed(one))
    by_column = {column: key for key, column in heads.items()}
    columns = []
    for column in range(first, grid.column("words") + 1):
        key = by_column.get(column)
        style = HEADER_LEFT if column < grid.column("choice") else HEADER
        text = texts(f"{_R}heads.{called(key)}") if key else None
        columns.append((column, text, key, style))
    headers(sheet, row + 2, columns, 30, unseen)
    sheet.put(row + 3, 1, ID, MARK.but(align="center"))
    for number, line in enumerate(grid.lines(one)):
        _line(sheet, grid, one, number, line)
        grows(sheet, line, grid.column("room"), _LEAST)
    sheet.heights[grid.lines(one)[-1] + 1] = 10
    lines = grid.lines(one)
    for key in one.inputs:
        cells = span(lines[0], heads[key], lines[-1], heads[key])
        sheet.validations.append(_validation(key, cells, texts))


def _line(sheet: Sheet, grid: PageGrid, one: Section, number: int, row: int) -> None:
    sheet.put(row, 1, Slot(f"{one.name}.id.{number}"), _ID)
    for key, column in grid.headed(one):
        sheet.put(row, column, Slot(f"{one.name}.{key[1:]}.{number}"), _look(one, key))
    sheet.fill(row, range(grid.column("text"), grid.column("words") + 1), CELL)


def _look(one: Section, key: str) -> Style:
    if key == SAID:
        return _SAID
    if key in one.inputs:
        return _CHOICE if key in CHOICES else _AMOUNT if key == AMOUNT else _WORDS
    # the goal of a programme is long: its next step stands with it
    return _TEXT if key == one.label and key != GOAL else _MORE


def _validation(key: str, cells: str, texts: Texts) -> Validation:
    """What is offered for a cell; nobody is stopped: other words are read as well."""
    help_ = Validation(
        cells,
        "none",
        prompt_title=texts("scorecard.input"),
        prompt=texts(f"{_R}prompts.{called(key)}"),
        error_title=texts("scorecard.input"),
        stop=False,
    )
    if choice := CHOICES.get(key):
        offered = ",".join(choice.label(code, texts.language) for code in choice.codes)
        error = texts(_R + "choice_error")
        return replace(help_, kind="list", formula=f'"{offered}"', error=error)
    if key == AMOUNT:
        error = texts(_R + "amount_error")
        return replace(
            help_, kind="decimal", formula="0", operator="greaterThanOrEqual", error=error
        )
    error = texts(_R + "words_error")
    return replace(
        help_, kind="textLength", formula="2000", operator="lessThanOrEqual", error=error
    )
