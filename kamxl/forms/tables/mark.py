"""The mark of a card: whose it is and what it asked, as one small text on the sheet itself.

A cell value is the only anchor that every program, a copied sheet and a CSV keep. The mark names
the issued record by its digest and is signed; it proves that this workspace issued this card to
this address, not who filled it in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from kamxl.core.ids import same_id
from kamxl.core.records.page import Asks
from kamxl.core.records.register import CardKey
from kamxl.forms.paper.raw import RawBook, a1
from kamxl.forms.tables.layouts import FIRST, ending
from kamxl.forms.tables.locate import find_texts

_ID = r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}"
MARK_PATTERN = re.compile(
    rf"kx1(?:-(profile|reply))?\|({_ID})\|(\d{{4}}[0-9HQ-]*)\|({_ID})\|({_ID})\|({_ID})\|([0-9a-f]{{32}})\|([0-9a-f]{{32}})"
    r"(?:\|([1-9]\d{0,3}))?"
)
LAYOUT = 1  # what a card is drawn in; a mark says it at its end from 2 on
# What is left of one may still say whose it was.
_CARD = re.compile(
    rf"kx1(?:-(profile|reply))?\|[^|]{{0,64}}"
    rf"\|(\d{{4}}[0-9HQ-]*)\|({_ID})\|({_ID})\|({_ID})(?:\|.*)?",
    re.DOTALL,
)
# Something that was a mark once: shows that a card was ours even when somebody cut the mark.
TRACE_PATTERN = re.compile(r"kx1(?:-[a-z]+)?\|.*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Mark:
    """Workspace id, period, ids of account, segment and respondent, digest and signature (hex).

    ``layout`` says how the card is drawn, and nothing of whose it is: it is not signed.
    """

    workspace: str
    period: str
    account: str
    segment: str
    respondent: str
    digest: str
    signature: str
    layout: int = field(default=LAYOUT, compare=False)
    asks: Asks = Asks.CARD

    @property
    def card(self) -> CardKey:
        """The card it names, as ``CardOrder.key`` does, whether it is signed rightly or not."""
        account, segment, respondent = map(same_id, (self.account, self.segment, self.respondent))
        return CardKey(account, segment, respondent, self.period, self.asks)

    @property
    def text(self) -> str:
        """The mark as it stands in a cell."""
        return "|".join(
            (
                f"kx1-{self.asks}" if self.asks else "kx1",
                self.workspace,
                self.period,
                self.account,
                self.segment,
                self.respondent,
                self.digest,
                self.signature,
            )
        ) + ending(self.layout, "|")


def parse(text: str) -> Mark | None:
    """The mark a text stands for, or None."""
    match = MARK_PATTERN.fullmatch(text.strip())
    if match is None:
        return None
    asks, workspace, period, account, segment, respondent, digest, signed, layout = match.groups()
    card = (period, account, segment, respondent)
    return Mark(workspace, *card, digest, signed, int(layout or FIRST), Asks(asks or ""))


class FoundMark(NamedTuple):
    """A mark and where it stands: the title of its sheet, its cell."""

    mark: Mark
    sheet: str
    cell: str


class FoundTrace(NamedTuple):
    """What is left of a mark, and where."""

    sheet: str
    cell: str
    text: str


def find_marks(book: RawBook) -> list[FoundMark]:
    """Every mark in a workbook, in reading order."""
    return [
        FoundMark(mark, sheet.title, a1(row, column))
        for sheet, row, column, text in find_texts(book, MARK_PATTERN)
        if (mark := parse(text))
    ]


def card_in(text: str) -> CardKey | None:
    """The card that what is left of a mark names; None: it does not."""
    match = _CARD.fullmatch(text.strip())
    if match is None:
        return None
    account, segment, respondent = map(same_id, match.group(3, 4, 5))
    return CardKey(account, segment, respondent, match[2], Asks(match[1] or ""))


def find_traces(book: RawBook) -> list[FoundTrace]:
    """Where something stands that begins like a mark and is none."""
    return [
        FoundTrace(sheet.title, a1(row, column), text)
        for sheet, row, column, text in find_texts(book, TRACE_PATTERN)
        if parse(text) is None
    ]
