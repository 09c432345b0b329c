"""The button Decide: what waits for a decision, as rows in the open register, to be completed.

Nothing is saved: the register is the team's. Whose answer it is stands in each row already; what is
decided is chosen from the list in its cell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kamxl.excel.live.blocks import entered
from kamxl.excel.live.reading import raw_book
from kamxl.forms.register.deciding import begun
from kamxl.wording.visible import visible
from kamxl.workflow.buttons.desk import Said, Stopped, told, told_shortly
from kamxl.workflow.incoming.decide import decide
from kamxl.workflow.start.identity import refuse_lost

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from kamxl.workflow.buttons.desk import Desk
    from kamxl.workflow.incoming.own import Waiting

_LINE = 200  # characters of a line in a box


def decide_pressed(desk: Desk) -> Said:
    """List what waits, and put a row for each answer into the open register, unsaved."""
    root = desk.workspace()
    refuse_lost(root)
    path = root / "Register.xlsx"
    desk.settle(path)
    with desk.at_work() as progress:
        result = decide(root, desk.language, now=desk.now, progress=progress)
    said = desk.said
    if not result.waiting:
        return told(said("decide.listed", count=0, own=0))
    unsure = desk.show(path)
    book = desk.shown_at(path)
    if unsure or book is None:
        raise Stopped(unsure)
    lines = [line for one in result.waiting for line in _lines(desk, one)]
    rows = begun(raw_book(book), [one.row for one in result.waiting])
    if rows is None or (rows.left and not rows.cells):
        return told_shortly([*lines, said("decide.upgrade")], said, "kamxl decide", wrong=True)
    with desk.at_work():
        _put(desk, path, rows.sheet, rows.cells)
    lines += [said("decide.upgrade")] if rows.left else []
    shortly = told_shortly(lines, said, "kamxl decide", wrong=False)
    return told(shortly.text, said("decide.begun", sheet=rows.sheet))


def _lines(desk: Desk, one: Waiting) -> list[str]:
    """Which answer waits, and why."""
    if one.own:
        return [_short(visible(desk.said.sentence(found))) for found in one.findings]
    path = visible(one.file.path)
    return [_short(f"{path}: {desk.said.sentence(found)}") for found in one.findings]


def _put(desk: Desk, path: Path, title: str, cells: Mapping[tuple[int, int], str]) -> None:
    """Enter texts into cells of the open register, and show their sheet."""
    book = desk.shown_at(path)
    if book is None:
        raise Stopped
    sheet = book.sheets[title]
    for place, text in cells.items():
        sheet.range(place).value = entered(text, {})
    book.activate()
    sheet.activate()


def _short(line: str) -> str:
    return line if len(line) <= _LINE else line[: _LINE - 2].rstrip() + " …"
