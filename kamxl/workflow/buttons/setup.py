"""Putting the add-in where Excel finds it, and taking it out again. Excel itself is not needed.

kamxl writes the bytes itself (so no mark of the web), and never over a file that it did not write.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from kamxl import __version__
from kamxl.errors import SetupError
from kamxl.excel.addin import applescript, xlam
from kamxl.excel.addin.installing import UPDATES, UnusablePath, Wanted, value_in, wanted
from kamxl.excel.addin.interpreter import Answer, ask
from kamxl.excel.addin.places import Places, places_of, shared_places, supported
from kamxl.excel.addin.surroundings import Registry, WindowsRegistry, marked, office_folder
from kamxl.excel.live.sync_clients import mounts_of
from kamxl.excel.live.synced import Mount
from kamxl.store import atomic
from kamxl.store.reading import beginning
from kamxl.wording.texts import Texts, languages, texts
from kamxl.workflow.buttons.files import (
    LONGEST_CONF,
    make_folder,
    remember,
    remembered,
    remove,
    state_of,
    write,
)
from kamxl.workflow.results import SetupPart, SetupResult


@dataclass(frozen=True, slots=True)
class Setup:
    """What an installation is made of; ``script`` makes the AppleScript for an interpreter.

    ``encoding`` is what VBA reads text files with, ``ask`` finds out what an interpreter can do.
    ``shared`` are the places for all users, and with ``for_all`` this is that installation.
    ``mounts`` asks the sync client for the folders that it keeps on other computers, too,
    ``updates`` is the folder where IT puts new versions, ``prepare`` compiles what is installed.
    """

    platform: str
    places: Places
    interpreter: str
    encoding: str
    xlam: bytes
    script: Callable[[str], str]
    ask: Callable[[str], Answer] = ask
    version: str = __version__
    shared: Places | None = None
    for_all: bool = False
    home: Path = Path()
    mounts: Callable[[], Sequence[Mount]] = tuple
    registry: Registry = field(default_factory=WindowsRegistry)
    updates: str = ""
    prepare: Callable[[], None] = lambda: None


def this_machine() -> Setup:
    """The installation of this user with the Python that runs now (SetupError: no Excel here)."""
    if not supported(sys.platform):
        raise SetupError("addin-unsupported")
    places = places_of(sys.platform, Path.home(), os.environ)
    # VBA reads in the ANSI code page, which Python calls mbcs on Windows.
    encoding = "mbcs" if sys.platform == "win32" else "utf-8"
    registry = WindowsRegistry()
    return Setup(
        sys.platform,
        places,
        sys.executable,
        encoding,
        xlam(),
        applescript,
        shared=shared_places(sys.platform, os.environ, office_folder(registry)),
        home=Path.home(),
        mounts=lambda: mounts_of(sys.platform, Path.home(), os.environ),
        registry=registry,
        prepare=_compile,
    )


def _compile() -> None:
    if not getattr(sys, "frozen", False):
        from kamxl.excel.addin.compiling import compiled

        compiled()


def for_all_users(setup: Setup) -> Setup:
    """The installation for all users of this computer.

    SetupError: it is not known where Excel is, or the Python is one that only this user can start.
    """
    if setup.shared is None:
        raise SetupError("addin-no-excel")
    # The administrator's home may be another one than that of who installed the program.
    homes = {setup.home.parent, Path("/Users")} if setup.home != Path() else set()
    if any(Path(setup.interpreter).is_relative_to(folder) for folder in homes):
        raise SetupError("addin-private", path=setup.interpreter)
    return replace(setup, places=setup.shared, shared=None, for_all=True)


def shared_addin(setup: Setup) -> Path | None:
    """The add-in that is installed for all users, if there is one."""
    found = setup.shared.addin if setup.shared else None
    return found if found is not None and found.is_file() else None


def install(setup: Setup, language: str) -> SetupResult:
    """Write what is missing or from an older kamxl; "new", "updated" or "unchanged" each.

    SetupError, and nothing is changed: a file there is not ours, or the interpreter's path has
    letters the add-in cannot read. SetupError also where a file cannot be written.
    """
    said = texts(language)
    files = _wanted(setup)
    if (
        setup.platform == "darwin"
        and not setup.for_all
        and not setup.places.conf.parent.parent.is_dir()
    ):
        raise SetupError("addin-no-container")
    known = remembered(setup.places)
    states = [_unmarked(setup, file, state_of(file, known)) for file in files]
    for file, state in zip(files, states, strict=True):
        if state == "foreign":
            raise SetupError("addin-foreign", path=file.path)
    todo = [f for f, s in zip(files, states, strict=True) if s in ("missing", "outdated")]
    if todo:
        remember(setup, known, files)
    for file in todo:
        write(file.path, file.data, setup)
    if not setup.for_all:
        make_folder(setup.places.scratch, setup)
    setup.prepare()
    words = {"missing": "new", "outdated": "updated"}
    done = _result(setup, files, [words.get(state, "unchanged") for state in states], said)
    return replace(done, parts=(*_shared_part(setup, known, said), *done.parts))


def _unmarked(setup: Setup, file: Wanted, state: str) -> str:
    """What Windows believes to be from the internet is written anew: our bytes carry no mark."""
    remarked = setup.platform == "win32" and state == "ok" and marked(file.path)
    return "outdated" if remarked else state


def _shared_part(
    setup: Setup, known: Mapping[str, list[str]], said: Texts
) -> tuple[SetupPart, ...]:
    """Beside one for all users, this user's own add-in goes: Excel opens one of a name."""
    shared = shared_addin(setup)
    if shared is None:
        return ()
    own = Wanted("addin", setup.places.addin, setup.xlam)
    if state_of(own, known) in ("ok", "outdated"):
        remove(own.path)
    return (SetupPart("addin", str(shared), "shared", said("setup.addin_shared")),)


