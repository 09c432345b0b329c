"""The headline numbers of the dashboard: what customers say, and what we make of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from kamxl.core.finding import Fate
from kamxl.core.method.economics import Sum, sum_known
from kamxl.core.method.programmes import EffectSum, Programme, summarise
from kamxl.core.method.selection import AccountList
from kamxl.core.portfolio.results import sign_of
from kamxl.core.portfolio.whole import Portfolio
from kamxl.forms.paper import idioms
from kamxl.forms.paper.book import Content, Formula, Sheet
from kamxl.forms.paper.idioms import quoted
from kamxl.forms.paper.parts import live, tile
from kamxl.forms.paper.places import At
from kamxl.forms.paper.style import BEHIND, NOTE, TILE_VALUE
from kamxl.forms.portfolio.lists import year_title, years_of
from kamxl.forms.portfolio.selection import list_word
from kamxl.forms.portfolio.words import money
from kamxl.wording.texts import Texts

Tile = tuple[str, Content, str, bool]  # key, content, format, whether it alarms
ROWS = (5, 8)  # where the labels stand; the values are below them
_COLUMNS = ((1, 2), (3, 4, 5), (6, 7, 8), (10, 11), (12, 13), (14,))
_SIGNED = "+0.0;-0.0;0.0"


def dashboard_tiles(sheet: Sheet, portfolio: Portfolio, t: Texts, at: At, attention: str) -> None:
    """Two rows of tiles. ``attention``: where the number of files that need somebody stands."""
    cells = _Cells(at.seen_from(sheet))
    tiles = (
        _of_answers(portfolio, t, cells, attention),
        _of_growth(portfolio, t, cells),
    )
    for row, group in zip(ROWS, tiles, strict=True):
        for columns, (key, content, shown, alarming) in zip(_COLUMNS, group, strict=True):
            style = TILE_VALUE.but(format=shown)
            if alarming:
                style = style.but(color=BEHIND)
            tile(sheet, row, columns, t(f"portfolio.dashboard.{key}"), content, style)
    sheet.heights |= {7: 5, 10: 8}
    said = _by_year(portfolio, t)
    if said:
        sheet.put(ROWS[1] + 2, 1, said, NOTE.but(wrap=False, indent=1))
        sheet.heights[ROWS[1] + 2] = 15


class _Cells:
    """The columns of *Accounts* that are counted: all of its accounts' cells."""

    def __init__(self, at: At) -> None:
        def cells(key: str) -> str:
            return at.column("accounts", key).all()

        self.respondents, self.position, self.state = map(
            cells, ("respondents", "position", "state")
        )
        self.total, self.lead, self.list = map(cells, ("total", "lead", "list"))
        self.revenue, self.profit, self.overdue = map(cells, ("revenue", "profit", "overdue"))
        self.spots, self.active = map(cells, ("spots", "active"))


def _of_answers(portfolio: Portfolio, t: Texts, cells: _Cells, attention: str) -> list[Tile]:
    accounts = portfolio.accounts
    signs = [sign_of(account.lead) for account in accounts]
    answered = sum(account.respondents > 0 for account in accounts)
    of, word = f" {t('portfolio.dashboard.of')} ", quoted(t("portfolio.words.provisional"))
    # an orphaned remark's row is below the accounts, so ROWS counts accounts only
    rows = f"ROWS({cells.respondents})" if accounts else "0"
    waiting = sum(file.fate is Fate.ATTENTION for file in portfolio.files)
    provisional = sum(account.provisional for account in accounts)
    counted = idioms.joined((idioms.count_of(cells.respondents, '">0"'), rows), of)
    both = [idioms.count_of(cells.position, sign) for sign in ("1", "-1")]
    return [
        ("answered", live(counted, f"{answered}{of}{len(accounts)}"), "0.0", False),
        ("mean_total", _mean(cells.total, [a.total for a in accounts]), "0.0", False),
        ("mean_lead", _mean(cells.lead, [a.lead for a in accounts]), _SIGNED, False),
        ("ahead_behind", live(idioms.joined(both, " / "),
                              f"{signs.count(1)} / {signs.count(-1)}"), "0", False),
        ("provisional", live(idioms.count_of(cells.state, word), provisional), "0", False),
        ("attention", live(attention, waiting), "0", bool(waiting)),
    ]  # fmt: skip


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
        ("lists", _lists(portfolio, t, cells), "0", False),
        ("overdue", live(f"SUM({cells.overdue})", late), "0", bool(late)),
        ("expected_revenue", _sum(cells.revenue, revenues), "#,##0", False),
        ("expected_profit", _sum(cells.profit, profits), "#,##0", False),
        ("white_spots", live(f"COUNTA({cells.spots})", open_spots), "0", False),
        ("selling_only", without, "0", bool(selling)),
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


def _mean(cells: str, values: Sequence[float | None]) -> Formula:
    known = [value for value in values if value is not None]
    mean = sum(known) / len(known) if known else "–"
    return live(idioms.mean_known(cells, quoted("–")), mean)


def _sum(cells: str, values: Sequence[float | None]) -> Formula:
    known = [value for value in values if value is not None]
    return live(idioms.sum_known(cells, quoted("–")), sum(known) if known else "–")
