"""What the buttons of the add-in share: which folder is meant, and whether it is saved.

The folder is that of an open workbook, else the one last worked in, else it is asked for, once.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from kamxl import __version__
from kamxl.errors import WorkspaceError
from kamxl.excel.addin.places import Places
from kamxl.excel.live import opened, program
from kamxl.excel.live.bridge import xw
from kamxl.excel.live.synced import Mount, host
from kamxl.store import atomic
from kamxl.store.reading import content
from kamxl.wording.texts import Texts, texts
from kamxl.workflow.buttons.memory import last_folder
from kamxl.workflow.pace import Pace
from kamxl.workflow.results import Progress
from kamxl.workflow.waiting import IN_EXCEL, waiting

if TYPE_CHECKING:
    from kamxl.excel.live.opened import Opened
    from kamxl.forms.paper.raw import RawBook

_LOOKS = 10  # at a file that a sync client may be bringing
_HEAD = 10  # rows: a register's marks stand above
SHOWN = 6  # lines of what needs attention in a message: a box has no scroll bar


class Stopped(Exception):  # noqa: N818 nothing is wrong
    """The user said no, or there is nothing to do: ``str`` is the sentence, empty for none."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a button says at the end; ``wrong``: it did not do what was asked."""

    text: str
    wrong: bool = False


def told(*sentences: str) -> Said:
    """These sentences, a line each; empty ones are left out."""
    return Said("\n".join(filter(None, sentences)))


def told_shortly(lines: Sequence[str], said: Texts, where: str, *, wrong: bool) -> Said:
    """The first lines, how many more there are, and ``where`` to find those."""
    most = SHOWN + 4
    if len(lines) > most:
        more = said("addin.more_in", count=len(lines) - most + 1, where=where)
        lines = [*lines[: most - 1], more]
    return Said("\n".join(lines), wrong=wrong)


class _Shown:
    """How work gets on, in Excel's status bar."""

    def __init__(self, app: xw.App, said: Texts, say: Callable[[str], None]) -> None:
        self._app, self._said, self._say = app, said, say
        self._pace, self._stop = Pace(said, time.monotonic), program.can_escape()

    def __call__(self, done: int, total: int) -> None:
        line = self._pace.line(done, total)
        if line is not None:
            self._show(line, asked=done < total, stop=self._stop)

    def step(self, name: str) -> None:
        """Nothing stops it once it has begun."""
        if name:
            self._show(self._pace.step(name), asked=True, stop=False)

    def _show(self, line: str, *, asked: bool, stop: bool) -> None:
        if asked and program.escaped(self._app):
            raise Stopped(self._said("addin.stopped"))
        self._say(self._said("addin.progress", pace=line, stop=stop))


def _mounts() -> tuple[Mount, ...]:
    from kamxl.excel.live.sync_clients import mounts_of

    return mounts_of(sys.platform, Path.home(), os.environ)


def _read_apart(data: bytes) -> RawBook | None:
    """A workbook of anybody's; None: it cannot be read, or not in all it holds (.xls, .ods)."""
    from kamxl.apart import Died, call
    from kamxl.excel.reading.limits import Refused
    from kamxl.workflow.files.opening import raw_of
    from kamxl.workflow.start.register import MOST

    try:
        return call(raw_of, data, None, MOST)
    except (Died, Refused):
        return None


