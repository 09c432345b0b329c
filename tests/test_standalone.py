"""kamxl without Python: its recipe, and what the folder does that was made of it.

KAMXL_STANDALONE names the program of such a folder (python -m kamxl.standalone DIR); .ci/run makes
one. It is started as on a computer without Python: another folder, an empty PATH, another home.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

import kamxl
from kamxl import __main__ as start
from kamxl import standalone
from kamxl.errors import SetupError
from kamxl.excel.addin.interpreter import ask
from kamxl.wording.texts import templates_folder
from kamxl.workflow.buttons.setup import install
from kamxl.workflow.buttons.status import status
from tests.proof import need
from tests.test_cli import run_json
from tests.workflow.windows import machine


@pytest.fixture(scope="module")
def program() -> Path:
    given = os.environ.get("KAMXL_STANDALONE")
    need([] if given else ["no standalone folder (KAMXL_STANDALONE)"])
    return Path(str(given))


@pytest.mark.proof
def run(program: Path, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """The program, in a folder and for a user who know nothing of Python or kamxl."""
    folder.mkdir(parents=True, exist_ok=True)
    bare = {"PATH": "/nonexistent", "HOME": str(folder / "home"), "LANG": "de_DE.UTF-8"}
    return subprocess.run(
        [str(program), *words],
        cwd=folder, env=bare, capture_output=True, text=True, encoding="utf-8", check=True,
    )  # fmt: skip


# --- the folder that was made --------------------------------------------------------------------


@pytest.mark.proof
def test_the_loop_runs_and_gives_what_python_gives(program: Path, tmp_path: Path) -> None:
    """Reading needs processes apart, drawing needs templates, a demo has every kind of file."""
    done = run(program, tmp_path / "anderswo", "demo", "--json")
    assert json.loads(done.stdout)["counts"]["files"] > 50
    root = tmp_path / "anderswo" / "kamxl-demo"
    alone = json.loads(
        run(program, tmp_path / "c", "-C", str(root), "consolidate", "--json").stdout
    )
    assert alone == run_json("-C", root, "consolidate")[1]
    assert alone["counts"]["accepted"] > 40
    again = run(program, tmp_path / "c", "-C", str(root), "thank")
    assert "outbox" in again.stdout


@pytest.mark.proof
def test_the_add_in_needs_nothing_but_it(program: Path, tmp_path: Path) -> None:
    """What the add-in's configuration names is the program, and it answers as Python does."""
    answer = ask(str(program))
    assert answer == ask(sys.executable)
    assert (answer.kamxl, answer.apart) == (kamxl.__version__, "ok")
    windows = replace(machine("win32", tmp_path), interpreter=str(program), ask=ask)
    install(windows, "en")
    assert str(program).encode("cp1252") in windows.places.conf.read_bytes()
    parts = {part.part: part.state for part in status(windows, "en").parts}
    assert {parts[name] for name in ("conf", "interpreter", "xlwings", "apart")} == {"ok"}


@pytest.mark.proof
def test_a_click_reaches_the_button(program: Path, tmp_path: Path) -> None:
    words = ("-P", "-m", "kamxl", "--kamxl-press", "about", "de", "--hwnd=1")
    done = run(program, tmp_path, *words)
    assert (done.stdout, done.stderr) == ("", "")
    assert "about: pressed" in (tmp_path / "home" / ".kamxl-addin" / "addin.log").read_text()


@pytest.mark.proof
def test_all_that_is_no_code_is_inside(program: Path) -> None:
    inside = {path.name for path in program.parent.rglob("*") if path.is_file()}
    ours = {path.name for path in (Path(kamxl.__file__).parent).rglob("*") if path.is_file()}
    texts = {path.name for path in templates_folder().rglob("*") if path.is_file()}
    wanted = {name for name in ours | texts if not name.endswith((".py", ".pyc", ".pyi"))}
    assert wanted <= inside
    assert {"kamxl.xlam", "de.toml", "shared.toml", "portfolio.html.j2"} <= wanted
    assert {"de.dat", "en.dat"} <= inside  # how they write numbers and days


