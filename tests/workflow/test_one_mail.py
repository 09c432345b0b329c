"""One mail to each person with all her cards, whatever changes; each card leaves in one of them."""

from __future__ import annotations

import email
import shutil
from dataclasses import replace
from datetime import date
from email.policy import default
from functools import cache
from pathlib import Path

import pytest

from kamxl.commands.issue import words as issue_lines
from kamxl.commands.remind import words as remind_lines
from kamxl.core.finding import Fate
from kamxl.core.records.register import (
    Account,
    AskedRequirement,
    Competitor,
    Contact,
    ListedCompetitor,
    ListedRequirement,
    Register,
    Segment,
    Settings,
    TeamMember,
)
from kamxl.core.roles import Form, Source
from kamxl.mail.sending import SmtpTransport
from kamxl.mail.server import PLAIN
from kamxl.store import memory
from kamxl.workflow.cards import CardPress, mark_of
from kamxl.workflow.guard.check_leaks import check_leaks
from kamxl.workflow.guard.proving import WayOut
from kamxl.workflow.incoming.intake import take_in
from kamxl.workflow.outgoing import letters
from kamxl.workflow.outgoing.issue import issue
from kamxl.workflow.outgoing.letters import Desk
from kamxl.workflow.outgoing.send import send
from kamxl.workflow.outgoing.writing import remind, thank
from kamxl.workflow.start.register import read_register
from tests.mail.notices import failed, report
from tests.mail.servers import HOST, Mailbox, running
from tests.waiting import PATIENCE
from tests.workflow.making import NOW, Team, answers_to, drawn_register, new_team
from tests.workflow.test_containers import eml

PERIOD = "2026-Q3"
OUT = f"outbox/{PERIOD}"
THREE = ("oel", "filter", "dicht")
ANNE, UWE = "Anne Höß-Yıldız", "Uwe Straßer"


def asking(*segments: str, **settings: str) -> Register:
    """Anne is asked about all ``segments``, Uwe of the same address about the first, and others."""
    names = {
        "oel": "Öle & Fette",
        "filter": "Filter",
        "dicht": "Dichtungen",
        "schulung": "Schulung",
    }
    asked = (("preis", "Preis"), ("zeit", "Lieferzeit"), ("rat", "Beratung vor Ort"))
    return Register(
        Settings("Ölmühle Brandt", "de", PERIOD, date(2026, 8, 31), "Ina Vogt",
                 "post@brandt.example", "+49 7 1", **settings),
        (Account("HOESS", "Höß Maschinen", "de", "MB"), Account("LIND", "Lindström AB", "en")),
        (
            *(Segment("HOESS", s, names[s], 100.0, "alle") for s in segments or THREE),
            Segment("LIND", "oel", "Oils", 50.0, "alle"),
        ),
        (
            Contact("HOESS", "a1", ANNE, "einkauf@hoess.example", form=Form.MS),
            Contact("HOESS", "u2", UWE, "einkauf@hoess.example", segments=("oel",)),
            Contact("HOESS", "n3", "Nora Öztürk", "", segments=("oel",)),
            Contact("HOESS", "p4", "Per Dahl", "per@hoess.example", language="en",
                    segments=("oel",)),
            Contact("HOESS", "g5", "Gerd Kühn", "gerd@hoess.example", segments=("oel",),
                    source=Source.INTERVIEW),
            Contact("LIND", "a1", "Åsa Lindström", "asa@lind.example"),
        ),
        tuple(ListedRequirement("alle", "", "", AskedRequirement(*one)) for one in asked),
        (ListedCompetitor("", "", Competitor("koro", "Koro Öle")),),
        team=(TeamMember("MB", "Mia Brändle", "mia@brandt.example", "+49 7 22", "Haus 2",
                         "Key Accounts"),),
    )  # fmt: skip


@cache
def _issued(tmp: Path, sending: bool) -> Path:
    root = tmp / f"w{sending}"
    new_team(root, asking(**(SENDING if sending else {})))
    issue(root, now=NOW)
    return root


SENDING = {"smtp_host": HOST, "smtp_security": PLAIN}


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("one-mail")


@pytest.fixture
def team(once: Path, tmp_path: Path) -> Team:
    """A team that sends from its own mail program: nobody tells us what it sent."""
    return Team(Path(shutil.copytree(_issued(once, False), tmp_path / "w")))


