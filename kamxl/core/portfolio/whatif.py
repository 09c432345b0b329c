"""What if: getting better at one thing, at all accounts or those of one list (Was wäre, wenn).

Each rater's own card is worked out once more with our ratings of the requirement raised to so many
points where they are below; nothing is averaged before (see ``method.panel``), nobody else's rating
and no weight moves. Answers of the period only, as in ``improving``. Seed: 2.3.1.1.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from typing import NamedTuple

from kamxl.core.ids import US, same_id
from kamxl.core.method.basis import Lead
from kamxl.core.method.economics import sum_known
from kamxl.core.method.panel import Averaged, Panel
from kamxl.core.method.respondents import mean_within
from kamxl.core.method.robustness import TIE_DIGITS
from kamxl.core.method.scoring import Scorecard
from kamxl.core.method.selection import AccountList
from kamxl.core.portfolio.improving import Improvements
from kamxl.core.portfolio.once import once
from kamxl.core.portfolio.results import AccountResult, SegmentResult

TARGET = 75.0  # points: what the cards call good; what is there already is raised to all of them
BEST = 100.0


@dataclass(frozen=True, slots=True)
class Scenario:
    """What is tried: a ``requirement`` as it is called over all accounts, raised ``to`` so many
    points 0..100; ``list``: at the accounts of one list only, None: at all.
    """

    requirement: str
    to: float
    list: AccountList | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """A segment's total in points, our place among all suppliers compared, our lead over the best.

    ``place`` from 1 of ``of``: one more than the rivals over whom our lead is below 0; None: nobody
    is compared on enough.
    """

    total: float | None
    place: int | None
    of: int
    lead: Lead


class After(NamedTuple):
    """A segment's leads in points with our ratings raised, in the order of its rivals."""

    segment: SegmentResult
    leads: tuple[float | None, ...]

    def lead(self, rival: str) -> Lead:
        """Our lead over a rival then (KeyError: there is none with this id): it rests on what it
        rests on now.
        """
        found = self.segment.rival(rival)
        return replace(found.lead, unjudged=self.leads[self.segment.rivals.index(found)])


@dataclass(frozen=True, slots=True)
class Raised:
    """A segment in which we are rated on the requirement, as it stands ``now`` and ``then``.

    ``weight`` in % of 100 and ``rating`` in points: the means over who gave one. ``points``: what
    is won of the segment's total, as gaps are counted; 0: everybody rates us that good already.
    ``rises``: what each reply's own total rises by, then what its own lead over each rival does;
    ``after``: the leads then.
    """

    account: AccountResult
    segment: SegmentResult
    weight: float
    rating: float
    points: float
    now: Standing
    then: Standing
    rises: tuple[float, ...]
    after: After

    @property
    def gained(self) -> bool:
        """Whether anything is won."""
        return round(self.points, TIE_DIGITS) > 0

    @property
    def money(self) -> float | None:
        """Revenue times what is won, a year; None: the revenue is unknown."""
        return self.segment.worth(self.points)

    @property
    def turned(self) -> int | None:
        """1: level or behind now and ahead then; 0: behind now and level then; None: as it was."""
        now, then = self.now.lead.verdict, self.then.lead.verdict
        return None if now is None or then is None or then <= now else int(then)

    def won(self, supplier: str, place: int) -> float:
        """What one reply's own total (of us), or own lead over a rival, rises by, in points."""
        suppliers = [US, *(same_id(rival.id) for rival in self.segment.rivals)]
        return self.rises[suppliers.index(same_id(supplier)) * len(self.segment.replies) + place]


@dataclass(frozen=True)
class WhatIf:
    """A scenario and ``every`` segment that is rated on it, in the order of the accounts."""

    scenario: Scenario
    every: tuple[Raised, ...]

    @cached_property
    def raised(self) -> tuple[Raised, ...]:
        """Those of the accounts that the scenario is about."""
        return tuple(one for one in self.every if _within(one.account, self.scenario.list))

    @cached_property
    def _by_segment(self) -> Mapping[tuple[str, str], Raised]:
        return {(one.account.id, one.segment.id): one for one in self.every}

    def of(self, account: str, segment: str) -> Raised | None:
        """One of ``every`` segment; None: nobody rates us on it there, or not in this period."""
        return self._by_segment.get((account, segment))

    @property
    def gaining(self) -> tuple[Raised, ...]:
        """The segments in which anything is won."""
        return tuple(one for one in self.raised if one.gained)

    @property
    def segments(self) -> int:
        """How many they are."""
        return len(self.gaining)

    @property
    def accounts(self) -> int:
        """At how many accounts."""
        return len({same_id(one.account.id) for one in self.gaining})

    @property
    def points(self) -> float | None:
        """What is won there on average; None: nothing anywhere."""
        found = [one.points for one in self.gaining]
        return math.fsum(found) / len(found) if found else None

    @property
    def money(self) -> float | None:
        """Revenue times what is won, over the segments whose revenue is known."""
        return sum_known(one.money for one in self.gaining).value

    @property
    def unvalued(self) -> int:
        """In how many of them the revenue is unknown."""
        return sum(one.money is None for one in self.gaining)

    def turned(self, verdict: int) -> int:
        """In how many segments we would be ahead (1) or level (0) and are less today."""
        return sum(one.turned == verdict for one in self.raised)


