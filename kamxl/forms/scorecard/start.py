"""The sheet *Start* of a scorecard: what it is, who answers, three steps, what the points mean.

One narrow column for badges and labels, one wide column for text: text wraps without merged cells.
"""

from __future__ import annotations

from kamxl.core.roles import Role
from kamxl.forms.paper.book import Content, Sheet, Slot, Validation
from kamxl.forms.paper.parts import band, grows, section
from kamxl.forms.paper.raw import a1
from kamxl.forms.paper.style import (
    ACCENT,
    ACCENT_SOFT,
    BODY,
    INK,
    INPUT,
    INPUT_LINE,
    KEY,
    LINE,
    LINK,
    MUTED,
    OFFERED,
    SECTION,
    SOFT,
    WHITE,
    Style,
)
from kamxl.forms.scorecard.grid import WHO, CardSize, StartGrid
from kamxl.wording.texts import Texts

COLUMNS = (1, 2)
# from "not at all" to "fully met": light to strong, readable without colour too
SCALE = ((0, "F7E0DA"), (25, "FAEBD3"), (50, "F5F3DA"), (75, "DFEFE4"), (100, "BFE0D8"))

_BADGE = Style(size=20, bold=True, color=ACCENT, fill=ACCENT_SOFT, align="center", valign="top")
_STEP = Style(size=12, bold=True, color=INK, valign="bottom", indent=1)
_TEXT = BODY.but(indent=1)
_FACT = Style(size=10, color=MUTED, borders="b", line=LINE)
_VALUE = Style(size=11, bold=True, color=INK, borders="b", line=LINE, indent=1)
_POINTS = Style(size=11, bold=True, color=INK, align="center", borders="b", line=WHITE)
_MEANING = Style(size=11, indent=1, borders="b", line=LINE)


def draw(size: CardSize, texts: Texts, table_title: str) -> Sheet:
    """The sheet as a pattern: its slots are filled by ``scorecard_values``."""
    sheet = Sheet("start", texts("scorecard.start.sheet"), tab_color=INK, protected=True)
    sheet.widths = {1: 17, 2: 86, 3: 1}
    band(sheet, COLUMNS, Slot("start.title"), Slot("subtitle"))
    if size.page is not None:
        _reply(sheet, texts)
    _paragraph(sheet, 5, Slot("start.greeting"), 20)
    _paragraph(sheet, 6, Slot("start.intro"), 34)
    _facts(sheet, 7, texts)
    _who(sheet, texts)
    section(sheet, 17, 1, texts("scorecard.start.steps"))
    for step in (1, 2, 3):
        _step(sheet, 18 + 3 * (step - 1), step, _step_title(size, step, texts), table_title)
    sheet.put(27, 1, texts("scorecard.start.optional"), _FACT.but(borders="", valign="top"))
    _paragraph(sheet, 27, Slot("start.rest"), 44)
    below = 28
    if not size.profile:  # it asks for no points
        _scale(sheet, below, texts)
        below = 35
    _legend(sheet, below, texts)
    data = below + 5
    sheet.put(data, 1, texts("scorecard.start.data"), _FACT.but(size=9, borders="", valign="top"))
    sheet.put(data, 2, Slot("start.data"), _TEXT.but(size=9, color=MUTED))
    grows(sheet, data, 3, 26)
    sheet.put(data + 1, 1, Slot("start.feedback_title"), SECTION)
    _paragraph(sheet, data + 2, Slot("start.feedback"), 20)
    sheet.heights[data + 1] = 20
    sheet.footer = Slot("footer")
    sheet.print_area = f"A1:B{data + 2}"
    sheet.active_cell = "A5"
    return sheet


