"""How fast work gets on, in a line for who waits: how much is done, how fast, how long yet.

The clock is handed in, as everywhere; it is asked at each step, and a line is due a few times a
second at most, however quick the steps are.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from decimal import Decimal
from math import ceil
from typing import Protocol, runtime_checkable

from kamxl.wording.texts import Texts
from kamxl.workflow.results import Progress

_EVERY = 0.2  # seconds between two lines
_SAMPLE = 1.0  # seconds between two looks at the speed ...
_LOOKS = 20  # ... of which the last so many count: what was quick at first is past
_LONG = 3.0  # seconds of work from which on somebody waits, and a speed can be told
_MINUTE, _HOUR = 60, 3600
_WHOLE = 10  # from here on a speed has no decimals


@runtime_checkable
class Stepped(Protocol):
    """A progress that also tells of work in which nothing is counted."""

    def step(self, name: str) -> None:
        """Such work begins, by the name of its text; "": it ended."""


def step(progress: Progress | None, name: str = "") -> None:
    """Tell who waits that work begins in which nothing is counted, or that it ended."""
    if isinstance(progress, Stepped):
        progress.step(name)


class Pace:
    """The pace of a piece of work, or of several after one another.

    ``said``: the texts in which it is told; ``clock``: seconds, only ever forward.
    """

    def __init__(self, said: Texts, clock: Callable[[], float]) -> None:
        self._said, self._clock = said, clock
        self._seen: deque[tuple[float, int]] = deque(maxlen=_LOOKS)
        self._begun = self._shown = 0.0
        self._last: int | None = None

    def line(self, done: int, total: int) -> str | None:
        """What to show now; None: the last line is so young that it may stay."""
        now = self._clock()
        first = self._last is None or done < self._last
        if first:
            self._seen.clear()
            self._begun = now
        self._last = done
        if not self._seen or now - self._seen[-1][0] >= _SAMPLE:
            self._seen.append((now, done))
        if not first and done < total and now - self._shown < _EVERY:
            return None
        self._shown = now
        return self._told(done, total, now)

    def step(self, name: str) -> str:
        """What to show while nothing is counted; what is counted after it begins anew."""
        self._last = None
        return self._said(f"cli.step_{name}") if name else ""

    def _told(self, done: int, total: int, now: float) -> str:
        since, before = self._seen[0]
        speed = (done - before) / (now - since) if now > since else 0.0
        rate = left = ""
        if now - self._begun >= _LONG and speed > 0:
            rate = self._said.number(speed, 0 if speed >= _WHOLE else 1)
            left = self._time(ceil((total - done) / speed)) if done < total else ""
        counted = {"done": self._grouped(done), "total": self._grouped(total)}
        return self._said("cli.progress", **counted, rate=rate, left=left)

    def _time(self, seconds: int) -> str:
        """Some seconds in words, as exact as anybody can know."""
        if seconds < _MINUTE:
            return self._said("cli.seconds", count=max(5 * ceil(seconds / 5), 5))
        if seconds < _HOUR:
            return self._said("cli.minutes", count=ceil(seconds / _MINUTE))
        hours, rest = divmod(ceil(seconds / 600) * 10, 60)
        return self._said("cli.hours", hours=hours, minutes=rest)

    def _grouped(self, number: int) -> str:
        return self._said.manner.exact(Decimal(number), "#,##0")
