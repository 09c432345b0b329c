"""Whether a typed name is the person who was asked: the one place that compares names of people.

``who`` decides; everything that tells raters apart, be it for counting, reminding, showing last
answers or following somebody through the periods, asks it or ``told_apart``, which uses it.

What is she herself: her name in any spelling that nobody else shares ("Kellermann, Anke",
"A. Kellermann", "Kellermann", "Mueller" for "Müller", a slip of the finger in a long name, her
initials), her id, her address, and nothing at all. What is clearly somebody else: a name that has
neither her first name nor her surname. What is doubtful, and asked: one of the two beside another
one ("Bernd Kellermann", "Anke Berger"), her first name alone, two names, a department.
Titles and forms of address are gone already (``Called``): which words those are, no core knows.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from enum import StrEnum
from functools import cache, lru_cache
from typing import NamedTuple

from kamxl.core.ids import same_id, same_name
from kamxl.core.records.person import Called
from kamxl.core.records.register import Answers, CardOrder

MOST_WORDS, LONGEST_WORD = 12, 40  # of a name that is compared; nobody's has more
_WORD = re.compile(r"[^\W_]+\.?")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "æ": "ae"})
_BARE = str.maketrans({"ø": "o", "æ": "a", "ł": "l", "đ": "d"})
# Letters that sound alike, in this order: Stephan and Stefan, Meyer and Maier.
_SOUNDS = (("ph", "f"), ("th", "t"), ("dt", "t"), ("ck", "k"), ("c", "k"), ("tz", "z"),
           ("y", "i"), ("ai", "ei"))  # fmt: skip
_WHOLE, _PART = 2, 1  # how far two words are the same: as a word, or as its first letter


class Who(StrEnum):
    """Whose answer it is."""

    SAME = "same"  # that of the person who was asked
    OTHER = "other"  # somebody else's: a further rater
    DOUBT = "doubt"  # only a person can tell


class Addressee(NamedTuple):
    """Who was asked, by all that may be typed for her."""

    name: str
    id: str = ""
    email: str = ""

    @classmethod
    def of(cls, order: CardOrder) -> Addressee:
        """Whom a card was issued to."""
        return cls(order.respondent_name, order.respondent, order.respondent_email)


def called(answers: Answers) -> Called:
    """Whom the rater's name on a card names."""
    if answers.called is not None:
        return answers.called
    return Called((answers.name.strip(),) if answers.name.strip() else ())


def who(typed: Called, asked: Addressee) -> Who:
    """Whether what was typed is the person who was asked. A blank is she."""
    found = {_one(name, asked) for name in typed.names}
    if found <= {Who.SAME}:
        return Who.SAME
    return Who.OTHER if found == {Who.OTHER} and typed.sure else Who.DOUBT


def same_person(one: str, other: str) -> bool:
    """Whether two names as our register has them are one person's, in two spellings."""
    return who(Called((one,)), Addressee(other)) is Who.SAME


def names_part_of(name: str, company: str) -> bool:
    """Whether a name is a company's, or some words of it: "Moltide" of "Moltide AG"."""
    words = {_plain(word) for word in _words(name)}
    return bool(words) and words <= {_plain(word) for word in _words(company)}


def told_apart(names: Iterable[str]) -> dict[str, str]:
    """Each name (as compared, see ``same_name``) with the one by which its person is told apart:
    the fullest spelling of it. What fits several persons is one more.
    """
    compared = sorted({same_name(name) for name in names}, key=_fullest)
    found: dict[str, str] = {}
    heads: list[str] = []
    for name in compared:
        known = [head for head in heads if same_person(name, head)]
        found[name] = known[0] if len(known) == 1 else name
        heads += [] if len(known) == 1 else [name]
    return found


def _fullest(name: str) -> tuple[int, int, str]:
    """By what names are sorted, the one that says most first."""
    return -sum(len(word) > 1 for word in _words(name)), -len(name), name


