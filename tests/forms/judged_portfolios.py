"""Random portfolios that tempt a sentence to say too much, and what may be said of them.

Raters who compare nobody, too little or disjoint; rivals gone from the register; missed minimums;
segments without revenue; earlier periods. ``Typed`` works out, from the rows alone and in other
words than the core's, who compared whom and over how much.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from kamxl.core.ids import US
from kamxl.core.method.scoring import Requirement, Scorecard
from kamxl.core.method.selection import Answer, Candidate, GrowthCondition
from kamxl.core.portfolio.whole import Portfolio, assemble
from kamxl.core.records.register import (
    SELECTION_WEIGHTS,
    Account,
    Answers,
    AskedRequirement,
    CardOrder,
    Competitor,
    ListedCompetitor,
    Register,
    Reply,
    Role,
    Segment,
    Settings,
)

NOW, BEFORE = "2026-H2", "2026-H1"
WITHIN = 3.0
RIVALS = {"BOREL": "Borel", "OMBRA": "Ombra", "GONE": "Gonzaga"}  # the register lost the last one
LABELS = {"R1": "Delivery", "R2": "Price", "R3": "Quality", "R4": "Service"}
MINIMUM = 50.0
FUNCTIONS = {"P": "Purchasing", "Q": "Production", "R": "", "T": "Logistics", "U": "Finance"}

Row = dict[str, float | None]  # "weight", "us" and each rival
Card = dict[str, Row]  # requirement id -> its row


@dataclass
class Found:
    """A comparison: our lead, the share of the weights, and who compared."""

    lead: float
    weights: float
    who: set[str]

    @property
    def enough(self) -> bool:
        return self.weights >= 0.5 - 1e-9

    @property
    def verdict(self) -> int | None:
        if not self.enough:
            return None
        return 0 if abs(self.lead) < WITHIN - 1e-9 else (1 if self.lead > 0 else -1)


@dataclass
class Place:
    """A segment: its cards by respondent, from one period."""

    name: str
    revenue: float | None
    cards: dict[str, Card] = field(default_factory=dict)
    earlier: bool = False

    def against(self, rival: str) -> Found | None:
        own = {who: _compared(card, rival) for who, card in self.cards.items()}
        having = {who: one for who, one in own.items() if one}
        kept = {who: one for who, one in having.items() if one[1] >= 0.5 - 1e-9} or having
        if not kept:
            return None
        n = len(kept)
        leads, shares = zip(*kept.values(), strict=True)
        return Found(sum(leads) / n, sum(shares) / n, set(kept))

    @property
    def rivals(self) -> list[str]:
        rated = (
            rival
            for card in self.cards.values()
            for row in card.values()
            for rival in RIVALS
            if rival in row
        )
        return sorted(set(rated))

    def below(self, requirement: str) -> set[str]:
        """Who rated us below the minimum."""
        rated = {who: card.get(requirement, {}).get("us") for who, card in self.cards.items()}
        return {who for who, us in rated.items() if us is not None and us < MINIMUM}

    @property
    def weighed(self) -> bool:
        return any(
            (row["weight"] or 0) > 0 for card in self.cards.values() for row in card.values()
        )


def _compared(card: Card, rival: str) -> tuple[float, float] | None:
    """A rater's lead, and the share of the weights it rests on."""
    whole = sum(row["weight"] or 0 for row in card.values())
    both = [
        (row["weight"] or 0, us - them)
        for row in card.values()
        if (us := row["us"]) is not None and (them := row.get(rival)) is not None
    ]
    mass = sum(weight for weight, _ in both)
    return (sum(w * d for w, d in both) / mass, mass / whole) if mass > 0 else None


@dataclass
class Typed:
    """What was typed: account id -> segment id -> place."""

    accounts: dict[str, dict[str, Place]]
    language: str

    def places(self) -> Iterator[tuple[str, str, Place]]:
        for account, by in self.accounts.items():
            for segment, place in by.items():
                yield account, segment, place

    def shares(self, account: str) -> dict[str, float]:
        by = self.accounts[account]
        revenues = [place.revenue for place in by.values()]
        known = [revenue for revenue in revenues if revenue is not None]
        if len(known) < len(revenues) or sum(known) <= 0:
            return {segment: 1 / len(by) for segment in by}
        return {segment: (place.revenue or 0) / sum(known) for segment, place in by.items()}

    def account(self, account: str, best: dict[str, str | None]) -> Found:
        """Over its compared segments. ``best``: segment id -> the rival taken there."""
        shares, compared = self.shares(account), {}
        for segment, place in self.accounts[account].items():
            found = place.against(best[segment] or "")
            if found and found.enough:
                compared[segment] = found
        mass = sum(shares[s] for s in compared)
        lead = sum(shares[s] * one.lead for s, one in compared.items()) / mass if mass else 0.0
        weights = sum(shares[s] * one.weights for s, one in compared.items())
        return Found(lead, weights, {who for one in compared.values() for who in one.who})

    def raters(self, account: str) -> set[str]:
        return {who for place in self.accounts[account].values() for who in place.cards}


