"""The sheet *Trend* and what is said of changes: the parts, their words, and their check."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest

from kamxl.commands import consolidate
from kamxl.core.portfolio.waterfall import Bar, overall, waterfall_of
from kamxl.core.portfolio.whole import Portfolio
from kamxl.excel.writing.draw import build, render
from kamxl.forms.paper.book import Formula, Sheet
from kamxl.forms.portfolio import carrying, prints, waterfall
from kamxl.forms.portfolio.book import book
from kamxl.forms.portfolio.changed import change_said, changed_most, signed
from kamxl.forms.portfolio.news import news
from kamxl.forms.portfolio.waterfall import overall_said
from kamxl.wording.texts import texts
from tests.core.test_changing import (
    PUMPS,
    ROWS,
    THEN,
    VALVES,
    Rows,
    assembled,
    both,
    reply,
)
from tests.forms import portfolio_sample as sample
from tests.proof.recalc import differences_in_libreoffice

SEVERE: Rows = {"R1": (60.0, 40.0, 70.0), "R2": (40.0, 10.0, 90.0)}
BETTER: Rows = {"R1": (60.0, 85.0, 80.0), "R2": (40.0, 70.0, 90.0)}


def said(portfolio: Portfolio, language: str = "de", *, brief: bool = False) -> str:
    return change_said(texts(language), portfolio, portfolio.accounts[0], brief=brief)


@pytest.fixture(scope="module")
def full() -> Portfolio:
    return sample.full()


@pytest.fixture(scope="module")
def sheet(full: Portfolio) -> Sheet:
    return book(full, "de", sample.STAMP, {}).sheet("trend")


# --- in words ------------------------------------------------------------------------------------


def test_each_part_is_said_with_its_points_and_the_rival_beside() -> None:
    portfolio = assembled(
        reply(ROWS, "Rolf", period=THEN), reply(SEVERE, "Pia", period=THEN), reply(BETTER, "Rolf")
    )
    assert said(portfolio) == (
        "+31,0 seit 2026-H1: Urteil +8,3 (am meisten „Text R2“ +6,0), "
        "Pia nicht mehr dabei +22,8; Borel +6,0"
    )
    assert said(portfolio, "en") == (
        "+31.0 since 2026-H1: opinion +8.3 (largest: “Text R2” +6.0), "
        "Pia no longer included +22.8; Borel +6.0"
    )
    assert (
        said(portfolio, brief=True) == "+31,0 seit 2026-H1: Pia nicht mehr dabei +22,8; Borel +6,0"
    )


def test_who_answered_and_does_not_count_is_not_said_to_be_gone() -> None:
    little: Rows = {"R1": (60.0, None, 70.0), "R2": (40.0, 10.0, 90.0)}
    portfolio = assembled(*both("Rolf"), reply(SEVERE, period=THEN), reply(little))
    assert "Pia zählt nicht mehr mit +20,0" in said(portfolio)
    assert "Pia no longer counts +20.0" in said(portfolio, "en")
    back = assembled(*both("Rolf"), reply(little, period=THEN), reply(SEVERE))
    assert "Pia zählt jetzt mit −20,0" in said(back)


def test_segments_requirements_weights_and_revenue_are_said() -> None:
    poor: Rows = {"R1": (100.0, 20.0, 50.0)}
    two = (PUMPS, VALVES)
    gone = assembled(*both("Rolf"), reply(poor, "Rolf", segment="V", period=THEN), segments=two)
    assert said(gone).startswith("+12,0 seit 2026-H1: Segment Valves nicht mehr dabei +12,0")
    more = ROWS | {"R3": (100.0, 28.0, 1.0)}
    assert "„Text R3“ jetzt dabei −20,0" in said(assembled(reply(ROWS, period=THEN), reply(more)))
    other: Rows = {"R1": (90.0, 80.0, 70.0), "R2": (10.0, 50.0, 90.0)}
    assert "Gewichte +9,0" in said(assembled(reply(ROWS, period=THEN), reply(other)))
    replies = [*both("Rolf"), *both("Rolf", "V", poor)]
    remembered = {THEN: {("a", "p"): 100.0, ("a", "v"): 100.0}}
    mixed = assembled(*replies, segments=two, revenues=remembered)
    assert "unsere Umsatzanteile +12,0" in said(mixed)


def test_nothing_is_claimed_below_the_line() -> None:
    strangers = assembled(reply(ROWS, "Rolf", period=THEN), reply(BETTER, "Uwe"))
    assert said(strangers) == (
        "Kaum vergleichbar mit 2026-H1: Niemand hat beide Male dasselbe bewertet"
    )
    partly = assembled(
        reply(ROWS, "Rolf", period=THEN), reply(BETTER, "Uwe"), reply(BETTER, "Rolf"),
        reply(BETTER, "Ina"),
    )  # fmt: skip
    assert said(partly) == (
        "Kaum vergleichbar mit 2026-H1: Dieselben Befragten haben nur 33 % beide Male bewertet"
    )
    small = assembled(*both("Rolf", "V"), segments=(PUMPS, replace(VALVES, revenue=10.0)))
    assert said(small, "en") == (
        "Hardly comparable with 2026-H1: only 3% of the account is rated in one of the periods"
    )
    for portfolio in (strangers, small):
        assert changed_most(portfolio) == []
        assert news(portfolio, texts("de"))["changed"] == []


def test_without_two_answers_it_is_said_which_is_missing() -> None:
    assert said(assembled(reply(ROWS))) == "Erste Antwort"
    assert said(assembled(reply(ROWS, period=THEN))) == "Keine Antwort in 2026-H2"
    assert said(assembled()) == ""
    assert said(assembled(*both("Rolf"))) == "Unverändert seit 2026-H1; Borel ±0,0"
    assert "changed" not in news(assembled(reply(ROWS)), texts("de"))


def test_the_dashboard_has_the_largest_changes_first_and_in_brief(full: Portfolio) -> None:
    order = changed_most(full)
    sizes = [abs(full.changes[account.id].points or 0.0) for account in order]
    assert sizes == sorted(sizes, reverse=True)
    for language in ("de", "en"):
        t = texts(language)
        short, whole = news(full, t)["changed"], news(full, t, 300)["changed"]
        assert len(short) == len(whole) == len(order)
        for account, brief, long in zip(order, short, whole, strict=True):
            assert brief.startswith(f"{account.name}: ")
            assert len(brief) <= len(long)
            rival = full.changes[account.id].rival
            if rival is not None and rival.points is not None:
                assert rival.name in brief or t("scorecard.alternative") in brief


# --- the sheet -----------------------------------------------------------------------------------


def rows_of(sheet: Sheet) -> list[dict[str, object]]:
    """The table's rows by key: the values of formulas, not their texts."""
    key_row = next(r for (r, c), cell in sheet.cells.items() if c == 1 and cell.content == "id")
    keys = {c: str(cell.content) for (r, c), cell in sheet.cells.items() if r == key_row}
    found: dict[int, dict[str, object]] = {}
    for (row, column), cell in sheet.cells.items():
        if row > key_row:
            content = cell.content
            value = content.value if isinstance(content, Formula) else content
            found.setdefault(row, {})[keys[column]] = value
    return [found[row] for row in sorted(found)]


