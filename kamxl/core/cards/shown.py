"""What a customer may see of an order: the one record of which her card is made.

Every field here is declared visible to the respondent. What an order knows besides (knock-out
minima, how it came about) has no place in it, so that no form can show it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kamxl.core.ids import US
from kamxl.core.records.page import Asks, ReplyPage
from kamxl.core.records.register import CardOrder, Competitor, LastAnswer


@dataclass(frozen=True, slots=True)
class ShownRequirement:
    """A requirement as the respondent reads it; ``anchors`` say what 0, 50 and 100 points mean."""

    id: str
    label: str
    anchors: tuple[str, str, str] = ("", "", "")


@dataclass(frozen=True, slots=True)
class ShownCard:
    """All that a card says: names, what is asked, of whom, by when, and who asks.

    ``test``: who of the team looks at it; it then says that nothing on it counts. ``last`` is what
    this respondent herself said the last time, in ``last_period``. ``meeting``: it is filled in
    together. ``page``: what we reply to her. ``keep_years``: how long answers are kept, if said.
    """

    account: str
    account_name: str
    segment: str
    segment_name: str
    respondent: str
    respondent_name: str
    period: str
    language: str
    company: str
    requirements: tuple[ShownRequirement, ...]
    competitors: tuple[Competitor, ...]
    named_rivals: bool
    due: date | None
    sender_name: str
    sender_email: str
    sender_phone: str
    sender_function: str
    reply_to: str
    rating_threshold: float
    feedback: str
    test: str = ""
    last_period: str = ""
    last: tuple[LastAnswer, ...] = ()
    asks: Asks = Asks.CARD
    meeting: bool = False
    page: ReplyPage | None = None
    keep_years: int | None = None

    @property
    def back_to(self) -> str:
        """Where the card goes back to: the team's one mailbox, else the sender's."""
        return self.reply_to or self.sender_email

    @property
    def suppliers(self) -> tuple[Competitor, ...]:
        """Us first, then the competitors; a profile rates nobody."""
        if self.asks is Asks.PROFILE:
            return ()
        return (Competitor(US, self.company), *self.competitors)


def shown_card(order: CardOrder) -> ShownCard:
    """What of an order its respondent may see."""
    return ShownCard(
        account=order.account,
        account_name=order.account_name,
        segment=order.segment,
        segment_name=order.segment_name,
        respondent=order.respondent,
        respondent_name=order.respondent_name,
        period=order.period,
        language=order.language,
        company=order.company,
        requirements=tuple(ShownRequirement(r.id, r.label, r.anchors) for r in order.requirements),
        competitors=order.competitors,
        named_rivals=order.named_rivals,
        due=order.due,
        sender_name=order.sender_name,
        sender_email=order.sender_email,
        sender_phone=order.sender_phone,
        sender_function=order.sender_function,
        reply_to=order.reply_to,
        rating_threshold=order.rating_threshold,
        feedback=order.feedback,
        test=order.test,
        last_period=order.last_period,
        last=order.last,
        asks=order.asks,
        meeting=order.meeting,
        page=order.page,
        keep_years=order.keep_years,
    )
