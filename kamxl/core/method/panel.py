"""Several raters of one segment: each one's own results, averaged. Seed: 2.3.1.1.

Never average inputs: two cards that each see us at 84 are 84 together, whatever their weights. So
each figure is computed on each rater's own card and then averaged over the raters who have it; it
lies within what they said, and parts add up to their lead, gaps to theirs.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from kamxl.core.ids import US, same_id
from kamxl.core.method.basis import LEVEL_WITHIN, Basis, Lead, enough
from kamxl.core.method.respondents import (
    Profile,
    mean_within,
    profile_of,
    requirements_of,
    suppliers_of,
)
from kamxl.core.method.robustness import (
    TIE_DIGITS,
    Difference,
    Flip,
    Reach,
    Turning,
    nearest_flip,
    nearest_of,
    reach_of,
    shared_critical_weights,
)
from kamxl.core.method.scoring import Contender, Reckoned, Requirement, Scorecard, best_of
from kamxl.core.method.weightings import Outlook, outlook


@dataclass(frozen=True, slots=True)
class Averaged:
    """One figure of all raters: ``own`` results in the order of the cards (None: has none).

    ``value`` is the mean over ``who`` (their places): the raters whose result rests on half of
    their weights or, if nobody's does, all who have one. ``share``: the mean share 0..1 of the
    weights these rest on, None without any.
    """

    own: tuple[float | None, ...] = ()
    who: tuple[int, ...] = ()
    value: float | None = None
    share: float | None = None

    @property
    def low(self) -> float | None:
        """The lowest own result of those who are averaged."""
        return min(self._known, default=None)

    @property
    def high(self) -> float | None:
        """The highest."""
        return max(self._known, default=None)

    @property
    def _known(self) -> list[float]:
        return [own for at in self.who if (own := self.own[at]) is not None]


_FIRST = (0,)  # nearly always there is one rater, and one such tuple is enough


def averaged(results: Iterable[tuple[float | None, float | None]]) -> Averaged:
    """The mean of raters' (result, share 0..1 of the weights it rests on)."""
    given = list(results)
    for own, share in given if len(given) == 1 else ():
        if own is not None:
            return Averaged((own,), _FIRST, mean_within([own]), mean_within([share or 0.0]))
    having = [at for at, (own, _) in enumerate(given) if own is not None]
    who = [at for at in having if enough(given[at][1])] or having
    values = [own for at in who if (own := given[at][0]) is not None]
    shares = [given[at][1] or 0.0 for at in who]
    return Averaged(
        own=tuple(own for own, _ in given),
        who=tuple(who),
        value=mean_within(values) if values else None,
        share=mean_within(shares) if shares else None,
    )


