"""Sending: the list first, every mail once, and a log that stays right whatever breaks."""

import contextlib
import io
import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.policy import SMTP

import pytest

from kamxl import Requirement, Scorecard
from kamxl.cli import main as cli
from kamxl.cli.sending import as_json as sent_json
from kamxl.cli.sending import planned_lines
from kamxl.cli.sending import words as sent_lines
from kamxl.core.cards import seal
from kamxl.core.records.register import Answers, Contact
from kamxl.errors import MailError
from kamxl.mail.sending import Lost, SmtpTransport
from kamxl.store import memory
from kamxl.store.sent import SentLog
from kamxl.store.workspace import Workspace
from kamxl.wording.texts import texts
from kamxl.workflow.outgoing import send as sending
from kamxl.workflow.outgoing.issue import issue
from kamxl.workflow.outgoing.send import send
from tests.mail.servers import HOST, Mailbox, Script, running, scripted
from tests.waiting import PATIENCE, until
from tests.workflow.making import NOW, PERIOD, new_team, register

SETTINGS = {"smtp_host": HOST, "smtp_security": "none"}


def asking(**settings):
    """Four people are asked by mail, the first about two segments."""
    made = register(**SETTINGS, **settings)
    cleo = Contact("ALPHA", "c3", "Cleo Übel", "cleo@alpha.example", segments=("valves",))
    return replace(made, contacts=(*made.contacts, cleo))


@pytest.fixture(scope="module")
def letters_root(tmp_path_factory):
    root = tmp_path_factory.mktemp("sending") / "w"
    new_team(root, asking())
    return root, issue(root).outgoing


@pytest.fixture
def team(letters_root, tmp_path):
    """A workspace and its four mails, nothing sent yet."""
    root, outgoing = tmp_path / "w", letters_root[1]
    new_team(root, asking())
    here = [replace(mail, path=root / mail.path.relative_to(letters_root[0])) for mail in outgoing]
    assert [(m.recipient, len(m.cards)) for m in here] == [
        ("ada@alpha.example", 2),
        ("bo@alpha.example", 1),
        ("cleo@alpha.example", 1),
        ("dee@gamma.example", 1),
    ]
    return root, here


class Shown:
    """Says yes or no, and remembers what it was asked."""

    def __init__(self, reply=True):
        self.reply, self.lists = reply, []

    def __call__(self, planned):
        self.lists.append(list(planned))
        return self.reply


def run(team, mailbox, confirm=None, **options):
    root, outgoing = team

    def smtp(server):
        given = replace(server, port=mailbox.port)
        return SmtpTransport(given, lambda _: "", timeout=PATIENCE, patience=PATIENCE)

    options = {"transport": smtp, "clock": lambda: NOW, "language": "en", **options}
    return send(root, options.pop("outgoing", outgoing), confirm or Shown(), **options)


def states(result):
    return [mail.state for mail in result.mails]


def many(team, count=12):
    """The same mail to many people."""
    _, outgoing = team
    return [to(outgoing[0], f"p{n}@alpha.example", f"p{n}") for n in range(count)]


def to(mail, address, respondent=None):
    """The same mail to somebody else, or to another address."""
    cards = []
    for one in mail.cards:
        changes = {"respondent": respondent or one.order.respondent}
        issued = replace(one.issued, **changes)
        order = replace(one.order, respondent_email=address, **changes)
        about = seal.digest(issued) if respondent else one.about
        cards.append(replace(one, order=order, issued=issued, about=about))
    return replace(mail, recipient=address, cards=tuple(cards))


def of_cards(mail, **changes):
    """The same mail about other cards, all changed alike."""
    return replace(mail, cards=tuple(replace(one, **changes) for one in mail.cards))


# --- one run, and the next -----------------------------------------------------------------------


