"""Our reply as a workbook of its own: one sheet, to be answered in five minutes."""

from __future__ import annotations

from datetime import UTC, datetime

from kamxl.forms.paper.book import Book, Slot
from kamxl.forms.reply.grid import PageSize
from kamxl.forms.reply.sheet import draw
from kamxl.wording.texts import texts

STAMP = datetime(2020, 1, 1, tzinfo=UTC)  # as a card: no clock is in it


def book(language: str, size: PageSize) -> Book:
    """The pattern of all such workbooks of this language and size."""
    said = texts(language)
    return Book(
        sheets=[draw(said, size)], stamp=STAMP, language=said.language, title=Slot("document")
    )
