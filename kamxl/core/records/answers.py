"""What a customer filled in, as read: the card, her words, her wishes, and what she says of us."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from kamxl.core.method.scoring import Scorecard
from kamxl.core.records.page import NOTHING, PageAnswers, Step
from kamxl.core.records.person import Called
from kamxl.core.records.remark import Remark
from kamxl.core.roles import Role


@dataclass(frozen=True, slots=True)
class Wish:
    """What a customer is unhappy with and what would help; importance 0..100 or None."""

    id: str
    issue: str
    remedy: str
    importance: float | None = None


@dataclass(frozen=True, slots=True)
class Effort:
    """How complicated, time-consuming or costly it is to work with us: 0 (not at all) to 100."""

    id: str  # "complicated", "time", "cost"
    rating: float | None
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Answers:
    """What a customer filled in, as read: requirement rows in the order of the card.

    ``comments`` by requirement id, and ``good``: what she calls good there.
    ``name``/``function``/``role``/``date`` say who rated; ``called``: whom that name names;
    ``beside``: what stands where nothing was asked. ``page``: what she says of our reply;
    ``steps``: what a meeting agreed to do next.
    """

    scorecard: Scorecard
    comments: dict[str, str] = field(default_factory=dict)
    name: str = ""
    function: str = ""
    role: Role | None = None
    rated_on: date | None = None
    wishes: tuple[Wish, ...] = ()
    efforts: tuple[Effort, ...] = ()
    good: dict[str, str] = field(default_factory=dict)
    called: Called | None = field(default=None, compare=False)
    beside: tuple[Remark, ...] = ()
    page: PageAnswers = NOTHING
    steps: tuple[Step, ...] = ()

    @property
    def rates(self) -> bool:
        """Whether anybody is rated."""
        by = self.scorecard.ratings.values()
        return any(rating is not None for of in by for rating in of.values())

    @property
    def empty(self) -> bool:
        """Whether nothing at all was answered."""
        rated = self.rates
        weighted = any(r.weight is not None for r in self.scorecard.requirements)
        said = any(w.issue or w.remedy for w in self.wishes) or any(
            e.rating is not None or e.comment for e in self.efforts
        )
        more = self.comments or self.good or self.beside or self.steps or not self.page.empty
        return not (rated or weighted or said or more)