@pytest.mark.proof
def test_each_is_sent_once(team):
    shown = Shown()
    with running(Mailbox()) as mailbox:
        first = run(team, mailbox, shown)
        second = run(team, mailbox, shown, clock=lambda: NOW + timedelta(days=1))
    assert states(first) == ["sent"] * 4
    assert states(second) == ["already"] * 4
    assert not first.attention
    assert {mail.reason for mail in second.mails} == {"Sent on 04 May 2026."}
    assert mailbox.recipients == [mail.recipient for mail in team[1]]
    assert len(shown.lists) == 1  # with nothing to send nobody is asked
    assert [(m.recipient, m.subject, m.note) for m in shown.lists[0]] == [
        (mail.recipient, mail.subject, "") for mail in team[1]
    ]
    assert shown.lists[0][0].path == f"outbox/{PERIOD}/ALPHA--c1.eml"


def test_what_arrives_is_the_draft_with_date_and_id(team):
    with running(Mailbox()) as mailbox:
        run(team, mailbox)
    ids = set()
    for (_, data), mail in zip(mailbox.taken, team[1], strict=True):
        found, drafted = (message_from_bytes(d, policy=SMTP) for d in (data, mail.data))
        assert found["Date"].datetime == NOW
        assert found["X-Unsent"] is None
        assert found["Subject"] == drafted["Subject"] == mail.subject
        assert found["Message-ID"].endswith("@muster.example>")
        ids.add(found["Message-ID"])
        arrived, attached = (
            [p.get_content() for p in m.iter_attachments()] for m in (found, drafted)
        )
        assert arrived == attached == [card.path.read_bytes() for card in mail.cards]
    assert len(ids) == 4
    assert any("ü" in m.subject or "–" in m.subject or not m.subject.isascii() for m in team[1])


def test_a_no_sends_nothing_and_writes_nothing(team):
    with running(Mailbox()) as mailbox:
        result = run(team, mailbox, Shown(False))
    assert mailbox.connections == 0
    assert (result.declined, states(result)) == (True, ["unsent"] * 4)
    assert not (team[0] / ".kamxl" / "sent").exists()
    assert "Nothing was sent." in sent_lines(result)


def test_a_changed_card_is_a_new_message_and_the_list_says_so(team):
    _, outgoing = team
    shown = Shown()
    with running(Mailbox()) as mailbox:
        run(team, mailbox)
        changed = [of_cards(outgoing[0], about="1" * 32)]
        result = run(team, mailbox, shown, outgoing=[*changed, *outgoing[1:]])
    assert states(result) == ["sent", "already", "already", "already"]
    assert [m.note for m in shown.lists[0]] == ["changed"]
    assert "(an earlier e-mail was sent already" in planned_lines(shown.lists[0], texts("en"))[1]
    assert mailbox.recipients.count("ada@alpha.example") == 2


def reworded(mail):
    """The same mail, written with other words."""
    return replace(mail, data=mail.data.replace(b"\r\n\r\n", b"\r\n\r\n ", 3))


@pytest.mark.proof
def test_other_words_make_no_new_mail_of_it(team):
    shown = Shown()
    kinds = [replace(mail, kind=kind) for mail in team[1] for kind in ("invitation", "reminder")]
    with running(Mailbox()) as mailbox:
        run(team, mailbox, outgoing=kinds)
        again = run(team, mailbox, shown, outgoing=[reworded(mail) for mail in kinds])
        assert states(again) == ["already"] * 8
        assert shown.lists == []
        test = replace(team[1][0], kind="test")  # whoever reads it wants to see the new words
        for mail in (test, test, reworded(test)):
            run(team, mailbox, shown, outgoing=[mail])
    assert len(mailbox.recipients) == 8 + 2


@pytest.mark.proof
def test_thanks_for_another_answer_are_other_thanks(team):
    def thanks(weight):
        card = Scorecard([Requirement("a", "A", weight)], {"us": {"a": 80}})
        return of_cards(replace(team[1][0], kind="thanks"), answers=Answers(card))

    with running(Mailbox()) as mailbox:
        ends = [states(run(team, mailbox, outgoing=[thanks(w)])) for w in (50, 50.0, 60)]
        assert ends == [["sent"], ["already"], ["sent"]]
        assert states(run(team, mailbox, outgoing=[reworded(thanks(60))])) == ["already"]


