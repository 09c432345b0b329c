"""One at a time on this computer: what takes much is not started several times by several runs."""

from __future__ import annotations

import contextlib
import getpass
import os
import stat
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock, Timeout

_here = threading.Lock()


@contextlib.contextmanager
def in_turn(name: str, patience: float) -> Iterator[None]:
    """Wait for the turn, among the threads of this process and all runs of this user.

    TimeoutError after so many seconds: whoever has its turn hangs. A run that died has lost it.
    Where files cannot be locked, only the threads here take turns.
    """
    if not _here.acquire(timeout=patience):
        raise TimeoutError(name)
    try:
        with contextlib.ExitStack() as held:
            lock = _lock(name)
            if lock is not None:
                _acquire(lock, patience, held)
            yield
    finally:
        _here.release()


def _acquire(lock: FileLock, patience: float, held: contextlib.ExitStack) -> None:
    try:
        lock.acquire(timeout=patience)
    except Timeout:
        raise TimeoutError(lock.lock_file) from None
    except (OSError, NotImplementedError):
        return
    held.callback(lock.release)


def _lock(name: str) -> FileLock | None:
    """In a folder that is this user's alone: elsewhere another might have put a link in its way."""
    try:
        folder = Path(tempfile.gettempdir()) / f"kamxl-{getpass.getuser()}"
        folder.mkdir(mode=0o700, exist_ok=True)
        status = folder.lstat()
    except (OSError, KeyError, ImportError):
        return None
    if not stat.S_ISDIR(status.st_mode):
        return None
    if sys.platform != "win32" and (status.st_uid != os.getuid() or status.st_mode & 0o022):
        return None
    return FileLock(str(folder / f"{name}.lock"))


def _forget() -> None:
    """After a fork: whoever had its turn is the parent's."""
    global _here
    _here = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