def made(seed: int, language: str = "de") -> tuple[Typed, Portfolio]:
    """A random portfolio, and what was typed for it."""
    draw = random.Random(seed)  # noqa: S311
    accounts = {f"A{n}": _places(draw, f"A{n}") for n in range(draw.randint(3, 6))}
    typed = Typed(accounts, language)
    register = Register(
        Settings("We", language, NOW, level_within=WITHIN),
        tuple(Account(i, f"Account {i}") for i in accounts),
        tuple(Segment(a, s, place.name, place.revenue) for a, s, place in typed.places()),
        (),
        (),
        tuple(
            ListedCompetitor("", "", Competitor(i, name))
            for i, name in RIVALS.items()
            if i != "GONE"
        ),
        candidates=tuple(_candidate(draw, account) for account in accounts),
    )
    replies = [
        _reply(account, segment, place, who)
        for account, segment, place in typed.places()
        for who in place.cards
    ]
    return typed, assemble(register, NOW, replies, [])


def _candidate(draw: random.Random, account: str) -> Candidate:
    ratings = {c: float(draw.choice([30, 60, 70, 90])) for c in SELECTION_WEIGHTS}
    answers = [Answer.YES, Answer.YES, Answer.PARTLY, Answer.NO]
    conditions = {c.value: draw.choice(answers) for c in GrowthCondition}
    return Candidate(
        account, f"Account {account}", ratings, conditions, draw.choice([None, 5.0, 80.0])
    )


def _places(draw: random.Random, account: str) -> dict[str, Place]:
    revenues: list[float | None] = [3.0, 97.0, 100.0, 100.0]
    revenues += draw.choice([[], [None, 0.0]])
    whole = draw.random() < 0.4  # everything rated: a verdict is sure
    places = {}
    for segment in "STV"[: draw.choice([1, 1, 2, 3])]:
        place = Place(f"Segment {account}{segment}", draw.choice(revenues))
        place.earlier = draw.random() < 0.2
        rivals = draw.sample(sorted(RIVALS), draw.randint(1, 3))
        raters = draw.sample(sorted(FUNCTIONS), draw.choice([0, 1, 1, 2, 3, 5]))
        place.cards = {who: _card(draw, rivals, whole) for who in raters}
        places[segment] = place
    return places


def _card(draw: random.Random, rivals: list[str], whole: bool) -> Card:
    compares, level = whole or draw.random() < 0.6, draw.choice([45.0, 60.0, 60.0, 92.0])
    asked = sorted(LABELS)[: draw.choice([1, 2, 4, 4])]
    card: Card = {}
    for requirement in asked:
        weight = draw.choice([5.0, 25.0, 50.0, 90.0] if whole else [None, 0.0, 5.0, 50.0, 90.0])
        us = level + draw.choice([-6.0, 0.0, 2.0, 8.0])
        row: Row = {"weight": weight, "us": us if whole or draw.random() < 0.85 else None}
        for rival in rivals:
            rated = compares and (whole or draw.random() < 0.6)
            row[rival] = draw.choice([44.0, 58.0, 60.0, 62.0, 95.0]) if rated else None
        card[requirement] = row
    return card


def _reply(account: str, segment: str, place: Place, who: str) -> Reply:
    card = place.cards[who]
    rivals = [rival for rival in RIVALS if rival in next(iter(card.values()))]
    order = CardOrder(
        account, f"Account {account}", segment, place.name, who, f"Person {who}",
        BEFORE if place.earlier else NOW, "en", "We",
        tuple(AskedRequirement(i, LABELS[i], MINIMUM) for i in card),
        tuple(Competitor(i, RIVALS[i]) for i in rivals),
        function=FUNCTIONS[who], role=Role.REQUIRER if who == "R" else None,
    )  # fmt: skip
    answers = Scorecard(
        tuple(Requirement(i, LABELS[i], row["weight"], MINIMUM) for i, row in card.items()),
        {
            US: {i: row["us"] for i, row in card.items()},
            **{rival: {i: row[rival] for i, row in card.items()} for rival in rivals},
        },
    )
    return Reply(f"{account}-{segment}-{who}.xlsx", order, Answers(answers))
