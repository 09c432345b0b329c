"""Where the rows of the tables stand that come from the selection and the account plans.

Laid out before anything is drawn, as in ``portfolio_places``: *Accounts* points into all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kamxl.core.portfolio import Portfolio
from kamxl.core.position import PositionMeasure
from kamxl.core.programmes import Action, Programme, overdue
from kamxl.core.results import AccountResult
from kamxl.core.selection import GrowthCondition, SelectionCriterion
from kamxl.forms.portfolio_parts import TABLE_ROW, Grid, blank_sheet, grid_of
from kamxl.forms.texts import Texts

Rows = tuple[int, int]  # first and last
MAX_YEARS = 4  # columns of years; what comes later is summed in the last one
MAX_FUNCTIONS = 24

CRITERIA = tuple(criterion.value for criterion in SelectionCriterion)
CONDITIONS = tuple(condition.value for condition in GrowthCondition)
SELECTION_KEYS = (
    "id", "name", "rank", "list", "score", "coverage", "gate", "reason",
    *(f"c:{one}" for one in CRITERIA), *(f"g:{one}" for one in CONDITIONS),
    "revenue", "share", "cumulated", "abc", "days", "mismatch",
)  # fmt: skip
POSITION_KEYS = (
    "id", "name", "completed", "segments", "total", "lead", "agreed", "target", "margin", "last",
    "improvement", *(measure.value for measure in PositionMeasure), "mean", "known", "level",
    "signs", "next", "spots", "plan",
)  # fmt: skip
ACTION_KEYS = (
    "account", "account_name", "id", "text", "programme", "closes", "owner", "customer_owner",
    "due", "state", "late",
)  # fmt: skip
SELECTION_ROW, PROGRAMMES_ROW, ACTIONS_ROW = 11, 18, 9  # key rows: above stand fixed blocks


@dataclass(frozen=True)
class Growth:
    """The tables, and which rows of them are an account's (by its id, as in the results).

    ``years`` are the columns of *Programmes*: each with the years it sums.
    """

    selection: Grid
    position: Grid
    contacts: Grid
    programmes: Grid
    actions: Grid
    selection_rows: Mapping[str, int]
    position_rows: Mapping[str, int]
    contacts_rows: Mapping[str, int]
    programme_rows: Mapping[str, Rows]
    action_rows: Mapping[str, Rows]
    years: tuple[tuple[int, ...], ...]
    functions: Mapping[str, str]  # key of a function's column to its label
    programme_list: tuple[tuple[AccountResult, Programme], ...]
    action_list: tuple[tuple[AccountResult, Action], ...]

    def year_title(self, t: Texts, years: Sequence[int]) -> str:
        """ "2027", and "from 2031" for the column that sums what comes later."""
        if len(years) == 1:
            return str(years[0])
        return t("portfolio.programmes.from", year=years[0])


def lay_out_growth(portfolio: Portfolio, t: Texts) -> Growth:
    """The places of the rows."""
    years, functions = years_of(portfolio), functions_of(portfolio, t)
    programmes, actions = tuple(_programmes(portfolio)), tuple(_actions(portfolio))
    planned = portfolio.planned
    usual = TABLE_ROW + 1
    return Growth(
        selection=grid_of(blank_sheet(t, "selection"), SELECTION_ROW, SELECTION_KEYS),
        position=grid_of(blank_sheet(t, "position"), usual, POSITION_KEYS),
        contacts=grid_of(blank_sheet(t, "contacts"), usual, contact_keys(functions)),
        programmes=grid_of(blank_sheet(t, "programmes"), PROGRAMMES_ROW, programme_keys(years)),
        actions=grid_of(blank_sheet(t, "actions"), ACTIONS_ROW, ACTION_KEYS),
        selection_rows=_numbered(selection_order(portfolio), SELECTION_ROW),
        position_rows=_numbered(portfolio.accounts, usual),
        contacts_rows=_numbered(planned, usual),
        programme_rows=_blocks((a for a, _ in programmes), PROGRAMMES_ROW),
        action_rows=_blocks((a for a, _ in actions), ACTIONS_ROW),
        years=years,
        functions=functions,
        programme_list=programmes,
        action_list=actions,
    )


def selection_order(portfolio: Portfolio) -> list[AccountResult]:
    """The candidates: by rank, those without a score last, each by id."""
    found = [(a.standing.selected, a) for a in portfolio.accounts]
    known = [(s.rank or 10**9, a) for s, a in found if s is not None]
    return [account for _, account in sorted(known, key=lambda pair: pair[0])]


def programme_keys(years: Sequence[Sequence[int]]) -> tuple[str, ...]:
    """The columns of *Programmes*: expected values by year, ours and the customer's."""
    of = [f"{kind}:{n}" for kind in ("r", "p") for n in range(len(years))]
    half = len(years)
    return (
        "account", "account_name", "id", "name", "need", "state", "start", "probability", "owner",
        "customer_owner", *of[:half], "revenue", *of[half:], "profit", "customer_revenue",
        "customer_profit", "active", "hint",
    )  # fmt: skip


