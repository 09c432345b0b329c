"""Scorecards proved by other programs: two spreadsheet engines, Microsoft's validator, a lint.

One run of each engine recalculates all cards; the sheets must say what the core says.
"""

from __future__ import annotations

import io
import math
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from kamxl.core.cards.shown import shown_card
from kamxl.core.ids import US
from kamxl.core.method.basis import Basis, Lead, Verdict
from kamxl.core.records.register import Answers, AskedRequirement, CardOrder, Requirement, Scorecard
from kamxl.excel.reading.book import read as read_book
from kamxl.excel.writing.draw import build, render
from kamxl.forms.paper.raw import RawCell, RawKind, RawSheet, a1
from kamxl.forms.scorecard import book as scorecard
from kamxl.forms.scorecard import reading as scorecard_reading
from kamxl.forms.scorecard.grid import ProfileGrid, ResultGrid, TableGrid, size_of, supplier_keys
from kamxl.wording.texts import Texts, texts
from tests.forms.cards import CLASHING, LANGUAGES, MARK, answers, filled, order
from tests.proof import need, recalc, semantics, validate

_R = "scorecard.result."


@dataclass(frozen=True)
class Case:
    """A card: what it asks, what was answered, and slots in which a text stands instead."""

    asked: CardOrder
    told: Answers | None = None
    typed: Mapping[str, str] | None = None

    def bytes(self) -> bytes:
        values = scorecard.values(shown_card(self.asked), MARK, self.told)
        values |= dict(self.typed or {})
        return render(build(scorecard.book(self.asked.language, size_of(self.asked))), values)


def changed(told: Answers, weights: Any = None, ratings: Any = None) -> Answers:
    """Other weights (by index), other ratings (by supplier and index)."""
    card = told.scorecard
    requirements = tuple(
        replace(r, weight=weights(i)) if weights else r for i, r in enumerate(card.requirements)
    )
    by = {
        s: {r.id: ratings(s, i) if ratings else card.ratings[s][r.id]
            for i, r in enumerate(requirements)}
        for s in card.suppliers
    }  # fmt: skip
    return replace(told, scorecard=Scorecard(requirements, by))


def cases(language: str) -> dict[str, Case]:
    five, large = order(language, 5, 3), order(language, 40, 6)
    eleven = order(language, 11, 2)
    told, own = answers(five), answers(five, 5)
    nameless = tuple(
        replace(r, label="" if r.id == "own2" else r.label, weight=None if r.id == "own4" else 10.0)
        for r in own.scorecard.requirements
    )
    half = changed(
        told,
        lambda i: 20.0 if i % 2 else None,
        lambda s, i: None if i in (1, 2) or s == "C2" else 50.0 + 7 * i,
    )
    few = changed(told, None, lambda s, i: 60.0 if i == 0 or s == US else None)
    return {
        "one, empty": Case(order(language, 1, 0)),
        "one": Case(order(language, 1, 0), answers(order(language, 1, 0))),
        "five, empty": Case(five),
        "five": Case(five, told),
        "half-filled": Case(five, half),
        "rivals below half": Case(five, few),
        "tied": Case(five, changed(told, lambda i: 20.0, lambda s, i: 10.0 * i + 7)),
        "tied rivals": Case(five, changed(told, lambda i: (10.0, 40.0, 10.0, 30.0, 10.0)[i],
                                          lambda s, i: (50.0, 60.0, 90.0, 50.0, 40.0)[
                                              (i + 2 * (s == "C2")) % 5])),
        **contests(language, told),
        "over": Case(five, changed(told, lambda i: 30.0)),
        "zero weights": Case(five, changed(told, lambda i: 0.0)),
        "99.99": Case(eleven, changed(answers(eleven), lambda i: 9.09)),
        "own": Case(five, own),
        "own, imperfect": Case(five, replace(
            own, scorecard=Scorecard(nameless, own.scorecard.ratings))),
        "texts": Case(
            five,
            changed(told, lambda i: None if i == 3 else 20.0,
                    lambda s, i: None if (s, i) in {(US, 1), ("C1", 0)} else 40.0 + i),
            {"us.1": "n/a", "c1.0": "k. A.", "weight.3": "-",
             "number.us.1": "o", "number.c1.0": "o", "number.weight.3": "o",
             "rated": texts(language)("scorecard.table.rated_of", rated=5, of=5)},
        ),
        "alternative": Case(order(language, 5, named=False), answers(order(language, 5,
                                                                           named=False))),
        "anchors": Case(order(language, 12, 1, anchors=True), answers(order(language, 12, 1))),
        "forty, empty": Case(large),
        "forty": Case(large, answers(large, 3)),
    }  # fmt: skip


