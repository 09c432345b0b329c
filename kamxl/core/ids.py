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
