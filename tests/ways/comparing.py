"""What is compared with what: a column or a JSON key finds its number among Python's records."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from enum import Enum
from textwrap import shorten
from typing import Any

from kamxl.wording.texts import Texts
from tests.ways.declared import BASES, COLUMNS, JSON, NOT_COMPARED, WORDS, pattern
from tests.ways.looking import MISSING, Around, Path, look
from tests.ways.making import Drawn


def path_of(table: Drawn, column: str) -> Path | None:
    """Where a column's numbers are in the records of its table; None: nobody says."""
    declared = COLUMNS.get(table.key, {})
    if found := pattern(declared, column):
        path = declared[found[0]]
        return path.replace("*", found[1]) if isinstance(path, str) else path
    name = column.removeprefix("sum_")
    for base in BASES.get(table.key, ("",)):
        path = f"{base}.{name}".strip(".")
        found_ = [look(record, path) for record in table.records]
        plain = all(one is None or isinstance(one, int | float | str) for one in found_)
        if MISSING not in found_ and plain:
            return path
    return None


def untold(said: Any, record: Any, around: Around, place: str = "") -> Iterator[str]:
    """What a JSON answer says otherwise than Python's records, or what these do not know."""
    if place in NOT_COMPARED:
        return
    if isinstance(said, dict):
        for key, value in said.items():
            inner = f"{place}.{key}".lstrip(".")
            found = None if record is None else look(record, JSON.get(inner) or key, around)
            if found is MISSING and inner not in NOT_COMPARED:
                yield f"{inner}: nobody says what it is"
            else:
                yield from untold(value, found, around, inner)
    elif isinstance(said, list):
        records = list(record) if record is not None else []
        if len(records) != len(said):
            yield f"{place}: {len(said)} there, {len(records)} here"
        for value, one in zip(said, records, strict=False):
            yield from untold(value, one, around, f"{place}[]")
    elif plain(said) != plain(record):
        yield f"{place}: {said!r} there, {shorten(repr(record), 100)} here"


def plain(value: Any) -> Any:
    """A value of the records as JSON has it, to the last digit."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    return None if value == "" else value


def word_of(t: Texts, table: str, column: str, value: Any) -> Any:
    """A verdict in the words of the workbook's language; anything else as it is."""
    group = pattern(WORDS, f"{table}.{column}")
    if group is None:
        return value
    key = value.value if isinstance(value, Enum) else value
    return None if key is None else t(f"{WORDS[group[0]]}.{key}")
