"""The peers that read an answer: each gives back rows of values by sheet, kamxl what they mean."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple
from xml.parsers import expat

from tests.bench.cells import ANSWER, loaded, titles_in

Read = Callable[[], Any]


class Reader(NamedTuple):
    """``needs``: the module without which it cannot be; ``ready``: what is done over and over.

    ``gives``: how many of the sheets its rows are of ("one": the table; "every"), or "" for kamxl
    and the floor, which give none.
    """

    needs: str
    ready: Callable[[Path], Read]
    gives: str


def _data(folder: Path) -> bytes:
    return (folder / ANSWER).read_bytes()


def _openpyxl(folder: Path, read_only: bool, every: bool) -> Read:
    data, (table, *_) = _data(folder), titles_in(folder)

    def work() -> Any:
        book = loaded(data, read_only=read_only, data_only=True)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return {
                title: [list(row) for row in book[title].iter_rows(values_only=True)]
                for title in (book.sheetnames if every else [table])
            }

    return work


def _pandas(folder: Path) -> Read:
    import pandas

    data, (table, *_) = _data(folder), titles_in(folder)

    def work() -> Any:
        read = pandas.read_excel(io.BytesIO(data), sheet_name=table, header=None, engine="calamine")
        return {table: read.astype(object).where(read.notna(), None).values.tolist()}

    return work


def _calamine(folder: Path) -> Read:
    import python_calamine

    data = _data(folder)

    def work() -> Any:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        return {
            title: book.get_sheet_by_name(title).to_python(skip_empty_area=False)
            for title in book.sheet_names
        }

    return work


def _floor(folder: Path) -> Read:
    """What nobody gets round: every part inflated, and those that are needed tokenised."""
    data = _data(folder)
    needed = needed_parts(data, titles_in(folder))

    def work() -> None:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            for name in package.namelist():
                part = package.read(name)
                if name in needed:
                    expat.ParserCreate().Parse(part, True)

    return work


def needed_parts(data: bytes, titles: list[str]) -> set[str]:
    """The parts without which the sheets of these titles are not understood."""
    book, links, strings = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml"
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        said, linked = (package.read(name).decode("utf-8") for name in (book, links))
    ids = {
        _attribute(tag, "name"): _attribute(tag, "r:id")
        for tag in re.findall(r"<sheet [^>]*>", said)
    }
    targets = {
        _attribute(tag, "Id"): _attribute(tag, "Target").removeprefix("/xl/")
        for tag in re.findall(r"<Relationship [^>]*>", linked)
    }
    return {book, links, strings, *(f"xl/{targets[ids[title]]}" for title in titles)}


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf'\s{name}="([^"]*)"', tag)
    return found[1] if found else ""


def _kamxl(folder: Path) -> Read:
    """Read strictly and understood, in this process."""
    from kamxl.excel.reading.book import read
    from kamxl.forms.scorecard import reading
    from tests.bench.workspaces import first

    data, (_, order) = _data(folder), first(folder)
    return lambda: reading.read(read(data), order)


READ_ONLY, EVERY = "openpyxl read-only, the table", "openpyxl read-only, every sheet"
FULL, PANDAS, CALAMINE = "openpyxl", "pandas with calamine, the table", "calamine, every sheet"
FLOOR, OURS = "the floor", "kamxl reads and understands"
PEERS = {
    READ_ONLY: Reader("openpyxl", lambda folder: _openpyxl(folder, True, False), "one"),
    EVERY: Reader("openpyxl", lambda folder: _openpyxl(folder, True, True), "every"),
    FULL: Reader("openpyxl", lambda folder: _openpyxl(folder, False, True), "every"),
    PANDAS: Reader("pandas", _pandas, "one"),
    CALAMINE: Reader("python_calamine", _calamine, "every"),
    FLOOR: Reader("kamxl", _floor, ""),
    OURS: Reader("kamxl", _kamxl, ""),
}
