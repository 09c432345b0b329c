"""Making a workspace: folders, its memory, and a register to fill in. Nothing is overwritten."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from kamxl.errors import WorkspaceError
from kamxl.excel.draw import build, render
from kamxl.forms import register as register_form
from kamxl.store import atomic, memory
from kamxl.store.paths import check_length
from kamxl.store.workspace import KEY_BYTES, Workspace, is_workspace, shortly
from kamxl.workflow.results import InitResult
from kamxl.workflow.sample import sample


def init(
    root: Path,
    language: str,
    with_sample: bool = False,
    *,
    workspace_id: str,
    key: bytes,
    now: datetime,
) -> InitResult:
    """Make a workspace in ``root``; ``with_sample`` fills its register with invented accounts.

    ``workspace_id`` and ``key`` (at least 32 random bytes) are given by whoever knows chance.
    WorkspaceError: there is one with a register already.
    """
    if len(key) < KEY_BYTES:
        raise ValueError("the key is too short")
    root = root.expanduser().resolve()
    register = check_length(root / "Register.xlsx")
    memory.check_room(Workspace(root, workspace_id, key), "0000-H0")
    made = is_workspace(root)
    if made and register.exists():
        raise WorkspaceError(
            f"{shortly(root)} is a kamxl workspace already; nothing was changed.",
            "Name a new folder, or work on in this one with 'kamxl issue'.",
        )
    workspace = Workspace.open(root) if made else Workspace.create(root, workspace_id, key)
    created, kept = [], []
    if register.exists():
        kept.append(register.name)
    else:
        filled = sample(language) if with_sample else None
        book = register_form.book(language, filled, workspace.id, now)
        atomic.write(register, render(build(book)))
        created.append(register.name)
    for folder in (workspace.inbox, workspace.outbox, workspace.plans):
        (kept if folder.is_dir() else created).append(folder.name)
        folder.mkdir(exist_ok=True)
    return InitResult(str(root), language, tuple(created), tuple(kept))
