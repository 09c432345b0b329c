"""Workbook, page, JSON and Python say the same of every account and segment, bases included.

The workbook as LibreOffice calculates it, not as it was stored.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from kamxl import consolidate
from kamxl.core.method.basis import Basis, Lead
from kamxl.core.portfolio.results import AccountResult, SegmentResult
from kamxl.core.portfolio.screen import FIGURES, screen_of
from kamxl.core.portfolio.whole import Portfolio
from kamxl.forms.portfolio import dashboard
from kamxl.forms.portfolio.answers import basis_said
from kamxl.forms.portfolio.tiles import FIGURES_ROW
from kamxl.wording.texts import Texts, texts
from tests.proof import need, recalc
from tests.recomputed.nasty import CASES
from tests.recomputed.playing import play, told
from tests.report.reading import Reader

pytestmark = pytest.mark.proof
NEAR = {"rel": 0, "abs": 1e-9}
Row = dict[str, Any]
FOLLOWED = {"follow": "handled", "benefits": "known", "chase": "reached"}  # a key of each table


@dataclass
class Four:
    """One workspace: Python's portfolio, the JSON, the sheets recalculated, the page."""

    t: Texts
    python: Portfolio
    json: dict[str, Any]
    book: dict[str, list[Row]]
    page: dict[str, list[Row]]


def four(root: Path, folder: Path, language: str) -> Four:
    t, json = texts(language), told(root, "consolidate")
    python = consolidate(root).portfolio
    (made,) = recalc.in_libreoffice([root / "Portfolio.xlsx"], folder).values()
    workbook = openpyxl.load_workbook(made, data_only=True)
    book = {
        key: _rows(workbook[t(f"portfolio.{key}.sheet")])
        for key in ("accounts", "segments", "position")
    }
    first = workbook[t("portfolio.dashboard.sheet")]
    book["dashboard"], book["figures"] = _screen(first)
    for key, first in FOLLOWED.items():
        book[key] = _rows(workbook[t(f"portfolio.{key}.sheet")], first)
    page: dict[str, list[Row]] = {}
    for table in Reader((root / "Portfolio.html").read_bytes()).tables:
        page[table.section] = [dict(zip(table.heads, row, strict=True)) for row in table.rows]
    return Four(t, python, json, book, page)


def _rows(sheet: Any, among: str = "lead_coverage") -> list[Row]:
    """The records of a sheet by the keys above them."""
    lines = list(sheet.iter_rows(values_only=True))
    at = next((n for n, line in enumerate(lines) if among in line), None)
    if at is None:
        return []
    keys = {key: place for place, key in enumerate(lines[at]) if isinstance(key, str)}
    rows = [{key: line[place] for key, place in keys.items()} for line in lines[at + 1 :]]
    return [row for row in rows if any(value not in (None, "") for value in row.values())]


def _screen(sheet: Any) -> tuple[list[Row], list[Row]]:
    """The accounts on the first sheet, and its headline numbers."""
    lines = [
        [sheet.cell(row, column).value for column in range(1, dashboard.LAST + 1)]
        for row in range(1, dashboard.FIRST + dashboard.LINES)
    ]
    keys = {"lag": dashboard.LAG, "ahead": dashboard.AHEAD, "lead": dashboard.LEAD,
            "basis": dashboard.BASIS}  # fmt: skip
    rows = [{key: line[at - 1] for key, at in keys.items()} for line in lines[dashboard.FIRST - 1 :]
            if line[dashboard.LEAD - 1] is not None]  # fmt: skip
    values = [value for value in lines[FIGURES_ROW] if value is not None]
    return rows, [dict(zip(FIGURES, values, strict=True))]


@pytest.fixture(scope="module", params=["nasty", "demo"])
def ways(request, demos, tmp_path_factory) -> Four:
    need(recalc.available())
    folder = tmp_path_factory.mktemp(request.param)
    root = folder / "work"
    if request.param == "nasty":
        play(root, CASES)
        return four(root, folder / "office", "en")
    shutil.copytree(demos("de"), root)
    return four(root, folder / "office", "de")


def approx(value: float | None) -> object:
    return None if value is None else pytest.approx(value, **NEAR)


