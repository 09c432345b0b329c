"""Our reply page, on a card and alone: what is drawn, what is read back, what does no harm."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from kamxl.core.cards.shown import shown_card
from kamxl.core.finding import CODES
from kamxl.core.records.page import (
    Asks,
    BenefitAnswer,
    Fit,
    Outcome,
    PageAnswers,
    ReplyPage,
    RowAnswer,
    Seen,
    StatementAnswer,
    View,
)
from kamxl.core.records.register import CardOrder
from kamxl.excel.proof.layout import odd, sayings
from kamxl.excel.proof.workbook import Proof
from kamxl.excel.reading.book import read as read_book
from kamxl.excel.writing.draw import build
from kamxl.forms.paper.book import Slot
from kamxl.forms.paper.raw import RawBook
from kamxl.forms.reply.grid import SECTIONS, PageGrid, size_of_page
from kamxl.forms.reply.reading import read as read_page
from kamxl.forms.scorecard import book as scorecard
from kamxl.forms.scorecard import slots, words
from kamxl.forms.scorecard.grid import size_of
from kamxl.forms.scorecard.reading import CardReading
from kamxl.wording.texts import texts
from tests.forms import cards, replies
from tests.forms.cards import LANGUAGES, MARK, edited, filled, reading
from tests.forms.replies import SAID, order, page, told
from tests.proof import need, recalc, semantics, validate
from tests.proof.printed import missing, printed, too_small
from tests.proof.saving import by_libreoffice

WHERE = (True, False)  # alone, or on a card
SIZES = {
    "all": page(),
    "longest": replies.longest(),
    "one row": page(rows=replies.ROWS[1:2], benefits=(), statements=(), programmes=()),
    "benefits": page(rows=(), statements=(), programmes=()),
    "empty": ReplyPage(replies.CHAIN, "2026-H1"),
}


def values(asked: CardOrder) -> dict[str, Any]:
    return scorecard.values(shown_card(asked), MARK)


def title(asked: CardOrder) -> str:
    return texts(asked.language)("scorecard.reply.sheet")


def place(asked: CardOrder, section: str, key: str, line: int = 0) -> tuple[int, int]:
    """Where a cell of the page stands."""
    grid = PageGrid(size_of_page(asked.page, alone=asked.asks is Asks.REPLY))
    one = next(s for s in SECTIONS if s.name == section)
    return grid.lines(one)[line], dict(grid.headed(one))[key]


def typed(asked: CardOrder, *cells: tuple[str, str, int, Any], said: PageAnswers | None = None):
    """What is read where somebody typed into cells of the page: (section, key, line, value)."""

    def edit(book: Any) -> None:
        sheet = book[title(asked)]
        for section, key, line, value in cells:
            sheet.cell(*place(asked, section, key, line)).value = value

    given = told(asked, said) if said else None
    return reading(edited(filled(asked, given), edit), asked)


# --- there and back --------------------------------------------------------------------------


@pytest.mark.parametrize("alone", WHERE)
@pytest.mark.parametrize("language", LANGUAGES)
def test_there_and_back(language: str, alone: bool) -> None:
    asked = order(language, page(), alone=alone)
    given = told(asked)
    read = reading(filled(asked, given), asked)
    assert read.answers == given
    assert read.findings == ()
    raw = read_book(filled(asked, given))
    assert read_page(raw, asked) == (SAID, ())
    assert read_page(raw, None) == read_page(raw, replace(asked, page=None)) == (PageAnswers(), ())


@pytest.mark.parametrize("alone", WHERE)
@pytest.mark.parametrize("name", SIZES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_size_says_all_and_nothing_comes_back_of_it(
    language: str, name: str, alone: bool
) -> None:
    asked = order(language, SIZES[name], alone=alone)
    layout = build(scorecard.book(language, size_of(asked)))
    data = filled(asked)
    assert odd(layout) is None
    assert words.strange(sayings(layout)) is None
    assert Proof(layout).doubt(data, slots.slots(shown_card(asked), MARK)) is None
    read = reading(data, asked)
    if alone and name == "empty":
        assert [f.code for f in read.findings] == ["table-missing"]
        return
    assert read.answers is not None
    assert read.answers.page.empty
    assert read.answers.beside == ()
    assert [f.code for f in read.findings] == ["empty-card"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_cut_off(language: str) -> None:
    """Every row is as high as its text, and no higher than Excel lets one be."""
    asked = order(language, replies.longest(), alone=True)
    sheet = openpyxl.load_workbook(io.BytesIO(filled(asked)))[title(asked)]
    grid = PageGrid(size_of_page(asked.page, alone=True))
    for section in SECTIONS:
        for line in grid.lines(section):
            assert 180 < sheet.row_dimensions[line].height <= 400, section.name
    shown = {str(cell.value) for row in sheet for cell in row if cell.value}
    assert sum(replies.LONG in text for text in shown) >= 1
    assert sheet.page_setup.scale >= 80  # of ten points, eight


def test_the_same_order_is_the_same_bytes() -> None:
    for alone in WHERE:
        asked = order("de", page(), alone=alone)
        assert filled(asked) == filled(asked)
        assert filled(asked) != filled(replace(asked, page=page(rows=replies.ROWS[:2])))


def test_a_card_without_a_page_is_what_it_was() -> None:
    asked = order("de", None, alone=False)
    book = scorecard.book("de", size_of(asked))
    assert [sheet.key for sheet in book.sheets] == ["start", "table", "profile", "result", "wishes"]
    assert size_of(asked).page is None
    assert (4, 2) not in book.sheet("start").cells  # the line that leads to the page
    assert not [key for key in values(asked) if key.startswith(("reply.", "rows.", "benefits."))]


def test_start_leads_to_the_page() -> None:
    for language in LANGUAGES:
        asked = order(language, page(), alone=False)
        book = scorecard.book(language, size_of(asked))
        assert book.sheets[1].key == "reply"
        assert book.sheet("start").cells[4, 2].link == f"'{title(asked)}'!A1"


def test_only_what_she_fills_in_is_unlocked() -> None:
    for alone in WHERE:
        asked = order("en", page(), alone=alone)
        sheet = openpyxl.load_workbook(io.BytesIO(filled(asked)))[title(asked)]
        assert sheet.protection.sheet
        assert not sheet.protection.password
        found = {(c.row, c.column) for row in sheet for c in row if not c.protection.locked}
        grid = PageGrid(size_of_page(asked.page, alone=alone))
        asks = {
            (line, dict(grid.headed(one))[key])
            for one in SECTIONS
            for line in grid.lines(one)
            for key in one.inputs
        }
        person = {(grid.person(key), grid.column("more")) for key in ("name", "date")}
        assert found == asks | (person if alone else set())


def test_it_never_asks_why() -> None:
    """No text of the page asks her to justify anything, in either language."""
    for language in LANGUAGES:
        said = texts(language)
        every = " ".join(said.source(k) for k in said.keys("scorecard.reply")).casefold()
        assert not [
            w for w in ("warum", "weshalb", "begründ", "why", "reason", "justif") if w in every
        ]


def test_the_slots_of_the_proof_are_those_of_the_sheet() -> None:
    """Each slot of the drawn page has a value of either page of code, and they are the same."""
    for language in LANGUAGES:
        for asked in (
            order(language, one, alone=alone) for one in SIZES.values() for alone in WHERE
        ):
            book = scorecard.book(language, size_of(asked))
            drawn = {
                cell.content.key
                for cell in book.sheet("reply").cells.values()
                if isinstance(cell.content, Slot)
            }
            ours, stated = values(asked), slots.slots(shown_card(asked), MARK)
            assert {key: ours[key] for key in drawn} == {key: stated[key] for key in drawn}


# --- as people type --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "value", "means"),
    [
        (":fit", "ja", Fit.YES), (":fit", " YES ", Fit.YES), (":fit", "x", Fit.YES),
        (":fit", "Passt.", Fit.YES), (":fit", True, Fit.YES), (":fit", "später", Fit.LATER),
        (":fit", "nein", Fit.NO), (":fit", "?", None), (":fit", "k. A.", None),
        (":result", "erledigt", Outcome.SOLVED), (":result", "teils", Outcome.PARTLY),
        (":result", "nicht gelöst", Outcome.NOT), (":result", "no", Outcome.NOT),
    ],
)  # fmt: skip
def test_choices_in_other_words(key: str, value: Any, means: Any) -> None:
    read = typed(order("en", page(), alone=True), ("rows", key, 1, value))
    assert read.answers is not None
    field = "fit" if key == ":fit" else "result"
    given = [getattr(one, field) for one in read.answers.page.rows if one.id == "R05"]
    assert given == ([means] if means else [])
    assert {f.code for f in read.findings} <= {"empty-card"}


def test_each_choice_is_understood_in_both_languages() -> None:
    from kamxl.forms.reply.choices import CHOICES

    for choice in CHOICES.values():
        for code in choice.codes:
            assert {choice.code(choice.label(code, one)) for one in LANGUAGES} == {code}


@pytest.mark.parametrize(
    ("language", "value", "means"),
    [
        ("de", "12.500 €", 12500.0), ("en", "€12,500", 12500.0), ("de", 9000, 9000.0),
        ("de", "1,2 Mio. €", 1.2e6), ("en", "12k", 12000.0), ("de", "k. A.", None),
    ],
)  # fmt: skip
def test_amounts_as_people_write_them(language: str, value: Any, means: float | None) -> None:
    asked = order(language, page(), alone=True)
    read = typed(asked, ("benefits", ":amount", 0, value), ("benefits", ":seen", 0, "ok"))
    assert read.answers is not None
    assert read.answers.page.benefits == (BenefitAnswer("L1", Seen.CONFIRMED, means),)
    assert read.findings == ()


@pytest.mark.parametrize(
    ("section", "key", "value", "code"),
    [
        ("rows", ":fit", "vielleicht", "choice-unknown"),
        ("rows", ":result", 7, "choice-unknown"),
        ("benefits", ":amount", -5, "number-negative"),
        ("benefits", ":amount", "viel", "number-text"),
        ("statements", ":view", "ganz anders", "choice-unknown"),
        ("programmes", ":joint", "mal sehen", "choice-unknown"),
    ],
)
def test_what_cannot_be_understood_is_said_where_it_stands(
    section: str, key: str, value: Any, code: str
) -> None:
    asked = order("de", page(), alone=True)
    read = typed(asked, (section, key, 0, value), said=SAID)
    (found,) = read.findings
    cell = openpyxl.utils.get_column_letter(place(asked, section, key)[1])
    where = f"{cell}{place(asked, section, key)[0]}"
    assert (found.code, found.sheet, found.cell) == (code, title(asked), where)
    assert found.value == str(value)


def test_a_sentence_in_a_cell_for_a_click_stays_her_word() -> None:
    asked = order("de", page(), alone=True)
    read = typed(
        asked, ("rows", ":fit", 1, "ja, aber erst ab März"), ("statements", ":view", 0, "fast ganz")
    )
    assert read.answers is not None
    assert read.answers.page.rows == (RowAnswer("R05", None, None, "ja, aber erst ab März"),)
    assert read.answers.page.statements == (StatementAnswer("D1", None, "fast ganz"),)
    assert [f.code for f in read.findings] == ["choice-unknown"] * 2


def test_views_and_benefits_in_other_words() -> None:
    asked = order("en", page(), alone=True)
    read = typed(
        asked,
        ("statements", ":view", 0, "Stimmt"),
        ("statements", ":view", 1, "teilweise"),
        ("benefits", ":seen", 0, "zu früh"),
        ("benefits", ":seen", 1, "roughly"),
        ("programmes", ":joint", 1, "noch nicht"),
    )
    assert read.answers is not None
    said = read.answers.page
    assert [one.view for one in said.statements] == [View.RIGHT, View.PARTLY]
    assert [one.seen for one in said.benefits] == [Seen.TOO_EARLY, Seen.ROUGHLY]
    assert [(one.id, one.fit) for one in said.programmes] == [("P2", Fit.LATER)]


# --- what does no harm -----------------------------------------------------------------------

Change = Callable[[Any, CardOrder], None]


def _lines(asked: CardOrder, section: str = "rows") -> range:
    grid = PageGrid(size_of_page(asked.page, alone=asked.asks is Asks.REPLY))
    return grid.lines(next(s for s in SECTIONS if s.name == section))


def _sorted(book: Any, asked: CardOrder) -> None:
    sheet, lines = book[title(asked)], _lines(asked)
    rows = [[sheet.cell(row, c).value for c in range(1, 10)] for row in lines]
    for row, content in zip(lines, reversed(rows), strict=True):
        for column, value in enumerate(content, 1):
            sheet.cell(row, column).value = value


def _sorted_without_ids(book: Any, asked: CardOrder) -> None:
    sheet, lines = book[title(asked)], _lines(asked)
    ids = [sheet.cell(row, 1).value for row in lines]
    _sorted(book, asked)
    for row, id_ in zip(lines, ids, strict=True):
        sheet.cell(row, 1).value = id_


def _ids_gone(book: Any, asked: CardOrder) -> None:
    sheet = book[title(asked)]
    for row in range(2, sheet.max_row + 1):
        if not str(sheet.cell(row, 1).value or "").startswith(":"):
            sheet.cell(row, 1).value = None


def _keys_gone(book: Any, asked: CardOrder) -> None:
    sheet = book[title(asked)]
    for row in sheet:
        for cell in row:
            if str(cell.value or "").startswith(":") and cell.column > 1:
                cell.value = None


def _renamed(book: Any, asked: CardOrder) -> None:
    book[title(asked)].title = "Feedback (2)"


def _column_inserted(book: Any, asked: CardOrder) -> None:
    book[title(asked)].insert_cols(4)


def _row_inserted(book: Any, asked: CardOrder) -> None:
    book[title(asked)].insert_rows(_lines(asked)[1])


def _copied(book: Any, asked: CardOrder) -> None:
    book.copy_worksheet(book[title(asked)])


def _copied_empty(book: Any, asked: CardOrder) -> None:
    copy = book.copy_worksheet(book[title(asked)])
    for one in SECTIONS:
        for row in _lines(asked, one.name):
            for key in one.inputs:
                copy.cell(row, place(asked, one.name, key)[1]).value = None


@pytest.mark.parametrize("alone", WHERE)
@pytest.mark.parametrize(
    "change",
    [
        _sorted, _sorted_without_ids, _ids_gone, _keys_gone, _renamed, _column_inserted,
        _row_inserted, _copied, _copied_empty,
    ],
)  # fmt: skip
def test_it_does_no_harm(change: Change, alone: bool) -> None:
    asked = order("de", page(), alone=alone)
    data = edited(filled(asked, told(asked)), lambda book: change(book, asked))
    read = reading(data, asked)
    assert read.answers is not None
    assert read.answers.page == SAID
    assert not [f for f in read.findings if f.code.startswith(("page-", "table-", "choice-"))]
    assert read.answers.beside == ()


def test_a_page_of_another_language_is_read() -> None:
    """The record says de, the sheet is English: keys and ids tell all."""
    asked = order("en", page(), alone=True)
    read = reading(filled(asked, told(asked)), replace(asked, language="de"))
    assert read.answers is not None
    assert read.answers.page == SAID


def test_words_beside_are_hers() -> None:
    for alone in WHERE:
        asked = order("de", page(), alone=alone)

        def edit(book: Any, asked: CardOrder = asked) -> None:
            book[title(asked)].cell(3, 9).value = "Bitte ruft mich vorher an!"

        read = reading(edited(filled(asked, told(asked)), edit), asked)
        assert read.answers is not None
        assert [one.text for one in read.answers.beside] == ["Bitte ruft mich vorher an!"]
        assert read.answers.page == SAID


def test_what_she_writes_over_our_text_is_not_lost() -> None:
    asked = order("de", page(), alone=True)
    read = typed(asked, ("rows", ":doing", 0, "Das war so nicht abgemacht."), said=SAID)
    assert read.answers is not None
    assert [one.text for one in read.answers.beside] == ["Das war so nicht abgemacht."]


# --- what is no answer -----------------------------------------------------------------------


def _strange(book: Any, asked: CardOrder) -> None:
    sheet, row = book[title(asked)], _lines(asked)[3] + 1
    sheet.cell(row, 1).value = "R99"
    sheet.cell(row, place(asked, "rows", ":fit")[1]).value = "ja"


def _double(book: Any, asked: CardOrder) -> None:
    sheet, row = book[title(asked)], _lines(asked)[3] + 1
    sheet.cell(row, 1).value = "R03"
    sheet.cell(row, place(asked, "rows", ":fit")[1]).value = "nein"


def _two_pages(book: Any, asked: CardOrder) -> None:
    copy = book.copy_worksheet(book[title(asked)])
    copy.cell(*place(asked, "rows", ":fit")).value = "nein"


SHOWN = {
    "page-row-unknown": (_strange, "R99"),
    "page-row-double": (_double, "R03"),
    "table-duplicate": (_two_pages, None),
}


@pytest.mark.parametrize("code", SHOWN)
def test_what_is_no_line_of_ours_is_said(code: str) -> None:
    asked = order("de", page(), alone=True)
    change, value = SHOWN[code]
    read = reading(edited(filled(asked, told(asked)), lambda b: change(b, asked)), asked)
    (found,) = read.findings
    assert (found.code, found.severity) == (code, CODES[code])
    assert value in (None, found.value)
    assert read.answers is not None
    kept = replace(SAID, rows=()) if code == "table-duplicate" else SAID
    assert read.answers.page == kept
    for language in LANGUAGES:
        assert found.value in texts(language).sentence(found)


def test_a_foreign_page_says_nothing() -> None:
    """The lines of another customer's page are none of hers, whatever stands in them."""
    others = replace(replies.ROWS[0], id="X1", understood="Etwas anderes")
    foreign = order(
        "de", page(rows=(others,), benefits=(), statements=(), programmes=()), alone=True
    )
    given = PageAnswers((RowAnswer("X1", Fit.YES),))
    read = reading(filled(foreign, told(foreign, given)), order("de", page(), alone=True))
    assert read.answers is not None
    assert read.answers.page.empty
    assert "page-row-unknown" in [f.code for f in read.findings]


