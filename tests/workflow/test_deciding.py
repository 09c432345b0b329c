"""What the team decided about an answer: applied when it is read, said, entered by a command."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.styles import Font

from kamxl.cli import main as cli
from kamxl.core.finding import CODES, Fate, finding
from kamxl.core.method.scales import Scale
from kamxl.core.records.decision import Decision, Ruling
from kamxl.excel.reading.book import read as read_workbook
from kamxl.forms.register import book as register_form
from kamxl.forms.scorecard import reading as scorecard_reading
from kamxl.forms.scorecard.reading import CardReading
from kamxl.store.inbox import entry_of
from kamxl.workflow.cards import mark_of
from kamxl.workflow.incoming.check import check
from kamxl.workflow.incoming.consolidate import consolidate
from kamxl.workflow.incoming.decide import decide
from kamxl.workflow.incoming.decided import settled_of, unused
from kamxl.workflow.incoming.intake import known_of, take_in
from kamxl.workflow.incoming.judge import Judged, judge
from kamxl.workflow.outgoing.writing import remind
from tests.workflow.making import (
    NOW,
    Team,
    answers_to,
    codes,
    drawn_register,
    edited,
    forged,
    register,
)
from tests.workflow.test_answering import MAILED, ids
from tests.workflow.test_intake import wipe

CARD = ("ALPHA", "pumps", "c1", "2026-H1")
OUT = Decision(Ruling.LEAVE_OUT, *CARD, who="Jana", why="war ein Versuch")
HIS = Decision(Ruling.ANSWER_OF, *CARD, person="c2", who="Jana")


@pytest.fixture(scope="module")
def asked(issued_root: Path) -> Team:
    """A workspace whose cards went out, only to be looked at."""
    return Team(issued_root)


def judged(team: Team, data: bytes, *decisions: Decision, name: str = "a.xlsx") -> Judged:
    """A file of the inbox, as it is judged with these decisions."""
    return judge(entry_of(f"inbox/{name}", data, NOW), known_of(team.workspace, decisions))


def without_mark(team: Team) -> bytes:
    """Her card, filled in, whose mark somebody cleared."""
    order = team.order()
    return edited(team.filled(order), lambda book: wipe(book, order))


# --- left out ------------------------------------------------------------------------------------


def test_what_is_left_out_is_ignored_and_says_who_and_why(asked: Team) -> None:
    card = asked.filled(asked.order())
    assert judged(asked, card).fate is Fate.ACCEPTED
    found = judged(asked, card, OUT)
    assert found.fate is Fate.IGNORED
    (said,) = [one for one in found.findings if one.code == "left-out"]
    assert dict(said.details) == {"who": "Jana", "why": "war ein Versuch"}
    assert found.decision == OUT
    other = judged(asked, asked.filled(asked.order(respondent="c2")), OUT)
    assert other.fate is Fate.ACCEPTED


def test_a_file_that_nobody_can_read_may_be_left_out(asked: Team) -> None:
    junk = b"PK\x03\x04" + bytes(40)
    assert judged(asked, junk, OUT).fate is Fate.ATTENTION
    found = judged(asked, junk, Decision(Ruling.LEAVE_OUT, file="A.XLSX"))
    assert (found.fate, found.findings[0].code) == (Fate.IGNORED, "left-out")
    assert judged(asked, junk, Decision(Ruling.LEAVE_OUT, file="b.xlsx")).fate is Fate.ATTENTION


def test_the_teams_own_workbooks_are_no_answers_to_be_left_out(asked: Team) -> None:
    own = drawn_register(register())
    assert judged(asked, own, Decision(Ruling.LEAVE_OUT, file="a.xlsx")).kind == "register"
    assert judged(asked, own, Decision(Ruling.LEAVE_OUT, file="a.xlsx")).fate is Fate.ACCEPTED


# --- whose it is ---------------------------------------------------------------------------------


def test_an_answer_of_another_asked_person_counts_as_hers(asked: Team) -> None:
    card = asked.filled(asked.order())
    found = judged(asked, card, HIS)
    assert (found.fate, found.respondent, found.order.key) == (
        Fate.ACCEPTED, "c2", asked.order(respondent="c2").key
    )  # fmt: skip
    assert found.order.requirements == asked.order().requirements  # what stood on the card
    assert codes(found) == {"decided"}
    assert dict(found.findings[0].details)["person"] == "c2"
    assert unused([HIS], [found]) == ()
    named = judged(asked, card, replace(HIS, person="Bo Muster"))
    assert named.order == found.order


def test_the_same_person_as_another_who_was_asked_did_not_answer_twice(asked: Team) -> None:
    card = asked.filled(asked.order())
    same = judged(asked, card, replace(HIS, ruling=Ruling.SAME_PERSON))
    assert same.order == judged(asked, card, HIS).order
    hers = judged(asked, card, replace(HIS, ruling=Ruling.SAME_PERSON, person="c1"))
    assert (hers.order, codes(hers)) == (asked.order(), {"decided"})


def test_whoever_was_never_asked_cannot_have_answered(asked: Team) -> None:
    found = judged(asked, asked.filled(asked.order()), replace(HIS, person="Zoe"))
    assert (found.respondent, codes(found)) == ("c1", {"decision-unasked"})


def test_what_is_decided_of_the_person_and_of_the_reading_goes_together(asked: Team) -> None:
    typed = Decision(Ruling.AS_TYPED, *CARD)
    found = judged(asked, asked.filled(asked.order()), HIS, typed)
    assert [f.code for f in found.findings] == ["decided", "decided"]
    assert found.decision == HIS
    assert unused([HIS, typed], [found]) == ()
    assert settled_of(found, [HIS, typed]).reading == typed


@pytest.mark.parametrize("lost", ["mark-missing", "mark-altered", "mark-unknown"])
def test_a_card_without_a_sound_mark_is_whose_it_was_decided_to_be(asked: Team, lost: str) -> None:
    order = asked.order()
    mark = mark_of(asked.workspace, order)
    if lost == "mark-missing":
        card = without_mark(asked)
    elif lost == "mark-altered":
        card = asked.filled(order, mark=forged(mark, signature="0" * len(mark.signature)))
    else:  # rightly signed, of a record that is gone
        card = asked.filled(replace(order, due=None, feedback="gone"))
    given = Decision(Ruling.ANSWER_OF, *CARD, file="a.xlsx", why="Telefon")
    assert lost in codes(judged(asked, card))
    assert judged(asked, card).fate is Fate.ATTENTION
    found = judged(asked, card, given)
    assert (found.fate, found.order, lost in codes(found)) == (Fate.PROVISIONAL, order, False)
    assert "decided" in codes(found)
    assert found.answers.scorecard.total("us") == 66.0
    # a decision about another file, or about a card that never went out, is none about it
    assert judged(asked, card, replace(given, file="b.xlsx")).fate is Fate.ATTENTION
    wrong = judged(asked, card, replace(given, respondent="c9"))
    assert wrong.fate is Fate.ATTENTION
    assert {lost, "decision-unasked"} <= codes(wrong)
    both = judged(asked, card, given, replace(given, respondent="c2"))
    assert {lost, "decision-contradicts"} <= codes(both)


# --- how it is read ------------------------------------------------------------------------------


def test_two_decisions_that_exclude_each_other_leave_it_as_it_was(asked: Team) -> None:
    found = judged(asked, asked.filled(asked.order()), OUT, replace(HIS, ruling=Ruling.FIVE))
    assert (found.fate, codes(found)) == (Fate.ACCEPTED, {"decision-contradicts"})


def test_another_scale_where_nothing_is_in_doubt_changes_nothing_and_is_said(asked: Team) -> None:
    found = judged(asked, asked.filled(asked.order()), Decision(Ruling.FIVE, *CARD))
    assert (found.fate, codes(found)) == (Fate.ACCEPTED, {"decision-idle"})
    assert found.answers.scorecard.total("us") == 66.0


def test_the_scale_that_was_decided_reaches_who_reads_the_card(
    asked: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[Scale | None] = []
    right = scorecard_reading.read
    monkeypatch.setitem(CODES, "scale-doubt", CODES["rating-scale"])

    def read(raw, order, scale=None) -> CardReading:
        given.append(scale)
        made = right(raw, order, scale)
        doubt = () if scale else (finding("scale-doubt"),)
        return replace(made, findings=(*made.findings, *doubt))

    monkeypatch.setattr(scorecard_reading, "read", read)
    found = judged(asked, asked.filled(asked.order()), Decision(Ruling.GRADES, *CARD))
    assert (given, codes(found)) == ([None, Scale.GRADES], {"decided"})
    found = judged(asked, asked.filled(asked.order()), Decision(Ruling.AS_TYPED, *CARD))
    assert (given[2:], codes(found)) == ([None, Scale.POINTS], {"decided"})


@pytest.mark.skipif("scale-doubt" not in CODES, reason="no scale is doubted yet")
@pytest.mark.proof
def test_a_card_on_another_scale_waits_until_it_is_decided_and_is_converted(team: Team) -> None:
    order = team.order()
    small = answers_to(order, us=(5.0, 3.0, 1.0), rival=(4.0, 4.0, 3.0))
    team.put("klein.xlsx", team.filled(order, small))
    (waits,) = decide(team.root, now=NOW).waiting
    assert (waits.file.fate, waits.findings[0].code) == (Fate.ATTENTION, "scale-doubt")
    assert Ruling.FIVE in waits.rulings
    made = decide(team.root, now=NOW, said=["klein.xlsx=1-5"], agree=lambda _: True)
    (team.root / (made.path or "")).replace(team.root / "Register.xlsx")
    result = consolidate(team.root, now=NOW)
    (file,) = result.portfolio.files
    assert file.fate is Fate.ACCEPTED
    assert file.answers.scorecard.ratings["us"] == {"q": 100.0, "t": 50.0, "p": 0.0}
    assert decide(team.root, now=NOW).waiting == ()


def test_a_value_struck_out_counts_where_it_was_decided_that_it_says_what_was_typed(
    asked: Team,
) -> None:
    order = asked.order()

    def strike(book: Workbook) -> None:
        title, place = next(book.defined_names["kx_us"].destinations)
        cell = book[title][place.replace("$", "")][0][0]
        cell.font = Font(strike=True)

    card = edited(asked.filled(order), strike)
    assert (judged(asked, card).fate, codes(judged(asked, card))) == (
        Fate.PROVISIONAL, {"value-struck"}
    )  # fmt: skip
    found = judged(asked, card, Decision(Ruling.AS_TYPED, *CARD))
    assert (found.fate, codes(found)) == (Fate.ACCEPTED, {"decided"})
    assert found.answers == judged(asked, asked.filled(order)).answers


# --- in a workspace ------------------------------------------------------------------------------


@pytest.mark.proof
def test_what_the_register_decides_is_used_by_every_command(team: Team) -> None:
    decisions = (OUT, Decision(Ruling.TEN, "BETA", "pumps", "c1", "2026-H1"))
    made = replace(register(), decisions=decisions)
    (team.root / "Register.xlsx").write_bytes(drawn_register(made))
    path = team.put("antwort.xlsx", team.filled(team.order()))
    result = consolidate(team.root, now=NOW)
    (file,) = result.portfolio.files
    assert (file.fate, codes(file)) == (Fate.IGNORED, {"left-out"})
    idle = [f for f in result.findings if f.code == "decision-unused"]
    assert [f.value for f in idle] == ["BETA · pumps · c1 · 2026-H1"]
    (looked,) = check([path], team.root).files
    assert (looked.fate, codes(looked)) == (Fate.IGNORED, {"left-out"})
    # she did answer: nobody reminds her as if she had been silent
    told = remind(team.root)
    ada = {("ALPHA", "pumps", "c1")}
    assert ids(told.mails) == MAILED - ada
    assert {(o.account, o.segment, o.respondent) for o in told.sent_something} == ada


@pytest.mark.proof
def test_what_waits_is_listed_decided_and_waits_no_more(
    team: Team, capsys: pytest.CaptureFixture[str]
) -> None:
    team.put("ALPHA--pumps--c1 (2).xlsx", without_mark(team))
    root = str(team.root)
    assert cli.main(["-C", root, "--language", "de", "decide"]) == 0
    said = capsys.readouterr().out
    assert "inbox/ALPHA--pumps--c1 (2).xlsx" in said
    assert '"ALPHA--pumps--c1 (2).xlsx=answer-of:PERSON"' in said
    assert "1 Antwort wartet" in said
    told = remind(team.root)  # whoever sent something that waits is not reminded
    assert ids(told.mails) == MAILED - {("ALPHA", "pumps", "c1")}
    decision = "ALPHA--pumps--c1 (2).xlsx=ist die Antwort von …:ALPHA--pumps--c1"
    more = ["--who", "Jana", "--why", "Anruf"]
    before = (team.root / "Register.xlsx").read_bytes()
    assert cli.main(["-C", root, "--json", "decide", decision, *more]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert (shown["state"], shown["path"]) == ("shown", None)
    (row,) = shown["decided"]
    assert (row["account"], row["respondent"], row["file"], row["who"], row["why"]) == (
        "ALPHA", "c1", "ALPHA--pumps--c1 (2).xlsx", "Jana", "Anruf"
    )  # fmt: skip
    assert cli.main(["-C", root, "--json", "decide", decision, *more, "--yes"]) == 0
    path = team.root / json.loads(capsys.readouterr().out)["path"]
    assert (team.root / "Register.xlsx").read_bytes() == before
    read = register_form.read(read_workbook(path.read_bytes()))
    assert [(one.ruling, one.file, one.on) for one in read.decisions] == [
        (Ruling.ANSWER_OF, "ALPHA--pumps--c1 (2).xlsx", read.decisions[0].on)
    ]
    assert read.decisions[0].on is not None
    path.replace(team.root / "Register.xlsx")
    assert cli.main(["-C", root, "--json", "decide"]) == 0
    assert json.loads(capsys.readouterr().out)["waiting"] == []
    (file,) = take_in(team.workspace, register=read).files
    assert (file.fate, file.respondent) == (Fate.PROVISIONAL, "c1")


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("b.xlsx=1-5", "b.xlsx"),
        ("a.xlsx=vielleicht", "leave-out"),
        ("=1-5", "leave-out"),
        ("a.xlsx=same-person", "ID"),
    ],
)
def test_what_cannot_be_decided_is_said(
    team: Team, capsys: pytest.CaptureFixture[str], typed: str, says: str
) -> None:
    team.put("a.xlsx", b"PK\x03\x04" + bytes(40))
    assert cli.main(["-C", str(team.root), "decide", typed]) == 2
    assert says in capsys.readouterr().err
