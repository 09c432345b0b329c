"""Writing files so that an interrupted run leaves the old one or the new one, whole.

Beside the target, to the disk, then one rename. Measured: plain saving under kill -9 left 52 of 54
files corrupt, this way none.

Where a folder may be written by its group, people share it: what is made there the group may read
and write, too, so that the next of them can go on with it. Nobody else gets more than before, and a
folder that only its owner may write stays hers. (Windows hands the folder's rights on by itself.)
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import itertools
import os
import platform
import re
import stat
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

TEMPORARY = ".kamxl-tmp-"
_HERE = hashlib.sha256(platform.node().encode()).hexdigest()[:8]  # which computer writes it
_WRITER = re.compile(re.escape(TEMPORARY) + rf"{_HERE}-(\d{{1,9}})-\d+")
_ABANDONED = 3600  # seconds after which nobody writes a temporary of another computer any more
_OF_GROUP = stat.S_IRGRP | stat.S_IWGRP
_RETRY_SECONDS = 2.5  # as long as a virus scanner or a syncing client holds a file
_PAUSE = 0.1
_counter = itertools.count()


def write(
    path: Path, data: bytes, today: date | None = None, *, mode: int = 0o666, again: bool = False
) -> Path:
    """Write ``data`` to ``path`` whole, and say where it stands now.

    If another program keeps ``path`` open (Excel on Windows) and ``today`` is given, it is a dated
    sibling (``again``: the last of today, if there is one: nobody wrote anything into it); without
    ``today`` the PermissionError is raised. OSError: nothing was changed.
    """
    make_folder(path.parent)
    try:
        _place(path, data, mode)
    except PermissionError:
        if today is None or not in_use(path):
            raise
        last = last_sibling(path, today) if again else None
        if last is not None:
            with contextlib.suppress(PermissionError):
                return write(last, data, mode=mode)
        return write_beside(path, data, today, mode=mode)
    return path


def make_folder(folder: Path) -> list[Path]:
    """Make a folder and what is missing above it, with the rights of those; which were made."""
    if folder.is_dir():
        return []
    missing = [folder]
    while not missing[-1].parent.is_dir() and missing[-1].parent != missing[-1]:
        missing.append(missing[-1].parent)
    made = []
    for one in reversed(missing):
        with contextlib.suppress(FileExistsError):  # somebody else was quicker
            one.mkdir()
            _share_folder(one)
            made.append(one)
    if not folder.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder))
    return made


def share(handle: int, folder: Path) -> None:
    """Give a file of ours to the group of its ``folder``, if that may write there."""
    if not hasattr(os, "fchown"):
        return
    with contextlib.suppress(OSError):  # another's file, or a file system without such rights
        above, own = folder.stat(), os.fstat(handle)
        if not above.st_mode & stat.S_IWGRP:
            return
        if own.st_gid != above.st_gid:
            os.fchown(handle, -1, above.st_gid)  # refused: then nobody gets more, either
        if own.st_mode & _OF_GROUP != _OF_GROUP:
            os.fchmod(handle, stat.S_IMODE(own.st_mode) | _OF_GROUP)


def _share_folder(folder: Path) -> None:
    """The same for a folder."""
    if not hasattr(os, "chown"):
        return
    with contextlib.suppress(OSError):
        above, own = folder.parent.stat(), folder.stat()
        if above.st_mode & stat.S_IWGRP:
            if own.st_gid != above.st_gid:
                os.chown(folder, -1, above.st_gid)
            inherited = above.st_mode & stat.S_ISGID
            folder.chmod(stat.S_IMODE(own.st_mode) | stat.S_IRWXG | inherited)


def in_use(path: Path) -> bool:
    """Whether a refusal means that a program has the file open, not that the folder is closed."""
    return path.exists() and os.access(path.parent, os.W_OK)


def create(path: Path, data: bytes, *, mode: int = 0o666, alone: bool = False) -> bool:
    """Write ``data`` to ``path`` whole unless something is there; whether it was written.

    Even what appears there meanwhile stays as it is. ``alone``: it is its owner's, whoever may
    write the folder. OSError: nothing was changed.
    """
    make_folder(path.parent)
    beside = temporary(path)
    try:
        _write_through(beside, data, mode, alone=alone)
        made = link(beside, path)
    except OSError as problem:
        problem.filename, problem.filename2 = str(path), None  # what people asked for
        raise
    finally:
        with contextlib.suppress(OSError):
            beside.unlink()
    settle_folder(path.parent)
    return made


def link(source: Path, target: Path) -> bool:
    """Give ``source`` another name, too, or instead; False if the name is taken."""
    try:
        target.hardlink_to(source)
    except FileExistsError:
        return False
    except OSError:  # a file system without links: the look before is all there is
        if target.exists() or target.is_symlink():
            return False
        move(source, target)
    return True


def write_beside(path: Path, data: bytes, today: date, *, mode: int = 0o666) -> Path:
    """Write ``data`` under the first free dated name beside ``path``, which is returned.

    Another run may take the same name in this moment: nothing is overwritten.
    """
    return next(p for p in siblings(path, today) if create(p, data, mode=mode))


def siblings(path: Path, today: date) -> Iterator[Path]:
    """The dated names beside ``path``, in order."""
    yield path.with_name(f"{path.stem}-{today.isoformat()}{path.suffix}")
    for n in itertools.count(2):
        yield path.with_name(f"{path.stem}-{today.isoformat()}-{n}{path.suffix}")


def last_sibling(path: Path, today: date) -> Path | None:
    """The last dated file beside ``path`` that was written today, if there is one."""
    there = itertools.takewhile(lambda p: p.exists() or p.is_symlink(), siblings(path, today))
    return next(iter(list(there)[-1:]), None)


def move_aside(path: Path, today: date) -> Path:
    """Give a file the first free dated name beside it, which is returned (OSError: it stays).

    One call, so that an interrupted run leaves nothing behind; a program that holds the file is
    waited for.
    """
    target = next(p for p in siblings(path, today) if not p.exists() and not p.is_symlink())
    move(path, target)
    settle_folder(path.parent)
    return target


def stage(path: Path, data: bytes, *, mode: int = 0o666, durable: bool = False) -> Path:
    """Write ``data`` beside ``path``, for ``move``, and say where (OSError: it is nowhere).

    Unless it is ``durable`` already, who stages sees to it that the data gets to the disk before.
    """
    make_folder(path.parent)
    beside = temporary(path)
    try:
        _write_through(beside, data, mode, durable=durable)
    except BaseException as problem:
        with contextlib.suppress(OSError):
            beside.unlink()
        if isinstance(problem, OSError):
            problem.filename, problem.filename2 = str(path), None  # what people asked for
        raise
    return beside


def try_out(folder: Path) -> None:
    """Write a small file into ``folder`` and remove it again (OSError: it takes none)."""
    beside = temporary(folder / "x")
    try:
        _write_through(beside, b"kamxl", 0o600)
    finally:
        with contextlib.suppress(FileNotFoundError):
            beside.unlink()


def sweep(folder: Path) -> int:
    """Remove what interrupted runs left in ``folder`` (not below it); how many files that were.

    What a process that still runs is writing stays.
    """
    swept = 0
    with contextlib.suppress(OSError):
        for leftover in sorted(folder.iterdir()):
            if leftover.name.startswith(TEMPORARY) and not _in_work(leftover):
                with contextlib.suppress(OSError):
                    leftover.unlink()
                    swept += 1
    return swept


def temporary(path: Path) -> Path:
    """A name beside ``path`` that nobody else takes; left over, it is swept."""
    return path.with_name(f"{TEMPORARY}{_HERE}-{os.getpid()}-{next(_counter)}")


def _in_work(leftover: Path) -> bool:
    """Whether somebody may still be writing it."""
    import psutil  # here, because leftovers are rare and a button is not to wait for it

    try:
        written = leftover.stat().st_mtime
        writer = _WRITER.fullmatch(leftover.name)
        if writer is None:  # of another computer, which shares this folder
            return time.time() - written < _ABANDONED
        # A process that began later only has the same number.
        return psutil.Process(int(writer[1])).create_time() <= written + 1
    except psutil.AccessDenied:
        return True
    except (OSError, psutil.Error, OverflowError):
        return False


def _place(path: Path, data: bytes, mode: int) -> None:
    beside = temporary(path)
    try:
        _write_through(beside, data, mode)
        move(beside, path)
    except BaseException as problem:
        with contextlib.suppress(OSError):
            beside.unlink()
        if isinstance(problem, OSError):
            problem.filename, problem.filename2 = str(path), None  # what people asked for
        raise
    settle_folder(path.parent)


def _write_through(
    path: Path, data: bytes, mode: int, *, alone: bool = False, durable: bool = True
) -> None:
    binary = getattr(os, "O_BINARY", 0)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | binary, mode)
    with os.fdopen(handle, "wb") as file:
        if not alone:
            share(handle, path.parent)
        file.write(data)
        file.flush()
        if durable:
            os.fsync(file.fileno())


def move(source: Path, target: Path) -> None:
    """Rename, trying again for a while where another program holds the target."""
    deadline = time.monotonic() + _RETRY_SECONDS
    while True:
        try:
            os.replace(source, target)  # noqa: PTH105 the fault tests replace os.replace
        except PermissionError:
            if time.monotonic() >= deadline:
                raise
            time.sleep(_PAUSE)
        else:
            return


def settle_folder(folder: Path) -> None:
    """Get the rename itself to the disk, where folders can be opened (not on Windows)."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
