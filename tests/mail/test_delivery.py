"""What a mail server says of a mail that did not arrive: to whom, for good or not, and why."""

from email.message import EmailMessage

import pytest

from kamxl.core.records.mails import Undelivered
from kamxl.mail.eml import open_eml
from kamxl.mail.msg import open_msg
from kamxl.mail.opening import Budget
from tests.mail.notices import AWAY, NOTICES, PERSONS, TO, US, failed, plain, report
from tests.mail.outlook import Node, mail, ole, text
from tests.mail.test_opening import SENT


def marked(data: bytes):
    return open_eml(data, Budget()).postmark


def original(card: str = "c" * 32) -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = US, TO, "Ihre Einschätzung"
    made["X-Kamxl-Card"] = card
    made.set_content("Anbei.")
    return made


@pytest.mark.parametrize("name", NOTICES)
def test_notices_in_words(name):
    data, permanent = NOTICES[name]
    mark = marked(data)
    (found,) = mark.undelivered
    assert (found.address, found.permanent) == (TO, permanent)
    assert mark.automatic
    if permanent:
        assert "5.1.1" in found.reason


@pytest.mark.parametrize(
    ("fields", "permanent"),
    [
        (failed(), True),
        (failed(status="5.2.2"), True),
        (failed(status="4.4.7"), False),  # given up after days: another try may help
        (failed(action="delayed", status="4.4.1"), False),
        (("Final-Recipient: rfc822;ada@alpha.example", "Action: failed"), True),
    ],
)
def test_a_report_says_for_good_or_not(fields, permanent):
    (found,) = marked(report(*fields)).undelivered
    assert (found.address, found.permanent) == (TO, permanent)


def test_the_servers_words():
    (found,) = marked(report(*failed())).undelivered
    said = f"550 5.1.1 <{TO}>: Recipient address rejected: User unknown"
    assert found == Undelivered(TO, True, said)


def test_several_recipients_and_who_got_it():
    got = ("Final-Recipient: rfc822; dee@gamma.example", "Action: delivered", "Status: 2.0.0")
    other = failed("bo@alpha.example", "4.2.2")
    found = marked(report(*failed(), "", *got, "", *other)).undelivered
    assert [(one.address, one.permanent) for one in found] == [
        (TO, True),
        ("bo@alpha.example", False),
    ]
    mark = marked(report(*got))
    assert mark.undelivered == ()
    assert mark.automatic


@pytest.mark.parametrize("headers_only", [False, True])
def test_the_mail_that_came_back_tells_which_card_and_whom(headers_only):
    """The address was passed on to another, which does not exist."""
    fields = failed("elsewhere@old.example")
    found = marked(report(*fields, original=original(), headers_only=headers_only))
    assert found.cards == ("c" * 32,)
    assert {one.address for one in found.undelivered} == {"elsewhere@old.example", TO}


def test_the_parts_of_a_report_are_no_attachments():
    members = open_eml(report(*failed(), original=original()), Budget()).members
    assert [member.name for member in members] == ["Ihre Einschätzung.eml"]
    assert (
        open_eml(report(*failed(), original=original(), headers_only=True), Budget()).members == ()
    )


@pytest.mark.parametrize("name", AWAY)
def test_absences_and_receipts_are_no_persons_word_and_no_failure(name):
    mark = marked(AWAY[name])
    assert mark.automatic
    assert mark.undelivered == ()


@pytest.mark.parametrize("name", PERSONS)
def test_what_a_person_writes_is(name):
    mark = marked(PERSONS[name])
    assert not mark.automatic
    assert mark.undelivered == ()


def test_who_is_quoted_above_what_was_passed_on():
    said = f"Zur Info.\n\nVon: Ada Beispiel <{TO}>\nGesendet: Montag\nAn: {US}\n\nAnbei."
    assert marked(plain("WG: Karte", US, said)).quoted == (TO,)
    assert marked(plain("AW: Karte", f"Ada <{TO}>", "Ja.\n> An: bo@alpha.example")).quoted == ()


# --- Outlook -------------------------------------------------------------------------------------


def outlook(kind: str, *nodes: Node, subject: str = "Unzustellbar: Ihre Einschätzung", files=()):
    made = mail(subject, "Systemadministrator", "", SENT, list(files))
    made.inside += [text("001A", kind), *nodes]
    return open_msg(ole(made), Budget())


def recipient(address: str, said: str) -> Node:
    inside = [text("39FE", address), text("1001", said)]
    return Node("__recip_version1.0_#00000000", None, inside)


def test_a_notice_that_outlook_saved():
    said = "#550 5.1.10 RESOLVER.ADR.RecipientNotFound"
    found = outlook("REPORT.IPM.Note.NDR", recipient(TO, said)).postmark
    assert found.undelivered == (Undelivered(TO, True, said),)
    late = outlook("REPORT.IPM.Note.Delayed", recipient(TO, "4.4.7 Delivery delayed")).postmark
    assert [(one.address, one.permanent) for one in late.undelivered] == [(TO, False)]


def test_a_notice_as_outlook_keeps_that_of_another_server():
    status = "\r\n".join(("Reporting-MTA: dns; mx", "", *failed())).encode()
    found = outlook("IPM.Note", files=[("details.txt", status), ("a.xlsx", b"PK")])
    assert [one.address for one in found.postmark.undelivered] == [TO]
    assert [member.name for member in found.members] == ["a.xlsx"]


def test_receipts_and_absences_that_outlook_saved():
    for kind in ("REPORT.IPM.Note.IPNRN", "REPORT.IPM.Note.DR",
                 "IPM.Note.Rules.OofTemplate.Microsoft"):  # fmt: skip
        found = outlook(kind, subject="Ihre Einschätzung").postmark
        assert found.automatic
        assert found.undelivered == ()
    headers = text("007D", "From: a@b.example\r\nAuto-Submitted: auto-generated\r\n")
    assert outlook("IPM.Note", headers, subject="Ihre Einschätzung").postmark.automatic
    assert not outlook("IPM.Note", subject="AW: Ihre Einschätzung").postmark.automatic


# --- whatever it is ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said",
    [
        "<" * 200_000,
        "a@" * 100_000,
        "5.1." * 60_000,
        "Von:" * 60_000,
        ("Final-Recipient: rfc822; a@b.example\n\n") * 5_000,
        "x" * 300_000 + "@b.example",
    ],
)
def test_no_text_is_too_much(said):
    for data in (report(said), plain("Undeliverable", "postmaster@a.example", said)):
        assert len(marked(data).undelivered) <= 20
