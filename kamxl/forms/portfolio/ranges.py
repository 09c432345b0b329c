"""Range bars: how far apart several people see us, requirement by requirement; with their cells.

They read fixed cells right of the page of *Voices*: a bar from the lowest to the highest rating,
marks for the mean of requirers, of purchasers and for our own view.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kamxl.core.ids import US, same_id
from kamxl.core.portfolio.disagreeing import Disagreement, Spoken, Voices
from kamxl.core.roles import Role
from kamxl.forms.paper import idioms
from kamxl.forms.paper.book import Chart, Content, Series, Sheet, Symbol
from kamxl.forms.paper.idioms import quoted
from kamxl.forms.paper.parts import live
from kamxl.forms.paper.places import At, Key
from kamxl.forms.paper.raw import a1
from kamxl.forms.paper.style import ACCENT, FAINT, INK, PLAIN, RIVAL
from kamxl.forms.portfolio.data import role_word
from kamxl.forms.portfolio.labels import short_name
from kamxl.wording.texts import Texts

CHARTS, BARS = 4, 6  # segments shown, and requirements of each
_TITLE = 56  # letters that a picture's title has room for in one line
_HEAD, _FIRST = 6, 7  # the rows from which the cells stand
_TYPE = PLAIN.but(size=6, color=FAINT)
_NAMED, _BAR = 0.2, -0.22  # of a bar's room: how far above its middle stand name and bar
_APART = 0.1  # the same of two marks, so that none hides another
# columns, from the first on: name, its place across and upwards; the bar's two ends upwards and
# across; each mark's place across, and upwards
_NAME, _AT, _UP, _ENDS, _LOW, _HIGH, _MARKS, _UPS = 0, 1, 2, 3, 5, 6, 7, 10


class Spreads:
    """The formulas of how ratings of us lie, over the answers in *Data*."""

    def __init__(self, at: At, t: Texts) -> None:
        both = quoted(role_word(t, Role.BOTH))
        self._words = {role: (quoted(role_word(t, role)), both) for role in Role}
        self._role, self._us = at.columns("data", "role", US)

    def ratings(self, key: Key) -> str:
        """The cells with the ratings of us; ``key``: account, segment and requirement."""
        return self._us.of(*key)

    def low(self, key: Key, value: float) -> Content:
        """The lowest of them."""
        return live(f"MIN({self.ratings(key)})", value)

    def high(self, key: Key, value: float) -> Content:
        """The highest."""
        return live(f"MAX({self.ratings(key)})", value)

    def count(self, key: Key, value: int) -> Content:
        """How many there are."""
        return live(f"COUNT({self.ratings(key)})", value)

    def mean(self, key: Key, role: Role, value: float | None) -> Content:
        """The mean of who answered in a role, or in both."""
        if value is None:
            return None
        roles, ratings = self._role.of(*key), self.ratings(key)
        sums = (idioms.sum_of(roles, word, ratings) for word in self._words[role])
        rated = (
            idioms.counted_matches(roles, word, ratings, quoted(">=0"))
            for word in self._words[role]
        )
        return live(f"({'+'.join(sums)})/({'+'.join(rated)})", value)


def key_of(one: Voices | Disagreement, row: Spoken) -> Key:
    """Whose rows of *Data* a requirement is about."""
    return one.account.id, one.segment.id, same_id(row.requirement)


def range_chart(voices: Voices, number: int, sheet: Sheet, left: int, t: Texts) -> Chart:
    """The picture of a segment; ``number``: from 0, which cells it reads; ``left``: their column.

    Its corners are still to be given.
    """
    first = _FIRST + number * (BARS + 1)
    last = first + BARS - 1

    def column(at: int) -> str:
        return sheet.ref(a1(first, left + at), a1(last, left + at))

    def row(at: int, first: int, last: int) -> str:
        return sheet.ref(a1(at, left + first), a1(at, left + last))

    bars = tuple(
        Series(
            row(at, _ENDS, _ENDS + 1), row(at, _LOW, _HIGH), color="B9C4D0", line=True, width=4,
            title=t("portfolio.voices.range") if at == first else "",
        )
        for at in range(first, last + 1)
    )  # fmt: skip
    names = tuple(
        Series(
            row(at, _UP, _UP), row(at, _AT, _AT), title_ref=row(at, _NAME, _NAME), color=INK,
            label="name", unseen=True,
        )
        for at in range(first, last + 1)
    )  # fmt: skip
    looks: tuple[tuple[str, str, Symbol], ...] = (
        ("requirers", ACCENT, "circle"),
        ("purchasers", RIVAL, "diamond"),
        ("ours", INK, "triangle"),
    )
    marks = tuple(
        Series(
            column(_UPS + at), column(_MARKS + at), t(f"portfolio.voices.mark_{key}"),
            color=color, mark=mark,
        )
        for at, (key, color, mark) in enumerate(looks)
    )  # fmt: skip
    title = finding(voices, t)
    return Chart(
        "scatter", "A1", "A1", (*bars, *names, *marks), title=title,
        x_title=t("portfolio.voices.points"), x_min=0, x_max=100, y_min=0, y_max=1, bare_y=True,
        description=t("portfolio.voices.described", finding=title),
    )  # fmt: skip


def finding(voices: Voices, t: Texts) -> str:
    """Whose picture it is, and what it shows; in short where that takes more than two lines."""
    account, segment = voices.account, voices.segment
    short = short_name(account.name) or account.id
    said = ""
    for name, of in ((account.name, segment.name), (short, segment.name), (short, segment.id)):
        said = t(
            "portfolio.voices.finding",
            account=name,
            segment=of if len(account.segments) > 1 else "",
            apart=voices.rows[0].seen.range,
        )
        if len(said) <= _TITLE:
            break
    return said


def cells(shown: Sequence[Voices], sheet: Sheet, left: int, spreads: Spreads, t: Texts) -> None:
    """What the pictures read, right of the page."""
    if shown:
        sheet.put(_HEAD, left, t("portfolio.voices.helper"), _TYPE)
    for number, voices in enumerate(shown):
        rows = voices.rows[:BARS]
        for place, row in enumerate(rows):
            at = _FIRST + number * (BARS + 1) + place
            for column, content in _cells(voices, row, place, len(rows), spreads, t):
                sheet.put(at, left + column, content, _TYPE)


def _cells(
    voices: Voices, row: Spoken, place: int, of: int, spreads: Spreads, t: Texts
) -> Iterator[tuple[int, Content]]:
    """One requirement's, the first on top; what nobody said is left blank, and not drawn."""
    key, seen = key_of(voices, row), row.seen
    middle = (of - place - 0.5) / of
    yield _NAME, t("portfolio.voices.bar", label=row.label, n=seen.n)
    yield _AT, 0
    yield _UP, middle + _NAMED / of
    bar = middle + _BAR / of
    yield from ((_ENDS + end, bar) for end in range(2))
    yield _LOW, spreads.low(key, seen.low)
    yield _HIGH, spreads.high(key, seen.high)
    views = (row.requirers, row.purchasers)
    for at, (role, value) in enumerate(zip((Role.REQUIRER, Role.PURCHASER), views, strict=True)):
        if value is not None:
            yield _MARKS + at, spreads.mean(key, role, value)
            yield _UPS + at, bar + (_APART - 2 * _APART * at) / of
    if row.ours is not None:
        yield _MARKS + 2, row.ours
        yield _UPS + 2, bar
