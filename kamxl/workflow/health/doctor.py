"""All looks, one after the other: of the computer, and of the workspace if there is one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from kamxl.errors import KamxlError, WorkspaceError
from kamxl.store import memory
from kamxl.store.sent import SentLog
from kamxl.store.workspace import Workspace
from kamxl.workflow.health import computer, contents, folder
from kamxl.workflow.health.looks import Look, refused, well
from kamxl.workflow.start.identity import opened, stands_in


@dataclass(frozen=True, slots=True)
class DoctorResult:
    """What was found, in order; ``root``: the workspace that was looked at, if there is one."""

    language: str
    root: str | None
    looks: tuple[Look, ...]

    @property
    def attention(self) -> bool:
        """Whether something is missing or blocked."""
        return any(look.state != "well" for look in self.looks)


def doctor(root: Path, language: str, *, now: datetime, named: bool = False) -> DoctorResult:
    """Look at this computer and at the workspace in ``root``; nothing is changed.

    Where a folder takes a file is tried with one that is removed again. ``named``: somebody means
    this folder, so that it has to be a workspace. Whatever is wrong is a look, never an error.
    """
    looks = [*_computer(now)]
    try:
        there = stands_in(root)
    except OSError as problem:  # a folder that nobody lets us look into
        closed = WorkspaceError("folder-unusable", path=root, reason=problem)
        return DoctorResult(language, str(root), (*looks, refused("workspace", closed)))
    if not there and not named:
        return DoctorResult(language, None, (*looks, well("workspace", "none")))
    return DoctorResult(language, str(root.resolve()), (*looks, *of_workspace(root, now)))


def of_workspace(root: Path, now: datetime) -> tuple[Look, ...]:
    """What a workspace alone is like; that it is none is said, too."""
    try:
        return tuple(_workspace(opened(root), now))
    except KamxlError as problem:
        return (refused("workspace", problem),)


def _computer(now: datetime) -> Iterator[Look]:
    yield computer.python()
    yield computer.processes()
    yield computer.fences()
    yield computer.libreoffice()
    yield computer.temporary()
    yield computer.kept()
    yield computer.shipped()
    yield computer.clock(now)


def _workspace(workspace: Workspace, now: datetime) -> Iterator[Look]:
    yield well("workspace", root=workspace.root)
    yield from folder.writable(workspace)
    yield folder.disk(workspace)
    yield from folder.conflicts(workspace)
    yield folder.placeholders(workspace)
    yield from folder.open_workbooks(workspace)
    register, look = contents.register_of(workspace)
    yield look
    try:
        issued = memory.load(workspace)
        SentLog(workspace)
    except KamxlError as problem:
        yield refused("keys", problem)
    else:
        yield from contents.keys(workspace, issued)
        yield from folder.clock(workspace, issued, now)
    yield from contents.own_templates(workspace)
    if register is not None:
        yield contents.mail(register.settings)
