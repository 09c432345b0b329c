"""A card asks little: what is left to give is said, what is voluntary is marked, her last answers
are shown and not read, her page is hers, and nothing that is typed is lost on the way."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kamxl.core.cards.shown import shown_card
from kamxl.core.records.register import Answers, LastAnswer, Requirement, Scorecard, Wish
from kamxl.core.roles import Role
from kamxl.excel.proof.workbook import Proof
from kamxl.excel.reading.book import read as read_book
from kamxl.excel.writing.draw import build, render
from kamxl.forms.paper.book import Content, Formula, Sheet, Slot
from kamxl.forms.paper.parts import fitted
from kamxl.forms.paper.raw import a1
from kamxl.forms.paper.style import INPUT, WHITE
from kamxl.forms.scorecard import book as scorecard
from kamxl.forms.scorecard import reading
from kamxl.forms.scorecard.filled import listed
from kamxl.forms.scorecard.grid import CardSize, ProfileGrid, StartGrid, TableGrid, size_of
from kamxl.forms.scorecard.left import said_left
from kamxl.forms.scorecard.rows import off
from kamxl.forms.scorecard.slots import slots
from kamxl.wording.texts import texts
from tests.forms.cards import LANGUAGES, MARK, answers, filled, order
from tests.proof import need
from tests.proof.saving import saved_by

SIZES = [CardSize(n, k, a, la) for n, k, a, la in (
    (3, 0, False, False), (8, 1, False, True), (12, 4, True, True), (20, 4, False, False),
    (40, 6, True, True),
)]  # fmt: skip


def sheet_of(size: CardSize, key: str = "table", language: str = "de") -> Sheet:
    return scorecard.book(language, size).sheet(key)


# --- what is left to give ---


@given(st.lists(st.floats(0, 100), min_size=1, max_size=12))
def test_the_words_say_what_the_core_says(weights: list[float]) -> None:
    """They say "fits" where the reader finds nothing, and else which way it is off."""
    for language in LANGUAGES:
        t, whole = texts(language), sum(weights)
        said = said_left(whole, t)
        key = "none" if not off(weights) else "some" if whole < 100 else "over"
        pattern = re.escape(t(f"scorecard.table.left_{key}", left="#")).replace(r"\#", "([0-9.,]+)")
        (match,) = re.finditer(f"^{pattern}$", said)
        if key != "none":
            point = "," if language == "de" else "."
            figure = Decimal(match[1].replace(point, "."))
            assert abs(figure - abs(100 - Decimal(repr(whole)))) <= Decimal("0.0051")


@pytest.mark.parametrize(
    ("whole", "said"),
    [(0, "noch 100 zu vergeben"), (85, "noch 15 zu vergeben"), (100, "passt: 100"),
     (112, "12 zu viel"), (87.5, "noch 12,5 zu vergeben"), (99.99, "passt: 100"),
     (99.95, "noch 0,05 zu vergeben"), (100.02, "0,02 zu viel")],
)  # fmt: skip
def test_the_words_as_people_read_them(whole: float, said: str) -> None:
    assert said_left(whole, texts("de")) == said


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_the_words_stand_in_view_right_above_the_weights_and_weights_come_first(
    size: CardSize,
) -> None:
    """On a screen of 1366 by 768 with Excel's own bars, at 100 %: 1300 by 470 points for cells."""
    grid, sheet = TableGrid(size), sheet_of(size)
    words = sheet.cells[grid.LIVE, grid.weight].content
    assert isinstance(words, Formula)
    assert words.value == Slot("left")
    assert sheet.freeze == a1(grid.FIRST, 3)
    assert grid.weight < grid.us < grid.gap < grid.comment
    frozen = sum(sheet.heights.get(row, 15) for row in range(1, grid.FIRST)) / 0.75
    rows = min(size.requirements, 8) * 22 / 0.75
    assert frozen + rows <= 470
    wide = sum(7 * sheet.widths[column] + 5 for column in range(1, grid.good + 1))
    assert wide <= 1300
    steps = [str(sheet.cells[grid.STEPS, c].content)[0] for c in (grid.weight, grid.us,
                                                                 grid.comment)]  # fmt: skip
    assert steps == ["1", "2", "3"]


