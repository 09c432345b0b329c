"""Selection (Auswahl, Priorisierung): with which accounts do we grow? Seed: 2.1, Tab. 2.1.

Seven criteria are weighed and rated; three growth conditions open or close the gate; the revenue
classes (20:80) stand beside, because where they disagree with the score effort goes astray.
Unknown stays None and never counts as zero. Rounded only for comparing, to 1e-9.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from kamxl.core.ids import US, same_id
from kamxl.core.method.gate import (
    PARTLY_ALLOWED,
    Answer,
    Gate,
    GateResult,
    GrowthCondition,
    gate_of,
)
from kamxl.core.method.revenues import Abc, Pareto, Revenues, at_least
from kamxl.core.method.robustness import TIE_DIGITS
from kamxl.core.method.scoring import Requirement, Scorecard

THRESHOLD = 60.0  # points a focus account needs
COVERAGE_NEEDED = 0.8  # the share of the weights its score has to rest on
BUILD_UP_WITHIN = 10.0  # points below the threshold that can be made up


class SelectionCriterion(StrEnum):
    """The seven viewpoints (Gesichtspunkte), each rated 0..100 so that more is better."""

    REVENUE = "revenue"  # bereits laufendes Umsatzvolumen
    PHILOSOPHY = "philosophy"  # Philosophy-Fit: Denk- und Arbeitsweisen passen zusammen
    BASE_LOAD = "base_load"  # Bedeutung für die Grundauslastung der eigenen Kapazitäten
    POTENTIAL = "potential"  # noch erschließbare Umsatzpotenziale
    RETURN = "return"  # bestehende oder mögliche Erträge
    OPENNESS = "openness"  # Offenheit für gemeinsames Wachstum
    BARRIERS = "barriers"  # Barrieren; 100: nothing is in the way


class AccountList(StrEnum):
    """FOCUS: grow with these now. BUILD_UP: prepare them. SERVE: serve them well as they are."""

    FOCUS = "focus"
    BUILD_UP = "build_up"
    SERVE = "serve"


class Why(StrEnum):
    """What keeps an account off the focus list; NOTHING: nothing does, it is on it."""

    NO = "no"  # conditions that are not met
    CLARIFY = "clarify"  # conditions of which nothing is known
    PARTLY = "partly"  # more conditions met in part than an open gate bears
    WEIGH = "weigh"  # no criterion has a weight
    RATE = "rate"  # criteria with a weight and without a rating
    SHORT = "short"  # points that the score misses
    NOTHING = "nothing"


class Mismatch(StrEnum):
    """Where revenue class and suitability disagree: the point of 2.1."""

    LARGE_BUT_WRONG = "large_but_wrong"
    SMALL_BUT_RIGHT = "small_but_right"


@dataclass(frozen=True)
class Candidate:
    """An account to be judged. ``ratings``: criterion id to points 0..100; ``conditions``:
    growth condition id to answer; ``revenue`` a year, running, in the team's currency; ``days`` of
    account management a year. Absent or None is unknown. ``at_least``: the revenue is what is
    known of it, and there is more.
    """

    account: str
    name: str = ""
    ratings: Mapping[str, float | None] = field(default_factory=dict)
    conditions: Mapping[str, Answer | None] = field(default_factory=dict)
    revenue: float | None = None
    days: float | None = None
    at_least: bool = False

    def __post_init__(self) -> None:
        for name in ("ratings", "conditions"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))

    def __reduce__(self) -> tuple[object, ...]:
        # A mapping proxy does not pickle.
        ratings, conditions = dict(self.ratings), dict(self.conditions)
        rest = (self.revenue, self.days, self.at_least)
        return Candidate, (self.account, self.name, ratings, conditions, *rest)


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that keeps an account off the focus list.

    ``of``: the conditions or criteria concerned, in the order of their enumeration; none with RATE:
    all that weigh. ``points``: how many a score is SHORT of the threshold, else None.
    """

    why: Why
    of: tuple[str, ...] = ()
    points: float | None = None


