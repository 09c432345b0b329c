"""Mails that did not arrive: said with whom and why, nobody's answer, and no mail to a dead end."""

import email
import json
from dataclasses import replace
from email.policy import default

import pytest

from kamxl.cli import main as cli
from kamxl.core.finding import Fate
from kamxl.excel.reading.book import read
from kamxl.workflow.incoming.check import check
from kamxl.workflow.incoming.consolidate import consolidate
from kamxl.workflow.outgoing.issue import issue
from kamxl.workflow.outgoing.writing import remind, thank
from tests.mail.notices import NOTICES, TO, failed, plain, report
from tests.mail.outlook import forwarded, mail, text
from tests.workflow.making import NOW, answers_to, codes, drawn_register, register
from tests.workflow.test_answering import MAILED, OUT, ids
from tests.workflow.test_containers import SENT, eml
from tests.workflow.test_sent_something import ADA, DEE

GONE = "Tue, 03 Mar 2026 10:00:00 +0100"  # when the notices came
LATER = "Wed, 04 Mar 2026 10:00:00 +0100"
EARLIER = "Mon, 02 Mar 2026 10:00:00 +0100"


def outgoing(team, stem="ALPHA--c1"):
    """The mail that went out, card and all."""
    return email.message_from_bytes((team.root / OUT / f"{stem}.eml").read_bytes(), policy=default)


def lists(told):
    made = {"reminded": ids(told.mails), "sent": ids(told.sent_something),
            "undeliverable": ids(told.undeliverable), "left": ids(told.left),
            "delayed": ids(told.delayed)}  # fmt: skip
    return {key: found for key, found in made.items() if found}


def files(team):
    return {file.path: file for file in consolidate(team.root, now=NOW).files}


def with_address(address):
    made = register()
    contacts = tuple(replace(c, email=address) if c.email == TO else c for c in made.contacts)
    return drawn_register(replace(made, contacts=contacts))


@pytest.mark.proof
def test_the_card_that_came_back_is_nobodys_answer(team):
    team.put("Unzustellbar.eml", report(*failed(), original=outgoing(team)))
    found = files(team)
    notice, *cards = found.values()
    assert (notice.path, notice.fate) == ("inbox/Unzustellbar.eml", Fate.ATTENTION)
    assert codes(notice) == {"mail-undelivered"}
    assert (notice.account, notice.segment, notice.respondent) == ("ALPHA", None, "c1")
    assert [(card.segment, card.fate, codes(card)) for card in cards] == [
        (segment, Fate.IGNORED, {"came-along", "empty-card"}) for segment in ("pumps", "valves")
    ]
    assert lists(remind(team.root)) == {"reminded": MAILED - ADA, "undeliverable": ADA}
    assert lists(remind(team.root, everyone=True)) == {
        "reminded": MAILED - ADA,
        "undeliverable": ADA,
    }


@pytest.mark.proof
@pytest.mark.parametrize("name", NOTICES)
def test_notices_of_all_kinds(team, name):
    data, permanent = NOTICES[name]
    team.put("notice.eml", data)
    ((file),) = files(team).values()
    told = lists(remind(team.root))
    if permanent:
        assert (file.fate, codes(file)) == (Fate.ATTENTION, {"mail-undelivered"})
        assert told == {"reminded": MAILED - ADA, "undeliverable": ADA}
    else:
        assert (file.fate, codes(file)) == (Fate.IGNORED, {"mail-delayed"})
        assert told == {"reminded": MAILED, "delayed": ADA}


@pytest.mark.proof
@pytest.mark.parametrize("status", ["5.1.1", "4.2.2"])
def test_a_test_that_did_not_arrive_concerns_no_customer(team, status):
    made = issue(team.root, test="kam.team@muster.example").issued[0]
    mail = email.message_from_bytes((team.root / made.mail).read_bytes(), policy=default)
    team.put("notice.eml", report(*failed("kam.team@muster.example", status), original=mail))
    notice, *cards = files(team).values()
    assert (notice.fate, codes(notice)) == (Fate.IGNORED, {"test-undelivered"})
    assert notice.account is None
    assert "550" in str(dict(notice.findings[0].details)["reason"])
    assert len(cards) == 2
    assert all("test-card" in codes(card) for card in cards)
    assert lists(remind(team.root)) == {"reminded": MAILED}


def test_a_notice_says_to_whom_and_why(team):
    team.put("notice.eml", report(*failed()))
    ((finding,),) = (file.findings for file in files(team).values())
    assert finding.value == TO
    details = dict(finding.details)
    assert details["who"] == "Ada Beispiel (ALPHA)"
    assert details["reason"].startswith("550 5.1.1")


