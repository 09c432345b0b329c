"""Why a card is another one than before: its order, or only how it is drawn and signed."""

from __future__ import annotations

from collections.abc import Mapping

from kamxl.core.cards.changes import Change, changes
from kamxl.core.records.register import CardOrder
from kamxl.excel.reading.limits import LIMITS
from kamxl.workflow.incoming.issued_cards import cards_named


def why_changed(
    order: CardOrder, digest: str, there: bytes | None, issued: Mapping[str, CardOrder]
) -> tuple[Change, ...]:
    """What is new about the card of ``order``, which has this ``digest``.

    ``there``: the card that stands in outbox, whose mark says which record it was made from;
    ``issued``: the records of the same card so far by digest, the newest last.
    """
    before = _digest_of(there)
    if before not in issued:
        before = next(reversed(list(issued)), None)
    found = changes(issued[before], order) if before is not None else ()
    if found:
        return found
    if there is None:
        return (Change("missing"),)
    return (Change("key"),) if before not in (None, digest) else (Change("layout"),)


def _digest_of(card: bytes | None) -> str | None:
    if card is None or len(card) > LIMITS.file:
        return None
    return next(iter(cards_named(card)), None)
