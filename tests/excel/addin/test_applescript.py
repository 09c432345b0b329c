"""The script for macOS: it quotes the interpreter, and takes words it knows and nothing else."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from kamxl.excel.addin import applescript, literal
from kamxl.wording.texts import languages, texts
from tests.excel.addin.script import assignments, evaluate, shells
from tests.excel.addin.test_ribbon import BUTTONS

HOSTILE = '/Users/Jo "M\u00fcller" $(touch pwned) `touch pwned` \'&; \\ %/python3'


def test_a_literal_is_the_text_whatever_is_in_it() -> None:
    for text in (HOSTILE, "", '"', "\\", '\\"', "a\nb", "„ä“", '" & (do shell script "x") & "'):
        assert literal(text).isascii()
        assert evaluate(literal(text), {}) == text


def test_the_script_is_ascii_and_names_the_interpreter_once() -> None:
    script = applescript(HOSTILE)
    assert script.isascii()
    assert "$" not in script.replace(literal(HOSTILE), "")
    (named,) = re.findall(r"^property interpreter : (.+)$", script, re.M)
    assert evaluate(named, {}) == HOSTILE


def test_it_knows_the_words_of_the_ribbon_and_our_languages() -> None:
    script = applescript("/usr/bin/python3")
    assert "{" + ", ".join(f'"{word}"' for word in BUTTONS) + "}" in script
    assert re.findall(r'kamxlLanguage:"(\w+)"', script) == list(languages())
    # the parameter is compared with what is known, and used nowhere else
    assert len(re.findall(r"\bparameter\b", script)) == 2
    assert set(re.findall(r"^on (\w+)", script, re.M)) == {"Press"}
    assert not re.findall(
        r"^(?!property|on |end |--|\t|$).+", script, re.M
    )  # nothing runs on loading


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("broken", [False, True])
def test_a_shell_runs_python_with_exactly_these_words(
    broken: bool, language: str, tmp_path: Path
) -> None:
    """The script's own expressions, evaluated, in a real shell with a stand-in for Python."""
    folder = tmp_path / "a \"b\" $(touch pwned) 'c' & d"
    folder.mkdir()
    python = folder / "python3"
    python.write_text(
        '#!/bin/sh\nfor a in "$@"; do printf "%s\\n" "$a"; done > "$0.words"\n'
        + ("echo no module >&2\n" if broken else "")
    )
    python.chmod(0o755)
    script = applescript(str(python))
    said = re.search(rf'kamxlLanguage:"{language}", kamxlSentence:(.+?)\}}', script)
    assert said
    names = {"theWord": "new", "theLanguage": language, "theSentence": evaluate(said[1], {})}
    names["interpreter"] = str(python)
    made = assignments(script)
    front = tmp_path / "lsappinfo"  # which knows the program in front
    front.write_text(
        '#!/bin/sh\ncase "$*" in front) echo ASN:0x0-0x1c01c: ;;\n'
        """"info -only pid ASN:0x0-0x1c01c:") echo '"pid"=4711' ;; *) exit 1 ;; esac\n"""
    )
    front.chmod(0o755)
    made["whichExcel"] = made["whichExcel"].replace("/usr/bin/lsappinfo", str(front))
    for name in ("logFile", "pressed", "whichExcel", "startPython", "allWell", "tellWhy"):
        names[name] = evaluate(made[name], names, f"{folder}/")
    alert = tmp_path / "osascript"
    alert.write_text('#!/bin/sh\nfor a in "$@"; do last=$a; done; echo "$last" > "$0.told"\n')
    alert.chmod(0o755)
    names["tellWhy"] = names["tellWhy"].replace("/usr/bin/osascript", f"'{alert}'")
    test, start = (evaluate(line, names) for line in shells(script))
    assert subprocess.run(["sh", "-c", test], check=False).returncode == 0
    assert start.endswith("&")  # in the background: Excel does not wait, the test does
    subprocess.run(["sh", "-c", f"{start} wait"], check=True, cwd=tmp_path)
    told = alert.with_name("osascript.told")
    words = ["-P", "-m", "kamxl", "--kamxl-press", "new", language, '--pid="pid"=4711']
    assert python.with_name("python3.words").read_text().splitlines() == words
    assert not list(tmp_path.rglob("pwned"))
    assert told.is_file() == broken
    if broken:
        sentence = texts(language)("ribbon.messages.broken")
        assert told.read_text().startswith(sentence)


def test_a_missing_interpreter_is_noticed() -> None:
    test, _ = shells(applescript("/no/such/python3"))
    line = evaluate(test, {"interpreter": "/no/such/python3"})
    assert subprocess.run(["sh", "-c", line], check=False).returncode != 0
    assert 'return "missing"' in applescript("/no/such/python3")
