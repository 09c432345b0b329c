"""For all tests: a mistake of our own fails, and so does a consolidation that touches its inputs.

Lanes: ``pytest`` runs what costs little, ``pytest -m proof`` the rest, ``pytest -m ""`` all.

``judge`` promises that one bad file costs only itself, and so turns any exception into the finding
"unexpected". Here it raises, in worker processes and in kamxl run as a program, too.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from hypothesis import settings

from kamxl.errors import DEBUG
from kamxl.store.workspace import Workspace
from kamxl.workflow.demo.play import demo
from kamxl.workflow.incoming import consolidate as consolidating
from tests import cost, examples
from tests.engines.fixtures import excel, memory_excel, office_back, office_excel
from tests.workflow.making import hashes

__all__ = ["excel", "memory_excel", "office_back", "office_excel"]  # fixtures for every test

os.environ[DEBUG] = "1"
# The tests start thousands of processes. Where none may keep what it compiled, each compiles all of
# kamxl anew, which takes half a second: it is kept in a folder of the tests' own.
if os.environ.pop("PYTHONDONTWRITEBYTECODE", ""):
    kept = Path(__file__).parents[1] / ".pytest_cache" / "compiled"
    os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix = str(kept)
    sys.dont_write_bytecode = False
# No test fails by the clock: a text or a template is loaded in the first example of some. Each
# run tries other examples, so a few each time are many; the long run searches in earnest.
EXAMPLES = int(os.environ.get("KAMXL_EXAMPLES", "40"))
settings.register_profile("kamxl", deadline=None, max_examples=EXAMPLES)
settings.load_profile("kamxl")
INPUTS = ("Register.xlsx", "inbox", "plans")


def pytest_addoption(pluginmanager: pytest.PytestPluginManager) -> None:
    pluginmanager.register(cost)


class Watch:
    """Stands around every consolidation of every test in this process."""

    inputs_may_change = False

    def __init__(self) -> None:
        self._real = consolidating._consolidated

    def __call__(self, workspace: Workspace, *given: Any, **named: Any) -> Any:
        before = hashes(workspace.root, *INPUTS)
        try:
            return self._real(workspace, *given, **named)
        finally:
            assert self.inputs_may_change or hashes(workspace.root, *INPUTS) == before


consolidating._consolidated = Watch()  # type: ignore[assignment]


@pytest.fixture
def inputs_may_change(monkeypatch):
    """For tests in which somebody else works in the folders meanwhile."""
    monkeypatch.setattr(Watch, "inputs_may_change", True)


@pytest.fixture(scope="session")
def demos(tmp_path_factory) -> Callable[[str], Path]:
    """The demo of a language, made once for all workers: look at it, and change a copy."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base

    def made(language: str) -> Path:
        root, done = shared / f"demo-{language}", shared / f"demo-{language}.done"
        with FileLock(f"{root}.lock"):
            if not done.exists():
                demo(root, language, key=examples.KEY, now=examples.NOW)
                done.touch()
        return root

    return made