def test_a_new_address_makes_no_second_invitation_and_a_reminder_goes_there(team):
    mail = team[1][0]
    moved = to(mail, "ada@new.example")
    with running(Mailbox()) as mailbox:
        assert states(run(team, mailbox, outgoing=[mail])) == ["sent"]
        assert states(run(team, mailbox, outgoing=[moved])) == ["already"]
        for reminder in (replace(mail, kind="reminder"), replace(moved, kind="reminder")):
            assert states(run(team, mailbox, outgoing=[reminder])) == ["sent"]
        assert states(run(team, mailbox, outgoing=[replace(moved, kind="reminder")])) == ["already"]
    assert mailbox.recipients == ["ada@alpha.example"] * 2 + ["ada@new.example"]


def part(mail, place):
    """A mail about one of the cards alone."""
    return replace(mail, cards=(mail.cards[place],))


def test_each_card_leaves_once_in_whatever_mail(team):
    mail = team[1][0]
    with running(Mailbox()) as mailbox:
        assert states(run(team, mailbox, outgoing=[part(mail, 0)])) == ["sent"]
        # together with one that did not leave nobody sends it again unasked
        assert states(run(team, mailbox, outgoing=[mail])) == ["uncertain"]
        assert states(run(team, mailbox, outgoing=[part(mail, 1)])) == ["sent"]
        assert states(run(team, mailbox, outgoing=[mail])) == ["already"]
    assert mailbox.recipients == ["ada@alpha.example"] * 2


def test_a_break_between_two_lines_of_the_log_leaves_no_doubt(team):
    """The mail left, and only for its first card that was written down."""
    mail = team[1][0]
    with running(Mailbox()) as mailbox:
        run(team, mailbox, outgoing=[mail])
        done = sorted((team[0] / ".kamxl" / "sent").glob("*-sent.json"))
        done[-1].unlink()
        assert states(run(team, mailbox, outgoing=[mail])) == ["already"]
        done[0].unlink()
        assert states(run(team, mailbox, outgoing=[mail])) == ["uncertain"]
    assert len(mailbox.taken) == 1


def test_a_log_that_is_full_after_the_first_card_leaves_no_doubt(team, monkeypatch):
    begin, mail = SentLog.begin, team[1][0]

    def full(self, key, record):
        if record["card"] == mail.cards[1].about:
            raise OSError(28, "No space left on device")
        return begin(self, key, record)

    monkeypatch.setattr(SentLog, "begin", full)
    with running(Mailbox()) as mailbox, pytest.raises(OSError, match="No space"):
        run(team, mailbox, outgoing=[mail])
    monkeypatch.undo()
    with running(Mailbox()) as mailbox:
        assert states(run(team, mailbox, outgoing=[mail])) == ["sent"]


# --- what an earlier version sent -----------------------------------------------------------------


def as_earlier(team):
    """Turn the log into one of an earlier version: by content, and no card is named in it."""
    for path in sorted((team[0] / ".kamxl" / "sent").iterdir()):
        told = json.loads(path.read_bytes())
        del told["card"]
        place, _, *rest = path.name.split("-")
        path.unlink()
        path.with_name("-".join((place, "e" * 32, *rest))).write_text(json.dumps(told), "utf-8")


def another_record(team, mail, company="Muster & Söhne", earlier=True):
    """The card of a mail is issued anew, with another record; mail and record's file.

    ``earlier``: by an earlier version, which did not say with which key.
    """
    order = replace(mail.cards[0].order, company=company)
    about = memory.remember(Workspace.open(team[0]), order)
    path = team[0] / ".kamxl" / "issued" / f"{about}.json"
    if earlier:
        told = json.loads(path.read_bytes())
        del told["key"], told["workspace"]
        path.write_text(json.dumps(told), "utf-8")
    card = replace(mail.cards[0], order=order, issued=order, about=about)
    return replace(mail, cards=(card,)), path


def at(path, **after):
    """A file as if written so long after the first mails were sent."""
    moment = (NOW + timedelta(**after)).timestamp()
    os.utime(path, (moment, moment))


