"""The keyrings of this computer: what is read from them, kept in them, and taken out again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from kamxl.errors import MailError, Reason

SERVICE = "kamxl"
# Windows keeps 2,560 bytes an entry, two to a character; a provider's tokens are longer than that.
_PIECE = 1_000

Keyring = Callable[[], Any]
T = TypeVar("T")


class Closed(MailError):  # noqa: N818 a state of this computer
    """There is no keyring that can be used."""


def kept(entry: str, keyring: Keyring | None = None) -> str | None:
    """What the first keyring that knows this entry holds of it (Closed: none can be asked)."""
    return _tried(keyring, lambda each: _first(each, entry))


def kept_long(entry: str, keyring: Keyring | None = None) -> str | None:
    """What ``keep_long`` kept; None: nothing (Closed: none can be asked)."""
    return _tried(keyring, lambda each: _joined(each, entry))


def keep_long(entry: str, text: str, keyring: Keyring | None = None) -> None:
    """Keep a text of any length, in pieces (Closed: nowhere)."""

    def put(each: list[Any]) -> None:
        pieces = [text[at : at + _PIECE] for at in range(0, len(text), _PIECE)]
        for number, piece in enumerate(pieces):
            each[0].set_password(SERVICE, _piece(entry, number), piece)
        _drop(each[0], entry, len(pieces))

    _tried(keyring, put)


def forget_long(entry: str, keyring: Keyring | None = None) -> bool:
    """Take out what ``keep_long`` kept; whether there was anything (Closed: none can be asked)."""
    return _tried(keyring, lambda each: sum(_drop(one, entry, 0) for one in each) > 0)


def _tried(keyring: Keyring | None, ask: Callable[[list[Any]], T]) -> T:
    try:
        return ask(_usable((keyring or _system_keyring)()))
    except Closed:
        raise
    except Exception as problem:
        # Every system has its own: what they raise has no common base, only that it did not work.
        raise _closed(type(problem).__name__) from None


def _first(each: list[Any], entry: str) -> str | None:
    for one in each:
        found = one.get_password(SERVICE, entry)
        if found:
            return str(found)
    return None


def _joined(each: list[Any], entry: str) -> str | None:
    pieces: list[str] = []
    while piece := _first(each, _piece(entry, len(pieces))):
        pieces.append(piece)
        if len(piece) < _PIECE:
            break
    return "".join(pieces) or None


def _drop(one: Any, entry: str, number: int) -> int:
    """Take out the pieces from this number on; how many there were."""
    dropped = 0
    while one.get_password(SERVICE, _piece(entry, number + dropped)):
        one.delete_password(SERVICE, _piece(entry, number + dropped))
        dropped += 1
    return dropped


def _piece(entry: str, number: int) -> str:
    return f"{entry} login {number + 1}"


def _system_keyring() -> Any:
    """Loaded only when a password is needed: looking for keyrings takes time."""
    try:
        import keyring
        from keyring.backends import fail, null
    except ImportError:
        raise _closed(Reason("not_installed")) from None
    found = keyring.get_keyring()
    if isinstance(found, fail.Keyring | null.Keyring):
        raise _closed(Reason("none_found"))
    return found


def _usable(keyring: Any) -> list[Any]:
    """The keyrings to ask; those of keyrings.alt keep passwords in files, some in plain text."""
    each = getattr(keyring, "backends", None) or (keyring,)
    usable = [one for one in each if not type(one).__module__.startswith("keyrings.alt")]
    if not usable:
        raise _closed(Reason("in_files"))
    return usable


def _closed(reason: str | Reason) -> Closed:
    return Closed("keyring-closed", reason=reason)
