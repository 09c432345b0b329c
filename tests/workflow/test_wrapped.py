"""What is wrapped is opened or named; clutter is left alone; our own card may come along."""

import base64
import gzip
import io
import struct
import zipfile
from dataclasses import replace

import pytest

from kamxl.core.finding import Fate, finding
from kamxl.core.method.scoring import Scorecard
from kamxl.core.records.register import Answers, FileResult
from kamxl.store.inbox import entry_of
from kamxl.wording.texts import languages, texts
from kamxl.workflow.cards import mark_of
from kamxl.workflow.files.came_along import beside_answers, with_mail
from kamxl.workflow.files.containers import taken_apart
from kamxl.workflow.files.opening import read_any
from kamxl.workflow.incoming.intake import known_of, take_in
from kamxl.workflow.incoming.judge import judge
from tests.mail.outlook import Node, msg, ole
from tests.mail.test_wrappings import GIVEN, HEAD, mime, opaque, whole
from tests.mail.wrapping import emlx, enveloped, mbox, signed, tar
from tests.workflow.making import PRESS, answers_to, codes
from tests.workflow.test_containers import PNG, eml

ODS = b"application/vnd.oasis.opendocument.spreadsheet"


def packed(**files: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return made.getvalue()


def seen(name: str, data: bytes) -> list[tuple[str, str, str]]:
    """Every file in one: its path, fate and code, as the processes apart would find them."""
    entry = entry_of(f"inbox/{name}", data, None)
    judged = [judge(one, None, read_any) for one in taken_apart(entry) or [entry]]
    said = [f for one in judged for f in one.findings]
    assert all(texts(language).sentence(one) for language in languages() for one in said)
    return [
        (one.path.removeprefix("inbox/"), one.fate.value, one.findings[0].code) for one in judged
    ]


def protected(stream: str) -> bytes:
    inside = [Node("EncryptedPackage", b"x" * 5_000), Node(stream, b"y" * 5_000)]
    return ole(Node("Root Entry", None, inside))


def with_password() -> bytes:
    records = struct.pack("<HH8x", 0x809, 8) + struct.pack("<HH6x", 0x2F, 6) + bytes(5_000)
    return ole(Node("Root Entry", None, [Node("Workbook", records)]))


def locked_ods() -> bytes:
    manifest = b'<manifest:manifest><manifest:encryption-data manifest:checksum="x"/></manifest>'
    return packed(**{"mimetype": ODS, "content.xml": b"\1\2", "META-INF/manifest.xml": manifest})


def named_link() -> bytes:
    return b"[InternetShortcut]\r\nURL=https://alpha.sharepoint.com/x\r\n"


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("card.xlsx", protected("DRMEncryptedTransform"), "rights-managed"),
        ("card.xls", protected("\x09DRMContent"), "rights-managed"),
        ("message_v2.rpmsg", b"\x76\xe8\x04\x60\xc4\x11\xe3\x86xx", "rights-managed"),
        ("card.pfile", b".pfile", "rights-managed"),
        ("card.xlsx", protected("StrongEncryptionTransform"), "password"),
        ("card.xls", with_password(), "password"),
        ("card.ods", locked_ods(), "password"),
        ("card.7z", b"7z\xbc\xaf\x27\x1c\0\4", "archive-unsupported"),
        ("card", b"Rar!\x1a\x07\x01\0", "archive-unsupported"),
        ("mails.pst", b"!BDN", "archive-unsupported"),
        ("card.exe", b"MZ" + bytes(99) + b"7z\xbc\xaf\x27\x1c\0\4", "archive-unsupported"),
        ("card.zip.001", b"PK\3\4" + bytes(99), "archive-unsupported"),
        ("card.z01", b"anything", "archive-unsupported"),
        ("securedoc_20260302.html", b"<html><body>x</body>", "mail-encrypted"),
        ("card.url", named_link(), "cloud-link"),
        ("card.webloc", b'<?xml version="1.0"?><plist><dict><key>URL</key>', "cloud-link"),
        ("card.gsheet", b'{"doc_id": "1"}', "cloud-link"),
        ("card.lnk", b"L\0\0\0\x01\x14\x02\0\0\0\0\0\xc0\0\0\0\0\0\0F", "cloud-link"),
        ("card.xlsx.pgp", b"\x85\x01", "mail-encrypted"),
        ("card.asc", b"-----BEGIN PGP MESSAGE-----\n\nx", "mail-encrypted"),
        ("smime.p7m", enveloped(), "mail-encrypted"),
        ("notes.txt", b"80 points for quality", "not-a-workbook"),
        ("answer.rtf", b"{\\rtf1 x}", "not-a-workbook"),
        ("answer.html", b"<html><body>80</body>", "not-a-workbook"),
        ("voice.m4a", b"\0\0\0\x20ftypM4A ", "not-a-workbook"),
    ],
)
def test_what_is_no_workbook_is_named_for_what_it_is(name, data, code):
    assert seen(name, data) == [(name, "attention", code)]
    # in a mail it says the same, and nobody says besides that there is no workbook
    found = seen("a.eml", whole((name, data)))
    assert (f"a.eml!{name}", "attention", code) in found or name.endswith(".p7m")
    if code != "not-a-workbook":
        assert len(found) == 1


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("ATT00001.txt", b"a list's footer", "mail-part"),
        ("smime.p7s", signed(None), "mail-part"),
        ("ada.vcf", b"BEGIN:VCARD", "mail-part"),
        ("invite.ics", b"BEGIN:VCALENDAR", "mail-part"),
        ("~$card.xlsx", b"x", "owner-file"),
        ("Thumbs.db", b"x", "not-a-workbook"),
        ("program.exe", b"MZ" + bytes(99), "not-a-workbook"),
    ],
)
def test_what_programs_add_to_a_mail_is_left_alone_and_listed(name, data, code):
    found = seen("a.eml", whole((name, data)))
    assert found == [
        ("a.eml", "attention", "mail-without-workbook"),
        (f"a.eml!{name}", "ignored", code),
    ]


