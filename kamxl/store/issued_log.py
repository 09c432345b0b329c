"""In what order cards went out: a line for each, at the end of ``issued/log``.

A card may ask what an earlier one asked; only the order of the lines tells which record is the
newest. Lines are only ever added, each whole or not at all: what an interrupted run tore is no
line, and nothing is written onto it.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from kamxl.core.cards import seal
from kamxl.store import atomic
from kamxl.store.paths import check_length
from kamxl.store.reading import content
from kamxl.store.workspace import Workspace

_LINE = re.compile(rb"^([0-9]{1,9}) ([0-9a-f]{%d})\r*$" % seal.HEX_DIGITS, re.MULTILINE)
_TAIL = 64 * 1024  # bytes in which lines that were just written are looked for
_AT_ONCE = 1000  # lines, which have half as many bytes
_TRIES = 5
LOG = "issued/log"  # in the memory
LARGEST = 20_000_000  # bytes; a line has about forty


class IssuedLog:
    """The log of a workspace as it stood when this was made, plus what was added through it.

    ``run`` is the number of this run; two at once may have the same, which harms nothing.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._path = check_length(workspace.memory / LOG)
        self._places: dict[str, int] = {}
        runs = [0]
        for number, digest in _lines(self._path):
            runs.append(number)
            self._places[digest] = len(runs)
        self._count, self.run = len(runs), max(runs) + 1
        self._noted: list[bytes] = []

    def newest(self, digests: Iterable[str]) -> str | None:
        """Which of these records went out last; None: the log knows none of them."""
        known = [digest for digest in digests if digest in self._places]
        return max(known, key=self._places.__getitem__, default=None)

    def put_out(self, digest: str, others: Iterable[str]) -> None:
        """Write down that a card goes out, unless it is the newest among ``others`` already.

        OSError: it is not written down.
        """
        self.note(digest, others)
        self.write()

    def note(self, digest: str, others: Iterable[str]) -> None:
        """The same, to be written down with the next ``write``."""
        if self.newest((*others, digest)) != digest:
            self._noted.append(f"{self.run} {digest}".encode())
            self._count += 1
            self._places[digest] = self._count

    def write(self) -> None:
        """Write down what was noted, all of it at once (OSError: perhaps not all)."""
        while self._noted:
            _append(self._path, self._noted[:_AT_ONCE])
            del self._noted[:_AT_ONCE]


def _lines(path: Path) -> list[tuple[int, str]]:
    """Run and digest of each whole line; a log that cannot be read tells nothing."""
    data = b""
    with contextlib.suppress(OSError):
        data = content(path, LARGEST)
    return [(int(match[1]), match[2].decode()) for match in _LINE.finditer(data)]


def _append(path: Path, lines: Sequence[bytes]) -> None:
    """Add lines, and look whether they are there: not every network drive adds at the end."""
    atomic.make_folder(path.parent)
    flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)
    for _ in range(_TRIES):
        handle = os.open(path, flags, 0o666)
        try:
            atomic.share(handle, path.parent)
            torn = _tail(handle, 1) not in (b"", b"\n")
            os.write(handle, (b"\n" if torn else b"") + b"\n".join(lines) + b"\n")
            os.fsync(handle)
            written = set(lines) <= set(_tail(handle, _TAIL).split(b"\n"))
        finally:
            os.close(handle)
        if written:
            return
    raise OSError(f"{path.name} takes no lines")


def _tail(handle: int, most: int) -> bytes:
    """The last bytes of a file."""
    os.lseek(handle, max(0, os.fstat(handle).st_size - most), os.SEEK_SET)
    return os.read(handle, most)