@dataclass(frozen=True, slots=True)
class SelectedAccount:
    """One candidate, judged.

    ``score`` points 0..100 and ``coverage`` 0..1 (None: unknown); ``rank`` from 1, shared on ties,
    of those with a score. ``revenue_share`` and ``cumulated_share`` (with all that are as large or
    larger) are 0..1 of the known revenue. ``reasons``: all that keeps it off the focus list; a
    closed gate is reason enough.
    """

    candidate: Candidate
    score: float | None
    coverage: float | None
    rank: int | None
    gate: GateResult
    list: AccountList
    reasons: tuple[Reason, ...]
    revenue_share: float | None
    cumulated_share: float | None
    abc: Abc | None
    mismatch: Mismatch | None


@dataclass(frozen=True, slots=True)
class Days:
    """Account-management days a year: all, and those spent outside the focus list.

    None if no account's are known; ``unknown`` counts the accounts that do not say.
    """

    total: float | None
    outside: float | None
    unknown: int

    @property
    def outside_share(self) -> float | None:
        """The share 0..1 of the days outside the focus list; None if there are no days."""
        if self.total is None or self.outside is None or self.total <= 0:
            return None
        return self.outside / self.total


@dataclass(frozen=True, slots=True)
class Selection:
    """All candidates, judged, in the order given; ``weights_sum`` ought to be 100.

    ``pareto`` is None if no revenue is known or all are 0.
    """

    accounts: tuple[SelectedAccount, ...]
    weights_sum: float
    pareto: Pareto | None
    days: Days

    def on(self, wanted: AccountList) -> tuple[SelectedAccount, ...]:
        """The accounts on one list, in the order given."""
        return tuple(found for found in self.accounts if found.list is wanted)

    def account(self, wanted: str) -> SelectedAccount:
        """The account with this id (KeyError: it was no candidate)."""
        for found in self.accounts:
            if same_id(found.candidate.account) == same_id(wanted):
                return found
        raise KeyError(wanted)


def rank_accounts(
    candidates: Sequence[Candidate],
    weights: Mapping[str, float | None],
    threshold: float = THRESHOLD,
    coverage_needed: float = COVERAGE_NEEDED,
    build_up_within: float = BUILD_UP_WITHIN,
) -> Selection:
    """Judge accounts by the seven criteria, the growth conditions and their revenue.

    ``weights``: criterion id to weight, divided by their sum; None or absent: does not count.
    ``threshold`` and ``build_up_within`` in points, ``coverage_needed`` 0..1. Focus: gate OPEN,
    score and coverage reached. Build up: CLARIFY or OPEN with a score at most ``build_up_within``
    below the threshold or above, and CLARIFY with too little rated to tell. Serve: the rest, and
    always an account whose gate is CLOSED, whatever its score: nobody builds up what will not grow
    with us. ValueError: an account twice, a number negative or not finite, an unknown criterion or
    condition.
    """
    _check(candidates, weights)
    criteria = [Requirement(c, c, weights.get(c)) for c in SelectionCriterion]
    cards = [Scorecard(criteria, {US: candidate.ratings}) for candidate in candidates]
    scores = [card.total(US) for card in cards]
    ranks = _ranks(scores)
    partly = sum(one.revenue is not None and one.at_least for one in candidates)
    revenues = Revenues((candidate.revenue for candidate in candidates), partly)
    judged = []
    for candidate, card, score, rank in zip(candidates, cards, scores, ranks, strict=True):
        gate, coverage = gate_of(candidate.conditions), card.coverage(US)
        enough = at_least(coverage, coverage_needed)
        listed = _listed(gate.gate, score, enough, threshold, build_up_within)
        abc = revenues.abc(candidate.revenue)
        judged.append(
            SelectedAccount(
                candidate=candidate,
                score=score,
                coverage=coverage,
                rank=rank,
                gate=gate,
                list=listed,
                reasons=_reasons(gate, card, threshold, coverage_needed),
                revenue_share=revenues.share(candidate.revenue),
                cumulated_share=revenues.cumulated(candidate.revenue),
                abc=abc,
                mismatch=_mismatch(abc, gate.gate, score, listed, threshold),
            )
        )
    weights_sum = Scorecard(criteria, {}).weights_sum
    return Selection(tuple(judged), weights_sum, revenues.pareto(), _days(judged))


