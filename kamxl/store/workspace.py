"""The workspace: one folder, what stands where in it, and the little it must never forget."""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from kamxl.core.ids import is_id
from kamxl.errors import WorkspaceError, machine_fault
from kamxl.store import atomic
from kamxl.store.paths import check_length, is_reserved
from kamxl.store.reading import NotAFile, TooLarge, content

LAYOUT_VERSION = 1
KEY_BYTES = 32
IDENTITY = "workspace.json"
KEYS, ROTATED = "keys", "rotated"  # the later keys; that there is one, kept apart from it
_REMEMBERED = (KEYS, ROTATED, "issued", "periods", "sent", "imports")
_NUMBERED = re.compile(r"([0-9]{4})\.json")
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
    def answers(self) -> Path:
        """The answers of a portfolio that has too many for a sheet."""
        return self.root / "Portfolio.csv"

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
    def briefs(self) -> Path:
        return self.root / "briefs"

    @property
    def memory(self) -> Path:
        return memory_of(self.root)

    @classmethod
    def create(cls, root: Path, workspace_id: str, key: bytes) -> Workspace:
        """Write the memory of a new workspace, once (WorkspaceError: there is one already)."""
        root = _absolute(root)
        made = cls(root, workspace_id, key)
        target = made.memory / IDENTITY
        record = {"id": workspace_id, "layout": LAYOUT_VERSION, "key": key.hex()}
        if not atomic.create(check_length(target), _json(record), mode=0o600):
            raise WorkspaceError("already-workspace", root=root)
        return made

    @classmethod
    def open(cls, root: Path) -> Workspace:
        """The workspace in ``root`` (WorkspaceError: there is none, or its memory is damaged).

        A folder that lost its identity is none here; ``workflow.identity`` knows the difference.
        """
        root = _absolute(root)
        path = memory_of(root) / IDENTITY
        try:
            data = content(path, _LARGEST)
        except (FileNotFoundError, NotADirectoryError):
            raise WorkspaceError("no-workspace", root=root) from None
        except (NotAFile, TooLarge, IsADirectoryError):
            raise damaged_memory(root, IDENTITY) from None
        except OSError as problem:
            raise WorkspaceError("identity-unreadable", root=root, reason=problem) from problem
        return _with_later_keys(identity_of(root, data))

    def rotate(self, key: bytes, today: date) -> Workspace:
        """The same workspace with a new signing ``key``; the others are kept for reading.

        Keys are only ever added: workspace.json keeps the first one, keys/ has those after it.
        WorkspaceError: another rotation came first. OSError: nothing was changed.
        """
        number = len(self.keys) + 1
        path = check_length(later_key(self.root, number))
        record = {"key": key.hex(), "since": today.isoformat()}
        if not atomic.create(path, _json(record), mode=0o600):
            raise WorkspaceError("key-rotated-meanwhile", root=self.root)
        self._note_rotations(number, today)
        return Workspace(self.root, self.id, key, self.keys)

    def _note_rotations(self, newest: int, today: date) -> None:
        """Leave a trace of each later key: one that is lost is missed, not replaced by an older.

        After the key itself, so that an interrupted rotation misses nothing; and without it the
        rotation stands all the same: issued records name their key, too.
        """
        with contextlib.suppress(OSError):
            for number in range(2, newest + 1):
                path = check_length(self.memory / ROTATED / f"{number:04}.json")
                atomic.create(path, _json({"number": number, "noted": today.isoformat()}))

    def relative(self, path: Path) -> str:
        """``path`` under the workspace, with forward slashes; a path elsewhere stays whole."""
        with contextlib.suppress(ValueError):
            return path.relative_to(self.root).as_posix()
        return path.as_posix()

    def card_path(
        self, period: str, account: str, segment: str, respondent: str, asks: str = ""
    ) -> Path:
        """Where the card of one account, segment and respondent stands (WorkspaceError: too long).

        ``asks``: "profile" or "reply", where it asks for that alone. Ids may hold the "--" between
        them, and Windows keeps some names for itself: then a few digits more keep two cards two
        files. Before what it asks stands a "+", which is in no id.
        """
        ids = (account, segment, respondent)
        more = f"+{asks}" if asks else ""
        return check_length(self.outbox / period / f"{_joined('card', *ids)}{more}.xlsx")

    def mail_path(self, period: str, account: str, respondent: str, more: str = "") -> Path:
        """Where a mail to one person stands (WorkspaceError: too long).

        ``more`` tells several of them apart. It follows a "+", which is in no id, so that no mail
        is ever called like another one, nor like one to somebody about a single card.
        """
        stem = _joined("mail", account, respondent)
        name = f"{stem}+{more}.eml" if more else f"{stem}.eml"
        return check_length(self.outbox / period / name)

    def plan_path(self, period: str, account: str) -> Path:
        """Where the plan of an account and period is put (WorkspaceError: the path is too long).

        It may be moved and renamed afterwards: plans are known by their content.
        """
        stem = f"{account}--{period}"
        return check_length(self.plans / f"{'plan--' if is_reserved(stem) else ''}{stem}.xlsx")

    def brief_path(self, period: str, account: str, *, external: bool = False) -> Path:
        """Where the brief of an account and period stands, or what of it she may have
        (WorkspaceError: the path is too long). What is printed stands beside, as .pdf.
        """
        more = ".external" if external else ""
        return check_length(self.briefs / f"{_joined('brief', account, period)}{more}.html")


