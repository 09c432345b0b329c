"""Whose workspace a folder is, even where its memory is gone: nothing makes a new one silently.

Sync clients lose files, and copies are made without folders that begin with a dot. A folder without
its memory, in which something belongs to a workspace all the same, is one that lost its identity:
every command refuses and says how to bring it back.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Literal

from kamxl.errors import WorkspaceError
from kamxl.store.turns import one_at_a_time
from kamxl.store.workspace import Workspace, is_workspace, remains

# What can hold a mark, by its name: a folder that is none of ours is not read from end to end.
_ENDINGS = frozenset({".xlsx", ".xlsm", ".ods", ".xls", ".xlsb", ".eml", ".msg", ".zip"})
_LOOKED_AT = 200  # files of a folder
OWN = ("outbox", "plans")  # what only the team puts there; anybody's cards may lie in an inbox
_FOLDERS = (*OWN, "inbox")


@dataclass(frozen=True, slots=True)
class Trace:
    """Something of a workspace: its path under the folder, and that workspace's id ("": untold)."""

    kind: Literal["memory", "register", "card", "plan"]
    path: str
    workspace: str = ""


def opened(root: str | os.PathLike[str]) -> Workspace:
    """The workspace in ``root`` (WorkspaceError: none, damaged, or its identity is lost).

    Every use case opens by this door.
    """
    refuse_lost(Path(root))
    return Workspace.open(Path(root))


@contextlib.contextmanager
def in_turn(root: str | os.PathLike[str], what: str) -> Iterator[Workspace]:
    """The workspace in ``root`` for who changes it (as ``opened``; "workspace-busy").

    Opened again when the turn has come: another one may have given it a new key.
    """
    with one_at_a_time(opened(root).root, what):
        yield opened(root)


def refuse_lost(root: Path) -> None:
    """WorkspaceError if ``root`` is no workspace any more, but something in it belongs to one."""
    root = root.expanduser()
    if is_workspace(root):
        return
    found = list(islice(traces(root), 2))
    if found:
        raise lost(root, found)


def stands_in(folder: Path) -> bool:
    """Whether ``folder`` is a workspace, or was one before it lost its identity.

    A register alone, that came by mail perhaps, makes no workspace of the folder it was saved in.
    """
    if is_workspace(folder) or remains(folder) is not None:
        return True
    furnished = any((folder / name).is_dir() for name in _FOLDERS)
    return furnished and next(traces(folder, OWN), None) is not None


def above(path: Path, deep: int = 4) -> Path | None:
    """The workspace a file stands in: its folder, or one of the ``deep`` folders above that.

    outbox/2026-H2/card.xlsx stands two folders down, and replies are sorted into more. One that
    lost its identity is found, too, unless it stands within another.
    """
    near = list(path.parents)[: deep + 1]
    whole = next((folder for folder in near if is_workspace(folder)), None)
    return whole or next((folder for folder in near if stands_in(folder)), None)


def lost(root: Path, found: list[Trace]) -> WorkspaceError:
    """The folder's memory is missing: what shows it, and what to do."""
    first = found[0]
    return WorkspaceError(
        "identity-lost",
        root=root.resolve(),
        kind=first.kind,
        path=first.path,
        workspace=first.workspace,
        alone=[trace.kind for trace in found] == ["register"],
    )


def traces(root: Path, folders: Sequence[str] = _FOLDERS) -> Iterator[Trace]:
    """What in ``root`` belongs to a workspace: of its memory, the register, cards, plans, answers.

    One of each at most, of these ``folders``; nothing is changed.
    """
    left = remains(root)
    if left is not None:
        yield Trace("memory", left)
    for path in (root / "Register.xlsx", *(root / folder for folder in folders)):
        if path.exists():
            yield from islice(_in(path, root), 1)


def _in(path: Path, root: Path) -> Iterator[Trace]:
    from kamxl.apart import Died, call  # what reads is for those who lost something
    from kamxl.excel.reading.limits import LIMITS
    from kamxl.store import inbox
    from kamxl.workflow.start.traces import traces_in

    files = [path] if path.suffix else inbox.listing(path)
    readable = (file for file in files if file.suffix.casefold() in _ENDINGS)
    for file in islice(readable, _LOOKED_AT):
        entry = inbox.read(file, file.relative_to(root).as_posix(), root, LIMITS.file)
        if entry.data is not None:
            try:
                yield from call(traces_in, entry, None)
            except Died:
                continue
