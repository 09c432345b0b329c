"""More cases than anybody thinks of: accounts thrown from few values, so that ties are frequent."""

from __future__ import annotations

from random import Random

from tests.recomputed.nasty import EARLIER, NOW, RIVALS, Case, Filled, Typed

_POINTS = (0, 40, 50, 50, 60, 70, 85.5, 100)
_WEIGHTS = ((50, 30, 20), (20, 30, 50), (50, 50, 0), (33.3, 33.3, 33.4), (15, 9, 6), (0, 0, 0))
_REVENUES = (0, 100, 100, 250, 970, ".")
_SAID = ("Yes", "Yes", "Yes", "Yes", "Partly", "No", "Unknown", ".")


def by_chance(seed: int, count: int) -> dict[str, Case]:
    """The same accounts for the same seed."""
    chance = Random(seed)  # noqa: S311 - dice, no secret
    return {f"RANDOM{n:03}": _case(chance) for n in range(count)}


def _case(chance: Random) -> Case:
    segments = {name: chance.choice(_REVENUES) for name in "abc"[: chance.randint(1, 3)]}
    cards = [
        Filled(
            segment,
            who,
            chance.choice(_WEIGHTS),
            {
                "us": _ratings(chance, 0.2),
                **{r: _ratings(chance, 0.5) for r in RIVALS if chance.random() < 0.6},
            },
            chance.choice((NOW, NOW, NOW, EARLIER)),
        )
        for segment in segments
        for who in ("r1", "r2", "r3")
        if chance.random() < 0.6
    ]
    return Case(
        segments,
        tuple(cards),
        tuple(chance.choice((*_POINTS, ".")) for _ in range(7)),
        tuple(chance.choice(_SAID) for _ in range(3)),
    )


def _ratings(chance: Random, blank: float) -> Typed:
    """At least one, or the card might count as never touched."""
    first = chance.choice(_POINTS)
    rest = ["." if chance.random() < blank else chance.choice(_POINTS) for _ in range(2)]
    rated = [first, *rest]
    chance.shuffle(rated)
    return tuple(rated)
