"""The sheet *What if*: a requirement, how good we would be at it, and what that changes where.

Three cells are hers to fill in; all else is live, over the raters' own results in *Raters*.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Literal

from kamxl.core.ids import US
from kamxl.core.method.robustness import TIE_DIGITS
from kamxl.core.method.selection import AccountList
from kamxl.core.portfolio.results import AccountResult, SegmentResult
from kamxl.core.portfolio.whatif import BEST, Raised, WhatIf
from kamxl.core.portfolio.whole import Portfolio
from kamxl.forms.paper import idioms
from kamxl.forms.paper.book import Content, Sheet, Validation
from kamxl.forms.paper.idioms import quoted
from kamxl.forms.paper.parts import live
from kamxl.forms.paper.places import At, Ref
from kamxl.forms.paper.style import (
    BEHIND,
    BEHIND_SOFT,
    ENTRY_NUMBER,
    ENTRY_TEXT,
    GOOD,
    GOOD_SOFT,
    HEADER_RIVAL,
    HEADER_US,
    SECTION,
)
from kamxl.forms.portfolio.finding import said, said_live
from kamxl.forms.portfolio.grounds import grounds_of_segment
from kamxl.forms.portfolio.lists import Lists
from kamxl.forms.portfolio.parts import (
    BOLD_LIVE,
    FAINT_CELL,
    KEY_ROW,
    LEAD,
    LIVE,
    LIVE_MONEY,
    MUTED_CELL,
    TEXT_CELL,
    frame,
    left,
    sign_style,
    stay,
    table_of,
)
from kamxl.forms.portfolio.trying import LIST, OWN, REQUIREMENT, TO
from kamxl.forms.portfolio.words import best_name_of
from kamxl.forms.tables.shown import Column, Live, Shown, ShownTable, folding
from kamxl.wording.texts import Texts

TRIED_ROW = 7  # the key row of the block on top
_GAINED = f">{10**-TIE_DIGITS / 2:.10f}"
_BELOW = f"<-{10**-TIE_DIGITS / 2:.10f}"
_WHOLE = LIVE.but(format="0")
_FEW = LIVE.but(format='0;-0;"–"')


@dataclass(frozen=True, slots=True)
class Line:
    """A segment that was answered in this period; ``raised``: it is rated on the requirement, at
    the accounts that the scenario is about. ``number``: of its account, from 1; ``share``: what it
    adds to the number of accounts that win anything.
    """

    account: AccountResult
    segment: SegmentResult
    raised: Raised | None
    number: int
    share: float | None = None


@dataclass(frozen=True, slots=True)
class Tried:
    """The one row of the block on top; ``own``: what to try is hers; ``number``: its place."""

    what: WhatIf
    number: int
    own: bool


def lines(portfolio: Portfolio, what: WhatIf | None) -> list[Line]:
    """Every segment: where most money is won first, then those where nothing is."""
    if what is None:
        return []
    concerned = {(one.account.id, one.segment.id): one for one in what.raised}
    won = Counter(one.account.id for one in what.gaining)

    def line(account: AccountResult, segment: SegmentResult, number: int) -> Line:
        raised = concerned.get((account.id, segment.id))
        share = 1 / won[account.id] if raised and raised.gained else None
        return Line(account, segment, raised, number, share)

    found = [
        line(account, segment, number)
        for number, account in enumerate(portfolio.accounts, 1)
        for segment in account.fresh
    ]
    return sorted(found, key=_most_first)


def _most_first(line: Line) -> tuple[bool, float, float]:
    won = line.raised
    if won is None:
        return True, 0.0, 0.0
    return False, -round(won.money or 0.0, TIE_DIGITS), -round(won.points, TIE_DIGITS)


def whatif_table(portfolio: Portfolio, t: Texts, lists: Lists) -> ShownTable[Line, _Formulas]:
    """One row per segment, below the block of what is tried."""
    within = portfolio.settings.level_within
    key_row = TRIED_ROW + 5 if lists.tried else KEY_ROW
    return table_of(
        t, "whatif", _columns(t), lines(portfolio, lists.tried),
        lambda at: _Formulas(at, t, within), key_row=key_row, repeated=2,
    )  # fmt: skip


def tried_table(table: ShownTable[Line, _Formulas], t: Texts, lists: Lists, *, own: bool) -> Block:
    """The block above it: what is tried, which is typed, and what that comes to."""
    what = lists.tried
    number = lists.improvements.places[what.scenario.requirement] if what else 0
    records = [Tried(what, number, own)] if what else []
    return ShownTable(
        "tried", table.sheet, TRIED_ROW, _tried_columns(t), records, _TriedFormulas,
        "portfolio.whatif",
    )  # fmt: skip


def whatif_sheet(
    table: ShownTable[Line, _Formulas], block: Block, at: At, portfolio: Portfolio, t: Texts
) -> Sheet:
    """The sheet of both, drawn."""
    sheet = table.sheet
    frame(sheet, t, portfolio, table.width)
    table.draw(t, t("portfolio.whatif.none"))
    if not block.records:
        stay(table)
        return sheet
    cells = {key: at.column("tried", key).only.rpartition("!")[2] for key in block.place.columns}
    what = block.records[0].what
    beside = table.repeated + 1  # what is repeated on each page would cut them there
    for row, text, seen in zip(
        (TRIED_ROW - 2, TRIED_ROW + 2), said_live(t, cells), said(t, what), strict=True
    ):
        sheet.put(row, beside, live(text, seen), SECTION.but(size=12))
        sheet.heights[row] = 24
    block.draw_block(t)
    sheet.heights[block.first] = 24
    sheet.validations += _validations(block, at, t)
    table.as_table()
    for key in ("position", "position_then"):
        for sign, fill, color in ((1, GOOD_SOFT, GOOD), (-1, BEHIND_SOFT, BEHIND)):
            table.rule(key, f"{table.head(key)}={sign}", fill, color)
    stay(table)
    return sheet


def _validations(block: Block, at: At, t: Texts) -> list[Validation]:
    names = (t("portfolio.whatif.all"), *(_named(t, one) for one in AccountList))
    labels = at.column("improvements", "sum_requirement").all()

    def rule(key: str, kind: Literal["list", "decimal"], first: str, last: str = "") -> Validation:
        said = t(f"portfolio.whatif.{key}_help")
        title = block.title(t, block.columns[block.index(key) - 1])
        return Validation(
            block.cells(key), kind, first, last, prompt_title=title, prompt=said, error=said
        )

    return [
        rule(REQUIREMENT, "list", labels),
        rule(TO, "decimal", "0", f"{BEST:g}"),
        rule(LIST, "list", quoted(",".join(names))),
    ]


def _named(t: Texts, wanted: AccountList | None) -> str:
    return t("portfolio.whatif.all" if wanted is None else f"portfolio.lists.{wanted.value}")


def _list(t: Texts, account: AccountResult) -> str | None:
    selected = account.standing.selected
    return _named(t, selected.list) if selected else None


# --- the columns ---------------------------------------------------------------------------------


def _columns(t: Texts) -> tuple[Column[Line, _Formulas], ...]:
    return (
        Shown("account", 30, lambda r: r.account.name, TEXT_CELL.but(bold=True), left()),
        Shown("segment", 18, lambda r: r.segment.name, TEXT_CELL, left()),
        Shown("list", 14, lambda r: _list(t, r.account), MUTED_CELL),
        Live("weight", 10, _Formulas.weight, LIVE),
        Live("rating", 10, _Formulas.rating, LIVE, HEADER_US),
        Live("points", 10, _Formulas.points, BOLD_LIVE),
        Live("money", 13, _Formulas.money, LIVE_MONEY),
        Live("total", 9, _Formulas.total, LIVE, HEADER_US),
        Live("total_then", 9, _Formulas.total_then, BOLD_LIVE, HEADER_US),
        Live("position", 10, _Formulas.position, sign_style(t)),
        Live("position_then", 10, _Formulas.position_then, sign_style(t)),
        Live("lead", 10, _Formulas.lead, LEAD),
        Live("lead_then", 10, _Formulas.lead_then, LEAD.but(bold=True)),
        Live("rank", 8, _Formulas.rank, _WHOLE, page=True),
        Live("rank_then", 8, _Formulas.rank_then, _WHOLE.but(bold=True)),
        Live("of", 10, _Formulas.of, _WHOLE),
        Shown("best", 20, lambda r: best_name_of(t, r.segment), TEXT_CELL, left(HEADER_RIVAL)),
        Shown("basis", 34, lambda r: grounds_of_segment(t, r.segment), MUTED_CELL, left()),
        *folding(
            Shown("number", 8, lambda r: r.number, FAINT_CELL),
            Live("counts", 8, _Formulas.counts, FAINT_CELL.but(format="0.00")),
        ),
    )


def _tried_columns(t: Texts) -> tuple[Column[Tried, _TriedFormulas], ...]:
    return (
        Shown(REQUIREMENT, 0, lambda r: r.what.scenario.requirement, ENTRY_TEXT, left()),
        Shown(TO, 0, lambda r: r.what.scenario.to, ENTRY_NUMBER.but(format="0.##")),
        Shown(LIST, 0, lambda r: _named(t, r.what.scenario.list), ENTRY_TEXT),
        Live("sum_segments", 0, _TriedFormulas.segments, _WHOLE.but(bold=True)),
        Live("sum_accounts", 0, _TriedFormulas.accounts, _WHOLE.but(bold=True)),
        Live("sum_points", 0, _TriedFormulas.points, BOLD_LIVE),
        Live("sum_money", 0, _TriedFormulas.money, LIVE_MONEY.but(bold=True)),
        Live("sum_unvalued", 0, _TriedFormulas.unvalued, _FEW),
        Live("sum_ahead", 0, _TriedFormulas.ahead, _WHOLE.but(bold=True)),
        Live("sum_level", 0, _TriedFormulas.level, _WHOLE.but(bold=True)),
        Live("sum_number", 0, _TriedFormulas.number, FAINT_CELL),
        Shown(OWN, 0, lambda r: int(r.own) or None, FAINT_CELL),
    )


# --- the rows ------------------------------------------------------------------------------------


class _Formulas:
    """The cells of a segment; all rest on ``rating``, which is only said if it is concerned."""

    def __init__(self, at: At, t: Texts, within: float) -> None:
        self._all, self._within = t("portfolio.whatif.all"), f"{within:g}"
        self._topic, self._wanted = (
            one.only for one in at.columns("tried", "sum_number", "set_list")
        )
        self._topics, self._us, self._shares = at.columns("data", "topic", US, "share")
        self._raised, self._in_total, self._covers = at.columns(
            "raters", "raised", "in_total", "coverage"
        )
        self._now, self._then = at.columns("raters", "now", "then")
        self._totals, self._revenues = at.columns("segments", "total", "revenue")
        self._list, self._rating, self._points = at.own("list", "rating", "points")
        self._total, self._lead, self._lead_then = at.own("total", "lead", "lead_then")
        self._number = at.own("number")[0]

    def _of(self, line: Line, column: Ref, *more: str) -> str:
        return column.of(line.account.id, line.segment.id, *more)

    def rating(self, line: Line, row: int) -> Content:
        topics, us = (self._of(line, one) for one in (self._topics, self._us))
        own = f"{self._wanted}={self._list.here(row)}"
        wanted = f'OR({self._wanted}="",{self._wanted}={quoted(self._all)},{own})'
        rated = f"{idioms.known_matches(topics, self._topic, us)}>0"
        mean = idioms.mean_of(topics, self._topic, us)
        text = f"IF({wanted},IF({rated},{mean},{idioms.NOTHING}),{idioms.NOTHING})"
        return live(text, line.raised.rating if line.raised else None)

    def _known(self, row: int, then: str) -> str:
        """Something that is only said if the segment is concerned."""
        return idioms.known(self._rating.here(row), then=then)

    def weight(self, line: Line, row: int) -> Content:
        topics, shares = (self._of(line, one) for one in (self._topics, self._shares))
        text = self._known(row, idioms.sum_of(topics, self._topic, shares))
        return live(text, line.raised.weight if line.raised else None)

    def points(self, line: Line, row: int) -> Content:
        counts, covers, raised = (
            self._of(line, one, US) for one in (self._in_total, self._covers, self._raised)
        )
        won = f"{idioms.total(covers, raised, of=(idioms.holds(counts),))}/COUNT({counts})"
        text = self._known(row, idioms.any_known(counts, won, "0"))
        return live(text, line.raised.points if line.raised else None)

    def money(self, line: Line, row: int) -> Content:
        revenue, points = self._revenues.cell(line.account.id, line.segment.id), self._points
        text = idioms.both_known(revenue, points.here(row), f"{revenue}*{points.here(row)}/100")
        return live(text, line.raised.money if line.raised else None)

    def counts(self, line: Line, row: int) -> Content:
        """What the row adds to the number of accounts: those of one account make 1 together."""
        same = (self._number.all(), self._number.here(row))
        of = idioms.counted_matches(*same, self._points.all(), quoted(_GAINED))
        won = f"ROUND({self._points.here(row)},{TIE_DIGITS})>0"
        text = self._known(row, f"IF({won},1/{of},{idioms.NOTHING})")
        return live(text, line.share)

    def total(self, line: Line, row: int) -> Content:
        cell = self._totals.cell(line.account.id, line.segment.id)
        text = self._known(row, idioms.safe(cell))
        return live(text, line.raised.now.total if line.raised else None)

    def total_then(self, line: Line, row: int) -> Content:
        counts, raised = (self._of(line, one, US) for one in (self._in_total, self._raised))
        total = self._total.here(row)
        text = idioms.known(total, then=f"{total}+{idioms.mean_of(counts, '1', raised)}")
        return live(text, line.raised.then.total if line.raised else None)

    def _over(self, line: Line, row: int, leads: Ref, then: str) -> str:
        """Something about the leads over all rivals compared, if there are any."""
        return self._known(row, idioms.any_known(self._of(line, leads), then))

    def lead(self, line: Line, row: int) -> Content:
        text = self._over(line, row, self._now, f"MIN({self._of(line, self._now)})")
        return live(text, line.raised.now.lead.points if line.raised else None)

    def lead_then(self, line: Line, row: int) -> Content:
        text = self._over(line, row, self._then, f"MIN({self._of(line, self._then)})")
        return live(text, line.raised.then.lead.points if line.raised else None)

    def position(self, line: Line, row: int) -> Content:
        text = idioms.verdict(self._lead.here(row), self._within)
        return live(text, line.raised.now.lead.verdict if line.raised else None)

    def position_then(self, line: Line, row: int) -> Content:
        text = idioms.verdict(self._lead_then.here(row), self._within)
        return live(text, line.raised.then.lead.verdict if line.raised else None)

    def _rank(self, line: Line, row: int, leads: Ref) -> str:
        before = idioms.count_of(self._of(line, leads), quoted(_BELOW))
        return self._over(line, row, leads, f"1+{before}")

    def rank(self, line: Line, row: int) -> Content:
        text = self._rank(line, row, self._now)
        return live(text, line.raised.now.place if line.raised else None)

    def rank_then(self, line: Line, row: int) -> Content:
        text = self._rank(line, row, self._then)
        return live(text, line.raised.then.place if line.raised else None)

    def of(self, line: Line, row: int) -> Content:
        text = self._over(line, row, self._now, f"1+COUNT({self._of(line, self._now)})")
        return live(text, (line.raised.now.of or None) if line.raised else None)


class _TriedFormulas:
    """The sums of a scenario, over the table below."""

    def __init__(self, at: At) -> None:
        self._points, self._money, self._counts = at.columns("whatif", "points", "money", "counts")
        self._now, self._then = at.columns("whatif", "position", "position_then")
        self._places, self._labels = at.columns("improvements", "sum_number", "sum_requirement")
        self._requirement, self._to = at.own(REQUIREMENT, TO)
        (self._segments,) = at.own("sum_segments")

    def number(self, record: Tried, row: int) -> Content:
        """Its place among the improvements; a number that none has, if it is none of these, or if
        there are no such points, which may be pasted over a validation.
        """
        same = f"{self._labels.all()}={self._requirement.here(row)}"
        found = idioms.total(self._places.all(), of=(same,))
        to = self._to.here(row)
        fits = f"AND(ISNUMBER({to}),SUM({to})>=0,SUM({to})<={BEST:g})"
        return live(f"IF({fits},IF({found}>0,{found},-1),-1)", record.number)

    def segments(self, record: Tried, _: int) -> Content:
        return live(idioms.count_of(self._points.all(), quoted(_GAINED)), record.what.segments)

    def accounts(self, record: Tried, _: int) -> Content:
        return live(f"ROUND(SUM({self._counts.all()}),0)", record.what.accounts)

    def points(self, record: Tried, row: int) -> Content:
        count, points = self._segments.here(row), self._points.all()
        mean = f"{idioms.sum_of(points, quoted(_GAINED), points)}/{count}"
        return live(f"IF({count}>0,{mean},{idioms.NOTHING})", record.what.points)

    def money(self, record: Tried, _: int) -> Content:
        points, money = self._points.all(), self._money.all()
        return live(idioms.sum_of_matches(points, quoted(_GAINED), money), record.what.money)

    def unvalued(self, record: Tried, row: int) -> Content:
        valued = idioms.known_matches(self._points.all(), quoted(_GAINED), self._money.all())
        return live(f"{self._segments.here(row)}-{valued}", record.what.unvalued)

    def ahead(self, record: Tried, _: int) -> Content:
        return live(self._turned("1"), record.what.turned(1))

    def level(self, record: Tried, _: int) -> Content:
        return live(self._turned("0"), record.what.turned(0))

    def _turned(self, sign: str) -> str:
        now, then = self._now.all(), self._then.all()
        return idioms.counted_matches(then, sign, now, quoted(f"<{sign}"))


Block = ShownTable[Tried, _TriedFormulas]
