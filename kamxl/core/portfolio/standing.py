"""Where an account stands beside its scorecards: what the selection and its plan say of it.

Seed: 2 to 2.3.1.1. Made once per account by ``portfolio.assemble``; sheets and JSON read it.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from hashlib import sha256
from typing import Protocol

from kamxl.core.cards.replies import person_of
from kamxl.core.ids import same_id
from kamxl.core.method.breadth import Breadth
from kamxl.core.method.ladder import Ladder
from kamxl.core.method.position import Position, profile_completed
from kamxl.core.method.programmes import (
    Action,
    ProgrammeSummary,
    RequirementKey,
    closing,
    overdue,
    summarise,
)
from kamxl.core.method.respondents import Profile
from kamxl.core.method.segments import AccountTotal
from kamxl.core.method.selection import AccountList, Answer, Candidate, SelectedAccount
from kamxl.core.period import in_order
from kamxl.core.portfolio.views import (
    PerceptionRow,
    TwoViews,
    both_answered,
    perception,
    views_of,
)
from kamxl.core.records.benefits import Benefit, Word
from kamxl.core.records.plan import AccountPlan, DiscoveryAnswer, PlanWish
from kamxl.core.records.register import Contact, Reply, Wish
from kamxl.core.roles import Role

# What the customer said of working with us is written into the discovery when a plan is made; it
# discovers nothing by itself.
_GIVEN = frozenset({"complicated", "time", "cost"})
_ID_DIGITS = 8


class WhiteSpot(StrEnum):
    """What is missing at an account that we want to grow with; in the order of urgency."""

    NO_PLAN = "no_plan"  # a focus account without an account plan
    SELLING_ONLY = "selling_only"  # no active joint programme
    NO_REQUIRER_CONTACT = "no_requirer_contact"  # no Bedarfsträger among the contacts
    NO_ACTION_FOR_LARGEST_GAP = "no_action_for_largest_gap"
    NO_DISCOVERY = "no_discovery"  # nothing explored of the customer's economics


class Answered(Protocol):
    """A segment with the replies that count, and their profile (None: no reply)."""

    @property
    def id(self) -> str:
        """The segment's id."""

    @property
    def replies(self) -> tuple[Reply, ...]:
        """The replies that count, under common requirement ids."""

    @property
    def profile(self) -> Profile | None:
        """What they wanted and rated."""


@dataclass(frozen=True)
class SegmentViews:
    """The views of one segment side by side.

    ``views`` None: not both of requirers and purchasers rated. ``perception`` is empty without a
    self-assessment or a rating to compare.
    """

    segment: str
    views: TwoViews | None = None
    perception: tuple[PerceptionRow, ...] = ()


@dataclass(frozen=True)
class Standing:
    """One account: ``selected`` None: no candidate; ``plan`` None: there is none.

    ``plan_earlier``: the plan is of an earlier period. ``ladder``, ``breadth`` and ``programmes``
    are the plan's, None without one. ``overdue``: its actions, the longest overdue first. ``views``
    holds the segments where there is something to compare, ``benefits`` the plan's levers.
    ``white_spots`` are looked for at focus accounts and wherever there is a plan: the others are
    served as they are.
    """

    selected: SelectedAccount | None = None
    plan: AccountPlan | None = None
    plan_earlier: bool = False
    position: Position = field(default_factory=Position)
    ladder: Ladder | None = None
    breadth: Breadth | None = None
    programmes: ProgrammeSummary | None = None
    overdue: tuple[Action, ...] = ()
    white_spots: tuple[WhiteSpot, ...] = ()
    views: tuple[SegmentViews, ...] = ()
    benefits: tuple[Benefit, ...] = ()

    @property
    def actions(self) -> tuple[Action, ...]:
        """The plan's actions, and its barriers to be removed; none without a plan."""
        return _to_do(self.plan) if self.plan else ()

    @property
    def placed(self) -> bool:
        """Whether the account has a place on the portfolio map: a score, and a comparison."""
        scored = self.selected is not None and self.selected.score is not None
        return scored and self.position.relative is not None


def of_account(plan: AccountPlan, account: str) -> AccountPlan:
    """The plan with the account's id in all of its records, which a workbook says only once."""
    return replace(
        plan,
        account=account,
        fields=tuple(replace(found, account=account) for found in plan.fields),
        programmes=tuple(replace(found, account=account) for found in plan.programmes),
        actions=tuple(replace(found, account=account) for found in plan.actions),
    )


def _to_do(plan: AccountPlan) -> tuple[Action, ...]:
    """The plan's actions; a barrier with an owner or a date is one, too."""
    return (*plan.actions, *(_removal(plan.account, one) for one in plan.barriers))


def _removal(account: str, barrier: DiscoveryAnswer) -> Action:
    text = barrier.next_step or barrier.answer or barrier.question
    return Action(barrier.id, text, account=account, owner=barrier.owner, due=barrier.due)


