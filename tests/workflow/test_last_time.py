"""What a respondent said the last time stands pale on her next card, on nobody else's, and is never
read as an answer; nothing of it makes another card of one that is out."""

from dataclasses import replace
from datetime import date

import pytest

from kamxl.core.records.register import LastAnswer
from kamxl.excel.reading.book import read
from kamxl.forms.scorecard.grid import StartGrid, TableGrid, size_of
from kamxl.forms.scorecard.reading import read as read_card
from kamxl.wording.texts import texts
from kamxl.workflow.incoming.intake import take_in
from kamxl.workflow.outgoing.issue import issue
from kamxl.workflow.outgoing.writing import remind
from tests.workflow.making import answers_to, drawn_register, edited, register, table_of

NEXT = "2026-H2"
CANARY = {"weights": (47.25, 32.5, 20.25), "us": (81.25, 62.75, 43.5)}  # nobody else says these
OTHER = {"weights": (10.0, 40.0, 50.0), "us": (11.0, 12.0, 13.0)}
SAID = {"zuletzt 47,25", "zuletzt 81,25", "zuletzt 62,75", "zuletzt 43,5"}


def states(made):
    return {(c.account, c.segment, c.respondent): c.state for c in made.issued}


def card(team, *key):
    return (team.root / f"outbox/{NEXT}/{'--'.join(key)}.xlsx").read_bytes()


def seen(data):
    return {c.text for s in read(data).sheets for c in s.cells.values()}


def answer(team, name, *key, typed=None, **said):
    order = team.order(*key)
    team.put(name, team.filled(order, answers_to(order, name=typed, **said)))


@pytest.fixture
def answered(team):
    """Ada answered about pumps; on Dee's card a colleague did; Bo said something else."""
    answer(team, "ada.xlsx", "ALPHA", "pumps", "c1", **CANARY)
    answer(team, "bo.xlsx", "ALPHA", "pumps", "c2", **OTHER)
    answer(team, "dee.xlsx", "GAMMA", "pumps", "c1", typed="Ed Colleague", **CANARY)
    return team


def test_her_last_answers_stand_on_her_next_card_and_on_no_other(answered):
    made = issue(answered.root, period=NEXT)
    assert set(states(made).values()) == {"new"}, [c.findings for c in made.issued]
    order = answered.order("ALPHA", "pumps", "c1", NEXT)
    ids = [r.id for r in order.requirements]
    assert order.last_period == "2026-H1"
    assert order.last == tuple(map(LastAnswer, ids, CANARY["weights"], CANARY["us"]))
    assert seen(card(answered, "ALPHA", "pumps", "c1")) >= SAID | {"Zuletzt 2026-H1"}
    for key in states(made):
        if key == ("ALPHA", "pumps", "c1"):
            continue
        own = seen(card(answered, *key))
        assert not {t for t in own for n in ("47.25", "47,25", "81.25", "81,25") if n in t}
        assert bool(answered.order(*key, NEXT).last) is (key == ("ALPHA", "pumps", "c2"))
    assert "zuletzt 10" in seen(card(answered, "ALPHA", "pumps", "c2"))


def test_nothing_of_it_is_read_as_an_answer(answered):
    issue(answered.root, period=NEXT)
    order = answered.order("ALPHA", "pumps", "c1", NEXT)
    data = card(answered, "ALPHA", "pumps", "c1")
    reading = read_card(read(data), order)
    assert reading.answers.empty
    assert [f.code for f in reading.findings] == ["empty-card"]
    # nor where its keys are gone and only headers tell what stands where, nor without the record
    grid = TableGrid(size_of(order))

    def without_keys(book):
        sheet = book[texts("de")("scorecard.table.sheet")]
        for column in range(1, grid.good + 1):
            sheet.cell(grid.KEYS, column).value = None
        for name in list(book.defined_names):
            del book.defined_names[name]

    for one, asked in ((edited(data, without_keys), order), (data, None)):
        reading = read_card(read(one), asked)
        assert reading.answers is None or reading.answers.empty
        assert {f.code for f in reading.findings} <= {
            "empty-card",
            "weights-none",
            "rating-missing",
        }


