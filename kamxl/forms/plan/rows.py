"""From the records of a plan to the rows of its tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from kamxl.core.method.programmes import Action, Actual
from kamxl.core.records.plan import AccountPlan
from kamxl.forms.plan.sheets import EFFECTS, FORMS, HOLDS, OUTCOMES
from kamxl.forms.plan.targets import target_of
from kamxl.forms.tables.declared import Line, Table, is_helper


def forms_for(plan: AccountPlan) -> tuple[Table[Any], ...]:
    """The tables that a plan is drawn with.

    A column that ended stands there as long as an earlier plan says something in it: what somebody
    typed is carried on. It stands beside what is printed, before what is for formulas alone.
    """
    return tuple(_kept(table, plan) for table in FORMS)


def _kept(table: Table[Any], plan: AccountPlan) -> Table[Any]:
    records = getattr(plan, HOLDS.get(table.key, ""), ())
    kept = [column for column in table.ended if table.says(column, records)]
    if not kept:
        return table
    here, ended = list(table.columns), tuple(one for one in table.ended if one not in kept)
    first = next((n for n, one in enumerate(here) if is_helper(one)), len(here))
    here[first:first] = [replace(column, until=None) for column in kept]
    return replace(table, columns=tuple(here), ended=ended)


def lines_of(plan: AccountPlan, forms: Iterable[Table[Any]] = FORMS) -> dict[str, list[Line]]:
    """The rows of each table, by the table's key."""
    return {table.key: list(_lines(table, plan)) for table in forms}


def _lines(table: Table[Any], plan: AccountPlan) -> Iterator[Line]:
    if table.key == EFFECTS.key:  # they are of programmes
        for programme in plan.programmes:
            for effect in programme.effects:
                actual = effect.actual or Actual()
                did = {f"actual_{key}": getattr(actual, key) for key in OUTCOMES}
                yield table.line(effect, programme=programme.id, **did)
        return
    for record in getattr(plan, HOLDS[table.key]):
        yield table.line(record, **_beside(record))


def _beside(record: Any) -> dict[str, Any]:
    """What a row says that no field of its record holds."""
    return {"closes": target_of(record)} if isinstance(record, Action) else {}
