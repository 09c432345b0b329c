"""The sheet *Contacts*: in which functions of which customers we speak to somebody regularly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kamxl.core.portfolio.results import AccountResult
from kamxl.core.portfolio.whole import Portfolio
from kamxl.core.records.plan import AccountPlan
from kamxl.forms.paper.book import Conditional, Content, Sheet, span
from kamxl.forms.paper.style import (
    BEHIND,
    BEHIND_SOFT,
    GOOD,
    GOOD_SOFT,
    HEADER,
    HEADER_US,
    SOFT,
    WARN_SOFT,
    Style,
)
from kamxl.forms.portfolio.parts import (
    COUNT,
    ID_CELL,
    PERCENT,
    SMALL_LIST,
    TEXT_CELL,
    Field,
    draw_table,
    frame,
    left,
    live,
)
from kamxl.forms.portfolio.places import Growth, contact_keys, function_key
from kamxl.forms.portfolio.position import plan_period, plan_style
from kamxl.wording.texts import Texts

PAGE = 9  # columns a page has at least, so that the title fits
KEPT, KNOWN, NOBODY = 2, 1, 0
_HEAT = COUNT.but(format='[=2]"●";[=1]"○";"–"', size=11)


@dataclass(frozen=True, slots=True)
class Row:
    """An account with a plan: column key to how well we know somebody there.

    ``whole``: each of the plan's functions has a column of its own, so that they can be counted.
    """

    account: AccountResult
    plan: AccountPlan
    heat: Mapping[str, int]
    whole: bool


def contacts_sheet(portfolio: Portfolio, t: Texts, growth: Growth) -> Sheet:
    """Accounts × functions of the customers, and how broad each relationship is."""
    grid = growth.contacts
    rows = [
        _row(account, account.standing.plan, growth.functions, t)
        for account in portfolio.planned
        if account.standing.plan
    ]
    fields = _fields(t, growth, _responsible(rows, t))
    assert tuple(f.key for f in fields) == contact_keys(growth.functions)  # noqa: S101
    frame(grid.sheet, t, portfolio, max(len(fields), PAGE))
    last = draw_table(grid, t, fields, rows, t("portfolio.no_plans"), PAGE)
    if rows:
        grid.sheet.freeze = f"C{grid.row + 1}"
        _colour(grid.sheet, growth, last)
    return grid.sheet


def _row(account: AccountResult, plan: AccountPlan, columns: Mapping[str, str], t: Texts) -> Row:
    breadth = plan.breadth
    heat: dict[str, int] = {}
    for function in plan.functions:
        key = function_key(function.id, function.name, t)
        state = KEPT if function.id in breadth.covered else KNOWN
        if function.id in breadth.without_contact:
            state = NOBODY
        heat[key] = max(state, heat.get(key, NOBODY))
    shown = {key: state for key, state in heat.items() if key in columns}
    return Row(account, plan, shown, len(shown) == len(plan.functions))


def _responsible(rows: list[Row], t: Texts) -> set[str]:
    """The columns of functions that are responsible for revenue at most of the accounts."""
    said: dict[str, list[bool]] = {}
    for row in rows:
        for function in row.plan.functions:
            key = function_key(function.id, function.name, t)
            said.setdefault(key, []).append(function.revenue_responsible)
    return {key for key, answers in said.items() if 2 * sum(answers) > len(answers)}


def _colour(sheet: Sheet, growth: Growth, last: int) -> None:
    grid, first = growth.contacts, growth.contacts.row + 1
    columns = [grid.columns[key] for key in growth.functions]
    if not columns:
        return
    ranges = span(first, columns[0], last, columns[-1])
    cell = grid.here(next(iter(growth.functions)), first).lstrip("$")
    looks = ((KEPT, GOOD_SOFT, GOOD), (KNOWN, WARN_SOFT, None), (NOBODY, BEHIND_SOFT, BEHIND))
    for state, fill, color in looks:
        rule = f"AND(ISNUMBER({cell}),{cell}={state})"
        sheet.conditionals.append(Conditional(ranges, formula=rule, fill=fill, color=color))


def _fields(t: Texts, growth: Growth, responsible: set[str]) -> tuple[Field[Row], ...]:
    at = _Formulas(growth)

    def function(key: str, label: str) -> Field[Row]:
        head: Style = (HEADER_US if key in responsible else HEADER).but(size=8)
        title = f"{label} *" if key in responsible else label
        return Field(key, 12.5, lambda r, _: r.heat.get(key), _HEAT, head, title)

    return (
        Field("id", 11, lambda r, _: r.account.id, ID_CELL, left()),
        Field("name", 24, lambda r, _: r.account.name, TEXT_CELL.but(bold=True), left()),
        *(function(key, label) for key, label in growth.functions.items()),
        Field("covered", 10, at.covered, COUNT.but(fill=SOFT)),
        Field("functions", 10, at.functions, COUNT.but(fill=SOFT)),
        Field("breadth", 10, at.breadth, PERCENT.but(bold=True)),
        Field("contacts", 9, lambda r, _: r.plan.breadth.contacts, COUNT),
        Field("roles", 9, lambda r, _: r.plan.breadth.roles_known, COUNT),
        Field("requirers_known", 10, lambda r, _: r.plan.breadth.requirers_known, COUNT),
        Field("requirers", 11, at.requirers, PERCENT.but(bold=True)),
        Field("spots", 32, lambda r, _: _spots(r), SMALL_LIST, left()),
        Field("plan", 11, lambda r, _: plan_period(t, r.account), lambda r: plan_style(r.account)),
    )


def _spots(row: Row) -> str:
    """The revenue-responsible functions without a kept contact, as the customer calls them."""
    spots = row.plan.breadth.revenue_spots
    return ", ".join(f.name or f.id for f in row.plan.functions if f.id in spots)


@dataclass(frozen=True, slots=True)
class _Formulas:
    """What is counted over a row of the heat map."""

    growth: Growth

    def _heat(self, row: int) -> str:
        here, keys = self.growth.contacts.here, list(self.growth.functions)
        return f"{here(keys[0], row)}:{here(keys[-1], row)}"

    def covered(self, record: Row, row: int) -> Content:
        value = len(record.plan.breadth.covered)
        if not record.whole or not self.growth.functions:
            return value
        return live(f"COUNTIF({self._heat(row)},{KEPT})", value)

    def functions(self, record: Row, row: int) -> Content:
        value = len(record.plan.functions)
        if not record.whole or not self.growth.functions:
            return value
        return live(f"COUNT({self._heat(row)})", value)

    def breadth(self, record: Row, row: int) -> Content:
        here = self.growth.contacts.here
        covered, functions = here("covered", row), here("functions", row)
        text = f'IF({functions}>0,{covered}/{functions},"")'
        return live(text, record.plan.breadth.breadth)

    def requirers(self, record: Row, row: int) -> Content:
        here = self.growth.contacts.here
        known, roles = here("requirers_known", row), here("roles", row)
        return live(f'IF({roles}>0,{known}/{roles},"")', record.plan.breadth.requirers)
