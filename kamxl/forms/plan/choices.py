"""The fixed choices of the account plan: codes are read, labels are shown, records hold values."""

from __future__ import annotations

from kamxl.core.method.economics import FieldKind
from kamxl.core.method.gate import Answer
from kamxl.core.method.ladder import SupplierStatus
from kamxl.core.method.programmes import ActionState, ProgrammeState
from kamxl.core.records.page import Seen
from kamxl.core.records.plan import EconomicKind, IdeaState, LeverKind
from kamxl.forms.tables.columns import Choices

_C = "plan.choices."
_LEVELS = tuple(SupplierStatus)[1:]  # nothing tells the lowest one
FIELD_KIND = Choices.of(_C + "field_kind", FieldKind)
DEVELOPABLE = Choices.of(_C + "developable", Answer)
LEVEL = Choices(_C + "level", tuple(level.id for level in _LEVELS), _LEVELS)
MET = Choices(_C + "met", ("yes", "no", "unknown"), (True, False, None))
ECONOMIC = Choices.of(_C + "economic", EconomicKind)
IDEA_STATE = Choices.of(_C + "idea_state", IdeaState)
RHYTHM = Choices(_C + "rhythm", ("weekly", "monthly", "quarterly", "half_yearly", "yearly", "none"))
LEVER_KIND = Choices.of(_C + "lever_kind", LeverKind)
PROGRAMME_STATE = Choices.of(_C + "programme_state", ProgrammeState)
ACTION_STATE = Choices.of(_C + "action_state", ActionState)
SEEN = Choices.of(_C + "seen", Seen)
