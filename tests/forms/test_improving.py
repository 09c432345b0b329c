"""Each requirement over all accounts, above the gaps and in words: the core's figures."""

from __future__ import annotations

from collections import defaultdict

import pytest

from kamxl.core.method.selection import AccountList
from kamxl.core.portfolio.improving import ACCOUNT, AGAIN, improvements
from kamxl.core.portfolio.whole import Portfolio
from kamxl.forms.paper.book import Book
from kamxl.forms.portfolio.book import book
from kamxl.forms.portfolio.lists import MAX_SUMS
from kamxl.forms.portfolio.news import news, values
from kamxl.forms.portfolio.words import money
from kamxl.wording.texts import texts
from tests.core.test_improving import portfolio as small
from tests.core.test_improving import reply
from tests.forms import portfolio_sample as sample
from tests.forms.test_portfolio_growth import Row, rows


@pytest.fixture(scope="module")
def full() -> Portfolio:
    return sample.full()


@pytest.fixture(scope="module")
def made(full: Portfolio) -> Book:
    return book(full, "en", sample.STAMP, {})


def sums(made: Book) -> list[Row]:
    found = rows(made.sheet("drivers"), "sum_number", "sum_points", last="sum_number")
    return [row for row in found if isinstance(row["sum_number"], int)]


def test_the_block_shows_the_core_s_figures(full: Portfolio, made: Book) -> None:
    core = improvements(full.accounts, "en").found
    shown = sums(made)
    assert len(shown) == MAX_SUMS < len(core)
    for row, one in zip(shown, core, strict=False):
        assert (row["sum_number"], row["sum_requirement"]) == (one.place, one.label)
        assert row["sum_points"] == pytest.approx(one.points)
        assert row["sum_money"] == pytest.approx(one.money)
        assert row["sum_revenue"] == pytest.approx(one.revenue.value)
        counts = (row["sum_segments"], row["sum_accounts"], row["sum_unvalued"], row["sum_wishes"])
        assert counts == (one.segments, one.accounts, one.unvalued, one.wishes)
        for wanted in AccountList:
            part = one.within(wanted)
            points = part.points if part.gaps else None
            assert row[f"sum_money_{wanted}"] == pytest.approx(part.money)
            assert row[f"sum_points_{wanted}"] == pytest.approx(points)
    assert {row["sum_action"] for row in shown} > {"none yet"}
    assert sum(int(str(row["sum_wishes"])) for row in shown) == 1


def test_the_rows_below_add_up_to_the_block(made: Book) -> None:
    """As somebody who filters the table by a number would add them up."""
    by: defaultdict[object, list[Row]] = defaultdict(list)
    for row in rows(made.sheet("drivers"), "number", "worth", "place"):
        by[row["place"]].append(row)
    for shown in sums(made):
        own = by[shown["sum_number"]]
        assert shown["sum_points"] == pytest.approx(sum(float(str(r["points"])) for r in own))
        money = [float(str(r["money"])) for r in own if r["money"] is not None]
        assert shown["sum_money"] == pytest.approx(sum(money))
        assert shown["sum_segments"] == sum(r["counts"] != AGAIN for r in own)
        assert shown["sum_accounts"] == sum(r["counts"] == ACCOUNT for r in own)
    earlier = [row for row in by[None] if row["period"] == "2026-H1 (earlier)"]
    assert earlier == by[None]
    assert earlier


def test_what_is_in_no_sum_is_said(full: Portfolio, made: Book) -> None:
    said = [str(cell.content) for cell in made.sheet("drivers").cells.values()]
    more = len(improvements(full.accounts, "en").found) - MAX_SUMS
    note = (
        f"{more} more requirements are only in the table below. "
        "One segment with answers from an earlier period is in no sum."
    )
    assert note in said


