"""Where the texts and templates stand, and in which languages: without loading any of them.

The help and the parser need the names of the languages and nothing else, so this is cheap.
"""
# A start would wait for pathlib.
# ruff: noqa: PTH112, PTH120, PTH208

from __future__ import annotations

import os
from functools import cache

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

_SUFFIX = ".toml"


def templates_folder() -> Path:
    """Where the templates stand: inside the installed package, or at the top of the checkout."""
    from pathlib import Path

    return Path(_folder())


@cache
def languages() -> tuple[str, ...]:
    """The languages there are texts for, sorted."""
    try:
        names = os.listdir(f"{_folder()}/texts")
    except OSError:
        names = []
    return tuple(sorted(n.removesuffix(_SUFFIX) for n in names if n.endswith(_SUFFIX)))


def _folder() -> str:
    package = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
    installed, checkout = f"{package}/templates", f"{os.path.dirname(package)}/templates"
    return installed if os.path.isdir(installed) else checkout
