"""The sync client's own settings, read: which address is kept in which folder of this computer.

Windows has them in the registry of the user, macOS in property lists. All of it is read only, and
whatever is not there, or not as expected, just tells nothing.
"""

from __future__ import annotations

import contextlib
import plistlib
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from kamxl.excel.live.synced import Mount

_ENGINES = r"Software\SyncEngines\Providers\OneDrive"
_ACCOUNTS = r"Software\Microsoft\OneDrive\Accounts"
_PERSONAL = "https://d.docs.live.net"
_FOLDERS = ("OneDrive", "OneDriveConsumer", "OneDriveCommercial")  # in the environment
_DEEP = 8  # levels of a property list that are looked into
_LARGEST = 10_000_000  # bytes of a property list
_PLISTS = (
    "Library/Group Containers/*OneDrive*/Library/Preferences/*.plist",
    "Library/Containers/com.microsoft.OneDrive*/Data/Library/Preferences/*.plist",
    "Library/Preferences/com.microsoft.OneDrive*.plist",
)


def mounts_of(platform: str, home: Path, environ: Mapping[str, str]) -> tuple[Mount, ...]:
    """What this user's sync client keeps where, on ``platform`` (as sys.platform)."""
    found: list[Mount] = []
    with contextlib.suppress(Exception):  # settings of another program: it is asked, not trusted
        if platform == "win32":
            found += _of_registry()
        elif platform == "darwin":
            found += _of_property_lists(home)
    for folder in _roots(platform, home, environ):
        found.append(Mount("", folder))
    return tuple(dict.fromkeys(found))


def _roots(platform: str, home: Path, environ: Mapping[str, str]) -> Iterator[Path]:
    """Folders that are kept in a cloud, without a word about which address they have."""
    if platform == "darwin":
        yield from sorted((home / "Library" / "CloudStorage").glob("OneDrive*"))
    for name in _FOLDERS:
        if environ.get(name):
            yield Path(environ[name])


def _of_registry() -> Iterator[Mount]:
    for _, values in _keys(_ENGINES):
        yield from _side_by_side(values)
    for name, values in _keys(_ACCOUNTS):
        yield from _side_by_side(values)
        for folder in _nested(rf"{_ACCOUNTS}\{name}"):
            yield Mount("", Path(folder))


def _side_by_side(values: Mapping[str, Any]) -> Iterator[Mount]:
    """A folder and its address, where both are told in one place."""
    said = {str(name).lower(): value for name, value in values.items()}
    address = str(said.get("urlnamespace") or "") or _of_account(said)
    folder = said.get("mountpoint") or said.get("userfolder")
    if isinstance(folder, str) and folder:
        yield Mount(_with_number(address, said.get("cid")), Path(folder))


def _of_account(values: Mapping[str, Any]) -> str:
    """The address of an account's own files; empty if the registry does not tell it."""
    service = str(values.get("serviceendpointuri") or "")
    if service:
        return service.removesuffix("/_api").rstrip("/") + "/Documents"
    number = str(values.get("cid") or "")
    return f"{_PERSONAL}/{number}" if number else ""


def _with_number(address: str, number: Any) -> str:
    """A personal drive's address holds the number of its owner, which stands beside it here."""
    bare = address.rstrip("/")
    return f"{bare}/{number}" if bare.lower() == _PERSONAL and number else address


def _nested(path: str) -> Iterator[str]:
    """The folders named in an account's caches of mount points and of tenants."""
    for name, values in _keys(path):
        if name.lower() == "scopeidtomountpointpathcache":
            yield from (str(value) for value in values.values() if value)
        elif name.lower() == "tenants":
            for _, folders in _keys(rf"{path}\{name}"):
                yield from (folder for folder in folders if folder)


def _keys(path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The keys below one of the user's, each with its values; none if it is absent."""
    winreg = import_module("winreg")
    root = winreg.HKEY_CURRENT_USER
    with contextlib.suppress(OSError), winreg.OpenKey(root, path) as key:
        for number in range(winreg.QueryInfoKey(key)[0]):
            name = winreg.EnumKey(key, number)
            with winreg.OpenKey(root, rf"{path}\{name}") as one:
                values = (winreg.EnumValue(one, n) for n in range(winreg.QueryInfoKey(one)[1]))
                yield name, {said: value for said, value, _ in values}


def _of_property_lists(home: Path) -> Iterator[Mount]:
    for pattern in _PLISTS:
        for path in sorted(home.glob(pattern)):
            with contextlib.suppress(OSError, ValueError, plistlib.InvalidFileException):
                if path.is_file() and path.stat().st_size <= _LARGEST:
                    yield from _said(plistlib.loads(path.read_bytes()), _DEEP)


def _said(value: Any, deep: int) -> Iterator[Mount]:
    """Wherever a folder and its address stand side by side, as they do in the registry."""
    if isinstance(value, Mapping):
        yield from _side_by_side(value)
        value = list(value.values())
    if deep and isinstance(value, list):
        for one in value:
            yield from _said(one, deep - 1)
