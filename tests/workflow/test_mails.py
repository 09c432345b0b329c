"""Drafts beside cards, reminders and thanks: the right words to the right people, and no others."""

import email
import json
from dataclasses import replace
from datetime import timedelta
from email.policy import default

import pytest

from kamxl.cli import main as cli
from kamxl.core.roles import Source
from kamxl.errors import TemplateError
from kamxl.excel.reading.book import read
from kamxl.mail.message import Draft, Person, draft, short_name
from kamxl.workflow.outgoing.issue import issue
from kamxl.workflow.outgoing.writing import remind, thank
from tests.workflow.making import NOW, answers_to, hashes, new_team, register

OUT = "outbox/2026-H1"


def parsed(path):
    return email.message_from_bytes(path.read_bytes(), policy=default)


def mails(team):
    return {path.name for path in (team.root / OUT).glob("*.eml")}


# --- issue ---------------------------------------------------------------------------------------


def test_each_person_has_one_draft_with_all_her_cards_attached(team):
    path = team.root / OUT / "ALPHA--c1.eml"
    mail = parsed(path)
    assert mail["To"] == "Ada Beispiel <ada@alpha.example>"
    assert mail["From"].addresses[0].addr_spec == "kam@muster.example"
    assert mail["X-Unsent"] == "1"
    assert mail["Date"] is None
    assert mail["Message-ID"] is None
    assert "„Pumpen“ und „Ventile“" in mail["Subject"]
    text = mail.get_body(("plain",)).get_content()
    html = mail.get_body(("html",)).get_content()
    assert text.startswith("Guten Tag,")
    cards = list(mail.iter_attachments())
    names = ["ALPHA--pumps--c1.xlsx", "ALPHA--valves--c1.xlsx"]
    assert [card.get_filename() for card in cards] == names
    for name, card in zip(names, cards, strict=True):
        assert name in text
        assert name in html
        assert card.get_content() == (team.root / OUT / name).read_bytes()
    assert mails(team) == {"ALPHA--c1.eml", "ALPHA--c2.eml", "GAMMA--c1.eml"}
    assert "<script" not in html
    assert "http" not in html.replace("http-equiv", "")


def test_each_step_is_a_line_of_its_own(team):
    """A tag at the end of a line takes the line's end with it, unless it says otherwise."""
    for account in ("ALPHA", "GAMMA"):
        text = parsed(team.root / OUT / f"{account}--c1.eml").get_body(("plain",)).get_content()
        assert [line[0] for line in text.splitlines() if line[1:3] == ". "] == ["1", "2", "3"]
    remind(team.root)
    text = parsed(team.root / OUT / "ALPHA--c1+reminder.eml").get_body(("plain",)).get_content()
    assert [line[0] for line in text.splitlines() if line[1:3] == ". "] == ["1", "2", "3"]


def test_a_contact_without_address_gets_a_card_and_no_draft(team):
    assert (team.root / OUT / "BETA--pumps--c1.xlsx").exists()
    assert "BETA--c1.eml" not in mails(team)


@pytest.mark.proof
def test_who_is_asked_in_person_gets_no_mail(tmp_path):
    made = register()
    contacts = tuple(replace(c, source=Source.INTERVIEW) for c in made.contacts)
    team = new_team(tmp_path / "w", replace(made, contacts=contacts))
    result = issue(team.root, now=NOW)
    assert {card.mail for card in result.issued} == {None}
    assert not mails(team)


def test_issuing_again_changes_no_byte(team):
    before = hashes(team.root, "outbox")
    again = issue(team.root, now=NOW + timedelta(days=3))
    assert hashes(team.root, "outbox") == before
    assert {card.state for card in again.issued} == {"unchanged"}
    assert [mail.path.name for mail in again.outgoing] == sorted(mails(team))


def test_english_contacts_get_english(team):
    mail = parsed(team.root / OUT / "GAMMA--c1.eml")
    assert mail.get_body(("plain",)).get_content().startswith("Hello,")


# --- templates -----------------------------------------------------------------------------------


