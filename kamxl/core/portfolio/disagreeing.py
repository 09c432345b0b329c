"""Where several people of one customer see us differently: something to talk about with them.

Their ratings are never averaged into one here, but for the views of requirers and purchasers; and
no cause is claimed. Seed: 2.2.2, 2.3.1.1.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kamxl.core.cards.replies import person_of
from kamxl.core.ids import US, same_id
from kamxl.core.method.programmes import Action, RequirementKey, closing
from kamxl.core.method.respondents import Spread
from kamxl.core.method.robustness import TIE_DIGITS
from kamxl.core.portfolio.once import once
from kamxl.core.portfolio.results import AccountResult, SegmentResult
from kamxl.core.portfolio.views import ViewRow, role_of, views_of
from kamxl.core.portfolio.whole import Portfolio
from kamxl.core.roles import Role

SEVERAL = 2  # raters from whom on there is a range to show


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one person rates us on a requirement, in points; who she is, as far as she said."""

    name: str
    function: str
    role: Role | None
    rating: float


@dataclass(frozen=True, slots=True)
class Spoken:
    """A requirement that several people rated us on, ``seen`` in points with how many they are.

    ``requirers`` and ``purchasers``: the mean in their eyes, None where nobody of them rated;
    ``ours``: what the account's plan says we think. ``says``: each of them, the lowest first.
    """

    requirement: str
    label: str
    seen: Spread
    requirers: float | None
    purchasers: float | None
    ours: float | None
    says: tuple[Opinion, ...]


@dataclass(frozen=True, slots=True)
class Voices:
    """The requirements of a segment that several people rated us on, the widest range first."""

    account: AccountResult
    segment: SegmentResult
    rows: tuple[Spoken, ...]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A range of ratings above the team's threshold: a next step, for the account's manager.

    ``actions``: those of the plan that name the requirement, the most urgent first.
    """

    account: AccountResult
    segment: SegmentResult
    spoken: Spoken
    actions: tuple[Action, ...]

    @property
    def open(self) -> bool:
        """Whether nothing is planned about it yet."""
        return not self.actions

    @property
    def owner(self) -> str:
        """Who is to talk about it: whoever the actions name, else the account's manager."""
        return next((a.owner for a in self.actions if a.owner), self.account.manager)


def voices(portfolio: Portfolio) -> tuple[Voices, ...]:
    """Every segment that several people rated us in, where they lie furthest apart first.

    On a tie the one with the larger revenue, then by account and segment.
    """
    return once(portfolio.accounts, "voices", lambda: _voices(portfolio.accounts))


def _voices(accounts: Iterable[AccountResult]) -> tuple[Voices, ...]:
    found = [one for account in accounts for one in _voices_of(account)]
    return tuple(sorted(found, key=_widest_first))


def disagreements(portfolio: Portfolio) -> tuple[Disagreement, ...]:
    """Every requirement on which the ratings of us lie too far apart, the widest range first."""
    return _too_far(voices(portfolio))


def disagreements_of(account: AccountResult) -> tuple[Disagreement, ...]:
    """Those of one account, the widest range first."""
    return _too_far(sorted(_voices_of(account), key=_widest_first))


def _voices_of(account: AccountResult) -> Iterator[Voices]:
    for segment in account.segments:
        if rows := tuple(_rows(account, segment)):
            yield Voices(account, segment, rows)


def _too_far(heard: Iterable[Voices]) -> tuple[Disagreement, ...]:
    found = [
        Disagreement(one.account, one.segment, row, _actions(one, row))
        for one in heard
        for row in one.rows
        if same_id(row.requirement) in map(same_id, one.segment.disagreements)
    ]
    return tuple(sorted(found, key=lambda one: -round(one.spoken.seen.range, TIE_DIGITS)))


def _widest_first(one: Voices) -> tuple[object, ...]:
    widest = round(one.rows[0].seen.range, TIE_DIGITS)
    return -widest, -(one.segment.revenue or 0.0), same_id(one.account.id), same_id(one.segment.id)


def _rows(account: AccountResult, segment: SegmentResult) -> Iterator[Spoken]:
    """Those with a range, the widest first; on a tie the heavier, then the order of the cards."""
    if segment.profile is None:
        return
    ranges = {i: found for i, found in segment.spread.items() if found.n >= SEVERAL}
    asked = [r for r in segment.profile.requirements if r.id in ranges]
    if not asked:
        return
    views = {same_id(row.requirement): row for row in views_of(segment.replies).rows}
    plan = account.standing.plan
    own = plan.own_card(segment.id) if plan else None
    for one in sorted(
        asked, key=lambda r: (-round(ranges[r.id].range, TIE_DIGITS), -(r.weight or 0.0))
    ):
        view: ViewRow | None = views.get(same_id(one.id))
        yield Spoken(
            one.id, one.label, ranges[one.id],
            view.requirers.rating if view else None,
            view.purchasers.rating if view else None,
            own.rating(US, one.id) if own else None,
            _says(segment, one.id),
        )  # fmt: skip


def _says(segment: SegmentResult, requirement: str) -> tuple[Opinion, ...]:
    found = [
        Opinion(
            person_of(reply), reply.answers.function or reply.order.function, role_of(reply), rating
        )
        for reply in segment.replies
        if (rating := reply.answers.scorecard.rating(US, requirement)) is not None
    ]
    return tuple(sorted(found, key=lambda one: (one.rating, one.function, one.name)))


def _actions(one: Voices, row: Spoken) -> tuple[Action, ...]:
    key = RequirementKey(one.account.id, one.segment.id, row.requirement)
    return closing(one.account.standing.actions, [key])[key]