@pytest.fixture
def sent_earlier(team):
    """A team whose first mail was sent by an earlier version, and who wrote its record before."""
    _, outgoing = team
    mail, path = another_record(team, outgoing[0])
    at(path, hours=-1)
    with running(Mailbox()) as mailbox:
        run(team, mailbox, outgoing=[mail])
    as_earlier(team)
    return team, mail, path


def ends(team, *mails, **options):
    shown = Shown()
    with running(Mailbox()) as mailbox:
        found = states(run(team, mailbox, shown, outgoing=mails, **options))
    return found, [mail.note for planned in shown.lists for mail in planned]


def test_what_an_earlier_version_sent_is_not_sent_again(sent_earlier):
    team, mail, path = sent_earlier
    assert ends(team, mail, reworded(mail)) == (["already"] * 2, [])
    at(path, days=9)  # a copied workspace: it is the only record, so it was this one
    assert ends(team, mail) == (["already"], [])


@pytest.mark.proof
@pytest.mark.parametrize("earlier", [True, False])
def test_a_card_issued_anew_since_is_a_new_mail(sent_earlier, earlier):
    team, mail, _ = sent_earlier
    newer, path = another_record(team, mail, "Muster GmbH", earlier)
    at(path, days=1) if earlier else at(path, minutes=-2)
    assert ends(team, newer) == (["sent"], ["changed"])
    assert ends(team, mail, reworded(newer)) == (["already"] * 2, [])


@pytest.mark.proof
@pytest.mark.parametrize("hours", [{"days": 9}, {"minutes": 2}, {"hours": -2}])
def test_where_nobody_can_tell_it_is_in_doubt_and_not_sent_unasked(sent_earlier, hours):
    team, mail, path = sent_earlier
    newer, other = another_record(team, mail, "Muster GmbH")
    at(other, **hours)
    if "days" in hours:  # the times of a copied workspace tell nothing
        at(path, **hours)
    assert ends(team, newer) == (["uncertain"], [])
    assert ends(team, newer, again=True) == (["sent"], ["doubt"])
    assert ends(team, newer) == (["already"], [])


def test_what_an_earlier_version_left_in_doubt_stays_so(sent_earlier):
    team, mail, _ = sent_earlier
    for path in (team[0] / ".kamxl" / "sent").glob("*-sent.json"):
        path.unlink()
    assert ends(team, reworded(mail)) == (["uncertain"], [])
    for path in (team[0] / ".kamxl" / "sent").iterdir():
        path.write_bytes(b"{")
    assert ends(team, reworded(mail)) == (["uncertain"], [])


@pytest.mark.proof
def test_a_reminder_is_another_message_than_the_invitation(team):
    with running(Mailbox()) as mailbox:
        run(team, mailbox)
        reminder = replace(team[1][0], kind="reminder")
        assert states(run(team, mailbox, outgoing=[reminder])) == ["sent"]
        other = to(team[1][0], "ADA@alpha.example")
        assert states(run(team, mailbox, outgoing=[other])) == ["already"]


def test_the_same_mail_twice_in_one_list_is_sent_once(team):
    with running(Mailbox()) as mailbox:
        run(team, mailbox, outgoing=[team[1][0], team[1][0]])
    assert mailbox.recipients == ["ada@alpha.example"]


# --- refusals ------------------------------------------------------------------------------------


def test_one_refused_recipient_stops_nobody_and_may_be_tried_again(team):
    refuse = {
        "bo@alpha.example": ["550 5.1.1 no such user"],
        "dee@gamma.example": ["451 4.7.1 greylisted, come again", "250 OK"],
    }
    with running(Mailbox(refuse=refuse)) as mailbox:
        first = run(team, mailbox)
        assert states(first) == ["sent", "refused", "sent", "refused"]
        assert [m.reason for m in first.mails if m.reason] == [
            "550 5.1.1 no such user",
            "451 4.7.1 greylisted, come again",
        ]
        assert first.attention
        assert not first.failure
        mailbox.refuse = {}
        assert states(run(team, mailbox)) == ["already", "sent", "already", "sent"]
    assert sorted(mailbox.recipients) == sorted(m.recipient for m in team[1])
    lines = sent_lines(first)
    assert lines[0] == "E-mails: 2 sent, 2 refused."
    assert "no such user" in lines[1]


