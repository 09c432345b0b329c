"""Workbook, page, JSON and Python say the same of everything, bases included.

The workbook as LibreOffice calculates it, not as it was stored. No column and no key of the JSON is
listed here: what nobody compares, and what only one way has, is told by its name (``tests.ways``).
"""

from __future__ import annotations

import re
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kamxl.core.method.basis import Basis
from kamxl.core.portfolio.disagreeing import voices
from kamxl.forms.portfolio.ranges import _HEAD as HEAD
from kamxl.forms.portfolio.ranges import _LOW as LOW
from kamxl.forms.portfolio.ranges import BARS, CHARTS
from tests.proof import need, recalc
from tests.recomputed.chance import by_chance
from tests.recomputed.nasty import CASES
from tests.recomputed.playing import play
from tests.ways.beside import apart_beside
from tests.ways.briefed import briefed, wrong_brief
from tests.ways.comparing import path_of, untold, word_of
from tests.ways.declared import (
    BASES,
    COLUMNS,
    JSON,
    NO_NUMBERS,
    NO_VERDICTS,
    NOT_COMPARED,
    NOT_ON_A_SHEET,
    ONLY_ON_A_SHEET,
    WORDS,
    pattern,
)
from tests.ways.grounds import wrong_grounds
from tests.ways.looking import look, number, same
from tests.ways.making import Drawn, Ways, leaves, ways_of
from tests.ways.paged import Page, off_the_page, paged_sentences
from tests.ways.sentences import Sentence, by_revenue, sentences, unfounded

pytestmark = pytest.mark.proof
BRIEFS = 4  # accounts of a workspace whose briefs are read


@pytest.fixture(scope="module", params=["nasty", "demo"])
def ways(
    request: Any, demos: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory
) -> Ways:
    """One workspace of each kind, consolidated and recalculated once: in English and in German."""
    need(recalc.available())
    folder = tmp_path_factory.mktemp(request.param)
    root = folder / "work"
    if request.param == "nasty":
        play(root, CASES | by_chance(20261130, 6))
    else:
        shutil.copytree(demos("de"), root)
    return ways_of(root, folder / "office")


def test_every_number_of_a_table_is_a_number_of_python(ways: Ways) -> None:
    assert list(_apart(ways)) == []


def _apart(ways: Ways) -> Iterator[str]:
    """The columns with numbers or verdicts that nobody compares, or that say something else."""
    for table in ways.tables.values():
        for column in table.columns:
            name = f"{table.key}.{column}"
            told = any(map(number, table.cells(column))) or pattern(WORDS, name) is not None
            if not told or name in NO_NUMBERS:
                continue
            path = path_of(table, column)
            if path is None:
                yield f"{name}: nobody says what it is"
                continue
            for record, row in zip(table.records, table.rows, strict=True):
                found = word_of(ways.t, table.key, column, look(record, path, ways.around))
                if not same(found, row[column]):
                    yield f"{name}: {found!r} in Python, {row[column]!r} on the sheet"


def test_every_number_beside_a_table_is_a_number_of_python(ways: Ways) -> None:
    assert list(apart_beside(ways.loose, ways.around, ways.t)) == []


def test_every_range_bar_is_what_was_said(ways: Ways) -> None:
    sheet = ways.book[ways.tables["voices"].title]
    first = next(c for c in next(sheet.iter_rows(min_row=HEAD, max_row=HEAD))
                 if c.value == ways.t("portfolio.voices.helper"))  # fmt: skip
    shown = voices(ways.python)[:CHARTS]
    assert shown
    for at, one in enumerate(shown):
        for place, row in enumerate(one.rows[:BARS]):
            ends = (row.seen.low, row.seen.high, row.requirers, row.purchasers, row.ours)
            line = first.row + 1 + at * (BARS + 1) + place
            cells = [sheet.cell(line, first.column + LOW + n).value for n in range(len(ends))]
            assert all(map(same, ends, cells)), (row.label, ends, cells)


def test_every_verdict_in_words_is_compared(ways: Ways) -> None:
    """A column in which all words are those of one verdict is one, until somebody says why not."""
    groups = {group: _words(ways, group) for group in sorted(set(WORDS.values()))}
    found = {
        name: group
        for table in ways.tables.values()
        for column in table.columns
        for group, words in groups.items()
        if (name := f"{table.key}.{column}") not in NO_VERDICTS
        if pattern(WORDS, name) is None
        if (said := set(map(str, table.cells(column)))) and said <= words
    }
    assert found == {}


