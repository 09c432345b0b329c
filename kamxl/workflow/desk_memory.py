"""The folder that the buttons worked in last, as it is remembered from press to press."""

from __future__ import annotations

import json
from pathlib import Path

from kamxl.store.workspace import is_workspace

_LARGEST = 10_000  # bytes of what is remembered


def last_folder(memory: Path) -> Path | None:
    """The folder, None if none is remembered or it is no workspace any more."""
    try:
        with memory.open("rb") as file:
            folder = Path(json.loads(file.read(_LARGEST))["folder"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return folder if folder.is_absolute() and is_workspace(folder) else None
