"""Views side by side: requirers and purchasers (Bedarfsträger, Bedarfsdecker), we and they.

Seed: 2.2.2, 2.3.1.1. The views are never averaged into one here: the difference is the point.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kamxl.core.ids import US, same_id
from kamxl.core.method.panel import Panel
from kamxl.core.method.respondents import Profile
from kamxl.core.records.register import Reply, Requirement, Scorecard
from kamxl.core.roles import Role


@dataclass(frozen=True, slots=True)
class View:
    """One requirement in one group's eyes: its weight in % of 100 and our rating in points."""

    weight: float | None
    rating: float | None


@dataclass(frozen=True, slots=True)
class ViewRow:
    """One requirement in both groups' eyes; None in a view: that group did not say."""

    requirement: str
    label: str
    requirers: View
    purchasers: View

    @property
    def rating_difference(self) -> float | None:
        """Requirers' rating of us minus purchasers', in points −100..100."""
        return _difference(self.requirers.rating, self.purchasers.rating)

    @property
    def weight_difference(self) -> float | None:
        """Requirers' weight minus purchasers', in percentage points."""
        return _difference(self.requirers.weight, self.purchasers.weight)


@dataclass(frozen=True)
class TwoViews:
    """Each group's cards, None if nobody of it answered; rows in first-seen order.

    Cards without a role belong to neither.
    """

    requirers: Panel | None
    purchasers: Panel | None
    rows: tuple[ViewRow, ...]

    @property
    def both(self) -> bool:
        """Whether both groups rated us, so that there is something to compare."""
        views = (self.requirers, self.purchasers)
        return all(view is not None and bool(view.profile.spread(US)) for view in views)

    @property
    def difference(self) -> float | None:
        """The requirers' total of us minus the purchasers', in points −100..100."""
        return _difference(_total(self.requirers), _total(self.purchasers))


@dataclass(frozen=True, slots=True)
class PerceptionRow:
    """ "We think 85, they say 60": our self-assessment, the customer's rating, the gap of both."""

    requirement: str
    label: str
    ours: float
    theirs: float
    gap: float


def role_of(reply: Reply) -> Role | None:
    """The role of who answered: as stated on the card, else the one it was issued to."""
    return reply.answers.role or reply.order.role


def both_answered(replies: Iterable[Reply]) -> bool:
    """Whether somebody of each group answered: without that there is nothing to compare."""
    roles = [role for reply in replies if (role := role_of(reply)) is not None]
    groups = (Role.REQUIRER, Role.PURCHASER)
    return all(any(role.includes(wanted) for role in roles) for wanted in groups)


def views_of(replies: Iterable[Reply]) -> TwoViews:
    """The two views of the replies to one segment."""
    return two_views([(role_of(reply), reply.answers.scorecard) for reply in replies])


def two_views(cards: Sequence[tuple[Role | None, Scorecard]]) -> TwoViews:
    """The two views of cards of one segment, each with the role of its respondent."""
    groups = [
        [card for role, card in cards if role is not None and role.includes(wanted)]
        for wanted in (Role.REQUIRER, Role.PURCHASER)
    ]
    requirers, purchasers = (Panel(group) if group else None for group in groups)
    asked: dict[str, Requirement] = {}
    for role, card in cards:
        for requirement in card.requirements if role is not None else ():
            asked.setdefault(same_id(requirement.id), requirement)
    rows = tuple(
        ViewRow(r.id, r.label, _view(requirers, r.id), _view(purchasers, r.id))
        for r in asked.values()
    )
    return TwoViews(requirers, purchasers, rows)


def _total(panel: Panel | None) -> float | None:
    return None if panel is None else panel.total().value


def _view(panel: Panel | None, requirement: str) -> View:
    if panel is None:
        return View(None, None)
    seen = panel.profile
    weights = [r.weight for r in seen.requirements if same_id(r.id) == same_id(requirement)]
    return View(weights[0] if weights else None, seen.rating(US, requirement))


def _difference(first: float | None, second: float | None) -> float | None:
    return None if first is None or second is None else first - second


def perception(own: Scorecard, customer: Profile) -> tuple[PerceptionRow, ...]:
    """Our self-assessment beside the customer's rating, where both rated, in the order of ``own``.

    The gap is ours minus theirs, in points −100..100. Positive: we flatter ourselves.
    """
    rows = []
    for requirement in own.requirements:
        ours, theirs = own.rating(US, requirement.id), customer.rating(US, requirement.id)
        if ours is not None and theirs is not None:
            found = PerceptionRow(requirement.id, requirement.label, ours, theirs, ours - theirs)
            rows.append(found)
    return tuple(rows)
