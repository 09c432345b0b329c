"""The sheets Follow-up, Benefits and Chase: sheet, page, JSON and Python say the same figures."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from kamxl.core.portfolio.chasing import Reached, tallies
from kamxl.core.portfolio.following import FollowUp, Handled
from kamxl.core.portfolio.moved import Compared, Difference, Group
from kamxl.core.portfolio.whole import Portfolio
from kamxl.core.records.benefits import Known, summed
from kamxl.core.records.page import RowKind
from kamxl.forms.paper.book import Book, Formula
from kamxl.forms.paper.raw import a1
from kamxl.forms.portfolio.book import book
from kamxl.forms.portfolio.follow import sentence
from kamxl.forms.portfolio.news import news
from kamxl.report.html import render
from kamxl.report.numbers import value_of
from kamxl.report.tables import block_above, source_of
from kamxl.wording.texts import languages, texts
from kamxl.workflow.shown.followed import benefits_json, chase_json, follow_json
from tests.forms import portfolio_sample as sample
from tests.report.reading import Reader

SHEETS = ("follow", "benefits", "chase")
Row = dict[str, Any]


@pytest.fixture(scope="module")
def full() -> Portfolio:
    return sample.full()


@pytest.fixture(scope="module", params=["de", "en"])
def made(request, full: Portfolio) -> Book:
    return book(full, request.param, sample.STAMP, {})


def rows(made: Book, key: str) -> list[Row]:
    source = source_of(made.sheet(key))
    return [{k: value_of(source.cell(at, k)) for k in source.columns} for at in source.rows]


def above(made: Book, key: str, first: str) -> list[Row]:
    source = block_above(made.sheet(key), 7, first)
    assert source is not None
    return [{k: value_of(source.cell(at, k)) for k in source.columns} for at in source.rows]


def test_the_sample_holds_every_case(full: Portfolio) -> None:
    threads = full.follow.threads
    assert {one.kind for one in threads} == set(RowKind)
    assert {one.handled.value for one in threads} >= {"replied", "none", "open"}
    assert {b.known for found in full.benefits.values() for b in found} == set(Known)
    assert {one.reached for one in full.chase} >= {Reached.ANSWERED, Reached.SENT, Reached.LEFT}
    assert any(one.late(full.as_of) for one in full.chase)


def test_follow_up_shows_the_core_s_figures_and_json_the_same(full: Portfolio, made: Book) -> None:
    json = follow_json(full)
    found = rows(made, "follow")
    assert len(found) == len(full.follow.threads) == len(json["threads"])
    for shown, one, told in zip(found, full.follow.threads, json["threads"], strict=True):
        for key in ("rating", "weight", "next", "change", "elsewhere", "more"):
            value = getattr(one, key)
            assert shown[key] == told[key] == (None if value is None else pytest.approx(value)), key
    groups = full.follow.compared.followed, full.follow.compared.others
    sides = above(made, "follow", "sum_n")
    for shown, group, key in zip(sides, groups, ("with", "without"), strict=True):
        assert shown["sum_n"] == group.n == json[key]["n"] > 5
        for figure in ("change", "elsewhere", "more"):
            value = pytest.approx(getattr(group, figure))
            assert shown[f"sum_{figure}"] == value
            assert json[key][figure] == value
    assert json["said"] == full.follow.compared.said.value


def test_benefits_are_summed_by_account(full: Portfolio, made: Book) -> None:
    json = {one["account"]: one for one in benefits_json(full)}
    names = {account.name: account.id for account in full.accounts}
    sums = above(made, "benefits", "sum_confirmed")
    assert {names[row["sum_account"]] for row in sums} == json.keys()
    for row in sums:
        account = names[row["sum_account"]]
        core, told = summed(full.benefits[account]), json[account]
        for known in Known:
            assert row[f"sum_{known.value}"] == core.counts[known] == told["counts"][known.value]
        assert row["sum_named"] == core.named.value == told["confirmed_named"]
        assert row["sum_money"] == core.money[Known.CLAIMED].value == told["money"]["claimed"]
        assert sum(core.counts.values()) == len(told["benefits"])
    heard = next(row for row in rows(made, "benefits") if row["id"] == "V4")
    t = texts(made.language)
    assert (heard["said_how"], heard["by"]) == (t("portfolio.benefits.oral"), "A. Keller")
    assert (heard["on"], heard["change"], heard["named"]) == (date(2026, 10, 5), -17.5, 9000.0)
    unasked = next(row for row in rows(made, "benefits") if row["id"] == "V2")
    assert (unasked["known"], unasked["named"]) == (t("portfolio.known.unknown"), None)


def test_the_chase_list_is_counted_by_manager(full: Portfolio, made: Book) -> None:
    json, core = chase_json(full), tallies(full.chase, full.as_of)
    found = rows(made, "chase")
    assert len(found) == sum(one["asked"] for one in json) == len(full.chase)
    for row, tally, told in zip(above(made, "chase", "sum_asked"), core, json, strict=True):
        assert row["sum_manager"] == tally.manager == told["manager"]
        assert row["sum_asked"] == tally.asked == told["asked"] == len(told["cards"])
        for state in Reached:
            assert row[f"sum_{state.value}"] == tally.by[state] == told[state.value]
        assert row["sum_overdue"] == tally.overdue == told["overdue"]
    for row, one in zip(found, full.chase, strict=True):
        assert (row["name"], row["due"], row["late"]) == (one.name, one.due, one.late(full.as_of))


def test_the_figures_are_formulas(made: Book) -> None:
    for key, columns in {"follow": ("change", "elsewhere", "more"), "benefits": ("change",),
                         "chase": ("late",)}.items():  # fmt: skip
        source = source_of(made.sheet(key))
        cells = [source.cell(row, column) for row in source.rows for column in columns]
        assert all(cell and isinstance(cell.content, Formula) for cell in cells), key
    for key, first in (("follow", "sum_n"), ("benefits", "sum_named"), ("chase", "sum_asked")):
        source = block_above(made.sheet(key), 7, first)
        assert source is not None
        cell = source.cell(source.rows[0], first)
        assert cell is not None
        assert isinstance(cell.content, Formula)


def test_the_page_has_the_same_tables(full: Portfolio, made: Book) -> None:
    t = texts(made.language)
    page = Reader(render(made, news(full, t)))
    for key, count in (("follow", len(full.follow.threads)), ("chase", len(full.chase)),
                       ("benefits", sum(map(len, full.benefits.values())))):  # fmt: skip
        tables = [table for table in page.tables if table.section == key]
        assert sum(len(table.rows) for table in tables) >= count
    assert sentence(full.follow.compared, t) in page.text


def said(kind: Difference, language: str) -> str:
    found = Compared(Group(12, 9.0, 1.0), Group(30, 1.0, 1.0), 7, kind)
    return sentence(found, texts(language))


@pytest.mark.parametrize("language", languages())
def test_no_sentence_claims_a_cause_and_few_claim_nothing(language: str) -> None:
    every = {kind: said(kind, language) for kind in Difference}
    assert len(set(every.values())) == 4
    for kind, text in every.items():
        named = kind in (Difference.MORE, Difference.LESS)
        assert (texts(language).number(8.0) in text) is named
        words = {"de": "warum es so ist, können wir nicht sagen", "en": "we cannot say"}
        assert (words[language] in text) is named
        assert not {"weil", "dank", "because", "thanks"} & set(text.lower().split())


def test_a_sheet_without_anything_says_so() -> None:
    bare = book(sample.empty(), "de", sample.STAMP, {})
    t = texts("de")
    for key in SHEETS:
        source = source_of(bare.sheet(key))
        assert source.rows == ()
        assert value_of(bare.sheet(key).cells[source.head + 2, 1]) == t(f"portfolio.{key}.empty")


def test_wishes_say_what_became_of_them(full: Portfolio, made: Book) -> None:
    t = texts(made.language)
    found = [row for row in rows(made, "wishes") if row["fit"] or row["result"]]
    assert found
    assert {row["fit"] for row in found} <= {
        t(f"portfolio.fit.{k}") for k in ("yes", "no", "later")
    }


def test_a_barrier_is_a_row_of_actions_and_counts_as_overdue(full: Portfolio, made: Book) -> None:
    (row,) = [row for row in rows(made, "actions") if row["id"] == "barriers"]
    assert (row["text"], row["owner"]) == ("Einstieg über die Wartung", "Jana Rehfeldt")
    assert "Rahmenvertrag bis Ende 2027" in row["closes"]
    assert row["late"] == 32
    account = next(a for a in full.accounts if a.id == "MOLTIDE")
    accounts = {row["id"]: row for row in rows(made, "accounts")}
    assert accounts["MOLTIDE"]["overdue"] == len(account.standing.overdue) == 2


def test_programmes_show_what_they_did(made: Book) -> None:
    row = next(r for r in rows(made, "programmes") if r["id"] == "P1" and r["done_years"])
    assert (row["planned_revenue"], row["actual_revenue"]) == (120_000.0, 95_000.0)
    assert (row["planned_profit"], row["actual_profit"]) == (30_000.0, -1_000.5)
    assert (row["planned_customer_revenue"], row["actual_customer_revenue"]) == (None, None)
    assert (row["planned_customer_profit"], row["actual_customer_profit"]) == (90_000.0, 70_000.0)
    assert row["done_years"] == "2026"


def test_a_thread_without_an_account_in_the_register_is_shown(full: Portfolio) -> None:
    lost = [replace(one, account="LOST") for one in full.follow.threads[:2]]
    one = replace(full, follow=FollowUp(tuple(lost)))
    found = rows(book(one, "en", sample.STAMP, {}), "follow")
    assert [row["account"] for row in found] == ["LOST", "LOST"]


def test_only_what_was_acted_on_is_printed(full: Portfolio, made: Book) -> None:
    """Hundreds of requirements about which nobody did anything are for the screen."""
    sheet = made.sheet("follow")
    source = source_of(sheet)
    acted = [one for one in full.follow.threads if one.handled is not Handled.NONE]
    assert list(full.follow.threads[: len(acted)]) == acted
    assert 0 < len(acted) < len(source.rows)
    last = source.rows[len(acted) - 1]
    assert sheet.print_area == f"A1:{a1(last, source.columns['more'])}"
    rest = len(source.rows) - len(acted)
    t = texts(made.language)
    told = t("portfolio.follow.printed", count=rest)
    assert told in " ".join(str(cell.content) for _, cell in sorted(sheet.cells.items()))
