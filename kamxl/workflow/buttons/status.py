"""Looking at each part of an installed add-in: is it there, ours, working; if not, how to mend it.

Nothing is changed. Whether Excel loads the add-in, only Excel can tell.
"""

from __future__ import annotations

import contextlib
import os
from dataclasses import replace
from pathlib import Path

from kamxl.excel.addin.installing import UPDATES, Wanted, interpreter_in, value_in
from kamxl.excel.addin.interpreter import Answer
from kamxl.excel.addin.surroundings import blocks, marked, on_a_share, within
from kamxl.excel.addin.updates import version_in
from kamxl.store import atomic
from kamxl.store.reading import beginning, content
from kamxl.wording.texts import Texts, texts
from kamxl.workflow.buttons.files import LARGEST, LONGEST_CONF, remembered, state_of
from kamxl.workflow.buttons.memory import last_folder
from kamxl.workflow.buttons.setup import Setup, shared_addin
from kamxl.workflow.buttons.updates import beside, newer
from kamxl.workflow.results import SetupPart, SetupResult


def status(setup: Setup, language: str) -> SetupResult:
    """Every part with its state and one sentence; all is well if each is "ok" or "signed"."""
    said = texts(language)
    seen = _as_excel_sees(setup)
    conf, named = _conf(seen)
    interpreter = interpreter_in(named, seen.platform, seen.encoding)
    addin = _addin(setup, seen, said)
    parts = [addin]
    if seen.platform == "win32":
        parts += _windows(seen, addin, said)
    parts.append(_part("conf", seen.places.conf, conf, said, seen))
    if seen.places.script is not None:
        script = _script(seen, seen.places.script, interpreter)
        parts.append(_part("script", seen.places.script, script, said, seen))
    parts += _python(seen, interpreter, said)
    folder, state = _folders(setup)
    if state != "missing" or seen.places == setup.places:  # else the first press makes it
        parts.append(_part("folder", folder, state, said, seen))
    parts += _workspace(seen, said)
    parts += _update(seen, value_in(named, UPDATES, seen.encoding), said)
    return SetupResult(setup.platform, said.language, "status", tuple(parts))


def _as_excel_sees(setup: Setup) -> Setup:
    """With what is there for all users in place of what this user has not."""
    shared, places = setup.shared, setup.places
    if shared is None or not shared_addin(setup):
        return setup
    conf = shared.conf if not places.conf.exists() and shared.conf.exists() else places.conf
    return replace(setup, places=replace(places, addin=shared.addin, conf=conf))


def _part(name: str, path: Path | str, state: str, said: Texts, setup: Setup) -> SetupPart:
    sentence = said(f"setup.{name}_{state}", path=path, version=setup.version)
    return SetupPart(name, str(path) or None, state, sentence)


def _addin(setup: Setup, seen: Setup, said: Texts) -> SetupPart:
    """The file that Excel opens, and from which version it is."""
    path = seen.places.addin
    shared = setup.shared if setup.shared and setup.shared.addin == path else setup.places
    state = state_of(Wanted("addin", path, setup.xlam), remembered(shared))
    if path != setup.places.addin and setup.places.addin.exists():
        state, path = "double", setup.places.addin
    with contextlib.suppress(OSError):
        found = version_in(content(path, LARGEST))
        if state == "outdated" and found not in (None, setup.version):
            sentence = said("setup.addin_version", found=found, version=setup.version)
            return SetupPart("addin", str(path), state, sentence)
    return _part("addin", path, state, said, setup)


def _windows(setup: Setup, addin: SetupPart, said: Texts) -> list[SetupPart]:
    """What Windows and Office say: the mark of the web, the start-up folder, rules."""
    path, parts = setup.places.addin, []
    if addin.state != "missing":
        parts = [_part("mark", path, "marked" if marked(path) else "ok", said, setup)]
    start = "ok"
    if on_a_share(path):
        start = "redirected"
    elif _in_a_cloud(path, setup):
        start = "synced"
    parts.append(_part("start", path.parent, start, said, setup))
    found = blocks(setup.registry, signed=addin.state == "signed")
    parts += [SetupPart("rule", None, "blocked", said(f"setup.rule_{name}")) for name in found]
    return parts if found else [*parts, SetupPart("rule", None, "ok", said("setup.rule_ok"))]


def _workspace(setup: Setup, said: Texts) -> list[SetupPart]:
    """The folder last worked in, if there is one."""
    folder = last_folder(setup.places.memory)
    if folder is None:
        return []
    state = "synced" if _in_a_cloud(folder, setup) else "ok"
    return [_part("workspace", folder, state, said, setup)]


def _in_a_cloud(path: Path, setup: Setup) -> bool:
    return any(within(path, mount.folder) for mount in setup.mounts())


def _update(setup: Setup, folder: str | None, said: Texts) -> list[SetupPart]:
    """A newer kamxl where this one came from or where IT puts it."""
    found = newer((*beside(), *([Path(folder)] if folder else ())), setup.version)
    if found is None:
        return []
    sentence = said("setup.update_newer", name=found.name, version=setup.version)
    return [SetupPart("update", str(found), "newer", sentence)]


def _conf(setup: Setup) -> tuple[str, bytes]:
    """The state of the configuration, and what is in it."""
    try:
        data = beginning(setup.places.conf, LONGEST_CONF)
    except FileNotFoundError:
        return "missing", b""
    except OSError:
        return "unreadable", b""
    found = interpreter_in(data, setup.platform, setup.encoding)
    return "ok" if found else "unreadable", data


def _script(setup: Setup, path: Path, interpreter: str | None) -> str:
    """The script holds the interpreter, too: both must name the same one."""
    if interpreter is None:
        return "unknown" if path.exists() else "missing"
    expected = Wanted("script", path, setup.script(interpreter).encode("utf-8"))
    return state_of(expected, remembered(setup.places))


def _python(setup: Setup, interpreter: str | None, said: Texts) -> list[SetupPart]:
    """The interpreter, xlwings within it, and whether it can start processes apart."""
    path = Path(interpreter) if interpreter else None
    if path is None or not path.is_absolute() or not path.exists():
        state = "unknown" if path is None else "missing"
        return [
            _part("interpreter", interpreter or "", state, said, setup),
            SetupPart("xlwings", None, "unknown", said("setup.xlwings_unknown")),
            SetupPart("apart", None, "unknown", said("setup.apart_unknown")),
        ]
    answer = setup.ask(str(path))
    able = _able(answer, setup)
    versions = {"version": setup.version, "python": answer.python or "", "kamxl": answer.kamxl}
    sentence = said(f"setup.interpreter_{able}", path=path, **versions)
    # An earlier kamxl tells its own version only.
    known = answer.kamxl is not None and (answer.kamxl == setup.version or answer.xlwings)
    state = "unknown" if not known else "ok" if answer.xlwings else "missing"
    words = said(f"setup.xlwings_{state}", version=answer.xlwings or "")
    apart = "unknown" if answer.apart is None else "ok" if answer.apart == "ok" else "failing"
    return [
        SetupPart("interpreter", str(path), able, sentence),
        SetupPart("xlwings", None, state, words),
        SetupPart("apart", None, apart, said(f"setup.apart_{apart}", reason=answer.apart or "")),
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
