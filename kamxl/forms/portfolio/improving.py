"""The block above the value drivers: one thing over all accounts, and what it is worth."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kamxl.core.method.selection import AccountList
from kamxl.core.portfolio.improving import ACCOUNT, AGAIN, Improvement
from kamxl.forms.paper import idioms
from kamxl.forms.paper.book import Content
from kamxl.forms.paper.idioms import quoted
from kamxl.forms.paper.parts import live, section
from kamxl.forms.paper.places import At, Ref
from kamxl.forms.paper.style import ACCENT_SOFT, HEADER_RIVAL, NOTE, Style
from kamxl.forms.portfolio.lists import MAX_SUMS, Lists
from kamxl.forms.portfolio.parts import (
    BOLD_LIVE,
    COUNT,
    KEY_ROW,
    LIVE,
    LIVE_MONEY,
    TEXT_CELL,
    left,
)
from kamxl.forms.portfolio.words import largest_rival
from kamxl.forms.tables.shown import Column, Live, Shown, ShownTable
from kamxl.wording.texts import Texts

SUM_ROW = 7  # the key row
_WHOLE = LIVE.but(format="0")
_FEW = LIVE.but(format='0;-0;"–"')  # nothing is the usual case


def key_row_below(lists: Lists) -> int:
    """The key row of the table below the block, a line for its note and a heading."""
    shown = min(len(lists.improvements.found), MAX_SUMS)
    return SUM_ROW + shown + 2 + 2 if shown else KEY_ROW


def sums_table(below: ShownTable[Any, Any], t: Texts, lists: Lists) -> Sums:
    """The block above the table of gaps, in rows that do not depend on that table's length."""
    records = lists.improvements.found[:MAX_SUMS]
    return ShownTable(
        "improvements", below.sheet, SUM_ROW, _columns(t), records,
        lambda at: _Formulas(at, t), "portfolio.drivers",
    )  # fmt: skip


def draw_sums(sums: Sums, t: Texts, lists: Lists, heading: int) -> None:
    """The block, drawn above a table that is drawn already; ``heading``: that table's row for one.

    Nothing is drawn without a record.
    """
    if not sums.records:
        return
    sheet, of = sums.sheet, lists.improvements
    section(sheet, SUM_ROW - 2, 1, t("portfolio.drivers.overall"))
    sums.draw_block(t)
    most = max(one.money or 0.0 for one in sums.records)
    sums.bars(ACCENT_SOFT, max(1.0, most), "sum_money")
    section(sheet, heading, 1, t("portfolio.drivers.each"))
    more = len(of.found) - len(sums.records)
    notes = [t("portfolio.drivers.left_out", count=more)] if more else []
    if of.earlier:
        notes.append(t("portfolio.drivers.left_earlier", count=of.earlier))
    sheet.heights[sums.last + 1] = 20
    sheet.put(sums.last + 1, sums.index("sum_requirement"), " ".join(notes), NOTE.but(wrap=False))


def _columns(t: Texts) -> tuple[Column[Improvement, _Formulas], ...]:
    money, points = LIVE_MONEY, LIVE
    return (
        Shown("sum_number", 0, lambda r: r.place, COUNT),
        Shown("sum_requirement", 0, lambda r: r.label, TEXT_CELL.but(bold=True), left()),
        Shown("sum_rival", 0, lambda r: largest_rival(t, r), TEXT_CELL, left(HEADER_RIVAL)),
        Live("sum_action", 0, _Formulas.acted, TEXT_CELL, left()),
        Live("sum_revenue", 0, _Formulas.revenue, money),
        Live("sum_money", 0, _Formulas.money, money.but(bold=True)),
        Live("sum_points", 0, _Formulas.points, BOLD_LIVE),
        Live("sum_segments", 0, _Formulas.segments, _WHOLE),
        Live("sum_accounts", 0, _Formulas.accounts, _WHOLE),
        Live("sum_unvalued", 0, _Formulas.unvalued, _FEW),
        *(_of_list(t, "money", one, _Formulas.money, money) for one in AccountList),
        *(_of_list(t, "points", one, _Formulas.points, points) for one in AccountList),
        Live("sum_wishes", 0, _Formulas.wishes, _FEW),
    )


