"""The sheet *Contacts*: in which functions of which customers we speak to somebody regularly."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from kamxl.core.portfolio.results import AccountResult
from kamxl.core.portfolio.whole import Portfolio
from kamxl.core.records.plan import AccountPlan
from kamxl.forms.paper import idioms
from kamxl.forms.paper.book import Conditional, Content, Sheet
from kamxl.forms.paper.parts import live
from kamxl.forms.paper.places import At, Key
from kamxl.forms.paper.raw import a1
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
from kamxl.forms.portfolio.lists import Lists, function_key, function_name
from kamxl.forms.portfolio.parts import (
    COUNT,
    ID_CELL,
    PERCENT,
    TEXT_CELL,
    draw_page,
    headings,
    left,
    table_of,
)
from kamxl.forms.portfolio.position import plan_period, plan_style
from kamxl.forms.tables.shown import Column, Live, Shown, ShownTable
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

    def key(self) -> Key:
        """Whose row it is."""
        return (self.account.id,)


def contacts_table(portfolio: Portfolio, t: Texts, lists: Lists) -> ShownTable[Row, _Formulas]:
    """Accounts × functions of the customers, and how broad each relationship is."""
    rows = [
        _row(account, account.standing.plan, lists.functions)
        for account in portfolio.planned
        if account.standing.plan
    ]
    columns = _columns(t, lists, _responsible(rows))
    functions = tuple(lists.functions)
    return table_of(
        t, "contacts", columns, rows, lambda at: _Formulas(at, functions), Row.key, repeated=2
    )


def contacts_sheet(
    table: ShownTable[Row, _Formulas], portfolio: Portfolio, t: Texts, lists: Lists
) -> Sheet:
    """Its sheet, drawn."""
    draw_page(
        table, t, portfolio, t("portfolio.no_plans"), stays=2 if table.records else 0, page=PAGE
    )
    if table.records:
        _colour(table, tuple(lists.functions))
    return table.sheet


def _row(account: AccountResult, plan: AccountPlan, columns: Mapping[str, str]) -> Row:
    breadth = plan.breadth
    heat: dict[str, int] = {}
    for function in plan.functions:
        key = function_key(function.id, function.name)
        state = KEPT if function.id in breadth.covered else KNOWN
        if function.id in breadth.without_contact:
            state = NOBODY
        heat[key] = max(state, heat.get(key, NOBODY))
    shown = {key: state for key, state in heat.items() if key in columns}
    return Row(account, plan, shown, len(shown) == len(plan.functions))


def _responsible(rows: list[Row]) -> set[str]:
    """The columns of functions that are responsible for revenue at most of the accounts."""
    said: dict[str, list[bool]] = {}
    for row in rows:
        for function in row.plan.functions:
            key = function_key(function.id, function.name)
            said.setdefault(key, []).append(function.revenue_responsible)
    return {key for key, answers in said.items() if 2 * sum(answers) > len(answers)}


def _colour(table: ShownTable[Row, _Formulas], functions: Sequence[str]) -> None:
    if not functions:
        return
    ranges = table.cells(*functions)
    cell = a1(table.first, table.place.run(*functions).first)
    looks = ((KEPT, GOOD_SOFT, GOOD), (KNOWN, WARN_SOFT, None), (NOBODY, BEHIND_SOFT, BEHIND))
    for state, fill, color in looks:
        rule = f"AND(ISNUMBER({cell}),{cell}={state})"
        found = Conditional(ranges, formula=rule, fill=fill, color=color)
        table.sheet.conditionals.append(found)


def _columns(t: Texts, lists: Lists, responsible: set[str]) -> tuple[Column[Row, _Formulas], ...]:
    looks = headings([f"{label} *" for label in lists.functions.values()], 12.5, 90.0, HEADER)

    def function(key: str, label: str, width: float, header: Style) -> Shown[Row]:
        head = header.but(fill=HEADER_US.fill) if key in responsible else header
        title = f"{label} *" if key in responsible else label
        return Shown(key, width, lambda r: r.heat.get(key), _HEAT, head, title)

    bold = PERCENT.but(bold=True)
    return (
        Shown("id", 13, lambda r: r.account.id, ID_CELL, left()),
        Shown("name", 24, lambda r: r.account.name, TEXT_CELL.but(bold=True), left()),
        *(function(*one, *look) for one, look in zip(lists.functions.items(), looks, strict=True)),
        Live("covered", 10, _Formulas.covered, COUNT.but(fill=SOFT), page=True),
        Live("functions", 10, _Formulas.functions, COUNT.but(fill=SOFT)),
        Live("breadth", 10, _Formulas.breadth, bold),
        Shown("contacts", 9, lambda r: r.plan.breadth.contacts, COUNT),
        Shown("others", 9, lambda r: r.plan.breadth.others, _others),
        Shown("roles", 9, lambda r: r.plan.breadth.roles_known, COUNT),
        Shown("requirers_known", 10, lambda r: r.plan.breadth.requirers_known, COUNT),
        Live("requirers", 11, _Formulas.requirers, bold),
        Shown("spots", 32, lambda r: _spots(r, t), TEXT_CELL, left()),
        Shown("plan", 11, lambda r: plan_period(t, r.account), lambda r: plan_style(r.account)),
    )


def _others(row: Row) -> Style:
    """Contacts whose function is none of the plan's are no breadth: that is to be seen."""
    return COUNT.but(fill=WARN_SOFT) if row.plan.breadth.others else COUNT


def _spots(row: Row, t: Texts) -> str:
    """The revenue-responsible functions without a kept contact, as they are called there."""
    spots = row.plan.breadth.revenue_spots
    return ", ".join(function_name(f, t) for f in row.plan.functions if f.id in spots)


class _Formulas:
    """What is counted over a row of the heat map."""

    def __init__(self, at: At, functions: Sequence[str]) -> None:
        self._heat = at.run(*functions) if functions else None
        self._covered, self._functions = at.own("covered", "functions")
        self._known, self._roles = at.own("requirers_known", "roles")

    def _counted(self, record: Row, row: int, count: Callable[[str], str], value: int) -> Content:
        """A count over the row's heat, where each of its functions has a column."""
        if not record.whole or self._heat is None:
            return value
        return live(count(self._heat.across(row)), value)

    def covered(self, record: Row, row: int) -> Content:
        value = len(record.plan.breadth.covered)
        return self._counted(record, row, lambda cells: idioms.count_of(cells, str(KEPT)), value)

    def functions(self, record: Row, row: int) -> Content:
        value = len(record.plan.functions)
        return self._counted(record, row, lambda cells: f"COUNT({cells})", value)

    def breadth(self, record: Row, row: int) -> Content:
        text = idioms.ratio(self._covered.here(row), self._functions.here(row))
        return live(text, record.plan.breadth.breadth)

    def requirers(self, record: Row, row: int) -> Content:
        text = idioms.ratio(self._known.here(row), self._roles.here(row))
        return live(text, record.plan.breadth.requirers)
