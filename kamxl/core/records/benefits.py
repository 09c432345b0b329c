"""Benefits as facts: a metric then and now, and whether the customer sees it.

What was ticked as agreed before is claimed, as long as she has not said whether she sees it; what
nobody asked her is unknown, never 0. A word on a reply page counts as much as one by mouth, which
is marked: the later one counts, on the same day the written one. It is of the figures that stood
there: once they are others, it confirms nothing. Plan, portfolio, page and JSON ask here.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from kamxl.core.ids import same_id, same_name
from kamxl.core.method.economics import Sum, sum_known
from kamxl.core.records.page import BenefitAnswer, PageBenefit, Seen

if TYPE_CHECKING:
    from kamxl.core.records.plan import Lever


class Known(StrEnum):
    """How firm a benefit is. NOT_SEEN: she was asked, and does not see it (yet)."""

    CONFIRMED = "confirmed"
    CLAIMED = "claimed"
    NOT_SEEN = "not_seen"
    UNKNOWN = "unknown"


class Word(NamedTuple):
    """What somebody wrote of a benefit, when, and the figures that she saw (None: not known)."""

    who: str
    on: date | None
    answer: BenefitAnswer
    shown: PageBenefit | None = None


@dataclass(frozen=True, slots=True)
class Benefit:
    """A lever with what was said of it last: ``seen`` None, nothing. ``by`` whom, ``on`` when;

    ``oral``: by word of mouth. ``amount``: money a year that goes with it: what she named, by mouth
    what was agreed; None: no money was named. ``former``: the figures she said it of, where the
    plan has others by now. ``others``: who else at hers said what last, the latest last.
    """

    lever: Lever
    seen: Seen | None = None
    by: str = ""
    on: date | None = None
    oral: bool = False
    amount: float | None = None
    former: PageBenefit | None = None
    others: tuple[tuple[str, Seen], ...] = ()

    @property
    def known(self) -> Known:
        """How firm it is."""
        if self.seen is not None and self.former is None:
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


def benefits_of(
    levers: Iterable[Lever], answers: Iterable[tuple[str, date | None, BenefitAnswer] | Word] = ()
) -> tuple[Benefit, ...]:
    """Each lever with the last that was said of it; ``answers``: who, when, what, in their order.

    Of several who wrote, one who sees it stands before one who does not, who is among ``others``.
    What was written stands before what was heard, unless that is later.
    """
    written: defaultdict[str, dict[str, Word]] = defaultdict(dict)
    for word in (Word(*one) for one in answers):
        if word.answer.seen is not None:
            own = written[same_id(word.answer.id)]
            own.pop(same_name(word.who), None)  # her last word, in its place
            own[same_name(word.who)] = word
    return tuple(_benefit(lever, list(written[same_id(lever.id)].values())) for lever in levers)


def _benefit(lever: Lever, words: Sequence[Word]) -> Benefit:
    said = max(reversed(words), key=lambda word: _weight(lever, word), default=None)
    others = tuple(
        (word.who, word.answer.seen) for word in words if word is not said and word.answer.seen
    )
    heard = lever.seen is not None
    later = heard and said and lever.agreed_on and said.on and lever.agreed_on > said.on
    if said is not None and not (later or (heard and _former(lever, said))):
        answer = said.answer
        return Benefit(
            lever, answer.seen, said.who, said.on, amount=answer.amount,
            former=_former(lever, said), others=others,
        )  # fmt: skip
    if heard:
        amount = lever.amount if lever.seen and lever.seen.confirms else None
        return Benefit(
            lever, lever.seen, lever.agreed_with, lever.agreed_on, oral=True, amount=amount,
            others=others,
        )  # fmt: skip
    return Benefit(lever)


def _weight(lever: Lever, word: Word) -> tuple[bool, bool]:
    """Which of several words stands: of today's figures, and who sees it; of equals the last."""
    seen = word.answer.seen
    return _former(lever, word) is None, seen is not None and seen.confirms


def _former(lever: Lever, word: Word) -> PageBenefit | None:
    """What she saw, where it was another figure than the plan has by now."""
    shown = word.shown
    if shown is None:
        return None
    same = (shown.baseline, shown.now) == (lever.baseline, lever.now)
    unit = same_name(shown.unit) == same_name(lever.unit)
    return None if same and unit else shown


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
