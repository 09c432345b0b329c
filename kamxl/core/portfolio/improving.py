"""What getting better at one thing is worth over all accounts: gaps, summed by requirement.

The value drivers of all segments, those of one requirement together whatever it is called there
(``topics``). Sums are over answers of the period; what earlier answers say is counted, not summed.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from sys import intern
from typing import NamedTuple

from kamxl.core.ids import same_id
from kamxl.core.method.economics import Sum, sum_known
from kamxl.core.method.programmes import (
    Action,
    ActionState,
    RequirementKey,
    WishKey,
    answering,
    closing,
)
from kamxl.core.method.robustness import TIE_DIGITS
from kamxl.core.method.selection import AccountList
from kamxl.core.portfolio.once import once
from kamxl.core.portfolio.results import AccountResult, SegmentResult
from kamxl.core.portfolio.standing import wish_id
from kamxl.core.portfolio.topics import Member, Topic, topics
from kamxl.core.records.register import Reply, Wish

# What a gap adds to the counts: its segment, which a card may ask the same thing twice, is counted
# once, and so is its account.
AGAIN, SEGMENT, ACCOUNT = 0, 1, 2

_WORD = re.compile(r"\w+")


class Strongest(NamedTuple):
    """The largest rival on a requirement: rated best on it in so many ``segments``.

    ``in_register`` False: the register does not have this competitor any more.
    """

    id: str
    name: str
    segments: int
    in_register: bool = True


@dataclass(frozen=True, slots=True)
class OneGap:
    """A gap of one segment: ``points`` of the segment's total, above 0.

    ``counts``: ACCOUNT on one gap of each account of an improvement, SEGMENT on one of each further
    segment, else AGAIN. ``actions`` close it, the most urgent first.
    """

    account: AccountResult
    segment: SegmentResult
    requirement: str
    points: float
    actions: tuple[Action, ...]
    counts: int = AGAIN

    @property
    def key(self) -> RequirementKey:
        """Which requirement of which segment it is."""
        return _key(self.segment, self.requirement)

    @property
    def money(self) -> float | None:
        """What it is about, in money a year."""
        return self.segment.worth(self.points)

    @property
    def list(self) -> AccountList | None:
        """The list of its account; None: it is no candidate."""
        selected = self.account.standing.selected
        return selected.list if selected else None


@dataclass(frozen=True, slots=True)
class Improvement:
    """One requirement over all accounts where something is left to improve in it.

    ``place``: in the order of all, from 1. ``earlier``: segments that are in no figure here, as
    their answers are from before the period. ``wishes``: those of the period linked to it.
    """

    label: str
    gaps: tuple[OneGap, ...]
    earlier: int = 0
    wishes: int = 0
    place: int = 0

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids under which the cards ask for it, each once."""
        found = {same_id(gap.requirement): gap.requirement for gap in self.gaps}
        return tuple(found[key] for key in sorted(found))

    @property
    def once(self) -> tuple[OneGap, ...]:
        """One gap of each segment."""
        return tuple(gap for gap in self.gaps if gap.counts != AGAIN)

    @property
    def points(self) -> float:
        """The gaps of all its segments, in points of their totals."""
        return math.fsum(gap.points for gap in self.gaps)

    @property
    def money(self) -> float | None:
        """Revenue times gap over the segments whose revenue is known; None: of none it is."""
        return sum_known(gap.money for gap in self.gaps).value

    @property
    def revenue(self) -> Sum:
        """The revenue a year of its segments; those without one are not valued, but counted."""
        return sum_known(gap.segment.revenue for gap in self.once)

    @property
    def unvalued(self) -> int:
        """In how many segments the revenue is unknown."""
        return self.revenue.of - self.revenue.known

    @property
    def segments(self) -> int:
        """In how many segments something is left to improve."""
        return len(self.once)

    @property
    def accounts(self) -> int:
        """At how many accounts."""
        return sum(gap.counts == ACCOUNT for gap in self.gaps)

    @property
    def acted(self) -> int:
        """In how many segments an action closes it, be it done or not."""
        return sum(bool(gap.actions) for gap in self.once)

    @property
    def actions(self) -> tuple[Action, ...]:
        """These actions, each once, in the order of the accounts."""
        return tuple(dict.fromkeys(action for gap in self.gaps for action in gap.actions))

    @property
    def all_done(self) -> bool:
        """Whether there are actions and none of them is open any more."""
        return bool(self.actions) and all(a.state is ActionState.DONE for a in self.actions)

    @property
    def rival(self) -> Strongest | None:
        """Who is rated best in the segments of most revenue; None: nobody is rated on it.

        Segments count equally where a revenue is unknown; ties by the number of segments, then id.
        """
        best = [
            (gap.segment, gap.segment.rival(found.supplier))
            for gap in self.once
            if (found := gap.segment.best_per_requirement.get(gap.requirement)) is not None
        ]
        equal = any(segment.revenue is None for segment, _ in best)
        weights: defaultdict[str, list[float]] = defaultdict(list)
        for segment, rival in best:
            weights[same_id(rival.id)].append(1.0 if equal else segment.revenue or 0.0)
        named = {same_id(rival.id): rival for _, rival in reversed(best)}
        largest = min(
            weights, key=lambda i: (-math.fsum(weights[i]), -len(weights[i]), i), default=None
        )
        if largest is None:
            return None
        rival = named[largest]
        return Strongest(rival.id, rival.name, len(weights[largest]), rival.in_register)

    def within(self, wanted: AccountList) -> Improvement:
        """What of it is at the accounts of one list; ``earlier`` and ``wishes`` stay all."""
        return replace(self, gaps=tuple(gap for gap in self.gaps if gap.list is wanted))


