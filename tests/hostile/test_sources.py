"""Files in which much is packed: together they take no more than one source may, whoever reads it.

No test looks at the clock: what is asserted is what was charged, and what became of each file.
"""

from __future__ import annotations

import io
import os
import sys
import zipfile
from collections import Counter
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import replace

import pytest

from kamxl.apart import Died, Purse
from kamxl.core.finding import Fate
from kamxl.core.records.register import FileResult
from kamxl.excel.reading import office
from kamxl.excel.reading.sniff import kind_of
from kamxl.store.inbox import Entry, entry_of
from kamxl.wording.texts import texts
from kamxl.workflow.incoming import looking
from kamxl.workflow.incoming.intake import known_of
from kamxl.workflow.incoming.judge import Judged, Known
from tests.hostile.measure import MB, first_of, measured_source
from tests.hostile.sources import costly, every_cell, mailbox, zipped
from tests.proof import need
from tests.proof.saving import saved_by
from tests.workflow.conftest import in_this_process, issued_root, team

__all__ = ["in_this_process", "issued_root", "team"]

WASTE = 0.4  # processor seconds


@pytest.fixture
def purses(monkeypatch) -> list[Purse]:
    """The purse of each source, in order; what is put in first is what each gets."""
    made: list[Purse] = [Purse()]

    def purse() -> Purse:
        first = made[0]
        made.append(Purse(first.seconds, first.ordinary, first.total, first.deaths))
        return made[-1]

    monkeypatch.setattr(looking, "purse", purse)
    return made


def looked_into(
    *entries: Entry, known: Known | None = None, executor: Executor | None = None
) -> list[FileResult]:
    found = list(looking.looked_into(entries, known, executor))
    assert len({entry.path for entry, _ in found}) == len(found)
    return [judged for _, judged in found]


def codes(found: list[FileResult]) -> Counter[str]:
    return Counter(map(first_of, found))


def look_there(entry: Entry, known: Known | None) -> tuple[Judged | None, list[tuple[Entry, int]]]:
    return looking._look(entry, known)


def wastes(place: int, container: looking.Container) -> tuple[Judged, bytes | None]:
    """Good work, and much time with it."""
    begin = sum(os.times()[:2])
    while sum(os.times()[:2]) - begin < WASTE:
        pass
    return looking._judge_member(place, container)


def aborts(place: int, container: looking.Container) -> tuple[Judged, bytes | None]:
    os.abort()


@pytest.fixture
def here(monkeypatch):
    """Has the files in a container judged by a function of this module."""

    def put(function: object) -> None:
        monkeypatch.setattr(looking, "_look", look_there)
        monkeypatch.setattr(looking, "_judge_member", function)

    return put


# --- what is too much ---


@pytest.mark.proof
@pytest.mark.parametrize("workers", [1, 4])
def test_many_that_take_much_each_are_read_as_far_as_the_purse_reaches(team, purses, here, workers):
    """The same ones, whoever else works at the same time; those that were read count."""
    card, known = team.filled(team.order()), known_of(team.workspace)
    # A slow computer takes longer for the card itself, so its purse is larger by one card.
    looked_into(entry_of("one.zip", zipped("{}.xlsx", [card]), None), known=known)
    here(wastes)
    purses[0] = Purse(seconds=1.1 + Purse().seconds - purses[1].seconds)
    data = zipped("{}.xlsx", [card] * 9)
    sources = [entry_of(f"{n}.zip", data, None) for n in range(3)]
    if workers == 1:
        found = looked_into(*sources, known=known)
    else:
        with ThreadPoolExecutor(workers) as pool:
            found = looked_into(*sources, known=known, executor=pool)
    of_each = [[first_of(file) for file in found[begin : begin + 9]] for begin in (0, 9, 18)]
    for of_one in of_each:  # as far as it reaches: 3 times 0.4 s, fewer where a card takes long
        assert 1 <= of_one.count("none") <= 3
        assert of_one == sorted(of_one)  # then none of the others
        assert set(of_one) == {"none", "too-large/source"}
    assert [file.path for file in found] == [
        f"{s}.zip!{n}.xlsx" for s in range(3) for n in range(9)
    ]
    assert {file.fate for file in found if first_of(file) == "none"} == {Fate.ACCEPTED}


@pytest.mark.proof
def test_many_that_end_their_process_are_a_few_processes(team, purses, here):
    here(aborts)
    purses[0] = Purse(deaths=3)
    data = zipped("{}.xlsx", [team.filled(team.order())] * 190)
    found = codes(looked_into(entry_of("a.zip", data, None)))
    assert found == {"unreadable/crashed": 1, "too-large/source": 189}
    assert purses[1].deaths == 0
    assert purses[1].seconds < Purse().seconds  # beginning anew is paid, too


@pytest.mark.proof
@pytest.mark.parametrize("name", ["zip of 190 costly .fods", "mailbox of 60 costly .fods"])
def test_what_libreoffice_does_is_paid_from_the_same_purse(purses, name):
    need([] if office.office() else ["LibreOffice is missing"])
    purses[0] = Purse(seconds=2.0)
    path, data = costly()[name]
    found = codes(looked_into(entry_of(path, data, None)))
    assert set(found) <= {"too-large/memory", "too-large/time", "too-large/source"}
    assert found.total() == int(name.split()[2])
    assert purses[1].programs >= Purse().programs - 3
    assert purses[1].seconds <= 0 or purses[1].programs == Purse().programs - 3


@pytest.mark.proof
def test_four_costly_ones_take_four_calls_at_the_most(purses):
    need([] if office.office() else ["LibreOffice is missing"])
    path, data = costly()["zip of 4 costly .fods"]
    found = looked_into(entry_of(path, data, None))
    assert {file.findings[0].code for file in found} == {"too-large"}
    assert len(found) == 4
    assert purses[1].programs >= Purse().programs - 4
    assert purses[1].total > Purse().total - 10 - 5


