"""One small workspace through all commands, and its portfolio recalculated.

What the proofs do with every form and the whole demo, done once for whoever runs plain ``pytest``.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from kamxl.cli import main as cli
from tests.proof import need, recalc
from tests.workflow.making import Team, focused, hashes, new_team

SOURCES = ("Register.xlsx", "inbox")


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    """What a command says as JSON; every one ends well."""

    def run(*words: str) -> dict[str, object]:
        assert cli.main(["-C", str(tmp_path / "w"), *words, "--json"]) == 0
        return json.loads(capsys.readouterr().out)

    return run


def test_cards_go_out_come_back_and_are_counted(command, tmp_path: Path) -> None:
    team: Team = new_team(tmp_path / "w", focused("ALPHA", "GAMMA"))
    issued = command("issue")
    assert [card["state"] for card in issued["issued"]] == ["new"] * len(issued["issued"])
    assert {plan.name.split("--")[0] for plan in (team.root / "plans").iterdir()} == {
        "ALPHA",
        "GAMMA",
    }

    team.put("alpha.xlsx", team.filled(team.order("ALPHA")))
    team.put("gamma.xlsx", team.filled(team.order("GAMMA")))
    team.put("picture.xlsx", b"\x89PNG")
    before = hashes(team.root, *SOURCES)
    command("thank")
    reminded = command("remind")
    asked, answered = {c["account"] for c in issued["issued"]}, {"ALPHA", "GAMMA"}
    assert "BETA" in asked - answered
    assert "alpha.xlsx" not in json.dumps(reminded)

    told = command("consolidate")
    fates = {file["path"]: file["status"] for file in told["files"]}
    assert fates["inbox/alpha.xlsx"] == fates["inbox/gamma.xlsx"] == "accepted"
    assert fates["inbox/picture.xlsx"] == "attention"
    totals = {account["id"]: account["total"] for account in told["accounts"]}
    assert totals == {"ALPHA": 66.0, "BETA": None, "GAMMA": 66.0}
    assert (team.root / "Portfolio.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert command("check", "--leaks", *map(str, (team.root / "outbox").rglob("*.xlsx")))
    assert hashes(team.root, *SOURCES) == before

    assert command("consolidate")["accounts"] == told["accounts"]

    need(
        [] if shutil.which("soffice") else ["soffice is missing (apt-get install libreoffice-calc)"]
    )
    assert recalc.differences_in_libreoffice(team.root / "Portfolio.xlsx") == []