@pytest.mark.parametrize("alone", WHERE)
def test_nothing_that_was_typed_makes_a_rating(alone: bool) -> None:
    asked = order("de", page(), alone=alone)
    given = replace(told(asked), page=SAID)
    bare = reading(filled(asked, replace(given, page=PageAnswers())), asked)
    whole = reading(filled(asked, given), asked)
    assert bare.answers is not None
    assert whole.answers is not None
    assert whole.answers.scorecard == bare.answers.scorecard


def test_a_workbook_without_its_page() -> None:
    asked = order("de", page(), alone=True)
    assert reading(filled(cards.order()), asked) == CardReading(
        None, reading(filled(cards.order()), asked).findings
    )
    assert [f.code for f in reading(filled(cards.order()), asked).findings] == ["table-missing"]
    assert read_page(RawBook(()), asked) == (PageAnswers(), ())


# --- other programs --------------------------------------------------------------------------


def made(folder: Path) -> Iterator[tuple[CardOrder, Path]]:
    for language in LANGUAGES:
        for alone in WHERE:
            asked = order(language, page(), alone=alone)
            path = folder / f"{language}-{alone}.xlsx"
            path.write_bytes(filled(asked, told(asked)))
            yield asked, path


def test_no_lint(tmp_path: Path) -> None:
    assert {path: found for _, path in made(tmp_path) if (found := semantics.problems(path))} == {}


