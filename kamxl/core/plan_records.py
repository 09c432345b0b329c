"""The records an account plan is made of: one for each row of its tables. Seed: 2.2 to 2.3.1.1.

Immutable, as read. Money is a year's, in the team's currency; None is unknown.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kamxl.core.breadth import CustomerFunction
from kamxl.core.economics import Field
from kamxl.core.ladder import Indicator
from kamxl.core.programmes import Programme
from kamxl.core.records import Role

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
    ``owner``: who takes the next step, for a barrier also its removal.
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

    @property
    def answered(self) -> bool:
        """Whether anything is known."""
        return bool(self.answer)


class EconomicKind(StrEnum):
    """Cost, earnings and benefit structure (Kosten-, Ertrags-, Nutzenstruktur), and the drivers."""

    COST = "cost"
    EARNINGS = "earnings"
    BENEFIT = "benefit"
    REVENUE_DRIVER = "revenue_driver"
    COST_DRIVER = "cost_driver"


@dataclass(frozen=True, slots=True)
class Economic:
    """One line of the customer's economics. ``share`` in % of its kind; ``potential``: what could
    be gained or saved a year; ``contribution``: what we can do for it.
    """

    id: str
    kind: EconomicKind | None
    item: str
    share: float | None = None
    amount: float | None = None
    potential: float | None = None
    contribution: str = ""
    source: str = ""


class IdeaState(StrEnum):
    """How far an idea has come."""

    IDEA = "idea"
    DISCUSSED = "discussed"
    PROGRAMME = "programme"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Idea:
    """A new solution, product or service for mutual benefit (zum beiderseitigen Vorteil)."""

    id: str
    idea: str
    benefit_customer: str = ""
    benefit_ours: str = ""
    potential: float | None = None
    agreed_with: str = ""
    state: IdeaState = IdeaState.IDEA

    @property
    def mutual(self) -> bool:
        """Whether both sides' benefit is named."""
        return bool(self.benefit_customer) and bool(self.benefit_ours)


@dataclass(frozen=True, slots=True)
class ContactCare:
    """How a contact is looked after. ``rhythm`` is "weekly" .. "yearly", "none" or "" (unknown);
    ``strength`` of the relationship 0..100; ``counterpart``: who of ours.
    """

    id: str
    name: str = ""
    function: str = ""
    role: Role | None = None
    rhythm: str = ""
    counterpart: str = ""
    strength: float | None = None
    remark: str = ""

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
    """A customer's wish (2.2.1) with its id across the account, and what we reply to it."""

    id: str
    who: str = ""
    issue: str = ""
    remedy: str = ""
    importance: float | None = None
    reply: str = ""


class LeverKind(StrEnum):
    """By what the customer's return improves."""

    COST = "cost"
    REVENUE = "revenue"
    CAPITAL = "capital"
    RISK = "risk"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Lever:
    """A contribution of ours to the customer's return; it counts once it is ``agreed``."""

    id: str
    lever: str
    kind: LeverKind = LeverKind.OTHER
    amount: float | None = None
    proof: str = ""
    agreed: bool | None = None
    agreed_with: str = ""
    agreed_on: date | None = None


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
    """A joint programme as agreed: the customer's need, our argument, an owner on both sides."""

    need: str = ""
    argument: str = ""
    owner: str = ""
    customer_owner: str = ""
