"""A register of the newest layout beside the one in use, with everything typed into that.

Register.xlsx is never changed: the team looks at the new one and swaps them itself.
"""

from __future__ import annotations

import os
from datetime import datetime

from kamxl.errors import WorkspaceError
from kamxl.forms.register.carrying import carried
from kamxl.forms.register.sheets import LAYOUT
from kamxl.workflow.results import NotCarried, UpgradeResult
from kamxl.workflow.start.beside import write_beside
from kamxl.workflow.start.identity import in_turn, opened
from kamxl.workflow.start.register import raw_register


def upgrade(
    root: str | os.PathLike[str], language: str | None = None, *, now: datetime
) -> UpgradeResult:
    """Write the register of a workspace in the newest layout beside it, if it is an earlier one.

    WorkspaceError: no workspace or readable register, or one of a layout that this kamxl does not
    know. OSError: it is not written.
    """
    workspace = opened(root)
    read = raw_register(workspace)
    register = read.register
    said = language or register.settings.language
    refuse_newer(register.layout)
    if register.layout == LAYOUT:
        return UpgradeResult(said, register.layout, LAYOUT)
    made = carried(read.raw, workspace.id, now)
    with in_turn(root, "upgrade"):
        path = write_beside(workspace, made.book, "upgraded", now)
    return UpgradeResult(
        said,
        register.layout,
        LAYOUT,
        workspace.relative(path),
        made.rows,
        tuple(made.own),
        made.formulas,
        tuple(NotCarried(one.sheet, one.cell, one.value) for one in made.left),
        made.notes,
    )


def refuse_newer(layout: int) -> None:
    """WorkspaceError if the register has columns that this kamxl does not know."""
    if layout > LAYOUT:
        raise WorkspaceError("register-newer", layout=layout, known=LAYOUT)
