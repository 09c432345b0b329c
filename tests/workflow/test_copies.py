"""What lies beside Register.xlsx, or in its place, under other names and in other formats."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kamxl.errors import WorkspaceError
from kamxl.wording.texts import texts
from kamxl.workflow.start.copies import copies, other_formats
from kamxl.workflow.start.identity import opened
from kamxl.workflow.start.init import init
from kamxl.workflow.start.register import read_register
from tests.examples import KEY, NOW

COPIES = (
    "Register (1).xlsx", "Register 2.xlsx", "Register Kopie.xlsx", "Register - Kopie.xlsx",
    "Register - Copy (2).xlsx", "Kopie von Register.xlsx", "Copy of Register.xlsx",
    "Register (conflicted copy 2026-05-04).xlsx", "Register (In Konflikt stehende Kopie).xlsx",
    "Register-DESKTOP-4F2K1.xlsx", "Register-LAPTOP7.xlsx", "Register.xlsx.xlsx",
    "Register.sync-conflict-20260504-101112-ABCDEF.xlsx", "register.XLSX",
)  # fmt: skip
OTHERS = (
    "Register.xlsx", "Register-2026-05-04.xlsx", "Register-2026-05-04-2.xlsx", "Registers.xlsx",
    "Register (neues Layout).xlsx", "Preise.xlsx", "Register 2027 Entwurf.xlsx", "Kopie.xlsx",
    "~$Register.xlsx", "Register.pdf",
)  # fmt: skip


def test_names_of_copies_and_of_others() -> None:
    every = (*OTHERS, *COPIES)
    assert set(copies(every, "Register.xlsx")) == set(COPIES)
    dated = ["Portfolio-2026-05-04.xlsx", "Portfolio (1).xlsx"]
    assert copies(dated, "Portfolio.xlsx") == ["Portfolio (1).xlsx"]


@pytest.mark.parametrize("name", ["Register.xls", "register.ODS", "Register.xlsm", "Register.xlsb"])
def test_other_formats(name: str) -> None:
    assert other_formats([name, "Register.xlsx", "Register.txt"], "Register.xlsx") == [name]


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("copies") / "w"
    init(made, "de", workspace_id="ws-c", key=KEY, now=NOW)
    return made


@pytest.fixture
def root(pattern: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(pattern, tmp_path / "w"))


@pytest.mark.parametrize(
    ("name", "german"),
    [
        ("Register.xls", "speichern Sie sie als Excel-Arbeitsmappe"),
        ("Register.ods", "unter dem Namen Register.xlsx"),
        ("Register.xlsx.xlsx", "Benennen Sie die Datei in Register.xlsx um"),
        ("Register Kopie.xlsx", "wenn es die richtige ist"),
        (None, "kamxl init"),
    ],
)
def test_what_lies_in_its_place_is_named(root: Path, name: str | None, german: str) -> None:
    register = root / "Register.xlsx"
    register.rename(root / name) if name else register.unlink()
    with pytest.raises(WorkspaceError) as told:
        read_register(opened(root))
    assert german in told.value.said("de")
    assert (name or "Register.xlsx") in told.value.said("de")


def test_what_lies_beside_a_register_is_said(root: Path) -> None:
    assert "register-copy" not in {
        one.code for one in read_register(opened(root)).register.findings
    }
    for name in ("Register.xls", "Register (1).xlsx"):
        (root / name).write_bytes(b"x")
    every = read_register(opened(root)).register.findings
    found = [one for one in every if one.code == "register-copy"]
    assert [(one.code, one.value) for one in found] == [
        ("register-copy", "Register.xls"),
        ("register-copy", "Register (1).xlsx"),
    ]
    assert "wird nicht gelesen" in texts("de").sentence(found[0])
