"""For all tests: a mistake of our own fails, and so does a consolidation that touches its inputs.

Lanes: ``pytest`` runs what costs little, ``pytest -m proof`` the rest, ``pytest -m ""`` all.

``judge`` promises that one bad file costs only itself, and so turns any exception into the finding
"unexpected". Here it raises, in worker processes and in kamxl run as a program, too.
"""

import copyreg
import inspect
import itertools
import os
import pickle
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from filelock import FileLock
from hypothesis import settings

from kamxl.cli import main as cli
from kamxl.errors import DEBUG
from kamxl.store import atomic, turns
from kamxl.store.cache import OFF, VARIABLE
from kamxl.store.workspace import Workspace, is_workspace, memory_of
from kamxl.workflow.demo.play import demo
from kamxl.workflow.incoming import consolidate as consolidating
from kamxl.workflow.results import DemoResult
from tests import cost, examples
from tests.engines.fixtures import excel, memory_excel, office_back, office_excel
from tests.long import cases, slices
from tests.workflow.making import hashes, put_in

__all__ = ["excel", "memory_excel", "office_back", "office_excel"]  # fixtures for every test

os.environ[DEBUG] = "1"
os.environ[VARIABLE] = OFF  # what belongs to no test alone; each of them has a cache of its own
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


def _held(by: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(by)


# What became of a demo goes from one worker to the others.
copyreg.pickle(MappingProxyType, lambda held: (_held, (dict(held),)))


def pytest_addoption(pluginmanager: pytest.PytestPluginManager) -> None:
    pluginmanager.register(cost)
    pluginmanager.register(slices)


@pytest.hookimpl(tryfirst=True)  # before -m chooses
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    cases.mark(items)


class Watch:
    """Stands around every consolidation of every test in this process."""

    inputs_may_change = False

    def __init__(self) -> None:
        self._real = consolidating._consolidated

    def __call__(self, workspace: Workspace, *given: Any, **named: Any) -> Any:
        before = _inputs(workspace)
        try:
            return self._real(workspace, *given, **named)
        finally:
            assert self.inputs_may_change or _inputs(workspace) == before


def _inputs(workspace: Workspace) -> dict[str, str]:
    return put_in(hashes(workspace.root, *INPUTS))


consolidating._consolidated = Watch()  # type: ignore[assignment]


class InTurn:
    """Stands around every file that a command writes in this process: into a workspace in its turn.

    Who adds a command that writes, and no turn, fails here in its first test.
    """

    def __init__(self) -> None:
        self._obeyed, self._write = cli._obeyed, atomic._write_through
        self._commanded = 0

    def obeyed(self, *given: Any) -> int:
        self._commanded += 1
        try:
            return self._obeyed(*given)
        finally:
            self._commanded -= 1

    def write(self, path: Path, *given: Any, **named: Any) -> None:
        root = next((one for one in path.parents if is_workspace(one)), None)
        if self._commanded and root is not None and not self._is_free():
            assert turns._within[memory_of(root.resolve())].depth, f"{path}: nobody's turn"
        self._write(path, *given, **named)

    def _is_free(self) -> bool:
        """Whose turn it is, and whether a folder takes a file, is written in nobody's."""
        callers = [frame.frame for frame in inspect.stack(0)[2:6]]
        modules = {frame.f_globals["__name__"] for frame in callers}
        return turns.__name__ in modules or any(f.f_code.co_name == "try_out" for f in callers)


_in_turn = InTurn()
cli._obeyed, atomic._write_through = _in_turn.obeyed, _in_turn.write


_caches = itertools.count()


@pytest.fixture(autouse=True)
def own_cache(tmp_path_factory) -> Iterator[None]:
    """Nothing is known from another test, and nobody writes to the cache of whoever runs them."""
    os.environ[VARIABLE] = str(tmp_path_factory.getbasetemp() / f"cache-{next(_caches)}")
    yield
    os.environ[VARIABLE] = OFF


@pytest.fixture
def inputs_may_change(monkeypatch):
    """For tests in which somebody else works in the folders meanwhile."""
    monkeypatch.setattr(Watch, "inputs_may_change", True)


@pytest.fixture(scope="session")
def demos(demos_played) -> Callable[[str], Path]:
    """The demo of a language, made once for all workers: look at it, and change a copy."""
    return lambda language: demos_played(language)[0]


@pytest.fixture(scope="session")
def demos_played(tmp_path_factory) -> Callable[[str], tuple[Path, DemoResult]]:
    """The same, and what became of it."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base

    @cache
    def made(language: str) -> tuple[Path, DemoResult]:
        root, done = shared / f"demo-{language}", shared / f"demo-{language}.done"
        with FileLock(f"{root}.lock"):
            if not done.exists():
                result = demo(root, language, key=examples.KEY, now=examples.NOW)
                done.write_bytes(pickle.dumps(result))
            return root, pickle.loads(done.read_bytes())  # noqa: S301 written by another worker

    return made
