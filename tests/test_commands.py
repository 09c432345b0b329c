"""A command is one file: the parser, the help, what a press does and the tab follow from it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

import kamxl.addin
from kamxl import commands
from kamxl.cli.arguments import build_parser
from kamxl.commands.parts.declared import Button, Command, Option
from kamxl.errors import KamxlError, TemplateError
from kamxl.excel.addin import build, ribbon
from kamxl.excel.addin.words import words_module
from kamxl.wording.texts import languages, texts
from tests.excel.addin.ribbon import controls, faults

ROOT = Path(__file__).resolve().parents[1]
EVERY, BUTTONS = commands.commands(), commands.buttons()


@pytest.mark.parametrize("command", EVERY, ids=lambda command: command.name)
def test_every_command_has_help_json_and_words(command: Command) -> None:
    assert command.help == command.help.strip()
    assert len(command.help.splitlines()) == 1
    for part in (command.run, command.as_json, command.words):
        assert part.__module__ == f"kamxl.commands.{command.name}"
        assert part.__doc__
    assert command.name in build_parser().format_help()
    with pytest.raises(SystemExit):  # the help of the command itself
        build_parser().parse_args([command.name, "--help"])


@pytest.mark.parametrize("button", BUTTONS, ids=lambda button: button.id)
@pytest.mark.parametrize("language", languages())
def test_every_button_has_its_texts_in_every_language(button: Button, language: str) -> None:
    said = texts(language)
    own = [f"ribbon.{key}" for key in ribbon.keys([button]) if key.startswith(f"{button.id}.")]
    assert [key.rpartition(".")[2] for key in own] == ["label", "keytip", "screentip", "supertip"]
    assert all(said.source(key).strip() for key in own)
    assert said.source(f"ribbon.{button.group}.label").strip()
    assert kamxl.addin.BUTTONS[button.id] is button.press


def test_each_file_is_a_command_or_a_button_and_has_a_place_of_its_own() -> None:
    for file in commands.files():
        name = file.__name__.rpartition(".")[2]
        assert hasattr(file, "COMMAND") != hasattr(file, "BUTTON"), name
        assert name == (file.COMMAND.name if hasattr(file, "COMMAND") else file.BUTTON.id)
    for found in (EVERY, BUTTONS):
        places = [one.place for one in found]
        assert len(set(places)) == len(places)


def test_packed_into_a_program_the_same_files_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    names = commands._names()
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert commands._names() == names
    assert len(names) == len({*EVERY, *BUTTONS}) - sum(one.button is not None for one in EVERY)


# --- one more, handed in -------------------------------------------------------------------------


def _nothing(*_: Any) -> Any:
    raise AssertionError("nobody runs it")


def invented(**more: Any) -> Command:
    return Command(
        "greet",
        place=25,
        help="say hello to somebody",
        options=(Option("name", metavar="NAME"), Option("--loud", action="store_true")),
        run=_nothing,
        as_json=_nothing,
        words=_nothing,
        **more,
    )


def test_the_parser_and_the_help_know_one_that_is_handed_in() -> None:
    command = invented()
    parser = build_parser([*EVERY, command])
    assert "\n    greet             say hello to somebody\n" in parser.format_help()
    found = parser.parse_args(["greet", "Ada", "--loud", "--json"])
    assert (found.command, found.name, found.loud, found.json) == (command, "Ada", True, True)
    assert not hasattr(found, "folder")
    with pytest.raises(KamxlError, match="See 'kamxl greet --help'"):
        parser.parse_args(["greet"])
    with pytest.raises(KamxlError, match="greet"):
        build_parser().parse_args(["greet", "Ada"])  # which is not there else


def test_the_tab_has_a_button_that_is_handed_in_and_asks_for_its_texts() -> None:
    one = Button("greet", group="help", place=110, image="HappyFace", press=_nothing)
    every = [*BUTTONS, one]
    xml, ribbon_bas = build.parts(every)["customUI/customUI14.xml"], ribbon.cases(every)
    assert controls(xml, "button")[-1]["id"] == "greet"
    assert ribbon_bas.endswith('"about", "greet"')
    assert faults(xml, build.sources(BUTTONS)) == []
    with pytest.raises(TemplateError, match=r"ribbon\.greet\.label"):
        words_module(every)
    with pytest.raises(ValueError, match=r"about\.label"):  # texts of a button that is none
        words_module([button for button in BUTTONS if button.id != "about"])
    with pytest.raises(ValueError, match="stand together"):
        build.parts([one, *BUTTONS])


# --- one more, as a file -------------------------------------------------------------------------

FILE = """
from __future__ import annotations

from kamxl.commands.parts.declared import Button, Command, Option


def run(given):
    return f"Hello {given.options.name} in {given.folder}"


def as_json(result):
    return {"said": result}


def words(result):
    return [result]


def press(desk, chance):
    from kamxl.workflow.buttons.desk import told

    return told(desk.said("ribbon.greet.label"))


COMMAND = Command(
    "greet", place=25, help="say hello to somebody", options=(Option("name", metavar="NAME"),),
    run=run, as_json=as_json, words=words, strict=False,
    button=Button("greet", group="help", place=110, image="HappyFace", press=press),
)
"""
TEXTS = """
[ribbon.greet]
label = "{0}"
keytip = "G"
screentip = "{0}"
supertip = "{0}."
"""


def spoken(root: Path, *words: str) -> str:
    """What a new Python with the package below ``root`` prints."""
    environment: Mapping[str, str] = {**os.environ, "PYTHONPATH": str(root)}
    done = subprocess.run(
        [sys.executable, *words], capture_output=True, text=True, env=environment, cwd=root,
        check=True, encoding="utf-8",
    )  # fmt: skip
    return done.stdout


@pytest.mark.proof
def test_a_new_command_with_a_button_is_one_file_and_its_texts(tmp_path: Path) -> None:
    for folder in ("kamxl", "templates"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    (tmp_path / "kamxl" / "commands" / "greet.py").write_text(FILE, encoding="utf-8")
    for language, text in {"de": "Grüßen", "en": "Greet"}.items():
        with (tmp_path / "templates" / "texts" / f"{language}.toml").open("a", -1, "utf-8") as end:
            end.write(TEXTS.format(text))
    assert "    greet             say hello to somebody\n" in spoken(tmp_path, "-m", "kamxl", "-h")
    told = spoken(tmp_path, "-m", "kamxl", "-C", "w", "greet", "Ada", "--json")
    assert json.loads(told) == {"said": "Hello Ada in w"}
    assert spoken(tmp_path, "-m", "kamxl", "greet", "Ada") == "Hello Ada in .\n"
    code = (
        "import kamxl.xlam, kamxl.addin, kamxl.excel.addin.build as build;"
        "assert kamxl.xlam.main(['--check']) == 1; kamxl.xlam.main([]);"
        "from types import SimpleNamespace; from kamxl.wording.texts import texts;"
        "print(kamxl.addin.BUTTONS['greet'](SimpleNamespace(said=texts('de')), None).text)"
    )
    assert spoken(tmp_path, "-c", code).splitlines()[-1] == "Grüßen"
    made = (tmp_path / "kamxl" / "excel" / "addin" / "kamxl.xlam").read_bytes()
    assert b'<button id="greet" imageMso="HappyFace" onAction="KamxlPress"' in made
