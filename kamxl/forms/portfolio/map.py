"""The sheet *Map*: who is worth growing with, against how firm our position is; and its block.

The block has a fixed number of rows, so that the charts here and on the dashboard read the same
cells whatever happens to the tables.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kamxl.core.method.position import LEVEL
from kamxl.core.method.selection import AccountList, SelectedAccount
from kamxl.core.portfolio.results import AccountResult
from kamxl.core.portfolio.whole import Portfolio
from kamxl.forms.paper.book import Chart, Content, Series, Sheet, span
from kamxl.forms.paper.parts import section
from kamxl.forms.paper.raw import a1
from kamxl.forms.paper.style import ACCENT, FAINT, HEADER, HEADER_US, MUTED, PLAIN, RIVAL, SUBTITLE
from kamxl.forms.portfolio.parts import (
    BOLD_LIVE,
    COUNT,
    ID_CELL,
    LIVE,
    LIVE_MONEY,
    SMALL_CELL,
    TEXT_CELL,
    blank_sheet,
    frame,
    left,
    live,
    looked_up,
)
from kamxl.forms.portfolio.places import Places
from kamxl.forms.portfolio.selection import LOOKS, list_word
from kamxl.wording.texts import Texts

TOP = 20
HEAD = 6  # the header of the block
FIRST = HEAD + 1
LAST = FIRST + TOP + 8  # of the page: below the block there is room for notes
KEYS = ("number", "id", "name", "list", "score", "mean", "known", "revenue", "size", "quadrant")
WIDTHS = (5, 9, 25, 11, 9, 9, 8, 13, 1, 22)
CHART = len(WIDTHS) + 2  # its first column
CHART_COLUMNS = 8
HELP = CHART + CHART_COLUMNS + 2  # columns of the dotted crosshair, to the right of the page
DOTS = 33
COLORS = {AccountList.FOCUS: ACCENT, AccountList.BUILD_UP: RIVAL, AccountList.SERVE: "8A94A0"}
QUADRANTS = ("hold", "grow", "serve", "strengthen")  # top left, top right, bottom left, right
_SMALLEST = 0.004  # of the largest bubble: an unknown revenue is drawn as small as can be seen
_DOT = 0.0012


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
    def mean(self) -> float:
        """The mean of the known measures of our position, upwards."""
        return self.account.standing.position.mean or 0.0

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


def map_sheet(portfolio: Portfolio, t: Texts, places: Places) -> Sheet:
    """The block on the left, the large picture on the right."""
    sheet = blank_sheet(t, "map")
    last_column = CHART + CHART_COLUMNS - 1
    sheet.widths = dict(enumerate(map(float, WIDTHS), 1)) | {len(WIDTHS) + 1: 2.0}
    sheet.widths |= dict.fromkeys(range(CHART, last_column + 1), 12.0)
    sheet.heights = dict.fromkeys(range(HEAD, LAST + 1), 18.0)
    frame(sheet, t, portfolio, last_column)
    spots = spots_of(portfolio)
    shown = spots[:TOP]
    if shown:
        section(sheet, 5, 1, t("portfolio.map.top"))
        _block(sheet, portfolio, t, places, shown)
        _crosshair(sheet, portfolio, t)
        corners = (a1(HEAD, CHART), a1(LAST + 1, last_column + 1))
        sheet.charts.append(map_chart(sheet, portfolio, t, shown, corners))
    else:
        section(sheet, 5, 1, t("portfolio.map.empty"))
        sheet.put(6, 1, t("portfolio.map.empty_hint"), SUBTITLE)
    row = FIRST + len(shown) + 1 if shown else 8
    for at, line in enumerate(_notes(portfolio, t, spots), row):
        sheet.put(at, 1, line, PLAIN.but(size=9, color=MUTED))
    sheet.print_area = span(1, 1, LAST, last_column)
    sheet.pages_tall = 1
    return sheet


def quadrant(portfolio: Portfolio, score: float, mean: float) -> str:
    """The id of the quadrant: suited from the focus threshold on, firm from 50 on."""
    suited = round(score - portfolio.settings.focus_score, 9) >= 0
    firm = round(mean - LEVEL, 9) >= 0
    return QUADRANTS[(0 if firm else 2) + int(suited)]


def _block(
    sheet: Sheet, portfolio: Portfolio, t: Texts, places: Places, shown: Sequence[Spot]
) -> None:
    looks = (HEADER, left(), left(), HEADER, HEADER_US, HEADER_US, HEADER_US, HEADER, HEADER,
             left())  # fmt: skip
    for column, (key, look) in enumerate(zip(KEYS, looks, strict=True), 1):
        title = None if key == "size" else t(f"portfolio.map.{key}")
        sheet.put(HEAD, column, title, look)
    sheet.heights[HEAD] = 36
    most = max((spot.revenue or 0.0 for spot in shown), default=0.0) or 1.0
    for row, spot in enumerate(shown, FIRST):
        contents = _contents(portfolio, t, places, spot, row, most * _SMALLEST)
        fill = LOOKS[spot.selected.list]
        styles = (
            COUNT.but(bold=True), ID_CELL, TEXT_CELL.but(bold=True, wrap=False, shrink=True),
            SMALL_CELL.but(fill=fill, align="center", indent=0), BOLD_LIVE, BOLD_LIVE,
            COUNT.but(format=f'0"{t("portfolio.of_five")}"'), LIVE_MONEY,
            LIVE.but(size=6, format=";;;"), SMALL_CELL,
        )  # fmt: skip
        for column, (content, style) in enumerate(zip(contents, styles, strict=True), 1):
            sheet.put(row, column, content, style)


def _contents(
    portfolio: Portfolio, t: Texts, places: Places, spot: Spot, row: int, smallest: float
) -> Iterator[Content]:
    """What stands in a row: looked up by id, so that every number can be traced."""
    yield spot.number
    yield spot.account.id
    yield spot.account.name
    yield live(places.look_up("list", f"$B{row}"), list_word(t, spot.selected.list))
    yield live(places.look_up("score", f"$B{row}"), spot.score)
    yield live(places.look_up("mean", f"$B{row}"), spot.mean)
    yield live(places.look_up("known", f"$B{row}"), spot.account.standing.position.known)
    if spot.revenue is None:
        yield None
    else:
        growth = places.growth
        rows = growth.selection_rows.values()
        text = looked_up(growth.selection, rows, "revenue", f"$B{row}")
        yield live(text, spot.revenue)
    size = max(spot.revenue or 0.0, smallest)
    yield live(f"MAX(SUM($H{row}),{smallest:.15g})", size)
    words = {key: t(f"portfolio.map.{key}") for key in QUADRANTS}
    suited = f"ROUND($E{row}-{portfolio.settings.focus_score:g},9)>=0"
    upper = f'IF({suited},"{words["grow"]}","{words["hold"]}")'
    lower = f'IF({suited},"{words["strengthen"]}","{words["serve"]}")'
    text = f"IF(ROUND($F{row}-{LEVEL:g},9)>=0,{upper},{lower})"
    yield live(text, words[quadrant(portfolio, spot.score, spot.mean)])


def _crosshair(sheet: Sheet, portfolio: Portfolio, t: Texts) -> None:
    """Dots along both thresholds and the quadrants' names: a bubble chart knows no lines."""
    tiny = PLAIN.but(size=6, color=FAINT)
    score = portfolio.settings.focus_score
    sheet.put(HEAD, HELP, t("portfolio.map.helper"), tiny)
    most = max(spot.revenue or 0.0 for spot in spots_of(portfolio)[:TOP]) or 1.0
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
    sheet: Sheet, portfolio: Portfolio, t: Texts, shown: Sequence[Spot], corners: tuple[str, str]
) -> Chart:
    """The picture; ``sheet`` holds the block, wherever the chart stands.

    It reads all rows of the block, empty ones too: a portfolio open in Excel can be refreshed.
    """
    colors = {spot.number: COLORS[spot.selected.list] for spot in shown}
    bubbles = (_bubble(sheet, n, colors.get(n, FAINT)) for n in range(1, TOP + 1))
    series = [*_lines(sheet), *bubbles]
    return Chart(
        "bubble", *corners, tuple(series), title=t("portfolio.map.chart"),
        x_title=t("portfolio.map.across"), y_title=t("portfolio.map.upwards"),
        x_min=0, x_max=100, y_min=0, y_max=100, legend=False,
        description=t("portfolio.map.described", count=len(shown)),
    )  # fmt: skip