@pytest.fixture
def sender(once: Path, tmp_path: Path) -> Team:
    """A team whose mails are sent by us, and written down."""
    return Team(Path(shutil.copytree(_issued(once, True), tmp_path / "w")))


def register_is(team: Team, made: Register) -> None:
    (team.root / "Register.xlsx").write_bytes(drawn_register(made))


def drafts(team: Team, of: str = "") -> dict[str, list[str]]:
    """The drafts whose name begins so, with the segments of the attached cards."""
    return {
        path.name: segments(path.read_bytes())
        for path in sorted((team.root / OUT).glob(f"{of}*.eml"))
    }


def parsed(data: bytes) -> email.message.EmailMessage:
    return email.message_from_bytes(data, policy=default)


def segments(mail: bytes) -> list[str]:
    names = [part.get_filename() or "" for part in parsed(mail).iter_attachments()]
    return [name.split("--")[1] for name in names]


def states(result) -> dict[str, str]:
    return {card.segment: card.state for card in result.issued if card.respondent == "a1"
            and card.account == "HOESS"}  # fmt: skip


def sent(team: Team, result, mailbox: Mailbox) -> dict[str, str]:
    """What became of the mails, by the name of the draft."""

    def smtp(server):
        here = replace(server, port=mailbox.port)
        return SmtpTransport(here, lambda _: "", timeout=PATIENCE, patience=PATIENCE)

    made = send(team.root, result.outgoing, lambda _: True, clock=lambda: NOW, transport=smtp)
    return {mail.path.rpartition("/")[2]: mail.state for mail in made.mails}


# --- who gets what -------------------------------------------------------------------------------


def test_each_person_gets_one_mail_with_her_cards_from_the_manager(team: Team) -> None:
    assert drafts(team) == {
        "HOESS--a1.eml": ["oel", "filter", "dicht"],
        "HOESS--p4.eml": ["oel"],
        "HOESS--u2.eml": ["oel"],  # the same address, and another person
        "LIND--a1.eml": ["oel"],
    }
    anne, per, asa = (
        parsed((team.root / OUT / f"{name}.eml").read_bytes())
        for name in ("HOESS--a1", "HOESS--p4", "LIND--a1")
    )
    assert str(anne["From"]) == "Mia Brändle <mia@brandt.example>"
    assert str(asa["From"]) == "Ina Vogt <post@brandt.example>"
    assert anne["Reply-To"] is None
    text = anne.get_body(("plain",)).get_content()
    assert text.startswith("Sehr geehrte Frau Höß-Yıldız,")
    assert "„Öle & Fette“, „Filter“ und „Dichtungen“" in " ".join(text.split())
    closing = ["Mia Brändle", "Key Accounts", "Ölmühle Brandt", "Haus 2", "Telefon +49 7 22"]
    assert text.split()[-len(" ".join(closing).split()) - 1 : -1] == " ".join(closing).split()
    assert per.get_body(("plain",)).get_content().startswith("Hello,")  # the person's language


def test_a_contact_without_address_has_a_card_and_is_said_once(team: Team) -> None:
    result = issue(team.root, now=NOW)
    (nora,) = (card for card in result.issued if card.respondent == "n3")
    assert (nora.state, nora.mail) == ("unchanged", None)
    assert (team.root / (nora.path or "")).exists()
    assert [f.code for f in result.register] == ["email-missing"]


def test_the_contract_names_the_mail_at_each_card(team: Team) -> None:
    anne = [c for c in issue(team.root).issued if (c.account, c.respondent) == ("HOESS", "a1")]
    assert {card.mail for card in anne} == {f"{OUT}/HOESS--a1.eml"}
    assert [card.path for card in anne] == [
        f"{OUT}/HOESS--{segment}--a1.xlsx" for segment in ("oel", "filter", "dicht")
    ]


def test_it_is_said_in_mails_where_there_are_fewer_than_cards(team: Team) -> None:
    assert any("4 Mailentwürfe" in line for line in issue_lines(issue(team.root)))
    told = remind(team.root)
    assert len(told.mails) == 6
    assert "4 neu" in remind_lines(told)[0]


# --- what comes later ----------------------------------------------------------------------------


