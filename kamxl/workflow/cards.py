"""From an order to the bytes of its card; each layout is drawn once and then only filled."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time

from kamxl.core import seal
from kamxl.core.period import Period
from kamxl.core.records import Answers, CardOrder
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


@dataclass(slots=True)
class CardPress:
    """Makes cards; keeps one layout per language, size and period."""

    _layouts: dict[tuple[str, CardSize, str], Layout] = field(default_factory=dict)

    def prove(self, orders: Iterable[CardOrder]) -> None:
        """Make one card of each layout, for nobody (TemplateError: a text is missing)."""
        for order in orders:
            if self._key(order) not in self._layouts:
                self.press(order, Mark("", *order.key, "", ""))

    def press(self, order: CardOrder, mark: Mark, answers: Answers | None = None) -> bytes:
        """The workbook of one card: the same order, the same bytes."""
        key = self._key(order)
        if key not in self._layouts:
            pattern = scorecard.book(order.language, key[1])
            self._layouts[key] = build(replace(pattern, stamp=stamp_of(order.period)))
        return render(self._layouts[key], scorecard.values(order, mark.text, answers))

    @staticmethod
    def _key(order: CardOrder) -> tuple[str, CardSize, str]:
        return order.language, size_of(order), order.period
