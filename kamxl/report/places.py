"""Where a number of the page comes from: a link to the file, the sheet and the cell.

Relative, so that the folder may be moved; ``Portfolio.xlsx#'Sheet'!D7`` is what Excel's own links
look like, and LibreOffice reads it, too. A program that knows no such ending opens the file.
"""

from __future__ import annotations

import re
from urllib.parse import quote

from kamxl.forms.paper.raw import a1

_OURS = ("inbox/", "plans/")  # where files from outside lie; a path elsewhere is no link
# A container, and what is in it. A file's own name may have the mark, too: it leads to the file.
_PACKED = re.compile(
    r"(.+?\.(?:zip|eml|emlx|msg|mbox|mbx|tar|tgz|gz|bz2|xz|p7m))!.*", re.IGNORECASE | re.DOTALL
)


def cell_link(file: str, sheet: str, row: int, column: int) -> str:
    """A cell of a workbook beside the page."""
    return place_link(file, sheet, a1(row, column))


def place_link(file: str, sheet: str, cell: str) -> str:
    """A place in a workbook; without a cell, the workbook. All that is no letter is encoded."""
    found = quote(file, errors="replace")
    if not cell:
        return found
    named = "'" + sheet.replace("'", "''") + "'"
    # the one mark that stands as it is parts the sheet from the cell
    return f"{found}#{quote(named, safe='', errors='replace')}!{quote(cell, errors='replace')}"


def source_link(path: str, place: str = "") -> str | None:
    """A file in the workspace as Intake names it, and a place in it ("Scorecard!E11").

    Of a file that is packed in another one: the other one. None: it is not one of the workspace's.
    """
    packed = _PACKED.fullmatch(path)
    file = packed.group(1) if packed else path
    climbs = ".." in file.split("/") or "\\" in file
    if climbs or not file.startswith(_OURS) or not file.isprintable():
        return None
    sheet, _, cell = place.rpartition("!")
    return place_link(file, sheet, cell if sheet and not packed else "")
