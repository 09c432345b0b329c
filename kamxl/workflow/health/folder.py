"""The folder of a workspace: may it be written, is it whole, what did a sync client leave there?"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import stat
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from kamxl.store import atomic, memory
from kamxl.store.memory import Issued
from kamxl.store.workspace import Workspace
from kamxl.workflow.health.looks import Look, blocked, less, well
from kamxl.workflow.start.copies import copies, names_in, other_formats

_ROOM = 200_000_000  # bytes; a large workspace writes some tens of millions at once
_LATER = timedelta(days=1)  # clocks of several computers differ, but not by more
_RECALL = 0x00400000 | 0x00040000 | 0x00001000  # Windows: it is in the cloud, and not here
_NAMED = 5


def writable(workspace: Workspace) -> Iterator[Look]:
    """Each folder that kamxl writes into takes a file: one is written, and removed again."""
    folders = [workspace.root, workspace.outbox, workspace.plans, workspace.memory]
    folders += [workspace.briefs] if workspace.briefs.is_dir() else []
    folders += [*_folders_in(workspace.outbox), *_folders_in(workspace.memory)]
    fine = True
    for folder in folders:
        if folder.is_dir():
            try:
                atomic.try_out(folder)
            except OSError as problem:
                fine = False
                yield blocked("write", "closed", name=_name(folder, workspace), reason=problem)
        elif folder != workspace.outbox:  # which is made when it is needed
            fine = False
            yield less("write", "missing", name=_name(folder, workspace))
    log = workspace.memory / "issued" / "log"  # the one file that is added to, not replaced
    if log.exists() and not os.access(log, os.W_OK):
        fine = False
        closed = PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(log))
        yield blocked("write", "closed", name=_name(log, workspace), reason=closed)
    if fine:
        yield well("write")


def _folders_in(folder: Path) -> list[Path]:
    """Those that runs made: of periods, of records."""
    with contextlib.suppress(OSError):
        return sorted(path for path in folder.iterdir() if path.is_dir())
    return []


def disk(workspace: Workspace) -> Look:
    """There is room for what one run writes."""
    try:
        free = shutil.disk_usage(workspace.root).free
    except OSError as problem:
        return less("disk", "unknown", reason=problem)
    room = free // 1_000_000
    return well("disk", free=room) if free >= _ROOM else blocked("disk", "full", free=room)


def conflicts(workspace: Workspace) -> Iterator[Look]:
    """Copies that a sync client or a person left beside the workbooks, and in the memory."""
    names = names_in(workspace.root)
    found = [c for of in ("Register.xlsx", "Portfolio.xlsx") for c in copies(names, of)]
    kept = sorted(n for n in names_in(workspace.memory) if n.startswith("workspace"))
    found += [f".kamxl/{name}" for name in kept if name != "workspace.json"]
    for name in found:
        yield less("conflict", "copy", name=name)
    for name in other_formats(names, "Register.xlsx"):
        yield less("conflict", "format", name=name)
    if not found:
        yield well("conflict")


def placeholders(workspace: Workspace) -> Look:
    """Files that are in the cloud only: a sync client has not brought them."""
    folders = (workspace.root, workspace.inbox, workspace.plans, workspace.memory / "issued")
    found = [
        _name(path, workspace)
        for folder in folders
        for name in names_in(folder)
        if _elsewhere(path := folder / name)
    ]
    if not found:
        return well("placeholder")
    shown = ", ".join(found[:_NAMED])
    return blocked("placeholder", "held", names=shown, more=max(0, len(found) - _NAMED))


def _elsewhere(path: Path) -> bool:
    if path.name.startswith(".") and path.name.endswith(".icloud"):
        return True
    try:
        attributes = getattr(path.lstat(), "st_file_attributes", 0)
    except OSError:
        return False
    return bool(attributes & _RECALL) and not stat.S_ISDIR(path.lstat().st_mode)


def open_workbooks(workspace: Workspace) -> Iterator[Look]:
    """The register and the portfolio are not open in Excel or LibreOffice, as their locks tell."""
    names = set(names_in(workspace.root))
    fine = True
    for path, part in ((workspace.register, "register"), (workspace.portfolio, "portfolio")):
        # Word and Excel cut two letters off a long name; ours are long enough to be kept whole.
        if names & {f"~${path.name}", f".~lock.{path.name}#"}:
            fine = False
            yield less("open", part, name=path.name)
    if fine:
        yield well("open")


def clock(workspace: Workspace, issued: Issued, now: datetime) -> Iterator[Look]:
    """No card was issued in the future: else this clock, or one of a colleague's, is wrong."""
    times = [when for digest in issued.orders if (when := memory.written(workspace, digest))]
    newest = max(times, default=now)
    if newest > now + _LATER:
        yield blocked("clock", "behind", now=now.date(), newest=newest.date())


def _name(path: Path, workspace: Workspace) -> str:
    return workspace.relative(path) if path != workspace.root else path.name or str(path)
