"""The files of a workspace's memory as they stand on disk, to be known again elsewhere."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from kamxl.store.reading import content
from kamxl.store.workspace import Workspace

_LARGEST = 8_000_000  # bytes of a file; what is written there has some thousands
_ALL = 200_000_000  # bytes of all of them


class KeptFile(NamedTuple):
    """A file of the memory: its path below the workspace, its text, its number on the disk."""

    name: str
    text: str
    number: tuple[int, int]


def kept_files(workspace: Workspace, most: int = _ALL) -> Iterator[KeptFile]:
    """Every file of the memory that is text, up to ``most`` letters of them; workbooks are none."""
    left = most
    for folder, folders, names in os.walk(workspace.memory):
        folders.sort()
        for name in sorted(names):
            path = Path(folder) / name
            try:
                text = content(path, min(_LARGEST, left)).decode("utf-8")
                status = path.stat()
            except (OSError, UnicodeDecodeError):
                continue
            left -= len(text)
            yield KeptFile(workspace.relative(path), text, (status.st_dev, status.st_ino))