def test_what_she_answers_then_counts_as_ever(answered):
    issue(answered.root, period=NEXT)
    order = answered.order("ALPHA", "pumps", "c1", NEXT)

    def fill(book):
        sheet, grid = table_of(book, order)
        for at, (weight, points) in enumerate(((20, 50), (30, 60), (50, 70))):
            sheet.cell(grid.row(at), grid.weight).value = weight
            sheet.cell(grid.row(at), grid.us).value = points
        sheet.cell(grid.row(1), grid.good).value = "binnen 24 Stunden"
        who = StartGrid()
        book.worksheets[0].cell(who.row("role"), who.ANSWER).value = "Beides"

    answered.put("next.xlsx", edited(card(answered, "ALPHA", "pumps", "c1"), fill))
    (reply,) = [r for r in take_in(answered.workspace).replies if r.order.period == NEXT]
    assert [r.weight for r in reply.answers.scorecard.requirements] == [20, 30, 50]
    assert list(reply.answers.scorecard.ratings["us"].values()) == [50, 60, 70]
    assert reply.answers.good == {order.requirements[1].id: "binnen 24 Stunden"}
    assert reply.answers.role == "both"


def test_a_card_that_is_out_stays_as_it_is(answered):
    issue(answered.root, period=NEXT)
    # a later answer to the last period, and one that nobody had given before
    answer(answered, "ada2.xlsx", "ALPHA", "pumps", "c1", **OTHER)
    answer(answered, "valves.xlsx", "ALPHA", "valves", "c1", **OTHER)
    before = card(answered, "ALPHA", "pumps", "c1")
    assert set(states(issue(answered.root, period=NEXT)).values()) == {"unchanged"}
    assert card(answered, "ALPHA", "pumps", "c1") == before
    # what else is new makes it another card, with the same last answers
    made = register()
    made = replace(made, settings=replace(made.settings, due=date(2026, 12, 1)))
    (answered.root / "Register.xlsx").write_bytes(drawn_register(made))
    changed = {c.changed for c in issue(answered.root, period=NEXT).issued}
    assert {tuple(one.name for one in why) for why in changed} == {("due",)}
    assert answered.order("ALPHA", "pumps", "c1", NEXT).last[0].weight == 47.25


def test_a_card_that_went_out_without_stays_without(team):
    issue(team.root, period=NEXT)
    answer(team, "ada.xlsx", "ALPHA", "pumps", "c1", **CANARY)
    assert set(states(issue(team.root, period=NEXT)).values()) == {"unchanged"}
    assert team.order("ALPHA", "pumps", "c1", NEXT).last == ()


def test_a_reminder_carries_the_same_card(answered):
    issue(answered.root, period=NEXT)
    mails = remind(answered.root, period=NEXT).outgoing
    (sent,) = [c for m in mails for c in m.cards if c.order.key[:3] == ("alpha", "pumps", "c1")]
    assert sent.card == card(answered, "ALPHA", "pumps", "c1")


def test_a_test_shows_what_she_would_get(answered):
    made = issue(answered.root, ["ALPHA"], NEXT, test="kam@muster.example")
    assert set(states(made).values()) == {"test"}
    made_of = (answered.root / f"outbox/{NEXT}/test").iterdir()
    (path,) = [p for p in made_of if "pumps--c1" in p.name and p.suffix == ".xlsx"]
    assert seen(path.read_bytes()) >= SAID


def test_the_column_without_names_keeps_its_name_on_cards_that_are_out(team, monkeypatch):
    def older(language):
        return "Beste Alternative"

    monkeypatch.setattr("kamxl.workflow.outgoing.issue.alternative", older)
    issue(team.root, period=NEXT)
    monkeypatch.undo()
    assert states(issue(team.root, period=NEXT))["BETA", "pumps", "c1"] == "unchanged"
    later = issue(team.root, period="2027-H1")
    assert states(later)["BETA", "pumps", "c1"] == "new"
    names = [c.name for c in team.order("BETA", "pumps", "c1", "2027-H1").competitors]
    assert names == ["Bester anderer Anbieter"]


def test_a_successor_does_not_see_what_somebody_else_said(answered):
    issue(answered.root, period=NEXT)
    made = register()
    contacts = tuple(
        replace(one, name="Max Nachfolger") if one.name == "Ada Beispiel" else one
        for one in made.contacts
    )
    (answered.root / "Register.xlsx").write_bytes(drawn_register(replace(made, contacts=contacts)))
    again = issue(answered.root, period=NEXT)
    assert states(again)["ALPHA", "pumps", "c1"] == "changed"
    assert not seen(card(answered, "ALPHA", "pumps", "c1")) & SAID
    assert set(states(issue(answered.root, period=NEXT)).values()) == {"unchanged"}
