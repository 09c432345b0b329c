"""The page: whole, the same every time, and its numbers are the book's."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from itertools import combinations
from urllib.parse import unquote

import pytest
from babel.numbers import get_decimal_symbol, get_group_symbol

from kamxl.core.portfolio.screen import screen_of
from kamxl.forms.paper.book import Book
from kamxl.forms.paper.raw import place_of
from kamxl.forms.paper.style import INK, SOFT
from kamxl.forms.portfolio.answers import clauses, sentence
from kamxl.forms.portfolio.book import book as book_of
from kamxl.forms.portfolio.dashboard import ANSWERS
from kamxl.forms.portfolio.front import front_of
from kamxl.forms.portfolio.improving import MAX_SUMS
from kamxl.forms.portfolio.map import FIRST, HEAD, KEYS, TOP
from kamxl.forms.portfolio.news import news
from kamxl.forms.portfolio.tiles import FIGURES_ROW, TILES_ROW
from kamxl.forms.portfolio.words import unvalued
from kamxl.report.beside import Place, box_of
from kamxl.report.budget import within
from kamxl.report.cells import cells_of
from kamxl.report.html import render
from kamxl.report.numbers import Shown, number_of, plain_value, value_of
from kamxl.report.places import source_link
from kamxl.report.sections import SECTIONS, sections_of
from kamxl.report.tables import MANY, MOST, OPEN, Source, source_of
from kamxl.wording.texts import languages, texts
from tests.forms import portfolio_sample as sample
from tests.report.reading import Reader, assert_harmless

CASES = [(kind, language) for kind in sample.KINDS for language in languages()]


def made(kind: str, language: str) -> tuple[Book, bytes]:
    portfolio = sample.KINDS[kind]()
    book = book_of(portfolio, language, sample.STAMP, {"MOLTIDE": "Termin\nzweite Zeile"})
    front = front_of(screen_of(portfolio, language), texts(language))
    return book, render(book, news(portfolio, texts(language)), front=front)


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
    told = re.findall(r'</dt><dd><a href="Portfolio[^"]*">([^<]*)</a>', data.decode())
    wanted = [
        value_of(cells[row + 1, column])
        for key, row in (("dashboard", FIGURES_ROW), ("news", TILES_ROW))
        for cells in (book.sheet(key).cells,)
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
    for said in unvalued(sample.full(), texts(language)):
        assert said in page.text


@pytest.mark.parametrize("language", languages())
def test_each_number_leads_to_the_cell_that_holds_it(pages, language):
    book, data = pages["full", language]
    sheets = {sheet.title: sheet for sheet in book.sheets}
    found = re.findall(r'<td[^>]*data-v="([^"]*)"[^>]*>.*?<a href="([^"]*)">', data.decode())
    for value, link in found:
        file, _, place = unquote(html.unescape(link)).partition("#")
        title, _, cell = place.rpartition("!")
        held = sheets[title[1:-1].replace("''", "'")].cells[place_of(cell)]
        assert file == "Portfolio.xlsx"
        assert plain_value(held) == value
    assert len(found) > 2000
    numbers = data.decode().count("data-v=")
    assert len(found) == numbers  # none without
    assert b'href="inbox/Antwort%20M%C3%BCller.xlsx' in data


@pytest.mark.parametrize(
    ("path", "place", "link"),
    [
        ("inbox/a #.xlsx", "Ü 'x'!D7", "inbox/a%20%23.xlsx#%27%C3%9C%20%27%27x%27%27%27!D7"),
        ("inbox/x.zip!in it.xlsx", "Scorecard!A1", "inbox/x.zip"),
        ("inbox/a!b.xlsx", "", "inbox/a%21b.xlsx"),
        ("inbox/50% Süd? #1.xlsx", "", "inbox/50%25%20S%C3%BCd%3F%20%231.xlsx"),
        ("plans/javascript:alert(1)", "", "plans/javascript%3Aalert%281%29"),
        ("javascript:alert(1)", "", None),
        ("//evil.example/x", "", None),
        ("inbox/../../etc/passwd", "", None),
        ("inbox/..\\x", "", None),
        ("Register.xlsx", "Segments!B13", None),
    ],
)  # fmt: skip
def test_nothing_from_outside_leads_elsewhere(path, place, link):
    assert source_link(path, place) == link


def test_the_first_screen_says_what_the_dashboard_says(pages):
    for language in languages():
        book, data = pages["full", language]
        page, t = Reader(data), texts(language)
        cells = book.sheet("dashboard").cells
        for row in range(ANSWERS, ANSWERS + 3):
            said = [str(value_of(c)) for at, c in cells.items() if at[0] == row and value_of(c)]
            assert len(said) > 1
            assert set(said) <= {text for _, text in page.texts}
        screen = screen_of(sample.full(), language)
        (rows,) = [table.rows for table in page.tables if table.section == "rows"]
        assert [row[0] for row in rows] == [one.account.name for one in screen.rows]
        for one, row in zip(screen.rows, rows, strict=True):
            assert row[-1] == sentence(clauses(one, t))
            if one.account.lead.verdict is not None:
                points = as_number(row[1], language)[0]
                assert points == pytest.approx(one.account.lead.points, abs=0.0501)


def test_a_table_that_is_too_long_says_where_the_rest_is(pages):
    book, data = pages["crowd", "en"]
    long = [s for s in SECTIONS if len(source_of(book.sheet(s)).rows) > MOST]
    assert long
    for key in long:
        left = len(source_of(book.sheet(key)).rows) - MOST
        said = texts("en")("report.on_sheet", count=left, sheet=book.sheet(key).title)
        assert said in Reader(data).text


def test_where_there_is_less_room_all_tables_have_fewer_rows(pages):
    shown = Shown(texts("en"))
    whole = tuple(sections_of(pages["crowd", "en"][0], shown))
    rows = {}
    for room in (10**9, 300_000, 1):
        made = tuple(within(whole, shown, room))
        tables = [part for section in made for part in section.parts if part.grows]
        rows[room] = max(len(part.block.rows) for part in tables)
        for part, old in zip(
            tables, [p for s in whole for p in s.parts if p.grows], strict=True
        ):  # fmt: skip
            gone = len(old.block.rows) - len(part.block.rows)
            assert len(part.block.rows) == min(len(old.block.rows), rows[room])
            assert part.block.left == old.block.left + gone
            assert not part.block.left or str(part.block.left) in part.more
            assert len(part.block.whose) in (0, len(part.block.rows))
    assert rows[10**9] == MOST > rows[300_000] > rows[1] == OPEN


def test_rows_are_chosen_by_the_id_of_their_account(pages):
    """By its name a row that stands with an earlier period would go whatever is chosen."""
    book, data = pages["full", "de"]
    own = {}
    for key in ("accounts", "heatmap", "selection", "position"):
        found = re.search(rf'<section class="sheet" id="{key}">.*?</section>', data.decode(), re.S)
        assert found is not None
        words = [re.findall(r'data-in="([^"]*)"', row) for row in found.group().split("<tr")[2:]]
        source = source_of(book.sheet(key))
        ids = [str(value_of(source.cell(row, "id"))) for row in source.rows]
        assert len(ids) == len(words)
        for account, said in zip(ids, words, strict=True):
            assert own.setdefault(account, said) == said, (key, account)
    assert sum(map(bool, own.values())) > 10


def test_the_picture_shows_what_the_map_shows(pages):
    book, data = pages["full", "en"]
    page = Reader(data)
    cells, t = book.sheet("map").cells, Shown(texts("en"))
    spots = {
        f"{t.cell(cells[row, across])} / {t.cell(cells[row, upwards])}"
        for row in range(FIRST, FIRST + TOP)
        for across, upwards in [(KEYS.index("score") + 1, KEYS.index("relative") + 1)]
        if number_of(cells.get((row, 1))) is not None
    }
    assert spots <= {text.rpartition(": ")[2] for tag, text in page.texts if tag == "title"}
    assert len(spots) >= 10
    # Each is called by its name or number, and no name lies over another.
    (picture,) = re.findall(r'<section class="map">.*?</svg>', data.decode(), re.DOTALL)
    named = re.findall(
        r'<text x="([\d.]+)" y="([\d.]+)" text-anchor="(\w+)" class="f-ink strong halo">(.*?)</',
        picture,
    )
    count = sum(number_of(cells.get((row, 1))) is not None for row in range(FIRST, FIRST + TOP))
    assert len(named) == count
    boxes = [box_of(Place(html.unescape(n), float(x), float(y), at)) for x, y, at, n in named]
    assert not [pair for pair in combinations(boxes, 2) if pair[0].shared(pair[1])]
    # No place without what it means: a missed minimum, a list that says otherwise, too little.
    column = KEYS.index("quadrant") + 1
    meant = {value_of(cell) for (row, at), cell in cells.items() if at == column and row > HEAD}
    said = str(cells[HEAD, column].content)
    (table,) = [table for table in page.tables if said in table.heads]
    place = table.heads.index(said)
    assert {row[place] for row in table.rows} == meant - {None}


@pytest.mark.parametrize("language", languages())
def test_every_picture_is_told_in_words(pages, language):
    book, data = pages["full", language]
    told = [
        value
        for tag, name, value in Reader(data).attributes
        if (tag, name) == ("svg", "aria-label")
    ]
    shown, seen = Shown(texts(language)), 0
    for sheet in book.sheets:
        for chart in sheet.charts if sheet.key in ("voices", "trend") else ():
            (said,) = [one for one in told if one.startswith(str(chart.description).rstrip("."))][
                :1
            ]
            for series in chart.series:
                known = [c for c in cells_of(series.values, book) if number_of(c) is not None]
                if chart.kind == "line":
                    assert all(shown.cell(cell) in said for cell in known)
                    seen += len(known)
                elif sheet.key == "voices" and not series.unseen:
                    across = cells_of(series.categories or "", book)
                    assert all(shown.cell(cell) in said for cell in across)
                    seen += len(across)
    assert seen > 10


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