def test_what_lies_in_the_outbox_counts_as_sent(team: Team) -> None:
    """Somebody may have sent it from her mail program."""
    register_is(team, asking("oel", "filter", "dicht", "schulung"))
    before = (team.root / OUT / "HOESS--a1.eml").read_bytes()
    assert states(issue(team.root, now=NOW))["schulung"] == "new"
    assert drafts(team, "HOESS--a1") == {
        "HOESS--a1.eml": ["oel", "filter", "dicht"],
        "HOESS--a1+2.eml": ["schulung"],
    }
    assert (team.root / OUT / "HOESS--a1.eml").read_bytes() == before
    # all of it was only tried out: without the drafts they go together
    for path in (team.root / OUT).glob("*.eml"):
        path.unlink()
    issue(team.root, now=NOW)
    assert drafts(team, "HOESS--a1") == {"HOESS--a1.eml": ["oel", "filter", "dicht", "schulung"]}


def test_where_it_is_known_that_nothing_left_all_go_together(sender: Team) -> None:
    register_is(sender, asking("oel", "filter", "dicht", "schulung", **SENDING))
    issue(sender.root, now=NOW)
    assert drafts(sender, "HOESS--a1") == {"HOESS--a1.eml": ["oel", "filter", "dicht", "schulung"]}


@pytest.mark.proof
def test_what_was_sent_is_in_no_later_mail(sender: Team) -> None:
    with running(Mailbox()) as mailbox:
        assert set(sent(sender, issue(sender.root), mailbox).values()) == {"sent"}
        register_is(sender, asking("oel", "filter", "dicht", "schulung", **SENDING))
        assert sent(sender, issue(sender.root), mailbox) == {
            "HOESS--a1.eml": "already", "HOESS--a1+2.eml": "sent", "HOESS--u2.eml": "already",
            "HOESS--p4.eml": "already", "LIND--a1.eml": "already",
        }  # fmt: skip
        shutil.rmtree(sender.root / OUT)  # the outbox was cleared
        assert set(sent(sender, issue(sender.root), mailbox).values()) == {"already"}
    assert [segments(data) for _, data in mailbox.taken][-1] == ["schulung"]
    assert len(mailbox.taken) == 5


@pytest.mark.parametrize("sending", [False, True])
def test_a_card_that_changed_goes_alone_where_the_others_may_be_out(
    request: pytest.FixtureRequest, sending: bool
) -> None:
    team = request.getfixturevalue("sender" if sending else "team")
    made = asking(**(SENDING if sending else {}))
    changed = tuple(replace(s, name="Feinfilter") if s.id == "filter" else s for s in made.segments)
    register_is(team, replace(made, segments=changed))
    assert states(issue(team.root)) == {
        "oel": "unchanged",
        "filter": "changed",
        "dicht": "unchanged",
    }
    together = {"HOESS--a1.eml": ["oel", "filter", "dicht"]}
    apart = {"HOESS--a1.eml": ["oel", "dicht"], "HOESS--a1+2.eml": ["filter"]}
    assert drafts(team, "HOESS--a1") == (together if sending else apart)


def test_all_changed_cards_take_the_place_of_the_old_ones(team: Team) -> None:
    made = asking()
    later = replace(made.settings, due=date(2026, 9, 15))
    register_is(team, replace(made, settings=later))
    assert set(states(issue(team.root)).values()) == {"changed"}
    assert drafts(team, "HOESS--a1") == {"HOESS--a1.eml": ["oel", "filter", "dicht"]}
    text = parsed((team.root / OUT / "HOESS--a1.eml").read_bytes()).get_body(("plain",))
    assert "15.09.2026" in text.get_content()


def test_a_card_that_is_held_back_comes_later_and_the_others_go(tmp_path: Path) -> None:
    made = asking()
    wrong = tuple(replace(s, name="") if s.id == "filter" else s for s in made.segments)
    team = new_team(tmp_path / "w", replace(made, segments=wrong))
    assert states(issue(team.root))["filter"] == "skipped"
    assert drafts(team, "HOESS--a1") == {"HOESS--a1.eml": ["oel", "dicht"]}
    register_is(team, made)
    issue(team.root)
    assert drafts(team, "HOESS--a1") == {
        "HOESS--a1.eml": ["oel", "dicht"], "HOESS--a1+2.eml": ["filter"],
    }  # fmt: skip
    # waiting again, it loses nothing of what lies there
    register_is(team, replace(made, segments=wrong))
    issue(team.root)
    assert drafts(team, "HOESS--a1") == {
        "HOESS--a1.eml": ["oel", "dicht"], "HOESS--a1+2.eml": ["filter"],
    }  # fmt: skip