def _joined(kind: str, *ids: str) -> str:
    """Ids as the name of a file, without its ending: "ALPHA--pumps--c1"."""
    stem = "--".join(ids)
    if any("--" in i for i in ids) or is_reserved(stem):
        told = "\n".join(i.casefold() for i in ids).encode()
        return f"{kind}--{stem}--{hashlib.sha256(told).hexdigest()[:8]}"
    return stem


def memory_of(root: Path) -> Path:
    """The folder of a workspace's memory."""
    return root / ".kamxl"


def is_workspace(root: Path) -> bool:
    """Whether there is a workspace in ``root``, readable or not (PermissionError: not to be seen).

    Path.exists alone says no there in some versions of Python.
    """
    path = memory_of(root) / IDENTITY
    try:
        path.stat()
    except PermissionError:
        raise
    except (OSError, ValueError):
        return path.exists()
    return True


def remains(root: Path) -> str | None:
    """Something that only a workspace's memory holds, as a path under ``root``; None: nothing.

    What an interrupted 'kamxl init' or a demo begun leaves behind is nothing of the kind.
    """
    for folder in (memory_of(root), *(memory_of(root) / name for name in _REMEMBERED)):
        with contextlib.suppress(OSError):
            for path in sorted(folder.iterdir()):
                ours = folder.name in _REMEMBERED or "workspace" in path.name  # or a client's copy
                if ours and not path.name.startswith((atomic.TEMPORARY, ".DS_Store")):
                    return path.relative_to(root).as_posix()
    return None


def _absolute(root: Path) -> Path:
    try:
        return root.expanduser().resolve()
    except (OSError, RuntimeError) as problem:
        raise WorkspaceError("folder-unusable", path=root, reason=problem) from problem


def lost_key(root: Path, number: int) -> WorkspaceError:
    """A key is gone: going on with an older one would sign with what somebody wanted rid of."""
    name = later_key(root, number).relative_to(root).as_posix()
    return WorkspaceError("key-lost", root=root, number=number, name=name)


def damaged_memory(root: Path, name: str) -> WorkspaceError:
    """A file of the memory is there and useless."""
    return WorkspaceError("memory-damaged", root=root, name=name)


def _json(record: dict[str, Any]) -> bytes:
    return (json.dumps(record, indent=2) + "\n").encode()


def key_in(root: Path, name: str, data: bytes) -> bytes:
    """The key in a file of the memory (WorkspaceError: damaged).

    Going on with an older key would sign with one that somebody wanted to be rid of.
    """
    try:
        return _key_of(json.loads(data))
    except (ValueError, KeyError, TypeError, RecursionError):
        raise damaged_memory(root, name) from None


def _key_of(record: dict[str, Any]) -> bytes:
    """The key in a record (ValueError and the like: there is none)."""
    key = bytes.fromhex(record["key"])
    if len(key) < KEY_BYTES // 2:
        raise ValueError("the key is too short")
    return key


def later_key(root: Path, number: int) -> Path:
    """Where a key after the first one stands."""
    return memory_of(root) / KEYS / f"{number:04}.json"


def kept_in(root: Path, name: str) -> list[Path]:
    """What lies in a folder of the memory; nothing, if there is none.

    WorkspaceError: it cannot be read, or something else lies in its place, be it a link to a disk
    that is not there. Going on would be as if it had held nothing.
    """
    folder = memory_of(root) / name
    try:
        return sorted(folder.iterdir())
    except OSError as problem:
        if isinstance(problem, FileNotFoundError) and not folder.is_symlink():
            return []
        if isinstance(problem, FileNotFoundError | NotADirectoryError):
            raise damaged_memory(root, name) from None
        raise machine_fault(problem) or unreadable_memory(name, problem) from problem


def unreadable_memory(name: str, problem: OSError) -> WorkspaceError:
    """Something of the memory may be whole, and is not ours to read."""
    return WorkspaceError("memory-unreadable", name=name, reason=problem)


def _newest_number(root: Path) -> int:
    """The number of the newest key there is or was (WorkspaceError: the folder cannot be read)."""
    found = [1]
    for name in (KEYS, ROTATED):
        named = (_NUMBERED.fullmatch(path.name) for path in kept_in(root, name))
        found += [int(match[1]) for match in named if match]
    return max(found)


def _with_later_keys(made: Workspace) -> Workspace:
    """The workspace with all its keys: the last one signs."""
    keys = [made.key]
    for number in range(2, _newest_number(made.root) + 1):
        path = later_key(made.root, number)
        try:
            data = content(path, _LARGEST)
            keys.insert(0, key_in(made.root, f"{KEYS}/{path.name}", data))
        except FileNotFoundError:
            raise lost_key(made.root, number) from None
        except PermissionError as problem:  # it may be whole, and is another user's
            raise unreadable_memory(KEYS, problem) from problem
        except OSError:
            raise damaged_memory(made.root, f"{KEYS}/{path.name}") from None
    return Workspace(made.root, made.id, keys[0], tuple(keys[1:]))


def identity_of(root: Path, data: bytes) -> Workspace:
    """What stands in the identity's file, with its first key (WorkspaceError: damaged)."""
    damaged = damaged_memory(root, IDENTITY)
    try:
        record = json.loads(data)
        name, layout, key = record["id"], record["layout"], _key_of(record)
    except (ValueError, KeyError, TypeError, RecursionError):
        raise damaged from None
    if not isinstance(name, str) or not is_id(name):
        raise damaged
    if layout != LAYOUT_VERSION:
        raise WorkspaceError("layout-unknown", root=root, layout=layout)
    return Workspace(root, name, key)