def test_the_parts_stand_beside_the_totals_and_sum_to_their_change(
    full: Portfolio, sheet: Sheet
) -> None:
    told = 0
    for row in rows_of(sheet):
        change = full.changes.get(str(row["id"]))
        if change is None or not change.enough:
            assert row["change"] is row["opinion"] is row["check"] is None
            continue
        parts = [row[key] for key in ("opinion", "weights", "mix", "came_went")]
        assert math.fsum(map(float, parts)) == pytest.approx(row["change"], abs=1e-9)  # type: ignore[arg-type]
        then, now = (row[f"p:{p}"] for p in (change.since, full.period))
        assert row["change"] == pytest.approx(now - then)  # type: ignore[operator]
        assert row["check"] == 1
        told += 1
    assert told > 6


def test_a_period_without_an_answer_is_blank_and_of_little_is_in_brackets(sheet: Sheet) -> None:
    rows = {row["id"]: row for row in rows_of(sheet)}
    late = rows[sample.LATE[0]]
    assert late["p:2026-H1"] is not None
    assert late["p:2026-H2"] is None
    assert late["said"] == "Keine Antwort in 2026-H2"
    looks = {cell.content: cell.style.format for cell in sheet.cells.values()}
    assert looks[rows["HOLLOWMERE"]["p:2026-H2"]] == "(0.0)"
    said = " ".join(str(c.content) for at, c in sorted(sheet.cells.items())
                    if at[0] in (3, 4) and c.content)  # fmt: skip
    assert "nach heutiger Methode neu berechnet" in said


