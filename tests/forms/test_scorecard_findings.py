"""Every problem of a scorecard is said: with its code, sheet, cell and value, and all at once."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kamxl.core.finding import CODES, Finding
from kamxl.excel.reading.book import read as read_book
from kamxl.forms.paper.raw import RawBook
from kamxl.forms.scorecard import reading as scorecard_reading
from kamxl.wording.texts import languages, texts
from tests.forms import scorecard_faults as faults
from tests.forms.cards import answers, books, edited, filled, order, reading
from tests.forms.scorecard_faults import CARD, SHOWN, TABLE, every, found_in, on, text


@pytest.mark.parametrize("code", SHOWN)
def test_the_finding_names_its_place(code: str) -> None:
    found = [f for f in found_in(code) if f.code == code]
    assert tuple((f.sheet, f.cell, f.value) for f in found) == SHOWN[code].places
    assert {f.severity for f in found} == {CODES[code]}


def test_the_card_of_these_files_has_no_fault() -> None:
    read = reading(filled(CARD, answers(CARD)), CARD)
    assert read.findings == ()
    assert read.answers == answers(CARD)


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("code", SHOWN)
def test_it_is_said_in_every_language(code: str, language: str) -> None:
    for found in found_in(code):
        said = texts(language).sentence(found)
        assert len(said) > 20
        assert said.rstrip().endswith((".", "?"))
        assert "{" not in said


@pytest.mark.parametrize("language", languages())
def test_every_code_has_a_sentence_and_every_sentence_a_code(language: str) -> None:
    assert {key.removeprefix("findings.") for key in texts(language).keys("findings")} == set(CODES)


def test_all_are_said_at_once() -> None:
    edit = every(
        on("C10", 0.25), text("D10", "ca. 80"), on("E10", -1), on("F10", 850), on("G10", True),
        on("D11", None), on("C11", None), on("A12", "X99"), on("B12", "Else"), on("B13", "Other"),
        on("L8", "New"), on("L13", 5), on("B14", "boss", sheet="Start"),
        text("B15", "3/4/2026", "Start"),
        on("D14", "=1+1"),
        on("C9", 200, sheet="Wishes"), text("C23", "sehr", sheet="Wishes"),
    )  # fmt: skip
    found = reading(edited(filled(CARD, answers(CARD)), edit), CARD).findings
    assert {(f.code, f.cell) for f in found} == {
        ("weight-scale", "C10"), ("number-text", "D10"), ("number-negative", "E10"),
        ("number-range", "F10"), ("number-boolean", "G10"), ("rating-missing", "D11"),
        ("weight-missing", "C11"), ("requirement-missing", None), ("requirement-unknown", "A12"),
        ("label-changed", "B13"), ("supplier-unknown", "L8"), ("choice-unknown", "B14"),
        ("date-bad", "B15"), ("formula-no-value", "D14"), ("weights-sum", "C21"),
        ("number-range", "C9"), ("number-text", "C23"),
    }  # fmt: skip


# -- what people do ----------------------------------------------------------------------------


def codes(found: tuple[Finding, ...]) -> list[str]:
    return [f.code for f in found]


def test_what_cannot_be_understood_is_not_used() -> None:
    edit = every(text("D10", "ca. 80"), on("E10", 0.85), on("F10", 850), on("C11", 0.5))
    read = reading(edited(filled(CARD, answers(CARD)), edit), CARD).answers
    assert read is not None
    assert read.scorecard.rating("us", "R01") is None
    assert read.scorecard.rating("C1", "R01") is None
    assert read.scorecard.rating("C2", "R01") is None
    assert read.scorecard.requirements[1].weight is None
    assert read.scorecard.rating("us", "R02") == 64


def test_what_is_left_out_on_purpose_is_answered() -> None:
    edit = every(text("D10", "N/A"), text("D11", "weiss nicht"), text("E10", "…"), text("C12", "-"))
    read = reading(edited(filled(CARD, answers(CARD)), edit), CARD)
    assert read.answers is not None
    card = read.answers.scorecard
    assert (card.unrated, card.unweighted) == ({"R01", "R02"}, {"R03"})
    assert (card.rating("us", "R01"), card.rating("C1", "R01")) == (None, None)
    assert codes(read.findings) == ["weights-sum"]


def test_a_row_of_her_own_that_says_nothing_is_none() -> None:
    spare = 16
    dashes = (text(f"{column}{spare}", "-") for column in "BCDEI")
    edit = every(*dashes, text(f"D{spare + 1}", "k. A."))
    read = reading(edited(filled(CARD, answers(CARD)), edit), CARD)
    assert read.answers is not None
    assert len(read.answers.scorecard.requirements) == 5
    assert read.findings == ()


def test_half_a_percent_is_what_it_says_where_the_sum_is_100() -> None:
    edit = every(on("C10", 0.5), on("C14", 93.5))
    read = reading(edited(filled(CARD, answers(CARD)), edit), CARD)
    assert read.findings == ()
    assert read.answers is not None
    assert read.answers.scorecard.requirements[0].weight == 0.5


def test_weights_below_1_are_asked_about_one_by_one_while_most_are_missing() -> None:
    weights = (0.2, 0.2, None, None, None)  # all five are a doubt: see test_scorecard_scales
    edit = every(*(on(f"C{10 + i}", w) for i, w in enumerate(weights)))
    found = reading(edited(filled(CARD, answers(CARD)), edit), CARD).findings
    assert codes(found) == ["weight-scale"] * 2 + ["weights-none"]


def test_three_thirds_of_a_hundred_are_enough() -> None:
    asked = order("en", 3, 0)
    edit = every(*(on(f"C{10 + i}", 33.33) for i in range(3)))
    assert reading(edited(filled(asked, answers(asked)), edit), asked).findings == ()
    edit = every(*(on(f"C{10 + i}", 33.3) for i in range(3)))
    assert codes(reading(edited(filled(asked, answers(asked)), edit), asked).findings) == [
        "weights-sum"
    ]


def test_a_one_among_points_is_a_one() -> None:
    read = reading(edited(filled(CARD, answers(CARD)), on("D10", 1)), CARD)
    assert read.findings == ()
    assert read.answers is not None
    assert read.answers.scorecard.rating("us", "R01") == 1


@pytest.mark.parametrize("blank", ["n/a", "k. A.", "-", "#N/A", "keine Angabe"])
def test_a_deliberate_blank_is_no_finding(blank: str) -> None:
    edit = every(text("D10", blank), text("F11", blank), text("B15", blank, "Start"))
    read = reading(edited(filled(CARD, answers(CARD)), edit), CARD)
    assert read.findings == ()
    assert read.answers is not None
    assert read.answers.scorecard.rating("us", "R01") is None


def test_a_total_of_the_customers_own_is_no_requirement() -> None:
    def edit(book: object) -> None:
        sheet = book[TABLE]  # type: ignore[index]
        sheet.insert_rows(15)
        sheet["B15"].value, sheet["C15"].value, sheet["D15"].value = "Summe:", 100, 80

    read = reading(edited(filled(CARD, answers(CARD)), edit), CARD)
    assert [(f.code, f.cell, f.value) for f in read.findings] == [
        ("requirement-unknown", "B15", "Summe:")
    ]
    assert read.answers == answers(CARD)


@pytest.mark.parametrize("id_", ["R 99", "ü", "1)", "#"])
def test_a_row_with_any_id_but_ours_is_said(id_: str) -> None:
    edit = every(on("A11", id_), on("B11", "Colour of the system"))
    found = reading(edited(filled(CARD, answers(CARD)), edit), CARD).findings
    assert [(f.code, f.cell) for f in found] == [
        ("requirement-missing", None), ("requirement-unknown", "A11"), ("weights-sum", "C21"),
    ]  # fmt: skip


def test_numbers_below_the_sums_are_said() -> None:
    edit = every(on("B36", "Something else"), on("C36", 5), on("D36", 50))
    found = reading(edited(filled(CARD, answers(CARD)), edit), CARD).findings
    assert [(f.code, f.cell) for f in found] == [("requirement-unknown", "B36")]


def test_copies_that_differ_in_wishes_are_said() -> None:
    def edit(book: object) -> None:
        copy = book.copy_worksheet(book["Wishes"])  # type: ignore[attr-defined, index]
        copy.title = "Wishes 2"
        copy["B9"].value = "Something else"

    read = reading(edited(filled(CARD, answers(CARD)), edit), CARD)
    assert [(f.code, f.sheet) for f in read.findings] == [("table-duplicate", "Wishes 2")]
    assert read.answers is not None
    assert read.answers.wishes == ()
    assert read.answers.scorecard == answers(CARD).scorecard


def test_our_own_columns_that_stand_twice_and_differ_are_not_used() -> None:
    def edit(book: object) -> None:
        sheet = book[TABLE]  # type: ignore[index]
        for row in range(8, 15):
            sheet.cell(row, 12).value = sheet.cell(row, 3).value
        sheet["L10"].value = 50

    read = reading(edited(filled(CARD, answers(CARD)), edit), CARD)
    assert [(f.code, f.cell) for f in read.findings] == [("column-duplicate", "L9")]
    assert read.answers is not None
    assert all(r.weight is None for r in read.answers.scorecard.requirements)


def test_a_card_with_nothing_legible_is_not_called_empty() -> None:
    edit = every(SHOWN["empty-card"].edit, text("D10", "ca. 80"), text("B15", "soon", "Start"))
    found = reading(edited(filled(CARD, answers(CARD)), edit), CARD).findings
    assert codes(found) == ["number-text", "date-bad"]


# -- whatever a file holds -----------------------------------------------------------------------

BASE = read_book(filled(order("en", 3, 1), answers(order("en", 3, 1)))).sheets[1].cells


@pytest.mark.proof
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(books(dict(BASE)), st.booleans())
def test_nothing_raises(book: RawBook, with_record: bool) -> None:
    read = scorecard_reading.read(book, order("en", 3, 1) if with_record else None)
    for found in read.findings:
        assert texts("en").sentence(found)


@pytest.mark.proof
def test_the_largest_files_take_their_time_but_end() -> None:
    """Thousands of everything that could be counted twice: what was quadratic took minutes."""
    from kamxl.forms.paper.raw import RawCell, RawKind, RawSheet

    def cell(value: str) -> RawCell:
        number = float(value) if value.isdigit() else None
        return RawCell(RawKind.TEXT if number is None else RawKind.NUMBER, value, number)

    head = {(1, c): cell(t) for c, t in enumerate(("id", "label", "weight", "us", "comment"), 1)}
    tall = range(2, 6_000)
    wide = {(2, 1): cell("R01")} | {(2, c): cell("5") for c in range(6, 16_000)}
    wide |= {(r, 1): cell(f"R{r}") for r in range(3, 6_000)}
    sheets = [
        head | {(r, c): cell(t) for r in tall for c, t in ((2, "x"), (3, "1"), (4, "50"))},
        head | {(r, c): cell(t) for r in tall for c, t in ((1, "R01"), (3, "1"), (4, "50"))},
        head | {(r, c): cell(t) for r in tall for c, t in ((1, "own1"), (3, "1"), (4, "50"))},
        head | {(r, c): cell(t) for r in tall for c, t in ((1, f"X{r}"), (3, "1"), (4, "50"))},
        {(r, c): k for r in tall for (_, c), k in head.items()},
        head | wide,
        {(r, c): cell("us") for r in range(1, 13) for c in range(1, 16_000)} | head,
    ]
    start = process_time()
    for cells in sheets:
        read = scorecard_reading.read(RawBook((RawSheet("Scorecard", cells),)), order("en", 3, 1))
        assert len(read.findings) < 500
    assert process_time() - start < 60  # a guard against quadratic reading, not a measure


def test_these_files_show_all_that_a_scorecard_can_have() -> None:
    """The blocks of CODES about the table, typed values and the card as a whole."""
    names = list(CODES)
    about = names[names.index("table-missing") : names.index("sheet-missing")]
    # a card's numbers typed as text are understood; only formulas of the register are not
    assert set(SHOWN) == {*about, "empty-card"} - {"number-as-text", "scale-low"}
    assert faults.CARD.language == "en"
