"""The sheet *Follow-up*: what was said, replied and done, and what the same person says next."""

from __future__ import annotations

from dataclasses import dataclass

from kamxl.core.ids import same_id
from kamxl.core.portfolio.following import Handled, Thread
from kamxl.core.portfolio.moved import LEAST, Compared, Group
from kamxl.core.portfolio.whole import Portfolio
from kamxl.core.records.page import RowKind
from kamxl.forms.paper import idioms
from kamxl.forms.paper.book import Content, Sheet
from kamxl.forms.paper.parts import live
from kamxl.forms.paper.places import At
from kamxl.forms.paper.style import ACCENT_SOFT, GOOD_SOFT, WARN_SOFT
from kamxl.forms.portfolio.above import SUM_ROW, draw_below, key_row_below
from kamxl.forms.portfolio.actions import due_of, owners_of, said_of
from kamxl.forms.portfolio.parts import (
    COUNT,
    FAINT_CELL,
    LEAD,
    LIVE,
    MUTED_CELL,
    POINTS,
    TEXT_CELL,
    left,
    table_of,
)
from kamxl.forms.tables.shown import Column, Live, Shown, ShownTable
from kamxl.wording.texts import Texts

_CODES = {True: "1", False: "0"}  # what the column "group" holds


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two groups, as a row of the block: with something done, or without."""

    followed: bool
    group: Group


def follow_table(portfolio: Portfolio, t: Texts) -> ShownTable[Thread, _Formulas]:
    """One row per thread, those of one person together."""
    threads = portfolio.follow.threads
    names = {same_id(account.id): account.name for account in portfolio.accounts}
    return table_of(
        t, "follow", _columns(t, names), threads, _Formulas,
        key_row=key_row_below(2 if threads else 0), repeated=3,
    )  # fmt: skip


def sides_table(below: ShownTable[Thread, _Formulas], portfolio: Portfolio, t: Texts) -> Sides:
    """The block above: with and without."""
    found = portfolio.follow.compared
    sides = (Side(True, found.followed), Side(False, found.others)) if below.records else ()
    word = {side: t(f"portfolio.follow.side_{'with' if side else 'without'}") for side in _CODES}
    columns: tuple[Column[Side, _SideFormulas], ...] = (
        Shown("sum_group", 0, lambda r: word[r.followed], TEXT_CELL.but(bold=True), left()),
        Live("sum_n", 0, _SideFormulas.n, LIVE.but(format="0")),
        Live("sum_change", 0, _SideFormulas.change, LEAD),
        Live("sum_elsewhere", 0, _SideFormulas.elsewhere, LEAD),
        Live("sum_more", 0, _SideFormulas.more, LEAD.but(bold=True)),
    )
    return ShownTable(
        "sides", below.sheet, SUM_ROW, columns, sides, _SideFormulas, "portfolio.follow"
    )


def follow_sheet(
    table: ShownTable[Thread, _Formulas], sides: Sides, portfolio: Portfolio, t: Texts
) -> Sheet:
    """The sheet of both, drawn."""
    said = sentence(portfolio.follow.compared, t)
    left_out = sum(one.handled is Handled.NONE for one in table.records)
    notes = [said, t("portfolio.follow.rule")]
    if left_out:
        notes.append(t("portfolio.follow.printed", count=left_out))
    draw_below(table, sides, portfolio, t, notes)
    if table.records:
        last = max(table.last - left_out, table.first)
        table.print_until(last, table.index("more"))
        for handled, fill in ((Handled.DONE, GOOD_SOFT), (Handled.REPLIED, ACCENT_SOFT),
                              (Handled.OPEN, WARN_SOFT)):  # fmt: skip
            word = idioms.quoted(t(f"portfolio.handled.{handled.value}"))
            table.rule("handled", f"{table.head('handled')}={word}", fill)
    return table.sheet


def sentence(found: Compared, t: Texts) -> str:
    """What may be said of the difference; a cause is none of it."""
    return t(
        f"portfolio.follow.said_{found.said.value}",
        points=t.number(abs(found.followed.more or 0.0)),
        n=found.followed.n,
        others=found.others.n,
        raters=found.raters,
        least=LEAST,
    )


def _columns(t: Texts, names: dict[str, str]) -> tuple[Column[Thread, _Formulas], ...]:
    day, shade = COUNT.but(format=t("language.excel_date")), LEAD
    text, number = TEXT_CELL, POINTS.but(format="0.#")

    def named(one: Thread) -> str:
        return names.get(same_id(one.account), one.account)

    return (
        Shown("account", 22, named, text.but(bold=True), left()),
        Shown("name", 18, lambda r: r.name, text, left()),
        Shown("label", 30, lambda r: _label(t, r), text, left()),
        Shown("segment", 16, lambda r: r.segment_name, text, left()),
        Shown("period", 11, lambda r: r.period, MUTED_CELL),
        Shown("rating", 10, lambda r: r.rating, number),
        Shown("weight", 11, lambda r: r.weight, number),
        Shown("handled", 13, lambda r: t(f"portfolio.handled.{r.handled.value}"), text),
        Shown("reply", 34, lambda r: r.row.doing if r.row else None, text, left(), page=True),
        Shown("on", 11, lambda r: r.on, day),
        Shown("fit", 9, lambda r: t(f"portfolio.fit.{r.fit.value}") if r.fit else None, text),
        Shown("action", 34, lambda r: said_of(t, r.actions) if r.actions else None, text, left()),
        Shown("owner", 15, _owner, text, left()),
        Shown("due", 11, _due, day),
        Shown("result", 11,
              lambda r: t(f"portfolio.result.{r.result.value}") if r.result else None, text),
        Shown("next_period", 11, lambda r: r.next_period or None, MUTED_CELL, page=True),
        Shown("next", 10, lambda r: r.next, number),
        Live("change", 11, _Formulas.change, shade),
        Live("elsewhere", 13, _Formulas.elsewhere, shade),
        Live("more", 13, _Formulas.more, shade.but(bold=True)),
        Shown("rater", 9, lambda r: r.rater, FAINT_CELL),
        Shown("group", 9, lambda r: _group(r), FAINT_CELL),
    )  # fmt: skip


def _label(t: Texts, one: Thread) -> str:
    return t("portfolio.actions.wish", text=one.label) if one.kind is RowKind.WISH else one.label


def _owner(one: Thread) -> str | None:
    return owners_of(one.actions) or (one.row.ours if one.row else "") or None


def _due(one: Thread) -> Content:
    return due_of(one.actions) or (one.row.due if one.row and not one.actions else None)


def _group(one: Thread) -> int | None:
    return None if one.followed is None or one.kind is RowKind.WISH else int(one.followed)


class _Formulas:
    """How a rating changed, and her mean change on what was left alone."""

    def __init__(self, at: At) -> None:
        own = at.own("rating", "next", "change", "elsewhere", "rater", "group")
        self._rating, self._next, self._change, self._elsewhere, self._rater, self._group = own

    def change(self, one: Thread, row: int) -> Content:
        now, then = self._next.here(row), self._rating.here(row)
        return live(idioms.both_known(now, then, f"{now}-{then}"), one.change)

    def elsewhere(self, one: Thread, row: int) -> Content:
        change, group = self._change.here(row), self._group.here(row)
        hers, changes = (self._rater.all(), self._rater.here(row)), self._change.all()
        still = (self._group.all(), "0")
        count = f"({idioms.counted_matches(*hers, *still, changes, idioms.KNOWN)}-({group}=0))"
        total = f"(SUMIFS({','.join((changes, *hers, *still))})-({group}=0)*{change})"
        mean = f"IF({count}>0,{total}/{count},{idioms.NOTHING})"
        return live(idioms.known(change, group, then=mean), one.elsewhere)

    def more(self, one: Thread, row: int) -> Content:
        change, elsewhere = self._change.here(row), self._elsewhere.here(row)
        return live(idioms.both_known(change, elsewhere, f"{change}-{elsewhere}"), one.more)


class _SideFormulas:
    """The means of a group, over the rows below that have something to be held against."""

    def __init__(self, at: At) -> None:
        below = at.columns("follow", "change", "elsewhere", "more", "group")
        self._change, self._elsewhere, self._more, self._group = (one.all() for one in below)

    def _count(self, side: Side) -> str:
        return idioms.known_matches(self._group, _CODES[side.followed], self._more)

    def _mean(self, side: Side, values: str, value: float | None) -> Content:
        total = idioms.sum_of_known(values, self._more, self._group, _CODES[side.followed])
        count = self._count(side)
        return live(f"IF({count}=0,{idioms.NOTHING},{total}/{count})", value)

    def n(self, side: Side, _: int) -> Content:
        return live(self._count(side), side.group.n)

    def change(self, side: Side, _: int) -> Content:
        return self._mean(side, self._change, side.group.change)

    def elsewhere(self, side: Side, _: int) -> Content:
        return self._mean(side, self._elsewhere, side.group.elsewhere)

    def more(self, side: Side, _: int) -> Content:
        return self._mean(side, self._more, side.group.more)


Sides = ShownTable[Side, _SideFormulas]
