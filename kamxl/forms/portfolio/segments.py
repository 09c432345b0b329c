"""The sheet *Segments*: how answers become a segment's total, and segments an account's."""

from __future__ import annotations

from dataclasses import dataclass

from kamxl.core.ids import US, same_id
from kamxl.core.method.position import profile_completed
from kamxl.core.portfolio.evidence import SegmentShare
from kamxl.core.portfolio.results import AccountResult, SegmentResult
from kamxl.core.portfolio.whole import Portfolio
from kamxl.forms.paper import idioms
from kamxl.forms.paper.book import Content, Sheet
from kamxl.forms.paper.parts import live
from kamxl.forms.paper.places import At, Key, Ref
from kamxl.forms.paper.style import HEADER_RIVAL, HEADER_US, Style
from kamxl.forms.portfolio.grounds import grounds_of_segment
from kamxl.forms.portfolio.lists import Lists
from kamxl.forms.portfolio.parts import (
    COUNT,
    ID_CELL,
    LEAD,
    LIVE,
    MONEY,
    MUTED_CELL,
    PERCENT,
    TEXT_CELL,
    draw_page,
    left,
    order_column,
    sign_style,
    table_of,
    watch_order,
)
from kamxl.forms.portfolio.raters import Means
from kamxl.forms.portfolio.words import best_name_of, period_of, period_style
from kamxl.forms.tables.judged import REACHED, if_enough
from kamxl.forms.tables.shown import Column, Live, Shown, ShownTable
from kamxl.wording.texts import Texts


@dataclass(frozen=True, slots=True)
class SegmentLine:
    """A segment with its account, as a row of *Segments*."""

    account: AccountResult
    segment: SegmentResult
    share: SegmentShare

    def key(self) -> Key:
        """Whose row it is."""
        return self.account.id, self.segment.id

    def of(self, supplier: str) -> Key:
        """Whose rows of *Raters* are about a supplier in it."""
        return (*self.key(), same_id(supplier))


def segments_table(
    portfolio: Portfolio, t: Texts, lists: Lists
) -> ShownTable[SegmentLine, _Formulas]:
    """One row per segment, also of those without a rating."""
    lines = [
        SegmentLine(account, segment, lists.shares[account.id, segment.id])
        for account in portfolio.accounts
        for segment in account.segments
    ]
    within = portfolio.settings.level_within
    return table_of(
        t, "segments", _columns(t), lines, lambda at: _Formulas(at, within), SegmentLine.key,
        old=lambda line: line.segment.earlier, repeated=4,
    )  # fmt: skip


def segments_sheet(
    table: ShownTable[SegmentLine, _Formulas], portfolio: Portfolio, t: Texts
) -> Sheet:
    """Its sheet, drawn."""
    draw_page(table, t, portfolio, t("portfolio.no_segments"))
    watch_order(table, t)
    return table.sheet


def _columns(t: Texts) -> tuple[Column[SegmentLine, _Formulas], ...]:
    return (
        Shown("account", 13, lambda r: r.account.id, ID_CELL, left()),
        Shown("account_name", 21, lambda r: r.account.name, TEXT_CELL, left()),
        Shown("segment", 12, lambda r: r.segment.id, ID_CELL, left()),
        Shown("name", 19, lambda r: _named(t, r), TEXT_CELL, left()),
        Shown("revenue", 12, lambda r: r.segment.revenue, MONEY),
        Shown("respondents", 9, lambda r: r.segment.respondents, COUNT),
        Shown("period", 14, lambda r: _period(t, r), _period_style),
        Live("total", 9, _Formulas.total, LIVE.but(bold=True), HEADER_US),
        Live("low", 8, _Formulas.low, LIVE),
        Live("high", 8, _Formulas.high, LIVE),
        Live("coverage", 9, _Formulas.coverage, PERCENT),
        Live("position", 10, _Formulas.position, sign_style(t)),
        Shown("best", 18, lambda r: best_name_of(t, r.segment), TEXT_CELL, left(HEADER_RIVAL)),
        Live("lead", 9, _Formulas.lead, LEAD),
        Live("raters", 9, _Formulas.raters, COUNT, page=True),
        Live("lead_coverage", 9, _Formulas.lead_coverage, PERCENT),
        Shown("basis", 30, lambda r: grounds_of_segment(t, r.segment), MUTED_CELL, left()),
        Shown("state", 12, lambda r: _state(t, r.segment)),
        Live("share", 9, _Formulas.share, PERCENT),
        Live("in_total", 9, _Formulas.in_total, PERCENT),
        Live("in_lead", 9, _Formulas.in_lead, PERCENT),
        Shown("weighting", 16, lambda r: _weighting(t, r), MUTED_CELL),
        Shown("profile", 10, lambda r: _profile(r.segment), COUNT.but(format=_yes_no(t))),
        order_column(t),
    )


