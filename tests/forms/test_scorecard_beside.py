"""What a customer says where nothing is asked is carried along; our own words there are not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kamxl.core.records.register import Answers, CardOrder
from kamxl.core.records.remark import Remark
from kamxl.excel.reading.book import read as read_book
from kamxl.forms.paper.raw import RawBook, RawCell, RawKind, RawNote, RawSheet, place_of
from kamxl.forms.scorecard import reading
from kamxl.forms.scorecard.beside import MOST_REMARKS, MOST_SAID
from kamxl.forms.scorecard.ours import Ours, folded_text
from kamxl.forms.scorecard.reading import CardReading
from kamxl.forms.scorecard.recognised import is_ours
from kamxl.wording.texts import languages, texts
from tests.forms.cards import ORDERS, answers, filled, order

CARD = replace(order("de", 5, 3), feedback="Seit Juni melden wir Verspätungen.\nDanke dafür.")
TOLD = answers(CARD)
FILLED = read_book(filled(CARD, TOLD))
WORDS = "bitte rufen Sie mich an"


def typed(book: RawBook, title: str, *notes: RawNote, **cells: str) -> RawBook:
    """The book with texts in cells of a sheet, and notes on it; a new sheet if there is none."""
    added = {place_of(at): RawCell(RawKind.TEXT, said) for at, said in cells.items()}
    sheets = [
        replace(one, cells={**one.cells, **added}, notes=notes) if one.title == title else one
        for one in book.sheets
    ]
    if all(one.title != title for one in book.sheets):
        sheets.append(RawSheet(title, added, notes))
    return replace(book, sheets=tuple(sheets))


def read(book: RawBook, asked: CardOrder | None = CARD) -> tuple[CardReading, Answers]:
    found = reading.read(book, asked)
    assert found.answers is not None
    return found, found.answers


@pytest.mark.parametrize(
    ("sheet", "cell"),
    [
        ("Scorecard", "L11"),  # right of the table
        ("Scorecard", "K8"),  # beside its headers
        ("Scorecard", "B15"),  # over our heading of the free rows
        ("Scorecard", "D28"),  # beside her name
        ("Scorecard", "B40"),  # below it all
        ("Scorecard", "B5"),
        ("Start", "B30"),
        ("Ergebnis", "H3"),
        ("Wünsche", "F9"),
        ("Wünsche", "B40"),
        ("Notizen", "A1"),  # on a sheet of her own
    ],
)
def test_a_sentence_anywhere_is_hers_and_its_place_is_said(sheet: str, cell: str) -> None:
    found, told = read(typed(FILLED, sheet, **{cell: WORDS}))
    assert told.beside == (Remark(sheet, cell, WORDS),)
    assert [(f.code, f.sheet, f.cell, f.value) for f in found.findings] == [
        ("words-beside", sheet, cell, WORDS)
    ]
    assert replace(told, beside=()) == TOLD
    for language in languages():
        assert WORDS in texts(language).sentence(found.findings[0])


def test_notes_and_text_boxes_are_as_well() -> None:
    notes = (RawNote("viel besser seit März", 10, 4), RawNote("siehe Mail", box=True))
    found, told = read(typed(FILLED, "Scorecard", *notes))
    assert told.beside == (
        Remark("Scorecard", "D10", "viel besser seit März"),
        Remark("Scorecard", "", "siehe Mail"),
    )
    assert {f.code for f in found.findings} == {"words-beside"}


@pytest.mark.parametrize(
    "text", ["85", "k. A.", "-", "x", "2026-05-01", "Summe:", "kx1|abc", "Kommentar", "Rang"]
)
def test_what_says_nothing_or_is_ours_is_none(text: str) -> None:
    found, told = read(typed(FILLED, "Scorecard", L11=text))
    assert told.beside == ()
    assert {f.code for f in found.findings} <= {"supplier-unknown"}


def test_a_sentence_for_a_rating_is_said_once_and_carried_along() -> None:
    found, told = read(typed(FILLED, "Scorecard", D10="erst nach dem Umbau"))
    assert told.beside == (Remark("Scorecard", "D10", "erst nach dem Umbau"),)
    assert [(f.code, f.cell) for f in found.findings] == [("number-text", "D10")]


def test_many_are_said_together_and_a_list_of_hers_by_its_top() -> None:
    many = {f"L{row}": f"Bemerkung Nr. {row}" for row in range(1, 60)}
    found, told = read(typed(FILLED, "Scorecard", **many))
    assert len(told.beside) == MOST_REMARKS
    assert [f.code for f in found.findings] == ["words-beside"] * (MOST_SAID + 1)
    assert dict(found.findings[-1].details) == {"more": 59 - MOST_SAID}
    prices = {f"{c}{row}": f"Artikel {c}{row}" for row in range(1, 40) for c in "ABC"}
    _, told = read(typed(FILLED, "Preise", **prices))
    assert len(told.beside) == 1
    assert told.beside[0].text.startswith("Artikel A1 · Artikel B1")


def test_a_card_with_nothing_but_such_words_is_not_empty() -> None:
    blank = read_book(filled(CARD))
    assert "empty-card" in {f.code for f in reading.read(blank, CARD).findings}
    found, told = read(typed(blank, "Start", B30=WORDS))
    assert not told.empty
    assert "empty-card" not in {f.code for f in found.findings}


@pytest.mark.parametrize("name", ORDERS)
@pytest.mark.parametrize("known", [True, False], ids=["with record", "without"])
def test_nothing_of_ours_is_hers_even_where_formulas_became_texts(name: str, known: bool) -> None:
    asked = ORDERS[name]
    book = read_book(filled(asked, answers(asked, 2)))
    flat = [
        replace(one, cells={at: replace(c, formula=False) for at, c in one.cells.items()})
        for one in book.sheets
    ]
    found, told = read(replace(book, sheets=tuple(flat)), asked if known else None)
    assert (told.beside, found.findings) == ((), ())


EARLIER = (
    "Noch zu verteilen (%)",
    "Verteilen Sie im Blatt „Scorecard“ 100 % auf die Anforderungen: viel auf das, was für Sie"
    " wichtig ist. Fehlt eine Anforderung, ergänzen Sie sie in den freien Zeilen.",
    "Schreiben Sie im Blatt „Wünsche“ auf, was Sie stört. Dann speichern und die Datei an"
    " jana.koehler@heller.example zurücksenden, bitte bis 15.12.2026.",
    "Bewerten  →",
    "Who rated?",
    "Borel Systèmes SA: Wir liegen vorn, verglichen über 85 % der Gewichte.",
    "Jana Köhler  ·  Heller Automation",
    "0 = Preis; 100 = Heller Automation",
)


@pytest.mark.parametrize("text", EARLIER)
def test_what_cards_of_earlier_versions_said_is_ours(text: str) -> None:
    assert folded_text(text) in Ours(CARD)


@pytest.mark.parametrize(
    "text",
    [
        "Das ist zu viel",  # beside "20 zu viel"
        "Guten Tag Frau Köhler, ich melde mich",
        "Krones AG: Wir liegen vorn, verglichen über 85 % der Gewichte.",
        "noch ein Wort zu vergeben",
        "Preis ist Verhandlungssache",
        "Danke",
    ],
)
def test_what_only_resembles_our_texts_is_hers(text: str) -> None:
    assert folded_text(text) not in Ours(CARD)


# -- a card without its mark -------------------------------------------------------------------


def sheet_of(*rows: tuple[str | float, ...], names: tuple[str, ...] = ()) -> RawBook:
    cells = {
        (r, c): RawCell(RawKind.TEXT, said)
        if isinstance(said, str)
        else RawCell(RawKind.NUMBER, str(said), said)
        for r, row in enumerate(rows, 1)
        for c, said in enumerate(row, 1)
    }
    return RawBook((RawSheet("Tabelle1", cells),), dict.fromkeys(names, "#REF!"))


LABELS = tuple(r.label for r in CARD.requirements)
GOOD = texts("de")("scorecard.table.good")


@pytest.mark.parametrize(
    "book",
    [
        sheet_of(("a", "b"), names=("kx_weight", "kx_us")),
        sheet_of(("ID", "Anforderung", "Gewicht in %", "Wir", "Lücke (Punkte)", GOOD)),
        sheet_of(("Requirement", "Weight in %", "Us", "Rival", "Points open", "Comment")),
        sheet_of(("label", "weight", "us", "BOREL", "gap", "comment")),
        sheet_of((":sum", "x", 100.0), (":total", "y", 55.0)),
        sheet_of(*((label, 20.0, 80.0) for label in LABELS)),
        sheet_of(*((label.upper(), 20.0) for label in LABELS[:3])),
        sheet_of(*((texts("en")(f"scorecard.result.picture_{n}"),) for n in (1, 2))),
    ],
    ids=["names", "headers", "earlier headers", "keys", "row ids", "labels", "half", "sentences"],
)
def test_a_workbook_with_something_of_ours_is_a_card(book: RawBook) -> None:
    assert is_ours(book, (CARD,))


@pytest.mark.parametrize(
    "book",
    [
        sheet_of(("Name", "Gewicht", "Datum", "Rang"), ("Kiste", 5.0, "heute", 1.0)),
        sheet_of(("ID", "Anforderung", "Gewicht in %"), (1.0, "Preis", 50.0)),
        sheet_of(("ID", "Requirement", "Comment", "Name", "Date", "Role")),
        sheet_of(("id", "label", "weight", "comment", "rating")),
        sheet_of(("Kriterium", "Gewicht (%)", "Rang", "Wir", "Ergebnis", "Differenz")),
        sheet_of(("Preis", 5.0), ("Menge", 7.0), (LABELS[0], 1.0)),
        sheet_of(*((f"x{n}", *LABELS) for n in range(2))),  # beside one another: no list of ours
        sheet_of(("a",), names=("kx_area",)),
        sheet_of(),
    ],
)
def test_ordinary_words_make_no_card(book: RawBook) -> None:
    assert not is_ours(book, (CARD,))
