"""Compiling kamxl at its installation, so that no click waits for it: uv installs sources only."""

from __future__ import annotations

import compileall
import contextlib
import re
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[2]
_NAME = re.compile(r"[\w.-]+")


def compiled() -> None:
    """Compile kamxl and all it needs, so that the first click does not wait for it.

    What cannot be written stays as it is; what is compiled already costs one look.
    """
    for path in sorted(_sources()):
        compileall.compile_file(path, quiet=2)


def _sources() -> set[str]:
    """The modules of kamxl and of every package that it needs, and that those need."""
    found = {str(path) for path in _PACKAGE.rglob("*.py")}
    names, seen = ["kamxl"], set[str]()
    while names:
        name = names.pop()
        if name in seen:
            continue
        seen.add(name)
        with contextlib.suppress(PackageNotFoundError):
            package = distribution(name)
            needed = (line for line in package.requires or () if "extra ==" not in line)
            names += [found_name[0] for line in needed if (found_name := _NAME.match(line))]
            found |= {str(f.locate()) for f in package.files or () if f.suffix == ".py"}
    return found
