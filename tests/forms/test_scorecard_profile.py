"""A profile and the card of a meeting: what they ask, what they say live, what is read back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from kamxl.core.cards.shown import shown_card
from kamxl.core.records.page import Asks, Step
from kamxl.core.records.register import Answers, CardOrder, LastAnswer, Scorecard
from kamxl.core.roles import Source
from kamxl.excel.proof.layout import odd, sayings
from kamxl.excel.proof.workbook import Proof
from kamxl.excel.writing.draw import build
from kamxl.forms.scorecard import book as scorecard
from kamxl.forms.scorecard.grid import MinutesGrid, TableGrid, size_of
from kamxl.forms.scorecard.slots import slots
from kamxl.forms.scorecard.words import strange
from kamxl.wording.texts import texts
from tests.forms.cards import LANGUAGES, MARK, answers, edited, filled, order, reading
from tests.proof import need, recalc, saving, validate

STEPS = (
    Step("Look at the complaints together", "Keller, Petersen", date(2026, 12, 10)),
    Step("Send the figures", "", None),
)


def profile(language: str = "en", requirements: int = 5, *, anchors: bool = False) -> CardOrder:
    return replace(order(language, requirements, 0, anchors=anchors), asks=Asks.PROFILE)


def meeting(language: str = "en", requirements: int = 5, competitors: int = 2) -> CardOrder:
    return replace(order(language, requirements, competitors), source=Source.JOINT)


def said(asked: CardOrder, own: int = 1) -> Answers:
    given = replace(answers(asked, own), steps=STEPS, good={"own1": "on time"})
    return given if asked.meeting else replace(given, wishes=(), efforts=())


def unrated(given: Answers) -> Answers:
    blank = {s: dict.fromkeys(by) for s, by in given.scorecard.ratings.items()}
    return replace(given, scorecard=Scorecard(given.scorecard.requirements, blank))


ASKED = {
    "a profile": profile("de"),
    "with scales": profile("en", 12, anchors=True),
    "one requirement": profile("en", 1),
    "last weights": replace(
        profile("de"), last_period="2025", last=(LastAnswer("R1", 25.0), LastAnswer("R2", 10.0))
    ),
    "a meeting": meeting("de"),
    "a meeting about us alone": meeting("en", 3, 0),
}


@pytest.mark.parametrize("asked", ASKED.values(), ids=ASKED)
def test_what_was_filled_in_is_read_again(asked: CardOrder) -> None:
    given = said(asked)
    found = reading(filled(asked, given), asked)
    assert found.answers is not None
    assert not found.findings
    assert found.answers.steps == STEPS
    assert found.answers.good == given.good
    assert found.answers.beside == ()
    weights = [r.weight for r in found.answers.scorecard.requirements]
    assert weights == [r.weight for r in given.scorecard.requirements]
    assert found.answers.rates is asked.meeting


@pytest.mark.parametrize("asked", ASKED.values(), ids=ASKED)
def test_what_goes_out_is_proven_slot_by_slot(asked: CardOrder) -> None:
    shown = shown_card(asked)
    layout = build(scorecard.book(asked.language, size_of(asked)))
    assert odd(layout) is None
    assert strange(sayings(layout)) is None
    mark = MARK.replace("kx1|", f"kx1-{asked.asks}|") if asked.asks else MARK
    from kamxl.excel.writing.draw import render

    data = render(layout, scorecard.values(shown, mark))
    assert Proof(layout).doubt(data, slots(shown, mark)) is None


def test_a_profile_speaks_of_no_points_and_of_nobody_to_rate() -> None:
    for language in LANGUAGES:
        book = scorecard.book(language, size_of(profile(language)))
        assert [sheet.key for sheet in book.sheets] == ["start", "table", "minutes"]
        own = texts(language)
        cells = {c.content for s in book.sheets for c in s.cells.values()}
        assert own("scorecard.table.rating_prompt") not in cells
        assert own("scorecard.start.scale") not in cells


STATES = {
    "empty": (profile(), None, "scorecard.table.status_empty"),
    "whole": (profile(), said(profile()), "scorecard.first.status_done"),
    "a meeting, unrated": (meeting(), unrated(said(meeting())), "scorecard.table.status_profile"),
    "a meeting, rated": (meeting(), said(meeting()), "scorecard.table.status_done"),
}


@pytest.mark.parametrize("name", STATES)
def test_the_line_says_where_it_stands(name: str) -> None:
    asked, given, key = STATES[name]
    found = dict(scorecard.values(shown_card(asked), MARK, given))
    assert found["status"] == texts("en")(key)


def test_the_minutes_are_sorted_by_weight() -> None:
    asked = profile()
    found = dict(scorecard.values(shown_card(asked), MARK, said(asked)))
    weights = [found[f"minutes.weight.{at}"] for at in range(6)]
    assert weights == sorted(weights, reverse=True)
    assert found["minutes.good.0"] == "on time"  # her own one is the heaviest
    assert found["minutes.label.6"] == ""


def test_words_for_a_day_and_rows_in_any_order_are_read() -> None:
    asked = profile()
    grid, table = MinutesGrid(size_of(asked)), TableGrid(size_of(asked))

    def edit(book: object) -> None:
        minutes = book["Minutes"]  # type: ignore[index]
        minutes.title = "What we said"
        minutes.cell(grid.step(3), grid.WHAT, "Visit the plant")
        minutes.cell(grid.step(3), grid.DUE, "next week")
        rated = book["What matters"]  # type: ignore[index]
        one, other = table.row(0), table.row(1)
        for column in range(1, table.end + 1):
            first, second = rated.cell(one, column), rated.cell(other, column)
            first.value, second.value = second.value, first.value

    given = said(asked)
    found = reading(edited(filled(asked, given), edit), asked)
    assert found.answers is not None
    assert found.answers.steps == (*STEPS, Step("Visit the plant – next week"))
    assert found.answers.scorecard.requirements == given.scorecard.requirements
    assert found.answers.beside == ()


def test_a_profile_is_read_without_its_record() -> None:
    asked = profile()
    found = reading(filled(asked, said(asked)), None)
    assert found.answers is not None
    assert found.suppliers == ()
    assert not found.answers.rates
    assert reading(filled(asked), asked).answers.empty  # type: ignore[union-attr]


@pytest.mark.proof
def test_profiles_recalculate_validate_and_survive_libreoffice(tmp_path: Path) -> None:
    need(recalc.available())
    given = {f"{name}, {how}": (asked, one)
             for name, asked in ASKED.items()
             for how, one in (("empty", None), ("filled", said(asked)),
                              ("unrated", unrated(said(asked))))}  # fmt: skip
    paths = {}
    for at, (name, (asked, one)) in enumerate(given.items()):
        paths[name] = tmp_path / f"{at}.xlsx"
        paths[name].write_bytes(filled(asked, one))
    assert recalc.differences(*paths.values()) == []
    if not validate.available():
        assert not any(validate.problems_of(paths.values()).values())
    for name in ("a profile, filled", "a meeting, filled"):
        asked, one = given[name]
        folder = tmp_path / name.replace(", ", "-").replace(" ", "-")
        folder.mkdir()
        again = saving.by_libreoffice(filled(asked, one), folder)
        found = reading(again, asked)
        assert found.answers is not None
        assert found.answers.steps == STEPS
        assert found.answers.scorecard == reading(filled(asked, one), asked).answers.scorecard  # type: ignore[union-attr]
