"""Signed, encrypted, packed and linked: opened as if nobody had wrapped it, or named for it."""

import base64
import bz2
import gzip
import lzma
import random
import tarfile
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest

from kamxl.mail import packed
from kamxl.mail.eml import open_eml
from kamxl.mail.links import link_in
from kamxl.mail.mime import begins_as_mail
from kamxl.mail.msg import open_msg
from kamxl.mail.opening import LARGEST, MEMBERS, Budget, Member
from kamxl.mail.packed import open_bzip2, open_gzip, open_tar, open_xz
from kamxl.mail.signed import open_signed, unsigned
from tests.mail.outlook import Node, mail, ole, text
from tests.mail.test_opening import refused
from tests.mail.wrapping import ber, compressed, emlx, enveloped, mbox, oid, signed, tar

CARD = bytes(range(256)) * 30
SENT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
GIVEN = ("AW: Bogen", "Ada", "ada@alpha.example", SENT)
HEAD = b"From: Ada <ada@alpha.example>\r\nTo: kam@muster.example\r\nSubject: AW: Bogen\r\n"


def parts(*attached: tuple[str, bytes], said: str = "Anbei.", html: str = "") -> EmailMessage:
    made = EmailMessage()
    made.set_content(said)
    if html:
        made.add_alternative(html, subtype="html")
    for name, data in attached:
        made.add_attachment(data, "application", "octet-stream", filename=name)
    return made


def mime(*attached: tuple[str, bytes], **given: str) -> bytes:
    """The inner part of a mail, as it is signed."""
    return parts(*attached, **given).as_bytes()


def whole(*attached: tuple[str, bytes], **given: str) -> bytes:
    return HEAD.replace(b"\r\n", b"\n") + mime(*attached, **given)


def opaque(content: bytes, kind: str = "application/pkcs7-mime") -> bytes:
    head = HEAD + f'Content-Type: {kind}; name="smime.p7m"\r\n'.encode()
    return head + b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(content)


def names(found) -> list[tuple[str, str | None]]:
    return [(member.name, member.reason) for member in found.members]


# --- signed and encrypted ------------------------------------------------------------------------


def clear(inner: bytes) -> bytes:
    kind = b'multipart/signed; protocol="application/pkcs7-signature"; micalg=sha-256; boundary=S'
    return (
        b"Content-Type: " + kind + b"\n\n--S\n" + inner + b"\n--S\n"
        b'Content-Type: application/pkcs7-signature; name="smime.p7s"\n'
        b"Content-Transfer-Encoding: base64\n\n" + base64.encodebytes(signed(None)) + b"--S--\n"
    )


@pytest.mark.parametrize("pieces", [0, 1000])
def test_a_signed_mail_holds_what_was_signed(pieces):
    inner = mime(("card.xlsx", CARD))
    for data in (opaque(signed(inner, pieces=pieces)),
                 opaque(signed(signed(inner, pieces=pieces)), "application/x-pkcs7-mime"),
                 opaque(signed(clear(inner), pieces=pieces))):  # fmt: skip
        found = open_eml(data, Budget())
        assert found.members[0] == Member("card.xlsx", CARD)
        assert found.postmark.address == "ada@alpha.example"
    first, signature = open_eml(HEAD.replace(b"\r\n", b"\n") + clear(inner), Budget()).members
    assert (first.name, first.data, signature.aside) == ("card.xlsx", CARD, True)


@pytest.mark.parametrize("wrap", [clear, signed])
def test_outlook_puts_a_signed_mail_whole_into_one_attachment(wrap):
    inner = wrap(mime(("card.xlsx", CARD)))
    found = open_msg(ole(mail(*GIVEN, [("smime.p7m", inner)])), Budget())
    assert found.members[0] == Member("card.xlsx", CARD)
    unnamed = mail(*GIVEN, [("", inner)])
    unnamed.inside.append(text("001A", "IPM.Note.SMIME.MultipartSigned"))
    assert open_msg(ole(unnamed), Budget()).members[0].data == CARD


