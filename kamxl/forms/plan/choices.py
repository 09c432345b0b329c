"""The fixed choices of the account plan: codes are read, labels are shown."""

from __future__ import annotations

from kamxl.forms.tables.columns import Choices

_C = "plan.choices."
FIELD_KIND = Choices(_C + "field_kind", ("running", "new"))
DEVELOPABLE = Choices(_C + "developable", ("yes", "partly", "no", "unknown"))
LEVEL = Choices(_C + "level", ("regular", "preferred", "system_partner"))
MET = Choices(_C + "met", ("yes", "no", "unknown"))
ECONOMIC = Choices(
    _C + "economic", ("cost", "earnings", "benefit", "revenue_driver", "cost_driver")
)
IDEA_STATE = Choices(_C + "idea_state", ("idea", "discussed", "programme", "dropped"))
RHYTHM = Choices(_C + "rhythm", ("weekly", "monthly", "quarterly", "half_yearly", "yearly", "none"))
LEVER_KIND = Choices(_C + "lever_kind", ("cost", "revenue", "capital", "risk", "other"))
PROGRAMME_STATE = Choices(_C + "programme_state", ("idea", "agreed", "running", "done", "stopped"))
ACTION_STATE = Choices(_C + "action_state", ("open", "done"))
