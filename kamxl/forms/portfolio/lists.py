"""What is listed over all accounts: what the tables' rows are, and which columns they have.

Columns of suppliers, functions and years depend on the whole portfolio, and so do the rows of
*Data*, *Programmes* and *Actions*; where they stand, ``paper.places`` knows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kamxl.core.ids import same_id, same_name
from kamxl.core.method.basis import Lead
from kamxl.core.method.programmes import Action, Programme, RequirementKey, overdue
from kamxl.core.portfolio.benchmark import Benchmarks, benchmarks
from kamxl.core.portfolio.evidence import (
    EvidenceRow,
    RaterRow,
    SegmentShare,
    evidence,
    raters,
    segment_shares,
)
from kamxl.core.portfolio.improving import Improvements, improvements
from kamxl.core.portfolio.results import AccountResult, RivalResult
from kamxl.core.portfolio.whatif import WhatIf, default_scenario, what_if
from kamxl.core.portfolio.whole import Portfolio
from kamxl.core.records.plan import PlanFunction
from kamxl.forms.paper.places import Key
from kamxl.forms.portfolio.trying import Trial, scenario_of
from kamxl.forms.portfolio.words import rival_name
from kamxl.wording.functions import FUNCTION_IDS, function_of, label
from kamxl.wording.texts import Texts, languages

MAX_YEARS = 4  # columns of years; what comes later is summed in the last one
MAX_FUNCTIONS = 24
MAX_SUMS = 12  # requirements over all accounts that are shown, and that may be tried

Segment = tuple[str, str]  # account and segment id, as in the results


@dataclass(frozen=True)
class Lists:
    """Everything that is listed: each in the order in which it is shown.

    ``suppliers``: competitor id to name, marked if it left the register; ``improvements``: the gaps
    by what is asked; ``benchmarks``: each account against all others; ``evidence``, ``raters`` and
    ``shares``: each answer, what each reply comes to, and how each segment counts;
    ``years``: the columns of *Programmes*, each with the years it sums; ``functions``: the key of a
    function's column in *Contacts* to its label. ``tried``: the scenario of *What if*, None:
    nothing is left to improve.
    """

    suppliers: Mapping[str, str]
    improvements: Improvements
    benchmarks: Benchmarks
    evidence: tuple[EvidenceRow, ...]
    raters: tuple[RaterRow, ...]
    tried: WhatIf | None
    shares: Mapping[Segment, SegmentShare]
    leads: Mapping[Key, Lead]  # account, segment and rival
    best_of: Mapping[Segment, str]  # the segment's best competitor, where it has one
    years: tuple[tuple[int, ...], ...]
    functions: Mapping[str, str]
    programmes: tuple[tuple[AccountResult, Programme], ...]
    actions: tuple[tuple[AccountResult, Action], ...]

    def topic(self, row: EvidenceRow) -> int | None:
        """The place among the improvements of what an answer is about; None: it is none of them."""
        return self.improvements.place(RequirementKey(row.account, row.segment, row.requirement))


def lists_of(
    portfolio: Portfolio, t: Texts, trials: Sequence[Trial | None] = (), *, whole: bool = True
) -> Lists:
    """The lists of a portfolio; ``trials``: what a manager tried, the newest last.

    Not ``whole``: without each answer, what replies come to and what is tried, which no column
    depends on, and which take longest.
    """
    found = improvements(portfolio.accounts, t.language)
    shares: dict[Segment, SegmentShare] = {}
    rows: list[EvidenceRow] = []
    own: list[RaterRow] = []
    for account in portfolio.accounts:
        of_account = segment_shares(account)
        for segment in account.segments:
            shares[account.id, segment.id] = of_account[segment.id]
            if whole:
                rows.extend(evidence(segment))
                own.extend(raters(segment))
    return Lists(
        suppliers=_suppliers(portfolio, t),
        improvements=found,
        benchmarks=benchmarks(portfolio.accounts, t.language),
        tried=tried_of(portfolio, found, trials) if whole else None,
        evidence=tuple(rows),
        raters=tuple(own),
        shares=shares,
        leads={
            (a.id, s.id, same_id(r.id)): r.lead
            for a in portfolio.accounts
            for s in a.segments
            for r in s.rivals
        },
        best_of={(a.id, s.id): s.best.id for a in portfolio.accounts for s in a.segments if s.best},
        years=years_of(portfolio),
        functions=_functions(portfolio, t),
        programmes=tuple(_programmes(portfolio)),
        actions=tuple(_actions(portfolio)),
    )


def tried_of(
    portfolio: Portfolio, found: Improvements, trials: Sequence[Trial | None]
) -> WhatIf | None:
    """What *What if* tries: what a manager typed there, else what is worth most; None: nothing."""
    offered = {label: place for label, place in found.places.items() if place <= MAX_SUMS}
    scenario = scenario_of(trials, offered) or default_scenario(found, portfolio.accounts)
    return what_if(portfolio.accounts, found, scenario) if scenario else None


def rival_key(rival: str) -> str:
    """The column of a competitor, kept apart from a column called as it is ("sum")."""
    return f"r:{same_id(rival)}"


def year_title(t: Texts, years: Sequence[int]) -> str:
    """ "2027", and "from 2031" for the column that sums what comes later."""
    if len(years) == 1:
        return str(years[0])
    return t("portfolio.programmes.from", year=years[0])


def selection_order(portfolio: Portfolio) -> list[AccountResult]:
    """The candidates: by rank, those without a score last, each by id."""
    found = [(a.standing.selected, a) for a in portfolio.accounts]
    known = [(s.rank or 10**9, a) for s, a in found if s is not None]
    return [account for _, account in sorted(known, key=lambda pair: pair[0])]


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


def function_key(function: str, name: str) -> str:
    """The column of a customer's function: the usual ones by what is meant, others by name."""
    if usual := _usual(function, name):
        return f"f:{usual}"
    return "f:=" + same_name(name or function)


def function_name(function: PlanFunction, t: Texts) -> str:
    """What a customer's function is called there; its usual names are the reader's language's."""
    usual = _usual(function.id, function.name)
    if usual and function.name in {"", *(label(usual, one) for one in languages())}:
        return label(usual, t.language)
    return function.name or function.id


def _usual(function: str, name: str) -> str:
    """Which of the usual functions one is, by its id or by its name; "": none of them."""
    return same_id(function) if same_id(function) in FUNCTION_IDS else function_of(name)


def _functions(portfolio: Portfolio, t: Texts) -> dict[str, str]:
    """Column key to label: the usual functions that occur, in the usual order, then the others."""
    found: dict[str, str] = {}
    for account in portfolio.planned:
        plan = account.standing.plan
        for function in plan.functions if plan else ():
            key = function_key(function.id, function.name)
            usual = _usual(function.id, function.name)
            own = function.name or function.id
            found.setdefault(key, label(usual, t.language) if usual else own)
    places = {f"f:{key}": place for place, key in enumerate(FUNCTION_IDS)}
    keys = sorted(found, key=lambda key: places.get(key, len(places)))[:MAX_FUNCTIONS]
    return {key: found[key] for key in keys}


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


def _suppliers(portfolio: Portfolio, t: Texts) -> dict[str, str]:
    """Every competitor that occurs on a reply, by id; names made unique for the headers."""
    names: dict[str, RivalResult] = {}
    for account in portfolio.accounts:
        for segment in account.segments:
            for rival in segment.rivals:
                names.setdefault(same_id(rival.id), rival)
    return {names[key].id: rival_name(t, names[key]) for key in sorted(names)}