class Labels(Mapping[RequirementKey, str]):
    """What each requirement of each segment is called: segments that ask the same share it all."""

    def __init__(self, labels: Iterable[tuple[RequirementKey, str]]) -> None:
        """Of requirements (ids compared) and what they are called."""
        by: defaultdict[tuple[str, str], dict[str, str]] = defaultdict(dict)
        for (account, segment, requirement), label in labels:
            by[account, segment][requirement] = label
        alike: dict[tuple[tuple[str, str], ...], dict[str, str]] = {}
        self._by = {key: alike.setdefault(tuple(own.items()), own) for key, own in by.items()}

    def __getitem__(self, key: RequirementKey) -> str:
        """What it is called (KeyError: no card that counts asks it)."""
        return self._by[key.account, key.segment][key.requirement]

    def __iter__(self) -> Iterator[RequirementKey]:
        """All requirements, segment by segment."""
        return (RequirementKey(*of, own) for of, some in self._by.items() for own in some)

    def __len__(self) -> int:
        """How many there are."""
        return sum(map(len, self._by.values()))

    def __repr__(self) -> str:
        """As any mapping."""
        return repr(dict(self))


@dataclass(frozen=True)
class Improvements:
    """All improvements, those of most revenue times gap first, then of most points.

    ``labels``: requirement of a segment (ids compared) to what it is called over all accounts;
    ``places``: what it is called to its place, from 1. ``gaps``: account and segment (compared) to
    the gaps there that are summed.
    ``earlier``: segments left out, as their answers are from before the period.
    """

    found: tuple[Improvement, ...]
    labels: Labels
    places: Mapping[str, int]
    gaps: Mapping[tuple[str, str], Sequence[OneGap]]
    earlier: int

    def label(self, key: RequirementKey) -> str:
        """What a requirement is called over all accounts; empty if no card that counts asks it."""
        return self.labels.get(_same(key), "")

    def place(self, key: RequirementKey) -> int | None:
        """The place of the improvement that a requirement belongs to, be it in its sums or not."""
        return self.places.get(self.label(key))

    def gap(self, key: RequirementKey) -> tuple[int | None, OneGap | None]:
        """The place of the improvement that a gap is summed in, and the gap; None: it is not."""
        account, segment, requirement = _same(key)
        for gap in self.gaps.get((account, segment), ()):
            if same_id(gap.requirement) == requirement:
                return self.place(key), gap
        return None, None


def improvements(accounts: Iterable[AccountResult], language: str) -> Improvements:
    """The improvements of a portfolio's accounts, whatever order these come in.

    ``language``: of the labels, where there are any in it.
    """
    return once(accounts, ("improvements", language), lambda: _improvements(accounts, language))


