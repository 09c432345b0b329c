"""The sheet *Map*: who is worth growing with, against where we stand there; and its block.

The block has a fixed number of rows, so that the charts here and on the dashboard read the same
cells whatever happens to the tables.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from kamxl.core.method.position import LEVEL
from kamxl.core.method.revenues import at_least
from kamxl.core.method.selection import AccountList, SelectedAccount
from kamxl.core.portfolio.results import AccountResult
from kamxl.core.portfolio.whole import Portfolio
from kamxl.forms.paper import idioms
from kamxl.forms.paper.book import Chart, Content, Series, Sheet, span
from kamxl.forms.paper.idioms import quoted
from kamxl.forms.paper.parts import live, section
from kamxl.forms.paper.places import At
from kamxl.forms.paper.raw import a1
from kamxl.forms.paper.style import (
    ACCENT,
    FAINT,
    HEADER_US,
    MUTED,
    PLAIN,
    RIVAL,
    SUBTITLE,
    Style,
)
from kamxl.forms.portfolio.grounds import grounds_of_account
from kamxl.forms.portfolio.parts import (
    BOLD_LIVE,
    COUNT,
    ID_CELL,
    LIVE,
    LIVE_MONEY,
    PERCENT,
    SMALL_CELL,
    TEXT_CELL,
    frame,
    left,
    table_of,
)
from kamxl.forms.portfolio.selection import LOOKS, list_word
from kamxl.forms.portfolio.words import dated
from kamxl.forms.tables.shown import Column, Live, Shown, ShownTable
from kamxl.wording.texts import Texts

TOP = 20
HEAD = 6  # the header of the block
FIRST = HEAD + 1
LAST = FIRST + TOP + 11  # of the page: below a full block there is room for all notes
_NAMES = 130  # letters of accounts named in a note: two lines with what is said of them
CHART_COLUMNS = 8
DOTS = 33
COLORS = {AccountList.FOCUS: ACCENT, AccountList.BUILD_UP: RIVAL, AccountList.SERVE: "8A94A0"}
QUADRANTS = ("hold", "grow", "serve", "strengthen")  # top left, top right, bottom left, right
_OWN_LIST = {  # the list that says the same as the quadrant
    "grow": AccountList.FOCUS, "strengthen": AccountList.FOCUS,
    "hold": AccountList.SERVE, "serve": AccountList.SERVE,
}  # fmt: skip
_SMALLEST = 0.004  # of the largest bubble: an unknown revenue is drawn as small as can be seen
_DOT = 0.0012
_PALE = 0.5  # how much is left of a color


@dataclass(frozen=True, slots=True)
class Spot:
    """An account on the map."""

    number: int
    account: AccountResult
    selected: SelectedAccount

    @property
    def score(self) -> float:
        """The selection score, across."""
        return self.selected.score or 0.0

    @property
    def relative(self) -> float:
        """Our position relative to the best competitor, upwards: 50 is level."""
        return self.account.standing.position.relative or 0.0

    @property
    def judged(self) -> bool:
        """Whether its height rests on enough; else it is drawn hollow."""
        return self.account.standing.position.firm

    @property
    def revenue(self) -> float | None:
        """The running revenue a year."""
        return self.selected.candidate.revenue


def spots_of(portfolio: Portfolio) -> list[Spot]:
    """The accounts with a place on the map, the largest revenue first, numbered from 1."""
    found = [
        (account, account.standing.selected)
        for account in portfolio.accounts
        if account.standing.placed
    ]
    known = [(account, selected) for account, selected in found if selected is not None]
    known.sort(key=lambda pair: (-(pair[1].candidate.revenue or -1.0), pair[1].rank or 0))
    return [Spot(number, *pair) for number, pair in enumerate(known, 1)]


def map_table(portfolio: Portfolio, t: Texts) -> ShownTable[Spot, _Formulas]:
    """The block: the accounts on the map, as many as are drawn."""
    spots = spots_of(portfolio)[:TOP]

    def formulas(at: At) -> _Formulas:
        return _Formulas(at, portfolio, t, _most(spots) * _SMALLEST)

    def named(spot: Spot) -> str:
        return dated(t, spot.account)

    of_five = t("portfolio.of_five")
    return table_of(
        t, "map", _columns(of_five, named), spots, formulas, key_row=HEAD,
        old=lambda spot: spot.account.earlier,
    )  # fmt: skip


def map_sheet(table: ShownTable[Spot, _Formulas], portfolio: Portfolio, t: Texts) -> Sheet:
    """The block on the left, the large picture on the right."""
    sheet, shown = table.sheet, table.records
    last_column = CHART + CHART_COLUMNS - 1
    sheet.widths = {n: float(column.width) for n, column in enumerate(table.columns, 1)}
    sheet.widths |= {CHART - 1: 2.0} | dict.fromkeys(range(CHART, last_column + 1), 12.0)
    sheet.heights = dict.fromkeys(range(HEAD, LAST + 1), 18.0)
    frame(sheet, t, portfolio, last_column)
    if shown:
        section(sheet, 5, 1, t("portfolio.map.top"))
        _block(table, t)
        _crosshair(sheet, portfolio, t)
        corners = (a1(HEAD, CHART), a1(LAST + 1, last_column + 1))
        sheet.charts.append(map_chart(table, portfolio, t, corners))
    else:
        section(sheet, 5, 1, t("portfolio.map.empty"))
        sheet.put(6, 1, t("portfolio.map.empty_hint"), SUBTITLE)
    row = FIRST + len(shown) + 1 if shown else 8
    for number, line in enumerate(_notes(portfolio, t, spots_of(portfolio)), row):
        sheet.put(number, 1, line, PLAIN.but(size=9, color=MUTED))
    sheet.print_area = span(1, 1, LAST, last_column)
    sheet.pages_tall = 1
    return sheet


def _most(spots: Sequence[Spot]) -> float:
    """The largest revenue, 1 if there is none."""
    return max((spot.revenue or 0.0 for spot in spots), default=0.0) or 1.0


def quadrant(portfolio: Portfolio, score: float, relative: float) -> str:
    """The id of the quadrant: suited from the focus threshold on, firm from level on."""
    suited, firm = at_least(score, portfolio.settings.focus_score), at_least(relative, LEVEL)
    return QUADRANTS[(0 if firm else 2) + int(suited)]


def said_of(portfolio: Portfolio, t: Texts, spot: Spot) -> str:
    """What the place means, in words that contradict neither the list nor a missed minimum.

    Below the line nothing is said but what is missing.
    """
    if not spot.judged:
        return grounds_of_account(t, spot.account)
    found = quadrant(portfolio, spot.score, spot.relative)
    if spot.account.missed and found == "grow":
        return t("portfolio.map.repair")
    said = _said(t, found, spot.selected.list)
    return t("portfolio.map.but_missed", said=said) if spot.account.missed else said


def _said(t: Texts, quadrant: str, listed: AccountList) -> str:
    said = t(f"portfolio.map.{quadrant}")
    if listed is _OWN_LIST[quadrant]:
        return said
    return t("portfolio.map.but_list", said=said, list=list_word(t, listed))


def _block(table: ShownTable[Spot, _Formulas], t: Texts) -> None:
    for number, column in enumerate(table.columns, 1):
        table.sheet.put(HEAD, number, table.title(t, column) or None, column.header)
    table.sheet.heights[HEAD] = 36
    table.sheet.heights |= {HEAD + s.number: 27.0 for s in table.records if not s.judged}
    for row, number, content, style in table.contents():
        table.sheet.put(row, number, content, style)


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
        said = {key: quoted(_said(self._t, key, spot.selected.list)) for key in QUADRANTS}
        threshold = f"{self._portfolio.settings.focus_score:g}"
        suited = idioms.at_least(self._across.here(row), threshold)
        upper = f"IF({suited},{said['grow']},{said['hold']})"
        lower = f"IF({suited},{said['strengthen']},{said['serve']})"
        firm = idioms.at_least(self._upwards.here(row), f"{LEVEL:g}")
        return live(f"IF({firm},{upper},{lower})", own)


def _columns(of_five: str, named: Callable[[Spot], str]) -> tuple[Column[Spot, _Formulas], ...]:
    """``of_five``: what stands behind the number of known measures; ``named``: how a spot is."""
    name = TEXT_CELL.but(bold=True, wrap=False, shrink=True)
    known = COUNT.but(format=f'0"{of_five}"')
    unseen = LIVE.but(size=6, format=";;;")
    return (
        Shown("number", 5, lambda r: r.number, COUNT.but(bold=True)),
        Shown("id", 9, lambda r: r.account.id, ID_CELL, left()),
        Shown("name", 25, named, name, left()),
        Live("list", 11, _Formulas.list, _list_style),
        Live("score", 9, _Formulas.score, BOLD_LIVE, HEADER_US),
        Live("relative", 9, _Formulas.relative, BOLD_LIVE, HEADER_US),
        Live("rests", 9, _Formulas.rests, PERCENT, HEADER_US),
        Live("known", 8, _Formulas.known, known, HEADER_US),
        Live("revenue", 13, _Formulas.revenue, LIVE_MONEY),
        Live("size", 1, _Formulas.size, unseen, title=""),
        Live("quadrant", 46, _Formulas.quadrant, _meaning_style, left()),
    )


def _meaning_style(spot: Spot) -> Style:
    """What is missing for a verdict is long: it has two lines, see ``_block``."""
    return SMALL_CELL if not spot.judged else SMALL_CELL.but(shrink=True, wrap=False)


def _list_style(spot: Spot) -> Style:
    return SMALL_CELL.but(fill=LOOKS[spot.selected.list], align="center", indent=0)


KEYS = tuple(column.id for column in _columns("", lambda spot: spot.account.name))
CHART = len(KEYS) + 2  # its first column
HELP = CHART + CHART_COLUMNS + 2  # columns of the dotted crosshair, to the right of the page


def _crosshair(sheet: Sheet, portfolio: Portfolio, t: Texts) -> None:
    """Dots along both thresholds and the quadrants' names: a bubble chart knows no lines."""
    tiny = PLAIN.but(size=6, color=FAINT)
    score = portfolio.settings.focus_score
    sheet.put(HEAD, HELP, t("portfolio.map.helper"), tiny)
    most = _most(spots_of(portfolio)[:TOP])
    for at in range(DOTS):
        share = 100 * at / (DOTS - 1)
        contents = (score, share, share, LEVEL, most * _DOT)
        for column, content in enumerate(contents, HELP):
            sheet.put(FIRST + at, column, content, tiny)
    sides = ((2, 97), (score + 1.5, 97), (2, 3), (score + 1.5, 3))
    for row, (key, (x, y)) in enumerate(zip(QUADRANTS, sides, strict=True), FIRST + DOTS):
        named: tuple[float | str, ...] = (x, y, most * _DOT / 10, t(f"portfolio.map.{key}"))
        for column, said in enumerate(named, HELP):
            sheet.put(row, column, said, tiny)


