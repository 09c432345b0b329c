"""The page: whole, the same every time, and its numbers are the book's."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from babel.numbers import get_decimal_symbol, get_group_symbol

from kamxl.forms.paper.book import Book
from kamxl.forms.paper.style import INK, SOFT
from kamxl.forms.portfolio.book import book as book_of
from kamxl.forms.portfolio.improving import MAX_SUMS
from kamxl.forms.portfolio.map import HEAD, KEYS
from kamxl.forms.portfolio.news import news
from kamxl.forms.portfolio.tiles import ROWS
from kamxl.forms.portfolio.words import unvalued
from kamxl.report.html import render
from kamxl.report.numbers import number_of, value_of
from kamxl.report.sections import SECTIONS
from kamxl.report.tables import MANY, MOST, OPEN, Source, source_of
from kamxl.wording.texts import languages, texts
from tests.forms import portfolio_sample as sample
from tests.report.reading import Reader, assert_harmless

CASES = [(kind, language) for kind in sample.KINDS for language in languages()]


def made(kind: str, language: str) -> tuple[Book, bytes]:
    portfolio = sample.KINDS[kind]()
    book = book_of(portfolio, language, sample.STAMP, {"MOLTIDE": "Termin\nzweite Zeile"})
    return book, render(book, news(portfolio, texts(language)))


@pytest.fixture(scope="module")
def pages() -> dict[tuple[str, str], tuple[Book, bytes]]:
    return {case: made(*case) for case in CASES}


def said(source: Source, row: int, key: str) -> bool:
    """Whether a cell shows anything: zero days overdue are not shown in the workbook either."""
    cell = source.cell(row, key)
    hidden = cell is not None and cell.style.format == "0;;" and number_of(cell) == 0
    return value_of(cell) is not None and not hidden


def as_number(shown: str, language: str) -> tuple[float, float]:
    """The number in a text as a reader takes it, and what its last digit is worth."""
    decimal, thousands = get_decimal_symbol(language), get_group_symbol(language)
    found = re.match(r"[+-]?[\d.,]+", shown)
    assert found is not None, shown
    digits = found.group().replace(thousands, "").replace(decimal, ".")
    return float(digits), 10.0 ** -len(digits.partition(".")[2])


@pytest.mark.parametrize("case", CASES, ids="-".join)
def test_whole_and_harmless(pages, case):
    book, data = pages[case]
    page = Reader(data)
    assert_harmless(page)
    assert ("html", "lang", case[1]) in page.attributes
    assert data.endswith(b"</html>\n")
    assert f"#{INK}".encode() in data
    assert f"#{SOFT}".encode() in data
    (title,) = [text for tag, text in page.texts if tag == "title" and text == book.title]
    assert texts(case[1]).day(sample.STAMP) in page.text
    assert title in page.text


@pytest.mark.parametrize("case", CASES, ids="-".join)
def test_every_number_in_a_table_is_the_book_s(pages, case):
    book, data = pages[case]
    page = Reader(data)
    seen = 0
    for key in SECTIONS:
        source = source_of(book.sheet(key))
        used = [k for k in SECTIONS[key] if any(said(source, at, k) for at in source.rows)]
        heads = [str(source.sheet.cells[source.head, source.columns[k]].content) for k in used]
        rows = page.rows_of(key, heads)
        assert len(rows) == min(len(source.rows), MOST), key  # complete, whatever is folded
        for at, row in zip(source.rows, rows, strict=False):
            for k, shown in zip(used, row, strict=True):
                value = number_of(source.cell(at, k))
                if value is None or not shown:
                    assert bool(shown) == said(source, at, k)
                    continue
                found, unit = as_number(shown, case[1])
                assert found == pytest.approx(value, abs=unit / 2 + 1e-9), (key, k, at)
                seen += 1
    assert seen > 100 or case[0] in ("empty", "single", "odd")


@pytest.mark.parametrize("case", CASES, ids="-".join)
def test_the_headline_numbers_are_the_dashboard_s(pages, case):
    book, data = pages[case]
    page = Reader(data)
    told = [text for tag, text in page.texts if tag == "dd"]
    cells = book.sheet("dashboard").cells
    wanted = [
        value_of(cells[row + 1, column])
        for row in ROWS
        for at, column in sorted(cells)
        if at == row and value_of(cells[row, column]) is not None
    ]
    assert len(wanted) == 12
    for value, shown in zip(wanted, told[:12], strict=True):
        if isinstance(value, str):
            assert shown == value
        else:
            found, unit = as_number(shown, case[1])
            assert found == pytest.approx(value, abs=unit / 2 + 1e-9)


@pytest.mark.parametrize("language", languages())
def test_where_we_lag_and_lead(pages, language):
    book, data = pages["full", language]
    accounts = source_of(book.sheet("accounts"))
    leads = {
        value_of(accounts.cell(row, "name")): lead
        for row in accounts.rows
        if (lead := accounts.number(row, "lead")) is not None
    }
    shown = [row for row in Reader(data).tables if row.section == "leads"]
    rows = [(row[0], as_number(row[1], language)[0]) for row in shown[0].rows]
    assert [lead for _, lead in rows] == sorted(lead for _, lead in rows)
    for name, lead in rows:
        assert lead == pytest.approx(leads[name], abs=0.0501)
    assert rows[0][1] == pytest.approx(min(leads.values()), abs=0.0501)
    assert rows[-1][1] == pytest.approx(max(leads.values()), abs=0.0501)


@pytest.mark.parametrize("language", languages())
def test_programmes_stand_per_year_and_over_all_with_what_is_in_no_sum(pages, language):
    book, data = pages["full", language]
    page, sheet = Reader(data), book.sheet("programmes")
    sums, each = [table for table in page.tables if table.section == "programmes"]
    keys = {cell.content: column for (row, column), cell in sheet.cells.items() if row == 7}
    last = max(row for row, column in sheet.cells if column == keys["sum_count"] and row < 15)
    for key in ("sum_r:0", "sum_p:1", "sum_revenue", "sum_profit", "sum_customer_revenue"):
        head = str(sheet.cells[6, keys[key]].content)
        shown = sums.rows[-1][sums.heads.index(head)]
        value = number_of(sheet.cells[last, keys[key]])
        found, unit = as_number(shown, language)
        assert found == pytest.approx(value, abs=unit / 2)
    assert len(each.rows) == 5
    for sentence in unvalued(sample.full(), texts(language)):
        assert sentence in page.text


def test_the_picture_shows_what_the_map_shows(pages):
    book, data = pages["full", "en"]
    page = Reader(data)
    cells = book.sheet("map").cells
    names = {cell.content for (row, column), cell in cells.items() if column == 3 and row > 6}
    said = [text for tag, text in page.texts if tag == "title" and " / " in text]
    told = [text.split(":")[0] for text in said]
    bubbles = [v for tag, name, v in page.attributes if tag == "circle" and "s-page" in v]
    hollow = [v for tag, name, v in page.attributes if tag == "circle" and v.startswith("s-")]
    assert len(told) == len(bubbles) + len(hollow) >= 10
    assert set(told) <= names
    # No place without what it means: a missed minimum, a list that says otherwise, too little.
    column = KEYS.index("quadrant") + 1
    meant = {value_of(cell) for (row, at), cell in cells.items() if at == column and row > HEAD}
    assert {text.partition("; ")[2] for text in said} <= meant
    said = str(cells[HEAD, column].content)
    (table,) = [table for table in page.tables if said in table.heads]
    place = table.heads.index(said)
    assert {row[place] for row in table.rows} == meant - {None}


@pytest.mark.parametrize("language", languages())
def test_the_sentences_are_the_dashboard_s_whole(pages, language):
    portfolio = sample.full()
    items = {text for tag, text in Reader(pages["full", language][1]).texts if tag == "li"}
    for key, sentences in news(portfolio, texts(language)).items():
        assert set(sentences) <= items, key


def test_long_tables_unfold(pages):
    _, data = pages["crowd", "en"]
    page = Reader(data)
    drivers = [table for table in page.tables if table.section == "drivers"]
    sums, shown, folded = drivers
    assert len(sums.rows) == MAX_SUMS
    assert "20 more requirements are only in the table below." in page.text
    assert len(shown.rows) == OPEN
    assert len(shown.rows) + len(folded.rows) > MANY
    assert all(len(t.rows) <= MANY for t in page.tables if t.section == "map")


def test_data_is_left_out_and_said_where_it_is(pages):
    for language in languages():
        book, data = pages["crowd", language]
        page = Reader(data)
        assert book.sheet("data").title in page.text
        assert "Portfolio.xlsx" in page.text
        assert not [table for table in page.tables if table.section == "data"]
        assert len(data) < 2_000_000


@pytest.mark.parametrize("sum_of", ["no gaps", "earlier answers alone"])
def test_without_anything_to_sum_the_page_has_no_sums(sum_of):
    found = sample.duel(((60.0, 100.0, 70.0), (40.0, 100.0, 90.0)))
    if sum_of != "no gaps":
        gap = sample.duel(((60.0, 80.0, 70.0), (40.0, 50.0, 90.0))).accounts[0]
        old = [replace(segment, earlier=True) for segment in gap.segments]
        found = replace(found, accounts=(replace(gap, segments=tuple(old)),))
    made = book_of(found, "en", sample.STAMP, {})
    assert texts("en")("portfolio.drivers.overall") not in Reader(render(made, {})).text


@pytest.mark.parametrize("language", languages())
def test_an_empty_portfolio_says_what_to_do(pages, language):
    _, data = pages["empty", language]
    page, t = Reader(data), texts(language)
    for key in ("portfolio.map.empty", "portfolio.dashboard.no_lead", "report.next_none"):
        assert t(key) in page.text
    assert t("portfolio.no_answers") in page.text
    assert "svg" not in page.tags


@pytest.mark.proof
def test_the_same_book_is_the_same_bytes(pages):
    assert made("full", "de")[1] == pages["full", "de"][1]


def test_internal_is_said(pages):
    for (_, language), (_, data) in pages.items():
        assert data.decode().count(texts(language)("report.internal")) == 2


def test_a_language_without_texts_speaks_english():
    portfolio = sample.single()
    book = book_of(portfolio, "fr", sample.STAMP, {})
    assert ("html", "lang", "en") in Reader(render(book, news(portfolio, texts("fr")))).attributes