def test_an_address_that_is_none_reaches_no_server(team):
    wrong = replace(team[1][0], recipient="ada@alpha.example>\r\nRCPT TO:<x@y.example")
    with running(Mailbox()) as mailbox:
        result = run(team, mailbox, outgoing=[wrong, team[1][3]])
    assert states(result) == ["refused", "sent"]
    assert "register" in result.mails[0].reason
    assert mailbox.recipients == ["dee@gamma.example"]


# --- breaks --------------------------------------------------------------------------------------


@pytest.mark.proof
@pytest.mark.parametrize("taken", [0, 1, 5, 11])
def test_after_a_break_everybody_gets_it_and_nobody_twice(team, taken):
    mails = many(team)
    with running(Mailbox(after=taken)) as mailbox:
        first = run(team, mailbox, outgoing=mails)
    assert states(first) == ["sent"] * taken + ["uncertain"] + ["unsent"] * (11 - taken)
    assert first.failure.startswith(f"{taken} of 12 e-mails were sent: The mail server {HOST}")
    assert "Run it again" in first.failure
    with running(Mailbox()) as healthy:
        second = run(team, healthy, outgoing=mails)
        third = run(team, healthy, outgoing=mails)
    assert states(second) == ["already"] * taken + ["uncertain"] + ["sent"] * (11 - taken)
    assert states(third) == ["already"] * taken + ["uncertain"] + ["already"] * (11 - taken)
    got = mailbox.recipients + healthy.recipients
    expected = [mail.recipient for mail in mails]
    del expected[taken]
    assert got == expected
    assert "--again" in second.mails[taken].reason
    # Whoever knows that it never came sends it after all, under the same id.
    shown = Shown()
    with running(Mailbox()) as last:
        fourth = run(team, last, shown, outgoing=mails, again=True)
        assert "already" in states(run(team, last, outgoing=mails, again=True))[taken]
    assert states(fourth)[taken] == "sent"
    assert [m.note for m in shown.lists[0]] == ["doubt"]
    assert last.recipients == [mails[taken].recipient]


@pytest.mark.parametrize("said", [b"25", b"250", b"250-one\r\n", b"550 no", b"what?\r\n"])
def test_half_an_answer_is_no_refusal_and_the_mail_goes_out_once(team, said):
    """The server has the text and nobody knows whether it took it: the next run sends no second."""
    nasty = Script({"TEXT": said}, frozenset({"TEXT"}))
    with scripted(nasty):
        first = run(team, nasty)
    assert states(first) == ["uncertain", "unsent", "unsent", "unsent"]
    assert "Run it again" in first.failure
    healthy = Script({})
    with scripted(healthy):
        second = run(team, healthy)
        third = run(team, healthy)
    assert states(second) == ["uncertain", "sent", "sent", "sent"]
    assert states(third) == ["uncertain", "already", "already", "already"]
    texts = nasty.texts + healthy.texts
    assert len(texts) == len(set(texts)) == 4


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA"])
def test_half_an_answer_before_the_text_leaves_no_doubt(team, step):
    nasty = Script({step: b"25"}, frozenset({step}))
    with scripted(nasty), pytest.raises(MailError, match="breaks off"):
        run(team, nasty)
    healthy = Script({})
    with scripted(healthy):
        assert states(run(team, healthy)) == ["sent"] * 4
    assert (len(nasty.texts), len(healthy.texts)) == (0, 4)


def test_a_no_with_a_yes_behind_it_is_neither(team):
    with scripted(Script({"TEXT": b"550 no\r\n250 ok\r\n"})) as server:
        assert states(run(team, server, outgoing=team[1][:1])) == ["uncertain"]


