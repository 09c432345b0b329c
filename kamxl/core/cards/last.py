"""What the same respondent said the last time, for her next card; never what a colleague said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from kamxl.core.cards.persons import Addressee, Who, called, same_person, who
from kamxl.core.cards.replies import is_hers
from kamxl.core.ids import US, same_id
from kamxl.core.period import in_order
from kamxl.core.records.page import Asks
from kamxl.core.records.person import Called
from kamxl.core.records.register import (
    CardKey,
    CardOrder,
    FileResult,
    LastAnswer,
    Reply,
    Requirement,
    Scorecard,
)

_Card = tuple[str, str, str]  # account, segment and respondent, as compared


class Memories:
    """What came back, by the cards it answers: each order asks only for its own.

    ``replies`` are those that count, ``files`` all that were put in: they tell who else has
    answered on a card.
    """

    def __init__(self, replies: Iterable[Reply], files: Iterable[FileResult] = ()) -> None:
        self._by: dict[_Card, list[Reply]] = {}
        self._names: dict[CardKey, set[Called]] = {}
        for reply in replies:
            self._by.setdefault(_card(reply.order.key), []).append(reply)
            self._named(reply.order, called(reply.answers))
        for file in files:
            if file.order is not None and file.answers is not None:
                self._named(file.order, called(file.answers))

    def _named(self, order: CardOrder, typed: Called) -> None:
        self._names.setdefault(order.key, set()).add(typed)

    def with_last(self, order: CardOrder) -> CardOrder:
        """The order with her own answers of the latest period before it to what it asks.

        A card comes after a profile of its own period.
        """
        said = self._last(order)
        own = [reply.answers.scorecard for reply in said]
        weights = {same_id(r.id): r.weight for card in reversed(own) for r in _weighed(card)}
        rated = own if order.asks is Asks.CARD else []
        found = (
            LastAnswer(r.id, weights.get(same_id(r.id)), _rating(rated, r.id))
            for r in order.requirements
        )
        last = tuple(one for one in found if (one.weight, one.rating) != (None, None))
        return replace(order, last_period=said[0].order.period, last=last) if last else order

    def own(self, order: CardOrder) -> Reply | None:
        """Her answer to a card in the latest period before the order's that surely is her own."""
        now = in_order(order.period)
        replies = self._by.get(_card(order.key), ())
        own = [
            reply
            for reply in replies
            if in_order(reply.order.period) < now
            and reply.order.asks is Asks.CARD
            and self.hers(reply, order)
        ]
        return max(own, key=lambda reply: in_order(reply.order.period), default=None)

    def _last(self, order: CardOrder) -> list[Reply]:
        """Her replies in the latest period before it that surely are her own: card, profile."""
        now = _when(order)
        replies = self._by.get(_card(order.key), ())
        own = [r for r in replies if _when(r.order) < now and self.hers(r, order)]
        latest = max((in_order(reply.order.period) for reply in own), default=None)
        return sorted(
            (reply for reply in own if in_order(reply.order.period) == latest),
            key=lambda reply: reply.order.asks is not Asks.CARD,
        )

    def hers(self, reply: Reply, order: CardOrder) -> bool:
        """Whether she typed it: asked by this name and answered under it, or, alone, under none."""
        name = order.respondent_name
        if not name.strip() or not same_person(reply.order.respondent_name, name):
            return False
        if called(reply.answers).names or reply.decision is not None:
            return is_hers(reply)
        asked = Addressee.of(order)
        return all(who(typed, asked) is Who.SAME for typed in self._names[reply.order.key])


def _when(order: CardOrder) -> tuple[Any, bool]:
    """By what orders to one person follow one another."""
    return in_order(order.period), order.asks is Asks.CARD


def _weighed(card: Scorecard) -> Iterable[Requirement]:
    return (r for r in card.requirements if r.weight is not None)


def _rating(cards: Iterable[Scorecard], requirement: str) -> float | None:
    found = (card.rating(US, requirement) for card in cards)
    return next((rating for rating in found if rating is not None), None)


def _card(key: CardKey) -> _Card:
    return key.account, key.segment, key.respondent
