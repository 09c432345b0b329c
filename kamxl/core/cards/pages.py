"""Which answers to reply pages count: the latest to each page, and what an older page adds.

A page that went out later may ask less than the one before: what she answered there is not asked
again. So an answer to the older one counts, too, unless the newer one asks all of it once more and
was answered.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from kamxl.core.cards.replies import Settled, settle
from kamxl.core.finding import finding
from kamxl.core.ids import same_id
from kamxl.core.records.page import ReplyPage
from kamxl.core.records.register import CardKey, CardOrder, Reply


def settle_pages(
    replies: Sequence[Reply], asked: Iterable[CardOrder], out: Mapping[CardKey, CardOrder]
) -> tuple[Settled, ...]:
    """Each answer to a reply page with what became of it, as ``replies.settle`` does for cards.

    ``out``: of each page the record that went out last; those it does not know are none older.
    """
    orders = tuple(asked)
    groups: dict[tuple[CardKey, ReplyPage | None], list[Reply]] = {}
    for reply in replies:
        groups.setdefault((reply.order.key, reply.order.page), []).append(reply)
    found = [one for group in groups.values() for one in settle(group, orders)]
    return tuple(_among(one, found, out.get(one.reply.order.key)) for one in found)


def _among(one: Settled, found: Iterable[Settled], newest: CardOrder | None) -> Settled:
    page = one.reply.order.page
    if newest is None or newest.page is None or page in (None, newest.page):
        return one
    again = _asked(page) <= _asked(newest.page)
    newer = [
        other.reply.source
        for other in found
        if other.counts
        and other.reply.order.key == one.reply.order.key
        and other.reply.order.page == newest.page
    ]
    told = finding("page-older", value=newer[0] if newer else None)
    counts = one.counts and not (again and newer)
    return replace(one, counts=counts, unsure=True, findings=(*one.findings, told))


def _asked(page: ReplyPage | None) -> set[tuple[str, str]]:
    """What a page asks about: kinds and ids of its lines."""
    parts = ("rows", "benefits", "statements", "programmes")
    return {(name, same_id(line.id)) for name in parts for line in getattr(page, name)}
