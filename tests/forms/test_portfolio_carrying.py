"""What a manager typed into Portfolio.xlsx stands in the next one, or is named."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import openpyxl
import pytest

from kamxl.apart.answers import packed, unpacked
from kamxl.core.portfolio.whole import Portfolio
from kamxl.excel.reading.book import LIMITS, read
from kamxl.excel.writing.draw import build, render
from kamxl.forms.paper.book import Book, Formula, Sheet
from kamxl.forms.paper.raw import RawBook, RawCell, RawKind, RawNote, RawSheet, column_letters
from kamxl.forms.portfolio import prints
from kamxl.forms.portfolio.book import _made
from kamxl.forms.portfolio.carrying import Carried, Tables, carried, keys_of
from kamxl.forms.portfolio.earlier import Earlier, beyond, earlier
from kamxl.forms.portfolio.merged import Holds, merged_in
from kamxl.forms.portfolio.own import TELLING
from kamxl.forms.portfolio.reading import shown_sheets
from kamxl.forms.portfolio.words import unvalued
from kamxl.wording.texts import texts
from kamxl.workflow.incoming.looking import _portfolio, look_at_portfolio
from tests.forms import portfolio_sample as sample
from tests.proof.saving import by_gnumeric, by_libreoffice, by_openpyxl


@cache
def portfolio() -> Portfolio:
    return sample.full()


@cache
def made(language: str = "de", accounts: int = 0) -> tuple[Book, Tables]:
    """The next portfolio, in which the first so many accounts are gone; carrying changes none."""
    there = replace(portfolio(), accounts=portfolio().accounts[accounts:])
    return _made(there, texts(language), sample.STAMP, {})


@cache
def written() -> bytes:
    return render(build(made()[0]))


def told(raw: RawBook, tables: Tables) -> Earlier:
    return earlier(raw, keys_of(tables.values()))


def again(*raws: RawBook, language: str = "de", gone: int = 0) -> Carried:
    book, tables = made(language, gone)
    return carried(book, tables, [told(raw, tables) for raw in raws], texts(language))


def cell(value: str | float, code: str = "General", **more: bool) -> RawCell:
    if isinstance(value, str):
        return RawCell(RawKind.TEXT, value, number_format=code, **more)
    return RawCell(RawKind.NUMBER, f"{value:g}", float(value), code, **more)


@dataclass
class Desk:
    """A portfolio in the hands of a manager: cells by their column's key and their row."""

    raw: RawBook

    def sheet(self, key: str) -> RawSheet:
        return shown_sheets(self.raw)[key]

    def key_row(self, key: str) -> tuple[int, dict[str, int]]:
        rows: dict[int, dict[str, int]] = {}
        for (row, column), found in self.sheet(key).cells.items():
            rows.setdefault(row, {})[found.text] = column
        fits = (r for r in sorted(rows) if set(TELLING[key]) <= rows[r].keys())
        return next((row, rows[row]) for row in fits)

    def typed(self, key: str, cells: Mapping[tuple[int, int], RawCell]) -> Desk:
        """Cells typed over what stands there."""
        return self._with(key, cells={**self.sheet(key).cells, **cells})

    def _with(self, key: str, **changes: object) -> Desk:
        there = self.sheet(key)
        new = replace(there, **changes)  # type: ignore[arg-type]
        sheets = tuple(new if one is there else one for one in self.raw.sheets)
        return Desk(replace(self.raw, sheets=sheets))

    def noted(self, key: str, *notes: RawNote) -> Desk:
        return self._with(key, notes=notes)

    def moved(self, key: str, place: Callable[[int, int], tuple[int, int]]) -> Desk:
        cells = {place(*at): found for at, found in self.sheet(key).cells.items()}
        return self._with(key, cells=cells)


@pytest.fixture
def desk() -> Desk:
    return Desk(read(written()))


def row_of(sheet: Sheet, words: str) -> dict[str, object]:
    """What stands in the row that holds these words, by header."""
    row = next(r for (r, _), one in sheet.cells.items() if one.content == words)
    heads = {c: one.content for (r, c), one in sheet.cells.items() if r == _heads(sheet)}
    return {str(heads[c]): sheet.cells[row, c].content for c in heads if (row, c) in sheet.cells}


