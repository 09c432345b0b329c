"""CONTRIBUTING.md tells the truth: its map, its places, and that what it adds works as it says."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.forms.registers import SMALL, drawn
from tests.house import PAGE, ROOT, page

TEXT = PAGE.read_text(encoding="utf-8")
PARTS = ("kamxl", "templates", "tests", "pyproject.toml")
QUIETLY = ("pytest", "-q", "-n0", "-p", "no:cacheprovider", "-m", "")
Edits = dict[str, list[list[str]]]  # by file: runs of lines as a diff has them


def section(title: str) -> str:
    """What stands under a heading."""
    _, _, rest = TEXT.partition(f"\n### … {title}\n")
    assert rest, title
    return re.split(r"^##+ ", rest, maxsplit=1, flags=re.MULTILINE)[0]


def edits(text: str) -> Edits:
    """The changes that a section shows."""
    found: Edits = {}
    (diff,) = re.findall(r"^```diff\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    for line in diff.splitlines():
        if line.startswith("+++ "):
            run: list[str] = []
            found.setdefault(line[4:], []).append(run)
        else:
            run.append(line)
    return found


def listed(text: str) -> set[str]:
    """The files that a section says it touches."""
    (files,) = re.findall(r"^Files: (.*?)\n\n", text, re.MULTILINE | re.DOTALL)
    return set(re.findall(r"`([^`]+)`", files))


def applied(text: str, run: list[str]) -> str:
    """A file's text with one change made, where its unchanged lines stand, once."""
    lines = text.splitlines()
    old = [line[1:] for line in run if not line.startswith("+")]
    at = [n for n in range(len(lines)) if lines[n : n + len(old)] == old]
    assert len(at) == 1, f"{len(at)} times in the file, not once: {old}"
    lines[at[0] : at[0] + len(old)] = [line[1:] for line in run]
    return "\n".join(lines) + "\n"


def changed_copy(folder: Path, title: str) -> Path:
    """A copy of the project in which somebody followed a section."""
    skip = shutil.ignore_patterns("__pycache__", "corpus")
    for name in PARTS:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, folder / name, **({"ignore": skip} if (ROOT / name).is_dir() else {}))
    for name, runs in edits(section(title)).items():
        path = folder / name
        for run in runs:
            changed = applied(path.read_text(encoding="utf-8"), run)
            path.write_text(changed, encoding="utf-8")
    return folder


def touched(copy: Path) -> set[str]:
    """The files that differ from the project's."""
    every = {p.relative_to(ROOT) for name in PARTS for p in (ROOT / name).rglob("*")}
    every |= {p.relative_to(copy) for p in copy.rglob("*")}
    files = (p for p in every if (copy / p).is_file() and "__pycache__" not in p.parts)
    return {
        p.as_posix()
        for p in files
        if not (ROOT / p).is_file() or (ROOT / p).read_bytes() != (copy / p).read_bytes()
    }


def run(copy: Path, *arguments: str) -> None:
    """A Python that has the copy for the project; it must succeed."""
    environment = os.environ | {"PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=copy, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_map_is_what_the_folders_say() -> None:
    assert page(TEXT) == TEXT, "python -m tests.house"


PLACES = sorted(set(re.findall(r"`([\w./]+/[\w./]*)`", TEXT)))


@pytest.mark.parametrize("place", PLACES)
def test_places_exist(place: str) -> None:
    assert (ROOT / place).exists()


@pytest.mark.proof
def test_a_column_is_drawn_read_back_and_missed_by_no_older_register(tmp_path: Path) -> None:
    older = tmp_path / "older.xlsx"
    older.write_bytes(drawn(SMALL, "de"))
    (tmp_path / "copy").mkdir()
    copy = changed_copy(tmp_path / "copy", "a column to the register")
    assert touched(copy) == listed(section("a column to the register"))
    run(copy, "-m", "tests.added", str(older))
    run(copy, "-m", *QUIETLY, "-k", "public_or_planted", "tests/workflow/test_leak_canaries.py")


@pytest.mark.proof
def test_a_finding_has_its_place_and_its_words_in_each_language(tmp_path: Path) -> None:
    copy = changed_copy(tmp_path, "a finding")
    assert touched(copy) == listed(section("a finding"))
    asked = ("tests/test_shown.py", "tests/forms/test_register_mistakes.py")
    run(copy, "-m", *QUIETLY, "-k", "manager", *asked)


def test_a_change_that_finds_no_place_is_told() -> None:
    with pytest.raises(AssertionError, match="once"):
        applied("a = 1\na = 1\n", [" a = 1", "+b = 2"])
    assert applied("a = 1\nc = 3\n", [" a = 1", "+b = 2"]) == "a = 1\nb = 2\nc = 3\n"