@dataclass(frozen=True)
class Desk:
    """A button's surroundings: the running Excel, this user's places, the language, the time.

    ``mounts``: asks the sync client which web addresses it keeps in which folders here; ``pause``:
    seconds between two looks at a file that it may be bringing just now.
    """

    app: xw.App
    places: Places
    language: str
    now: datetime
    mounts: Callable[[], tuple[Mount, ...]] = _mounts
    pause: float = 1.0

    @property
    def said(self) -> Texts:
        """The texts in the language of the buttons."""
        return texts(self.language)

    @property
    def versions(self) -> dict[str, str]:
        """Of kamxl ("version"), of xlwings and of Excel."""
        return {"version": __version__, "xlwings": xw.__version__, "excel": str(self.app.version)}

    def ask(self, question: str, buttons: str = "yes_no_cancel") -> str:
        """The button pressed ("yes", "no", "cancel", "ok"), each labelled in this language."""
        labels = {name: self.said(f"addin.button_{name}") for name in buttons.split("_")}
        return program.ask(self.app, question, buttons, labels)

    @cached_property
    def synced(self) -> tuple[Mount, ...]:
        """What the sync client keeps where; asked only if a workbook has a web address."""
        return self.mounts() if any(opened.address_of(book) for book in self.app.books) else ()

    def opened(self, path: Path) -> Opened | None:
        """The open workbook that is, or may be, this file."""
        return opened.find(self.app, path, self.synced)

    def workspace(self) -> Path:
        """The folder to work in, remembered for the next time (Stopped: none was chosen)."""
        found = self._of_open_books() or self._last() or self._asked()
        self.remember(found)
        return found

    def _of_open_books(self) -> Path | None:
        """That of the workbook in front, else of another one: paths only, nothing they say."""
        front = program.active_book(self.app)
        books = ([front] if front else []) + list(self.app.books)
        from kamxl.workflow.start.identity import above

        paths = (opened.here(book, self.synced) for book in books)
        return next((root for path in paths if path and (root := above(path))), None)

    def _last(self) -> Path | None:
        """The folder last worked in, unless the workbook in front is a register of another one."""
        folder, front = self._remembered(), program.active_book(self.app)
        if folder is None or front is None or not opened.address_of(front):
            return folder
        from kamxl.excel.live.reading import raw_sheet
        from kamxl.forms.paper.raw import RawBook
        from kamxl.forms.register.reading import workspaces
        from kamxl.workflow.start.identity import opened as opened_workspace

        heads = RawBook(tuple(raw_sheet(sheet, _HEAD) for sheet in front.sheets))
        ids = {found for found, _, _ in workspaces(heads)}
        with contextlib.suppress(WorkspaceError):  # it lost its identity: nobody knows, so ask
            return folder if not ids or opened_workspace(folder).id in ids else None
        return None

    def _remembered(self) -> Path | None:
        return last_folder(self.places.memory)

    def choose_folder(self, question: str) -> Path:
        """The folder that the user picks; ``question`` is the key of a text (Stopped: none)."""
        folder = program.choose_folder(self.app, self.said(question))
        if folder is None:
            raise Stopped
        return folder

    def in_front(self) -> Path:
        """The file of the workbook in front (Stopped: there is none, or it has no file here)."""
        book = program.active_book(self.app)
        if book is None:
            raise Stopped(self.said("addin.no_book"))
        path = opened.here(book, self.synced)
        if path is None or not path.exists():
            key = "addin.nowhere" if opened.address_of(book) is None else "addin.in_cloud"
            raise Stopped(self.said(key, name=book.name))
        return path

    def _asked(self) -> Path:
        folder = self.choose_folder("addin.choose")
        from kamxl.workflow.start.identity import stands_in

        if not stands_in(folder):
            raise Stopped(self.said("addin.no_workspace", folder=folder.name))
        return folder

    def remember(self, folder: Path) -> None:
        """Keep the folder for the next press; not being able to is no reason to stop."""
        text = json.dumps({"folder": str(folder)}, ensure_ascii=False)
        with contextlib.suppress(OSError):
            if self._remembered() != folder:
                atomic.write(self.places.memory, text.encode())

    def settle(self, path: Path) -> None:
        """Have what is on the screen on the disk, too: use cases read the disk.

        Changes are saved if the user wants; "no" goes on with what was saved last. What Excel has
        from the web is compared with the file, which a sync client may not have brought yet.
        Stopped: cancelled, it cannot be saved, or the file says something else.
        """
        found = self.opened(path)
        if found is None:
            return
        if program.unsaved(found.book) and not self._saved(found, path):
            return
        if found.address and not self._arrived(found.book, path):
            raise Stopped(self._about("addin.not_synced", found, path))

    def _saved(self, found: Opened, path: Path) -> bool:
        """Whether an open workbook was saved; False: the user does not want it."""
        book = found.book
        if program.read_only(book):
            raise Stopped(self.said("addin.read_only", name=book.name))
        key = "addin.save_cloud" if found.address else "addin.save"
        answer = self.ask(self._about(key, found, path))
        if answer == "cancel":
            raise Stopped
        if answer == "yes":
            book.save()
            if program.unsaved(book):
                raise Stopped(self.said("addin.not_saved", name=book.name))
        return answer == "yes"

    def _arrived(self, book: xw.Book, path: Path) -> bool:
        """Whether the file says what is on the screen; it is waited for.

        One that cannot be compared is for the use case to judge: waiting would not help.
        """
        from kamxl.excel.live.reading import raw_book, says_the_same
        from kamxl.excel.reading.limits import LIMITS

        shown, before = raw_book(book), b""
        for _ in range(_LOOKS):
            with contextlib.suppress(OSError):
                data = content(path, LIMITS.file)
                if data != before:
                    stored = _read_apart(data)
                    if stored is None or says_the_same(shown, stored):
                        return True
                before = data
            time.sleep(self.pause)
        return False

    def _about(self, key: str, found: Opened, path: Path) -> str:
        """A sentence about an open workbook and the file that it is, or may be."""
        name, folder = found.book.name, path.parent.name
        return self.said(key, name=name, address=host(found.address or ""), folder=folder)

    def shown_at(self, path: Path) -> xw.Book | None:
        """The open workbook that is this file; what cannot be known is asked.

        Stopped: it is another one, or the user does not know either. Nothing may be written under
        an open workbook, and none may be changed that is not the file.
        """
        found = self.opened(path)
        if found is None or found.sure:
            return None if found is None else found.book
        answer = self.ask(self._about("addin.is_it", found, path))
        if answer == "yes":
            return found.book
        raise Stopped(self._about("addin.unsure", found, path) if answer == "no" else "")

    @contextlib.contextmanager
    def at_work(self) -> Iterator[Progress]:
        """Excel quiet, and a progress that shows in its status bar; afterwards all as it was.

        Stopped: Esc was pressed between two steps; what is written by then is whole.
        """
        with program.status(self.app) as say, program.quiet(self.app):
            say(self.said("addin.working"))
            program.escaped(self.app)  # what was pressed before is not meant
            with waiting(self.language, say, IN_EXCEL):
                yield _Shown(self.app, self.said, say)

    def show(self, path: Path) -> str:
        """Open a workbook, or bring it to the front; what is to be said, empty if it is there."""
        found = self.opened(path)
        if found is not None:
            found.book.activate()
            return "" if found.sure else self._about("addin.unsure", found, path)
        if opened.named(self.app, path.name) is not None:  # Excel holds one workbook of a name
            return self.said("addin.same_name", name=path.name)
        self.app.books.open(str(path)).activate()
        return ""
