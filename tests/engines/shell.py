"""The engine, its applications and its workbooks, as xlwings asks for them."""

from __future__ import annotations

import datetime as dt
import itertools
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from xlwings import XlwingsError, base_classes

from tests.engines.backend import BackEnd, BookBack
from tests.engines.cells import ERRORS, Box
from tests.engines.shell_sheet import Names, Sheet, Sheets
from tests.engines.strict import ExcelError, Faults, Strict

_BUTTONS: dict[str | None, tuple[str, ...]] = {
    None: ("ok",),
    "ok": ("ok",),
    "ok_cancel": ("ok", "cancel"),
    "yes_no": ("yes", "no"),
    "yes_no_cancel": ("yes", "no", "cancel"),
}
_WINDOWS = itertools.count(131072, 2)  # as handles of windows look


class Alert(NamedTuple):
    """A message the user saw, and the button pressed."""

    prompt: str
    title: str | None
    buttons: str | None
    mode: str | None
    answer: str


class Engine(Strict):
    """What ``xlwings.engines`` holds; ``type`` is desktop, so xlwings treats it like Excel."""

    def __init__(self, back: BackEnd) -> None:
        self._back = back
        self._faults = Faults()
        self._apps = Apps(self)

    @property
    def name(self) -> str:
        return self._back.name

    @property
    def type(self) -> str:
        return "desktop"

    @property
    def apps(self) -> Apps:
        return self._apps

    @staticmethod
    def prepare_xl_data_element(value: Any, _options: Any) -> Any:
        """A value as COM takes it; what is missing is an empty text."""
        return "" if value is None else value

    @staticmethod
    def clean_value_data(data: Any, dates: Any, empty: Any, number: Any, errors: bool) -> Any:
        """Values of a reading as the user gets them."""
        return [[_cleaned(v, dates, empty, number, errors) for v in row] for row in data]


_ERROR_OF = {number: text for text, number in ERRORS.items()}


def _cleaned(value: Any, dates: Any, empty: Any, number: Any, errors: bool) -> Any:
    if value is None or value == "":
        return empty
    if isinstance(value, dt.datetime):
        parts = ("month", "day", "year", "hour", "minute", "second", "microsecond")
        return dates(**{part: getattr(value, part) for part in parts}, tzinfo=None)
    if isinstance(value, float) and number is not None:
        return number(value)
    if type(value) is int and value in _ERROR_OF:
        return _ERROR_OF[value] if errors else None
    return value


class Apps(Strict, stands_for=base_classes.Apps):
    """The running applications; the first is the active one."""

    def __init__(self, engine: Engine) -> None:
        self._engine, self._list = engine, list[App]()
        self._faults = engine._faults

    def keys(self) -> list[int]:
        return [app.pid for app in self._list]

    def add(self, spec: Any = None, add_book: bool = True, **_rest: Any) -> App:
        app = App(self._engine)
        self._list.insert(0, app)
        if add_book:
            app.books.add()
        return app

    def cleanup(self) -> None:
        """Nothing to clean: no process of Excel."""

    def __iter__(self) -> Iterator[App]:
        return iter(self._list)

    def __len__(self) -> int:
        return len(self._list)

    def __getitem__(self, pid: int) -> App:
        for app in self._list:
            if app.pid == pid:
                return app
        raise KeyError(pid)


def _setting(name: str, default: Any) -> Any:
    """A property of the application that only remembers what it was set to."""

    def get(self: App) -> Any:
        return self._settings.get(name, default)

    def put(self: App, value: Any) -> None:
        self._settings[name] = value
        self._history.append((name, value))

    return property(get, put)


