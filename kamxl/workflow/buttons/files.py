"""The files of an installation on the disk: what stands there, and writing and removing it.

What kamxl wrote it remembers by digest: whoever changed a file since then keeps it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kamxl.errors import SetupError
from kamxl.excel.addin.installing import Wanted, digest, judge
from kamxl.excel.addin.places import Places
from kamxl.store import atomic
from kamxl.store.reading import beginning, content

if TYPE_CHECKING:
    from kamxl.workflow.buttons.setup import Setup

LARGEST = 20_000_000  # bytes; the add-in has some ten thousand
LONGEST_CONF = 20_000  # bytes; ours has some hundred


def state_of(file: Wanted, known: Mapping[str, Sequence[str]]) -> str:
    """How ``file`` stands on the disk (as ``judge``); what cannot be read is "foreign"."""
    try:
        found = beginning(file.path, LARGEST)
    except FileNotFoundError:
        # A link that leads nowhere is somebody's, too.
        return "foreign" if file.path.is_symlink() else "missing"
    except OSError:
        return "foreign"
    return judge(found, file, known.get(str(file.path), ()))


def remembered(places: Places) -> dict[str, list[str]]:
    """The digests of all that was ever written, by path; a damaged record remembers nothing."""
    try:
        found = json.loads(content(places.record, LARGEST))["files"]
        return {str(path): [str(d) for d in digests] for path, digests in found.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


def remember(setup: Setup, known: Mapping[str, list[str]], files: Sequence[Wanted]) -> None:
    """Before the files themselves: what an interrupted run left is then known as ours, too."""
    digests = {path: list(values) for path, values in known.items()}
    for file in files:
        own = digests.setdefault(str(file.path), [])
        if digest(file.data) not in own:
            own.append(digest(file.data))
    text = json.dumps({"version": setup.version, "files": digests}, ensure_ascii=False, indent=1)
    write(setup.places.record, (text + "\n").encode(), setup)


def write(path: Path, data: bytes, setup: Setup) -> None:
    """Write a file whole (SetupError: Excel has it open, or it cannot be written)."""
    try:
        atomic.write(path, data)
    except OSError as problem:
        if isinstance(problem, PermissionError) and not setup.for_all and _in_use(path):
            raise SetupError("addin-in-use", path=path) from problem
        raise _not_written(path, problem, setup) from problem


def make_folder(path: Path, setup: Setup) -> None:
    """Make a folder (SetupError: it cannot be made)."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise _not_written(path, problem, setup) from problem


def _not_written(path: Path, problem: OSError, setup: Setup) -> SetupError:
    mac = setup.platform == "darwin"
    return SetupError("addin-not-written", path=path, reason=problem, mac=mac, shared=setup.for_all)


def _in_use(path: Path) -> bool:
    """Whether a refusal means that Excel has the file open, not that the folder is closed."""
    return path.exists() and os.access(path.parent, os.W_OK)


def remove(path: Path) -> None:
    """Remove a file, if it is there (SetupError: it is in use)."""
    try:
        path.unlink()
    except FileNotFoundError:
        return
    except OSError as problem:
        raise SetupError("addin-in-use", path=path) from problem
