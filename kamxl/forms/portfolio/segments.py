"""The sheet *Segments*: how answers become a segment's total, and segments an account's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kamxl.core.method.position import profile_completed
from kamxl.core.portfolio.evidence import SegmentShare
from kamxl.core.portfolio.results import AccountResult, SegmentResult
from kamxl.core.portfolio.whole import Portfolio
from kamxl.forms.paper.book import Content, Sheet
from kamxl.forms.paper.style import HEADER_RIVAL, HEADER_US, WARN_SOFT, Style
from kamxl.forms.portfolio.parts import (
    COUNT,
    ID_CELL,
    LEAD,
    LIVE,
    MONEY,
    MUTED_CELL,
    PERCENT,
    TEXT_CELL,
    Field,
    draw_table,
    frame,
    left,
    live,
    sign_style,
)
from kamxl.forms.portfolio.places import Places
from kamxl.forms.portfolio.words import best_name_of, period_of
from kamxl.wording.texts import Texts


@dataclass(frozen=True, slots=True)
class SegmentLine:
    """A segment with its account, as a row of *Segments*."""

    account: AccountResult
    segment: SegmentResult
    share: SegmentShare


def segments_sheet(portfolio: Portfolio, t: Texts, places: Places) -> Sheet:
    """One row per segment, also of those without a rating."""
    lines = [
        SegmentLine(account, segment, places.shares[account.id, segment.id])
        for account in portfolio.accounts
        for segment in account.segments
    ]
    fields = _segment_fields(t, places)
    frame(places.segments.sheet, t, portfolio, len(fields))
    draw_table(places.segments, t, fields, lines, t("portfolio.no_segments"))
    return places.segments.sheet


def _segment_fields(t: Texts, places: Places) -> tuple[Field[SegmentLine], ...]:
    at = _SegmentFormulas(places)
    grid = places.segments

    def position(line: SegmentLine, row: int) -> Content:
        lead = grid.here("lead", row)
        sign = line.segment.best.ahead if line.segment.best else None
        return live(f'IF(ISNUMBER({lead}),SIGN(ROUND({lead},9)),"")', sign)

    return (
        Field("account", 11, lambda r, _: r.account.id, ID_CELL, left()),
        Field("account_name", 22, lambda r, _: r.account.name, TEXT_CELL, left()),
        Field("segment", 11, lambda r, _: r.segment.id, ID_CELL, left()),
        Field("name", 20, lambda r, _: _named(t, r), TEXT_CELL, left()),
        Field("revenue", 12, lambda r, _: r.segment.revenue, MONEY),
        Field("respondents", 9, lambda r, _: r.segment.respondents, COUNT),
        Field("period", 14, lambda r, _: _period(t, r), _period_style),
        Field("total", 9, at.of_answers(at.total, "total"), LIVE.but(bold=True), HEADER_US),
        Field("coverage", 9, at.of_answers(at.coverage, "coverage"), PERCENT),
        Field("position", 10, position, sign_style(t)),
        Field("best", 18, lambda r, _: best_name_of(t, r.segment), TEXT_CELL, left(HEADER_RIVAL)),
        Field("lead", 9, at.of_answers(at.lead, "lead"), LEAD),
        Field("lead_coverage", 9, at.of_answers(at.lead_coverage, "lead_coverage"), PERCENT),
        Field("state", 12, lambda r, _: _state(t, r.segment)),
        Field("share", 9, at.share, PERCENT),
        Field("in_total", 9, at.in_total, PERCENT),
        Field("in_lead", 9, at.in_lead, PERCENT),
        Field("weighting", 16, lambda r, _: _weighting(t, r), MUTED_CELL),
        Field("profile", 10, lambda r, _: _profile(r.segment), COUNT.but(format=_yes_no(t))),
    )


def _named(t: Texts, line: SegmentLine) -> str:
    name = line.segment.name
    return name if line.segment.in_register else t("portfolio.words.gone", name=name)


def _period(t: Texts, line: SegmentLine) -> str:
    return period_of(t, line.segment.period, earlier=line.segment.earlier)


def _period_style(line: SegmentLine) -> Style:
    return TEXT_CELL.but(fill=WARN_SOFT) if line.segment.earlier else TEXT_CELL


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


@dataclass(frozen=True, slots=True)
class _SegmentFormulas:
    """The formulas of a row of *Segments*: over its block in Data, or over its account's rows."""

    places: Places

    def of_answers(
        self, formula: Callable[[SegmentLine, int], str], name: str
    ) -> Callable[[SegmentLine, int], Content]:
        """A formula for segments that have answers; the others stay empty."""

        def content(line: SegmentLine, row: int) -> Content:
            if line.segment.card is None:
                return None
            return live(formula(line, row), getattr(line.segment, name))

        return content

    def _data(self, line: SegmentLine, key: str) -> str:
        first, last = self.places.segment_data[line.account.id, line.segment.id]
        return self.places.data.block(key, first, last)

    def _account(self, line: SegmentLine, key: str) -> str:
        first, last = self.places.account_segments[line.account.id]
        return self.places.segments.block_here(key, first, last)

    def total(self, line: SegmentLine, _: int) -> str:
        share, mean = self._data(line, "share"), self._data(line, "mean")
        rated = f'SUMIF({mean},">=0",{share})'
        return f'IF({rated}>0,SUMPRODUCT({share},{mean})/{rated},"")'

    def coverage(self, line: SegmentLine, _: int) -> str:
        share, mean = self._data(line, "share"), self._data(line, "mean")
        return f'IF(SUM({share})>0,SUMIF({mean},">=0",{share})/SUM({share}),"")'

    def _compared(self, line: SegmentLine) -> str:
        share, mean, best = (self._data(line, key) for key in ("share", "mean", "best"))
        return f'SUMIFS({share},{mean},">=0",{best},">=0")'

    def lead(self, line: SegmentLine, _: int) -> str:
        share, difference = self._data(line, "share"), self._data(line, "difference")
        both = self._compared(line)
        return f'IF({both}>0,SUMPRODUCT({share},{difference})/{both},"")'

    def lead_coverage(self, line: SegmentLine, _: int) -> str:
        share = self._data(line, "share")
        return (
            f"IF(AND(COUNT({self._data(line, 'best')})>0,SUM({share})>0),"
            f'{self._compared(line)}/SUM({share}),"")'
        )

    def share(self, line: SegmentLine, row: int) -> Content:
        revenues, own = self._account(line, "revenue"), self.places.segments.here("revenue", row)
        known = f"AND(COUNT({revenues})=ROWS({revenues}),SUM({revenues})>0)"
        text = f"IF({known},{own}/SUM({revenues}),1/ROWS({revenues}))"
        return live(text, line.share.overall)

    def in_total(self, line: SegmentLine, row: int) -> Content:
        return self._counts(line, row, "total", ">=0", line.share.total)

    def in_lead(self, line: SegmentLine, row: int) -> Content:
        # A lead may be negative; what it rests on never is.
        return self._counts(line, row, "lead_coverage", ">0", line.share.lead)

    def _counts(
        self, line: SegmentLine, row: int, key: str, test: str, value: float | None
    ) -> Content:
        if line.segment.card is None:
            return None
        here = self.places.segments.here
        whole = f'SUMIF({self._account(line, key)},"{test}",{self._account(line, "share")})'
        own = here("lead" if key == "lead_coverage" else key, row)
        return live(f'IF(ISNUMBER({own}),IF({whole}>0,{here("share", row)}/{whole},""),"")', value)
