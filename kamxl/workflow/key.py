"""A new signing key for the workspace: when a device was lost, or somebody left the team."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

from kamxl.store.workspace import KEY_BYTES, Workspace
from kamxl.workflow.reading import spoken_in
from kamxl.workflow.results import KeyResult


def rotate(root: str | os.PathLike[str], key: bytes, *, now: datetime) -> KeyResult:
    """Sign with ``key`` (at least 32 random bytes) from now on; what older ones signed is read.

    Cards that are out keep their marks. WorkspaceError: no workspace, or another rotation came
    first. OSError: nothing was changed.
    """
    if len(key) < KEY_BYTES:
        raise ValueError("the key is too short")
    workspace = Workspace.open(Path(root))
    rotated = workspace.rotate(key, now.date())
    return KeyResult(spoken_in(workspace), len(rotated.keys), now.date())
