"""A register beside the team's own, with more in it: what an import and a decision write.

Register.xlsx is never changed: the team looks at the new one and swaps them itself.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from kamxl.excel.writing.draw import build, render
from kamxl.forms.paper.book import Book
from kamxl.forms.paper.raw import RawBook
from kamxl.forms.register.carrying import Carried, carried
from kamxl.forms.register.sheets import LAYOUT
from kamxl.store import atomic
from kamxl.store.paths import check_length
from kamxl.store.workspace import Workspace
from kamxl.wording.texts import texts
from kamxl.workflow.files.registers import cells_of
from kamxl.workflow.start.register import RawRegister


def in_newest(
    register: RawRegister, workspace: Workspace, now: datetime
) -> tuple[RawBook, Carried | None]:
    """The cells of the register in the newest layout; how they came there, if it is another one."""
    if register.register.layout == LAYOUT:
        return register.raw, None
    first = carried(register.raw, workspace.id, now)
    return cells_of(render(build(first.book))), first


def write_beside(workspace: Workspace, book: Book, name: str, now: datetime) -> Path:
    """Write a register under the name that the text ``register.<name>`` says, never over another.

    OSError: it is not written.
    """
    called = texts(book.language)(f"register.{name}")
    path = check_length(workspace.root / f"{called}.xlsx")
    data = render(build(book))
    return path if atomic.create(path, data) else atomic.write_beside(path, data, now.date())