def test_a_logo_is_left_alone():
    assert seen("a.eml", eml(("logo.png", PNG)))[1:] == [
        ("a.eml!logo.png", "ignored", "inline-picture")
    ]


def test_a_mail_says_one_thing_of_itself():
    assert seen("a.eml", opaque(enveloped())) == [
        ("a.eml!smime.p7m", "attention", "mail-encrypted")
    ]
    link = whole(said="https://alpha-my.sharepoint.com/:x:/p/x")
    assert seen("a.eml", link) == [("a.eml", "attention", "cloud-link")]
    assert seen("a.eml", whole()) == [("a.eml", "attention", "mail-without-workbook")]
    for said in ("-----BEGIN PGP MESSAGE-----", "https://outlook.office365.com/Encryption/x.ashx"):
        assert seen("a.eml", whole(said=said)) == [("a.eml", "attention", "mail-encrypted")]
    inner = opaque(signed(HEAD + b"\r\nhello"))
    assert seen("a.eml", inner) == [("a.eml", "attention", "mail-without-workbook")]


# --- with cards ----------------------------------------------------------------------------------


@pytest.fixture
def cards(team):
    """The answered card and the one that was issued, and how a mail of them is judged."""
    order = team.order()
    issued = PRESS.press(order, mark_of(team.workspace, order, team.workspace.keys[0]))
    known = known_of(team.workspace)

    def judged(name: str, data: bytes) -> dict[str, tuple[Fate, set[str]]]:
        entry = entry_of(f"inbox/{name}", data, None)
        found = [(one, judge(one, known, read_any)) for one in taken_apart(entry) or [entry]]
        noted = [with_mail(file, one.mail, None, {"kam@muster.example"}) for one, file in found]
        return {f.path.removeprefix("inbox/"): (f.fate, codes(f)) for f in beside_answers(noted)}

    return team.filled(order), issued, judged


