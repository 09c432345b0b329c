"""The sheet *Position*: how firm our position is at each account: five measures, their evidence."""

from __future__ import annotations

from dataclasses import dataclass

from kamxl.core.method.position import LEVEL, PER_POINT, PositionMeasure
from kamxl.core.portfolio.results import AccountResult
from kamxl.core.portfolio.whole import Portfolio
from kamxl.core.records.plan import AccountPlan
from kamxl.forms.paper.book import Conditional, Content, Sheet, span
from kamxl.forms.paper.style import ACCENT_SOFT, HEADER, HEADER_US, SOFT, WARN_SOFT, Style
from kamxl.forms.portfolio.parts import (
    BOLD_LIVE,
    COUNT,
    ID_CELL,
    LEAD,
    LIVE,
    MONEY,
    POINTS,
    SMALL_CELL,
    SMALL_LIST,
    TEXT_CELL,
    Field,
    as_table,
    draw_table,
    frame,
    left,
    live,
)
from kamxl.forms.portfolio.places import MEASURES, Places
from kamxl.forms.portfolio.words import period_of
from kamxl.wording.texts import Texts

_EVIDENCE = HEADER.but(fill="4A5A70")


def position_sheet(portfolio: Portfolio, t: Texts, places: Places) -> Sheet:
    """One row per account: what each measure was made of, the measures, the ladder."""
    grid = places.growth.position
    fields = _fields(t, places)
    frame(grid.sheet, t, portfolio, len(fields))
    last = draw_table(grid, t, fields, portfolio.accounts, t("portfolio.no_accounts"))
    grid.sheet.freeze = f"C{grid.row + 1}"
    if portfolio.accounts:
        as_table(grid, last, len(fields))
        first, column = grid.columns[MEASURES[0]], grid.columns["mean"]
        ranges = span(grid.row + 1, first, last, column)
        grid.sheet.conditionals.append(
            Conditional(ranges, kind="bar", fill=ACCENT_SOFT, low_at=0, high_at=100)
        )
    return grid.sheet


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
    needs = "\n".join(f"– {one.text or one.id}" for one in ladder.next_needs)
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


def _fields(t: Texts, places: Places) -> tuple[Field[AccountResult], ...]:
    at = _Formulas(t, places)
    money = MONEY.but(size=9)
    small = POINTS.but(size=9)

    def measure(found: PositionMeasure) -> Field[AccountResult]:
        content = lambda r, row: at.measure(found, r, row)  # noqa: E731
        title = t(f"portfolio.measures.{found.value}")
        return Field(found.value, 10.5, content, LIVE, HEADER_US, title)

    return (
        Field("id", 11, lambda r, _: r.id, ID_CELL, left()),
        Field("name", 22, lambda r, _: r.name, TEXT_CELL.but(bold=True), left()),
        Field("completed", 9, at.completed, COUNT.but(size=9), _EVIDENCE),
        Field("segments", 9, at.segments, COUNT.but(size=9), _EVIDENCE),
        Field("total", 9, lambda r, row: at.looked_up("total", r.total, row), small, _EVIDENCE),
        Field("lead", 9.5, lambda r, row: at.looked_up("lead", r.lead, row),
              LEAD.but(size=9, fill=None), _EVIDENCE),
        Field("agreed", 11, lambda r, _: r.standing.position.agreed_value, money, _EVIDENCE),
        Field("target", 11, lambda r, _: r.standing.position.value_target, money, _EVIDENCE),
        Field("margin", 8, lambda r, _: r.standing.position.margin, small, _EVIDENCE),
        Field("last", 8.5, lambda r, _: r.standing.position.last_margin, small, _EVIDENCE),
        Field("improvement", 9.5, lambda r, _: r.standing.position.improvement_target,
              small.but(format="+0.0;-0.0;0.0"), _EVIDENCE),
        *map(measure, PositionMeasure),
        Field("mean", 9, at.mean, BOLD_LIVE, HEADER_US),
        Field("known", 7, at.known, COUNT.but(fill=SOFT, format=f'0"{t("portfolio.of_five")}"')),
        Field("level", 15, lambda r, _: level_word(t, r), TEXT_CELL.but(bold=True), left()),
        Field("signs", 9, lambda r, _: _signs(t, r.standing.plan), SMALL_CELL),
        Field("next", 38, lambda r, _: next_needs(t, r), SMALL_LIST, left()),
        Field("spots", 27, lambda r, _: spots(t, r), SMALL_LIST, left()),
        Field("plan", 11, lambda r, _: plan_period(t, r), plan_style),
    )  # fmt: skip


def _signs(t: Texts, plan: AccountPlan | None) -> str:
    """How many of the ladder's indicators were answered."""
    if plan is None or not plan.indicators:
        return ""
    ladder = plan.ladder
    return t("portfolio.position.signs_of", known=ladder.known, of=ladder.indicators)


@dataclass(frozen=True, slots=True)
class _Formulas:
    """The evidence from *Segments* and *Accounts*, and the measures made of it."""

    t: Texts
    places: Places

    def _here(self, key: str, row: int) -> str:
        return self.places.growth.position.here(key, row)

    def completed(self, account: AccountResult, _: int) -> Content:
        rows = self.places.account_segments.get(account.id)
        if rows is None:
            return 0
        cells = self.places.segments.block("profile", *rows)
        return live(f"SUM({cells})", account.standing.position.completed)

    def segments(self, account: AccountResult, _: int) -> Content:
        rows = self.places.account_segments.get(account.id)
        if rows is None:
            return 0
        cells = self.places.segments.block("profile", *rows)
        return live(f"ROWS({cells})", account.standing.position.segments)

    def looked_up(self, key: str, value: float | None, row: int) -> Content:
        return None if value is None else live(self.places.look_up(key, f"$A{row}"), value)

    def measure(self, measure: PositionMeasure, account: AccountResult, row: int) -> Content:
        keys = ("completed", "segments", "total", "lead", "agreed", "target", "margin", "last",
                "improvement")  # fmt: skip
        here = {key: self._here(key, row) for key in keys}
        texts = {
            PositionMeasure.REQUIREMENTS_KNOWN:
                'IF({segments}>0,100*{completed}/{segments},"")',
            PositionMeasure.FULFILMENT: 'IF(ISNUMBER({total}),{total},"")',
            PositionMeasure.RELATIVE:
                f'IF(ISNUMBER({{lead}}),MAX(0,MIN(100,{LEVEL:g}+{PER_POINT:g}*{{lead}})),"")',
            PositionMeasure.CUSTOMER_RETURN:
                'IF(AND(ISNUMBER({agreed}),SUM({target})>0),'
                'MAX(0,MIN(100,100*{agreed}/{target})),"")',
            PositionMeasure.OWN_RETURN:
                'IF(AND(COUNT({margin},{last})=2,SUM({improvement})>0),'
                f'MAX(0,MIN(100,{LEVEL:g}+{LEVEL:g}*({{margin}}-{{last}})/{{improvement}})),"")',
        }  # fmt: skip
        value = account.standing.position.measures[measure]
        return live(texts[measure].format(**here), value)

    def _measures(self, row: int) -> str:
        return f"{self._here(MEASURES[0], row)}:{self._here(MEASURES[-1], row)}"

    def mean(self, account: AccountResult, row: int) -> Content:
        cells = self._measures(row)
        text = f'IF(COUNT({cells})=0,"",AVERAGE({cells}))'
        return live(text, account.standing.position.mean)

    def known(self, account: AccountResult, row: int) -> Content:
        return live(f"COUNT({self._measures(row)})", account.standing.position.known)
