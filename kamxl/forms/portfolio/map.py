"""The sheet *Map*: who is worth growing with, against where we stand there; and its block.

The block has a fixed number of rows, so that the charts here and on the dashboard read the same
cells whatever happens to the tables.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence

from kamxl.core.method.position import LEVEL
from kamxl.core.portfolio.results import AccountResult
from kamxl.core.portfolio.whole import Portfolio
from kamxl.forms.paper import idioms
from kamxl.forms.paper.book import Content, Sheet, span
from kamxl.forms.paper.idioms import quoted
from kamxl.forms.paper.pages import paged
from kamxl.forms.paper.parts import height_of, live, section
from kamxl.forms.paper.places import At
from kamxl.forms.paper.raw import a1
from kamxl.forms.paper.style import HEADER_US, MUTED, PLAIN, SUBTITLE, Style
from kamxl.forms.portfolio.map_chart import DOTS, dotted, labelled, map_chart, size_of
from kamxl.forms.portfolio.parts import (
    BOLD_LIVE,
    COUNT,
    ID_CELL,
    LIVE,
    LIVE_MONEY,
    MUTED_CELL,
    PERCENT,
    POINTS,
    TEXT_CELL,
    frame,
    left,
    table_of,
)
from kamxl.forms.portfolio.selection import LOOKS, list_word
from kamxl.forms.portfolio.spots import (
    CHART,
    CHART_END,
    COLORS,
    FIRST,
    HEAD,
    LAST,
    QUADRANTS,
    TOP,
    Spot,
    most_revenue,
    quadrant,
    said_beside,
    said_of,
    spots_of,
)
from kamxl.forms.portfolio.words import dated, listed
from kamxl.forms.tables.shown import Column, Live, Shown, ShownTable, aged
from kamxl.wording.texts import Texts

__all__ = [
    "COLORS",
    "DOTS",
    "FIRST",
    "HEAD",
    "HELP",
    "KEYS",
    "LAST",
    "QUADRANTS",
    "TOP",
    "Spot",
    "map_chart",
    "map_sheet",
    "map_table",
    "quadrant",
    "spots_of",
]

_NAMES = 40  # accounts named in a note
_NOTE = 150  # letters of a line below the block
_NUMBERS = "size"  # the picture ends before this column, beside it stands whose numbers it shows
_SMALLEST = 0.004  # of the largest bubble: an unknown revenue is drawn as small as can be seen


def map_table(portfolio: Portfolio, t: Texts) -> ShownTable[Spot, _Formulas]:
    """The block: the accounts on the map, as many as are drawn."""
    spots = spots_of(portfolio)[:TOP]

    def formulas(at: At) -> _Formulas:
        return _Formulas(at, portfolio, t, most_revenue(spots) * _SMALLEST)

    def named(spot: Spot) -> str:
        return dated(t, spot.account)

    of_five = t("portfolio.of_five")
    return table_of(
        t, "map", _columns(of_five, named), spots, formulas, key_row=HEAD,
        old=lambda spot: spot.account.earlier,
    )  # fmt: skip


def map_sheet(table: ShownTable[Spot, _Formulas], portfolio: Portfolio, t: Texts) -> Sheet:
    """The picture with the accounts' numbers beside it; on the next page the block, and notes."""
    sheet, shown, spots = table.sheet, table.records, spots_of(portfolio)
    sheet.widths = {n: float(column.width) for n, column in enumerate(table.columns, 1)}
    frame(sheet, t, portfolio, table.width)
    row = CHART
    if shown:
        sheet.heights |= dict.fromkeys(range(CHART, CHART_END), 16.0)
        corners = (a1(CHART, 1), a1(CHART_END, table.index(_NUMBERS)))
        sheet.charts.append(map_chart(table, portfolio, t, corners, sheet))
        _legend(table, portfolio, t, corners)
        sheet.page_breaks = [CHART_END - 1]
        section(sheet, CHART_END, 1, t("portfolio.map.top"))
        _block(table, t)
        dotted(table, portfolio, t)
        row = FIRST + len(shown)
    else:
        section(sheet, row, 1, t("portfolio.map.empty"))
        sheet.put(row + 1, 1, t("portfolio.map.empty_hint"), SUBTITLE)
        row += 2
    for line in _notes(portfolio, t, spots):
        row += 1
        sheet.put(row, 1, line, PLAIN.but(color=MUTED))
        sheet.heights[row] = 15.0
    sheet.print_area = span(1, 1, row, table.width)
    paged(sheet, table.width)
    return sheet


