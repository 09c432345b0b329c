import shutil

import pytest

from kamxl.workflow.issue import issue
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
