"""The sheet *Dashboard*: the portfolio on one screen and one page."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Literal

from kamxl.core.portfolio.results import AccountResult, sign_of
from kamxl.core.portfolio.whole import Portfolio
from kamxl.forms.paper.book import Chart, Conditional, Series, Sheet, span
from kamxl.forms.paper.parts import section
from kamxl.forms.paper.raw import a1
from kamxl.forms.paper.style import (
    ACCENT,
    ACCENT_SOFT,
    BEHIND,
    FAINT,
    HEADER,
    HEADER_RIVAL,
    HEADER_US,
    KEY,
    MUTED,
    NUMBER,
    PLAIN,
    RIVAL,
    SUBTITLE,
)
from kamxl.forms.portfolio.map import TOP as MAPPED
from kamxl.forms.portfolio.map import map_chart, spots_of
from kamxl.forms.portfolio.news import news
from kamxl.forms.portfolio.parts import LEAD, TEXT_CELL, blank_sheet, frame, left, live
from kamxl.forms.portfolio.places import Places
from kamxl.forms.portfolio.tiles import dashboard_tiles
from kamxl.forms.portfolio.words import best_name
from kamxl.wording.texts import Texts

TOP = 12
WIDTHS = (5, 23, 8, 8, 8, 8.5, 8.5, 17, 2, 15.6, 15.6, 15.6, 15.6, 15.6)
LEFT, RIGHT = 1, 10  # first columns of the two halves
LAST = len(WIDTHS)
CHART_ROW = 11  # the charts' first row; how high they are depends on the accounts in them
_ROW = 16.5  # every row from the charts on: both halves share them
_LINE = 92  # letters a line of the right half holds
_LIST_ROWS = 17  # of all lists together, headings included
_MOST = {"unknown": 2, "flips": 2, "spots": 2, "late": 2}  # lines; what needs attention: the rest


def _table_row(shown: int) -> int:
    """Where the lower half begins: below the charts, if there is an account to show."""
    return CHART_ROW + min(5 + shown, 12) + 1 if shown else CHART_ROW


def dashboard_sheet(
    portfolio: Portfolio, t: Texts, places: Places, intake: Sheet, block: Sheet
) -> Sheet:
    """Tiles, the map and the leads, the block of the top accounts, short lists in words.

    ``block``: the sheet *Map*, whose cells the picture of the map reads.
    """
    top = shown_accounts(portfolio)
    row = _table_row(len(top))
    last_row = row + _LIST_ROWS - 1
    sheet = blank_sheet(t, "dashboard")
    sheet.widths = dict(enumerate(map(float, WIDTHS), 1))
    sheet.heights = dict.fromkeys(range(CHART_ROW, last_row + 1), _ROW)
    frame(sheet, t, portfolio, LAST)
    dashboard_tiles(sheet, portfolio, t, places, intake)
    if top:
        _table(sheet, portfolio, t, places, top)
        _charts(sheet, portfolio, t, top, block)
    else:
        section(sheet, row, LEFT, t("portfolio.dashboard.empty"))
        hint = textwrap.wrap(t("portfolio.dashboard.empty_hint"), 85)
        for at, line in enumerate(hint, row + 1):
            sheet.put(at, LEFT, line, PLAIN)
    _lists(sheet, portfolio, t, row)
    sheet.print_area = span(1, 1, last_row, LAST)
    sheet.pages_tall = 1
    sheet.zoom = 90
    return sheet


def ranked(portfolio: Portfolio) -> list[AccountResult]:
    """The accounts that have a total, the highest first."""
    rated = [(a.total, a) for a in portfolio.accounts if a.total is not None]
    return [account for _, account in sorted(rated, key=lambda found: -round(found[0], 9))]


def shown_accounts(portfolio: Portfolio) -> list[AccountResult]:
    """Those on the map in its order, then by total; as many as the block holds."""
    mapped = [spot.account for spot in spots_of(portfolio)[:MAPPED]]
    there = {account.id for account in mapped}
    return [*mapped, *(a for a in ranked(portfolio) if a.id not in there)][:TOP]


def _table(
    sheet: Sheet, portfolio: Portfolio, t: Texts, places: Places, top: Sequence[AccountResult]
) -> None:
    """The block that the leads' chart reads: the top accounts, looked up by id."""
    first = _table_row(len(top))
    numbers = {spot.account.id: spot.number for spot in spots_of(portfolio)[:MAPPED]}
    key = "top_mapped" if numbers else "top"
    section(sheet, first, LEFT, t(f"portfolio.dashboard.{key}"))
    keys = ("id", "name", "total", "score", "mean", "ahead", "behind", "best")
    looks = (left(), left(), HEADER_US, HEADER, HEADER, HEADER, HEADER, left(HEADER_RIVAL))
    for column, (key, look) in enumerate(zip(keys, looks, strict=True), 1):
        sheet.put(first + 1, column, t(f"portfolio.dashboard.{key}"), look)
    for row, account in enumerate(top, first + 2):
        number = numbers.get(account.id)
        name = account.name if number is None else f"{number}  {account.name}"
        sheet.put(row, 1, account.id, KEY.but(color=FAINT, shrink=True))
        sheet.put(row, 2, name, TEXT_CELL.but(wrap=False, shrink=True))
        selected = account.standing.selected
        values = (account.total, selected.score if selected else None,
                  account.standing.position.mean)  # fmt: skip
        for column, (key, value) in enumerate(zip(keys[2:5], values, strict=True), 3):
            content = None if value is None else live(places.look_up(key, f"$A{row}"), value)
            sheet.put(row, column, content, NUMBER.but(bold=column == 3, format="0.0"))
        _lead_cells(sheet, places, account, row)
        sheet.put(row, 8, best_name(t, account), TEXT_CELL.but(wrap=False, shrink=True))
    bars = span(first + 2, 3, first + 1 + len(top), 3)
    sheet.conditionals.append(
        Conditional(bars, kind="bar", fill=ACCENT_SOFT, low_at=0, high_at=100)
    )
    more = len(portfolio.accounts) - len(top)
    if more:
        note = t("portfolio.dashboard.more", count=more)
        sheet.put(first + 2 + len(top), 2, note, PLAIN.but(size=9, color=MUTED))


