"""Taking turns: two runs on one workspace, or the slower one would write what it saw before."""

from __future__ import annotations

import contextlib
import getpass
import hashlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock, Timeout

_PATIENCE = 60.0  # seconds; a run that takes longer is not waited for


@contextlib.contextmanager
def one_at_a_time(root: Path, patience: float = _PATIENCE) -> Iterator[None]:
    """Wait until no other run of this user is in its turn here; one that died has lost its turn.

    Nothing is written into the workspace for it. Where files cannot be locked, and after
    ``patience`` seconds, nobody is kept waiting: each run reads and writes whole files anyway, only
    the later one's result may be the earlier's view.
    """
    try:
        lock = FileLock(str(_file(root)))
        lock.acquire(timeout=patience)
    except (Timeout, OSError, NotImplementedError, KeyError, ImportError):
        yield
        return
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            lock.release()


def _file(root: Path) -> Path:
    folder = Path(tempfile.gettempdir()) / f"kamxl-{getpass.getuser()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    name = hashlib.sha256(str(root.resolve()).encode("utf-8", "replace")).hexdigest()[:16]
    return folder / f"{name}.lock"
