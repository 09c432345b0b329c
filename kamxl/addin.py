"""The buttons of the Excel add-in: what each does stands with the command of the same name.

The add-in runs ``python -m kamxl --kamxl-press BUTTON LANGUAGE``. Whatever happens ends in one
message in Excel and one line in the log; a traceback is only ever in the log.
"""

from __future__ import annotations

import logging
import os
import secrets
import sys
import warnings
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import NamedTuple

from kamxl.commands import buttons
from kamxl.errors import announced
from kamxl.excel.addin.places import Places, places_of
from kamxl.excel.live import program
from kamxl.wording.texts import lacking, languages, texts
from kamxl.wording.visible import visible
from kamxl.workflow.buttons.desk import Desk, Said, Stopped

# What each does: all that stand on the tab.
BUTTONS = {button.id: button.press for button in buttons()}

_LOG_BYTES = 500_000
# Excel refuses while a cell is being edited, or a question stands open
_BUSY = ("-2147418111", "-2146777998", "0x800ac472", "-2147417846", "not responding")


class Clicked(NamedTuple):
    """Where the button is: the handle of Excel's window (Windows), or its process (macOS)."""

    window: int | None = None
    process: int | None = None


def press(word: str, language: str) -> None:
    """What a button does. Never raises, and is silent on stderr: VBA takes both for no start."""
    warnings.simplefilter("ignore")
    places = places_of(sys.platform, Path.home(), os.environ)
    clicked = Clicked(_number("--hwnd", sys.argv), _number("--pid", sys.argv))
    press_with(word, language, places, clicked, datetime.now(UTC).replace(microsecond=0))


def tell_able() -> None:
    """Print what this installation can do, for the installer: a name a line, then the answer."""
    from kamxl.workflow.buttons.able import able

    for name, word in able().items():
        sys.stdout.write(f"{name} {word}\n")


def press_with(
    word: str,
    language: str,
    places: Places,
    clicked: Clicked,
    now: datetime,
    desk: Callable[..., Desk] = Desk,
) -> str | None:
    """``press`` with the world handed in; the message that was shown."""
    spoken = language if language in languages() else "en"
    with _Log(places.log) as log:
        log.info("%s: pressed", word)
        app = None
        try:
            app = program.running(clicked.window, clicked.process)
        except Exception:
            log.exception("looking for Excel")
        if app is None:
            log.error("%s: this Excel cannot be reached", word)
            unreachable = texts(spoken)("addin.unreachable")
            program.tell_without(clicked.window, unreachable)
            return unreachable
        said = _guarded(lambda: BUTTONS[word](desk(app, places, spoken, now), secrets), spoken, log)
        log.log(logging.ERROR if said.wrong else logging.INFO, "%s: %s", word, _line(said.text))
        for line in lacking():
            log.warning("%s", line)
        if said.text:
            program.tell(app, visible(said.text, lines=True), wrong=said.wrong)
        return said.text or None


def _guarded(work: Callable[[], Said], language: str, log: logging.Logger) -> Said:
    """The outcome of a button, or why there is none: one sentence, whatever it was."""
    said = texts(language)
    try:
        return work()
    except Stopped as stopped:
        return Said(str(stopped))
    except Exception as problem:
        known = announced(problem)
        if known is not None:
            if problem.__cause__ is not None:
                log.warning("the cause", exc_info=problem)
            return Said(known.said(language), wrong=True)
        if any(code in str(problem) for code in _BUSY):
            return Said(said("addin.busy"), wrong=True)
        log.exception("a mistake of kamxl's own")
        return Said(said("addin.unexpected", kind=type(problem).__name__), wrong=True)


def _number(name: str, arguments: Iterable[str]) -> int | None:
    """The number in an argument like "--hwnd=123"; macOS writes it as '--pid="pid"=123'."""
    for argument in arguments:
        said, _, value = argument.partition("=")
        number = value.rpartition("=")[2].strip()
        if said == name and number.isdecimal():
            return int(number)
    return None


def _line(text: str) -> str:
    """A message as one line of the log."""
    return " ".join(text.split())


class _Lines(logging.Formatter):
    """What somebody else wrote begins no line of the log: what follows on a first is indented."""

    def format(self, record: logging.LogRecord) -> str:
        """The record, with nothing in it that is not seen."""
        return visible(super().format(record), lines=True).replace("\n", "\n    ")


class _Log:
    """The log of a press; where it cannot be written, work goes on without."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._logger = logging.Logger("kamxl.addin")

    def __enter__(self) -> logging.Logger:
        self._handler = self._open()
        line = _Lines("%(asctime)s %(levelname)s %(message)s")
        self._handler.setFormatter(line)
        self._logger.addHandler(self._handler)
        return self._logger

    def _open(self) -> logging.Handler:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            return RotatingFileHandler(
                self._path, maxBytes=_LOG_BYTES, backupCount=1, encoding="utf-8"
            )
        except OSError:
            return logging.NullHandler()

    def __exit__(self, *_: object) -> None:
        self._handler.close()