def _who(sheet: Sheet, texts: Texts) -> None:
    """Who answers: she whom the card is addressed to, unless she says that it is somebody else."""
    grid = StartGrid()
    section(sheet, grid.WHO - 1, 1, texts("scorecard.table.who"))
    for key in WHO:
        row = grid.row(key)
        style = OFFERED.but(align="left", indent=1, size=11)
        style = style.but(format=texts("language.excel_date")) if key == "date" else style
        sheet.put(row, 1, texts(f"scorecard.table.who_{key}"), _FACT)
        sheet.put(row, grid.ANSWER, Slot(f"who.{key}"), style)
        sheet.put(row, grid.KEY, f":{key}", KEY.but(color=WHITE))
        sheet.heights[row] = 18
    roles = [texts(f"scorecard.table.role_{role}") for role in Role]
    sheet.validations.append(
        Validation(
            a1(grid.row("role"), grid.ANSWER),
            "list",
            '"' + ",".join(roles) + '"',
            error_title=texts("scorecard.input"),
            error=texts("scorecard.table.role_error"),
            stop=False,
        )
    )


def _reply(sheet: Sheet, texts: Texts) -> None:
    """A line above the greeting that leads to our reply."""
    link = "'{}'!A1".format(texts("scorecard.reply.sheet").replace("'", "''"))
    style = LINK.but(size=11, bold=True, indent=1, fill=ACCENT_SOFT)
    sheet.put(4, 2, texts("scorecard.reply.on_start"), style, link)
    sheet.fill(4, (1,), Style(fill=ACCENT_SOFT))
    sheet.heights[4] = 24


def _paragraph(sheet: Sheet, row: int, content: Content, height: float) -> None:
    sheet.put(row, 2, content, _TEXT)
    grows(sheet, row, 3, height)


def _facts(sheet: Sheet, row: int, texts: Texts) -> None:
    for offset, key in enumerate(("due", "to", "contact")):
        sheet.put(row + offset, 1, texts(f"scorecard.start.{key}"), _FACT)
        sheet.put(row + offset, 2, Slot(f"start.{key}"), _VALUE)
        sheet.heights[row + offset] = 18


def _step_title(size: CardSize, step: int, texts: Texts) -> str:
    profile = size.profile and step == 2
    return texts(f"scorecard.{'first' if profile else 'start'}.step{step}")


def _step(sheet: Sheet, row: int, step: int, title: str, table_title: str) -> None:
    sheet.put(row, 1, None, _BADGE)
    sheet.put(row, 2, title, _STEP)
    sheet.put(row + 1, 1, step, _BADGE)
    sheet.put(row + 1, 2, Slot(f"start.step{step}"), _TEXT)
    if step == 1:
        link = f"'{table_title}'!A1"
        sheet.cells[row, 2] = type(sheet.cells[row, 2])(
            title + "  →", LINK.but(size=12, bold=True, indent=1), link
        )
    sheet.heights |= {row: 18, row + 2: 3}
    grows(sheet, row + 1, 3, 29)


def _scale(sheet: Sheet, row: int, texts: Texts) -> None:
    section(sheet, row, 1, texts("scorecard.start.scale"))
    for offset, (points, shade) in enumerate(SCALE, start=1):
        sheet.put(row + offset, 1, points, _POINTS.but(fill=shade))
        sheet.put(row + offset, 2, texts(f"scorecard.start.scale{points}"), _MEANING)
        sheet.heights[row + offset] = 18
    sheet.heights[row + 6] = 4


def _legend(sheet: Sheet, row: int, texts: Texts) -> None:
    section(sheet, row, 1, texts("scorecard.start.legend"))
    entry = Style(fill=INPUT, borders="tblr", line=INPUT_LINE)
    looks = {"legend_input": entry, "optional": OFFERED.but(locked=True),
             "legend_calc": Style(fill=SOFT, borders="tblr")}  # fmt: skip
    for offset, (key, style) in enumerate(looks.items(), start=1):
        sheet.put(row + offset, 1, None, style)
        sheet.put(row + offset, 2, texts(f"scorecard.start.{key}"), Style(size=11, indent=1))
        sheet.heights[row + offset] = 16
    sheet.heights[row + 4] = 4