def _check(candidates: Sequence[Candidate], weights: Mapping[str, float | None]) -> None:
    """What the scorecard does not check itself."""
    if strangers := set(weights) - set(SelectionCriterion):
        raise ValueError(f"not a criterion: {sorted(strangers)}")
    if len({same_id(candidate.account) for candidate in candidates}) != len(candidates):
        raise ValueError("an account stands twice in the selection")
    for candidate in candidates:
        for value in (candidate.revenue, candidate.days):
            if value is not None and not (math.isfinite(value) and value >= 0):
                raise ValueError(f"{candidate.account}: {value!r} is negative or not finite")


def _ranks(scores: Sequence[float | None]) -> list[int | None]:
    rounded = [None if score is None else round(score, TIE_DIGITS) for score in scores]
    known = sorted(score for score in rounded if score is not None)
    return [None if s is None else 1 + len(known) - bisect_right(known, s) for s in rounded]


def _listed(
    gate: Gate, score: float | None, covered: bool, threshold: float, within: float
) -> AccountList:
    if gate is Gate.OPEN and covered and at_least(score, threshold):
        return AccountList.FOCUS
    near = gate is not Gate.CLOSED and at_least(score, threshold - within)
    if near or (gate is Gate.CLARIFY and not covered):
        return AccountList.BUILD_UP
    return AccountList.SERVE


def _reasons(
    gate: GateResult, card: Scorecard, threshold: float, needed: float
) -> tuple[Reason, ...]:
    """What keeps an account off the focus list, in the order in which it is said."""
    if gate.no:
        return (Reason(Why.NO, gate.no),)
    score, coverage = card.total(US), card.coverage(US)
    found = [Reason(Why.CLARIFY, gate.unknown)] if gate.unknown else []
    if len(gate.partly) > PARTLY_ALLOWED:
        found.append(Reason(Why.PARTLY, gate.partly))
    if coverage is None:
        found.append(Reason(Why.WEIGH))
    elif not at_least(coverage, needed):
        found.append(Reason(Why.RATE, () if score is None else _unrated(card)))
    if score is not None and not at_least(score, threshold):
        found.append(Reason(Why.SHORT, points=threshold - score))
    return tuple(found) or (Reason(Why.NOTHING),)


def _unrated(card: Scorecard) -> tuple[str, ...]:
    """The criteria that weigh and are not rated."""
    weighed = (one.id for one in card.requirements if one.weight)
    return tuple(one for one in weighed if card.rating(US, one) is None)


def _mismatch(
    abc: Abc | None, gate: Gate, score: float | None, listed: AccountList, threshold: float
) -> Mismatch | None:
    """An unknown score is not yet a wrong one, an unknown revenue not a small one."""
    below = score is not None and not at_least(score, threshold)
    if abc is Abc.A and (below or gate is Gate.CLOSED):
        return Mismatch.LARGE_BUT_WRONG
    if abc in (Abc.B, Abc.C) and listed is AccountList.FOCUS:
        return Mismatch.SMALL_BUT_RIGHT
    return None


def _days(accounts: Sequence[SelectedAccount]) -> Days:
    spent = [(a.candidate.days, a.list) for a in accounts if a.candidate.days is not None]
    unknown = len(accounts) - len(spent)
    if not spent:
        return Days(None, None, unknown)
    outside = math.fsum(days for days, listed in spent if listed is not AccountList.FOCUS)
    return Days(math.fsum(days for days, _ in spent), outside, unknown)


# re-exported so that forms need one import for the selection
__all__ = [
    "Abc",
    "AccountList",
    "Answer",
    "Candidate",
    "Days",
    "Gate",
    "GateResult",
    "GrowthCondition",
    "Mismatch",
    "Pareto",
    "Reason",
    "SelectedAccount",
    "Selection",
    "SelectionCriterion",
    "Why",
    "gate_of",
    "rank_accounts",
]
