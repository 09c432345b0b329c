"""The headline numbers of the dashboard: what customers say, and what we make of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from kamxl.core.finding import Fate
from kamxl.core.method.basis import Verdict
from kamxl.core.method.economics import Sum, sum_known
from kamxl.core.method.programmes import EffectSum, Programme, summarise
from kamxl.core.method.robustness import weighted_mean
from kamxl.core.method.selection import AccountList
from kamxl.core.portfolio.results import AccountResult
from kamxl.core.portfolio.screen import Screen
from kamxl.core.portfolio.whole import Portfolio
from kamxl.forms.paper import idioms
from kamxl.forms.paper.book import Content, Formula, Sheet
from kamxl.forms.paper.idioms import quoted
from kamxl.forms.paper.parts import live, tile
from kamxl.forms.paper.places import At
from kamxl.forms.paper.style import BEHIND, TILE_LABEL, TILE_VALUE, WHITE
from kamxl.forms.portfolio.answers import label_of, note_of
from kamxl.forms.portfolio.grounds import verdict_word
from kamxl.forms.portfolio.links import Links
from kamxl.forms.portfolio.lists import year_title, years_of
from kamxl.forms.portfolio.selection import list_word
from kamxl.forms.portfolio.words import money
from kamxl.wording.texts import Texts

Counted = tuple[AccountResult, float | None]


@dataclass(frozen=True, slots=True)
class Tile:
    """A number that is counted, where its rows are, and whether it alarms."""

    key: str
    content: Content
    format: str
    alarming: bool = False
    sheet: str = "accounts"  # that has its rows


FIGURES_ROW = 9  # where the labels of the headline numbers stand; values, then notes below them
TILES_ROW = 5  # and those of the further ones on *News*
_FIGURE_COLUMNS = ((1,), (2,), (4,), (5, 6, 7), (8, 9))
_LABEL = TILE_LABEL.but(align="left", indent=1)
_VALUE = TILE_VALUE.but(size=16, align="left", indent=1)
_SIGNED = "+0.0;-0.0;0.0"
_FORMATS = {"mean_total": "0.0", "mean_lead": _SIGNED, "expected_profit": "#,##0"}
_ROWS_OF = {  # the sheet that has a headline number's rows
    "answered": "segments", "mean_total": "accounts", "mean_lead": "accounts",
    "ahead_behind": "competitors", "expected_profit": "programmes",
}  # fmt: skip


def headline(
    sheet: Sheet, screen: Screen, portfolio: Portfolio, t: Texts, at: At, links: Links
) -> None:
    """The five headline numbers: each with what it rests on, how it changed, a link to its rows."""
    contents = _headline(screen, portfolio, t, _Cells(at.seen_from(sheet)))
    for columns, figure in zip(_FIGURE_COLUMNS, screen.figures, strict=True):
        link = links.to(_ROWS_OF[figure.key])
        value = _VALUE.but(format=_FORMATS.get(figure.key, "General"))
        note = note_of(figure, screen, t) or None
        shown = ((label_of(figure, t), _LABEL), (contents[figure.key], value), (note, _LABEL))
        for row, (content, style) in enumerate(shown, FIGURES_ROW):
            for place, column in enumerate(columns):
                edge = ("l" if place == 0 else "") + ("r" if column == columns[-1] else "")
                look = style.but(borders=edge, line=WHITE, edge="medium") if edge else style
                sheet.put(row, column, content if place == 0 else None, look, link)
    sheet.heights |= {FIGURES_ROW: 14, FIGURES_ROW + 1: 24, FIGURES_ROW + 2: 14}


def _headline(screen: Screen, portfolio: Portfolio, t: Texts, cells: _Cells) -> dict[str, Content]:
    """Their live formulas by key, each with the core's value."""

    def known(key: str) -> float | str:
        value = screen.figure(key).value
        return "–" if value is None else value

    answered, verdicts = screen.figure("answered"), screen.figure("ahead_behind")
    of = f" {t('portfolio.dashboard.of')} {answered.of}"
    fresh = f"SUM({cells.fresh})" if portfolio.accounts else "0"
    return {
        "answered": live(idioms.joined((fresh, quoted(of)), ""), f"{answered.n}{of}"),
        "mean_total": live(idioms.mean_known(cells.total, quoted("–")), known("mean_total")),
        "mean_lead": live(idioms.mean_known(cells.lead, quoted("–")), known("mean_lead")),
        "ahead_behind": live(
            idioms.any_known(cells.lead, _verdicts(cells), quoted("–")),
            " / ".join(map(str, verdicts.parts)) if verdicts.n else "–",
        ),
        "expected_profit": live(
            idioms.sum_known(cells.profit, quoted("–")), known("expected_profit")
        ),
    }