def _heads(sheet: Sheet) -> int:
    assert sheet.title_rows is not None
    return sheet.title_rows[0]


def test_nothing_typed_is_nothing_carried(desk: Desk) -> None:
    found = again(desk.raw)
    assert found.left == ((),)
    assert found.beside == (False,)
    assert found.book.sheets == found.plain.sheets == again().book.sheets
    assert again(desk.raw, language="en").left == ((),)  # its own words were the other language's


@pytest.mark.proof
def test_a_column_goes_with_its_rows_on_every_sheet(desk: Desk) -> None:
    rows = {}
    for key in TELLING:
        head, _ = desk.key_row(key)
        beside = max(c for _, c in desk.sheet(key).cells) + 2
        first, second = rows[key] = head + 1, head + 2
        added = {(r, beside): cell(f"Anruf {r}") for r in rows[key]}
        desk = desk.typed(key, {**added, (head - 1, beside): cell("Nächstes")})
        sorted_ = {first: second, second: first}
        desk = desk.moved(key, lambda r, c, to=sorted_: (to.get(r, r), c))
    found = again(desk.raw)
    assert found.left == ((),)
    for key, (first, second) in rows.items():
        sheet, plain = found.book.sheet(key), found.plain.sheet(key)
        # the numbers of pictures stand further right, above
        column = next(c for (r, c), x in sheet.cells.items() if x.content == "Nächstes")
        shown = [sheet.cells[r, column].content for r in (first - 2, first, second)]
        assert shown == ["Nächstes", f"Anruf {first}", f"Anruf {second}"], key
        assert max(c for r, c in plain.cells if r >= first - 1) == column - 1
        wider = (column_letters(column) + str(max(r for r, _ in plain.cells)), key)
        assert all((one.ref.split(":")[1], key) == wider for one in sheet.tables)
    twice = again(read(render(build(found.book))))
    assert twice.left == ((),)
    assert twice.book.sheets == found.book.sheets


def test_a_table_without_rows_holds_nothing_of_hers() -> None:
    t = texts("de")
    empty = _made(sample.empty(), t, sample.STAMP, {})
    raw = read(render(build(empty[0])))
    assert carried(*empty, (told(raw, empty[1]),), t).left == ((),)
    assert again(raw).left == ((),)
    old = tuple(
        replace(one, cells={at: c for at, c in one.cells.items() if not prints.is_stamp(c)})
        for one in raw.sheets
    )
    assert again(RawBook(old)).left == ((),)  # as versions before wrote it


def test_values_keep_what_they_are(desk: Desk) -> None:
    head, _ = desk.key_row("accounts")
    given = {
        1: cell("=1+1"), 2: cell(46329, "dd.mm.yyyy"), 3: cell(0.125, "0.0%"), 4: cell(17.5),
        5: RawCell(RawKind.BOOLEAN, "TRUE"),
    }  # fmt: skip
    desk = desk.typed("accounts", {(head + r, 60): one for r, one in given.items()})
    sheet = again(desk.raw).book.sheet("accounts")
    column = max(c for _, c in sheet.cells)
    shown = [sheet.cells[head + r, column] for r in given]
    assert [one.content for one in shown] == ["=1+1", 46329, 0.125, 17.5, True]
    assert [one.style.format for one in shown[1:4]] == ["dd.mm.yyyy", "0.##%", "General"]
    assert sheet.cells[head - 1, column].content == "Eigene Spalte"


def test_a_formula_is_carried_as_its_value_and_its_file_kept(desk: Desk) -> None:
    head, _ = desk.key_row("segments")
    desk = desk.typed("segments", {(head + 1, 40): cell(12, formula=True)})
    found = again(desk.raw)
    assert [entry.place for entry in found.left[0]] == [
        f"{desk.sheet('segments').title}!AN{head + 1}"
    ]
    sheet = found.book.sheet("segments")
    assert sheet.cells[head + 1, max(c for _, c in sheet.cells)].content == 12


def test_a_column_between_ours(desk: Desk) -> None:
    head, _ = desk.key_row("contacts")
    desk = desk.moved("contacts", lambda r, c: (r, c + (c > 2 and r >= head - 1)))
    desk = desk.typed("contacts", {(head, 3): cell("Spalte1"), (head + 1, 3): cell("mittendrin")})
    found = again(desk.raw)
    assert found.left == ((),)
    assert any(one.content == "mittendrin" for one in found.book.sheet("contacts").cells.values())


