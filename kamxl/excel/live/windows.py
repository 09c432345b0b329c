"""Excel on Windows by a window's handle: that very one, or none.

Each workbook has a window of its own, and all of one Excel belong to one process. A window that
shows a workbook leads to its Excel; an Excel without any stands in the table of running objects.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from importlib import import_module as _load
from typing import Any

from kamxl.excel.live.bridge import part

_MAIN = "XLMAIN"  # the class of Excel's windows; a workbook is EXCEL7 within XLDESK within it
_PROGRAM = "{00024500-0000-0000-C000-000000000046}"  # what Excel itself is called in the table
_ESCAPE = 0x1B  # the key's number
_BOOKS = (".xls", ".xlsx", ".xlsm", ".xlsb", ".xlam", ".xla")


def excel_of(window: int) -> Any | None:
    """The Application object whose window this is; None: it cannot be reached."""
    process = _process_of(window)
    if not process:
        return None
    candidates = (_by_windows(window, process), _running_objects())
    for one in (found for some in candidates for found in some):
        with contextlib.suppress(Exception):  # each of the bridges has exceptions of its own
            if _process_of(int(one.Hwnd)) == process:
                return one
    return None


def tell(window: int | None, text: str) -> None:
    """A message over a window, without any Excel."""
    win32api, win32con = _load("win32api"), _load("win32con")
    style = win32con.MB_OK + win32con.MB_ICONWARNING
    win32api.MessageBox(window or 0, text, "kamxl", style)


def escaped(window: int) -> bool:
    """Whether Esc was pressed since this was asked the last time, with this Excel in front."""
    win32api, win32gui = _load("win32api"), _load("win32gui")
    with contextlib.suppress(Exception):
        pressed = bool(win32api.GetAsyncKeyState(_ESCAPE))
        front = _process_of(win32gui.GetForegroundWindow())
        return pressed and front != 0 and front == _process_of(window)
    return False


def _process_of(window: int) -> int:
    """The number of the process that a window belongs to; 0: there is no such window."""
    win32process = _load("win32process")
    with contextlib.suppress(Exception):
        return int(win32process.GetWindowThreadProcessId(window)[1])
    return 0


def _by_windows(window: int, process: int) -> Iterator[Any]:
    """The Excel of the window, or of another window of its process that shows a workbook."""
    others = (other for other in _windows() if other != window and _process_of(other) == process)
    for one in (window, *others):
        if _shows_a_workbook(one):
            with contextlib.suppress(Exception):
                yield part("_xlwindows").get_xl_app_from_hwnd(one)


def _windows() -> Iterator[int]:
    window = 0
    while window := _child(0, window, _MAIN):
        yield window


def _shows_a_workbook(window: int) -> bool:
    desk = _child(window, 0, "XLDESK")
    # without a desk, the search would go through all windows of the computer
    return bool(desk and _child(desk, 0, "EXCEL7"))


def _child(parent: int, after: int, name: str) -> int:
    win32gui = _load("win32gui")
    with contextlib.suppress(Exception):  # "not found" is an error of its own there
        return int(win32gui.FindWindowEx(parent, after, name, None) or 0)
    return 0


def _running_objects() -> Iterator[Any]:
    """The Excels that the table of running objects leads to, some of them several times."""
    pythoncom, client = _load("pythoncom"), _load("win32com.client")
    found: list[Any] = []
    with contextlib.suppress(Exception):
        pythoncom.CoInitialize()
        context, table = pythoncom.CreateBindCtx(0), pythoncom.GetRunningObjectTable()
        found += (one for one in table.EnumRunning() if _of_excel(one, context))
    for moniker in found:
        with contextlib.suppress(Exception):
            one = table.GetObject(moniker).QueryInterface(pythoncom.IID_IDispatch)
            yield part("_xlwindows").COMRetryObjectWrapper(client.Dispatch(one)).Application


def _of_excel(moniker: Any, context: Any) -> bool:
    """Whether an object that runs is Excel or a workbook, by its name alone."""
    with contextlib.suppress(Exception):
        name = str(moniker.GetDisplayName(context, None))
        return _PROGRAM in name.upper() or name.lower().endswith(_BOOKS)
    return False
