"""Making a workspace: folders, its memory, and a register to fill in. Nothing is overwritten."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from kamxl.apart import Died, call
from kamxl.core.records.register import Register
from kamxl.errors import WorkspaceError
from kamxl.excel.reading.limits import Refused
from kamxl.excel.writing.draw import build, render
from kamxl.forms.register import book as register_form
from kamxl.store import atomic, memory
from kamxl.store.paths import check_length
from kamxl.store.reading import TooLarge, beginning, content
from kamxl.store.turns import one_at_a_time
from kamxl.store.workspace import KEY_BYTES, Workspace, is_workspace
from kamxl.workflow.files.registers import REGISTER, register_in
from kamxl.workflow.results import InitResult
from kamxl.workflow.start.identity import opened, refuse_lost
from kamxl.workflow.start.pattern import copy_for
from kamxl.workflow.start.register import MOST, reason_of
from kamxl.workflow.start.sample import sample
from kamxl.workflow.start.starter import starter

Shared = TypeVar("Shared")
Result = TypeVar("Result")

_PACKED = (b"PK", b"\xd0\xcf")  # how a workbook begins: as it is, or with a password


def init(
    root: Path,
    language: str,
    with_sample: bool = False,
    *,
    workspace_id: str,
    key: bytes,
    now: datetime,
    pattern: Path | None = None,
    filled: Register | None = None,
) -> InitResult:
    """Make a workspace in ``root``; ``with_sample`` fills its register with invented accounts.

    ``pattern``: a register, of another workspace perhaps, of which the new one gets a copy;
    ``filled``: what its register says instead.
    ``workspace_id`` and ``key`` (at least 32 random bytes) are given by whoever knows chance.
    WorkspaceError: there is one with a register already, or one that has lost its identity.
    """
    if len(key) < KEY_BYTES:
        raise ValueError("the key is too short")
    root = root.expanduser().resolve()
    register = check_length(root / "Register.xlsx")
    memory.check_room(Workspace(root, workspace_id, key), "0000-H0")
    with one_at_a_time(root, "init"):
        _must_be_new(root, register, pattern)
        filled = filled or (sample(language) if with_sample else starter(language, now))
        return _made(Workspace(root, workspace_id, key), language, filled, now, pattern)


def _made(
    new: Workspace, language: str, filled: Register, now: datetime, pattern: Path | None
) -> InitResult:
    root, register = new.root, new.register
    copied = None if pattern is None else _copied(pattern, new.id)
    made = is_workspace(root)
    workspace = opened(root) if made else Workspace.create(root, new.id, new.key)
    created, kept = [], []
    if register.exists():
        kept.append(register.name)
    else:
        atomic.write(register, copied or _drawn(workspace, language, filled, now))
        created.append(register.name)
    for folder in (workspace.inbox, workspace.outbox, workspace.plans):
        (kept if folder.is_dir() else created).append(folder.name)
        atomic.make_folder(folder)
    return InitResult(str(root), language, tuple(created), tuple(kept))


def _must_be_new(root: Path, register: Path, pattern: Path | None) -> None:
    """WorkspaceError if something is there that a new workspace, or its register, would replace."""
    refuse_lost(root)
    made = is_workspace(root)
    if made and (register.exists() or pattern is not None):
        raise WorkspaceError("already-workspace", root=root)
    if register.exists():
        if pattern is not None:
            raise WorkspaceError("register-there", root=root)
        if beginning(register, 2) in _PACKED:  # one that cannot be read might belong to another
            _apart(register_in, register, None)


def _drawn(workspace: Workspace, language: str, filled: Register, now: datetime) -> bytes:
    return render(build(register_form.book(language, filled, workspace.id, now)))


def _copied(pattern: Path, workspace_id: str) -> bytes:
    """The register of ``pattern`` as one of the new workspace; all else in it stays as it is."""
    found = _apart(copy_for, pattern, workspace_id)
    if not found.register:
        raise WorkspaceError("pattern-no-register", path=pattern)
    if found.data is None:
        raise WorkspaceError("pattern-unsuitable", path=pattern)
    return found.data


def _apart(function: Callable[[bytes, Shared], Result], path: Path, shared: Shared) -> Result:
    """What a process apart makes of a workbook (WorkspaceError: it cannot be read)."""
    try:
        return call(function, content(path, REGISTER.file), shared, MOST)
    except FileNotFoundError:
        raise WorkspaceError("no-file", path=path) from None
    except TooLarge as problem:
        raise WorkspaceError("workbook-unreadable", path=path, reason=problem) from None
    except (Refused, Died) as problem:
        raise WorkspaceError("workbook-unreadable", path=path, reason=reason_of(problem)) from None
