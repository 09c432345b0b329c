"""Taking turns: who changes a workspace does so alone, whoever else shares the folder from where.

Whose turn it is says a note in the workspace's memory, made as a file that must not be there yet.
Its writer changes it every few seconds. Who finds one waits, and tells by it whether its writer is
alive: of this computer the process is asked; of another one the note has to change while the
waiting one looks on, by her own clock that nobody sets. So a note left by a computer that died is
passed over, and no wrong clock makes a difference. Locks of the file system are not used: shares
and synced folders have none that hold, and on one computer this is as good.

A sync client brings notes late: then two may work at once, as if there were no turns. Every file is
written whole anyway, and only the later one's result may be the earlier's view.
"""

from __future__ import annotations

import contextlib
import stat
import threading
import time
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from kamxl.errors import MachineError, Reason, WorkspaceError
from kamxl.store import atomic, holder
from kamxl.store.holder import Holder
from kamxl.store.reading import content
from kamxl.store.workspace import memory_of

NOTE = "turn.json"
WORK = (
    "init", "issue", "remind", "thank", "reply", "send", "consolidate", "decide", "import",
    "upgrade", "key", "forget", "demo", "brief",
)  # fmt: skip
_COPIES = "turn"  # with this begins what sync clients make of two notes
_LARGEST = 10_000  # bytes of a note; it has about 400
_SAID_AFTER = 1.0  # seconds: nobody wants to hear of less


@dataclass(frozen=True, slots=True)
class Manner:
    """How one waits for a turn, in seconds.

    ``patience``: for somebody who is alive; ``silence``: after which somebody on another computer
    is not; ``beat``: between two signs of life of one's own; ``look``: between two looks. ``tell``
    hears once whom one waits for. ``clock`` only ever goes forward; ``now`` is for people.
    """

    patience: float = 60.0
    silence: float = 60.0
    beat: float = 5.0
    look: float = 0.2
    tell: Callable[[WorkspaceError], None] | None = None
    clock: Callable[[], float] = time.monotonic
    pause: Callable[[float], None] = time.sleep
    now: Callable[[], datetime] = lambda: datetime.now(UTC)


manner: ContextVar[Manner] = ContextVar("manner", default=Manner())  # noqa: B039 frozen


@dataclass(slots=True)
class _Within:
    """Who has the turn within this process; one who has it may take it again."""

    lock: threading.RLock = field(default_factory=threading.RLock)
    depth: int = 0
    own: Holder | None = None


_within: dict[Path, _Within] = {}
_door = threading.Lock()


@contextlib.contextmanager
def one_at_a_time(root: Path, what: str) -> Iterator[None]:
    """Wait until nobody else is at work in the workspace ``root``; what is one of ``WORK``.

    WorkspaceError ("workspace-busy"): somebody is, and goes on being. MachineError: this computer
    gives no signs of life. Where no note can be written (a folder that is read-only) nobody is kept
    waiting: whatever is to be written will say so.
    """
    chosen = manner.get()
    folder = memory_of(root.resolve())
    with _door:
        within = _within.setdefault(folder, _Within())
    if not within.lock.acquire(timeout=chosen.patience):
        raise _busy(folder, within.own)
    try:
        if within.depth:
            yield from _again(within)
            return
        with _noted(folder, Holder.here(what, chosen.now()), chosen) as own:
            within.depth, within.own = 1, own
            try:
                yield
            finally:
                within.depth, within.own = 0, None
    finally:
        within.lock.release()


def is_of_turns(path: Path) -> bool:
    """Whether a file of a workspace's memory only says whose turn it is."""
    return path.name.startswith(_COPIES)


def _again(within: _Within) -> Iterator[None]:
    within.depth += 1
    try:
        yield
    finally:
        within.depth -= 1


@contextlib.contextmanager
def _noted(folder: Path, own: Holder, chosen: Manner) -> Iterator[Holder]:
    """The note written, kept alive, and taken away again, with the folders made for it alone."""
    made: list[Path] = []
    with contextlib.suppress(OSError):
        made = atomic.make_folder(folder)
    try:
        if not _taken(folder / NOTE, own, chosen):
            yield own
            return
        with _alive(folder / NOTE, own, chosen.beat):
            yield own
    finally:
        _given_back(folder, own)  # which may be ours though nobody was told: Ctrl-C comes any time
        for one in reversed(made):
            with contextlib.suppress(OSError):
                one.rmdir()