@dataclass(frozen=True)
class Panel:
    """The cards of the raters of one segment, under common ids: one each, or else ``people`` says
    how many gave them (who weighed on one and rated on another is one).

    ``level_within``: points, see ``basis``. There are no ranks of all: means of different raters'
    totals would put us first where everybody who compared sees us behind.
    """

    cards: Sequence[Scorecard]
    level_within: float = field(default=LEVEL_WITHIN, kw_only=True)
    people: int | None = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        object.__setattr__(self, "cards", tuple(self.cards))

    @cached_property
    def _own(self) -> tuple[Reckoned, ...]:
        """The cards, as each one's own figures are made of them."""
        return tuple(map(Reckoned, self.cards))

    @cached_property
    def _totals(self) -> dict[str, Averaged]:
        """What was worked out before, by compared supplier id: several figures rest on it."""
        return {}

    def take(self, supplier: str, total: Averaged) -> None:
        """What another panel found of a supplier, of which these cards say the very same."""
        self._totals[same_id(supplier)] = total

    @cached_property
    def _leads(self) -> dict[str, Averaged]:
        """The same of leads."""
        return {}

    @cached_property
    def profile(self) -> Profile:
        """What they wanted and rated, side by side: to look at, not to add up."""
        return profile_of(self.cards)  # which stays: the rows need not

    @cached_property
    def requirements(self) -> tuple[Requirement, ...]:
        """Those of the profile, for which it need not be made."""
        return requirements_of(self._own)

    @cached_property
    def suppliers(self) -> tuple[str, ...]:
        """Those of the profile, for which it need not be made."""
        return suppliers_of(self.cards)

    @property
    def competitors(self) -> tuple[str, ...]:
        """All supplier ids but ours."""
        return tuple(supplier for supplier in self.suppliers if supplier != US)

    @property
    def provisional(self) -> bool:
        """Whether any card is."""
        return not self.cards or any(card.provisional for card in self._own)

    @cached_property
    def _spelling(self) -> dict[str, str]:
        """Compared requirement id to its first spelling, in first-seen order."""
        found: dict[str, str] = {}
        for card in self.cards:
            for requirement in card.requirements:
                found.setdefault(same_id(requirement.id), requirement.id)
        return found

    # --- one supplier ----------------------------------------------------------------------------

    def total(self, supplier: str = US) -> Averaged:
        """N in points 0..100; ``share`` is the coverage."""
        key = same_id(supplier)
        if key not in self._totals:
            self._totals[key] = averaged(card.covered_total(supplier) for card in self._own)
        return self._totals[key]

    def gaps(self) -> dict[str, float]:
        """What closing each of our gaps is worth, in points of the total, largest first.

        Σ is the mean of the raters' own sums; a requirement that a rater did not rate has none
        there. On a tie the heavier, then the order of the cards.
        """
        who = self.total().who
        gaps = self._mean([self._own[at].gaps() for at in who], len(who))
        weights = {r.id: r.weight or 0.0 for r in self.requirements}
        order = sorted(gaps, key=lambda i: (-round(gaps[i], TIE_DIGITS), -weights[i]))
        return {i: gaps[i] for i in order}

    def knockouts(self) -> dict[str, float]:
        """Requirement id to the lowest rating of us below the minimum: one rater's suffices."""
        lowest: dict[str, float] = {}
        for card in self._own:
            for requirement, rating in card.knockouts().items():
                key = self._spelling[same_id(requirement)]
                lowest[key] = min(rating, lowest.get(key, rating))
        return {i: lowest[i] for i in self._spelling.values() if i in lowest}

    # --- us against a competitor -----------------------------------------------------------------

    def leads(self, competitor: str) -> Averaged:
        """Each rater's own lead in points; ``share`` is that of the weights compared."""
        key = same_id(competitor)
        if key not in self._leads:
            self._leads[key] = averaged(card.covered_lead(competitor) for card in self._own)
        return self._leads[key]

    def lead(self, competitor: str, revenue: float | None = None) -> Lead:
        """The lead with its basis; ``revenue``: the segment's share 0..1 of its account's."""
        found = self.leads(competitor)
        of = len(self.cards) if self.people is None else self.people
        basis = Basis(len(found.who), of, found.share or 0.0, revenue)
        return Lead(found.value, basis, self.level_within)

    def parts(self, competitor: str) -> dict[str, float]:
        """What each requirement adds to the lead, in points, in the order of the cards."""
        who = self.leads(competitor).who
        return self._mean([self._own[at].lead_parts(competitor) for at in who], len(who))

    def flip(self, competitor: str) -> Flip | None:
        """The smallest change of one weight that turns the order; None: no verdict, or none."""
        found = self.leads(competitor)
        if found.value is None or not enough(found.share):
            return None
        rival = next((s for s in self.suppliers if same_id(s) == same_id(competitor)), "")
        rows = self._compared(competitor)
        if len(rows) == 1:
            return nearest_flip(rows[0], US, rival)
        turning: dict[str, Turning] = shared_critical_weights(rows)
        return nearest_of(turning, rival if found.value > 0 else US)

    def reach(self, competitor: str) -> Reach:
        """Which shifts of a weight a missing flip speaks of."""
        return reach_of(self._compared(competitor))

    def outlook(self, competitor: str) -> Outlook | None:
        """In which shares of all weightings around theirs we are ahead, level and behind; None
        without a verdict.
        """
        found = self.leads(competitor)
        if found.value is None or not enough(found.share):
            return None
        return outlook(self._compared(competitor), self.level_within)

    def _compared(self, competitor: str) -> list[list[Difference]]:
        """The differences on each card that the lead rests on."""
        who = self.leads(competitor).who
        return [self._differences(self._own[at], competitor) for at in who]

    def _differences(self, card: Scorecard, competitor: str) -> list[Difference]:
        rows, spelling = card.differences(competitor), self._spelling
        if len(self.cards) == 1:  # nobody else spells anything otherwise
            return rows
        return [row._replace(requirement=spelling[same_id(row.requirement)]) for row in rows]

    # --- all suppliers ---------------------------------------------------------------------------

    def best_competitor(self) -> str | None:
        """The best competitor overall, see ``Scorecard.best_competitor``."""
        return best_of(self._contender(rival) for rival in self.competitors)

    def _contender(self, rival: str) -> Contender:
        total, lead = self.total(rival), self.leads(rival)
        judging = lead.who if enough(lead.share) else total.who
        strengths = [self._own[at].strength(rival) for at in judging]
        known = [strength for strength in strengths if strength is not None]
        strength = mean_within(known) if known else None
        return Contender(rival, total.value, lead.value, lead.share, strength)

    def _mean(self, own: Sequence[Mapping[str, float]], n: int) -> dict[str, float]:
        """Each requirement's mean over ``n`` raters; whoever does not have it adds nothing."""
        if len(own) == n == len(self.cards) == 1:
            return {i: own[0][i] or 0.0 for i in self._spelling.values() if i in own[0]}
        added: dict[str, list[float]] = {}
        for by in own:
            for requirement, value in by.items():
                added.setdefault(self._spelling[same_id(requirement)], []).append(value)
        return {
            i: math.fsum(added[i]) / n if len(added[i]) < n else mean_within(added[i])
            for i in self._spelling.values()
            if i in added
        }
