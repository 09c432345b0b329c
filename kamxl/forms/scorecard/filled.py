"""A card with its answers, row by row as the sheet sees it, and what follows from them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from kamxl.core.cards.shown import ShownCard
from kamxl.core.method.basis import Lead
from kamxl.core.method.panel import Panel
from kamxl.core.method.robustness import TIE_DIGITS
from kamxl.core.method.scales import SEVERAL, looks_like
from kamxl.core.method.scoring import WEIGHTS_SUM, WEIGHTS_TOLERANCE, best_of
from kamxl.core.records.register import Answers, Requirement, Scorecard
from kamxl.forms.scorecard.grid import row_ids
from kamxl.forms.scorecard.grid import size_of as card_size
from kamxl.forms.scorecard.numbers import is_points, is_weight

SLIP = 20.0  # weights that miss 100 by no more were added up wrongly: no other scale


@dataclass(frozen=True)
class Row:
    """One requirement row as the sheet sees it.

    ``weight`` and ``ratings`` are what is reckoned with, ``typed`` is what stands in the cells: a
    number that cannot be right is not reckoned with.
    """

    id: str
    label: str
    weight: float | None
    ratings: tuple[float | None, ...]
    comment: str
    good: str  # in the respondent's words
    given: str  # what 100 points mean, as the card says it
    typed: tuple[float | None, ...]  # the weight, then the ratings

    @property
    def ours(self) -> float | None:
        """Our points; a profile asks for none."""
        return self.ratings[0] if self.ratings else None

    @property
    def shown(self) -> str:
        """Its label in lists; without one it goes by its id once it has a number."""
        numbers = (self.weight, self.ours)
        return self.label or (self.id if any(n is not None for n in numbers) else "")

    @property
    def odd(self) -> bool:
        """Whether a number in it cannot be right."""
        return (self.weight, *self.ratings) != self.typed

    @property
    def used(self) -> bool:
        """Whether there is anything in it besides a weight."""
        return bool(self.label) or any(n is not None for n in self.typed[1:])


class Filled:
    """A card with its answers, and what follows from them."""

    def __init__(self, order: ShownCard, answers: Answers | None) -> None:
        self.order, self.size = order, card_size(order)
        self.ids = tuple(supplier.id for supplier in order.suppliers)
        given = answers.scorecard if answers else Scorecard((), {})
        said = answers or Answers(given)
        self.rows = tuple(_row(order, i, said, self.ids) for i in row_ids(order))
        self.card = Scorecard(
            tuple(Requirement(r.id, r.label, r.weight) for r in self.rows),
            {s: {r.id: r.ratings[j] for r in self.rows} for j, s in enumerate(self.ids)},
        )
        self.best = self._best()
        self.best_index = self.ids.index(self.best) if self.best else 0
        self.best_name = order.suppliers[self.best_index].name if self.best else ""
        self.lead = self.over(self.best) if self.best else Lead()
        marks = [w.importance for w in said.wishes] + [e.rating for e in said.efforts]
        self.odd_wishes = sum(n is not None and not is_points(n) for n in marks)

    def over(self, rival: str) -> Lead:
        """Our lead over a competitor with what it rests on: what one respondent compared."""
        lead = Panel([self.card]).lead(rival)
        doubtful = self.in_doubt(self.ids.index(rival))
        return replace(lead, basis=replace(lead.basis, raters=0)) if doubtful else lead

    def in_doubt(self, j: int = 0) -> bool:
        """Whether nothing may be said of supplier ``j``: its points, ours or the weights are."""
        return self.weights_odd or any(self.doubts[at] for at in {0, j} if self.doubts)

    def _best(self) -> str | None:
        """The best competitor; over one whose points are in doubt there is no lead."""
        contenders = (self.card.contender(rival) for rival in self.ids[1:])
        doubted = (self.in_doubt(j) for j in range(1, len(self.ids)))
        return best_of(
            one._replace(lead=None) if doubt else one
            for one, doubt in zip(contenders, doubted, strict=True)
        )

    @cached_property
    def doubts(self) -> list[str]:
        """Why each supplier's numbers look like another scale: "over", "below", "share", or "".

        A single rating is judged with those of the other suppliers.
        """
        columns = [
            [n for row in self.rows if (n := row.typed[1 + j]) is not None]
            for j in range(len(self.ids))
        ]
        every = [number for column in columns for number in column]
        return [_doubted(column, every) for column in columns]

    @property
    def nothing(self) -> bool:
        """Whether there is no number to reckon with."""
        return all(n is None for row in self.rows for n in (row.weight, *row.ratings))

    @property
    def unrated(self) -> bool:
        """Whether we are not rated anywhere."""
        return all(row.ours is None for row in self.rows)

    @cached_property
    def weights_odd(self) -> bool:
        """Whether all are weighed, and it looks like points from 1 to 10 or like fractions."""
        weights = [row.weight for row in self.rows if row.weight is not None]
        asked = self.rows[: self.size.requirements]
        given = len(weights) > 1 and all(row.weight is not None for row in asked)
        return given and 0 < max(weights) <= 10 and abs(WEIGHTS_SUM - self.card.weights_sum) > SLIP


def off_weights(whole: float) -> bool:
    """Whether weights do not make 100."""
    return round(abs(WEIGHTS_SUM - whole) - WEIGHTS_TOLERANCE, TIE_DIGITS) > 0


def _doubted(column: list[float], every: list[float]) -> str:
    if sum(number > 100 for number in column) >= SEVERAL:
        return "over"
    points, others = ([n for n in numbers if is_points(n)] for numbers in (column, every))
    if len(points) == 1:
        points = others if any(points) else []
    if looks_like(points):
        return "below"
    return "share" if 1 in column and any(0 < number < 1 for number in column) else ""


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
    typed_ = tuple(given.ratings.get(s, {}).get(id_) for s in suppliers)
    ratings = tuple(n if n is not None and is_points(n) else None for n in typed_)
    weighed = answer.weight if answer else None
    weight = weighed if weighed is not None and is_weight(weighed) else None
    scale = next((r.anchors[2] for r in order.requirements if r.id == id_), "")
    texts = answers.comments.get(id_, ""), answers.good.get(id_, ""), scale
    return Row(id_, label, weight, ratings, *texts, (weighed, *typed_))


def in_common(filled: Filled, row: Row) -> bool:
    """Whether a weighted requirement is rated for us and for the best competitor."""
    if row.weight is None or not filled.best_index:
        return False
    return row.ours is not None and row.ratings[filled.best_index] is not None


def sort_key(row: Row, gap: float | None) -> float:
    """Gaps first, then requirements whose gap is unknown; -2 keeps an unused row out."""
    return round(gap, 9) if gap is not None else (-1 if row.shown else -2)


def weight_key(row: Row) -> float:
    """The heaviest first, then requirements without a weight; -2 keeps an unused row out."""
    return round(row.weight, 9) if row.weight is not None else (-1 if row.shown else -2)


def listed(keys: list[float]) -> list[int]:
    """The rows in use by their keys, the largest first, ties in the order of the card."""
    return sorted((i for i, key in enumerate(keys) if key > -2), key=lambda i: (-keys[i], i))
