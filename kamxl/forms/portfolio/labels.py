"""Where the names and numbers of the bubbles stand on the map, so that none covers another.

Reckoned, not measured: no program tells where it draws. The areas of bubbles are as the values;
how large they are is not the same in Excel and in LibreOffice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

At = Literal["r", "l", "t", "b", "ctr"]
_ORDER: tuple[At, ...] = ("ctr", "r", "l", "t", "b")
_DIGIT, _LETTER, _HIGH = 5.7, 5.0, 13.0  # points of a digit, a letter and a line in their type
_GAP = 2.0
_TRIES = 6  # whoever found no room chooses first the next time
_NAME = 18  # letters of a name beside its bubble
_INNER = 0.6  # of a bubble's radius
_OVER = 6.0  # points that a label may reach beyond the plot
_LEGAL = frozenset(
    {
        "", "a/s", "ab", "ag", "and", "aps", "as", "asa", "b.v", "bv", "co", "corp", "e.g", "e.k",
        "e.v", "eg", "ek", "ev", "gbr", "ggmbh", "gmbh", "inc", "kg", "kgaa", "limited", "llc",
        "llp", "ltd", "mbh", "n.v", "nv", "ohg", "oy", "oyj", "plc", "s.a", "s.p.a", "s.r.l", "sa",
        "sarl", "sas", "sasu", "se", "spa", "srl", "ug", "und",
    }
)  # fmt: skip
_LARGEST = (0.15, 0.25)  # across, of the plot's shorter side: of 60 % in Excel, in LibreOffice
_AROUND = (44.0, 34.0, 16.0, 38.0)  # points that are not plot: left, top, right, bottom


@dataclass(frozen=True, slots=True)
class Bubble:
    """A bubble: its place from 0 to 100 % of the plot each way, its size, what it may be called.

    ``labels``: the one that says most first; a later one stands where there is no room for it.
    """

    across: float
    upwards: float
    size: float
    labels: tuple[str, ...]


class Placed(NamedTuple):
    """A label and where it stands."""

    text: str
    at: At


@dataclass(frozen=True, slots=True)
class _Box:
    left: float
    low: float
    right: float
    high: float

    def holds(self, other: _Box) -> bool:
        return (
            self.left <= other.left
            and other.right <= self.right
            and self.low <= other.low
            and other.high <= self.high
        )

    def covers(self, other: _Box) -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.low < other.high
            and other.low < self.high
        )


def placed(
    bubbles: Sequence[Bubble], wide: float, high: float, fixed: Sequence[Bubble] = ()
) -> list[Placed | None]:
    """Where the label of each bubble stands, None: there is no room for it.

    ``wide``, ``high``: of the whole chart, in points. ``fixed``: labels right of their points,
    which are there already. Who has most to say chooses first, else the first bubble; where that
    leaves some without room, other orders are tried, then all say less.
    """
    plot = plot_of(wide, high)
    taken = [_label(bubble, bubble.labels[0], "r", 0.0, plot) for bubble in fixed]
    fuller = max((len(bubble.labels) for bubble in bubbles), default=1)
    best: list[Placed | None] = []
    for least in range(max(fuller - 1, 1)):
        shorter = [replace(one, labels=one.labels[min(least, max(len(one.labels) - 2, 0)) :])
                   for one in bubbles]  # fmt: skip
        for found in _attempts(shorter, plot, taken):
            if not best or _left_out(bubbles, found) < _left_out(bubbles, best):
                best = found
    return _lengthened(bubbles, best, plot, taken)


def _lengthened(
    bubbles: Sequence[Bubble],
    found: list[Placed | None],
    plot: tuple[float, float],
    taken: Sequence[_Box],
) -> list[Placed | None]:
    """The labels once more, each as long as the others leave room for."""
    for n, bubble in enumerate(bubbles):
        now = found[n]
        longer = bubble.labels[: bubble.labels.index(now.text)] if now else bubble.labels
        if not longer:
            continue
        drawn = [_Drawn.by(largest, bubbles, plot) for largest in _LARGEST]
        for one in drawn:
            others = ((k, label) for k, label in enumerate(found) if label and k != n)
            one.taken += [*taken, *(one.box(bubbles[k], k, label) for k, label in others)]
        found[n] = _chosen(replace(bubble, labels=longer), n, drawn) or now
    return found


def plot_of(wide: float, high: float) -> tuple[float, float]:
    """How wide and high the plot of a chart is, in points."""
    left, top, right, bottom = _AROUND
    return max(wide - left - right, 50.0), max(high - top - bottom, 50.0)


def _attempts(
    bubbles: Sequence[Bubble], plot: tuple[float, float], taken: Sequence[_Box]
) -> Iterator[list[Placed | None]]:
    """The labels in one order of choosing after another, until all say what they might."""
    order = sorted(range(len(bubbles)), key=lambda n: -len(bubbles[n].labels))
    for _ in range(_TRIES):
        found = _arranged(bubbles, order, plot, taken)
        yield found
        last = [n for n in order if _short_of(bubbles[n], found[n])]
        if not last:
            break
        order = [*last, *(n for n in order if n not in last)]


def _arranged(
    bubbles: Sequence[Bubble],
    order: Sequence[int],
    plot: tuple[float, float],
    taken: Sequence[_Box],
) -> list[Placed | None]:
    """The labels where the bubbles choose in this order."""
    drawn = [_Drawn.by(largest, bubbles, plot) for largest in _LARGEST]
    for one in drawn:
        one.taken += taken
    found: list[Placed | None] = [None] * len(bubbles)
    for n in order:
        found[n] = chosen = _chosen(bubbles[n], n, drawn)
        if chosen is not None:
            for one in drawn:
                one.taken.append(one.box(bubbles[n], n, chosen))
    return found


def _short_of(bubble: Bubble, label: Placed | None) -> bool:
    """Whether a bubble is called less than it might be."""
    return label is None or label.text != bubble.labels[0]


def _left_out(bubbles: Sequence[Bubble], found: Sequence[Placed | None]) -> tuple[int, ...]:
    """How many that have a name stand without, how many have no label, how many a short one."""
    pairs = list(zip(bubbles, found, strict=True))
    unnamed = sum(len(b.labels) > 1 and (p is None or p.text == b.labels[-1]) for b, p in pairs)
    return unnamed, found.count(None), sum(map(_short_of, bubbles, found))


@dataclass(slots=True)
class _Drawn:
    """The bubbles as one program draws them; ``taken``: by labels that are placed."""

    plot: tuple[float, float]
    radii: list[float]
    bodies: list[_Box]
    taken: list[_Box]

    @classmethod
    def by(cls, largest: float, bubbles: Sequence[Bubble], plot: tuple[float, float]) -> _Drawn:
        """``largest``: how far the largest one goes across, of the plot's shorter side."""
        most = max((bubble.size for bubble in bubbles), default=1.0) or 1.0
        widest = largest * min(plot) / 2
        radii = [widest * (max(bubble.size, 0.0) / most) ** 0.5 for bubble in bubbles]
        bodies = [_body(*pair, plot) for pair in zip(bubbles, radii, strict=True)]
        return cls(plot, radii, bodies, [])

    def box(self, bubble: Bubble, n: int, one: Placed) -> _Box:
        """Where a label stands."""
        return _label(bubble, one.text, one.at, self.radii[n], self.plot)

    def has_room(self, bubble: Bubble, n: int, one: Placed) -> bool:
        """Whether it covers no other label and does not leave the plot."""
        if one.at == "ctr" and 2 * self.radii[n] < wide_of(one.text) + _GAP:
            return False
        box = self.box(bubble, n, one)
        whole = _Box(-_OVER, -_OVER, self.plot[0] + _OVER, self.plot[1] + _OVER)
        return whole.holds(box) and not any(box.covers(other) for other in self.taken)

    def hidden(self, bubble: Bubble, n: int, one: Placed) -> int:
        """How many other bubbles it covers."""
        box = self.box(bubble, n, one)
        return sum(box.covers(body) for at, body in enumerate(self.bodies) if at != n)


