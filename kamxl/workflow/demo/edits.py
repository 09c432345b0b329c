"""What people type that is no number: into the cell itself, and all else stays as it was.

The workbook stays whole, as a real program leaves it, with its charts and the stored values of its
formulas: it was drawn with that cell blank, which is what formulas take a text for.
"""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime

from kamxl.excel.writing.replacing import with_typed
from kamxl.forms.paper.raw import a1
from kamxl.workflow.files.opening import read_any


def typed_into(data: bytes, sheet: str, cell: str, text: str, saved: datetime) -> bytes:
    """The workbook with ``text`` typed into a blank cell ("E10") of a sheet, saved at ``saved``."""
    return _saved_at(with_typed(data, sheet, cell, text), saved)


def first_of(data: bytes, sheet: str, column: str) -> str:
    """The cell in the column with this key, in the first row of its table that has an id."""
    raw = next(one for one in read_any(data).sheets if one.title == sheet)
    head, at = next(place for place, cell in raw.cells.items() if cell.text == column)
    ids = next(place[1] for place, cell in raw.cells.items() if place[0] == head)
    row = min(row for row, place in raw.cells if place == ids and row > head)
    return a1(row, at)


def _saved_at(data: bytes, moment: datetime) -> bytes:
    """The same workbook with ``moment`` as the time at which it was saved."""
    stamp = f"{moment:%Y-%m-%dT%H:%M:%SZ}"
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(made, "w") as target:
        for name in source.namelist():
            part = source.read(name)
            if name == "docProps/core.xml":
                text = re.sub(r"(<dcterms:modified[^>]*>)[^<]*", rf"\g<1>{stamp}", part.decode())
                part = text.encode()
            entry = zipfile.ZipInfo(name)  # dated 1980, whenever it was made
            target.writestr(entry, part, zipfile.ZIP_DEFLATED)
    return made.getvalue()
