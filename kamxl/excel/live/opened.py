"""Which open workbook is a file that is meant. What cannot be known is never taken for a no."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from kamxl.excel.live.bridge import xw
from kamxl.excel.live.synced import Mount, is_address, is_at, places_of, same_file

# \\host@SSL\DavWWWRoot\sites\…: an address in the clothes of a share; either word may be missing
_SHARE = re.compile(r"\\\\([^\\@]+)(?:(?:@[\w-]+)+(?:\\davwwwroot)?|\\davwwwroot)\\", re.I)


@dataclass(frozen=True, slots=True)
class Opened:
    """An open workbook that is a file, or (``sure`` is false) that may be it.

    ``address``: where Excel has it from, if that is the web; else None.
    """

    book: xw.Book
    sure: bool
    address: str | None = None


def find(app: xw.App, path: Path, mounts: Iterable[Mount] = ()) -> Opened | None:
    """The open workbook that is this very file, else one that may be it; None: surely none is."""
    known, perhaps = tuple(mounts), None
    for book in app.books:
        local, address = path_of(book), address_of(book)
        if local is not None and same_file(local, path):
            return Opened(book, sure=True)
        here = is_at(address, path, known, book.name) if address else False
        if here:
            return Opened(book, sure=True, address=address)
        if here is None:
            perhaps = perhaps or Opened(book, sure=False, address=address)
    return perhaps


def named(app: xw.App, name: str) -> xw.Book | None:
    """The open workbook of this name: Excel holds one."""
    return next((book for book in app.books if book.name.casefold() == name.casefold()), None)


def path_of(book: xw.Book) -> Path | None:
    """Where a workbook is saved on this computer or a share; None if nowhere, or on the web.

    xlwings would turn an address into a path by what a sheet *of that workbook* says: a file from
    outside must not choose a folder, so only plain paths count.
    """
    found = _full_name(book)
    if _address(found) or not any(mark in found for mark in "/\\"):
        return None
    return Path(found)


def address_of(book: xw.Book) -> str | None:
    """The web address that Excel has a workbook from (OneDrive, SharePoint), if it has."""
    return _address(_full_name(book))


def here(book: xw.Book, mounts: Iterable[Mount] = ()) -> Path | None:
    """The file of a workbook on this computer, as far as it is known for sure."""
    address = address_of(book)
    if address is None:
        return path_of(book)
    found = places_of(address, mounts).known
    return found[0] if len(found) == 1 else None


def _full_name(book: xw.Book) -> str:
    """As Excel itself says it; ``book.fullname`` would ask a sheet of the workbook."""
    if sys.platform == "darwin":
        return str(book.api.full_name.get())
    return str(book.api.FullName)


def _address(full_name: str) -> str | None:
    if is_address(full_name):
        return full_name
    share = _SHARE.match(full_name)
    if share is None:
        return None
    return f"https://{share[1]}/" + full_name[share.end() :].replace("\\", "/")