def _chosen(bubble: Bubble, n: int, drawn: Sequence[_Drawn]) -> Placed | None:
    """The place that covers no label and the fewest other bubbles, in whatever program."""
    for label in bubble.labels:
        places = [Placed(label, at) for at in _ORDER]
        free = [one for one in places if all(way.has_room(bubble, n, one) for way in drawn)]
        if free:
            return min(free, key=lambda one: sum(way.hidden(bubble, n, one) for way in drawn))
    return None


def _body(bubble: Bubble, radius: float, plot: tuple[float, float]) -> _Box:
    """The middle of a bubble, which no label of another one is to hide."""
    x, y = bubble.across / 100 * plot[0], bubble.upwards / 100 * plot[1]
    inner = radius * _INNER
    return _Box(x - inner, y - inner, x + inner, y + inner)


def wide_of(label: str) -> float:
    """How wide a label is about, in points."""
    return (_DIGIT if label.isdigit() else _LETTER) * len(label)


def _label(bubble: Bubble, label: str, at: At, radius: float, plot: tuple[float, float]) -> _Box:
    x, y = bubble.across / 100 * plot[0], bubble.upwards / 100 * plot[1]
    wide, away = wide_of(label), radius + _GAP
    if at == "r":
        x += away + wide / 2
    elif at == "l":
        x -= away + wide / 2
    elif at == "t":
        y += away + _HIGH / 2
    elif at == "b":
        y -= away + _HIGH / 2
    return _Box(x - wide / 2, y - _HIGH / 2, x + wide / 2, y + _HIGH / 2)


def short_name(name: str) -> str:
    """What people call a company: without its legal form, and as many whole words as have room.

    Empty if not even the first one has: nothing is cut.
    """
    words = name.split()
    while len(words) > 1 and words[-1].strip(".,&()").casefold() in _LEGAL:
        words.pop()
    said = words[0] if words else ""
    for word in words[1:]:
        if len(said) + 1 + len(word) > _NAME:
            break
        said += f" {word}"
    said = said.rstrip(" ,&-")
    return said if len(said) <= _NAME else ""
