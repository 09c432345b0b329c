"""A small book that uses everything a form may ask for: the writer's tests and proofs draw it."""

from __future__ import annotations

from kamxl.forms.paper.book import (
    Book,
    Cell,
    Conditional,
    Formula,
    Name,
    Sheet,
    Slot,
    Table,
    Validation,
)
from kamxl.forms.paper.style import (
    ACCENT_SOFT,
    BAND,
    BAND_SMALL,
    BEHIND,
    BEHIND_SOFT,
    BODY,
    CALC,
    CELL,
    ENTRY,
    ENTRY_DATE,
    ENTRY_NUMBER,
    ENTRY_TEXT,
    HEADER,
    HEADER_LEFT,
    HEADER_RIVAL,
    HEADER_US,
    INK,
    KEY,
    LABEL,
    LINK,
    MARK,
    NOTE,
    NUMBER,
    RIVAL,
    SECTION,
    TILE_LABEL,
    TILE_VALUE,
)
from tests.excel import sample_charts
from tests.excel.sample_data import FIRST, LABELS, LAST, ROWS, STAMP


def book() -> Book:
    """The sample, with slots for ``values()``."""
    card, result = _card(), sample_charts.result()
    sheets = [_start(card, result), card, result, _fields(), _texts()]
    names = [
        Name("kx_mark", card.ref("A2")),
        Name("kx_ids", card.ref(f"A{FIRST}", f"A{LAST}")),
        Name("kx_weight", card.ref(f"C{FIRST}", f"C{LAST}")),
        Name(Slot("rival-name"), card.ref(f"E{FIRST}", f"E{LAST}")),
    ]
    return Book(sheets, STAMP, "en", Slot("title"), names, active=1)


def _start(card: Sheet, result: Sheet) -> Sheet:
    sheet = Sheet("start", "Start & Überblick", widths={1: 3, 2: 60, 3: 20}, tab_color=INK)
    sheet.put(1, 2, Slot("title"), BAND)
    sheet.fill(1, (1, 3), BAND)
    sheet.put(2, 2, "Three steps, ten minutes", BAND_SMALL)
    sheet.fill(2, (1, 3), BAND_SMALL)
    sheet.put(4, 2, "What this is", SECTION)
    sheet.put(5, 2, "You rate us.\nWe get better.  ", BODY)
    sheet.put(6, 2, "To the scorecard", LINK, link=card.ref("C8"))
    sheet.put(7, 2, "To the result", LINK, link=result.ref("A1"))
    sheet.put(9, 2, "100 points", TILE_LABEL)
    sheet.put(10, 2, Formula("COUNTA(B4:B7)", 4), TILE_VALUE)
    sheet.put(12, 2, "Small print", NOTE)
    sheet.heights.update({1: 34, 2: 20, 5: 32})
    sheet.protected = True
    sheet.pages_tall = 1
    sheet.header, sheet.footer = Slot("title"), "R&D && more"
    return sheet


def _card() -> Sheet:
    sheet = Sheet("card", "Score & card", landscape=True, protected=True, freeze="C8", zoom=110)
    sheet.widths = {1: 5, 2: 34, 3: 11, 4: 11, 5: 13, 6: 11, 7: 11, 8: 30}
    sheet.put(1, 2, Slot("title"), BAND)
    sheet.fill(1, (1, 3, 4, 5, 6, 7, 8), BAND)
    sheet.put(2, 1, Slot("mark"), MARK)
    sheet.put(3, 2, "Your name", LABEL)
    sheet.put(3, 3, Slot("who"), ENTRY_TEXT)
    sheet.put(4, 2, "Date", LABEL)
    sheet.put(4, 3, Slot("when"), ENTRY_DATE)
    sheet.put(5, 2, "Weight left to give", LABEL)
    sheet.put(5, 3, Formula(f"100-SUM(C{FIRST}:C{LAST})", Slot("left")), CALC)
    _card_table(sheet)
    _card_rules(sheet)
    sheet.title_rows = (7, 7)
    sheet.print_area = "A1:H15"
    sheet.active_cell = f"C{FIRST}"
    sheet.footer = "Confidential"
    return sheet


