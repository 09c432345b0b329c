"""What an account plan says: the key account manager's knowledge of one account in one period.

Its records stand in ``plan_records``; figures made of them come from ``ladder``, ``breadth``,
``position``, ``programmes``, ``economics`` and ``views``. Seed: 2.2 to 2.3.1.1.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from kamxl.core.ids import US, same_id, same_name
from kamxl.core.method.breadth import Breadth, ContactPoint, CustomerFunction, contact_breadth
from kamxl.core.method.economics import Field
from kamxl.core.method.ladder import Indicator, Ladder, derive_status
from kamxl.core.method.position import Position
from kamxl.core.method.programmes import Action, ActionState, Programme, ProgrammeState
from kamxl.core.records.benefits import (
    Benefit,
    Known,
    Word,
    agreed_value,
    benefits_of,
    summed,
)
from kamxl.core.records.economy import Economic, EconomicKind, Idea, IdeaState
from kamxl.core.records.page import Seen
from kamxl.core.records.register import Requirement, Scorecard
from kamxl.core.roles import Role

BARRIER = "barrier"  # how the id of a barrier's row in the discovery begins
REGULAR_RHYTHMS = frozenset({"weekly", "monthly", "quarterly", "half_yearly", "yearly"})


@dataclass(frozen=True, slots=True)
class PlanIdentity:
    """Whose plan it is: found by content, never by the name of the file."""

    workspace: str
    account: str
    period: str


@dataclass(frozen=True, slots=True)
class PlanField(Field):
    """A field of business, with the segment (Beschaffungssegment) it belongs to."""

    segment: str = ""


@dataclass(frozen=True, slots=True)
class PlanIndicator(Indicator):
    """An indicator of the status ladder, with what shows that it is met."""

    evidence: str = ""


@dataclass(frozen=True, slots=True)
class DiscoveryAnswer:
    """One question of the discovery (Entdeckung). ``sureness`` 0..100: how sure we are.

    ``shared``: what we told the customer in return (Wissensaustausch ist keine Einbahnstraße);
    ``owner``: who takes the next step, for a barrier also its removal, ``due`` by when. ``share``:
    how we understand it, in words written for the customer; empty: she does not read of it.
    """

    id: str
    question: str
    answer: str = ""
    sureness: float | None = None
    source: str = ""
    agreed_with: str = ""
    shared: str = ""
    next_step: str = ""
    owner: str = ""
    due: date | None = None
    share: str = ""

    @property
    def answered(self) -> bool:
        """Whether anything is known."""
        return bool(self.answer)

    @property
    def barrier(self) -> bool:
        """Whether it says what is in the way of more business: its id begins with "barrier"."""
        return same_id(self.id).startswith(BARRIER)


OTHER = "?"  # no function's id: what a contact counts as whose function is none of the plan's


@dataclass(frozen=True, slots=True)
class ContactCare:
    """How a contact is looked after. ``rhythm`` is "weekly" .. "yearly", "none" or "" (unknown);
    ``strength`` of the relationship 0..100; ``counterpart``: who of ours. ``counts_as``: the id of
    the plan's function that ``function`` means, ``OTHER``: of none of them; None: nobody said,
    so that it has to be the name or the id of one.
    """

    id: str
    name: str = ""
    function: str = ""
    role: Role | None = None
    rhythm: str = ""
    counterpart: str = ""
    strength: float | None = None
    remark: str = ""
    counts_as: str | None = None

    @property
    def regular(self) -> bool:
        """Whether there is a rhythm."""
        return self.rhythm in REGULAR_RHYTHMS


@dataclass(frozen=True, slots=True)
class PlanFunction(CustomerFunction):
    """A department of the customer, as it is called there."""

    name: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True)
class OwnRating:
    """Our self-assessment on one requirement of a segment, 0..100; beside it what the customer
    last said (``weight`` in %, ``customer`` in points), as known when the plan was made.
    """

    segment: str
    id: str
    label: str = ""
    weight: float | None = None
    rating: float | None = None
    customer: float | None = None
    remark: str = ""

    @property
    def gap(self) -> float | None:
        """Self minus customer: positive, we flatter ourselves."""
        if self.rating is None or self.customer is None:
            return None
        return self.rating - self.customer


@dataclass(frozen=True, slots=True)
class PlanWish:
    """A customer's wish (2.2.1) with its id across the account, and what we reply to it.

    ``share``: the same in words written for her who wished it; empty: she does not read of it.
    """

    id: str
    who: str = ""
    issue: str = ""
    remedy: str = ""
    importance: float | None = None
    reply: str = ""
    share: str = ""


class LeverKind(StrEnum):
    """By what the customer's return improves."""

    COST = "cost"
    REVENUE = "revenue"
    CAPITAL = "capital"
    RISK = "risk"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Lever:
    """A contribution of ours to the customer's return; it counts once it is ``agreed``.

    ``share``: the metric as she knows it ("downtime of line 3"), with ``baseline`` and ``now`` in
    its ``unit``; empty: she is not asked. ``asks``: the id of whom it is asked (empty: everybody
    who answers). ``seen``: what was said of it by word of mouth, by ``agreed_with`` ``agreed_on``.
    """

    id: str
    lever: str
    kind: LeverKind = LeverKind.OTHER
    amount: float | None = None
    proof: str = ""
    agreed: bool | None = None
    agreed_with: str = ""
    agreed_on: date | None = None
    share: str = ""
    unit: str = ""
    baseline: float | None = None
    now: float | None = None
    asks: str = ""
    seen: Seen | None = None