def _legend(
    table: ShownTable[Spot, _Formulas], portfolio: Portfolio, t: Texts, corners: tuple[str, str]
) -> None:
    """Whose the numbers are; one without room says beside which it would stand.

    The block has them all: beside the picture stand as many as its rows hold.
    """
    sheet, column = table.sheet, table.width
    found = labelled(table, portfolio, t, *size_of(sheet, corners))
    row, wide = CHART + 1, int(sheet.widths[column] * 1.05)
    for spot, at in zip(table.records, found, strict=True):
        name = dated(t, spot.account)
        if at is None:
            seen = [one for one, place in zip(table.records, found, strict=True) if place]
            near = min(seen, key=lambda one: _apart(one, spot))
            name = t("portfolio.map.hidden", name=name, number=near.number)
        lines = textwrap.wrap(f"{spot.number}  {name}", wide, subsequent_indent="      ")
        last = spot is table.records[-1]
        if row + len(lines) > CHART_END - (0 if last else 1):
            more = t("portfolio.map.below", count=len(table.records) - spot.number + 1)
            sheet.put(row, column, more, PLAIN.but(color=MUTED))
            return
        look = PLAIN.but(color=COLORS[spot.selected.list], bold=True)
        look = aged(look) if spot.account.earlier else look
        for line in lines:
            sheet.put(row, column, line, look)
            row += 1


def _apart(one: Spot, other: Spot) -> float:
    return (one.score - other.score) ** 2 + (one.relative - other.relative) ** 2


def _block(table: ShownTable[Spot, _Formulas], t: Texts) -> None:
    for number, column in enumerate(table.columns, 1):
        table.sheet.put(HEAD, number, table.title(t, column) or None, column.header)
    sheet = table.sheet
    sheet.heights[HEAD] = 48
    rows: dict[int, list[tuple[Content, float, Style]]] = {}
    for row, number, content, style in table.contents():
        sheet.put(row, number, content, style)
        rows.setdefault(row, []).append((content, sheet.widths[number], style))
    sheet.heights |= {row: height_of(cells, 17) for row, cells in rows.items()}


class _Formulas:
    """The numbers of an account, looked up by its id, so that each can be traced."""

    def __init__(self, at: At, portfolio: Portfolio, t: Texts, smallest: float) -> None:
        shown = at.lookups("accounts", "list", "score", "relative", "known", "lead_coverage")
        self._list, self._score, self._relative, self._known, self._rests = shown
        (self._revenue,) = at.lookups("selection", "revenue")
        self._id, self._across, self._upwards, self._own_revenue = at.own(
            "id", "score", "relative", "revenue"
        )
        self._portfolio, self._t, self._smallest = portfolio, t, smallest

    def list(self, spot: Spot, row: int) -> Content:
        word = list_word(self._t, spot.selected.list)
        return live(self._list.of(self._id.here(row)), word)

    def score(self, spot: Spot, row: int) -> Content:
        return live(self._score.of(self._id.here(row)), spot.score)

    def relative(self, spot: Spot, row: int) -> Content:
        return live(self._relative.of(self._id.here(row)), spot.relative)

    def known(self, spot: Spot, row: int) -> Content:
        known = spot.account.standing.position.known
        return live(self._known.of(self._id.here(row)), known)

    def revenue(self, spot: Spot, row: int) -> Content:
        if spot.revenue is None:
            return None
        return live(self._revenue.of(self._id.here(row)), spot.revenue)

    def size(self, spot: Spot, row: int) -> Content:
        """How large its bubble is: an unknown revenue is as small as can be seen."""
        text = f"MAX(SUM({self._own_revenue.here(row)}),{self._smallest:.15g})"
        return live(text, max(spot.revenue or 0.0, self._smallest))

    def rests(self, spot: Spot, row: int) -> Content:
        rests = spot.account.lead.basis.weights
        return live(self._rests.of(self._id.here(row)), rests)

    def quadrant(self, spot: Spot, row: int) -> Content:
        """The place in words; without a basis, or where a minimum is missed, what is said of that.

        What may stand there follows the four numbers; which list and minimum, the row is made for.
        """
        own = said_of(self._portfolio, self._t, spot)
        if not spot.judged or spot.account.missed:
            return own
        said = {key: quoted(said_beside(self._t, key, spot.selected.list)) for key in QUADRANTS}
        threshold = f"{self._portfolio.settings.focus_score:g}"
        suited = idioms.at_least(self._across.here(row), threshold)
        upper = f"IF({suited},{said['grow']},{said['hold']})"
        lower = f"IF({suited},{said['strengthen']},{said['serve']})"
        firm = idioms.at_least(self._upwards.here(row), f"{LEVEL:g}")
        return live(f"IF({firm},{upper},{lower})", own)


