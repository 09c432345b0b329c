"""Which requirements of different customers are the same one, so that they share a column.

Ids are only unique within a card and texts differ by language, so neither is enough: requirements
are the same if their texts are, or if they carry one id that has one text per language everywhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from kamxl.core.ids import is_spare, most_typed, same_id, same_name
from kamxl.core.method.programmes import RequirementKey
from kamxl.core.portfolio.results import SegmentResult


class Member(NamedTuple):
    """A requirement (its id) in one segment."""

    segment: SegmentResult
    requirement: str


@dataclass(frozen=True, slots=True)
class Topic:
    """One requirement across customers: how it is called, and where it stands."""

    label: str
    members: tuple[Member, ...]


class _Use(NamedTuple):
    """A requirement as one card asks it; ``said``: its text as texts are compared."""

    segment: SegmentResult
    requirement: str
    key: RequirementKey
    language: str
    label: str
    said: str


def topics(segments: Sequence[SegmentResult], language: str) -> tuple[Topic, ...]:
    """The topics of all cards, those of most segments first; labels in ``language`` if there are.

    Each requirement of each segment is in exactly one topic.
    """
    folded: dict[str, str] = {}  # label to its said form: thousands of cards have the same few
    uses = [use for segment in segments for use in _uses(segment, folded)]
    shared = _shared(uses)
    groups, texts = _Groups(), dict[RequirementKey, str]()
    for use in uses:
        # what one segment asks under one id is one thing, in whatever words
        groups.join(("text", texts.setdefault(use.key, use.said)), ("text", use.said))
        if use.key.requirement in shared:
            groups.join(("text", use.said), ("id", use.key.requirement))
    found: defaultdict[tuple[str, ...], list[_Use]] = defaultdict(list)
    for use in uses:
        found[groups.root(("text", use.said))].append(use)
    made = [_topic(of_one, language) for of_one in found.values()]
    return tuple(sorted(made, key=lambda topic: -len(topic.members)))


def _uses(segment: SegmentResult, folded: dict[str, str]) -> Iterator[_Use]:
    account, own = same_id(segment.account), same_id(segment.id)
    for reply in segment.replies:
        asked = {same_id(r.id): r.label for r in reply.order.requirements}
        for requirement in reply.answers.scorecard.requirements:
            key = RequirementKey(account, own, same_id(requirement.id))
            label = asked.get(key.requirement, requirement.label)
            if label not in folded:
                folded[label] = same_name(label)
            yield _Use(segment, requirement.id, key, reply.order.language, label, folded[label])


def _shared(uses: Iterable[_Use]) -> set[str]:
    """The ids that mean one thing: everywhere one text per language; no customer's own rows."""
    texts: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for use in uses:
        texts[use.key.requirement, use.language].add(use.said)
    ambiguous = {requirement for (requirement, _), said in texts.items() if len(said) > 1}
    return {i for i, _ in texts if i not in ambiguous and not is_spare(i)}


def _topic(uses: Sequence[_Use], language: str) -> Topic:
    spoken = [use for use in uses if use.language == language] or uses
    members = {use.key: Member(use.segment, use.requirement) for use in uses}
    return Topic(most_typed(use.label for use in spoken), tuple(members.values()))


class _Groups:
    """Things that were found to be the same, directly or through others."""

    def __init__(self) -> None:
        self.above: dict[tuple[str, ...], tuple[str, ...]] = {}

    def root(self, one: tuple[str, ...]) -> tuple[str, ...]:
        while one in self.above:
            one = self.above[one]
        return one

    def join(self, one: tuple[str, ...], other: tuple[str, ...]) -> None:
        first, second = self.root(one), self.root(other)
        if first != second:
            self.above[max(first, second)] = min(first, second)
