"""Putting the add-in where Excel finds it, and taking it out again. Excel itself is not needed.

kamxl writes the bytes itself (so no mark of the web), never over a file that it did not write, and
remembers what it wrote: whoever changed a file since then keeps it.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kamxl import __version__
from kamxl.errors import SetupError
from kamxl.excel.addin import applescript, xlam
from kamxl.excel.installing import UnusablePath, Wanted, digest, judge, wanted
from kamxl.excel.interpreter import Answer, ask
from kamxl.excel.places import Places, places_of, supported
from kamxl.forms.texts import Texts, languages, texts
from kamxl.store import atomic
from kamxl.workflow.results import SetupPart, SetupResult

_LARGEST = 20_000_000  # bytes; the add-in has some ten thousand


@dataclass(frozen=True, slots=True)
class Setup:
    """What an installation is made of; ``script`` makes the AppleScript for an interpreter.

    ``encoding`` is what VBA reads text files with, ``ask`` finds out what an interpreter can do.
    """

    platform: str
    places: Places
    interpreter: str
    encoding: str
    xlam: bytes
    script: Callable[[str], str]
    ask: Callable[[str], Answer] = ask
    version: str = __version__


def this_machine(language: str) -> Setup:
    """The installation of this user with the Python that runs now (SetupError: no Excel here)."""
    if not supported(sys.platform):
        said = texts(language)
        raise SetupError(said("setup.unsupported"), said("setup.unsupported_hint"))
    places = places_of(sys.platform, Path.home(), os.environ)
    # VBA reads in the ANSI code page, which Python calls mbcs on Windows.
    encoding = "mbcs" if sys.platform == "win32" else "utf-8"
    return Setup(sys.platform, places, sys.executable, encoding, xlam(), applescript)


def install(setup: Setup, language: str) -> SetupResult:
    """Write what is missing or from an older kamxl; "new", "updated" or "unchanged" each.

    SetupError, and nothing is changed: a file there is not ours, or the interpreter's path has
    letters the add-in cannot read. SetupError also where a file cannot be written.
    """
    said = texts(language)
    files = _wanted(setup, said)
    if setup.platform == "darwin" and not setup.places.conf.parent.parent.is_dir():
        raise SetupError(said("setup.no_container"), said("setup.no_container_hint"))
    known = remembered(setup.places)
    states = [state_of(file, known) for file in files]
    for file, state in zip(files, states, strict=True):
        if state == "foreign":
            raise SetupError(said("setup.foreign", path=file.path), said("setup.foreign_hint"))
    todo = [f for f, s in zip(files, states, strict=True) if s in ("missing", "outdated")]
    if todo:
        _remember(setup, known, files, said)
    for file in todo:
        _write(file.path, file.data, setup, said)
    _folder(setup.places.scratch, setup, said)
    words = {"missing": "new", "outdated": "updated"}
    return _result(setup, files, [words.get(state, "unchanged") for state in states], said)


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
            _remove(file.path, said)
        removed = {"missing": "absent", "ok": "removed", "outdated": "removed"}
        states.append(removed.get(state, "kept"))
    result = _result(setup, files, states, said)
    return SetupResult(
        setup.platform, said.language, "uninstall", (*result.parts, _tidy(places, said))
    )


def state_of(file: Wanted, known: Mapping[str, Sequence[str]]) -> str:
    """How ``file`` stands on the disk (as ``judge``); what cannot be read is "foreign"."""
    try:
        with file.path.open("rb") as opened:
            found = opened.read(_LARGEST)
    except FileNotFoundError:
        # A link that leads nowhere is somebody's, too.
        return "foreign" if file.path.is_symlink() else "missing"
    except OSError:
        return "foreign"
    return judge(found, file, known.get(str(file.path), ()))


def remembered(places: Places) -> dict[str, list[str]]:
    """The digests of all that was ever written, by path; a damaged record remembers nothing."""
    try:
        found = json.loads(places.record.read_bytes())["files"]
        return {str(path): [str(d) for d in digests] for path, digests in found.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


def _wanted(setup: Setup, said: Texts) -> tuple[Wanted, ...]:
    interpreter = os.path.abspath(setup.interpreter) if setup.interpreter else ""  # noqa: PTH100
    try:
        script = setup.script(interpreter)
        return wanted(setup.places, setup.platform, interpreter, setup.encoding, setup.xlam, script)
    except UnusablePath as problem:
        raise SetupError(
            said("setup.unusable_path", path=str(problem)), said("setup.unusable_path_hint")
        ) from problem


def _remember(
    setup: Setup, known: Mapping[str, list[str]], files: Sequence[Wanted], said: Texts
) -> None:
    """Before the files themselves: what an interrupted run left is then known as ours, too."""
    digests = {path: list(values) for path, values in known.items()}
    for file in files:
        own = digests.setdefault(str(file.path), [])
        if digest(file.data) not in own:
            own.append(digest(file.data))
    text = json.dumps({"version": setup.version, "files": digests}, ensure_ascii=False, indent=1)
    _write(setup.places.record, (text + "\n").encode(), setup, said)


def _write(path: Path, data: bytes, setup: Setup, said: Texts) -> None:
    try:
        atomic.write(path, data)
    except OSError as problem:
        if isinstance(problem, PermissionError) and _in_use(path):
            raise SetupError(
                said("setup.in_use", path=path), said("setup.in_use_hint")
            ) from problem
        raise _not_written(path, problem, setup, said) from problem


def _folder(path: Path, setup: Setup, said: Texts) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise _not_written(path, problem, setup, said) from problem


def _not_written(path: Path, problem: OSError, setup: Setup, said: Texts) -> SetupError:
    hint = "setup.not_written_mac" if setup.platform == "darwin" else "setup.not_written_hint"
    reason = problem.strerror or str(problem)
    return SetupError(said("setup.not_written", path=path, reason=reason), said(hint))


def _in_use(path: Path) -> bool:
    """Whether a refusal means that Excel has the file open, not that the folder is closed."""
    return path.exists() and os.access(path.parent, os.W_OK)


def _remove(path: Path, said: Texts) -> None:
    try:
        path.unlink()
    except FileNotFoundError:
        return
    except OSError as problem:
        raise SetupError(said("setup.in_use", path=path), said("setup.in_use_hint")) from problem


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
