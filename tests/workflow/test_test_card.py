"""A test card: what a customer would get, to the team itself; it asks nobody and never counts."""

from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes
from email.policy import default

import pytest

from kamxl.cli import main as cli
from kamxl.commands.issue import words as issue_lines
from kamxl.core.cards import seal
from kamxl.core.finding import Fate
from kamxl.errors import KamxlError
from kamxl.excel.reading.book import read
from kamxl.forms.tables.mark import find_marks
from kamxl.mail.sending import SmtpTransport
from kamxl.store import memory
from kamxl.workflow.cards import mark_of
from kamxl.workflow.incoming.check import check
from kamxl.workflow.incoming.consolidate import consolidate
from kamxl.workflow.incoming.intake import take_in
from kamxl.workflow.outgoing.issue import issue
from kamxl.workflow.outgoing.send import send
from kamxl.workflow.outgoing.writing import remind, thank
from tests.mail.servers import HOST, Mailbox, running
from tests.workflow.making import NOW, PERIOD, answers_to, codes, hashes, new_team, register

TEAM = "kam.team@muster.example"


def recorded(team):
    orders = memory.load(team.workspace).orders.values()
    return [order for order in orders if order.test]


def texts_in(data):
    return " ".join(cell.text for sheet in read(data).sheets for cell in sheet.cells.values())


@pytest.mark.proof
@pytest.mark.parametrize(("account", "said"), [("ALPHA", "TEST: "), ("GAMMA", "TEST: ")])
def test_it_is_what_the_customer_would_get_marked_as_a_test(tmp_path, account, said):
    team, real = new_team(tmp_path / "w"), new_team(tmp_path / "real")
    made = issue(team.root, [account], test=TEAM)
    customers = issue(real.root, [account])
    assert [(c.segment, c.respondent) for c in made.issued] == [
        (c.segment, c.respondent) for c in customers.issued
    ]
    assert {c.state for c in made.issued} == {"test"}
    assert made.plans == ()
    for card, other in zip(made.issued, customers.issued, strict=True):
        mine, theirs = (team.root / card.path).read_bytes(), (real.root / other.path).read_bytes()
        assert card.path.startswith(f"outbox/{PERIOD}/test/test--{account}--")
        assert said in texts_in(mine)
        assert said not in texts_in(theirs)
        mail = message_from_bytes((team.root / card.mail).read_bytes(), policy=default)
        asked = message_from_bytes((real.root / other.mail).read_bytes(), policy=default)
        assert mail["To"].addresses[0].addr_spec == TEAM
        assert "alpha.example" not in str(mail["To"]) + str(mail["Cc"]) + str(mail["Bcc"])
        assert mail["Subject"] == f"[Test] {asked['Subject']}"
        assert mine in [attached.get_content() for attached in mail.iter_attachments()]
        assert len(list(mail.iter_attachments())) == len(list(asked.iter_attachments()))
    assert not list(team.root.glob(f"outbox/{PERIOD}/*.*"))


def test_without_an_account_it_is_the_first_that_can_be_issued(tmp_path):
    made = register()
    result = issue(new_team(tmp_path / "w", made).root, test=TEAM)
    assert {c.account for c in result.issued} == {"ALPHA"}
    lines = issue_lines(result)
    assert any(TEAM in line and "ALPHA" in line for line in lines)


@pytest.mark.proof
def test_running_it_twice_changes_nothing(tmp_path):
    team = new_team(tmp_path / "w")
    issue(team.root, test=TEAM)
    before = hashes(team.root, "outbox", ".kamxl", "Register.xlsx")
    issue(team.root, test=TEAM)
    assert hashes(team.root, "outbox", ".kamxl", "Register.xlsx") == before


@pytest.mark.proof
def test_it_asks_nobody(tmp_path):
    team, other = new_team(tmp_path / "w"), new_team(tmp_path / "other")
    issue(team.root, test=TEAM)
    assert not any(path.suffix == ".xlsx" for path in team.root.glob("plans/*"))
    assert remind(team.root).mails == ()
    first = issue(team.root)
    assert {c.state for c in first.issued} == {"new"}
    issue(other.root)
    mine, theirs = (hashes(t.root, "outbox") for t in (team, other))
    assert {n: h.split()[0] for n, h in mine.items() if "/test/" not in n} == {
        n: h.split()[0] for n, h in theirs.items()
    }
    issue(team.root, test=TEAM)
    assert {c.state for c in issue(team.root).issued} == {"unchanged"}
    assert len(remind(team.root).mails) == len(remind(other.root).mails) == 4


