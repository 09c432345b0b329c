"""Ids of accounts, segments, contacts, competitors and requirements; when names are the same."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import count

ID_PATTERN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}")

US = "us"  # our own supplier id
ALTERNATIVE = "alternative"  # the one unnamed rival, where a team does not want to name any
MAX_REQUIREMENTS = 40  # that a card asks
SPARE_ROWS = 5
SPARE_PREFIX = "own"  # own1 .. own5: the customer's own requirements


def is_id(text: str) -> bool:
    """Whether ``text`` is a well-formed id."""
    return ID_PATTERN.fullmatch(text) is not None


# What an id has instead of letters and signs of names, which it must not hold; in this order.
SPELLED = (
    ("\xa0", " "), ("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss"), ("á", "a"), ("à", "a"),
    ("â", "a"), ("å", "a"), ("ç", "c"), ("é", "e"), ("è", "e"), ("ê", "e"), ("ë", "e"), ("í", "i"),
    ("ï", "i"), ("ł", "l"), ("ñ", "n"), ("ó", "o"), ("ô", "o"), ("ø", "o"), ("ú", "u"), ("&", " "),
    ("/", " "), ("+", " "), (",", " "), ("(", " "), (")", " "), ("'", ""), ("’", ""), ("~", ""),
    ('"', ""), ("„", ""), ("“", ""), ("”", ""), (" - ", " "),
)  # fmt: skip
LONGEST_ID = 32


def slug(name: str) -> str:
    """A text as an id: "Müller & Söhne" is MUELLER-SOEHNE; "" if it makes none.

    Umlauts are spelled out, blanks become hyphens, letters capitals; at most ``LONGEST_ID``
    characters. The register does the same with a formula, so this uses nothing that formulas
    of spreadsheets do not know; of that it makes the id that ``proposed`` begins with.
    """
    text = name.lower()
    for letter, spelled in SPELLED:
        text = text.replace(letter, spelled)
    words = [word for word in text.split(" ") if word]
    made = "-".join(words).upper()[:LONGEST_ID]
    return made if is_id(made) else ""


# The form under which ids are compared, without case: asked a thousand times for each account, so
# that a function around it would cost half as much again.
same_id: Callable[[str], str] = str.casefold


def same_name(text: str) -> str:
    """The form under which names are compared as people type them: without case and extra blanks.

    Composed, too: the same ü is one character or two, depending on the system it was typed on.
    """
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


class TakenIds(set[str]):
    """Ids that are given already, as ``same_id`` has them: where many names are asked about, each
    is folded once, not anew for each name.
    """


# Letters that are two in plain writing, or that have no other one within.
_SPELLED = str.maketrans(
    {"Ä": "AE", "Ö": "OE", "Ü": "UE", "ẞ": "SS", "Æ": "AE", "Œ": "OE", "Ø": "OE"}
    | {"Ł": "L", "Đ": "D", "Ð": "D", "Þ": "TH"}
)
USUAL_ID = 14  # characters of an id that is proposed; what tells doubles apart may make it longer


def proposed(name: str, taken: Iterable[str] = (), dropped: Collection[str] = ()) -> str:
    """An id made from a name, in capitals; none of ``taken``, and the same whenever asked again.

    ``dropped`` are words (folded) that fall away behind the first one: legal forms.
    What was cut off, then the last of them, tells it from ``taken``; after that numbers do.
    """
    every = _plain_words(name)
    short = every[:1] + [word for word in every[1:] if word.casefold() not in dropped]
    base = _joined(short, USUAL_ID) or _unspelled(name)
    longer = _joined(short, LONGEST_ID) or base
    cut = (f"{base}-{word}"[:LONGEST_ID] for word in reversed(every) if word not in short)
    form = next(cut, base)
    return _free((base, longer, form), base, taken)


def by_name(name: str) -> tuple[int, str, str]:
    """By what names are sorted before ids are made of them: the plainest one first."""
    return len(name), same_name(name), name


def proposed_person(name: str, taken: Iterable[str] = ()) -> str:
    """An id made from a person's name: initials, then more of the last name, then a number."""
    words = _plain_words(name)
    if not words:
        return _free((), _unspelled(name), taken)
    first, last = "".join(word[0] for word in words[:-1])[:4], words[-1]
    return _free([first + last[:n] for n in range(1 if first else 2, 9)], first + last[:1], taken)


def _free(candidates: Iterable[str], base: str, taken: Iterable[str]) -> str:
    used = taken if isinstance(taken, TakenIds) else TakenIds(map(same_id, taken))
    numbered = (f"{base}-{n}" for n in count(2))
    every = (one for some in (candidates, (base,), numbered) for one in some)
    return next(one for one in every if _is_free(one, used) and not is_spare(one))


def _is_free(one: str, used: TakenIds) -> bool:
    folded = same_id(one)
    return folded not in used and folded not in (US, ALTERNATIVE)


def _plain_words(name: str) -> list[str]:
    """The words of a name in the letters that an id may have; what has none of them is left out."""
    composed = unicodedata.normalize("NFKC", name).upper().translate(_SPELLED)
    letters = unicodedata.normalize("NFKD", composed)
    bare = "".join(c for c in letters if not unicodedata.combining(c) and c not in "'’`´.")
    words = re.findall(r"[^\W_]+", bare)
    return [word for word in ("".join(_ascii(word)) for word in words) if word]


def _ascii(word: str) -> Iterator[str]:
    return (c for c in word if c.isascii() and c.isalnum())


def _joined(words: Iterable[str], most: int) -> str:
    """Whole words as long as they fit; of the first one its beginning."""
    made = ""
    for word in words:
        longer = f"{made}-{word}" if made else word[:most]
        if len(longer) > most:
            break
        made = longer
    return made


def _unspelled(name: str) -> str:
    """For a name without a single Latin letter or digit: always the same."""
    return f"N{hashlib.sha256(same_name(name).encode()).hexdigest()[:6].upper()}"


def most_typed(names: Iterable[str]) -> str:
    """How people write a name most often, the first such way."""
    return Counter(names).most_common(1)[0][0]


def is_spare(text: str) -> bool:
    """Whether ``text`` is the id of a row for the customer's own requirement."""
    return re.fullmatch(rf"{SPARE_PREFIX}\d{{1,3}}", text.casefold()) is not None
