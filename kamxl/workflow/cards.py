"""From an order to the bytes of its card; each layout is drawn once and then only filled."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from functools import cache

from kamxl.core import seal
from kamxl.core.period import Period
from kamxl.core.records import Answers, CardOrder
from kamxl.core.shown_card import shown_card
from kamxl.excel.draw import Layout, build, render
from kamxl.forms import scorecard
from kamxl.forms.mark import Mark
from kamxl.forms.scorecard_grid import CardSize, size_of
from kamxl.store.workspace import Workspace


def stamp_of(period: str) -> datetime:
    """The time a card of this period carries inside: its first day, so that no clock is in it."""
    parsed = Period.parse(period)
    if parsed is None:
        raise ValueError(f"{period!r} is no period")
    return datetime.combine(parsed.first_day, time(), UTC)


def mark_of(workspace: Workspace, order: CardOrder, key: bytes | None = None) -> Mark:
    """The mark of the card that asks ``order``, signed with ``key`` (default: the newest one)."""
    key = key or workspace.key
    digest = seal.digest(order, key)
    signed = seal.signature(key, workspace.id, digest)
    ids = (order.period, order.account, order.segment, order.respondent)
    return Mark(workspace.id, *ids, digest, signed)


@cache
def layout_of(language: str, size: CardSize, period: str) -> Layout:
    """The drawn card of a language, a size and a period, once: it never sees an order."""
    return build(replace(scorecard.book(language, size), stamp=stamp_of(period)))


@dataclass(frozen=True, slots=True)
class CardPress:
    """Makes cards."""

    def press(self, order: CardOrder, mark: Mark, answers: Answers | None = None) -> bytes:
        """The workbook of one card: the same order, the same bytes."""
        shown = shown_card(order)
        layout = layout_of(shown.language, size_of(shown), shown.period)
        return render(layout, scorecard.values(shown, mark.text, answers))
