"""From an order to the bytes of its card; each layout is drawn once and then only filled."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from functools import cache
from pathlib import Path
from typing import NamedTuple

from kamxl.core.cards import seal
from kamxl.core.cards.shown import ShownCard, shown_card
from kamxl.core.period import Period
from kamxl.core.records.register import Answers, CardOrder
from kamxl.excel.writing.draw import Layout, build
from kamxl.excel.writing.stamping import Stamp
from kamxl.forms.scorecard import book as scorecard
from kamxl.forms.scorecard.grid import CardSize, size_of
from kamxl.forms.tables.mark import Mark
from kamxl.store.paths import folded
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
    return Mark(workspace.id, *ids, digest, signed, asks=order.asks)


class LayoutKey(NamedTuple):
    """What a drawn card depends on."""

    language: str
    size: CardSize
    period: str


@cache
def layout_of(key: LayoutKey) -> Layout:
    """The drawn card of a language, a size and a period, once: it never sees an order."""
    return build(replace(scorecard.book(key.language, key.size), stamp=stamp_of(key.period)))


_STAMPS: dict[LayoutKey, Stamp] = {}


def _stamp_of(key: LayoutKey) -> Stamp:
    """The stamp of a layout, as long as it is the one that is drawn."""
    layout, stamp = layout_of(key), _STAMPS.get(key)
    if stamp is None or stamp.layout is not layout:
        stamp = _STAMPS[key] = Stamp(layout)
    return stamp


@dataclass(frozen=True, slots=True)
class CardPress:
    """Makes cards."""

    def prove(self, orders: Iterable[CardOrder]) -> None:
        """Make one card of each layout, for nobody (TemplateError: a text is missing)."""
        for order in {layout_key(shown_card(order)): order for order in orders}.values():
            account, segment, respondent, period, asks = order.key
            self.press(order, Mark("", account, segment, respondent, period, "", "", asks=asks))

    def press(self, order: CardOrder, mark: Mark, answers: Answers | None = None) -> bytes:
        """The workbook of one card: the same order, the same bytes."""
        shown = shown_card(order)
        values = scorecard.values(shown, mark.text, answers)
        return _stamp_of(layout_key(shown)).press(values)


def layout_key(shown: ShownCard) -> LayoutKey:
    """Which layout a card has."""
    return LayoutKey(shown.language, size_of(shown), shown.period)


def place_of(workspace: Workspace, order: CardOrder) -> Path:
    """Where a card goes, as its ids are spelled (WorkspaceError: a path too long)."""
    ids = (order.period, order.account, order.segment, order.respondent)
    return workspace.card_path(*ids, order.asks)


def paths_of(workspace: Workspace, cards: Iterable[CardOrder]) -> list[Path]:
    """Where each card stands or goes (WorkspaceError: a path too long).

    Where an earlier card was spelled "ACME" and the id is "acme" now, the file stays one.
    """
    existing: dict[Path, dict[str, str]] = {}
    found = []
    for order in cards:
        path = place_of(workspace, order)
        if path.parent not in existing:
            existing[path.parent] = {folded(name): name for name in _names(path.parent)}
        found.append(path.with_name(existing[path.parent].get(folded(path.name), path.name)))
    return found


def _names(folder: Path) -> Iterator[str]:
    with contextlib.suppress(OSError):
        yield from sorted(path.name for path in folder.iterdir())
