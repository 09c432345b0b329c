"""A scorecard or a plan that this project issued, with other values in its cells.

The cells are changed after the reader, which has targets of its own: so an input costs no zip and
no XML, and still says only what a reader can hand over.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

from kamxl.core.cards import seal
from kamxl.core.cards.shown import shown_card
from kamxl.core.records.register import CardOrder
from kamxl.excel.reading.book import read
from kamxl.excel.writing.draw import build, render
from kamxl.forms.paper.raw import RawBook, RawCell, RawKind, RawSheet
from kamxl.forms.scorecard import book as scorecard
from kamxl.forms.scorecard.grid import size_of
from kamxl.forms.tables.mark import Mark
from kamxl.workflow.incoming.issued_records import IssuedRecords
from kamxl.workflow.incoming.judge import Known
from tests.forms import cards, plans

FORMATS = ("General", "0%", "dd.mm.yyyy", "@")
_KEY, _WORKSPACE = b"k" * 32, "abcd1234"
_MOST = 60  # changes of one input
_WHICH = (0, 1, 2, 0, 1, 0, 1, 0)  # a plan takes five times as long as a card


@dataclass(frozen=True)
class Base:
    """A book as it was issued and answered, and what its workspace knows (a plan asks nothing)."""

    book: RawBook
    known: tuple[Known, ...] = ()


@cache
def bases() -> tuple[Base, ...]:
    """Two cards and a plan."""
    orders = (cards.order("de", 4, 2, anchors=True), cards.order("en", 3, named=False))
    plan = plans.raw(plans.of(plans.filled("en"), "en"), "en")
    return (*(_card(order) for order in orders), Base(plan))


def _card(order: CardOrder) -> Base:
    digest = seal.digest(order, _KEY)
    signed = seal.signature(_KEY, _WORKSPACE, digest)
    ids = (order.period, order.account, order.segment, order.respondent)
    mark = Mark(_WORKSPACE, *ids, digest, signed).text
    given = scorecard.values(shown_card(order), mark, cards.answers(order, 1))
    layout = build(scorecard.book(order.language, size_of(order)))
    book = read(render(layout, given))
    # The sheet of results takes half of the time and is read for a mark only.
    kept = tuple(s for s in book.sheets if sum(c.formula for c in s.cells.values()) < 100)
    book = RawBook(kept, book.names, book.modified)
    return Base(book, (Known(_WORKSPACE, (_KEY,), IssuedRecords({digest: order})),))


def answered(data: bytes) -> Base:
    """The card or plan that an input describes: which one, then what is changed in it."""
    base = bases()[_WHICH[data[0] % len(_WHICH)] if data else 0]
    return Base(changed(base.book, data[1:]), base.known)


def changed(book: RawBook, data: bytes) -> RawBook:
    """A book with other cells: each change has 4 bytes and a text, and stands on its own line.

    sheet, place (two), and how: the kind in the lowest three bits (5 and more: no cell), the
    number format, whether a formula, and in the highest bit whether the cell below is meant.
    """
    sheets = [(sheet.title, dict(sheet.cells)) for sheet in book.sheets]
    places = [sorted(cells) for _, cells in sheets]
    names = book.names
    for change in data.split(b"\n")[:_MOST]:
        if change[:1] == b"!":  # the sheet with this number is there twice
            sheets.append((f"copy {len(sheets)}", sheets[len(change) % len(sheets)][1]))
            places.append(places[len(change) % len(places)])
        elif change[:1] == b"?":
            names = {}
        elif len(change) >= 4 and places[change[0] % len(places)]:
            at = change[0] % len(places)
            row, column = places[at][int.from_bytes(change[1:3], "big") % len(places[at])]
            place = (row + (change[3] >> 7), column)
            cell = made_cell(change[3], change[4:].decode("utf-8", "replace"))
            if cell is None:
                sheets[at][1].pop(place, None)
            else:
                sheets[at][1][place] = cell
    return RawBook(tuple(RawSheet(*one) for one in sheets), names, book.modified)


def made_cell(how: int, text: str) -> RawCell | None:
    """A cell as a byte and a text say: see ``changed``."""
    kind, code, formula = how & 7, FORMATS[how >> 3 & 3], bool(how & 32)
    if kind > 4:
        return None
    if kind == 0:
        number = _number(text)
        return RawCell(RawKind.NUMBER, f"{number!r}", number, code, formula)
    if not text and not formula:  # an empty cell is not there at all
        return None
    return RawCell(tuple(RawKind)[kind], text, None, code, formula)


def _number(text: str) -> float:
    """The number a text says, else its length: only finite ones come from a file."""
    try:
        number = float(text)
    except ValueError:
        return float(len(text))
    return number if math.isfinite(number) else 1e308


SEEDS = (
    b"\0",
    b"\1\n?",
    b"\2",
    b"\0\1\0\x20\x0085",
    b"\0\1\0\x40\x01k. A.\n\1\0\x41\x010,85\n\1\0\x42\x0815\n\1\0\x43\x02",
    b"\1\1\0\x21\x05\n!\n\1\0\x30\x20100",
    b"\2\1\0\x21\x011.000\n\3\0\x18\x03#N/A\n\2\0\x11\x1046000",
)

WORDS = (
    "85", "85 %", "0,85", "1.000", "-1", "101", "1e308", "k. A.", "n/a", "-", "#N/A", "#REF!",
    "2026-02-30", "15.09.2026", "TRUE", "weight", "us", "C1", "C2", "id", "label", "comment",
    "R01", "own1", ":sum", ":name", ":role", ":date", "W1", "complicated", "kx1|",
    "kamxl:register", "kamxl:plan", "\n!", "\n?", "\n\1\0", "\n\0\0", "\n\2\0",
)  # fmt: skip
