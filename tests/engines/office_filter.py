"""Filters in LibreOffice: the criteria of a database range."""

from __future__ import annotations

import re
from typing import Any

from xlwings.base_classes import autofilter_criteria_snapshot, empty_autofilter_criteria

from tests.engines.cells import Box, shown

# com.sun.star.sheet.FilterOperator2
_EMPTY, _NOT_EMPTY, _EQUAL = 0, 1, 2
_OPERATORS = {
    "equal_to": _EQUAL,
    "not_equal_to": 3,
    "greater_than": 4,
    "greater_than_or_equal": 5,
    "less_than": 6,
    "less_than_or_equal": 7,
}
_NUMERIC, _TEXT = 0, 1  # com.sun.star.sheet.FilterFieldType
_NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?")
_SIGNS = {_EMPTY: "=", _NOT_EMPTY: "<>", _EQUAL: "=", 3: "<>", 4: ">", 5: ">=", 6: "<", 7: "<="}


class OfficeFilter:
    """The filter of a table: in LibreOffice a database range."""

    def __init__(self, sheet: Any, box: Box, area: Any) -> None:
        self.sheet, self.box, self.area = sheet, box, area

    def _fields(self) -> list[Any]:
        """As they can be set again: LibreOffice does not say which values are texts."""
        fields = list(self.area.getFilterDescriptor().getFilterFields3())
        for one in fields:
            texts = [] if one.Operator in (_EMPTY, _NOT_EMPTY) else map(_text, one.Values)
            one.Values = tuple(self._value(text) for text in texts)
        return fields

    def criteria(self) -> list[dict[str, Any]]:
        fields = self._fields()
        return [
            _snapshot(number + 1, [one for one in fields if one.Field == number])
            for number in range(self.box.columns)
        ]

    def apply(self, field: int, criterion: dict[str, Any] | None) -> None:
        kept = [one for one in self._fields() if one.Field != field - 1]
        kept += self._conditions(field - 1, criterion) if criterion else []
        self.area.getFilterDescriptor().setFilterFields3(tuple(kept))
        self.area.refresh()
        if not kept:  # refreshing without criteria leaves rows hidden
            self.sheet.hide(self.box, rows=True, hidden=False)

    def _conditions(self, number: int, criterion: dict[str, Any]) -> list[Any]:
        if criterion["type"] == "values":
            return [self._condition(number, _EQUAL, criterion["values"])]
        operator, low, high = criterion["operator"], criterion["value1"], criterion["value2"]
        if operator == "between":
            found = [(_OPERATORS["greater_than_or_equal"], low)]
            found += [(_OPERATORS["less_than_or_equal"], high)]
        elif operator == "not_between":
            found = [(_OPERATORS["less_than"], low), (_OPERATORS["greater_than"], high)]
        elif low is None:
            found = [(_EMPTY if operator == "equal_to" else _NOT_EMPTY, None)]
        else:
            found = [(_OPERATORS[operator], low)]
        conditions = [
            self._condition(number, sign, [] if value is None else [value]) for sign, value in found
        ]
        if operator == "not_between":
            conditions[1].Connection = self._enum("OR")
        return conditions

    def _condition(self, number: int, operator: int, values: list[str]) -> Any:
        one = self.sheet.book.office.struct("sheet.TableFilterField3")
        one.Connection, one.Field, one.Operator = self._enum("AND"), number, operator
        one.Values = tuple(self._value(text) for text in values)
        return one

    def _value(self, text: str) -> Any:
        value = self.sheet.book.office.struct("sheet.FilterFieldValue")
        value.StringValue, value.FilterType = text, _TEXT
        if _NUMBER.fullmatch(text):
            value.IsNumeric, value.FilterType = True, _NUMERIC
            value.NumericValue = float(text)
        return value

    def _enum(self, name: str) -> Any:
        return self.sheet.book.office.enum("sheet.FilterConnection", name)


def _text(value: Any) -> str:
    return str(value.StringValue) or shown(value.NumericValue)


def _snapshot(field: int, conditions: list[Any]) -> dict[str, Any]:
    if not conditions:
        return dict(empty_autofilter_criteria(field))
    if len(conditions) == 1 and conditions[0].Operator == _EQUAL:
        values = [_text(value) for value in conditions[0].Values]
        return dict(autofilter_criteria_snapshot(field, "values", values))
    texts = [_SIGNS[one.Operator] + "".join(map(_text, one.Values)) for one in conditions]
    second = texts[1] if len(texts) > 1 else None
    join = conditions[-1].Connection.value.lower()
    return dict(autofilter_criteria_snapshot(field, "comparison", texts[0], second, join))