def test_who_is_asked_in_person_by_now_has_no_draft_left(team: Team) -> None:
    made = asking()
    contacts = tuple(replace(c, source=Source.JOINT) if c.id == "u2" else c for c in made.contacts)
    register_is(team, replace(made, contacts=contacts))
    issue(team.root)
    assert "HOESS--u2.eml" not in drafts(team)


def test_what_somebody_else_put_there_stays(team: Team) -> None:
    own = team.root / OUT / "HOESS--a1+7.eml"
    copy = team.root / OUT / "Ihre Einschätzung.eml"
    own.write_bytes(b"X-Unsent: 1\r\nX-Kamxl-Card: unknown\r\n\r\nx")
    copy.write_bytes((team.root / OUT / "HOESS--a1.eml").read_bytes())
    made = asking()
    register_is(team, replace(made, settings=replace(made.settings, due=None)))
    issue(team.root)
    remind(team.root)
    assert own.exists()
    assert copy.exists()


# --- workspaces of earlier versions --------------------------------------------------------------


def as_earlier(team: Team) -> None:
    """The outbox as earlier versions filled it: a draft beside each card, called like it."""
    register = read_register(team.workspace).register
    desk = Desk(team.workspace, register, memory.load(team.workspace).orders)
    for path in (team.root / OUT).glob("*.eml"):
        path.unlink()
    for order in memory.load(team.workspace).orders.values():
        if letters.by_mail(order):
            path = team.workspace.card_path(PERIOD, order.account, order.segment, order.respondent)
            card = desk.carried(order, path, path.read_bytes())
            letters.write(desk.mail("invitation", path.with_suffix(".eml"), [card]))


def test_drafts_of_an_earlier_version_stay_where_they_may_have_been_sent(team: Team) -> None:
    as_earlier(team)
    before = drafts(team)
    assert before["HOESS--filter--a1.eml"] == ["filter"]
    assert set(states(issue(team.root)).values()) == {"unchanged"}
    assert drafts(team) == before
    register_is(team, asking("oel", "filter", "dicht", "schulung"))
    issue(team.root)
    assert drafts(team) == before | {"HOESS--a1.eml": ["schulung"]}


@pytest.mark.proof
def test_drafts_of_an_earlier_version_that_did_not_leave_are_one_mail_now(sender: Team) -> None:
    as_earlier(sender)
    first = issue(sender.root, now=NOW)
    assert drafts(sender, "HOESS") == {
        "HOESS--a1.eml": ["oel", "filter", "dicht"], "HOESS--p4.eml": ["oel"],
        "HOESS--u2.eml": ["oel"],
    }  # fmt: skip
    (anne,) = (mail for mail in first.outgoing if len(mail.cards) == 3)
    as_earlier(sender)
    alone = replace(anne, cards=anne.cards[1:2])
    with running(Mailbox()) as mailbox:
        sent(sender, replace(first, outgoing=(alone,)), mailbox)  # as that version sent them
        issued = issue(sender.root, now=NOW)
        assert drafts(sender, "HOESS--") == {
            "HOESS--a1.eml": ["oel", "dicht"], "HOESS--filter--a1.eml": ["filter"],
            "HOESS--p4.eml": ["oel"], "HOESS--u2.eml": ["oel"],
        }  # fmt: skip
        found = sent(sender, issued, mailbox)
    assert (found["HOESS--filter--a1.eml"], found["HOESS--a1.eml"]) == ("already", "sent")


# --- another sender, another address -------------------------------------------------------------


MOVED = "anne@neu.example"


def with_changes(made: Register, **changes: str) -> Register:
    """Another manager's data, settings, or ``address`` of Anne."""
    address = changes.pop("address", None)
    contacts = tuple(
        replace(c, email=address) if address and c.id == "a1" and c.account == "HOESS" else c
        for c in made.contacts
    )
    own = {"name", "email", "phone", "function", "signature"}
    member = replace(made.team[0], **{k: v for k, v in changes.items() if k in own})
    settings = replace(made.settings, **{k: v for k, v in changes.items() if k not in own})
    return replace(made, contacts=contacts, team=(member,), settings=settings)


