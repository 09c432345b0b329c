"""What a manager added to Portfolio.xlsx comes back: remarks by account id, own sheets."""

from __future__ import annotations

import pytest

from kamxl.core.portfolio.whole import Portfolio
from kamxl.excel.reading.book import read
from kamxl.excel.writing.draw import build, render
from kamxl.forms.paper.raw import RawBook, RawCell, RawKind, RawSheet
from kamxl.forms.portfolio.book import book
from kamxl.forms.portfolio.reading import foreign_sheets, remarks
from tests.forms import portfolio_sample as sample

REMARKS = {"MOLTIDE": "Termin am 12.11.\nzweite Zeile", "GONE1": '=HYPERLINK("http://e.example")'}


@pytest.fixture(scope="module")
def full() -> Portfolio:
    return sample.full()


def drawn(portfolio: Portfolio, language: str, kept: dict[str, str] | None = None) -> bytes:
    return render(build(book(portfolio, language, sample.STAMP, kept or {})))


@pytest.mark.proof
@pytest.mark.parametrize("language", ["de", "en"])
def test_remarks_come_back_orphans_too(full: Portfolio, language: str) -> None:
    raw = read(drawn(full, language, REMARKS))
    assert remarks(raw) == REMARKS
    assert remarks(read(drawn(full, "en", remarks(raw)))) == REMARKS
    assert foreign_sheets(raw) == ()


@pytest.mark.proof
def test_a_remark_s_account_may_come_back(full: Portfolio) -> None:
    raw = read(drawn(full, "de", {"moltide": "noch da", "OSTRAVINE": "offen"}))
    assert remarks(raw) == {"MOLTIDE": "noch da", "OSTRAVINE": "offen"}


@pytest.mark.proof
def test_remarks_are_found_by_id_wherever_they_stand(full: Portfolio) -> None:
    raw = read(drawn(full, "de", REMARKS))
    sheet = next(s for s in raw.sheets if s.title == "Kunden")
    moved = {(r + 3 if r > 4 else r, c + 2): cell for (r, c), cell in sheet.cells.items()}
    moved[1, 1] = RawCell(RawKind.TEXT, "my own note")
    assert remarks(RawBook((RawSheet("Renamed", moved),))) == REMARKS


@pytest.mark.proof
@pytest.mark.parametrize("language", ["de", "en"])
def test_remarks_are_found_without_the_key_row(full: Portfolio, language: str) -> None:
    raw = read(drawn(full, language, REMARKS))
    sheet = next(s for s in raw.sheets if s.title in ("Kunden", "Accounts"))
    cells = {(r - (r > 6), c): cell for (r, c), cell in sheet.cells.items() if r != 6}
    assert remarks(RawBook((RawSheet("Any", cells),))) == REMARKS


def test_a_copied_row_loses_no_remark() -> None:
    def text(value: str) -> RawCell:
        return RawCell(RawKind.TEXT, value)

    cells = {
        (1, 1): text("kamxl:portfolio:accounts"), (6, 1): text("id"), (6, 2): text("remarks"),
        (7, 1): text("A"), (7, 2): text("one"), (8, 1): text("a"), (8, 2): text("two"),
        (9, 1): text("A"), (9, 2): text("one"), (10, 1): text("B"), (11, 1): text("not an id!"),
        (11, 2): text("lost"),
    }  # fmt: skip
    assert remarks(RawBook((RawSheet("Accounts", cells),))) == {"A": "one\ntwo"}
    unmarked = {place: cell for place, cell in cells.items() if place != (1, 1)}
    assert remarks(RawBook((RawSheet("Accounts", unmarked),))) == {}


@pytest.mark.proof
def test_foreign_sheets_are_named(full: Portfolio) -> None:
    raw = read(drawn(full, "de"))
    own = RawSheet("Meine Notizen", {(1, 1): RawCell(RawKind.TEXT, "x")})
    copy = RawSheet("Kunden (2)", next(s for s in raw.sheets if s.title == "Kunden").cells)
    assert foreign_sheets(RawBook((*raw.sheets, own, copy))) == ("Meine Notizen", "Kunden (2)")
    assert foreign_sheets(RawBook((RawSheet("Leer", {}),))) == ("Leer",)
