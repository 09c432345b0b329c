"""No formula rests on a single row of a table in which people delete, insert, sort and cut rows.

What LibreOffice makes of such rows is tried in ``tests/engines/test_rows_that_go.py``; this holds
every formula to the rule that makes it right: it reads its own row, whole columns from the key row
to the row below the last, and cells that stand where nobody deletes rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

import pytest

from kamxl.forms.paper.book import Book, Formula, Sheet
from kamxl.forms.paper.places import Place
from kamxl.forms.plan import book as plan
from kamxl.forms.plan.rows import lines_of
from kamxl.forms.plan.sheets import sized
from kamxl.forms.portfolio import book as portfolio
from kamxl.forms.register import book as register
from kamxl.forms.register.sheets import FORMS
from kamxl.forms.tables.declared import placed
from tests.forms import plans, portfolio_sample, registers
from tests.workflow.making import prepared

LANGUAGES = ("de", "en")
STAMP = portfolio_sample.STAMP
_TEXT = re.compile(r'"(?:[^"]|"")*"')
_REFERENCE = re.compile(
    r"(?:'((?:[^']|'')+)'!)?(\$?)([A-Z]{1,3})(\$?)(\d+)(?::(\$?)([A-Z]{1,3})(\$?)(\d+))?(?![\w(])"
)


class Reference(NamedTuple):
    """What a formula reads: a sheet, rows, and whether each end stays where the formula moves."""

    sheet: str
    first: int
    first_fixed: bool
    last: int
    last_fixed: bool


class Read(NamedTuple):
    """A formula, the sheet and the row in which it stands."""

    sheet: str
    row: int
    text: str


def references(text: str, own: str) -> Iterator[Reference]:
    """All references in a formula that stands on a sheet."""
    for sheet, _, _, fixed, row, _, _, fixed2, row2 in _REFERENCE.findall(_TEXT.sub("", text)):
        title = sheet.replace("''", "'") or own
        one = int(row), bool(fixed)
        yield Reference(title, *one, *((int(row2), bool(fixed2)) if row2 else one))


def formulas(book: Book) -> Iterator[Read]:
    """Every formula of a book: in cells, as rules of looks and of what may be typed."""
    for sheet in book.sheets:
        for (row, _), cell in sheet.cells.items():
            if isinstance(cell.content, Formula):
                yield Read(sheet.title, row, cell.content.text)
        for look in sheet.conditionals:
            if look.formula:
                yield Read(sheet.title, _first_row(look.ranges), look.formula)
        for rule in sheet.validations:
            yield Read(sheet.title, _first_row(rule.ranges), str(rule.formula))


def charted(book: Book) -> Iterator[Read]:
    """What charts read: nothing that moves with them."""
    for sheet in book.sheets:
        for series in (one for chart in sheet.charts for one in chart.series):
            for ref in (series.values, series.categories or "", series.title_ref or ""):
                yield Read(sheet.title, 0, ref)


def _first_row(ranges: str) -> int:
    return int(re.findall(r"\d+", ranges)[0])


def fragile(book: Book, places: Iterable[Place]) -> list[tuple[Read, Reference]]:
    """The formulas that break, or say something else, once rows of these tables go or come."""
    by_sheet = {place.sheet.title: place for place in places}
    return [
        (read, one)
        for read in formulas(book)
        for one in references(read.text, read.sheet)
        if one.sheet in by_sheet and not _stands(read, one, by_sheet[one.sheet])
    ] + [
        (read, one)
        for read in charted(book)
        for one in references(read.text, read.sheet)
        if one.sheet in by_sheet and by_sheet[one.sheet].first <= one.last and one.first == one.last
    ]


def _stands(read: Read, one: Reference, place: Place) -> bool:
    if one.last < place.first or one.first > place.last + 1:
        return True  # beside the table
    own = one.sheet == read.sheet
    if own and read.row == 1 and one.first < one.last:
        return True  # what says how far is printed: both ends go and come with the print area
    if own and (one.first, one.last) == (read.row, read.row):
        return not (one.first_fixed or one.last_fixed)  # its own row, wherever it is sorted
    begins = one.first == place.key_row and one.first_fixed
    so_far = own and one.last == read.row and not one.last_fixed
    below = one.first == one.last == place.last + 1 and one.first_fixed  # the end of a drop-down
    return below or (begins and (so_far or (one.last == place.last + 1 and one.last_fixed)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_register(language: str) -> None:
    with prepared(12):
        made = register.book(language, registers.SMALL, "ws", STAMP)
        places = [table.place(language) for table in FORMS]
        assert fragile(made, places) == []
    picture = made.sheet("picture")
    assert picture.protected, "all of it is calculated, row by row: nobody deletes one here"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_plan(language: str) -> None:
    given = plans.of(plans.filled(language), language)
    made = plan.book(given, language, "ws", STAMP)
    forms = sized(lines_of(plan.first_plan(given, language, "ws")))
    at = placed(forms, language)
    assert fragile(made, [at.place(form.key) for form in forms]) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_portfolio_says_nothing_where_rows_are_gone(language: str) -> None:
    """Its tables are read by their place: a formula whose rows are gone is blank."""
    made = portfolio.book(portfolio_sample.full(), language, STAMP, {})
    contents = (cell.content for sheet in made.sheets for cell in sheet.cells.values())
    texts = {one.text for one in contents if isinstance(one, Formula)}
    assert {one for one in texts if not one.startswith(("IFERROR(", "IF(ISERROR("))} == set()


def test_a_reference_to_one_row_would_be_found() -> None:
    with prepared(12):
        made = register.book("en", registers.SMALL, "ws", STAMP)
        places = [table.place("en") for table in FORMS]
    accounts, first = made.sheet("accounts"), 7
    for text, wrong in (
        ("'Segments'!$A$9", True),  # one row of another table
        ("SUM('Segments'!$D$7:$D$18)", True),  # ends in rows that may go
        ("SUM('Segments'!$D$6:$D$19)", False),
        ("$A9", True),  # its neighbour
        (f"$A${first}", True),  # its own row, but not once it is sorted
        (f"$A{first}", False),
        ('"$A9"', False),
        ("'Settings'!$C$4", False),
    ):
        spoiled = replace(made, sheets=[_with(accounts, (first, 30), text)])
        assert bool(fragile(spoiled, places)) is wrong, text


def _with(sheet: Sheet, place: tuple[int, int], text: str) -> Sheet:
    blank = Sheet(sheet.key, sheet.title)
    blank.put(*place, Formula(text, 0))
    return blank


def test_a_drop_down_offers_no_key_row_and_what_is_inserted_above_the_first() -> None:
    at = placed(FORMS, "en")
    first, last = at.place("accounts").key_row, at.place("accounts").last + 1
    cells = f"'Accounts'!$A${first}:$A${last}"
    assert at.offered("accounts.id") == f"INDEX({cells},2,1):'Accounts'!$A${last}"