def further_tiles(
    sheet: Sheet, portfolio: Portfolio, t: Texts, at: At, attention: str, links: Links
) -> None:
    """What else is counted, each a tile that leads to its rows.

    ``attention``: where the number of files that need somebody stands.
    """
    cells = _Cells(at.seen_from(sheet))
    for column, one in enumerate(_further(portfolio, t, cells, attention), 1):
        style = TILE_VALUE.but(format=one.format)
        if one.alarming:
            style = style.but(color=BEHIND)
        label = t(f"portfolio.dashboard.{one.key}")
        tile(sheet, TILES_ROW, (column,), label, one.content, style, links.to(one.sheet))


class _Cells:
    """The columns of *Accounts* that are counted: all of its accounts' cells."""

    def __init__(self, at: At) -> None:
        def cells(key: str) -> str:
            return at.column("accounts", key).all()

        self.fresh, self.position, self.state = map(cells, ("fresh", "position", "state"))
        self.total, self.lead, self.list = map(cells, ("counted", "counted_lead", "list"))
        self.revenue, self.profit, self.overdue = map(cells, ("revenue", "profit", "overdue"))
        self.spots, self.active = map(cells, ("spots", "active"))


def _verdicts(cells: _Cells) -> str:
    """How many are ahead, level and behind, of those that are compared in this period."""
    counted = (
        idioms.total(of=(f"{cells.position}={one.value}", idioms.holds(cells.lead)))
        for one in Verdict
    )
    return idioms.joined(list(counted), " / ")


def by_revenue(portfolio: Portfolio, t: Texts) -> str:
    """The headline means once more, each account by its revenue; empty without any."""
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


def _further(portfolio: Portfolio, t: Texts, cells: _Cells, attention: str) -> list[Tile]:
    standings = [account.standing for account in portfolio.accounts]
    summaries = [s.programmes for s in standings if s.programmes]
    late = sum(len(s.overdue) for s in standings)
    open_spots = sum(bool(s.white_spots) for s in standings)
    selling = sum(summary.active == 0 for summary in summaries)
    revenues = [s.expected.revenue.value for s in summaries]
    without = live(idioms.count_of(cells.active, "0"), selling)
    word = quoted(t("portfolio.words.provisional"))
    provisional = sum(account.provisional for account in portfolio.accounts)
    waiting = sum(file.fate is Fate.ATTENTION for file in portfolio.files)
    return [
        Tile("lists", _lists(portfolio, t, cells), "0", sheet="selection"),
        Tile("provisional", live(idioms.count_of(cells.state, word), provisional), "0",
             sheet="segments"),
        Tile("attention", live(attention, waiting), "0", bool(waiting), sheet="intake"),
        Tile("overdue", live(f"SUM({cells.overdue})", late), "0", bool(late), sheet="actions"),
        Tile("expected_revenue", _sum(cells.revenue, revenues), "#,##0", sheet="programmes"),
        Tile("white_spots", live(f"COUNTA({cells.spots})", open_spots), "0", sheet="position"),
        Tile("selling_only", without, "0", bool(selling), sheet="programmes"),
    ]  # fmt: skip


def by_year(portfolio: Portfolio, t: Texts) -> str:
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


def _sum(cells: str, values: Sequence[float | None]) -> Formula:
    known = [value for value in values if value is not None]
    return live(idioms.sum_known(cells, quoted("–")), sum(known) if known else "–")
