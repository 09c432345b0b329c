"""A team's own templates on disk: which files they are, and the text of each, within bounds.

A workspace may come from anywhere. Nothing is read that lies outside its folder ``templates``, by
whatever symbolic link or junction; what cannot be used is said when it is asked for, and costs
nothing until then.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from kamxl.errors import TemplateError, machine_fault
from kamxl.store.reading import NotAFile, TooLarge, content

FOLDER = "templates"
MAIL = "mail"
_LARGEST = 1024 * 1024  # bytes of one template: a logo may stand in it
_ALL = 4 * _LARGEST  # bytes of all of them
_MOST = 1000  # files and folders
_DEEP = 8  # folders in folders


@dataclass(slots=True)
class OwnTemplates:
    """``texts`` and errors (``refused``) by name, "de/invitation.txt"; ``files``: which file each
    text is, as the system numbers it.
    """

    texts: dict[str, str] = field(default_factory=dict)
    refused: dict[str, TemplateError] = field(default_factory=dict)
    files: dict[str, tuple[int, int]] = field(default_factory=dict)


def shown(name: str) -> str:
    """A template by its name, as it stands in the workspace."""
    return f"{FOLDER}/{MAIL}/{name}".rstrip("/")


def own_templates(root: Path) -> OwnTemplates:
    """The templates of mails in the workspace ``root`` (TemplateError: more than anybody has)."""
    found, left = OwnTemplates(), _ALL
    inside = os.path.join(os.path.realpath(root), FOLDER)  # noqa: PTH118 as realpath spells it
    for name, path in _files(root / FOLDER / MAIL, inside):
        try:
            text = _text(name, path, inside, left)
            left -= len(text)
            found.files[name] = _number(path)
            found.texts |= dict.fromkeys(_called(name), text)
        except TemplateError as problem:
            found.refused |= dict.fromkeys(_called(name), problem)
    return found


def _called(name: str) -> set[str]:
    """The names under which a file is found: these systems do not tell "A" from "a"."""
    return {name, name.lower()} if sys.platform in ("win32", "darwin") else {name}


def _files(folder: Path, inside: str) -> Iterator[tuple[str, Path]]:
    """Every file below a folder with its name there; what cannot be listed is one, too."""
    waiting, seen = [("", folder, 0)], 0
    while waiting:
        name, path, deep = waiting.pop(0)
        try:
            inner = _inner(path) if deep <= _DEEP and _real(path, inside) else None
        except FileNotFoundError:
            continue
        except OSError:
            inner = None
        if inner is None:
            yield name, path
            continue
        for one in inner:
            seen += 1
            if seen > _MOST:
                raise TemplateError("templates-many", where=f"{FOLDER}/{MAIL}", most=_MOST)
            waiting.append((f"{name}/{one}".lstrip("/"), path / one, deep + 1))


def _inner(path: Path) -> list[str]:
    """The names in a folder, so many at most; NotADirectoryError: it is none."""
    names: list[str] = []
    with os.scandir(path) as entries:
        for entry in entries:
            names.append(entry.name)
            if len(names) > _MOST:
                break
    return sorted(names)


def _real(path: Path, inside: str) -> Path | None:
    """Where its links lead; None: out of the folder ``inside`` (OSError: nowhere)."""
    real = os.path.realpath(path, strict=True)
    within = _one_drive(real, inside) and os.path.commonpath((real, inside)) == inside
    return Path(real) if within else None


def _one_drive(one: str, other: str) -> bool:
    return os.path.splitdrive(one)[0] == os.path.splitdrive(other)[0]


def _number(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_dev, status.st_ino


def _text(name: str, path: Path, inside: str, left: int) -> str:
    """A template's text (TemplateError: why it cannot be used)."""
    where = shown(name)
    try:
        real = _real(path, inside)
        if real is None:
            raise TemplateError("template-link", where=where)
        if not stat.S_ISREG(real.lstat().st_mode):  # a link by now: somebody plays
            raise TemplateError("template-no-file", where=where)
        data = content(real, min(_LARGEST, max(left, 0)))
    except TooLarge:
        raise TemplateError("template-large", where=where, most=_LARGEST // 1024) from None
    except NotAFile:
        raise TemplateError("template-no-file", where=where) from None
    except OSError as problem:
        raise machine_fault(problem) or TemplateError(
            "template-unreadable", where=where, reason=problem
        ) from problem
    return _decoded(where, data)


def _decoded(where: str, data: bytes) -> str:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as problem:
        line = data.count(b"\n", 0, problem.start) + 1
        raise TemplateError("template-letters", where=where, line=line) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")
