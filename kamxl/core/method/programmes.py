"""Joint programmes (Programme zur Geschäftsentwicklung) and their actions (Maßnahmen). Seed: 2.

Do you only sell, or do you develop the business: revenue and profit, for both sides?
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from kamxl.core.ids import same_id
from kamxl.core.method.economics import Sum, sum_known


class ProgrammeState(StrEnum):
    """AGREED and RUNNING are active: agreed with the customer, neither done nor given up."""

    IDEA = "idea"
    AGREED = "agreed"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"


ACTIVE = frozenset({ProgrammeState.AGREED, ProgrammeState.RUNNING})
AHEAD = ACTIVE | {ProgrammeState.IDEA}  # those whose terms can still be changed


@dataclass(frozen=True, slots=True)
class Actual:
    """What a programme did change in one year, in money; None: unknown."""

    revenue: float | None = None
    profit: float | None = None
    customer_revenue: float | None = None
    customer_profit: float | None = None


@dataclass(frozen=True, slots=True)
class Effect:
    """What a programme changes in one year, in money, if it succeeds; None: unknown.

    Positive is good for whoever it is: a cost saving is profit. ``actual``: what it did change.
    """

    year: int
    revenue: float | None = None
    profit: float | None = None
    customer_revenue: float | None = None
    customer_profit: float | None = None
    actual: Actual | None = None

    def times(self, factor: float | None) -> Effect:
        """The effect times a factor; with an unknown factor all is unknown."""

        def one(value: float | None) -> float | None:
            return None if value is None or factor is None else value * factor

        own, theirs = (self.revenue, self.profit), (self.customer_revenue, self.customer_profit)
        revenue, profit, her_revenue, her_profit = map(one, (*own, *theirs))
        return Effect(self.year, revenue, profit, her_revenue, her_profit)


@dataclass(frozen=True, slots=True)
class Programme:
    """A joint programme for growing revenue and profit; ``probability`` in % 0..100, or None.

    ``effects``: one per year at most. ValueError: a probability out of range, a year twice.
    """

    id: str
    name: str
    state: ProgrammeState
    probability: float | None = None
    start: date | None = None
    effects: tuple[Effect, ...] = ()
    account: str = ""

    def __post_init__(self) -> None:
        if self.probability is not None and not 0 <= self.probability <= 100:
            raise ValueError(f"probability of {self.id}: {self.probability!r} is not 0..100")
        if len({effect.year for effect in self.effects}) != len(self.effects):
            raise ValueError(f"a year stands twice in {self.id}")

    @property
    def active(self) -> bool:
        """Whether it is AGREED or RUNNING."""
        return self.state in ACTIVE

    @property
    def expected(self) -> tuple[Effect, ...]:
        """Effect × probability per year; unknown without a probability."""
        factor = None if self.probability is None else self.probability / 100
        return tuple(effect.times(factor) for effect in self.effects)

    @property
    def value(self) -> EffectSum:
        """What is expected over all years: each sum unknown without a probability or an effect."""
        return _sum(self.expected)

    @property
    def customer_benefit(self) -> bool | None:
        """Whether revenue or profit of the customer grows over the years; None: nothing known."""
        revenue = sum_known(effect.customer_revenue for effect in self.effects).value
        profit = sum_known(effect.customer_profit for effect in self.effects).value
        known = [value for value in (revenue, profit) if value is not None]
        return any(value > 0 for value in known) if known else None


@dataclass(frozen=True, slots=True)
class EffectSum:
    """What several effects add up to, on both sides."""

    revenue: Sum
    profit: Sum
    customer_revenue: Sum
    customer_profit: Sum


def _sum(effects: Sequence[Effect]) -> EffectSum:
    return EffectSum(
        revenue=sum_known(effect.revenue for effect in effects),
        profit=sum_known(effect.profit for effect in effects),
        customer_revenue=sum_known(effect.customer_revenue for effect in effects),
        customer_profit=sum_known(effect.customer_profit for effect in effects),
    )


@dataclass(frozen=True, slots=True)
class ProgrammeSummary:
    """What the programmes of one account (or of all) amount to.

    ``expected`` is over the active ones only; ``unvalued_revenue``, ``unvalued_profit``: those of
    them that it does not hold, because over all years nothing of it is known;
    ``without_customer_benefit``: those still ahead of us (IDEA, AGREED, RUNNING) that state none,
    unknown included.
    """

    active: int
    expected: EffectSum
    without_customer_benefit: tuple[Programme, ...]
    unvalued_revenue: tuple[Programme, ...] = ()
    unvalued_profit: tuple[Programme, ...] = ()

    @property
    def selling_only(self) -> bool:
        """The seed's guiding question: no active programme means that we only sell."""
        return self.active == 0