@pytest.mark.proof
def test_the_paid_part_of_xlwings_stays_out_and_every_licence_is_inside(program: Path) -> None:
    names = [path.relative_to(program.parent) for path in program.parent.rglob("*")]
    assert not [name for name in names if "pro" in name.parts and name.suffix in (".pyc", ".so")]
    licences = {p.parts[1].split("-")[0].lower() for p in names if "licenses" in p.parts}
    assert {"kamxl", "xlwings", "jinja2", "pillow", "authlib", "requests"} <= licences


# --- the recipe ----------------------------------------------------------------------------------


def test_the_recipe_is_the_same_on_every_system(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    for platform in ("linux", "win32", "darwin"):
        monkeypatch.setattr(sys, "platform", platform)
        made.append(standalone.arguments(Path("w"), Path("w/entry.py"), Path("templates")))
    assert made[0] == made[1] == made[2]
    assert "--onefile" not in made[0]


def test_what_the_recipe_names_exists(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "xlwings.pro", raising=False)  # shut out by live/bridge.py
    for name in (*standalone._SUBMODULES, *standalone._DATA, *standalone._METADATA):
        assert importlib.util.find_spec(name), name
    for name in standalone._LEFT_OUT:
        if name.startswith(("kamxl", "xlwings")):
            assert importlib.util.find_spec(name), name


@pytest.mark.proof
def test_xlwings_works_without_what_is_left_out() -> None:
    left_out = [name for name in standalone._LEFT_OUT if not name.startswith("kamxl")]
    code = (
        f"import sys\nfor name in {left_out!r}: sys.modules[name] = None\n"
        "import kamxl.addin, kamxl.workflow.buttons.onscreen, xlwings; print(xlwings.__version__)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("0.")


def test_nothing_that_is_there_is_replaced(tmp_path: Path) -> None:
    there = tmp_path / f"kamxl-{kamxl.__version__}"
    there.mkdir()
    if all(importlib.util.find_spec(name) for name in ("PyInstaller", *standalone._EXTRA)):
        with pytest.raises(SetupError, match="there already"):
            standalone.build(tmp_path)
    assert standalone.main([str(tmp_path)]) == 2
    assert list(tmp_path.iterdir()) == [there]


@pytest.mark.parametrize("missing", ["PyInstaller", "authlib"])
def test_without_what_it_is_made_of_it_says_what_to_install(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    missing: str,
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == missing else 1)
    assert standalone.main([str(tmp_path)]) == 2
    assert f"{missing} is not installed. Run: pip install 'kamxl[standalone]'" in (
        capsys.readouterr().err
    )
    assert not list(tmp_path.iterdir())


def test_what_logging_in_needs_is_an_extra_of_the_folder() -> None:
    """The extra that the recipe tells people to install brings all that it packs."""
    found = Path(standalone.__file__).resolve().parents[1] / "pyproject.toml"
    extras = tomllib.loads(found.read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    assert "kamxl[oauth]" in extras["standalone"]
    named = {line.partition(">")[0] for line in extras["oauth"]}
    assert named == set(standalone._EXTRA)


# --- one line for both ---------------------------------------------------------------------------


def test_only_the_standalone_program_takes_the_words_of_python(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("signal.signal", lambda *_: None)  # it is this process that goes on
    words = ["-P", "-m", "kamxl", "--kamxl-able"]
    assert start.main(words) == 2
    assert "kamxl: " in capsys.readouterr().err
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr("kamxl.addin.tell_able", lambda: print("able"))
    assert start.main(words) == 0
    assert capsys.readouterr().out == "able\n"


def test_an_unknown_word_is_a_command_like_any_other(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("signal.signal", lambda *_: None)  # it is this process that goes on
    for words in (["--kamxl-apart", "more"], ["--kamxl-press", "new"], ["--kamxl-nothing"]):
        assert start.main(words) == 2
        assert "--help" in capsys.readouterr().err
