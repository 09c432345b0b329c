"""The scorecard workbook (BSC): one respondent weighs requirements and rates suppliers.

``book`` is the pattern for all cards of one size and language, ``values`` fills it for one order;
``scorecard_reading`` reads what came back. What a customer may see is what a ``ShownCard``
holds: nothing internal is hidden here, it is absent.
"""

from __future__ import annotations

from datetime import UTC, datetime

from kamxl.forms.paper.book import Book, Slot
from kamxl.forms.paper.parts import unbroken
from kamxl.forms.reply import book as reply_book
from kamxl.forms.reply import sheet as reply_sheet
from kamxl.forms.scorecard import profile as scorecard_profile
from kamxl.forms.scorecard import result as scorecard_result
from kamxl.forms.scorecard import start as scorecard_start
from kamxl.forms.scorecard import table as scorecard_table
from kamxl.forms.scorecard import wishes as scorecard_wishes
from kamxl.forms.scorecard.grid import CardSize, TableGrid, size_of
from kamxl.forms.scorecard.values import values
from kamxl.wording.texts import texts

# A card carries no clock: its properties say nothing about when or where it was made.
STAMP = datetime(2020, 1, 1, tzinfo=UTC)


def book(language: str, size: CardSize) -> Book:
    """The pattern of all cards of this language and size: five sheets and their names."""
    if size.page is not None and size.page.alone:
        return reply_book.book(language, size.page)
    said = texts(language)
    titles = {key: said(f"scorecard.{key}.sheet") for key in ("table", "result", "wishes")}
    start = scorecard_start.draw(said, titles["table"], reply=size.page is not None)
    table = scorecard_table.draw(size, said, titles["result"])
    odd_wishes = scorecard_wishes.odd_points(titles["wishes"])
    sheets = [
        start,
        table,
        scorecard_profile.draw(size, said, titles["table"], titles["result"]),
        scorecard_result.draw(size, said, titles["table"], odd_wishes),
        scorecard_wishes.draw(said),
    ]
    if size.page is not None:
        sheets.insert(1, reply_sheet.draw(said, size.page))
    for sheet in sheets:
        unbroken(sheet)  # whoever takes the protection off may delete a spare row
    return Book(
        sheets=sheets,
        stamp=STAMP,
        language=said.language,
        title=Slot("document"),
        names=scorecard_table.names(table, start, TableGrid(size)),
    )


__all__ = ["STAMP", "CardSize", "book", "size_of", "values"]
