"""Whether a newer kamxl lies where this one came from, or where IT puts it. No network is asked."""

from __future__ import annotations

import contextlib
import json
import sys
import threading
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from kamxl.excel.addin.updates import newest

_PATIENCE = 3.0  # seconds; a share whose server is off would keep Help waiting for a minute


def beside() -> tuple[Path, ...]:
    """The folders that this kamxl was installed from; empty: nobody wrote that down."""
    if getattr(sys, "frozen", False):
        return (Path(sys.executable).resolve().parent.parent,)
    try:
        told = json.loads(distribution("kamxl").read_text("direct_url.json") or "{}")
        parts = urlsplit(str(told["url"]))
    except (PackageNotFoundError, ValueError, KeyError, TypeError, OSError):
        return ()
    if parts.scheme != "file":
        return ()
    source = Path(url2pathname(parts.path))
    return (source.parent,) if source.suffix == ".whl" else (source, source / "dist")


def newer(folders: tuple[Path, ...], version: str) -> Path | None:
    """The newest release in these folders that is newer than ``version``, None if there is none."""
    found = {folder / name for folder in folders for name in _names(folder)}
    chosen = newest((path.name for path in sorted(found)), version)
    return next((path for path in sorted(found) if path.name == chosen), None)


def _names(folder: Path) -> list[str]:
    """The names in a folder; none if it does not answer in time."""
    names: list[str] = []

    def look() -> None:
        with contextlib.suppress(OSError):
            names.extend(path.name for path in folder.iterdir())

    looking = threading.Thread(target=look, daemon=True)
    looking.start()
    looking.join(_PATIENCE)
    return list(names)