class App(Strict, stands_for=base_classes.App):
    """One Excel. For the tests: ``alerts``, ``answers``, ``faults``, ``history`` of settings."""

    def __init__(self, engine: Engine) -> None:
        self._engine, self._faults = engine, engine._faults
        self._settings: dict[str, Any] = {}
        self._history: list[tuple[str, Any]] = []
        self._alerts: list[Alert] = []
        self._answers: list[str] = []
        self._folders: list[str | None] = []
        self._hwnd = next(_WINDOWS)
        self._books = Books(self)
        self._clipboard: tuple[Any, Box] | None = None
        self._selection: Any = None
        self._calculated = 0

    screen_updating = _setting("screen_updating", True)
    display_alerts = _setting("display_alerts", True)
    enable_events = _setting("enable_events", True)
    interactive = _setting("interactive", True)
    visible = _setting("visible", True)
    status_bar = _setting("status_bar", False)  # False: Excel's own text

    @property
    def engine(self) -> Engine:
        return self._engine

    @property
    def alerts(self) -> list[Alert]:
        return self._alerts

    @property
    def answers(self) -> list[str]:
        return self._answers

    @property
    def folders(self) -> list[str | None]:
        """The folders the user will pick; None: cancelled."""
        return self._folders

    @property
    def faults(self) -> Faults:
        return self._faults

    @property
    def history(self) -> list[tuple[str, Any]]:
        return self._history

    @property
    def calculated(self) -> int:
        """How often ``calculate`` was called."""
        return self._calculated

    @property
    def api(self) -> AppApi:
        return AppApi(self)

    @property
    def hwnd(self) -> int:
        return self._hwnd

    @property
    def pid(self) -> int:
        return self._hwnd // 2

    @property
    def version(self) -> str:
        return "16.0"

    @property
    def books(self) -> Books:
        return self._books

    @property
    def selection(self) -> Any:
        return self._selection

    def activate(self, steal_focus: bool = False) -> None:
        """Becomes the first of the applications."""
        apps = self._engine._apps._list
        apps.remove(self)
        apps.insert(0, self)
        self._history.append(("activate", steal_focus))

    @property
    def calculation(self) -> str:
        return str(self._settings.get("calculation", "automatic"))

    @calculation.setter
    def calculation(self, value: str) -> None:
        if value not in ("automatic", "manual", "semiautomatic"):
            raise KeyError(value)
        if not self._books._list:
            raise ExcelError("Unable to set the Calculation property: no workbook is open")
        self._settings["calculation"] = value
        self._history.append(("calculation", value))
        for book in self._books._list:
            book._back.calculation(value != "manual")

    def calculate(self) -> None:
        self._calculated += 1
        for book in self._books._list:
            book._back.calculate()

    @property
    def cut_copy_mode(self) -> str | None:
        return "copy" if self._clipboard else None

    @cut_copy_mode.setter
    def cut_copy_mode(self, value: Any) -> None:
        if value:
            raise ExcelError("CutCopyMode can only be ended")
        self._clipboard = None

    def alert(self, prompt: str, title: Any, buttons: Any, mode: Any, callback: Any) -> str:
        """Answers with the next of ``answers``; a question without one fails the test."""
        allowed = _BUTTONS[buttons]
        if len(allowed) > 1 and not self._answers:
            raise AssertionError(f"a question that the test has no answer to: {prompt}")
        answer = self._answers.pop(0) if len(allowed) > 1 else "ok"
        assert answer in allowed, f"{answer!r} is no button of {allowed}: {prompt}"
        self._alerts.append(Alert(prompt, title, buttons, mode, answer))
        return answer

    def quit(self) -> None:
        for book in list(self._books._list):
            book.close()
        self._engine._apps._list.remove(self)


class AppApi(Strict):
    """The few members of Excel's own Application object."""

    def __init__(self, app: App) -> None:
        self._app, self._faults = app, app._faults

    def __bool__(self) -> bool:
        return True

    @property
    def Hwnd(self) -> int:  # noqa: N802 - Excel's own name
        return self._app._hwnd

    @property
    def Ready(self) -> bool:  # noqa: N802 - Excel's own name
        return True

    def FileDialog(self, kind: int) -> FolderDialog:  # noqa: N802 - Excel's own name
        if kind not in (3, 4):  # msoFileDialogFilePicker, msoFileDialogFolderPicker
            raise NotImplementedError(f"Application.FileDialog({kind})")
        if not self._app._folders:
            raise AssertionError("a choice of a folder that the test has no answer to")
        return FolderDialog(self._app._folders.pop(0))


class FolderDialog:
    """Excel's dialog for choosing a folder; the test has chosen already."""

    def __init__(self, folder: str | None) -> None:
        self._folder = folder
        self.Title = ""
        self.InitialFileName = ""

    def Show(self) -> int:  # noqa: N802 - Excel's own name
        return 0 if self._folder is None else -1

    def SelectedItems(self, number: int) -> str | None:  # noqa: N802 - Excel's own name
        if number != 1:
            raise ExcelError("one folder was chosen")
        return self._folder


class NoBook:
    """What ``books.active`` stands for without an open workbook: an object around nothing.

    On Windows xlwings hands out a Book around None, whose members fail with AttributeError.
    """

    api = None

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"'NoneType' object has no attribute {name!r}")


