"""What columns are called: which of our fields a header names, in the words of every language."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cache, lru_cache

from kamxl.wording.functions import folded_words
from kamxl.wording.understood import understood


class Part(StrEnum):
    """What an export can tell the register, as ``--map`` names it."""

    ACCOUNT = "account"
    ACCOUNT_MORE = "account_more"  # the second line of a name
    ACCOUNT_NUMBER = "account_number"
    MANAGER = "manager"
    MANAGER_EMAIL = "manager_email"
    REVENUE = "revenue"
    CURRENCY = "currency"
    SEGMENT = "segment"
    LANGUAGE = "language"
    PERSON = "person"
    FIRST_NAME = "first_name"
    LAST_NAME = "last_name"
    FORM = "form"
    TITLE = "title"
    EMAIL = "email"
    FUNCTION = "function"
    CONTACT_NUMBER = "contact_number"


OTHER, NOT_NOW, OWN_REVENUE = "other", "not_now", "own_revenue"
EXACT, WITHIN = 3, 2
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


@lru_cache(maxsize=4096)
def named(header: str, kind: str) -> tuple[int, int, int, int]:
    """How well a header names a kind of column: (how, words, ends, order), larger is better.

    ``how``: EXACT, WITHIN or 0; ``words``: of the name in it; ``ends``: 1 where the header ends so
    ("Contact owner" is an owner); ``order``: the usual name first.
    """
    bare = _folded(header)
    best = (0, 0, 0, 0)
    for place, (word, count) in enumerate(_kind(kind)):
        inner = f"_{word.strip('_')}_"
        if word == bare:
            best = max(best, (EXACT, count, 1, -place))
        elif word.strip("_") and inner in bare:
            best = max(best, (WITHIN, count, int(bare.endswith(f"{inner}_")), -place))
    return best


def year_of(header: str) -> int | None:
    """The year in a header, the last of several."""
    found = _YEAR.findall(header)
    return int(found[-1]) if found else None


def is_known(header: str) -> bool:
    """Whether a header names anything that exports usually have."""
    return any(named(header, kind)[0] for kind in (*Part, OTHER))


def without_year(header: str) -> str:
    """A header as it is compared: the same in the next year."""
    return _YEAR.sub(" ", header)


@cache
def _kind(kind: str) -> tuple[tuple[str, int], ...]:
    words = (_folded(word) for word in understood(f"export_{kind}"))
    return tuple((word, len(word.strip("_").split("_"))) for word in words)


def _folded(text: str) -> str:
    return folded_words(without_year(text).replace("ß", "ss").replace("-", " "))
