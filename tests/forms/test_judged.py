"""The selection's judgement as formulas: what the core says, for every answer and at every edge."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime

from kamxl.core.method.gate import Answer, Gate, GrowthCondition, gate_of
from kamxl.core.method.selection import AccountList, Candidate, SelectionCriterion, rank_accounts
from kamxl.excel.writing.draw import build, render
from kamxl.forms.paper.book import Book, Formula, Scalar, Sheet
from kamxl.forms.paper.idioms import quoted
from kamxl.forms.tables.judged import Limits, gate_text, list_text
from tests.proof import witness

STAMP = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
SAID = {answer: quoted(f"says {answer.value}") for answer in Answer}
GATES = {gate: quoted(gate.value) for gate in Gate}
LISTS = {found: quoted(found.value) for found in AccountList}
THRESHOLD, NEEDED, WITHIN = 60.0, 0.8, 10.0
LIMITS = Limits(f"{THRESHOLD:g}", f"{NEEDED:g}", f"{WITHIN:g}")


def calculated(rows: list[tuple[Scalar, ...]]) -> list[list[object]]:
    """The values of formulas among other cells, row by row, in an engine that sees none of them."""
    sheet = Sheet("judged", "Judged")
    for row, cells in enumerate(rows, 1):
        for column, content in enumerate(cells, 1):
            found = str(content)
            sheet.put(row, column, Formula(found[1:], "?") if found[:1] == "=" else content)
    data, places = witness.poisoned(render(build(Book([sheet], STAMP, "en"))))
    engine = witness.Ironcalc(data)
    found_rows: list[list[object]] = [[] for _ in rows]
    for place in places:
        if place.formula:
            found_rows[place.row - 1].append(engine.value(place))
    return found_rows


def said_in(row: int) -> dict[Answer, list[str]]:
    """Of each answer whether the three cells of a row say it."""
    return {answer: [f"${c}{row}={word}" for c in "ABC"] for answer, word in SAID.items()}


def test_the_gate_is_the_core_s_for_all_answers() -> None:
    given = list(itertools.product(Answer, repeat=len(GrowthCondition)))
    rows: list[tuple[Scalar, ...]] = []
    for row, answers in enumerate(given, 1):
        words = [SAID[answer].strip('"') for answer in answers]
        rows.append((*words, "=" + gate_text(said_in(row), GATES)))
    expected = [
        [gate_of(dict(zip(GrowthCondition, answers, strict=True))).gate.value] for answers in given
    ]
    assert calculated(rows) == expected
    assert {one for (one,) in expected} == set(GATES)


def test_an_answer_that_is_none_is_not_answered() -> None:
    rows: list[tuple[Scalar, ...]] = [
        ("says yes", None, "says yes", "=" + gate_text(said_in(1), GATES)),
    ]
    assert calculated(rows) == [[Gate.CLARIFY.value]]


def test_the_list_is_the_core_s_at_every_edge() -> None:
    scores = (None, 0.0, 49.9, 50 - 1e-8, 50 - 1e-10, 50.0, 60 - 1e-8, 60 - 1e-10, 60.0, 100.0)
    answers = {gate: _answers(gate) for gate in Gate}
    rows: list[tuple[Scalar, ...]] = []
    expected = []
    for score, whole, gate in itertools.product(scores, (80.0, 79.9), Gate):
        # the rest of the weight is of a criterion that nobody rated
        weights = {SelectionCriterion.REVENUE: whole, SelectionCriterion.RETURN: 100 - whole}
        candidate = Candidate("A", "", {SelectionCriterion.REVENUE: score}, answers[gate])
        (found,) = rank_accounts([candidate], weights, THRESHOLD, NEEDED, WITHIN).accounts
        row = len(rows) + 1
        text = list_text(f"$A{row}", f"$B{row}", f"$C{row}", LIMITS, GATES, LISTS)
        known: tuple[Scalar, ...] = (found.score, found.coverage)
        if score is None:
            known = ("", 0)
        rows.append((gate.value, *known, f"={text}"))
        expected.append([found.list.value])
    assert calculated(rows) == expected
    assert {one for (one,) in expected} == set(LISTS)


def _answers(gate: Gate) -> dict[str, Answer | None]:
    first = {Gate.OPEN: Answer.YES, Gate.CLARIFY: Answer.UNKNOWN, Gate.CLOSED: Answer.NO}[gate]
    return dict.fromkeys(GrowthCondition, Answer.YES) | {GrowthCondition.GROWING: first}
