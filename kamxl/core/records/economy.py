"""The customer's economics (Economics), and ideas for the benefit of both sides."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


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