def _columns(of_five: str, named: Callable[[Spot], str]) -> tuple[Column[Spot, _Formulas], ...]:
    """``of_five``: what stands behind the number of known measures; ``named``: how a spot is."""
    name = TEXT_CELL.but(bold=True)
    known = COUNT.but(format=f'0"{of_five}"')
    unseen = LIVE.but(size=6, format=";;;")
    return (
        Shown("number", 5, lambda r: r.number, COUNT.but(bold=True)),
        Shown("id", 13, lambda r: r.account.id, ID_CELL, left()),
        Shown("name", 25, named, name, left()),
        Live("list", 11, _Formulas.list, _list_style),
        Live("score", 9, _Formulas.score, BOLD_LIVE, HEADER_US),
        Live("relative", 9, _Formulas.relative, BOLD_LIVE, HEADER_US),
        Shown("before", 9, lambda r: r.then, POINTS.but(color=MUTED), HEADER_US),
        Live("rests", 9, _Formulas.rests, PERCENT, HEADER_US),
        Live("known", 8, _Formulas.known, known, HEADER_US),
        Live("revenue", 13, _Formulas.revenue, LIVE_MONEY),
        Live("size", 1, _Formulas.size, unseen, title=""),
        Live("quadrant", 46, _Formulas.quadrant, MUTED_CELL, left()),
    )


def _list_style(spot: Spot) -> Style:
    return MUTED_CELL.but(fill=LOOKS[spot.selected.list], align="center", indent=0)


KEYS = tuple(column.id for column in _columns("", lambda spot: spot.account.name))
HELP = len(KEYS) + 3  # columns of the dots, to the right of the page


def _is_alone(account: AccountResult) -> bool:
    """Whether it answered, and there is nobody to compare us with."""
    return bool(account.answered) and account.lead.unjudged is None


def _notes(portfolio: Portfolio, t: Texts, spots: Sequence[Spot]) -> list[str]:
    """What is not on the map, and how it is read."""
    there = {spot.account.id for spot in spots}
    beside = [account for account in portfolio.accounts if account.id not in there]
    alone = [account for account in beside if _is_alone(account)]
    missing = [account for account in beside if not _is_alone(account)]
    unknown = [spot.account for spot in spots[:TOP] if spot.revenue is None]
    said = [t("portfolio.map.read")] if spots else []
    if any(not spot.judged for spot in spots[:TOP]):
        said.append(t("portfolio.map.hollow"))
    if any(spot.then is not None for spot in spots[:TOP]):
        said.append(t("portfolio.map.before_mark"))
    if any(spot.account.earlier for spot in spots[:TOP]):
        said.append(t("portfolio.map.pale"))
    if len(spots) > TOP:
        said.append(t("portfolio.map.more", count=len(spots) - TOP))
    for key, accounts in (("no_revenue", unknown), ("alone", alone), ("missing", missing)):
        if accounts and (spots or key == "alone"):
            names = listed(t, [account.name for account in accounts], _NAMES)
            said.append(t(f"portfolio.map.{key}", count=len(accounts), names=names))
    return [line for text in said for line in textwrap.wrap(text, _NOTE)]