def _card_table(sheet: Sheet) -> None:
    heads = ("", "Requirement", "Weight", Slot("us"), Slot("rival"), "Lead", "Gap", "Comment")
    looks = (KEY, HEADER_LEFT, HEADER, HEADER_US, HEADER_RIVAL, HEADER, HEADER, HEADER_LEFT)
    for column, (head, look) in enumerate(zip(heads, looks, strict=True), 1):
        sheet.put(7, column, head, look)
    sheet.heights |= {1: 34, 7: 32}
    for row, label in zip(ROWS, LABELS, strict=True):
        sheet.put(row, 1, f"{row}", KEY)
        sheet.put(row, 2, label, LABEL)
        for column, key in ((3, "w"), (4, "u"), (5, "r")):
            sheet.put(row, column, Slot(f"{key}{row}"), ENTRY_NUMBER)
        blank = f'IF(OR(D{row}="",E{row}=""),"",D{row}-E{row})'
        sheet.put(row, 6, Formula(blank, Slot(f"d{row}")), NUMBER)
        lacking = f'IF(D{row}="","",C{row}*(100-D{row})/100)'
        sheet.put(row, 7, Formula(lacking, Slot(f"g{row}")), CALC)
        sheet.put(row, 8, None, ENTRY)
    sheet.put(LAST + 1, 2, "Total", LABEL.but(bold=True))
    for column, key in ((4, "total"), (5, "total-rival")):
        letter, weights = "ABCDE"[column - 1], f"$C${FIRST}:$C${LAST}"
        cells = f"{letter}{FIRST}:{letter}{LAST}"
        text = f'SUMPRODUCT({weights},{cells})/SUMIF({cells},">=0",{weights})'
        sheet.put(LAST + 1, column, Formula(text, Slot(key)), CALC.but(bold=True))
    sheet.put(LAST + 2, 4, Formula("NA()", "#N/A"), CALC)
    sheet.put(LAST + 2, 5, Formula("C8>C9", True), CALC)


def _card_rules(sheet: Sheet) -> None:
    ratings = f"D{FIRST}:E{LAST}"
    sheet.validations += [
        Validation(
            f"C{FIRST}:C{LAST}",
            "custom",
            f"AND(ISNUMBER(C{FIRST}),C{FIRST}>=0,C{FIRST}<=100)",
            prompt_title="Weight",
            prompt="How important? All weights add up to 100.",
            error_title="Weight",
            error="A number from 0 to 100.",
        ),
        Validation(
            ratings,
            "decimal",
            "0",
            "100",
            prompt_title="Points",
            prompt="0 to 100",
            error="0 to 100, please",
            stop=False,
        ),
        Validation("C3", "textLength", "0", "80"),
        Validation("C4", "date", "36526", operator="greaterThanOrEqual"),
        Validation(f"H{FIRST}:H{LAST}", "list", '"good,bad,as agreed"', error="From the list"),
        Validation(f"H{LAST + 1}", "none", prompt_title="Free", prompt="Anything you like"),
    ]
    sheet.conditionals += [
        Conditional(f"F{FIRST}:F{LAST}", formula=f"AND(ISNUMBER(F{FIRST}),F{FIRST}<0)",
                    fill=BEHIND_SOFT, color=BEHIND, bold=True),
        Conditional("C5", formula="C5<>0", fill=ACCENT_SOFT),
        Conditional(f"G{FIRST}:G{LAST}", "bar", color=RIVAL, high_at=20),
        Conditional(ratings, "scale"),
        Conditional(f"C{FIRST}:C{LAST}", "bar", low_at=0, high_at=0),
    ]  # fmt: skip


def _fields() -> Sheet:
    sheet = Sheet("fields", "Fields", widths={1: 20, 2: 15, 3: 12}, heights={2: 30}, freeze="A3")
    sheet.put(1, 1, "Fields", SECTION)
    for column, head in enumerate(("Field\n(running)", "Approach", Slot("rival")), 1):
        sheet.put(2, column, head, HEADER)
    for row in range(3, 8):
        sheet.put(row, 1, f"Field {row}", ENTRY_TEXT)
        sheet.put(row, 3, row * 1.5, ENTRY_NUMBER)
    sheet.tables.append(Table("tblFields", "A2:C7"))
    for column in (5, 6):
        sheet.put(2, column, f"Column {column}", HEADER)
        sheet.cells[3, column] = Cell(column, NUMBER)
    sheet.autofilter = "E2:F3"
    return sheet


def _texts() -> Sheet:
    sheet = Sheet("texts", "Texts", widths={1: 40})
    hostile = ("=1+1", "+49 30 1", "-", "@SUM(A1)", "\t=1", "\r\n=1", "_x0041_", " a ",
               "a\x00\x1fb", "#N/A", "01", "1e5", "TRUE", "x" * 40_000, "😀" * 20_000,
               "\ue0f00\ue0f1", "<&>\"'", "http://example.org", "\ud800")  # fmt: skip
    for row, text in enumerate(hostile, 1):
        sheet.put(row, 1, text, CELL.but(wrap=False))
    return sheet