def test_a_signed_file_is_the_file():
    assert open_signed(signed(CARD), Budget()).members == (Member("", CARD),)
    pem = b"-----BEGIN PKCS7-----\n" + base64.encodebytes(signed(CARD)) + b"-----END PKCS7-----\n"
    assert unsigned(pem) == CARD
    assert unsigned(compressed(CARD)) == CARD
    assert open_eml(whole(("card.xlsx.p7m", signed(CARD))), Budget()).members == (
        Member("card.xlsx", CARD),
    )


@pytest.mark.parametrize("kind", ["enveloped", "sealed"])
def test_an_encrypted_mail_is_named(kind):
    assert names(open_eml(opaque(enveloped(kind)), Budget())) == [("smime.p7m", "encrypted")]
    found = open_msg(ole(mail(*GIVEN, [("smime.p7m", enveloped(kind))])), Budget())
    assert names(found) == [("smime.p7m", "encrypted")]
    assert refused(open_signed, signed(None)) == "aside"  # a signature without what was signed
    assert open_eml(whole(said="-----BEGIN PGP MESSAGE-----\n\nhQ"), Budget()).postmark.locked


def test_signatures_that_lie_are_damaged_only():
    inner = mime(("card.xlsx", CARD))
    chance = random.Random(1)  # noqa: S311
    for sound in (signed(inner), signed(inner, pieces=500), enveloped()):
        for _ in range(300):
            data = bytearray(sound)
            for _ in range(3):
                data[chance.randrange(min(len(data), 120))] = chance.randrange(256)
            assert refused(open_signed, bytes(data[: chance.randrange(1, len(data))])) in (
                "damaged", "encrypted", "aside", "too-large", None
            )  # fmt: skip
    assert refused(open_signed, b"\x30\x80" * 500_000) in ("damaged", "too-large")
    assert refused(open_signed, ber(0x30, oid("signed"), b"\xa0\x84\xff\xff\xff\xff")) == "damaged"
    assert refused(open_signed, compressed(bytes(LARGEST + 9))) == "too-large"
    around = inner
    for _ in range(12):  # signatures around signatures
        around = mime(("smime.p7m", signed(around)))
    assert refused(open_eml, HEAD.replace(b"\r\n", b"\n") + around) == "deep"


# --- mailboxes -----------------------------------------------------------------------------------


def test_a_mailbox_is_its_mails_and_a_mail_from_one_is_a_mail():
    one, two = whole(("a.xlsx", CARD)), whole(("b.xlsx", CARD), said="\n\nFrom here:\nSubject: x")
    found = open_eml(mbox(one, two, one), Budget())
    assert found.postmark is None
    assert [member.name for member in found.members] == ["AW: Bogen.eml".replace(":", "_")] * 3
    inside = [open_eml(m.data, Budget()).members[0].name for m in found.members]
    assert inside == ["a.xlsx", "b.xlsx", "a.xlsx"]
    box = mbox(one)
    for data in (box, b">From x\n" + one, emlx(one), b"\xef\xbb\xbf" + one, b"\r\n\r\n" + box):
        assert open_eml(data, Budget()).members == (Member("a.xlsx", CARD),)
        assert open_eml(data, Budget()).postmark.address == "ada@alpha.example"
        assert begins_as_mail(data)
    assert open_eml(two, Budget()).members[0].name == "b.xlsx"


def test_a_mailbox_that_tells_no_time():
    one, two = whole(("a.xlsx", CARD)), whole(("b.xlsx", CARD), said="\n\nFrom the team\nNote: x")
    for line in (b"From \n", b"From \r\n", b"From -\n", b"From ada@alpha.example\n"):
        found = open_eml(b"".join(line + mail + b"\n\n" for mail in (one, two, one)), Budget())
        inside = [open_eml(m.data, Budget()).members[0].name for m in found.members]
        assert inside == ["a.xlsx", "b.xlsx", "a.xlsx"]
    dated = mbox(whole(("a.xlsx", CARD), said="\n\nFrom \nNote: x"))
    assert open_eml(dated, Budget()).members == (Member("a.xlsx", CARD),)


