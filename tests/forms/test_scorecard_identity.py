"""Which row and which column is whose, after people sorted, cleared, pasted and renamed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from kamxl.core.finding import Severity
from kamxl.core.records.register import Answers, CardOrder, Competitor
from kamxl.forms.paper.raw import RawBook, RawCell, RawKind, RawSheet, a1, place_of
from kamxl.forms.scorecard import reading
from kamxl.forms.scorecard.headers import Named, named
from kamxl.forms.scorecard.reading import CardReading
from kamxl.wording.texts import texts
from tests.forms.cards import answers, filled, order, read_book

# Five requirements in rows 10 to 14, our heading in 15, free rows to 20, sums in 21; label in B,
# weight in C, our ratings in D, three rivals in E to G.
CARD = order("en", 5, 3)
PLAIN = order("en", 5, 1)
SCALED = replace(  # with a column of scales in C, and all others one further right
    PLAIN,
    requirements=tuple(replace(r, anchors=(f"bad {r.id}", "", "")) for r in PLAIN.requirements),
)
TOLD = answers(CARD)
Cells = dict[str, str | float | None]


def _book(asked: CardOrder, told: Answers) -> RawBook:
    return read_book(filled(asked, told))


FILLED, FILLED_SCALED = _book(CARD, TOLD), _book(SCALED, answers(SCALED))


def cell(value: str | float) -> RawCell:
    if isinstance(value, str):
        return RawCell(RawKind.TEXT, value)
    return RawCell(RawKind.NUMBER, f"{value:g}", float(value))


def with_cells(book: RawBook, change: Callable[[dict[str, Any]], Cells]) -> RawBook:
    """The book after a change of its table: cells by address, None takes one away."""
    sheets = []
    for sheet in book.sheets:
        cells = dict(sheet.cells)
        if sheet.title == "Scorecard":
            for at, value in change({a1(*place): one for place, one in cells.items()}).items():
                cells.pop(place_of(at), None)
                if value is not None:
                    cells[place_of(at)] = value if isinstance(value, RawCell) else cell(value)
        sheets.append(RawSheet(sheet.title, cells, sheet.notes))
    return RawBook(tuple(sheets), book.names, book.modified, book.flags)


def moved(columns: str, order_: tuple[int, ...]) -> Callable[[dict[str, Any]], Cells]:
    """The rows 10, 11, ... of these columns in another order."""

    def change(cells: dict[str, Any]) -> Cells:
        return {
            f"{c}{10 + to}": cells.get(f"{c}{of}") for to, of in enumerate(order_) for c in columns
        }

    return change


def typed(**cells: str | float | None) -> Callable[[dict[str, Any]], Cells]:
    return lambda _: dict(cells)


def down(column: str, first: int, last: int) -> Callable[[dict[str, Any]], Cells]:
    """Cells inserted at ``first``: all to ``last`` stand a row lower."""

    def change(cells: dict[str, Any]) -> Cells:
        below = {f"{column}{row + 1}": cells.get(f"{column}{row}") for row in range(first, last)}
        return {f"{column}{first}": None, **below}

    return change


def up(column: str, first: int, last: int) -> Callable[[dict[str, Any]], Cells]:
    def change(cells: dict[str, Any]) -> Cells:
        above = {f"{column}{row}": cells.get(f"{column}{row + 1}") for row in range(first, last)}
        return {**above, f"{column}{last}": None}

    return change


def read(change: Callable[[dict[str, Any]], Cells], asked: CardOrder = CARD) -> CardReading:
    return reading.read(with_cells(FILLED if asked is CARD else FILLED_SCALED, change), asked)


def said(found: CardReading) -> list[tuple[str, str | None]]:
    return [(one.code, one.cell) for one in found.findings]


SORTED = (12, 14, 10, 13, 11)
HEADING = (12, 14, 15, 13, 11, 10)  # our heading sorted among them


@pytest.mark.parametrize("rows", [SORTED, HEADING], ids=["requirements", "with our heading"])
def test_rows_sorted_without_their_ids_are_those_of_their_labels(rows: tuple[int, ...]) -> None:
    found = read(moved("BCDEFGHIJ", rows))
    assert found.answers == TOLD
    assert [code for code, _ in said(found)] == ["rows-by-label"]


def test_ids_sorted_alone_do_no_harm() -> None:
    found = read(moved("A", SORTED))
    assert found.answers == TOLD
    assert [code for code, _ in said(found)] == ["rows-by-label"]


def test_labels_sorted_alone_wait_where_the_scales_still_go_with_the_ids() -> None:
    alone = read(moved("B", SORTED), SCALED)
    assert [code for code, _ in said(alone)] == ["label-contradicts"]
    # sorted with their labels, the scales are witnesses for them
    assert [code for code, _ in said(read(moved("BCDEFGH", SORTED), SCALED))] == ["rows-by-label"]


@pytest.mark.parametrize(
    "change",
    [
        typed(B11="Price"),  # it stands twice now, and one is gone
        lambda cells: {**moved("BCDEFGHIJ", SORTED)(cells), "B12": "My own words"},
    ],
    ids=["twice", "sorted and reworded"],
)
def test_labels_that_contradict_otherwise_wait_and_it_is_said_once(change: Any) -> None:
    found = read(change)
    assert [code for code, _ in said(found)] == ["label-contradicts"]
    assert found.findings[0].severity is Severity.ERROR


def test_a_slip_in_a_label_is_no_contradiction() -> None:
    found = read(typed(B12="Prices"))
    assert said(found) == [("label-changed", "B12")]
    assert found.answers == TOLD


@pytest.mark.parametrize(
    "ids",
    [
        {f"A{row}": None for row in range(9, 40)},
        {f"A{10 + n}": float(n + 1) for n in range(20)},
        {f"A{10 + n}": "R01" for n in range(5)},
        {f"A{10 + n}": f"REQ{n}" for n in range(5)},
        {"A11": "X99"},
    ],
    ids=["cleared", "numbered", "filled down", "of her own", "one"],
)
def test_without_ids_the_labels_tell_and_our_own_rows_are_none_of_hers(ids: Cells) -> None:
    found = read(lambda _: ids)
    assert found.answers == TOLD
    assert [code for code, _ in said(found)] == ["rows-by-label"]


def test_without_ids_and_labels_the_card_waits_and_it_is_said_once() -> None:
    gone = {f"A{row}": None for row in range(10, 15)}
    for word in (None, "Neu"):
        labels = {f"B{row}": word and f"{word} {row}" for row in range(10, 15)}
        found = read(lambda _, labels=labels: gone | labels)
        assert said(found) == [("rows-unknown", "B9")]
        assert found.answers is not None
        assert len(found.answers.scorecard.requirements) == 5
        assert set(found.answers.scorecard.ratings["us"].values()) == {None}


def test_a_slip_is_understood_without_ids_as_well() -> None:
    found = read(lambda _: {**{f"A{row}": None for row in range(9, 40)}, "B12": "Prices"})
    assert found.answers == TOLD
    assert [code for code, _ in said(found)] == ["rows-by-label", "label-changed"]


def test_without_ids_and_keys_labels_and_headers_are_enough() -> None:
    gone: Cells = {f"{column}9": None for column in "ABCDEFGHIJ"}
    book = with_cells(FILLED, lambda _: gone | {f"A{row}": None for row in range(8, 40)})
    found = reading.read(RawBook(book.sheets), CARD)
    assert found.answers == TOLD


def test_ids_and_labels_that_slipped_from_their_values_wait() -> None:
    slipped = read(lambda cells: {k: v for c in "AB" for k, v in down(c, 12, 15)(cells).items()})
    assert [code for code, _ in said(slipped)].count("rows-shifted") == 1
    # a row of her own without words, while one rival's last cell is blank, is only asked about
    table = with_cells(FILLED, lambda cells: {"E14": None})
    rows = range(12, 36)

    def inserted(cells: dict[str, Any]) -> Cells:
        lower = {f"{c}{row + 1}": cells.get(f"{c}{row}") for row in rows for c in "ABCDEFGHIJ"}
        blank: Cells = dict.fromkeys((f"{c}12" for c in "ABCDEFGHIJ"), None)
        return {**lower, **blank, "C12": 0.0, "D12": 70.0, "E12": 60.0}

    found = reading.read(with_cells(table, inserted), CARD)
    assert [f.code for f in found.findings] == ["label-missing"]


def test_what_is_called_like_a_row_of_ours_may_be_hers() -> None:
    """In a free row, with its id, "Rank" is what she says."""
    found = read(typed(B16="Rank", C16=0.0, D16=40.0))
    assert found.findings == ()
    assert found.answers is not None
    assert found.answers.scorecard.requirements[-1].label == "Rank"


# -- values that slipped -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        down("D", 12, 25),
        down("D", 12, 15),
        lambda cells: {**down("D", 12, 25)(cells), "D12": 50.0},
        up("D", 11, 25),
        down("C", 12, 15),
    ],
    ids=["with the results", "values alone", "filled again", "deleted upwards", "weights"],
)
def test_values_that_slipped_wait(change: Any) -> None:
    codes = [code for code, _ in said(read(change))]
    assert codes.count("rows-shifted") == 1
    assert "requirement-inserted" not in codes


def test_a_rival_that_slipped_is_left_out_alone() -> None:
    found = read(down("E", 12, 25))
    assert said(found) == [("column-shifted", "E15")]
    assert found.answers is not None
    assert set(found.answers.scorecard.ratings["C1"].values()) == {None}
    assert found.answers.scorecard.ratings["us"] == TOLD.scorecard.ratings["us"]


def test_all_columns_that_slipped_are_one_sentence() -> None:
    found = read(lambda cells: {k: v for c in "CDEFG" for k, v in down(c, 12, 15)(cells).items()})
    assert [code for code, _ in said(found)].count("rows-shifted") == 1
    assert "column-shifted" not in {code for code, _ in said(found)}


@pytest.mark.parametrize(
    "change",
    [
        typed(C15=100.0),
        typed(D21=331.0, E12=None),
        typed(B16="Spares", C16=0.0, D16=55.0),
        typed(E12=None),
    ],
    ids=["her sum by our heading", "her sum below", "an own requirement", "a blank"],
)
def test_what_only_looks_like_a_slip_is_none(change: Any) -> None:
    assert sum(TOLD.scorecard.ratings["us"].values()) == 331
    codes = {code for code, _ in said(read(change))}
    assert not codes & {"rows-shifted", "column-shifted"}


# -- whose column it is ------------------------------------------------------------------------


def test_names_that_changed_places_count_as_they_stand_and_it_is_said() -> None:
    found = read(typed(E8="Quandt & Reuter KG", F8="Borel Systèmes SA"))
    assert said(found) == [("columns-by-header", "E8")]
    assert found.answers is not None
    rated = found.answers.scorecard.ratings
    assert rated["C1"] == TOLD.scorecard.ratings["C2"]
    assert rated["C2"] == TOLD.scorecard.ratings["C1"]


@pytest.mark.parametrize("seen", ["Krones AG", "Quandt & Reuter KG", "Heller Automation"])
def test_another_name_is_another_rival(seen: str) -> None:
    found = read(typed(E8=seen))
    assert said(found) == [("supplier-renamed", "E8")]
    assert found.answers is not None
    assert set(found.answers.scorecard.ratings["C1"].values()) == {None}
    assert found.answers.scorecard.ratings["C2"] == TOLD.scorecard.ratings["C2"]


def test_another_name_over_our_own_column_waits() -> None:
    assert said(read(typed(D8="Krones AG"))) == [("header-contradicts", "D8")]
    swapped = read(typed(D8="Borel Systèmes SA", E8="Heller Automation"))
    assert {code for code, _ in said(swapped)} == {"header-contradicts", "supplier-renamed"}


def test_whom_she_calls_the_best_alternative_is_that_one() -> None:
    asked = order("en", 3, named=False)
    told = answers(asked)
    book = with_cells(_book(asked, told), typed(E8="Krones AG"))
    found = reading.read(book, asked)
    assert found.answers == told
    assert [f.code for f in found.findings] == ["label-changed"]


BOREL = Competitor("BOREL", "Borel Systeme")
US = Competitor("us", "Velmora Systems")


@pytest.mark.parametrize(
    ("seen", "supplier", "meant"),
    [
        ("Borel", BOREL, Named.SAME),
        ("BOREL SYSTÈME", BOREL, Named.SAME),
        ("Borel Systeme GmbH & Co. KG", BOREL, Named.SAME),
        ("Fa. Borel Systeme", BOREL, Named.SAME),
        ("Fa. Borel", BOREL, Named.SAME),
        ("Bisheriger Lieferant", BOREL, Named.SAME),
        ("Beste Alternative", BOREL, Named.SAME),
        ("Borel Syst.", BOREL, Named.SAME),
        ("borel", BOREL, Named.SAME),
        ("BS", BOREL, Named.SAME),
        ("Borell Systeme", BOREL, Named.NEARLY),
        ("Borel Anlagenbau", BOREL, Named.NEARLY),
        ("Lieferant 1", BOREL, Named.SAME),
        ("Supplier B", BOREL, Named.SAME),
        ("?", BOREL, Named.SAME),
        ("XXX", BOREL, Named.SAME),
        ("Quintal GmbH", BOREL, Named.OTHER),
        ("Systecon", BOREL, Named.OTHER),
        ("Sie", US, Named.SAME),
        ("Ihr Unternehmen", US, Named.SAME),
        ("Velmora Group", US, Named.NEARLY),
        ("Quintal GmbH", US, Named.OTHER),
        ("Sie", BOREL, Named.OTHER),
    ],
)
def test_who_is_named(seen: str, supplier: Competitor, meant: Named) -> None:
    assert named(seen, supplier) is meant


def test_without_headers_and_keys_what_stands_above_names_nobody() -> None:
    gone = {f"{column}{row}": None for row in (8, 9) for column in "ABCDEFGHIJ"}
    book = with_cells(FILLED, lambda _: {**gone, "D8": "0 of 5 answered", "E8": "optional"})
    found = reading.read(book, CARD)
    assert found.answers == TOLD
    assert said(found) == []


def test_the_sentences_name_what_stands_there() -> None:
    found = read(down("E", 12, 25)).findings[0]
    assert "Borel Systèmes SA" in texts("de").sentence(found)
    assert "E15" in texts("en").sentence(found)
