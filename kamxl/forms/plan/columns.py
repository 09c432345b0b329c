"""How the columns of the account plan are declared: short forms for what comes again."""

from __future__ import annotations

from kamxl.forms.plan.table import PlanColumn
from kamxl.forms.tables.columns import LONG, Choices, Kind

MONEY = "#,##0;-#,##0"
WHOLE = "#,##0;-#,##0;0"


def text(key: str, width: float, length: int = LONG) -> PlanColumn:
    """Free text of up to ``length`` characters."""
    return PlanColumn(key, Kind.TEXT, width, length=length)


def given(key: str, kind: Kind, width: float) -> PlanColumn:
    """What kamxl fills in from what is known."""
    return PlanColumn(key, kind, width, given=True, length=LONG)


def choice(key: str, width: float, choices: Choices, *, required: bool = False) -> PlanColumn:
    """A drop-down."""
    return PlanColumn(key, Kind.CHOICE, width, required=required, choices=choices)


def live(key: str, width: float, shown: str = "", align: str = "") -> PlanColumn:
    """A calculated column; ``shown`` is its number format."""
    return PlanColumn(key, Kind.LIVE, width, shown=shown, align=align)


def own_id(width: float = 11, *, required: bool = False) -> PlanColumn:
    """An id; where nothing refers to a row it may stay blank, and reading numbers the rows."""
    return PlanColumn("id", Kind.ID, width, required=required)


PLACE = PlanColumn("place", Kind.LIVE, 4, helper=True)
