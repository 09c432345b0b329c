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
from kamxl.forms.paper.pages import paged
from kamxl.forms.paper.parts import height_of, live, section
from kamxl.forms.paper.places import At
from kamxl.forms.paper.raw import a1, place_of
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
from kamxl.forms.portfolio.labels import At as LabelAt
from kamxl.forms.portfolio.labels import Bubble, placed
from kamxl.forms.portfolio.parts import (
    BOLD_LIVE,
    COUNT,
    ID_CELL,
    LIVE,
    LIVE_MONEY,
    MUTED_CELL,
    PERCENT,
    TEXT_CELL,
    frame,
    left,
    table_of,
)
from kamxl.forms.portfolio.selection import LOOKS, list_word
from kamxl.forms.portfolio.words import dated, listed
from kamxl.forms.tables.shown import Column, Live, Shown, ShownTable, aged
from kamxl.wording.texts import Texts

TOP = 20
CHART, CHART_END = 5, 31  # rows from which and to which the picture goes; a page ends there
HEAD = CHART_END + 1  # the header of the block
FIRST = HEAD + 1
LAST = FIRST + TOP + 60  # no note stands below
_NAMES = 40  # accounts named in a note
_NOTE = 150  # letters of a line below the block
_NUMBERS = "size"  # the picture ends before this column, beside it stands whose numbers it shows
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
        _crosshair(sheet, portfolio, t)
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
    found = _placed(table, portfolio, t, *_size(sheet, corners))
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


def _size(sheet: Sheet, corners: tuple[str, str]) -> tuple[float, float]:
    """How wide and how high a chart is, in points, as far as that is known before it is drawn."""
    (top, first), (end, last) = map(place_of, corners)
    wide = sum(sheet.widths[column] for column in range(first, last))
    return wide * 5.25, sum(sheet.heights.get(row, 15.0) for row in range(top, end))


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
        said = {key: quoted(_said(self._t, key, spot.selected.list)) for key in QUADRANTS}
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
        Live("rests", 9, _Formulas.rests, PERCENT, HEADER_US),
        Live("known", 8, _Formulas.known, known, HEADER_US),
        Live("revenue", 13, _Formulas.revenue, LIVE_MONEY),
        Live("size", 1, _Formulas.size, unseen, title=""),
        Live("quadrant", 46, _Formulas.quadrant, MUTED_CELL, left()),
    )


def _list_style(spot: Spot) -> Style:
    return MUTED_CELL.but(fill=LOOKS[spot.selected.list], align="center", indent=0)


KEYS = tuple(column.id for column in _columns("", lambda spot: spot.account.name))
HELP = len(KEYS) + 3  # columns of the dotted crosshair, to the right of the page


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
    for row, (key, (x, y)) in enumerate(_corners(portfolio), FIRST + DOTS):
        named: tuple[float | str, ...] = (x, y, most * _DOT / 10, t(f"portfolio.map.{key}"))
        for column, said in enumerate(named, HELP):
            sheet.put(row, column, said, tiny)


def _corners(portfolio: Portfolio) -> list[tuple[str, tuple[float, float]]]:
    """Where the name of each quadrant begins."""
    score = portfolio.settings.focus_score
    sides = ((2.0, 97.0), (score + 1.5, 97.0), (2.0, 3.0), (score + 1.5, 3.0))
    return list(zip(QUADRANTS, sides, strict=True))


def _placed(
    table: ShownTable[Spot, _Formulas], portfolio: Portfolio, t: Texts, wide: float, high: float
) -> list[LabelAt | None]:
    """Where the number of each account on the map stands beside its bubble."""
    named = [Bubble(x, y, 0.0, t(f"portfolio.map.{key}")) for key, (x, y) in _corners(portfolio)]
    bubbles = [
        Bubble(one.score, one.relative, one.revenue or 0.0, str(one.number))
        for one in table.records
    ]
    return placed(bubbles, wide, high, named)


def map_chart(
    table: ShownTable[Spot, _Formulas],
    portfolio: Portfolio,
    t: Texts,
    corners: tuple[str, str],
    sheet: Sheet,
) -> Chart:
    """The picture of the block ``table``; ``sheet``: on which it stands, its measures known.

    It reads all rows of the block, empty ones too: a portfolio open in Excel can be refreshed.
    """
    colors = {spot.number: _color(spot) for spot in table.records}
    hollow = {spot.number for spot in table.records if not spot.judged}
    places = dict(enumerate(_placed(table, portfolio, t, *_size(sheet, corners)), 1))
    bubbles = (
        _bubble(table, n, colors.get(n, FAINT), n in hollow, places.get(n, "r"))
        for n in range(1, TOP + 1)
    )
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


def _bubble(
    table: ShownTable[Spot, _Formulas], number: int, color: str, hollow: bool, at: LabelAt | None
) -> Series:
    row = HEAD + number

    def cell(key: str) -> str:
        return table.sheet.ref(a1(row, table.index(key)))

    return Series(
        cell("relative"), cell("score"), title_ref=cell("number"), sizes=cell("size"),
        color=color, hollow=hollow,
        label="name" if at else "", label_at=at or "r",
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
            names = listed(t, [account.name for account in accounts], _NAMES)
            said.append(t(f"portfolio.map.{key}", count=len(accounts), names=names))
    return [line for text in said for line in textwrap.wrap(text, _NOTE)]
