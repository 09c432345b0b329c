"""What Windows and Office say about the add-in's surroundings. Only looked at.

``Registry`` is where Windows keeps it; elsewhere it has nothing to say.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path, PureWindowsPath
from typing import Any, Protocol

from kamxl.excel.addin.places import ADDIN

_OFFICE = r"Microsoft\Office\16.0"  # 2016 and all since
# A policy goes before what the user set; the second is what the cloud's policy service writes.
_SET_BY = (r"Software\Policies", r"Software\Policies\Microsoft\Cloud\Office\16.0", "Software")
_DEFENDER = r"Microsoft\Windows Defender\Windows Defender Exploit Guard\ASR\Rules"
_INTUNE = r"HKLM\Software\Policies\Microsoft\Windows Defender\Policy Manager"
_NO_CHILDREN = "d4f940ab-401b-4efc-aadc-ad5f3c50688a"
_STARTED = r"Software\Microsoft\Windows\CurrentVersion\App Paths"
_PACKAGES = r"Microsoft\Cryptography\OID\EncodingType 0\CryptSIPDllPutSignedDataMsg"
_FROM_THE_INTERNET = 3  # the zone of the internet; 4 is the untrusted one
_LONGEST_MARK = 4_000  # bytes


class Registry(Protocol):
    """The registry, read-only; a key begins with "HKCU" or "HKLM", backslashes between."""

    def values(self, key: str) -> Mapping[str, object]:
        """All values of a key by name in small letters; empty if there is no such key."""

    def keys(self, key: str) -> Sequence[str]:
        """The names of the keys below a key; empty if there is none."""


class WindowsRegistry:
    """That of this computer; nothing on other systems, nor where it cannot be read."""

    def values(self, key: str) -> Mapping[str, object]:
        found: dict[str, object] = {}
        with contextlib.suppress(Exception), _opened(key) as (winreg, opened):
            for number in range(winreg.QueryInfoKey(opened)[1]):
                name, value, _ = winreg.EnumValue(opened, number)
                found[str(name).lower()] = value
        return found

    def keys(self, key: str) -> Sequence[str]:
        found: list[str] = []
        with contextlib.suppress(Exception), _opened(key) as (winreg, opened):
            found = [winreg.EnumKey(opened, i) for i in range(winreg.QueryInfoKey(opened)[0])]
        return found


@contextlib.contextmanager
def _opened(key: str) -> Any:
    winreg: Any = import_module("winreg")  # on Windows only
    hive, _, path = key.partition("\\")
    root = {"HKCU": winreg.HKEY_CURRENT_USER, "HKLM": winreg.HKEY_LOCAL_MACHINE}[hive]
    with winreg.OpenKey(root, path, 0, winreg.KEY_READ | winreg.KEY_WOW64_64KEY) as opened:
        yield winreg, opened


def blocks(registry: Registry, signed: bool) -> list[str]:
    """What keeps Excel from loading the add-in, or the add-in from starting kamxl; none: nothing.

    "all" add-ins are off, "unsigned" ones are, "vba" is off, "macros" are (and start-up folders are
    not trusted), Excel has "disabled" it after a crash, "children": Defender forbids processes.
    """
    security = _set(registry, r"Excel\Security")
    trusted = _set(registry, r"Excel\Security\Trusted Locations")
    shared = _set(registry, r"Common\Security\Trusted Locations")
    warnings = _number(security.get("vbawarnings"))
    # Excel runs what is in its start-up folders whatever the macro setting, if it trusts them.
    untrusted = _number(trusted.get("alllocationsdisabled")) == 1 or (
        _number(shared.get("allow user locations")) == 0
    )
    off = [_set(registry, "Common"), registry.values(rf"HKLM\Software\{_OFFICE}\Common")]
    found = {
        "all": _number(security.get("disablealladdins")) == 1,
        "unsigned": _number(security.get("requireaddinsig")) == 1 and not signed,
        "vba": any(_number(values.get("vbaoff")) == 1 for values in off),
        "macros": untrusted and (warnings == 4 or (warnings == 3 and not signed)),
        "disabled": _disabled(registry),
        "children": _children_forbidden(registry),
    }
    return [name for name, is_so in found.items() if is_so]


def _set(registry: Registry, key: str) -> dict[str, object]:
    """What is set for this user, what goes before winning."""
    found: dict[str, object] = {}
    for by in reversed(_SET_BY):
        where = key if by.endswith("16.0") else rf"{_OFFICE}\{key}"
        found |= registry.values(rf"HKCU\{by}\{where}")
    return found


def _disabled(registry: Registry) -> bool:
    """Whether the add-in is on Excel's list of what it closed or hung on."""
    items = registry.values(rf"HKCU\Software\{_OFFICE}\Excel\Resiliency\DisabledItems")
    name = ADDIN.lower().encode("utf-16-le")
    return any(isinstance(item, bytes) and name in item.lower() for item in items.values())


def _children_forbidden(registry: Registry) -> bool:
    """Whether the rule against child processes of Office blocks (1), not only warns or counts."""
    for place in (rf"HKLM\Software\Policies\{_DEFENDER}", rf"HKLM\Software\{_DEFENDER}"):
        if (value := _number(registry.values(place).get(_NO_CHILDREN))) is not None:
            return value == 1
    rules = str(registry.values(_INTUNE).get("asrrules", "")).lower().split("|")
    return f"{_NO_CHILDREN}=1" in (rule.replace(" ", "") for rule in rules)


def _number(value: object) -> int | None:
    text = str(value).strip()
    return int(text) if text.isdecimal() else None


def marked(path: Path) -> bool:
    """Whether Windows remembers that a file came from the internet: then Office runs no macro."""
    try:
        with Path(f"{path}:Zone.Identifier").open("rb") as stream:
            text = stream.read(_LONGEST_MARK).decode("ascii", "replace")
    except OSError:
        return False
    zones = (line.partition("=")[2] for line in text.splitlines() if line.startswith("ZoneId="))
    return any((_number(zone) or 0) >= _FROM_THE_INTERNET for zone in zones)


def on_a_share(path: Path) -> bool:
    r"""Whether a path of Windows names another computer (\\server\share)."""
    return str(path).startswith(("\\\\", "//"))


def within(path: Path, folder: Path) -> bool:
    """Whether a path lies in a folder, by their names: nothing is followed, case does not count."""
    return PureWindowsPath(path).is_relative_to(PureWindowsPath(folder))


def office_folder(registry: Registry) -> Path | None:
    """Where Excel itself is installed; None: Windows does not know."""
    for node in ("Software", r"Software\WOW6432Node"):  # Excel for 64 or 32 bit
        found = registry.values(rf"HKLM\{node}\{_OFFICE}\Excel\InstallRoot").get("path")
        if isinstance(found, str) and found:
            return Path(found)
    found = registry.values(rf"HKLM\{_STARTED}\excel.exe").get("path")  # where Windows starts it
    return Path(found) if isinstance(found, str) and found else None


def signing_packages(registry: Registry) -> bool:
    """Whether signtool (32 bit) can sign the VBA of a workbook: Microsoft's Office SIPs."""
    place = rf"HKLM\Software\WOW6432Node\{_PACKAGES}"
    libraries = (str(registry.values(rf"{place}\{n}").get("dll")) for n in registry.keys(place))
    return any(name.lower().endswith("msosipx.dll") for name in libraries)
