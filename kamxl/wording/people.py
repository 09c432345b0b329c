"""Whom a name names that somebody typed: without titles, forms of address and departments.

"Frau Dr. Anke Kellermann, Einkauf" is Anke Kellermann; "s. o." and "-" are nobody. What words those
are stands in the tables [typed] of every language's file.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from kamxl.core.records.person import Called
from kamxl.core.roles import Form
from kamxl.wording.functions import function_of, meant
from kamxl.wording.texts import spoken
from kamxl.wording.understood import any_of, as_seen, folded, folded_word, is_blank

LONGEST = 120  # of a name: what is longer is a sentence, and no one person's
_ADDRESS = re.compile(r"[^\s<>(),;:]+@[^\s<>(),;:]+")
_BRACKETS = re.compile(r"[(<\[][^)>\]]*[)>\]]")


@cache
def addressing() -> frozenset[str]:
    """Words that stand before a name: forms of address and titles, folded."""
    labels = (label for code in Form for label in spoken(f"register.choices.form.{code}"))
    more = (word for code in Form for word in folded(f"form_{code}") if len(word) > 1)
    return folded("titles") | {folded_word(word) for word in (*labels, *more)}


def called(text: str) -> Called:
    """Whom a typed name names. Nobody who can be told: what was typed, and that it is not sure."""
    seen = " ".join(unicodedata.normalize("NFKC", as_seen(text)).split())
    if len(seen) > LONGEST:
        return Called((seen[:LONGEST],), sure=False)
    address = _ADDRESS.search(seen)
    if address:
        rest = seen.replace(address[0], " ").strip(" <>()[],;:")
        if not _letters(re.sub("mailto", "", rest, flags=re.IGNORECASE)):
            named = address[0].removeprefix("mailto:")
            return Called((named,), sure=not _is_shared(named))
        seen = rest
    if _is_nobody(seen):
        return Called()
    bare, on_behalf = _on_behalf(_with_birth_name(seen))
    both = re.split(rf"\s{any_of('on_behalf')}\s", bare, flags=re.IGNORECASE)
    whole = [part for side in both for part in _parts(side) if part]
    people = [part for part in whole if not _is_department(part)]
    sure = not on_behalf and len(both) == 1 and not any(meant(part) for part in people or whole)
    grouped = any(word in folded("groups") for part in whole for word in _words(part))
    names = tuple(dict.fromkeys(_person(part) for part in people or whole))
    return Called(names, sure and not grouped and bool(people or not names))


def _is_shared(address: str) -> bool:
    """Whether several people read an address: "info@...", "purchasing@..."."""
    box = address.partition("@")[0]
    return box.casefold() in folded("mailboxes") or bool(meant(box))


def _with_birth_name(text: str) -> str:
    """A name with the one she was born with behind it, not in brackets or behind a comma."""
    found = re.search(rf"\s*[(,]\s*({any_of('born')}\s[^(),]+)\)?", text, re.IGNORECASE)
    return f"{text[: found.start()]} {found[1]}{text[found.end() :]}" if found else text


def _parts(text: str) -> list[str]:
    """The names and departments that stand side by side, without what stands in brackets."""
    outside = " ".join(_BRACKETS.sub(" ", text).split()) or text.strip("()[]<> ")
    parts = re.split(rf"[/;|&+\n]|\s[-–—]\s|\s{any_of('and')}\s", outside, flags=re.IGNORECASE)
    return [name.strip(" ,") for part in parts for name in _between_commas(part)]


def _between_commas(text: str) -> list[str]:
    """ "Kellermann, Anke" is one name, "Anke Kellermann, Jens Hartmann" are two."""
    pieces = [one for piece in text.split(",") if (one := _titleless(piece))]
    names = [one for one in pieces if not _is_department(one) and not _is_nobody(one)]
    if len(names) == 2 and min(len(one.split()) for one in names) == 1:
        return [f"{names[1]} {names[0]}", *(one for one in pieces if one not in names)]
    return names or pieces


def _person(name: str) -> str:
    """A name without the words for a function that somebody put behind it."""
    words = name.split()
    first = next((n for n, word in enumerate(words) if n > 1 and function_of(word)), len(words))
    return " ".join(words[:first])


def _titleless(name: str) -> str:
    """A name without titles and forms of address; "" if it is nothing else."""
    words = re.sub(r"\.(?=[^\W\d_])", ". ", name).split()
    return " ".join(word for word in words if word.casefold() not in addressing())


def _is_department(text: str) -> bool:
    return bool(meant(text)) and len(text.split()) < 3


def _is_nobody(text: str) -> bool:
    return not _letters(text) or is_blank(text) or folded_word(text) in folded("same_as_asked")


def _on_behalf(text: str) -> tuple[str, bool]:
    """The name behind "i. A.", and whether that stands before it."""
    found = re.match(rf"{any_of('on_behalf')}(?:(?<=\.)\s*|\s+)(?=[^\W\d_])", text, re.IGNORECASE)
    return (text[found.end() :], True) if found else (text, False)


def _letters(text: str) -> bool:
    return any(map(str.isalpha, text))


def _words(text: str) -> list[str]:
    return [folded_word(word) for word in text.split()]
