"""A workspace's identity in one file, locked with a passphrase: to be kept somewhere else.

It holds what cannot be made again: the id, all keys, the issued records (without them no answer can
be read) and what was sent (without that it would go out twice). The register and what customers
sent back are files of the team's own, and not in it.

One line of JSON says how the passphrase becomes a key (scrypt) and what follows; that is compressed
JSON under AES-256-GCM, which also proves the line. The library is ``cryptography``: its keepers fix
what is found, and it is there on every system already, mostly through ``keyring``.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import unicodedata
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kamxl.errors import WorkspaceError
from kamxl.store import atomic
from kamxl.store.issued_log import LARGEST, LOG
from kamxl.store.reading import NotAFile, TooLarge, content
from kamxl.store.workspace import (
    IDENTITY,
    KEYS,
    ROTATED,
    Workspace,
    identity_of,
    kept_in,
    key_in,
    memory_of,
)

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

SALT_BYTES, NONCE_BYTES = 16, 12
COST = 2**17  # of scrypt: 128 MB and about half a second for each guess
_BLOCK = 8
NOTED = "backed-up.json"  # in the memory: how many keys the last backup holds
_FORMAT = "kamxl-backup-1"
_COSTS = (2**14, 2**18)  # what a file may ask for: at most 256 MB
_LARGEST_FILE = 100_000_000  # bytes
_LARGEST = 400_000_000  # bytes, inflated: 100,000 cards and their mails
_LARGEST_HEAD = 1_000
_LARGEST_PART = 2_000_000  # a record has a few thousand
# What may be in it, and so what may ever be written: nothing that leads elsewhere.
_NAME = re.compile(
    rf"{re.escape(IDENTITY)}|(?:{KEYS}|{ROTATED})/[0-9]{{4}}\.json"
    r"|(?:issued|sent)(?:/[A-Za-z0-9][A-Za-z0-9._-]{0,120}){1,2}"
)
_SECRET = re.compile(rf"{re.escape(IDENTITY)}|{KEYS}/.*")


@dataclass(frozen=True, slots=True)
class Lock:
    """What makes two backups with one passphrase different: ``salt`` and ``nonce``, at random."""

    salt: bytes
    nonce: bytes
    cost: int = COST


def collected(workspace: Workspace) -> dict[str, bytes]:
    """What a backup holds, by path in the workspace's memory (WorkspaceError, OSError: it cannot be
    read).
    """
    found = {}
    for path in _files(workspace.memory):
        name = path.relative_to(workspace.memory).as_posix()
        if _NAME.fullmatch(name) and not path.is_symlink():
            with contextlib.suppress(TooLarge):  # it is none of what is written here
                found[name] = content(path, LARGEST if name == LOG else _LARGEST_PART)
    return found


def _files(memory: Path) -> Iterator[Path]:
    yield memory / IDENTITY
    for name in (KEYS, ROTATED, "issued", "sent"):
        kept_in(memory.parent, name)  # of what cannot be looked into, a walk says nothing
        yield from sorted(path for path in (memory / name).rglob("*") if path.is_file())


def locked(files: Mapping[str, bytes], passphrase: str, lock: Lock) -> bytes:
    """The files as one, which only ``passphrase`` opens; the same input gives the same bytes."""
    texts = {name: data.decode("utf-8", "surrogateescape") for name, data in files.items()}
    inner = zlib.compress(json.dumps(texts, sort_keys=True).encode(), 9)
    head = {
        "format": _FORMAT,
        "salt": lock.salt.hex(),
        "nonce": lock.nonce.hex(),
        "cost": lock.cost,
        "bytes": len(inner) + 16,  # of what follows: a file that was cut is told from a wrong word
    }
    line = json.dumps(head, sort_keys=True).encode() + b"\n"
    secret = _cipher(passphrase, lock).encrypt(lock.nonce, inner, line)
    return line + secret + hashlib.sha256(line + secret).digest()


def read(path: Path) -> bytes:
    """A backup's bytes (WorkspaceError: there is none, or it is too large for one)."""
    try:
        return content(path, _LARGEST_FILE)
    except FileNotFoundError:
        raise WorkspaceError("no-file", path=path) from None
    except (NotAFile, TooLarge):
        raise _no_backup(path) from None


def unlocked(data: bytes, passphrase: str, path: Path) -> dict[str, bytes]:
    """The files in a backup; ``path`` is what sentences call it.

    WorkspaceError: it is none, it is damaged, or the passphrase is another.
    """
    line, secret, lock = _parts(data, path)
    from cryptography.exceptions import InvalidTag

    try:
        inner = _cipher(passphrase, lock).decrypt(lock.nonce, secret, line)
    except InvalidTag:
        raise WorkspaceError("passphrase-wrong", name=path.name) from None
    try:
        return _told(inner)
    except (ValueError, TypeError, AttributeError, RecursionError, zlib.error):
        raise _damaged(path) from None


