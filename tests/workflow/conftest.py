import shutil

import pytest

from kamxl.workflow.outgoing.issue import issue
from tests.workflow.making import Team, new_team


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
def in_this_process(monkeypatch):
    """What is otherwise done apart is done here, where a test can put something else in place."""
    monkeypatch.setattr("kamxl.apart.child.apart", True)
