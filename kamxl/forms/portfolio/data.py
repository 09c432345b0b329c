"""The sheet *Data*: every answer as it was given, and what it counts."""

from __future__ import annotations

from kamxl.core.ids import US, same_id
from kamxl.core.portfolio.evidence import EvidenceRow
from kamxl.core.portfolio.whole import Portfolio
from kamxl.core.roles import Role
from kamxl.forms.paper import idioms
from kamxl.forms.paper.book import Content, Sheet
from kamxl.forms.paper.parts import live
from kamxl.forms.paper.places import At, Key, Ref
from kamxl.forms.paper.style import HEADER_RIVAL, HEADER_US
from kamxl.forms.portfolio.lists import Lists, rival_key
from kamxl.forms.portfolio.parts import (
    COUNT,
    ID_CELL,
    LEAD,
    LIVE,
    POINTS,
    SMALL_CELL,
    TEXT_CELL,
    draw_page,
    left,
    table_of,
)
from kamxl.forms.tables.shown import Column, Live, Shown, ShownTable
from kamxl.wording.texts import Texts

SHARE = LIVE.but(format="0.00")
FACTOR = LIVE.but(format="0.0000")
WEIGHT = POINTS.but(format="0.##")


def data_table(t: Texts, lists: Lists) -> ShownTable[EvidenceRow, _Formulas]:
    """One row per reply and requirement: the answers as given and what each of them counts."""
    columns = _columns(t, lists)
    return table_of(t, "data", columns, lists.evidence, lambda at: _Formulas(at, lists), _whose)


def data_sheet(table: ShownTable[EvidenceRow, _Formulas], portfolio: Portfolio, t: Texts) -> Sheet:
    """Its sheet, drawn."""
    draw_page(table, t, portfolio, t("portfolio.no_answers"))
    return table.sheet


def _whose(row: EvidenceRow) -> Key:
    return row.account, row.segment, same_id(row.requirement)


def role_word(t: Texts, role: Role | None) -> str:
    """How a role is called; empty if it is unknown."""
    return t(f"portfolio.roles.{role.value}") if role else ""


def _columns(t: Texts, lists: Lists) -> tuple[Column[EvidenceRow, _Formulas], ...]:
    return (
        Shown("account", 11, lambda r: r.account, ID_CELL, left()),
        Shown("segment", 11, lambda r: r.segment, ID_CELL, left()),
        Shown("respondent", 11, lambda r: r.respondent, ID_CELL, left()),
        Shown("name", 17, lambda r: r.name, TEXT_CELL, left()),
        Shown("role", 12, lambda r: role_word(t, r.role), SMALL_CELL),
        Shown("period", 9, lambda r: r.period, ID_CELL),
        Shown("answer", 8, lambda r: r.answer, COUNT),
        Shown("requirement", 11, lambda r: r.requirement, ID_CELL, left()),
        Shown("label", 26, lambda r: r.label, TEXT_CELL, left()),
        Shown("weight", 9, lambda r: r.weight, WEIGHT),
        Live("sum", 9, _Formulas.sum, LIVE),
        Shown("answers", 8, lambda r: r.weighing, COUNT),
        Live("share", 9, _Formulas.share, SHARE),
        Live("mean", 8, _Formulas.mean, LIVE, HEADER_US),
        Live("best", 9, _Formulas.best, LIVE, HEADER_RIVAL),
        Live("difference", 10, _Formulas.difference, LEAD),
        Live("in_total", 9, _Formulas.in_total, FACTOR),
        Live("in_lead", 9, _Formulas.in_lead, FACTOR),
        Shown(US, 8, lambda r: r.ratings.get(US), POINTS, HEADER_US),
        *(_rival(rival, name) for rival, name in lists.suppliers.items()),
        Shown("comment", 28, lambda r: r.comment, SMALL_CELL, left()),
        Shown("source", 30, lambda r: r.source, ID_CELL, left()),
    )


def _rival(rival: str, name: str) -> Shown[EvidenceRow]:
    def content(row: EvidenceRow) -> Content:
        return next((r for s, r in row.ratings.items() if same_id(s) == same_id(rival)), None)

    return Shown(rival_key(rival), 11, content, POINTS, HEADER_RIVAL.but(size=9), name)


class _Formulas:
    """The formulas of a Data row: over its requirement's rows, or over its segment's."""

    def __init__(self, at: At, lists: Lists) -> None:
        self._answer, self._weight, self._sum, self._answers = at.own(
            "answer", "weight", "sum", "answers"
        )
        self._share, self._mean, self._best = at.own("share", "mean", "best")
        self._difference, self._us = at.own("difference", US)
        self._counts = {key: at.column("segments", key) for key in ("in_total", "in_lead")}
        self._best_of = lists.best_of
        self._rivals = {rival_key(rival): at.own(rival_key(rival))[0] for rival in lists.suppliers}

    def _segment(self, row: EvidenceRow, column: Ref) -> str:
        return column.of(row.account, row.segment)

    def sum(self, row: EvidenceRow, at: int) -> Content:
        answers, weights = (self._segment(row, one) for one in (self._answer, self._weight))
        return live(idioms.sum_of(answers, self._answer.here(at), weights), row.weights_sum)

    def share(self, row: EvidenceRow, at: int) -> Content:
        weight, whole, answers = (one.here(at) for one in (self._weight, self._sum, self._answers))
        known = f"AND(ISNUMBER({weight}),{whole}>0)"
        return live(f'IF({known},100*{weight}/{whole}/{answers},"")', row.share)

    def mean(self, row: EvidenceRow, _: int) -> Content:
        return live(idioms.mean_known(self._us.of(*_whose(row))), row.us)

    def best(self, row: EvidenceRow, _: int) -> Content:
        rival = self._best_of.get((row.account, row.segment))
        if rival is None:
            return None
        return live(idioms.mean_known(self._rivals[rival_key(rival)].of(*_whose(row))), row.best)

    def difference(self, row: EvidenceRow, at: int) -> Content:
        text = idioms.difference(self._mean.here(at), self._best.here(at))
        return live(text, row.difference)

    def in_total(self, row: EvidenceRow, at: int) -> Content:
        shares, means = (self._segment(row, one) for one in (self._share, self._mean))
        whole = idioms.weight_of_known(shares, means)
        return live(self._counted(row, at, "in_total", self._mean, whole), row.in_total)

    def in_lead(self, row: EvidenceRow, at: int) -> Content:
        shares, means, best = (
            self._segment(row, one) for one in (self._share, self._mean, self._best)
        )
        whole = idioms.weight_of_known(shares, means, best)
        return live(self._counted(row, at, "in_lead", self._difference, whole), row.in_lead)

    def _counted(self, row: EvidenceRow, at: int, key: str, known: Ref, whole: str) -> str:
        """The row's part of its segment's weight, times what the segment counts."""
        counts = self._counts[key].cell(row.account, row.segment)
        share = self._share.here(at)
        return f'IF(COUNT({counts},{share},{known.here(at)})=3,{counts}*{share}/{whole},"")'
