"""A run with nothing new does nothing and says the same; whatever changed is consolidated anew."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kamxl.cli import main as cli
from kamxl.cli import world
from kamxl.core.finding import finding
from kamxl.store import cache
from kamxl.store.cache import OFF, VARIABLE
from kamxl.workflow.incoming import consolidate as consolidating
from kamxl.workflow.incoming import standing
from kamxl.workflow.incoming.standing import Standing, consolidated
from kamxl.workflow.outgoing.issue import issue
from kamxl.workflow.results import ConsolidateResult
from tests import examples
from tests.workflow.making import NOW, Team, focused, new_team, prepared
from tests.workflow.test_consolidate import remark, remarks_in

DAY = timedelta(days=1)
LATER = NOW + timedelta(hours=1)


class Anew(Exception):  # noqa: N818 that is what is looked for
    """It is consolidated anew."""


@pytest.fixture(scope="module")
def planned_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("planned") / "w"
    with prepared(12):
        new_team(root, focused("ALPHA"))
        issue(root, now=NOW)
    for path in (root / "plans").iterdir():  # written on a day that has not come yet
        os.utime(path, (NOW.timestamp(), NOW.timestamp()))
    return root


@pytest.fixture
def team(planned_root: Path, tmp_path: Path, in_this_process: None) -> Team:
    """A workspace with plans, two answers, and what is none."""
    found = Team(Path(shutil.copytree(planned_root, tmp_path / "w")))
    found.put("a.xlsx", found.filled(found.order()))
    found.put("g.xlsx", found.filled(found.order("GAMMA")))
    found.put("picture.png", b"\x89PNG\r\n\x1a\n" + bytes(50))
    return found


def run(team: Team, now: datetime = NOW, *options: str | None, json: bool = False) -> Any:
    language, period = (*options, None, None)[:2]
    return consolidated(
        team.root, language, period, now=now, words=lambda _: ["said"], pieces=told_in, json=json
    )


def told_in(result: ConsolidateResult) -> list[str]:
    return [result.written, "\ud800", "é" * 700_000]


@contextmanager
def no_more(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing may be consolidated meanwhile."""

    def anew(*_: object, **__: object) -> None:
        raise Anew

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(consolidating, "consolidate", anew)
        yield


def is_anew(team: Team) -> bool:
    try:
        run(team)
    except Anew:
        return True
    return False


def stood(team: Team) -> dict[str, tuple[bytes, int]]:
    files = (path for path in team.root.rglob("*") if path.is_file())
    return {str(p): (p.read_bytes(), p.stat().st_mtime_ns) for p in files}


# --- commands -------------------------------------------------------------------------------------


def told(root: Path, capsys: pytest.CaptureFixture[str], *more: str) -> Any:
    assert cli.main(["-C", str(root), "consolidate", *more]) == 0
    said = capsys.readouterr().out
    return json.loads(said) if "--json" in more else said


def oracle(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *more: str
) -> Any:
    """What is said where nothing is known."""
    with monkeypatch.context() as meanwhile:
        meanwhile.setenv(VARIABLE, OFF)
        return told(root, capsys, *more)


@pytest.mark.proof
@pytest.mark.parametrize("words_first", [False, True])
def test_the_second_command_in_a_fresh_workspace_stands(
    team: Team, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
    words_first: bool,
) -> None:  # fmt: skip
    monkeypatch.setattr(world, "_now", lambda: LATER)
    asked, other = ([], ["--json"]) if words_first else (["--json"], [])
    first = told(team.root, capsys, *asked)
    before = stood(team)
    with no_more(monkeypatch):
        told(team.root, capsys, *other)
        again = told(team.root, capsys, "--json")
        words = told(team.root, capsys)
    assert stood(team) == before
    if not words_first:
        assert {one["state"] for one in first["companions"]} == {"new"}
        for one in first["companions"]:
            one["state"] = "unchanged"
        assert again == first
    assert again == oracle(team.root, capsys, monkeypatch, "--json")
    assert words == oracle(team.root, capsys, monkeypatch)
    assert again["counts"]["accepted"] == 3