# --- what must be filled in, and what may ---


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_only_weights_and_our_ratings_are_asked_for(size: CardSize, language: str) -> None:
    """Everything else that is open is white and called voluntary, in its header or above it."""
    word = texts(language)("scorecard.table.optional")
    book, grid = scorecard.book(language, size), TableGrid(size)
    yellow, white = set(), set()
    for sheet in book.sheets:
        for (row, column), cell in sheet.cells.items():
            if not cell.style.locked and (sheet.key != "table" or row != grid.HEADER):
                {INPUT: yellow, WHITE: white}[str(cell.style.fill)].add((sheet.key, row, column))
    asked = {("table", grid.row(i), c) for i in range(size.requirements)
             for c in (grid.weight, grid.us)}  # fmt: skip
    assert yellow == asked
    table = book.sheet("table")
    above = {
        grid.comment: table.cells[grid.HEADER, grid.comment],
        grid.good: table.cells[grid.HEADER, grid.good],
    }
    above |= dict.fromkeys(grid.suppliers[1:], table.cells.get((grid.LIVE, grid.first_rival)))
    for key, row, column in white:
        if key != "table":
            at = {"start": (StartGrid.WHO - 1, 1), "wishes": (2, 2)}[key]
            said: Content = book.sheet(key).cells[at].content
        elif row > grid.own_row:
            said = table.cells[grid.own_row, 2].content
        else:
            said = above[column].content
        assert word in str(said), (key, row, column)


@pytest.mark.parametrize(
    "seen", ["Lieferant A", "supplier 2", "Anbieter (anonym)", "A", "Vendor B1"]
)
def test_a_neutral_name_over_a_header_is_no_finding_and_the_column_stays(seen: str) -> None:
    asked = order("de", 3, 2)
    told = answers(asked)
    found = _with_header(asked, told, seen)
    assert found.answers == told
    assert found.findings == ()


@pytest.mark.parametrize("seen", ["Quandt & Reuter KG", "Heller Automation", "Krones", "A1"])
def test_somebody_elses_name_is_asked_about_as_ever(seen: str) -> None:
    asked = order("de", 3, 2)
    found = _with_header(asked, answers(asked), seen)
    assert [(f.code, f.value) for f in found.findings] == [("supplier-renamed", seen)]


def _with_header(asked, told: Answers, seen: str) -> reading.CardReading:  # type: ignore[no-untyped-def]
    values = scorecard.values(shown_card(asked), MARK, told) | {"name.c1": seen}
    data = render(build(scorecard.book(asked.language, size_of(asked))), values)
    return reading.read(read_book(data), asked)


@pytest.mark.parametrize(
    ("typed", "role"),
    [("Ich brauche die Leistung", Role.REQUIRER), ("ich kaufe sie ein", Role.PURCHASER),
     ("Beides", Role.BOTH), ("Both", Role.BOTH), ("I buy it", Role.PURCHASER),
     ("Bedarfsträger (ich brauche es)", Role.REQUIRER), ("Einkauf", Role.PURCHASER),
     ("Purchaser (I buy it)", Role.PURCHASER), ("Requirer", Role.REQUIRER)],
)  # fmt: skip
def test_roles_are_understood_in_todays_words_and_in_earlier_ones(typed: str, role: Role) -> None:
    asked = order("en", 3, 1)
    values = scorecard.values(shown_card(asked), MARK, answers(asked)) | {"who.role": typed}
    data = render(build(scorecard.book("en", size_of(asked))), values)
    found = reading.read(read_book(data), asked)
    assert found.answers is not None
    assert (found.answers.role, found.findings) == (role, ())


# --- her last answers ---

LAST = st.lists(st.tuples(st.none() | st.floats(0, 100), st.none() | st.floats(0, 100)),
                min_size=3, max_size=3)  # fmt: skip


