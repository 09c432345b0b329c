"""The texts and numbers of the sample, and what must come out of them."""

from __future__ import annotations

from datetime import UTC, date, datetime

from kamxl.forms.paper.book import Scalar

STAMP = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
FIRST, LAST = 8, 13
ROWS = range(FIRST, LAST + 1)
LABELS = (
    "Delivery on time",
    "Price & terms",
    "Quality of the parts",
    "Help when something breaks",
    "Keeping promises",
    "Ideas of their own",
)
US = "R&D <Us>"
RIVAL_NAME = 'Borel "Précision" SA'
VALUES: dict[str, Scalar] = {
    "title": "Scorecard for Müller & Söhne",
    "mark": "kx1.ab12",
    "us": US,
    "rival": RIVAL_NAME,
    "rival-name": "kx_borel",
    "who": "=1+1",
    "when": date(2026, 3, 4),
}
WEIGHTS = (30, 25, 20, 10, 10, 5)
OURS = (82.5, 60, 91, 70, 45, None)
THEIRS = (75, 71, 88, None, 66, 40)


def values() -> dict[str, Scalar]:
    """What fills the sample's slots."""
    found = dict(VALUES)
    for at, row in enumerate(ROWS):
        found |= {f"w{row}": WEIGHTS[at], f"u{row}": OURS[at], f"r{row}": THEIRS[at]}
        found |= {f"d{row}": difference(OURS[at], THEIRS[at])}
        found |= {f"g{row}": gap(WEIGHTS[at], OURS[at])}
    found["left"] = 100 - sum(WEIGHTS)
    found["total"], found["total-rival"] = total(OURS), total(THEIRS)
    return found


def difference(ours: float | None, theirs: float | None) -> float | str:
    """Our rating less theirs, "" if one is missing."""
    return "" if ours is None or theirs is None else ours - theirs


def gap(weight: float, rating: float | None) -> float | str:
    """What a requirement lacks of its full contribution."""
    return "" if rating is None else weight * (100 - rating) / 100


def total(ratings: tuple[float | None, ...]) -> float:
    """The weighted mean of the ratings there are."""
    rated = [(w, r) for w, r in zip(WEIGHTS, ratings, strict=True) if r is not None]
    return sum(w * r for w, r in rated) / sum(w for w, _ in rated)