def test_many_periods_stand_on_the_sheet_and_the_latest_are_printed() -> None:
    periods = [f"{year}-H{half}" for year in range(2019, 2027) for half in (1, 2)]
    found = assembled(*(reply(ROWS, period=period) for period in periods))
    sheet = book(found, "en", sample.STAMP, {}).sheet("trend")
    (row,) = rows_of(sheet)
    shown = [key[2:] for key in row if key.startswith("p:")]
    assert sorted(shown) == periods[-12:]
    assert shown[:2] == periods[-2:]  # the others stand right of what is printed
    assert (row["change"], row["check"]) == (0.0, 1)
    old = assembled(reply(ROWS, "Pia", period="2019"), *(
        replace(one, order=replace(one.order, account="B"))
        for one in (reply(ROWS, period=p) for p in periods)
    ), reply(BETTER))  # fmt: skip
    first = rows_of(book(old, "en", sample.STAMP, {}).sheet("trend"))[0]
    assert (first["id"], first["change"]) == ("A", pytest.approx(11.0))  # a value: 2019 is too old


# --- the waterfalls ------------------------------------------------------------------------------


def test_the_choice_is_offered_and_is_no_entry_of_hers(full: Portfolio, sheet: Sheet) -> None:
    names = {str(row["name"]) for row in rows_of(sheet)}
    assert set(sheet.offers) == names
    chosen = sheet.cells[6, 6].content
    assert chosen == changed_most(full)[0].name
    (rule,) = sheet.validations
    assert (rule.kind, rule.ranges) == ("list", "F6")
    known = set(carrying._prints(sheet, None))
    assert all(prints.of_cell((), "", name) in known for name in names)


def test_below_the_line_all_accounts_say_what_is_missing_and_who_is_alike(full: Portfolio) -> None:
    whole = overall(full)
    assert whole is not None
    t = texts("en")
    little = overall_said(t, replace(whole, firm=False, common=0.23999))
    assert "not comparable yet: only 9 of 13" in little
    assert "(23% of the means, needed: 50%). These 9: " in little
    assert "other accounts" not in little
    assert "other accounts +1.4" in overall_said(t, whole)
    assert "no account rated enough of the same" in overall_said(t, None)


def test_a_title_names_what_went_the_mean_s_way_and_what_went_against_it(full: Portfolio) -> None:
    whole = overall(full)
    assert whole is not None

    def title(end: float, **points: float) -> str:
        bars = {bar: points.get(bar.value, 0.0) for bar in Bar}
        return waterfall._finding(texts("en"), replace(whole, start=70.0, bars=bars, end=end))

    assert title(71.0, opinion=4.0, weights=2.0, raters=-5.0) == (
        "70.0 → 71.0: mostly opinion +4.0, but other respondents −5.0"
    )
    assert title(69.0, opinion=-1.2, weights=0.2) == "70.0 → 69.0: mostly opinion −1.2"
    assert title(70.0, mix=3.0, raters=-3.0).endswith(
        "revenue mix +3.0, but other respondents −3.0"
    )
    assert title(70.0).endswith("nothing moved noticeably")


@pytest.mark.proof
def test_another_account_chosen_in_libreoffice_has_its_own_bars(
    full: Portfolio, tmp_path: Path
) -> None:
    made = book(full, "de", sample.STAMP, {})
    sheet, change = made.sheet("trend"), full.changes["MOLTIDE"]
    (name,) = (account.name for account in full.accounts if account.id == "MOLTIDE")
    sheet.cells[6, 6] = replace(sheet.cells[6, 6], content=name)
    path = tmp_path / "trend.xlsx"
    path.write_bytes(render(build(made)))
    found = {
        str(one.engines["libreoffice"])
        for one in differences_in_libreoffice(path)
        if one.sheet == sheet.title
    }
    t, bars = texts("de"), waterfall_of(change)
    assert f"Vorher {t.number(bars.start)}" in found
    assert f"Jetzt {t.number(bars.end)}" in found
    for bar in (Bar.OPINION, Bar.WEIGHTS, Bar.REQUIREMENTS):
        assert f"{t(f'portfolio.waterfall.{bar.value}')} {signed(t, bars.bars[bar])}" in found


# --- as JSON -------------------------------------------------------------------------------------


def test_the_json_has_the_parts_and_whether_they_may_be_told(full: Portfolio) -> None:
    told = consolidate._trend(full.changes["MOLTIDE"])
    assert list(told) == [
        "since", "change", "opinion", "weights", "mix", "came_went", "common", "enough",
        "rival", "rival_change", "rival_enough",
    ]  # fmt: skip
    parts = (told[key] for key in ("opinion", "weights", "mix", "came_went"))
    assert math.fsum(parts) == pytest.approx(told["change"])
    assert told["enough"] is True
    hollow = consolidate._trend(full.changes["HOLLOWMERE"])
    assert (hollow["since"], hollow["enough"]) == (sample.EARLIER, False)
    assert hollow["change"] == pytest.approx(full.changes["HOLLOWMERE"].trend.points)