def test_a_digest_is_its_mails():
    inner = b"--b\n\n" + whole(("a.xlsx", CARD)) + b"\n"
    data = HEAD + b"Content-Type: multipart/digest; boundary=b\r\n\r\n" + inner * 2 + b"--b--\n"
    found = open_eml(data, Budget()).members
    assert [open_eml(m.data, Budget()).members[0].data for m in found] == [CARD] * 2


def test_each_mail_of_a_mailbox_may_be_signed():
    budget = Budget()
    found = open_eml(mbox(*[opaque(signed(mime(("a.xlsx", CARD))))] * 30), budget)
    assert {open_eml(m.data, budget).members[0].data for m in found.members} == {CARD}


def test_a_mailbox_of_many_people_is_opened_and_one_of_thousands_is_not():
    small = whole(("a.xlsx", b"x"))
    assert len(open_eml(mbox(*[small] * 400), Budget()).members) == 400
    assert refused(open_eml, mbox(*[small] * 1_200)) == "too-large"


# --- what is not in the mail ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "siehe https://alpha-my.sharepoint.com/:x:/p/ada/EdX?e=1",
        "https://1drv.ms/x/s!Ab",
        "https://drive.google.com/file/d/1/view",
        '<a href="https://docs.google.com/spreadsheets/d/1">',
        "https://www.dropbox.com/scl/fi/x",
        "https://www.icloud.com/iclouddrive/0x",
        "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Falpha.sharepoint.com%2Fx",
        "https://cloud.alpha.example/s/AbCdEfGhIjKlMn",
        "https://we.tl/t-abc",
        "https://c.gmx.net/@1234567890/AbC",
        "<https://www.alpha.example/files/Scorecard%20answer.xlsx>",
        "https://cloud.alpha.example/index.php/s/AbCd",
        "https://disk.yandex.ru/i/abc",
    ],
)
def test_a_link_to_a_file_is_seen(text):
    assert link_in(text).startswith("https://")
    assert open_eml(whole(said=text if text[0] != "<" else "x", html=text), Budget()).postmark.link


@pytest.mark.parametrize(
    "text",
    ["https://www.alpha.example/s/", "https://mailbox.org/x", "https://www.google.com/maps",
     "https://www.mega-markt.example", "https://alpha.example/s/newsletter-off",
     "sharepoint.com", "https://alpha.example/team/sharepoint", "https://www.linkedin.com/in/ada"],
)  # fmt: skip
def test_other_links_are_none(text):
    assert link_in(text) == ""


def test_an_attachment_that_lies_elsewhere():
    import struct

    linked = mail(*GIVEN, [])
    path = text("370D", "https://alpha-my.sharepoint.com/x")
    linked.inside.append(
        Node("__attach_version1.0_#00000000", None, [text("3707", "a.xlsx"), path])
    )
    method = b"\0" * 8 + struct.pack("<HHIII", 3, 0x3705, 6, 7, 0)
    by_method = [text("3707", "b.xlsx"), Node("__properties_version1.0", method)]
    linked.inside.append(Node("__attach_version1.0_#00000001", None, by_method))
    broken = Node("__attach_version1.0_#00000002", None, [text("3707", "c.xlsx")])
    linked.inside.append(broken)
    found = open_msg(ole(linked), Budget())
    assert names(found) == [("a.xlsx", "link"), ("b.xlsx", "link"), ("c.xlsx", "damaged")]
    elsewhere = whole(("card.xlsx", b"x")).replace(
        b"Content-Disposition:", b"X-Mozilla-Cloud-Part: cloudFile; url=x\nContent-Disposition:"
    )
    assert names(open_eml(elsewhere, Budget())) == [("card.xlsx", "link")]


