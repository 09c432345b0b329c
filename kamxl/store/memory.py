"""What the workspace remembers: what each card asked, and the register as it stood at issue.

Append-only: a record is written once and never changed, so a later register never reinterprets an
earlier reply.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from kamxl.core.cards import seal
from kamxl.core.records.register import CardOrder
from kamxl.errors import machine_fault
from kamxl.store import atomic
from kamxl.store.paths import check_length
from kamxl.store.reading import content
from kamxl.store.workspace import (
    KEYS,
    ROTATED,
    Workspace,
    kept_in,
    lost_key,
    unreadable_memory,
)

_NAME = re.compile(rf"([0-9a-f]{{{seal.HEX_DIGITS}}})\.json")
_LARGEST = 2_000_000  # bytes; a record has a few thousand
_MOST_KEYS = 9_999


@dataclass(frozen=True, slots=True)
class Issued:
    """All issued records by digest; ``damaged`` names the files that hold none any more."""

    orders: Mapping[str, CardOrder]
    damaged: tuple[str, ...] = ()


def load(workspace: Workspace) -> Issued:
    """Every issued record, by name; a damaged one costs only itself.

    WorkspaceError: one was issued with a key that is gone, or the records cannot be looked at;
    MachineError: this computer reads none, so no card may be called unknown.
    """
    orders, damaged = {}, []
    for path in _records(workspace):
        record = _record(path)
        found = _whole(record, path.stem, workspace.keys)
        if found is None:
            _must_have_key(workspace, record)
            damaged.append(path.name)
        else:
            orders[path.stem] = found
    return Issued(orders, tuple(damaged))


def by_age(workspace: Workspace, digests: Iterable[str]) -> list[str]:
    """Digests of issued records, the one written last at the end."""
    return sorted(digests, key=lambda digest: (_age(workspace, digest), digest))


def written(workspace: Workspace, digest: str) -> datetime | None:
    """When an issued record was written, as far as its file tells."""
    with contextlib.suppress(OSError, OverflowError, ValueError):
        age = _age(workspace, digest)
        return datetime.fromtimestamp(age / 1e9, UTC) if age else None
    return None


def names_key(workspace: Workspace, digest: str) -> bool:
    """Whether an issued record says with which key; those of the first versions do not."""
    record = _record(workspace.memory / "issued" / f"{digest}.json")
    return isinstance(record, Mapping) and "key" in record


def _age(workspace: Workspace, digest: str) -> int:
    with contextlib.suppress(OSError):
        return (workspace.memory / "issued" / f"{digest}.json").stat().st_mtime_ns
    return 0


def _must_have_key(workspace: Workspace, record: object) -> None:
    """WorkspaceError if the key of a record that fits none of ours was lost.

    Records of earlier versions do not name theirs; one from elsewhere is of no concern.
    """
    if isinstance(record, Mapping) and record.get("workspace") == workspace.id:
        number = record.get("key")
        if type(number) is int and len(workspace.keys) < number <= _MOST_KEYS:
            raise lost_key(workspace.root, number)


def belongs(workspace: Workspace) -> bool:
    """Whether the records there are can be those of ``workspace``: they name it, or fit a key.

    None at all belong to anybody.
    """
    records = [(path.stem, _record(path)) for path in _records(workspace)]
    named = {r.get("workspace") for _, r in records if isinstance(r, Mapping)} - {None}
    if named or not records:
        return named <= {workspace.id}
    return any(_whole(record, name, workspace.keys) for name, record in records)


def remember(workspace: Workspace, order: CardOrder, key: bytes | None = None) -> str:
    """Write down what a card asks, once; its digest under the newest key. (OSError: it is not.)

    ``key``: an older one under which it was written down before, where that record is damaged.
    """
    key = key or workspace.key
    record = record_of(workspace, order, key)
    if record is not None:
        atomic.write(*record)
    return seal.digest(order, key)


def record_of(workspace: Workspace, order: CardOrder, key: bytes) -> tuple[Path, bytes] | None:
    """Where what a card asks is to be written down, and how; None: it is already."""
    name = seal.digest(order, key)
    path = check_length(workspace.memory / "issued" / f"{name}.json")
    # The name is the content's digest: whoever finds something else there finds damage.
    if _whole(_record(path), name, (key,)) == order:
        return None
    # Which key it was is no part of what the digest is made of.
    number = len(workspace.keys) - workspace.keys.index(key)
    record = seal.canonical(order) | {"workspace": workspace.id, "key": number}
    return path, _text(record)


def _text(record: Mapping[str, object]) -> bytes:
    text = json.dumps(record, ensure_ascii=False, indent=1, sort_keys=True)
    return (text + "\n").encode()


def forget(workspace: Workspace, digest: str, order: CardOrder) -> None:
    """Write the record of a card anew, whose respondent was forgotten (OSError: it is as it was;
    ValueError: so, too, for nobody could read the new one).

    It stays as old as it was, and says its key or not: by both mails of earlier versions are told.
    """
    path = workspace.memory / "issued" / f"{digest}.json"
    before = _record(path)
    told = before if isinstance(before, Mapping) else {}
    kept = {name: told[name] for name in ("workspace", "key") if name in told}
    text = _text(seal.canonical(order) | kept)
    if _whole(json.loads(text), digest, workspace.keys) != order:
        raise ValueError(f"the record {digest} would be lost")
    write_as_old(path, text)


def write_as_old(path: Path, data: bytes) -> None:
    """Write a file whose age tells something (OSError: it is as it was)."""
    age = path.stat()
    atomic.write(path, data)
    with contextlib.suppress(OSError):
        os.utime(path, ns=(age.st_atime_ns, age.st_mtime_ns))


def kept_registers(workspace: Workspace) -> list[Path]:
    """All copies of registers, of every period."""
    folders = kept_in(workspace.root, "periods")
    return sorted(path for folder in folders for path in folder.glob("Register-*.xlsx"))


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


def kept_register(workspace: Workspace, period: str) -> Path | None:
    """The copy of the register that was kept last for a period; None: there is none."""
    found: list[tuple[int, str, Path]] = []
    with contextlib.suppress(OSError):
        for path in (workspace.memory / "periods" / period).glob("Register-*.xlsx"):
            found.append((path.stat().st_mtime_ns, path.name, path))
    return max(found)[-1] if found else None


def sweep(workspace: Workspace) -> None:
    """Remove what interrupted runs left in the memory."""
    folders = [
        workspace.memory,
        *(workspace.memory / n for n in ("issued", "imports", KEYS, ROTATED)),
    ]
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
        return content(path, len(data)) == data
    return False


def _records(workspace: Workspace) -> list[Path]:
    return [path for path in kept_in(workspace.root, "issued") if _NAME.fullmatch(path.name)]


def _record(path: Path) -> object:
    """What stands in a record's file; None if that is nothing whole."""
    try:
        return json.loads(content(path, _LARGEST))
    except OSError as problem:
        fault = machine_fault(problem)
        if fault is not None:  # that nothing can be read says nothing about this record
            raise fault from problem
        if isinstance(problem, PermissionError):  # it may be whole, and is another user's
            raise unreadable_memory(path.parent.name, problem) from problem
        return None
    except (ValueError, RecursionError):
        return None


def _whole(record: object, name: str, keys: Iterable[bytes]) -> CardOrder | None:
    """What a record says, if it is whole and the one its name says."""
    try:
        order = seal.from_canonical(record)
        return order if any(seal.digest(order, key) == name for key in keys) else None
    except (ValueError, RecursionError):
        return None
