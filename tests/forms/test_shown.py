"""Tables that are shown: all about a column comes from its declaration, and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from kamxl.forms.paper import idioms
from kamxl.forms.paper.book import Content, Formula, Sheet
from kamxl.forms.paper.parts import live
from kamxl.forms.paper.places import At, UnknownReferenceError
from kamxl.forms.tables.shown import Column, Live, Shown, ShownTable, laid_out, without
from kamxl.wording.texts import texts


@dataclass(frozen=True)
class Sale:
    """An amount of an account."""

    account: str
    price: float
    pieces: float

    def key(self) -> tuple[str] | None:
        return (self.account,) if self.account else None


class Made:
    """Amounts, and each account's sum of them."""

    def __init__(self, at: At) -> None:
        self.price, self.pieces, self.amount = at.own("price", "pieces", "amount")

    def total(self, sale: Sale, row: int) -> Content:
        return live(f"{self.price.here(row)}*{self.pieces.here(row)}", sale.price * sale.pieces)


SALES = (Sale("A", 2, 3), Sale("A", 4, 5), Sale("B", 6, 7), Sale("", 8, 9))
COLUMNS: tuple[Column[Sale, Made], ...] = (
    Shown("id", 9, lambda r: r.account, title="Account"),
    Shown("price", 9, lambda r: r.price, title="Price"),
    Shown("pieces", 9, lambda r: r.pieces, title="Pieces"),
    Live("amount", 9, Made.total, title="Amount"),
)


def sales(
    columns: Sequence[Column[Sale, Made]] = COLUMNS, records: Sequence[Sale] = SALES
) -> ShownTable[Sale, Made]:
    return ShownTable("sales", Sheet("sales", "Sales"), 6, columns, records, Made, "none", Sale.key)


@dataclass
class Sum:
    """What a table on another sheet asks for."""

    wanted: tuple[str, str] = ("sales", "amount")

    def table(self) -> ShownTable[str, Sum]:
        column: Live[Sum, str] = Live("sum", 9, Sum.content, title="Sum")
        return ShownTable("sums", Sheet("sums", "Sums"), 6, (column,), (), self.formulas, "none")

    def formulas(self, at: At) -> Sum:
        at.column(*self.wanted)
        return self

    def content(self, record: str, row: int) -> Content:
        return record


# --- references ----------------------------------------------------------------------------------


def test_a_reference_is_that_of_the_declared_column() -> None:
    at = laid_out("en", sales())
    amount = at.column("sales", "amount")
    assert amount.all() == "'Sales'!$D$7:$D$9"  # the last row is nobody's
    assert amount.of("A") == "'Sales'!$D$7:$D$8"
    assert amount.cell("B") == "'Sales'!$D$9"
    assert (amount.rows_of("A"), amount.has("B"), amount.has("C")) == (2, True, False)
    assert amount.some(1, 2) == "'Sales'!$D$8:$D$9"
    (found,) = at.lookups("sales", "price")
    ids, values = "'Sales'!$A$7:$A$10", "'Sales'!$B$7:$B$10"
    assert found.of("$A3") == f"INDEX({values},MATCH($A3,{ids},0),1)"


def test_a_reference_from_its_own_sheet_carries_no_name() -> None:
    table = sales()
    at = laid_out("en", table).inside("sales")
    price, amount = at.own("price", "amount")
    assert (price.here(8), amount.all()) == ("$B8", "$D$7:$D$9")
    run = at.run("pieces", "price")
    assert (run.across(8), run.above(3)) == ("$B8:$C8", "$B$3:$C$3")


def test_a_column_moved_in_its_declaration_moves_everywhere() -> None:
    table = sales(tuple(reversed(COLUMNS)))
    at = laid_out("en", table)
    assert at.column("sales", "amount").of("A") == "'Sales'!$A$7:$A$8"
    assert at.lookups("sales", "price")[0].of("$A3").startswith("INDEX('Sales'!$C$7")
    table.draw(texts("en"), "none")
    cells = table.sheet.cells
    assert [cells[5, n].content for n in range(1, 5)] == ["Amount", "Pieces", "Price", "Account"]
    assert [cells[6, n].content for n in range(1, 5)] == ["amount", "pieces", "price", "id"]
    assert cells[8, 1].content == Formula("$C8*$B8", 20)
    assert table.sheet.print_area == "A1:D10"


