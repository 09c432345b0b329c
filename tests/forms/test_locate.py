"""Finding tables and marks on a sheet: what it says is looked up, and found out once."""

from __future__ import annotations

import re

import pytest

from kamxl.forms.paper.raw import RawBook, RawCell, RawKind, RawSheet
from kamxl.forms.plan import companion
from kamxl.forms.plan import sheets as plan_sheets
from kamxl.forms.plan.mark import IDENTITY
from kamxl.forms.register import sheets as register_sheets
from kamxl.forms.tables.locate import (
    find_headers,
    find_tables,
    find_texts,
    places_of,
    rows_of,
)
from kamxl.forms.tables.mark import MARK_PATTERN, TRACE_PATTERN

T = RawKind.TEXT


def a_sheet(*rows: str) -> RawSheet:
    """A sheet of these rows, whose cells stand side by side ("a|b")."""
    cells = {
        (row, column): RawCell(T, text)
        for row, texts in enumerate(rows, 1)
        for column, text in enumerate(texts.split("|"), 1)
        if text
    }
    return RawSheet("Sheet", cells)


def test_tables_by_their_keys() -> None:
    sheet = a_sheet("id|other", "ID |weight|id", "R1|5", "weight||Id|us", "x")
    found = find_tables(sheet, ("id", "Weight"))
    assert [(one.row, one.end, dict(one.columns)) for one in found] == [
        (2, 4, {"id": (1, 3), "weight": (2,)}),
        (4, 2**31, {"weight": (1,), "id": (3,), "us": (4,)}),
    ]
    assert [one.row for one in find_tables(sheet, ("id",), ("us", "other"))] == [1, 4]
    assert find_tables(sheet, ("id", "nowhere")) == []
    assert find_tables(sheet, ("id",), ("nowhere",)) == []


def test_tables_by_their_headers() -> None:
    sheet = a_sheet("Gewicht|Merkmal", "weight|Gewicht", "Bezeichnung|Gewicht|Gewicht")
    known = {"gewicht": "weight", "merkmal": "label", "bezeichnung": "label", "wir": "us"}
    found = find_headers(sheet, known, ("weight", "label"))
    assert [(one.row, dict(one.columns)) for one in found] == [
        (1, {"weight": (1,), "label": (2,)}),
        (3, {"label": (1,), "weight": (2, 3)}),
    ]
    assert find_headers(sheet, known, ("weight",), ("us",)) == []
    assert [one.row for one in find_headers(sheet, known, ("weight",), ("label", "us"))] == [1, 3]


def test_texts_as_a_person_sees_them_with_case_and_without() -> None:
    sheet = a_sheet("ＩＤ  a|id A", "x" * 100)
    assert rows_of(sheet) == {1: {1: "ID a", 2: "id A"}, 2: {1: "x" * 100}}
    assert places_of(sheet) == {"id a": [(1, 1), (1, 2)], "x" * 100: [(2, 1)]}
    assert rows_of(sheet) is rows_of(sheet)


def test_marks_whatever_stands_around_them() -> None:
    book = RawBook((a_sheet("|kx1", " kx2 \n|okx3", "kx", "xkx4"),))
    found = find_texts(book, re.compile(r"kx\d"))
    assert [one[1:] for one in found] == [(1, 2, "kx1"), (2, 1, "kx2")]


def test_words_are_texts_that_no_formula_made() -> None:
    cells = {
        (1, 1): RawCell(T, "typed"),
        (1, 2): RawCell(T, "made", formula=True),
        (1, 3): RawCell(RawKind.NUMBER, "1", 1.0),
        (2, 1): RawCell(T, "late"),
    }
    sheet = RawSheet("Sheet", cells)
    assert sheet.words(3) == [((1, 1), "typed")]
    assert sheet.texts() == {(1, 1): "typed", (1, 2): "made", (1, 3): "1", (2, 1): "late"}


@pytest.mark.parametrize(
    "pattern",
    [MARK_PATTERN, TRACE_PATTERN, IDENTITY, plan_sheets.MARK, companion.MARK, register_sheets.MARK],
)
def test_marks_begin_with_two_letters_that_stand_for_themselves(pattern: re.Pattern[str]) -> None:
    begins = pattern.pattern[:2]
    assert begins.isalpha()
    assert pattern.pattern[2] not in "?*+{|"


def test_a_mark_is_found_with_what_stands_around_it() -> None:
    cells = {(2, 3): RawCell(RawKind.TEXT, " kx1|gone\n"), (1, 1): RawCell(RawKind.TEXT, "k")}
    book = RawBook((RawSheet("A", cells), RawSheet("B", {})))
    assert [found[1:] for found in find_texts(book, TRACE_PATTERN)] == [(2, 3, "kx1|gone")]
    assert not find_texts(RawBook((RawSheet("A", {(1, 1): cells[1, 1]}),)), TRACE_PATTERN)


def test_columns_row_by_row() -> None:
    cells = {(2, 3): RawCell(RawKind.TEXT, "a"), (1, 1): RawCell(RawKind.TEXT, ""),
             (2, 1): RawCell(RawKind.TEXT, "b")}  # fmt: skip
    assert RawSheet("A", cells).columns() == {2: [3, 1], 1: [1]}
