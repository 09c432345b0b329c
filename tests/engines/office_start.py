"""A LibreOffice of our own: its own profile, a named pipe, no window; ended after the session."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.waiting import PATIENCE

# where distributions put uno.py, outside of a virtual environment
_UNO = ("/usr/lib/python3/dist-packages", "/usr/lib/libreoffice/program")


def missing() -> list[str]:
    """Why this cannot run here; empty if it can."""
    found = []
    if not shutil.which("soffice"):
        found.append("soffice is missing (apt-get install libreoffice-calc)")
    try:
        import_uno()
    except ImportError:
        found.append("uno is missing (apt-get install python3-uno, for this Python)")
    return found


def import_uno() -> Any:
    """The module uno; its folder is on the path only while it is imported."""
    before = list(sys.path)
    sys.path += [folder for folder in _UNO if Path(folder).is_dir()]
    try:
        import uno  # type: ignore[import-not-found]
    finally:
        sys.path[:] = before
    return uno


@contextmanager
def running() -> Iterator[Any]:
    """Start LibreOffice, hand out the back end, end it again."""
    from tests.engines.office import Office

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        pipe = f"kamxl{uuid.uuid4().hex}"
        process = subprocess.Popen(
            [
                "soffice",
                f"-env:UserInstallation={(Path(folder) / 'profile').as_uri()}",
                "--headless",
                "--norestore",
                "--nologo",
                "--nodefault",
                f"--accept=pipe,name={pipe};urp;StarOffice.ComponentContext",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # soffice starts a second process: end both
        )
        context = None
        try:
            context = _connected(pipe, process)
            yield Office(context, Path(folder))
        finally:
            _end(process, context)


def _connected(pipe: str, process: subprocess.Popen[bytes]) -> Any:
    local = import_uno().getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext(
        "com.sun.star.bridge.UnoUrlResolver", local
    )
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except Exception:
            if time.monotonic() > until or process.poll() not in (None, 0):
                raise
            time.sleep(0.1)


def _end(process: subprocess.Popen[bytes], context: Any) -> None:
    """Ask it to end; the bridge breaks while it answers."""
    if context is not None:
        try:
            manager = context.ServiceManager
            desktop = manager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
            desktop.terminate()
        except Exception:  # noqa: S110 - "the bridge is disposed": that was the aim
            pass
    try:
        process.wait(15 if context is not None else 0)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
