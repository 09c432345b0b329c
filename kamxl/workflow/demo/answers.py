"""Invented answers: plausible, and the same every time (chance would make two demos differ)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date

from kamxl.core.ids import US
from kamxl.core.records.register import Answers, CardOrder, Effort, Requirement, Scorecard, Wish
from kamxl.wording.texts import texts

STEP = 5  # people give weights and points in fives
WISHES = 6  # texts there are to choose from
COMMENTS = 6
EFFORTS = ("complicated", "time", "cost")


def pick(n: int, *parts: object) -> int:
    """A number 0..n-1 that depends on ``parts`` alone."""
    # a key as the plain values in it: what its type is called decides nothing
    plain = (tuple(part) if isinstance(part, tuple) else part for part in parts)
    told = "\n".join(map(str, plain)).encode()
    return int.from_bytes(hashlib.sha256(told).digest()[:8], "big") % n


def answer(order: CardOrder, day: date, *, name: str | None = None) -> Answers:
    """What the respondent of ``order`` fills in (``name``: or somebody else in her place)."""
    said = texts(order.language)
    who = name or order.respondent_name
    labels = [(r.id, r.label) for r in order.requirements]
    if pick(4, order.key.plain, "own") == 0:
        labels.append(("own1", said(f"demo.own{1 + pick(3, order.key.plain)}")))
    weights = _weights(len(labels), order, who)
    card = Scorecard(
        [Requirement(i, label, w) for (i, label), w in zip(labels, weights, strict=True)],
        {s.id: {i: _rating(order, who, s.id, i) for i, _ in labels} for s in order.suppliers},
    )
    return Answers(
        card,
        comments=_comments(card, order),
        name=who,
        function=order.function,
        role=order.role,
        rated_on=day,
        wishes=_wishes(order),
        efforts=tuple(Effort(e, 10.0 * pick(9, order.key.plain, e)) for e in EFFORTS),
    )


def _weights(n: int, order: CardOrder, who: str) -> Sequence[float]:
    """Weights that sum to 100, in fives, none of them 0 as long as there are fives enough."""
    fives = 100 // STEP
    least = 1 if n <= fives else 0
    shares = [1 + pick(7, order.account, who, "weight", i) for i in range(n)]
    exact = [(fives - least * n) * share / sum(shares) for share in shares]
    given = [least + int(part) for part in exact]
    rest = sorted(range(n), key=lambda i: int(exact[i]) - exact[i])
    for i in rest[: fives - sum(given)]:
        given[i] += 1
    return [float(STEP * part) for part in given]


def _rating(order: CardOrder, who: str, supplier: str, requirement: str) -> float | None:
    """Points in fives around how good the supplier is for this account; rivals are partly unknown.

    Respondents of one account mostly agree, and from one period to the next little changes.
    """
    level = 60 + pick(21, order.account, order.segment, supplier)
    strength = pick(41, order.account, supplier, requirement) - 20
    mood = pick(17, order.account, who, supplier, requirement) - 8
    drift = pick(9, order.account, order.period, supplier, requirement) - 4
    if supplier != US and pick(9, order.key.plain, supplier, requirement) == 0:
        return None
    points = STEP * round((level + strength + mood + drift) / STEP)
    return float(min(100, max(10, points)))


def _comments(card: Scorecard, order: CardOrder) -> dict[str, str]:
    """A word on the weakest requirement of every second card."""
    if pick(2, order.key.plain, "comment"):
        return {}
    said = texts(order.language)
    weakest = next(iter(card.gaps()), None)
    return {weakest: said(f"demo.comment{1 + pick(COMMENTS, order.key.plain)}")} if weakest else {}


def _wishes(order: CardOrder) -> tuple[Wish, ...]:
    said = texts(order.language)
    first = pick(WISHES, order.key.plain, "wish")
    chosen = [1 + (first + i) % WISHES for i in range(pick(3, order.key.plain, "wishes"))]
    return tuple(
        Wish(
            f"wish{place}",
            said(f"demo.issue{number}"),
            said(f"demo.remedy{number}"),
            10.0 * (4 + pick(7, order.key.plain, number)),
        )
        for place, number in enumerate(chosen, 1)
    )
