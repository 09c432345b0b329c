"""Files read by others: any executor, whose workers may be other processes or other computers.

What travels is small. Files go as bytes, or, where every worker sees the folder, as paths with the
digest of what has to stand there. What the workspace knows (``Known``) goes with the first batches
and to whoever lacks it, not with each batch. A worker reads files as this computer does: in
processes apart, within the same limits and fences. What it does not give back is read here.
"""

from __future__ import annotations

import hashlib
import pickle  # S403: between programs of ours; an executor has nothing else
import threading
import zlib
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from kamxl import __version__
from kamxl.excel.reading.limits import LIMITS
from kamxl.store import inbox
from kamxl.store.inbox import Entry
from kamxl.workflow.incoming.batches import PIECES
from kamxl.workflow.incoming.judge import Known
from kamxl.workflow.incoming.looking import Found, look_all

_AHEAD = 16  # batches given out at a time, for workers that are not counted
_KEPT = 2  # workspaces that a worker remembers
_LOOK = 2.0  # seconds between two looks at whether there are any workers
_PATIENT = 15  # looks without one: those that were killed are started again within a few

LACKS_KNOWN, LACKS_FILES = "known", "files"
_NOTHING = "nothing"


class Lost(BrokenExecutor):
    """What was given out does not come back: it has to be done here."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """Some files for a worker elsewhere, and what it needs to judge them.

    ``root``: the workspace, if the files are to be found there and come without bytes;
    ``ticket``: the digest of what the workspace knows, ``known`` that, if it has to be brought.
    ``version``: of kamxl, for two might judge otherwise.
    """

    version: str
    entries: tuple[Entry, ...]
    root: str | None
    ticket: str
    known: bytes | None = field(default=None, repr=False)


def look_away(parcel: Parcel) -> list[Found] | str:
    """What the files are worth (a worker does this); or in one word what it lacks for that."""
    if parcel.version != __version__:
        return _NOTHING
    found, known = _remembered(parcel)
    if not found:
        return LACKS_KNOWN
    entries = parcel.entries
    if parcel.root is not None:
        read = [_as_it_was(entry, Path(parcel.root)) for entry in entries]
        entries = tuple(entry for entry in read if entry is not None)
        if len(entries) < len(read):
            return LACKS_FILES
    return look_all(entries, known)


def _as_it_was(entry: Entry, root: Path) -> Entry | None:
    """The file with its bytes, if the same stand there as where it was listed."""
    if entry.sha256 is None:
        return entry
    read = inbox.read(root / entry.path, entry.path, root, LIMITS.file)
    return replace(entry, data=read.data) if read.sha256 == entry.sha256 else None


_memory: OrderedDict[str, Known | None] = OrderedDict()
_memory_lock = threading.Lock()


def _remembered(parcel: Parcel) -> tuple[bool, Known | None]:
    """Whether it is known what the workspace knows, and that; always the same object."""
    with _memory_lock:
        if parcel.ticket in _memory:
            _memory.move_to_end(parcel.ticket)
            return True, _memory[parcel.ticket]
        if parcel.known is None:
            return False, None
        known: Known | None = pickle.loads(zlib.decompress(parcel.known))  # noqa: S301 from ours
        _memory[parcel.ticket] = known
        while len(_memory) > _KEPT:
            _memory.popitem(last=False)
        return True, known


class Elsewhere(Executor):
    """Has ``look_all`` done by another executor.

    ``share``: the folder in which all workers find the files, by the same path. ``alive``: asked
    while a result is waited for, whether there are workers at all (None: there are). ``foreign``:
    whatever goes wrong there is a matter of those computers, and files are read here instead.
    ``read_here``: how many had to be.
    """

    def __init__(
        self,
        executor: Executor,
        *,
        share: Path | None = None,
        alive: Callable[[], bool] | None = None,
        foreign: bool = False,
        ahead: int = _AHEAD,
        pieces: int = PIECES,
    ) -> None:
        self._executor, self._share, self._alive = executor, share, alive
        self._foreign, self._gone = foreign, False
        self._packed: tuple[Known | None, str, bytes] | None = None
        self._brought = 0
        self.ahead, self.pieces = ahead, pieces
        self.read_here = 0

    def submit(self, work: Any, /, *given: Any, **_: Any) -> Future[Any]:
        """As ``look_all(entries, known)``, the only work that goes elsewhere."""
        if work is not look_all:
            raise TypeError("only files are looked at elsewhere")
        entries, known = given
        bring = self._brought < self.ahead
        self._brought += bring
        share = self._share
        return _Awaited(self, entries, known, self._sent(entries, known, share, bring=bring))

    def found(
        self, entries: Sequence[Entry], known: Known | None, future: Future[Any] | None
    ) -> list[Found]:
        """What a worker answered (Lost: none does)."""
        share = self._share
        while future is not None and not self._gone:
            told = self._answer(future)
            if not isinstance(told, str):
                return told
            future = None
            if told == LACKS_FILES and share is not None:
                share = None
                future = self._sent(entries, known, share, bring=True)
            elif told == LACKS_KNOWN:
                future = self._sent(entries, known, share, bring=True)
        self.read_here += len(entries)
        raise Lost

    def _sent(
        self, entries: Sequence[Entry], known: Known | None, share: Path | None, *, bring: bool
    ) -> Future[Any] | None:
        """The files given out, by their paths or with their bytes; None: nobody takes them."""
        if self._gone:
            return None
        if share is not None:
            entries = [replace(entry, data=None) for entry in entries]
        ticket, data = self._ticket(known)
        root = None if share is None else str(share)
        parcel = Parcel(__version__, tuple(entries), root, ticket, data if bring else None)
        try:
            return self._executor.submit(look_away, parcel)
        except Exception as problem:  # no more threads, no process, no connection
            if self._foreign or isinstance(problem, RuntimeError | OSError):
                return None
            raise

    def _ticket(self, known: Known | None) -> tuple[str, bytes]:
        """The digest of what the workspace knows, and that, packed."""
        if self._packed is None or self._packed[0] is not known:
            data = pickle.dumps(known, protocol=pickle.HIGHEST_PROTOCOL)
            self._packed = known, hashlib.sha256(data).hexdigest(), zlib.compress(data, 1)
        return self._packed[1:]

    def _answer(self, future: Future[Any]) -> list[Found] | str:
        """What comes back, or why nothing does."""
        try:
            return self._waited(future)
        except (BrokenExecutor, CancelledError):
            return _NOTHING
        except Exception:
            if self._foreign:
                return _NOTHING
            raise

    def _waited(self, future: Future[Any]) -> list[Found] | str:
        missed = 0
        while self._alive is not None and missed < _PATIENT:
            try:
                told: list[Found] | str = future.result(_LOOK)
            except TimeoutError:
                if future.done():
                    raise
                missed = 0 if self._alive() else missed + 1
            else:
                return told
        if self._alive is not None:
            self._gone = True
            raise Lost
        result: list[Found] | str = future.result()
        return result


class _Awaited(Future[Any]):
    """The result of a batch, with the questions that a worker may have before it answers."""

    def __init__(
        self,
        elsewhere: Elsewhere,
        entries: Sequence[Entry],
        known: Known | None,
        future: Future[Any] | None,
    ) -> None:
        super().__init__()
        self._asked = (entries, known, future)
        self._elsewhere = elsewhere

    def result(self, timeout: float | None = None) -> Any:
        """The batch's results (Lost: it has to be read here)."""
        return self._elsewhere.found(*self._asked)

    def cancel(self) -> bool:
        """Have it not be done any more."""
        future = self._asked[2]
        return future is None or future.cancel()