@pytest.mark.proof
def test_a_reply_stands_in_its_column(desk: Desk) -> None:
    head, keys = desk.key_row("wishes")
    cells = desk.sheet("wishes").cells
    row = next(r for r in range(head + 1, head + 40) if (r, keys["reply"]) not in cells)
    desk = desk.typed("wishes", {(row, keys["reply"]): cell("Wir rufen an")})
    found = again(desk.raw)
    for made in (found.book, found.plain):
        assert made.sheet("wishes").cells[row, keys["reply"]].content == "Wir rufen an"
    twice = again(read(render(build(found.book))))  # not taken for our own
    assert twice.book.sheets == found.book.sheets
    old = {at: one for at, one in desk.sheet("wishes").cells.items() if not prints.is_stamp(one)}
    before = RawBook((RawSheet("Wünsche", old),))  # as versions before wrote it
    assert again(before).plain.sheet("wishes").cells[row, keys["reply"]].content == "Wir rufen an"


def test_what_is_typed_over_ours_gets_a_column(desk: Desk) -> None:
    head, keys = desk.key_row("accounts")
    cells = desk.sheet("accounts").cells
    live = next(c for (r, c), one in sorted(cells.items()) if r == head + 1 and one.formula)
    desk = desk.typed(
        "accounts",
        {(head + 1, keys["name"]): cell("Unser Lieblingskunde"), (head + 2, live): cell(7)},
    )
    found = again(desk.raw)
    assert found.left == ((),)
    assert found.beside == (True,)
    shown = row_of(found.book.sheet("accounts"), "Unser Lieblingskunde")
    assert shown["Kunde (von Hand)"] == "Unser Lieblingskunde"
    assert shown["Kunde"] != "Unser Lieblingskunde"
    assert found.plain.sheet("accounts") == again().book.sheet("accounts")
    assert 7 in [
        one.content for (r, _), one in found.book.sheet("accounts").cells.items() if r == head + 2
    ]


def test_notes_get_a_column(desk: Desk) -> None:
    head, keys = desk.key_row("drivers")
    notes = (
        RawNote("wer hat das gesagt?", head + 1, keys["points"]),
        RawNote("zweite", head + 1, keys["account"]),
        RawNote("über allem", 2, 1),
    )
    found = again(desk.noted("drivers", *notes).raw)
    assert [entry.note for entry in found.left[0]] == ["über allem"]
    sheet = found.book.sheet("drivers")
    (said,) = [one.content for one in sheet.cells.values() if "zweite" in str(one.content)]
    assert "wer hat das gesagt?" in str(said)
    flagged = replace(desk.raw, flags=frozenset({"notes"}))  # told of, and not to be read
    assert len(again(flagged).left[0]) == 1


def test_what_belongs_to_no_row_is_named(desk: Desk) -> None:
    head, keys = desk.key_row("wishes")
    last = max(r for r, _ in desk.sheet("wishes").cells)
    desk = desk.typed(
        "wishes",
        {(last + 1, 1): cell("eigene Zeile"), (last + 9, 2): cell("Summe"), (3, 40): cell("!")},
    ).typed("dashboard", {(80, 2): cell("loser Text")})
    head, keys = desk.key_row("accounts")
    gone = {(head + 1, keys["id"]): cell("NEWCO"), (head + 1, 70): cell("wichtig")}
    places = [entry.place for entry in again(desk.typed("accounts", gone).raw).left[0]]
    assert places == [
        "Überblick!B80", f"Kunden!A{head + 1}", f"Wünsche!A{last + 1}", f"Wünsche!B{last + 9}",
        "Wünsche!AN3",
    ]  # fmt: skip


def test_a_row_that_went_is_hers_only_with_something_of_hers() -> None:
    whole = read(written())
    assert again(whole, gone=1).left == ((),)
    head, _ = Desk(whole).key_row("accounts")
    noted = Desk(whole).typed("accounts", {(head + 1, 70): cell("wichtig")}).raw
    (left,) = again(noted, gone=1).left
    assert [entry.place for entry in left] == [f"Kunden!BR{head + 1}"]


