"""The sheet *Position*: how firm our position is at each account: five measures, their evidence."""

from __future__ import annotations

from typing import Any

from kamxl.core.method.position import LEVEL, PER_POINT, PositionMeasure
from kamxl.core.portfolio.results import AccountResult
from kamxl.core.portfolio.whole import Portfolio
from kamxl.core.records.plan import AccountPlan
from kamxl.forms.paper import idioms
from kamxl.forms.paper.book import Content, Sheet
from kamxl.forms.paper.parts import live
from kamxl.forms.paper.places import At, Lookup
from kamxl.forms.paper.style import ACCENT_SOFT, BEHIND, HEADER, HEADER_US, SOFT, WARN_SOFT, Style
from kamxl.forms.portfolio.parts import (
    COUNT,
    ID_CELL,
    LEAD,
    LIVE,
    MONEY,
    MUTED_CELL,
    PERCENT,
    POINTS,
    TEXT_CELL,
    draw_page,
    left,
    table_of,
)
from kamxl.forms.portfolio.words import knockouts, period_of
from kamxl.forms.tables.judged import enough
from kamxl.forms.tables.shown import Column, Live, Shown, ShownTable, folding
from kamxl.wording.texts import Texts

_EVIDENCE = HEADER.but(fill="4A5A70")
_MISSED = MUTED_CELL.but(color=BEHIND)
MEASURES = tuple(measure.value for measure in PositionMeasure)


def position_table(portfolio: Portfolio, t: Texts) -> ShownTable[AccountResult, _Formulas]:
    """One row per account: what each measure was made of, the measures, the ladder."""
    columns, whose = _columns(t), lambda account: (account.id,)
    return table_of(
        t, "position", columns, portfolio.accounts, _Formulas, whose,
        old=lambda account: account.earlier, repeated=2,
    )  # fmt: skip


def position_sheet(
    table: ShownTable[AccountResult, _Formulas], portfolio: Portfolio, t: Texts
) -> Sheet:
    """Its sheet, drawn."""
    draw_page(table, t, portfolio, t("portfolio.no_accounts"), stays=2)
    if table.records:
        table.as_table()
        draw_bars(table)
    return table.sheet


def draw_bars(table: ShownTable[Any, Any]) -> None:
    """Bars behind the measures; none behind a relative position that rests on too little."""
    rests = f"SUM({table.head('lead_coverage')})"
    table.hollow("relative", f"NOT({enough(rests)})")
    table.bars(ACCENT_SOFT, 100, *MEASURES)


def level_word(t: Texts, account: AccountResult) -> str:
    """Our status as a supplier; empty without a plan."""
    ladder = account.standing.ladder
    return t(f"plan.choices.level.{ladder.status.id}") if ladder else ""


def next_needs(t: Texts, account: AccountResult) -> str:
    """What the next level needs, in words."""
    ladder = account.standing.ladder
    if ladder is None:
        return ""
    if ladder.next_level is None:
        return t("portfolio.position.top")
    level = t(f"plan.choices.level.{ladder.next_level.id}")
    needs = [one.text or one.id for one in ladder.next_needs]
    return t("portfolio.position.needs", level=level, needs=needs)


def spots(t: Texts, account: AccountResult) -> str:
    """The account's white spots, one a line."""
    return "\n".join(t(f"portfolio.spots.{one.value}") for one in account.standing.white_spots)


def plan_period(t: Texts, account: AccountResult) -> str:
    """The period of the account's plan, marked if it is an earlier one."""
    standing = account.standing
    period = standing.plan.period if standing.plan else None
    return period_of(t, period, earlier=standing.plan_earlier)


def plan_style(account: AccountResult) -> Style:
    """An earlier plan stands out."""
    return TEXT_CELL.but(fill=WARN_SOFT) if account.standing.plan_earlier else TEXT_CELL


def _columns(t: Texts) -> tuple[Column[AccountResult, _Formulas], ...]:
    signed = POINTS.but(format="+0.0;-0.0;0.0")
    of_five = COUNT.but(fill=SOFT, format=f'0"{t("portfolio.of_five")}"')

    def agreed(account: AccountResult) -> Style:
        partly = account.standing.position.agreed_unvalued > 0
        return MONEY.but(format='"≥ "#,##0') if partly else MONEY

    def measure(found: PositionMeasure) -> Column[AccountResult, _Formulas]:
        def content(at: _Formulas, account: AccountResult, row: int) -> Content:
            return at.measure(found, account, row)

        title = t(f"portfolio.measures.{found.value}")
        return Live(found.value, 10, content, LIVE, HEADER_US, title)

    return (
        Shown("id", 13, lambda r: r.id, ID_CELL, left()),
        Shown("name", 23, lambda r: r.name, TEXT_CELL.but(bold=True), left()),
        Live("known", 8, _Formulas.known, of_five),
        *map(measure, PositionMeasure),
        Shown("level", 16, lambda r: level_word(t, r), TEXT_CELL.but(bold=True), left()),
        *folding(
            Shown("next", 36, lambda r: next_needs(t, r), TEXT_CELL, left()),
            Shown("spots", 28, lambda r: spots(t, r), TEXT_CELL, left()),
        ),
        Shown("missed", 26, lambda r: knockouts(t, r.segments) or None, _MISSED, left(), page=True),
        *folding(
            Live("completed", 9, _Formulas.completed, COUNT, _EVIDENCE),
            Live("segments", 9, _Formulas.segments, COUNT, _EVIDENCE),
            Live("total", 9, _Formulas.total, POINTS, _EVIDENCE),
            Live("lead", 9, _Formulas.lead, LEAD.but(fill=None), _EVIDENCE),
            Live("lead_coverage", 9, _Formulas.rests, PERCENT.but(fill=None), _EVIDENCE),
            Shown("agreed", 11, lambda r: r.standing.position.agreed_value, agreed, _EVIDENCE),
            Shown("confirmed", 11, lambda r: r.standing.position.confirmed_value, MONEY, _EVIDENCE),
            Shown("claimed", 11, lambda r: r.standing.position.claimed_value, MONEY, _EVIDENCE),
            Shown("target", 11, lambda r: r.standing.position.value_target, MONEY, _EVIDENCE),
            Shown("margin", 8, lambda r: r.standing.position.margin, POINTS, _EVIDENCE),
            Shown("last", 8.5, lambda r: r.standing.position.last_margin, POINTS, _EVIDENCE),
            Shown(
                "improvement", 9, lambda r: r.standing.position.improvement_target, signed,
                _EVIDENCE,
            ),
            Shown("signs", 9, lambda r: _signs(t, r.standing.plan), MUTED_CELL),
        ),
        Shown("plan", 11, lambda r: plan_period(t, r), plan_style),
    )  # fmt: skip