# --- streams and tapes ---------------------------------------------------------------------------

PACK = {
    "gz": (gzip.compress, open_gzip), "bz2": (bz2.compress, open_bzip2),
    "xz": (lzma.compress, open_xz),
}  # fmt: skip


@pytest.mark.parametrize("how", PACK)
def test_a_stream_holds_a_file_or_a_tape(how):
    compress, opener = PACK[how]
    assert opener(compress(CARD), Budget()).members == (Member("", CARD),)
    assert opener(compress(CARD[:5]) + compress(CARD[5:]), Budget()).members[0].data == CARD
    found = opener(compress(tar(("a/größe.xlsx", CARD), ("b.xlsx", b"x"))), Budget())
    assert found.members == (Member("a/größe.xlsx", CARD), Member("b.xlsx", b"x"))
    tenth = compress(bytes(LARGEST // 10 + 1))
    assert opener(tenth * 10, Budget()).members[0].reason == "too-large"
    assert refused(opener, tenth * 32) == "too-large"
    assert refused(opener, compress(CARD)[:-9]) == "damaged"
    assert refused(opener, compress(CARD) + b"rest") == "damaged"


@pytest.mark.parametrize("how", PACK)
def test_streams_of_one_source_are_unpacked_from_one_budget(how):
    """Whatever of them is kept: tapes of clutter, and what is cut or too large."""
    compress, opener = PACK[how]
    budget = Budget(lambda _: "not-a-workbook", streams=100_000)
    clutter = compress(tar(("._a", bytes(40_000))))
    assert names(opener(clutter, budget)) == [("._a", "not-a-workbook")]
    assert budget.streams < 60_000
    assert refused(lambda data, _: opener(data, budget), compress(bytes(70_000))) == "too-large"
    for _ in range(3):
        assert refused(lambda data, _: opener(data, budget), compress(b"x")) == "too-large"
    assert budget.streams == -1


@pytest.mark.parametrize("form", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT, tarfile.USTAR_FORMAT])
def test_names_on_a_tape(form):
    long = "Ordner/" * 20 + "Größe.xlsx"
    found = open_tar(tar((long, CARD), ("../../etc/x", b"y"), form=form), Budget()).members
    assert found == (Member(long, CARD), Member("_/_/etc/x", b"y"))


def test_tapes_that_lie():
    sound = tar(("a.xlsx", CARD), ("b.xlsx", CARD), form=tarfile.USTAR_FORMAT)
    assert packed.is_tar(sound)
    assert not packed.is_tar(bytes(1024))
    (first, second) = open_tar(sound[:9_500], Budget()).members
    assert (first.data, second.reason) == (CARD, "damaged")
    assert refused(open_tar, tar(*((f"{n}", b"") for n in range(MEMBERS + 1)))) == "too-large"
    chance = random.Random(2)  # noqa: S311
    for _ in range(300):
        data = bytearray(sound)
        at = 512 + chance.randrange(512)
        data[at] = chance.randrange(256)
        if chance.random() < 0.5:  # with the sum that fits
            header = bytes(data[512:660]) + b" " * 8 + bytes(data[668:1024])
            data[660:668] = b"%06o\0 " % sum(header)
        if refused(open_tar, bytes(data)) is None:
            found = open_tar(bytes(data), Budget()).members
            assert all((m.data is None) != (m.reason is None) for m in found)


def test_clutter_does_not_use_up_what_a_file_may_hold():
    budget = Budget(lambda name: "not-a-workbook" if "._" in name else None)
    files = [(f"{n}", b"x") for n in range(150)] + [(f"._{n}", b"x") for n in range(150)]
    found = open_tar(tar(*files), budget).members
    assert [m.reason for m in found] == [None] * 150 + ["not-a-workbook"] * 150
