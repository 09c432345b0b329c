"""Calling a function in a process apart; such processes are kept and used again."""

from __future__ import annotations

import atexit
import os
import threading
import time
import weakref
from collections import Counter
from collections.abc import Callable
from typing import Any, TypeVar, cast

from kamxl.apart import child
from kamxl.apart.limits import ALLOWANCE, MB, Allowance, Died
from kamxl.apart.purses import SOURCE, Purse, endless
from kamxl.apart.worker import Worker
from kamxl.errors import MachineError

Argument = TypeVar("Argument")
Shared = TypeVar("Shared")
Result = TypeVar("Result")

_TIRED = 100 * MB  # what a process may keep of its last work and still be used again
_FULL = 150 * MB  # the same of one that is in the middle of a source, with what it unpacked
_PAUSE = 0.5  # seconds after which a start that failed ...
_SOON = 10.0  # ... within so many is tried once more
# How many fresh processes have to end in the same way before it is the file's doing. Time is
# measured: once is enough. A kill from elsewhere hits whoever is there.
_TRIES = {"time": 1, "memory": 1, "strange": 1, "crashed": 2, "waiting": 2, "killed": 3}
_PROOF = Allowance(seconds=60, patience=120)


def call(
    function: Callable[[Argument, Shared], Result],
    argument: Argument,
    shared: Shared,
    most: Allowance = ALLOWANCE,
) -> Result:
    """``function(argument, shared)`` in another process (Died; what it declares to raise).

    The function must be one that can be imported, and declare what it gives and ``raises``: nothing
    else is taken as its answer. ``shared`` travels once as long as it is the same object, each part
    of a tuple by itself; what it says to be ``held`` (bytes) is not counted as the work's. What
    already works apart calls directly. MachineError: this computer starts no such process, or lets
    none live; what came in is not to blame.
    """
    with Sitting(endless()) as alone:
        return alone.call(function, argument, shared, most)


class Sitting:
    """Work on one source: in one process as long as it lives, all of it from one ``purse``.

    What was unpacked there is still there for the next piece of work; where that process ends, the
    next one has to begin anew, and that is paid, too.
    """

    def __init__(self, purse: Purse) -> None:
        self.purse = purse
        self._worker: Worker | None = None
        self._began = False

    def __enter__(self) -> Sitting:
        return self

    def __exit__(self, *_: object) -> None:
        self._rise()

    def call(
        self,
        function: Callable[[Argument, Shared], Result],
        argument: Argument,
        shared: Shared,
        most: Allowance = ALLOWANCE,
    ) -> Result:
        """As ``call``; Died for "source": the purse is empty. KeyboardInterrupt: ``halt``."""
        if child.apart:
            return function(argument, shared)
        deaths: Counter[str] = Counter()
        before = _halts
        worker = self._kept(function)
        while True:
            may = self.purse.allowed(most)
            fresh = not worker.served
            try:
                return cast("Result", worker.ask(function, argument, shared, may))
            except Died as died:
                reason = died.reason
            finally:
                self.purse.charge(worker.took)
            if before != _halts:
                raise KeyboardInterrupt
            self.purse.died(reason)
            if reason == "time" and may.seconds < most.seconds:
                raise Died(SOURCE)
            # What killed a used one may have been left from the work before: a new one shows.
            deaths[reason] += fresh
            if reason in ("time", "strange"):
                raise Died(reason)
            if deaths[reason] >= _TRIES[reason] or deaths.total() >= max(_TRIES.values()):
                _prove(function)
                raise Died("time" if reason == "waiting" else reason)
            worker = self._anew(function)

    def _kept(self, function: object) -> Worker:
        """The process of before, if it can go on; it may hold what was unpacked."""
        worker = self._worker
        if worker is not None and _module(function) in worker.modules and worker.fit(_FULL):
            return worker
        self._rise()
        if self._began:
            return self._anew(function)
        self._began = True
        self._worker = _taken(function)
        return self._worker

    def _anew(self, function: object) -> Worker:
        self._rise()
        self.purse.allowed(ALLOWANCE)
        self._worker = _begun(function)
        self.purse.charge_all(self._worker.begun)
        return self._worker

    def _rise(self) -> None:
        worker, self._worker = self._worker, None
        if worker is not None:
            _give_back(worker)


def ready(function: Callable[[Any, Any], Any]) -> None:
    """Have a process ready for ``function``, and kept (MachineError: there cannot be one)."""
    if not child.apart:
        _give_back(_taken(function))


def _prove(function: object) -> None:
    """That other work would have ended well in this moment (MachineError: it would not)."""
    worker = _taken(function)
    try:
        worker.ask(child.harmless, child.PROOF, None, _PROOF)
    except Died as died:
        raise MachineError(
            "processes-ended", memory=died.reason == "memory", reason=died.reason
        ) from died
    finally:
        _give_back(worker)


_lock = threading.Lock()
_free: list[Worker] = []
_alive: weakref.WeakSet[Worker] = weakref.WeakSet()
_halts = 0  # how often all work was to end


def _taken(function: object) -> Worker:
    while (worker := _waiting(_module(function))) is not None:
        if worker.fit(_TIRED):
            return worker
        worker.end()
    return _begun(function)


def _waiting(module: str) -> Worker | None:
    """One that has imported this module: of another, importing would be the file's fault."""
    with _lock:
        for place in reversed(range(len(_free))):
            if module in _free[place].modules:
                return _free.pop(place)
    return None


def _begun(function: object) -> Worker:
    """A fresh one that is ready; what hinders only for a moment is tried once more."""
    begin, before = time.monotonic(), _halts
    try:
        return _ready(function)
    except MachineError:
        if before != _halts:
            raise KeyboardInterrupt from None
        if time.monotonic() - begin > _SOON:
            raise
        time.sleep(_PAUSE)
        return _ready(function)


def _ready(function: object) -> Worker:
    worker = Worker(_module(function))
    try:
        with _lock:
            _alive.add(worker)
        worker.ready(function)
    except BaseException:
        worker.end()
        raise
    return worker


def _module(function: object) -> str:
    return str(getattr(function, "__module__", ""))


def _give_back(worker: Worker) -> None:
    if worker.fit(_TIRED):
        with _lock:
            _free.append(worker)
    else:
        worker.end()


def close() -> None:
    """End the processes that wait for work."""
    with _lock:
        workers, _free[:] = list(_free), []
    for worker in workers:
        worker.end()


def halt() -> None:
    """End the processes that work, too: who waits for one, in another thread, is interrupted.

    For who leaves because somebody said so, and must not wait for a file that takes long.
    """
    global _halts
    with _lock:
        _halts += 1
        working = list(_alive)
    for worker in working:
        worker.kill()
    close()


def _forget() -> None:
    """After a fork: the processes are the parent's, and so is the lock."""
    global _lock
    _lock = threading.Lock()
    _free.clear()
    _alive.clear()


atexit.register(close)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