@lru_cache(maxsize=4096)
def _one(name: str, asked: Addressee) -> Who:
    seen = same_name(name)
    if seen == same_name(asked.name) or (asked.id and same_id(seen) == same_id(asked.id)):
        return Who.SAME
    if "@" in seen:
        if seen == same_name(asked.email):
            return Who.SAME
        seen = re.sub(r"[._-]+", " ", seen.partition("@")[0])
    return _compared(_words(seen), _words(asked.name), _surnames(asked.name))


def _words(name: str) -> tuple[str, ...]:
    """The words of a name, first name first; an abbreviated one keeps its dot ("chr.")."""
    folded = same_name(name).replace("'", "").replace("’", "")
    behind, comma, front = folded.partition(",")
    ordered = f"{front} {behind}" if comma else folded
    found = _WORD.findall(unicodedata.normalize("NFC", ordered.rstrip(" .")))[:MOST_WORDS]
    return tuple(word[:LONGEST_WORD] if len(word.rstrip(".")) > 1 else word[0] for word in found)


def _surnames(name: str) -> int:
    """How many of a name's last words are its surname: two in "Eva Berg-Kern"."""
    last = same_name(name).partition(",")[0].split()[-1:]
    return max(1, *(len(_WORD.findall(word)) for word in last)) if last else 1


def _compared(typed: Sequence[str], asked: Sequence[str], surnames: int) -> Who:
    """``typed`` of somebody against the name that was asked, so many surnames last."""
    if not typed or not asked:
        return Who.OTHER
    if _is_short_for(typed, asked) or _joined(typed) == _joined(asked):
        return Who.SAME
    if _is_latin(typed) is not _is_latin(asked):
        return Who.DOUBT  # in another script, which nobody here can spell in hers
    found = _Paired(typed, asked, len(asked) - surnames)
    if found.whole_surname and (found.no_more_typed or found.no_more_asked):
        return Who.SAME
    if found.no_more_typed:
        more = len(typed) > 1 and found.part_of_surname
        return Who.SAME if more else Who.DOUBT
    somehow = found.whole_surname or found.first_name or found.like_surname
    return Who.DOUBT if somehow else Who.OTHER


def _joined(words: Sequence[str]) -> str:
    return "".join(map(_plain, words))


def _is_latin(words: Sequence[str]) -> bool:
    """Whether there is any letter of our own script in a name, however accented."""
    return any("a" <= letter <= "z" for letter in _joined(words))


def _is_short_for(typed: Sequence[str], asked: Sequence[str]) -> bool:
    """Whether letters stand for the name: "AK", "A. K.", "AKe"."""
    letters = "".join(word.rstrip(".") for word in typed)
    if (
        len(asked) < 2
        or not 2 <= len(letters) <= 4
        or (len(typed) > 1 and len(letters) > len(typed))
    ):
        return False
    plain = [_plain(word) for word in asked]
    firsts, surname = "".join(word[0] for word in plain[:-1]), plain[-1]
    known = {f"{start}{surname[:n]}" for start in (firsts, firsts[0]) for n in range(1, 4)}
    return letters in known | {f"{surname[0]}{firsts}"}


