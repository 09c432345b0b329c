"""What a row that was read holds for a field of its table's record."""

from __future__ import annotations

from dataclasses import MISSING
from typing import Any, Protocol

from kamxl.forms.tables.columns import Column, Kind

_TEXTS = {Kind.ID, Kind.REF, Kind.TEXT, Kind.VERBATIM, Kind.EMAIL, Kind.LANGUAGE, Kind.PERIOD}


class Row(Protocol):
    """A row that was read: the value of each column, None where it is blank."""

    def __getitem__(self, key: str) -> Any: ...


def held(row: Row, columns: tuple[Column, ...], default: Any) -> Any:
    """One field of a record: from its column, or from the columns of its items."""
    first = columns[0]
    if first.item is None:
        return _said(row, first, default)
    if isinstance(first.item, int):
        return tuple(_said(row, c, MISSING) for c in sorted(columns, key=lambda c: c.item or 0))
    return {c.item: c.meaning(row[c.id]) for c in columns if row[c.id] is not None}


def _said(row: Row, column: Column, default: Any) -> Any:
    value = row[column.id]
    if value is not None:
        return column.meaning(value)
    if default is MISSING:
        default = "" if column.kind in _TEXTS else None
    return column.blank_or(default)