def shown(value: object) -> object:
    return None if value == "" else value


def as_json(basis: Basis) -> object:
    return {
        "raters": basis.raters, "of": basis.of, "weights": approx(basis.weights),
        "revenue": approx(basis.revenue), "enough": basis.enough,
    }  # fmt: skip


def check_json(python: AccountResult | SegmentResult, json: Row) -> None:
    assert json["id"] == python.id
    assert json["total"] == approx(python.total)
    assert json["coverage"] == approx(python.coverage)
    assert json["lead"] == approx(python.lead.unjudged)
    assert json["basis"] == as_json(python.lead.basis)
    assert json["best_competitor"] == python.best_competitor


def check_row(python: AccountResult | SegmentResult, row: Row, t: Texts) -> None:
    """A row of *Accounts* or *Segments*: the verdict is there if the basis is enough."""
    lead = python.lead
    assert shown(row["total"]) == approx(python.total)
    assert shown(row["coverage"]) == approx(python.coverage)
    assert shown(row["lead"]) == approx(lead.points)
    assert shown(row["position"]) == (None if lead.verdict is None else lead.verdict.value)
    assert (row["lead_coverage"] or 0) == approx(lead.basis.weights)
    check_words(lead, str(row["basis"] or ""), t)
    mark = t("portfolio.words.not_comparable", name="").strip()
    assert (mark in str(row["best"] or "")) == (
        python.best_competitor is not None and not lead.basis.enough
    )


def check_words(lead: Lead, said: str, t: Texts) -> None:
    """The grounds name as many raters as the basis has, and its share of the weights."""
    basis, of = lead.basis, t("portfolio.fields.of")
    if basis.enough:
        told_ = re.search(rf"\((?:(\d+) {of}|alle|all) (\d+)\)", said)
        assert told_, said
        assert int(told_[1] or told_[2]) == basis.raters, said
        assert int(told_[2]) == basis.of, said
        (percent,) = re.findall(r"(\d+) ?%", said)
        assert abs(int(percent) - 100 * basis.weights) < 1, said
    elif basis.of:
        assert said.startswith(t("portfolio.grounds.not_comparable", missing="").strip()), said
    else:
        assert said == ""


def test_accounts(ways: Four) -> None:
    rows = {row["id"]: row for row in ways.book["accounts"]}
    segments = ways.book["segments"]
    enough = 0
    for account, json in zip(ways.python.accounts, ways.json["accounts"], strict=True):
        check_json(account, json)
        check_row(account, rows[account.id], ways.t)
        own = [row for row in segments if row["account"] == account.id]
        revenue = sum(row["share"] for row in own if shown(row["in_lead"]) is not None)
        assert revenue == approx(account.lead.basis.revenue or 0.0)
        enough += account.lead.basis.enough
    assert 0 < enough < len(ways.python.accounts)


def test_segments(ways: Four) -> None:
    rows = {(row["account"], row["segment"]): row for row in ways.book["segments"]}
    enough = []
    for account, json in zip(ways.python.accounts, ways.json["accounts"], strict=True):
        for segment, told_ in zip(account.segments, json["segments"], strict=True):
            row, basis = rows[account.id, segment.id], segment.lead.basis
            check_json(segment, told_)
            check_row(segment, row, ways.t)
            assert (row["raters"] or 0, row["respondents"]) == (basis.raters, basis.of)
            assert row["share"] == approx(basis.revenue)
            enough.append(basis.enough)
    assert len(rows) == len(enough)
    assert {True, False} == set(enough)


def test_the_evidence_of_the_position(ways: Four) -> None:
    rows = {row["id"]: row for row in ways.book["position"]}
    for account in ways.python.accounts:
        row = rows[account.id]
        assert shown(row["lead"]) == approx(account.lead.unjudged)
        assert (row["lead_coverage"] or 0) == approx(account.lead.basis.weights)
        assert shown(row["relative"]) == approx(account.standing.position.relative)


