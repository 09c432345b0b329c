"""What formulas make of typed cells: the same as the reader does of columns that are ``reckoned``.

What they cannot take is a mistake to both, and turns red. Each piece gets references as texts.
"""

from __future__ import annotations

from collections.abc import Sequence

from kamxl.forms.paper.idioms import (
    code_of,
    count_of,
    counted_matches,
    none_of,
    quoted,
    weight_between,
)
from kamxl.forms.paper.places import At
from kamxl.forms.tables.columns import Choices, Column, Kind
from kamxl.forms.tables.fields import spelled_blanks

BLANKS = "blanks"  # under which a book offers the cell with ``blank_words``; the words of a choice
# under the key of its texts
UNANSWERED = "-"  # the letter of a cell that says none of the choices
_RATED = ('">1"', '"<=100"')  # and 0: what lies between is a share, be it 100 %
_WEIGHING = ('">0"', '"<=100"')
_AMOUNT = ('">=0"', '"<1E+15"')


def letters(choices: Choices) -> dict[str, str]:
    """A letter of each code, by which a formula tells the answers apart: its first free one."""
    found: dict[str, str] = {}
    for code in choices.codes:
        free = (one for one in code if one.isalnum() and one not in found.values())
        found[code] = next(free, code[0])
    return found


def blank_words() -> str:
    """What leaves a cell blank on purpose, and nothing at all, as one text: formulas look into it.

    A cell holds it: the rule of a colour has no room for so many words.
    """
    return f"|{'|'.join(spelled_blanks())}|"


def choice_words(choices: Choices) -> str:
    """What may be typed for each choice, with its letter, as one text."""
    known = letters(choices)
    return "".join(f"|{word}={known[code]}" for word, code in choices.spelled().items())


def answer(cell: str, words: str) -> str:
    """The letter of what a cell says; ``words``: the cell that holds the words."""
    return code_of(cell, words, UNANSWERED)


def rated(cell: str) -> str:
    """1 if a cell holds points, else 0."""
    one = _alone(cell)
    return f"{_count(one, _RATED)}+{count_of(one, '0')}"


def weighing(cell: str) -> str:
    """1 if a cell holds a weight above 0, else 0."""
    return _count(_alone(cell), _WEIGHING)


def weight(weights: str) -> str:
    """What the weights add up to."""
    return weight_between(weights, *_each(weights, _WEIGHING))


def weight_of_rated(weights: str, ratings: str) -> str:
    """What those of the rated add up to."""
    sound = _each(weights, _WEIGHING)
    points = weight_between(weights, *sound, *_each(ratings, _RATED))
    return f"{points}+{weight_between(weights, *sound, (ratings, '0'))}"


def weighted(weights: Sequence[str], ratings: Sequence[str]) -> str:
    """The points, each times its weight, summed. Cell by cell: an error in one spoils no other."""
    return "+".join(
        f"{weight(_alone(w))}*{weight_between(_alone(r), *_each(_alone(r), _RATED))}"
        for w, r in zip(weights, ratings, strict=True)
    )


def unread(column: Column, cell: str, at: At) -> str:
    """Whether neither the formulas nor the reader can take what stands in a cell; in a column that
    is not ``reckoned``, whether no formula counts it, for it is a text.
    """
    if not column.reckoned:
        return as_text(cell)
    if column.kind is Kind.CHOICE and column.choices:
        words = at.offered(column.choices.texts)
        return _odd(cell, at, none_of(cell, words, "="))
    if column.kind is Kind.POINTS:
        return _odd(cell, at, f"{rated(cell)}=0")
    return _odd(cell, at, f"{_count(_alone(cell), _AMOUNT)}=0")


def numeric(column: Column) -> bool:
    """Whether people type numbers into a column."""
    return column.kind in (Kind.POINTS, Kind.AMOUNT) and not column.given


def as_text(cell: str) -> str:
    """Whether a text stands in a cell for numbers, other than what leaves it blank on purpose."""
    return f"AND(ISTEXT({cell}),{none_of(cell, quoted(blank_words()))})"


def unread_weight(cell: str, at: At) -> str:
    """The same for a weight, which may be a part of one per cent."""
    sound = _count(_alone(cell), ('">=0"', '"<=100"'))
    return _odd(cell, at, f"{sound}=0")


def _odd(cell: str, at: At, test: str) -> str:
    return f"AND({test},{none_of(cell, at.offered(BLANKS))})"


def _alone(cell: str) -> str:
    """A cell of the sheet itself as a range of one."""
    return f"{cell}:{cell}"


def _each(cells: str, conditions: Sequence[str]) -> list[tuple[str, str]]:
    return [(cells, condition) for condition in conditions]


def _count(cells: str, conditions: Sequence[str]) -> str:
    return counted_matches(*(one for pair in _each(cells, conditions) for one in pair))