def test_a_wish_names_the_requirement_it_is_linked_to(made: Book) -> None:
    found = rows(made.sheet("wishes"), "account", "issue", "requirement", "place")
    linked = [(row["action"], row["requirement"], row["place"]) for row in found
              if row["requirement"]]  # fmt: skip
    number = next(r["sum_number"] for r in sums(made) if r["sum_wishes"])
    label = "Skill of the engineers on site"
    assert linked == [("Ersatzteillager beim Kunden einrichten", label, number)]


@pytest.mark.parametrize(
    "kind", ["empty", "single", pytest.param("crowd", marks=pytest.mark.proof), "odd"]
)
def test_the_table_is_last_whatever_stands_above(kind: str) -> None:
    portfolio = sample.KINDS[kind]()
    sheet = book(portfolio, "de", sample.STAMP, {}).sheet("drivers")
    shown = min(len(improvements(portfolio.accounts, "de").found), MAX_SUMS)
    header = next(row for (row, _), cell in sheet.cells.items() if cell.content == "worth")
    assert header == (7 + shown + 4 if shown else 6)
    assert sheet.title_rows == (header - 1, header)


# --- in words ------------------------------------------------------------------------------------

THREE = [
    reply({"D": (100.0, 50.0, 80.0, 60.0)}, "A"),
    reply({"D": (100.0, 60.0, 90.0, 60.0)}, "B"),
    reply({"D": (100.0, 79.0, 70.0, 75.0)}, "C"),
]


def said(revenues: tuple[float | None, ...], language: str, answered: int = 3) -> str:
    places = {(a, "S"): r for a, r in zip("ABC", revenues, strict=False)}
    (only,) = values(small(THREE[:answered], places), texts(language))
    return only


def test_the_money_question_in_german_and_english() -> None:
    known = (3_000_000.0, 1_000_000.0, 160_000.0)
    assert said(known, "de") == (
        "Delivery: 3 Segmente, 4,2 Mio. Umsatz, 111 Punkte; höchste Bewertung der "
        "Mitbewerber: Borel (in 2 von 3); noch keine Maßnahme."
    )
    assert said(known, "en") == (
        "Delivery: 3 segments, 4.2 m of revenue, 111 points; highest rating of "
        "competitors: Borel (in 2 of 3); no action yet."
    )


def test_one_segment_and_unknown_revenue() -> None:
    assert said((None,), "de", 1) == (
        "Delivery: 1 Segment, Umsatz unbekannt, 50 Punkte; höchste Bewertung der "
        "Mitbewerber: Borel (in 1 von 1); noch keine Maßnahme."
    )
    assert said((820_000.0, None, None), "en") == (
        "Delivery: 3 segments, at least 820,000 of revenue, 111 points; highest rating of "
        "competitors: Borel (in 2 of 3); no action yet."
    )


def test_actions_in_words(full: Portfolio) -> None:
    lines = values(full, texts("de"))
    core = improvements(full.accounts, "de").found
    for line, one in zip(lines, core, strict=True):
        acted = f"Maßnahme in {one.acted} von {one.segments}"
        assert (acted if one.acted else "noch keine Maßnahme") in line
    assert any(one.acted for one in core)


def test_it_stands_among_the_news(full: Portfolio) -> None:
    t = texts("de")
    sheet = book(full, "de", sample.STAMP, {}).sheet("news")
    cells = [str(cell.content) for cell in sheet.cells.values()]
    count = len(values(full, t))
    assert f"{t('portfolio.dashboard.value')} ({count})" in cells
    assert any(cell.startswith("→  Lieferzuverlässigkeit: 10 Segmente, ") for cell in cells)
    assert "value" not in news(sample.empty(), t)


def test_money_as_one_says_it() -> None:
    de, en = texts("de"), texts("en")
    assert [money(de, v) for v in (4_249_000.0, 999_400.0, 0.0)] == ["4,2 Mio.", "999.400", "0"]
    assert [money(en, v) for v in (12_000_000.0, 1234.5)] == ["12.0 m", "1,235"]
