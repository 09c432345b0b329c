"""Who was asked and who has answered is asked of the issued records, whatever the register says."""

import email
import json
import shutil
from dataclasses import replace
from datetime import date
from email.policy import default

import pytest

from kamxl.cli import main as cli
from kamxl.core.records.register import Competitor, ListedCompetitor
from kamxl.core.roles import Source
from kamxl.excel.reading.book import read
from kamxl.forms.tables.mark import find_marks
from kamxl.store import memory
from kamxl.workflow.incoming.consolidate import consolidate
from kamxl.workflow.outgoing.issue import issue
from kamxl.workflow.outgoing.writing import remind, thank
from tests.workflow.making import (
    NOW,
    Team,
    answers_to,
    drawn_register,
    hashes,
    new_team,
    register,
)

OUT = "outbox/2026-H1"
# Who is asked by mail; BETA's contact has no address.
MAILED = {("ALPHA", "pumps", "c1"), ("ALPHA", "pumps", "c2"), ("ALPHA", "valves", "c1"),
          ("GAMMA", "pumps", "c1")}  # fmt: skip


def ids(mails):
    return {(m.account, m.segment, m.respondent) for m in mails}


def parsed(path):
    return email.message_from_bytes(path.read_bytes(), policy=default)


def with_settings(**changes):
    made = register()
    return replace(made, settings=replace(made.settings, **changes))


def with_contacts(edit):
    made = register()
    return replace(made, contacts=tuple(c for one in made.contacts if (c := edit(one)) is not None))


def with_label():
    made = register()
    first, *others = made.requirements
    changed = replace(first, asked=replace(first.asked, label="Güte"))
    return replace(made, requirements=(changed, *others))


def change(team, made):
    (team.root / "Register.xlsx").write_bytes(drawn_register(made))


LATER = {
    "return by": with_settings(due=date(2026, 6, 30)),
    "sender": with_settings(sender_name="Neue Kollegin"),
    "threshold": with_settings(rating_threshold=55.0),
    "company": with_settings(company="Muster SE"),
    "competitor": replace(
        register(), competitors=(ListedCompetitor("", "", Competitor("borel", "Borel SA")),)
    ),
    "label": with_label(),
    "next period": with_settings(period="2026-H2"),
    "segment gone": replace(
        register(), segments=tuple(s for s in register().segments if s.id != "valves")
    ),
}


@pytest.mark.proof
@pytest.mark.parametrize("what", LATER)
def test_a_later_register_changes_nothing_of_who_has_answered(team, what):
    team.put("ada.xlsx", team.filled(team.order("ALPHA", "pumps", "c1")))
    team.put("dee.xlsx", team.filled(team.order("GAMMA", "pumps", "c1")))
    change(team, LATER[what])
    told = remind(team.root, period="2026-H1")
    answered = {("ALPHA", "pumps", "c1"), ("GAMMA", "pumps", "c1")}
    assert ids(told.mails) == MAILED - answered
    assert set(told.sent_something + told.undeliverable + told.left + told.delayed) == set()
    assert ids(thank(team.root, period="2026-H1").mails) == answered


def test_the_reminder_carries_the_card_as_it_was_issued(team):
    change(team, LATER["label"])
    remind(team.root)
    mail = parsed(team.root / OUT / "ALPHA--c2+reminder.eml")
    (card,) = mail.iter_attachments()
    data = card.get_content()
    assert data == (team.root / OUT / "ALPHA--pumps--c2.xlsx").read_bytes()
    ((mark, _, _),) = find_marks(read(data))
    assert mark.digest == mail["X-Kamxl-Card"]
    assert mark.digest in memory.load(team.workspace).orders


@pytest.mark.proof
def test_a_mistake_in_the_register_hides_nobody(team):
    """The account is blocked, its cards are out all the same."""
    wrong = replace(register(), segments=(*register().segments, register().segments[0]))
    change(team, wrong)
    told = remind(team.root)
    assert ids(told.mails) == MAILED
    assert not told.left


@pytest.mark.proof
def test_an_answer_to_an_older_record_of_the_same_card_counts(team):
    older = team.order("ALPHA", "pumps", "c1")
    sent_back = team.filled(older, answers_to(older, us=(81.0, 62.0, 43.0)))
    change(team, LATER["label"])
    issue(team.root, now=NOW)
    team.put("ada.xlsx", sent_back)
    assert ids(remind(team.root).mails) == MAILED - {("ALPHA", "pumps", "c1")}
    assert ids(thank(team.root).mails) == {("ALPHA", "pumps", "c1")}
    text = parsed(team.root / OUT / "ALPHA--c1+thanks.eml").get_body(("plain",))
    assert "Qualität" in text.get_content()  # what she rated, not what is asked now
    assert "81,0" in text.get_content()


