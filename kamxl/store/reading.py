"""The one way in which kamxl reads a file of a workspace: a regular one, up to so many bytes.

A pipe would never end and a device never begin; both may lie where a workbook should.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

_NO_WAITING = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


class NotAFile(OSError):  # noqa: N818 what lies there is to blame
    """Something that is no regular file: a pipe, a device, a socket, a folder."""


class TooLarge(OSError):  # noqa: N818 what lies there is to blame
    """A file of more bytes than anybody wants of it."""


def content(path: Path, limit: int) -> bytes:
    """All of a file of at most ``limit`` bytes (NotAFile, TooLarge, any other OSError)."""
    with opened(path) as file:
        size = os.fstat(file.fileno()).st_size
        if size > limit:
            raise TooLarge(errno.EFBIG, os.strerror(errno.EFBIG), str(path))
        data = file.read(size + 1)  # room for all of the limit takes longer than a small file
        if len(data) > size:  # it grew, or never told how long it is
            data += file.read(limit + 1 - len(data))
    if len(data) > limit:
        raise TooLarge(errno.EFBIG, os.strerror(errno.EFBIG), str(path))
    return data


def beginning(path: Path, most: int) -> bytes:
    """The first ``most`` bytes of a file, or all it has (NotAFile, any other OSError)."""
    with opened(path) as file:
        return file.read(most)


def opened(path: Path) -> BinaryIO:
    """A regular file, open for reading; nothing else is even opened (NotAFile, OSError).

    It is looked at twice: what it is may change in between, and then opening must not wait.
    """
    _refuse_if_no_file(path.stat(), path)
    file = os.fdopen(os.open(path, os.O_RDONLY | _NO_WAITING), "rb")
    try:
        _refuse_if_no_file(os.fstat(file.fileno()), path)
    except BaseException:
        file.close()
        raise
    return file


def _refuse_if_no_file(status: os.stat_result, path: Path) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not stat.S_ISREG(status.st_mode):
        # the number that systems have for opening a socket: in words it is told for all of these
        raise NotAFile(errno.ENXIO, os.strerror(errno.ENXIO), str(path))
