"""The scorecard workbook (BSC): one respondent weighs requirements and rates suppliers.

``book`` is the pattern for all cards of one size and language, ``values`` fills it for one order;
``scorecard_reading`` reads what came back. What a customer may see is what a ``ShownCard``
holds: nothing internal is hidden here, it is absent.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from kamxl.forms.paper.book import Book, Sheet, Slot
from kamxl.forms.paper.parts import unbroken
from kamxl.forms.reply import book as reply_book
from kamxl.forms.reply import sheet as reply_sheet
from kamxl.forms.scorecard import minutes as scorecard_minutes
from kamxl.forms.scorecard import profile as scorecard_profile
from kamxl.forms.scorecard import result as scorecard_result
from kamxl.forms.scorecard import start as scorecard_start
from kamxl.forms.scorecard import table as scorecard_table
from kamxl.forms.scorecard import wishes as scorecard_wishes
from kamxl.forms.scorecard.grid import CardSize, TableGrid, size_of
from kamxl.forms.scorecard.values import values
from kamxl.wording.texts import Texts, texts

# A card carries no clock: its properties say nothing about when or where it was made.
STAMP = datetime(2020, 1, 1, tzinfo=UTC)


def book(language: str, size: CardSize) -> Book:
    """The pattern of all cards of this language and size: their sheets and their names."""
    if size.page is not None and size.page.alone:
        return reply_book.book(language, size.page)
    said = texts(language)
    titles = {key: said(f"scorecard.{key}.sheet") for key in ("minutes", "result", "wishes")}
    titles["table"] = scorecard_table.table_title(size, said)
    calculated = titles["minutes" if size.profile else "result"]
    start = scorecard_start.draw(size, said, titles["table"])
    table = scorecard_table.draw(size, said, calculated)
    sheets = [start, table]
    if size.minutes:
        sheets.append(scorecard_minutes.draw(size, said, titles["table"], calculated, start))
    if not size.profile:
        sheets += _rated(size, said, titles)
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


def _rated(size: CardSize, said: Texts, titles: Mapping[str, str]) -> list[Sheet]:
    """The sheets of a card with points."""
    odd_wishes = scorecard_wishes.odd_points(titles["wishes"])
    return [
        scorecard_profile.draw(size, said, titles["table"], titles["result"]),
        scorecard_result.draw(size, said, titles["table"], odd_wishes),
        scorecard_wishes.draw(said),
    ]


__all__ = ["STAMP", "CardSize", "book", "size_of", "values"]