def test_calls_and_bytes_of_libreoffice_are_counted(team, monkeypatch, purses, in_this_process):
    """More .fods than it is called for are told to come one by one."""
    card = team.filled(team.order())

    def gives(data: bytes, kind: str, purse: Purse) -> bytes:
        purse.run()
        purse.take(len(card))
        return card

    monkeypatch.setattr(looking, "as_xlsx", gives)
    data = zipped("{}.fods", [every_cell(n) for n in range(9)])
    found = looked_into(entry_of("a.zip", data, None), known=known_of(team.workspace))
    assert codes(found) == {"other-format": 6, "too-large/source": 3}
    inside = sum(info.file_size for info in _infos(data))
    assert purses[1].size == Purse().size - inside - 6 * len(card)


def _infos(data: bytes) -> list[zipfile.ZipInfo]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.infolist()


@pytest.mark.parametrize("language", ["de", "en"])
def test_who_waited_in_vain_is_told_to_come_alone(language):
    member = replace(entry_of("a.zip!b.xlsx", b"PK", None), source="a.zip")
    (found,) = looking._of_death(member, Died("source")).findings
    sentence = texts(language).sentence(found)
    assert {"de": "einzeln", "en": "one by one"}[language] in sentence
    assert {"de": "in Ordnung", "en": "may be fine"}[language] in sentence


@pytest.mark.parametrize(
    "inside",
    [
        [("b.zip!x.xlsx", "b.zip")],
        [("a.zip!x.xlsx", "b.zip")],
        [("a.zip.x!x.xlsx", "a.zip")],
        [("a.zip!x.xlsx", "a.zip")] * 2,
        [(f"a.zip!{n}.xlsx", "a.zip") for n in range(6_001)],
    ],
    ids=["path", "source", "beside", "twice", "many"],
)
def test_what_cannot_be_in_a_file_is_not_believed_to_be(monkeypatch, in_this_process, inside):
    """Whoever took a process over could speak of other files, or of millions."""
    told = [(Entry(path, reason="password", source=source), -1) for path, source in inside]
    monkeypatch.setattr(looking, "_look", lambda *_: (None, told))
    ((entry, judged),) = looking.looked_into([entry_of("a.zip", b"x", None)], None)
    assert (entry.path, first_of(judged)) == ("a.zip", "unreadable/strange")


def test_what_is_said_of_a_file_is_said_of_this_one(monkeypatch, in_this_process):
    another = looking.unjudged(entry_of("b.xlsx", b"x", None))
    monkeypatch.setattr(looking, "_look", lambda *_: (another, []))
    ((_, judged),) = looking.looked_into([entry_of("a.xlsx", b"x", None)], None)
    assert (judged.path, judged.source) == ("a.xlsx", "a.xlsx")


def test_what_came_alone_is_not_told_to_come_alone():
    judged = looking._of_death(entry_of("b.xlsx", b"PK", None), Died("source"))
    assert first_of(judged) == "too-large/time"


# --- what is good work ---


@pytest.mark.proof
@pytest.mark.parametrize("workers", [1, 4])
def test_sixty_good_answers_in_a_zip_leave_most_of_the_purse(team, purses, workers):
    data = zipped("answer {}.xlsx", [team.filled(team.order())] * 60)
    with ThreadPoolExecutor(workers) as pool:
        found = looked_into(
            entry_of("a.zip", data, None),
            known=known_of(team.workspace),
            executor=pool if workers > 1 else None,
        )
    assert codes(found) == {"none": 60}
    assert purses[1].seconds > Purse().seconds / 2  # a fifth of it, where others are at work
    assert purses[1].deaths == Purse().deaths


def test_a_zip_that_stores_two_hundred_cards_as_they_are_is_one(team):
    """Each brings the records of its own parts along, more than a workbook may have."""
    made = io.BytesIO()
    card = team.filled(team.order())
    with zipfile.ZipFile(made, "w") as archive:
        for number in range(200):
            archive.writestr(f"{number}.xlsx", card)
    assert kind_of(made.getvalue()) == "zip"


@pytest.mark.proof
def test_a_mailbox_with_three_hundred_cards_is_read(team, purses):
    data = mailbox("answer {}.xlsx", [team.filled(team.order())] * 300)
    found = looked_into(entry_of("a.mbox", data, None), known=known_of(team.workspace))
    assert codes(found) == {"none": 300}
    assert purses[1].total > Purse().total / 2


@pytest.mark.proof
def test_three_honest_fods_in_a_zip_are_accepted_each(team, tmp_path, purses):
    need([] if office.office() else ["LibreOffice is missing"])
    card = saved_by("soffice", team.filled(team.order()), tmp_path, "fods")
    data = zipped("answer {}.fods", [card] * 3)
    found = looked_into(entry_of("a.zip", data, None), known=known_of(team.workspace))
    assert [file.fate for file in found] == [Fate.ACCEPTED] * 3
    assert purses[1].programs == Purse().programs - 3


@pytest.mark.proof
@pytest.mark.skipif(sys.platform != "linux", reason="children are counted on Linux")
def test_what_is_measured_has_the_killed_ones_in_it(tmp_path):
    """README's figures: a program that was killed, and what it left, is part of the sum."""
    need([] if office.office() else ["LibreOffice is missing"])
    path = tmp_path / "a.fods"
    path.write_bytes(every_cell(1))
    found, cost = measured_source(path)
    assert found[0].startswith("too-large/")
    assert cost.seconds > 0.5  # how many more is the computer's affair
    assert 200 * MB < cost.memory < 600 * MB
