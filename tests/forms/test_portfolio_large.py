"""A large portfolio says what a small one says: packed or not, as formulas or as their values."""

from __future__ import annotations

import io
from dataclasses import replace

import openpyxl
import pytest

from kamxl.core.portfolio.results import AccountResult
from kamxl.excel.reading.book import read
from kamxl.excel.writing.draw import build, render
from kamxl.forms.paper.book import Cell, Formula
from kamxl.forms.paper.packed import blocks, extent, heights_of, loose, row_of
from kamxl.forms.portfolio import prints
from kamxl.forms.portfolio.book import _tables, book, carried_on, keys_in
from kamxl.forms.portfolio.carrying import keys_of
from kamxl.forms.portfolio.earlier import earlier
from kamxl.forms.portfolio.lists import lists_of
from kamxl.forms.portfolio.segments import segments_table
from kamxl.forms.portfolio.sizes import Sizes, settle
from kamxl.wording.texts import texts
from tests.forms.large import large
from tests.forms.portfolio_sample import STAMP, full
from tests.proof import need, recalc
from tests.proof.saving import by_gnumeric, by_libreoffice

FEW = 5  # records: the rows of more are packed
PACKED = Sizes(packed=FEW)
SETTLED = Sizes(accounts=3, packed=FEW)
COMPACT = replace(SETTLED, compact=3)
ACCOUNTS = 12


@pytest.fixture(scope="module", params=["many alike", "all kinds"])
def portfolio(request):
    return large(ACCOUNTS) if request.param == "many alike" else full()


@pytest.fixture(scope="module")
def books(portfolio):
    """The same as it is drawn at a usual size, with packed rows, and with values."""
    return tuple(book(portfolio, "de", STAMP, {}, sizes) for sizes in (Sizes(), PACKED, SETTLED))


def bare(cell: Cell | None) -> object:
    """What a cell comes to; an empty text is nothing."""
    content = cell.content if cell else None
    seen = content.value if isinstance(content, Formula) else content
    return None if seen == "" else seen


def test_packed_rows_are_the_same_cells(books):
    usual, packed, _ = books
    count = 0
    for one, other in zip(usual.sheets, packed.sheets, strict=True):
        # what kamxl tells itself of the sheet stands in the first row
        assert {at: cell for at, cell in other.cells.items() if at[0] > 1} == {
            at: cell for at, cell in one.cells.items() if at[0] > 1
        }
        assert (other.widths, heights_of(other)) == (one.widths, one.heights)
        assert extent(other) == extent(one)
        count += sum(map(len, blocks(other)))
    assert count > 100


def test_values_are_those_of_the_formulas(books):
    usual, _, settled = books
    t = texts("de")
    told = 0
    for one, other in zip(usual.sheets, settled.sheets, strict=True):
        below = one.title_rows[1] if one.title_rows else 4
        for at, cell in one.cells.items():
            if at[0] > below:
                there = other.cells[at]
                assert (bare(there), there.style) == (bare(cell), cell.style), (one.key, at)
        for block in blocks(other):
            assert not any(isinstance(c, Formula) for _, line, _ in block.rows() for c in line)
        said = t("portfolio.values", accounts="3", answers="25.000")
        told += said in {c.content for at, c in loose(other).items() if at[0] == 1}
    assert told > 15


def test_formulas_that_stay_are_the_same(books):
    """Those of figures and pictures beside the tables read the same cells, which hold values."""
    usual, _, settled = books
    count = 0
    for one, other in zip(usual.sheets, settled.sheets, strict=True):
        for at, cell in loose(other).items():
            if isinstance(cell.content, Formula):
                assert cell.content == one.cells[at].content, (one.key, at)
                count += 1
    assert count > 100


def test_a_packed_sheet_is_read_as_any_other(portfolio, books):
    """By kamxl and by openpyxl, cell by cell, be it said where they stand or not."""
    usual, *others = (render(build(one)) for one in books)
    others.append(render(build(book(portfolio, "de", STAMP, {}, COMPACT))))
    for data in others:
        ours, theirs = read(usual), read(data)
        for one, other in zip(ours.sheets, theirs.sheets, strict=True):
            assert texts_of(other) == texts_of(one)
        one, other = (openpyxl.load_workbook(io.BytesIO(d), data_only=True) for d in (usual, data))
        for sheet in one:
            assert cells_of(other[sheet.title]) == cells_of(sheet)