@pytest.mark.proof
@pytest.mark.parametrize("answered", [True, False])
@pytest.mark.parametrize("how", ["file", "mail", "plans"])
def test_its_reply_is_recognised_and_does_not_count(tmp_path, how, answered):
    team = new_team(tmp_path / "w")
    issue(team.root, test=TEAM)
    issue(team.root)
    order = recorded(team)[0]
    card = team.filled(order, answers_to(order) if answered else None)
    if how == "mail":
        name = f"test--{order.account}--{order.respondent}.eml"
        team.put("Re.eml", (team.root / "outbox" / PERIOD / "test" / name).read_bytes())
    else:
        team.put("answer.xlsx", card, folder="plans" if how == "plans" else "inbox")
    files = [f for f in take_in(team.workspace).files if f.kind == "scorecard"]
    same = [o for o in recorded(team) if o.key.person == order.key.person]
    assert len(files) == (len(same) if how == "mail" else 1)
    for file in files:
        assert file.fate is Fate.IGNORED
        assert file.findings[0].code == "test-card"
        assert "mail-other-address" not in codes(file)
        assert (file.account, file.respondent) == (order.account, order.respondent)
    assert len(remind(team.root).mails) == 4
    assert thank(team.root).mails == ()
    result = consolidate(team.root, now=NOW)
    assert not result.attention
    assert all(account.total is None for account in result.portfolio.accounts)


@pytest.mark.proof
def test_a_reply_to_the_real_card_counts_beside_it(tmp_path):
    team = new_team(tmp_path / "w")
    issue(team.root, test=TEAM)
    issue(team.root)
    tested = recorded(team)[0]
    real = next(
        o for o in memory.load(team.workspace).orders.values() if o.key == tested.key and not o.test
    )
    team.put("a.xlsx", team.filled(real, answers_to(real)))
    team.put("b.xlsx", team.filled(tested, answers_to(tested, us=(1.0, 1.0, 1.0))))
    files = {f.path: f for f in take_in(team.workspace).files}
    assert files["inbox/a.xlsx"].fate is Fate.ACCEPTED
    assert files["inbox/b.xlsx"].fate is Fate.IGNORED


def test_a_test_s_mark_is_proven_like_any_other(tmp_path):
    team = new_team(tmp_path / "w")
    made = issue(team.root, test=TEAM)
    order = next(o for o in recorded(team) if o.respondent == made.issued[0].respondent)
    assert seal.from_canonical(seal.canonical(order)) == order
    ((mark, _, _),) = find_marks(read((team.root / made.issued[0].path).read_bytes()))
    assert mark == mark_of(team.workspace, order)
    # A test is no way to an answer that counts, and a forged one is forged.
    forged = mark.__class__(**{**{f: getattr(mark, f) for f in mark.__slots__}, "respondent": "c9"})
    path = team.put("forged.xlsx", team.filled(order, answers_to(order), forged))
    (file,) = check([path], team.root).files
    assert (file.fate, "mark-altered" in codes(file)) == (Fate.ATTENTION, True)


@pytest.mark.parametrize(
    "typed",
    ["", "-", "nobody", "a@b", "a@b.example, c@d.example", "a@b.example\nBcc: c@d.example",
     "a@b.example\r\n", "A <a@b.example>", "a@b.example;c@d.example"],
)  # fmt: skip
def test_an_address_is_one_address(tmp_path, typed):
    team = new_team(tmp_path / "w")
    with pytest.raises(KamxlError, match="no e-mail address") as caught:
        issue(team.root, test=typed)
    assert "\n" not in str(caught.value)
    assert not list(team.root.glob("outbox/*"))


def test_a_customer_gets_no_test(tmp_path):
    team = new_team(tmp_path / "w")
    with pytest.raises(KamxlError, match="customer"):
        issue(team.root, test="Dee@gamma.example")
    assert not list(team.root.glob("outbox/*"))


@pytest.mark.proof
def test_sent_it_is_logged_apart_and_the_real_one_still_goes_out(tmp_path):
    team = new_team(tmp_path / "w", register(smtp_host=HOST, smtp_security="none"))
    notes = []

    def sent(mails):
        def yes(planned):
            notes.extend(one.note for one in planned)
            return True

        made = send(
            team.root, mails, yes, clock=lambda: NOW,
            transport=lambda server: SmtpTransport(
                replace(server, port=mailbox.port), lambda _: None
            ),
        )  # fmt: skip
        return [(mail.recipient, mail.state) for mail in made.mails]

    with running(Mailbox()) as mailbox:
        tests = issue(team.root, ["GAMMA"], test=TEAM).outgoing
        assert sent(tests) == [(TEAM, "sent")]
        assert sent(tests) == [(TEAM, "already")]
        assert sent(issue(team.root, ["GAMMA"]).outgoing) == [("dee@gamma.example", "sent")]
        assert [recipient for recipient, _ in mailbox.taken] == [TEAM, "dee@gamma.example"]
    assert notes == ["", ""]


def test_the_command_says_what_it_made(tmp_path, capsys):
    team = new_team(tmp_path / "w")
    assert cli.main(["-C", str(team.root), "issue", "--test", TEAM, "--account", "gamma"]) == 0
    assert TEAM in capsys.readouterr().out
    assert cli.main(["-C", str(team.root), "issue", "--test", "nobody"]) == 2
