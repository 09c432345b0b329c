"""The sheet *Dashboard*: the portfolio on one screen and one page."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from kamxl.core.method.basis import Verdict
from kamxl.core.portfolio.results import AccountResult
from kamxl.core.portfolio.whole import Portfolio
from kamxl.forms.paper import idioms
from kamxl.forms.paper.book import Chart, Content, Series, Sheet, span
from kamxl.forms.paper.parts import live, section
from kamxl.forms.paper.places import At, Lookup
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
from kamxl.forms.portfolio.map import Spot, map_chart, spots_of
from kamxl.forms.portfolio.news import news
from kamxl.forms.portfolio.parts import LEAD, PERCENT, TEXT_CELL, frame, left, table_of
from kamxl.forms.portfolio.tiles import by_revenue, dashboard_tiles
from kamxl.forms.portfolio.words import best_name, dated
from kamxl.forms.tables.shown import Column, Live, Shown, ShownTable
from kamxl.wording.texts import Texts

TOP = 12
WIDTHS = (5, 23, 8, 8, 8, 8.5, 8.5, 17, 2, 15.6, 15.6, 15.6, 15.6, 15.6)
LEFT, RIGHT = 1, 10  # first columns of the two halves
LAST = len(WIDTHS)
CHART_ROW = 11  # the charts' first row; how high they are depends on the accounts in them
_ROW = 16.5  # every row from the charts on: both halves share them
_LINE = 92  # letters a line of the right half holds
_LIST_ROWS = 18  # of all lists together, headings included
# lines; what needs attention: the rest
_MOST = {"unknown": 2, "flips": 1, "spots": 1, "late": 1, "value": 2, "changed": 1}


def _table_row(shown: int) -> int:
    """Where the lower half begins: below the charts, if there is an account to show."""
    return CHART_ROW + min(5 + shown, 11) + 1 if shown else CHART_ROW


@dataclass(frozen=True, slots=True)
class Top:
    """One of the top accounts; ``number``: its own on the map."""

    account: AccountResult
    number: int | None


def dashboard_table(portfolio: Portfolio, t: Texts) -> ShownTable[Top, _Formulas]:
    """The block that the leads' chart reads: the top accounts, looked up by id."""
    top = shown_accounts(portfolio)
    numbers = {spot.account.id: spot.number for spot in spots_of(portfolio)[:MAPPED]}
    records = [Top(account, numbers.get(account.id)) for account in top]
    key_row = _table_row(len(top)) + 1
    return table_of(
        t, "dashboard", _columns(t), records, _Formulas, key_row=key_row,
        old=lambda top: top.account.earlier,
    )  # fmt: skip


def dashboard_sheet(
    table: ShownTable[Top, _Formulas],
    at: At,
    portfolio: Portfolio,
    t: Texts,
    attention: str,
    block: ShownTable[Spot, Any],
) -> Sheet:
    """Tiles, the map and the leads, the block of the top accounts, short lists in words.

    ``attention``: where the number of files that need somebody stands; ``block``: what the picture
    of the map reads.
    """
    sheet, row = table.sheet, _table_row(len(table.records))
    last_row = row + _LIST_ROWS - 1
    sheet.widths = dict(enumerate(map(float, WIDTHS), 1))
    sheet.heights = dict.fromkeys(range(CHART_ROW, last_row + 1), _ROW)
    frame(sheet, t, portfolio, LAST)
    dashboard_tiles(sheet, portfolio, t, at, attention)
    if table.records:
        _block(table, portfolio, t)
        _charts(table, portfolio, t, block)
    else:
        section(sheet, row, LEFT, t("portfolio.dashboard.empty"))
        hint = textwrap.wrap(t("portfolio.dashboard.empty_hint"), 85)
        for number, line in enumerate(hint, row + 1):
            sheet.put(number, LEFT, line, PLAIN)
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


def _block(table: ShownTable[Top, _Formulas], portfolio: Portfolio, t: Texts) -> None:
    sheet, top = table.sheet, table.records
    key = "top_mapped" if any(one.number for one in top) else "top"
    section(sheet, table.key_row - 1, LEFT, t(f"portfolio.dashboard.{key}"))
    for number, column in enumerate(table.columns, 1):
        sheet.put(table.key_row, number, table.title(t, column), column.header)
    for row, number, content, style in table.contents():
        sheet.put(row, number, content, style)
    table.bars(ACCENT_SOFT, 100, "total")
    more = len(portfolio.accounts) - len(top)
    if more:
        note = t("portfolio.dashboard.more", count=more)
        sheet.put(table.last + 1, 2, note, PLAIN.but(size=9, color=MUTED))
    sheet.put(table.last + 2, 2, by_revenue(portfolio, t), PLAIN.but(size=9, color=MUTED))