def test_a_whole_refusal_of_the_text_is_one_and_stops_nobody(team):
    with scripted(Script({"TEXT": b"554 5.7.1 looks like spam\r\n"})) as strict:
        result = run(team, strict)
    assert states(result) == ["refused"] * 4
    assert {mail.reason for mail in result.mails} == {"554 5.7.1 looks like spam"}


def test_a_server_that_takes_few_mails_per_connection_gets_several(team):
    with running(Mailbox(after=3, then="shut")) as mailbox:
        result = run(team, mailbox, outgoing=many(team, 6))
    assert states(result) == ["sent"] * 6
    assert mailbox.connections == 2
    assert len(set(mailbox.recipients)) == len(mailbox.recipients) == 6


def test_a_server_that_always_hangs_up_leaves_no_doubt(team):
    class Closing:
        def connect(self):
            pass

        def send(self, envelope):
            raise Lost("421 busy")

        def close(self):
            pass

    result = None
    with pytest.raises(MailError, match="421 busy"):
        result = run(team, None, transport=lambda _: Closing())
    assert result is None
    with running(Mailbox()) as mailbox:
        assert states(run(team, mailbox)) == ["sent"] * 4


def test_a_server_that_is_not_there_is_an_error_and_no_mail_is_in_doubt(team):
    with pytest.raises(MailError, match="takes no connection"):
        run(team, Mailbox(port=1))
    with running(Mailbox()) as mailbox:
        assert states(run(team, mailbox)) == ["sent"] * 4


class Stopping:
    """A transport that something happens to with the third mail."""

    def __init__(self, happens, before=True):
        self.happens, self.before, self.sent = happens, before, []

    def connect(self):
        pass

    def send(self, envelope):
        if len(self.sent) == 2:
            self.happens()
        self.sent.append(envelope.recipient)

    def close(self):
        self.closed = True


def test_interrupted_the_log_is_right(team):
    def interrupted():
        raise KeyboardInterrupt

    carrier = Stopping(interrupted)
    with pytest.raises(KeyboardInterrupt, match="2 of 4 e-mails were sent"):
        run(team, None, transport=lambda _: carrier)
    assert carrier.closed
    with running(Mailbox()) as mailbox:
        assert states(run(team, mailbox)) == ["already", "already", "uncertain", "sent"]


def test_a_log_that_cannot_be_written_stops_before_the_mail_goes(team, monkeypatch):
    carrier = Stopping(lambda: None)
    begin = SentLog.begin

    def full(self, key, record):
        if len(carrier.sent) == 2:
            raise OSError(28, "No space left on device")
        return begin(self, key, record)

    monkeypatch.setattr(SentLog, "begin", full)
    with pytest.raises(OSError, match="No space"):
        run(team, None, transport=lambda _: carrier)
    assert len(carrier.sent) == 2


def test_two_runs_at_once_send_it_once(team):
    """While the question is open, another run sends everything."""
    with running(Mailbox()) as mailbox:

        def meanwhile(planned):
            run(team, mailbox)
            return True

        result = run(team, mailbox, meanwhile)
    assert states(result) == ["already"] * 4
    assert mailbox.recipients == [mail.recipient for mail in team[1]]


def test_two_runs_that_do_not_see_each_other_send_it_once(team, monkeypatch):
    """In a synced folder the other one's turn may not be seen: the log is asked for each mail."""
    real = sending._Run.carried

    def late(self, *given):
        monkeypatch.setattr(sending._Run, "carried", real)
        run(team, mailbox)
        return real(self, *given)

    monkeypatch.setattr(sending._Run, "carried", late)
    with running(Mailbox()) as mailbox:
        result = run(team, mailbox)
    assert states(result) == ["uncertain"] * 4
    assert "Another run" in result.mails[0].reason
    assert mailbox.recipients == [mail.recipient for mail in team[1]]


