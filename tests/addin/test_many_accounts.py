"""A portfolio of 2,000 accounts, refreshed where it is open: in blocks, and notes stay."""

from dataclasses import replace

import pytest

from kamxl.core.portfolio.whole import assemble
from kamxl.excel.writing.draw import build, render
from kamxl.forms.portfolio import book as portfolio_form
from kamxl.workflow.buttons.onscreen import OpenPortfolio
from tests.addin.pressing import cell_of, sheet
from tests.bench.pieces import register_of
from tests.engines.shell_range import Range
from tests.workflow.making import NOW

MANY = 2_000


@pytest.fixture(scope="module")
def books():
    """Portfolios of nearly as many accounts, and of all of them."""
    register = register_of(MANY)
    fewer = replace(register, accounts=register.accounts[7:])
    return [drawn(one) for one in (fewer, register)]


def drawn(register):
    portfolio = assemble(register, "2026-H1", (), (), (), as_of=NOW.date())
    book = portfolio_form.book(portfolio, "de", NOW, {})
    return book, render(build(book))


@pytest.mark.proof
def test_a_large_portfolio_is_written_in_blocks(memory_excel, books, tmp_path, monkeypatch):
    (_, before), (book, data) = books
    path = tmp_path / "Portfolio.xlsx"
    path.write_bytes(before)
    opened = memory_excel.app.books.open(str(path))
    accounts = sheet(opened, "accounts")
    ids = [row for row in accounts.range("A7:A2100").value if row]
    beside = accounts.used_range.last_cell.column + 1
    noted = {account: f"note {account}" for account in (ids[0], ids[-1], ids[1000])}
    for account, text in noted.items():
        accounts.range((cell_of(accounts, account, "id").row, beside)).value = text
    writes = []
    real = Range._enter

    def counted(self, entered):
        writes.append(len(self))
        real(self, entered)

    monkeypatch.setattr(Range, "_enter", counted)
    screen = OpenPortfolio(opened, tmp_path)
    assert screen.refresh(book, data), screen.why
    assert screen.lost == ()
    cells = sum(len(one.cells) for one in book.sheets)
    assert cells > 10 * MANY
    assert len(writes) < 5 * len(book.sheets)  # some blocks for each sheet, however many rows
    assert len([a for a in accounts.range("A7:A2100").value if a]) == MANY
    for account, text in noted.items():
        assert accounts.range((cell_of(accounts, account, "id").row, beside)).value == text
