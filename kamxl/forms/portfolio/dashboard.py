"""The sheet *Dashboard*: with whom, what, and what on Monday, on one screen and one page.

A screen of 1366 × 768 shows about ``SCREEN`` of cells, and that is all there is: whoever has to
scroll does not see the whole. What else there is to say stands on *News*.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kamxl.core.method.basis import Verdict
from kamxl.core.portfolio.results import AccountResult
from kamxl.core.portfolio.screen import SQUARES, Row, Screen, screen_of, squares_of
from kamxl.core.portfolio.whole import Portfolio
from kamxl.forms.paper import idioms
from kamxl.forms.paper.book import Content, Formula, Sheet, fixed, span
from kamxl.forms.paper.idioms import quoted
from kamxl.forms.paper.pages import paged
from kamxl.forms.paper.parts import live
from kamxl.forms.paper.places import At
from kamxl.forms.paper.raw import a1
from kamxl.forms.paper.style import (
    ACCENT,
    BAND,
    BAND_SMALL,
    BEHIND,
    FAINT,
    HEADER,
    HEADER_LEFT,
    INK,
    LINK,
    MUTED,
    PLAIN,
    Style,
)
from kamxl.forms.portfolio.answers import (
    EMPTY,
    FULL,
    KEYS,
    answers_said,
    basis_said,
    causes,
    clauses,
    sentence,
)
from kamxl.forms.portfolio.links import Links
from kamxl.forms.portfolio.map_chart import map_chart
from kamxl.forms.portfolio.news import concerns, unknowns
from kamxl.forms.portfolio.parts import blank_sheet, frame
from kamxl.forms.portfolio.spots import TOP as MAPPED
from kamxl.forms.portfolio.spots import Spot, spots_of
from kamxl.forms.portfolio.tiles import headline
from kamxl.forms.portfolio.words import dated
from kamxl.forms.tables.shown import ShownTable, aged
from kamxl.wording.texts import Texts

SCREEN = (1280, 560)  # pixels of cells, across and down
WIDTHS = (26, 40, 1.5, 25.5, 6, 6, 8, 22, 15)
LAST = len(WIDTHS)
ANSWERS = 5  # the row of the first answer
_PARTS = (2, 4, 8)  # the columns in which the parts of an answer begin
HEADING = 13  # the row of the finding above the accounts; the map begins there
FIRST = HEADING + 2  # the first line of the accounts
LINES = 17  # of text for the accounts, what is left over included
NAME, LAG, AHEAD, LEAD, CAUSE, BASIS = range(4, LAST + 1)  # columns
_LINE = 13.0  # points
_HEIGHTS = {2: 24, 3: 15, 4: 4, 8: 4, 12: 5, HEADING: 17, HEADING + 1: 15}
_PER_WIDTH = 1.23  # letters of a line in one unit of column width
_PER_BOLD = 1.15
_PER_NAME = 1.1  # names and figures are wider than a sentence
_BAR, _LONGEST = "▮", 6
_BOUNDS = (5, 10, 20, 30, 40, 60, 80, 100)  # ends of the scale of leads
_LEADS = {
    Verdict.AHEAD: "+0.0;-0.0;0.0",
    Verdict.LEVEL: '"≈ "+0.0;"≈ "-0.0;"≈ "0.0',
    Verdict.BEHIND: "+0.0;-0.0;0.0",
}
_COLORS = {Verdict.AHEAD: ACCENT, Verdict.LEVEL: MUTED, Verdict.BEHIND: BEHIND}


@dataclass(frozen=True, slots=True)
class Block:
    """The lines of one account: its name beside the figures, and below it its sentence.

    ``said``: in one line what weighs most; ``whole``: all of it. ``because``: the cause in full.
    """

    row: Row
    name: tuple[str, ...]
    cause: tuple[str, ...]
    because: tuple[str, ...]
    said: tuple[str, ...]
    whole: tuple[str, ...]

    @property
    def head(self) -> int:
        """How many lines stand above the sentence."""
        return max(len(self.name), len(self.cause))

    @property
    def lines(self) -> int:
        """How many lines it takes."""
        return self.head + len(self.said)


def dashboard_sheet(
    at: At, portfolio: Portfolio, t: Texts, block: ShownTable[Spot, Any], links: Links
) -> Sheet:
    """The answers, the headline numbers, the map, and what is said of each focus account.

    ``block``: what the picture of the map reads; ``links``: where the rows of other sheets are.
    """
    sheet, screen = blank_sheet(t, "dashboard"), screen_of(portfolio, t.language)
    sheet.widths = dict(enumerate(map(float, WIDTHS), 1))
    frame(sheet, t, portfolio, LAST)
    _low(sheet)
    sheet.heights |= _HEIGHTS | dict.fromkeys(range(FIRST, FIRST + LINES), _LINE)
    _answers(sheet, screen, portfolio, t, links)
    headline(sheet, screen, portfolio, t, at, links)
    _accounts(sheet, screen, portfolio, t, at, links)
    if block.records:
        corners = (a1(HEADING, 1), a1(FIRST + LINES, 3))
        sheet.charts.append(map_chart(block, portfolio, t, corners, sheet))
    else:
        _instead(sheet, portfolio, t, links)
    sheet.print_area = span(1, 1, FIRST + LINES - 1, LAST)
    paged(sheet, LAST)
    return sheet


def _low(sheet: Sheet) -> None:
    """The title band in fewer points than elsewhere: there has to be room below it."""
    for row, look in ((2, BAND.but(size=16)), (3, BAND_SMALL.but(size=10))):
        for column in range(1, LAST + 1):
            sheet.cells[row, column] = replace(sheet.cells[row, column], style=look)


def _answers(sheet: Sheet, screen: Screen, portfolio: Portfolio, t: Texts, links: Links) -> None:
    answered = any(account.fresh for account in portfolio.accounts)
    said = answers_said(screen, t, answered=answered)
    for row, key in enumerate(KEYS, ANSWERS):
        sheet.heights[row] = 16
        asked = PLAIN.but(bold=True, color=INK, size=11, indent=1)
        sheet.put(row, 1, t(f"portfolio.answers.{key}"), asked, links.of(said[key][0]))
        for column, part in zip(_PARTS, said[key], strict=False):
            sheet.put(row, column, str(part), LINK.but(size=11), links.of(part))


def _instead(sheet: Sheet, portfolio: Portfolio, t: Texts, links: Links) -> None:
    """Without a map: why there is none; what somebody has to act on, what nobody knows, whole."""
    look = PLAIN.but(bold=True, color=INK)
    sheet.put(HEADING, 1, t("portfolio.map.empty"), look)
    row, end = HEADING + 1, FIRST + LINES - 1
    for line in _wrapped(t("portfolio.map.empty_hint"), WIDTHS[0] + WIDTHS[1], _PER_WIDTH):
        sheet.put(row, 1, line, PLAIN.but(color=MUTED))
        row += 1
    found = [*concerns(portfolio, t), *unknowns(portfolio, t)]
    shown = 0
    for said in found:
        lines = _wrapped(said, WIDTHS[0] + WIDTHS[1], _PER_NAME)
        if row + len(lines) + 1 > end:
            break
        for line in lines:
            row += 1
            sheet.put(row, 1, line, PLAIN, links.of(said))
        shown += 1
    if shown < len(found):
        more = t("portfolio.answers.more_news", count=len(found) - shown)
        sheet.put(end, 1, more, LINK, links.to("news"))


# --- the accounts --------------------------------------------------------------------------------


def _accounts(
    sheet: Sheet, screen: Screen, portfolio: Portfolio, t: Texts, at: At, links: Links
) -> None:
    title = PLAIN.but(bold=True, color=ACCENT, size=12)
    if not screen.rows:
        sheet.put(HEADING, NAME, t("portfolio.dashboard.empty"), title)
        hint = _wrapped(t("portfolio.dashboard.empty_hint"), sum(WIDTHS[NAME - 1 :]), _PER_WIDTH)
        for row, said in enumerate(hint, HEADING + 1):
            sheet.put(row, NAME, said, PLAIN)
        return
    sheet.put(HEADING, NAME, finding(screen, t), title)
    numbers = {spot.account.id: spot.number for spot in spots_of(portfolio)[:MAPPED]}
    _heads(sheet, t, mapped=bool(numbers))
    blocks = _fitting([_block(row, numbers, t) for row in screen.rows])
    drawn = _Accounts(sheet, screen, t, at, links)
    line = FIRST
    for one in blocks:
        drawn.draw(one, line)
        line += one.lines
    more = len(screen.rows) - len(blocks)
    if more:
        key = "more" if screen.focused else "more_unfocused"
        said = t(f"portfolio.answers.{key}", count=more)
        sheet.put(line, NAME, said, LINK, links.to("accounts", id=screen.rows[-more].account.id))


def finding(screen: Screen, t: Texts) -> str:
    """What the rows amount to: "No action for the largest gap at 4 of 6 focus accounts"."""
    count, of = screen.unacted
    key = "unacted" if count else "acted" if of else "no_gaps"
    return t(f"portfolio.answers.{key}", count=count, of=of, focused=screen.focused)


def _heads(sheet: Sheet, t: Texts, *, mapped: bool) -> None:
    row, low = HEADING + 1, HEADER.but(wrap=False, borders="")
    texts = (
        t("portfolio.answers.account") if mapped else t("portfolio.map.name"),
        t("portfolio.words.behind"),
        t("portfolio.words.ahead"),
        t("portfolio.answers.points"),
        t("portfolio.answers.cause"),
        t("portfolio.answers.basis"),
    )
    sides = {LAG: low.but(align="right"), AHEAD: low.but(align="left"), LEAD: low}
    for column, said in enumerate(texts, NAME):
        look = sides.get(column, HEADER_LEFT.but(wrap=False, borders="", indent=0))
        sheet.put(row, column, said, look)


def _block(row: Row, numbers: Mapping[str, int], t: Texts) -> Block:
    account, room = row.account, sum(WIDTHS[NAME - 1 :])
    number = numbers.get(account.id)
    called = dated(t, account) if number is None else f"{number}  {dated(t, account)}"
    parts = clauses(row, t)
    name = _wrapped(called, WIDTHS[NAME - 1], _PER_BOLD)
    said = [tuple(_wrapped(one, WIDTHS[CAUSE - 1], _PER_WIDTH)) for one in causes(row, t)]
    return Block(
        row,
        tuple(name),
        next((one for one in said if len(one) <= len(name)), said[-1]),
        said[0],
        tuple(_wrapped(_brief(parts, int(room * _PER_WIDTH), t), room, _PER_WIDTH)),
        tuple(_wrapped(sentence(parts), room, _PER_WIDTH)),
    )


def _brief(parts: tuple[str, ...], most: int, t: Texts) -> str:
    """As many clauses as one line holds, and how many more there are: none is left out unsaid."""
    whole = sentence(parts)
    for shown in range(len(parts) - 1, 0, -1):
        if len(whole) <= most:
            break
        more = t("portfolio.answers.more_said", count=len(parts) - shown)
        whole = sentence((*parts[:shown], more))
    return whole


def _fitting(blocks: Sequence[Block]) -> list[Block]:
    """The first blocks for which there are lines; whole sentences as far as there are more."""
    used, shown = 0, []
    for place, one in enumerate(blocks):
        left = 0 if place == len(blocks) - 1 else 1  # a line says how many more there are
        if used + one.lines + left > LINES:
            break
        shown.append(one)
        used += one.lines
    spare = LINES - used - (1 if len(shown) < len(blocks) else 0)
    for fuller in (_all_said, _all_because):
        for place, one in enumerate(shown):
            made = fuller(one)
            if made.lines - one.lines <= spare:
                spare -= made.lines - one.lines
                shown[place] = made
    return shown


def _all_said(block: Block) -> Block:
    return replace(block, said=block.whole)


def _all_because(block: Block) -> Block:
    return replace(block, cause=block.because)


def _wrapped(said: str, width: float, per_width: float) -> list[str]:
    return textwrap.wrap(said, max(int(width * per_width), 8), break_long_words=True) or [""]


class _Accounts:
    """Draws the blocks; their numbers are looked up by id, so that each can be traced."""

    def __init__(self, sheet: Sheet, screen: Screen, t: Texts, at: At, links: Links) -> None:
        self._sheet, self._t, self._links = sheet, t, links
        self._lead, self._verdict, self._rests = at.seen_from(sheet).lookups(
            "accounts", "lead", "position", "lead_coverage"
        )
        self._bound = _bound([row.account for row in screen.rows])

    def draw(self, block: Block, line: int) -> None:
        """One account from a line on."""
        account = block.row.account
        to_account = self._links.to("accounts", id=account.id)
        bold = self._look(account, PLAIN.but(bold=True, color=INK))
        for row, part in enumerate(block.name, line):
            self._sheet.put(row, NAME, part, bold, to_account)
        to_trend = self._links.to("trend", id=account.id)
        for row, part in enumerate(block.cause, line):
            self._sheet.put(row, CAUSE, part, self._look(account, self._way(block.row)), to_trend)
        self._figures(block.row, line)
        end = line + block.lines - 1
        for row, part in enumerate(block.said, line + block.head):
            self._sheet.put(row, NAME, part, self._look(account, PLAIN), to_account)
        for column in range(NAME, LAST + 1):
            cell = self._sheet.cells.get((end, column))
            if cell is None:
                self._sheet.put(end, column, None, _RULED)
            else:
                ruled = cell.style.but(borders="b", edge="hair", line=FAINT)
                self._sheet.cells[end, column] = replace(cell, style=ruled)

    def _look(self, account: AccountResult, style: Style) -> Style:
        return aged(style) if account.earlier else style

    def _way(self, row: Row) -> Style:
        colors = {True: ACCENT, False: BEHIND, None: MUTED}
        return PLAIN.but(color=colors[row.moved.up])

    def _figures(self, row: Row, line: int) -> None:
        account, put = row.account, self._sheet.put
        verdict = account.lead.verdict
        color = _COLORS[verdict] if verdict is not None else MUTED
        to_rivals = self._links.to("competitors", account=account.name)
        own = quoted(account.id)
        found, lead = self._verdict.of(own), self._lead.of(own)
        number = (
            PLAIN.but(bold=True, color=color, align="center", format=_LEADS.get(verdict, "0.0"))
            if verdict is not None
            else PLAIN.but(color=MUTED, align="center")
        )
        points = account.lead.points
        shown = idioms.known(found, then=lead, none=idioms.DASH)
        put(line, LEAD, live(shown, "–" if points is None else points), number, to_rivals)
        cell = fixed(line, LEAD)
        for column, sign, align in ((LAG, -1, "right"), (AHEAD, 1, "left")):
            bar = self._bar(cell, points, sign)
            look = PLAIN.but(color=color, align=align)
            put(line, column, bar, look, to_rivals if bar.value else None)
        to_segments = self._links.to("segments", account=account.id)
        put(line, BASIS, self._basis(row, own), PLAIN.but(color=INK), to_segments)

    def _bar(self, lead: str, points: float | None, sign: int) -> Formula:
        """A bar to one side of the middle; a lead that is none has not even a short one."""
        length = f"ROUND({_LONGEST}*{'-' if sign < 0 else ''}{lead}/{self._bound},0)"
        text = f"REPT({quoted(_BAR)},MAX(0,MIN({_LONGEST},{length})))"
        exact = 0.0 if points is None else sign * _LONGEST * points / self._bound
        drawn = _BAR * max(0, min(_LONGEST, int(exact + 0.5)))
        return live(idioms.known(lead, then=text), drawn)

    def _basis(self, row: Row, own: str) -> Content:
        said = basis_said(row, self._t)
        if not row.account.answered:
            return said
        rests = self._rests.of(own)
        whole, enough = idioms.at_least(rests, "1"), idioms.at_least(rests, "0.5")
        rounded = f"INT({SQUARES}*{rests}+0.5)"
        filled = f"IF({whole},{SQUARES},IF({enough},MAX(3,MIN(4,{rounded})),MIN(2,{rounded})))"
        drawn = f"REPT({quoted(FULL)},{filled})&REPT({quoted(EMPTY)},{SQUARES}-{filled})"
        squares = squares_of(row.account.lead.basis)
        words = said.replace(FULL * squares + EMPTY * (SQUARES - squares), "", 1)
        return live(f"{idioms.safe(drawn)}&{quoted(words)}", said)


_RULED = PLAIN.but(borders="b", edge="hair", line=FAINT)


def _bound(accounts: Sequence[AccountResult]) -> int:
    """The end of the scale of leads, a round number of points, the same to both sides."""
    widest = max((abs(p) for a in accounts if (p := a.lead.points) is not None), default=0.0)
    return next((bound for bound in _BOUNDS if widest <= bound), _BOUNDS[-1])
