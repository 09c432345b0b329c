"""What the workspace remembers: what each card asked, and the register as it stood at issue.

Append-only: a record is written once and never changed, so a later register never reinterprets an
earlier reply.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from kamxl.core import seal
from kamxl.core.records import CardOrder
from kamxl.errors import WorkspaceError, machine_fault
from kamxl.store import atomic
from kamxl.store.paths import check_length
from kamxl.store.workspace import Workspace

_NAME = re.compile(rf"([0-9a-f]{{{seal.HEX_DIGITS}}})\.json")
_LARGEST = 2_000_000  # bytes; a record has a few thousand


@dataclass(frozen=True, slots=True)
class Issued:
    """All issued records by digest; ``damaged`` names the files that hold none any more."""

    orders: Mapping[str, CardOrder]
    damaged: tuple[str, ...] = ()


def load(workspace: Workspace) -> Issued:
    """Every issued record, by name; a damaged one costs only itself.

    WorkspaceError, MachineError: the records cannot be looked at, so no card may be called unknown.
    """
    orders, damaged = {}, []
    for path in _records(workspace.memory / "issued"):
        found = _read(path, workspace.keys)
        if found is None:
            damaged.append(path.name)
        else:
            orders[path.stem] = found
    return Issued(orders, tuple(damaged))


def by_age(workspace: Workspace, digests: Iterable[str]) -> list[str]:
    """Digests of issued records, the one written last at the end."""
    return sorted(digests, key=lambda digest: _written(workspace, digest))


def _written(workspace: Workspace, digest: str) -> tuple[int, str]:
    with contextlib.suppress(OSError):
        return (workspace.memory / "issued" / f"{digest}.json").stat().st_mtime_ns, digest
    return 0, digest


def remember(workspace: Workspace, order: CardOrder, key: bytes | None = None) -> str:
    """Write down what a card asks, once; its digest under the newest key. (OSError: it is not.)

    ``key``: an older one under which it was written down before, where that record is damaged.
    """
    key = key or workspace.key
    name = seal.digest(order, key)
    path = check_length(workspace.memory / "issued" / f"{name}.json")
    # The name is the content's digest: whoever finds something else there finds damage.
    if _read(path, (key,)) != order:
        text = json.dumps(seal.canonical(order), ensure_ascii=False, indent=1, sort_keys=True)
        atomic.write(path, (text + "\n").encode())
    return name


def key_for(workspace: Workspace, order: CardOrder, known: Container[str]) -> bytes:
    """The key under which a card is signed: the one it was issued with, else the newest.

    ``known``: digests of issued records. A new key does not change cards that are out already.
    """
    return next((k for k in workspace.keys if seal.digest(order, k) in known), workspace.key)


def keep_register(workspace: Workspace, period: str, data: bytes) -> Path:
    """Keep a copy of the register as it stood when ``period`` was issued, once per content."""
    short = hashlib.sha256(data).hexdigest()[:8]
    path = check_length(workspace.memory / "periods" / period / f"Register-{short}.xlsx")
    if not _holds(path, data):
        atomic.write(path, data)
    return path


def sweep(workspace: Workspace) -> None:
    """Remove what interrupted runs left in the memory."""
    folders = [workspace.memory, workspace.memory / "issued", workspace.memory / "keys"]
    with contextlib.suppress(OSError):
        folders += sorted((workspace.memory / "periods").iterdir())
    for folder in folders:
        atomic.sweep(folder)


def check_room(workspace: Workspace, period: str) -> None:
    """WorkspaceError if a path of the memory would be too long."""
    check_length(workspace.memory / "issued" / f"{'0' * seal.HEX_DIGITS}.json")
    check_length(workspace.memory / "periods" / period / f"Register-{'0' * 8}.xlsx")


def _holds(path: Path, data: bytes) -> bool:
    with contextlib.suppress(OSError):
        return path.read_bytes() == data
    return False


def _records(folder: Path) -> list[Path]:
    try:
        return sorted(p for p in folder.iterdir() if _NAME.fullmatch(p.name))
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as problem:
        raise machine_fault(problem) or WorkspaceError(
            f"The folder .kamxl/{folder.name} cannot be read ({problem.strerror}).",
            "Ask for the right to read it; without it no issued card can be verified.",
        ) from problem


def _read(path: Path, keys: Iterable[bytes]) -> CardOrder | None:
    """The record in a file, if it is whole and the one its name says."""
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST)
        order = seal.from_canonical(json.loads(data))
        whole = any(seal.digest(order, key) == path.stem for key in keys)
    except OSError as problem:
        fault = machine_fault(problem)
        if fault is not None:  # that nothing can be read says nothing about this record
            raise fault from problem
        return None
    except (ValueError, RecursionError):
        return None
    return order if whole else None
