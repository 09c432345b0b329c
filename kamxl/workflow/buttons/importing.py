"""The button Import: what is asked on the way, in boxes of few lines."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from kamxl.excel.live import opened, program
from kamxl.workflow.buttons.desk import Stopped, told, told_shortly
from kamxl.workflow.shown.importing import change_lines, import_lines
from kamxl.workflow.start.identity import refuse_lost
from kamxl.workflow.start.importing import import_files

if TYPE_CHECKING:
    from kamxl.workflow.buttons.desk import Desk, Said
    from kamxl.workflow.imported import Asked, ImportResult

_LINE = 200  # characters of a line in a box


def import_pressed(desk: Desk) -> Said:
    """Import the workbook in front, or a file that is picked, and open the register made of it."""
    root = desk.workspace()
    refuse_lost(root)
    desk.settle(root / "Register.xlsx")
    file = _file(desk, root)

    def settle(question: Asked) -> int | None:
        return _settled(desk, question)

    def agree(result: ImportResult) -> bool:
        lines = [_short(line) for line in change_lines(result, desk.said)]
        shown = told_shortly(lines, desk.said, "kamxl import --json", wrong=False).text
        asked = f"{shown}\n\n{desk.said('import.agree_button')}"
        return desk.ask(asked, "yes_no") == "yes"

    with desk.at_work():
        result = import_files(root, [file], desk.language, now=desk.now, settle=settle, agree=agree)
    lines = [_short(line) for line in import_lines(replace(result, asked=True))]
    said = told_shortly(lines, desk.said, file.name, wrong=result.state == "refused")
    if result.path is None:
        return said
    return told(said.text, desk.show(root / result.path))


def _file(desk: Desk, root: Path) -> Path:
    """The file of the workbook in front if it is meant, else one that is picked (Stopped: none)."""
    book = program.active_book(desk.app)
    path = opened.here(book, desk.synced) if book is not None else None
    ours = (root, desk.places.scratch)
    if path is not None and path.exists() and not any(map(path.is_relative_to, ours)):
        answer = desk.ask(desk.said("import.front", name=path.name))
        if answer == "cancel":
            raise Stopped
        if answer == "yes":
            desk.settle(path)
            return path
    chosen = program.choose_file(desk.app, desk.said("import.choose"))
    if chosen is None:
        raise Stopped
    desk.settle(chosen)
    return chosen


def _settled(desk: Desk, question: Asked) -> int | None:
    """Which column is meant, asked one after the other (Stopped: cancelled)."""
    for place, choice in enumerate(question.choices):
        samples = ", ".join(choice.samples)
        if question.part == "decimal":
            text = desk.said("import.is_decimal", header=choice.header, samples=samples)
        else:
            part = desk.said(f"import.part.{question.part}")
            text = desk.said("import.is_it", header=choice.header, samples=samples, part=part)
        answer = desk.ask(text)
        if answer == "cancel":
            raise Stopped
        if answer == "yes":
            return place
    return None


def _short(line: str) -> str:
    return line if len(line) <= _LINE else line[: _LINE - 2].rstrip() + " …"
