"""The running Excel: found, kept as it was, asked and told things."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

from kamxl.excel.live import mac, windows
from kamxl.excel.live.bridge import part, xw

Answer = Literal["ok", "cancel", "yes", "no"]
_STATE = ("screen_updating", "display_alerts", "enable_events", "calculation")


def running(window: int | None = None, process: int | None = None) -> xw.App | None:
    """The Excel that was clicked in, by its window (Windows) or process (macOS).

    None: it cannot be reached. Another Excel that runs beside is never taken for it.
    """
    if sys.platform == "win32":
        return _around(windows.excel_of(window)) if window is not None else None
    if sys.platform == "darwin":
        found = mac.excel_of(process)
        return None if found is None else xw.App(impl=found)
    apps: list[xw.App] = list(xw.apps) if xw.engines.active is not None else []
    if window is not None:
        return next((app for app in apps if app.hwnd == window), None)
    return apps[0] if len(apps) == 1 else None


def _around(found: Any | None) -> xw.App | None:
    return None if found is None else xw.App(impl=part("_xlwindows").App(xl=found))


def tell_without(window: int | None, text: str) -> None:
    """One message where no Excel can be reached; whatever becomes of it, the log has it, too."""
    with contextlib.suppress(Exception):
        if sys.platform == "win32":
            windows.tell(window, text)
        elif sys.platform == "darwin":
            mac.tell(text)


@contextlib.contextmanager
def quiet(app: xw.App) -> Iterator[None]:
    """Work without flicker, questions and recalculation; whatever happens, Excel ends as it was."""
    before = {}
    for name in _STATE:
        with contextlib.suppress(Exception):  # without any workbook Excel knows no calculation mode
            before[name] = getattr(app, name)
    try:
        app.screen_updating = False
        app.display_alerts = False
        app.enable_events = False
        with contextlib.suppress(Exception):  # as above
            app.calculation = "manual"
        yield
    finally:
        _restore(app, before)


def _restore(app: xw.App, before: dict[str, Any]) -> None:
    """Put every setting back, the others even where one fails."""
    for name, value in before.items():
        with contextlib.suppress(Exception):
            setattr(app, name, value)


@contextlib.contextmanager
def status(app: xw.App) -> Iterator[Callable[[str], None]]:
    """A way to say something in the status bar, which is Excel's own again afterwards."""

    def say(text: str) -> None:
        # never worth failing for: Excel refuses while somebody edits a cell
        with contextlib.suppress(Exception):
            app.status_bar = text

    try:
        yield say
    finally:
        with contextlib.suppress(Exception):
            app.status_bar = False


def can_escape() -> bool:
    """Whether a press can be stopped with Esc: on Windows, where keys can be asked for."""
    return sys.platform == "win32"


def escaped(app: xw.App) -> bool:
    """Whether Esc was pressed in this Excel since this was asked the last time."""
    return can_escape() and windows.escaped(app.hwnd or 0)


def ask(
    app: xw.App,
    text: str,
    buttons: str = "yes_no_cancel",
    labels: Mapping[str, str] | None = None,
) -> str:
    """A question with buttons; the one pressed ("yes", "no", "cancel", "ok").

    ``labels`` are the words on them for macOS, where a script has to say them; Windows has its own.
    """
    if sys.platform == "darwin" and labels is not None:
        return _ask_on_mac(app, text, buttons, labels)
    return _in_front(app).alert(text, "kamxl", buttons, "info") or "cancel"


def _ask_on_mac(app: xw.App, text: str, buttons: str, labels: Mapping[str, str]) -> str:
    from appscript import k  # both come with xlwings
    from osax import OSAX

    scripting = OSAX(pid=app.pid)
    scripting.activate()
    names = buttons.split("_")[::-1]  # there, the button meant first is the last
    pressed = scripting.display_alert(
        "kamxl", message=text, buttons=[labels[name] for name in names], as_=k.informational
    )[k.button_returned]
    return next((name for name in names if labels[name] == pressed), "cancel")


def tell(app: xw.App, text: str, *, wrong: bool = False) -> None:
    """One message with an OK button; without Excel if it refuses even that."""
    try:
        _in_front(app).alert(text, "kamxl", "ok", "critical" if wrong else "info")
    except Exception:  # each platform's bridge has exceptions of its own
        tell_without(None, text)


def _in_front(app: xw.App) -> xw.App:
    """The same Excel by its window of now: each workbook has one, and it may have been closed."""
    if sys.platform == "win32":
        with contextlib.suppress(Exception):
            return _around(app.api) or app
    return app


def active_book(app: xw.App) -> xw.Book | None:
    """The workbook in front; None if there is none, or only one in Protected View."""
    # each platform's bridge has an exception of its own for "nothing there"
    with contextlib.suppress(Exception):
        if len(app.books) and app.books.active.name:
            return app.books.active
    return None


def unsaved(book: xw.Book) -> bool:
    """Whether a workbook has changes that are not on the disk."""
    return not _flag(book, "Saved", "saved")


def read_only(book: xw.Book) -> bool:
    """Whether a workbook cannot be saved where it stands."""
    return _flag(book, "ReadOnly", "read_only")


def protected(sheet: xw.Sheet) -> bool:
    """Whether a sheet lets nothing be entered; what cannot be asked is taken for a no."""
    with contextlib.suppress(Exception):  # each platform's bridge has an exception of its own
        if sys.platform == "darwin":
            return bool(sheet.api.protect_contents.get())
        return bool(sheet.api.ProtectContents)
    return False


def _flag(book: xw.Book, windows: str, mac: str) -> bool:
    if sys.platform == "darwin":
        return bool(getattr(book.api, mac).get())
    return bool(getattr(book.api, windows))


def choose_folder(app: xw.App, title: str) -> Path | None:
    """A folder that the user picks; None: cancelled."""
    return _chosen(app, title, 4, "choose_folder")  # msoFileDialogFolderPicker


def choose_file(app: xw.App, title: str) -> Path | None:
    """A file that the user picks; None: cancelled."""
    return _chosen(app, title, 3, "choose_file")  # msoFileDialogFilePicker


def _chosen(app: xw.App, title: str, windows: int, mac: str) -> Path | None:
    if sys.platform != "darwin":
        dialog = app.api.FileDialog(windows)
        dialog.Title = title
        return Path(str(dialog.SelectedItems(1))) if dialog.Show() == -1 else None
    from osax import OSAX  # comes with xlwings

    scripting = OSAX(pid=app.pid)
    scripting.activate()
    try:
        return Path(getattr(scripting, mac)(with_prompt=title).path)
    except Exception:  # "User canceled" is an exception of its own there
        return None


@contextlib.contextmanager
def saving_by_hand(book: xw.Book) -> Iterator[None]:
    """Keep Excel from saving into the cloud on its own meanwhile; half a refresh is not saved."""
    was = False
    with contextlib.suppress(Exception):  # only newer Excels know it, and only on Windows
        was = sys.platform != "darwin" and bool(book.api.AutoSaveOn)
        if was:
            book.api.AutoSaveOn = False
    yield
    if was:  # not after a failure: what is half done would be saved then
        book.api.AutoSaveOn = True