CHANGES = [
    {"name": "Kai Aydın"}, {"email": "kai@brandt.example"}, {"phone": "+49 7 99"},
    {"function": "Leiter Vertrieb"}, {"signature": "Haus 9"},
    {"reply_to": "antwort@brandt.example"},
    {"sender_phone": "+49 7 0"}, {"address": MOVED},
]  # fmt: skip


@pytest.mark.parametrize("changes", CHANGES, ids=lambda one: next(iter(one)))
def test_a_changed_sender_or_address_issues_no_card_again(team: Team, changes) -> None:
    cards = {p.name: p.read_bytes() for p in (team.root / OUT).glob("*--*.xlsx")}
    records = set(memory.load(team.workspace).orders)
    register_is(team, with_changes(asking(), **changes))
    result = issue(team.root, now=NOW)
    assert {card.state for card in result.issued} == {"unchanged"}
    assert {p.name: p.read_bytes() for p in (team.root / OUT).glob("*--*.xlsx")} == cards
    assert set(memory.load(team.workspace).orders) == records
    # what was not sent yet is in the new name, and goes to the new address
    mail = parsed((team.root / OUT / "HOESS--a1.eml").read_bytes())
    said = mail.as_string() + mail.get_body(("plain",)).get_content() + str(mail["From"])
    (new,) = changes.values()
    if "sender_phone" not in changes:
        assert new in said
    assert len(drafts(team, "HOESS--a1")) == 1


def test_a_new_card_takes_the_new_sender_and_the_old_ones_keep_theirs(team: Team) -> None:
    made = with_changes(asking("oel", "filter", "dicht", "schulung"), email="kai@brandt.example",
                        function="Leiter Vertrieb")  # fmt: skip
    register_is(team, made)
    issue(team.root)
    orders = {
        segment: team.order("HOESS", segment, "a1", PERIOD) for segment in ("oel", "schulung")
    }
    assert orders["oel"].sender_email == "mia@brandt.example"
    assert orders["schulung"].sender_email == "kai@brandt.example"
    assert orders["schulung"].sender_function == "Leiter Vertrieb"
    assert set(states(issue(team.root)).values()) == {"unchanged"}
    # whatever else changes about a card makes it a new one, with the new sender
    register_is(team, replace(made, settings=replace(made.settings, company="Brandt GmbH")))
    issue(team.root)
    assert team.order("HOESS", "oel", "a1", PERIOD).company in {"Ölmühle Brandt", "Brandt GmbH"}
    newest = [o for o in memory.load(team.workspace).orders.values() if o.company == "Brandt GmbH"]
    assert {o.sender_email for o in newest if o.account == "HOESS"} == {"kai@brandt.example"}


def test_where_two_records_differ_in_their_sender_the_one_that_is_out_counts(team: Team) -> None:
    """An earlier version issued a card again for each new sender."""
    order = team.order("HOESS", "oel", "a1", PERIOD)
    later = replace(order, sender_phone="+49 7 555")
    memory.remember(team.workspace, later)
    path = team.workspace.card_path(PERIOD, "HOESS", "oel", "a1")
    (team.root / ".kamxl/issued/log").unlink()
    data = CardPress().press(later, mark_of(team.workspace, later))
    path.write_bytes(data)
    for _ in range(2):
        assert states(issue(team.root))["oel"] == "unchanged"
        assert path.read_bytes() == data


@pytest.mark.proof
def test_after_it_left_a_new_address_gets_the_reminder_and_no_second_invitation(
    sender: Team,
) -> None:
    with running(Mailbox()) as mailbox:
        sent(sender, issue(sender.root), mailbox)
        register_is(sender, with_changes(asking(**SENDING), address=MOVED))
        assert set(sent(sender, issue(sender.root), mailbox).values()) == {"already"}
        assert MOVED not in mailbox.recipients
        told = remind(sender.root, ["HOESS"])
        assert sent(sender, told, mailbox)["HOESS--a1+reminder.eml"] == "sent"
    assert segments(next(d for to, d in mailbox.taken if to == MOVED)) == ["oel", "filter", "dicht"]


