"""What was found out already, kept outside of the workspace: it costs nothing but time to lose it.

An entry is known by a name that says all it was made of, and proven by a secret of the workspace:
what is damaged, was made by somebody else, or cannot be read is no entry. Nothing here is an error:
where nothing can be kept, nothing is. ``KAMXL_CACHE`` names another folder, or is "off".
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import platformdirs

from kamxl.store import atomic
from kamxl.store.reading import content

VARIABLE = "KAMXL_CACHE"
OFF = "off"
MOST = 256_000_000  # bytes of all entries, of all workspaces
_LARGEST = 64_000_000  # bytes of one
_OFTEN = 32_000_000  # bytes written, after which is looked whether there are too many
_BLOCK = 4096  # what a small file takes on a disk
_PROOF = 32  # bytes before an entry
_OURS = "entries"  # a folder of our own, whatever else lies in one that was named
_FOLDER, _ENTRY = re.compile(r"[0-9a-f]{2}"), re.compile(r"[0-9a-f]{62}")


class Size(NamedTuple):
    """How many entries there are, and the bytes that they take."""

    entries: int
    bytes: int


def place() -> Path | None:
    """The folder of the cache, there or not; None: somebody wants none."""
    named = os.environ.get(VARIABLE, "").strip()
    return None if named.casefold() == OFF else _folder(named)


def left() -> Path:
    """The same, though somebody wants none: what was kept before is there still."""
    return place() or _folder("")


def _folder(named: str) -> Path:
    chosen = Path(named) if named else Path(platformdirs.user_cache_dir("kamxl", appauthor=False))
    return chosen.absolute() / _OURS


class Cache:
    """The entries of one workspace; ``secret``: of it, known to nobody else."""

    def __init__(self, secret: bytes, folder: Path | None = None) -> None:
        self._secret = hashlib.blake2b(secret, person=b"kamxl cache").digest()
        self._folder = folder or place()
        self._written = 0

    def name(self, *made_of: bytes | str) -> str:
        """The name of an entry, by all that it is made of."""
        whole = hashlib.blake2b(key=self._secret, digest_size=32)
        for part in made_of:
            data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
            whole.update(len(data).to_bytes(8, "big") + data)
        return whole.hexdigest()

    def find(self, name: str) -> bytes | None:
        """What was kept under a name; None: nothing, or nothing of ours that is whole."""
        path = self._path(name)
        if path is None:
            return None
        try:
            data = content(path, _LARGEST)
        except OSError:
            return None
        found = data[_PROOF:]
        if not hmac.compare_digest(data[:_PROOF], self._proof(name, found)):
            return None
        with contextlib.suppress(OSError):
            os.utime(path)  # what nobody asks for goes first
        return found

    def keep(self, name: str, data: bytes) -> None:
        """Keep it, if that can be; what another process keeps meanwhile is as good."""
        path = self._path(name)
        if path is None or len(data) + _PROOF > _LARGEST:
            return
        beside = atomic.temporary(path)
        try:
            _made(path.parent)
            _write(beside, self._proof(name, data) + data)
            os.replace(beside, path)  # noqa: PTH105 as in atomic
        except OSError:
            with contextlib.suppress(OSError):
                beside.unlink()
            return
        self._written += max(len(data), _BLOCK)
        if self._written > _OFTEN:
            self.tidy()

    def tidy(self, most: int = MOST) -> None:
        """Let the oldest go until no more than ``most`` bytes are left, if anything came to it."""
        if self._written and self._folder is not None:
            self._written = 0
            _bound(self._folder, most)

    def _path(self, name: str) -> Path | None:
        return None if self._folder is None else self._folder / name[:2] / name[2:]

    def _proof(self, name: str, data: bytes) -> bytes:
        proof = hashlib.blake2b(name.encode(), key=self._secret, digest_size=_PROOF)
        proof.update(data)
        return proof.digest()


def size_of(folder: Path) -> Size:
    """How much there is in a cache."""
    sizes = [size for _, size, _ in _entries(folder)]
    return Size(len(sizes), sum(sizes))


def try_out(folder: Path) -> None:
    """See whether entries can be kept in ``folder`` (OSError: they cannot); nothing stays there."""
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    try:
        _made(folder)
        atomic.try_out(folder)
    finally:
        for one in missing:
            with contextlib.suppress(OSError):
                one.rmdir()


def remove(folder: Path) -> None:
    """Delete every entry of every workspace (OSError: something is left), and nothing else."""
    for one in _folders(folder):
        for path in _files(one):
            if _ENTRY.fullmatch(path.name) or path.name.startswith(atomic.TEMPORARY):
                path.unlink(missing_ok=True)
        with contextlib.suppress(OSError):  # something of somebody else's is in it
            one.rmdir()
    with contextlib.suppress(OSError):
        folder.rmdir()


def _bound(folder: Path, most: int) -> None:
    found = sorted(_entries(folder))
    left = sum(size for _, size, _ in found)
    for _, size, path in found:
        if left <= most:
            return
        with contextlib.suppress(OSError):
            path.unlink()
        left -= size


def _entries(folder: Path) -> Iterator[tuple[int, int, Path]]:
    """When each was used last, what it takes, and where it is."""
    for one in _folders(folder):
        atomic.sweep(one)
        for path in _files(one):
            if _ENTRY.fullmatch(path.name):
                with contextlib.suppress(OSError):
                    status = path.lstat()
                    yield status.st_mtime_ns, max(status.st_size, _BLOCK), path


def _folders(folder: Path) -> list[Path]:
    with contextlib.suppress(OSError):
        return [one for one in folder.iterdir() if _FOLDER.fullmatch(one.name)]
    return []


def _files(folder: Path) -> list[Path]:
    with contextlib.suppress(OSError):
        return list(folder.iterdir())
    return []


def _made(folder: Path) -> None:
    """Make a folder of the cache, which nobody else may look into (OSError)."""
    if not folder.is_dir():
        folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)


def _write(path: Path, data: bytes) -> None:
    """Without waiting for the disk: what a power cut leaves half is no entry."""
    binary = getattr(os, "O_BINARY", 0)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | binary, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