def own_template(team, name, text, language="de"):
    path = team.root / "templates" / "mail" / language / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_a_team_changes_words_without_touching_code(team):
    own_template(team, "invitation.subject.txt", "Nur kurz: {{ letter.segment }}\n")
    issue(team.root, now=NOW)
    mail = parsed(team.root / OUT / "ALPHA--c1.eml")
    assert mail["Subject"] == "Nur kurz: Pumpen und Ventile"
    assert parsed(team.root / OUT / "ALPHA--c2.eml")["Subject"] == "Nur kurz: Pumpen"
    assert "Guten Tag" in mail.get_body(("plain",)).get_content()  # the rest is ours


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("Hallo\n{{ letter.nickname }}", "line 2", "nickname"),
        ("Hallo {{ revenue }}", "line 1", "revenue"),
        ("Hallo\n\n{% if %}", "line 3", "Expected an expression"),
        ("{{ letter.name.__class__.__mro__ }}", "line 1", "unsafe"),
        ("{{ letter.__init__.__globals__ }}", "line 1", "unsafe"),
    ],
)
def test_a_broken_template_names_itself_its_line_and_the_variable(team, text, line, what):
    own_template(team, "invitation.txt", text)
    with pytest.raises(TemplateError) as caught:
        issue(team.root, now=NOW)
    assert "invitation.txt" in str(caught.value)
    assert line in str(caught.value)
    assert what in str(caught.value)


# --- headers -------------------------------------------------------------------------------------


def test_nothing_typed_adds_a_header():
    evil = "x\r\nBcc: all@evil.example\r\n\r\nbody\0\x07"
    data = draft(Draft(evil, "text", "<p>html</p>", Person(evil, "a@b.example"), None))
    mail = email.message_from_bytes(data, policy=default)
    assert mail["Bcc"] is None
    assert set(mail.keys()) == {"Subject", "To", "X-Unsent", "MIME-Version", "Content-Type"}
    assert b"\0" not in data


@pytest.mark.parametrize("address", ["", "nobody", "a@b@c", "a b@c.example\r\nBcc: x@y.z"])
def test_an_address_that_is_none_is_refused(address):
    with pytest.raises(ValueError, match="address"):
        draft(Draft("s", "t", "h", Person("n", address)))


def test_file_names_are_short_and_plain():
    name = short_name("Über--" + "x" * 90 + ".xlsx")
    assert name.isascii()
    assert len(name) <= 60
    assert name.endswith(".xlsx")


def test_equal_drafts_are_equal_bytes():
    given = Draft("s", "ä" * 500, "<p>ß</p>", Person("n", "a@b.example"), None, (("a.xlsx", b"1"),))
    assert draft(given) == draft(given)


# --- remind --------------------------------------------------------------------------------------


@pytest.mark.proof
def test_only_those_who_have_not_answered_are_reminded(team):
    team.put("ada.xlsx", team.filled(team.order("ALPHA", "pumps", "c1")))
    result = remind(team.root)
    assert {(m.account, m.segment, m.respondent) for m in result.mails} == {
        ("ALPHA", "pumps", "c2"),
        ("ALPHA", "valves", "c1"),
        ("GAMMA", "pumps", "c1"),
    }
    (open_one,) = parsed(team.root / OUT / "ALPHA--c1+reminder.eml").iter_attachments()
    assert open_one.get_filename() == "ALPHA--valves--c1.xlsx"
    mail = parsed(team.root / OUT / "ALPHA--c2+reminder.eml")
    assert mail["To"].addresses[0].addr_spec == "bo@alpha.example"
    (card,) = mail.iter_attachments()
    assert card.get_content() == (team.root / OUT / "ALPHA--pumps--c2.xlsx").read_bytes()
    assert {m.state for m in remind(team.root).mails} == {"unchanged"}


def test_an_answer_that_does_not_count_is_none_and_no_silence_either(team):
    team.put("empty.xlsx", (team.root / OUT / "ALPHA--pumps--c1.xlsx").read_bytes())
    told = remind(team.root, ["ALPHA"])
    assert "ALPHA--pumps--c1.xlsx" not in {mail.path.rpartition("/")[2] for mail in told.mails}
    assert [one.files for one in told.sent_something] == [("inbox/empty.xlsx",)]


# --- thank ---------------------------------------------------------------------------------------


