"""What other tests can only show to whoever is no root, shown where root runs the tests."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.users.running import ADA, ROOT, Place, ended, is_root

BOUND = (
    "tests/test_cli.py::test_a_read_only_folder_is_one_line",
    "tests/workflow/test_accounting.py::test_what_the_system_does_not_let_us_read",
    "tests/workflow/test_addin_setup.py::test_so_is_a_read_only_folder",
    "tests/workflow/test_doctor.py::test_a_read_only_folder_is_found_by_trying",
)
_RUN = "import sys, pytest; sys.exit(pytest.main(sys.argv[1:]))"
_ROOTS = re.compile(r"geteuid\(\) == 0|needs modes that bind")


def test_all_that_root_skips_is_listed() -> None:
    """A test that asks who runs it says nothing where root does: it belongs on the list."""
    folder = ROOT / "tests"
    asking = {
        path.relative_to(ROOT).as_posix()
        for path in folder.rglob("test_*.py")
        if not path.is_relative_to(folder / "users") and _ROOTS.search(path.read_text("utf-8"))
    }
    assert asking == {name.partition("::")[0] for name in BOUND}


@pytest.mark.proof
@pytest.mark.skipif(not is_root(), reason="nobody else skips them")
def test_they_pass_as_a_normal_user(house: Place) -> None:
    base = house.folder("pytest", ADA) / "base"
    options = ("-q", "-m", "", "-p", "no:cacheprovider", "-n0", f"--basetemp={base}")
    names = (str(house.project / name) for name in BOUND)
    config = house.project / "pyproject.toml"
    status, out, err = ended(house.script(ADA, _RUN, *options, "-c", config, *names))
    assert status == 0, out[-3_000:] + err
    assert f"{len(BOUND)} passed" in out
    assert "skipped" not in out


def test_the_list_names_tests_that_there_are() -> None:
    for name in BOUND:
        path, _, test = name.partition("::")
        assert f"def {test}(" in (ROOT / Path(path)).read_text("utf-8")