def uninstall(setup: Setup, language: str) -> SetupResult:
    """Remove what ``install`` wrote and is unchanged since; "removed", "absent" or "kept" each.

    SetupError: a file is in use; what was removed before stays removed, running it again is safe.
    """
    said = texts(language)
    known = remembered(setup.places)
    places = setup.places
    # The configuration and the script are ours only if we remember them: they hold a path.
    files = [Wanted("addin", places.addin, setup.xlam), Wanted("conf", places.conf, b"")]
    files += [Wanted("script", places.script, b"")] if places.script else []
    states = []
    for file in files:
        state = state_of(file, known)
        if state in ("ok", "outdated"):
            remove(file.path)
        removed = {"missing": "absent", "ok": "removed", "outdated": "removed"}
        states.append(removed.get(state, "kept"))
    result = _result(setup, files, states, said)
    return SetupResult(
        setup.platform, said.language, "uninstall", (*result.parts, _tidy(places, said))
    )


def _wanted(setup: Setup) -> tuple[Wanted, ...]:
    interpreter = os.path.abspath(setup.interpreter) if setup.interpreter else ""  # noqa: PTH100
    updates = setup.updates or _updates_before(setup)
    try:
        script = setup.script(interpreter)
        files = wanted(
            setup.places, setup.platform, interpreter, setup.encoding, setup.xlam, script, updates
        )
        return tuple(file for file in files if file.name != "addin" or not shared_addin(setup))
    except UnusablePath as problem:
        raise SetupError("addin-path", path=str(problem)) from problem


def _updates_before(setup: Setup) -> str:
    """The folder named at an earlier installation: who installs again does not name it again."""
    with contextlib.suppress(OSError):
        return value_in(beginning(setup.places.conf, LONGEST_CONF), UPDATES, setup.encoding) or ""
    return ""


def _tidy(places: Places, said: Texts) -> SetupPart:
    """Remove our own notes and then the folder, unless something else is in it."""
    own = places.record.parent
    atomic.sweep(places.addin.parent)
    existed = own.is_dir()
    if existed:
        atomic.sweep(own)
        for path in _own_notes(places):
            with contextlib.suppress(OSError):
                path.unlink()
        for folder in (places.scratch, own):
            with contextlib.suppress(OSError):  # it is not empty
                folder.rmdir()
    left = sorted(p.name for p in own.iterdir()) if own.is_dir() else []
    state = "kept" if own.is_dir() else "removed" if existed else "absent"
    return SetupPart(
        "folder", str(own), state, said(f"setup.folder_{state}", names=", ".join(left))
    )


def _own_notes(places: Places) -> list[Path]:
    """What buttons and installer leave: notes, logs, and workbooks that are made anew each time.

    Anything else may have been saved there by somebody, whom Excel had offered the folder.
    """
    lists = [f"{texts(language)('addin.list.sheet')}.xlsx" for language in languages()]
    drawn = [places.scratch / name for name in ("kamxl-drawn.xlsx", *lists)]
    elder = places.log.with_name(f"{places.log.name}.1")
    return [places.memory, places.log, elder, places.record, *drawn]


def _result(
    setup: Setup, files: Sequence[Wanted], states: Sequence[str], said: Texts
) -> SetupResult:
    parts = tuple(
        SetupPart(file.name, str(file.path), state, said(f"setup.did_{state}"))
        for file, state in zip(files, states, strict=True)
    )
    return SetupResult(setup.platform, said.language, "install", parts)