@dataclass(frozen=True, slots=True)
class Returns:
    """The single figures of both returns: ``value_target`` is what the customer shall gain a year,
    ``improvement_target`` how many percentage points our margin shall gain a year.
    """

    value_target: float | None = None
    revenue_last: float | None = None
    cost_last: float | None = None
    revenue_now: float | None = None
    cost_now: float | None = None
    improvement_target: float | None = None

    @property
    def margin(self) -> float | None:
        """This year's margin in %."""
        return margin_of(self.revenue_now, self.cost_now)

    @property
    def last_margin(self) -> float | None:
        """Last year's margin in %."""
        return margin_of(self.revenue_last, self.cost_last)


def margin_of(revenue: float | None, cost: float | None) -> float | None:
    """(revenue − cost) / revenue in %; None if one is unknown or there is no revenue."""
    if revenue is None or cost is None or revenue <= 0:
        return None
    return 100 * (revenue - cost) / revenue


@dataclass(frozen=True, slots=True)
class PlanProgramme(Programme):
    """A joint programme as agreed: the customer's need, our argument, an owner on both sides.

    Written for the customer: ``goal`` (empty: she does not read of it), what she and we gain, the
    next ``step``, and when we ``stop``.
    """

    need: str = ""
    argument: str = ""
    owner: str = ""
    customer_owner: str = ""
    goal: str = ""
    gain_theirs: str = ""
    gain_ours: str = ""
    step: str = ""
    stop: str = ""


