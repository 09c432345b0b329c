"""From the records of a plan to the rows of its tables: what stands in each column."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from kamxl.core.method.ladder import Indicator
from kamxl.core.method.programmes import Action
from kamxl.core.records.plan import AccountPlan
from kamxl.forms.plan.sheets import (
    CONTACTS,
    DISCOVERY,
    ECONOMICS,
    FIELDS,
    IDEAS,
    SELF,
    WISHES,
    Forms,
)
from kamxl.forms.tables.declared import TableForm, Values


def rows_of(plan: AccountPlan) -> dict[str, list[Values]]:
    """The rows of each table, by the form's key."""
    effects: list[Values] = [
        {"programme": p.id, "year": e.year, "revenue": e.revenue, "profit": e.profit,
         "customer_revenue": e.customer_revenue, "customer_profit": e.customer_profit}
        for p in plan.programmes
        for e in p.effects
    ]  # fmt: skip
    return {
        "fields": _plainly(FIELDS, plan.fields),
        "ladder": [
            {"id": i.id, "level": i.level.id, "text": i.text, "met": _met(i),
             "evidence": i.evidence}
            for i in plan.indicators
        ],
        "discovery": _plainly(DISCOVERY, plan.discovery),
        "economics": _plainly(ECONOMICS, plan.economics),
        "ideas": _plainly(IDEAS, plan.ideas),
        "contacts": _plainly(CONTACTS, plan.contacts),
        "functions": [
            {"id": f.id, "name": f.name, "remark": f.remark,
             "revenue_responsible": yes_or_no(f.revenue_responsible)}
            for f in plan.functions
        ],
        "self": _plainly(SELF, plan.ratings),
        "wishes": _plainly(WISHES, plan.wishes),
        "value": [
            {"id": v.id, "lever": v.lever, "kind": v.kind.value, "amount": v.amount,
             "proof": v.proof, "agreed": None if v.agreed is None else yes_or_no(v.agreed),
             "agreed_with": v.agreed_with, "agreed_on": v.agreed_on}
            for v in plan.levers
        ],
        "programmes": [
            {"id": p.id, "name": p.name, "need": p.need, "argument": p.argument,
             "state": p.state.value, "start": p.start, "probability": p.probability,
             "owner": p.owner, "customer_owner": p.customer_owner}
            for p in plan.programmes
        ],
        "effects": effects,
        "actions": [
            {"id": a.id, "programme": a.programme, "text": a.text, "closes": target_of(a),
             "owner": a.owner, "customer_owner": a.customer_owner, "due": a.due,
             "state": a.state.value}
            for a in plan.actions
        ],
    }  # fmt: skip


def _plainly(form: TableForm, records: Iterable[Any]) -> list[Values]:
    """Records whose fields are called as the columns are; choices by their codes."""
    keys = [column.id for column in form.columns if column.read]
    return [{key: _code(getattr(record, key)) for key in keys} for record in records]


def _code(value: Any) -> Any:
    return getattr(value, "value", value)


def _met(indicator: Indicator) -> str | None:
    return None if indicator.met is None else yes_or_no(indicator.met)


def yes_or_no(value: bool) -> str:
    """The code of an answer."""
    return "yes" if value else "no"


def target_of(action: Action) -> str:
    """What an action aims at as it stands in one cell: "SEGMENT/REQUIREMENT", or a wish's id."""
    if action.wish:
        return action.wish
    return requirement_target(action.segment, action.requirement)


def requirement_target(segment: str, requirement: str) -> str:
    """A requirement as an action names it."""
    return f"{segment}/{requirement}" if segment and requirement else requirement


class Cells:
    """References into the tables of one book, as formulas need them."""

    def __init__(self, forms: Forms, language: str) -> None:
        self._forms, self._language = forms, language

    def all(self, form: str, column: str) -> str:
        """All cells of a column, from any sheet."""
        return self._forms[form].reference(column, self._language)

    def own(self, form: str, column: str) -> str:
        """All cells of a column, from its own sheet."""
        return self._forms[form].fixed(column)

    def here(self, form: str, row: int) -> Callable[[str], str]:
        """The cells of one row by column, from that row: ``here("name")`` is "$B7"."""
        return lambda column: self._forms[form].here(column, row)