def map_chart(
    table: ShownTable[Spot, _Formulas], portfolio: Portfolio, t: Texts, corners: tuple[str, str]
) -> Chart:
    """The picture of the block ``table``, wherever the chart stands.

    It reads all rows of the block, empty ones too: a portfolio open in Excel can be refreshed.
    """
    colors = {spot.number: _color(spot) for spot in table.records}
    hollow = {spot.number for spot in table.records if not spot.judged}
    bubbles = (_bubble(table, n, colors.get(n, FAINT), n in hollow) for n in range(1, TOP + 1))
    series = [*_lines(table.sheet), *bubbles]
    return Chart(
        "bubble", *corners, tuple(series), title=t("portfolio.map.chart"),
        x_title=t("portfolio.map.across"), y_title=t("portfolio.map.upwards"),
        x_min=0, x_max=100, y_min=0, y_max=100, legend=False,
        description=t("portfolio.map.described", count=len(table.records)),
    )  # fmt: skip


def _color(spot: Spot) -> str:
    """Its list's; what an earlier period says is pale."""
    color = COLORS[spot.selected.list]
    if not spot.account.earlier:
        return color
    parts = (int(color[at : at + 2], 16) for at in (0, 2, 4))
    return "".join(f"{round(255 - (255 - part) * _PALE):02X}" for part in parts)


