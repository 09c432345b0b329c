"""A card with its answers, row by row as the sheet sees it, and what follows from them."""

from __future__ import annotations

from dataclasses import dataclass

from kamxl.core.cards.shown import ShownCard
from kamxl.core.ids import US
from kamxl.core.method.basis import Lead
from kamxl.core.method.panel import Panel
from kamxl.core.records.register import Answers, Requirement, Scorecard
from kamxl.forms.scorecard.grid import row_ids
from kamxl.forms.scorecard.grid import size_of as card_size


@dataclass(frozen=True)
class Row:
    """One requirement row as the sheet sees it: -1 where a number is missing."""

    id: str
    label: str
    weight: float | None
    ratings: tuple[float | None, ...]
    comment: str
    good: str  # in the respondent's words
    given: str  # what 100 points mean, as the card says it

    @property
    def shown(self) -> str:
        """Its label in lists; without one it goes by its id once it has a number."""
        numbers = (self.weight, self.ratings[0])
        return self.label or (self.id if any(n is not None for n in numbers) else "")


class Filled:
    """A card with its answers, and what follows from them."""

    def __init__(self, order: ShownCard, answers: Answers | None) -> None:
        self.order, self.size = order, card_size(order)
        self.ids = (US, *(c.id for c in order.competitors))
        given = answers.scorecard if answers else Scorecard((), {})
        said = answers or Answers(given)
        self.rows = tuple(_row(order, i, said, self.ids) for i in row_ids(order))
        self.card = Scorecard(
            tuple(Requirement(r.id, r.label, r.weight) for r in self.rows),
            {s: {r.id: r.ratings[j] for r in self.rows} for j, s in enumerate(self.ids)},
        )
        self.best = self.card.best_competitor()
        self.best_index = self.ids.index(self.best) if self.best else 0
        self.best_name = order.suppliers[self.best_index].name if self.best else ""
        self.lead = self.over(self.best) if self.best else Lead()

    def over(self, rival: str) -> Lead:
        """Our lead over a competitor with what it rests on: what one respondent compared."""
        return Panel([self.card]).lead(rival)

    @property
    def complete(self) -> bool:
        """Whether every row in use has a weight and our coverage is full."""
        asked = self.rows[: self.size.requirements]
        used = [r for r in self.rows[self.size.requirements :] if _used(r)]
        weighted = all(r.weight is not None for r in (*asked, *used))
        return weighted and (self.card.coverage(US) or 0) > 1 - 1e-9


def _row(
    order: ShownCard,
    id_: str,
    answers: Answers,
    suppliers: tuple[str, ...],
) -> Row:
    given = answers.scorecard
    asked = {r.id: r.label for r in order.requirements}
    typed = {r.id: r for r in given.requirements}
    answer = typed.get(id_)
    label = asked.get(id_, answer.label if answer else "")
    ratings = tuple(given.ratings.get(s, {}).get(id_) for s in suppliers)
    weight = answer.weight if answer else None
    scale = next((r.anchors[2] for r in order.requirements if r.id == id_), "")
    texts = answers.comments.get(id_, ""), answers.good.get(id_, ""), scale
    return Row(id_, label, weight, ratings, *texts)


def _used(row: Row) -> bool:
    return bool(row.label) or any(r is not None for r in row.ratings)


def in_common(filled: Filled, row: Row) -> bool:
    """Whether a weighted requirement is rated for us and for the best competitor."""
    if row.weight is None or not filled.best_index:
        return False
    return row.ratings[0] is not None and row.ratings[filled.best_index] is not None


def state(filled: Filled) -> str:
    """What the tile "status" says, as the key of its text."""
    whole = filled.card.weights_sum
    if not any(r.weight is not None or any(n is not None for n in r.ratings) for r in filled.rows):
        return "empty"
    if whole < 99.99:
        return "left"
    if whole > 100.01:
        return "over"
    return "done" if filled.complete else "missing"


def sort_key(row: Row, gap: float | None) -> float:
    """Gaps first, then requirements whose gap is unknown; -2 keeps an unused row out."""
    return round(gap, 9) if gap is not None else (-1 if row.shown else -2)


def weight_key(row: Row) -> float:
    """The heaviest first, then requirements without a weight; -2 keeps an unused row out."""
    return round(row.weight, 9) if row.weight is not None else (-1 if row.shown else -2)


def listed(keys: list[float]) -> list[int]:
    """The rows in use by their keys, the largest first, ties in the order of the card."""
    return sorted((i for i, key in enumerate(keys) if key > -2), key=lambda i: (-keys[i], i))
