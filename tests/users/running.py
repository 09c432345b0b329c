"""Running kamxl as a user who is not root, whoever runs the tests.

Root's own Python may lie where nobody else may look (its home), and so may the project's clone:
then both are copied to a folder that all may read, as hard links where that goes. Nothing that is
there is changed. Whoever is no root runs the tests of one user as herself.
"""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from kamxl.errors import DEBUG
from tests.waiting import PATIENCE

ROOT = Path(__file__).resolve().parents[2]
TEAM = 61_000  # a group that no computer knows
_PATIENT = """
import sys
from kamxl.cli.main import main
from kamxl.store.turns import Manner, manner
manner.set(Manner(patience=float(sys.argv[1])))
sys.exit(main(sys.argv[2:]))
"""
_TRIAL = "import kamxl, openpyxl, PIL, cryptography, psutil, msgspec"
_NOT_NEEDED = shutil.ignore_patterns(
    "idlelib", "turtledemo", "config-*", "ensurepip", "tkinter", "lib2to3", "pip", "mypy", "mypyc",
    "ruff*", "*.a",
)  # fmt: skip


@dataclass(frozen=True)
class User:
    """Somebody with an account, of the ``TEAM`` or not."""

    uid: int
    team: bool = True
    umask: int = 0o022

    @property
    def name(self) -> str:
        return f"user{self.uid}"


ADA, BO = User(61_001), User(61_002)
STRANGER = User(61_003, team=False)


@dataclass(frozen=True)
class Place:
    """Where Python and kamxl stand that every user may read, and a folder for what they make."""

    python: str
    project: Path
    packages: tuple[str, ...]
    home: Path
    environment: dict[str, str]

    def folder(self, name: str, owner: User, mode: int = 0o755, group: int | None = None) -> Path:
        """A new folder of somebody's."""
        path = self.home / name
        path.mkdir()
        if is_root():
            os.chown(path, owner.uid, owner.uid if group is None else group)
        path.chmod(mode)
        return path

    def begun(self, user: User, *argv: object, patience: float = PATIENCE) -> subprocess.Popen[str]:
        """kamxl begun by a user; ``patience``: how long she waits for a turn."""
        return self.script(user, _PATIENT, patience, *argv)

    def script(self, user: User, code: str, *argv: object) -> subprocess.Popen[str]:
        """A script begun by a user."""
        own = self.home / user.name
        if not own.exists():
            self.folder(user.name, user, 0o700)
        paths = os.pathsep.join((str(self.project), *self.packages))
        return subprocess.Popen(
            [self.python, "-P", "-c", code, *map(str, argv)],
            cwd=own,
            env=self.environment | {"HOME": str(own), "LOGNAME": user.name, "PYTHONPATH": paths},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            **_as(user),
        )

    def run(self, user: User, *argv: object, patience: float = PATIENCE) -> tuple[int, str, str]:
        """kamxl run by a user: its exit status, what it said, and what it said was wrong."""
        return ended(self.begun(user, *argv, patience=patience))

    def done(self, user: User, *argv: object, patience: float = PATIENCE) -> str:
        """What it said; it went well."""
        status, out, err = self.run(user, *argv, patience=patience)
        assert status == 0, err
        return out

    def refused(self, user: User, *argv: object, patience: float = PATIENCE) -> str:
        """Why it did nothing: one line, whatever it was."""
        status, out, err = self.run(user, *argv, patience=patience)
        assert (status, out, err.count("\n")) == (2, "", 1), (status, out, err)
        return err


def ended(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=PATIENCE)
    return process.returncode, out, err


def is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _as(user: User) -> dict[str, object]:
    """What starts a process as a user: all of root's powers are gone with the number."""
    if not is_root():
        return {"umask": user.umask}
    groups = [TEAM] if user.team else []
    return {"user": user.uid, "group": user.uid, "extra_groups": groups, "umask": user.umask}


@contextmanager
def place() -> Iterator[Place]:
    """A place to run in (skipped: this system has no users that can be changed to)."""
    if os.name != "posix":
        pytest.skip("Windows hands the rights of folders on by itself")
    home = Path(tempfile.mkdtemp(prefix="kamxl-users-"))
    home.chmod(0o755)
    try:
        yield _readable(home)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _readable(home: Path) -> Place:
    """This Python and this kamxl if others may read them, else copies."""
    known = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", DEBUG: "1", "PYTHONDONTWRITEBYTECODE": "1"}
    here = Place(sys.executable, ROOT, tuple(filter(None, sys.path)), home, known)
    if not is_root() or _tried(here) is None:
        return here
    copy = home / "copy"
    version = f"python{sysconfig.get_python_version()}"
    base = Path(sys.base_prefix)
    stdlib = Path(sysconfig.get_path("stdlib"))
    _copied(stdlib, copy / "lib" / version, without=("site-packages", "test"))
    for library in base.glob("lib/libpython*"):
        _linked(str(library), str(copy / "lib" / library.name))
    (copy / "bin").mkdir()
    _linked(str(Path(sys.executable).resolve()), str(copy / "bin" / "python"))
    _copied(Path(sysconfig.get_path("purelib")), copy / "packages")
    for folder in ("kamxl", "templates", "workbooks", "tests"):
        _copied(ROOT / folder, copy / "project" / folder)
    _linked(str(ROOT / "pyproject.toml"), str(copy / "project" / "pyproject.toml"))
    known |= {"PYTHONHOME": str(copy), "LD_LIBRARY_PATH": str(copy / "lib")}
    packages = (str(copy / "packages"),)
    made = Place(str(copy / "bin" / "python"), copy / "project", packages, home, known)
    if why := _tried(made):
        pytest.skip(f"no Python that a normal user may run can be made here: {why}")
    return made


def _tried(at: Place) -> str | None:
    """Why nobody but root can run kamxl there; None: everybody can."""
    try:
        status, _, err = ended(at.script(STRANGER, _TRIAL))
    except OSError as problem:
        return str(problem)
    return err[-300:] if status else None


def _copied(source: Path, target: Path, without: tuple[str, ...] = ()) -> None:
    left_out = functools.partial(_left_out, without)
    shutil.copytree(source, target, copy_function=_linked, ignore=left_out, symlinks=True)


def _left_out(without: tuple[str, ...], folder: str, names: list[str]) -> set[str]:
    return {*_NOT_NEEDED(folder, names), *(name for name in names if name in without)}


def _linked(source: str, target: str) -> None:
    """The same file under another name if others may read it so, else a copy."""
    try:
        if Path(source).stat().st_mode & 0o004:
            os.link(source, target)
            return
    except OSError:
        pass
    shutil.copy2(source, target)
    Path(target).chmod(Path(target).stat().st_mode | 0o444)
