"""kamxl as a folder that needs no Python: ``python -m kamxl.standalone DIR`` makes it in DIR.

PyInstaller does the work (the extra ``standalone``): of the tools that pack a program its releases
follow Python's most closely, and it knows the libraries that are used here. Nuitka compiles for
many minutes, and none of them packs for another system, so the same line is run once on each. It
is a folder and not one file: a single file unpacks itself at each start, which is slow and just
what virus scanners look for. Inside, the program is its own interpreter: see ``kamxl.__main__``.
"""

from __future__ import annotations

import importlib.util
import subprocess  # S404: our own Python and our own line
import sys
import tempfile
from pathlib import Path

from kamxl import __version__
from kamxl.errors import KamxlError, SetupError
from kamxl.wording.texts import templates_folder

NAME = "kamxl"
_ENTRY = "import sys\nfrom kamxl.__main__ import main\nsys.exit(main())\n"
_SUBMODULES = ("kamxl", "keyring.backends")
_DATA = ("kamxl", "xlwings", "babel")  # Babel's: what it knows of each language
# Nobody can install anything into the folder later: what "kamxl mail login" needs comes along.
_EXTRA = ("authlib", "requests")
# With the licences of all that is packed, and what keyring finds its back ends by.
_METADATA = ("kamxl", *_EXTRA)
# The paid part of xlwings may not be passed on, and is used by nothing here. The others are large
# and would come along only because some library takes them where they happen to be installed.
_LEFT_OUT = (
    "xlwings.pro", "xlwings.server", "xlwings.rest", "xlwings.cli", "xlwings.reports",
    "kamxl.excel.addin.build", "kamxl.xlam", "kamxl.standalone", "pyopenvba", "tkinter", "numpy",
    "pandas", "polars", "matplotlib", "plotly", "IPython", "lxml", "pytest", "setuptools",
)  # fmt: skip


def arguments(folder: Path, entry: Path, templates: Path) -> list[str]:
    """PyInstaller's arguments, the same on every system; all it makes is below ``folder``."""
    named = [
        *(("--collect-submodules", name) for name in _SUBMODULES),
        *(("--collect-data", name) for name in _DATA),
        *(("--recursive-copy-metadata", name) for name in _METADATA),
        *(("--exclude-module", name) for name in _LEFT_OUT),
        ("--add-data", f"{templates}:kamxl/templates"),
        ("--name", NAME),
        ("--distpath", str(folder / "dist")),
        ("--workpath", str(folder / "work")),
        ("--specpath", str(folder)),
        ("--log-level", "WARN"),
    ]
    flat = [word for pair in named for word in pair]
    # With a console: the commands speak there, and the add-in starts it hidden.
    return ["--onedir", "--console", "--noconfirm", *flat, str(entry)]


def build(folder: Path) -> Path:
    """The new folder with the program, below ``folder``; its name carries the version.

    So a later one stands beside it, and none is replaced while a button uses it. SetupError: it
    cannot be made; nothing is left behind.
    """
    for name in ("PyInstaller", *_EXTRA):
        if importlib.util.find_spec(name) is None:
            raise SetupError("part-missing", part=name)
    target = folder.resolve() / f"{NAME}-{__version__}"
    if target.exists():
        raise SetupError("program-there", path=target)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".kamxl-build-") as name:
        work = Path(name).resolve()
        entry = work / "entry.py"
        entry.write_text(_ENTRY, encoding="ascii")
        words = arguments(work, entry, templates_folder())
        command = [sys.executable, "-P", "-m", "PyInstaller", *words]
        if subprocess.run(command, check=False, cwd=work).returncode != 0:  # noqa: S603 see above
            raise SetupError("program-unmade")
        (work / "dist" / NAME).rename(target)
    return target


def main(words: list[str]) -> int:
    """Make the folder and say where it is; the exit status."""
    if len(words) != 1 or words[0].startswith("-"):
        sys.stderr.write("usage: python -m kamxl.standalone DIR\n")
        return 2
    try:
        sys.stdout.write(f"{build(Path(words[0]))}\n")
    except KamxlError as problem:
        sys.stderr.write(f"kamxl: {problem}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
