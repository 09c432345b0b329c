"""Single steps: what kamxl does with one card against what openpyxl alone needs for it.

And a start: processor time until a button's use case begins, against loading all use cases, which
is what each press once did.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from io import BytesIO

import openpyxl

from kamxl.core.cards.shown import shown_card
from kamxl.core.records.register import Account, CardOrder, Contact, Register, Segment, Settings
from kamxl.excel.reading.book import read
from kamxl.excel.writing.draw import Layout, build, render
from kamxl.forms.scorecard import book as scorecard
from kamxl.forms.scorecard import reading as scorecard_reading
from kamxl.store.inbox import entry_of
from kamxl.workflow.guard.leaks import Guard
from kamxl.workflow.incoming.looking import look
from tests.bench.groups import Asked, Group
from tests.bench.measuring import Row, run
from tests.forms.cards import answers, order


def median(work: Callable[[], object], rounds: int) -> float:
    """The median time of a piece of work in seconds, after one round that does not count.

    On the clock: some of it is done in another process.
    """
    work()
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def starts(rounds: int) -> list[tuple[str, float, float]]:
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
    times = {
        name: statistics.median(run("-P", *words)[1].seconds for _ in range(rounds))
        for name, words in code.items()
    }
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


def _steps(rounds: int) -> list[tuple[str, float, float]]:
    """Single steps of one card in seconds, and what they are compared with."""
    asked = order()
    filled = scorecard.values(shown_card(asked), "mark", answers(asked))
    pattern = scorecard.book(asked.language, scorecard.size_of(asked))
    layout = build(pattern)
    card = render(layout, filled)
    saved = openpyxl.load_workbook(BytesIO(card))
    timed = partial(median, rounds=rounds)
    base_save = timed(lambda: saved.save(BytesIO()))
    base_load = timed(lambda: openpyxl.load_workbook(BytesIO(card)))
    return [
        ("openpyxl: save a card", base_save, base_save),
        ("build a layout (once per language and size)", timed(lambda: build(pattern)), base_save),
        ("render a card from its layout", timed(lambda: render(layout, filled)), base_save),
        (
            "look whether anything internal leaves",
            timed(_looking(asked, layout, rounds)),
            base_save,
        ),
        ("openpyxl: load a card", base_load, base_load),
        ("read a card, strictly", timed(lambda: read(card)), base_load),
        (
            "read a card and understand it",
            timed(lambda: scorecard_reading.read(read(card), asked)),
            base_load,
        ),
        (
            "the same in a process that can be killed",
            timed(lambda: list(look(entry_of("card.xlsx", card, None), None))),
            base_load,
        ),
    ]


def _looking(asked: CardOrder, layout: Layout, rounds: int) -> Callable[[], None]:
    """Another card each time: what is the same in all of them is looked at once."""
    guard = Guard.of(register_of(500))
    orders = (replace(asked, account_name=f"Kunde {n}") for n in range(rounds + 1))
    cards = iter(
        [(o, render(layout, scorecard.values(shown_card(o), "mark", answers(o)))) for o in orders]
    )
    return lambda: _look(guard, *next(cards))


def pieces(asked: Asked) -> Group:
    """Single steps and starts, each beside the plain openpyxl way, or beside loading everything."""
    found = [*_steps(max(1, asked.rounds * asked.sweeps)), *starts(asked.rounds)]
    return Group(
        "pieces: steps of one card, on the clock, and starts",
        [Row(name, seconds, base / seconds) for name, seconds, base in found],
    )
