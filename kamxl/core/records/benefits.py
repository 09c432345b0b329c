"""Benefits as facts: a metric then and now, and whether the customer sees it.

What was ticked as agreed before is claimed, as long as she has not said whether she sees it; what
nobody asked her is unknown, never 0. A word on a reply page counts as much as one by mouth, which
is marked: the later one counts, on the same day the written one. Plan, portfolio, page and JSON
ask here.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from kamxl.core.ids import same_id
from kamxl.core.method.economics import Sum, sum_known
from kamxl.core.records.page import BenefitAnswer, Seen

if TYPE_CHECKING:
    from kamxl.core.records.plan import Lever

Word = tuple[str, date | None, BenefitAnswer]  # who said on a reply page, when, what


class Known(StrEnum):
    """How firm a benefit is. NOT_SEEN: she was asked, and does not see it (yet)."""

    CONFIRMED = "confirmed"
    CLAIMED = "claimed"
    NOT_SEEN = "not_seen"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Benefit:
    """A lever with what was said of it last: ``seen`` None, nothing. ``by`` whom, ``on`` when;

    ``oral``: by word of mouth. ``amount``: money a year that goes with it: what she named, by mouth
    what was agreed; None: no money was named.
    """

    lever: Lever
    seen: Seen | None = None
    by: str = ""
    on: date | None = None
    oral: bool = False
    amount: float | None = None

    @property
    def known(self) -> Known:
        """How firm it is."""
        if self.seen is not None:
            return Known.CONFIRMED if self.seen.confirms else Known.NOT_SEEN
        return Known.CLAIMED if self.lever.agreed else Known.UNKNOWN

    @property
    def change(self) -> float | None:
        """Now minus baseline, in the metric's unit."""
        baseline, now = self.lever.baseline, self.lever.now
        return None if baseline is None or now is None else now - baseline


@dataclass(frozen=True, slots=True)
class BenefitSum:
    """One account's benefits: how many are how firm, and the money of those.

    ``money``: what we reckon a year, by how firm it is; ``named``: what she named for those that
    she confirmed.
    """

    counts: Mapping[Known, int] = field(default_factory=dict)
    money: Mapping[Known, Sum] = field(default_factory=dict)
    named: Sum = field(default_factory=lambda: sum_known(()))


def benefits_of(levers: Iterable[Lever], answers: Iterable[Word] = ()) -> tuple[Benefit, ...]:
    """Each lever with the last that was said of it; ``answers``: in their order, the last last.

    An answer that does not say whether she sees it leaves what was said before.
    """
    written = {same_id(one[2].id): one for one in answers if one[2].seen is not None}
    return tuple(_benefit(lever, written.get(same_id(lever.id))) for lever in levers)


def _benefit(lever: Lever, said: Word | None) -> Benefit:
    heard = lever.seen is not None
    later = heard and said and lever.agreed_on and said[1] and lever.agreed_on > said[1]
    if said is not None and not later:
        who, on, answer = said
        return Benefit(lever, answer.seen, who, on, amount=answer.amount)
    if heard:
        amount = lever.amount if lever.seen and lever.seen.confirms else None
        return Benefit(
            lever, lever.seen, lever.agreed_with, lever.agreed_on, oral=True, amount=amount
        )
    return Benefit(lever)


def summed(benefits: Sequence[Benefit]) -> BenefitSum:
    """The sums of one account's benefits."""
    counts = Counter(one.known for one in benefits)
    return BenefitSum(
        {known: counts[known] for known in Known},
        {
            known: sum_known(one.lever.amount for one in benefits if one.known is known)
            for known in Known
        },
        sum_known(one.amount for one in benefits if one.known is Known.CONFIRMED),
    )


def agreed_value(levers: Sequence[Lever]) -> float | None:
    """The sum of the agreed levers, of those whose amount is known; 0 if none is agreed yet.

    None without any lever, and where no agreed one says its amount.
    """
    agreed = [one.amount for one in levers if one.agreed]
    known = [amount for amount in agreed if amount is not None]
    if not levers or (agreed and not known):
        return None
    return math.fsum(known)
