"""What the buttons of the add-in share: which folder is meant, and whether it is saved.

The folder is that of an open workbook, else the one last worked in, else it is asked for, once.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from kamxl.excel.live import program
from kamxl.excel.live.bridge import xw
from kamxl.excel.places import Places
from kamxl.forms.texts import Texts, texts
from kamxl.store import atomic
from kamxl.store.workspace import above, is_workspace

_LARGEST = 10_000  # bytes of what is remembered


class Stopped(Exception):  # noqa: N818 nothing is wrong
    """The user said no, or there is nothing to do: ``str`` is the sentence, empty for none."""


@dataclass(frozen=True)
class Desk:
    """A button's surroundings: the running Excel, this user's places, the language, the time."""

    app: xw.App
    places: Places
    language: str
    now: datetime

    @property
    def said(self) -> Texts:
        """The texts in the language of the buttons."""
        return texts(self.language)

    def workspace(self) -> Path:
        """The folder to work in, remembered for the next time (Stopped: none was chosen)."""
        found = self._of_open_books() or self._remembered() or self._asked()
        self.remember(found)
        return found

    def _of_open_books(self) -> Path | None:
        """That of the workbook in front, else of another one: paths only, nothing they say."""
        front = program.active_book(self.app)
        books = ([front] if front else []) + list(self.app.books)
        paths = (program.path_of(book) for book in books)
        return next((root for path in paths if path and (root := above(path))), None)

    def _remembered(self) -> Path | None:
        try:
            with self.places.memory.open("rb") as file:
                folder = Path(json.loads(file.read(_LARGEST))["folder"])
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return folder if folder.is_absolute() and is_workspace(folder) else None

    def _asked(self) -> Path:
        folder = program.choose_folder(self.app, self.said("addin.choose"))
        if folder is None:
            raise Stopped
        if not is_workspace(folder):
            raise Stopped(self.said("addin.no_workspace", folder=folder.name))
        return folder

    def remember(self, folder: Path) -> None:
        """Keep the folder for the next press; not being able to is no reason to stop."""
        text = json.dumps({"folder": str(folder)}, ensure_ascii=False)
        with contextlib.suppress(OSError):
            if self._remembered() != folder:
                atomic.write(self.places.memory, text.encode())

    def settle(self, path: Path) -> None:
        """Have an open workbook saved if it has changes: use cases read the disk.

        "No" goes on with what was saved last. Stopped: cancelled, or it cannot be saved.
        """
        book = program.find_book(self.app, path)
        if book is None or not program.unsaved(book):
            return
        if program.read_only(book):
            raise Stopped(self.said("addin.read_only", name=book.name))
        answer = program.ask(self.app, self.said("addin.save", name=book.name))
        if answer == "cancel":
            raise Stopped
        if answer == "yes":
            book.save()
            if program.unsaved(book):
                raise Stopped(self.said("addin.not_saved", name=book.name))

    @contextlib.contextmanager
    def at_work(self) -> Iterator[Callable[[int, int], None]]:
        """Excel quiet, and a progress that shows in its status bar; afterwards all as it was."""
        with program.status(self.app) as say, program.quiet(self.app):
            say(self.said("addin.working"))

            def progress(done: int, total: int) -> None:
                say(self.said("addin.progress", done=done, total=total))

            yield progress

    def show(self, path: Path) -> xw.Book:
        """Open a workbook, or bring it to the front (Stopped: another of that name is open)."""
        book = program.find_book(self.app, path)
        if book is None:
            try:
                book = self.app.books.open(str(path))
            except ValueError as problem:  # Excel holds one workbook of a name
                raise Stopped(self.said("addin.same_name", name=path.name)) from problem
        book.activate()
        return book
