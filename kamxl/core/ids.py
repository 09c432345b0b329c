"""Ids of accounts, segments, contacts, competitors and requirements."""

from __future__ import annotations

import re

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


def is_spare(text: str) -> bool:
    """Whether ``text`` is the id of a row for the customer's own requirement."""
    return re.fullmatch(rf"{SPARE_PREFIX}\d{{1,3}}", text.casefold()) is not None