def contests(language: str, told: Answers) -> dict[str, Case]:
    """Who is compared, and what may be said of it: ratings of us and three rivals, by weight."""
    weights = (30.0, 20.0, 20.0, 20.0, 10.0)
    us: Row = (60, 60, 60, 60, 60)
    rows: dict[str, tuple[Row, Row, Row, Row]] = {
        # the highest total rests on too little; the best is the one we are least ahead of
        "best by lead": (us, (None, None, None, 100, 100), (50, 50, 50, 50, None), (40,) * 5),
        # a higher total, but we are good at what is rated for both
        "lead, not total": ((90, 90, 90, 20, None), (80, 80, 80, 95, 95), (85, 70, None, None, 10),
                            (0,) * 5),
        "just half": (us, (90, 90, None, None, None), (None,) * 5, (None,) * 5),
        "just below half": (us, (90, None, None, None, 90), (None,) * 5, (None, 70, 70, *NONE)),
        "level": (us, (62.9, 62.9, 62.9, 62.9, 62.9), (12,) * 5, (None,) * 5),
        "just ahead": (us, (57,) * 5, (57,) * 5, (57,) * 5),
        "behind, tied by lead": (us, (90, 60, 60, 60, 60), (60, 90, 90, 60, 30),
                                 (60, 60, 60, 90, 90)),
        "nobody but us": (us, (None,) * 5, (None,) * 5, (None,) * 5),
        "nobody but them": ((None,) * 5, (40,) * 5, (50,) * 5, (50,) * 5),
    }  # fmt: skip
    asked = order(language, 5, 3)
    found = {name: typed(asked, told, weights, by) for name, by in rows.items()}
    # ids of another order than the columns decide a tie
    clashing = order(language, 5, 3, ids=("b", "C", "A.1"))
    tied = typed(clashing, answers(clashing), weights, (us, (70,) * 5, (70,) * 5, (70,) * 5))
    return found | {"tied, by id": tied}


Row = tuple[float | None, ...]
NONE: Row = (None, None)


def typed(asked: CardOrder, told: Answers, weights: Row, by: tuple[Row, ...]) -> Case:
    """A card with these weights and ratings, a row of numbers for each supplier."""
    ids = [supplier.id for supplier in asked.suppliers]
    return Case(asked, changed(told, lambda i: weights[i], lambda s, i: by[ids.index(s)][i]))


# Languages differ in texts, not in formulas: the second needs fewer kinds.
FEW = ("five, empty", "five", "half-filled", "texts", "forty", "alternative")
CASES = {
    f"{la}: {name}": case
    for la in LANGUAGES
    for name, case in cases(la).items()
    if la == "de" or name in FEW
}


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("cards")
    found = {}
    for number, (name, case) in enumerate(CASES.items()):
        found[name] = folder / f"{number}.xlsx"
        found[name].write_bytes(case.bytes())
    return found


@pytest.mark.proof
def test_the_engines_calculate_what_is_stored_and_what_the_core_says(
    paths: dict[str, Path],
) -> None:
    """One test for both questions, so that the engines run once however tests are spread."""
    need(recalc.available())
    by_path, seen, wrong = recalc.recalculate(paths.values()), 0, []
    for name, path in paths.items():
        stored = recalc.read(path)
        for sheet, formulas in recalc.formulas(path).items():
            seen += len(formulas)
            for cell, formula in formulas.items():
                for engine, book in by_path[path].items():
                    value, other = stored[sheet].get(cell), book[sheet].get(cell)
                    if not recalc.agree(value, other):
                        wrong.append((name, engine, sheet, cell, formula, value, other))
    assert wrong == []
    assert seen > 5_000
    for name, path in paths.items():
        assert set(by_path[path]) == set(recalc.ENGINES)
        for engine, book in by_path[path].items():
            try:
                the_sheets_say_what_the_core_says(CASES[name], book)
            except AssertionError as problem:
                raise AssertionError(f"{name} in {engine}: {problem}") from problem