def test_the_first_screen(ways: Four) -> None:
    """Its accounts and headline numbers, on the sheet, in the JSON and in Python."""
    screen, json = screen_of(ways.python, ways.t.language), ways.json["screen"]
    shown_rows = ways.book["dashboard"]
    assert [one["id"] for one in json["accounts"]] == [row.account.id for row in screen.rows]
    assert bool(shown_rows) == bool(screen.rows)
    for cells, row, one in zip(shown_rows, screen.rows, json["accounts"], strict=False):
        lead = row.account.lead
        assert shown(None if cells["lead"] == "–" else cells["lead"]) == approx(lead.points)
        assert shown(one["lead"]) == approx(lead.points)
        assert one["basis"]["weights"] == approx(lead.basis.weights)
        assert str(cells["basis"]) == basis_said(row, ways.t)
        assert one["squares"] == row.squares
        behind, ahead = (len(str(cells[side] or "")) for side in ("lag", "ahead"))
        assert not (behind and ahead)
        assert not behind or lead.points < 0
        assert not ahead or lead.points > 0
    for key, cell in ways.book["figures"][0].items():
        figure = screen.figure(key)
        assert json["figures"][key]["value"] == approx(figure.value)
        if isinstance(cell, int | float):
            assert cell == approx(figure.value)
        elif key == "ahead_behind":
            assert cell == (" / ".join(map(str, figure.parts)) if figure.n else "–")
        elif key == "answered":
            assert [int(part) for part in re.findall(r"\d+", cell)] == [figure.n, figure.of]
        else:
            assert (cell, figure.value) == ("–", None)


def test_the_page(ways: Four) -> None:
    """What stands on the page is the workbook's: numbers rounded, words to the letter."""
    t = ways.t
    heads = {key: t(f"portfolio.accounts.{key}") for key in ("total", "lead", "best", "basis")}
    rows = ways.book["accounts"]
    for row, on_page in zip(rows, ways.page["accounts"], strict=True):
        for key in ("best", "basis"):
            assert on_page[heads[key]] == str(row[key] or ""), key
        for key in ("total", "lead"):
            value = shown(row[key])
            told_ = on_page[heads[key]].replace("−", "-").replace(t.number(0.5)[1], ".")
            assert (told_ == "") == (value is None)
            assert not told_ or abs(float(told_) - value) <= 0.05 + 1e-9
    judged = [row for row in rows if shown(row["lead"]) is not None]
    assert judged
    named = {row["name"]: row for row in judged}
    leads = ways.page["leads"]
    assert {row[heads["basis"]] for row in leads} <= {row["basis"] for row in judged}
    assert all(row[t("portfolio.dashboard.name")] in named for row in leads)


def test_what_is_followed_up(ways: Four) -> None:
    """Threads, benefits and the chase list: as many rows and the same figures everywhere."""
    portfolio, json = ways.python, ways.json
    threads = portfolio.follow.threads
    rows = [row for row in ways.book["follow"] if row["handled"]]
    assert len(rows) == len(threads) == len(json["follow_up"]["threads"])
    for row, one, told_ in zip(rows, threads, json["follow_up"]["threads"], strict=True):
        for key in ("rating", "next", "change", "elsewhere", "more"):
            assert shown(row[key]) == approx(getattr(one, key)), key
            assert told_[key] == approx(getattr(one, key)), key
    benefits = [one for found in portfolio.benefits.values() for one in found]
    rows = [row for row in ways.book["benefits"] if row["known"]]
    assert len(rows) == len(benefits) == sum(len(one["benefits"]) for one in json["benefits"])
    told_ = [one for account in json["benefits"] for one in account["benefits"]]
    for row, one, said in zip(rows, benefits, told_, strict=True):
        assert (row["id"], shown(row["change"])) == (one.lever.id, approx(one.change))
        assert (said["id"], said["change"], said["named"]) == (
            one.lever.id, approx(one.change), one.amount,
        )  # fmt: skip
    rows = [row for row in ways.book["chase"] if row["reached"]]
    cards = [card for manager in json["chase"] for card in manager["cards"]]
    assert len(rows) == len(portfolio.chase) == len(cards)
    for row, one, card in zip(rows, portfolio.chase, cards, strict=True):
        late = one.late(portfolio.as_of)
        assert (row["account_id"], shown(row["late"])) == (one.account, late)
        assert (card["account"], card["days_overdue"]) == (one.account, late)
