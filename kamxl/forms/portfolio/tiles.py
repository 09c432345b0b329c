"""The headline numbers of the dashboard: what customers say, and what we make of it."""

from __future__ import annotations

from collections.abc import Sequence

from kamxl.core.finding import Fate
from kamxl.core.method.selection import AccountList
from kamxl.core.portfolio.results import sign_of
from kamxl.core.portfolio.whole import Portfolio
from kamxl.forms.paper.book import Content, Formula, Sheet
from kamxl.forms.paper.parts import tile
from kamxl.forms.paper.style import BEHIND, TILE_VALUE
from kamxl.forms.portfolio.intake import attention_cell
from kamxl.forms.portfolio.parts import live
from kamxl.forms.portfolio.places import Places
from kamxl.forms.portfolio.selection import list_word
from kamxl.wording.texts import Texts

Tile = tuple[str, Content, str, bool]  # key, content, format, whether it alarms
ROWS = (5, 8)  # where the labels stand; the values are below them
_COLUMNS = ((1, 2), (3, 4, 5), (6, 7, 8), (10, 11), (12, 13), (14,))
_SIGNED = "+0.0;-0.0;0.0"


def dashboard_tiles(
    sheet: Sheet, portfolio: Portfolio, t: Texts, places: Places, intake: Sheet
) -> None:
    """Two rows of tiles."""
    tiles = (
        _of_answers(portfolio, t, places, intake),
        _of_growth(portfolio, t, places),
    )
    for row, group in zip(ROWS, tiles, strict=True):
        for columns, (key, content, shown, alarming) in zip(_COLUMNS, group, strict=True):
            style = TILE_VALUE.but(format=shown)
            if alarming:
                style = style.but(color=BEHIND)
            tile(sheet, row, columns, t(f"portfolio.dashboard.{key}"), content, style)
    sheet.heights |= {7: 5, 10: 8}


def _of_answers(portfolio: Portfolio, t: Texts, places: Places, intake: Sheet) -> list[Tile]:
    accounts = portfolio.accounts
    signs = [sign_of(account.lead) for account in accounts]
    answered = sum(account.respondents > 0 for account in accounts)
    respondents, position = places.account_column("respondents"), places.account_column("position")
    of, word = t("portfolio.dashboard.of"), t("portfolio.words.provisional")
    # an orphaned remark's row is below the accounts, so ROWS counts accounts only
    rows = f"ROWS({respondents})" if accounts else "0"
    attention = sum(file.fate is Fate.ATTENTION for file in portfolio.files)
    provisional = sum(account.provisional for account in accounts)
    return [
        ("answered", live(f'COUNTIF({respondents},">0")&" {of} "&{rows}',
                          f"{answered} {of} {len(accounts)}"), "0.0", False),
        ("mean_total", _mean(places, "total", [a.total for a in accounts]), "0.0", False),
        ("mean_lead", _mean(places, "lead", [a.lead for a in accounts]), _SIGNED, False),
        ("ahead_behind", live(f'COUNTIF({position},1)&" / "&COUNTIF({position},-1)',
                              f"{signs.count(1)} / {signs.count(-1)}"), "0", False),
        ("provisional", live(f'COUNTIF({places.account_column("state")},"{word}")',
                             provisional), "0", False),
        ("attention", live(attention_cell(intake), attention), "0", bool(attention)),
    ]  # fmt: skip


def _of_growth(portfolio: Portfolio, t: Texts, places: Places) -> list[Tile]:
    standings = [account.standing for account in portfolio.accounts]
    summaries = [s.programmes for s in standings if s.programmes]
    late = sum(len(s.overdue) for s in standings)
    open_spots = sum(bool(s.white_spots) for s in standings)
    selling = sum(summary.active == 0 for summary in summaries)
    spots, active = places.account_column("spots"), places.account_column("active")
    overdue = f"SUM({places.account_column('overdue')})"
    return [
        ("lists", _lists(portfolio, t, places), "0", False),
        ("expected_revenue", _sum(places, "revenue", [s.expected.revenue.value for s in summaries]),
         "#,##0", False),
        ("expected_profit", _sum(places, "profit", [s.expected.profit.value for s in summaries]),
         "#,##0", False),
        ("overdue", live(overdue, late), "0", bool(late)),
        ("white_spots", live(f"COUNTA({spots})", open_spots), "0", False),
        ("selling_only", live(f"COUNTIF({active},0)", selling), "0", bool(selling)),
    ]  # fmt: skip


def _lists(portfolio: Portfolio, t: Texts, places: Places) -> Content:
    """How many accounts to focus on, to build up, to serve."""
    selection = portfolio.selection
    if selection is None or not portfolio.chosen:
        return "–"
    cells = places.account_column("list")
    text = '&" / "&'.join(f'COUNTIF({cells},"{list_word(t, one)}")' for one in AccountList)
    return live(text, " / ".join(str(len(selection.on(one))) for one in AccountList))


def _mean(places: Places, key: str, values: Sequence[float | None]) -> Formula:
    known = [value for value in values if value is not None]
    cells = places.account_column(key)
    mean = sum(known) / len(known) if known else "–"
    return live(f'IF(COUNT({cells})=0,"–",AVERAGE({cells}))', mean)


def _sum(places: Places, key: str, values: Sequence[float | None]) -> Formula:
    known = [value for value in values if value is not None]
    cells = places.account_column(key)
    return live(f'IF(COUNT({cells})=0,"–",SUM({cells}))', sum(known) if known else "–")