def test_one_mailbox_gets_the_answers_whoever_writes(tmp_path: Path) -> None:
    box = "antwort@brandt.example"
    team = new_team(tmp_path / "w", asking(reply_to=box))
    issue(team.root)
    for name in drafts(team):
        mail = parsed((team.root / OUT / name).read_bytes())
        assert str(mail["Reply-To"]) == box
        assert box not in str(mail["From"])
    card = next((team.root / OUT).glob("HOESS--oel--a1.xlsx"))
    shown = texts_of(card)
    assert box in shown
    assert any("Mia Brändle  ·  Key Accounts  ·  +49 7 22  ·  Ölmühle Brandt" in t for t in shown)
    assert not any("mia@brandt.example" in text for text in shown)


def texts_of(path: Path) -> list[str]:
    from kamxl.excel.reading.book import read

    return [cell.text for s in read(path.read_bytes()).sheets for cell in s.cells.values()]


# --- reminders and thanks ------------------------------------------------------------------------


def test_a_reminder_carries_what_is_open_and_goes_when_nothing_is(team: Team) -> None:
    remind(team.root)
    assert drafts(team, "HOESS--a1+") == {"HOESS--a1+reminder.eml": ["oel", "filter", "dicht"]}
    for number, segment in enumerate(("filter", "oel"), 1):
        team.put(f"{number}.xlsx", team.filled(team.order("HOESS", segment, "a1", PERIOD)))
    told = remind(team.root)
    assert drafts(team, "HOESS--a1+") == {"HOESS--a1+reminder.eml": ["dicht"]}
    assert {m.mail for m in told.mails if m.respondent == "a1" and m.account == "HOESS"} == {
        f"{OUT}/HOESS--a1+reminder.eml"
    }
    team.put("3.xlsx", team.filled(team.order("HOESS", "dicht", "a1", PERIOD)))
    remind(team.root)
    assert drafts(team, "HOESS--a1+") == {}  # who has answered is reminded by nobody's mistake


@pytest.mark.proof
def test_each_card_is_reminded_of_once(sender: Team) -> None:
    with running(Mailbox()) as mailbox:
        sent(sender, remind(sender.root, ["HOESS"]), mailbox)
        register_is(sender, asking("oel", "filter", "dicht", "schulung", **SENDING))
        issue(sender.root)
        found = sent(sender, remind(sender.root, ["HOESS"]), mailbox)
    assert found["HOESS--a1+reminder.eml"] == "already"
    assert found["HOESS--a1+reminder+2.eml"] == "sent"
    assert segments(mailbox.taken[-1][1]) == ["schulung"]


def test_thanks_hold_each_of_her_results_and_what_is_new_comes_alone(team: Team) -> None:
    def answer(segment: str, respondent: str, us: tuple[float, ...]) -> None:
        order = team.order("HOESS", segment, respondent, PERIOD)
        team.put(f"{segment}{respondent}.xlsx", team.filled(order, answers_to(order, us=us)))

    answer("oel", "a1", (91.5, 82.5, 73.5))
    answer("filter", "a1", (64.5, 55.5, 46.5))
    answer("oel", "u2", (31.5, 31.5, 31.5))
    thank(team.root)
    mail = parsed((team.root / OUT / "HOESS--a1+thanks.eml").read_bytes())
    text, html = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))
    for body in (text, html):
        for said in ("Filter", "91,5", "64,5", "Key Accounts"):
            assert said in body
        assert "31,5" not in body
        assert UWE not in body
    assert text.index("Öle & Fette“:") < text.index("91,5") < text.index("Filter“:")
    pictures = [p for p in mail.walk() if p.get_content_type() == "image/png"]
    assert [p["Content-ID"] for p in pictures] == ["<result@kamxl>", "<result2@kamxl>"]
    assert all(f"cid:{p['Content-ID'].strip('<>')}" in html for p in pictures)
    answer("dicht", "a1", (50.0, 50.0, 50.0))
    before = (team.root / OUT / "HOESS--a1+thanks.eml").read_bytes()
    thank(team.root)
    assert (team.root / OUT / "HOESS--a1+thanks.eml").read_bytes() == before
    other = parsed((team.root / OUT / "HOESS--a1+thanks+2.eml").read_bytes())
    assert "Ihr Ergebnis zu „Dichtungen“" in other["Subject"]


# --- own templates -------------------------------------------------------------------------------


