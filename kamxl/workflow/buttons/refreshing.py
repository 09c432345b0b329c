"""The button Refresh this plan: what came back goes into kamxl's own cells of the plan in front.

It is shown and asked about first. Nothing is saved: the plan is the manager's, and so is every cell
that she typed into.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kamxl.excel.live import program
from kamxl.excel.live.blocks import enter
from kamxl.excel.live.reading import formula_rows, raw_book
from kamxl.workflow.buttons.desk import Said, Stopped, told
from kamxl.workflow.incoming.refresh import refresh_open
from kamxl.workflow.shown.refreshing import beside_lines
from kamxl.workflow.start.identity import refuse_lost

if TYPE_CHECKING:
    from kamxl.forms.plan.refreshing import Refreshed
    from kamxl.wording.texts import Texts
    from kamxl.workflow.buttons.desk import Desk

_NAMED = 5  # ids that a line names


def refresh_pressed(desk: Desk) -> Said:
    """Bring the plan in front up to date, unsaved, after asking."""
    said = desk.said
    book = program.active_book(desk.app)
    if book is None:
        raise Stopped(said("addin.no_book"))
    root = desk.workspace()
    refuse_lost(root)
    desk.settle(root / "Register.xlsx")
    with desk.at_work() as progress:
        prepared = {sheet.name: formula_rows(sheet) for sheet in book.sheets}
        found = refresh_open(root, raw_book(book), prepared, now=desk.now, progress=progress)
    if found.cells is None or found.companion is None:
        return Said(said(f"refresh.{found.why}", name=book.name, folder=root.name), wrong=True)
    beside = beside_lines(found.companion, said)
    if found.cells.nothing:
        return told(said("refresh.nothing"), *beside)
    locked = [title for title in found.cells.cells if program.protected(book.sheets[title])]
    if locked:
        return Said(said("refresh.protected", sheets=", ".join(locked)), wrong=True)
    lines = [f"• {line}" for line in (*_change_lines(found.cells, said), *beside)]
    question = "\n".join([said("refresh.shown"), "", *lines, "", said("refresh.agree")])
    if desk.ask(question, "yes_no") != "yes":
        return told(said("refresh.declined"))
    with desk.at_work():
        for title, cells in found.cells.cells.items():
            enter(book.sheets[title], cells, found.cells.fresh.get(title, ()))
        book.activate()
    return told(said("refresh.done", name=book.name))


def _change_lines(made: Refreshed, said: Texts) -> list[str]:
    """What goes into the open plan, a line each."""
    counted = (
        ("wishes", made.wishes),
        ("requirements", made.requirements),
        ("changed", made.changed),
        ("reweighed", made.reweighed),
        ("visit", made.visit),
    )
    lines = [said(f"refresh.lines.{key}", count=count) for key, count in counted if count]
    if made.crowded:
        lines.append(said("refresh.lines.crowded", names=_named(made.crowded)))
    if made.unoffered:
        lines.append(said("refresh.lines.unoffered", names=_named(made.unoffered)))
    return lines


def _named(ids: list[str]) -> str:
    more = f" (+{len(ids) - _NAMED})" if len(ids) > _NAMED else ""
    return ", ".join(ids[:_NAMED]) + more
