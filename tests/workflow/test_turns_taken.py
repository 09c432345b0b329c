"""Which commands wait for their turn: all that write into a workspace, none that only read."""

from __future__ import annotations

import contextlib
import io
import shutil
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kamxl import commands
from kamxl.cli import main as cli
from kamxl.errors import WorkspaceError
from kamxl.store.turns import NOTE, WORK, Manner, manner
from kamxl.store.workspace import memory_of
from kamxl.wording.texts import languages, texts
from kamxl.workflow import waiting
from kamxl.workflow.incoming.decide import decide
from tests.waiting import busy
from tests.workflow.making import NOW, Team, answers_to, drawn_register, hashes, register

SECRET = "a passphrase"  # noqa: S105 of nothing
Prepared = Callable[[Team], list[object]]


def _old(team: Team) -> list[object]:
    """A register that can be upgraded."""
    with zipfile.ZipFile(Path(__file__).with_name("layout1.zip")) as packed:
        packed.extractall(team.root.parent / "old")
    return ["-C", team.root.parent / "old", "upgrade"]


def _demo(team: Team) -> list[object]:
    """A demo that another one may replace."""
    (memory_of(team.root.parent / "kamxl-demo")).mkdir(parents=True)
    (memory_of(team.root.parent / "kamxl-demo") / "demo").touch()
    return ["-C", team.root.parent, "demo"]


def _import(team: Team) -> list[object]:
    file = team.root.parent / "export.csv"
    file.write_text("Account;Name;Language\nDELTA;Delta AG;de\n", encoding="utf-8")
    return ["-C", team.root, "import", file, "--map", "account=Name", "--yes"]


def _decide(team: Team) -> list[object]:
    order = team.order()
    small = answers_to(order, us=(5.0, 3.0, 1.0), rival=(4.0, 4.0, 3.0))
    team.put("klein.xlsx", team.filled(order, small))
    return ["-C", team.root, "decide", "klein.xlsx=1-5", "--yes"]


def _forget(team: Team) -> list[object]:
    """Somebody who is in the register no more."""
    held = register()
    (team.root / "Register.xlsx").write_bytes(
        drawn_register(replace(held, contacts=held.contacts[1:]))
    )
    return ["-C", team.root, "forget", "ALPHA/c1", "--yes"]


def _refresh(team: Team) -> list[object]:
    return ["-C", team.root, "refresh", team.keep("plan.xlsx", team.plan())]


def _restore(team: Team) -> list[object]:
    file = team.root.parent / "kept.kamxl"
    assert run("-C", team.root, "key", "backup", file)[0] == 0
    return ["-C", team.root, "key", "restore", file]


WRITES: dict[str, Prepared] = {
    "issue": lambda team: ["-C", team.root, "issue"],
    "issue --test": lambda team: ["-C", team.root, "issue", "--test", "me@muster.example"],
    "remind": lambda team: ["-C", team.root, "remind"],
    "thank": lambda team: ["-C", team.root, "thank"],
    "reply": lambda team: ["-C", team.root, "reply"],
    "consolidate": lambda team: ["-C", team.root, "consolidate"],
    "brief": lambda team: ["-C", team.root, "brief", "ALPHA", "--no-pdf"],
    "key rotate": lambda team: ["-C", team.root, "key", "rotate"],
    "key backup": lambda team: ["-C", team.root, "key", "backup", team.root.parent / "kept"],
    "key restore": _restore,
    "init": lambda team: ["init", team.root],
    "demo": _demo,
    "import": _import,
    "decide": _decide,
    "forget": _forget,
    "upgrade": _old,
}
READS: dict[str, Prepared] = {
    "check": lambda team: ["-C", team.root, "check", team.root / "Register.xlsx"],
    "doctor": lambda team: ["-C", team.root, "doctor"],
    "decide": lambda team: ["-C", team.root, "decide"],
    "forget": lambda team: [*_forget(team)[:-1]],
    "refresh": _refresh,
}
ELSEWHERE = {"addin", "mail"}  # what they write is in no workspace


def run(*argv: object) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = cli.main([str(one) for one in argv])
    return status, out.getvalue(), err.getvalue()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch, in_this_process: None) -> Iterator[None]:
    monkeypatch.setenv("KAMXL_KEY_PASSPHRASE", SECRET)
    token = manner.set(Manner(patience=0.0))
    yield
    manner.reset(token)


def test_every_command_is_known_to_write_or_not_to() -> None:
    names = {command.name for command in commands.commands()}
    assert names == {one.split()[0] for one in (*WRITES, *READS)} | ELSEWHERE


@pytest.mark.proof
@pytest.mark.parametrize("case", WRITES)
def test_what_writes_is_told_that_another_one_does(team: Team, impatient: None, case: str) -> None:
    argv = WRITES[case](team)
    root = {"demo": team.root.parent / "kamxl-demo", "upgrade": team.root.parent / "old"}
    where = root.get(case, team.root)
    busy(where)
    before = hashes(where, ".")
    status, out, err = run(*argv, "--language", "en")
    assert (status, out, err.count("\n")) == (2, "", 1), (out, err)
    assert "jana on " in err
    assert "is at work in the folder" in err
    assert hashes(where, ".") == before
    shutil.rmtree(team.root.parent / "kept", ignore_errors=True)


@pytest.mark.parametrize("case", READS)
def test_what_reads_never_waits(team: Team, impatient: None, case: str) -> None:
    busy(team.root)
    status, _, err = run(*READS[case](team))
    assert (status, err) == (0, "")


def test_nobody_waits_while_a_question_stands_open(team: Team, impatient: None) -> None:
    """Who is asked may be at lunch: the turn is taken when she has agreed."""
    _decide(team)
    noted: list[bool] = []

    def agree(_: object) -> bool:
        noted.append((memory_of(team.root) / NOTE).exists())
        busy(team.root)
        return True

    with pytest.raises(WorkspaceError, match="is at work"):
        decide(team.root, now=NOW, said=["klein.xlsx=1-5"], agree=agree)
    assert noted == [False]


def test_all_that_one_can_be_at_is_said_in_every_language() -> None:
    for language in languages():
        said = texts(language)
        assert all(said.source(f"reasons.turn_{what}") for what in (*WORK, "other"))


def test_that_one_waits_is_said_where_somebody_looks(tmp_path: Path) -> None:
    heard: list[str] = []
    problem = WorkspaceError(
        "workspace-busy", folder="w", who="jana", computer="", what="", since=""
    )
    with waiting.waiting("de", heard.append, waiting.IN_EXCEL):
        within = manner.get()
        assert within.patience == waiting.IN_EXCEL
        assert within.tell is not None
        within.tell(problem)
    assert heard == [f"kamxl wartet. {problem.why('de')}"]
    assert manner.get().patience == Manner().patience