def default_scenario(found: Improvements, accounts: Iterable[AccountResult]) -> Scenario | None:
    """The requirement worth most over all accounts, raised to what is called good; to all points
    where everybody rates us that good already. None: nothing is left to improve.
    """
    if not found.found:
        return None
    usual = Scenario(found.found[0].label, TARGET)
    return usual if what_if(accounts, found, usual).gaining else replace(usual, to=BEST)


def what_if(accounts: Iterable[AccountResult], found: Improvements, scenario: Scenario) -> WhatIf:
    """What a scenario would change. ``found``: the improvements of all accounts."""
    # kept with them: another one's could be called the same
    key = ("what if", id(found), scenario)
    return once(accounts, key, lambda: (found, _what_if(accounts, found, scenario)))[1]


def _what_if(accounts: Iterable[AccountResult], found: Improvements, scenario: Scenario) -> WhatIf:
    ids: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for key, label in found.labels.items():
        if label == scenario.requirement:
            ids[key.account, key.segment].add(key.requirement)
    raised = (
        _raised(account, segment, ids[same_id(account.id), same_id(segment.id)], scenario.to)
        for account in accounts
        for segment in account.fresh
    )
    return WhatIf(scenario, tuple(one for one in raised if one is not None))


def _within(account: AccountResult, wanted: AccountList | None) -> bool:
    selected = account.standing.selected
    return wanted is None or (selected is not None and selected.list is wanted)


def _raised(
    account: AccountResult, segment: SegmentResult, wanted: set[str], to: float
) -> Raised | None:
    """One segment; None: nobody rates us on it there."""
    cards = [reply.answers.scorecard for reply in segment.replies]
    ratings = list(_ratings(cards, wanted))
    if not ratings:
        return None
    then = Panel(
        [_better(card, wanted, to) for card in cards],
        level_within=segment.lead.level_within,
        people=segment.respondents,
    )
    for rival in segment.rivals:  # only our own figures move
        then.take(rival.id, rival.rated)
    before, after = (_only(gaps, wanted) for gaps in (segment.gaps, then.gaps()))
    asked = segment.profile.requirements if segment.profile else ()
    weights = [r.weight or 0.0 for r in asked if same_id(r.id) in wanted]
    over = (_rises(rival.leads, then.leads(rival.id)) for rival in segment.rivals)
    return Raised(
        account,
        segment,
        math.fsum(weights),
        mean_within(ratings),
        math.fsum(before[i] - after[i] for i in before),
        _now(segment),
        _then(then, segment),
        (*_rises(segment.rated, then.total()), *chain.from_iterable(over)),
        After(segment, tuple(then.leads(rival.id).value for rival in segment.rivals)),
    )


def _rises(before: Averaged, after: Averaged) -> Iterator[float]:
    """What each reply's own result rises by; what it does not have does not rise."""
    for was, own in zip(before.own, after.own, strict=True):
        yield 0.0 if was is None or own is None else own - was


def _ratings(cards: Iterable[Scorecard], wanted: set[str]) -> Iterator[float]:
    """Every rating of us on it, on any card."""
    for card in cards:
        by = card.ratings.get(US, {})
        yield from (r for i, r in by.items() if r is not None and same_id(i) in wanted)


def _better(card: Scorecard, wanted: set[str], to: float) -> Scorecard:
    """The card, had she rated us better."""
    us = {
        i: max(rating, to) if rating is not None and same_id(i) in wanted else rating
        for i, rating in card.ratings.get(US, {}).items()
    }
    return replace(card, ratings={**card.ratings, US: us})


def _only(gaps: Mapping[str, float], wanted: set[str]) -> dict[str, float]:
    return {i: gap for i, gap in gaps.items() if same_id(i) in wanted}


def _now(segment: SegmentResult) -> Standing:
    leads = [points for rival in segment.rivals if (points := rival.lead.points) is not None]
    return _standing(segment.total, leads, segment.lead)


def _then(panel: Panel, segment: SegmentResult) -> Standing:
    leads = [
        points for rival in panel.competitors if (points := panel.lead(rival).points) is not None
    ]
    best = panel.best_competitor()
    lead = segment.lead if best is None else panel.lead(best, segment.share)
    return _standing(panel.total().value, leads, lead)


def _standing(total: float | None, leads: Sequence[float], lead: Lead) -> Standing:
    """``leads``: over all rivals with a verdict."""
    before = sum(round(points, TIE_DIGITS) < 0 for points in leads)
    return Standing(total, 1 + before if leads else None, 1 + len(leads) if leads else 0, lead)
