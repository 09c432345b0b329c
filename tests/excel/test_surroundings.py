"""What the registry, a mark and a sync client say: played, and read by the very code of Windows."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import pytest

from kamxl.excel.addin.surroundings import (
    WindowsRegistry,
    blocks,
    marked,
    office_folder,
    on_a_share,
    signing_packages,
    within,
)
from tests.workflow.windows import ASR, EXCEL, POLICY, RULE, Played

TRUSTED = POLICY + r"\Trusted Locations"
COMMON = r"HKCU\Software\Policies\Microsoft\Office\16.0\Common"
INTUNE = r"HKLM\Software\Policies\Microsoft\Windows Defender\Policy Manager"
BESIDE = "3b576869-a4ec-4529-8536-b80a7769e899"  # another rule
CLOUD = r"HKCU\Software\Policies\Microsoft\Cloud\Office\16.0\Excel\Security"


def item(path: str) -> bytes:
    """An entry of Excel's list of disabled items: kind, two lengths, the path in small letters."""
    text = (path.lower() + "\0").encode("utf-16-le")
    return (1).to_bytes(4, "little") + len(text).to_bytes(4, "little") + bytes(4) + text


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ({}, []),
        ({POLICY: {"DisableAllAddins": 1}}, ["all"]),
        ({f"{EXCEL}\\Security": {"DisableAllAddins": 1}}, ["all"]),
        ({POLICY: {"RequireAddinSig": 1}}, ["unsigned"]),
        ({CLOUD: {"requireaddinsig": "1"}}, ["unsigned"]),
        # a policy goes before what the user set
        ({POLICY: {"requireaddinsig": 0}, f"{EXCEL}\\Security": {"RequireAddinSig": 1}}, []),
        ({COMMON: {"VBAOff": 1}}, ["vba"]),
        ({r"HKLM\Software\Microsoft\Office\16.0\Common": {"vbaoff": 1}}, ["vba"]),
        # macros are off, but Excel trusts its start-up folder, and what is there runs
        ({POLICY: {"VBAWarnings": 4}}, []),
        ({POLICY: {"VBAWarnings": 4}, TRUSTED: {"AllLocationsDisabled": 1}}, ["macros"]),
        ({POLICY: {"VBAWarnings": 3}, TRUSTED: {"AllLocationsDisabled": 1}}, ["macros"]),
        ({POLICY: {"VBAWarnings": 2}, TRUSTED: {"AllLocationsDisabled": 1}}, []),
        (
            {
                POLICY: {"vbawarnings": 4},
                rf"{COMMON}\Security\Trusted Locations": {"allow user locations": 0},
            },
            ["macros"],
        ),
        ({rf"{EXCEL}\Resiliency\DisabledItems": {"1A": item(r"C:\U\XLSTART\kamxl.xlam")}},
         ["disabled"]),
        ({rf"{EXCEL}\Resiliency\DisabledItems": {"1A": item(r"C:\U\other.xlam"), "x": "text"}}, []),
        ({ASR: {RULE: "1"}}, ["children"]),
        ({ASR: {RULE: "2"}}, []),  # it only counts
        ({ASR.replace("Policies\\", ""): {RULE.upper(): 1}}, ["children"]),
        ({INTUNE: {"ASRRules": f"{BESIDE}=1|{RULE.upper()}=1"}}, ["children"]),
        ({INTUNE: {"ASRRules": f"{RULE}=2|{BESIDE}=1"}}, []),
        ({INTUNE: {"ASRRules": 7}}, []),
        ({INTUNE: {"ASRRules": f"{RULE}=1"}, ASR: {RULE: 2}}, []),
    ],
)  # fmt: skip
def test_what_stands_in_the_way(content: dict[str, dict[str, object]], found: list[str]) -> None:
    assert blocks(Played(content), signed=False) == found


def test_a_signature_is_what_two_of_the_rules_want() -> None:
    content = {
        POLICY: {"RequireAddinSig": 1, "VBAWarnings": 3},
        TRUSTED: {"AllLocationsDisabled": 1},
    }
    assert blocks(Played(content), signed=False) == ["unsigned", "macros"]
    assert blocks(Played(content), signed=True) == []


