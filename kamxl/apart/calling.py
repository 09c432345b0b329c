"""Calling a function in a process apart; such processes are kept and used again."""

from __future__ import annotations

import atexit
import contextlib
import os
import pickle
import subprocess  # S404: our own Python, our own module
import sys
import threading
from collections.abc import Callable
from typing import Any, TypeVar, cast

import psutil

from kamxl.apart import child
from kamxl.apart.limits import ALLOWANCE, MB, Allowance, Died, watched

Argument = TypeVar("Argument")
Shared = TypeVar("Shared")
Result = TypeVar("Result")

_START = Allowance(seconds=60, patience=120)  # importing, on a slow and busy computer
_TIRED = 100 * MB  # what a process may keep of its last work and still be used again
# -P: what lies in the current folder, an inbox perhaps, is never imported.
_COMMAND = "import sys; sys.path[:] = sys.argv[1:]; from kamxl.apart.child import serve; serve()"


class _Child:
    """One process: busy with one piece of work, or waiting."""

    def __init__(self) -> None:
        self.served = 0
        self._shared: object = None
        flags = getattr(subprocess, "CREATE_NO_WINDOW", 0)  # Windows would show a black one
        self._process = subprocess.Popen(  # noqa: S603 nothing from outside is in the command
            _command(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            creationflags=flags,
        )
        self._watched = psutil.Process(self._process.pid)

    def ask(self, function: object, argument: object, shared: object, most: Allowance) -> Any:
        """The answer (Died; whatever the function raised)."""
        more = None if shared is self._shared else (shared,)
        with watched(self._watched, most, self._process.kill) as watch:
            try:
                answer = self._exchange((function, argument, more))
            except (OSError, EOFError, pickle.UnpicklingError):
                self.end()
                raise Died(watch.reason or "crashed") from None
            except BaseException:  # Ctrl-C: its answer would be taken for the next one's
                self.end()
                raise
        if watch.reason is not None:  # it answered and was killed in the same moment
            self.end()
        self._shared = shared
        self.served += 1
        well, result = answer
        if not well and isinstance(result, MemoryError):
            self.end()
            raise Died("memory")
        if not well:
            raise result
        return result

    def _exchange(self, question: object) -> Any:
        process = self._process
        if process.stdin is None or process.stdout is None:
            raise EOFError
        pickle.dump(question, process.stdin, protocol=pickle.HIGHEST_PROTOCOL)
        process.stdin.flush()
        return pickle.load(process.stdout)  # noqa: S301 our own child

    def fit(self) -> bool:
        """Whether it lives, and its last work left no heap behind."""
        with contextlib.suppress(psutil.Error):
            return self._process.poll() is None and self._watched.memory_info().rss < _TIRED
        return False

    def end(self) -> None:
        """Kill it and clear up."""
        with contextlib.suppress(OSError):
            self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):
                if pipe is not None:
                    pipe.close()
        self._process.wait()


def _command() -> list[str]:
    if getattr(sys, "frozen", False):  # the standalone program is its own interpreter
        return [sys.executable, "--kamxl-apart"]
    return [sys.executable, "-P", "-c", _COMMAND, *filter(None, sys.path)]


_lock = threading.Lock()
_free: list[_Child] = []


def call(
    function: Callable[[Argument, Shared], Result],
    argument: Argument,
    shared: Shared,
    most: Allowance = ALLOWANCE,
) -> Result:
    """``function(argument, shared)`` in another process (Died; whatever it raises).

    The function must be one that can be imported. ``shared`` travels once as long as it is the same
    object. What already works apart calls directly.
    """
    if child.apart:
        return function(argument, shared)
    while True:
        worker = _taken(function)
        rested = worker.served <= 1  # the first time, it only made itself ready
        try:
            return cast("Result", worker.ask(function, argument, shared, most))
        except Died as died:
            # What killed it may have been left from the work before: a new one shows.
            if rested or died.reason == "time":
                raise
        finally:
            _give_back(worker)


def _taken(function: object) -> _Child:
    with _lock:
        while _free:
            worker = _free.pop()
            if worker.fit():
                return worker
            worker.end()
    worker = _Child()
    # Importing is not the file's fault, so it is not counted.
    worker.ask(_ready, function, None, _START)
    return worker


def _ready(function: object, _: object) -> None:
    """To unpickle a function, its module was imported: that was the point."""


def _give_back(worker: _Child) -> None:
    if worker.fit():
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


def _forget() -> None:
    """After a fork: the processes are the parent's, and so is the lock."""
    global _lock
    _lock = threading.Lock()
    _free.clear()


atexit.register(close)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
