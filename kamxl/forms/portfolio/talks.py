"""The sheet *Voices*: where several people of one customer see us differently, and what to do.

Pictures of the segments where they lie furthest apart; below them every disagreement as a next
step, until an action of the account's plan names it.
"""

from __future__ import annotations

from dataclasses import replace

from kamxl.core.portfolio.disagreeing import Disagreement, Voices, disagreements, voices
from kamxl.core.portfolio.whole import Portfolio
from kamxl.core.roles import Role
from kamxl.forms.paper import idioms
from kamxl.forms.paper.book import Content, Sheet
from kamxl.forms.paper.idioms import quoted
from kamxl.forms.paper.parts import live, section
from kamxl.forms.paper.places import At
from kamxl.forms.paper.raw import a1
from kamxl.forms.paper.style import HEADER_RIVAL, HEADER_US, NOTE, WARN_SOFT
from kamxl.forms.portfolio.actions import due_of, said_of
from kamxl.forms.portfolio.parts import (
    COUNT,
    LIVE,
    MUTED_CELL,
    POINTS,
    TEXT_CELL,
    frame,
    left,
    stay,
    table_of,
)
from kamxl.forms.portfolio.ranges import CHARTS, Spreads, cells, key_of, range_chart
from kamxl.forms.portfolio.words import period_of
from kamxl.forms.tables.shown import Column, Live, Shown, ShownTable
from kamxl.wording.texts import Texts

TOP, HIGH = 6, 17  # the first row of the pictures, and how many rows each takes
_SECOND = 6  # the column in which the right ones begin
_BESIDE = 3  # columns right of the table, where their cells begin


def talks_table(portfolio: Portfolio, t: Texts) -> ShownTable[Disagreement, _Formulas]:
    """One row per disagreement, the widest range first."""
    pictures = len(voices(portfolio)[:CHARTS])
    rows = (pictures + 1) // 2 * HIGH

    def mark(key: str) -> str:
        return t(f"portfolio.voices.mark_{key}")

    columns: tuple[Column[Disagreement, _Formulas], ...] = (
        Shown("account", 24, lambda r: r.account.name, TEXT_CELL.but(bold=True), left()),
        Shown("requirement", 30, lambda r: r.spoken.label, TEXT_CELL, left()),
        Shown("segment", 18, lambda r: r.segment.name, TEXT_CELL, left()),
        Shown("period", 12, lambda r: _period(t, r), MUTED_CELL),
        Live("raters", 8, _Formulas.raters, LIVE.but(format="0")),
        Live("low", 9, _Formulas.low, LIVE),
        Live("high", 9, _Formulas.high, LIVE),
        Live("range", 10, _Formulas.range, LIVE.but(bold=True)),
        Live("requirers", 15, _Formulas.requirers, LIVE, HEADER_RIVAL, mark("requirers")),
        Live("purchasers", 15, _Formulas.purchasers, LIVE, HEADER_RIVAL, mark("purchasers")),
        Shown("ours", 10, lambda r: r.spoken.ours, POINTS, HEADER_US, mark("ours")),
        Shown("says", 40, lambda r: says(t, r), TEXT_CELL, left()),
        Shown("step", 34, lambda r: step(t, r), TEXT_CELL, left()),
        Shown("owner", 16, lambda r: r.owner or None, TEXT_CELL, left()),
        Shown("due", 11, lambda r: due_of(r.actions), COUNT.but(format=t("language.excel_date"))),
        Shown("state", 12, lambda r: state(t, r), TEXT_CELL),
    )  # fmt: skip
    return table_of(
        t, "voices", columns, disagreements(portfolio), lambda at: _Formulas(at, t),
        key_row=TOP + rows + 3, old=lambda one: one.segment.earlier, repeated=2,
    )  # fmt: skip


