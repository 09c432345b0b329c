"""An account against all others: how it rates us on what it asks, and how the others do, blind.

What is the same requirement at different accounts, ``topics`` says. An account's rating of one is
the mean of its segments' ratings, each by its share of the account (the revenue, as for the total);
a segment's is the mean of its raters'. The others count alike, however large they are, and none is
named: under three of them there is no mean, for then it would tell who said it. Answers of the
period alone; what earlier ones said is in none of it. The line of an account weighs what can be
compared by its own weights, and rests on the share of these. Seed: 2.3.1.1.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kamxl.core.ids import US, same_id
from kamxl.core.method.basis import enough
from kamxl.core.method.robustness import weighted_mean
from kamxl.core.portfolio.once import once
from kamxl.core.portfolio.results import AccountResult
from kamxl.core.portfolio.topics import Topic, topics

LEAST = 3  # other accounts behind a mean


@dataclass(frozen=True, slots=True)
class Cited:
    """A requirement of a segment: the segment's share 0..1 of its account, our rating there, and
    its weight in % of the segment, None: unknown.
    """

    segment: str
    requirement: str
    share: float
    rating: float | None
    weight: float | None


@dataclass(frozen=True, slots=True)
class Compared:
    """One requirement at one account: our rating, the mean of ``n`` other accounts.

    ``weight``: in % of the account, None: it weighs it nowhere. ``ids``: on its cards.
    """

    requirement: str
    own: float
    others: float
    n: int
    weight: float | None
    cited: tuple[Cited, ...]

    @property
    def difference(self) -> float:
        """Ours here less the others', in points −100..100."""
        return self.own - self.others

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids under which its cards ask for it, each once."""
        return tuple(sorted({same_id(one.requirement): one.requirement for one in self.cited}))


@dataclass(frozen=True, slots=True)
class Benchmark:
    """An account's line: the means over what can be compared, by the account's weights.

    ``weights``: the share 0..1 of the account that could be compared, Σ revenue share × weights.
    """

    account: str
    requirements: tuple[Compared, ...]
    weights: float

    @property
    def enough(self) -> bool:
        """Whether it rests on half of the weights: below that it says nothing of the account."""
        return enough(self.weights)

    @property
    def own(self) -> float | None:
        """Our rating at the account, in points; None: nothing that weighs can be compared."""
        return weighted_mean((r.weight, r.own) for r in self.requirements if r.weight is not None)

    @property
    def others(self) -> float | None:
        """The other accounts' mean by the same weights."""
        return weighted_mean(
            (r.weight, r.others) for r in self.requirements if r.weight is not None
        )

    @property
    def difference(self) -> float | None:
        """Ours here less the others'; whatever it rests on (``enough``)."""
        own, others = self.own, self.others
        return None if own is None or others is None else own - others

    @property
    def n(self) -> int:
        """The fewest other accounts behind one of its means."""
        return min((one.n for one in self.requirements), default=0)


@dataclass(frozen=True, slots=True)
class Benchmarks:
    """All accounts of the period with something that can be compared, by id in their order, and
    the requirements in question: those of most accounts first, with how many rate us on each.
    """

    accounts: Mapping[str, Benchmark]
    requirements: tuple[tuple[str, int, float], ...]


def benchmarks(accounts: Iterable[AccountResult], language: str) -> Benchmarks:
    """The benchmarks of a portfolio's accounts; ``language``: of the requirements' names."""
    return once(accounts, ("benchmarks", language), lambda: _benchmarks(accounts, language))


def _benchmarks(accounts: Iterable[AccountResult], language: str) -> Benchmarks:
    ordered = list(accounts)
    fresh = [s for account in ordered for s in account.segments if s.replies and not s.earlier]
    shared = []
    for topic in topics(fresh, language):
        cited = _by_account(topic)
        rated = {key: own for key, found in cited.items() if (own := _rating(found)) is not None}
        if len(rated) > LEAST:
            shared.append((topic.label, cited, rated, _partials(rated.values())))
    found = {}
    for account in ordered:
        compared = tuple(
            _compared(label, same_id(account.id), cited, rated, parts)
            for label, cited, rated, parts in shared
            if same_id(account.id) in rated
        )
        if compared:
            found[account.id] = Benchmark(account.id, compared, _share(compared))
    means = [(label, len(r), math.fsum(r.values()) / len(r)) for label, _, r, _ in shared]
    return Benchmarks(found, tuple(means))


def _by_account(topic: Topic) -> dict[str, tuple[Cited, ...]]:
    found: defaultdict[str, list[Cited]] = defaultdict(list)
    for segment, requirement in topic.members:
        profile, asked = segment.profile, segment.requirement(requirement)
        rating = profile.rating(US, requirement) if profile else None
        one = Cited(segment.id, requirement, segment.share or 0.0, rating, asked.weight)
        found[same_id(segment.account)].append(one)
    return {account: tuple(own) for account, own in found.items()}


def _rating(cited: Sequence[Cited]) -> float | None:
    return weighted_mean((one.share, one.rating) for one in cited if one.rating is not None)


def _partials(values: Iterable[float]) -> list[float]:
    """A few numbers whose exact sum is that of all of these (Shewchuk 1997, as ``fsum`` does).

    The sum of all but one is then told without looking at all of them again, to the last bit.
    """
    partials: list[float] = []
    for value in values:
        kept = []
        for part in partials:
            large, small = (value, part) if abs(value) >= abs(part) else (part, value)
            value = large + small
            if rest := small - (value - large):
                kept.append(rest)
        partials = [*kept, value]
    return partials


def _compared(
    label: str,
    key: str,
    cited: Mapping[str, tuple[Cited, ...]],
    rated: Mapping[str, float],
    partials: Sequence[float],
) -> Compared:
    others = len(rated) - 1
    weights = [one.share * one.weight for one in cited[key] if one.weight is not None]
    return Compared(
        requirement=label,
        own=rated[key],
        others=math.fsum((*partials, -rated[key])) / others,
        n=others,
        weight=math.fsum(weights) if weights else None,
        cited=cited[key],
    )


def _share(compared: Iterable[Compared]) -> float:
    """What the compared requirements weigh: all segments of an account together weigh 100."""
    return min(1.0, math.fsum(one.weight or 0.0 for one in compared) / 100)