def newest_due(team):
    """When the reminded card is to be returned by, as its mail says."""
    remind(team.root, ["GAMMA"])
    path = team.root / OUT / "GAMMA--c1+reminder.eml"
    (card,) = parsed(path).iter_attachments()
    ((mark, _, _),) = find_marks(read(card.get_content()))
    return memory.load(team.workspace).orders[mark.digest].due


@pytest.mark.proof
def test_the_newest_is_what_went_out_last_also_when_a_card_returns(team):
    june, july = date(2026, 6, 30), date(2026, 7, 31)
    assert newest_due(team) is None
    for due in (july, june, july, None, june):
        change(team, with_settings(due=due))
        issue(team.root, now=NOW)
        shutil.rmtree(team.root / "outbox")  # the log knows without it
        change(team, with_settings(due=date(2026, 8, 31)))
        assert newest_due(team) == due
    lines = (team.root / ".kamxl" / "issued" / "log").read_text().splitlines()
    runs = [int(line.split()[0]) for line in lines]
    assert runs == sorted(runs)
    assert set(runs) == {1, 2, 3, 4, 5, 6}


@pytest.mark.proof
def test_without_a_log_the_card_in_the_outbox_decides(team):
    june, july = date(2026, 6, 30), date(2026, 7, 31)
    for due in (july, june):
        change(team, with_settings(due=due))
        issue(team.root, now=NOW)
    (team.root / ".kamxl" / "issued" / "log").unlink()
    change(team, with_settings(due=july))
    assert newest_due(team) == june
    # no card either: nobody knows, and whoever answered any of them has answered
    shutil.rmtree(team.root / "outbox")
    assert newest_due(team) == july
    team.put("dee.xlsx", team.filled(replace(team.order("GAMMA"), due=None)))
    assert ids(remind(team.root, ["GAMMA"]).mails) == set()


@pytest.mark.proof
def test_issuing_again_adds_no_line_to_the_log(team):
    before = hashes(team.root, ".kamxl")
    issue(team.root, now=NOW)
    remind(team.root)
    assert hashes(team.root, ".kamxl") == before


@pytest.mark.proof
def test_an_id_in_other_letters_is_the_same_card(team):
    change(team, with_contacts(lambda c: replace(c, id=c.id.upper())))
    issue(team.root, now=NOW)
    team.put("ada.xlsx", team.filled(team.order("ALPHA", "pumps", "c1")))
    told = remind(team.root)
    assert len(told.mails) == 3
    assert {m.path for m in told.mails} >= {f"{OUT}/ALPHA--pumps--c2.xlsx"}


@pytest.mark.proof
def test_a_corrected_address_and_name_are_used_on_the_way_out(team):
    def corrected(contact):
        if contact.email == "bo@alpha.example":
            return replace(contact, name="Bodo Muster", email="bodo@alpha.example")
        return contact

    change(team, with_contacts(corrected))
    ada = team.order("ALPHA", "pumps", "c2")
    told = remind(team.root)
    assert ids(told.mails) == MAILED
    path = team.root / OUT / "ALPHA--c2+reminder.eml"
    mail = parsed(path)
    assert mail["To"] == "Bodo Muster <bodo@alpha.example>"
    assert mail.get_body(("plain",)).get_content().startswith("Guten Tag,")
    (card,) = mail.iter_attachments()
    assert card.get_content() == (team.root / OUT / "ALPHA--pumps--c2.xlsx").read_bytes()
    # the name she typed was right when the card went out, and it is right now
    for name in ("Bo Muster", "BODO  Muster"):
        team.put("bo.xlsx", team.filled(ada, answers_to(ada, name=name)))
        assert ids(thank(team.root).mails) == {("ALPHA", "pumps", "c2")}
        mail = parsed(team.root / OUT / "ALPHA--c2+thanks.eml")
        assert mail["To"] == "Bodo Muster <bodo@alpha.example>"


@pytest.mark.proof
def test_an_address_that_was_missing_is_written_to_now(team):
    change(team, with_contacts(lambda c: replace(c, email=c.email or "cem@beta.example")))
    told = remind(team.root, ["BETA"])
    assert [mail.recipient for mail in told.outgoing] == ["cem@beta.example"]


def test_a_new_sender_is_who_answers_go_to(team):
    change(team, with_settings(sender_name="Neue Kollegin"))
    remind(team.root)
    mail = parsed(team.root / OUT / "GAMMA--c1+reminder.eml")
    assert mail["From"].addresses[0].display_name == "Neue Kollegin"


# --- who left ------------------------------------------------------------------------------------


def gone(contact):
    return None if contact.id == "c2" else contact


def silenced(contact):
    return replace(contact, asked=False) if contact.id == "c2" else contact


def elsewhere(contact):
    return replace(contact, segments=("valves",)) if contact.id == "c2" else contact


def in_person(contact):
    return replace(contact, source=Source.INTERVIEW) if contact.id == "c2" else contact


def without_address(contact):
    return replace(contact, email="") if contact.id == "c2" else contact