def test_the_newest_file_wins_and_the_older_ones_stay(desk: Desk) -> None:
    head, _ = desk.key_row("accounts")
    title = {(head - 1, 60): cell("Anruf")}
    older = desk.typed("accounts", title | {(head + r, 60): cell(f"alt {r}") for r in (1, 2)})
    newer = desk.typed(
        "accounts", title | {(head + 1, 60): cell("neu"), (head - 1, 61): cell("Zwei")}
    )
    sheet = again(older.raw, newer.raw).book.sheet("accounts")
    heads = [one.content for (r, _), one in sorted(sheet.cells.items()) if r == head - 1][-2:]
    assert heads == ["Anruf", "Zwei"]
    column = max(c for _, c in sheet.cells) - 1
    assert [sheet.cells[head + r, column].content for r in (1, 2)] == ["neu", "alt 2"]


def test_many_columns_are_kept_elsewhere(desk: Desk) -> None:
    head, _ = desk.key_row("trend")
    desk = desk.typed("trend", {(head - 1, 40 + n): cell(f"Spalte {n} von mir") for n in range(70)})
    found = again(desk.raw)
    assert len(found.left[0]) == 10
    assert max(c for _, c in found.book.sheet("trend").cells) < 90


def test_rows_are_told_apart_by_what_stands_in_them() -> None:
    """A formula's result is no identity: it is not known before it is calculated."""
    for sheet in again().book.sheets:
        if sheet.key in TELLING:
            row = max(sheet.title_rows or (0,))
            keys = {one.content: c for (r, c), one in sheet.cells.items() if r == row}
            for key in TELLING[sheet.key]:
                column = [
                    one.content for (r, c), one in sheet.cells.items() if r > row and c == keys[key]
                ]
                assert not any(isinstance(content, Formula) for content in column), (sheet.key, key)


@pytest.mark.proof
@pytest.mark.parametrize("save", [by_openpyxl, by_libreoffice, by_gnumeric])
def test_other_programs_type_nothing(save: Callable[[bytes, Path], bytes], tmp_path: Path) -> None:
    """What they change by themselves when they save is none of hers; what was typed is."""
    workbook = openpyxl.load_workbook(io.BytesIO(written()))
    sheet = workbook["Kunden"]
    column = sheet.max_column + 1
    sheet.cell(5, column).value, sheet.cell(7, column).value = "Nächster Anruf", "3.11. um 10 Uhr"
    out = tmp_path / "typed.xlsx"
    workbook.save(out)
    folder = tmp_path / "by"
    folder.mkdir()
    found = again(read(save(out.read_bytes(), folder)))
    assert found.left == ((),)
    assert found.beside == (False,)
    assert any(
        one.content == "3.11. um 10 Uhr" for one in found.book.sheet("accounts").cells.values()
    )


def test_what_was_typed_goes_with_an_account_that_has_another_name_by_now(desk: Desk) -> None:
    head, keys = desk.key_row("wishes")
    name = desk.sheet("wishes").cells[head + 1, keys["account"]].text
    renamed = tuple(
        replace(a, name="Neu AG") if a.name == name else a for a in portfolio().accounts
    )
    assert renamed != portfolio().accounts
    new = _made(replace(portfolio(), accounts=renamed), texts("de"), sample.STAMP, {})
    beside = max(c for _, c in desk.sheet("wishes").cells) + 2
    desk = desk.typed("wishes", {(head - 1, beside): cell("Mein"), (head + 1, beside): cell("ja")})
    found = carried(*new, (told(desk.raw, new[1]),), texts("de"))
    assert found.left == ((),)
    assert row_of(found.book.sheet("wishes"), "Neu AG")["Mein"] == "ja"


@pytest.mark.proof
def test_a_constant_of_ours_among_formulas_is_not_hers() -> None:
    """An account without programmes shows a plain 0, others a formula: it may get its first one."""
    t = texts("de")
    book, tables = _made(sample.crowd(accounts=12, rivals=3), t, sample.STAMP, {})
    cells = book.sheet("accounts").cells
    kinds: dict[int, set[bool]] = {}
    for (row, column), one in cells.items():
        if row > 6 and one.content is not None:
            kinds.setdefault(column, set()).add(isinstance(one.content, Formula))
    assert {False, True} in kinds.values()  # there are such columns
    said = told(read(render(build(book))), tables)
    assert said.hers.entries == ()


