"""What tells a workspace that is there to try things out from one in earnest."""

from __future__ import annotations

from pathlib import Path

from kamxl.store.workspace import memory_of

MARKER = "sample.json"


def is_sample(root: Path) -> bool:
    """Whether a folder is such a workspace."""
    return (memory_of(root) / MARKER).is_file()
