"""What use cases about keys and logins give back."""

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