def summarise(programmes: Sequence[Programme], year: int | None = None) -> ProgrammeSummary:
    """The summary; ``expected`` of one year, or of all years together."""
    active = [p for p in programmes if p.active]
    effects = [e for p in active for e in p.expected if year is None or e.year == year]
    poor = tuple(p for p in programmes if p.state in AHEAD and not p.customer_benefit)
    values = [(p, p.value) for p in active]
    return ProgrammeSummary(
        active=len(active),
        expected=_sum(effects),
        without_customer_benefit=poor,
        unvalued_revenue=tuple(p for p, value in values if value.revenue.value is None),
        unvalued_profit=tuple(p for p, value in values if value.profit.value is None),
    )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What programmes did change, beside what was planned for just that.

    ``planned`` adds up the effects (without the chance) whose ``actual`` is known, figure by
    figure, so that both sums speak of the same; unknown where nothing is known of it yet.
    """

    planned: EffectSum
    actual: EffectSum


def outcome(programmes: Iterable[Programme], year: int | None = None) -> Outcome:
    """The outcome of all programmes, whatever their state; of one year, or of all together."""
    effects = [e for p in programmes for e in p.effects if year is None or e.year == year]

    def summed(key: str, *, planned: bool) -> Sum:
        pairs = ((getattr(e, key), getattr(e.actual, key, None)) for e in effects)
        return sum_known(plan if planned else did for plan, did in pairs if did is not None)

    keys = ("revenue", "profit", "customer_revenue", "customer_profit")
    planned = (summed(key, planned=True) for key in keys)
    return Outcome(EffectSum(*planned), EffectSum(*(summed(key, planned=False) for key in keys)))


class ActionState(StrEnum):
    """Whether an action is still to be done."""

    OPEN = "open"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Action:
    """A step (Maßnahme), of a programme or on its own, with an owner on either side.

    It may close the gap of a ``requirement`` (of one ``segment``; empty: wherever the account has
    it) or answer a ``wish``: their ids, empty if none. ``share``: what we do, in words written for
    the customer; empty: she does not read of it.
    """

    id: str
    text: str
    programme: str = ""
    account: str = ""
    segment: str = ""
    requirement: str = ""
    wish: str = ""
    owner: str = ""
    customer_owner: str = ""
    due: date | None = None
    state: ActionState = ActionState.OPEN
    share: str = ""

    def overdue(self, as_of: date) -> bool:
        """Whether it is open and was due before ``as_of``; due that very day is in time."""
        return self.state is ActionState.OPEN and self.due is not None and self.due < as_of


def overdue(actions: Iterable[Action], as_of: date) -> tuple[Action, ...]:
    """The overdue actions, the longest overdue first."""
    late = (action for action in actions if action.overdue(as_of))
    return tuple(sorted(late, key=lambda action: action.due or date.min))


class RequirementKey(NamedTuple):
    """One requirement of one segment: ids, compared without case."""

    account: str
    segment: str
    requirement: str


class WishKey(NamedTuple):
    """One wish of one account: ids, compared without case."""

    account: str
    wish: str


def closing(
    actions: Iterable[Action], requirements: Iterable[RequirementKey]
) -> dict[RequirementKey, tuple[Action, ...]]:
    """Each requirement to the actions that close its gap; an empty tuple is "none yet".

    Open ones first, the earliest due first, those without a date last.
    """
    found: dict[tuple[str, ...], list[Action]] = {}
    for action in sorted(actions, key=_urgency):
        if action.requirement:
            key = _same(action.account, action.segment, action.requirement)
            found.setdefault(key, []).append(action)
    closed = {}
    for asked in requirements:
        everywhere = asked._replace(segment="")
        keys = dict.fromkeys((_same(*asked), _same(*everywhere)))
        merged = [action for key in keys for action in found.get(key, ())]
        closed[asked] = tuple(sorted(merged, key=_urgency))
    return closed


def answering(
    actions: Iterable[Action], wishes: Iterable[WishKey]
) -> dict[WishKey, tuple[Action, ...]]:
    """Each wish to the actions that answer it, ordered as in ``closing``; empty: "none yet"."""
    found: dict[tuple[str, ...], list[Action]] = {}
    for action in sorted(actions, key=_urgency):
        if action.wish:
            found.setdefault(_same(action.account, action.wish), []).append(action)
    return {key: tuple(found.get(_same(*key), ())) for key in wishes}


def _same(*ids: str) -> tuple[str, ...]:
    return tuple(map(same_id, ids))


def _urgency(action: Action) -> tuple[bool, float, str]:
    due = math.inf if action.due is None else action.due.toordinal()
    return action.state is ActionState.DONE, due, same_id(action.id)
