"""The command ``kamxl addin``: exit status, JSON, words; on a machine that is only folders."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from kamxl.excel.addin.interpreter import Answer
from kamxl.excel.addin.places import places_of
from kamxl.workflow.buttons import setup as addin_setup
from kamxl.workflow.buttons.setup import Setup
from tests.test_cli import TEXT, assert_shape, failed, run, run_json

SHAPE = {"parts": [{"part": str, "path": TEXT, "state": str, "sentence": str}], "platform": str}


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Setup:
    setup = Setup(
        "win32",
        places_of("win32", tmp_path / "Jörg", {}),
        sys.executable,
        "cp1252",
        b"add-in",
        str,
        lambda _: Answer(True, "1", "0.37.8", "3.11.7", "ok"),
        "1",
    )
    monkeypatch.setattr(addin_setup, "this_machine", lambda: setup)
    return setup


def test_json_of_each_action(machine: Setup) -> None:
    for action in ("install", "status", "uninstall"):
        status, found = run_json("addin", action, "--strict")
        assert status == 0
        assert_shape(found, SHAPE)
        assert found["platform"] == "win32"
        assert found["parts"][0]["path"] == str(machine.places.addin)


def test_strict_is_1_if_not_all_is_well(machine: Setup) -> None:
    assert run("addin", "status")[0] == 0
    assert run("addin", "status", "--strict")[0] == 1
    assert run("addin", "install", "--strict")[0] == 0
    assert run("addin", "status", "--strict")[0] == 0
    machine.places.addin.write_bytes(b"edited")
    assert run("addin", "status", "--strict")[0] == 1
    assert run("addin", "uninstall", "--strict")[0] == 1
    assert machine.places.addin.exists()


def test_words_are_short_and_in_the_language(machine: Setup) -> None:
    _, words, _ = run("addin", "install", "--language", "de")
    lines = words.splitlines()
    assert lines[0] == f"  Add-in         neu ({machine.places.addin})"
    assert lines[-1].startswith("Bitte starten Sie Excel")
    assert len(lines) == 3
    _, words, _ = run("addin", "install", "--language", "en")
    assert "Add-in         unchanged" in words
    machine.places.conf.unlink()
    _, words, _ = run("addin", "status", "--language", "en")
    assert "Configuration      missing" in words
    assert "    Is missing, so the buttons find no Python; run 'kamxl addin install'.\n" in words
    assert words.endswith("what to do is said above.\n")


def test_what_cannot_be_done_is_one_line_and_2(
    machine: Setup, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = replace(machine, interpreter="/Łódź/python")
    monkeypatch.setattr(addin_setup, "this_machine", lambda: other)
    assert "plain letters" in failed("addin", "install", "--language", "en")
    assert "--help" in failed("addin")
    assert "--help" in failed("addin", "remove")


@pytest.mark.skipif(addin_setup.supported(sys.platform), reason="Excel runs here")
@pytest.mark.parametrize("action", ["install", "status", "uninstall"])
def test_where_no_excel_runs_it_is_one_line_and_2(action: str) -> None:
    assert "Windows and macOS only" in failed("addin", action, "--json", "--language", "en")
    assert "Schaltfläche" in failed("addin", action, "--language", "de")
