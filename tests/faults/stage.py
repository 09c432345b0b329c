"""Workspaces in which a run is disturbed, each set up again before every run."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from kamxl.core.records.register import Register
from kamxl.excel.writing.draw import build, render
from kamxl.forms.portfolio import book as portfolio_form
from kamxl.store.atomic import TEMPORARY
from kamxl.workflow.incoming.consolidate import consolidate
from kamxl.workflow.outgoing.issue import issue
from tests.faults.driver import WORK
from tests.faults.tracing import PATIENCE, Call, Driver, Run
from tests.workflow.making import (
    NOW,
    PRESS,
    Team,
    answers_to,
    focused,
    hashes,
    new_team,
    put_in,
    register,
)

PORTFOLIO, PAGE = "Portfolio.xlsx", "Portfolio.html"


@dataclass
class Scene:
    """A workspace as it stands before the run: ``prepared`` is copied to where the run works."""

    what: str
    prepared: Path
    root: Path
    warm: tuple[Path, ...] = ()

    def set_up(self) -> None:
        """Everything as it was."""
        shutil.rmtree(self.root, ignore_errors=True)
        shutil.copytree(self.prepared, self.root)

    @cached_property
    def driver(self) -> Driver:
        """The run, stopped before it writes."""
        self.set_up()
        return Driver(self.what, self.root, *self.warm)

    @cached_property
    def undisturbed(self) -> Run:
        """The run as nothing disturbs it; what it left is in ``result``."""
        driver = self.driver
        self.set_up()
        run = driver.run()
        assert run.code == 0
        assert not run.hit()
        self.result = contents(self.root)
        return run

    @property
    def calls(self) -> tuple[Call, ...]:
        """The system calls of the write phase that concern the workspace."""
        return self.undisturbed.calls

    def disturbed(self, *inject: str, largest: int = 0, patience: float = PATIENCE) -> Run:
        """The run with something happening to it."""
        self.set_up()
        return self.driver.run(*inject, largest=largest, patience=patience)

    def next_run(self) -> None:
        """The same run once more in what the last one left, undisturbed and in this process."""
        WORK[self.what](str(self.root))

    def close(self) -> None:
        """End the driver."""
        if "driver" in self.__dict__:
            self.driver.close()


def contents(root: Path) -> dict[str, bytes]:
    """Every file in a workspace by its path, temporary ones all by one name."""
    return {
        path.relative_to(root).as_posix()
        if not path.name.startswith(TEMPORARY)
        else (path.parent.relative_to(root) / TEMPORARY).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file()
    }


def inputs(root: Path) -> dict[str, str]:
    """What no run of consolidating may touch, with the time of the last change."""
    return put_in(hashes(root, "Register.xlsx", "inbox", "plans", "outbox", ".kamxl/issued"))


def small() -> Register:
    """One account on the focus list, which two people answer for."""
    whole = register()
    own = tuple(one for one in whole.segments if one.account == "ALPHA")[:1]
    asked = tuple(one for one in whole.contacts if one.account == "ALPHA")
    held = replace(whole, accounts=whole.accounts[:1], segments=own, contacts=asked)
    return focused("ALPHA", held=held)


def scenes(folder: Path) -> dict[str, Scene]:
    """By name: a portfolio is replaced, is the first one, is set aside; and cards are issued."""
    bare, issued = folder / "bare", folder / "issued"
    new_team(bare, small())
    shutil.copytree(bare, issued)
    issue(issued, press=PRESS, now=NOW)
    made = {
        name: Scene("consolidate", folder / f"{name}-before", folder / name)
        for name in ("replaced", "first", "aside")
    }
    for name, scene in made.items():
        shutil.copytree(issued, scene.prepared)
        _answer(Team(scene.prepared), _OLD[name])
    return {**made, "issued": Scene("issue", bare, folder / "cards", (issued,))}


def _answer(team: Team, old: Callable[[Path], None]) -> None:
    """One reply is in the old portfolio, the other one came after it."""
    first, second = (team.order("ALPHA", "pumps", who) for who in ("c1", "c2"))
    team.put("first.xlsx", team.filled(first))
    old(team.root)
    team.put("second.xlsx", team.filled(second, answers_to(second, us=(10.0, 20.0, 30.0))))


def _with_remarks(root: Path) -> None:
    portfolio = consolidate(root, now=NOW).portfolio
    book = portfolio_form.book(portfolio, "de", NOW, {"ALPHA": "Anrufen"})
    (root / PORTFOLIO).write_bytes(render(build(book)))


def _somebodys(root: Path) -> None:
    (root / PORTFOLIO).write_bytes(b"nothing kamxl can read")


_OLD: dict[str, Callable[[Path], None]] = {
    "replaced": _with_remarks,
    "first": lambda root: None,
    "aside": _somebodys,
}