@pytest.mark.proof
def test_the_log_tells_what_when_to_whom_and_no_more(team):
    with running(Mailbox()) as mailbox:
        run(team, mailbox, outgoing=team[1][:1])
    log = sorted((team[0] / ".kamxl" / "sent").iterdir())
    assert len(log) == 4  # begun and sent, for each of the two cards
    about = [json.loads(path.read_text("utf-8"))["card"] for path in log[::2]]
    assert sorted(about) == sorted(card.about for card in team[1][0].cards)
    begun, sent = log[:2]
    (found, before) = (json.loads(path.read_text("utf-8")) for path in (sent, begun))
    assert (before.pop("step"), found.pop("step")) == ("begun", "sent")
    assert found == before
    assert found.keys() == {
        "at",
        "kind",
        "account",
        "segment",
        "respondent",
        "period",
        "recipient",
        "subject",
        "draft",
        "message_id",
        "card",
    }
    assert found["card"] in message_from_bytes(team[1][0].data)["X-Kamxl-Card"].split()
    assert found["recipient"] == "ada@alpha.example"
    assert message_from_bytes(mailbox.taken[0][1])["Message-ID"] == found["message_id"]


# --- the command line ----------------------------------------------------------------------------


def command(*arguments):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = cli.main([str(a) for a in arguments])
    return status, out.getvalue(), err.getvalue()


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def served(tmp_path):
    """A workspace whose settings name a server that runs."""
    with running(Mailbox()) as mailbox:
        new_team(tmp_path / "w", asking(smtp_port=str(mailbox.port)))
        yield tmp_path / "w", mailbox


@pytest.mark.proof
def test_issue_and_send_in_one(served):
    root, mailbox = served
    status, out, err = command("-C", root, "issue", "--send", "--yes", "--json")
    assert (status, err) == (0, "")
    made = json.loads(out)
    assert [m["state"] for m in made["sent"]] == ["sent"] * 4
    assert set(made["sent"][0]) == {"recipient", "subject", "path", "state", "reason"}
    assert made["sent"][0]["reason"] is None
    assert (root / made["sent"][0]["path"]).is_file()
    assert len(mailbox.taken) == 4
    _, out, _ = command("-C", root, "issue", "--send", "--yes", "--language", "de")
    assert "Mails: 4 früher gesendet." in out
    assert len(mailbox.taken) == 4
    _, out, _ = command("-C", root, "issue", "--json")
    assert "sent" not in json.loads(out)


@pytest.mark.proof
@pytest.mark.parametrize(("reply", "taken"), [("j\n", 4), ("Ja\n", 4), ("n\n", 0), ("", 0)])
def test_asks_once_on_a_terminal_and_shows_the_list(served, monkeypatch, reply, taken):
    root, mailbox = served
    screen = Terminal()
    monkeypatch.setattr(sys, "stdin", Terminal(reply))
    monkeypatch.setattr(sys, "stderr", screen)
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        assert cli.main(["-C", str(root), "issue", "--send", "--json"]) == 0
    said = screen.getvalue()
    assert said.count("[j/N]") == 1
    assert said.index("bo@alpha.example") < said.index("[j/N]")
    assert f"outbox/{PERIOD}/GAMMA--c1.eml" in said
    assert len(json.loads(out.getvalue())["sent"]) == 4
    assert len(mailbox.taken) == taken


def test_without_a_terminal_and_without_yes_nothing_is_done(served, monkeypatch):
    root, mailbox = served
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    status, out, err = command("-C", root, "issue", "--send")
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert "--yes" in err
    assert mailbox.taken == []
    assert not list((root / "outbox").rglob("*.eml"))


@pytest.mark.parametrize("option", ["--yes", "--again"])
def test_how_to_send_means_nothing_without_send(served, option):
    status, out, err = command("-C", served[0], "issue", option)
    assert (status, out) == (2, "")
    assert "--send" in err


def test_settings_without_a_server_are_known_before_anything_is_made(tmp_path):
    new_team(tmp_path / "w")
    status, out, err = command("-C", tmp_path / "w", "issue", "--send", "--yes")
    assert (status, out) == (2, "")
    assert "names no mail server" in err
    assert not list((tmp_path / "w" / "outbox").rglob("*.xlsx"))


