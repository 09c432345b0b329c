"""What the commands give back that keep a workspace and an installation in order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date


@dataclass(frozen=True, slots=True)
class KeyResult:
    """A new signing key, the ``number``-th of its workspace, which signs from ``since`` on."""

    language: str
    number: int
    since: date


@dataclass(frozen=True, slots=True)
class BackupResult:
    """A backup at ``path``: of which workspace, with how many ``keys`` and issued ``cards``."""

    language: str
    path: str
    workspace: str
    keys: int
    cards: int


@dataclass(frozen=True, slots=True)
class RestoreResult:
    """What was missing in the memory of ``root`` and is back: names under .kamxl, perhaps none.

    ``keys``: how many the workspace has.
    """

    language: str
    root: str
    workspace: str
    keys: int
    restored: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LoginResult:
    """A login to a provider's mail server: "in" (kept from now on), "out", or there was "none"."""

    language: str
    state: str
    user: str
    host: str
    provider: str


# What an installation may look like without anybody having to act.
_WELL = frozenset({"ok", "signed", "shared", "new", "updated", "unchanged", "removed", "absent"})
_NOTED = frozenset({"synced", "newer"})  # and what is well, but worth a sentence


@dataclass(frozen=True, slots=True)
class SetupPart:
    """One part of the add-in's installation: its ``state``, and a ``sentence`` on what to do.

    ``part`` is "addin", "conf", "script", "interpreter", "xlwings", "apart" (child processes),
    "folder", "workspace", "update"; on Windows also "mark" (of the web), "start" (the start-up
    folder) and "rule", one for each that stands in the way; when signing "windows", "signtool",
    "packages", "certificate" and "copy".
    """

    part: str
    path: str | None
    state: str
    sentence: str

    @property
    def well(self) -> bool:
        """Whether nobody has to act."""
        return self.state in _WELL | _NOTED

    @property
    def told(self) -> bool:
        """Whether its sentence is worth reading."""
        return self.state not in _WELL


@dataclass(frozen=True, slots=True)
class SetupResult:
    """What ``action`` ("install", "status", "uninstall", "sign") did or found, part by part."""

    platform: str
    language: str
    action: str
    parts: tuple[SetupPart, ...]

    @property
    def attention(self) -> bool:
        """Whether somebody has to act: something is not well, or was left behind."""
        return not all(part.well for part in self.parts)