def _lines(sheet: Sheet) -> Iterator[Series]:
    def column(at: int) -> str:
        return sheet.ref(a1(FIRST, HELP + at), a1(FIRST + DOTS - 1, HELP + at))

    for across, upwards in ((0, 1), (2, 3)):
        yield Series(column(upwards), column(across), color=MUTED, sizes=column(4))
    for place in range(len(QUADRANTS)):
        row = FIRST + DOTS + place
        x, y, size, name = (sheet.ref(a1(row, HELP + at)) for at in range(4))
        yield Series(y, x, title_ref=name, color=FAINT, sizes=size, label="name")


def _bubble(sheet: Sheet, number: int, color: str) -> Series:
    row = HEAD + number

    def cell(key: str) -> str:
        return sheet.ref(a1(row, KEYS.index(key) + 1))

    return Series(
        cell("mean"), cell("score"), title_ref=cell("number"), sizes=cell("size"),
        color=color, label="name",
    )  # fmt: skip


def _notes(portfolio: Portfolio, t: Texts, spots: Sequence[Spot]) -> list[str]:
    """What is not on the map, and how it is read."""
    there = {spot.account.id for spot in spots}
    missing = [a.name for a in portfolio.accounts if a.id not in there]
    unknown = [spot.account.name for spot in spots[:TOP] if spot.revenue is None]
    said = [t("portfolio.map.read")] if spots else []
    if len(spots) > TOP:
        said.append(t("portfolio.map.more", count=len(spots) - TOP))
    if unknown:
        said.append(t("portfolio.map.no_revenue", names=", ".join(unknown)))
    if missing and spots:
        names = textwrap.shorten(", ".join(missing), 300, placeholder=" …")
        said.append(t("portfolio.map.missing", count=len(missing), names=names))
    return [line for text in said for line in textwrap.wrap(text, 118)][:6]
