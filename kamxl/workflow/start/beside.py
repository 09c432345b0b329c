"""A register beside the team's own, with more in it: what an import and a decision write.

Register.xlsx is never changed: the team looks at the new one and swaps them itself.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from kamxl.apart import Died, call
from kamxl.errors import WorkspaceError
from kamxl.excel.reading.limits import Refused
from kamxl.excel.writing.draw import build, render
from kamxl.forms.paper.book import Book
from kamxl.forms.paper.raw import RawBook
from kamxl.forms.register.carrying import Carried, carried
from kamxl.forms.register.sheets import LAYOUT
from kamxl.store import atomic
from kamxl.store.paths import check_length
from kamxl.store.workspace import Workspace
from kamxl.wording.texts import texts
from kamxl.workflow.files.registers import REGISTER, cells_of, register_with_cells
from kamxl.workflow.start.register import MOST, RawRegister

_TOO_MUCH = frozenset({"time", "memory", "strange"})


def in_newest(
    register: RawRegister, workspace: Workspace, now: datetime
) -> tuple[RawBook, Carried | None]:
    """The cells of the register in the newest layout; how they came there, if it is another one.

    WorkspaceError: it has more rows than that one has room for.
    """
    if register.register.layout == LAYOUT:
        return register.raw, None
    first = carried(register.raw, workspace.id, now)
    try:
        return cells_of(render(build(first.book))), first
    except Refused:
        raise WorkspaceError("register-grown") from None


def write_beside(workspace: Workspace, book: Book, name: str, now: datetime) -> Path:
    """Write a register under the name that the text ``register.<name>`` says, never over another.

    WorkspaceError: it would hold more than is read of a register. OSError: it is not written.
    """
    called = texts(book.language)(f"register.{name}")
    path = check_length(workspace.root / f"{called}.xlsx")
    data = render(build(book))
    if not _is_read(data):
        raise WorkspaceError("register-grown")
    return path if atomic.create(path, data) else atomic.write_beside(path, data, now.date())


def _is_read(data: bytes) -> bool:
    """Whether a register that was just drawn can be read again: it has a look for every row."""
    try:
        call(register_with_cells, data, None, MOST)
    except Refused:
        return False
    except Died as died:
        return died.reason not in _TOO_MUCH  # what somebody else ended says nothing about it
    return len(data) <= REGISTER.file
