"""Walking a folder of files from outside: each read once, in one order, on every system.

Nothing is changed and nothing outside the workspace is read. What cannot be read is reported with
the code of its reason, never left out. What hinders the computer and not one file (no more open
files, no memory, a disk or a share that fails) is a MachineError: no file is blamed for it.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from kamxl.core.records.register import MailNote
from kamxl.errors import machine_fault
from kamxl.store import reading
from kamxl.store.names import reason_of_name
from kamxl.store.paths import folded, shown

# Windows: the content is fetched when somebody reads it; macOS: SF_DATALESS.
_RECALLED, _DATALESS = 0x1000 | 0x40000 | 0x400000, 0x40000000


class Stamp(NamedTuple):
    """By what a file is seen to be another one: bytes, and nanoseconds of its last change."""

    size: int
    changed: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One file: ``path`` under the workspace (forward slashes, composed), and its bytes.

    ``reason`` is the code of why there are none: "no-access", "too-large", "still-changing", one of
    ``names.reason_of_name``, "not-a-workbook" (no file at all); inside of mails and archives there
    are more. There, ``source`` is the file on the disk, and ``mail`` what
    the mail said. ``stamp``: of the file when it was read.
    """

    path: str
    data: bytes | None = field(default=None, repr=False)
    reason: str | None = None
    modified: datetime | None = None
    sha256: str | None = None
    source: str | None = None
    mail: MailNote | None = None
    stamp: Stamp | None = None


def entry_of(path: str, data: bytes | None, modified: datetime | None) -> Entry:
    """An entry of these bytes."""
    digest = None if data is None else hashlib.sha256(data).hexdigest()
    return Entry(path, data, None, modified, digest)


def listing(folder: Path) -> list[Path]:
    """Every file in ``folder`` and below, sorted; nothing is opened."""
    return sorted(_paths(folder, seen_folders=set()), key=lambda p: _order(p, folder))


def walk(folder: Path, root: Path, limit: int, paths: list[Path] | None = None) -> Iterator[Entry]:
    """Every file in ``folder`` and below (or of its ``listing``), one at a time in memory.

    ``root`` is the workspace: links that lead out of it are not followed. ``limit`` in bytes.
    """
    seen: set[str] = set()
    for path in listing(folder) if paths is None else paths:
        yield read(path, _unique(path, root, seen), root, limit)


def read(path: Path, name: str, root: Path | None, limit: int) -> Entry:
    """One file as an Entry called ``name`` (MachineError); ``root`` None: links lead anywhere."""
    reason = reason_of_name(name if root is not None else path.name)
    if reason:
        return Entry(name, reason=reason)
    try:
        if path.is_symlink() and not _inside(path, root):
            return Entry(name, reason="no-access")
        return _read(path, name, limit)
    except FileNotFoundError:  # it was there a moment ago; or a link to nowhere
        return Entry(name, reason="no-access" if path.is_symlink() else "still-changing")
    except OSError as problem:
        _refuse_if_of_the_machine(problem)
        return Entry(name, reason="cloud-placeholder" if _is_elsewhere(path) else "no-access")


def _is_elsewhere(path: Path) -> bool:
    """Whether the cloud has a file that could not be read, and this computer only its name."""
    try:
        status = path.stat()
    except OSError:
        return False
    return _is_placeholder(status)


def _is_placeholder(status: os.stat_result) -> bool:
    told = getattr(status, "st_file_attributes", 0) & _RECALLED
    return bool(told or getattr(status, "st_flags", 0) & _DATALESS)


def _refuse_if_of_the_machine(problem: OSError) -> None:
    fault = machine_fault(problem)
    if fault is not None:
        raise fault from problem


def _read(path: Path, name: str, limit: int) -> Entry:
    try:
        opened = reading.opened(path)
    except reading.NotAFile:
        return Entry(name, reason="not-a-workbook")
    with opened as file:
        before = os.fstat(file.fileno())
        modified = _time(before.st_mtime)
        if before.st_size > limit:
            return Entry(name, reason="too-large", modified=modified)
        data = file.read(before.st_size + 1)  # one more: it grows
        after = os.fstat(file.fileno())
    # The system fetches such a file when it is read; what is not all there now has not come.
    if _is_placeholder(after) and (not data or len(data) != after.st_size):
        return Entry(name, reason="cloud-placeholder", modified=modified)
    if _stamp(before) != _stamp(after) or len(data) != after.st_size:
        return Entry(name, reason="still-changing", modified=modified)
    return replace(entry_of(name, data, modified), stamp=_stamp(after))


def changed(path: Path, stamp: Stamp) -> bool:
    """Whether a file is another one than when it was read: still being copied, or gone."""
    try:
        return _stamp(path.stat()) != stamp
    except OSError as problem:
        _refuse_if_of_the_machine(problem)
        return True


def _stamp(status: os.stat_result) -> Stamp:
    return Stamp(status.st_size, status.st_mtime_ns)


def _paths(folder: Path, seen_folders: set[tuple[int, int]]) -> Iterator[Path]:
    """All that is not a folder, and the folders that cannot be looked into."""
    waiting = [folder]
    while waiting:
        here = waiting.pop()
        try:
            with os.scandir(here) as listing:
                entries = list(listing)
        except FileNotFoundError:
            continue
        except OSError as problem:
            _refuse_if_of_the_machine(problem)
            yield here
            continue
        for entry in entries:
            path = here / entry.name
            if not entry.is_dir(follow_symlinks=False):
                yield path
            elif _first_time(path, seen_folders):
                waiting.append(path)


def _first_time(folder: Path, seen: set[tuple[int, int]]) -> bool:
    """Windows knows links between folders that are no symbolic links: never go in circles."""
    with contextlib.suppress(OSError):
        found = folder.stat()
        if found.st_ino:
            known = (found.st_dev, found.st_ino) in seen
            seen.add((found.st_dev, found.st_ino))
            return not known
    return True


def _inside(link: Path, root: Path | None) -> bool:
    if root is None:
        return True
    try:
        target = link.resolve(strict=True)
    except RuntimeError:  # a circle of links, in Python 3.11
        return False
    return target.is_file() and target.is_relative_to(root.resolve())


def _order(path: Path, folder: Path) -> tuple[str, str]:
    name = shown(path.relative_to(folder).as_posix())
    return folded(name), name


def _unique(path: Path, root: Path, seen: set[str]) -> str:
    """The path under the workspace; two that differ only in their spelling stay two."""
    name = shown(path.relative_to(root).as_posix())
    n, unique = 1, name
    while unique in seen:
        n += 1
        unique = f"{name} ({n})"
    seen.add(unique)
    return unique


def _time(seconds: float) -> datetime | None:
    with contextlib.suppress(OverflowError, ValueError, OSError):
        return datetime.fromtimestamp(seconds, UTC)
    return None