@settings(max_examples=25)
@given(LAST)
def test_last_answers_are_shown_proven_and_never_read(said: list[tuple[float | None, ...]]) -> None:
    asked = order("en", 3, 2)
    last = tuple(
        LastAnswer(r.id, weight, rating)
        for r, (weight, rating) in zip(asked.requirements, said, strict=True)
    )
    asked = replace(asked, last_period="2026-H1", last=last)
    shown = shown_card(asked)
    layout = build(scorecard.book("en", size_of(asked)))
    data = render(layout, scorecard.values(shown, MARK))
    assert Proof(layout).doubt(data, slots(shown, MARK)) is None
    found = reading.read(read_book(data), asked)
    assert found.answers is not None
    assert found.answers.empty
    told = answers(asked)
    found = reading.read(read_book(filled(asked, told)), asked)
    assert (found.answers, found.findings) == (told, ())


# --- her page, and what she calls good ---


@pytest.mark.parametrize("language", LANGUAGES)
def test_her_page_speaks_of_no_supplier(language: str) -> None:
    size = CardSize(8, 3)
    sheet = sheet_of(size, "profile", language)
    said = " ".join(str(c.content) for c in sheet.cells.values() if isinstance(c.content, str))
    said += texts(language).source("scorecard.profile.footer")
    assert not re.search(
        r"\b(wir|uns\w*|we|us|our|supplier|Anbieter|Lieferant|company)\b", said, re.I
    )
    grid = ProfileGrid(size)
    slots_of = {c.content.value for c in sheet.cells.values() if isinstance(c.content, Formula)}
    assert Slot(f"profile.good.{size.rows - 1}") in slots_of
    assert sheet.footer == Slot("profile.footer")
    assert sheet.print_area == f"A1:F{grid.row(size.rows - 1)}"


@given(st.lists(st.none() | st.sampled_from([0.0, 5.0, 12.5, 40.0]), min_size=5, max_size=5))
def test_her_page_is_in_the_order_of_the_weights(weights: list[float | None]) -> None:
    asked = order("de", 5, 0)
    rows = tuple(Requirement(r.id, r.label, w)
                 for r, w in zip(asked.requirements, weights, strict=True))  # fmt: skip
    told = Answers(Scorecard(rows, {"us": {r.id: 50.0 for r in rows}}), good={"R02": "binnen 24 h"})
    found = scorecard.values(shown_card(asked), MARK, told)
    labels = [found[f"profile.label.{i}"] for i in range(5)]
    expected = sorted(rows, key=lambda r: -1.0 if r.weight is None else r.weight, reverse=True)
    by_weight = [r.weight for r in expected]
    assert [
        w if w != "" else None for w in (found[f"profile.weight.{i}"] for i in range(5))
    ] == by_weight
    tied = {w: [r.label for r in rows if r.weight == w] for w in by_weight}
    assert labels == [label for w in dict.fromkeys(by_weight) for label in tied[w]]
    good = {found[f"profile.label.{i}"]: found[f"profile.good.{i}"] for i in range(5)}
    assert good == {r.label: "binnen 24 h" if r.id == "R02" else "" for r in rows}


def test_what_she_calls_good_is_read_back_and_else_the_card_says_it() -> None:
    asked = order("de", 3, 1, anchors=True)
    told = replace(answers(asked), good={"R02": "Immer binnen 24 Stunden"})
    found = reading.read(read_book(filled(asked, told)), asked)
    assert (found.answers, found.findings) == (told, ())
    shown = scorecard.values(shown_card(asked), MARK, told)
    said = {shown[f"profile.label.{i}"]: shown[f"profile.good.{i}"] for i in range(3)}
    assert list(said.values()).count("fully in place") == 2
    assert said[asked.requirements[1].label] == "Immer binnen 24 Stunden"


def test_rows_in_use_are_listed_largest_first_ties_in_their_order() -> None:
    assert listed([1.0, -2, 3.0, 1.0, -1]) == [2, 0, 3, 4]


# --- nothing that is typed is cut off ---


