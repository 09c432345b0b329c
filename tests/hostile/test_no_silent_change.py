"""No silent change: what happened to a card on its way is seen, or it reads as it did."""

from __future__ import annotations

import io
import warnings
from datetime import date, datetime, time
from typing import Any

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from kamxl import apart
from kamxl.excel.reading.book import read
from kamxl.forms.paper.raw import RawCell, RawKind
from tests.forms.cards import answers, filled, order
from tests.hostile import changes
from tests.proof.saving import PROGRAMS, saved_by

EVERY_BIT, EVERY_LENGTH = 211, 53  # primes: over time, no place of a byte or a header is left out


@pytest.mark.proof
def test_a_turned_bit():
    ends = changes.of_bits(changes.bits(EVERY_BIT, begin=3))
    assert ends["changed"] == 0
    assert min(ends["refused"], ends["same"]) > 10  # both kinds are there to be told apart


def test_a_cut_card():
    assert set(changes.of_lengths(changes.lengths(EVERY_LENGTH))) == {"refused"}


def test_a_change_would_be_seen(monkeypatch):
    """The measure itself: a reader that looks away is found out."""
    whole = changes.whole()
    other = read(filled(order(), answers(order(), own=1)))
    assert other != whole
    monkeypatch.setattr(changes, "read", lambda _: other)
    assert changes.reading(b"") == "changed"


# --- three readers, one opinion --------------------------------------------------------------


def read_by_openpyxl(data: bytes) -> dict[str, dict[tuple[int, int], Any]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    return {
        sheet.title: {(c.row, c.column): c.value for row in sheet.iter_rows() for c in row}
        for sheet in book.worksheets
    }


DAY = "\0day"  # what comes out of a process apart is data: any day will do


def read_by_calamine(data: bytes, _: None) -> dict[str, dict[tuple[int, int], Any]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    found: dict[str, dict[tuple[int, int], Any]] = {}
    for name in book.sheet_names:
        sheet = book.get_sheet_by_name(name)
        left = sheet.start[1] + 1 if sheet.start else 1
        rows = enumerate(sheet.iter_rows(), 1) if sheet.start else ()
        found[name] = {
            (row, column): DAY if isinstance(value, date | datetime | time) else value
            for row, values in rows
            for column, value in enumerate(values, left)
        }
    return found


def agree(ours: RawCell, theirs: Any) -> bool:
    if isinstance(theirs, bool):
        return ours.kind is RawKind.BOOLEAN and (ours.text == "TRUE") == theirs
    if theirs == DAY or isinstance(theirs, date | datetime | time):  # a number that looks like one
        return ours.number is not None
    if isinstance(theirs, int | float):
        return ours.number == theirs
    return ours.kind is RawKind.TEXT and ours.text.replace("\r\n", "\n") == theirs


@pytest.mark.proof
@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("program", ["nobody", *PROGRAMS])
def test_readers_agree_on_every_value_somebody_typed(program, language, tmp_path):
    asked = order(language)
    data = filled(asked, answers(asked, own=2))
    if program != "nobody":
        data = saved_by(program, data, tmp_path)
    opinions = {
        "openpyxl": read_by_openpyxl(data),
        "calamine": apart.call(read_by_calamine, data, None),
    }
    compared = 0
    for sheet in read(data).sheets:
        typed = {place: cell for place, cell in sheet.cells.items() if not cell.formula}
        for name, opinion in opinions.items():
            for place, cell in typed.items():
                theirs = opinion[sheet.title].get(place)
                assert agree(cell, theirs), f"{name}, {sheet.title} {place}: {cell}, {theirs!r}"
                compared += 1
            # and nothing that they see is missing here
            seen = {p for p, value in opinion[sheet.title].items() if value not in (None, "")}
            assert seen <= set(sheet.cells), name
    assert compared > 400