def _signs(t: Texts, plan: AccountPlan | None) -> str:
    """How many of the ladder's indicators were answered."""
    if plan is None or not plan.indicators:
        return ""
    ladder = plan.ladder
    return t("portfolio.position.signs_of", known=ladder.known, of=ladder.indicators)


class _Formulas:
    """The evidence from *Segments* and *Accounts*, and the measures made of it."""

    def __init__(self, at: At) -> None:
        self._profile, self._share, self._answers = at.columns(
            "segments", "profile", "share", "respondents"
        )
        self._total, self._rests = at.lookups("accounts", "total", "lead_coverage")
        self._leads = at.columns("segments", "in_lead", "lead")
        (self._id,) = at.own("id")
        self._evidence = at.own(
            "total", "lead", "agreed", "target", "margin", "last", "improvement",
        )  # fmt: skip
        self._measures = at.run(*MEASURES)

    def completed(self, account: AccountResult, _: int) -> Content:
        if not self._profile.has(account.id):
            return 0
        cells = self._profile.of(account.id)
        return live(f"SUM({cells})", account.standing.position.completed)

    def segments(self, account: AccountResult, _: int) -> Content:
        if not self._profile.has(account.id):
            return 0
        cells = self._profile.of(account.id)
        return live(f"ROWS({cells})", account.standing.position.segments)

    def _looked_up(self, column: Lookup, row: int, value: float | None) -> Content:
        return None if value is None else live(column.of(self._id.here(row)), value)

    def total(self, account: AccountResult, row: int) -> Content:
        return self._looked_up(self._total, row, account.total)

    def lead(self, account: AccountResult, _: int) -> Content:
        """The number whatever it rests on: that stands beside it, and the map draws it hollow."""
        if account.lead.unjudged is None:
            return None
        shares, leads = (one.of(account.id) for one in self._leads)
        return live(idioms.total(shares, leads), account.lead.unjudged)

    def rests(self, account: AccountResult, row: int) -> Content:
        weights = account.lead.basis.weights if account.answered else None
        return self._looked_up(self._rests, row, weights)

    def measure(self, measure: PositionMeasure, account: AccountResult, row: int) -> Content:
        value = account.standing.position.measures[measure]
        if measure is PositionMeasure.REQUIREMENTS_KNOWN:
            return self._known_profiles(account, value)
        return live(self._texts(row)[measure], value)

    def _known_profiles(self, account: AccountResult, value: float | None) -> Content:
        """The revenue share of completed profiles; an account that said nothing has none."""
        if not self._profile.has(account.id):
            return live(idioms.NOTHING, value)
        blocks = (self._share, self._profile, self._answers)
        share, profile, answers = (one.of(account.id) for one in blocks)
        return live(
            f"IF(SUM({answers})>0,100*{idioms.total(share, profile)},{idioms.NOTHING})", value
        )

    def _texts(self, row: int) -> dict[PositionMeasure, str]:
        total, lead, agreed, target, margin, last, improvement = (
            one.here(row) for one in self._evidence
        )
        of_target = idioms.bounded(f"100*{agreed}/{target}")
        moved = idioms.bounded(f"{LEVEL:g}+{LEVEL:g}*({margin}-{last})/{improvement}")
        return {
            PositionMeasure.FULFILMENT: idioms.known(total, then=total),
            PositionMeasure.RELATIVE: idioms.known(
                lead, then=idioms.bounded(f"{LEVEL:g}+{PER_POINT:g}*{lead}")
            ),
            PositionMeasure.CUSTOMER_RETURN:
                f'IF(AND(ISNUMBER({agreed}),SUM({target})>0),{of_target},"")',
            PositionMeasure.OWN_RETURN:
                f'IF(AND(COUNT({margin},{last})=2,SUM({improvement})>0),{moved},"")',
        }  # fmt: skip

    def known(self, account: AccountResult, row: int) -> Content:
        cells = self._measures.across(row)
        return live(f"COUNT({cells})", account.standing.position.known)
