"""Which sheets of a plan are shown: those that hold something, and where one begins.

The others wait hidden, so that neither the screen nor paper is full of empty tables; *Visit* names
them and says how to show one. Once shown it stays: a plan is drawn only once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from kamxl.core.ids import same_id
from kamxl.core.records.plan import AccountPlan, DiscoveryAnswer, Returns
from kamxl.forms.plan.sheets import FORMS, LISTS

# What customers said of working with us is written in when a plan is made.
_GIVEN = frozenset({"complicated", "time", "cost"})


def _worked_on(one: DiscoveryAnswer) -> bool:
    own = one.answered and same_id(one.id) not in _GIVEN
    return own or one.sureness is not None or bool(one.next_step or one.share)


# Whether a table holds more than what every plan begins with; all others do with any row.
_HOLDS: Mapping[str, Callable[[AccountPlan], bool]] = {
    "ladder": lambda plan: any(one.met is not None for one in plan.indicators),
    "discovery": lambda plan: any(map(_worked_on, plan.discovery)),
    "functions": lambda plan: any(one.rhythm for one in plan.contacts),
    "value": lambda plan: bool(plan.levers) or plan.returns != Returns(),
    "effects": lambda plan: bool(plan.programmes),
    "actions": lambda plan: True,  # where one begins
    "fields": lambda plan: bool(plan.fields),
    "economics": lambda plan: bool(plan.economics),
    "ideas": lambda plan: bool(plan.ideas),
    "contacts": lambda plan: bool(plan.contacts),
    "self": lambda plan: bool(plan.ratings),
    "wishes": lambda plan: bool(plan.wishes),
    "programmes": lambda plan: bool(plan.programmes),
}


def hidden(plan: AccountPlan) -> tuple[str, ...]:
    """The keys of the sheets that wait hidden, in their order, and that of *Lists*."""
    return (*(form.key for form in FORMS if not _HOLDS[form.key](plan)), LISTS)
