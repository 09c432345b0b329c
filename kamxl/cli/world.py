"""The world that the command line hands to a command: clock, chance, language, screen."""

from __future__ import annotations

import contextlib
import itertools
import locale
import os
import secrets
import sys
from argparse import Namespace
from collections.abc import Sequence
from datetime import UTC, datetime

from kamxl.cli import screen
from kamxl.commands.parts.given import Given
from kamxl.wording.shelf import languages
from kamxl.wording.spoken import language_meant


def given(options: Namespace) -> Given:
    """What was typed, and the world."""
    asked = getattr(options, "language", None) or _spoken()
    quiet = getattr(options, "json", False)
    return Given(
        options,
        spoken=_spoken(),
        now=_now,
        chance=secrets,
        progress=None if quiet else screen.counter(asked),
        attended=screen.attended,
    )


def language_of(argv: Sequence[str] | None) -> str:
    """The language for who typed this, though it may be no command: asked for, else spoken."""
    words = list(sys.argv[1:] if argv is None else argv)
    after = [b for a, b in itertools.pairwise(words) if a == "--language"]
    after += [word.partition("=")[2] for word in words if word.startswith("--language=")]
    known = (language for word in after if (language := language_meant(word)) is not None)
    return next(known, _spoken())


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def _spoken() -> str:
    """The language this computer speaks, else English."""
    names = [os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG")]
    with contextlib.suppress(ValueError):
        # "German_Germany" on Windows
        names.append(locale.normalize((locale.getlocale()[0] or "").split("_")[0]))
    spoken = next((name[:2].lower() for name in names if name), "en")
    return spoken if spoken in languages() else "en"
