"""The button Account brief: the page about the account in front, opened where pages are read."""

from __future__ import annotations

import contextlib
import webbrowser
from typing import TYPE_CHECKING

from kamxl.excel.live import program
from kamxl.excel.live.reading import raw_sheet
from kamxl.forms.paper.raw import RawBook
from kamxl.forms.plan.mark import identity
from kamxl.workflow.buttons.desk import Said, Stopped, told_shortly
from kamxl.workflow.outgoing.briefing import account_among, brief
from kamxl.workflow.shown.briefing import brief_lines

if TYPE_CHECKING:
    from pathlib import Path

    from kamxl.workflow.buttons.desk import Desk

_HEAD = 10  # rows: a plan's marks stand above


def brief_pressed(desk: Desk) -> Said:
    """Make the brief and open it; the account is that of the plan in front, or of the row chosen.

    Stopped: neither says which.
    """
    root = desk.workspace()
    desk.settle(root / "Register.xlsx")
    account = _in_front(desk, root)
    if account is None:
        raise Stopped(desk.said("brief.which"))
    with desk.at_work() as progress:
        result = brief(root, account, language=desk.language, now=desk.now, progress=progress)
    if result.page is not None:
        with contextlib.suppress(webbrowser.Error, OSError):
            webbrowser.open((root / (result.pdf or result.page)).resolve().as_uri())
    return told_shortly(brief_lines(result), desk.said, "briefs", wrong=result.attention)


def _in_front(desk: Desk, root: Path) -> str | None:
    """The account of the plan in front, else of the row that is chosen; None: of none."""
    book = program.active_book(desk.app)
    if book is None:
        return None
    heads = RawBook(tuple(raw_sheet(sheet, _HEAD) for sheet in book.sheets))
    plan = identity(heads)
    if plan is not None:
        return plan.account
    chosen = desk.app.selection
    if chosen is None:
        return None
    cells = raw_sheet(chosen.sheet).cells
    row = [(column, cell) for (at, column), cell in cells.items() if at == chosen.row]
    return account_among(root, [cell.text for _, cell in sorted(row, key=lambda one: one[0])])
