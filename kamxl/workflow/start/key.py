"""The workspace's signing keys: a new one, and a backup of them, to be kept somewhere else.

A new key is for when a device was lost or somebody left the team.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from kamxl.errors import WorkspaceError
from kamxl.store import backup as backups
from kamxl.store import memory
from kamxl.store.backup import NONCE_BYTES, SALT_BYTES, Lock
from kamxl.store.turns import one_at_a_time
from kamxl.store.workspace import KEY_BYTES, is_workspace
from kamxl.workflow.secret_results import BackupResult, KeyResult, RestoreResult
from kamxl.workflow.start.identity import OWN, in_turn, opened, traces
from kamxl.workflow.start.register import spoken_in


def rotate(root: str | os.PathLike[str], key: bytes, *, now: datetime) -> KeyResult:
    """Sign with ``key`` (at least 32 random bytes) from now on; what older ones signed is read.

    Cards that are out keep their marks. WorkspaceError: no workspace, a lost key, or another
    rotation came first. OSError: nothing was changed.
    """
    if len(key) < KEY_BYTES:
        raise ValueError("the key is too short")
    with in_turn(root, "key") as workspace:
        memory.load(workspace)  # a new key must not take the number of one that was lost
        rotated = workspace.rotate(key, now.date())
    return KeyResult(spoken_in(workspace), len(rotated.keys), now.date())


def backup(
    root: str | os.PathLike[str],
    file: str | os.PathLike[str],
    passphrase: str,
    *,
    chance: Callable[[int], bytes],
) -> BackupResult:
    """Write the workspace's whole identity into a new ``file``, locked with ``passphrase``.

    ``chance`` gives so many random bytes. WorkspaceError: no workspace, a lost key, a file that
    is there already. OSError: it was not written.
    """
    with in_turn(root, "key") as workspace:
        issued = memory.load(workspace)
        lock = Lock(chance(SALT_BYTES), chance(NONCE_BYTES))
        data = backups.locked(backups.collected(workspace), passphrase, lock)
        backups.write(Path(file), data)
        backups.note(workspace)
    return BackupResult(
        spoken_in(workspace), str(file), workspace.id, len(workspace.keys), len(issued.orders)
    )


def check_backup(root: str | os.PathLike[str], file: Path) -> None:
    """WorkspaceError: ``backup`` could not be. Before anything else is asked."""
    memory.load(opened(root))
    backups.must_be_free(file)


def check_restore(file: Path) -> None:
    """WorkspaceError: there is no such backup."""
    backups.read(file)


def restore(
    root: str | os.PathLike[str], file: str | os.PathLike[str], passphrase: str
) -> RestoreResult:
    """Bring back what a folder's memory is missing from a backup; nothing there is replaced.

    WorkspaceError: no backup, another passphrase, a folder of another workspace: nothing was
    written. Or the folder misses a key that the backup is too old for: what it has was written.
    """
    folder = Path(root).expanduser().resolve()
    path = Path(file)
    files = backups.unlocked(backups.read(path), passphrase, path)
    with one_at_a_time(folder, "key"):
        return _restored(folder, path, files)


def _restored(folder: Path, path: Path, files: Mapping[str, bytes]) -> RestoreResult:
    held = backups.identity(folder, files)
    if not is_workspace(folder):
        _must_belong(folder, held.id)
        if not memory.belongs(held):
            raise WorkspaceError("records-foreign", root=folder, held=held.id)
    written = backups.restored(folder, files)
    try:
        workspace = opened(folder)
        memory.load(workspace)
    except WorkspaceError as problem:
        raise WorkspaceError(
            "restored-too-little", count=len(written), name=path.name, problem=problem
        ) from None
    backups.note(held)
    return RestoreResult(
        spoken_in(workspace), str(folder), workspace.id, len(workspace.keys), tuple(written)
    )


def _must_belong(folder: Path, held: str) -> None:
    """WorkspaceError if what is in a folder without an identity is of another workspace."""
    told = {trace.workspace for trace in traces(folder, OWN)} - {""}
    if told and held not in told:
        raise backups.other_identity(folder, min(told), held)
