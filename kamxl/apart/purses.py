"""What may be used for one source: a file on the disk, with all that is packed in it."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from kamxl.apart.limits import MB, Allowance, Died

SOURCE = "source"  # the reason where not one piece of work took too much, but all together


@dataclass(slots=True)
class Purse:
    """What is left for a source; only ever emptied, by what was really used.

    Processor time, never the clock, and nothing that depends on who else works here: the same
    files are read on a busy computer, and with any number of workers. A card takes 0.015 s, so what
    takes no more than ``ordinary`` is not counted among the ``seconds``: a hundred good answers
    leave all of them. ``total`` bounds those, too; no ten megabytes of cards come near it.

    ``deaths``: processes that ended before their work; ``programs``: how often another program
    works on it; ``size``: bytes unpacked and given back by programs.
    """

    seconds: float = 10.0
    ordinary: float = 0.1
    total: float = 40.0
    deaths: float = 10
    programs: float = 6
    size: float = 32 * MB

    def allowed(self, most: Allowance) -> Allowance:
        """What the next piece of work may use (Died: nothing is left)."""
        left = min(self.seconds + self.ordinary, self.total)
        if self.seconds <= 0 or self.total <= 0 or self.deaths <= 0:
            raise Died(SOURCE)
        return replace(most, seconds=min(most.seconds, left))

    def charge(self, seconds: float) -> None:
        """A piece of work took so long."""
        self.total -= seconds
        self.seconds -= max(0.0, seconds - self.ordinary)

    def charge_all(self, seconds: float) -> None:
        """The same of what no good file makes anybody do: starting a process anew, a program."""
        self.total -= seconds
        self.seconds -= seconds

    def died(self, reason: str) -> None:
        """A process ended before its work; one that only let time go by is not waited for often."""
        self.deaths -= _WAITED if reason == "waiting" else 1

    def run(self) -> None:
        """Another program is to work on it (Died: that was often enough)."""
        self.programs -= 1
        if self.programs < 0:
            raise Died(SOURCE)

    def take(self, size: int) -> None:
        """So many more bytes (Died: too many)."""
        self.size -= size
        if self.size < 0:
            raise Died(SOURCE)


_WAITED = 5  # times as bad as a crash: half a minute on the clock


def endless() -> Purse:
    """For what is a source by itself, and asked of once."""
    inf = math.inf
    return Purse(inf, 0.0, inf, inf, inf, inf)


def once() -> Purse:
    """For several sources at once: where the process ends, each of them is asked of alone."""
    inf = math.inf
    return Purse(inf, 0.0, inf, 1, inf, inf)
