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
from functools import cached_property
from importlib import import_module
from typing import Any

from kamxl.core.portfolio.improving import improvements
from kamxl.core.portfolio.whole import Portfolio
from kamxl.forms.portfolio.drivers import drivers


@dataclass(frozen=True)
class Around:
    """What a record alone does not know: its portfolio, and what is listed of it."""

    portfolio: Portfolio
    lists: Any
    language: str

    @property
    def years(self) -> Sequence[Sequence[int]]:
        """The years of *Programmes*, as they are summed."""
        found: Sequence[Sequence[int]] = self.lists.years
        return found

    @property
    def tried(self) -> Any:
        """The scenario of *What if*."""
        return self.lists.tried

    @property
    def benchmarks(self) -> Mapping[str, Any]:
        """Each account against the others."""
        found: Mapping[str, Any] = self.lists.benchmarks.accounts
        return found

    @cached_property
    def drivers(self) -> Sequence[Any]:
        """All gaps, as *Value drivers* lists them."""
        return drivers(self.portfolio, self.lists.improvements)

    @cached_property
    def screen(self) -> Any:
        """What the first sheet shows."""
        return _core("screen").screen_of(self.portfolio, self.language)

    @cached_property
    def waterfall(self) -> Any:
        """Why the mean of all accounts is another one."""
        label = improvements(self.portfolio.accounts, self.language).label
        return _core("waterfall").overall(self.portfolio, label)

    def waterfall_of(self, account: str) -> Any:
        """Why an account's total is another one."""
        change = self.portfolio.changes.get(account)
        return _core("waterfall").waterfall_of(change) if change else None

    @cached_property
    def disagreements(self) -> Any:
        """Where raters lie too far apart."""
        return _core("disagreeing").disagreements(self.portfolio)


def _core(name: str) -> Any:
    return import_module(f"kamxl.core.portfolio.{name}")


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