def texts_of(sheet):
    """What stands below the bands, which say more of values; the first row is kamxl's own."""
    return {at: (c.kind, c.text) for at, c in sheet.cells.items() if at[0] > 4 and c.text}


def cells_of(sheet):
    return {
        (cell.row, cell.column): (cell.value, cell.font.b, cell.fill.fgColor.rgb, cell.quotePrefix)
        for row in sheet.iter_rows(min_row=5)
        for cell in row
        if cell.value not in (None, "")
    }


def test_equal_input_gives_equal_bytes(portfolio):
    one, other = (render(build(book(portfolio, "de", STAMP, {}, SETTLED))) for _ in range(2))
    assert one == other


def test_what_is_put_over_packed_cells_stands_in_their_place(books):
    made, _ = carried_on(large(ACCOUNTS), "de", STAMP, {}, [], SETTLED)
    sheet = made.sheet("accounts")
    block = blocks(sheet)[0]
    row, last = block.first + 1, block.width
    before = row_of(sheet, row)
    sheet.cells[row, 2] = Cell("=1+1", before[2].style)
    sheet.cells[row, last + 2] = Cell("her own", before[2].style)
    sheet.heights[row] = 77.0
    there = openpyxl.load_workbook(io.BytesIO(render(build(made))))[sheet.title]
    assert [there.cell(row, c).value for c in (1, 2, last + 2)] == [
        before[1].content, "=1+1", "her own",
    ]  # fmt: skip
    assert there.cell(row, 2).data_type == "s"
    assert there.row_dimensions[row].height == 77
    assert there.cell(row + 1, 1).value == row_of(sheet, row + 1)[1].content


def test_the_prints_leave_out_what_formulas_came_to(portfolio):
    """A manager's entries are told from ours as at a usual size."""
    made = book(portfolio, "de", STAMP, {}, replace(SETTLED, packed=10_000))
    packed = book(portfolio, "de", STAMP, {}, SETTLED)
    for one, other in zip(made.sheets, packed.sheets, strict=True):
        stamps = ({c.content for at, c in loose(s).items() if at[0] == 1} for s in (one, other))
        assert next(stamps) == next(stamps), one.key


@pytest.mark.parametrize("language", ["de", "en"])
def test_pictures_say_that_they_show_the_top_accounts(language):
    made = book(large(24), language, STAMP, {}, SETTLED)
    for key in ("dashboard", "map"):
        chart = made.sheet(key).charts[0]
        assert {"20", "24"} <= set(str(chart.x_title).split()), key
    few = book(full(), language, STAMP, {})
    said = texts(language)("portfolio.map.across")
    assert [few.sheet(key).charts[0].x_title for key in ("dashboard", "map")] == [said, said]
    lines = next(c for c in few.sheet("trend").charts if c.kind == "line")
    assert str(lines.x_title).split()[1] == "6"
    assert str(lines.x_title) in str(lines.description)


def test_the_keys_are_those_of_the_tables_that_are_drawn(portfolio):
    """They are asked for before it is made, and nothing that takes long is made for them."""
    t = texts("de")
    whole = keys_of(_tables(portfolio, t, lists_of(portfolio, t), {}))
    assert keys_in(portfolio, "de") == whole


@pytest.mark.parametrize(
    ("accounts", "answers", "compact"),
    [(5_000, 125_000, False), (5_001, 1, True), (1, 125_001, True), (1_000, 25_000, False)],
)
def test_values_say_where_they_stand_until_there_are_very_many(accounts, answers, compact):
    table = segments_table(full(), texts("de"), lists_of(full(), texts("de")))
    settle([table], Sizes(), accounts, answers)
    assert (table.settled, table.compact) == (accounts > 1_000 or answers > 25_000, compact)


def test_packed_formulas_say_where_they_stand_however_many_there_are(portfolio):
    """Only values may be without."""
    for sizes, placed in ((replace(COMPACT, accounts=999), True), (COMPACT, False)):
        made = book(portfolio, "de", STAMP, {}, sizes)
        assert {one.placed for sheet in made.sheets for one in blocks(sheet)} == {placed}