def test_own_templates_that_know_of_one_card_say_the_same_of_several(team: Team) -> None:
    folder = team.root / "templates" / "mail" / "de"
    folder.mkdir(parents=True)
    (folder / "invitation.txt").write_text("Zu {{ letter.segment }}: {{ letter.file }}", "utf-8")
    (folder / "thanks.txt").write_text(
        "{% for row in letter.rows %}\n{{ row.number }} {{ row.label }}"
        "{% for supplier in letter.suppliers %} {{ supplier.name }}="
        "{{ row.ratings[loop.index0]|num }}{% endfor %}\n\n{% endfor %}\n"
        "{% for supplier in letter.suppliers %}{{ supplier.name }} {{ supplier.total|num }}; "
        "{% endfor %}",
        "utf-8",
    )
    (folder / "thanks.html").write_text(
        '{{ letter.segment }}{% if letter.picture %}<img src="cid:result@kamxl">{% endif %}',
        "utf-8",
    )
    result = issue(team.root)
    assert not any(card.findings for card in result.issued)
    text = parsed((team.root / OUT / "HOESS--a1.eml").read_bytes()).get_body(("plain",))
    assert text.get_content().strip() == (
        "Zu Öle & Fette, Filter und Dichtungen: HOESS--oel--a1.xlsx, HOESS--filter--a1.xlsx und "
        "HOESS--dicht--a1.xlsx"
    )
    for segment, us in (("oel", (90.0, 80.0, 70.0)), ("filter", (60.0, 50.0, 40.0))):
        order = team.order("HOESS", segment, "a1", PERIOD)
        team.put(f"{segment}.xlsx", team.filled(order, answers_to(order, us=us)))
    assert not any(mail.findings for mail in thank(team.root).mails)
    mail = parsed((team.root / OUT / "HOESS--a1+thanks.eml").read_bytes())
    lines = mail.get_body(("plain",)).get_content().splitlines()
    us, them = "Ölmühle Brandt", "Koro Öle"
    assert lines[0] == (f"1 Preis {us} (Öle & Fette)=90,0 {them} (Öle & Fette)=70,0 "
                        f"{us} (Filter)=– {them} (Filter)=–")  # fmt: skip
    assert lines[3].startswith("4 Preis ")
    assert f"{us} (Filter)=60,0" in lines[3]
    assert lines[-1].startswith(f"{us} (Öle & Fette) 83,0; ")
    assert not [p for p in mail.walk() if p.get_content_type() == "image/png"]


# --- coming back ---------------------------------------------------------------------------------


def test_an_answer_with_two_cards_is_two_answers(team: Team) -> None:
    orders = [team.order("HOESS", segment, "a1", PERIOD) for segment in ("oel", "dicht")]
    cards = [(f"HOESS--{o.segment}--a1.xlsx", team.filled(o)) for o in orders]
    team.put("AW.eml", eml(*cards, sender="einkauf@hoess.example"))
    files = take_in(team.workspace).files
    assert [(f.segment, f.fate) for f in files] == [
        ("dicht", Fate.ACCEPTED),
        ("oel", Fate.ACCEPTED),
    ]
    assert drafts(team, "HOESS--a1+") == {}
    remind(team.root)
    assert drafts(team, "HOESS--a1+") == {"HOESS--a1+reminder.eml": ["filter"]}


def test_an_answer_from_the_address_of_today_is_hers(team: Team) -> None:
    order = team.order("HOESS", "oel", "a1", PERIOD)
    made = with_changes(asking(), address=MOVED)
    for number, address in enumerate((MOVED.upper(), "x@elsewhere.example")):
        card = team.filled(order, answers_to(order, us=(80.0, 60.0, 40.0 + number)))
        team.put(f"{number}.eml", eml(("a.xlsx", card), sender=address))
    said = {
        file.source: "mail-other-address" in {found.code for found in file.findings}
        for file in take_in(team.workspace, register=made).files
    }
    assert said == {"inbox/0.eml": False, "inbox/1.eml": True}


def test_a_mail_to_a_new_address_that_came_back_says_whose_it_was(team: Team) -> None:
    register_is(team, with_changes(asking(), address=MOVED))
    issue(team.root)
    original = parsed((team.root / OUT / "HOESS--a1.eml").read_bytes())
    team.put("notice.eml", report(*failed(MOVED), original=original))
    told = remind(team.root, ["HOESS"])
    assert {(one.segment, one.respondent) for one in told.undeliverable} == {
        (segment, "a1") for segment in THREE
    }
    (notice,) = (f for f in take_in(team.workspace).files if f.path == "inbox/notice.eml")
    assert (notice.account, notice.respondent) == ("HOESS", "a1")
    assert ANNE in str(dict(notice.findings[0].details)["who"])


