"""Which language who typed a command speaks: asked for, else that of this computer.

It is known before anything is parsed, for the help and for what is wrong with the arguments.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import sys

from kamxl.wording.shelf import languages
from kamxl.wording.spoken import language_meant

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_OPTION = "--language"


def language_of(argv: Sequence[str] | None) -> str:
    """The language for who typed this, though it may be no command."""
    words = list(sys.argv[1:] if argv is None else argv)
    after = [b for a, b in itertools.pairwise(words) if a == _OPTION]
    after += [word.partition("=")[2] for word in words if word.startswith(f"{_OPTION}=")]
    known = (language for word in after if (language := language_meant(word)) is not None)
    return next(known, None) or spoken()


def spoken() -> str:
    """The language this computer speaks, else English."""
    import locale

    names = [os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG")]
    with contextlib.suppress(ValueError):
        # "German_Germany" on Windows
        names.append(locale.normalize((locale.getlocale()[0] or "").split("_")[0]))
    found = next((name[:2].lower() for name in names if name), "en")
    return found if found in languages() else "en"