def _lines(sheet: Sheet) -> Iterator[Series]:
    def column(at: int) -> str:
        return sheet.ref(a1(FIRST, HELP + at), a1(FIRST + DOTS - 1, HELP + at))

    for across, upwards in ((0, 1), (2, 3)):
        yield Series(column(upwards), column(across), color=MUTED, sizes=column(4))
    for place in range(len(QUADRANTS)):
        row = FIRST + DOTS + place
        x, y, size, name = (sheet.ref(a1(row, HELP + at)) for at in range(4))
        yield Series(y, x, title_ref=name, color=FAINT, sizes=size, label="name")


def _bubble(table: ShownTable[Spot, _Formulas], number: int, color: str, hollow: bool) -> Series:
    row = HEAD + number

    def cell(key: str) -> str:
        return table.sheet.ref(a1(row, table.index(key)))

    return Series(
        cell("relative"), cell("score"), title_ref=cell("number"), sizes=cell("size"),
        color=color, label="name", hollow=hollow,
    )  # fmt: skip


def _notes(portfolio: Portfolio, t: Texts, spots: Sequence[Spot]) -> list[str]:
    """What is not on the map, and how it is read."""
    there = {spot.account.id for spot in spots}
    beside = [account for account in portfolio.accounts if account.id not in there]
    alone = [account for account in beside if account.answered and account.lead.unjudged is None]
    missing = [account for account in beside if account not in alone]
    unknown = [spot.account for spot in spots[:TOP] if spot.revenue is None]
    said = [t("portfolio.map.read")] if spots else []
    if any(not spot.judged for spot in spots[:TOP]):
        said.append(t("portfolio.map.hollow"))
    if any(spot.account.earlier for spot in spots[:TOP]):
        said.append(t("portfolio.map.pale"))
    if len(spots) > TOP:
        said.append(t("portfolio.map.more", count=len(spots) - TOP))
    for key, accounts in (("no_revenue", unknown), ("alone", alone), ("missing", missing)):
        if accounts and (spots or key == "alone"):
            names = ", ".join(account.name for account in accounts)
            listed = textwrap.shorten(names, _NAMES, placeholder=" …")
            said.append(t(f"portfolio.map.{key}", count=len(accounts), names=listed))
    return [line for text in said for line in textwrap.wrap(text, 118)]