def _lead_cells(sheet: Sheet, places: Places, account: AccountResult, row: int) -> None:
    """The lead in one of two columns: ahead or behind, so that each has its colour."""
    lead = places.look_up("lead", f"$A{row}")
    for column, sign, test in ((6, 1, ">0"), (7, -1, "<0")):
        value = account.lead if sign_of(account.lead) == sign else None
        text = f'IF(ISNUMBER({lead}),IF(ROUND({lead},9){test},{lead},""),"")'
        color = ACCENT if sign > 0 else BEHIND
        content = live(text, value) if account.answered else None
        sheet.put(row, column, content, LEAD.but(fill=None, color=color))


def _charts(
    sheet: Sheet, portfolio: Portfolio, t: Texts, top: Sequence[AccountResult], block: Sheet
) -> None:
    """The map on the left (without a selection: totals), the leads on the right."""
    first = _table_row(len(top)) + 2
    last = first + len(top) - 1
    names = sheet.ref(a1(first, 2), a1(last, 2))

    def series(column: int, key: str, color: str, label: Literal["", "value"] = "") -> Series:
        return Series(
            values=sheet.ref(a1(first, column), a1(last, column)),
            categories=names,
            title=t(f"portfolio.dashboard.{key}"),
            color=color,
            label=label,
        )

    upper, lower = CHART_ROW, _table_row(len(top)) - 1
    mapped = spots_of(portfolio)[:MAPPED]
    if mapped:
        corners = (a1(upper, LEFT), a1(lower, RIGHT - 1))
        sheet.charts.append(map_chart(block, portfolio, t, mapped, corners))
    else:
        totals = Chart(
            "bar", a1(upper, LEFT), a1(lower, RIGHT - 1), (series(3, "total", ACCENT, "value"),),
            title=t("portfolio.dashboard.totals"), x_min=0, x_max=100, legend=False,
            description=t("portfolio.dashboard.totals"),
        )  # fmt: skip
        sheet.charts.append(totals)
    if all(account.lead is None for account in top):
        sheet.put(upper + 2, RIGHT, t("portfolio.dashboard.no_lead"), SUBTITLE)
        return
    bound = _bound(top)
    leads = Chart(
        "stacked", a1(upper, RIGHT), a1(lower, LAST + 1),
        (series(6, "ahead", ACCENT), series(7, "behind", RIVAL)),
        title=t("portfolio.dashboard.leads"), x_min=-bound, x_max=bound, legend=False,
        description=t("portfolio.dashboard.leads"),
    )  # fmt: skip
    sheet.charts.append(leads)


def _bound(top: Sequence[AccountResult]) -> float:
    """The end of the lead's scale, a round number of points, the same to both sides."""
    widest = max(abs(a.lead) for a in top if a.lead is not None)
    return next(
        bound
        for bound in (5, 10, 20, 30, 40, 60, 80, 100)
        if widest <= bound * 0.98 or bound == 100
    )


def _lists(sheet: Sheet, portfolio: Portfolio, t: Texts, row: int) -> None:
    """Lists in words; what the others leave free, the first one may fill."""
    said = news(portfolio, t)
    made: dict[str, list[str]] = {}
    room = _LIST_ROWS - len(said)
    for key in reversed(said):
        sentences = said[key] or [t(f"portfolio.dashboard.{key}_none")]
        made[key] = _fitted(sentences, min(room, _MOST.get(key, room)))
        room -= len(made[key])
    for key in said:  # what is left over
        fuller = _fitted(said[key], len(made[key]) + room) if said[key] else made[key]
        room -= len(fuller) - len(made[key])
        made[key] = fuller
    for key in said:
        title = t(f"portfolio.dashboard.{key}")
        section(sheet, row, RIGHT, f"{title} ({len(said[key])})" if said[key] else title)
        sheet.heights[row] = _ROW
        for at, line in enumerate(made[key], row + 1):
            sheet.put(at, RIGHT, line, PLAIN)
        row += 1 + len(made[key])


def _fitted(sentences: Sequence[str], room: int) -> list[str]:
    """The first sentences, in ``room`` lines: two lines each, the last one cut if need be.

    How many there are says the heading.
    """
    lines: list[str] = []
    for sentence in sentences:
        left_over = room - len(lines)
        if left_over < 1:
            break
        wrapped = textwrap.wrap(sentence, _LINE, max_lines=min(2, left_over), placeholder=" …")
        lines += [("•  " if n == 0 else "    ") + line for n, line in enumerate(wrapped)]
    return lines
