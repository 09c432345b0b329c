"""What a customer added stays: decided once, known in all her answers, asked on the next card."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from kamxl.cli import main as cli
from kamxl.core.finding import Fate
from kamxl.core.records.decision import Decision, Ruling
from kamxl.core.records.register import Answers, CardOrder, Requirement, Scorecard
from kamxl.errors import KamxlError
from kamxl.excel.reading.book import read as read_workbook
from kamxl.forms.register import book as register_form
from kamxl.store.inbox import entry_of
from kamxl.workflow.incoming.consolidate import consolidate
from kamxl.workflow.incoming.decide import DecideResult, decide
from kamxl.workflow.incoming.decided import unused
from kamxl.workflow.incoming.intake import known_of
from kamxl.workflow.incoming.judge import Judged, judge
from kamxl.workflow.incoming.own import typed, waiting
from kamxl.workflow.outgoing.issue import issue
from kamxl.workflow.outgoing.plan_known import Knowledge
from tests.workflow.making import NOW, Team, answers_to, codes, drawn_register, register

NEXT = "2026-H2"
NEW = Decision(
    Ruling.REQUIREMENT_NEW, "ALPHA", "pumps", requirement="Rücknahme", under="BACK", who="Jana"
)  # fmt: skip
SAME = replace(NEW, ruling=Ruling.REQUIREMENT_SAME, under="p")


def adding(order: CardOrder, label: str = "Rücknahme", *, price: float | None = 20.0) -> Answers:
    """Answers with a requirement of her own; ``price`` None: the last asked one stays blank."""
    given = answers_to(order)
    asked = [replace(r, weight=w) for r, w in
             zip(given.scorecard.requirements, (50.0, 20.0, price), strict=True)]  # fmt: skip
    own = Requirement("own1", label, 10.0 if price else 30.0)
    ratings = {
        s: {**by, "own1": 30.0, "p": by["p"] if price else None}
        for s, by in given.scorecard.ratings.items()
    }
    return replace(given, scorecard=Scorecard((*asked, own), ratings))


@pytest.fixture(scope="module")
def asked(issued_root: Path) -> Team:
    """A workspace whose cards went out, only to be looked at."""
    return Team(issued_root)


def judged(team: Team, *decisions: Decision, **how) -> Judged:
    order = team.order()
    data = team.filled(order, adding(order, **how))
    return judge(entry_of("inbox/a.xlsx", data, NOW), known_of(team.workspace, decisions))


def rows(file: Judged) -> list[tuple[str, float | None, float | None]]:
    card = file.answers.scorecard
    return [(r.id, r.weight, card.rating("us", r.id)) for r in card.requirements]


def test_what_stays_is_read_under_its_id_and_intake_says_so(asked: Team) -> None:
    plain, found = judged(asked), judged(asked, NEW)
    assert (plain.fate, rows(plain)[3], codes(plain)) == (
        Fate.ACCEPTED, ("own1", 10.0, 30.0), set()
    )  # fmt: skip
    assert (found.fate, rows(found)[3], codes(found)) == (
        Fate.ACCEPTED, ("BACK", 10.0, 30.0), {"own-decided"}
    )  # fmt: skip
    assert found.answers.scorecard.total("us") == plain.answers.scorecard.total("us")
    other = replace(NEW, segment="valves")
    assert unused([NEW, other], [found]) == (other,)


def test_the_same_fills_the_asked_one_and_nothing_is_missed_any_more(asked: Team) -> None:
    plain, found = judged(asked, price=None), judged(asked, SAME, price=None)
    assert codes(plain) == {"weight-missing", "rating-missing"}
    assert plain.fate is Fate.PROVISIONAL
    assert (found.fate, codes(found)) == (Fate.ACCEPTED, {"own-decided"})
    assert rows(found)[2:] == [("p", 30.0, 30.0)]


def test_the_same_beside_an_answered_one_is_said(asked: Team) -> None:
    found = judged(asked, SAME)
    assert (codes(found), rows(found)) == ({"own-twice"}, rows(judged(asked)))
    assert unused([SAME], [found]) == ()


# --- what is listed, and how it is decided -------------------------------------------------------


def listed(team: Team, *decisions: Decision, held=None, **how):
    made = replace(held or register(), decisions=decisions)
    return made, tuple(waiting([judged(team, *decisions, **how)], made))


def test_an_open_one_waits_with_a_row_that_lacks_only_the_word(asked: Team) -> None:
    made, (one,) = listed(asked)
    assert one.row == Decision(
        Ruling.REQUIREMENT_NEW, "ALPHA", "pumps", requirement="Rücknahme", under="RUECKNAHME"
    )  # fmt: skip
    assert [r.id for r in one.asked] == ["q", "t", "p"]
    assert one.rulings == (
        Ruling.REQUIREMENT_NEW, Ruling.REQUIREMENT_SAME, Ruling.LEAVE_OUT
    )  # fmt: skip
    assert one.decided(Ruling.REQUIREMENT_NEW) == "ALPHA/pumps/Rücknahme=new:RUECKNAHME"
    assert one.decided(Ruling.REQUIREMENT_SAME) == "ALPHA/pumps/Rücknahme=same:ID"
    for settled in (NEW, SAME, replace(NEW, ruling=Ruling.LEAVE_OUT, under="")):
        assert listed(asked, settled)[1] == ()
    gone = tuple(s for s in made.segments if s.id != "pumps")
    assert listed(asked, held=replace(made, segments=gone))[1] == ()  # asked no more


def test_one_that_is_called_as_an_asked_one_is_proposed_as_the_same(asked: Team) -> None:
    _, (one,) = listed(asked, label="preis ")
    assert (one.row.ruling, one.row.under) == (Ruling.REQUIREMENT_SAME, "p")
    assert one.rulings[0] is Ruling.REQUIREMENT_SAME


@pytest.mark.parametrize(
    ("text", "ruling", "under"),
    [
        ("ALPHA/pumps/Rücknahme=new:BACK", Ruling.REQUIREMENT_NEW, "BACK"),
        ("alpha/PUMPS/rücknahme =new", Ruling.REQUIREMENT_NEW, "RUECKNAHME"),
        ("ALPHA/pumps/Rücknahme=same:P", Ruling.REQUIREMENT_SAME, "p"),
        ("ALPHA/pumps/Rücknahme=Anforderung wie …:q", Ruling.REQUIREMENT_SAME, "q"),
        ("ALPHA/pumps/Rücknahme=weglassen", Ruling.LEAVE_OUT, ""),
    ],
)
def test_it_is_decided_in_one_line(asked: Team, text: str, ruling: Ruling, under: str) -> None:
    found = typed(text, listed(asked)[1])
    assert (found.ruling, found.under, found.requirement) == (ruling, under, "Rücknahme")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("ALPHA/pumps/Rücknahme=1-5", "decide-own-unclear"),
        ("ALPHA/pumps/Rücknahme", "decide-own-unclear"),
        ("pumps/Rücknahme=new:BACK", "decide-own-unclear"),
        ("ALPHA/valves/Rücknahme=new:BACK", "decide-no-own"),
        ("ALPHA/pumps/Lager=new:BACK", "decide-no-own"),
        ("ALPHA/pumps/Rücknahme=same", "decide-not-asked"),
        ("ALPHA/pumps/Rücknahme=same:NIX", "decide-not-asked"),
        ("ALPHA/pumps/Rücknahme=new:P", "decide-asked"),
        ("ALPHA/pumps/Rücknahme=new:own3", "decide-bad-id"),
        ("ALPHA/pumps/Rücknahme=new:zu viel", "decide-bad-id"),
    ],
)
def test_what_cannot_be_decided_so_is_said(asked: Team, text: str, code: str) -> None:
    with pytest.raises(KamxlError) as told:
        typed(text, listed(asked)[1])
    assert told.value.code == code


# --- in a workspace ------------------------------------------------------------------------------


def with_decisions(team: Team, *decisions: Decision) -> None:
    made = drawn_register(replace(register(), decisions=decisions))
    (team.root / "Register.xlsx").write_bytes(made)


def test_it_waits_is_decided_by_command_and_waits_no_more(
    team: Team, capsys: pytest.CaptureFixture[str]
) -> None:
    order = team.order()
    team.put("ada.xlsx", team.filled(order, adding(order)))
    root = str(team.root)
    assert cli.main(["-C", root, "--language", "de", "decide"]) == 0
    said = capsys.readouterr().out
    assert "„Rücknahme“" in said
    assert 'kamxl decide --requirement "ALPHA/pumps/Rücknahme=new:RUECKNAHME"' in said
    assert "1 eigene Anforderung eines Kunden wartet" in said
    one = ["--requirement", "ALPHA/pumps/Rücknahme=new:BACK", "--who", "Jana", "--yes"]
    assert cli.main(["-C", root, "--json", "decide", *one]) == 0
    told = json.loads(capsys.readouterr().out)
    (waits,) = told["waiting"]
    assert (waits["requirement"], waits["asked"][0]) == (
        "Rücknahme", {"id": "q", "label": "Qualität"}
    )  # fmt: skip
    assert [d["needs_id"] for d in waits["decisions"]] == [True, True, False]
    assert told["decided"][0]["under"] == "BACK"
    path = team.root / told["path"]
    (made,) = register_form.read(read_workbook(path.read_bytes())).decisions
    assert replace(made, on=None) == NEW
    path.replace(team.root / "Register.xlsx")
    assert decide(team.root, now=NOW).waiting == ()


def test_at_a_terminal_it_is_asked_about(team: Team) -> None:
    order = team.order()
    team.put("ada.xlsx", team.filled(order, adding(order)))
    seen: list[str] = []

    def choose(one) -> Decision:
        seen.append(one.own)
        return replace(one.row, under="BACK")

    found: DecideResult = decide(team.root, now=NOW, choose=choose)
    assert (seen, found.state) == (["Rücknahme"], "shown")
    assert [(d.ruling, d.under) for d in found.decided] == [(Ruling.REQUIREMENT_NEW, "BACK")]
    with pytest.raises(KamxlError):
        decide(team.root, now=NOW, choose=lambda one: replace(one.row, under="q"))


@pytest.mark.proof
def test_it_stands_on_the_next_card_in_the_plan_and_in_the_trend(team: Team) -> None:
    order, his = team.order(), team.order(respondent="c2")
    team.put("ada.xlsx", team.filled(order, adding(order)))
    team.put("bo.xlsx", team.filled(his, adding(his, "RÜCKNAHME")))
    first = consolidate(team.root, now=NOW)
    (open_one,) = [f for f in first.findings if f.code == "own-undecided"]
    assert (open_one.value, dict(open_one.details)["names"]) == (
        "Rücknahme", "Ada Beispiel, Bo Muster"
    )  # fmt: skip
    idle = replace(NEW, segment="valves", under="X")
    with_decisions(team, NEW, idle)
    made = consolidate(team.root, now=NOW)
    assert {f.code: f.value for f in made.findings if "own" in f.code or "unused" in f.code} == {
        "decision-unused": "ALPHA · valves · Rücknahme"
    }
    (segment,) = [
        s for a in made.portfolio.accounts for s in a.segments if (a.id, s.id) == ("ALPHA", "pumps")
    ]
    assert [(r.id, r.label) for r in segment.profile.requirements][3:] == [("BACK", "Rücknahme")]
    with_decisions(team, NEW)
    # the cards of the same period are issued again only if the team does so, and say why
    again = issue(team.root, now=NOW, planned=[])
    changed = {(c.account, c.segment): [x.name for x in c.changed] for c in again.issued
               if c.state == "changed"}  # fmt: skip
    assert changed == {("ALPHA", "pumps"): ["requirements.BACK.added"]}
    issue(team.root, period=NEXT, now=NOW, planned=[])
    later = team.order(period=NEXT)
    assert [r.id for r in later.requirements] == ["q", "t", "p", "BACK"]
    assert [(one.id, one.weight, one.rating) for one in later.last][3:] == [("BACK", 10.0, 30.0)]
    assert "BACK" not in {r.id for r in team.order("BETA", period=NEXT).requirements}
    held = replace(register(), decisions=(NEW,))
    known = Knowledge(held, NEXT, (), (), NOW.date()).prefill(held.accounts[0])
    assert [r.id for r in known.segments[0].requirements][3:] == ["BACK"]
