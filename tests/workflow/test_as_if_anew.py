"""Whatever changed between two runs: what is known makes no difference to what the next one gives.

What it says, as JSON and in words, and every file that it leaves are those of a run that knows
nothing; and so is what the run after that one gives.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from kamxl.cli import main as cli
from kamxl.cli import world
from kamxl.core.cards import seal
from kamxl.core.cards.forgetting import forgotten
from kamxl.core.records.decision import Decision, Ruling
from kamxl.forms.portfolio.sizes import Sizes
from kamxl.store import memory
from kamxl.store.cache import OFF, VARIABLE
from kamxl.workflow.incoming import consolidate as consolidating
from kamxl.workflow.incoming.intake import known_of
from kamxl.workflow.outgoing.issue import issue
from tests.workflow.making import (
    NOW,
    Team,
    answers_to,
    drawn_register,
    focused,
    loaded,
    new_team,
    prepared,
)
from tests.workflow.test_consolidate import remark
from tests.workflow.test_containers import PNG, eml
from tests.workflow.test_standing import Anew, no_more

LATER = NOW + timedelta(hours=1)
OUT = Decision(Ruling.LEAVE_OUT, file="a.xlsx", who="Jana")
State = dict[Path, tuple[bytes, int]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("planned") / "w"
    with prepared(12):
        team = new_team(root, focused("ALPHA"))
        issue(root, now=NOW)
        team.keep("ALPHA--2026-H1.xlsx", team.plan(), NOW)
    for path in (root / "plans").iterdir():
        os.utime(path, (NOW.timestamp(), NOW.timestamp()))
    return root


@pytest.fixture
def team(made: Path, tmp_path: Path, in_this_process: None) -> Team:
    """A plan, three answers, one of them in a mail, and what is none."""
    found = Team(Path(shutil.copytree(made, tmp_path / "w")))
    found.put("a.xlsx", found.filled(found.order()))
    found.put("g.xlsx", found.filled(found.order("GAMMA")))
    card = found.filled(found.order("ALPHA", "valves"))
    found.put("v.eml", eml(("card.xlsx", card), ("logo.png", PNG)))
    found.put("damaged.xlsx", b"PK\x03\x04 damaged")
    return found


class Run(NamedTuple):
    """How the second run differs from the first, but for the files."""

    now: datetime = LATER
    more: tuple[str, ...] = ()
    stands: bool = False  # whether the second run has nothing to do


def inbox(name: str) -> Callable[[Team], Path]:
    return lambda team: team.root / "inbox" / name


A = inbox("a.xlsx")


def other_answer(team: Team) -> None:
    team.put("a.xlsx", team.filled(team.order(), answers_to(team.order(), us=(10, 20, 30))))


def touched(team: Team) -> None:
    moment = (NOW + timedelta(seconds=7)).timestamp()
    os.utime(A(team), (moment, moment))


def of_tomorrow(team: Team) -> None:
    moment = (NOW + timedelta(days=2)).timestamp()
    os.utime(A(team), (moment, moment))


def other_register(**settings: Any) -> Callable[[Team], None]:
    def change(team: Team) -> None:
        made = replace(focused("ALPHA"), **settings)
        (team.root / "Register.xlsx").write_bytes(drawn_register(made))

    return change


def renamed_account(team: Team) -> None:
    held = focused("ALPHA")
    accounts = tuple(replace(one, name=f"{one.name} neu") for one in held.accounts)
    other_register(accounts=accounts)(team)


def forgotten_record(team: Team) -> None:
    order, key = team.order(), team.workspace.key
    digest = seal.digest(order, key)
    known = known_of(team.workspace).orders[digest]
    memory.forget(team.workspace, digest, forgotten(known, key, "X-1", frozenset(), frozenset()))


def lost_record(team: Team) -> None:
    name = seal.digest(team.order(), team.workspace.key)
    (team.root / ".kamxl" / "issued" / f"{name}.json").unlink()


def other_plan(team: Team) -> None:
    held = team.plan(edit=lambda plan: replace(plan, fields=plan.fields[:1]))
    team.keep("ALPHA--2026-H1.xlsx", held, NOW)


def edited_portfolio(team: Team) -> None:
    """A manager types over a cell, hides nothing, and adds a sheet of her own."""
    path = team.root / "Portfolio.xlsx"
    workbook = loaded(path)
    workbook.create_sheet("Meins")["B2"] = "bleibt"
    workbook.worksheets[0]["A40"] = "mein Satz"
    workbook.save(path)


def removed(name: str) -> Callable[[Team], None]:
    def change(team: Team) -> None:
        found = sorted(team.root.glob(name))
        assert found, name
        for path in found:
            shutil.rmtree(path) if path.is_dir() else path.unlink()

    return change


def put(name: str, data: bytes) -> Callable[[Team], object]:
    return lambda team: (team.root / name).write_bytes(data)


def nothing(team: Team) -> None:
    pass


CHANGES: dict[str, tuple[Callable[[Team], object], Run]] = {
    "nothing": (nothing, Run(stands=True)),
    "a file renamed": (lambda team: A(team).rename(inbox("a2.xlsx")(team)), Run()),
    "a file put last": (lambda team: A(team).rename(inbox("zz.xlsx")(team)), Run()),
    "a file touched": (touched, Run()),
    "a file of tomorrow": (of_tomorrow, Run()),
    "a file replaced": (other_answer, Run()),
    "a file removed": (removed("inbox/a.xlsx"), Run()),
    "a mail removed": (removed("inbox/v.eml"), Run()),
    "the same bytes again": (lambda team: team.put("b.xlsx", A(team).read_bytes()), Run()),
    "one more answer": (
        lambda team: team.put("b.xlsx", team.filled(team.order("BETA"))),
        Run(),
    ),
    "an empty inbox": (removed("inbox/*"), Run()),
    "no inbox": (removed("inbox"), Run()),
    "an account renamed": (renamed_account, Run()),
    "an account less": (other_register(accounts=focused("ALPHA").accounts[:2]), Run()),
    "a decision": (other_register(decisions=(OUT,)), Run()),
    "a copy of the register": (put("Register (1).xlsx", b"x"), Run()),
    "a new key": (lambda team: team.workspace.rotate(bytes(32), NOW.date()), Run()),
    "a record forgotten": (forgotten_record, Run()),
    "a record lost": (lost_record, Run()),
    "more cards out": (lambda team: issue(team.root, period="2026-H2", now=NOW), Run()),
    "a card out less": (removed("outbox/*/*.xlsx"), Run()),
    "another plan": (other_plan, Run()),
    "no plan": (removed("plans/ALPHA--2026-H1.xlsx"), Run()),
    "no companion": (removed("plans/*.answers.xlsx"), Run()),
    "another language": (nothing, Run(more=("--language", "en"))),
    "another period": (nothing, Run(more=("--period", "2026-H2"))),
    "another day": (nothing, Run(now=LATER + timedelta(days=1))),
    "another hour": (nothing, Run(now=LATER + timedelta(hours=1), stands=True)),
    "an hour before": (nothing, Run(now=NOW + timedelta(minutes=1))),
    "a remark": (lambda team: remark(team, ALPHA="Anrufen!"), Run()),
    "the portfolio edited": (edited_portfolio, Run()),
    "the portfolio damaged": (put("Portfolio.xlsx", b"mine"), Run()),
    "no portfolio": (removed("Portfolio.xlsx"), Run()),
    "no page": (removed("Portfolio.html"), Run()),
    "no answers beside": (removed("Portfolio.csv"), Run()),
    "other answers beside": (put("Portfolio.csv", b"x"), Run()),
    "a dated portfolio": (
        lambda team: shutil.copy(
            team.root / "Portfolio.xlsx", team.root / "Portfolio-2026-05-03.xlsx"
        ),
        Run(),
    ),
    "all deleted": (removed("Portfolio.*"), Run()),
}


def state(root: Path) -> State:
    files = (path for path in root.rglob("*") if path.is_file())
    return {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in files}


def put_back(root: Path, before: State) -> None:
    """All that is below a folder is as before; what is so already stays, with all its times."""
    for path in state(root).keys() - before.keys():
        path.unlink()
    for path, (data, changed) in before.items():
        if not path.exists() or (path.read_bytes(), path.stat().st_mtime_ns) != (data, changed):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            os.utime(path, ns=(changed, changed))


def run(team: Team, capsys: pytest.CaptureFixture[str], *more: str) -> tuple[str, dict[str, bytes]]:
    """What one run says, and all files after it."""
    assert cli.main(["-C", str(team.root), "consolidate", *more]) == 0
    said = capsys.readouterr()
    assert not said.err
    return said.out, files_in(team.root, state(team.root))


def files_in(root: Path, found: State) -> dict[str, bytes]:
    return {str(path.relative_to(root)): data for path, (data, _) in found.items()}


def stands(team: Team, *more: str) -> bool:
    """Whether a run has nothing to do; while nothing may be consolidated."""
    try:
        return cli.main(["-C", str(team.root), "consolidate", *more]) == 0
    except Anew:
        return False


def _with_answers_beside(monkeypatch: pytest.MonkeyPatch) -> None:
    real = consolidating.consolidate
    monkeypatch.setattr(consolidating, "consolidate", partial(real, sizes=Sizes(rows=2)))


@pytest.mark.proof
@pytest.mark.parametrize("what", CHANGES)
def test_a_run_after_a_change_gives_what_it_would_anew(
    team: Team, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    change, asked = CHANGES[what]
    if "answers beside" in what:
        _with_answers_beside(monkeypatch)
    monkeypatch.setattr(world, "_now", lambda: LATER)
    for _ in range(2):  # the first writes the companions
        run(team, capsys)
    with no_more(monkeypatch):
        assert stands(team)
    change(team)
    changed = state(team.root)
    monkeypatch.setattr(world, "_now", lambda: asked.now)
    with no_more(monkeypatch):
        assert stands(team, *asked.more) is asked.stands
    capsys.readouterr()
    known = [run(team, capsys, "--json", *asked.more), run(team, capsys, *asked.more)]
    put_back(team.root, changed)
    monkeypatch.setenv(VARIABLE, OFF)
    anew = [run(team, capsys, "--json", *asked.more), run(team, capsys, *asked.more)]
    for (said, files), (said_anew, files_anew) in zip(known, anew, strict=True):
        assert said == said_anew
        if asked.stands and asked.now != LATER:  # files stay with the moment that they carry
            assert files == files_in(team.root, changed)
            continue
        assert files.keys() == files_anew.keys()
        assert [name for name, data in files.items() if data != files_anew[name]] == []