def _named(t: Texts, line: SegmentLine) -> str:
    name = line.segment.name
    return name if line.segment.in_register else t("portfolio.words.gone", name=name)


def _period(t: Texts, line: SegmentLine) -> str:
    return period_of(t, line.segment.period, earlier=line.segment.earlier)


def _period_style(line: SegmentLine) -> Style:
    return period_style(earlier=line.segment.earlier)


def _state(t: Texts, segment: SegmentResult) -> str:
    if not segment.replies:
        return t("portfolio.words.unanswered")
    return t("portfolio.words.provisional") if segment.provisional else ""


def _weighting(t: Texts, line: SegmentLine) -> str:
    equal = line.account.result.equal_weights and len(line.account.segments) > 1
    return t("portfolio.words.equal_weights") if equal else ""


def _profile(segment: SegmentResult) -> int:
    """1: one respondent weighed every requirement, summing to 100."""
    return int(profile_completed([reply.answers.scorecard for reply in segment.replies]))


def _yes_no(t: Texts) -> str:
    return f'"{t("portfolio.words.complete")}";;"–"'


class _Formulas:
    """The formulas of a row of *Segments*: over its rows in Raters, or over its account's rows.

    Those over answers are there for segments that have any.
    """

    def __init__(self, at: At, within: float) -> None:
        self._means = Means(at)
        self._revenue, self._own_share = at.own("revenue", "share")
        self._total, self._lead, self._lead_coverage = at.own("total", "lead", "lead_coverage")
        self._within = within

    def total(self, line: SegmentLine, _: int) -> Content:
        if not line.segment.replies:
            return None
        return live(self._means.mean(line.of(US), "in_total", "total"), line.segment.total)

    def coverage(self, line: SegmentLine, _: int) -> Content:
        if not line.segment.replies:
            return None
        return live(self._means.mean(line.of(US), "in_total", "coverage"), line.segment.coverage)

    def low(self, line: SegmentLine, _: int) -> Content:
        return self._end(line, line.segment.rated.low, "MIN")

    def high(self, line: SegmentLine, _: int) -> Content:
        return self._end(line, line.segment.rated.high, "MAX")

    def _end(self, line: SegmentLine, value: float | None, of: str) -> Content:
        """One end of the raters' own totals, where there are several."""
        if len(line.segment.rated.who) < 2:
            return None
        cells = [self._means.own_total(line.of(US), at) for at in line.segment.rated.who]
        return live(f"{of}({','.join(cells)})", value)

    def lead(self, line: SegmentLine, row: int) -> Content:
        """Only where it rests on enough: the number alone would say more than it knows."""
        best = line.segment.best_competitor
        if best is None:
            return None
        mean = self._means.mean(line.of(best), "in_lead", "lead")
        return live(if_enough(self._lead_coverage.here(row), mean), line.segment.lead.points)

    def lead_coverage(self, line: SegmentLine, _: int) -> Content:
        best = line.segment.best
        if best is None:
            return None
        return live(self._means.mean(line.of(best.id), "in_lead", "compared"), best.leads.share)

    def raters(self, line: SegmentLine, _: int) -> Content:
        """How many compared us with the best competitor."""
        best = line.segment.best
        if best is None:
            return None
        return live(self._means.comparing(line.of(best.id)), len(best.leads.who))

    def position(self, line: SegmentLine, row: int) -> Content:
        text = idioms.verdict(self._lead.here(row), f"{self._within:g}")
        return live(text, line.segment.lead.verdict)

    def share(self, line: SegmentLine, row: int) -> Content:
        revenues, own = self._revenue.of(line.account.id), self._revenue.here(row)
        known = f"AND(COUNT({revenues})=ROWS({revenues}),SUM({revenues})>0)"
        text = f"IF({known},{own}/SUM({revenues}),1/ROWS({revenues}))"
        return live(text, line.share.overall)

    def in_total(self, line: SegmentLine, row: int) -> Content:
        text = self._counts(line, row, self._total, self._total, '">=0"')
        return live(text, line.share.total) if line.segment.replies else None

    def in_lead(self, line: SegmentLine, row: int) -> Content:
        # A lead may be negative; what it rests on never is.
        text = self._counts(line, row, self._lead, self._lead_coverage, REACHED)
        return live(text, line.share.lead) if line.segment.replies else None

    def _counts(self, line: SegmentLine, row: int, own: Ref, tested: Ref, test: str) -> str:
        """The segment's share in those of its account that have what is asked for."""
        account = line.account.id
        whole = idioms.sum_of(tested.of(account), test, self._own_share.of(account))
        return idioms.known(own.here(row), then=idioms.ratio(self._own_share.here(row), whole))
