"""Stamping gives the bytes that rendering gives: the slow way is the oracle of the quick one."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kamxl.core.cards.shown import shown_card
from kamxl.excel.writing.draw import build, render
from kamxl.excel.writing.stamping import Kept, Stamp
from kamxl.forms.paper.book import Book, Formula, Sheet, Slot
from kamxl.forms.paper.style import PLAIN
from kamxl.forms.scorecard import book as scorecard
from kamxl.forms.scorecard.grid import size_of
from tests.excel import sample, sample_data
from tests.forms.cards import MARK, ORDERS, answers

STAMP = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def small() -> Stamp:
    """A slot alone, one in a formula, one in a row that grows, and a text between them."""
    sheet = Sheet("one", "One", footer=Slot("foot"))
    sheet.put(1, 1, Slot("cell"))
    sheet.put(1, 2, "a <text> of its own")
    sheet.put(2, 1, Formula("A1", Slot("result")))
    sheet.put(3, 1, Slot("long"), PLAIN.but(wrap=True))
    sheet.heights, sheet.widths, sheet.fitting = {3: 20}, {1: 9}, {3}
    return Stamp(build(Book([sheet], STAMP, "en", Slot("title"))))


TEXTS = st.text(max_size=60) | st.sampled_from(["a <text> of its own", "=1+1", "_x0041_", "#N/A"])
VALUES = TEXTS | st.sampled_from([0, 1, True, False, 1.0, -0.0, 2.5, STAMP, STAMP.date()])


@given(st.lists(st.tuples(VALUES | st.none(), VALUES, TEXTS), min_size=2, max_size=4))
def test_whatever_is_given_the_bytes_are_those_of_rendering(small: Stamp, cards: list[Any]) -> None:
    for cell, result, long in cards:
        values = {"cell": cell, "result": result, "long": long, "title": long, "foot": long}
        assert small.press(values) == render(small.layout, values)


def test_what_equals_another_value_is_not_taken_for_it(small: Stamp) -> None:
    """1, 1.0 and True are equal, and a workbook says True otherwise."""
    base = {"cell": "", "long": "", "title": "", "foot": ""}
    made = [small.press(base | {"result": value}) for value in (1, True, 1.0, False, 0)]
    assert made == [render(small.layout, base | {"result": v}) for v in (1, True, 1.0, False, 0)]
    assert len(set(made)) == 4


def test_the_same_rows_may_go_on_otherwise_and_as_before(small: Stamp) -> None:
    base = {"cell": "x", "long": "y", "title": "z", "result": 1}
    made = [small.press(base | {"foot": foot}) for foot in "abba"]
    assert made == [render(small.layout, base | {"foot": foot}) for foot in "abba"]
    assert made[0] != made[1] == made[2] != made[3] == made[0]


def test_everything_a_workbook_may_hold() -> None:
    stamp = Stamp(build(sample.book()))
    for more in ({}, {"us": "someone else", "w8": 1}, {}):
        values = sample_data.values() | more
        assert stamp.press(values) == render(stamp.layout, values)


@pytest.mark.parametrize("name", ORDERS)
def test_cards_blank_and_answered(name: str) -> None:
    asked = ORDERS[name]
    stamp = Stamp(build(scorecard.book(asked.language, size_of(asked))))
    for told in (None, answers(asked), None, answers(asked, 2)):
        values = scorecard.values(shown_card(asked), MARK, told)
        assert stamp.press(values) == render(stamp.layout, values)


def test_a_slot_without_a_value_is_named(small: Stamp) -> None:
    with pytest.raises(KeyError, match="no value given for slot 'result'"):
        small.press({"cell": "", "long": "", "title": "", "foot": ""})


def test_so_many_stretches_are_kept_and_no_more() -> None:
    kept, made = Kept(2), []

    def asked(key: str) -> None:
        kept.stretch(key, lambda: made.append(key) or key)

    for key in ("a", "b", "a", "c", "a", "b"):
        asked(key)
    assert made == ["a", "b", "c", "b"]