@pytest.mark.proof
def test_a_portfolio_of_hundreds_of_accounts_is_made_and_read_apart() -> None:
    """More cells than a register or a card may have, and more programmes than a sheet names."""
    crowd = sample.crowd(accounts=260)
    book, tables = _made(crowd, texts("en"), sample.STAMP, {})
    assert sum(len(sheet.cells) for sheet in book.sheets) > LIMITS.cells
    found = look_at_portfolio(render(build(book)), keys_of(tables.values()))
    assert len(found.names) == 260
    assert (found.foreign, found.hers.entries) == ((), ())
    above = [
        str(one.content)
        for (row, _), one in sorted(book.sheet("programmes").cells.items())
        if row < max(book.sheet("programmes").title_rows or (0,))
    ]
    assert sum(one.endswith("…") for one in above) == len(unvalued(crowd, texts("en")))


# --- what a portfolio holds already --------------------------------------------------------------

MERGED = {f"{number:032x}": how for number, how in enumerate(Holds)}


def test_what_is_held_is_told_in_a_cell_that_is_nobodys(desk: Desk) -> None:
    found = again(desk.raw)
    assert found.telling({}).book.sheets == found.book.sheets
    head, _ = desk.key_row("accounts")
    typed = desk.typed("accounts", {(head - 1, 60): cell("Anruf"), (head + 1, 60): cell("ja")})
    told = again(typed.raw).telling(MERGED)
    assert told.plain.sheet("accounts").cells.items() <= told.book.sheet("accounts").cells.items()
    raw = read(render(build(told.book)))
    assert merged_in(raw) == MERGED
    assert merged_in(read(render(build(told.plain)))) == MERGED
    next_one = again(raw)
    assert next_one.left == ((),)
    assert next_one.book.sheets == again(typed.raw).book.sheets  # told anew, or not at all
    assert next_one.telling(MERGED).book.sheets == told.book.sheets


@pytest.mark.proof
@pytest.mark.parametrize("save", [by_openpyxl, by_libreoffice, by_gnumeric])
def test_other_programs_keep_what_is_held(
    save: Callable[[bytes, Path], bytes], tmp_path: Path
) -> None:
    raw = read(save(render(build(again().telling(MERGED).book)), tmp_path))
    assert merged_in(raw) == MERGED
    assert again(raw).left == ((),)


def test_a_cell_tells_no_more_than_excel_holds(desk: Desk) -> None:
    many = {f"{number:032x}": Holds.ALL for number in range(2_000)}
    book = again().telling(many).book
    longest = max(len(str(one.content)) for one in book.sheet("accounts").cells.values())
    assert 20_000 < longest < 32_767
    assert merged_in(read(render(build(book)))).items() < many.items()


@pytest.mark.proof
def test_what_a_portfolio_says_travels(desk: Desk) -> None:
    """What comes back from a process apart is what it said there."""
    head, keys = desk.key_row("accounts")
    cells = {
        (head - 1, 60): cell("Anruf"), (head + 1, 60): cell(46329.5, "dd.mm.yyyy"),
        (head + 2, 60): RawCell(RawKind.BOOLEAN, "TRUE"), (head + 1, keys["remarks"]): cell("ja"),
    }  # fmt: skip
    desk = desk.typed("accounts", cells).noted("drivers", RawNote("wer?", 12, 3))
    said = told(desk.raw, made()[1])
    assert said.hers.entries
    assert said.remarks
    assert said.saved
    assert unpacked(_portfolio, packed(said)) == said


def test_only_rows_that_the_newer_lacked_are_news(desk: Desk) -> None:
    """What stood in the newer one, and does not any more, was taken out on purpose."""
    head, keys = desk.key_row("accounts")
    noted = {(head - 1, 60): cell("Anruf"), **{(head + r, 60): cell(f"r{r}") for r in (1, 2)}}
    older = desk.typed("accounts", {**noted, (head + 1, keys["remarks"]): cell("alt")})
    book, tables = made(accounts=1)
    newer = told(read(render(build(book))), tables)
    found = beyond(told(older.raw, tables), newer)
    assert [entry.cell.text for entry in found.hers.entries if entry.cell] == ["r1"]
    assert (found.remarks, found.hers.titles) == ({}, {})
