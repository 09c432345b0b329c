"""The workspace: one folder, what stands where in it, and the little it must never forget."""

from __future__ import annotations

import contextlib
import hashlib
import json
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

from kamxl.core.ids import is_id
from kamxl.errors import WorkspaceError
from kamxl.store import atomic
from kamxl.store.paths import check_length, is_reserved

LAYOUT_VERSION = 1
KEY_BYTES = 32
_LARGEST = 100_000  # bytes; workspace.json has about 150


@dataclass(frozen=True, slots=True)
class Workspace:
    """A workspace: its folder, its ``id`` and the signing ``key`` (bytes, kept out of any repr).

    ``root`` is absolute; ``older`` are the keys before this one, the newest first: what they signed
    can still be read. Made by ``create`` once, by ``open`` from then on.
    """

    root: Path
    id: str
    key: bytes = field(repr=False)
    older: tuple[bytes, ...] = field(default=(), repr=False)

    @property
    def keys(self) -> tuple[bytes, ...]:
        """All keys, the one that signs first."""
        return (self.key, *self.older)

    @property
    def register(self) -> Path:
        return self.root / "Register.xlsx"

    @property
    def portfolio(self) -> Path:
        return self.root / "Portfolio.xlsx"

    @property
    def report(self) -> Path:
        return self.root / "Portfolio.html"

    @property
    def inbox(self) -> Path:
        return self.root / "inbox"

    @property
    def outbox(self) -> Path:
        return self.root / "outbox"

    @property
    def plans(self) -> Path:
        return self.root / "plans"

    @property
    def memory(self) -> Path:
        return memory_of(self.root)

    @classmethod
    def create(cls, root: Path, workspace_id: str, key: bytes) -> Workspace:
        """Write the memory of a new workspace, once (WorkspaceError: there is one already)."""
        root = _absolute(root)
        made = cls(root, workspace_id, key)
        target = made.memory / "workspace.json"
        if target.exists():
            raise WorkspaceError(f"{shortly(root)} is a kamxl workspace already.", "Just use it.")
        record = {"id": workspace_id, "layout": LAYOUT_VERSION, "key": key.hex()}
        text = json.dumps(record, indent=2) + "\n"
        atomic.write(check_length(target), text.encode(), mode=0o600)
        return made

    @classmethod
    def open(cls, root: Path) -> Workspace:
        """The workspace in ``root`` (WorkspaceError: there is none, or its memory is damaged)."""
        root = _absolute(root)
        path = memory_of(root) / "workspace.json"
        try:
            with path.open("rb") as file:
                data = file.read(_LARGEST)
        except (FileNotFoundError, NotADirectoryError):
            raise WorkspaceError(
                f"{shortly(root)} is no kamxl workspace.",
                "Run 'kamxl init' there, or name the right folder with -C.",
            ) from None
        except OSError as problem:
            raise WorkspaceError(
                f"{path.name} in {shortly(root)} cannot be read ({problem.strerror}).",
                "Ask for the right to read the folder .kamxl.",
            ) from problem
        return _with_later_keys(_parsed(root, data))

    def rotate(self, key: bytes, today: date) -> Workspace:
        """The same workspace with a new signing ``key``; the others are kept for reading.

        Keys are only ever added: workspace.json keeps the first one, keys/ has those after it.
        WorkspaceError: another rotation came first. OSError: nothing was changed.
        """
        path = check_length(_later_key(self.root, len(self.keys) + 1))
        text = json.dumps({"key": key.hex(), "since": today.isoformat()}, indent=2) + "\n"
        if not atomic.create(path, text.encode(), mode=0o600):
            raise WorkspaceError(
                f"Somebody else gave {shortly(self.root)} a new key just now.",
                "Run 'kamxl key rotate' again if you want one more.",
            )
        return Workspace(self.root, self.id, key, self.keys)

    def relative(self, path: Path) -> str:
        """``path`` under the workspace, with forward slashes; a path elsewhere stays whole."""
        with contextlib.suppress(ValueError):
            return path.relative_to(self.root).as_posix()
        return path.as_posix()

    def card_path(self, period: str, account: str, segment: str, respondent: str) -> Path:
        """Where the card of one account, segment and respondent stands (WorkspaceError: too long).

        Ids may hold the "--" between them, and Windows keeps some names for itself: then a few
        digits more keep two cards two files.
        """
        ids = (account, segment, respondent)
        stem = "--".join(ids)
        if any("--" in i for i in ids) or is_reserved(stem):
            told = "\n".join(i.casefold() for i in ids).encode()
            stem = f"card--{stem}--{hashlib.sha256(told).hexdigest()[:8]}"
        return check_length(self.outbox / period / f"{stem}.xlsx")

    def plan_path(self, period: str, account: str) -> Path:
        """Where the plan of an account and period is put (WorkspaceError: the path is too long).

        It may be moved and renamed afterwards: plans are known by their content.
        """
        stem = f"{account}--{period}"
        return check_length(self.plans / f"{'plan--' if is_reserved(stem) else ''}{stem}.xlsx")