class _Paired:
    """Which words of two names are the same, each used once, the surest pairs first."""

    def __init__(self, typed: Sequence[str], asked: Sequence[str], last: int) -> None:
        self._typed, self._asked = list(range(len(typed))), list(range(len(asked)))
        pairs: dict[int, int] = {}  # place in asked: how far
        for how_far, alike in ((_WHOLE, _equal), (_WHOLE, _slipped), (_PART, _begins)):
            for t in list(self._typed):
                here = (a for a in self._asked if alike(typed[t], asked[a], surname=a >= last))
                if (a := next(here, None)) is not None:
                    self._take(t, a, pairs, how_far)
        self.first_name = any(at < last and far == _WHOLE for at, far in pairs.items())
        left = [a for a in self._asked if a >= last]
        near = [(t, a) for t in self._typed for a in left if _near(typed[t], asked[a])]
        self.like_surname = bool(near)
        if near and self.first_name:
            self._take(*near[0], pairs, _WHOLE)
        own = {far for at, far in pairs.items() if at >= last}
        self.whole_surname, self.part_of_surname = _WHOLE in own, _PART in own
        # "Dr." is no name; "jun." and "sen." tell two apart
        dropped = [t for t in self._typed if typed[t].endswith(".")]
        spare = [a for a in self._asked if asked[a].endswith(".")]
        both = bool(dropped and spare)
        self.no_more_typed = both is False and len(dropped) == len(self._typed)
        self.no_more_asked = both is False and len(spare) == len(self._asked)

    def _take(self, typed: int, asked: int, pairs: dict[int, int], how_far: int) -> None:
        self._typed.remove(typed)
        self._asked.remove(asked)
        pairs[asked] = how_far


def _equal(one: str, other: str, *, surname: bool) -> bool:
    return not _spellings(one).isdisjoint(_spellings(other))


def _slipped(one: str, other: str, *, surname: bool) -> bool:
    """Whether it is a slip of the finger in a long surname, or another spelling of a first name.

    One letter tells first names apart: Karin and Katrin, Christian and Christina.
    """
    if _numbered(one, other):
        return False
    a, b = _plain(one), _plain(other)
    if surname:
        return min(len(a), len(b)) >= 6 and _edits(a, b) <= 1
    if min(len(a), len(b)) < 3:
        return False
    swapped = len(a) == len(b) <= 5 and sorted(a) == sorted(b) and _edits(a, b) == 1
    return swapped or _sound(a) == _sound(b)


def _begins(one: str, other: str, *, surname: bool) -> bool:
    """Whether one is an initial or an abbreviation of the other."""
    if _numbered(one, other):
        return False
    a, b = one.rstrip("."), other.rstrip(".")
    short, long = (a, b) if len(a) < len(b) else (b, a)
    abbreviated = len(short) == 1 or (one if short == a else other).endswith(".")
    return abbreviated and any(spelled.startswith(short) for spelled in _spellings(long))


def _near(one: str, other: str) -> bool:
    """Whether two surnames are alike enough to be one beside the same first name, not alone."""
    if _numbered(one, other):
        return False
    a, b = _plain(one), _plain(other)
    least = min(len(a), len(b))
    if least < 4:
        return False
    return _sound(a) == _sound(b) or _edits(a, b) <= (2 if least >= 8 else 1)


def _numbered(one: str, other: str) -> bool:
    """Whether there is a digit in one of two words: those are the same, or two."""
    return any(map(str.isdigit, one + other))


@cache
def _spellings(word: str) -> frozenset[str]:
    """A word with its umlauts spelled out and left out, which are both usual."""
    bare = word.rstrip(".")
    return frozenset({_without_marks(bare.translate(_UMLAUTS)), _without_marks(bare)})


def _plain(word: str) -> str:
    return _without_marks(word.rstrip(".").translate(_UMLAUTS))


def _without_marks(word: str) -> str:
    letters = unicodedata.normalize("NFKD", word.translate(_BARE))
    return "".join(c for c in letters if not unicodedata.combining(c))


def _sound(word: str) -> str:
    """A word as it sounds, roughly; what is doubled once."""
    for letters, sound in _SOUNDS:
        word = word.replace(letters, sound)
    return re.sub(r"(.)\1+", r"\1", word)


def _edits(one: str, other: str) -> int:
    """How many letters were mistyped, left out, put in or swapped with the next one."""
    if abs(len(one) - len(other)) > 2:
        return 3
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        after = [i]
        for j, b in enumerate(other, 1):
            least = min(row[j] + 1, after[-1] + 1, row[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                least = min(least, before[j - 2] + 1)
            after.append(least)
        before, row = row, after
    return row[-1]
