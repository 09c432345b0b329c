"""The other side: a process that does one piece of work after the other until nobody asks.

It greets with its number, then takes (what to do, with what) from its standard input, pickled: we
ask. It answers on its standard output with data (``answers``), for what it worked on is not ours;
nothing else reaches that output, whatever the work prints.
"""

from __future__ import annotations

import contextlib
import os
import pickle  # S403: who asks is the program that started this one
import signal
import struct
import sys
import traceback
from typing import Any, BinaryIO

from kamxl.apart.answers import packed, packed_problem
from kamxl.fences.held import reading

WELL, BADLY = b"+", b"!"  # how an answer begins; then its length: eight bytes
GREETING = b"\0kamxl apart\n"  # then the number of the process that works: eight bytes
PROOF = 100 * 1024 * 1024  # bytes: what a good file may need at some moment
apart = False  # whether this process is such a one
# Of the memory that work may use, what a process has when it is ready: the rest is held at once,
# and not only when somebody looks.
_READY = 50 * 1024 * 1024  # bytes
_ORPHAN = 3  # seconds of work beyond what it may, after which one that nobody watches ends itself


def serve() -> None:
    """Work until the input ends."""
    global apart
    apart = True
    questions, answers = _pipes()
    with contextlib.suppress(ValueError):  # Ctrl-C is the asking program's to understand
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers.write(GREETING + struct.pack(">Q", os.getpid()))
    answers.flush()
    function, *_ = _heard(questions, answers)
    _send(answers, (True, loaded()))  # it was imported: that was the point
    del function
    begin = _size()
    reading()
    _work(questions, answers, begin)


def loaded() -> list[str]:
    """The modules of kamxl that are there: work of any of them needs no more importing."""
    return [name for name in sys.modules if name.partition(".")[0] == "kamxl"]


def _heard(questions: BinaryIO, answers: BinaryIO) -> Any:
    """What to do; whoever asks for what cannot be imported here hears why, and it is the end."""
    try:
        return pickle.load(questions)  # noqa: S301 see above
    except (EOFError, OSError):
        raise SystemExit from None
    except Exception as problem:
        _send(answers, (False, problem))
        raise SystemExit from None


def _work(questions: BinaryIO, answers: BinaryIO, begin: int) -> None:
    known: list[Any] = []
    while True:
        function, argument, more, seconds, memory = _heard(questions, answers)
        shared = _shared(known, *more)
        _hold_time(seconds)
        _hold_memory(begin + max(memory - _READY, 0))
        try:
            answer = True, function(argument, shared)
        except MemoryError:  # to say more would need more of it
            answer = False, MemoryError()
        except Exception as problem:
            problem.add_note(traceback.format_exc())
            answer = False, problem
        try:
            _send(answers, answer)
        except OSError:  # nobody waits for it any more
            return
        del function, argument, more, answer


def _shared(known: list[Any], several: bool, parts: list[bytes | None]) -> Any:
    """What work is to know, of which only what is new was sent; ``known``: all of it."""
    if not parts:
        return None
    del known[len(parts) :]
    for place, data in enumerate(parts):
        if data is not None:
            known[place : place + 1] = [pickle.loads(data)]  # noqa: S301 see above
    return tuple(known) if several else known[0]


def harmless(size: int, _: object) -> int:
    """Work that no computer in order fails at: to fill ``size`` bytes."""
    return len(b"\xff" * size)


def _send(answers: BinaryIO, answer: tuple[bool, Any]) -> None:
    well, told = answer
    try:
        sent = packed(told) if well else packed_problem(told)
    except MemoryError:
        well, sent = False, packed_problem(MemoryError())
    except Exception as problem:  # what is no data does not travel: its words do
        words = f"{type(told).__name__}: {told!s:.500} ({problem!r:.200})"
        well, sent = False, packed_problem(RuntimeError(words))
    answers.write((WELL if well else BADLY) + struct.pack(">Q", len(sent)) + sent)
    answers.flush()


def _pipes() -> tuple[BinaryIO, BinaryIO]:
    """The pipes to whoever asks; print() and other libraries' messages lead nowhere."""
    questions = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1):
        os.dup2(nowhere, standard)
    os.close(nowhere)
    return questions, answers


def _size() -> int:
    """Bytes of memory that this process has been promised (Linux; 0 elsewhere)."""
    if sys.platform != "linux":
        return 0
    import resource

    with open("/proc/self/statm", encoding="ascii") as status:  # noqa: PTH123 no path to build
        return int(status.read().split()[0]) * resource.getpagesize()


def _hold_memory(most: int) -> None:
    """What wants too much fails at once, and in the same way each time (Linux)."""
    if sys.platform == "linux":
        import resource

        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        if hard == resource.RLIM_INFINITY or most < hard:
            resource.setrlimit(resource.RLIMIT_AS, (most, hard))


def _hold_time(seconds: float) -> None:
    """Who asked may be killed; an endless piece of work must not outlive it for long."""
    if sys.platform != "win32":
        import resource

        spent = resource.getrusage(resource.RUSAGE_SELF)
        hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
        most = int(spent.ru_utime + spent.ru_stime + seconds) + _ORPHAN
        if hard == resource.RLIM_INFINITY or most < hard:
            resource.setrlimit(resource.RLIMIT_CPU, (most, hard))