def contact_keys(functions: Mapping[str, str]) -> tuple[str, ...]:
    """The columns of *Contacts*."""
    return (
        "id", "name", *functions, "covered", "functions", "breadth", "contacts", "roles",
        "requirers_known", "requirers", "spots", "plan",
    )  # fmt: skip


def years_of(portfolio: Portfolio) -> tuple[tuple[int, ...], ...]:
    """All years in which a programme has an effect, those beyond the last column together."""
    years = sorted(
        {
            effect.year
            for account in portfolio.planned
            for programme in account.standing.plan.programmes  # type: ignore[union-attr]
            for effect in programme.effects
        }
    )
    if len(years) <= MAX_YEARS:
        return tuple((year,) for year in years)
    first, later = years[: MAX_YEARS - 1], years[MAX_YEARS - 1 :]
    return (*((year,) for year in first), tuple(later))


def function_key(function: str, name: str, t: Texts) -> str:
    """The column of a customer's function: the usual ones by id, a team's own ones by name."""
    if t.has(f"plan.customer_functions.{function.casefold()}"):
        return f"f:{function.casefold()}"
    return "f:=" + " ".join((name or function).casefold().split())


def functions_of(portfolio: Portfolio, t: Texts) -> dict[str, str]:
    """Column key to label: the usual functions that occur, in the usual order, then the others."""
    found: dict[str, str] = {}
    for account in portfolio.planned:
        plan = account.standing.plan
        for function in plan.functions if plan else ():
            key = function_key(function.id, function.name, t)
            usual = f"plan.customer_functions.{function.id.casefold()}"
            found.setdefault(key, t(usual) if t.has(usual) else function.name or function.id)
    order = [key.removeprefix("plan.customer_functions.") for key in _usual(t)]
    places = {f"f:{key}": place for place, key in enumerate(order)}
    keys = sorted(found, key=lambda key: places.get(key, len(places)))[:MAX_FUNCTIONS]
    return {key: found[key] for key in keys}


def _usual(t: Texts) -> list[str]:
    return list(t.keys("plan.customer_functions"))


def _programmes(portfolio: Portfolio) -> Iterable[tuple[AccountResult, Programme]]:
    for account in portfolio.planned:
        if account.standing.plan:
            yield from ((account, programme) for programme in account.standing.plan.programmes)


def _actions(portfolio: Portfolio) -> Iterable[tuple[AccountResult, Action]]:
    """All actions, each account's together: the account with the longest overdue one first."""

    def urgency(account: AccountResult) -> int:
        late = account.standing.overdue
        return late[0].due.toordinal() if late and late[0].due else 10**9

    for account in sorted(portfolio.planned, key=urgency):
        actions = account.standing.actions
        late = list(overdue(actions, portfolio.as_of)) if portfolio.as_of else []
        others = sorted((a for a in actions if a not in late), key=_by_due)
        yield from ((account, action) for action in (*late, *others))


def _by_due(action: Action) -> tuple[bool, int]:
    return action.state.value != "open", action.due.toordinal() if action.due else 10**9


def _numbered(accounts: Iterable[AccountResult], key_row: int) -> dict[str, int]:
    return {account.id: row for row, account in enumerate(accounts, key_row + 1)}


def _blocks(accounts: Iterable[AccountResult], key_row: int) -> dict[str, Rows]:
    found: dict[str, Rows] = {}
    for row, account in enumerate(accounts, key_row + 1):
        first, _ = found.get(account.id, (row, row))
        found[account.id] = (first, row)
    return found
