"""What the writer's tests share."""

from __future__ import annotations

import io
import zipfile
from functools import cache
from typing import Any

import openpyxl

from kamxl.excel.writing.draw import build, render
from kamxl.forms.paper.book import Book, Content, Name, Scalar, Sheet
from kamxl.forms.paper.style import CELL
from tests.excel import sample
from tests.excel.sample_data import STAMP, values


@cache
def sample_bytes() -> bytes:
    """The sample, drawn and filled."""
    return render(build(sample.book()), values())


def one(*contents: Content, style: Any = CELL) -> Sheet:
    """A sheet with contents below one another in column A."""
    sheet = Sheet("one", "One")
    for row, content in enumerate(contents, 1):
        sheet.put(row, 1, content, style)
    return sheet


def drawn(
    sheet: Sheet, values: dict[str, Scalar] | None = None, names: list[Name] | None = None
) -> bytes:
    """A book of one sheet as bytes."""
    return render(build(Book([sheet], STAMP, "en", names=names or [])), values or {})


def stored(data: bytes, title: str = "One") -> Any:
    """A sheet as openpyxl reads it, with stored values."""
    return openpyxl.load_workbook(io.BytesIO(data), data_only=True)[title]


def parts(data: bytes) -> dict[str, str]:
    """The parts of a workbook as text."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}