def _of_list(
    t: Texts, what: str, wanted: AccountList, formula: Callable[..., Content], style: Style
) -> Live[_Formulas, Improvement]:
    """What of a sum is at the accounts of one list."""

    def content(at: _Formulas, record: Improvement, row: int) -> Content:
        return formula(at, record, row, wanted)

    name = t(f"portfolio.lists.{wanted.value}")
    title = t(f"portfolio.drivers.{what}_in_list", list=name)
    return Live(f"sum_{what}_{wanted.value}", 0, content, style, title=title)


class _Formulas:
    """The sums of an improvement, over the rows of the table below that carry its number."""

    def __init__(self, at: At, t: Texts) -> None:
        self._t = t
        self._number, self._segments = at.own("sum_number", "sum_segments")
        self._places, self._counts, self._lists, self._actions = at.columns(
            "drivers", "place", "counts", "list", "action"
        )
        self._revenue, self._money, self._points = at.columns(
            "drivers", "revenue", "money", "points"
        )
        self._wishes = at.column("wishes", "place")

    def _own(self, row: int, *more: str) -> tuple[str, ...]:
        """The conditions of its rows: cells, condition, cells, condition, ..."""
        return (self._places.all(), self._number.here(row), *more)

    def _once(self, row: int, *more: str) -> tuple[str, ...]:
        """Those of one row of each of its segments."""
        return self._own(row, self._counts.all(), quoted(f">{AGAIN}"), *more)

    def _sum(self, values: Ref, row: int, wanted: AccountList | None) -> str:
        places, number = self._own(row)
        more = []
        if wanted is not None:
            name = self._t(f"portfolio.lists.{wanted.value}")
            more = [self._lists.all(), quoted(name)]
        return idioms.sum_of_matches(places, number, values.all(), *more)

    def money(self, record: Improvement, row: int, wanted: AccountList | None = None) -> Content:
        of = record.within(wanted) if wanted else record
        return live(self._sum(self._money, row, wanted), of.money)

    def points(self, record: Improvement, row: int, wanted: AccountList | None = None) -> Content:
        of = record.within(wanted) if wanted else record
        return live(self._sum(self._points, row, wanted), of.points if of.gaps else None)

    def revenue(self, record: Improvement, row: int) -> Content:
        places, number, *once = self._once(row)
        text = idioms.sum_of_matches(places, number, self._revenue.all(), *once)
        return live(text, record.revenue.value)

    def segments(self, record: Improvement, row: int) -> Content:
        return live(idioms.counted_matches(*self._once(row)), record.segments)

    def accounts(self, record: Improvement, row: int) -> Content:
        accounts = self._own(row, self._counts.all(), str(ACCOUNT))
        return live(idioms.counted_matches(*accounts), record.accounts)

    def unvalued(self, record: Improvement, row: int) -> Content:
        valued = idioms.counted_matches(*self._once(row, self._revenue.all(), quoted(">=0")))
        return live(f"{self._segments.here(row)}-{valued}", record.unvalued)

    def acted(self, record: Improvement, row: int) -> Content:
        """ "in 2 of 9 segments", or that there is no action yet."""
        none = self._t("portfolio.actions.none_yet")
        acted = idioms.counted_matches(*self._once(row, self._actions.all(), quoted(f"<>{none}")))
        said = f"{acted}&{quoted(self._of)}&{self._segments.here(row)}"
        shown = f"{record.acted}{self._of}{record.segments}" if record.acted else none
        return live(f"IF({acted}=0,{quoted(none)},{said})", shown)

    @property
    def _of(self) -> str:
        return f" {self._t('portfolio.fields.of')} "

    def wishes(self, record: Improvement, row: int) -> Content:
        return live(idioms.count_of(self._wishes.all(), self._number.here(row)), record.wishes)


Sums = ShownTable[Improvement, _Formulas]
