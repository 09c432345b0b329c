"""What an account plan says: the key account manager's knowledge of one account in one period.

Its records stand in ``plan_records``; figures made of them come from ``ladder``, ``breadth``,
``position``, ``programmes``, ``economics`` and ``views``. Seed: 2.2 to 2.3.1.1.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from kamxl.core.breadth import Breadth, ContactPoint, contact_breadth
from kamxl.core.ids import US, same_id
from kamxl.core.ladder import Ladder, derive_status
from kamxl.core.plan_records import (
    ContactCare,
    DiscoveryAnswer,
    Economic,
    EconomicKind,
    Idea,
    IdeaState,
    Lever,
    LeverKind,
    OwnRating,
    PlanField,
    PlanFunction,
    PlanIdentity,
    PlanIndicator,
    PlanProgramme,
    PlanWish,
    Returns,
    margin_of,
)
from kamxl.core.position import Position
from kamxl.core.programmes import Action, ActionState, ProgrammeState
from kamxl.core.records import Requirement, Scorecard


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
        """What the customer gains a year from levers that are agreed; None without any lever."""
        return agreed_value(self.levers)

    def position(self, known: Position) -> Position:
        """The five measures: the first three as ``known`` from replies, the returns from here."""
        own = self.returns
        return replace(
            known,
            agreed_value=self.agreed_value,
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


def agreed_value(levers: Sequence[Lever]) -> float | None:
    """The sum of the agreed levers; None without any lever, 0 if none is agreed yet."""
    if not levers:
        return None
    return math.fsum(one.amount for one in levers if one.agreed and one.amount is not None)


def contact_points(
    contacts: Iterable[ContactCare], functions: Iterable[PlanFunction]
) -> tuple[ContactPoint, ...]:
    """The contacts as ``breadth`` counts them; a function's name stands for its id."""
    ids = {_plain(f.name): f.id for f in functions}
    return tuple(
        ContactPoint(
            c.id, ids.get(_plain(c.function), c.function), c.role, c.regular, c.counterpart
        )
        for c in contacts
    )


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


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
