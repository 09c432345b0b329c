"""The sheet *Dashboard*: the portfolio on one screen and one page."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, Literal

from kamxl.core.method.basis import Verdict
from kamxl.core.portfolio.results import AccountResult
from kamxl.core.portfolio.whole import Portfolio
from kamxl.forms.paper import idioms
from kamxl.forms.paper.book import Chart, Content, Series, Sheet, span
from kamxl.forms.paper.pages import paged
from kamxl.forms.paper.parts import height_of, live, section
from kamxl.forms.paper.places import At, Lookup
from kamxl.forms.paper.raw import a1
from kamxl.forms.paper.style import (
    ACCENT,
    ACCENT_SOFT,
    BEHIND,
    FAINT,
    HEADER_RIVAL,
    HEADER_US,
    MUTED,
    NUMBER,
    PLAIN,
    RIVAL,
    SUBTITLE,
    Style,
)
from kamxl.forms.portfolio.links import Links, Said
from kamxl.forms.portfolio.map import TOP as MAPPED
from kamxl.forms.portfolio.map import Spot, map_chart, spots_of
from kamxl.forms.portfolio.news import news
from kamxl.forms.portfolio.parts import LEAD, MUTED_CELL, PERCENT, TEXT_CELL, frame, left, table_of
from kamxl.forms.portfolio.tiles import by_revenue, dashboard_tiles
from kamxl.forms.portfolio.words import best_name, dated
from kamxl.forms.tables.shown import Column, Live, Shown, ShownTable
from kamxl.wording.texts import Texts

TOP = 12
WIDTHS = (13.5, 24, 9.5, 9.5, 9.5, 10, 10, 17.5, 2, 16, 15, 10.5, 9.5, 11.5)
LEFT, RIGHT = 1, 10  # first columns of the two halves
LAST = len(WIDTHS)
CHART_ROW = 12  # the charts' first row
_CHART_ROWS = 13
_ROW = 16.5  # every row from the charts on: both halves share them
_PER_WIDTH = 1.1  # letters of a line in one unit of column width
_MARK, _INDENT = "→  ", "     "  # before a line that leads somewhere, and before what follows it
_FIRST = 11  # rows of lists below the charts, headings included
_SECOND = 575.0  # points of the second page
_UNKNOWN = "unknown"  # the list below the top accounts; without improvements, beside the first


def _list_row(portfolio: Portfolio) -> int:
    """Where the first lists begin: below the charts, if there is an account to show."""
    return CHART_ROW + _CHART_ROWS + 1 if shown_accounts(portfolio) else CHART_ROW + 3


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
    key_row = _list_row(portfolio) + _FIRST + 1
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
    links: Links,
) -> Sheet:
    """Tiles, the map and the leads, what needs doing; then the top accounts, and what else is said.

    ``attention``: where the number of files that need somebody stands; ``block``: what the picture
    of the map reads; ``links``: where the rows of all other sheets are.
    """
    sheet, row = table.sheet, _list_row(portfolio)
    sheet.widths = dict(enumerate(map(float, WIDTHS), 1))
    frame(sheet, t, portfolio, LAST)
    sheet.heights |= dict.fromkeys(range(CHART_ROW, CHART_ROW + _CHART_ROWS), _ROW)
    dashboard_tiles(sheet, portfolio, t, at, attention, links)
    if table.records:
        _block(table, portfolio, t)
        _charts(table, portfolio, t, block)
    else:
        section(sheet, CHART_ROW, LEFT, t("portfolio.dashboard.empty"))
        sheet.put(CHART_ROW + 1, LEFT, t("portfolio.dashboard.empty_hint"), PLAIN)
    said = news(portfolio, t)
    lists = _Lists(sheet, t, links, said)
    beside = "value" if "value" in said else _UNKNOWN
    ends = [lists.draw([key], row, column, _FIRST) for key, column in
            (("attention", LEFT), (beside, RIGHT))]  # fmt: skip
    page = max(*ends, row + _FIRST - 1)
    shown = table.last + 3 if table.records else page
    others = [key for key in said if key not in ("attention", beside)]
    below = [key for key in others if key == _UNKNOWN]
    second = _rows_from(sheet, page + 1)
    room = page + second
    ends = [
        lists.draw([key for key in others if key not in below], page + 1, RIGHT, second),
        lists.draw(below, shown + 1, LEFT, room - shown),
    ]
    last_row = max(*ends, shown)
    sheet.heights = dict.fromkeys(range(CHART_ROW, last_row + 1), _ROW) | sheet.heights
    sheet.print_area = span(1, 1, last_row, LAST)
    sheet.page_breaks = [page] if table.records else []
    paged(sheet, LAST)
    return sheet


def _rows_from(sheet: Sheet, first: int) -> int:
    """How many rows from ``first`` on stand on one page."""
    most = int(_SECOND / _ROW)
    heights = accumulate(sheet.heights.get(first + n, _ROW) for n in range(most))
    return sum(height <= _SECOND for height in heights)


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
    sheet.heights[table.key_row] = 2 * _ROW
    for number, column in enumerate(table.columns, 1):
        sheet.put(table.key_row, number, table.title(t, column), column.header)
    rows: dict[int, list[tuple[Content, float, Style]]] = {}
    for row, number, content, style in table.contents():
        sheet.put(row, number, content, style)
        rows.setdefault(row, []).append((content, sheet.widths[number], style))
    sheet.heights |= {row: height_of(cells, _ROW) for row, cells in rows.items()}
    table.bars(ACCENT_SOFT, 100, "total")
    more = len(portfolio.accounts) - len(top)
    if more:
        note = t("portfolio.dashboard.more", count=more)
        sheet.put(table.last + 1, 1, note, PLAIN.but(color=MUTED))
    sheet.put(table.last + 2, 1, by_revenue(portfolio, t), PLAIN.but(color=MUTED))


def _columns(t: Texts) -> tuple[Column[Top, _Formulas], ...]:
    points, line = NUMBER.but(format="0.0"), TEXT_CELL
    # their titles say which way: a minus there would turn the meaning round
    by = LEAD.but(fill=None, format="0.0;0.0;0.0")
    ahead, behind = by.but(color=ACCENT), by.but(color=BEHIND)
    return (
        Shown("id", 0, lambda r: r.account.id, MUTED_CELL, left()),
        Shown("name", 0, lambda r: _name(t, r), line, left()),
        Live("total", 0, _Formulas.total, points.but(bold=True), HEADER_US),
        Live("rests", 0, _Formulas.rests, PERCENT.but(fill=None)),
        Live("ahead", 0, _Formulas.ahead, ahead),
        Live("level", 0, _Formulas.level, LEAD.but(fill=None)),
        Live("behind", 0, _Formulas.behind, behind),
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

    upper, lower = CHART_ROW, CHART_ROW + _CHART_ROWS
    if block.records:
        corners = (a1(upper, LEFT), a1(lower, RIGHT - 1))
        sheet.charts.append(map_chart(block, portfolio, t, corners, sheet))
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


class _Lists:
    """Lists in words; no sentence is cut, and what there is no room for is said and leads on."""

    def __init__(
        self, sheet: Sheet, t: Texts, links: Links, said: Mapping[str, Sequence[Said]]
    ) -> None:
        self._sheet, self._t, self._links, self._said = sheet, t, links, said

    def draw(self, keys: Sequence[str], row: int, column: int, room: int) -> int:
        """Some lists below each other, in about so many rows; the last row of them.

        What one leaves free, the next ones may fill.
        """
        end = row + room
        for place, key in enumerate(keys):
            share = (end - row) // (len(keys) - place)
            row = self._draw(key, row, column, share) + 1
        return row - 1

    def _draw(self, key: str, row: int, column: int, room: int) -> int:
        said, t = self._said[key], self._t
        title = t(f"portfolio.dashboard.{key}")
        high = self._sheet.heights.get(row, _ROW)  # an account may stand beside
        section(self._sheet, row, column, f"{title} ({len(said)})" if said else title)
        self._sheet.heights[row] = high
        if not said:
            self._sheet.put(row + 1, column, t(f"portfolio.dashboard.{key}_none"), PLAIN)
            return row + 1
        for sentence, lines in self._fitted(key, said, column, room - 1):
            link = self._links.of(sentence)
            for line in lines:
                row += 1
                self._sheet.put(row, column, line, PLAIN, link)
        return row

    def _fitted(
        self, key: str, said: Sequence[Said], column: int, room: int
    ) -> Iterator[tuple[Said, list[str]]]:
        """The first sentences that there is room for, in all of their lines; how many are left."""
        shown, used = 0, 0
        for sentence in said:
            lines = self._lines(sentence, column)
            last = shown == len(said) - 1
            if used + len(lines) + (0 if last else 1) > room:
                break
            shown, used = shown + 1, used + len(lines)
            yield sentence, lines
        if shown < len(said):
            more = self._t("portfolio.dashboard.more_lines", count=len(said) - shown)
            yield Said(more, said[shown].sheet), [f"{_MARK}{more}"]

    def _lines(self, sentence: str, column: int) -> list[str]:
        last = RIGHT - 1 if column < RIGHT else LAST
        wide = sum(WIDTHS[column - 1 : last - 1 if column < RIGHT else last])
        return textwrap.wrap(
            sentence, int(wide * _PER_WIDTH), initial_indent=_MARK, subsequent_indent=_INDENT,
            break_long_words=True,
        )  # fmt: skip