@pytest.mark.proof
def test_headers_only_say_which_card_it_was(team):
    team.put("notice.eml", report(*failed(), original=outgoing(team), headers_only=True))
    (file,) = files(team).values()
    assert (file.account, file.segment, file.respondent) == ("ALPHA", None, "c1")
    original = outgoing(team, "ALPHA--c2")
    team.put(
        "notice.eml", report(*failed("bo@alpha.example"), original=original, headers_only=True)
    )
    (file,) = files(team).values()
    assert (file.account, file.segment, file.respondent) == ("ALPHA", "pumps", "c2")


def test_an_address_that_passed_mails_on_to_a_dead_end(team):
    team.put("notice.eml", report(*failed("old@elsewhere.example"), original=outgoing(team)))
    assert lists(remind(team.root)) == {"reminded": MAILED - ADA, "undeliverable": ADA}


@pytest.mark.proof
def test_a_damaged_card_in_a_notice_is_part_of_it(team):
    original = outgoing(team)
    card, _ = original.iter_attachments()
    card.set_content(b"PK\3\4 cut off", "application", "octet-stream", filename="card.xlsx")
    team.put("notice.eml", report(*failed(), original=original))
    assert {f.fate for f in files(team).values()} == {Fate.ATTENTION, Fate.IGNORED}
    assert lists(remind(team.root)) == {"reminded": MAILED - ADA, "undeliverable": ADA}


@pytest.mark.proof
def test_a_customers_own_mail_that_did_not_reach_us_is_an_answer(team):
    """Her answer came back to her, and she passes it on."""
    answer = eml(("a.xlsx", team.filled(team.order("ALPHA", "pumps", "c1"))))
    original = email.message_from_bytes(answer, policy=default)
    notice = report(*failed("kam@mustr.example"), original=original)
    team.put("WG.eml", eml(("notice.eml", notice)))
    assert ("ALPHA", "pumps", "c1") not in ids(remind(team.root).mails)
    assert ids(thank(team.root).mails) == {("ALPHA", "pumps", "c1")}


@pytest.mark.proof
def test_a_new_address_in_the_register_is_written_to(team):
    team.put("notice.eml", report(*failed()))
    (team.root / "Register.xlsx").write_bytes(with_address("ada.new@alpha.example"))
    told = remind(team.root)
    assert lists(told) == {"reminded": MAILED}
    assert {m.recipient for m in told.outgoing if m.order.respondent_name == "Ada Beispiel"} == {
        "ada.new@alpha.example"
    }
    # until that does not exist either
    team.put("again.eml", report(*failed("Ada.New@alpha.example"), original=outgoing(team)))
    told = remind(team.root)
    assert lists(told) == {"reminded": MAILED - ADA, "undeliverable": ADA}
    assert {one.files for one in told.undeliverable} == {("inbox/again.eml",)}


@pytest.mark.proof
def test_an_answer_after_a_notice_is_an_answer(team):
    team.put("notice.eml", report(*failed(), original=outgoing(team), sent=GONE))
    order = team.order("ALPHA", "pumps", "c1")
    team.put("AW.eml", eml(("a.xlsx", team.filled(order, answers_to(order))), sent=LATER))
    # her address lives: she is reminded of the other card
    assert lists(remind(team.root)) == {"reminded": MAILED - {("ALPHA", "pumps", "c1")}}
    assert ids(thank(team.root).mails) == {("ALPHA", "pumps", "c1")}


@pytest.mark.proof
def test_what_came_from_her_before_does_not_make_a_dead_address_live(team):
    order = team.order("ALPHA", "pumps", "c1")
    team.put("AW.eml", eml(("a.xlsx", team.filled(order, answers_to(order))), sent=EARLIER))
    team.put("notice.eml", report(*failed(), sent=GONE))
    assert lists(remind(team.root)) == {
        "reminded": MAILED - ADA,
        "undeliverable": {("ALPHA", "valves", "c1")},
    }


def test_a_picture_from_her_after_it_is_something(team):
    team.put("notice.eml", report(*failed(), sent=GONE))
    team.put("AW.eml", eml(("Scan.jpg", b"\xff\xd8\xff\xe0" + b"0" * 99), sent=LATER))
    assert lists(remind(team.root)) == {"reminded": MAILED - ADA, "sent": ADA}


@pytest.mark.proof
def test_an_address_of_nobody_here_is_said_and_stops_nothing(team):
    team.put("notice.eml", report(*failed("zoe@elsewhere.example")))
    (file,) = files(team).values()
    assert (file.fate, file.account, codes(file)) == (Fate.ATTENTION, None, {"mail-undelivered"})
    assert lists(remind(team.root)) == {"reminded": MAILED}