# --- the proof -----------------------------------------------------------------------------------


@pytest.fixture
def bench(team: Team):
    """Her mail about two cards, and what the proof says of a changed one."""
    register = read_register(team.workspace).register
    issued = memory.load(team.workspace).orders
    desk = Desk(team.workspace, register, issued)

    def card(segment: str, respondent: str = "a1"):
        order = team.order("HOESS", segment, respondent, PERIOD)
        path = team.workspace.card_path(PERIOD, "HOESS", segment, respondent)
        return desk.carried(order, path, path.read_bytes())

    def doubted(*cards, change=lambda mail: mail) -> bool:
        path = team.workspace.mail_path(PERIOD, "HOESS", "a1")
        mail = change(desk.mail("invitation", path, cards))
        found = WayOut(team.workspace, register, issued).of_mail(mail)
        return {one.code for one in found} == {"leak-unproven"}

    return card, doubted


def test_two_cards_of_one_person_are_proven_and_nobody_elses_is(bench, monkeypatch) -> None:
    card, doubted = bench
    oel, dicht, uwe = card("oel"), card("dicht"), card("oel", "u2")
    assert not doubted(oel, dicht)
    assert not doubted(dicht)
    assert doubted(oel, uwe)  # a colleague of the same address
    assert doubted(uwe, oel)
    assert doubted(uwe)  # in a draft that is called as hers
    # his bytes under her name
    assert doubted(oel, replace(dicht, card=uwe.card))
    assert doubted(oel, replace(dicht, card=uwe.card, issued=uwe.issued, about=uwe.about))
    assert doubted(oel, replace(dicht, card=None))
    assert doubted(oel, dicht, change=lambda mail: replace(mail, cards=mail.cards[:1]))
    assert doubted(oel, change=lambda mail: replace(mail, cards=(oel, dicht)))
    real = letters.draft

    def swapped(draft):
        return real(replace(draft, workbooks=draft.workbooks[::-1]))

    def one_more(draft):
        return real(replace(draft, workbooks=(*draft.workbooks, ("x.xlsx", uwe.card))))

    def other_cards(draft):
        return real(replace(draft, cards=draft.cards[::-1]))

    def answers_elsewhere(draft):
        return real(replace(draft, reply_to="x@elsewhere.example"))

    for change in (swapped, one_more, other_cards, answers_elsewhere):
        monkeypatch.setattr(letters, "draft", change)
        assert doubted(oel, dicht), change.__name__


def test_nothing_of_a_colleague_is_in_any_mail(team: Team) -> None:
    remind(team.root)
    for path in (team.root / OUT).glob("HOESS--a1*.eml"):
        mail = parsed(path.read_bytes())
        for part in mail.iter_attachments():
            inside = " ".join(texts_in(part.get_content()))
            assert UWE not in inside
            assert "|u2|" not in inside


def texts_in(data: bytes) -> list[str]:
    from kamxl.excel.reading.book import read

    return [cell.text for s in read(data).sheets for cell in s.cells.values()]


def test_a_mail_with_several_cards_is_looked_through_as_what_it_is(team: Team) -> None:
    path = team.root / OUT / "HOESS--a1.eml"
    (file,) = check_leaks([path]).files
    assert (file.fate, file.account, file.segment, file.respondent) == (
        Fate.ACCEPTED, "HOESS", None, "a1",
    )  # fmt: skip
    assert file.findings == ()


def test_files_of_long_names_are_attached_under_names_of_their_own(tmp_path: Path) -> None:
    long = "a" * 30
    made = asking()
    segments = (Segment("HOESS", long + "-1", "Eins", 1.0, "alle"),
                Segment("HOESS", long + "-2", "Zwei", 1.0, "alle"))  # fmt: skip
    contact = replace(made.contacts[0], id="b" * 32)
    made = replace(made, segments=segments, contacts=(contact,))
    team = new_team(tmp_path / "w", made)
    issue(team.root)
    (path,) = (team.root / OUT).glob("*.eml")
    names = [part.get_filename() for part in parsed(path.read_bytes()).iter_attachments()]
    assert len(set(names)) == 2
    assert all(len(name or "") <= 60 for name in names)
