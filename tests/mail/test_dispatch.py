"""From a draft to the message that leaves, and what makes two drafts the same."""

import io
import zipfile
import zlib
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import SMTP

import pytest

from kamxl.mail.dispatch import content_hash, dispatched
from kamxl.mail.message import Draft, Person, draft

MOMENT = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
ID = "<abc.def@muster.example>"


def workbook(text: str = "Pumpen", level: int = 6) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as package:
        part = zipfile.ZipInfo("xl/workbook.xml")  # without the time of day
        package.writestr(part, text * 200, zipfile.ZIP_DEFLATED, compresslevel=level)
    return made.getvalue()


def mail(card: bytes | None = None, text: str = "Guten Tag,\n\n.\n.x\nGrüße\n", **other) -> bytes:
    given = {"subject": "Ihre Bewertung: Qualität 你好", "html": "<p>Grüße</p>", **other}
    return draft(
        Draft(
            text=text,
            recipient=Person("Ada Beispiel", "ada@alpha.example"),
            sender=Person("Kim Muster", "kam@muster.example"),
            workbooks=(("card.xlsx", card or workbook()),),
            **given,
        )
    )


def test_only_date_id_and_the_mark_of_a_draft_change():
    before = mail(text="Guten Tag,\n\n.\n.x\n", html="<p>x</p>")
    sent = dispatched(before, ID, MOMENT)
    first, second, rest = sent.split(b"\r\n", 2)
    assert first == b"Date: Mon, 04 May 2026 09:30:00 +0000"
    assert second == b"Message-ID: " + ID.encode()
    assert b"\r\nX-Unsent: 1\r\n" in before
    assert rest == before.replace(b"X-Unsent: 1\r\n", b"")
    found = message_from_bytes(sent, policy=SMTP)
    assert found["Subject"] == "Ihre Bewertung: Qualität 你好"
    assert not found.defects


def test_headers_of_ours_are_replaced_wherever_they_stand_and_words_in_the_text_stay():
    head = b"x-unsent:\r\n 1\r\nDate: old\r\nTo: a@b.example\r\nmessage-id: <old@x>\r\n\r\n"
    text = b"Date: in the text\r\nX-Unsent: 1\r\n"
    sent = dispatched(head + text, ID, MOMENT)
    own = b"Date: Mon, 04 May 2026 09:30:00 +0000\r\nMessage-ID: <abc.def@muster.example>\r\n"
    assert sent == own + b"To: a@b.example\r\n\r\n" + text


def test_no_line_ends_otherwise_than_all_servers_read_it():
    sent = dispatched(b"To: a@b.example\n\nhello\n.\rMAIL FROM:<x@y.example>\r\n\n", ID, MOMENT)
    assert sent.count(b"\n") == sent.count(b"\r") == sent.count(b"\r\n") == 8


def test_bytes_beyond_ascii_are_encoded():
    eight = b'Subject: x\r\nContent-Type: text/plain; charset="utf-8"\r\n'
    eight += b"Content-Transfer-Encoding: 8bit\r\n\r\n" + "Grüße\r\n".encode()
    sent = dispatched(eight, ID, MOMENT)
    assert sent.isascii()
    assert message_from_bytes(sent, policy=SMTP).get_content() == "Grüße\r\n"
    whole, before = (
        message_from_bytes(data, policy=SMTP) for data in (dispatched(mail(), ID, MOMENT), mail())
    )
    assert [p.get_payload(decode=True) for p in whole.walk()] == [
        p.get_payload(decode=True) for p in before.walk()
    ]
    assert whole["Subject"] == before["Subject"]


def test_another_compression_is_the_same_content():
    packed, stored = workbook(level=9), workbook(level=0)
    assert packed != stored
    assert content_hash(mail(packed)) == content_hash(mail(stored))
    pictures = [zlib.compress(b"\0" * 999, level) for level in (0, 9)]
    drawn = [mail(html='<img src="cid:r@kamxl">', pictures=(("r@kamxl", p),)) for p in pictures]
    assert drawn[0] != drawn[1]
    assert content_hash(drawn[0]) == content_hash(drawn[1])


@pytest.mark.parametrize(
    "other",
    [
        {"card": workbook("Pumpem")},
        {"text": "Guten Tag,\n"},
        {"html": "<p>Grüsse</p>"},
        {"subject": "Ihre Bewertung"},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_another_content_is_another_message(other):
    assert content_hash(mail(**other)) != content_hash(mail())


def test_who_sends_for_somebody_else_says_so():
    sent = dispatched(mail(), ID, MOMENT, "scorecards@muster.example")
    found = message_from_bytes(sent, policy=SMTP)
    assert (found["From"], found["Sender"]) == (
        "Kim Muster <kam@muster.example>",
        "scorecards@muster.example",
    )
    assert message_from_bytes(dispatched(mail(), ID, MOMENT), policy=SMTP)["Sender"] is None
