"""What IT asks of the add-in: rules, OneDrive, versions, all users of a computer, signatures."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from kamxl.apart import close
from kamxl.commands.addin import words as setup_lines
from kamxl.errors import SetupError
from kamxl.excel.addin import xlam
from kamxl.excel.addin.installing import UPDATES, value_in
from kamxl.excel.addin.interpreter import Answer
from kamxl.excel.addin.updates import newest, version_in
from kamxl.excel.live.synced import Mount
from kamxl.store.workspace import Workspace
from kamxl.wording.texts import texts
from kamxl.workflow.buttons import updates as addin_updates
from kamxl.workflow.buttons.setup import Setup, for_all_users, install, uninstall
from kamxl.workflow.buttons.sign import sign
from kamxl.workflow.buttons.status import status
from kamxl.workflow.results import SetupPart, SetupResult
from tests.workflow.windows import ASR, POLICY, RULE, VERSION, WELL, Played, machine


@pytest.fixture(autouse=True)
def _came_from_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """This very kamxl was installed from a checkout, which is no matter of these tests."""
    monkeypatch.setattr("kamxl.workflow.buttons.status.beside", lambda: ())


@pytest.fixture
def windows(tmp_path: Path) -> Setup:
    return machine("win32", tmp_path)


def part(result: SetupResult, name: str) -> SetupPart:
    found = [p for p in result.parts if p.part == name]
    assert len(found) == 1, (name, [p.part for p in result.parts])
    return found[0]


def with_version(version: str) -> bytes:
    """The add-in of another version."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(xlam())) as ours, zipfile.ZipFile(made, "w") as other:
        for info in ours.infolist():
            told = f">{VERSION}<".encode(), f">{version}<".encode()
            other.writestr(info, ours.read(info).replace(*told))
    return made.getvalue()


# --- what status sees ----------------------------------------------------------------------------


def test_each_rule_is_a_part_with_its_own_sentence(windows: Setup) -> None:
    install(windows, "en")
    ruled = replace(windows, registry=Played({POLICY: {"RequireAddinSig": 1}, ASR: {RULE: 1}}))
    for language in ("de", "en"):
        result = status(ruled, language)
        rules = [p for p in result.parts if p.part == "rule"]
        assert [p.state for p in rules] == ["blocked", "blocked"]
        assert "kamxl addin sign" in rules[0].sentence
        assert "kamxl --help" in rules[1].sentence
        assert result.attention
        assert all(p.sentence in "\n".join(setup_lines(result)) for p in rules)


def test_the_mark_of_the_web_is_seen_and_install_takes_it_away(windows: Setup) -> None:
    install(windows, "en")
    stream = windows.places.addin.with_name("kamxl.xlam:Zone.Identifier")
    stream.write_text("[ZoneTransfer]\r\nZoneId=3\r\n")
    found = part(status(windows, "de"), "mark")
    assert found.state == "marked"
    assert "kamxl addin install" in found.sentence
    before = windows.places.addin.stat().st_ino
    assert part(install(windows, "en"), "addin").state == "updated"
    assert windows.places.addin.stat().st_ino != before  # a new file; on Windows without the mark


@pytest.mark.parametrize("language", ["de", "en"])
def test_onedrive_is_a_note_and_no_fault(windows: Setup, language: str) -> None:
    install(windows, "en")
    folder = windows.home / "OneDrive - Muster" / "accounts"
    Workspace.create(folder, "ws-1", bytes(32))
    windows.places.memory.write_text(json.dumps({"folder": str(folder)}))
    assert part(status(windows, language), "workspace").state == "ok"
    cloud = replace(windows, mounts=lambda: [Mount("", folder.parent)])
    result = status(cloud, language)
    assert part(result, "workspace").state == "synced"
    assert not result.attention
    assert part(result, "workspace").sentence in "\n".join(setup_lines(result))


