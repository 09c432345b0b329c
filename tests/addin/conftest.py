import shutil

import pytest

from kamxl.workflow.incoming.consolidate import consolidate
from kamxl.workflow.outgoing.issue import issue
from tests.addin.pressing import Office
from tests.workflow.making import NOW, Team, focused, new_team


@pytest.fixture(scope="session")
def answered_root(tmp_path_factory):
    """Two of four cards came back, and the portfolio of them is written."""
    root = tmp_path_factory.mktemp("addin") / "w"
    team = new_team(root, focused("ALPHA", "GAMMA"))
    issue(root, now=NOW)
    for account in ("ALPHA", "GAMMA"):
        team.put(f"{account}.xlsx", team.filled(team.order(account)))
    consolidate(root, now=NOW)
    return root


@pytest.fixture
def team(answered_root, tmp_path) -> Team:
    root = tmp_path / "w"
    shutil.copytree(answered_root, root)
    return Team(root)


@pytest.fixture
def office(excel, tmp_path) -> Office:
    """Somebody at a computer with Excel: once in memory, once LibreOffice."""
    return Office(excel, tmp_path / "home")


@pytest.fixture
def desk(memory_excel, tmp_path) -> Office:
    """The same, in memory only: where the program makes no difference."""
    return Office(memory_excel, tmp_path / "home")
