"""Who can give a right that the system refused, told from the file itself: by a command to copy.

Only where rights are the modes of files; elsewhere the words of the system are all there is.
"""

from __future__ import annotations

import errno
import os
import shlex
from collections.abc import Iterator
from pathlib import Path

_MEMORY = ".kamxl"  # in a workspace: all that one user made of it is mended at once


def giver(problem: OSError) -> dict[str, str] | None:
    """Of a refusal: the ``owner`` who can lift it, for whom ("u": herself, "g": the group), at
    which ``path``, and the ``group`` if the reader is not in it. None: it is none, or unclear.
    """
    if problem.errno not in (errno.EACCES, errno.EPERM) or not hasattr(os, "getuid"):
        return None
    closed = _closed(Path(os.fsdecode(problem.filename)).absolute()) if problem.filename else None
    if closed is None:
        return None
    path, status = closed
    own = status.st_uid == os.getuid()
    member = own or status.st_gid in {os.getegid(), *os.getgroups()}
    return {
        "owner": _user(status.st_uid),
        "who": "u" if own else "g",
        "path": shlex.quote(str(_whole(path, status.st_uid))),
        "group": "" if member else _group(status.st_gid),
    }


def _closed(path: Path) -> tuple[Path, os.stat_result] | None:
    """What on the way to a file, or it itself, is closed to us."""
    for one, needed in _needed(path):
        if not os.access(one, needed):
            try:
                return one, one.stat()
            except OSError:
                return None
    return None


def _needed(path: Path) -> Iterator[tuple[Path, int]]:
    for folder in reversed(path.parents):
        yield folder, os.X_OK
    if os.path.lexists(path):
        yield path, os.R_OK
    yield path.parent, os.W_OK
    if os.path.lexists(path):
        yield path, os.W_OK


def _whole(path: Path, owner: int) -> Path:
    """The workspace that a path stands in, if it has the same owner: else the path."""
    for one in (path, *path.parents):
        if os.path.isdir(one / _MEMORY):  # noqa: PTH112 Path.is_dir raises where it may not look
            return one if one.stat().st_uid == owner else path
    return path


def _user(number: int) -> str:
    try:
        import pwd

        return pwd.getpwuid(number).pw_name
    except (ImportError, KeyError):
        return f"uid {number}"


def _group(number: int) -> str:
    try:
        import grp

        return grp.getgrgid(number).gr_name
    except (ImportError, KeyError):
        return f"gid {number}"
