"""A register as that of another workspace; all else in it stays byte for byte what it was.

Only in a process apart: the file may come from anywhere.
"""

from __future__ import annotations

from dataclasses import dataclass

from kamxl.apart import raises
from kamxl.excel.reading.limits import Refused
from kamxl.excel.writing.replacing import Unsuitable, with_texts
from kamxl.forms.register.reading import is_register, renamed_marks, workspaces
from kamxl.workflow.files.registers import cells_of


@dataclass(frozen=True, slots=True)
class RegisterCopy:
    """The bytes of the copy; None: there can be none. ``register``: whether it was one at all."""

    register: bool
    data: bytes | None = None


@raises(Refused)
def copy_for(data: bytes, workspace: str) -> RegisterCopy:
    """The register ``data`` as that of the ``workspace`` of this id (Refused)."""
    raw = cells_of(data)
    if not is_register(raw):
        return RegisterCopy(register=False)
    try:
        made = with_texts(data, renamed_marks(raw, workspace))
        told = {of for of, *_ in workspaces(cells_of(made))}
    except (Unsuitable, Refused):
        return RegisterCopy(register=True)
    return RegisterCopy(True, made if told <= {workspace} else None)
