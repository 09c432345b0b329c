"""kamxl as a folder that needs no Python: ``python -m kamxl.standalone DIR`` makes it in DIR.

PyInstaller does the work (the extra ``standalone``): of the tools that pack a program it is the one
whose releases follow Python's, and whose users have met our libraries before; Nuitka compiles for
many minutes, cx_Freeze knows fewer packages, and none of them packs for another system. So the same
line is run once on each system. It is a folder and not one file, because a single file unpacks
itself at each start, which is slow and what virus scanners look for.

Inside, the program is its own interpreter: see ``kamxl.__main__``.
"""

from __future__ import annotations

import importlib.util
import sys
import tempfile
from pathlib import Path

from kamxl import __version__
from kamxl.errors import SetupError

NAME = "kamxl"
_PACKAGE = Path(__file__).resolve().parent
# keyring looks for its back ends in what packages say of themselves; Jinja2, olefile and the like
# are found by their imports.
_METADATA = ("kamxl", "keyring", "xlwings")
_SUBMODULES = ("kamxl", "keyring.backends")
_DATA = ("kamxl", "xlwings")
# What libraries would use if it were there: large, and no part of kamxl.
_LEFT_OUT = ("tkinter", "numpy", "pandas", "matplotlib", "IPython", "lxml", "pytest", "pyopenvba")


def arguments(target: Path, work: Path, templates: Path) -> list[str]:
    """PyInstaller's arguments, the same on every system; ``work`` is for what nobody needs later."""
    paired = [
        *((option, name) for name in _METADATA for option in ("--copy-metadata",)),
        *(("--collect-submodules", name) for name in _SUBMODULES),
        *(("--collect-data", name) for name in _DATA),
        *(("--exclude-module", name) for name in _LEFT_OUT),
        ("--exclude-module", "kamxl.excel.addin.build"),
        ("--exclude-module", "kamxl.standalone"),
        ("--add-data", f"{templates}:{NAME}/templates"),
        ("--name", NAME),
        ("--distpath", str(target)),
        ("--workpath", str(work)),
        ("--specpath", str(work)),
    ]
    flat = [word for pair in paired for word in pair]
    # With a console: the commands speak there, and the add-in starts it hidden.
    return ["--onedir", "--console", "--noconfirm", "--log-level", "WARN", *flat, str(_ENTRY)]


_ENTRY = _PACKAGE / "__main__.py"


def build(folder: Path) -> Path:
    """The program in a folder of its own below ``folder`` (SetupError: PyInstaller is missing).

    The folder carries the version in its name, so that a later one stands beside it.
    """
    if importlib.util.find_spec("PyInstaller") is None:
        raise SetupError("PyInstaller is not installed.", "Run: pip install 'kamxl[standalone]'")
    from PyInstaller.__main__ import run
    target = folder.resolve() / f"{NAME}-{__version__}"
    if target.exists():
        raise SetupError(f"{target} is there already.", "Move it away, or choose another folder.")
    return target