def _words(ways: Ways, group: str) -> set[str]:
    return {ways.t.source(key) for key in ways.t.keys(group)}


def test_every_number_of_the_json_is_the_one_of_python(ways: Ways) -> None:
    """To the last digit."""
    assert list(untold(ways.json, ways.result, ways.around)) == []


def test_every_number_of_the_json_stands_on_a_sheet(ways: Ways) -> None:
    """All values of a key stand in one column, or that column shows some of them."""
    shown = [set(values) for table in ways.tables.values() for _, values in _values(table)]
    beside = (cells for labels in ways.loose.values() for cells in labels.values())
    shown += [{_exact(value) for _, value in cells} for cells in beside]
    nowhere = {
        place
        for place, values in _told(ways.json).items()
        if place not in NOT_COMPARED and pattern(NOT_ON_A_SHEET, place) is None
        if not any(values <= column or column <= values for column in shown)
    }
    assert nowhere == set()


def test_every_number_of_a_sheet_is_in_the_json(ways: Ways) -> None:
    """All values of a column are those of one key, or of all keys that are called alike."""
    told: defaultdict[str, set[float]] = defaultdict(set)
    for place, values in _told(ways.json).items():
        told[place] |= values
        told[place.rpartition(".")[2]] |= values
    nowhere = {
        name
        for table in ways.tables.values()
        for column, values in _values(table)
        if (name := f"{table.key}.{column}") not in NO_NUMBERS
        if pattern(ONLY_ON_A_SHEET, name) is None
        if not any(values <= known for known in told.values())
    }
    assert nowhere == set()


def _told(said: Any) -> dict[str, set[float]]:
    """The numbers of each key of the JSON."""
    told: defaultdict[str, set[float]] = defaultdict(set)
    for place, value in leaves(said):
        if number(value):
            told[place].add(_exact(value))
    return told


def _values(table: Drawn) -> Iterator[tuple[str, set[float]]]:
    for column in table.columns:
        found = {_exact(cell) for cell in table.cells(column) if number(cell)}
        if found:
            yield column, found


def _exact(value: float) -> float:
    """To the digits that every program keeps."""
    return round(float(f"{value:.12g}"), 9)


def test_every_number_of_the_page_is_the_one_in_its_cell(ways: Ways) -> None:
    page = Page(ways.html)
    assert sum(cell.value is not None for cell in page.cells) > 100
    assert list(off_the_page(page, ways.book, ways.t)) == []


def test_every_number_of_a_sentence_stands_where_the_sentence_leads(ways: Ways) -> None:
    """On any sheet, above a picture and on the page; what is longer than a block's rows, JSON has
    whole.
    """
    said = [one for sheet in ways.book for one in sentences(sheet)]
    titles = ((sheet, title.replace("0–100", "")) for sheet, title in ways.charts)
    said += [Sentence(f"{sheet}, picture", title, sheet) for sheet, title in titles]
    assert any(re.search(r"\d", title) for _, title in ways.charts)
    said += paged_sentences(Page(ways.html), ways.book)
    whole = {key: ways.json.get(key) for key in ("screen", "improvements")}
    beside = [value for _, value in leaves(whole) if number(value)]
    beside += by_revenue(ways.python)
    assert list(unfounded(said, ways.book, ways.python, ways.t, beside)) == []


def test_every_number_of_a_brief_is_one_of_the_portfolio(ways: Ways) -> None:
    answered = [account.id for account in ways.python.accounts if account.answered]
    found = (wrong_brief(ways, briefed(ways, account)) for account in answered[:BRIEFS])
    assert [told for wrong in found for told in wrong] == []


def test_a_sentence_that_says_another_number_is_told(ways: Ways) -> None:
    sheet = ways.tables["actions"].title
    said = [Sentence("here", "314159 actions overdue", sheet)]
    (told,) = unfounded(said, ways.book, ways.python, ways.t, ())
    assert "314159" in told