def _parts(data: bytes, path: Path) -> tuple[bytes, bytes, Lock]:
    """The first line, what follows it, and how that is locked; all of it bounded."""
    end = data.find(b"\n", 0, _LARGEST_HEAD) + 1
    line, secret, seal = data[:end], data[end:-32], data[-32:]
    try:
        head = json.loads(line)
        if not isinstance(head, dict) or head["format"] != _FORMAT:
            raise _no_backup(path)
    except (ValueError, KeyError, RecursionError):
        raise _no_backup(path) from None
    if hashlib.sha256(line + secret).digest() != seal:
        raise _damaged(path)
    try:
        lock = Lock(bytes.fromhex(head["salt"]), bytes.fromhex(head["nonce"]), head["cost"])
        low, high = _COSTS
        right = (SALT_BYTES, NONCE_BYTES, len(secret))
        usable = (len(lock.salt), len(lock.nonce), head["bytes"]) == right
        if type(lock.cost) is not int or not low <= lock.cost <= high or not usable:
            raise _damaged(path)
        if lock.cost & (lock.cost - 1):  # scrypt knows powers of two only
            raise _damaged(path)
    except (ValueError, KeyError, TypeError):
        raise _damaged(path) from None
    return line, secret, lock


def _told(inner: bytes) -> dict[str, bytes]:
    unpacking = zlib.decompressobj()
    text = unpacking.decompress(inner, _LARGEST)
    if unpacking.unconsumed_tail or not unpacking.eof:
        raise ValueError("too much, or not all")
    files = {
        name: told.encode("utf-8", "surrogateescape") for name, told in json.loads(text).items()
    }
    if IDENTITY not in files or not all(map(_NAME.fullmatch, files)):
        raise ValueError("not what a backup holds")
    return files


def must_be_free(path: Path) -> None:
    """WorkspaceError if no backup can be written to ``path``."""
    if not path.parent.is_dir():
        raise WorkspaceError("no-folder", path=path.parent)
    if path.exists() or path.is_symlink():
        raise _taken(path)


def write(path: Path, data: bytes) -> None:
    """Write a backup for its owner's eyes only (WorkspaceError: something is there already)."""
    must_be_free(path)
    if not atomic.create(path, data, mode=0o600, alone=True):
        raise _taken(path)


def note(held: Workspace) -> None:
    """Leave a trace that there is a backup of these keys; without it one is asked for."""
    if len(held.keys) > noted(held):
        told = json.dumps({"keys": len(held.keys)}).encode()
        with contextlib.suppress(OSError):
            atomic.write(held.memory / NOTED, told)


def noted(workspace: Workspace) -> int:
    """How many keys the last backup holds, as far as its trace tells; 0: there was none."""
    with contextlib.suppress(OSError, ValueError, TypeError, KeyError, RecursionError):
        number = json.loads(content(workspace.memory / NOTED, _LARGEST_HEAD))["keys"]
        return number if type(number) is int and number > 0 else 0
    return 0


def _taken(path: Path) -> WorkspaceError:
    return WorkspaceError("backup-taken", path=path)


def identity(root: Path, files: Mapping[str, bytes]) -> Workspace:
    """The workspace that a backup is of, with its keys, as it would stand in ``root``.

    WorkspaceError: ``root`` has another identity, or a file of the same that is damaged.
    """
    held = identity_of(root, files[IDENTITY])
    there = _content(memory_of(root) / IDENTITY)
    if there is not None:
        own = identity_of(root, there)
        if (own.id, own.key) != (held.id, held.key):
            raise other_identity(root, own.id, held.id)
    keys = [held.key]
    for name in sorted(name for name in files if name.startswith(KEYS)):
        key = key_in(root, name, files[name])
        there = _content(memory_of(root) / name)
        if there is not None and key_in(root, name, there) != key:
            raise other_identity(root, held.id, held.id)
        keys.insert(0, key)
    return Workspace(root, held.id, keys[0], tuple(keys[1:]))


def other_identity(root: Path, own: str, held: str) -> WorkspaceError:
    """The backup is of another workspace, or of a copy that went its own way."""
    return WorkspaceError("backup-foreign", root=root, own=own, held=held)


def _content(path: Path) -> bytes | None:
    with contextlib.suppress(FileNotFoundError, NotADirectoryError):
        return content(path, _LARGEST_PART)
    return None


def restored(root: Path, files: Mapping[str, bytes]) -> list[str]:
    """Write what is missing in the memory of ``root``; the names of what that was.

    The identity comes last: until then, an interrupted run left a folder that refuses as before.
    """
    order = sorted(files, key=lambda name: (name == IDENTITY, name))
    return [name for name in order if _added(memory_of(root) / name, name, files[name])]


def _added(path: Path, name: str, data: bytes) -> bool:
    if path.exists():  # most are, in a folder that lost one file: each try would write it first
        return False
    return atomic.create(path, data, mode=0o600 if _SECRET.fullmatch(name) else 0o666)


def _cipher(passphrase: str, lock: Lock) -> AESGCM:
    """Loaded only when it is needed: most commands need none of it."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

    # Typed on another system, an umlaut may be made of two signs.
    spoken = unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogateescape")
    derive = Scrypt(salt=lock.salt, length=32, n=lock.cost, r=_BLOCK, p=1)
    return AESGCM(derive.derive(spoken))


def _no_backup(path: Path) -> WorkspaceError:
    return WorkspaceError("no-backup", name=path.name)


def _damaged(path: Path) -> WorkspaceError:
    return WorkspaceError("backup-damaged", name=path.name)