def test_thanks_show_the_own_answer_and_no_colleagues(team):
    ada, bo = team.order("ALPHA", "pumps", "c1"), team.order("ALPHA", "pumps", "c2")
    team.put("ada.xlsx", team.filled(ada, answers_to(ada, us=(81.0, 62.0, 43.0))))
    team.put("bo.xlsx", team.filled(bo, answers_to(bo, us=(12.0, 13.0, 14.0))))
    result = thank(team.root)
    assert {m.respondent for m in result.mails} == {"c1", "c2"}
    mail = parsed(team.root / OUT / "ALPHA--c1+thanks.eml")
    html, text = (mail.get_body((kind,)).get_content() for kind in ("html", "plain"))
    total = answers_to(ada, us=(81.0, 62.0, 43.0)).scorecard.total("us")
    for body in (html, text):
        assert f"{total:.1f}".replace(".", ",") in body
        assert "81,0" in body
        assert "12,0" not in body
        assert "Bo Muster" not in body
    (picture,) = [p for p in mail.walk() if p.get_content_type() == "image/png"]
    assert picture.get_content().startswith(b"\x89PNG")
    assert f"cid:{picture['Content-ID'].strip('<>')}" in html
    assert not [p for p in mail.iter_attachments() if p.get_filename()]


NOBODY = (None, None, None)


def thanked(team, **given):
    """The thank-you for an answer: its bodies, and the pictures in it."""
    ada = team.order("ALPHA", "pumps", "c1")
    team.put("ada.xlsx", team.filled(ada, answers_to(ada, **given)))
    thank(team.root)
    mail = parsed(team.root / OUT / "ALPHA--c1+thanks.eml")
    pictures = [p.get_content() for p in mail.walk() if p.get_content_type() == "image/png"]
    return [mail.get_body((kind,)).get_content() for kind in ("html", "plain")], pictures


@pytest.mark.proof
def test_who_was_not_rated_is_not_listed(team):
    bodies, pictures = thanked(team, rival=NOBODY)
    for body in bodies:
        assert "Muster AG" in body
        assert "Borel" not in body
        assert "Ombra" not in body
        assert "Rang" not in body
    assert len(pictures) == 1
    with_rivals, others = thanked(team, rival=(70.0, None, None))
    for body in with_rivals:
        assert "Borel" in body
        assert "Rang" in body
    assert others != pictures


def test_who_gave_weights_only_is_thanked_for_them(team):
    bodies, pictures = thanked(team, us=NOBODY, rival=NOBODY)
    for body in bodies:
        assert "Ihre Gewichtung" in body
        assert "Borel" not in body
        assert "Lücken" not in body
    assert pictures == []


def test_a_forwarded_card_is_not_thanked_with_somebody_elses_answer(team):
    order = team.order("ALPHA", "pumps", "c1")
    team.put("other.xlsx", team.filled(order, answers_to(order, name="Zoe Fremd")))
    assert thank(team.root).mails == ()


# --- the list of recipients ----------------------------------------------------------------------


def test_the_list_names_everybody_and_where_they_stand(team):
    team.put("ada.xlsx", team.filled(team.order("ALPHA", "pumps", "c1")))
    remind(team.root)
    raw = read((team.root / OUT / "Empfaenger.xlsx").read_bytes())
    (sheet,) = raw.sheets
    rows = {}
    for (row, _), cell in sorted(sheet.cells.items()):
        rows.setdefault(row, []).append(cell.text)
    said = [row for row in rows.values() if any("@" in cell or cell == "Cem Probe" for cell in row)]
    assert len(said) == 4
    states = {(row[1], next(c for c in row if c.endswith(".xlsx"))): row[-1] for row in said}
    hers = "ALPHA--pumps--c1.xlsx\nALPHA--valves--c1.xlsx"
    assert states["Ada Beispiel", hers] == "geantwortet\nerinnert"
    assert states["Bo Muster", "ALPHA--pumps--c2.xlsx"] == "erinnert"
    assert states["Cem Probe", "BETA--pumps--c1.xlsx"] == "ohne Adresse"
    assert "Nur für das Team" in rows[3][0]


# --- the commands --------------------------------------------------------------------------------


@pytest.mark.proof
def test_the_commands_tell_json(team, capsys):
    team.put("ada.xlsx", team.filled(team.order("ALPHA", "pumps", "c1")))
    lists = ["sent_something", "undeliverable", "left", "delayed"]
    for command, key, count, others in (
        ("remind", "reminded", 3, lists),
        ("thank", "thanked", 1, []),
    ):
        assert cli.main(["-C", str(team.root), command, "--json"]) == 0
        found = json.loads(capsys.readouterr().out)
        assert list(found) == [key, *others]
        assert not any(found[name] for name in others)
        assert len(found[key]) == count
        assert list(found[key][0]) == [
            "account",
            "segment",
            "respondent",
            "path",
            "mail",
            "state",
            "findings",
        ]
        assert (team.root / found[key][0]["mail"]).exists()
