"""The sheet *Data*: every answer as it was given, and what it counts."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from kamxl.core.ids import US, same_id
from kamxl.core.portfolio.evidence import EvidenceRow
from kamxl.core.portfolio.whole import Portfolio
from kamxl.core.roles import Role
from kamxl.forms.paper import idioms
from kamxl.forms.paper.book import Content, Sheet
from kamxl.forms.paper.parts import live
from kamxl.forms.paper.places import At, Key, Ref
from kamxl.forms.paper.style import HEADER_RIVAL, HEADER_US, Style
from kamxl.forms.portfolio.beside import emptied
from kamxl.forms.portfolio.lists import Lists, rival_key
from kamxl.forms.portfolio.parts import (
    COUNT,
    FAINT_CELL,
    ID_CELL,
    LEAD,
    LIVE,
    MUTED_CELL,
    POINTS,
    TEXT_CELL,
    draw_page,
    headings,
    left,
    order_column,
    table_of,
    watch_order,
)
from kamxl.forms.portfolio.words import period_of, period_style
from kamxl.forms.tables.shown import Column, Live, Shown, ShownTable, folding
from kamxl.wording.texts import Texts

SHARE = LIVE.but(format="0.00")
WEIGHT = POINTS.but(format="0.##")


def data_table(t: Texts, lists: Lists) -> ShownTable[EvidenceRow, _Formulas]:
    """One row per reply and requirement: the answers as given and what each of them counts."""
    columns = _columns(t, lists)
    return table_of(
        t, "data", columns, lists.evidence, lambda at: _Formulas(at, lists), _whose,
        old=lambda row: row.earlier, repeated=3,
    )  # fmt: skip


def data_sheet(
    table: ShownTable[EvidenceRow, _Formulas], portfolio: Portfolio, t: Texts, *, away: bool = False
) -> Sheet:
    """Its sheet, drawn. ``away``: its rows are written beside the workbook, and it says so."""
    if away:
        count = t.manner.exact(Decimal(len(table.records)), "#,##0")
        empty = t("portfolio.data.away", count=count)
        draw_page(emptied(table), t, portfolio, empty)
        return table.sheet
    draw_page(table, t, portfolio, t("portfolio.no_answers"))
    watch_order(table, t)
    return table.sheet


def _whose(row: EvidenceRow) -> Key:
    return row.account, row.segment, same_id(row.requirement)


def role_word(t: Texts, role: Role | None) -> str:
    """How a role is called; empty if it is unknown."""
    return t(f"portfolio.roles.{role.value}") if role else ""


def _columns(t: Texts, lists: Lists) -> tuple[Column[EvidenceRow, _Formulas], ...]:
    looks = headings(list(lists.suppliers.values()), 11.0, 50.0, HEADER_RIVAL)
    return (
        Shown("account", 13, lambda r: r.account, ID_CELL, left()),
        Shown("respondent", 11, lambda r: r.respondent, ID_CELL, left()),
        Shown("label", 32, lambda r: r.label, TEXT_CELL, left()),
        Shown("segment", 12, lambda r: r.segment, ID_CELL, left()),
        Shown("name", 17, lambda r: r.name, TEXT_CELL, left()),
        Shown("role", 14, lambda r: role_word(t, r.role), MUTED_CELL),
        Shown("period", 13, lambda r: period_of(t, r.period, earlier=r.earlier), _period_style),
        Shown("requirement", 9, lambda r: r.requirement, ID_CELL, left()),
        Shown("weight", 9, lambda r: r.weight, WEIGHT),
        Shown(US, 8, lambda r: r.ratings.get(US), POINTS, HEADER_US),
        *(_rival(*one, *look) for one, look in zip(lists.suppliers.items(), looks, strict=True)),
        Shown("good", 28, lambda r: r.good, MUTED_CELL, left()),
        Shown("comment", 34, lambda r: r.comment, MUTED_CELL, left()),
        *folding(
            Shown("answer", 8, lambda r: r.answer, COUNT),
            Live("sum", 9, _Formulas.sum, LIVE),
            Shown("answers", 8, lambda r: r.weighing, COUNT),
            Live("share", 9, _Formulas.share, SHARE),
            Live("mean", 8, _Formulas.mean, LIVE, HEADER_US),
            Live("best", 9, _Formulas.best, LIVE, HEADER_RIVAL),
            Live("gap", 9, _Formulas.gap, SHARE),
            Live("part", 9, _Formulas.part, LEAD.but(format="+0.00;-0.00;0.00")),
            Shown("topic", 8, lists.topic, FAINT_CELL),
            Shown("source", 44, lambda r: r.source, ID_CELL, left()),
            order_column(t),
        ),
    )


def _period_style(row: EvidenceRow) -> Style:
    return period_style(earlier=row.earlier)


def _rival(rival: str, name: str, width: float, header: Style) -> Shown[EvidenceRow]:
    wanted = same_id(rival)

    def content(row: EvidenceRow) -> Content:
        if rival in row.ratings:
            return row.ratings[rival]
        return next((r for s, r in row.ratings.items() if same_id(s) == wanted), None)

    return Shown(rival_key(rival), width, content, POINTS, header, name)


class _Formulas:
    """The formulas of a Data row: over its requirement's rows, or over its segment's."""

    def __init__(self, at: At, lists: Lists) -> None:
        self._answer, self._weight, self._sum, self._answers = at.own(
            "answer", "weight", "sum", "answers"
        )
        (self._us,) = at.own(US)
        self._counts = {key: at.column("raters", key) for key in ("in_total", "in_lead")}
        self._compared = at.column("raters", "compared")
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

    def gap(self, row: EvidenceRow, at: int) -> Content:
        """What the reply's own gap is in the segment's: a mean of those that are averaged."""
        weight, whole, us = (one.here(at) for one in (self._weight, self._sum, self._us))
        points = f"{weight}*(100-{us})/{whole}"
        return live(self._averaged(row, "in_total", US, (weight, us, whole), points), row.gap)

    def part(self, row: EvidenceRow, at: int) -> Content:
        """What the reply's own part of its lead is in the segment's."""
        best = self._best_of.get((row.account, row.segment))
        if best is None:
            return None
        weight, whole, us = (one.here(at) for one in (self._weight, self._sum, self._us))
        them = self._rivals[rival_key(best)].here(at)
        rests = self._compared.cell(*_reply(row, best))
        points = f"{weight}*({us}-{them})/({rests}*{whole})"
        known = (weight, us, them, rests)
        return live(self._averaged(row, "in_lead", best, known, points), row.part)

    def _averaged(
        self, row: EvidenceRow, key: str, supplier: str, known: Sequence[str], points: str
    ) -> str:
        """Points of a reply that counts, over how many of them do."""
        own = self._counts[key].cell(*_reply(row, supplier))
        every = self._counts[key].of(*_reply(row, supplier)[:3])
        cells = ",".join((own, *known))
        return f"IF(COUNT({cells})={len(known) + 1},{points}/COUNT({every}),{idioms.NOTHING})"


def _reply(row: EvidenceRow, supplier: str) -> Key:
    """The key of a reply's row in *Raters*."""
    return row.account, row.segment, same_id(supplier), str(row.answer)