def _taken(note: Path, own: Holder, chosen: Manner) -> bool:
    """Wait, and write the note; False: none can be written here (WorkspaceError: busy)."""
    watch = _Watch(chosen)
    while True:
        seen = _look(note)
        try:
            if seen is None:
                if atomic.create(note, own.written()):
                    return True
            elif watch.is_over(seen):
                _pass_over(note, seen)
            elif watch.is_impatient():
                raise _busy(note.parent, seen.holder)
            else:
                if chosen.tell and watch.is_to_tell():
                    chosen.tell(_busy(note.parent, seen.holder))
                chosen.pause(chosen.look)
        except OSError:
            return False


class _Seen(NamedTuple):
    """A note as it stood: all that tells it from another, and who it says is at work."""

    signature: object
    holder: Holder | None


class _Watch:
    """Looks on while somebody else is at work."""

    def __init__(self, chosen: Manner) -> None:
        self._chosen = chosen
        self._begun = self._since = chosen.clock()
        self._last: object = None
        self._heard = self._told = False

    def is_over(self, seen: _Seen) -> bool:
        """Whether who wrote the note is at work no more."""
        now = self._chosen.clock()
        if seen.signature != self._last:
            self._heard = self._last is not None
            self._last, self._since = seen.signature, now
        if seen.holder is not None and seen.holder.is_here:
            self._heard = True
            return seen.holder.is_over
        return now - self._since >= self._chosen.silence

    def is_impatient(self) -> bool:
        """Whether it is enough: there is somebody, and that for long."""
        return self._heard and self._waited() >= self._chosen.patience

    def is_to_tell(self) -> bool:
        """Whether to say that one waits: once."""
        first = not self._told and self._waited() >= _SAID_AFTER
        self._told = self._told or first
        return first

    def _waited(self) -> float:
        return self._chosen.clock() - self._begun


def _look(note: Path) -> _Seen | None:
    """The note; whatever else lies there is one that names nobody. None: there is none."""
    try:
        status = note.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError:
        return _Seen("hidden", None)
    told = (status.st_ino, status.st_size, status.st_mtime_ns, status.st_mode)
    if stat.S_ISREG(status.st_mode):
        with contextlib.suppress(OSError):
            data = content(note, _LARGEST)
            return _Seen(data, holder.told(data))
    return _Seen(told, None)


def _pass_over(note: Path, seen: _Seen) -> None:
    """Take away the note of somebody who is at work no more (OSError: it cannot be).

    Moved first and looked at again: another one who waited may have done the same, and begun.
    """
    aside = atomic.temporary(note)
    try:
        atomic.move(note, aside)
    except FileNotFoundError:
        return
    moved = _look(aside)
    if moved is None or moved.signature != seen.signature:
        with contextlib.suppress(OSError):
            atomic.link(aside, note)
    _removed(aside)


def _given_back(folder: Path, own: Holder) -> None:
    """Take the note away, unless it is another's by now, and what a sync client made of it."""
    seen = _look(folder / NOTE)
    if seen is not None:
        if seen.holder is None or seen.holder.token != own.token:
            return  # who is at work now does so when she is done
        _removed(folder / NOTE)
    with contextlib.suppress(OSError):
        for path in sorted(folder.iterdir()):
            if is_of_turns(path) and path.name != NOTE:
                _removed(path)


def _removed(path: Path) -> None:
    """Remove what can be; a program that holds it (Windows) is given a moment."""
    for _ in range(5):
        try:
            path.unlink()
        except FileNotFoundError:
            return
        except PermissionError:
            time.sleep(0.05)
        except OSError:  # a folder
            with contextlib.suppress(OSError):
                path.rmdir()
            return
        else:
            return


@contextlib.contextmanager
def _alive(note: Path, own: Holder, beat: float) -> Iterator[None]:
    """Signs of life while a turn lasts; a note that is another's by now is left alone."""
    ended = threading.Event()

    def go_on() -> None:
        told = own
        while not ended.wait(beat):
            seen = _look(note)
            if seen is None or seen.holder is None or seen.holder.token != own.token:
                return
            told = told.later()
            with contextlib.suppress(OSError):
                atomic.write(note, told.written())

    thread = threading.Thread(target=go_on, name="kamxl-turn", daemon=True)
    try:
        thread.start()
    except RuntimeError as problem:
        raise MachineError("no-threads", reason=str(problem)) from problem
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _busy(folder: Path, other: Holder | None) -> WorkspaceError:
    """Who is at work, what she does, and since when."""
    what = other.what if other is not None and other.what in WORK else "other"
    since = other.since.astimezone().isoformat(timespec="minutes") if other and other.since else ""
    return WorkspaceError(
        "workspace-busy",
        folder=folder.parent.name,
        who=other.user if other else "",
        computer=other.computer if other else "",
        what=Reason(f"turn_{what}"),
        since=since,
    )
