"""A file that was looked into before is known; where anything that counts changed, it is not."""

from __future__ import annotations

import io
import os
import shutil
import zipfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from kamxl.core.cards import seal
from kamxl.core.cards.forgetting import forgotten
from kamxl.core.finding import finding
from kamxl.core.records.decision import Decision, Ruling
from kamxl.core.records.register import CardKey, CardOrder, FileResult
from kamxl.store import cache, memory
from kamxl.store.cache import OFF, VARIABLE
from kamxl.store.inbox import Entry
from kamxl.workflow.files.sure import is_sure
from kamxl.workflow.incoming import known_files, looking
from kamxl.workflow.incoming.intake import Intake, known_of, take_in
from kamxl.workflow.incoming.judge import unjudged
from kamxl.workflow.outgoing.issue import issue
from tests.workflow.making import NOW, Team, answers_to
from tests.workflow.test_containers import PNG, eml

Change = Callable[[Team], object]
OUT = Decision(Ruling.LEAVE_OUT, file="a.xlsx", who="Jana")


@pytest.fixture(autouse=True)
def here(in_this_process: None) -> None:
    """Files are looked into in this process."""


@pytest.fixture
def looked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths of the files that were looked into."""
    paths: list[str] = []
    real = looking.looked_into

    def each(entries: Iterable[Entry]) -> Iterator[Entry]:
        for entry in entries:
            paths.append(entry.path)
            yield entry

    monkeypatch.setattr(looking, "looked_into", lambda entries, *rest: real(each(entries), *rest))
    return paths


@pytest.fixture
def answered(team: Team) -> Team:
    """Two answers, one of them packed with a picture, and what is none."""
    team.put("a.xlsx", team.filled(team.order()))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("card.xlsx", team.filled(team.order("GAMMA")))
        archive.writestr("picture.png", b"\x89PNG\r\n\x1a\n" + bytes(50))
    team.put("b.zip", packed.getvalue())
    team.put("c.xlsx", b"PK\x03\x04 damaged")
    return team


def taken(team: Team, *decisions: Decision, executor: ThreadPoolExecutor | None = None) -> Intake:
    return take_in(team.workspace, executor, now=NOW, decisions=decisions)


def without_cache(team: Team, monkeypatch: pytest.MonkeyPatch, *decisions: Decision) -> Intake:
    with monkeypatch.context() as meanwhile:
        meanwhile.setenv(VARIABLE, OFF)
        return taken(team, *decisions)


def test_what_is_known_is_not_looked_into_again(
    answered: Team, looked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    oracle = without_cache(answered, monkeypatch)
    first = taken(answered)
    assert len(looked) == 6
    looked.clear()
    assert taken(answered) == first == oracle
    assert looked == []
    assert len(first.files) == 4


def test_what_a_mail_says_is_known_with_it(team: Team, looked: list[str]) -> None:
    """Its own place in the list has its note and its reason, which the file's bytes alone lack."""
    team.put("b.eml", eml(("logo.png", PNG)))
    first = taken(team)
    looked.clear()
    assert taken(team) == first
    assert looked == []
    assert any(file.mail is not None for file in first.files)