def _columns(t: Texts) -> tuple[Column[Top, _Formulas], ...]:
    points, line = NUMBER.but(format="0.0"), TEXT_CELL.but(wrap=False, shrink=True)
    small = HEADER.but(size=8, wrap=False)
    # their titles say which way: a minus there would turn the meaning round
    by = LEAD.but(fill=None, format="0.0;0.0;0.0")
    ahead, behind = by.but(color=ACCENT), by.but(color=BEHIND)
    return (
        Shown("id", 0, lambda r: r.account.id, KEY.but(color=FAINT, shrink=True), left()),
        Shown("name", 0, lambda r: _name(t, r), line, left()),
        Live("total", 0, _Formulas.total, points.but(bold=True), HEADER_US),
        Live("rests", 0, _Formulas.rests, PERCENT.but(fill=None), small),
        Live("ahead", 0, _Formulas.ahead, ahead, small),
        Live("level", 0, _Formulas.level, LEAD.but(fill=None), small),
        Live("behind", 0, _Formulas.behind, behind, small),
        Shown("best", 0, lambda r: best_name(t, r.account, short=True), line, left(HEADER_RIVAL)),
    )


def _name(t: Texts, top: Top) -> str:
    name = dated(t, top.account)
    return name if top.number is None else f"{top.number}  {name}"


class _Formulas:
    """The numbers of an account, looked up by its id."""

    def __init__(self, at: At) -> None:
        (self._id,) = at.own("id")
        self._total, self._rests, self._lead, self._verdict = at.lookups(
            "accounts", "total", "lead_coverage", "lead", "position"
        )

    def _looked_up(self, column: Lookup, row: int, value: float | None) -> Content:
        return None if value is None else live(column.of(self._id.here(row)), value)

    def total(self, top: Top, row: int) -> Content:
        return self._looked_up(self._total, row, top.account.total)

    def rests(self, top: Top, row: int) -> Content:
        """How much of the account the lead rests on."""
        answered = bool(top.account.answered)
        weights = top.account.lead.basis.weights
        return self._looked_up(self._rests, row, weights if answered else None)

    def _where(self, top: Top, row: int, verdict: Verdict) -> Content:
        """The lead, in one of three columns, so that each has its colour, and level has none."""
        if not top.account.answered:
            return None
        lead, found = (one.of(self._id.here(row)) for one in (self._lead, self._verdict))
        value = top.account.lead.points if top.account.lead.verdict is verdict else None
        then = f"IF({found}={verdict.value},{lead},{idioms.NOTHING})"
        return live(idioms.known(found, then=then), value)

    def ahead(self, top: Top, row: int) -> Content:
        return self._where(top, row, Verdict.AHEAD)

    def level(self, top: Top, row: int) -> Content:
        return self._where(top, row, Verdict.LEVEL)

    def behind(self, top: Top, row: int) -> Content:
        return self._where(top, row, Verdict.BEHIND)


def _charts(
    table: ShownTable[Top, _Formulas], portfolio: Portfolio, t: Texts, block: ShownTable[Spot, Any]
) -> None:
    """The map on the left (without a selection: totals), the leads on the right."""
    sheet, top = table.sheet, [one.account for one in table.records]

    def cells(key: str) -> str:
        number = table.index(key)
        return sheet.ref(a1(table.first, number), a1(table.last, number))

    def series(key: str, color: str, label: Literal["", "value"] = "") -> Series:
        title = t(f"portfolio.dashboard.{key}")
        return Series(cells(key), cells("name"), title, color=color, label=label)

    upper, lower = CHART_ROW, table.key_row - 2
    if block.records:
        corners = (a1(upper, LEFT), a1(lower, RIGHT - 1))
        sheet.charts.append(map_chart(block, portfolio, t, corners))
    else:
        totals = Chart(
            "bar", a1(upper, LEFT), a1(lower, RIGHT - 1), (series("total", ACCENT, "value"),),
            title=t("portfolio.dashboard.totals"), x_min=0, x_max=100, legend=False,
            description=t("portfolio.dashboard.totals"),
        )  # fmt: skip
        sheet.charts.append(totals)
    if all(account.lead.points is None for account in top):
        sheet.put(upper + 2, RIGHT, t("portfolio.dashboard.no_lead"), SUBTITLE)
        return
    bound = _bound(top)
    leads = Chart(
        "stacked", a1(upper, RIGHT), a1(lower, LAST + 1),
        (series("ahead", ACCENT), series("level", FAINT), series("behind", RIVAL)),
        title=t("portfolio.dashboard.leads"), x_min=-bound, x_max=bound, legend=False,
        description=t("portfolio.dashboard.leads"),
    )  # fmt: skip
    sheet.charts.append(leads)


def _bound(top: Sequence[AccountResult]) -> float:
    """The end of the lead's scale, a round number of points, the same to both sides."""
    widest = max(abs(p) for a in top if (p := a.lead.points) is not None)
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
