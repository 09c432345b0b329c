"""Many files that get to the disk at once, and only then to their places.

Getting each file to the disk by itself costs more than making it. So they are all written beside
their places first, then all got to the disk, and then each is given its name: whatever happens, a
file is the old one or the new one, whole. What must be there before the others (the records of what
goes out) is placed first, and that is on the disk before the first of the others is seen.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from kamxl.store import atomic

_FEW = 8  # files that are got to the disk one by one sooner than all that anybody writes there
_NOT_OFFERED = frozenset({errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP, errno.EPERM})


@dataclass(frozen=True, slots=True)
class _Staged:
    """A file written at ``beside``; ``new``: whatever is at its ``path`` by then stays there."""

    path: Path
    beside: Path
    new: bool = False

    def place(self) -> None:
        """Give it its name (OSError: it has none; FileExistsError: that is another one's)."""
        if not self.new:
            atomic.move(self.beside, self.path)
            return
        placed = atomic.link(self.beside, self.path)
        self.drop()
        if not placed:
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(self.path))

    def drop(self) -> None:
        """Take away what was written beside, if it is still there."""
        with contextlib.suppress(OSError):
            self.beside.unlink()


class Batch:
    """Files on their way to their places. Left with an exception, none of them gets there that is
    not there yet, and nothing lies about.
    """

    def __init__(self) -> None:
        self._first: list[_Staged] = []
        self._others: list[_Staged] = []

    def __enter__(self) -> Batch:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self._drop()

    def __len__(self) -> int:
        return len(self._first) + len(self._others)

    def put(self, path: Path, data: bytes, *, first: bool = False, new: bool = False) -> None:
        """Write what ``path`` is to hold beside it (OSError: it cannot be written).

        ``first``: placed before all others. ``new``: only if nothing is there by then.
        """
        staged = _Staged(path, atomic.stage(path, data), new)
        (self._first if first else self._others).append(staged)

    def place(self, between: Callable[[], None] | None = None) -> dict[Path, OSError]:
        """Get all files to the disk and to their places; why some are not, by path.

        ``between`` is called when the first ones are there and no other is. OSError: something of
        the disk, of a first one or of ``between``; then none of the others is there.
        """
        try:
            _to_disk([one.beside for one in (*self._first, *self._others)])
            for one in self._first:
                _placed(one)
            _settle(one.path for one in self._first)
            if between is not None:
                between()
            failed = {}
            for one in self._others:
                try:
                    _placed(one)
                except OSError as problem:
                    failed[one.path] = problem
            _settle(one.path for one in self._others)
        finally:
            self._drop()
        return failed

    def _drop(self) -> None:
        for one in (*self._first, *self._others):
            one.drop()
        self._first, self._others = [], []


def _placed(staged: _Staged) -> None:
    try:
        staged.place()
    except OSError as problem:
        problem.filename, problem.filename2 = str(staged.path), None  # what people asked for
        raise


def _settle(paths: Iterable[Path]) -> None:
    """Get the names of files to the disk."""
    for folder in dict.fromkeys(path.parent for path in paths):
        atomic.settle_folder(folder)


def _to_disk(paths: list[Path]) -> None:
    """Get the contents of files to the disk (OSError: not all are there)."""
    if len(paths) > _FEW:
        # What is staged in a folder was made there, so it is on the file system of the folder.
        folders = {path.parent: path.parent.stat().st_dev for path in paths}
        devices = {folders[path.parent]: path for path in paths}
        rest = {device for device, path in devices.items() if not _file_system_to_disk(path)}
        paths = [path for path in paths if folders[path.parent] in rest]
    for path in paths:
        handle = os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0))  # Windows: only if it writes
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _file_system_to_disk(path: Path) -> bool:
    """Get all that is on the file system of ``path`` to its disk in one call; False: it has none.

    It tells of what could not be written since Linux 5.8; that a disk or a share is full is told
    by writing and closing before.
    """
    if not sys.platform.startswith("linux"):
        return False
    import ctypes  # here, because only who writes many files wants it

    try:
        call = ctypes.CDLL(None, use_errno=True).syncfs
    except (OSError, AttributeError):
        return False
    handle = os.open(path, os.O_RDONLY)
    try:
        if call(handle) == 0:
            return True
        number = ctypes.get_errno()
    finally:
        os.close(handle)
    if number in _NOT_OFFERED:
        return False
    raise OSError(number, os.strerror(number), str(path))
