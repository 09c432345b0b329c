"""The sheet *Data*: every answer as it was given, and what it counts."""

from __future__ import annotations

from dataclasses import dataclass

from kamxl.core.ids import US, same_id
from kamxl.core.portfolio.evidence import EvidenceRow
from kamxl.core.portfolio.whole import Portfolio
from kamxl.core.roles import Role
from kamxl.forms.paper.book import Content, Sheet
from kamxl.forms.paper.style import HEADER_RIVAL, HEADER_US
from kamxl.forms.portfolio.parts import (
    COUNT,
    ID_CELL,
    LEAD,
    LIVE,
    POINTS,
    SMALL_CELL,
    TEXT_CELL,
    Field,
    draw_table,
    frame,
    left,
    live,
)
from kamxl.forms.portfolio.places import Places
from kamxl.wording.texts import Texts

SHARE = LIVE.but(format="0.00")
FACTOR = LIVE.but(format="0.0000")
WEIGHT = POINTS.but(format="0.##")


def data_sheet(portfolio: Portfolio, t: Texts, places: Places) -> Sheet:
    """One row per reply and requirement: the answers as given and what each of them counts."""
    fields = _data_fields(t, places)
    frame(places.data.sheet, t, portfolio, len(fields))
    draw_table(places.data, t, fields, places.rows, t("portfolio.no_answers"))
    return places.data.sheet


def role_word(t: Texts, role: Role | None) -> str:
    """How a role is called; empty if it is unknown."""
    return t(f"portfolio.roles.{role.value}") if role else ""


def _data_fields(t: Texts, places: Places) -> tuple[Field[EvidenceRow], ...]:
    given = (
        Field[EvidenceRow]("account", 11, lambda r, _: r.account, ID_CELL, left()),
        Field[EvidenceRow]("segment", 11, lambda r, _: r.segment, ID_CELL, left()),
        Field[EvidenceRow]("respondent", 11, lambda r, _: r.respondent, ID_CELL, left()),
        Field[EvidenceRow]("name", 17, lambda r, _: r.name, TEXT_CELL, left()),
        Field[EvidenceRow]("role", 12, lambda r, _: role_word(t, r.role), SMALL_CELL),
        Field[EvidenceRow]("period", 9, lambda r, _: r.period, ID_CELL),
        Field[EvidenceRow]("answer", 8, lambda r, _: r.answer, COUNT),
        Field[EvidenceRow]("requirement", 11, lambda r, _: r.requirement, ID_CELL, left()),
        Field[EvidenceRow]("label", 26, lambda r, _: r.label, TEXT_CELL, left()),
        Field[EvidenceRow]("weight", 9, lambda r, _: r.weight, WEIGHT),
    )
    return (
        *given,
        *_live_fields(places),
        Field[EvidenceRow](US, 8, lambda r, _: r.ratings.get(US), POINTS, HEADER_US),
        *(_rival_field(places, rival) for rival in places.suppliers),
        Field[EvidenceRow]("comment", 28, lambda r, _: r.comment, SMALL_CELL, left()),
        Field[EvidenceRow]("source", 30, lambda r, _: r.source, ID_CELL, left()),
    )


def _rival_field(places: Places, rival: str) -> Field[EvidenceRow]:
    def content(row: EvidenceRow, _: int) -> Content:
        return next((r for s, r in row.ratings.items() if same_id(s) == same_id(rival)), None)

    title = places.suppliers[rival]
    return Field(places.rival_key(rival), 11, content, POINTS, HEADER_RIVAL.but(size=9), title)


def _live_fields(places: Places) -> tuple[Field[EvidenceRow], ...]:
    at = _Formulas(places)
    return (
        Field("sum", 9, at.sum, LIVE),
        Field("answers", 8, lambda r, _: r.weighing, COUNT),
        Field("share", 9, at.share, SHARE),
        Field("mean", 8, at.mean, LIVE, HEADER_US),
        Field("best", 9, at.best, LIVE, HEADER_RIVAL),
        Field("difference", 10, at.difference, LEAD),
        Field("in_total", 9, at.in_total, FACTOR),
        Field("in_lead", 9, at.in_lead, FACTOR),
    )


@dataclass(frozen=True, slots=True)
class _Formulas:
    """The formulas of a Data row: over its requirement's rows, or over its segment's."""

    places: Places

    def _segment(self, row: EvidenceRow, key: str) -> str:
        first, last = self.places.segment_data[row.account, row.segment]
        return self.places.data.block_here(key, first, last)

    def _mean(self, row: EvidenceRow, key: str) -> str:
        wanted = (row.account, row.segment, same_id(row.requirement))
        block = self.places.data.block_here(key, *self.places.requirement_data[wanted])
        return f'IF(COUNT({block})=0,"",AVERAGE({block}))'

    def sum(self, row: EvidenceRow, at: int) -> Content:
        answer = self.places.data.here("answer", at)
        text = f"SUMIF({self._segment(row, 'answer')},{answer},{self._segment(row, 'weight')})"
        return live(text, row.weights_sum)

    def share(self, row: EvidenceRow, at: int) -> Content:
        weight, whole, answers = (
            self.places.data.here(key, at) for key in ("weight", "sum", "answers")
        )
        known = f"AND(ISNUMBER({weight}),{whole}>0)"
        return live(f'IF({known},100*{weight}/{whole}/{answers},"")', row.share)

    def mean(self, row: EvidenceRow, _: int) -> Content:
        return live(self._mean(row, US), row.us)

    def best(self, row: EvidenceRow, _: int) -> Content:
        rival = self.places.best_of.get((row.account, row.segment))
        if rival is None:
            return None
        return live(self._mean(row, self.places.rival_key(rival)), row.best)

    def difference(self, row: EvidenceRow, at: int) -> Content:
        us, best = (self.places.data.here(key, at) for key in ("mean", "best"))
        return live(f'IF(COUNT({us},{best})=2,{us}-{best},"")', row.difference)

    def in_total(self, row: EvidenceRow, at: int) -> Content:
        share, us = (self.places.data.here(key, at) for key in ("share", "mean"))
        counts = self._of_segment(row, "in_total")
        whole = f'SUMIF({self._segment(row, "mean")},">=0",{self._segment(row, "share")})'
        return live(f'IF(COUNT({counts},{share},{us})=3,{counts}*{share}/{whole},"")', row.in_total)

    def in_lead(self, row: EvidenceRow, at: int) -> Content:
        share, difference = (self.places.data.here(key, at) for key in ("share", "difference"))
        counts = self._of_segment(row, "in_lead")
        shares, us, best = (self._segment(row, key) for key in ("share", "mean", "best"))
        whole = f'SUMIFS({shares},{us},">=0",{best},">=0")'
        return live(
            f'IF(COUNT({counts},{share},{difference})=3,{counts}*{share}/{whole},"")', row.in_lead
        )

    def _of_segment(self, row: EvidenceRow, key: str) -> str:
        at = self.places.segment_rows[row.account, row.segment]
        return self.places.segments.cell(key, at)