def standing_of(
    account: str,
    segments: Sequence[Answered],
    result: AccountTotal,
    gap: RequirementKey | None = None,
    *,
    selected: SelectedAccount | None = None,
    plan: AccountPlan | None = None,
    plan_earlier: bool = False,
    contacts: Iterable[Contact] = (),
    as_of: date | None = None,
    said: Sequence[Word] = (),
) -> Standing:
    """The standing of one account.

    ``result``: what its segments amount to; ``gap`` is its most valuable one. ``contacts`` are the
    register's. ``as_of``: the day for which actions are overdue, else the plan's own. ``said``:
    what its people said of benefits on reply pages, the last last.
    """
    plan = of_account(plan, account) if plan else None
    known = _position(segments, result)
    day = as_of or (plan.as_of if plan else None)
    found = Standing(
        selected=selected,
        plan=plan,
        plan_earlier=plan_earlier,
        position=plan.position(known, said) if plan else known,
        ladder=plan.ladder if plan and plan.indicators else None,
        breadth=plan.breadth if plan else None,
        programmes=summarise(plan.programmes) if plan else None,
        overdue=overdue(_to_do(plan), day) if plan and day else (),
        views=tuple(_views(segments, plan)),
        benefits=plan.benefits(said) if plan else (),
    )
    return replace(found, white_spots=_white_spots(found, contacts, gap))


def _position(segments: Sequence[Answered], result: AccountTotal) -> Position:
    """What the replies say of the five measures."""
    done = [s for s in segments if profile_completed([r.answers.scorecard for r in s.replies])]
    answered = any(segment.replies for segment in segments)
    known = math.fsum(result.weights[segment.id] for segment in done) if answered else None
    return Position(len(done), len(segments), known, result.total, result.lead)


def in_their_order(plans: Iterable[AccountPlan], *, by_day: bool = False) -> list[AccountPlan]:
    """Each account's plans, the latest last; of several of one period (``by_day``: the one with the
    later day, then) by their text, which is told only where it is needed: it is long.
    """

    def rank(plan: AccountPlan) -> tuple[object, ...]:
        day = (plan.as_of or date.min) if by_day else date.min
        return same_id(plan.account), in_order(plan.period), day

    ranked = [(rank(plan), plan) for plan in plans]
    often = Counter(place for place, _ in ranked)
    return [
        plan
        for _, _, plan in sorted(
            ((place, repr(plan) if often[place] > 1 else "", plan) for place, plan in ranked),
            key=lambda one: one[:2],
        )
    ]


def is_judged(candidate: Candidate) -> bool:
    """Whether the team has said anything of a candidate but its revenue and days."""
    rated = any(rating is not None for rating in candidate.ratings.values())
    return rated or any(a not in (None, Answer.UNKNOWN) for a in candidate.conditions.values())


# --- views ---------------------------------------------------------------------------------------


def _views(segments: Iterable[Answered], plan: AccountPlan | None) -> Iterable[SegmentViews]:
    for segment in segments:
        both = views_of(segment.replies) if both_answered(segment.replies) else None
        rows: tuple[PerceptionRow, ...] = ()
        if plan is not None and segment.profile is not None:
            rows = perception(plan.own_card(segment.id), segment.profile)
        compared = both if both is not None and both.both else None
        if compared or rows:
            yield SegmentViews(segment.id, compared, rows)


# --- white spots ---------------------------------------------------------------------------------


def _white_spots(
    found: Standing, contacts: Iterable[Contact], gap: RequirementKey | None
) -> tuple[WhiteSpot, ...]:
    plan = found.plan
    focus = found.selected is not None and found.selected.list is AccountList.FOCUS
    if plan is None and not focus:
        return ()
    roles = {c.role for c in contacts} | {c.role for c in (plan.contacts if plan else ())}
    missing = {
        WhiteSpot.NO_PLAN: plan is None,
        WhiteSpot.SELLING_ONLY: found.programmes is None or found.programmes.selling_only,
        WhiteSpot.NO_REQUIRER_CONTACT: roles.isdisjoint((Role.REQUIRER, Role.BOTH)),
        WhiteSpot.NO_ACTION_FOR_LARGEST_GAP: bool(gap)
        and not any(closing(found.actions, [gap] if gap else []).values()),
        WhiteSpot.NO_DISCOVERY: plan is None or not _discovered(plan),
    }
    return tuple(spot for spot, is_missing in missing.items() if is_missing)


def _discovered(plan: AccountPlan) -> bool:
    own = any(d.answered and same_id(d.id) not in _GIVEN for d in plan.discovery)
    return own or bool(plan.economics) or bool(plan.ideas)


# --- wishes --------------------------------------------------------------------------------------


def wish_id(reply: Reply, wish: Wish) -> str:
    """By what actions know a wish again, in plans and in the portfolio: "P1.3f9a2c71".

    Made of who said what about which segment: the same wish keeps its id in the next period, a
    new one in the same line of the card gets another.
    """
    order = reply.order
    said = (order.segment, order.respondent, wish.issue, wish.remedy)
    folded = "\0".join(" ".join(text.casefold().split()) for text in said)
    return f"{order.respondent}.{sha256(folded.encode()).hexdigest()[:_ID_DIGITS]}"


def plan_wishes(replies: Iterable[Reply]) -> tuple[PlanWish, ...]:
    """The wishes of one account's replies as its plan lists them, each once, in their order."""
    found: dict[str, PlanWish] = {}
    for reply in replies:
        who = person_of(reply)
        for wish in reply.answers.wishes:
            if wish.issue or wish.remedy:
                own = wish_id(reply, wish)
                made = PlanWish(own, who, wish.issue, wish.remedy, wish.importance)
                found.setdefault(own, made)
    return tuple(found.values())