def test_a_redirected_start_up_folder_is_told(windows: Setup, tmp_path: Path) -> None:
    install(windows, "en")
    roaming = windows.places.addin.parents[3]
    synced = replace(windows, mounts=lambda: [Mount("", roaming)])
    assert part(status(synced, "en"), "start").state == "synced"
    share = replace(windows.places, addin=Path(r"\\server\jo\XLSTART\kamxl.xlam"))
    result = status(replace(windows, places=share), "de")
    assert part(result, "start").state == "redirected"
    assert result.attention


@pytest.mark.parametrize(
    ("answer", "state"), [("ok", "ok"), ("crashed", "failing"), (None, "unknown")]
)
def test_whether_processes_apart_start_is_told(
    windows: Setup, answer: str | None, state: str
) -> None:
    install(windows, "en")
    told = replace(windows, ask=lambda _: replace(WELL, apart=answer))
    found = part(status(told, "en"), "apart")
    assert found.state == state
    assert ("crashed" in found.sentence) == (answer == "crashed")


def test_status_is_told_where_no_process_apart_starts(
    windows: Setup, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder last worked in lost its identity, and cannot be looked into: that is no end."""
    install(windows, "en")
    (tmp_path / "w" / "outbox").mkdir(parents=True)
    (tmp_path / "w" / "outbox" / "card.xlsx").write_bytes(b"PK")
    windows.places.memory.write_text(json.dumps({"folder": str(tmp_path / "w")}), encoding="utf-8")
    refused: list[object] = []

    def refuse(*_: object, **__: object) -> None:
        refused.append(1)
        raise PermissionError(13, "Permission denied")

    close()
    monkeypatch.setattr("kamxl.apart.calling._PAUSE", 0.0)
    monkeypatch.setattr("subprocess.Popen", refuse)
    assert part(status(windows, "en"), "addin").state == "ok"
    assert refused


def test_versions_are_told_on_both_sides(windows: Setup) -> None:
    install(windows, "en")
    assert "Python 3.11.7" in part(status(windows, "en"), "interpreter").sentence
    older = replace(windows, ask=lambda _: Answer(True, "0.0.9"))
    result = status(older, "de")
    assert "0.0.9" in part(result, "interpreter").sentence
    assert part(result, "xlwings").state == "unknown"  # an older kamxl does not tell
    install(replace(windows, xlam=with_version("0.0.9")), "en")
    found = part(status(windows, "en"), "addin")
    assert found.state == "outdated"
    assert "0.0.9" in found.sentence
    assert VERSION in found.sentence


def test_an_add_in_tells_its_version_or_nothing() -> None:
    assert version_in(xlam()) == VERSION
    assert version_in(with_version("1.2.3")) == "1.2.3"
    for damaged in (b"", b"PK", xlam()[:-30], xlam().replace(b"custom.xml", b"custom.xmk")):
        assert version_in(damaged) is None


# --- a newer kamxl -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["kamxl-0.1.0-py3-none-any.whl"], None),
        (["kamxl-0.1-py3-none-any.whl", "kamxl-0.0.9"], None),
        (["kamxl-0.2.0-py3-none-any.whl", "kamxl-0.10.0-py3-none-any.whl"], 1),
        (["kamxl-0.2.0", "other-9.0-py3-none-any.whl"], 0),
        (["kamxl-0.2.0-windows-x64.zip"], 0),
        (["kamxl-0.2.0rc1-py3-none-any.whl", "kamxl-0.2.0.dev3", "kamxl-latest"], None),
        (["kamxl-0.2.0-py3-none-any.whl.part", "xkamxl-0.2.0"], None),
    ],
)
def test_only_a_newer_release_is_newer(names: list[str], found: int | None) -> None:
    assert newest(names, "0.1.0") == (None if found is None else names[found])


def test_a_newer_wheel_in_the_folder_that_it_names_is_told(windows: Setup, tmp_path: Path) -> None:
    folder = tmp_path / "Freigabe & Co"
    folder.mkdir()
    install(replace(windows, updates=str(folder)), "en")
    assert not [p for p in status(windows, "en").parts if p.part == "update"]
    wheel = folder / "kamxl-0.2.0-py3-none-any.whl"
    wheel.touch()
    for language in ("de", "en"):
        result = status(windows, language)
        found = part(result, "update")
        assert (found.state, found.path) == ("newer", str(wheel))
        assert wheel.name in found.sentence
        assert not result.attention
    # installed again without naming it: kept
    install(replace(windows, interpreter=str(tmp_path / "other" / "python.exe")), "en")
    conf = windows.places.conf.read_bytes()
    assert value_in(conf, UPDATES, "cp1252") == str(folder)
    assert conf.count(b"\r\n") == 2


def test_a_folder_that_does_not_answer_keeps_nobody_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(addin_updates, "_PATIENCE", 0.0)
    (tmp_path / "kamxl-0.2.0").mkdir()
    assert addin_updates.newer((tmp_path / "gone",), VERSION) is None


# --- all users of a computer ---------------------------------------------------------------------


def test_for_all_users_everything_is_in_folders_for_all(windows: Setup, tmp_path: Path) -> None:
    whole = for_all_users(windows)
    result = install(whole, "en")
    assert {p.part: p.state for p in result.parts} == {"addin": "new", "conf": "new"}
    assert (tmp_path / "Office16" / "XLSTART" / "kamxl.xlam").read_bytes() == xlam()
    conf = tmp_path / "Programs" / "kamxl-addin" / "kamxl-addin.conf"
    assert windows.interpreter.encode("cp1252") in conf.read_bytes()
    assert not windows.home.exists()  # nothing of this user
    # who has nothing of her own is well
    seen = status(windows, "en")
    assert not seen.attention, [p for p in seen.parts if not p.well]
    assert part(seen, "addin").path == str(tmp_path / "Office16" / "XLSTART" / "kamxl.xlam")
    gone = uninstall(whole, "en")
    assert not gone.attention
    assert not conf.parent.exists()
    assert (tmp_path / "Office16" / "XLSTART").is_dir()


def test_beside_one_for_all_users_a_users_own_goes(windows: Setup) -> None:
    install(windows, "en")
    install(for_all_users(windows), "en")
    double = status(windows, "de")
    assert part(double, "addin").state == "double"
    assert double.attention
    result = install(windows, "en")
    assert part(result, "addin").state == "shared"
    assert not result.attention
    assert not windows.places.addin.exists()
    assert windows.places.conf.exists()
    assert not status(windows, "en").attention


def test_beside_one_for_all_users_anothers_file_stays(windows: Setup) -> None:
    install(for_all_users(windows), "en")
    windows.places.addin.parent.mkdir(parents=True)
    windows.places.addin.write_bytes(b"somebody's")
    install(windows, "en")
    assert windows.places.addin.read_bytes() == b"somebody's"
    assert part(status(windows, "en"), "addin").state == "double"


def test_on_macos_each_user_still_has_a_script_of_her_own(tmp_path: Path) -> None:
    mac = machine("darwin", tmp_path)
    install(for_all_users(mac), "en")
    result = install(mac, "en")
    states = {p.part: p.state for p in result.parts}
    assert states == {"addin": "shared", "conf": "new", "script": "new"}
    assert not status(mac, "en").attention


@pytest.mark.parametrize("language", ["de", "en"])
def test_what_other_users_cannot_start_is_not_installed_for_them(
    windows: Setup, language: str
) -> None:
    administrators = windows.home.with_name("Verwaltung")
    for home in (windows.home, administrators):
        private = replace(windows, interpreter=str(home / "kamxl" / "python.exe"))
        with pytest.raises(SetupError) as told:
            for_all_users(private)
        assert private.interpreter in str(told.value)
    with pytest.raises(SetupError):
        for_all_users(replace(windows, shared=None))


@pytest.mark.parametrize(("language", "word"), [("de", "Administrator"), ("en", "administrator")])
def test_missing_rights_are_one_sentence(
    windows: Setup, language: str, word: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("kamxl.store.atomic.write", refused)
    with pytest.raises(SetupError) as told:
        install(for_all_users(windows), language)
    assert word in told.value.said(language)


# --- signing -------------------------------------------------------------------------------------

CERTIFICATE = "ab" * 20
SIPS = {
    r"HKLM\Software\WOW6432Node\Microsoft\Cryptography\OID\EncodingType 0"
    r"\CryptSIPDllPutSignedDataMsg\{B}": {"Dll": r"C:\sips\msosipx.dll"}
}
Run = Callable[[Sequence[str]], int]


def tool(folder: Path) -> dict[str, str]:
    """The surroundings of a computer with a Windows SDK."""
    for version in ("10.0.19041.0", "10.0.22621.0"):
        path = folder / "Windows Kits" / "10" / "bin" / version / "x86" / "signtool.exe"
        path.parent.mkdir(parents=True)
        path.touch()
    return {"ProgramFiles(x86)": str(folder)}


def signing(kinds: Sequence[str], ran: list[Sequence[str]], change: bytes = b"") -> Run:
    """A signtool: each pass adds one kind of signature."""

    def run(command: Sequence[str]) -> int:
        ran.append(command)
        done = sum(c[1] == "sign" for c in ran)
        if command[1] == "sign" and done <= len(kinds):
            with zipfile.ZipFile(command[-1], "a") as package:
                package.writestr(f"xl/vbaProjectSignature{kinds[done - 1]}.bin", b"signature")
                if change and done == 1:
                    package.writestr("xl/more.bin", change)
        return 0

    return run


def test_signing_takes_three_passes_and_a_test(tmp_path: Path) -> None:
    ran: list[Sequence[str]] = []
    result = sign(
        tmp_path, CERTIFICATE, "http://time.example", "en", platform="win32",
        environ=tool(tmp_path), registry=Played(SIPS), run=signing(["", "Agile", "V3"], ran),
    )  # fmt: skip
    assert not result.attention
    assert part(result, "copy").state == "new"
    assert [command[1] for command in ran] == ["sign", "sign", "sign", "verify"]
    assert "10.0.22621.0" in ran[0][0]
    file = str(tmp_path / "kamxl.xlam")
    assert list(ran[0][2:]) == [
        "/fd", "SHA256", "/sha1", CERTIFICATE, "/tr", "http://time.example", "/td", "SHA256", file,
    ]  # fmt: skip


@pytest.mark.parametrize(
    "run",
    [
        signing(["", "Agile"], []),  # two kinds only
        signing(["", "Agile", "V3"], [], b"other code"),
        lambda command: 1,
        lambda command: 0,  # it says yes and does nothing
    ],
)
def test_what_is_not_wholly_signed_is_not_called_signed(run: Run, tmp_path: Path) -> None:
    result = sign(
        tmp_path, CERTIFICATE, "", "de", platform="win32",
        environ=tool(tmp_path), registry=Played(SIPS), run=run,
    )  # fmt: skip
    assert part(result, "copy").state == "unsigned"
    assert result.attention


def test_what_is_missing_for_signing_is_told_part_by_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    for language in ("de", "en"):
        result = sign(tmp_path, "", "", language, platform="linux", environ={}, registry=Played())
        missing = [p.part for p in result.parts if p.state == "missing"]
        assert missing == ["windows", "signtool", "packages", "certificate"]
        lines = "\n".join(setup_lines(result))
        for word in ("Windows SDK", "msosipx.dll", "--certificate"):
            assert word in lines
        assert not list(tmp_path.iterdir())


def test_a_file_of_others_is_not_signed(tmp_path: Path) -> None:
    (tmp_path / "kamxl.xlam").write_bytes(b"others")
    with pytest.raises(SetupError, match="nothing was signed"):
        sign(
            tmp_path, CERTIFICATE, "", "en", platform="win32",
            environ=tool(tmp_path), registry=Played(SIPS), run=lambda _: 0,
        )  # fmt: skip
    assert (tmp_path / "kamxl.xlam").read_bytes() == b"others"


# --- words ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_mend_is_one_sentence(language: str) -> None:
    said = texts(language)
    for key in said.keys("setup"):
        if key.split(".")[1].split("_")[0] in ("mark", "start", "rule", "apart", "workspace"):
            sentence = said(key, reason="x")
            assert sentence.endswith(".")
            assert sentence.count(". ") == 0, key
