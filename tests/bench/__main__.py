"""Times what kamxl does with one card against what openpyxl alone needs for it, on this machine.

And a start: processor time until a button's use case begins, against loading all use cases, which
is what each press once did.
"""

from __future__ import annotations

import io
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace

import openpyxl

from kamxl.core.cards.shown import shown_card
from kamxl.core.records.register import Account, CardOrder, Contact, Register, Segment, Settings
from kamxl.excel.reading.book import read
from kamxl.excel.writing.draw import build, render
from kamxl.forms.scorecard import book as scorecard
from kamxl.forms.scorecard import reading as scorecard_reading
from kamxl.store.inbox import entry_of
from kamxl.workflow.guard.leaks import Guard
from kamxl.workflow.incoming.looking import look
from tests.forms.cards import answers, order

ROUNDS = 15


def median(work: Callable[[], object]) -> float:
    """The median time of a piece of work in seconds, after one round that does not count."""
    work()
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def processor(*words: str) -> Callable[[], float]:
    """A way to measure the processor seconds of a new Python with these words."""

    def work() -> float:
        code = (
            "import subprocess, resource, sys; subprocess.run(sys.argv[1:], capture_output=True);"
            "used = resource.getrusage(resource.RUSAGE_CHILDREN);"
            "print(used.ru_utime + used.ru_stime)"
        )
        command = [sys.executable, "-S", "-c", code, sys.executable, "-P", *words]
        return float(subprocess.run(command, capture_output=True, check=True).stdout)

    return work


def starts() -> list[tuple[str, float, float]]:
    """Starts of Python in processor seconds, and what they are compared with."""
    all_of_it = (
        "import kamxl.addin, kamxl.workflow.incoming.check, kamxl.workflow.start.init;"
        "import kamxl.workflow.incoming.consolidate, kamxl.workflow.buttons.onscreen;"
        "import kamxl.workflow.outgoing.issue, kamxl.forms.letters.findings_list"
    )
    code = {
        "start Python and load every use case": ("-c", all_of_it),
        "start Python alone": ("-c", "pass"),
        "start until a button's use case begins": ("-c", "import kamxl.addin"),
        "kamxl --help": ("-m", "kamxl", "--help"),
    }
    times = {name: statistics.median(processor(*c)() for _ in range(5)) for name, c in code.items()}
    base = next(iter(times.values()))
    return [(name, seconds, base) for name, seconds in times.items()]


def register_of(accounts: int) -> Register:
    """A register of so many accounts, each with a segment and a contact."""
    numbers = range(accounts)
    return Register(
        Settings("Muster AG", "de", "2026-H1"),
        tuple(
            Account(f"ACC{n:04}", f"Kunde Nummer {n:04}", manager=f"Kim {n:04}") for n in numbers
        ),
        tuple(Segment(f"ACC{n:04}", "s1", f"Bedarf {n:04}", 123_456.0 + n) for n in numbers),
        tuple(Contact(f"ACC{n:04}", "c1", f"Ada {n:04}", f"ada@k{n:04}.example") for n in numbers),
        (),
        (),
    )


def _look(guard: Guard, asked: CardOrder, card: bytes) -> None:
    if guard.findings(card, asked, "card.xlsx"):
        raise AssertionError("a clean card was held back")


def main() -> None:
    """Print each piece of work in milliseconds and as a ratio to the plain openpyxl way."""
    asked = order()
    filled = scorecard.values(shown_card(asked), "mark", answers(asked))
    pattern = scorecard.book(asked.language, scorecard.size_of(asked))
    layout = build(pattern)
    card = render(layout, filled)
    saved = openpyxl.load_workbook(io.BytesIO(card))
    base_save = median(lambda: saved.save(io.BytesIO()))
    base_load = median(lambda: openpyxl.load_workbook(io.BytesIO(card)))
    guard = Guard.of(register_of(500))
    rows = [
        ("openpyxl: save a card", base_save, base_save),
        ("build a layout (once per language and size)", median(lambda: build(pattern)), base_save),
        ("render a card from its layout", median(lambda: render(layout, filled)), base_save),
        ("openpyxl: load a card", base_load, base_load),
        ("read a card, strictly", median(lambda: read(card)), base_load),
        (
            "read a card and understand it",
            median(lambda: scorecard_reading.read(read(card), asked)),
            base_load,
        ),
        (
            "the same in a process that can be killed",
            median(lambda: look(entry_of("card.xlsx", card, None), None)),
            base_load,
        ),
    ]
    # another card each time: what is the same in all of them is looked at once
    orders = (replace(asked, account_name=f"Kunde {n}") for n in range(ROUNDS + 1))
    cards = iter([(o, render(layout, scorecard.values(o, "mark", answers(o)))) for o in orders])
    looked = median(lambda: _look(guard, *next(cards)))
    rows.append(("look whether anything internal leaves", looked, base_save))
    for name, seconds, base in rows + starts():
        print(f"{name:48}{1000 * seconds:8.1f} ms{seconds / base:8.2f}")


if __name__ == "__main__":
    main()
