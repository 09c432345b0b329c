"""Scorecards that show what can be wrong with one: an edit for each code, and where it is said.

All on a card with five requirements and three rivals, filled in without a fault: table in A9:I20
(weights in C, our ratings in D, rivals in E to G), sum in row 21, who answers in B12:B15 of Start.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple

from openpyxl.styles import Font

from kamxl.core.finding import Finding
from tests.forms.cards import answers, edited, filled, order, reading

CARD = order("en", 5, 3)
TABLE, WISHES = "Scorecard", "Wishes"


class Shown(NamedTuple):
    """An edit (of the sheets by title), and the findings it must bring: (sheet, cell, value)."""

    edit: Callable[[Any], None]
    places: tuple[tuple[str | None, str | None, str | None], ...]


def on(cell: str, value: Any, code: str = "General", sheet: str = TABLE) -> Callable[[Any], None]:
    """A value typed into a cell."""

    def edit(book: Any) -> None:
        book[sheet][cell].value = value
        book[sheet][cell].number_format = code

    return edit


def _struck(cell: str) -> Callable[[Any], None]:
    """A cell struck out, whatever stands in it."""

    def edit(book: Any) -> None:
        if not book[TABLE][cell].value:
            book[TABLE][cell].value = "Runs well."
        book[TABLE][cell].font = Font(strike=True)

    return edit


def text(cell: str, value: str, sheet: str = TABLE) -> Callable[[Any], None]:
    """A text typed into a cell, whatever it looks like."""

    def edit(book: Any) -> None:
        book[sheet][cell].value = value
        book[sheet][cell].data_type = "s"

    return edit


def every(*edits: Callable[[Any], None]) -> Callable[[Any], None]:
    def edit(book: Any) -> None:
        for one in edits:
            one(book)

    return edit


def _clear(cells: str) -> Callable[[Any], None]:
    def edit(book: Any) -> None:
        for row in book[TABLE][cells]:
            for cell in row:
                cell.value = None

    return edit


def _lost(book: Any) -> None:
    book[TABLE].delete_rows(8, 2)
    book.defined_names.clear()


def _copied(book: Any) -> None:
    copy = book.copy_worksheet(book[TABLE])
    copy.title = "Scorecard (2)"
    copy["D10"].value = 12


def _inserted(book: Any) -> None:
    book[TABLE].insert_rows(12)
    for cell, value in (("B12", "Spare parts"), ("C12", 0), ("D12", 70)):
        book[TABLE][cell].value = value


def _row_deleted(book: Any) -> None:
    book[TABLE].delete_rows(11)


def _row_doubled(book: Any) -> None:
    sheet = book[TABLE]
    sheet.insert_rows(12)
    for column in range(1, 10):
        sheet.cell(12, column).value = sheet.cell(11, column).value
    sheet["D12"].value = 3


def _column_doubled(book: Any) -> None:
    for row in range(8, 21):
        book[TABLE].cell(row, 12).value = book[TABLE].cell(row, 4).value
    book[TABLE]["L11"].value = 7


def _swapped(one: str, other: str) -> Callable[[Any], None]:
    def edit(book: Any) -> None:
        first, second = book[TABLE][one], book[TABLE][other]
        first.value, second.value = second.value, first.value

    return edit


def _slipped(column: str) -> Callable[[Any], None]:
    """Cells inserted in a column, and all below shifted down, the results with them."""

    def edit(book: Any) -> None:
        sheet = book[TABLE]
        for row in range(25, 11, -1):
            sheet[f"{column}{row}"].value = sheet[f"{column}{row - 1}"].value
        sheet[f"{column}11"].value = None

    return edit


def _one(cell: str, value: str | None, sheet: str | None = TABLE) -> tuple[Any, ...]:
    return ((sheet, cell, value),)


LONG = "x" * 4_001
SHOWN: dict[str, Shown] = {
    "empty-card": Shown(
        every(_clear("C10:G14"), _clear("I10:I14"), *(
            on(cell, None, sheet=WISHES) for cell in ("B9", "C9", "D9", "B10", "C23", "D23", "C24")
        )),
        ((TABLE, None, None),),
    ),
    "table-missing": Shown(_lost, ((None, None, None),)),
    "table-duplicate": Shown(_copied, _one("A9", "Scorecard (2)", "Scorecard (2)")),
    "column-missing": Shown(
        every(on("F8", None), on("F9", None), _clear("F10:F14")), ((TABLE, None, "C2"),)
    ),
    "column-duplicate": Shown(_column_doubled, _one("L9", "us")),
    "supplier-unknown": Shown(
        every(on("L8", "Newcomer AG"), on("L10", 55)), _one("L8", "Newcomer AG")
    ),
    "requirement-missing": Shown(_row_deleted, ((TABLE, None, "R02"),)),
    "requirement-unknown": Shown(
        every(on("A11", "X99"), on("B11", "Colour of the system")), _one("A11", "X99")
    ),
    "requirement-duplicate": Shown(_row_doubled, _one("A12", "R02")),
    "requirement-inserted": Shown(_inserted, _one("B12", "Spare parts")),
    "label-changed": Shown(
        every(on("B11", "Colour of the system"), on("F8", "Qandt & Reutter")),
        ((TABLE, "F8", "Qandt & Reutter"), (TABLE, "B11", "Colour of the system")),
    ),
    "rows-by-label": Shown(_swapped("B11", "B12"), _one("B11", None)),
    "label-contradicts": Shown(on("B11", "Price"), _one("B11", "Price")),
    "columns-by-header": Shown(_swapped("E8", "F8"), _one("E8", "Quandt & Reuter KG")),
    "header-contradicts": Shown(on("D8", "Newcomer AG"), _one("D8", "Newcomer AG")),
    "supplier-renamed": Shown(on("F8", "Newcomer AG"), _one("F8", "Newcomer AG")),
    "rows-unknown": Shown(_clear("A10:B14"), _one("B9", None)),
    "rows-shifted": Shown(_slipped("D"), _one("D15", "40")),
    "column-shifted": Shown(_slipped("E"), _one("E15", "60")),
    "words-beside": Shown(
        every(*(text(f"L{row}", f"Please call me, {row}") for row in range(11, 16))),
        (*((TABLE, f"L{row}", f"Please call me, {row}") for row in range(11, 14)),
         (None, None, None)),
    ),
    "label-missing": Shown(every(on("C17", 0), on("D17", 50)), _one("B17", "own2")),
    "number-text": Shown(text("D10", "ca. 80"), _one("D10", "ca. 80")),
    "number-ambiguous": Shown(text("D10", "1.000"), _one("D10", "1.000")),
    "number-date": Shown(on("D10", date(2026, 5, 1), "dd.mm.yyyy"), _one("D10", "46143")),
    "number-boolean": Shown(on("D10", True), _one("D10", "TRUE")),
    "number-error": Shown(
        every(on("D10", "#DIV/0!"), on("I11", "#NAME?")),
        ((TABLE, "D10", "#DIV/0!"), (TABLE, "I11", "#NAME?")),
    ),
    "number-negative": Shown(on("D10", -5), _one("D10", "-5")),
    "number-range": Shown(on("E10", 850), _one("E10", "850")),
    "rating-scale": Shown(
        every(on("D10", 0.85), on("D11", 1)), ((TABLE, "D10", "0.85"), (TABLE, "D11", "1"))
    ),
    "weight-scale": Shown(on("C10", 0.25), _one("C10", "0.25")),
    "value-struck": Shown(
        every(_struck("C11"), _struck("D10"), _struck("I11")),
        ((TABLE, "C11", "2"), (TABLE, "D10", "82"), (TABLE, "I11", "Runs well.")),
    ),
    "value-covered": Shown(lambda book: None, _one("D11", "64")),
    "scale-doubt": Shown(
        every(*(on(f"D{10 + i}", rating) for i, rating in enumerate((4, 2, 5, 3, 4)))),
        _one("D10", "4, 2, 5, 3, 4"),
    ),
    "formula-value": Shown(lambda book: None, _one("D10", "85")),  # see ``shown``
    "formula-no-value": Shown(on("D10", "=40+45"), _one("D10", "")),
    "date-bad": Shown(text("B15", "3/4/2026", "Start"), _one("B15", "3/4/2026", "Start")),
    "text-cut": Shown(on("I11", LONG), _one("I11", LONG[:200])),
    "text-cleaned": Shown(lambda book: None, _one("I11", "a\x07b")),
    "choice-unknown": Shown(on("B14", "the boss", sheet="Start"), _one("B14", "the boss", "Start")),
    "weights-sum": Shown(on("C10", 0), _one("C21", "99")),
    "weights-none": Shown(_clear("C10:C14"), _one("C9", None)),
    "weight-missing": Shown(on("C11", None), _one("C11", None)),
    "rating-missing": Shown(on("D11", None), _one("D11", None)),
    "ratings-none": Shown(every(*(on(f"D{10 + i}", "n/a") for i in range(5))), _one("D9", None)),
}  # fmt: skip

# What openpyxl cannot write: a text in the file, and what to put in its place.
RAW = {
    "value-covered": (
        b'<c r="D11"',
        b"</sheetData>",
        b'</sheetData><mergeCells><mergeCell ref="D10:D11"/></mergeCells>',
    ),
    "formula-value": (b'<c r="D10"', b"<v>82</v>", b"<f>40+45</f><v>85</v>"),
    "text-cleaned": (b"", b"<t>Runs well.</t>", b"<t>a_x0007_b</t>"),
}


def file_that_shows(code: str) -> bytes:
    """The workbook that shows one code."""
    from tests.forms.cards import replaced

    data = filled(CARD, answers(CARD))
    if code == "text-cleaned":
        return replaced(edited(data, text("I11", "Runs well.")), *RAW[code])
    if code in RAW:
        return replaced(data, *RAW[code])
    return edited(data, SHOWN[code].edit)


def found_in(code: str) -> tuple[Finding, ...]:
    """Everything that is said about the workbook that shows one code."""
    return reading(file_that_shows(code), CARD).findings
