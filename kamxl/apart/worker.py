"""One process apart, from its start to its end: asked, watched, and blamed for nothing else."""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import struct
import subprocess  # S404: our own Python, our own module
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import IO, Any

import psutil

from kamxl.apart import child, jobs
from kamxl.apart.answers import Strange, may_raise, unpacked, unpacked_problem
from kamxl.apart.families import Family, family_of
from kamxl.apart.limits import MB, UNWATCHED, Allowance, Died, Watch, watched
from kamxl.apart.starting import cannot_start, started
from kamxl.errors import DEBUG, KamxlError, MachineError, Reason, is_so_here, too_little_memory

# Patience on a slow and busy computer: until it says its first word, then until it has imported.
_GREETING = Allowance(seconds=60, patience=40)
_IMPORTING = Allowance(seconds=60, patience=120)
_BANNER = 65_536  # bytes that an environment may print before that word
_LONGEST = 100 * MB  # an answer: more than any file that is read can hold
_SECONDS = 5.0  # until a process that closed its pipe has ended

# Whether it is several things that are shared, and each as bytes; None: that one it has.
_Parts = tuple[bool, list[bytes | None]]


class Worker:
    """A process for work of one ``module``, once it is ``ready``: busy, or waiting.

    ``modules``: those of kamxl that it has imported then, whose work it can do as well.

    ``served``: how many pieces of work it was given; ``took``: processor seconds of the last one.
    """

    def __init__(self, module: str) -> None:
        """Start it (MachineError)."""
        self.modules: frozenset[str] = frozenset((module,))
        self.served = 0
        self.took = 0.0
        self._known: tuple[object, ...] = ()
        self._family = Family(growing=True)
        self._process = started()
        self._job = jobs.held(self._process)
        try:
            self._family = Family(psutil.Process(self._process.pid), growing=True)
        except psutil.Error as problem:
            self.end()
            raise cannot_start(self._status()) from problem

    def ready(self, function: object) -> None:
        """Hear that it is there, and have it import what it needs.

        Whatever is raised, it has to be ended then. MachineError: there is no process to be had.
        """
        question = _packed((function, None, (), 0.0))
        with self._starting(_GREETING):
            number = _greeting(self._process.stdout)
            self._family = family_of(self._process.pid, number)
        with self._starting(_IMPORTING):
            well, data = self._exchange(question)
        if well:
            self.modules |= _named(data)
            return
        answer = unpacked_problem(data)
        if isinstance(answer, MemoryError):
            raise too_little_memory()
        raise answer if isinstance(answer, KamxlError) else cannot_start(_words(answer))

    @contextlib.contextmanager
    def _starting(self, most: Allowance) -> Iterator[None]:
        """Whatever goes wrong before it is ready is no file's fault."""
        watch = Watch()
        try:
            with watched(self._family, most) as watch:
                yield
        except MemoryError as problem:
            raise too_little_memory() from problem
        except MachineError:
            raise
        except Exception as problem:  # what a strange program writes may be no pickle in any way
            self.end()
            why = Reason("silent") if watch.reason == "waiting" else self._status()
            raise cannot_start(why) from problem

    def ask(self, function: object, argument: object, shared: object, most: Allowance) -> Any:
        """The answer (Died; what the function declares to raise); ``took`` tells what it cost."""
        self.took = 0.0
        more, known = self._lacking(shared)
        most = replace(most, memory=most.memory + _held(known))
        question = _packed((function, argument, more, most.seconds, most.memory))
        self._known = known
        self.served += 1
        watch = Watch()
        try:
            with watched(self._family, most) as watch:
                answer = self._exchange(question)
        except (OSError, EOFError):
            reason = watch.reason or self._ended()
            self.end()
            if reason == UNWATCHED:
                raise too_little_memory() from None
            raise Died(reason) from None
        except BaseException:  # Ctrl-C: its answer would be taken for the next one's
            self.end()
            raise
        finally:
            self.took = watch.seconds
        if watch.reason is not None:  # it answered and was killed in the same moment
            self.end()
        return self._understood(function, *answer)

    def _lacking(self, shared: object) -> tuple[_Parts, tuple[object, ...]]:
        """What it has to be told of ``shared``, and all that it knows then.

        Work that shares nothing has it forget nothing.
        """
        if shared is None:
            return (False, []), self._known
        several = type(shared) is tuple
        parts = shared if isinstance(shared, tuple) and several else (shared,)
        has = dict(enumerate(self._known))
        new = [n not in has or has[n] is not part for n, part in enumerate(parts)]
        lacking = [
            _packed(part) if is_new else None for part, is_new in zip(parts, new, strict=True)
        ]
        return (several, lacking), parts

    def _understood(self, function: Any, well: bool, data: bytes) -> Any:
        """What an answer says (Died; what the function declares to raise)."""
        if not well:
            problem = unpacked_problem(data)
            if isinstance(problem, MemoryError):
                self.end()
                raise Died("memory")
            if isinstance(problem, may_raise(function)) or is_so_here(problem):
                raise problem
            raise self._strange(problem)
        try:
            return unpacked(function, data)
        except Strange as strange:
            raise self._strange(strange) from None

    def _strange(self, problem: Exception) -> Exception:
        """Its end, for it answered what the work does not say: a mistake of ours, or not we."""
        self.end()
        return problem if os.environ.get(DEBUG) else Died("strange")

    def _exchange(self, question: bytes) -> tuple[bool, bytes]:
        """Whether it went well, and what it answers (EOFError: it ended, or says too much)."""
        process = self._process
        if process.stdin is None or process.stdout is None:
            raise EOFError
        process.stdin.write(question)
        process.stdin.flush()
        return _answer(process.stdout)

    def _ended(self) -> str:
        """Why it ended by itself: what a signal tells. Nothing in a file sends one of these."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_SECONDS)
        ended = self._process.returncode
        if ended is None or ended == 0:
            return "crashed"
        number = -ended if ended < 0 else ended - 128  # as a launcher tells it
        if number == getattr(signal, "SIGXCPU", None):
            return "time"
        return "killed" if number in _FROM_OUTSIDE else "crashed"

    def _status(self) -> Reason:
        status = self._process.returncode
        return Reason("strange") if status is None else Reason("ended", status=status)

    @property
    def begun(self) -> float:
        """Processor seconds since it was started."""
        with contextlib.suppress(OSError):
            return self._family.used()[0]
        return 0.0

    def fit(self, tired: int) -> bool:
        """Whether it lives, and its last work left less than ``tired`` bytes behind.

        What it was given to know is not of that work, however many cards were issued.
        """
        with contextlib.suppress(OSError):
            used = self._family.used()[1]
            return self._process.poll() is None and 0 < used < tired + _held(self._known)
        return False

    def kill(self) -> None:
        """Have it end, whoever waits for its answer; that one clears up."""
        self._family.kill()
        with contextlib.suppress(OSError):
            self._process.kill()

    def end(self) -> None:
        """Kill it and clear up."""
        self.kill()
        if self._job is not None:
            self._job.close()
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):
                if pipe is not None:
                    pipe.close()
        self._process.wait()


_FROM_OUTSIDE = frozenset(
    getattr(signal, name)
    for name in ("SIGKILL", "SIGTERM", "SIGHUP", "SIGINT", "SIGQUIT")
    if hasattr(signal, name)
)


def _named(data: bytes) -> frozenset[str]:
    """The modules in an answer; what says something else has told none."""
    try:
        return frozenset(unpacked(child.loaded, data))
    except Strange:
        return frozenset()


def _held(known: Iterable[object]) -> int:
    """Bytes of what a process was given to know, which are not those of its work."""
    return sum(int(getattr(part, "held", 0)) for part in known)


def _packed(question: object) -> bytes:
    return pickle.dumps(question, protocol=pickle.HIGHEST_PROTOCOL)


def _answer(answers: IO[bytes]) -> tuple[bool, bytes]:
    how, size = answers.read(1), answers.read(8)
    if how not in (child.WELL, child.BADLY) or len(size) < 8:
        raise EOFError
    (length,) = struct.unpack(">Q", size)
    data = answers.read(length) if length <= _LONGEST else b""
    if len(data) != length:
        raise EOFError
    return how == child.WELL, data


def _greeting(answers: IO[bytes] | None) -> int:
    """The number of the process that works, after whatever else is printed (EOFError: none)."""
    if answers is None:
        raise EOFError
    heard = bytearray()
    while not heard.endswith(child.GREETING):
        one = answers.read(1)
        if not one or len(heard) > _BANNER:
            raise EOFError
        heard += one
    (number,) = struct.unpack(">Q", answers.read(8))
    return int(number)


def _words(problem: object) -> str:
    """What went wrong in a process that is not ready, in a few words."""
    return f"{type(problem).__name__}: {problem!s:.200}"
