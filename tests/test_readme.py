"""README tells the truth: its code runs, its commands are those of CI, its links lead somewhere."""

from __future__ import annotations

import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from kamxl import commands
from kamxl.excel.addin.places import Places, places_of
from kamxl.wording.texts import texts

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def test_the_python_on_the_page_runs() -> None:
    (code,) = blocks("python")
    exec(compile(code, "README.md", "exec"), {})  # noqa: S102 our own page


def test_two_commands_do_all_set_up() -> None:
    commands = [b.strip() for b in blocks("") if b.startswith("python3 -m venv")]
    assert len(commands) == 2
    demo, tests = commands
    assert demo.endswith("kamxl demo")
    assert ".venv/bin/pytest" in tests
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "readme_command 1" in script
    assert "readme_command 2" in script


def test_every_command_named_exists_and_every_command_is_named() -> None:
    known = {command.name for command in commands.commands()}
    loop = next(b for b in blocks("") if b.startswith("kamxl init"))
    named = set(re.findall(r"^kamxl (?:-C \w+ )?([a-z]+)", loop, re.MULTILINE)) | {"demo"}
    assert named == known


def test_pictures_and_places_exist() -> None:
    places = re.findall(r"\]\(([^)#:]+)\)", README) + re.findall(r"^- `([a-z/]+/)`", README, re.M)
    assert places
    for place in places:
        assert (ROOT / place).exists(), place


def test_the_source_distribution_holds_what_the_checkout_holds() -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("no checkout: this is what a distribution held")
    kept = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\n")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    included = project["tool"]["hatch"]["build"]["targets"]["sdist"]["include"]
    assert set(included) == {path.partition("/")[0] for path in kept} - {""}


def test_a_commit_is_asked_what_ci_asks() -> None:
    hooks = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    asked = re.findall(r"^ +entry: python -m (.*)$", hooks, re.MULTILINE)
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    linted = re.findall(r"^  \.venv/bin/(ruff|mypy)(.*)$", script, re.MULTILINE)
    assert asked == ["".join(command) for command in linted]


def test_the_changelog_knows_the_version() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    said = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(rf"\b{re.escape(version['project']['version'])}\b", said)
    assert re.findall(r"^## (\S+)", said, re.MULTILINE)[0] == "Unreleased"


def test_the_drawn_tab_has_the_labels_of_the_add_in() -> None:
    drawn = (ROOT / "tests" / "manual" / "kam-tab.html").read_text(encoding="utf-8")
    said = texts("en")
    buttons = dict(re.findall(r'<button[^>]* ?id="(\w+)">.*?</svg>(.*?)</button>', drawn))
    assert list(buttons) == [button.id for button in commands.buttons()]
    assert {key: said(f"ribbon.{key}.label") for key in buttons} == buttons
    groups = dict(re.findall(r'<p id="(\w+)">(.*?)</p>', drawn))
    assert {key: said(f"ribbon.{key}.label") for key in groups} == groups
    assert f"<b>{said('ribbon.tab.label')}</b>" in drawn
    for label in buttons.values():
        assert f"**{label}**" in README


def test_it_is_told_where_everything_is_written() -> None:
    table = README.partition("### For IT")[2]
    windows = places_of("win32", Path(), {"APPDATA": "%APPDATA%", "USERPROFILE": "%USERPROFILE%"})
    mac = places_of("darwin", Path("~"), {})
    for places in (windows, mac):
        for path in _told(places):
            shown = str(path).replace(os.sep, "\\" if places is windows else "/")
            assert f"`{shown}" in table, shown


def _told(places: Places) -> list[Path]:
    """The files Excel reads themselves, for the others their folder."""
    others = (places.conf, places.memory, places.log, places.record)
    script = [places.script] if places.script else []
    return [places.addin, *script, *{path.parent for path in others}]