def core_of(case: Case) -> Scorecard:
    """The card as it stands on the sheet; an empty one has nothing but its requirements."""
    if case.told:
        return case.told.scorecard
    rows = tuple(Requirement(r.id, r.label) for r in case.asked.requirements)
    return Scorecard(rows, {s.id: {} for s in case.asked.suppliers})


def the_sheets_say_what_the_core_says(case: Case, book: recalc.Values) -> None:
    said, card, asked = texts(case.asked.language), core_of(case), case.asked
    grid, result = TableGrid(size_of(asked)), ResultGrid(size_of(asked))
    table = book[said("scorecard.table.sheet")]
    shown = book[said("scorecard.result.sheet")]
    ranking, best = card.ranking(), card.best_competitor()
    by_rank = sorted((s.id for s in asked.suppliers), key=lambda s: ranking.get(s, 99))
    places = {id_: place for place, id_ in enumerate(by_rank)}
    dash = "" if untouched(card) else "–"
    ranking = ranking if len(ranking) > 1 else {}  # one alone is first of nobody
    for j, supplier in enumerate(asked.suppliers):
        column = grid.supplier(j)
        expected = (card.total(supplier.id), card.coverage(supplier.id), ranking.get(supplier.id))
        row = result.supplier_row(places[supplier.id])
        for offset, value in enumerate(expected, 1):
            same(table.get(a1(grid.sum_row + offset, column)), value)
            at = {1: 3, 2: 4, 3: 1}[offset]
            same(shown.get(a1(row, at)), value)
        assert shown[a1(row, 2)] == supplier.name
        if j:
            lead = judged(card, supplier.id)
            points = None if lead.points is None else abs(lead.points)
            same(shown.get(a1(row, 5)), points)
            same(shown.get(a1(row, 6)), card.lead_coverage(supplier.id))
            none = "" if card.total(supplier.id) is None else said(f"{_R}not_yet")
            word = none if lead.verdict is None else said(f"{_R}{lead.verdict.name.lower()}")
            assert (shown.get(a1(row, 7)) or "") == word
    same(table.get(a1(grid.sum_row, grid.weight)), card.weights_sum)
    assert table[a1(grid.LIVE, grid.weight)] == in_words(said, card.weights_sum)
    rated = sum(card.rating(US, r.id) is not None for r in asked.requirements)
    rated += sum(slot.startswith("us.") for slot in case.typed or ())  # left out on purpose
    words = said("scorecard.table.rated_of", rated=rated, of=len(asked.requirements))
    assert table[a1(grid.LIVE, grid.us)] == words
    the_profile_is_hers(said, card, asked, book[said("scorecard.profile.sheet")])
    if asked.competitors:
        names = {s.id: s.name for s in asked.suppliers}
        assert (shown.get(a1(result.TILE_VALUES, 5)) or "") == (names[best] if best else dash)
        the_tile_says_no_more_than_it_knows(
            said, judged(card, best) if best else Lead(), shown, result, dash
        )
    rows = [
        (shown.get(a1(result.gap_row(i), 6)), shown.get(a1(result.gap_row(i), 2)))
        for i in range(result.size.rows)
    ]
    gaps, labels = card.gaps(), {r.id: r.label or r.id for r in card.requirements}
    listed = [(gap, label) for gap, label in rows if isinstance(gap, int | float)]
    assert [gap for gap, _ in listed] == pytest.approx(list(gaps.values()), abs=1e-9)
    assert sorted(str(label) for _, label in listed) == sorted(labels[id_] for id_ in gaps)


def untouched(card: Scorecard) -> bool:
    """Whether there is no number on a card."""
    rated = any(n is not None for by in card.ratings.values() for n in by.values())
    return not rated and all(r.weight is None for r in card.requirements)


def in_words(said: Texts, whole: float) -> str:
    """What is left to give, said apart from how the form says it."""
    left = Decimal("100") - Decimal(repr(whole))
    if abs(left) <= Decimal("0.01"):
        return said("scorecard.table.left_none")
    shown = f"{abs(left).quantize(Decimal('0.01'), ROUND_HALF_UP):f}".rstrip("0").rstrip(".")
    shown = shown.replace(".", "," if said.language == "de" else ".")
    return said(f"scorecard.table.left_{'some' if left > 0 else 'over'}", left=shown)


