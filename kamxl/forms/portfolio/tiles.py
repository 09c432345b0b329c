"""The headline numbers of the dashboard: what customers say, and what we make of it."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from kamxl.core.finding import Fate
from kamxl.core.method.basis import Verdict
from kamxl.core.method.economics import Sum, sum_known
from kamxl.core.method.programmes import EffectSum, Programme, summarise
from kamxl.core.method.robustness import weighted_mean
from kamxl.core.method.selection import AccountList
from kamxl.core.portfolio.results import AccountResult
from kamxl.core.portfolio.whole import Portfolio
from kamxl.forms.paper import idioms
from kamxl.forms.paper.book import Content, Formula, Sheet
from kamxl.forms.paper.idioms import quoted
from kamxl.forms.paper.parts import live, tile
from kamxl.forms.paper.places import At
from kamxl.forms.paper.style import BEHIND, NOTE, TILE_VALUE
from kamxl.forms.portfolio.grounds import verdict_word
from kamxl.forms.portfolio.links import Links
from kamxl.forms.portfolio.lists import year_title, years_of
from kamxl.forms.portfolio.selection import list_word
from kamxl.forms.portfolio.words import money
from kamxl.wording.texts import Texts

Counted = tuple[AccountResult, float | None]


@dataclass(frozen=True, slots=True)
class Tile:
    """A headline number: what its label says besides its key, and whether it alarms."""

    key: str
    content: Content
    format: str
    alarming: bool = False
    said: Mapping[str, object] = field(default_factory=dict)
    sheet: str = "accounts"  # that has its rows


_NOTE = 170  # letters of a line below the tiles
ROWS = (5, 8)  # where the labels stand; the values are below them
_COLUMNS = ((1, 2), (3, 4, 5), (6, 7, 8), (10, 11), (12, 13), (14,))
_SIGNED = "+0.0;-0.0;0.0"


def dashboard_tiles(
    sheet: Sheet, portfolio: Portfolio, t: Texts, at: At, attention: str, links: Links
) -> None:
    """Two rows of tiles, each a link to its rows.

    ``attention``: where the number of files that need somebody stands.
    """
    cells = _Cells(at.seen_from(sheet))
    tiles = (
        _of_answers(portfolio, t, cells, attention),
        _of_growth(portfolio, t, cells),
    )
    for row, group in zip(ROWS, tiles, strict=True):
        for columns, one in zip(_COLUMNS, group, strict=True):
            style = TILE_VALUE.but(format=one.format)
            if one.alarming:
                style = style.but(color=BEHIND)
            label = t(f"portfolio.dashboard.{one.key}", **one.said)
            tile(sheet, row, columns, label, one.content, style, links.to(one.sheet))
    sheet.heights |= {7: 5, 10: 8, 11: 3}
    said = _by_year(portfolio, t)
    for row, line in enumerate(textwrap.wrap(said, _NOTE), ROWS[1] + 2):
        sheet.put(row, 1, line, NOTE.but(wrap=False, indent=1))
        sheet.heights[row] = 15


class _Cells:
    """The columns of *Accounts* that are counted: all of its accounts' cells."""

    def __init__(self, at: At) -> None:
        def cells(key: str) -> str:
            return at.column("accounts", key).all()

        self.fresh, self.position, self.state = map(cells, ("fresh", "position", "state"))
        self.total, self.lead, self.list = map(cells, ("counted", "counted_lead", "list"))
        self.name = cells("name")
        self.revenue, self.profit, self.overdue = map(cells, ("revenue", "profit", "overdue"))
        self.spots, self.active = map(cells, ("spots", "active"))


def _of_answers(portfolio: Portfolio, t: Texts, cells: _Cells, attention: str) -> list[Tile]:
    """What this period's answers say: nothing from an earlier one is in a count or a mean."""
    accounts = portfolio.accounts
    fresh = [account for account in accounts if account.fresh]
    older = sum(bool(account.answered) for account in accounts) - len(fresh)
    of = f" {t('portfolio.dashboard.of')} "
    # an orphaned remark's row is below the accounts, so ROWS counts accounts only
    rows = f"ROWS({cells.name})" if accounts else "0"
    counted = idioms.joined((f"SUM({cells.fresh})", rows), of)
    verdicts = [a.lead.verdict for a in accounts if a.counted_lead is not None]
    compared = live(_verdicts(cells), " / ".join(str(verdicts.count(one)) for one in Verdict))
    word = quoted(t("portfolio.words.provisional"))
    provisional = sum(account.provisional for account in accounts)
    waiting = sum(file.fate is Fate.ATTENTION for file in portfolio.files)
    totals, leads = [(a, a.counted) for a in accounts], [(a, a.counted_lead) for a in accounts]
    return [
        Tile("answered", live(counted, f"{len(fresh)}{of}{len(accounts)}"), "0.0",
             said={"earlier": older}, sheet="segments"),
        Tile("mean_total", _mean(cells.total, totals), "0.0", said=_count(totals)),
        Tile("mean_lead", _mean(cells.lead, leads), _SIGNED, said=_count(leads)),
        Tile("ahead_behind", compared, "0", said={"n": len(verdicts), "of": len(fresh)},
             sheet="competitors"),
        Tile("provisional", live(idioms.count_of(cells.state, word), provisional), "0",
             sheet="segments"),
        Tile("attention", live(attention, waiting), "0", bool(waiting), sheet="intake"),
    ]  # fmt: skip


