"""Work given out in batches: several at a time, their results in order, none lost.

Knows neither files nor what is done with them. Whoever does the work is an executor, of threads,
processes or other computers; it may say how many batches it wants to have at hand (``ahead``), and
how many pieces in each (``pieces``).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from typing import TypeVar

from kamxl import apart

Piece = TypeVar("Piece")
Shared = TypeVar("Shared")
Result = TypeVar("Result")

PIECES = 16  # of a batch: what is asked and answered at a time; the last ones end together
_BYTES = 1_000_000  # of such a batch
_AHEAD = 8  # batches given out before the first one's result is waited for
_AT_HAND = 64_000_000  # bytes given out at a time: bounded memory
_EACH = 3  # batches for each thread: it finds the next one there, though an earlier one takes long


class Threads(ThreadPoolExecutor):
    """So many threads, each of which only waits for a process of its own."""

    def __init__(self, workers: int) -> None:
        super().__init__(workers)
        self.ahead = workers * _EACH

    def __exit__(self, kind: type[BaseException] | None, *more: object) -> None:
        """Wait for what was given out; nobody who presses Ctrl-C waits."""
        if kind is not None:
            self.shutdown(wait=False, cancel_futures=True)
        if kind is KeyboardInterrupt:
            apart.halt()
        self.shutdown()


def batches(
    pieces: Iterable[Piece], size: Callable[[Piece], int], executor: Executor | None = None
) -> Iterator[list[Piece]]:
    """The pieces in their order, so many to a batch as the executor takes; ``size`` in bytes."""
    most = getattr(executor, "pieces", PIECES)
    biggest = _BYTES * most // PIECES
    batch: list[Piece] = []
    total = 0
    for piece in pieces:
        if batch and total + size(piece) > biggest:
            yield batch
            batch, total = [], 0
        batch.append(piece)
        total += size(piece)
        if len(batch) >= most or total >= biggest:
            yield batch
            batch, total = [], 0
    if batch:
        yield batch


def given_out(
    executor: Executor,
    work: Callable[[Sequence[Piece], Shared], Result],
    shared: Shared,
    each: Iterable[list[Piece]],
    size: Callable[[Piece], int],
) -> Iterator[tuple[list[Piece], Result]]:
    """Every batch with ``work(batch, shared)``, in order; what a worker loses is done here."""
    ahead = getattr(executor, "ahead", _AHEAD)
    waiting: deque[tuple[list[Piece], int, Future[Result] | None]] = deque()
    out = 0
    try:
        for batch in each:
            weight = sum(map(size, batch))
            waiting.append((batch, weight, _submitted(executor, work, batch, shared)))
            out += weight
            while len(waiting) >= ahead or out > _AT_HAND:
                first, weight, future = waiting.popleft()
                out -= weight
                yield first, _result(future, work, first, shared)
        while waiting:
            first, _, future = waiting.popleft()
            yield first, _result(future, work, first, shared)
    finally:  # where one could not be done, the others are not waited for
        for *_, future in waiting:
            _ = future is not None and future.cancel()


def _submitted(
    executor: Executor,
    work: Callable[[Sequence[Piece], Shared], Result],
    batch: Sequence[Piece],
    shared: Shared,
) -> Future[Result] | None:
    """The batch given out; None if there are no workers left to give it to, or none can start."""
    try:
        return executor.submit(work, batch, shared)
    except (RuntimeError, OSError):  # BrokenExecutor is a RuntimeError, "no more threads", too
        return None


def _result(
    future: Future[Result] | None,
    work: Callable[[Sequence[Piece], Shared], Result],
    batch: Sequence[Piece],
    shared: Shared,
) -> Result:
    if future is not None:
        try:
            return future.result()
        except BrokenExecutor:  # a worker died: what it was given is done here
            pass
    return work(batch, shared)