def test_a_card_is_read_through_whatever_is_wrapped_around_it(cards):
    card, _, judged = cards
    clutter = {"R/._card.xlsx": b"x", "R/~$card.xlsx": b"x", "__MACOSX/R/._card.xlsx": b"x"}
    wrapped = {
        "a.tar": tar(("card.xlsx", card)),
        "a.tar.gz": gzip.compress(tar(("card.xlsx", card))),
        "card.xlsx.gz": gzip.compress(card),
        "card.xlsx.p7m": signed(card),
        "b/card.xlsx.p7m": base64.encodebytes(signed(card)),
        "c.p7m": opaque(signed(mime(("card.xlsx", card)))).removeprefix(HEAD),
        "att.eml": whole(("ATT00001.bin", signed(mime(("card.xlsx", card))))),
        "a.mbox": mbox(whole(("card.xlsx", card)), whole(said="thanks")),
        "a.emlx": emlx(whole(("card.xlsx", card))),
        "a.eml": mbox(opaque(signed(whole(("card.xlsx", card))))),
        "a.msg": msg(*GIVEN, [("smime.p7m", signed(whole(("card.xlsx", card))))]),
        "a.zip": packed(**{"R/card.xlsx": card, ".DS_Store": b"x"}, **clutter),
    }
    for name, data in wrapped.items():
        found = judged(name, data)
        accepted = [path for path, (fate, _) in found.items() if fate is Fate.ACCEPTED]
        assert [path.endswith("card.xlsx") for path in accepted] == [True], (name, found)
        others = [fate for path, (fate, _) in found.items() if path not in accepted]
        wanted = [Fate.ATTENTION] if name == "a.mbox" else [Fate.IGNORED] * len(others)
        assert others == wanted, (name, found)


def test_our_own_card_may_come_along(cards):
    card, issued, judged = cards
    ours = eml(("card.xlsx", issued), sender="kam@muster.example")
    reply = eml(("answer.xlsx", card), ("WG.eml", ours))
    assert {f for f, _ in judged("a.eml", reply).values()} == {Fate.ACCEPTED, Fate.IGNORED}
    assert judged("a.eml", reply)["a.eml!WG.eml!card.xlsx"][1] == {"came-along", "empty-card"}
    assert judged("sent.eml", ours)["sent.eml!card.xlsx"][0] is Fate.IGNORED  # we sent it
    alone = eml(("card.xlsx", issued))
    assert judged("b.eml", alone)["b.eml!card.xlsx"] == (Fate.ATTENTION, {"empty-card"})


def test_a_card_on_which_somebody_else_only_typed_a_name_did_not_come_along(cards, team):
    card, _, judged = cards
    nothing = (None, None, None)
    for name, fate in (("Olaf Anders", Fate.ATTENTION), ("", Fate.IGNORED)):
        blank = answers_to(team.order(), weights=nothing, us=nothing, rival=nothing, name=name)
        both = packed(**{"a.xlsx": card, "b.xlsx": team.filled(team.order(), blank)})
        assert judged("a.zip", both)["a.zip!b.xlsx"][0] is fate


def test_beside_is_the_same_place_and_the_same_card(cards, team):
    card, issued, judged = cards
    other = team.filled(team.order("ALPHA", "valves"))
    apart = judged("a.zip", packed(**{"other.xlsx": other, "card.xlsx": issued}))
    assert apart["a.zip!card.xlsx"][0] is Fate.ATTENTION
    both = judged("a.zip", packed(**{"answer.xlsx": card, "x/card.xlsx": issued}))
    assert both["a.zip!x/card.xlsx"][0] is Fate.IGNORED


def test_mails_in_one_folder_are_beside_one_another():
    at = ("inbox/a.eml!c.xlsx", "inbox/a.eml", "scorecard", Fate.ATTENTION, "A", "S", "R")
    blank = FileResult(*at, period="2026-H1", findings=(finding("empty-card", sheet="Card"),))
    said = Answers(Scorecard((), {}), {"Q": "better"})
    answer = replace(blank, fate=Fate.ACCEPTED, findings=(), answers=said)
    for folder, fate in (("inbox", Fate.IGNORED), ("inbox/2", Fate.ATTENTION)):
        other = replace(answer, path=f"{folder}/b.eml!c.xlsx", source=f"{folder}/b.eml")
        assert beside_answers([blank, other])[0].fate is fate


def test_an_answer_that_lies_here_twice_is_beside_in_both_places(team):
    """The first of two files stands for both; what came with the second is still beside it."""
    order = team.order()
    card = team.filled(order)
    issued = PRESS.press(order, mark_of(team.workspace, order, team.workspace.keys[0]))
    team.put("1/card.xlsx", card)
    team.put("reply.eml", eml(("answer.xlsx", card), ("card.xlsx", issued)))
    fates = {file.path: file.fate for file in take_in(team.workspace).files}
    assert fates == {
        "inbox/1/card.xlsx": Fate.ACCEPTED,
        "inbox/reply.eml!answer.xlsx": Fate.IGNORED,
        "inbox/reply.eml!card.xlsx": Fate.IGNORED,
    }