def test_the_files_stay_in_their_order_whoever_looks_into_them(
    answered: Team, looked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    taken(answered)
    for name in ("0.xlsx", "b2.xlsx", "z.xlsx"):
        answered.put(name, answered.filled(answered.order("ALPHA", "valves")) + name.encode())
    looked.clear()
    oracle = without_cache(answered, monkeypatch)
    looked.clear()
    with ThreadPoolExecutor(2) as pool:
        assert taken(answered, executor=pool) == oracle
    assert sorted(looked) == ["inbox/0.xlsx", "inbox/b2.xlsx", "inbox/z.xlsx"]


def other_answer(team: Team) -> None:
    team.put("a.xlsx", team.filled(team.order(), answers_to(team.order(), us=(10, 20, 30))))


def renamed(team: Team) -> None:
    (team.root / "inbox" / "a.xlsx").rename(team.root / "inbox" / "a2.xlsx")


def later(team: Team) -> None:
    moment = (NOW + timedelta(seconds=1)).timestamp()
    os.utime(team.root / "inbox" / "a.xlsx", (moment, moment))


def lost_record(team: Team) -> None:
    order = team.order()
    name = seal.digest(order, team.workspace.key)
    (team.root / ".kamxl" / "issued" / f"{name}.json").unlink()


def new_key(team: Team) -> None:
    team.workspace.rotate(bytes(32), NOW.date())


@pytest.mark.parametrize("change", [other_answer, renamed, later, lost_record, new_key])
def test_whatever_counts_and_changed_the_file_is_looked_into(
    answered: Team, looked: list[str], monkeypatch: pytest.MonkeyPatch, change: Change
) -> None:
    before = taken(answered)
    change(answered)
    looked.clear()
    after = taken(answered)
    assert any(path.startswith("inbox/a") for path in looked)
    assert after == without_cache(answered, monkeypatch)
    assert change is new_key or after != before


def test_what_was_decided_counts(
    answered: Team, looked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = taken(answered)
    after = taken(answered, OUT)
    assert after == without_cache(answered, monkeypatch, OUT)
    assert after.files != before.files
    looked.clear()
    assert taken(answered, OUT) == after
    assert looked == []


def test_another_kamxl_believes_itself_only(
    answered: Team, looked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    taken(answered)
    looked.clear()
    monkeypatch.setattr(known_files, "made_by", lambda: "another")
    taken(answered)
    assert len(looked) == 3
    looked.clear()
    monkeypatch.setattr(known_files, "reading_with", lambda: ("/a/new/office", "1"))
    taken(answered)
    assert len(looked) == 3


def test_a_card_that_was_issued_since_is_no_news_to_the_others(
    answered: Team, looked: list[str]
) -> None:
    taken(answered)
    issue(answered.root, period="2026-H2", now=NOW)
    looked.clear()
    taken(answered)
    assert looked == ["inbox/b.zip", "inbox/c.xlsx"]  # which no record tells apart from any other


def test_what_is_kept_is_believed_only_whole(
    answered: Team, looked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = taken(answered)
    place = cache.place()
    assert place is not None
    entries = [path for path in place.rglob("*") if path.is_file()]
    assert len(entries) == 3
    for path in entries:
        path.write_bytes(path.read_bytes()[:-1] + b"\0")
    looked.clear()
    assert taken(answered) == first
    assert len(looked) == 3
    looked.clear()
    monkeypatch.setattr(cache.Cache, "find", lambda *_: b"\x93\x01")  # proven, and not understood
    assert taken(answered) == first
    assert len(looked) == 3


@pytest.mark.parametrize("reason", ["time", "memory", "killed", "crashed", "strange", "source"])
def test_what_the_computer_had_a_say_in_is_looked_into_again(
    team: Team, looked: list[str], monkeypatch: pytest.MonkeyPatch, reason: str
) -> None:
    team.put("a.xlsx", team.filled(team.order()))

    def died(*_: object, **__: object) -> object:
        raise looking.Died(reason)

    with monkeypatch.context() as short:
        short.setattr(looking, "_judge_any", died)
        short.setattr(looking.Sitting, "call", died)
        (file,) = taken(team).files
        assert file.answers is None
    looked.clear()
    (file,) = taken(team).files
    assert file.answers is not None
    assert looked == ["inbox/a.xlsx"]


def test_what_libreoffice_could_not_is_no_knowledge() -> None:
    blank = unjudged(Entry("inbox/a.fods"))
    assert is_sure(blank)
    for found in (
        finding("format-unsupported", reason="fods", office="missing"),
        finding("unexpected", reason="ValueError"),
    ):
        assert not is_sure(replace(blank, findings=(found,)))
    assert is_sure(replace(blank, findings=(finding("format-unsupported", reason="table"),)))


def test_who_was_forgotten_is_so_in_what_is_known_too(answered: Team) -> None:
    """The record of her card is another one by now: under the same name, and without her."""
    before = taken(answered)
    order, key = answered.order(), answered.workspace.key
    digest = seal.digest(order, key)
    made = known_of(answered.workspace).orders[digest]
    memory.forget(answered.workspace, digest, forgotten(made, key, "X-1", frozenset(), frozenset()))
    after = taken(answered)
    assert _of(before, order.key).name != "X-1"
    assert _of(after, order.key).name == "X-1"


def _of(intake: Intake, key: CardKey) -> FileResult:
    return next(file for file in intake.files if file.order and file.order.key == key)


@pytest.mark.proof
@pytest.mark.parametrize("language", ["de", "en"])
def test_all_that_came_in_is_the_same_known_or_not(
    demos: Callable[[str], Path], tmp_path: Path, looked: list[str],
    monkeypatch: pytest.MonkeyPatch, language: str,
) -> None:  # fmt: skip
    team = Team(Path(shutil.copytree(demos(language), tmp_path / "demo")))
    oracle = without_cache(team, monkeypatch)
    assert taken(team) == oracle
    looked.clear()
    assert taken(team) == oracle
    assert set(looked) <= {file.source for file in oracle.files if not is_sure(file)}


def test_a_record_is_kept_once(answered: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is known says only which record it is: that is the workspace's, and not kept again."""
    seen: list[tuple[bytes, CardOrder]] = []
    real = cache.Cache.keep

    def keep(self: cache.Cache, name: str, data: bytes) -> None:
        seen.append((data, answered.order()))
        real(self, name, data)

    monkeypatch.setattr(cache.Cache, "keep", keep)
    taken(answered)
    assert seen
    assert all(order.sender_email.encode() not in data for data, order in seen)
