"""A reply page as plain JSON values, for the record of the workbook that carries it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields
from datetime import date
from enum import Enum
from typing import Any, TypeVar

from kamxl.core.records.page import (
    Fit,
    PageBenefit,
    PageProgramme,
    PageRow,
    PageStatement,
    ReplyPage,
    RowKind,
)

Part = TypeVar("Part", PageRow, PageBenefit, PageStatement, PageProgramme)
_PARTS: Mapping[str, type[Any]] = {
    "rows": PageRow, "benefits": PageBenefit, "statements": PageStatement,
    "programmes": PageProgramme,
}  # fmt: skip
_FROM_TEXT = {"kind": RowKind, "said": Fit, "due": date.fromisoformat}
_NUMBERS = frozenset({"baseline", "now"})
_TOLD_APART = frozenset({"id", "kind"})  # what a part cannot be without


def plain_page(page: ReplyPage) -> dict[str, Any]:
    """The page as ``page_from`` reads it; what is empty is left out."""
    record: dict[str, Any] = {"answers": page.answers, "period": page.period}
    for name in _PARTS:
        parts = [_plain(part) for part in getattr(page, name)]
        if parts:
            record[name] = parts
    return record


def page_from(record: Mapping[str, Any]) -> ReplyPage:
    """What ``plain_page`` wrote down (KeyError, TypeError, ValueError: damaged)."""
    found = {
        name: tuple(_part(kind, one) for one in record.get(name, ()))
        for name, kind in _PARTS.items()
    }
    return ReplyPage(_text(record["answers"]), _text(record["period"]), **found)


def _plain(part: Part) -> dict[str, Any]:
    values = {f.name: getattr(part, f.name) for f in fields(part)}
    return {name: _value(value) for name, value in values.items() if value not in (None, "")}


def _value(value: Any) -> str | float:
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, str) else float(value)


def _part(kind: type[Part], record: Mapping[str, Any]) -> Part:
    known = {f.name for f in fields(kind)}
    if not known.issuperset(record):
        raise ValueError("no page of this version")
    # Texts that are empty were left out, those that every part has, too.
    given = {f.name: "" for f in fields(kind) if f.default is MISSING} | dict(record)
    if not _TOLD_APART.intersection(known).issubset(record):
        raise ValueError("a part of a page says not which it is")
    return kind(**{name: _read(name, value) for name, value in given.items()})


def _read(name: str, value: object) -> Any:
    if name in _NUMBERS:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise TypeError(f"{value!r} is no number")
        return float(value)
    text = _text(value)
    return _FROM_TEXT[name](text) if name in _FROM_TEXT else text


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value
