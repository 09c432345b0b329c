"""From the records of a plan to the rows of its tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kamxl.core.method.programmes import Action, Actual
from kamxl.core.records.plan import AccountPlan
from kamxl.forms.plan.sheets import EFFECTS, FORMS, HOLDS, OUTCOMES
from kamxl.forms.plan.targets import target_of
from kamxl.forms.tables.declared import Line, Table


def lines_of(plan: AccountPlan) -> dict[str, list[Line]]:
    """The rows of each table, by the table's key."""
    return {table.key: list(_lines(table, plan)) for table in FORMS}


def _lines(table: Table[Any], plan: AccountPlan) -> Iterator[Line]:
    if table is EFFECTS:  # they are of programmes
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
