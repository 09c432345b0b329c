"""Who is at work in a workspace, as the note of a turn says it; whether that process still runs.

A note is written by another user or computer: nothing in it is taken for more than a few words.
"""

from __future__ import annotations

import contextlib
import getpass
import hashlib
import itertools
import json
import os
import platform
import sys
import uuid
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from kamxl.store.reading import beginning

_LONGEST = 64  # characters of a name
_PIDS = 2**32
_TOLD = 4_096  # bytes that Linux says about a process, or itself; they are fewer
_runs = itertools.count()


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose turn it is: ``user`` on ``computer`` does ``what`` since ``since`` (by her clock).

    ``token`` is of this one turn, ``beat`` grows while it lives. ``machine`` is a digest of what
    tells this computer, as it was started, from others; ``process`` and ``born`` tell a process on
    it, whatever its clock says.
    """

    token: str
    user: str
    computer: str
    what: str
    since: datetime | None
    machine: str
    process: int
    born: str
    beat: int = 0

    @classmethod
    def here(cls, what: str, now: datetime) -> Holder:
        """This process, beginning something."""
        process = os.getpid()
        born = _born(process) or ""
        token = f"{_machine()}-{process}-{born}-{next(_runs)}"
        return cls(token, _user(), platform.node(), what, now, _machine(), process, born)

    @property
    def is_here(self) -> bool:
        """Whether it is a process of this computer, which can be asked about it."""
        return self.machine == _machine()

    @property
    def is_over(self) -> bool:
        """Whether a process of this computer has ended (or is this one, which holds no turn)."""
        if self.process == os.getpid():
            return True
        born = _born(self.process)
        return born is None or (bool(born and self.born) and born != self.born)

    def later(self) -> Holder:
        """The same, one beat later."""
        return replace(self, beat=self.beat + 1)

    def written(self) -> bytes:
        """The note's bytes."""
        told = {
            "token": self.token, "user": self.user, "computer": self.computer, "what": self.what,
            "since": self.since.isoformat() if self.since else "", "machine": self.machine,
            "process": self.process, "born": self.born, "beat": self.beat,
        }  # fmt: skip
        return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")


def told(data: bytes) -> Holder | None:
    """Who a note says is at work; None: it says nothing."""
    try:
        record = json.loads(data)
        process = record["process"]
        if type(process) is not int or not 0 < process < _PIDS:
            return None
        token, user, computer, what, machine, born = (
            _plain(str(record[name]))
            for name in ("token", "user", "computer", "what", "machine", "born")
        )
        return Holder(token, user, computer, what, _moment(record), machine, process, born)
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def _moment(record: dict[str, object]) -> datetime | None:
    """When it was begun; None: at no time that every zone has, or that anybody would believe."""
    with contextlib.suppress(ValueError, OverflowError):
        moment = datetime.fromisoformat(str(record.get("since"))).astimezone(UTC)
        return moment if 1990 <= moment.year < 2200 else None
    return None


def _plain(text: str) -> str:
    """What cannot turn a line around, or fill a screen."""
    return "".join(sign for sign in text if sign.isprintable())[: 4 * _LONGEST]


def _user() -> str:
    with contextlib.suppress(KeyError, ImportError, OSError):  # a user without an entry
        return getpass.getuser()[:_LONGEST]
    return f"uid {os.getuid()}" if hasattr(os, "getuid") else ""


@cache
def _machine() -> str:
    """This computer until it is started anew, and on it what sees the same processes.

    Names of computers are not unique: two called alike must not take each other's for dead.
    """
    told = [platform.node()]
    for place in ("/proc/sys/kernel/random/boot_id", "/proc/self/ns/pid"):
        with contextlib.suppress(OSError):
            path = Path(place)
            link = path.is_symlink()
            told.append(str(path.readlink()) if link else beginning(path, _TOLD).decode("ascii"))
    if len(told) == 1:
        told.append(f"{uuid.getnode():x}")
    return hashlib.sha256("\n".join(told).encode("utf-8", "replace")).hexdigest()[:16]


def _born(process: int) -> str | None:
    """What tells a process from another one with its number; "": not known, None: it has ended."""
    if sys.platform == "linux":
        return _born_on_linux(process)
    import psutil  # here, because it takes a while, and mostly nobody is asked about

    try:
        found = psutil.Process(process)
        return None if found.status() == psutil.STATUS_ZOMBIE else repr(found.create_time())
    except psutil.NoSuchProcess:
        return None
    except (psutil.Error, OSError):
        return ""


def _born_on_linux(process: int) -> str | None:
    """Ticks since the computer's start: no change of the clock moves them."""
    try:
        said = beginning(Path(f"/proc/{process}/stat"), _TOLD)
    except OSError:
        return "" if _answers(process) else None
    fields = said.rpartition(b")")[2].split()
    return None if fields[0] in (b"Z", b"X") else fields[19].decode()


def _answers(process: int) -> bool:
    """Whether there is such a process, even where others' are hidden."""
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    return True
