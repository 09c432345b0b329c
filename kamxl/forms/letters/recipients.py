"""The list of everybody asked in a period, for mail programs that do not open drafts: one row for
each person, with all cards to attach.

It names all customers, so it is for the team only, and says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from kamxl.forms.paper.book import Book, Content, Sheet, Table, span
from kamxl.forms.paper.parts import band, lines_of, row_height
from kamxl.forms.paper.raw import a1
from kamxl.forms.paper.style import (
    ACCENT,
    BEHIND,
    CELL,
    GOOD,
    HEADER,
    HEADER_LEFT,
    MUTED,
    NOTE,
    NUMBER,
    Style,
)
from kamxl.wording.texts import Texts, texts

HEAD = 6
_WIDTHS = {
    "number": 5.0,
    "name": 22.0,
    "email": 33.0,
    "account": 22.0,
    "segment": 18.0,
    "subject": 38.0,
    "card": 33.0,
    "due": 12.0,
    "state": 14.0,
}
_COLORS = {"answered": GOOD, "reminded": ACCENT, "no_address": BEHIND,
           "sent": BEHIND, "undelivered": BEHIND}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ListedCard:
    """A card somebody was asked to fill in; ``state``: "issued", "reminded", "answered", "sent"
    (something that needs attention), "undelivered", "left", "no_address", "in_person", "replied"
    (it is our reply to her answer).
    """

    segment: str
    file: str
    due: date | None
    state: str


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody asked, and ``cards``, at least one: a line for each in her row."""

    name: str
    email: str
    account: str
    subject: str
    cards: tuple[ListedCard, ...]

    @property
    def due(self) -> date | None:
        """By when she is asked for all of them."""
        return max((card.due for card in self.cards if card.due is not None), default=None)


def book(recipients: Sequence[Recipient], period: str, language: str, stamp: datetime) -> Book:
    """The list as a workbook."""
    t = texts(language)
    title = t("mail.list.title", period=period)
    sheet = Sheet("recipients", t("mail.list.sheet"), tab_color=BEHIND, landscape=True)
    band(sheet, range(1, len(_WIDTHS) + 1), title, t("mail.list.internal"))
    sheet.put(4, 1, t("mail.list.use"), NOTE.but(wrap=False, valign="center"))
    sheet.heights[4] = 24
    for column, (key, width) in enumerate(_WIDTHS.items(), 1):
        sheet.put(HEAD, column, t(f"mail.list.{key}"), HEADER_LEFT if column > 1 else HEADER)
        sheet.widths[column] = width
    sheet.heights |= {5: 6, HEAD: 24}
    for row, recipient in enumerate(recipients, HEAD + 1):
        _draw(sheet, row, recipient, t)
    last = max(HEAD + len(recipients), HEAD + 1)
    if recipients:
        ref = span(HEAD, 1, last, len(_WIDTHS))
        sheet.tables.append(Table("kx_recipients", ref, banded=False))
    else:
        sheet.put(last, 1, t("mail.list.nobody"), NOTE.but(wrap=False))
    sheet.freeze, sheet.title_rows = a1(HEAD + 1, 1), (HEAD, HEAD)
    sheet.print_area, sheet.footer = span(1, 1, last, len(_WIDTHS)), t("mail.list.internal")
    return Book([sheet], stamp, t.language, title)


def _draw(sheet: Sheet, row: int, recipient: Recipient, t: Texts) -> None:
    text, cards = CELL.but(indent=1), recipient.cards
    states = {card.state for card in cards}
    color = _COLORS.get(cards[0].state, MUTED) if len(states) == 1 else MUTED
    looks: dict[str, Style] = {
        "number": NUMBER.but(format="0", color=MUTED),
        "name": text.but(bold=True),
        "card": text.but(color=MUTED, size=9),
        "due": text.but(format=t("language.excel_date"), align="left"),
        "state": text.but(bold=True, color=color),
    }
    said: dict[str, Content] = {
        "number": row - HEAD,
        "name": recipient.name or None,
        "email": recipient.email or None,
        "account": recipient.account or None,
        "segment": "\n".join(card.segment for card in cards),
        "subject": recipient.subject,
        "card": "\n".join(card.file for card in cards),
        "due": recipient.due,
        # what holds for all of them is said once
        "state": "\n".join(
            t(f"mail.list.states.{card.state}")
            for card in (cards[:1] if len(states) == 1 else cards)
        ),
    }
    tall = 1.0
    for column, (key, width) in enumerate(_WIDTHS.items(), 1):
        content = said[key]
        sheet.put(row, column, content, looks.get(key, text))
        if isinstance(content, str):
            tall = max(tall, sum(lines_of(line, width - 2) for line in content.split("\n")))
    sheet.heights[row] = row_height(tall, least=20, edge=6)
