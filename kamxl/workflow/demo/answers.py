"""Invented answers: plausible, and the same every time (chance would make two demos differ)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date

from kamxl.core.ids import US
from kamxl.core.records.page import (
    NOTHING,
    Asks,
    BenefitAnswer,
    Fit,
    Outcome,
    PageAnswers,
    ProgrammeAnswer,
    RowAnswer,
    Seen,
    StatementAnswer,
    View,
)
from kamxl.core.records.register import Answers, CardOrder, Effort, Requirement, Scorecard, Wish
from kamxl.core.roles import Role
from kamxl.wording.texts import texts

STEP = 5  # people give weights and points in fives
WISHES = 6  # texts there are to choose from
COMMENTS = 6
EFFORTS = ("complicated", "time", "cost")
APART = (
    "KORNGOLD",
    "DELIV",
)  # where who buys sees us far better than who waits for what we deliver
_BETTER = 15  # points


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
        page=page_answers(order),
    )


def page_answers(order: CardOrder) -> PageAnswers:
    """What she says of our reply: between two cards whether it fits, on the next what became of it.

    Not everything fits, and one statement about her is corrected.
    """
    page, said = order.page, texts(order.language)
    if page is None:
        return NOTHING
    later = order.asks is not Asks.REPLY
    fits = (Fit.YES, Fit.YES, Fit.LATER)
    came = (Outcome.SOLVED, Outcome.PARTLY, Outcome.NOT)
    words = {Fit.YES: "fits", Fit.LATER: "later"}
    rows = []
    for place, row in enumerate(page.rows):
        fit, result = fits[place % 3], came[place % 3] if later else None
        word = "partly" if result is Outcome.PARTLY else words[fit] if place in (0, 2) else ""
        comment = said(f"demo.plan.answer_{word}") if word else ""
        rows.append(RowAnswer(row.id, fit, result, comment))
    seen, told = (Seen.ROUGHLY, said("demo.plan.benefit_said")) if later else (Seen.TOO_EARLY, "")
    views = ((View.PARTLY, said("demo.plan.correction")), (View.RIGHT, ""))
    return PageAnswers(
        tuple(rows),
        tuple(BenefitAnswer(one.id, seen, None, told) for one in page.benefits),
        tuple(
            StatementAnswer(one.id, *views[place % 2]) for place, one in enumerate(page.statements)
        ),
        tuple(ProgrammeAnswer(one.id, Fit.YES) for one in page.programmes),
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

    Respondents of one account mostly agree, ``APART`` from one requirement; and from one period to
    the next little changes.
    """
    level = 60 + pick(21, order.account, order.segment, supplier)
    strength = pick(41, order.account, supplier, requirement) - 20
    mood = pick(17, order.account, who, supplier, requirement) - 8
    drift = pick(9, order.account, order.period, supplier, requirement) - 4
    if supplier != US and pick(9, order.key.plain, supplier, requirement) == 0:
        return None
    split = supplier == US and (order.account, requirement) == APART
    apart = _BETTER if split and order.role is Role.PURCHASER else 0
    points = STEP * round((level + strength + mood + drift + apart) / STEP)
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
