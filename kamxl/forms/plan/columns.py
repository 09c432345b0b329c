"""How the tables of the account plan are declared: short forms for what comes again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeVar

from kamxl.forms.tables.columns import LONG, Choices, Column, Kind
from kamxl.forms.tables.declared import LINE_HEIGHT, Table
from kamxl.forms.tables.reckoning import numeric

MONEY = "#,##0;-#,##0"
WHOLE = "#,##0;-#,##0;0"
R = TypeVar("R")


def table(
    key: str, record: type[R], columns: tuple[Column, ...], *, top: int = 0, **more: Any
) -> Table[R]:
    """A table of the plan; ``top`` rows for live figures stand between title and headers.

    Few sheets are for paper: what the others say is summed up on these, and on *Visit*.
    With figures above the headers only the first columns stay in view: else they took half the
    screen.
    """
    look: dict[str, Any] = {
        "unique": ("id",),
        "head": 44,
        "spare": 6,
        "paper": False,
    } | more
    return Table(
        key, counted(columns), "plan", record,
        top=top, freeze_head=not top, centred=True, first_line=LINE_HEIGHT + 2, **look,
    )  # fmt: skip


def counted(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """The same columns; those into which people type numbers are counted live as they are read."""
    return tuple(replace(one, counted=True) if numeric(one) else one for one in columns)


def text(key: str, width: float, length: int = LONG) -> Column:
    """Free text of up to ``length`` characters."""
    return Column(key, Kind.TEXT, width, length=length)


def given(key: str, kind: Kind, width: float) -> Column:
    """What kamxl fills in from what is known."""
    return Column(key, kind, width, given=True, length=LONG)


def choice(
    key: str, width: float, choices: Choices, *, required: bool = False, **more: Any
) -> Column:
    """A drop-down."""
    return Column(key, Kind.CHOICE, width, required=required, choices=choices, **more)


def an_id(width: float = 13, **more: Any) -> Column:
    """An id; a longer one than there is room for stays whole.

    Where nothing refers to a row it may stay blank, and reading numbers the rows.
    """
    return Column("id", Kind.ID, width, **more)


def hers(key: str, width: float, length: int = LONG) -> Column:
    """Words written for the customer, empty by default: never made of what is internal."""
    return Column(key, Kind.TEXT, width, length=length, hers=True, since=2)


def over(column: Column) -> Column:
    """A column of the first layout that led to nothing: read where it stands, never drawn."""
    return replace(column, until=1)
