"""What a command is given when it runs: what was typed, and the world outside."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from kamxl.workflow.results import Progress


class Chance(Protocol):
    """Where ids and keys come from (the module ``secrets``)."""

    def token_bytes(self, nbytes: int | None = None) -> bytes: ...

    def token_hex(self, nbytes: int | None = None) -> str: ...


@dataclass(frozen=True, slots=True)
class Given:
    """The ``options`` as typed, and the world: nothing else of it is looked at by a command.

    ``spoken``: the language this computer's user speaks, where none was asked for. ``chance``:
    where ids and keys come from; ``progress``: None if nobody watches; ``attended``: whether there
    is somebody at a terminal who can be asked.
    """

    options: Namespace
    spoken: str
    now: Callable[[], datetime]
    chance: Chance
    progress: Progress | None
    attended: Callable[[], bool]

    @property
    def named(self) -> Path | None:
        """The workspace named with -C."""
        named = getattr(self.options, "folder", None)
        return Path(named) if named else None

    @property
    def folder(self) -> Path:
        """The workspace: named with -C, else the folder we are in."""
        return self.named or Path()

    @property
    def language(self) -> str | None:
        """The language asked for with --language."""
        return getattr(self.options, "language", None)
