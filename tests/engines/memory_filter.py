"""Filters in memory: the criteria as the file holds them, and the rows they hide."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from openpyxl.worksheet.filters import CustomFilter, CustomFilters, FilterColumn, Filters
from xlwings.base_classes import autofilter_criteria_snapshot, empty_autofilter_criteria

from tests.engines.cells import Box, shown

_SIGNS = {
    "equal_to": "equal",
    "not_equal_to": "notEqual",
    "greater_than": "greaterThan",
    "less_than": "lessThan",
    "greater_than_or_equal": "greaterThanOrEqual",
    "less_than_or_equal": "lessThanOrEqual",
}
_TEXTS = {
    "equal": "=",
    "notEqual": "<>",
    "greaterThan": ">",
    "lessThan": "<",
    "greaterThanOrEqual": ">=",
    "lessThanOrEqual": "<=",
}


class MemoryFilter:
    """The filter of a table or of a sheet; ``filters`` is None while there is none."""

    def __init__(self, sheet: Any, box: Box, filters: Any, ensure: Callable[[], Any]) -> None:
        self.sheet, self.box, self.filters, self.ensure = sheet, box, filters, ensure

    def criteria(self) -> list[dict[str, Any]]:
        known = {c.colId: c for c in (self.filters.filterColumn if self.filters else ())}
        return [_snapshot(field + 1, known.get(field)) for field in range(self.box.columns)]

    def apply(self, field: int, criterion: dict[str, Any] | None) -> None:
        if criterion is None and self.filters is None:
            return
        self.filters = filters = self.ensure()
        kept = [column for column in filters.filterColumn if column.colId != field - 1]
        if criterion is not None:
            kept.append(_column(field - 1, criterion))
        filters.filterColumn = sorted(kept, key=lambda column: column.colId)
        self._hide()

    def _hide(self) -> None:
        criteria = [one for one in self.criteria() if one["type"] != "none"]
        body = Box(self.box.row + 1, self.box.column, self.box.rows - 1, self.box.columns)
        for number, values in enumerate(self.sheet.read(body) if body.rows else ()):
            passes = all(matches(values[one["field"] - 1], one) for one in criteria)
            self.sheet.hide(Box(body.row + number, 1), rows=True, hidden=not passes)


def matches(value: Any, criterion: dict[str, Any]) -> bool:
    """Whether a value passes a filter; texts are compared without case."""
    text = shown(value).casefold()
    if criterion["type"] == "values":
        return any(text == _plain(wanted) for wanted in criterion["values"])
    if criterion["type"] != "comparison":
        raise NotImplementedError(f"AutoFilter: {criterion['type']}")
    operator, low, high = criterion["operator"], criterion["value1"], criterion["value2"]
    if operator in ("between", "not_between"):
        inside = _compares(value, ">=", low) and _compares(value, "<=", high)
        return inside is (operator == "between")
    return _compares(value, _TEXTS[_SIGNS[operator]], low)


def _plain(text: str) -> str:
    try:
        return shown(float(text)).casefold()
    except ValueError:
        return text.casefold()


def _compares(value: Any, sign: str, operand: str | None) -> bool:
    """ "=" alone is blank, "<>" alone is not blank."""
    if sign in ("=", "<>"):
        return (shown(value).casefold() == _plain(operand or "")) is (sign == "=")
    try:
        limit = float(operand or "")
    except ValueError as error:
        raise NotImplementedError("AutoFilter: order of texts") from error
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return {">": value > limit, "<": value < limit, ">=": value >= limit, "<=": value <= limit}[
        sign
    ]


def _column(number: int, criterion: dict[str, Any]) -> FilterColumn:
    if criterion["type"] == "values":
        return FilterColumn(colId=number, filters=Filters(filter=criterion["values"]))
    operator, low, high = criterion["operator"], criterion["value1"], criterion["value2"]
    if operator == "between":
        pair = [("greaterThanOrEqual", low), ("lessThanOrEqual", high)]
    elif operator == "not_between":
        pair = [("lessThan", low), ("greaterThan", high)]
    else:
        pair = [(_SIGNS[operator], low or "")]
    customs = [CustomFilter(operator=sign, val=value) for sign, value in pair]
    return FilterColumn(
        colId=number, customFilters=CustomFilters(_and=operator == "between", customFilter=customs)
    )


def _snapshot(field: int, column: FilterColumn | None) -> dict[str, Any]:
    if column is None:
        return dict(empty_autofilter_criteria(field))
    if column.filters is not None:
        values = list(column.filters.filter) + [""] * bool(column.filters.blank)
        return dict(autofilter_criteria_snapshot(field, "values", values))
    if column.customFilters is not None:
        texts = [
            _TEXTS[one.operator or "equal"] + str(one.val or "")
            for one in column.customFilters.customFilter
        ]
        join = "and" if column.customFilters._and else "or"
        second = texts[1] if len(texts) > 1 else None
        return dict(autofilter_criteria_snapshot(field, "comparison", texts[0], second, join))
    return dict(empty_autofilter_criteria(field, "unknown"))
