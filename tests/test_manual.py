"""The steps for a person at an Excel name what exists: buttons, words, commands, files, modules."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from kamxl.cli.arguments import build_parser
from kamxl.errors import KamxlError
from kamxl.excel.addin import applescript, build, places, surroundings
from kamxl.excel.addin.harden import MODULE
from kamxl.wording.texts import texts
from tests.excel.addin.ribbon import BUTTONS, SOURCES

PAGE = (Path(__file__).parent / "manual" / "excel-check.md").read_text(encoding="utf-8")
FLAT = " ".join(PAGE.split())
STEPS = re.findall(r"^(\d+)\. \*\*(.+?)\.\*\*", PAGE, re.MULTILINE)
# What others call so: Excel's own words, and a rule of Office.
OTHERS = {
    "these marks",
    "Enable Editing",
    "Require that application add-ins are signed by Trusted Publisher",
}


def test_each_step_has_a_row_in_the_table_of_results() -> None:
    rows = re.findall(r"^\| (\d+) (.+?) \| +\| +\|$", PAGE, re.MULTILINE)
    assert rows == STEPS
    assert [int(number) for number, _ in STEPS] == list(range(1, len(STEPS) + 1))
    words = ("Ten", "Eleven", "Twelve", "Thirteen", "Fourteen", "Fifteen")
    assert PAGE.startswith(f"# {words[len(STEPS) - 10]} steps")


def test_what_stands_in_brackets_is_on_the_tab() -> None:
    said = texts("en")
    named = set(re.findall(r"\[([^\]]+)\]", PAGE)) - {"brackets"}
    labels = {said(key) for key in said.keys("ribbon") if key.endswith(".label")}
    assert named <= labels
    assert {said(f"ribbon.{button.id}.label") for button in BUTTONS} - named == {"Open portfolio"}


def test_what_is_said_is_a_text_of_kamxl() -> None:
    """A part of a text in one language; what the texts leave open is not quoted."""
    texts_of_all = "\n".join(
        " ".join(source.split())
        for name in ("de", "en")
        for source in texts(name)._sources.values()
    )
    quoted = set(re.findall(r"“((?:[^“”]|“[^”]*”)+)”", FLAT)) - OTHERS
    assert len(quoted) > 12
    assert not {text for text in quoted if text not in texts_of_all}


def test_every_command_can_be_given() -> None:
    commands = {c for c in re.findall(r"`(kamxl [^`]+)`", FLAT) if not c.startswith("kamxl-")}
    assert len(commands) > 6
    for command in commands:
        build_parser().parse_args(shlex.split(command)[1:])
    with pytest.raises(KamxlError):
        build_parser().parse_args(["addin", "nothing"])


def test_the_project_its_modules_and_macros_are_the_add_ins() -> None:
    project = re.search(r"lists the project `(\w+)` with the modules (.+?), and", FLAT)
    assert project
    assert project[1] == build._OURS.decode()
    assert set(re.findall(r"`(\w+)`", project[2])) == set(SOURCES)
    assert f"Sub {re.search(r'a macro `(.+?)`', FLAT)[1]}(" in SOURCES["Ribbon"]  # type: ignore[index]


def test_files_and_rules_are_called_so() -> None:
    where = places.places_of("win32", Path("C:/Users/jo"), {})
    names = {path.name for path in (where.addin, where.conf, where.log)}
    assert {name for name in names if f"`{name}`" not in PAGE} == set()
    assert f"rule {surroundings._NO_CHILDREN}" in FLAT
    assert '"\\kamxl-" & Application.Hwnd & ".log"' in MODULE.read_text(encoding="ascii")
    assert '"kamxl-addin.log"' in applescript("/python")
    assert "`%TEMP%\\kamxl-*.log`" in PAGE
    assert "`kamxl-addin.log`" in PAGE