def the_profile_is_hers(
    said: Texts, card: Scorecard, asked: CardOrder, shown: Mapping[str, Any]
) -> None:
    """Her requirements by weight, ties as the card asks, and no word of any supplier."""
    grid = ProfileGrid(size_of(asked))
    rows = [[shown.get(a1(grid.row(i), c)) for c in range(1, 7)] for i in range(grid.size.rows)]
    weighted = [r for r in card.requirements if r.weight is not None]
    expected = sorted(weighted, key=lambda r: -round(r.weight or 0, 9))
    gaps = card.gaps()
    for place, (row, requirement) in enumerate(zip(rows, expected, strict=False), 1):
        assert row[:2] == [place, requirement.label or requirement.id]
        same(row[2], requirement.weight)
        same(row[3], card.rating(US, requirement.id))
        same(row[4], gaps.get(requirement.id))
    told = " ".join(str(value) for value in shown.values() if isinstance(value, str))
    assert not [s.name for s in asked.suppliers if s.name in told]
    assert not re.search(r"\b(wir|uns|unser\w*|we|us|our|supplier\w*|Anbieter\w*)\b", told, re.I)


def judged(card: Scorecard, rival: str) -> Lead:
    """Our lead over a competitor, as one respondent's basis allows."""
    known = card.lead(rival)
    return Lead(known, Basis(0 if known is None else 1, 1, card.lead_coverage(rival) or 0.0))


def the_tile_says_no_more_than_it_knows(
    said: Texts, lead: Lead, shown: Mapping[str, Any], grid: ResultGrid, dash: str
) -> None:
    label, points = (shown.get(a1(row, 7)) or "" for row in (grid.TILE_LABELS, grid.TILE_VALUES))
    sentence = shown.get(a1(grid.SENTENCE, 1)) or ""
    if lead.verdict is None:
        assert (label, points) == (said(f"{_R}label_apart"), dash)
        when = said(f"{_R}empty", sheet=said("scorecard.table.sheet"))
        assert said(f"{_R}sentence_weights")[1:19] in sentence if dash else sentence == when
    elif lead.verdict is Verdict.LEVEL:
        assert (label, points) == (said(f"{_R}label_apart"), said(f"{_R}level"))
        assert said(f"{_R}level") in sentence
    else:
        assert label == said(f"{_R}label_{lead.verdict.name.lower()}")
        assert points == pytest.approx(abs(lead.points or 0), abs=1e-9)
    if lead.verdict is not None:
        percent = f" {math.floor(round(100 * lead.basis.weights, 9))}"
        assert f"{percent}%" in sentence or f"{percent} %" in sentence  # as each language has it


def same(shown: Any, value: float | None) -> None:
    """A number on the sheet, or nothing where nothing is known."""
    if value is None:
        assert shown in (None, "")
    else:
        assert shown == pytest.approx(value, abs=1e-9)


@pytest.mark.parametrize("name", CASES)
def test_the_status_says_whether_the_card_is_provisional(name: str, paths: dict[str, Path]) -> None:
    case = CASES[name]
    said, grid = texts(case.asked.language), TableGrid(size_of(case.asked))
    cell = a1(grid.STATE, 2)
    status = recalc.read(paths[name])[said("scorecard.table.sheet")][cell]
    done = status == said("scorecard.table.status_done")
    assert done is not core_of(case).provisional


@pytest.mark.proof
def test_the_lint_finds_nothing(paths: dict[str, Path]) -> None:
    assert {
        name: found for name, path in paths.items() if (found := semantics.problems(path))
    } == {}


@pytest.mark.proof
def test_microsofts_validator_finds_nothing(paths: dict[str, Path]) -> None:
    need(validate.available())
    kinds = ("one, empty", "five", "texts", "anchors", "forty", "alternative")
    chosen = [path for name, path in paths.items() if name.split(": ")[1] in kinds]
    assert len(chosen) == 10
    assert {path: found for path, found in validate.problems_of(chosen).items() if found} == {}


# -- what a customer may see -------------------------------------------------------------------


def test_nothing_internal_is_in_any_part() -> None:
    """The minimum and the team's own ids beyond the mark are absent, not hidden."""
    asked = order("de", 5, 3)
    secret = tuple(AskedRequirement(r.id, r.label, 73.0613, r.anchors) for r in asked.requirements)
    data = filled(replace(asked, requirements=secret, respondent_email="canary@nord.example"))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for name, part in parts.items():
        home, here = str(Path.home()).encode(), str(Path(__file__).parents[2]).encode()
        for word in (b"73.06", b"canary", b"minimum", b'="hidden', b'="veryHidden', home, here):
            assert word not in part, (name, word)
    assert data == filled(asked), "the minimum changes a byte of the card"