@dataclass(frozen=True, slots=True)
class AccountPlan:
    """One account in one period. ``as_of``: the day for which actions are due or overdue."""

    workspace: str
    account: str
    period: str
    language: str
    account_name: str = ""
    as_of: date | None = None
    fields: tuple[PlanField, ...] = ()
    indicators: tuple[PlanIndicator, ...] = ()
    discovery: tuple[DiscoveryAnswer, ...] = ()
    economics: tuple[Economic, ...] = ()
    ideas: tuple[Idea, ...] = ()
    contacts: tuple[ContactCare, ...] = ()
    functions: tuple[PlanFunction, ...] = ()
    ratings: tuple[OwnRating, ...] = ()
    wishes: tuple[PlanWish, ...] = ()
    levers: tuple[Lever, ...] = ()
    returns: Returns = field(default_factory=Returns)
    programmes: tuple[PlanProgramme, ...] = ()
    actions: tuple[Action, ...] = ()

    @property
    def identity(self) -> PlanIdentity:
        """Whose it is."""
        return PlanIdentity(self.workspace, self.account, self.period)

    @property
    def ladder(self) -> Ladder:
        """The derived status and what the next level needs."""
        return derive_status(self.indicators)

    @property
    def breadth(self) -> Breadth:
        """How broad the relationship is."""
        return contact_breadth(self.functions, contact_points(self.contacts, self.functions))

    @property
    def agreed_value(self) -> float | None:
        """What the customer gains a year from levers that are agreed; see ``agreed_value``."""
        return agreed_value(self.levers)

    @property
    def agreed_unvalued(self) -> int:
        """How many agreed levers do not say their amount: the value is at least so much."""
        return sum(bool(one.agreed) and one.amount is None for one in self.levers)

    @property
    def barriers(self) -> tuple[DiscoveryAnswer, ...]:
        """What is in the way of more business, where somebody or a day is named for removing it."""
        return tuple(one for one in self.discovery if one.barrier and (one.owner or one.due))

    @property
    def unsure(self) -> tuple[DiscoveryAnswer, ...]:
        """The questions we are not wholly sure of, the least sure first: what to ask."""
        open_ = (one for one in self.discovery if (one.sureness or 0) < 100)
        return tuple(sorted(open_, key=lambda one: one.sureness or 0))

    def benefits(self, said: Iterable[Word] = ()) -> tuple[Benefit, ...]:
        """What the customer says of our levers; ``said``: see ``benefits_of``."""
        return benefits_of(self.levers, said)

    def position(self, known: Position, said: Iterable[Word] = ()) -> Position:
        """The five measures: the first three as ``known`` from replies, the returns from here.

        ``said`` of benefits on reply pages changes no measure, only how much of it is confirmed.
        """
        own = self.returns
        seen = summed([one for one in self.benefits(said) if one.lever.agreed]).money
        return replace(
            known,
            agreed_value=self.agreed_value,
            agreed_unvalued=self.agreed_unvalued,
            confirmed_value=seen[Known.CONFIRMED].value,
            claimed_value=seen[Known.CLAIMED].value,
            value_target=own.value_target,
            margin=own.margin,
            last_margin=own.last_margin,
            improvement_target=own.improvement_target,
        )

    def own_card(self, segment: str) -> Scorecard:
        """Our self-assessment of a segment as a card without weights, for ``views.perception``."""
        rows = [r for r in self.ratings if same_id(r.segment) == same_id(segment)]
        asked = [Requirement(r.id, r.label) for r in rows]
        return Scorecard(asked, {US: {r.id: r.rating for r in rows}})


def contact_points(
    contacts: Iterable[ContactCare], functions: Iterable[PlanFunction]
) -> tuple[ContactPoint, ...]:
    """The contacts as ``breadth`` counts them; a function's name stands for its id."""
    ids = {same_name(f.name): f.id for f in functions}

    def counted(contact: ContactCare) -> str:
        if contact.counts_as is not None:
            return contact.counts_as
        return ids.get(same_name(contact.function), contact.function)

    return tuple(ContactPoint(c.id, counted(c), c.role, c.regular, c.counterpart) for c in contacts)


def carried_over(earlier: AccountPlan, period: str) -> AccountPlan:
    """What a new period begins with: everything still true; what is done stays in the old plan.

    In a new year this year's figures become last year's. Within its own period nothing changes.
    """
    if period == earlier.period:
        return earlier
    plan = replace(
        earlier,
        period=period,
        as_of=None,
        ideas=tuple(i for i in earlier.ideas if i.state is not IdeaState.DROPPED),
        programmes=tuple(
            p for p in earlier.programmes
            if p.state not in (ProgrammeState.DONE, ProgrammeState.STOPPED)
        ),
        actions=tuple(a for a in earlier.actions if a.state is ActionState.OPEN),
    )  # fmt: skip
    if period[:4] == earlier.period[:4]:
        return plan
    own = plan.returns
    returns = replace(
        own, revenue_last=own.revenue_now, cost_last=own.cost_now, revenue_now=None, cost_now=None
    )
    fields = tuple(replace(f, revenue_last=f.revenue_now, revenue_now=None) for f in plan.fields)
    return replace(plan, returns=returns, fields=fields)


# re-exported so that forms need one import for the records of a plan
__all__ = [
    "AccountPlan",
    "ContactCare",
    "DiscoveryAnswer",
    "Economic",
    "EconomicKind",
    "Idea",
    "IdeaState",
    "Lever",
    "LeverKind",
    "OwnRating",
    "PlanField",
    "PlanFunction",
    "PlanIdentity",
    "PlanIndicator",
    "PlanProgramme",
    "PlanWish",
    "Returns",
    "agreed_value",
    "carried_over",
    "contact_points",
    "margin_of",
]