@pytest.mark.proof
def test_that_somebody_got_it_is_nothing(team):
    got = ("Final-Recipient: rfc822; ada@alpha.example", "Action: delivered", "Status: 2.1.5")
    team.put(
        "ok.eml", report(*got, original=outgoing(team), subject="Delivered: Ihre Einschätzung")
    )
    assert {f.fate for f in files(team).values()} == {Fate.IGNORED}
    assert lists(remind(team.root)) == {"reminded": MAILED}


@pytest.mark.proof
def test_a_notice_that_was_passed_on(team):
    notice = report(*failed(), original=outgoing(team))
    team.put("WG.eml", eml(("notice.eml", notice), sender="kam@muster.example"))
    found = files(team)
    assert codes(found.pop("inbox/WG.eml!notice.eml")) == {"mail-undelivered"}
    assert [codes(file) for file in found.values()] == [{"came-along", "empty-card"}] * 2
    assert lists(remind(team.root)) == {"reminded": MAILED - ADA, "undeliverable": ADA}


@pytest.mark.proof
def test_a_notice_that_outlook_saved(team):
    card = (team.root / OUT / "ALPHA--pumps--c1.xlsx").read_bytes()
    outer = mail("Unzustellbar: Ihre Einschätzung", "Microsoft Outlook", "", SENT, [])
    said = f"Fehler bei der Nachrichtenzustellung an:\r\n\r\n{TO}\r\n#550 5.1.10 RecipientNotFound"
    outer.inside += [text("001A", "REPORT.IPM.Note.NDR"), text("1000", said)]
    inner = mail(
        "Ihre Einschätzung", "KAM", "kam@muster.example", SENT, [("ALPHA--pumps--c1.xlsx", card)]
    )
    team.put("Unzustellbar.msg", forwarded(outer, inner))
    found = {path: (file.fate, codes(file)) for path, file in files(team).items()}
    assert found == {
        "inbox/Unzustellbar.msg": (Fate.ATTENTION, {"mail-undelivered"}),
        "inbox/Unzustellbar.msg!Ihre Einschätzung.msg!ALPHA--pumps--c1.xlsx": (
            Fate.IGNORED,
            {"came-along", "empty-card"},
        ),
    }
    assert lists(remind(team.root)) == {"reminded": MAILED - ADA, "undeliverable": ADA}


def test_a_person_who_writes_of_it_is_none(team):
    said = f"Meine Mail kam zurück:\n{TO}\n550 5.1.1 User unknown"
    team.put(
        "AW.eml", plain("WG: Unzustellbar: Ihre Einschätzung", "Dee <dee@gamma.example>", said)
    )
    assert lists(remind(team.root)) == {"reminded": MAILED - DEE, "sent": DEE}


@pytest.mark.proof
def test_it_holds_for_the_next_period_too(team):
    team.put("notice.eml", report(*failed()))
    issue(team.root, period="2026-H2", now=NOW)
    assert lists(remind(team.root, period="2026-H2")) == {
        "reminded": MAILED - ADA,
        "undeliverable": ADA,
    }


def test_checked_alone_it_says_the_same(team, tmp_path):
    path = tmp_path / "notice.eml"
    path.write_bytes(report(*failed(), original=outgoing(team)))
    for root in (team.root, None):
        notice, *cards = check([path], root).files
        assert codes(notice) == {"mail-undelivered"}
        assert [card.fate for card in cards] == [Fate.IGNORED] * 2


@pytest.mark.proof
@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("de", ("Nicht erinnert, weil Mails sie nicht erreichen:", "war unzustellbar",
                "berichtigen Sie die Adresse im Register")),
        ("en", ("Not reminded, because e-mails do not reach them:", "was undeliverable",
                "correct the address in the register")),
    ],
)  # fmt: skip
def test_words_and_json_say_what_to_do(team, capsys, language, said):
    team.put("notice.eml", report(*failed()))
    told = cli.main(["-C", str(team.root), "remind", "--language", language])
    out = capsys.readouterr().out
    assert told == 0
    for words in said:
        assert words in out
    assert "550 5.1.1" in out
    assert cli.main(["-C", str(team.root), "remind", "--json", "--strict"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert len(found["reminded"]) == len(MAILED - ADA)
    assert {one["email"] for one in found["undeliverable"]} == {TO}
    assert {one["files"][0] for one in found["undeliverable"]} == {"inbox/notice.eml"}
    (sheet,) = read((team.root / OUT / "Empfaenger.xlsx").read_bytes()).sheets
    assert [cell.text for cell in sheet.cells.values()].count("unzustellbar") == 1