def test_every_basis_is_the_same_in_words(ways: Ways) -> None:
    """The grounds of a verdict name as many raters as its basis has, and its share of weights."""
    leads = {
        "accounts": [line.account.lead for line in ways.tables["accounts"].records if line.account],
        "segments": [line.segment.lead for line in ways.tables["segments"].records],
        "competitors": [line.rival.lead for line in ways.tables["competitors"].records],
    }
    met: set[bool] = set()
    for key, found in leads.items():
        rows = ways.tables[key].rows
        for lead, row in zip(found, rows, strict=True):
            assert list(wrong_grounds(lead, str(row["basis"] or ""), ways.t)) == [], (key, row)
            met.add(lead.basis.enough)
    assert met == {True, False}


def test_the_basis_of_an_account_is_that_of_its_segments(ways: Ways) -> None:
    segments = ways.tables["segments"].rows
    for account in ways.python.accounts:
        own = [row for row in segments if row["account"] == account.id]
        assert [row["respondents"] for row in own] == [
            segment.lead.basis.of for segment in account.segments
        ]
        if account.lead.basis == Basis():
            continue
        compared = [row for row in own if row["in_lead"] not in (None, "")]
        assert same(sum(row["share"] for row in compared), account.lead.basis.revenue or 0.0)


# --- the declarations themselves ------------------------------------------------------------------


def test_nothing_is_declared_that_is_not_there(ways: Ways) -> None:
    tables = {key: set(table.columns) for key, table in ways.tables.items()}
    assert set(BASES) | set(COLUMNS) <= set(tables)
    columns = {f"{key}.{column}" for key, found in tables.items() for column in found}
    declared = {*WORDS, *NO_NUMBERS, *NO_VERDICTS, *ONLY_ON_A_SHEET}
    declared |= {f"{key}.{column}" for key, of in COLUMNS.items() for column in of}
    gone = {
        name
        for name in declared
        if not any(pattern({name: ""}, column) for column in columns)
        and not name.startswith(("programmes.r:", "programmes.p:", "heatmap.q"))
    }
    assert gone == set()
    roots = {*ways.json, "brief"}
    assert not {place for place in JSON if place.partition("[")[0].split(".")[0] not in roots}


def test_a_wrong_number_is_told_by_its_name(ways: Ways) -> None:
    """The mechanism itself, in each way: a cell, a key, a basis, the page, a brief, a record."""
    table, t = ways.tables["accounts"], ways.t
    row = next(row for row in table.rows if number(row["total"]))
    with _other(row, "total", row["total"] + 1e-6):
        assert _names(_apart(ways)) == ["accounts.total"]
    (name, cells), *_ = ways.loose["dashboard"].items()
    loose = {"dashboard": {name: [(at, value + 1e-6) for at, value in cells]}}
    (told,) = apart_beside(loose, ways.around, t)
    assert told.startswith(f"dashboard, {name!r}")

    account, *_ = ways.json["accounts"]
    with _other(account, "total", 0.123), _other(account["basis"], "raters", 99):
        said = _names(untold(ways.json, ways.result, ways.around))
    assert said == ["accounts[].basis.raters", "accounts[].total"]
    with _other(account, "new_number", 1):
        assert _names(untold(ways.json, ways.result, ways.around)) == ["accounts[].new_number"]

    page = Page(ways.html)
    cell = next(cell for cell in page.cells if cell.column == "total" and cell.value)
    cell.value = str(float(cell.value or 0) + 1e-6)
    assert _names(off_the_page(page, ways.book, t)) == [f"{cell.section}.total"]

    made = briefed(ways, next(a.id for a in ways.python.accounts if a.total and a.answered))
    shown = t.number(made.of.account.total)
    other = replace(made, page=made.page.replace(f">{shown}<", ">31.4159<"))
    assert any("is nowhere" in told for told in wrong_brief(ways, other))
    with _other(made.json, "total", 0.123):
        assert "brief.total" in _names(wrong_brief(ways, made))

    result = replace(ways.result, portfolio=replace(ways.python, accounts=ways.python.accounts[1:]))
    assert "accounts" in _names(untold(ways.json, result, ways.around))


@contextmanager
def _other(told: dict[str, Any], key: str, value: Any) -> Iterator[None]:
    """Something else at a key, for a while."""
    kept = dict(told)
    told[key] = value
    try:
        yield
    finally:
        told.clear()
        told.update(kept)


def _names(said: Iterable[str]) -> list[str]:
    """What is told, by its place, each once."""
    return sorted({one.partition(":")[0] for one in said})
