"""The headline numbers of the dashboard: what customers say, and what we make of it."""

from __future__ import annotations

from collections.abc import Sequence

from kamxl.core.finding import Fate
from kamxl.core.method.basis import Verdict
from kamxl.core.method.selection import AccountList
from kamxl.core.portfolio.whole import Portfolio
from kamxl.forms.paper import idioms
from kamxl.forms.paper.book import Content, Formula, Sheet
from kamxl.forms.paper.idioms import quoted
from kamxl.forms.paper.parts import live, tile
from kamxl.forms.paper.places import At
from kamxl.forms.paper.style import BEHIND, TILE_VALUE
from kamxl.forms.portfolio.selection import list_word
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
    signs = [account.lead.verdict for account in accounts]
    ahead, behind = signs.count(Verdict.AHEAD), signs.count(Verdict.BEHIND)
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
        ("mean_lead", _mean(cells.lead, [a.lead.points for a in accounts]), _SIGNED, False),
        ("ahead_behind", live(idioms.joined(both, " / "), f"{ahead} / {behind}"), "0", False),
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
        ("expected_revenue", _sum(cells.revenue, revenues), "#,##0", False),
        ("expected_profit", _sum(cells.profit, profits), "#,##0", False),
        ("overdue", live(f"SUM({cells.overdue})", late), "0", bool(late)),
        ("white_spots", live(f"COUNTA({cells.spots})", open_spots), "0", False),
        ("selling_only", without, "0", bool(selling)),
    ]


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