@pytest.mark.proof
def test_a_break_is_told_and_2_and_what_was_done_is_shown(served):
    root, mailbox = served
    mailbox.after = 1
    status, out, err = command("-C", root, "issue", "--send", "--yes", "--json")
    assert status == 2
    assert [m["state"] for m in json.loads(out)["sent"]] == [
        "sent",
        "uncertain",
        "unsent",
        "unsent",
    ]
    assert err.startswith("kamxl: 1 von 4 Nachrichten ging hinaus: ")
    assert err.count("\n") == 1


@pytest.mark.proof
def test_refused_is_1_where_strict(served):
    root, mailbox = served
    mailbox.refuse = {"bo@alpha.example": ["550 no"]}
    assert command("-C", root, "issue", "--send", "--yes")[0] == 0
    assert command("-C", root, "issue", "--send", "--yes", "--strict")[0] == 1


@pytest.mark.proof
def test_the_password_goes_to_the_server_and_nowhere_else(tmp_path, monkeypatch):
    secret, user = "wirklich-geheim-7431", "kam@muster.example"
    monkeypatch.setenv("KAMXL_SMTP_PASSWORD", secret)
    said = ""
    for right in (secret, "another"):
        mailbox = Mailbox(password=right)
        with running(mailbox, auth_require_tls=False):
            root = tmp_path / right
            new_team(root, asking(smtp_port=str(mailbox.port), smtp_user=user))
            status, out, err = command("-C", root, "issue", "--send", "--yes", "--json")
        assert mailbox.logins == [("PLAIN", user, secret)]
        assert status == (0 if right == secret else 2)
        assert len(mailbox.taken) == (4 if right == secret else 0)
        said += out + err
        kept = [p for p in root.rglob("*") if p.is_file()]
        assert not [p for p in kept if secret.encode() in p.read_bytes()]
    assert "refuses the login" in said
    assert secret not in said


def _interruptible() -> None:
    """As in a terminal: a job in a shell's background, and all it starts, ignores Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.proof
@pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_killed_while_a_mail_goes_over(served, how):
    root, mailbox = served
    mailbox.after, mailbox.then = 2, "hang"
    arguments = [sys.executable, "-m", "kamxl", "-C", str(root), "issue", "--send", "--yes"]
    running_command = subprocess.Popen(
        arguments, stderr=subprocess.PIPE, stdout=subprocess.PIPE, preexec_fn=_interruptible
    )
    until(lambda: mailbox.hanging.is_set() or running_command.poll() is not None)
    assert running_command.poll() is None, running_command.stderr.read()
    running_command.send_signal(how)
    _, err = running_command.communicate(timeout=PATIENCE)
    if how == signal.SIGINT:
        assert err.decode().startswith("kamxl: Abgebrochen. 2 von 4 Nachrichten gingen hinaus")
        assert running_command.returncode == 130
    mailbox.after = None
    _, out, _ = command("-C", root, "issue", "--send", "--yes", "--json")
    found = [m["state"] for m in json.loads(out)["sent"]]
    assert found == ["already", "already", "uncertain", "sent"]
    assert len(mailbox.taken) == 3


def test_every_state_has_its_words_in_json_too(team):
    with running(Mailbox(after=1)) as mailbox:
        result = run(team, mailbox, language="de")
    assert result.language == "de"
    assert "--again" in sent_json(result)[1]["reason"]
    assert "1 gesendet, 1 ungewiss, 2 nicht gesendet" in sent_lines(result)[0]


def test_a_draft_that_was_changed_since_it_was_proven_is_not_sent(tmp_path):
    new_team(tmp_path / "w", asking())
    outgoing = issue(tmp_path / "w").outgoing
    assert [mail.subject for mail in outgoing[:2]] == [outgoing[0].subject, outgoing[1].subject]
    outgoing[0].path.write_bytes(outgoing[0].data + b" ")
    outgoing[1].path.unlink()
    for number in (0, 1):
        with pytest.raises(MailError, match="any more"):
            outgoing[number]
    assert outgoing[2].data == outgoing[2].path.read_bytes()
