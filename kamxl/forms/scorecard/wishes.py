"""The sheet *Wishes* (2.2.1): what a customer is unhappy with, and how easy we are to work with."""

from __future__ import annotations

from kamxl.forms.paper.book import Sheet, Slot, Validation, fixed, span
from kamxl.forms.paper.parts import band, grows, headers, unseen
from kamxl.forms.paper.raw import a1
from kamxl.forms.paper.style import (
    BAND,
    BODY,
    FAINT,
    GOOD,
    HEADER_LEFT,
    LABEL,
    MARK,
    MUTED,
    OFFERED,
    SECTION,
    WHITE,
    Style,
)
from kamxl.forms.scorecard.grid import EFFORT_IDS, EFFORTS, WISH_ROWS
from kamxl.forms.scorecard.numbers import odd, put_words, typed
from kamxl.forms.scorecard.rules import red
from kamxl.wording.texts import Texts

_W = "scorecard.wishes."
WISH_KEYS = ("id", "issue", "remedy", "importance")
EFFORT_KEYS = ("id", "question", "rating", "reason")
FIRST_WISH = 9
FIRST_EFFORT = FIRST_WISH + WISH_ROWS + 6
# The cells for the importance of a wish, and for the effort of working together.
POINTS = (
    span(FIRST_WISH, 3, FIRST_WISH + WISH_ROWS - 1, 3),
    span(FIRST_EFFORT, 3, FIRST_EFFORT + len(EFFORTS) - 1, 3),
)
_ID = Style(color=FAINT, align="center", borders="tb")
_NUMBER = OFFERED.but(align="center", size=11, wrap=False)
_TEXT = OFFERED.but(align="left", indent=1)


def draw(texts: Texts) -> Sheet:
    """The sheet as a pattern: its slots are filled by ``scorecard_values``."""
    sheet = Sheet("wishes", texts(_W + "sheet"), tab_color=GOOD, protected=True)
    sheet.widths = {1: 7, 2: 42, 3: 17, 4: 42, 5: 1}
    band(sheet, (2, 3, 4), texts(_W + "title"), Slot("subtitle"))
    for row in (2, 3):
        sheet.fill(row, (1,), BAND)
    sheet.put(5, 2, texts(_W + "lead"), BODY.but(wrap=False))
    sheet.heights |= {5: 22, 6: 6}
    put_words(sheet, MARK.but(color=WHITE))
    _wishes(sheet, texts)
    _efforts(sheet, texts)
    sheet.conditionals += [red(cells, odd(cells.split(":")[0])) for cells in POINTS]
    sheet.print_area = span(1, 2, FIRST_EFFORT + len(EFFORTS) - 1, 4)
    sheet.footer = Slot("footer")
    sheet.active_cell = a1(FIRST_WISH, 2)
    return sheet


def _wishes(sheet: Sheet, texts: Texts) -> None:
    columns = [
        (1, "", WISH_KEYS[0], HEADER_LEFT),
        (2, texts(_W + "issue"), WISH_KEYS[1], HEADER_LEFT),
        (3, texts(_W + "importance"), WISH_KEYS[3], None),
        (4, texts(_W + "remedy"), WISH_KEYS[2], HEADER_LEFT),
    ]
    headers(sheet, FIRST_WISH - 2, columns, 30, unseen)
    for number in range(WISH_ROWS):
        row = FIRST_WISH + number
        sheet.put(row, 1, f"W{number + 1}", _ID)
        for column, key in ((2, "issue"), (4, "remedy")):
            sheet.put(row, column, Slot(f"wish.{key}.{number}"), _TEXT)
        sheet.put(row, 3, Slot(f"wish.importance.{number}"), _NUMBER)
        grows(sheet, row, 5, 34)
    sheet.validations.append(_points(POINTS[0], texts, "importance_prompt"))


def _efforts(sheet: Sheet, texts: Texts) -> None:
    top = FIRST_EFFORT - 4
    sheet.put(top, 2, texts(_W + "effort"), SECTION)
    sheet.put(top + 1, 2, texts(_W + "effort_lead"), Style(size=10, color=MUTED))
    columns = [
        (1, "", EFFORT_KEYS[0], HEADER_LEFT),
        (2, texts(_W + "effort_question"), EFFORT_KEYS[1], HEADER_LEFT),
        (3, texts(_W + "effort_rating"), EFFORT_KEYS[2], None),
        (4, texts(_W + "effort_comment"), EFFORT_KEYS[3], HEADER_LEFT),
    ]
    headers(sheet, FIRST_EFFORT - 2, columns, 30, unseen)
    sheet.heights |= {top - 1: 14, top: 24}
    for offset, (id_, effort) in enumerate(EFFORT_IDS.items()):
        row = FIRST_EFFORT + offset
        sheet.put(row, 1, id_.upper(), _ID)
        sheet.put(row, 2, texts(f"{_W}effort_{effort}"), LABEL)
        sheet.put(row, 3, Slot(f"effort.rating.{effort}"), _NUMBER)
        sheet.put(row, 4, Slot(f"effort.comment.{effort}"), _TEXT)
        grows(sheet, row, 5, 30)
    sheet.validations.append(_points(POINTS[1], texts, "effort_prompt"))


def odd_points(title: str) -> str:
    """How many of the points on this sheet cannot be right, for another sheet."""
    source = "'" + title.replace("'", "''") + "'!"
    rows = (*range(FIRST_WISH, FIRST_WISH + WISH_ROWS), *range(FIRST_EFFORT, FIRST_EFFORT + 3))
    tests = (odd(source + fixed(row, 3), sheet=source) for row in rows)
    return "+".join(f"IF({test},1,0)" for test in tests)


def _points(cells: str, texts: Texts, prompt: str) -> Validation:
    return Validation(
        cells,
        "custom",
        typed(cells.split(":")[0]),
        prompt_title=texts("scorecard.input"),
        prompt=texts(_W + prompt),
        error_title=texts("scorecard.input"),
        error=texts("scorecard.table.rating_error"),
    )
