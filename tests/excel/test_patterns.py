"""Books of one shape share a layout, and have the bytes that drawing them anew would give."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from kamxl.excel.writing import patterns
from kamxl.excel.writing.draw import build, render
from kamxl.excel.writing.patterns import Patterns
from kamxl.forms.paper.book import Book, Chart, Formula, Name, Series, Sheet, Slot, Table
from kamxl.forms.paper.style import PLAIN, SECTION
from kamxl.forms.plan import book as plan_form
from tests.forms.plans import STAMP, WORKSPACE, prefill


def small(
    word: str = "North", number: float = 3.5, height: float = 30, chart: bool = False
) -> Book:
    """A table, a formula, a date, a row that grows; all of it says what is given."""
    sheet = Sheet("one", "One", footer=f"about {word}", header="")
    sheet.put(1, 1, "Name")
    sheet.put(1, 2, "Points", SECTION)
    sheet.put(2, 1, word)
    sheet.put(2, 2, number)
    sheet.put(3, 1, Formula("B2>1", number > 1))
    sheet.put(3, 2, date(2026, 5, 4), PLAIN.but(format="dd.mm.yyyy"))
    sheet.put(4, 1, None, PLAIN.but(locked=False))
    sheet.put(4, 2, "", SECTION, "'One'!A1")
    sheet.heights, sheet.fitting = {2: height, 4: 18}, {2}
    sheet.tables.append(Table("kx_small", "A1:B2"))
    if chart:
        bars = Series("'One'!$B$2:$B$2", "'One'!$A$2:$A$2")
        sheet.charts.append(Chart("bar", "D2", "H9", (bars,), title="How many"))
    return Book(
        [sheet], datetime(2026, 1, 1, tzinfo=UTC), "en", f"On {word}", [Name("kx_a", "'One'!$A$2")]
    )


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[Book]:
    """The books that were drawn by now."""
    found: list[Book] = []
    monkeypatch.setattr(patterns, "build", lambda book: found.append(book) or build(book))
    return found


def test_what_a_book_says_is_put_into_the_layout_of_another(drawn: list[Book]) -> None:
    known = Patterns()
    books = [small(), small("=2+2", -1), small("Süd <&>", 0, 55.5), small("North " * 40, True, 18)]
    for book in books:
        assert known.stamped(book) == render(build(book))
    assert len(drawn) == 1


def test_another_shape_is_drawn_anew(drawn: list[Book]) -> None:
    known, base = Patterns(), small()
    known.stamped(base)
    others = [small() for _ in range(6)]
    others[0].sheets[0].put(9, 1, "more")
    others[1].sheets[0].widths[1] = 30
    others[2].sheets[0].cells[2, 1] = replace(others[2].sheets[0].cells[2, 1], style=SECTION)
    others[3].sheets[0].cells[3, 1] = replace(
        others[3].sheets[0].cells[3, 1], content=Formula("B2>2", True)
    )
    others[4].sheets[0].cells[2, 1] = replace(others[4].sheets[0].cells[2, 1], content=None)
    others[5].sheets[0].heights[7] = 12
    for number, book in enumerate(others, 2):
        assert known.stamped(book) == render(build(book))
        assert len(drawn) == number


def test_a_chart_is_as_high_as_the_rows_below_it(drawn: list[Book]) -> None:
    known = Patterns()
    for height in (20, 80):
        book = small(height=height, chart=True)
        assert known.stamped(book) == render(build(book))
    assert len(drawn) == 2


def test_so_many_shapes_are_kept_and_no_more(drawn: list[Book]) -> None:
    known = Patterns(1)
    for book in (small(), small(chart=True), small("again")):
        known.stamped(book)
    assert len(drawn) == 3


def test_a_pattern_is_no_book_of_values() -> None:
    book = small()
    book.title = Slot("title")
    with pytest.raises(TypeError, match="pattern"):
        Patterns().stamped(book)


def test_every_setting_of_a_sheet_is_part_of_the_shape_or_said() -> None:
    """A setting that is added later changes the shape, or books would be taken for others."""
    from dataclasses import fields

    said = {"cells", "heights", "given", "header", "footer", "charts"}
    changed = {int: 7, str: "A2", type(None): "B2", dict: {3: 4.5}, list: [9], set: {4}, tuple: "x"}
    known = Patterns()
    for one in (f for f in fields(Sheet) if f.name not in said):
        base, other = small(), small()
        now = getattr(base.sheets[0], one.name)
        new = (not now) if isinstance(now, bool) else changed[type(now)]
        setattr(other.sheets[0], one.name, new)
        assert known._shape(base, []) != known._shape(other, []), one.name


@pytest.mark.proof
@pytest.mark.parametrize("language", ["de", "en"])
def test_plans_of_one_size_share_a_layout(language: str, drawn: list[Book]) -> None:
    known, first = Patterns(), prefill(language)
    contacts = [replace(one, name=f"{one.name} und noch jemand") for one in first.contacts]
    account = replace(first.account, name="Süd <&> Söhne")
    other = replace(first, account=account, contacts=tuple(contacts), total=12.25)
    for given in (first, other, first):
        book = plan_form.book(given, language, WORKSPACE, STAMP)
        assert known.stamped(book) == render(build(book))
    assert len(drawn) == 1