@pytest.mark.proof
@pytest.mark.parametrize(
    ("edit", "code"),
    [
        (gone, "not-in-register"),
        (silenced, "no-longer-asked"),
        (elsewhere, "no-longer-asked"),
        (in_person, "asked-otherwise"),
        (without_address, "asked-otherwise"),
    ],
)
def test_who_left_is_said_so_and_not_chased(team, edit, code):
    change(team, with_contacts(edit))
    told = remind(team.root)
    assert ids(told.mails) == MAILED - {("ALPHA", "pumps", "c2")}
    (left,) = told.left
    assert (left.account, left.segment, left.respondent) == ("ALPHA", "pumps", "c2")
    assert (left.name, left.finding.code) == ("Bo Muster", code)
    assert told.sent_something + told.undeliverable == ()
    assert ids(remind(team.root, everyone=True).mails) == MAILED
    # that she answered before she left is an answer
    team.put("bo.xlsx", team.filled(team.order("ALPHA", "pumps", "c2")))
    assert not remind(team.root).left
    assert ids(thank(team.root).mails) == {("ALPHA", "pumps", "c2")}


@pytest.mark.proof
def test_an_account_that_is_gone_can_still_be_asked_for(team):
    made = register()
    keep = {
        name: tuple(r for r in getattr(made, name) if getattr(r, "account", r.id) != "GAMMA")
        for name in ("segments", "contacts")
    }
    accounts = tuple(a for a in made.accounts if a.id != "GAMMA")
    change(team, replace(made, accounts=accounts, **keep))
    told = remind(team.root, ["gamma"])
    assert not told.mails
    assert [one.finding.code for one in told.left] == ["not-in-register"]


@pytest.mark.proof
def test_a_row_with_a_mistake_is_no_departure(team):
    change(team, with_contacts(lambda c: replace(c, segments=("nothing",)) if c.id == "c2" else c))
    told = remind(team.root)
    assert ("ALPHA", "pumps", "c2") in ids(told.mails)
    assert not told.left


@pytest.mark.proof
def test_the_list_and_the_words_say_who_left(team, capsys):
    change(team, with_contacts(gone))
    for language, said in (
        ("de", "Bo Muster (ALPHA · pumps): Steht nicht mehr im Register; die Scorecard ging an"),
        ("en", "Bo Muster (ALPHA · pumps): Is no longer in the register; the scorecard went to"),
    ):
        assert cli.main(["-C", str(team.root), "remind", "--language", language]) == 0
        assert said in capsys.readouterr().out
    assert cli.main(["-C", str(team.root), "remind", "--json"]) == 0
    (left,) = json.loads(capsys.readouterr().out)["left"]
    assert left["findings"][0]["code"] == "not-in-register"
    assert left["email"] == "bo@alpha.example"
    (sheet,) = read((team.root / OUT / "Empfaenger.xlsx").read_bytes()).sheets
    texts = {cell.text for cell in sheet.cells.values()}
    assert "ausgeschieden" in texts
    assert "Bo Muster" in texts


# --- nothing is out ------------------------------------------------------------------------------


def test_where_nothing_was_issued_nobody_has_answered(tmp_path, capsys):
    team = new_team(tmp_path / "w")
    assert cli.main(["-C", str(team.root), "remind", "--language", "en"]) == 0
    assert "no scorecards are out for this period" in capsys.readouterr().out


# --- the portfolio -------------------------------------------------------------------------------


def unknowns(team):
    consolidate(team.root, now=NOW)
    raw = read((team.root / "Portfolio.xlsx").read_bytes())
    page = (team.root / "Portfolio.html").read_text()
    cells = {cell.text for sheet in raw.sheets for cell in sheet.cells.values()}
    return cells, page


@pytest.mark.proof
def test_the_portfolio_tells_who_was_not_asked_from_who_is_silent(tmp_path):
    team = new_team(tmp_path / "w")
    issue(team.root, ["ALPHA", "BETA"], now=NOW)
    team.put("ada.xlsx", team.filled(team.order("ALPHA", "pumps", "c1")))
    cells, page = unknowns(team)
    for said in (
        "Ein Kunde hat in diesem Zeitraum noch nicht geantwortet: Beta Bau.",
        "Ein Kunde wurde in diesem Zeitraum noch nicht gefragt: Gamma Foods.",
    ):
        assert any(said in cell for cell in cells)
        assert said in page


@pytest.mark.proof
def test_a_workspace_of_an_earlier_version_goes_on(team: Team):
    (team.root / ".kamxl" / "issued" / "log").unlink()
    team.put("ada.xlsx", team.filled(team.order("ALPHA", "pumps", "c1")))
    assert ids(remind(team.root).mails) == MAILED - {("ALPHA", "pumps", "c1")}
    issue(team.root, now=NOW)
    log = (team.root / ".kamxl" / "issued" / "log").read_text().split()
    assert set(log[1::2]) == set(memory.load(team.workspace).orders)