@pytest.mark.proof
def test_other_programs_read_the_same(portfolio, books, tmp_path):
    """LibreOffice calculates what is stored; it finds every cell, and so does Gnumeric where
    cells say where they stand.
    """
    need(recalc.available())
    compact = book(portfolio, "de", STAMP, {}, COMPACT)
    for number, made in enumerate((*books[1:], compact)):
        data = render(build(made))
        path = tmp_path / f"{number}.xlsx"
        path.write_bytes(data)
        assert recalc.differences_in_libreoffice(path) == []
        expected = values_of(data)
        for program in (by_libreoffice, by_gnumeric)[: 1 if made is compact else 2]:
            folder = tmp_path / f"{number}-{program.__name__}"
            folder.mkdir()
            found = values_of(program(data, folder))
            assert {k: found.get(k) for k in expected} == expected


def values_of(data):
    """All texts and numbers of the tables by sheet and place; numbers by ten digits."""
    found = {}
    for sheet in read(data).sheets:
        for at, cell in sheet.cells.items():
            if at[0] > 4 and cell.text:
                told = (
                    f"{round(cell.number, 9) + 0.0:.10g}" if cell.number is not None else cell.text
                )
                found[sheet.title, at] = told
    return found


@pytest.mark.parametrize("asked", [None, frozenset(), "some"])
def test_accounts_are_told_apart_by_their_ids(asked, monkeypatch):
    """To look for an account in a list compares all that is known of it, with each in the list."""
    made = large(24, silent=16)
    some = frozenset((account.id.casefold(), "s1") for account in made.accounts[::3])
    made = replace(made, asked=some if asked == "some" else asked, sent=frozenset({"a00003"}))

    def never(*_):
        raise AssertionError("compared two accounts whole")

    monkeypatch.setattr(AccountResult, "__eq__", never)
    drawn, _ = carried_on(made, "en", STAMP, {}, [])
    said = {cell.content for sheet in drawn.sheets for cell in loose(sheet).values()}
    assert any(isinstance(one, str) and "Kunde 00003 GmbH" in one for one in said)


@pytest.mark.parametrize("sizes", [PACKED, SETTLED], ids=["formulas", "values"])
def test_of_a_portfolio_without_prints_only_what_was_typed_is_hers(sizes, monkeypatch):
    """Sheets with very many constants carry none: our values in them are still ours."""
    monkeypatch.setattr(prints, "MOST", 0)
    made = large(ACCOUNTS)
    keys = keys_in(made, "de")
    data = render(build(carried_on(made, "de", STAMP, {}, [], sizes)[0]))
    raw = read(data)
    assert not any(prints.found(sheet.cells) for sheet in raw.sheets)
    assert earlier(raw, keys).hers.entries == ()
    typed = openpyxl.load_workbook(io.BytesIO(data))
    sheet = next(one for one in typed if one["A1"].value == "kamxl:portfolio:accounts")
    head = next(
        cell.row for row in sheet.iter_rows(max_row=40) for cell in row if cell.value == "id"
    )
    column = sheet.max_column + 2
    sheet.cell(head - 1, column).value = "Meine Spalte"
    sheet.cell(head + 3, column).value = 4711
    again = io.BytesIO()
    typed.save(again)
    (entry,) = earlier(read(again.getvalue()), keys).hers.entries
    assert (entry.title, entry.cell.number) == ("Meine Spalte", 4711)


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_sheet_with_values_does_not_speak_of_its_formulas(language):
    t = texts(language)

    def said(sizes):
        """What stands at the top of each sheet, which goes on in the next row."""
        drawn = carried_on(large(ACCOUNTS), language, STAMP, {}, [], sizes)[0]
        for sheet in drawn.sheets:
            top = sorted((at, one) for at, cell in loose(sheet).items()
                         if at[0] < 6 and isinstance(one := cell.content, str))  # fmt: skip
            yield sheet.key, " ".join(one for _, one in top)

    usual, values = dict(said(Sizes())), dict(said(SETTLED))
    for key in ("accounts", "segments", "programmes", "actions", "data"):
        assert t(f"portfolio.{key}.sentence") in usual[key], key
        assert t(f"portfolio.{key}.sentence_values") in values[key], key
        assert t(f"portfolio.{key}.sentence") not in values[key], key