# --- what cannot be asked for --------------------------------------------------------------------


@pytest.mark.parametrize("records", [SALES, ()])
@pytest.mark.parametrize("wanted", [("sales", "amounts"), ("sale", "amount"), ("sums", "amount")])
def test_what_there_is_not_raises_where_the_book_is_built(
    records: Sequence[Sale], wanted: tuple[str, str]
) -> None:
    laid_out("en", sales(records=records), Sum().table())
    with pytest.raises(
        UnknownReferenceError, match=f"no (column {wanted[1]} in the )?table {wanted[0]}"
    ):
        laid_out("en", sales(records=records), Sum(wanted).table())


@pytest.mark.parametrize("records", [SALES, ()])
def test_an_own_column_that_is_gone_raises_there_too(records: Sequence[Sale]) -> None:
    with pytest.raises(UnknownReferenceError, match="no column pieces in the table sales"):
        laid_out("en", sales((*COLUMNS[:2], *COLUMNS[3:]), records))


def test_nothing_is_asked_for_while_rows_are_drawn() -> None:
    class Late(Made):
        def __init__(self, at: At) -> None:
            super().__init__(at)
            self.at = at

        def total(self, sale: Sale, row: int) -> Content:
            return live(self.at.own("price")[0].here(row), sale.price)

    columns: tuple[Column[Sale, Late], ...] = (
        *(column for column in COLUMNS[:3] if isinstance(column, Shown)),
        Live("amount", 9, Late.total, title="Amount"),
    )
    table = ShownTable("sales", Sheet("sales", "Sales"), 6, columns, SALES, Late, "none")
    laid_out("en", table)
    with pytest.raises(RuntimeError, match="too late"):
        table.draw(texts("en"), "none")


def test_a_column_of_another_sheet_has_no_cell_here() -> None:
    price = laid_out("en", sales()).column("sales", "price")
    with pytest.raises(ValueError, match="another sheet"):
        price.here(7)


def test_columns_that_are_apart_are_no_range() -> None:
    table = sales()
    at = laid_out("en", table).inside("sales")
    with pytest.raises(UnknownReferenceError, match="are apart"):
        at.run("price", "amount")
    with pytest.raises(UnknownReferenceError, match="are apart"):
        table.cells("id", "pieces")


def test_two_columns_of_one_key_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="two columns price"):
        sales((*COLUMNS, COLUMNS[1]))


def test_rows_of_one_account_stand_together() -> None:
    with pytest.raises(ValueError, match="are apart"):
        sales(records=(SALES[0], SALES[2], SALES[1]))


def test_values_are_looked_up_in_tables_with_an_id_only() -> None:
    with pytest.raises(UnknownReferenceError, match="no column id"):
        laid_out("en", sales(COLUMNS[1:])).lookups("sales", "price")


# --- drawing -------------------------------------------------------------------------------------


def test_without_records_it_says_so() -> None:
    table = sales(records=())
    at = laid_out("en", table)
    assert at.column("sales", "amount").all() == "'Sales'!$D$7:$D$7"
    table.draw(texts("en"), "nothing yet")
    assert table.sheet.cells[7, 1].content == "nothing yet"
    assert table.sheet.print_area == "A1:D7"
    assert idioms.sum_known(at.column("sales", "amount").all()).startswith("IF(COUNT(")


def test_a_row_is_as_high_as_its_longest_text() -> None:
    columns = (Shown[str]("text", 10, lambda r: r, title="Text"),)
    heights = []
    for said in ("short", "a few words more than fit", "long " * 2000):
        table = ShownTable("t", Sheet("t", "T"), 6, columns, (said,), without, "none")
        laid_out("en", table)
        table.draw(texts("en"), "none")
        heights.append(table.sheet.heights[7])
    assert heights[0] < 18 < heights[1] < heights[2] == 400
