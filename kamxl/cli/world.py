"""The world that the command line hands to a command: clock, chance, language, screen."""

from __future__ import annotations

import secrets
from argparse import Namespace
from datetime import UTC, datetime

from kamxl.cli import screen
from kamxl.cli.language import spoken
from kamxl.commands.parts.given import Given


def given(options: Namespace) -> Given:
    """What was typed, and the world."""
    asked = getattr(options, "language", None) or spoken()
    quiet = getattr(options, "json", False)
    return Given(
        options,
        spoken=spoken(),
        now=_now,
        chance=secrets,
        progress=None if quiet else screen.counter(asked),
        attended=screen.attended,
    )


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)