def _verdicts(cells: _Cells) -> str:
    """How many are ahead, level and behind, of those that are compared in this period."""
    counted = (
        idioms.total(of=(f"{cells.position}={one.value}", idioms.holds(cells.lead)))
        for one in Verdict
    )
    return idioms.joined(list(counted), " / ")


def _count(values: Sequence[Counted]) -> dict[str, object]:
    """Over how many accounts a mean is."""
    return {"n": sum(value is not None for _, value in values)}


def by_revenue(portfolio: Portfolio, t: Texts) -> str:
    """The means of the tiles once more, each account by its revenue; empty without any."""
    totals = _weighted([(account, account.counted) for account in portfolio.accounts])
    leads = _weighted([(account, account.counted_lead) for account in portfolio.accounts])
    if totals.mean is None:
        return ""
    within = portfolio.settings.level_within
    lead = "" if leads.mean is None else verdict_word(t, leads.mean, within)
    return t("portfolio.dashboard.by_revenue", total=t.number(totals.mean, 1), of_total=totals.n,
             lead=lead, of_lead=leads.n)  # fmt: skip


class _Weighted(NamedTuple):
    """A mean by revenue, over ``n`` accounts whose revenue is known."""

    mean: float | None
    n: int


def _weighted(values: Sequence[Counted]) -> _Weighted:
    known = [
        (selected.candidate.revenue, value)
        for account, value in values
        if value is not None
        and (selected := account.standing.selected)
        and selected.candidate.revenue is not None
    ]
    return _Weighted(weighted_mean(known), len(known))


def _of_growth(portfolio: Portfolio, t: Texts, cells: _Cells) -> list[Tile]:
    standings = [account.standing for account in portfolio.accounts]
    summaries = [s.programmes for s in standings if s.programmes]
    late = sum(len(s.overdue) for s in standings)
    open_spots = sum(bool(s.white_spots) for s in standings)
    selling = sum(summary.active == 0 for summary in summaries)
    revenues = [s.expected.revenue.value for s in summaries]
    profits = [s.expected.profit.value for s in summaries]
    without = live(idioms.count_of(cells.active, "0"), selling)
    return [
        Tile("lists", _lists(portfolio, t, cells), "0", sheet="selection"),
        Tile("overdue", live(f"SUM({cells.overdue})", late), "0", bool(late), sheet="actions"),
        Tile("expected_revenue", _sum(cells.revenue, revenues), "#,##0", sheet="programmes"),
        Tile("expected_profit", _sum(cells.profit, profits), "#,##0", sheet="programmes"),
        Tile("white_spots", live(f"COUNTA({cells.spots})", open_spots), "0", sheet="position"),
        Tile("selling_only", without, "0", bool(selling), sheet="programmes"),
    ]


def _by_year(portfolio: Portfolio, t: Texts) -> str:
    """What the two sums over all years are made of, and how many programmes they do not hold."""
    summaries = [a.standing.programmes for a in portfolio.accounts if a.standing.programmes]
    if not any(summary.active for summary in summaries):
        return ""
    plans = [account.standing.plan for account in portfolio.planned]
    every = [programme for plan in plans if plan for programme in plan.programmes]
    years = [
        t(
            "portfolio.dashboard.of_year",
            year=year_title(t, years),
            revenue=money(t, _of_years(every, years, lambda expected: expected.revenue)),
            profit=money(t, _of_years(every, years, lambda expected: expected.profit)),
        )
        for years in years_of(portfolio)
    ]
    return t(
        "portfolio.dashboard.by_year",
        years="; ".join(years) or "–",
        revenue=sum(len(summary.unvalued_revenue) for summary in summaries),
        profit=sum(len(summary.unvalued_profit) for summary in summaries),
    )


def _of_years(
    programmes: Sequence[Programme], years: Sequence[int], of: Callable[[EffectSum], Sum]
) -> float | None:
    """What the active ones are expected to bring in some years."""
    return sum_known(of(summarise(programmes, year).expected).value for year in years).value


def _lists(portfolio: Portfolio, t: Texts, cells: _Cells) -> Content:
    """How many accounts to focus on, to build up, to serve."""
    selection = portfolio.selection
    if selection is None or not portfolio.chosen:
        return "–"
    words = (quoted(list_word(t, one)) for one in AccountList)
    text = idioms.joined([idioms.count_of(cells.list, word) for word in words], " / ")
    return live(text, " / ".join(str(len(selection.on(one))) for one in AccountList))


def _mean(cells: str, values: Sequence[Counted]) -> Formula:
    known = [value for _, value in values if value is not None]
    mean = sum(known) / len(known) if known else "–"
    return live(idioms.mean_known(cells, quoted("–")), mean)


def _sum(cells: str, values: Sequence[float | None]) -> Formula:
    known = [value for value in values if value is not None]
    return live(idioms.sum_known(cells, quoted("–")), sum(known) if known else "–")
