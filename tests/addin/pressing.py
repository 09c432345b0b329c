"""Somebody at a computer: opens workbooks, types, presses the buttons of the tab."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from kamxl.addin import Clicked, press_with
from kamxl.excel.addin.places import Places, places_of
from kamxl.excel.live.reading import extent
from kamxl.excel.live.synced import Mount
from kamxl.wording.texts import texts
from kamxl.workflow.buttons.desk import Desk
from tests.workflow.making import NOW

LATER = NOW + timedelta(days=1)
STATE = ("calculation", "screen_updating", "display_alerts", "enable_events", "status_bar")


class Office:
    """An Excel (a test engine's), this user's places, and what she sees."""

    def __init__(self, excel: Any, home: Path) -> None:
        self.excel, self.app = excel, excel.app
        self.places: Places = places_of("linux", home, {})
        self.mounts: list[Mount] = []  # what the sync client of this computer keeps where

    def open(self, path: Path) -> Any:
        return self.app.books.open(str(path))

    def press(self, word: str, language: str = "en", now: datetime = LATER) -> str | None:
        """Press a button; what was said at the end."""
        desk = partial(Desk, mounts=lambda: tuple(self.mounts), pause=0)
        return press_with(word, language, self.places, Clicked(), now, desk)

    def state(self) -> dict[str, Any]:
        """The settings that must not be changed."""
        return {name: getattr(self.app, name) for name in STATE}

    def log(self) -> str:
        return self.places.log.read_text(encoding="utf-8")

    def names(self) -> list[str]:
        """The open workbooks."""
        return [book.name for book in self.app.books]


def sheet(book: Any, key: str, language: str = "de") -> Any:
    """A sheet of the portfolio by its key."""
    return book.sheets[texts(language)(f"portfolio.{key}.sheet")]


def cell_of(live: Any, record: str, key: str, ids: str = "id") -> Any:
    """The cell of a record under a key, found as a person would: by headers and ids."""
    rows, columns = extent(live)
    block = live.range((1, 1), (rows, columns)).options(ndim=2).value
    head = next(r for r, line in enumerate(block) if ids in line and key in line)
    at = block[head].index(ids)
    row = next(r for r in range(head + 1, rows) if block[r][at] == record)
    return live.range((row + 1, block[head].index(key) + 1))


def formulas(live: Any) -> dict[tuple[int, int], Any]:
    """What is entered in each cell of a sheet that holds anything."""
    rows, columns = extent(live)
    found = live.range((1, 1), (rows, columns)).formula
    lines = found if isinstance(found[0], list | tuple) else [found]
    return {
        (r, c): content
        for r, line in enumerate(lines, 1)
        for c, content in enumerate(line, 1)
        if content not in (None, "")
    }
