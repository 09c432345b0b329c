"""Looking numbers up in Python's records by a path, and comparing them with what a way shows.

A path is dotted: attributes, or keys of a mapping (compared without case, an enumeration's by its
value). Nothing on the way is None. ``#path`` counts what stands there.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

from kamxl.core.portfolio.whole import Portfolio



@dataclass(frozen=True)
class Around:
    """What a record alone does not know: its portfolio, the years that are shown, whose language."""

    portfolio: Portfolio
    years: Sequence[Sequence[int]]
    language: str = "en"


@dataclass(frozen=True)
class Asked:
    """A number that is found with what is around the record."""

    found: Callable[[Any, Around], Any]


Path = str | Callable[[Any], Any] | Asked
MISSING = object()  # no such attribute: nobody says what the number is


def look(record: Any, path: Path, around: Around | None = None) -> Any:
    """What stands at a path of a record; MISSING: the record knows no such thing."""
    if isinstance(path, Asked):
        assert around is not None
        return path.found(record, around)
    if callable(path):
        return path(record)
    if path.startswith("#"):
        found = look(record, path[1:])
        return found if found is None or found is MISSING else len(found)
    for name in path.split(".") if path else ():
        if record is None:
            return None
        record = _step(record, name)
        if record is MISSING:
            return MISSING
    return record


def _step(record: Any, name: str) -> Any:
    if isinstance(record, Mapping):
        keys = {_folded(key): value for key, value in record.items()}
        return keys.get(name.casefold())
    return getattr(record, name, MISSING)


def _folded(key: object) -> str:
    return str(key.value if isinstance(key, Enum) else key).casefold()


def same(record: Any, shown: Any) -> bool:
    """Whether a way shows what the record says: unknown stays empty, and is never zero."""
    nothing = (None, "")
    if record in nothing or shown in nothing:
        return record in nothing and shown in nothing
    if isinstance(record, bool) or isinstance(shown, bool):
        return bool(record) == bool(shown) if isinstance(shown, int) else False
    if isinstance(record, int | float) and isinstance(shown, int | float):
        return math.isclose(record, shown, rel_tol=1e-9, abs_tol=1e-9)
    if isinstance(record, date) and isinstance(shown, datetime):
        return shown.date() == (record.date() if isinstance(record, datetime) else record)
    return bool(record == shown)


def number(value: Any) -> bool:
    """Whether a cell or a leaf holds a number."""
    return isinstance(value, int | float) and not isinstance(value, bool)