def test_rows_are_as_high_as_what_stands_in_them_and_no_proof_lets_another_height_pass() -> None:
    asked = order("de", 3, 1)
    long = " ".join(["Ersatzteile kommen an jedem unserer Standorte binnen eines Tages."] * 6)
    told = replace(answers(asked, 1), comments={"R02": long}, good={"own1": long})
    layout = build(scorecard.book("de", size_of(asked)))
    values = scorecard.values(shown_card(asked), MARK, told)
    data = render(layout, values)
    assert Proof(layout).doubt(data, values) is None
    sheet, grid = sheet_of(size_of(asked)), TableGrid(size_of(asked))
    for row, column in ((grid.row(1), grid.comment), (grid.row(3), grid.good)):
        cell = sheet.cells[row, column]
        high = fitted([(long, sheet.widths[column], cell.style)], lambda one: one, 0)  # type: ignore[arg-type,return-value]
        assert high > 100
        assert row in sheet.fitting
    shorter = render(layout, values | {"comment.1": "kurz"})
    assert Proof(layout).doubt(shorter, values) is not None


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_no_type_is_smaller_than_eight_points_on_paper(size: CardSize) -> None:
    """As wide as LibreOffice prints a column, at the scale at which a page holds all of them."""
    for sheet in scorecard.book("de", size).sheets:
        assert sheet.pages_tall == 0
        last = re.fullmatch(r"[AB]1:([A-Z])\d+", str(sheet.print_area))[1]  # type: ignore[index]
        columns = [c for c in sheet.widths if ord(sheet.print_area[0]) - 64 <= c <= ord(last) - 64]  # type: ignore[index]
        wide = sum(5.25 * sheet.widths[c] + 3.75 for c in columns)
        scale = min(1.0, (768.0 if sheet.landscape else 521.0) / wide)
        sizes = {
            cell.style.size
            for (row, column), cell in sheet.cells.items()
            if column in columns and cell.content not in (None, "") and cell.style.size > 6
        }
        assert min(sizes) * scale >= 8, (sheet.key, sorted(sizes)[:2], scale)


KEYS = {"id", "label", "anchor", "weight", "us", "gap", "comment", ":good", ":last", "C1", "C2",
        "issue", "importance", "remedy", "question", "rating", "reason", ":sum", ":total",
        ":coverage", ":rank", ":name", ":function", ":role", ":date"}  # fmt: skip


@pytest.mark.proof
def test_on_paper_nothing_is_small_and_nothing_typed_is_missing(tmp_path: Path) -> None:
    """Only the mark and the keys, which are for machines, are smaller than eight points."""
    need([] if shutil.which("pdftohtml") else ["pdftohtml is missing (poppler-utils)"])
    asked = order("de", 8, 2, anchors=True)
    last = tuple(LastAnswer(r.id, 12.5, 60.0) for r in asked.requirements)
    asked = replace(asked, last_period="2026-H1", last=last)
    told = answers(asked, 1)
    parts = ("eigen", "komm", "gut", "wunsch")
    words = {part: [f"{part}{n:02}" for n in range(50)] for part in parts}
    long = {part: " ".join(of) for part, of in words.items()}
    card = told.scorecard
    rows = tuple(replace(r, label=long["eigen"]) if r.id == "own1" else r
                 for r in card.requirements)  # fmt: skip
    told = replace(
        told,
        scorecard=Scorecard(rows, card.ratings),
        comments={"R02": long["komm"]},
        good={"R05": long["gut"]},
        wishes=(Wish("W1", long["wunsch"], "", 50.0),),
    )
    pdf = tmp_path / "card.pdf"
    (tmp_path / "o").mkdir()
    pdf.write_bytes(saved_by("soffice", filled(asked, told), tmp_path / "o", "pdf"))
    xml = subprocess.run(
        ["pdftohtml", "-xml", "-zoom", "3", "-i", "-stdout", str(pdf)],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    sizes = {m[1]: int(m[2]) / 3 for m in re.finditer(r'<fontspec id="(\d+)" size="(\d+)"', xml)}
    found = re.finditer(r'<text .*?font="(\d+)">(.*?)</text>', xml, re.DOTALL)
    said = [(sizes[m[1]], re.sub(r"<.*?>", "", m[2]).strip()) for m in found]
    small = {text for size, text in said if size < 7.9}
    assert {text for text in small if not text.startswith("kx1|")} <= KEYS
    seen = set(" ".join(text for _, text in said).split())
    assert [word for of in words.values() for word in of if word not in seen] == []
