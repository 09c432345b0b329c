"""Ids of accounts, segments, contacts, competitors and requirements; when names are the same."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

ID_PATTERN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}")

US = "us"  # our own supplier id
ALTERNATIVE = "alternative"  # the one unnamed rival, where a team does not want to name any
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
    ('"', ""), ("„", ""), ("“", ""), ("”", ""),
)  # fmt: skip
LONGEST_ID = 32


def slug(name: str) -> str:
    """The id that a name makes by itself: "Müller & Söhne" is MUELLER-SOEHNE; "" if it makes none.

    Umlauts are spelled out, blanks become hyphens, letters capitals; at most ``LONGEST_ID``
    characters. The register proposes the same with a formula, so this uses nothing that formulas
    of spreadsheets do not know; whether another has the id already is not asked.
    """
    text = name.lower()
    for letter, spelled in SPELLED:
        text = text.replace(letter, spelled)
    words = [word for word in text.split(" ") if word]
    made = "-".join(words).upper()[:LONGEST_ID]
    return made if is_id(made) else ""


def same_id(text: str) -> str:
    """The form under which ids are compared: without case."""
    return text.casefold()


def same_name(text: str) -> str:
    """The form under which names are compared as people type them: without case and extra blanks.

    Composed, too: the same ü is one character or two, depending on the system it was typed on.
    """
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def most_typed(names: Iterable[str]) -> str:
    """How people write a name most often, the first such way."""
    return Counter(names).most_common(1)[0][0]


def is_spare(text: str) -> bool:
    """Whether ``text`` is the id of a row for the customer's own requirement."""
    return re.fullmatch(rf"{SPARE_PREFIX}\d{{1,3}}", text.casefold()) is not None