def memory_of(root: Path) -> Path:
    """The folder of a workspace's memory."""
    return root / ".kamxl"


def is_workspace(root: Path) -> bool:
    """Whether there is a workspace in ``root``, readable or not."""
    return (memory_of(root) / "workspace.json").exists()


def above(path: Path, deep: int = 4) -> Path | None:
    """The workspace a file stands in: its folder, or one of the ``deep`` folders above that.

    outbox/2026-H2/card.xlsx stands two folders down, and replies are sorted into more.
    """
    return next((f for f in list(path.parents)[: deep + 1] if is_workspace(f)), None)


def shortly(root: Path) -> str:
    """A folder as a sentence names it: its last part."""
    return f"The folder {root.name!r}" if root.name else "This folder"


def _absolute(root: Path) -> Path:
    try:
        return root.expanduser().resolve()
    except (OSError, RuntimeError) as problem:
        raise WorkspaceError(
            f"The folder {root} cannot be used ({problem}).", "Name another one with -C."
        ) from problem


def _damaged(root: Path, name: str) -> WorkspaceError:
    return WorkspaceError(
        f"The memory of {shortly(root)} (.kamxl/{name}) is damaged.",
        "Bring it back from a backup; without it no issued card can be verified.",
    )


def _key_of(record: dict[str, Any]) -> bytes:
    """The key in a record (ValueError and the like: there is none)."""
    key = bytes.fromhex(record["key"])
    if len(key) < KEY_BYTES // 2:
        raise ValueError("the key is too short")
    return key


def _later_key(root: Path, number: int) -> Path:
    return memory_of(root) / "keys" / f"{number:04}.json"


def _with_later_keys(made: Workspace) -> Workspace:
    """The workspace with all its keys: the last one signs."""
    keys = [made.key]
    for number in count(2):
        path = _later_key(made.root, number)
        try:
            with path.open("rb") as file:
                keys.insert(0, _key_of(json.loads(file.read(_LARGEST))))
        except FileNotFoundError:
            break
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            # Going on with an older key would sign with one that somebody wanted to be rid of.
            raise _damaged(made.root, f"keys/{path.name}") from None
    return Workspace(made.root, made.id, keys[0], tuple(keys[1:]))


def _parsed(root: Path, data: bytes) -> Workspace:
    damaged = _damaged(root, "workspace.json")
    try:
        record = json.loads(data)
        name, layout, key = record["id"], record["layout"], _key_of(record)
    except (ValueError, KeyError, TypeError, RecursionError):
        raise damaged from None
    if not isinstance(name, str) or not is_id(name):
        raise damaged
    if layout != LAYOUT_VERSION:
        raise WorkspaceError(
            f"{shortly(root)} was made by another version of kamxl (layout {layout}).",
            "Install the newest kamxl.",
        )
    return Workspace(root, name, key)
