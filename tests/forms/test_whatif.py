"""The sheet *What if*: the core's numbers, and what a manager typed into its three cells."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import openpyxl
import pytest

from kamxl.core.method.selection import AccountList
from kamxl.core.portfolio.improving import improvements
from kamxl.core.portfolio.whatif import TARGET, Scenario, what_if
from kamxl.core.portfolio.whole import Portfolio
from kamxl.excel.reading.book import read
from kamxl.excel.writing.draw import build, render
from kamxl.forms.paper.book import Book
from kamxl.forms.paper.raw import RawBook, RawCell, RawKind
from kamxl.forms.portfolio.book import carried_on, keys_in
from kamxl.forms.portfolio.earlier import Earlier, earlier
from kamxl.forms.portfolio.lists import tried_of
from kamxl.forms.portfolio.reading import shown_sheets
from kamxl.forms.portfolio.trying import INPUTS, Trial, inputs
from kamxl.wording.texts import texts
from kamxl.workflow.shown.whatif import what_if_json
from tests.forms import portfolio_sample as sample
from tests.forms.test_portfolio_growth import rows, value
from tests.proof import need, recalc


@cache
def full() -> Portfolio:
    return sample.full()


def made(*before: Earlier, language: str = "en") -> Book:
    book, carried = carried_on(full(), language, sample.STAMP, {}, before)
    assert not any(carried.left)  # nothing of it makes the file be set aside
    return book


@cache
def first() -> RawBook:
    return read(render(build(made())))


def typed(raw: RawBook, **values: str | float) -> RawBook:
    """A portfolio in whose three cells she typed something."""
    sheet = shown_sheets(raw)["whatif"]
    places, cells = inputs(sheet), dict(sheet.cells)
    for key, one in values.items():
        number = None if isinstance(one, str) else float(one)
        kind = RawKind.TEXT if number is None else RawKind.NUMBER
        cells[places[key]] = RawCell(kind, str(one), number)
    new = replace(sheet, cells=cells)
    return replace(raw, sheets=tuple(new if one is sheet else one for one in raw.sheets))


def said(raw: RawBook) -> Earlier:
    return earlier(raw, keys_in(full(), "en"))


def tried(book: Book) -> tuple[object, ...]:
    """What stands in the three cells."""
    (row,) = rows(book.sheet("whatif"), *INPUTS, last=INPUTS[0])[:1]
    return tuple(row[key] for key in INPUTS)


def test_the_sheet_shows_the_core_s_numbers() -> None:
    found = improvements(full().accounts, "en")
    core = what_if(full().accounts, found, Scenario(found.found[0].label, TARGET))
    sheet = made().sheet("whatif")
    (top,) = rows(sheet, *INPUTS, "sum_points", last=INPUTS[0])[:1]
    counts = (top["sum_segments"], top["sum_accounts"], top["sum_unvalued"])
    assert counts == (core.segments, core.accounts, core.unvalued)
    assert (top["sum_ahead"], top["sum_level"]) == (core.turned(1), core.turned(0))
    assert top["sum_points"] == pytest.approx(core.points)
    assert top["sum_money"] == pytest.approx(core.money)
    shown = {(r["account"], r["segment"]): r for r in rows(sheet, "account", "lead_then")}
    assert len(shown) == sum(len(account.fresh) for account in full().accounts)
    for one in core.raised:
        row = shown[one.account.name, one.segment.name]
        assert row["points"] == pytest.approx(one.points)
        assert row["total_then"] == pytest.approx(one.then.total)
        assert row["lead_then"] == pytest.approx(one.then.lead.points)
        assert row["rank_then"] == one.then.place
    silent = [row for row in shown.values() if row["rating"] is None]
    assert len(silent) == len(shown) - len(core.raised)


@pytest.mark.proof
def test_what_she_tried_is_tried_again() -> None:
    found = improvements(full().accounts, "en")
    other = found.found[2].label
    hers = said(typed(first(), set_requirement=other, set_to=82.5, set_list="Focus"))
    assert hers.trial == Trial(other, 82.5, "Focus")
    book = made(hers)
    assert tried(book) == (other, 82.5, "Focus")
    again = said(read(render(build(book))))  # she typed nothing more
    assert tried(made(again)) == (other, 82.5, "Focus")
    assert tried(made(again, said(typed(first(), set_to=90))))[1:] == (90, "all")


def test_the_json_tries_what_the_sheet_tries() -> None:
    found = improvements(full().accounts, "en")
    other = found.found[2].label
    told = what_if_json(tried_of(full(), found, (None, Trial(other, 82.5, "Focus"))))
    assert told is not None
    assert (told["requirement"], told["to"], told["list"]) == (other, 82.5, "focus")


@pytest.mark.proof
def test_what_kamxl_wrote_is_not_hers_and_what_cannot_be_tried_is_not() -> None:
    usual = tried(made())
    assert said(first()).trial is None
    for wrong in ({"set_requirement": "=1+1"}, {"set_to": "viel"}, {"set_to": 130}):
        assert tried(made(said(typed(first(), **wrong)))) == usual


def test_without_anything_to_improve_it_says_so() -> None:
    book, _ = carried_on(replace(full(), accounts=()), "de", sample.STAMP, {}, ())
    sheet = book.sheet("whatif")
    assert texts("de")("portfolio.whatif.none") in {c.content for c in sheet.cells.values()}
    assert not sheet.validations


def test_the_list_is_known_in_every_language() -> None:
    label = improvements(full().accounts, "de").found[0].label
    book = made(Earlier(trial=Trial(label, 80.0, "Focus")), language="de")
    assert tried(book)[2] == texts("de")(f"portfolio.lists.{AccountList.FOCUS.value}")


@pytest.mark.proof
def test_other_scenarios_recalculate_to_the_core_s_numbers(tmp_path: Path) -> None:
    """Her cells changed in the file alone: LibreOffice finds what the core says of them."""
    need(recalc.available())
    label = improvements(full().accounts, "en").found[1].label
    expected = made(Earlier(trial=Trial(label, 90.0, "Focus"))).sheet("whatif")
    book = made()  # stored are the values of the scenario that kamxl chose
    sheet = book.sheet("whatif")
    key_row = next(r for (r, _), cell in sheet.cells.items() if cell.content == INPUTS[0])
    for (row, column), cell in expected.cells.items():
        if row == key_row + 1 and column <= len(INPUTS):
            sheet.cells[row, column] = cell
    path = tmp_path / "Portfolio.xlsx"
    path.write_bytes(render(build(book)))
    (again,) = recalc.in_libreoffice([path], tmp_path / "out").values()
    values = openpyxl.load_workbook(again, data_only=True)[sheet.title]
    for at in (key_row - 2, key_row + 2):
        assert values.cell(at, 3).value == value(expected.cells[at, 3])
    found = {r[:2]: r for r in values.iter_rows(key_row + 1, max_col=16, values_only=True)}
    concerned = 0
    for row in rows(expected, "account", "lead_then"):
        if row["rating"] is not None:
            concerned += 1
        told = found[str(row["account"]), str(row["segment"])]
        for key, seen in zip(list(row)[3:16], told[3:], strict=True):
            wanted = row[key]
            assert (seen or None) == pytest.approx(wanted or None), (row["account"], key)
    assert concerned
    for key, seen in zip(range(4, 11), values[key_row + 1][3:10], strict=True):
        wanted = value(expected.cells[key_row + 1, key])
        assert seen.value == pytest.approx(wanted), key
