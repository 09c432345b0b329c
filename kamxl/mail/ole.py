"""OLE files (the container of .msg), opened by olefile behind checks of our own.

Its loops end where the file says they do. A file that says too much is refused before: its tables
can be no larger than the file itself, and what stands in a directory is counted.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import olefile

from kamxl.mail.opening import CannotOpen

ENTRIES = 10_000  # an attachment takes about 25
_HEADER = struct.Struct("<8s16s5H6s9L")
_SECTORS = {9, 12}  # sectors of 512 and of 4096 bytes, as powers of two


class _Counting(olefile.OleFileIO):  # type: ignore[misc]
    """olefile, which stops at a directory without end."""

    def _load_direntry(self, sid: int) -> Any:
        self._loaded = getattr(self, "_loaded", 0) + 1
        if self._loaded > ENTRIES:
            raise CannotOpen("too-large")
        return super()._load_direntry(sid)


class Storage:
    """A folder in an OLE file: what is in it, by name in small letters.

    ``pages`` are the code pages its texts may be in, those of the folder around it until others
    are named.
    """

    def __init__(self, file: OleFile, entry: Any, pages: Sequence[int] = ()) -> None:
        self._file, self._entry, self.pages = file, entry, pages

    @property
    def names(self) -> list[str]:
        """The names in it, sorted."""
        return sorted(self._kids)

    def storage(self, name: str) -> Storage | None:
        """A folder in it."""
        kid = self._kids.get(name.lower())
        if kid is None or kid.entry_type != olefile.STGTY_STORAGE:
            return None
        return Storage(self._file, kid, self.pages)

    def size(self, name: str) -> int | None:
        """How many bytes a stream says it has; None: there is no such stream."""
        kid = self._kids.get(name.lower())
        return None if kid is None or kid.entry_type != olefile.STGTY_STREAM else int(kid.size)

    def content(self, name: str, most: int) -> bytes | None:
        """A stream, whole; None: there is none, or it has more than ``most`` bytes.

        CannotOpen: it has fewer bytes than it says.
        """
        size = self.size(name)
        if size is None or size > most:
            return None
        return self._file.content(self._kids[name.lower()])

    @property
    def _kids(self) -> Mapping[str, Any]:
        kids: Mapping[str, Any] = self._entry.kids_dict
        return kids


class OleFile:
    """An OLE file in memory (CannotOpen, or whatever olefile raises: it is damaged)."""

    def __init__(self, data: bytes) -> None:
        _check(data)
        self._size = len(data)
        self._ole = _Counting(io.BytesIO(data))
        if self._ole.root.size > len(data):
            raise CannotOpen("damaged")
        self.root = Storage(self, self._ole.root)

    def content(self, entry: Any) -> bytes:
        """The bytes of a stream's directory entry."""
        if entry.size > self._size:
            raise CannotOpen("damaged")
        found = bytes(self._ole._open(entry.isectStart, entry.size).read())
        if len(found) != entry.size:
            raise CannotOpen("damaged")
        return found


def _check(data: bytes) -> None:
    """The figures of the header are those of a file of this size."""
    if len(data) < 512:
        raise CannotOpen("damaged")
    found = _HEADER.unpack_from(data)
    shift, small = found[5], found[6]
    tables, small_tables, lists = found[9], found[14], found[16]
    if shift not in _SECTORS or small != 6:
        raise CannotOpen("damaged")
    sectors = len(data) >> shift
    needed = sectors // (1 << (shift - 2)) + 1  # so many sectors list all others
    if tables > 2 * needed + 16 or small_tables > sectors or lists > tables:
        raise CannotOpen("damaged")


def stretches(content: bytes, begin: int, size: int) -> Iterator[bytes]:
    """The records of a fixed size from ``begin`` on."""
    for at in range(begin, len(content) - size + 1, size):
        yield content[at : at + size]
