"""The computer, whatever folder is meant: Python, LibreOffice, processes, temporary files."""

from __future__ import annotations

import platform
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from kamxl.apart import Died, close
from kamxl.errors import TemplateError
from kamxl.excel.reading.office import NoOffice, office, version, works_held
from kamxl.store import atomic, cache
from kamxl.wording.texts import FALLBACK, languages, templates_folder, texts
from kamxl.workflow.health import processes as processes_of
from kamxl.workflow.health.looks import Look, blocked, less, refused, well

_OLDEST = (3, 11)
_BUILT = datetime(2026, 1, 1, tzinfo=UTC)  # no clock of a computer with this kamxl is before
_LETTERS = ("invitation", "reminder", "thanks", "reply")
_PARTS = ("subject.txt", "txt", "html")


def python(running: tuple[int, ...] = sys.version_info[:2], widest: int = sys.maxsize) -> Look:
    """Its version, and whether it has room for large workbooks (64 bits)."""
    told = platform.python_version()
    if running < _OLDEST:
        return blocked("python", "old", version=told)
    return well("python", version=told) if widest > 2**32 else less("python", "narrow")


def libreoffice() -> Look:
    """Without it files in some formats are not read; nothing else needs it. It is tried."""
    path = office()
    if path is None:
        return less("office", "missing")
    try:
        told = {"version": version(path), "path": path}
        return well("office", **told) if works_held(path) else less("office", "free", **told)
    except (NoOffice, Died):
        return less("office", "broken", path=path)


def processes() -> Look:
    """Files from outside are read in processes apart: one is started and asked."""
    told = processes_of.apart()
    close()
    if told == "ok":
        return well("processes")
    return blocked("processes", "forbidden", reason=told, program=sys.executable or "Python")


def fences() -> Look:
    """What those processes are kept from, whoever takes them over: they are asked to try it."""
    found = processes_of.fences()
    return well("fences", found) if found in ("well", "elsewhere") else less("fences", found)


def temporary() -> Look:
    """The folder for temporary files takes one: it is written, and removed again."""
    try:
        folder = Path(tempfile.gettempdir())
        atomic.try_out(folder)
    except OSError as problem:
        return blocked("temporary", "closed", reason=problem)
    return well("temporary", path=folder)


def kept() -> Look:
    """Where is kept what was found out already, and how much of it; where nothing can be, runs that
    repeat take as long as the first.
    """
    folder = cache.place()
    if folder is None:
        return well("cache", "none")
    try:
        cache.try_out(folder)
    except OSError as problem:
        return less("cache", "closed", path=folder, reason=problem, variable=cache.VARIABLE)
    found = cache.size_of(folder)
    room = -(-found.bytes // 1_000_000)
    return well("cache", path=folder, entries=found.entries, room=room)


def clock(now: datetime) -> Look:
    """The clock is not plainly wrong, as far as the computer alone can tell."""
    return well("clock") if now >= _BUILT else blocked("clock", "early", now=now.date())


def shipped() -> Look:
    """The texts and templates that came with kamxl are all there."""
    try:
        for language in languages():
            texts(language)("language.name")
        texts(FALLBACK)("cli.progress", done=1, total=1, rate="", left="")
    except TemplateError as problem:
        return refused("templates", problem)
    folder = templates_folder() / "mail" / FALLBACK
    wanted = [f"{letter}.{part}" for letter in _LETTERS for part in _PARTS]
    gone = [name for name in wanted if not (folder / name).is_file()]
    return blocked("templates", "gone", names=", ".join(gone)) if gone else well("templates")
