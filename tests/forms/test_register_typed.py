"""Whatever is typed into Selection: its live formulas and the reader make the same of it, or both
nothing, and then the cell turns red. Typed into real registers and calculated by LibreOffice.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import range_boundaries

from kamxl.core.finding import Severity
from kamxl.core.method.gate import Answer, GrowthCondition
from kamxl.core.method.selection import AccountList, Candidate, SelectionCriterion
from kamxl.core.portfolio.choosing import selection_of
from kamxl.core.records.register import Account, Register, Segment, Settings
from kamxl.excel.reading.book import read as read_workbook
from kamxl.excel.writing.draw import build, render
from kamxl.forms.paper.raw import a1, column_letters
from kamxl.forms.register import book as form
from kamxl.forms.register.fields import ROWS
from kamxl.forms.register.settings import VALUE_COLUMN
from kamxl.forms.register.sheets import SEGMENTS, SELECTION, SETTINGS, WEIGHTS_ROW
from kamxl.forms.tables.reasons import reasons_said
from kamxl.wording.texts import texts
from tests.forms.registers import LANGUAGES, STAMP, WORKSPACE
from tests.proof import need, recalc
from tests.workflow.making import prepared

PERCENT, DAY = "0%", "dd.mm.yyyy"
Typed = object | tuple[object, str]  # with the number format that it gets

RATINGS: tuple[Typed, ...] = (
    *(60, 85.5, 0, 100, 1.5, 1, 0.6, -5, 100.5, 4711),
    *((0.6, PERCENT), (1, PERCENT), (0, PERCENT), (60, PERCENT), (60, DAY)),
    *("60", "60 %", "60%", " 60 ", "85,5", "85.5", "８５", "60\xa0", "60 Punkte", "60/100"),
    *("ca. 80", "gut", "sehr hoch", "0", "1.000", "*", "?", "=", "'60"),
    *("n/a", "N/A", "n.a.", "k. A.", "K. A. ", "\xa0k.A.", "kA", "-", "–", "entfällt", "  "),
    *("weiß nicht", "Weiß  nicht", "keine Angabe", "Don't know", "#N/A"),
    *(True, date(2026, 5, 3), "=30+30", '="60"', "=1/0", "=0.6", '="k. A."'),
)
ANSWERS: tuple[Typed, ...] = (
    *("Ja", "ja", "JA ", " jA", "ja\xa0", "Yes", "yes", "YES", "no", "No ", "Nein", "NEIN"),
    *("teilweise", "Partly", "TEILWEISE", "unbekannt", "Unknown", "x", "X", "j", "y", "n"),
    *("vielleicht", "oui", "Ｊａ", "j a", "ja.", "ja?", "j*", "?", "*", "|", "=", "ja|", "✓"),
    *("k. A.", "n/a", "-", "kA", "  ", "weiß nicht", "#N/A"),
    *(True, False, 1, 0, 100, (1, PERCENT), date(2026, 5, 3), '="Ja"', "=1/0", "=1=1"),
)
REVENUES: tuple[Typed, ...] = (
    *(1_200_000, 0, 0.5, -5, 1e300, "1.200.000 €", "1,2 Mio", "1200000", "1 200 000", "k. A."),
    *("viel", "n/a", (1_200_000, '#,##0 "€"'), "=600000*2", "", "-"),
)
LIMITS: tuple[Typed, ...] = (
    *(72, 0, 1, "70", "70 %", (0.7, PERCENT), (1, PERCENT), "hoch", None, 150, -1, "k. A."),
)
WEIGHTS: tuple[Typed, ...] = (
    *(20, 0.2, "20", "20 %", (0.2, PERCENT), "viel", -20, 200, None, "-", "n/a", 15),
)
SHOWN = ("gate", "score", "coverage", "list", "reason", "revenue", "known", "rank")
RED = 60  # the column into which the rule of a colour is copied, to be calculated


def register_of(count: int) -> Register:
    """Accounts on the edge: one more rating makes their score rest on enough."""
    ids = [f"A{number}" for number in range(count)]
    blank = (SelectionCriterion.POTENTIAL, SelectionCriterion.RETURN)
    ratings = {one: 70.0 for one in SelectionCriterion if one not in blank}
    answers = dict.fromkeys(GrowthCondition, Answer.YES)
    return Register(
        Settings("Wir", "de", "2026"),
        tuple(Account(own, f"Kunde {own}") for own in ids),
        tuple(Segment(own, part, part, 1000.0) for own in ids for part in ("S1", "S2")),
        (),
        (),
        (),
        candidates=tuple(Candidate(own, ratings=ratings, conditions=answers) for own in ids),
    )


class Sheets:
    """A drawn register into which one types."""

    def __init__(self, path: Path, language: str, register: Register) -> None:
        self.path, self.language = path, language
        with prepared(4 + max(map(len, form.lines_of(register).values()))):
            self.form = form.book(language, register, WORKSPACE, STAMP)
        path.write_bytes(render(build(self.form)))
        self.book = openpyxl.load_workbook(path)
        self.watched: dict[tuple[str, str], str] = {}

    def type(self, key: str, row: int, column: int, typed: Typed) -> None:
        """Type into a cell; beside it stands from now on whether it is red."""
        content, code = typed if isinstance(typed, tuple) else (typed, "")
        sheet = self.form.sheet(key)
        cell = self.book[sheet.title].cell(row, column)
        cell.value = content
        if isinstance(content, str) and content[:1] == "=" and len(content) == 1:
            cell.data_type = "s"
        cell.number_format = code or cell.number_format
        rule = self._rule(key, row, column)
        place = self.book[sheet.title].cell(row, RED + column)
        place.value = f"=IF({rule},1,0)"
        self.watched[sheet.title, cell.coordinate] = place.coordinate

    def _rule(self, key: str, row: int, column: int) -> str:
        """The rule that colours what nobody can read, as it applies to a cell."""
        for one in self.form.sheet(key).conditionals:
            left, top, right, bottom = range_boundaries(one.ranges)
            inside = left <= column <= right and top <= row <= bottom
            rule = one.formula or ""
            if inside and "ISERROR(FIND" in rule:
                first = rf"(?<![A-Z$])(\$?){column_letters(left)}{top}\b"
                return re.sub(first, rf"\g<1>{column_letters(column)}{row}", rule)
        raise AssertionError(f"no rule for {key} {a1(row, column)}")

    def save(self) -> Path:
        self.book.save(self.path)
        return self.path


def typed_rows(folder: Path, language: str) -> Sheets:
    """Each way of typing in a row of its own."""
    ways: Sequence[tuple[str, Sequence[Typed]]] = (
        ("rate_potential", RATINGS),
        ("grow_willing", ANSWERS),
        ("revenue", REVENUES),
    )
    sheets = Sheets(folder / f"typed-{language}.xlsx", language,
                    register_of(sum(len(typed) for _, typed in ways)))  # fmt: skip
    number = 0
    for key, every in ways:
        for typed in every:
            if key == "revenue":  # the second of two segments
                place = (SEGMENTS.key, SEGMENTS.first + 2 * number + 1, SEGMENTS.index(key))
            else:
                place = (SELECTION.key, SELECTION.first + number, SELECTION.index(key))
            sheets.type(*place, typed)
            number += 1
    return sheets


def typed_above(folder: Path, language: str) -> list[Sheets]:
    """Each way of typing thresholds and a weight, the thresholds by turns."""
    made = []
    for number, weight in enumerate(WEIGHTS):
        sheets = Sheets(folder / f"above-{language}-{number}.xlsx", language, register_of(1))
        sheets.type(SELECTION.key, WEIGHTS_ROW, SELECTION.index("rate_openness"), weight)
        for turn, key in enumerate(("focus_score", "focus_coverage", "build_up")):
            row = ROWS[key]
            sheets.type(SETTINGS.key, row, VALUE_COLUMN, LIMITS[(number + 4 * turn) % len(LIMITS)])
        made.append(sheets)
    return made


def compared(sheets: Sheets, values: Mapping[str, Mapping[str, Any]], data: bytes) -> list[str]:
    """Where the sheet and the reader do not make the same of what was typed."""
    register = form.read(read_workbook(data))
    t, found = texts(sheets.language), selection_of(register)
    shown = values[SELECTION.title(sheets.language)]
    apart = []
    for number, one in enumerate(found.accounts):
        row = SELECTION.first + number
        expected = {
            "gate": t(f"register.selection.gates.{one.gate.gate}"),
            "score": one.score,
            "coverage": one.coverage,
            "list": t(f"register.selection.lists.{one.list}"),
            "reason": reasons_said(t, one.reasons),
            "revenue": one.candidate.revenue,
            "known": t("register.selection.at_least") if one.candidate.at_least else None,
            "rank": one.rank,
        }
        for key in SHOWN:
            cell = shown.get(a1(row, SELECTION.index(key)))
            if not recalc.agree(cell, expected[key]):
                apart.append(f"{one.candidate.account} {key}: {cell!r}, not {expected[key]!r}")
    wrong = {(f.sheet, f.cell) for f in register.findings if f.severity is Severity.ERROR}
    for (title, cell), beside in sheets.watched.items():
        red, said = values[title].get(beside) == 1, (title, cell) in wrong
        if red != said:
            content = sheets.book[title][cell].value
            apart.append(f"{title} {cell} {content!r}: {red=}, but {said=}")
    return apart


@pytest.mark.proof
@pytest.mark.parametrize("language", LANGUAGES)
def test_formulas_and_reader_make_the_same_of_whatever_is_typed(
    language: str, tmp_path: Path
) -> None:
    need(recalc.available())
    typed = [typed_rows(tmp_path, language)]
    if language == LANGUAGES[0]:  # numbers know no language
        typed += typed_above(tmp_path, language)
    calculated = recalc.in_libreoffice([one.save() for one in typed], tmp_path / "out")
    apart = {
        one.path.stem: found
        for one in typed
        if (found := compared(one, recalc.read(calculated[one.path]),
                              calculated[one.path].read_bytes()))
    }  # fmt: skip
    assert not apart, apart
    # the rows differ: what was typed decides
    register = form.read(read_workbook(calculated[typed[0].path].read_bytes()))
    assert {one.list for one in selection_of(register).accounts} == set(AccountList)
