"""Benefits as facts: what of our contribution to the customer's return somebody there confirmed.

A lever is confirmed where the customer said so on a reply page or by word of mouth, claimed where
only we say that it is agreed, and unknown where nobody was asked: that is never 0.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kamxl.core.ids import same_id
from kamxl.core.records.page import BenefitAnswer, Seen

if TYPE_CHECKING:
    from kamxl.core.records.plan import Lever


@dataclass(frozen=True, slots=True)
class Benefit:
    """One lever and what the customer says of it: ``seen`` None: nobody was asked yet.

    ``oral``: said by word of mouth alone. ``amount``: what the customer gains a year, by its own
    word if it names any, else ours; None: unknown.
    """

    lever: Lever
    seen: Seen | None = None
    oral: bool = False
    amount: float | None = None

    @property
    def confirmed(self) -> bool:
        """Whether the customer sees it, exactly or roughly."""
        return self.seen is not None and self.seen.confirms

    @property
    def claimed(self) -> bool:
        """Whether it was ticked as agreed, and nobody at the customer's confirmed it."""
        return bool(self.lever.agreed) and not self.confirmed


@dataclass(frozen=True, slots=True)
class Benefits:
    """All of an account's levers. Sums are in money a year, None where nothing is known."""

    rows: tuple[Benefit, ...] = ()

    @property
    def confirmed(self) -> tuple[Benefit, ...]:
        """Those that the customer confirms."""
        return tuple(one for one in self.rows if one.confirmed)

    @property
    def claimed(self) -> tuple[Benefit, ...]:
        """Those that only we call agreed."""
        return tuple(one for one in self.rows if one.claimed)

    @property
    def unasked(self) -> tuple[Benefit, ...]:
        """Those of which the customer said nothing."""
        return tuple(one for one in self.rows if one.seen is None)

    @property
    def confirmed_value(self) -> float | None:
        """What the confirmed ones are worth; None if none is confirmed, or none says its amount."""
        return _sum(self.confirmed)

    @property
    def claimed_value(self) -> float | None:
        """What the claimed ones are worth; None if there is none, or none says its amount."""
        return _sum(self.claimed)


def benefits(levers: Iterable[Lever], said: Iterable[BenefitAnswer] = ()) -> Benefits:
    """What the customer says of each lever, in their order.

    ``said``: what came back on reply pages, the latest last. It goes before word of mouth; an
    answer that says nothing of it leaves what was said before.
    """
    heard = {same_id(one.id): one for one in said if one.seen is not None}
    return Benefits(tuple(_benefit(one, heard.get(same_id(one.id))) for one in levers))


def _benefit(lever: Lever, answer: BenefitAnswer | None) -> Benefit:
    if answer is None:
        return Benefit(lever, lever.seen, lever.seen is not None, lever.amount)
    amount = lever.amount if answer.amount is None else answer.amount
    return Benefit(lever, answer.seen, amount=amount)


def _sum(rows: Iterable[Benefit]) -> float | None:
    known = [one.amount for one in rows if one.amount is not None]
    return math.fsum(known) if known else None


def agreed_value(levers: Sequence[Lever]) -> float | None:
    """The sum of the agreed levers, of those whose amount is known; 0 if none is agreed yet.

    None without any lever, and where no agreed one says its amount.
    """
    agreed = [one.amount for one in levers if one.agreed]
    known = [amount for amount in agreed if amount is not None]
    if not levers or (agreed and not known):
        return None
    return math.fsum(known)
