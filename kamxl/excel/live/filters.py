"""A manager's filters: taken off while a table is written, put back on the same columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kamxl.excel.live.bridge import xw

_TAKEN = {
    "top_items": "apply_top_items",
    "bottom_items": "apply_bottom_items",
    "top_percent": "apply_top_percent",
    "bottom_percent": "apply_bottom_percent",
}


@dataclass(frozen=True, slots=True)
class Kept:
    """One criterion and the header of the column it filters."""

    column: str
    criterion: xw.main.AutoFilterCriteria


def headers_of(table: xw.main.Table) -> list[str]:
    """The headers of a table, from the left."""
    found = table.header_row_range
    return [] if found is None else [str(one) for one in found.options(ndim=1).value]


def take_off(table: xw.main.Table) -> tuple[Kept, ...]:
    """Show all rows of a table, and say what its filters were."""
    columns = headers_of(table)
    criteria = [one for one in table.autofilter.criteria if one.type != "none"]
    if criteria:
        table.autofilter.clear()
    return tuple(Kept(columns[one.field - 1], one) for one in criteria)


def put_back(table: xw.main.Table, kept: Sequence[Kept]) -> list[str]:
    """Filter the same columns again; the columns of those that cannot be set from outside."""
    columns, lost = headers_of(table), []
    for one in kept:
        if one.column not in columns or not _apply(table, columns.index(one.column) + 1, one):
            lost.append(one.column)
    return lost


def _apply(table: xw.main.Table, field: int, kept: Kept) -> bool:
    found, target = kept.criterion, table.autofilter
    if found.type == "values" and found.values:
        target.apply_values(field, found.values)
    elif found.type == "comparison" and found.operator:
        target.apply_comparison(field, found.operator, found.value1, found.value2)
    elif found.type in _TAKEN:
        amount = found.percent if "percent" in found.type else found.count
        getattr(target, _TAKEN[found.type])(field, amount)
    else:  # by colour or icon: no program can set these through xlwings
        return False
    return True