class Books(Strict, stands_for=base_classes.Books):
    """The open workbooks of an application."""

    def __init__(self, app: App) -> None:
        self._app, self._faults = app, app._faults
        self._list: list[Book] = []
        self._active: Book | None = None
        self._new = itertools.count(1)

    @property
    def app(self) -> App:
        return self._app

    @property
    def active(self) -> Any:
        return self._active or NoBook()

    def __call__(self, name_or_index: int | str) -> Book:
        if isinstance(name_or_index, int):
            if 1 <= name_or_index <= len(self._list):
                return self._list[name_or_index - 1]
            raise KeyError(name_or_index)
        for book in self._list:
            if book.name.casefold() == name_or_index.casefold():
                return book
        raise KeyError(name_or_index)

    def __contains__(self, key: str) -> bool:
        return any(book.name.casefold() == key.casefold() for book in self._list)

    def __len__(self) -> int:
        return len(self._list)

    def __iter__(self) -> Iterator[Book]:
        return iter(list(self._list))

    def add(self) -> Book:
        return self._took(Book(self._app, self._app._engine._back.new(), f"Book{next(self._new)}"))

    def open(
        self, fullname: str, update_links: Any = None, read_only: Any = None, *rest: Any
    ) -> Book:
        """Opens a file; one without the right to write is read-only, as in Excel."""
        path = Path(fullname)
        book = Book(self._app, self._app._engine._back.open(path), path.name, path)
        book._read_only = bool(read_only) or not path.stat().st_mode & 0o222
        return self._took(book)

    def _took(self, book: Book) -> Book:
        self._list.append(book)
        self._active = book
        book._back.calculation(self._app._settings.get("calculation") != "manual")
        return book


class Book(Strict, stands_for=base_classes.Book):
    """A workbook. ``_path`` is None until it was saved."""

    def __init__(self, app: App, back: BookBack, name: str, path: Path | None = None) -> None:
        self._app, self._back, self._faults = app, back, app._faults
        self._name, self._path = name, path
        self._saved, self._read_only = True, False
        self._at = 0  # the active sheet, from 0
        self._url: str | None = None  # a test may pretend that the book stands in a cloud

    def _changed(self, entered: bool = False) -> None:
        """The book is no longer as saved; an entry into cells ends copying, as in Excel."""
        self._saved = False
        if entered:
            self._app._clipboard = None

    @property
    def api(self) -> BookApi:
        return BookApi(self)

    @property
    def app(self) -> App:
        return self._app

    @property
    def name(self) -> str:
        return self._path.name if self._path else self._name

    @property
    def fullname(self) -> str:
        if self._url:
            raise XlwingsError(f"no local path is known for {self._url}")
        return str(self._path) if self._path else self._name

    @property
    def sheets(self) -> Sheets:
        return Sheets(self)

    @property
    def names(self) -> Names:
        return Names(self)

    def activate(self) -> None:
        self._app._books._active = self

    def close(self) -> None:
        """Closes without saving and without a question."""
        books = self._app._books
        books._list.remove(self)
        clipboard = self._app._clipboard
        if clipboard and clipboard[0]._book is self:
            self._app._clipboard = None
        if books._active is self:
            books._active = books._list[-1] if books._list else None
        self._back.close()

    def save(self, path: str | None = None, password: str | None = None) -> None:
        if password is not None:
            raise NotImplementedError("Book.save(password)")
        if path is None and self._read_only:
            raise ExcelError(f"'{self.name}' is read-only")
        if path is None:
            target = self._path or Path.cwd() / f"{self._name}.xlsx"
        else:
            target = Path(os.path.realpath(path))
        if target.suffix.lower() not in (".xlsx", ".xlsm"):
            raise NotImplementedError(f"Book.save({target.suffix})")
        self._back.save(target, self._at)
        self._path, self._saved = target, True
        self._read_only = False

    def _sheet(self, back: Any) -> Sheet:
        return Sheet(self, back)


class BookApi(Strict):
    """The members of Excel's own Workbook object that the add-in may need."""

    def __init__(self, book: Book) -> None:
        self._book, self._faults = book, book._faults

    def __bool__(self) -> bool:
        return True

    @property
    def Saved(self) -> bool:  # noqa: N802 - Excel's own name
        return self._book._saved

    @Saved.setter
    def Saved(self, value: bool) -> None:  # noqa: N802 - Excel's own name
        self._book._saved = bool(value)

    @property
    def FullName(self) -> str:  # noqa: N802 - Excel's own name
        return self._book._url or self._book.fullname

    @property
    def Name(self) -> str:  # noqa: N802 - Excel's own name
        return self._book.name

    @property
    def Path(self) -> str:  # noqa: N802 - Excel's own name
        if self._book._url:
            return self._book._url.rpartition("/")[0]
        return str(self._book._path.parent) if self._book._path else ""

    @property
    def ReadOnly(self) -> bool:  # noqa: N802 - Excel's own name
        return self._book._read_only