def talks_sheet(
    table: ShownTable[Disagreement, _Formulas], at: At, portfolio: Portfolio, t: Texts
) -> Sheet:
    """Its sheet, drawn."""
    sheet, shown = table.sheet, voices(portfolio)
    frame(sheet, t, portfolio, table.width)
    table.draw(t, t(_none(shown)))
    stay(table)
    section(sheet, table.header_row - 1, 1, t("portfolio.voices.to_talk"))
    if table.records:
        table.as_table()
        word = quoted(t("portfolio.voices.open"))
        table.rule("state", f"{table.head('state')}={word}", WARN_SOFT)
    spreads = Spreads(at.seen_from(sheet), t)
    cells(shown[:CHARTS], sheet, table.width + _BESIDE, spreads, t)
    for number, one in enumerate(shown[:CHARTS]):
        _picture(table, one, number, t)
    if shown:
        rule = t("portfolio.voices.rule", limit=portfolio.settings.disagreement)
        sheet.put(TOP - 1, 1, rule, NOTE.but(wrap=False, valign="center"))
    if len(shown) > 2:
        sheet.page_breaks = [table.header_row - 2]
    return sheet


def _none(shown: tuple[Voices, ...]) -> str:
    """Why there is no next step."""
    return "portfolio.voices.agree" if shown else "portfolio.voices.alone"


def _picture(
    table: ShownTable[Disagreement, _Formulas], one: Voices, number: int, t: Texts
) -> None:
    """Two beside each other."""
    sheet, high = table.sheet, HIGH
    row = TOP + number // 2 * high
    first, last = (1, _SECOND) if number % 2 == 0 else (_SECOND, _end(table))
    chart = range_chart(one, number, sheet, table.width + _BESIDE, t)
    corners = a1(row, first), a1(row + high - 1, last)
    sheet.charts.append(replace(chart, top_left=corners[0], bottom_right=corners[1]))


def _end(table: ShownTable[Disagreement, _Formulas]) -> int:
    """The column before which the first page ends."""
    breaks = table.sheet.column_breaks
    return breaks[0] + 1 if breaks else table.width + 1


def says(t: Texts, one: Disagreement) -> str:
    """Who says what, the lowest first: by function, by name where none is known."""
    return ", ".join(
        t("portfolio.voices.opinion", who=opinion.function or opinion.name, rating=opinion.rating)
        for opinion in one.spoken.says
    )


def step(t: Texts, one: Disagreement) -> str:
    """The actions that name the requirement; else that it is to be talked about."""
    return t("portfolio.voices.talk") if one.open else said_of(t, one.actions)


def state(t: Texts, one: Disagreement) -> str:
    """Whether anything is planned about it."""
    return t("portfolio.voices.open" if one.open else "portfolio.voices.planned")


def _period(t: Texts, one: Disagreement) -> str:
    return period_of(t, one.segment.period or "", earlier=one.segment.earlier)


class _Formulas:
    """How the ratings lie, over the answers in *Data*."""

    def __init__(self, at: At, t: Texts) -> None:
        self._spreads = Spreads(at, t)
        self._low, self._high = at.own("low", "high")

    def raters(self, one: Disagreement, _: int) -> Content:
        return self._spreads.count(_key(one), one.spoken.seen.n)

    def low(self, one: Disagreement, _: int) -> Content:
        return self._spreads.low(_key(one), one.spoken.seen.low)

    def high(self, one: Disagreement, _: int) -> Content:
        return self._spreads.high(_key(one), one.spoken.seen.high)

    def range(self, one: Disagreement, row: int) -> Content:
        text = idioms.difference(self._high.here(row), self._low.here(row))
        return live(text, one.spoken.seen.range)

    def requirers(self, one: Disagreement, _: int) -> Content:
        return self._spreads.mean(_key(one), Role.REQUIRER, one.spoken.requirers)

    def purchasers(self, one: Disagreement, _: int) -> Content:
        return self._spreads.mean(_key(one), Role.PURCHASER, one.spoken.purchasers)


def _key(one: Disagreement) -> tuple[str, ...]:
    return key_of(one, one.spoken)
