"""Where every account, segment, reply and requirement stands in the portfolio's tables.

Formulas point across sheets, so the places are laid out before anything is drawn; nobody else
counts rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kamxl.core.ids import US, same_id
from kamxl.core.method.position import PositionMeasure
from kamxl.core.method.programmes import Action, Programme, overdue
from kamxl.core.method.selection import GrowthCondition, SelectionCriterion
from kamxl.core.portfolio.evidence import EvidenceRow, SegmentShare, evidence, segment_shares
from kamxl.core.portfolio.results import AccountResult, SegmentResult
from kamxl.core.portfolio.whole import Portfolio
from kamxl.forms.portfolio.parts import TABLE_ROW, Grid, blank_sheet, grid_of
from kamxl.forms.portfolio.words import supplier_name
from kamxl.wording.texts import Texts

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


Segment = tuple[str, str]  # account and segment id, as in the results

DATA_KEYS = (
    "account", "segment", "respondent", "name", "role", "period", "answer", "requirement",
    "label", "weight", "sum", "answers", "share", "mean", "best", "difference", "in_total",
    "in_lead",
)  # fmt: skip
SEGMENT_KEYS = (
    "account", "account_name", "segment", "name", "revenue", "respondents", "period", "total",
    "coverage", "position", "best", "lead", "lead_coverage", "state", "share", "in_total",
    "in_lead", "weighting", "profile",
)  # fmt: skip
MEASURES = tuple(measure.value for measure in PositionMeasure)
ACCOUNT_KEYS = (
    "id", "name", "list", "rank", "score", "gate", "abc", "total", "position", "best", "lead",
    "gap", "points", "mean", "known", "level", "revenue", "profit", "overdue", "remarks",
    # from here on not printed: it is with the sheets it comes from
    "manager", "coverage", *MEASURES, "next", "breadth", "requirers", "active", "spots", "flip",
    "respondents", "period", "state", "disagreement", "knockouts",
)  # fmt: skip
RIVAL_PREFIX = "r:"  # keeps a competitor called "sum" apart from a column called so


@dataclass(frozen=True)
class Places:
    """The three tables that formulas point into, and who stands in which of their rows."""

    data: Grid
    segments: Grid
    accounts: Grid
    suppliers: Mapping[str, str]  # competitor id to name, by id
    rows: tuple[EvidenceRow, ...]
    shares: Mapping[Segment, SegmentShare]
    account_rows: Mapping[str, int]
    segment_rows: Mapping[Segment, int]
    account_segments: Mapping[str, Rows]
    account_data: Mapping[str, Rows]
    segment_data: Mapping[Segment, Rows]
    requirement_data: Mapping[tuple[str, str, str], Rows]  # requirement id casefolded
    best_of: Mapping[Segment, str]  # the segment's best competitor, where it has one
    growth: Growth  # the tables that come from the selection and the plans

    def requirement(self, segment: SegmentResult, requirement: str) -> Rows:
        """The Data rows of one requirement of one segment."""
        return self.requirement_data[segment.account, segment.id, same_id(requirement)]

    def rival_key(self, rival: str) -> str:
        """The Data column of a competitor."""
        return RIVAL_PREFIX + same_id(rival)

    def account_column(self, key: str, below: int = 0) -> str:
        """All accounts' cells under a key, as seen from another sheet (at least one row).

        ``below``: so many rows more.
        """
        first = self.accounts.row + 1
        last = max(first, self.accounts.row + len(self.account_rows))
        return self.accounts.block(key, first, last + below)

    def look_up(self, key: str, cell: str) -> str:
        """A formula's text: the value under a key of the account whose id stands in ``cell``."""
        # One row more: in Gnumeric, INDEX of a single cell with a column number is #REF!.
        values, ids = self.account_column(key, 1), self.account_column("id", 1)
        return f"INDEX({values},MATCH({cell},{ids},0),1)"


def lay_out(portfolio: Portfolio, t: Texts) -> Places:
    """The places of a portfolio's rows."""
    suppliers = _suppliers(portfolio, t)
    shares: dict[Segment, SegmentShare] = {}
    rows: list[EvidenceRow] = []
    for account in portfolio.accounts:
        of_account = segment_shares(account)
        for segment in account.segments:
            shares[account.id, segment.id] = of_account[segment.id]
            rows.extend(evidence(segment, of_account[segment.id]))
    rivals = tuple(RIVAL_PREFIX + same_id(rival) for rival in suppliers)
    key_row = TABLE_ROW + 1
    data_keys = (*DATA_KEYS, US, *rivals, "comment", "source")
    ends = [_Ends() for _ in range(5)]
    for row, found in enumerate(rows, key_row + 1):
        ends[0].add(found.account, row)
        ends[1].add((found.account, found.segment), row)
        ends[2].add((found.account, found.segment, same_id(found.requirement)), row)
    segments = [(account, s) for account in portfolio.accounts for s in account.segments]
    for row, (account, segment) in enumerate(segments, key_row + 1):
        ends[3].add(account.id, row)
        ends[4].add((account.id, segment.id), row)
    return Places(
        data=grid_of(blank_sheet(t, "data"), key_row, data_keys),
        segments=grid_of(blank_sheet(t, "segments"), key_row, SEGMENT_KEYS),
        accounts=grid_of(blank_sheet(t, "accounts"), key_row, ACCOUNT_KEYS),
        suppliers=suppliers,
        rows=tuple(rows),
        shares=shares,
        account_rows={a.id: row for row, a in enumerate(portfolio.accounts, key_row + 1)},
        segment_rows={key: rows[0] for key, rows in ends[4].found.items()},
        account_segments=ends[3].found,
        account_data=ends[0].found,
        segment_data=ends[1].found,
        requirement_data=ends[2].found,
        best_of={(a.id, s.id): s.best.id for a, s in segments if s.best},
        growth=lay_out_growth(portfolio, t),
    )


class _Ends:
    """First and last row of each key."""

    def __init__(self) -> None:
        self.found: dict[Any, Rows] = {}

    def add(self, key: Any, row: int) -> None:
        first, _ = self.found.get(key, (row, row))
        self.found[key] = (first, row)


def _suppliers(portfolio: Portfolio, t: Texts) -> dict[str, str]:
    """Every competitor that occurs on a reply, by id; names made unique for the headers."""
    names: dict[str, tuple[str, str]] = {}
    for account in portfolio.accounts:
        for segment in account.segments:
            for rival in segment.rivals:
                names.setdefault(same_id(rival.id), (rival.id, rival.name))
    return {rival: supplier_name(t, rival, name) for _, (rival, name) in sorted(names.items())}


__all__ = ["AccountResult", "Places", "lay_out"]
