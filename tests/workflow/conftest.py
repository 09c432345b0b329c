import shutil

import pytest

from kamxl.workflow.outgoing.issue import issue
from tests.workflow.making import SPARE, Team, new_team, prepared


@pytest.fixture(scope="session")
def issued_root(tmp_path_factory):
    root = tmp_path_factory.mktemp("team") / "w"
    new_team(root)
    issue(root)
    return root


@pytest.fixture
def team(issued_root, tmp_path) -> Team:
    """A workspace whose cards went out, its own for each test."""
    root = tmp_path / "w"
    shutil.copytree(issued_root, root)
    return Team(root)


@pytest.fixture
def few_rows():
    """Registers that are made have few rows, where that is not what is tested: five hundred take
    two seconds and a half of drawing, and as long again to be read.
    """
    with prepared(SPARE):
        yield


@pytest.fixture
def in_this_process(monkeypatch):
    """What is otherwise done apart is done here, where a test can put something else in place."""
    monkeypatch.setattr("kamxl.apart.child.apart", True)
