"""Looking at each part of an installed add-in: is it there, ours, working; if not, how to mend it.

Nothing is changed. Whether Excel loads the add-in, only Excel can tell.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from kamxl.excel.installing import Wanted, interpreter_in
from kamxl.excel.interpreter import Answer
from kamxl.forms.texts import Texts, texts
from kamxl.store import atomic
from kamxl.workflow.addin_setup import Setup, remembered, state_of
from kamxl.workflow.results import SetupPart, SetupResult

_LONGEST_CONF = 20_000  # bytes; ours has some hundred


def status(setup: Setup, language: str) -> SetupResult:
    """Every part with its state and one sentence; all is well if each is "ok" or "signed"."""
    said = texts(language)
    conf, interpreter = _conf(setup)
    parts = [
        _part("addin", setup.places.addin, _addin(setup), said, setup),
        _part("conf", setup.places.conf, conf, said, setup),
    ]
    if setup.places.script is not None:
        script = _script(setup, setup.places.script, interpreter)
        parts.append(_part("script", setup.places.script, script, said, setup))
    parts += _python(setup, interpreter, said)
    folder, state = _folders(setup)
    parts.append(_part("folder", folder, state, said, setup))
    return SetupResult(setup.platform, said.language, "status", tuple(parts))


def _part(name: str, path: Path | str, state: str, said: Texts, setup: Setup) -> SetupPart:
    sentence = said(f"setup.{name}_{state}", path=path, version=setup.version)
    return SetupPart(name, str(path) or None, state, sentence)


def _addin(setup: Setup) -> str:
    file = Wanted("addin", setup.places.addin, setup.xlam)
    return state_of(file, remembered(setup.places))


def _conf(setup: Setup) -> tuple[str, str | None]:
    """The state of the configuration, and the interpreter it names."""
    try:
        with setup.places.conf.open("rb") as file:
            data = file.read(_LONGEST_CONF)
    except FileNotFoundError:
        return "missing", None
    except OSError:
        return "unreadable", None
    found = interpreter_in(data, setup.platform, setup.encoding)
    return ("ok", found) if found else ("unreadable", None)


def _script(setup: Setup, path: Path, interpreter: str | None) -> str:
    """The script holds the interpreter, too: both must name the same one."""
    if interpreter is None:
        return "unknown" if path.exists() else "missing"
    expected = Wanted("script", path, setup.script(interpreter).encode("utf-8"))
    return state_of(expected, remembered(setup.places))


def _python(setup: Setup, interpreter: str | None, said: Texts) -> list[SetupPart]:
    """The interpreter, and xlwings within it."""
    path = Path(interpreter) if interpreter else None
    if path is None or not path.is_absolute() or not path.exists():
        state = "unknown" if path is None else "missing"
        return [
            _part("interpreter", interpreter or "", state, said, setup),
            SetupPart("xlwings", None, "unknown", said("setup.xlwings_unknown")),
        ]
    answer = setup.ask(str(path))
    sentence = said(f"setup.interpreter_{_able(answer, setup)}", path=path, version=setup.version)
    state = "unknown" if answer.kamxl is None else "ok" if answer.xlwings else "missing"
    words = said(f"setup.xlwings_{state}", version=answer.xlwings or "")
    return [
        SetupPart("interpreter", str(path), _able(answer, setup), sentence),
        SetupPart("xlwings", None, state, words),
    ]


def _able(answer: Answer, setup: Setup) -> str:
    if not answer.starts:
        return "failing"
    if answer.kamxl is None:
        return "incomplete"
    return "ok" if answer.kamxl == setup.version else "outdated"


def _folders(setup: Setup) -> tuple[Path, str]:
    """The first of the add-in's folders that is missing or takes no file, else its own and "ok"."""
    own = setup.places.memory.parent
    for folder in (own, setup.places.scratch):
        if not folder.is_dir():
            return folder, "missing"
        if not _takes_files(folder):
            return folder, "closed"
    return own, "ok"


def _takes_files(folder: Path) -> bool:
    # What the mode says is not what Windows does. (tempfile would try for hours there.)
    probe = folder / f"{atomic.TEMPORARY}{os.getpid()}"
    with contextlib.suppress(OSError):
        probe.open("xb").close()
        probe.unlink()
        return True
    return False