@pytest.mark.parametrize(
    ("mark", "found"),
    [
        ("[ZoneTransfer]\r\nZoneId=3\r\nReferrerUrl=https://x.example/a\r\n", True),
        ("[ZoneTransfer]\r\nZoneId=4\r\n", True),
        ("[ZoneTransfer]\r\nZoneId=1\r\n", False),  # the company's own network
        ("", False),
        (None, False),
    ],
)
def test_the_mark_of_the_web_is_a_stream_beside_the_file(
    mark: str | None, found: bool, tmp_path: Path
) -> None:
    if mark is not None:
        (tmp_path / "kamxl.xlam:Zone.Identifier").write_text(mark, newline="")
    assert marked(tmp_path / "kamxl.xlam") == found


@pytest.mark.parametrize(
    ("path", "found"),
    [
        (r"C:\Users\jo\OneDrive - Muster AG\accounts", True),
        (r"c:\users\JO\onedrive - muster ag", True),
        (r"C:\Users\jo\OneDrive - Muster AG alt\accounts", False),
        (r"C:\Users\jo\Documents", False),
        (r"C:\Users\jo", False),
    ],
)
def test_what_lies_in_a_folder_is_told_by_names(path: str, found: bool) -> None:
    assert within(Path(path), Path(r"C:\Users\jo\OneDrive - Muster AG")) == found


def test_a_share_is_told_by_two_strokes() -> None:
    assert on_a_share(Path(r"\\server\profiles\jo\XLSTART\kamxl.xlam"))
    assert not on_a_share(Path(r"C:\Users\jo"))


@pytest.mark.parametrize(
    "key",
    [
        r"HKLM\Software\Microsoft\Office\16.0\Excel\InstallRoot",
        r"HKLM\Software\WOW6432Node\Microsoft\Office\16.0\Excel\InstallRoot",
        r"HKLM\Software\Microsoft\Windows\CurrentVersion\App Paths\excel.exe",
    ],
)
def test_excel_is_where_windows_says(key: str) -> None:
    assert office_folder(Played({key: {"Path": "/office/Office16/"}})) == Path("/office/Office16")
    assert office_folder(Played()) is None


def test_the_packages_for_signing_are_registered_by_their_library() -> None:
    place = (
        r"HKLM\Software\WOW6432Node\Microsoft\Cryptography\OID\EncodingType 0"
        r"\CryptSIPDllPutSignedDataMsg"
    )
    known = {rf"{place}\{{A}}": {"Dll": r"C:\Windows\System32\WINTRUST.DLL"}}
    assert not signing_packages(Played(known))
    known[rf"{place}\{{B}}"] = {"Dll": r"C:\sips\MSOSIPX.DLL"}
    assert signing_packages(Played(known))


def test_the_registry_is_read_and_never_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """The real reader, over a played winreg that has nothing to write with."""
    asked: list[tuple[object, str, int]] = []

    class Opened:
        def __enter__(self) -> Opened:
            return self

        def __exit__(self, *_: object) -> None:
            return None

    def open_key(root: object, path: str, reserved: int, access: int) -> Opened:
        asked.append((root, path, access))
        if not path.startswith("Software\\There"):
            raise FileNotFoundError(2, "no such key")
        return Opened()

    played = ModuleType("winreg")
    played.__dict__.update(
        HKEY_CURRENT_USER="HKCU!", HKEY_LOCAL_MACHINE="HKLM!", KEY_READ=1, KEY_WOW64_64KEY=256,
        OpenKey=open_key, QueryInfoKey=lambda key: (1, 2, 0),
        EnumValue=lambda key, n: [("VBAWarnings", 4, 4), ("Name", b"x", 3)][n],
        EnumKey=lambda key, n: "Below",
    )  # fmt: skip
    monkeypatch.setitem(sys.modules, "winreg", played)
    registry = WindowsRegistry()
    assert registry.values(r"HKCU\Software\There") == {"vbawarnings": 4, "name": b"x"}
    assert registry.keys(r"HKLM\Software\There") == ["Below"]
    assert registry.values(r"HKCU\Software\Gone") == {}
    assert registry.keys(r"HKCU\Software\Gone") == []
    assert {access for _, _, access in asked} == {257}
    assert asked[1][:2] == ("HKLM!", "Software\\There")


def test_a_registry_that_is_not_as_expected_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Help is asked when something is wrong: it must not fail on that."""
    monkeypatch.setitem(sys.modules, "winreg", ModuleType("winreg"))
    assert WindowsRegistry().values(r"HKCU\Software") == {}
    assert WindowsRegistry().keys(r"HKLM\Software") == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has one")
def test_without_a_registry_nothing_is_said() -> None:
    assert WindowsRegistry().values(r"HKCU\Software") == {}
    assert WindowsRegistry().keys(r"HKCU\Software") == []