def test_nobody_and_no_machine_is_named() -> None:
    data = filled(order("en", 5, 3), answers(order("en", 5, 3)))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        properties = archive.read("docProps/core.xml") + archive.read("docProps/app.xml")
    for tag in (b"creator", b"lastModifiedBy", b"Company", b"Manager", b"AppVersion", b"Template"):
        assert tag not in properties
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert all(sheet.sheet_state == "visible" for sheet in book)
    assert not any(d.hidden for sheet in book for d in sheet.column_dimensions.values())
    assert not any(d.hidden for sheet in book for d in sheet.row_dimensions.values())


def inputs(asked: CardOrder) -> set[tuple[str, str]]:
    """Every cell that a customer fills in, by what the card promises: (sheet, cell)."""
    said, grid = texts(asked.language), TableGrid(size_of(asked))
    table, wishes = said("scorecard.table.sheet"), said("scorecard.wishes.sheet")
    columns = (grid.weight, *(grid.supplier(j) for j in range(len(supplier_keys(grid.size)))))
    columns = (*columns, grid.comment, grid.good)
    found = {(table, a1(grid.row(i), c)) for i in range(grid.size.rows) for c in columns}
    found |= {(table, a1(row, 2)) for row in range(grid.own_row + 1, grid.last + 1)}
    found |= {(said("scorecard.start.sheet"), f"B{row}") for row in range(12, 16)}
    found |= {(wishes, f"{c}{row}") for row in range(9, 17) for c in "BCD"}
    return found | {(wishes, f"{c}{row}") for row in range(23, 26) for c in "CD"}


@pytest.mark.parametrize("shape", [(2, 1, False), (5, 6, True), (1, 0, False)])
@pytest.mark.parametrize("language", LANGUAGES)
def test_inputs_are_unlocked_and_nothing_else(language: str, shape: tuple[int, int, bool]) -> None:
    requirements, rivals, anchors = shape
    asked = order(language, requirements, rivals, anchors=anchors,
                  ids=CLASHING if rivals == 6 else None)  # fmt: skip
    book = openpyxl.load_workbook(io.BytesIO(filled(asked)))
    unlocked = {
        (sheet.title, cell.coordinate)
        for sheet in book
        for row in sheet
        for cell in row
        if not cell.protection.locked
    }
    said, grid = texts(language), TableGrid(size_of(asked))
    names = {(said("scorecard.table.sheet"), a1(grid.HEADER, c)) for c in grid.suppliers[1:]}
    assert unlocked == inputs(asked) | names  # a rival may be called "Supplier A"
    assert all(sheet.protection.sheet and not sheet.protection.password for sheet in book)
    names.add((said("scorecard.start.sheet"), "B12"))  # she, until somebody else says so
    assert all(book[sheet][cell].value is None for sheet, cell in unlocked - names)


@pytest.mark.proof
def test_the_reader_reads_the_inputs_and_nothing_else() -> None:
    """A value in any input changes what is read; one in any result changes nothing."""
    asked = order("en", 2, 1)
    data = filled(asked, answers(asked, 1))
    raw = read_book(data)
    read = scorecard_reading.read(raw, asked)
    results = {
        (sheet.title, a1(*place))
        for sheet in raw.sheets
        for place, cell in sheet.cells.items()
        if cell.formula
    }

    def typed(title: str, cell: str, text: str) -> scorecard_reading.CardReading:
        row, column = openpyxl.utils.cell.coordinate_to_tuple(cell)
        number = float(text) if text.isdigit() else None
        new = RawCell(RawKind.TEXT if number is None else RawKind.NUMBER, text, number)
        sheets = tuple(
            RawSheet(s.title, {**s.cells, (row, column): new}) if s.title == title else s
            for s in raw.sheets
        )
        return scorecard_reading.read(replace(raw, sheets=sheets), asked)

    unread = {place for place in inputs(asked)
              if typed(*place, "77") == read and typed(*place, "other") == read}  # fmt: skip
    lonely = {("Wishes", f"C{row}") for row in range(11, 17)}  # an importance of nothing
    assert unread == lonely
    assert len(results) > 100
    for place in results:
        assert typed(*place, "77") == read, place