@pytest.mark.proof
@pytest.mark.parametrize("language", ["de", "en"])
def test_a_demo_stands_and_says_what_it_would_say(
    demos: Callable[[str], Path], tmp_path: Path, language: str,
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    root = Path(shutil.copytree(demos(language), tmp_path / "demo"))
    monkeypatch.setattr(world, "_now", lambda: examples.NOW + DAY)
    told(root, capsys, "--json")
    with no_more(monkeypatch):
        again, words = told(root, capsys, "--json"), told(root, capsys)
    assert again == oracle(root, capsys, monkeypatch, "--json")
    assert words == oracle(root, capsys, monkeypatch)


@pytest.mark.proof
def test_what_a_manager_added_is_carried_and_then_stands(
    team: Team, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(world, "_now", lambda: LATER)
    told(team.root, capsys, "--json")
    remark(team, ALPHA="Anrufen!")
    told(team.root, capsys, "--json")
    assert remarks_in(team)["ALPHA"] == "Anrufen!"
    with no_more(monkeypatch):
        again = told(team.root, capsys, "--json")
    assert remarks_in(team)["ALPHA"] == "Anrufen!"
    assert again == oracle(team.root, capsys, monkeypatch, "--json")


@pytest.mark.proof
def test_strict_says_again_that_somebody_has_to_act(
    team: Team, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(world, "_now", lambda: LATER)
    for _ in range(2):
        assert cli.main(["-C", str(team.root), "consolidate", "--strict"]) == 1
    with no_more(monkeypatch):
        assert cli.main(["-C", str(team.root), "consolidate", "--strict"]) == 1


@pytest.mark.proof
def test_what_workers_lost_once_is_not_said_again(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = consolidating.consolidate
    monkeypatch.setattr(
        consolidating, "consolidate", lambda *of, **more: replace(real(*of, **more), read_here=3)
    )
    says = lambda result: [str(result.read_here)]  # noqa: E731
    consolidated(team.root, None, None, now=NOW, words=says, pieces=told_in)
    stood = consolidated(team.root, None, None, now=NOW, words=says, pieces=told_in)
    assert isinstance(stood, Standing)
    assert stood.lines == ("0",)


# --- whatever changed -----------------------------------------------------------------------------


def other_byte(name: str) -> Callable[[Path], None]:
    """One byte of a file is another one, with the same time."""

    def change(root: Path) -> None:
        path = next(iter(sorted(root.glob(name))))
        age, data = path.stat(), path.read_bytes()
        path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
        os.utime(path, ns=(age.st_atime_ns, age.st_mtime_ns))

    return change


def touched(root: Path) -> None:
    os.utime(root / "inbox" / "a.xlsx", (1, 1))


def added(name: str) -> Callable[[Path], object]:
    return lambda root: (root / name).write_bytes(b"x")


CHANGES: dict[str, Callable[[Path], object]] = {
    "an answer": other_byte("inbox/a.xlsx"),
    "when it came": touched,
    "one more": added("inbox/b.txt"),
    "one less": lambda root: (root / "inbox" / "picture.png").unlink(),
    "another name": lambda root: (root / "inbox/a.xlsx").rename(root / "inbox/a2.xlsx"),
    "a plan": other_byte("plans/ALPHA--2026-H1.xlsx"),
    "its companion": other_byte("plans/*.answers.xlsx"),
    "the register": other_byte("Register.xlsx"),
    "a record": other_byte(".kamxl/issued/*.json"),
    "the log of records": other_byte(".kamxl/issued/log"),
    "a register that was kept": other_byte(".kamxl/periods/*/Register-*.xlsx"),
    "a key": added(".kamxl/keys-of-tomorrow"),
    "the portfolio": other_byte("Portfolio.xlsx"),
    "no portfolio": lambda root: (root / "Portfolio.xlsx").unlink(),
    "a dated portfolio": added("Portfolio-2026-05-03.xlsx"),
    "the page": other_byte("Portfolio.html"),
    "a copy of the register": added("Register (1).xlsx"),
    "a link": lambda root: (root / "inbox" / "link.xlsx").symlink_to(root / "inbox" / "a.xlsx"),
    "a card that is out": other_byte("outbox/*/*.xlsx"),  # last: when that was cannot be undone
}


@contextmanager
def undone(root: Path) -> Iterator[None]:
    """All that is changed below a folder is as before."""
    before = {p: (p.read_bytes(), p.stat()) for p in root.rglob("*") if p.is_file()}
    try:
        yield
    finally:
        for path in [p for p in root.rglob("*") if p.is_file() and p not in before]:
            path.unlink()
        for path, (data, age) in before.items():
            if not path.exists() or path.read_bytes() != data or path.stat() != age:
                path.write_bytes(data)
                os.utime(path, ns=(age.st_atime_ns, age.st_mtime_ns))


@pytest.mark.proof
def test_whatever_changed_is_consolidated_anew(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(run(team, json=True), ConsolidateResult)
    with no_more(monkeypatch):
        for what, change in CHANGES.items():
            assert isinstance(run(team), Standing), f"before {what}"
            with undone(team.root):
                change(team.root)
                assert is_anew(team), what


@pytest.mark.proof
def test_another_day_another_wish_another_kamxl_is_consolidated_anew(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(team, LATER)
    with no_more(monkeypatch):
        assert run(team, LATER + timedelta(hours=2)).lines == ("said",)
        for now in (LATER + DAY, NOW, LATER.replace(year=2027)):
            with pytest.raises(Anew):
                run(team, now)
        for options in (("en",), ("de",), (None, "2026-H1"), (None, "2026-H2")):
            with pytest.raises(Anew):
                run(team, LATER, *options)
        for name, other in (("made_by", "another"), ("reading_with", ("/another", "1"))):
            with monkeypatch.context() as meanwhile:
                meanwhile.setattr(standing, name, lambda other=other: other)
                with pytest.raises(Anew):
                    run(team, LATER)
        assert isinstance(run(team, LATER), Standing)


@pytest.mark.proof
def test_what_is_kept_of_a_run_is_believed_only_whole(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(team, json=True)
    place = cache.place()
    assert place is not None
    entries = [path for path in place.rglob("*") if path.is_file()]
    whole = {path: path.read_bytes() for path in entries}
    with no_more(monkeypatch):
        assert "".join(run(team, json=True).json) == "Portfolio.xlsx\ud800" + "é" * 700_000
        assert max(map(len, run(team, json=True).json)) < 700_000
        assert run(team).json is None
        for path, data in whole.items():
            path.write_bytes(data[:-1])
        with pytest.raises(Anew):
            run(team)
        monkeypatch.setattr(cache.Cache, "find", lambda *_: b"\x93\x01")
        with pytest.raises(Anew):
            run(team)


@pytest.mark.proof
def test_what_has_no_json_stands_in_words(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(_: ConsolidateResult) -> list[str]:
        raise ValueError("nan")

    for _ in range(2):
        stood = consolidated(team.root, None, None, now=NOW, words=lambda _: ["said"], pieces=none)
    assert isinstance(stood, Standing)
    with no_more(monkeypatch), pytest.raises(Anew):
        run(team, json=True)


# --- runs that do not stand -----------------------------------------------------------------------


def comes_meanwhile(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the run works, one more answer comes."""
    real = consolidating.consolidate

    def slow(*given: Any, **named: Any) -> ConsolidateResult:
        result = real(*given, **named)
        team.put("late.xlsx", team.filled(team.order("ALPHA", "valves")))
        return result

    monkeypatch.setattr(consolidating, "consolidate", slow)


def said_once(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    """Something else than a portfolio lay in its place: the next run meets no such thing."""
    (team.root / "Portfolio.xlsx").write_bytes(b"mine")


def of_tomorrow(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer says that it was given the day after tomorrow: in some hours that can be true."""
    team.put("f.xlsx", team.filled(team.order("BETA")), NOW + 2 * DAY)


def of_the_computer(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    """The computer had a say in what a file is worth."""
    monkeypatch.setattr(standing, "is_sure", lambda file: not file.path.endswith("a.xlsx"))


def unreadable(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    """Something lies there that nobody can hash."""
    os.mkfifo(team.root / "inbox" / "pipe.xlsx")


def written_beside(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page is open in another program, and the new one stands beside it."""
    monkeypatch.setattr(
        consolidating,
        "_write_report",
        lambda *_: (None, [finding("report-locked", written="", why="")]),
    )


def nobody_wants_it(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, OFF)


@pytest.mark.proof
@pytest.mark.parametrize(
    "of",
    [
        comes_meanwhile, said_once, of_tomorrow, of_the_computer, unreadable, written_beside,
        nobody_wants_it,
    ],
)  # fmt: skip
@pytest.mark.usefixtures("inputs_may_change")
def test_a_run_that_the_next_would_not_repeat_does_not_stand(
    team: Team, monkeypatch: pytest.MonkeyPatch, of: Callable[..., None]
) -> None:
    of(team, monkeypatch)
    assert isinstance(run(team), ConsolidateResult)
    with no_more(monkeypatch), pytest.raises(Anew):
        run(team)
