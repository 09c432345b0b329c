"""What the same respondent said the last time, for her next card; never what a colleague said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from kamxl.core.cards.persons import Addressee, Who, called, same_person, who
from kamxl.core.cards.replies import is_hers
from kamxl.core.ids import US, same_id
from kamxl.core.period import in_order
from kamxl.core.records.person import Called
from kamxl.core.records.register import CardKey, CardOrder, FileResult, LastAnswer, Reply

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
        """The order with her own answers of the latest earlier period to what it asks."""
        said = self.own(order)
        if said is None:
            return order
        card = said.answers.scorecard
        weights = {same_id(r.id): r.weight for r in card.requirements}
        found = (
            LastAnswer(r.id, weights.get(same_id(r.id)), card.rating(US, r.id))
            for r in order.requirements
        )
        last = tuple(one for one in found if (one.weight, one.rating) != (None, None))
        return replace(order, last_period=said.order.period, last=last) if last else order

    def own(self, order: CardOrder) -> Reply | None:
        """Her reply in the latest period before the order's that surely is her own."""
        now = in_order(order.period)
        replies = self._by.get(_card(order.key), ())
        own = [r for r in replies if in_order(r.order.period) < now and self.hers(r, order)]
        return max(own, key=lambda reply: in_order(reply.order.period), default=None)

    def hers(self, reply: Reply, order: CardOrder) -> bool:
        """Whether she typed it: asked by this name and answered under it, or, alone, under none."""
        name = order.respondent_name
        if not name.strip() or not same_person(reply.order.respondent_name, name):
            return False
        if called(reply.answers).names or reply.decision is not None:
            return is_hers(reply)
        asked = Addressee.of(order)
        return all(who(typed, asked) is Who.SAME for typed in self._names[reply.order.key])


def _card(key: CardKey) -> _Card:
    return key.account, key.segment, key.respondent
