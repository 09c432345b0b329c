"""A played registry of Windows, and a Windows machine that is only folders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from kamxl.excel.addin import xlam
from kamxl.excel.addin.interpreter import Answer
from kamxl.excel.addin.places import places_of, shared_places
from kamxl.workflow.buttons.setup import Setup

VERSION = "0.1.0"
WELL = Answer(starts=True, kamxl=VERSION, xlwings="0.37.8", python="3.11.7", apart="ok")
EXCEL = r"HKCU\Software\Microsoft\Office\16.0\Excel"
POLICY = r"HKCU\Software\Policies\Microsoft\Office\16.0\Excel\Security"
ASR = r"HKLM\Software\Policies\Microsoft\Windows Defender\Windows Defender Exploit Guard\ASR\Rules"
RULE = "d4f940ab-401b-4efc-aadc-ad5f3c50688a"


class Played:
    """A registry that holds what it is given; names of keys and values in any case, as there."""

    def __init__(self, content: Mapping[str, Mapping[str, object]] | None = None) -> None:
        self._keys = {
            key.lower(): {name.lower(): value for name, value in values.items()}
            for key, values in (content or {}).items()
        }

    def values(self, key: str) -> Mapping[str, object]:
        return self._keys.get(key.lower(), {})

    def keys(self, key: str) -> Sequence[str]:
        below = [k.removeprefix(key.lower() + "\\") for k in self._keys]
        return sorted({k.split("\\")[0] for k in below if k.lower() not in self._keys})


def machine(platform: str, root: Path, **registry: Mapping[str, object]) -> Setup:
    """A user with an umlaut, on a computer where Excel ran before; kamxl is in a folder for all."""
    home, office = root / "Users" / "Jörg Müller", root / "Office16"
    python = root / "Programs" / "kamxl-0.1.0" / "kamxl.exe"
    python.parent.mkdir(parents=True)
    python.touch()
    places = places_of(platform, home, {})
    if platform == "darwin":
        places.conf.parent.parent.mkdir(parents=True)
    environ = {"ProgramW6432": str(root / "Programs")}
    shared = shared_places("win32", environ, office)
    assert shared is not None
    return Setup(
        platform,
        places,
        str(python),
        "cp1252" if platform == "win32" else "utf-8",
        xlam(),
        lambda interpreter: f'property python : "{interpreter}"\n',
        lambda _: WELL,
        VERSION,
        shared=shared,
        home=home,
        registry=Played(registry),
    )