def _improvements(accounts: Iterable[AccountResult], language: str) -> Improvements:
    ordered = sorted(accounts, key=lambda account: same_id(account.id))
    segments = [s for a in ordered for s in sorted(a.segments, key=lambda s: same_id(s.id))]
    whose = {same_id(account.id): account for account in ordered}
    grouped = topics(segments, language)
    labels = Labels((_key(*one), topic.label) for topic in grouped for one in topic.members)
    wished = Counter(labels.get(_same(key), "") for a in ordered for key in _wished(a))
    found = [
        Improvement(
            topic.label,
            tuple(_gaps(topic, whose)),
            len(
                {
                    _key(one.segment, "")
                    for one in topic.members
                    if one.segment.earlier and _open(one)
                }
            ),
            wished[topic.label],
        )
        for topic in grouped
    ]
    ranked = enumerate(sorted((one for one in found if one.gaps), key=_most_first), 1)
    placed = tuple(replace(one, place=place) for place, one in ranked)
    gaps: defaultdict[tuple[str, str], list[OneGap]] = defaultdict(list)
    for gap in (gap for one in placed for gap in one.gaps):
        gaps[same_id(gap.segment.account), same_id(gap.segment.id)].append(gap)
    places = {one.label: one.place for one in placed}
    summed = {key: tuple(own) for key, own in gaps.items()}
    return Improvements(placed, labels, places, summed, sum(s.earlier for s in segments))


def _most_first(one: Improvement) -> tuple[float, float, str]:
    money = -math.inf if one.money is None else round(one.money, TIE_DIGITS)
    return -money, -round(one.points, TIE_DIGITS), one.label.casefold()


def _open(one: Member) -> tuple[str, float] | None:
    """A requirement's id as its segment's gaps have it, and the gap; None: none, or unknown."""
    gaps, own = one.segment.gaps, one.requirement
    if own not in gaps:  # another rater spelled it first, or nobody rated it
        own = next((i for i in gaps if same_id(i) == same_id(own)), "")
    gap = gaps.get(own, 0.0)
    return (own, gap) if round(gap, TIE_DIGITS) > 0 else None


def _gaps(topic: Topic, whose: Mapping[str, AccountResult]) -> Iterator[OneGap]:
    """The gaps of a topic in this period's answers; of one segment one that has an action first."""
    found: defaultdict[RequirementKey, list[OneGap]] = defaultdict(list)
    for one in topic.members:
        segment, left = one.segment, None if one.segment.earlier else _open(one)
        if left is not None:
            account = whose[same_id(segment.account)]
            actions = _closing(account, segment, left[0])
            found[_key(segment, "")].append(OneGap(account, segment, *left, actions, ACCOUNT))
    seen: set[str] = set()
    for key, gaps in found.items():
        gaps.sort(key=lambda gap: not gap.actions)
        first = SEGMENT if key.account in seen else ACCOUNT
        seen.add(key.account)
        for place, gap in enumerate(gaps):
            counts = AGAIN if place else first
            yield gap if gap.counts == counts else replace(gap, counts=counts)


def _closing(account: AccountResult, segment: SegmentResult, own: str) -> tuple[Action, ...]:
    """The actions that close a gap."""
    if not account.standing.actions:
        return ()
    key = RequirementKey(account.id, segment.id, own)
    return closing(account.standing.actions, [key])[key]


def _key(segment: SegmentResult, requirement: str) -> RequirementKey:
    return _same(RequirementKey(segment.account, segment.id, requirement))


def _same(key: RequirementKey) -> RequirementKey:
    # hundreds of thousands, of the same few words
    return RequirementKey(*(intern(same_id(one)) for one in key))


# --- wishes --------------------------------------------------------------------------------------


def _wished(account: AccountResult) -> Iterator[RequirementKey]:
    """What the wishes of the period are linked to."""
    for segment in account.segments:
        for reply in () if segment.earlier else segment.replies:
            for wish in reply.answers.wishes:
                key = requirement_of(account, reply, wish)
                if key is not None:
                    yield key


def requirement_of(account: AccountResult, reply: Reply, wish: Wish) -> RequirementKey | None:
    """The requirement that a wish is linked to; None: to none, or not to a single one.

    An action that answers it names one; else the wish itself says the very words of one that its
    card asks for.
    """
    order = reply.order
    if not (wish.issue or wish.remedy):
        return None
    asked = WishKey(account.id, wish_id(reply, wish))
    for action in answering(account.standing.actions, [asked])[asked]:
        if action.requirement:
            return RequirementKey(account.id, action.segment or order.segment, action.requirement)
    said = [_words(wish.issue), _words(wish.remedy)]
    named = [
        requirement.id
        for requirement in reply.answers.scorecard.requirements
        if (label := _words(requirement.label)).strip() and any(label in one for one in said)
    ]
    return RequirementKey(account.id, order.segment, named[0]) if len(named) == 1 else None


def _words(text: str) -> str:
    """The words of a text, each between two spaces: so that one is found whole."""
    return " " + " ".join(_WORD.findall(text.casefold())) + " "
