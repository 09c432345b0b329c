"""The folder that the buttons worked in last, as it is remembered from press to press."""

from __future__ import annotations

import json
from pathlib import Path

from kamxl.errors import KamxlError
from kamxl.store.reading import content

_LARGEST = 10_000  # bytes of what is remembered


def last_folder(memory: Path) -> Path | None:
    """The folder, None if none is remembered or it is no workspace any more."""
    try:
        folder = Path(json.loads(content(memory, _LARGEST))["folder"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    from kamxl.workflow.start.identity import (
        stands_in,  # it reads workbooks: not before it is needed
    )

    try:
        return folder if folder.is_absolute() and stands_in(folder) else None
    except KamxlError:  # it cannot be looked into now: nothing is remembered, and Help works on
        return None
