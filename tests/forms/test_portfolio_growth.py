"""The sheets of the portfolio that come from the selection and the account plans."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

import pytest

from kamxl.core.method.economics import sum_fields
from kamxl.core.method.position import PositionMeasure
from kamxl.core.method.programmes import ProgrammeState
from kamxl.core.portfolio.whole import Portfolio
from kamxl.core.records.plan import PlanFunction
from kamxl.excel.reading.book import read
from kamxl.excel.writing.draw import build, render
from kamxl.forms.paper.book import Book, Cell, Content, Formula, Sheet
from kamxl.forms.paper.raw import RawBook
from kamxl.forms.plan.functions import settled
from kamxl.forms.portfolio.book import book
from kamxl.forms.portfolio.map import FIRST, KEYS, TOP, quadrant, spots_of
from kamxl.forms.portfolio.news import late_actions, unknowns, white_spots
from kamxl.forms.portfolio.programmes import KEY_ROW
from kamxl.forms.portfolio.words import unvalued
from kamxl.forms.tables.locate import find_table
from kamxl.wording.texts import texts
from tests.forms import portfolio_sample as sample

NONE: Mapping[str, str] = {}
Row = dict[str, Content]


@pytest.fixture(scope="module")
def full() -> Portfolio:
    return sample.full()


@pytest.fixture(scope="module")
def made(full: Portfolio) -> Book:
    return book(full, "en", sample.STAMP, NONE)


@pytest.fixture(scope="module")
def raw(made: Book) -> RawBook:
    return read(render(build(made)))


def value(cell: Cell | None) -> Content:
    if cell is None:
        return None
    found = cell.content.value if isinstance(cell.content, Formula) else cell.content
    return None if found == "" else found


def rows(sheet: Sheet, *keys: str, last: str = "") -> list[Row]:
    """The rows of the table whose key row holds ``keys``, by key."""
    at, columns = next(
        (r, of)
        for r in range(1, 80)
        if set(keys) <= set(of := {sheet.cells[r, c].content: c for c in _across(sheet, r)})
    )
    found = []
    for row in range(at + 1, max(r for r, _ in sheet.cells) + 1):
        one = {str(key): value(sheet.cells.get((row, c))) for key, c in columns.items() if key}
        if one.get(last or keys[0]) is not None:
            found.append(one)
        elif last:
            break
    return found


def note_of(news: Sheet) -> str:
    """What stands below the tiles, in some lines."""
    cells = [news.cells.get((row, 1)) for row in range(8, 12)]
    return " ".join(str(cell.content).strip("→ ") for cell in cells if cell)


def _across(sheet: Sheet, row: int) -> list[int]:
    return [c for r, c in sheet.cells if r == row]


def by_id(found: list[Row], key: str = "id") -> dict[str, Row]:
    return {str(row[key]): row for row in found}


# --- accounts ------------------------------------------------------------------------------------


@pytest.mark.proof
def test_accounts_show_selection_position_and_programmes(full: Portfolio, raw: RawBook) -> None:
    sheet = next(s for s in raw.sheets if s.title == "Accounts")
    table = find_table(sheet, ("id", "score", "own_return", "overdue"))
    assert table is not None
    shown = {}
    for row in table.rows():
        cell = table.cell(row, "id")
        shown[cell.text if cell else ""] = row
    for account in full.accounts:
        row, standing = shown[account.id], account.standing
        selected, position = standing.selected, standing.position
        breadth, programmes = standing.breadth, standing.programmes
        planned = standing.plan is not None
        core: dict[str, float | None] = {
            "score": selected.score if selected else None,
            "rank": selected.rank if selected else None,
            **{measure.value: position.measures[measure] for measure in PositionMeasure},
            "known": position.known,
            "breadth": breadth.breadth if breadth else None,
            "requirers": breadth.requirers if breadth else None,
            "active": programmes.active if programmes else None,
            "revenue": programmes.expected.revenue.value if programmes else None,
            "profit": programmes.expected.profit.value if programmes else None,
            "overdue": len(standing.overdue) if planned else None,
        }
        for key, number in core.items():
            cell = table.cell(row, key)
            assert (cell.number if cell else None) == pytest.approx(number), (account.id, key)


def test_what_an_account_was_promised_rests_on_its_own_rows(full: Portfolio, made: Book) -> None:
    accounts = made.sheet("accounts")
    keys = {cell.content: c for (r, c), cell in accounts.cells.items() if r == 6}
    sheets = {"revenue": "programmes", "profit": "programmes", "overdue": "actions"}
    compared = 0
    for key, sheet in sheets.items():
        source = made.sheet(sheet)
        for row in range(7, 7 + len(full.accounts)):
            formula = accounts.cells[row, keys[key]].content
            if not isinstance(formula, Formula):
                continue
            own = {
                r for (r, c), cell in source.cells.items()
                if c == 1 and cell.content == accounts.cells[row, 1].content
            }  # fmt: skip
            for first, last in re.findall(r"\$[A-Z]+\$(\d+):\$[A-Z]+\$(\d+)", formula.text):
                assert set(range(int(first), int(last) + 1)) == own
                compared += 1
    assert compared > 6


def test_the_next_level_and_the_white_spots_are_said(made: Book) -> None:
    position = by_id(rows(made.sheet("position"), "id", "completed"))
    assert position["MOLTIDE"]["level"] == "Preferred supplier"
    assert str(position["MOLTIDE"]["next"]).startswith("System partner:\n– ")
    assert "focus account without an account plan" in str(position["LUMENTA"]["spots"])
    assert position["BRACKENLEY"]["plan"] == "2026-H1 (earlier)"
    accounts = by_id(rows(made.sheet("accounts"), "id", "remarks", "score"))
    assert accounts["MOLTIDE"]["next"] == "System partner: 3 more signs"


# --- selection -----------------------------------------------------------------------------------


def test_selection_has_every_candidate_in_order_of_rank(full: Portfolio, made: Book) -> None:
    found = rows(made.sheet("selection"), "id", "score", "gate")
    assert full.selection is not None
    assert len(found) == len(full.selection.accounts) == 15
    ranks = [row["rank"] for row in found]
    assert ranks == sorted(ranks, key=lambda rank: rank if isinstance(rank, int) else 99)
    row = by_id(found)["OSTRAVINE"]
    assert (row["list"], row["gate"]) == ("Serve", "not met")
    assert row["reason"] == "does not want to grow with us"
    assert by_id(found)["AUENQUELL"]["mismatch"] == "large but wrong"
    assert by_id(found)["CALDERBY"]["mismatch"] == "small but right"
    said = [cell.content for cell in made.sheet("selection").cells.values()]
    assert "8 of 15 accounts (53%) bring 81% of the known revenue; for 1 it is unknown." in said
    assert any("days of account management" in str(one) for one in said)


# --- fields --------------------------------------------------------------------------------------


@pytest.mark.proof
@pytest.mark.parametrize("make", [sample.full, sample.crowd])
def test_fields_are_summed_as_the_core_does(make: object) -> None:
    portfolio: Portfolio = make()  # type: ignore[operator]
    sheet = book(portfolio, "en", sample.STAMP, NONE).sheet("fields")
    plans = [a.standing.plan for a in portfolio.accounts if a.standing.plan]
    core = sum_fields([field for plan in plans for field in plan.fields])
    found = rows(sheet, "sum_name", "sum_white", last="sum_name")[:20]
    assert len(found) == min(len(core), 20) > 5
    for row, one in zip(found, core, strict=False):
        assert (row["sum_name"], row["sum_accounts"]) == (one.name, one.accounts)
        assert row["sum_white"] == pytest.approx(one.white_space.value)
        assert row["sum_potential"] == pytest.approx(one.potential.value)
        assert row["sum_margin"] == pytest.approx(one.margin)
        known = {
            "last": one.revenue_last.known, "now": one.revenue_now.known,
            "potential": one.potential.known, "white": one.white_space.known,
            "margin": one.margins,
        }  # fmt: skip
        for key, count in known.items():
            assert row[f"sum_known_{key}"] == f"{count} of {one.white_space.of}"
    each = rows(sheet, "id", "approach", "wallet")
    assert len(each) == sum(len(plan.fields) for plan in plans)


def test_a_field_sum_that_is_not_whole_says_at_least(made: Book) -> None:
    sheet = made.sheet("fields")
    keys = {cell.content: c for (r, c), cell in sheet.cells.items() if r == 9}
    seen = set()
    for row in range(10, 30):
        known = value(sheet.cells.get((row, keys["sum_known_white"])))
        if known is None:
            break
        have, of = map(int, str(known).split(" of "))
        shown = sheet.cells[row, keys["sum_white"]].style.format
        assert shown.startswith('"≥ "') is (have < of)
        seen.add(have < of)
    assert seen == {True, False}
    said = [str(cell.content) for (r, _), cell in sheet.cells.items() if r == 5]
    assert any("known)" in one for one in said)


def test_one_id_in_two_accounts_makes_no_field_of_two(full: Portfolio, made: Book) -> None:
    every = [f for a in full.planned if a.standing.plan for f in a.standing.plan.fields]
    assert sum(f.id == "DATEN" for f in every) == 2
    found = rows(made.sheet("fields"), "sum_name", "sum_white", last="sum_name")
    data = {str(row["sum_name"]): row for row in found if "dienste" in str(row["sum_name"])}
    assert {name: row["sum_potential"] for name, row in data.items()} == {
        "Leitstand und Datendienste": 450_000,
        "Datendienste": 70_000,
    }


# --- programmes and actions ----------------------------------------------------------------------


@pytest.mark.proof
@pytest.mark.parametrize("make", [sample.full, sample.crowd])
def test_programmes_are_summed_by_state_and_year(make: object) -> None:
    portfolio: Portfolio = make()  # type: ignore[operator]
    sheet = book(portfolio, "en", sample.STAMP, NONE).sheet("programmes")
    programmes = [
        p for a in portfolio.planned if a.standing.plan for p in a.standing.plan.programmes
    ]
    columns = {cell.content: c for (r, c), cell in sheet.cells.items() if r == KEY_ROW}
    for row, state in enumerate(ProgrammeState, 8):
        core = [e for p in programmes if p.state is state for e in p.expected]
        known = [e.revenue for e in core if e.revenue is not None]
        shown = value(sheet.cells[row, columns["revenue"]])
        assert shown == pytest.approx(sum(known) if known else None)
        assert value(sheet.cells[row, columns["name"]]) == sum(p.state is state for p in programmes)
        first = [e.profit for e in core if e.year == 2026 and e.profit is not None]
        assert value(sheet.cells[row, columns["p:0"]]) == pytest.approx(
            sum(first) if first else None
        )
    summaries = [a.standing.programmes for a in portfolio.planned if a.standing.programmes]
    active = rows(sheet, "sum_count", "sum_revenue", last="sum_count")[-1]
    assert active["sum_count"] == sum(one.active for one in summaries) > 0
    unvalued = sum(len(one.unvalued_revenue) for one in summaries)
    assert active["sum_customer_revenue"] == unvalued > 0
    assert active["sum_customer_profit"] == sum(len(one.unvalued_profit) for one in summaries) > 0
    accounts = rows(book(portfolio, "en", sample.STAMP, NONE).sheet("accounts"), "id", "remarks")
    for row in accounts:
        summary = next(a for a in portfolio.accounts if a.id == row["id"]).standing.programmes
        wanted = (len(summary.unvalued_revenue), len(summary.unvalued_profit)) if summary else None
        assert (row["unvalued_revenue"], row["unvalued_profit"]) == (wanted or (None, None))


@pytest.mark.proof
def test_what_could_not_be_valued_is_said_beside_every_sum() -> None:
    portfolio, t = sample.crowd(), texts("en")
    made = book(portfolio, "en", sample.STAMP, NONE)
    sentences = unvalued(portfolio, t)
    assert [one.split(" active ")[0].isdigit() for one in sentences] == [True] * len(sentences)
    counts = [int(one.split(" active ")[0]) for one in sentences]
    by = {
        key: [p for a in portfolio.planned if (found := a.standing.programmes)
              for p in getattr(found, f"unvalued_{key}")]
        for key in ("revenue", "profit")
    }  # fmt: skip
    both, revenue = counts
    assert (both + revenue, both) == (len(by["revenue"]), len(by["profit"]))
    cells = sorted(made.sheet("programmes").cells.items())
    said = " ".join(str(cell.content) for (row, _), cell in cells if row < KEY_ROW - 1)
    assert all(one in said for one in sentences)
    assert set(sentences) <= set(unknowns(portfolio, t))
    note = note_of(made.sheet("news"))
    assert f"(number of programmes): revenue {both + revenue}, profit {both}." in note
    assert all(f"{year}: " in note for year in (2026, 2027, 2028))
    hints = rows(made.sheet("programmes"), "account", "hint", "probability")
    lacking = [row for row in hints if "valued" in str(row["hint"] or "")]
    assert len(lacking) == both + revenue
    assert all(row["active"] == 1 for row in lacking)


def test_sums_over_all_years_say_so(full: Portfolio) -> None:
    for language, words in (("de", "alle Programmjahre"), ("en", "all programme years")):
        made = book(full, language, sample.STAMP, NONE)
        heads = {
            "accounts": ["revenue", "profit"],
            "programmes": ["revenue", "profit", "sum_revenue", "sum_profit"],
        }  # fmt: skip
        for key, columns in heads.items():
            sheet = made.sheet(key)
            places = [at for at, cell in sheet.cells.items() if cell.content in columns]
            assert len(places) == len(columns)
            for row, column in places:
                assert str(sheet.cells[row - 1, column].content).endswith(words)
        tiles = [str(c.content) for (r, _), c in made.sheet("news").cells.items() if r == 5]
        assert sum(one.endswith(words) for one in tiles) == 1
        note = note_of(made.sheet("news"))
        assert "2026: 116" in note  # 0.8 × 120,000 + 0.5 × 40,000


def test_actions_say_what_is_overdue_and_what_they_answer(full: Portfolio, made: Book) -> None:
    found = rows(made.sheet("actions"), "account", "closes", "late")
    assert len(found) == sum(len(a.standing.actions) for a in full.accounts) == 8
    assert (found[0]["account"], found[0]["id"], found[0]["late"]) == ("MOLTIDE", "A2", 63)
    late = [row for row in found if isinstance(row["late"], int) and row["late"] > 0]
    assert len(late) == sum(len(a.standing.overdue) for a in full.accounts) == 4
    by = {(row["account"], row["id"]): row for row in found}
    assert str(by["MOLTIDE", "A1"]["closes"]).startswith("Wish: ")
    assert by["MOLTIDE", "A2"]["closes"] == "Lieferzuverlässigkeit"
    said = late_actions(full, texts("en"))
    assert "63 days overdue (Jana Rehfeldt)" in said[0]
    assert len(said) == 4


def test_gaps_and_wishes_name_their_action_or_none_yet(full: Portfolio, made: Book) -> None:
    gaps = rows(made.sheet("drivers"), "number", "action", "worth")
    actions = {str(row["action"]) for row in gaps}
    assert "none yet" in actions
    own = next(r for r in gaps if r["account"] == "Moltide Molkereien eG" and
               r["requirement"] == "Lieferzuverlässigkeit")  # fmt: skip
    assert own["action"] == "Liefertermine wöchentlich abstimmen"
    assert own["owner"] == "Jana Rehfeldt"
    others = [r for r in gaps if r["account"] != "Moltide Molkereien eG"]
    assert {r["action"] for r in others} == {"none yet"}
    wishes = rows(made.sheet("wishes"), "account", "issue", "action")
    answered = [r for r in wishes if r["action"] not in (None, "none yet")]
    assert [r["action"] for r in answered] == ["Ersatzteillager beim Kunden einrichten"]
    assert answered[0]["reply"] == "Ein Techniker je Werk ab Januar"
    assert all(r["action"] for r in wishes if r["issue"])


# --- contacts and views --------------------------------------------------------------------------


def test_contacts_are_a_heat_map_that_counts(full: Portfolio, made: Book) -> None:
    found = by_id(rows(made.sheet("contacts"), "id", "covered", "f:purchasing"))
    row = found["MOLTIDE"]
    assert (row["f:purchasing"], row["f:development"], row["f:sales"]) == (2, 1, 0)
    assert row["f:management"] is None
    assert row["f:=neue produkte"] == 0
    for account in full.planned:
        breadth = account.standing.breadth
        assert breadth is not None
        assert found[account.id]["covered"] == len(breadth.covered)
        assert found[account.id]["breadth"] == pytest.approx(breadth.breadth)
        assert found[account.id]["others"] == breadth.others
    assert found["BRACKENLEY"]["f:production"] == 2  # "Production" in a German plan


def test_contacts_of_no_known_function_are_counted_apart(full: Portfolio) -> None:
    plan = next(p for a in full.planned if a.id == "MOLTIDE" and (p := a.standing.plan))
    typed = (replace(plan.contacts[0], function="Abteilung 7"), *plan.contacts[1:])
    functions = (*plan.functions, PlanFunction("fn2", True, "Werk"))
    odd = replace(plan, contacts=settled(typed, functions), functions=functions)
    account = next(a for a in full.accounts if a.id == "MOLTIDE")
    own = replace(account, standing=replace(account.standing, plan=odd))
    given = replace(full, accounts=tuple(own if a is account else a for a in full.accounts))
    sheet = book(given, "de", sample.STAMP, NONE).sheet("contacts")
    row = by_id(rows(sheet, "id", "others"))["MOLTIDE"]
    assert row["others"] == plan.breadth.others + 1
    assert row["functions"] == 10  # another word of Produktion has no column of its own
    assert "f:=werk" not in row
    assert "Werk" in str(row["spots"])


def test_views_show_both_sides_and_the_perception_gap(full: Portfolio, made: Book) -> None:
    found = rows(made.sheet("views"), "account", "ours", "requirer_weight")
    core = {
        (account.name, found.segment, row.label): row
        for account in full.accounts
        for found in account.standing.views
        if found.views
        for row in found.views.rows
    }
    shown = [row for row in found if row["weight_difference"] is not None]
    weighed = [row for row in core.values() if row.weight_difference is not None]
    assert len(shown) == len(weighed) > 20
    assert any(row["weight_difference"] for row in shown)
    ids = {(a.name, s.name): s.id for a in full.accounts for s in a.segments}
    for row in shown:
        one = core[str(row["account"]), ids[str(row["account"]), str(row["segment"])],
                   str(row["requirement"])]  # fmt: skip
        assert row["requirer_weight"] == pytest.approx(one.requirers.weight)
        assert row["purchaser_rating"] == pytest.approx(one.purchasers.rating)
        assert row["rating_difference"] == pytest.approx(one.rating_difference)
    gaps = [row for row in found if row["gap"] is not None]
    compared = [v.perception for a in full.accounts for v in a.standing.views]
    assert len(gaps) == sum(map(len, compared)) > 5
    for row in gaps:
        said = re.findall(r"-?\d+", str(row["said"]))
        assert [float(n) for n in said] == pytest.approx([row["ours"], row["theirs"]], abs=0.51)


# --- the map -------------------------------------------------------------------------------------


@pytest.mark.proof
def test_the_map_holds_the_largest_and_says_who_is_missing() -> None:
    portfolio = sample.crowd()
    sheet = book(portfolio, "en", sample.STAMP, NONE).sheet("map")
    spots = spots_of(portfolio)
    assert len(spots) > TOP
    revenues = [spot.revenue or 0 for spot in spots]
    assert revenues == sorted(revenues, reverse=True)
    numbers = [value(sheet.cells.get((row, 1))) for row in range(FIRST, FIRST + TOP)]
    assert numbers == list(range(1, TOP + 1))
    (chart,) = sheet.charts
    said = [str(cell.content) for cell in sheet.cells.values()]
    hidden = sum("(on the map at " in one for one in said)  # no room: names go before numbers
    assert len([s for s in chart.series if s.label == "name"]) + hidden == TOP + 4
    assert hidden <= TOP // 4
    assert any(f"{len(spots) - TOP} more accounts" in one for one in said)


def test_the_quadrants_have_their_names(full: Portfolio, made: Book) -> None:
    corners = {(60.0, 50.0): "grow", (59.9, 50.0): "hold", (60.0, 49.9): "strengthen",
               (0.0, 0.0): "serve"}  # fmt: skip
    for (score, relative), name in corners.items():
        assert quadrant(full, score, relative) == name
    sheet = made.sheet("map")
    column = KEYS.index("quadrant") + 1
    shown = {value(sheet.cells[row, 2]): value(sheet.cells[row, column])
             for row in range(FIRST, FIRST + len(spots_of(full)))}  # fmt: skip
    # no place says more than its list, and a missed minimum is never "grow together"
    assert shown["KORNGOLD"] == "Firm up our position"
    assert shown["WERFTALIS"] == "Serve with care"
    assert shown["FELDKRON"] == "Firm up our position – but on the list: Build up"
    assert shown["MOLTIDE"] == "Firm up our position; minimum missed"
    assert shown["PHARADON"] == "First put the missed minimum right"
    assert "CALDERBY" not in shown


# --- words ---------------------------------------------------------------------------------------


def test_white_spots_name_their_accounts(full: Portfolio) -> None:
    said = white_spots(full, texts("en"))
    named = "Lumenta Leuchten GmbH, Pharadon Arzneimittel GmbH"
    assert said[0] == f"Focus accounts without an account plan: {named}."
    assert len(said) == 5


@pytest.mark.proof
@pytest.mark.parametrize("language", ["de", "en"])
def test_what_there_is_not_is_said(language: str) -> None:
    t = texts(language)
    sheets = {"fields": "no_fields", "programmes": "no_programmes", "actions": "no_actions",
              "contacts": "no_plans"}  # fmt: skip
    made = book(sample.unplanned(), language, sample.STAMP, NONE)
    for key, text in sheets.items():
        said = [cell.content for cell in made.sheet(key).cells.values()]
        assert t(f"portfolio.{text}") in said
    unchosen = sample.unchosen()
    assert t("portfolio.news.not_chosen") in unknowns(unchosen, t)
    assert t("portfolio.news.no_plans") in unknowns(unchosen, t)
    nothing = book(unchosen, language, sample.STAMP, NONE)
    assert not nothing.sheet("map").charts
    assert t("portfolio.map.empty") in [c.content for c in nothing.sheet("map").cells.values()]
    assert t("portfolio.selection.not_yet") in [
        c.content for c in nothing.sheet("selection").cells.values()
    ]