@pytest.mark.proof
def test_microsoft_finds_nothing(tmp_path: Path) -> None:
    need(validate.available())
    paths = [path for _, path in made(tmp_path)]
    assert {path: one for path, one in validate.problems_of(paths).items() if one} == {}


@pytest.mark.proof
def test_saved_again_by_libreoffice(tmp_path: Path) -> None:
    need([reason for reason in recalc.available() if "libreoffice" in reason])
    for asked, path in made(tmp_path):
        if asked.language == "de":
            out = tmp_path / path.stem
            out.mkdir()
            read = reading(by_libreoffice(path.read_bytes(), out), asked)
            assert read.answers == told(asked)
            assert read.findings == ()


@pytest.mark.proof
def test_everything_is_printed_and_nothing_too_small(tmp_path: Path) -> None:
    need([reason for reason in recalc.available() if "libreoffice" in reason])
    asked = order("de", replies.longest(), alone=True)
    paper = printed(filled(asked, told(asked)), tmp_path)
    ours = {1, PageGrid(size_of_page(asked.page, alone=True)).column("room")}
    cells = {
        title: [one for one in shown if one[1] not in ours] for title, shown in paper.cells.items()
    }
    paper = replace(paper, cells=cells)
    assert too_small(paper) == []
    assert missing(paper) == []
