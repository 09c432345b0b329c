"""The card checks itself: what cannot be right is red, and the line on the whole card says where.

What only machines need is on no paper and no screen; the customer's pages speak of nobody as "we".
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kamxl.core.cards.shown import shown_card
from kamxl.core.ids import US
from kamxl.core.records.register import Answers, CardOrder, Effort, Scorecard
from kamxl.forms.paper.book import LONGEST_RULE, Formula, Slot
from kamxl.forms.paper.raw import a1
from kamxl.forms.scorecard import book as scorecard
from kamxl.forms.scorecard.grid import CardSize, ResultGrid, TableGrid, size_of
from kamxl.forms.scorecard.numbers import odd, typed
from kamxl.forms.scorecard.words import strange
from kamxl.wording.texts import texts
from tests.forms.cards import LANGUAGES, MARK, answers, edited, filled, on_table, order
from tests.proof import need, recalc

ASKED = order("de", 5, 3)
SAID = texts("de")
Row = tuple[float | None, ...]


def told(
    weights: Row = (30, 30, 20, 10, 10), us: Row = (80, 70, 60, 50, 40), c1: Row | None = None
) -> Answers:
    given = answers(ASKED)
    rows = tuple(
        replace(r, weight=w) for r, w in zip(given.scorecard.requirements, weights, strict=True)
    )
    by: dict[str, Row] = {US: us, "C1": c1 or (90, 80, 70, 60, 50)}
    ratings = {
        s: dict(zip((r.id for r in rows), by.get(s, (None,) * 5), strict=True))
        for s in given.scorecard.suppliers
    }
    return replace(given, scorecard=Scorecard(rows, ratings))


def said_of(given: Answers, asked: CardOrder = ASKED) -> dict[str, Any]:
    return dict(scorecard.values(shown_card(asked), MARK, given))


NONE = (None,) * 4
STATES = {
    "whole": (told(), "done"),
    "over 100": (told(us=(140, 70, 60, 50, 40)), "odd"),
    "a share": (told(c1=(0.85, 80, 70, 60, 50)), "odd"),
    "a weight over 100": (told(weights=(130, 0, 0, 0, 0)), "odd"),
    "1 to 5": (told(us=(1, 5, 4, 3, 2)), "points_scale"),
    "a rival on 1 to 10": (told(c1=(1, 10, 4, None, 2)), "points_scale"),
    "one low rating beside others": (told(c1=(5, *NONE)), "done"),
    "a single low rating each": (told(us=(4, *NONE), c1=(3, *NONE)), "points_scale"),
    "1 beside shares": (told(us=(1, 0.7, 60, 50, 40)), "odd"),
    "low and high": (told(us=(1, 5, 4, 3, 11)), "done"),
    "nothing but zeros": (told(c1=(0, 0, 0, 0, 0)), "done"),
    "points as weights": (told(weights=(3, 5, 4, 2, 1)), "weights_scale"),
    "fractions as weights": (told(weights=(0.3, 0.3, 0.2, 0.1, 0.1)), "weights_scale"),
    "somebody begins with small weights": (told(weights=(5, 5, None, None, None)), "left"),
    "too much": (told(weights=(40, 30, 20, 10, 10)), "over"),
    "a rating is missing": (told(us=(80, 70, 60, 50, None)), "missing"),
    "an effort that is none": (
        replace(told(), efforts=(Effort("time", 400.0, ""),)), "odd_wishes"),
}  # fmt: skip


@pytest.mark.parametrize("name", STATES)
def test_complete_is_said_of_what_can_be_right_alone(name: str) -> None:
    given, key = STATES[name]
    source = SAID.source(f"scorecard.table.status_{key}")
    pattern = re.escape(re.sub(r"\{\{.*?\}\}", "#", source)).replace(r"\#", ".+")
    assert re.fullmatch(pattern, str(said_of(given)["status"])), said_of(given)["status"]


def test_twelve_weights_that_miss_100_a_little_are_no_other_scale() -> None:
    asked = order("de", 12, 0)
    given = answers(asked)
    rows = tuple(replace(r, weight=8.0) for r in given.scorecard.requirements)
    given = replace(given, scorecard=Scorecard(rows, given.scorecard.ratings))
    assert said_of(given, asked)["left"] == "noch 4 zu vergeben"


def test_what_cannot_be_right_is_reckoned_with_nowhere() -> None:
    found = said_of(told(us=(140, 70, 60, 50, 40)))
    clean = said_of(told(us=(None, 70, 60, 50, 40)))
    assert found["us.0"] == 140
    for slot in ("total.us", "coverage.us", "gap.0", "sorted.gap.0", "lead.c1"):
        assert found[slot] == clean[slot]
    assert "Leistungsfähigkeit" in found["status"]
    low = said_of(told(c1=(1, 10, 4, 3, 2)))
    assert "Borel Systèmes SA" in low["status"]
    assert (low["check.c1"], low["check.us"]) == (SAID("scorecard.table.check_below"), "")


DOUBT = SAID("scorecard.result.sentence_doubt", sheet=SAID("scorecard.table.sheet"))


def test_nothing_is_said_of_numbers_in_doubt() -> None:
    """Neither ahead nor behind, on her pages as in what is read."""
    for given in (told(us=(1, 5, 4, 3, 2)), told(weights=(3, 5, 4, 2, 1))):
        found = said_of(given)
        assert (found["sentence.result"], found["profile.note"]) == (DOUBT, DOUBT)
        assert (found["verdict.c1"], found["fact.verdict"], found["apart.c1"]) == ("", "", "")
        assert found["listed.word.0"] in ("", SAID("scorecard.result.not_yet"))
    rival = told(c1=(1, 5, 4, 3, 2))
    both = {**rival.scorecard.ratings, "C2": told().scorecard.ratings["C1"]}
    rival = replace(rival, scorecard=Scorecard(rival.scorecard.requirements, both))
    found = said_of(rival)
    assert (found["fact.best"], found["verdict.c1"], found["verdict.c2"]) == (2, "", -1)
    assert DOUBT not in (found["sentence.result"], found["profile.note"])
    slip = said_of(told(us=(1, 5, 4, 3, 720)))
    assert slip["check.us"] == SAID("scorecard.table.check_below")


def test_the_rules_fit_and_ask_the_format_of_the_cell() -> None:
    for weight in (False, True):
        assert 'CELL("format",AB10)' in odd("AB10", weight=weight)
        assert max(map(len, (odd("AB10", weight=weight), typed("AB10")))) <= LONGEST_RULE


def test_the_list_of_words_is_cut_between_them() -> None:
    cell = scorecard.book("de", CardSize(3, 0)).sheet("table").cells[5, 1].content
    assert isinstance(cell, Formula)
    parts = re.findall(r'"([^"]*)"', cell.text)
    assert "".join(parts) == cell.value
    assert max(map(len, parts)) <= 255
    assert strange([("formula", part) for part in parts]) is None


def on(column: Callable[[TableGrid], int], values: tuple[Any, ...], code: str = "General") -> Any:
    def edit(sheet: Any, grid: TableGrid) -> None:
        for at, value in enumerate(values):
            cell = sheet.cell(grid.row(at), column(grid))
            cell.value, cell.number_format = value, code

    return edit


# What is typed or pasted, what the line then says, and our total: None if it is not the point.
LIVE = {
    "per cent": (on(lambda g: g.us, (0.85, 1, 0.29, 0.5, 0), "0%"), "done", 66.3),
    "weights in per cent": (on(lambda g: g.weight, (0.4, 0.2, 0.2, 0.1, 0.1), "0%"), "done",
                            67.0),
    "left out on purpose": (on(lambda g: g.us, (" K. A.", "n/a", "-", 50, 40)), "done", 45.0),
    "as texts": (on(lambda g: g.us, ("80", " 70\xa0%", "60%", "50", "40")), "done", 66.0),
    "all that means blank": (on(lambda g: g.us, ("keine Ahnung", "Don’t know", "none", 50, 40)),
                             "done", 45.0),
    "nothing but a space": (on(lambda g: g.us, ("\xa0", 70, 60, 50, 40)), "missing", 60.0),
    "1 beside per cent": (on(lambda g: g.us, (1, "70 %", 60, 50, 40)), "points_scale", None),
    "words": (on(lambda g: g.us, ("gut", 70, 60, 50, 40)), "odd", None),
    "yes": (on(lambda g: g.us, (True, 70, 60, 50, 40)), "odd", None),
    "a mistake": (on(lambda g: g.us, ("=1/0", 70, 60, 50, 40)), "odd", None),
    "a share": (on(lambda g: g.us, (0.85, 70, 60, 50, 40)), "odd", None),
    "grades": (on(lambda g: g.us, (2, 2, 3, 4, 6)), "points_scale", None),
    "weights as points": (on(lambda g: g.weight, (3, 4, 5, 2, 1)), "weights_scale", None),
}  # fmt: skip


@pytest.mark.proof
def test_the_line_says_so_while_somebody_types(tmp_path: Path) -> None:
    need(recalc.available())
    paths = {}
    for at, (name, (edit, _, _)) in enumerate(LIVE.items()):
        paths[name] = tmp_path / f"{at}.xlsx"
        paths[name].write_bytes(edited(filled(ASKED, told()), on_table(ASKED, edit)))
    by_path, grid = recalc.recalculate(paths.values()), TableGrid(size_of(ASKED))
    codes = {"done": 9, "odd": 2, "points_scale": 5, "weights_scale": 4, "missing": 8}
    for name, path in paths.items():
        _, key, total = LIVE[name]
        for engine, book in by_path[path].items():
            if engine == "ironcalc" and "per cent" in name:
                continue  # it tells no formats: there the cells turn red
            table = book[SAID("scorecard.table.sheet")]
            assert table[a1(grid.STATE, 1)] == codes[key], (name, engine)
            doubted = book[SAID("scorecard.result.sheet")]["A7"] == DOUBT
            assert doubted == key.endswith("_scale"), (name, engine)
            if total is not None:
                shown = table[a1(grid.sum_row + 1, grid.us)]
                assert shown == pytest.approx(total), (name, engine)


# -- what stands where ----------------------------------------------------------------------------


@pytest.mark.parametrize("size", [CardSize(3, 0), CardSize(8, 6, anchors=True, last=True)], ids=str)
def test_what_is_for_machines_is_on_no_paper(size: CardSize) -> None:
    for key in ("table", "wishes"):
        sheet = scorecard.book("de", size).sheet(key)
        assert str(sheet.print_area).startswith("B1:")
        seen = {
            cell.content.key.split(".")[0]
            for (_, column), cell in sheet.cells.items()
            if column > 1 and isinstance(cell.content, Slot) and cell.style.color != cell.style.fill
        }
        assert seen.isdisjoint({"mark", "id", "key"})
    start = scorecard.book("de", size).sheet("start")
    assert str(start.print_area).startswith("A1:B")


@pytest.mark.parametrize("size", [CardSize(3, 0), CardSize(8, 6, anchors=True, last=True)], ids=str)
def test_the_line_stays_in_view_and_the_calculation_out_of_it(size: CardSize) -> None:
    book, grid, result = scorecard.book("de", size), TableGrid(size), ResultGrid(size)
    line = book.sheet("table").cells[grid.STATE, 2].content
    assert isinstance(line, Formula)
    assert line.value == Slot("status")
    assert book.sheet("table").freeze == a1(grid.FIRST, 3)  # rows above and columns to B stay
    widths = book.sheet("result").widths
    assert sum(7 * widths[c] + 5 for c in range(1, result.CALC)) > 2560


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_result_speaks_of_the_supplier_by_its_name(language: str) -> None:
    asked = replace(order(language, 5, 3), company="Nordal Handels- und Industrieservice GmbH & Co")
    size, found = size_of(asked), said_of(answers(asked), asked)
    we = re.compile(r"\b(wir|uns|unser\w*|we|us|our|ours)\b", re.I)
    sheet = scorecard.book(language, size).sheet("result")
    fixed_ = [c.content for c in sheet.cells.values() if isinstance(c.content, str)]
    formulas = [c.content.text for c in sheet.cells.values() if isinstance(c.content, Formula)]
    quoted = [one for text in formulas for one in re.findall(r'"([^"]*)"', text)]
    charts = [str(text) for c in sheet.charts for text in (c.title, c.x_title, c.description)]
    assert not [text for text in (*fixed_, *quoted, *charts) if we.search(str(text))]
    short = asked.company[:31] + "…"
    for slot in ("own_label", "us.header", "picture_x", "compared.result", "sentence.result"):
        assert short in found[slot]
    assert asked.company in found.values()  # whole in the table


def test_suppliers_stand_in_the_order_of_their_ranks_ties_as_on_the_card() -> None:
    found = said_of(told(c1=(80, 70, 60, 50, 40)))  # as we
    names = [found[f"listed.name.{place}"] for place in range(4)]
    assert names[:2] == ["Heller Automation", "Borel Systèmes SA"]
    assert [found[f"listed.rank.{place}"] for place in range(4)] == [1, 1, "", ""]
    ahead = said_of(told())
    assert ahead["listed.name.0"] == "Borel Systèmes SA"
    assert ahead["listed.total.0"] == ahead["total.c1"]
    assert (ahead["listed.word.0"], ahead["listed.word.1"]) == (ahead["word.c1"], "")


@pytest.mark.parametrize("rivals", [0, 3])
def test_an_empty_page_says_when_it_fills(rivals: int) -> None:
    asked = order("en", 5, rivals)
    found = dict(scorecard.values(shown_card(asked), MARK))
    when = "This page fills as soon as weights and points stand on the sheet “Scorecard”."
    assert found["sentence.result"] == found["profile.note"] == when
    dashes = [slot for slot, value in found.items() if value == "–"]
    assert dashes == []
