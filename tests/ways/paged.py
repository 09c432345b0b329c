"""What Portfolio.html shows: every cell of its tables, the number in it, and where it leads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote

from kamxl.wording.texts import Texts
from tests.ways.looking import number, same
from tests.ways.sentences import Sentence

_PLACE = re.compile(r"(?P<file>[^#]+)#'(?P<sheet>(?:[^']|'')+)'!(?P<cell>[A-Z]+\d+)")
OURS = "Portfolio.xlsx"
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_NUMBER = re.compile(r"[-−+±▲▼≥ ]*\d[\d.,'\u202f\u00a0 ]*%?")  # all that a cell says


@dataclass
class Cell:
    """A cell of the page: its section and column, what is read, the number, and its source."""

    section: str
    column: str
    text: str = ""
    value: str | None = None
    link: str = ""


@dataclass
class Page(HTMLParser):
    """A page taken apart into cells: those of its tables, and other numbers that lead to a cell."""

    data: bytes
    cells: list[Cell] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._section, self._heads, self._at = "", list[str](), 0
        self._cell: Cell | None = None
        self._depth = 0
        self.feed(self.data.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "section":
            self._section = said.get("id") or said.get("class") or ""
        elif tag == "table":
            self._heads = []
        elif tag == "th" and "data-key" in said:
            self._heads.append(said["data-key"])
        elif tag == "tr":
            self._at = 0
        elif tag == "td" and self._heads:
            self._cell = Cell(self._section, self._heads[self._at], value=said.get("data-v"))
            self._at += 1
        elif tag == "a":
            if self._cell is None and _PLACE.fullmatch(unquote(said.get("href", ""))):
                self._cell = Cell(self._section, "", value=said.get("data-v"))
                self._depth = 1
            if self._cell is not None:
                self._cell.link = self._cell.link or unquote(said.get("href", ""))

    def handle_endtag(self, tag: str) -> None:
        loose = tag == "a" and self._depth
        if self._cell is not None and (tag == "td" or loose):
            self.cells.append(self._cell)
            self._cell, self._depth = None, 0

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.text += data


def off_the_page(page: Page, book: Any, t: Texts) -> Iterator[str]:
    """The numbers of a page that lead nowhere, or to a cell that says something else."""
    for cell in page.cells:
        place = _PLACE.fullmatch(cell.link)
        place = place if place and place["file"] == OURS else None
        where = f"{cell.section}.{cell.column}"
        if cell.value is None and place is not None:  # a headline number
            found = book[place["sheet"].replace("''", "'")][place["cell"]].value
            if number(found) and not rounds(cell.text, found, t):
                yield f"{where}: {cell.text!r} is not {found} in {cell.link}"
        elif cell.value is None:
            if _NUMBER.fullmatch(cell.text.strip()) and not _id(cell.column):
                yield f"{where}: {cell.text!r} has no number in full"
        elif place is None:
            yield f"{where}: {cell.text!r} leads to no cell ({cell.link!r})"
        else:
            found = book[place["sheet"].replace("''", "'")][place["cell"]].value
            if not same(_typed(cell.value), found if number(found) else _day(found)):
                yield f"{where}: {cell.value} on the page, {found} in {cell.link}"
            elif number(found) and not rounds(cell.text, found, t):
                yield f"{where}: {cell.text!r} is not {found}"


def paged_sentences(page: Page, book: Any) -> Iterator[Sentence]:
    """The texts with a digit that lead from the page to a sheet, but are no number of a cell."""
    for cell in page.cells:
        place = _PLACE.fullmatch(cell.link)
        if place is None or place["file"] != OURS or cell.value is not None or cell.column:
            continue
        sheet = place["sheet"].replace("''", "'")
        if re.search(r"\d", cell.text) and not number(book[sheet][place["cell"]].value):
            yield Sentence(f"page, {cell.section}", cell.text, sheet)


def _id(column: str) -> bool:
    return column.endswith("id") or column in ("period", "unit", "name", "label", "requirement")


def _typed(value: str) -> float | str:
    return value if _DAY.match(value) else float(value)


def _day(value: Any) -> Any:
    """A day as programs write it; anything else as it is."""
    return value.date().isoformat() if hasattr(value, "date") else value


def rounds(said: str, value: float, t: Texts) -> bool:
    """Whether a text shows this number, rounded to its own last digit; words alone may, too."""
    point = t.number(0.5)[1]
    found = re.search(r"[-−+]?\d[\d.,'\u202f\u00a0 ]*", said)
    if found is None:
        return True
    digits = re.sub(rf"[^\d{re.escape(point)}]", "", found[0]).rstrip(point)
    _, _, places = digits.partition(point)
    shown = float(digits.replace(point, "."))
    scale = 100 if "%" in said else 1
    return bool(abs(abs(value * scale) - shown) <= 0.5 * 10 ** -len(places) + 1e-9)
