"""Mails and zip files in the inbox: everything in them is accounted for, one by one."""

import email
import io
import zipfile
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import default

import pytest

from kamxl.core.finding import Fate
from kamxl.core.records.register import MailNote
from kamxl.excel.reading.book import read
from kamxl.store.inbox import entry_of
from kamxl.workflow.files.containers import taken_apart
from kamxl.workflow.incoming.check import check
from kamxl.workflow.incoming.consolidate import consolidate
from tests.mail.outlook import msg
from tests.workflow.making import NOW, answers_to, codes

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 200
SENT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def eml(
    *attached, sender="Ada Beispiel <ada@alpha.example>", sent="Mon, 02 Mar 2026 10:30:00 +0100"
):
    mail = EmailMessage()
    mail["From"], mail["To"] = sender, "kam@muster.example"
    mail["Subject"], mail["Date"] = "AW: Ihre Einschätzung", sent
    mail.set_content("Anbei.")
    for name, data in attached:
        kind = {"png": ("image", "png"), "eml": ("message", "rfc822")}.get(name[-3:])
        if kind == ("message", "rfc822"):
            mail.add_attachment(email.message_from_bytes(data, policy=default), filename=name)
        elif kind:
            mail.add_attachment(data, *kind, filename=name, disposition="inline", cid="<logo>")
        else:
            mail.add_attachment(data, "application", "octet-stream", filename=name)
    return mail.as_bytes()


def zipped(**files):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, data in files.items():
            archive.writestr(name.replace("__", "/").replace("_xlsx", ".xlsx"), data)
    return made.getvalue()


@pytest.fixture
def card(team):
    return team.filled(team.order())


def by_path(team):
    result = consolidate(team.root, now=NOW)
    return {file.path: file for file in result.files}


@pytest.mark.proof
def test_a_mail_is_taken_apart(team, card):
    team.put("reply.eml", eml(("Bewertung ÄÖ.xlsx", card), ("logo.png", PNG), ("x.pdf", b"%PDF-1")))
    found = by_path(team)
    assert {path: file.fate for path, file in found.items()} == {
        "inbox/reply.eml!Bewertung ÄÖ.xlsx": Fate.ACCEPTED,
        "inbox/reply.eml!logo.png": Fate.IGNORED,
        "inbox/reply.eml!x.pdf": Fate.ATTENTION,
    }
    answer = found["inbox/reply.eml!Bewertung ÄÖ.xlsx"]
    assert answer.source == "inbox/reply.eml"
    note = MailNote("AW: Ihre Einschätzung", "Ada Beispiel", "ada@alpha.example", SENT)
    assert answer.mail == note
    assert answer.saved == SENT
    assert codes(answer) == set()
    assert codes(found["inbox/reply.eml!logo.png"]) == {"inline-picture"}


@pytest.mark.proof
def test_another_sender_than_the_one_asked_is_said(team, card):
    team.put("reply.eml", eml(("a.xlsx", card), sender="ZOE@alpha.example"))
    found = by_path(team)["inbox/reply.eml!a.xlsx"]
    assert found.fate is Fate.ACCEPTED
    assert codes(found) == {"mail-other-address"}
    team.put("reply.eml", eml(("a.xlsx", card), sender="ADA@Alpha.example"))
    assert codes(by_path(team)["inbox/reply.eml!a.xlsx"]) == set()


def test_a_mail_without_a_workbook_needs_somebody(team):
    team.put("photo.eml", eml(("scan.pdf", b"%PDF-1")))
    found = by_path(team)
    assert codes(found["inbox/photo.eml"]) == {"mail-without-workbook"}
    assert "picture" not in str(found["inbox/photo.eml!scan.pdf"].findings[0].details)
    assert found["inbox/photo.eml!scan.pdf"].fate is Fate.ATTENTION


@pytest.mark.proof
def test_a_zip_holds_cards_in_folders(team, card):
    other = team.filled(team.order("GAMMA"))
    team.put("all.zip", zipped(a__one_xlsx=card, b__two_xlsx=other))
    fates = {path: file.fate for path, file in by_path(team).items()}
    assert fates == {
        "inbox/all.zip!a/one.xlsx": Fate.ACCEPTED,
        "inbox/all.zip!b/two.xlsx": Fate.ACCEPTED,
    }
    team.put("none.zip", zipped(readme=b"hello"))
    assert codes(by_path(team)["inbox/none.zip"]) == {"zip-without-workbook"}


@pytest.mark.proof
def test_a_mail_in_a_mail_in_a_zip(team, card):
    inner = eml(("card.xlsx", card), sender="ada@alpha.example")
    outer = eml(("WG.eml", inner), sender="kam@muster.example")
    team.put("deep.zip", zipped(mail=outer))
    (found,) = by_path(team).values()
    assert found.path == "inbox/deep.zip!mail!WG.eml!card.xlsx"
    assert found.fate is Fate.ACCEPTED


def test_packed_too_deep(team, card):
    data = card
    for _ in range(5):
        data = zipped(inner=data)
    team.put("deep.zip", data)
    (found,) = by_path(team).values()
    assert codes(found) == {"container-deep"}


def test_an_outlook_mail(team, card):
    data = msg(
        "AW: Einschätzung", "Ada Beispiel", "ada@alpha.example", SENT, [("Bewertung.xlsx", card)]
    )
    team.put("reply.msg", data)
    (found,) = by_path(team).values()
    assert (found.path, found.fate) == ("inbox/reply.msg!Bewertung.xlsx", Fate.ACCEPTED)
    assert found.mail == MailNote("AW: Einschätzung", "Ada Beispiel", "ada@alpha.example", SENT)


@pytest.mark.proof
def test_a_damaged_outlook_mail_costs_only_itself(team, card):
    data = msg("s", "n", "a@b.example", SENT, [("a.xlsx", card)])
    team.put("cut.msg", data[: len(data) // 2])
    team.put("good.xlsx", card)
    found = by_path(team)
    assert found["inbox/good.xlsx"].fate is Fate.ACCEPTED
    assert found["inbox/cut.msg"].fate is Fate.ATTENTION
    assert codes(found["inbox/cut.msg"]) == {"container-damaged"}


@pytest.mark.proof
def test_the_same_card_alone_and_in_a_mail_is_one_and_keeps_the_mails_word(team, card):
    team.put("card.xlsx", card)
    team.put("reply.eml", eml(("card.xlsx", card)))
    found = by_path(team)
    assert found["inbox/card.xlsx"].fate is Fate.ACCEPTED
    assert found["inbox/card.xlsx"].mail.address == "ada@alpha.example"
    assert found["inbox/reply.eml!card.xlsx"].fate is Fate.IGNORED


@pytest.mark.proof
def test_the_date_of_the_mail_decides_which_answer_counts(team):
    order = team.order()
    old = team.filled(order, answers_to(order, us=(10.0, 10.0, 20.0)))
    new = team.filled(order, answers_to(order, us=(90.0, 90.0, 90.0)))
    team.put("a.eml", eml(("card.xlsx", new), sent="Tue, 10 Mar 2026 10:00:00 +0000"))
    team.put("b.eml", eml(("card.xlsx", old), sent="Mon, 09 Mar 2026 10:00:00 +0000"))
    found = by_path(team)
    assert found["inbox/a.eml!card.xlsx"].fate is Fate.ACCEPTED
    assert found["inbox/b.eml!card.xlsx"].fate is Fate.SUPERSEDED


@pytest.mark.proof
def test_counts_add_up_and_workers_change_nothing(team, card):
    team.put("reply.eml", eml(("a.xlsx", card), ("b.xlsx", card), ("logo.png", PNG)))
    team.put("x.zip", zipped(a_xlsx=team.filled(team.order("GAMMA")), b=b"text"))
    alone = consolidate(team.root, now=NOW)
    together = consolidate(team.root, workers=2, now=NOW)
    assert alone.files == together.files
    assert len(alone.files) == 5


def test_check_looks_inside(team, card):
    path = team.put("reply.eml", eml(("a.xlsx", card)))
    (found,) = check([path], team.root).files
    assert found.path.endswith("reply.eml!a.xlsx")
    assert found.source.endswith("reply.eml")


@pytest.mark.proof
def test_the_intake_shows_sender_subject_and_date(team, card):
    team.put("reply.eml", eml(("a.xlsx", card)))
    consolidate(team.root, now=NOW)
    raw = read((team.root / "Portfolio.xlsx").read_bytes())
    intake = next(
        s for s in raw.sheets if any(c.text == "kamxl:portfolio:intake" for c in s.cells.values())
    )
    seen = {cell.text for cell in intake.cells.values()}
    assert {"ada@alpha.example", "AW: Ihre Einschätzung"} <= seen


# --- files that want to do harm ------------------------------------------------------------------


def nested_multipart(depth):
    lines = []
    for n in range(depth):
        lines.append(f'Content-Type: multipart/mixed; boundary="b{n}"\r\n\r\n--b{n}\r\n')
    return ("From: a@b.example\r\nTo: c@d.example\r\n" + "".join(lines)).encode()


def bomb():
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for n in range(30):
            archive.writestr(f"{n}.xlsx", b"\0" * 9_000_000)
    return made.getvalue()


def encrypted():
    data = bytearray(zipped(card_xlsx=b"x" * 50))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + at] |= 1
    return bytes(data)


@pytest.mark.proof
@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("nested.eml", nested_multipart(10_000), "container-damaged"),
        ("header.eml", b"From: a@b.example\r\nTo: c\r\nSubject: " + b"=?utf-8?q?x?= " * 600_000
         + b"\r\n\r\nx", "container-damaged"),
        ("bomb.zip", bomb(), "too-large"),
        ("many.zip", zipped(**{f"f{n}": b"" for n in range(1_500)}), "too-large"),
        ("cut.zip", zipped(card_xlsx=b"x" * 5_000)[:3_000], "container-damaged"),
        ("no.eml", b"<html>From: somebody</html>", "container-damaged"),
        ("no.msg", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(5_000), "container-damaged"),
    ],
    # zips tell the time they were made: their bytes would be other names in each worker
    ids=lambda given: given if isinstance(given, str) else "",
)  # fmt: skip
def test_it_costs_only_itself(team, card, name, data, code):
    team.put(name, data)
    team.put("good.xlsx", card)
    found = by_path(team)
    assert found["inbox/good.xlsx"].fate is Fate.ACCEPTED
    assert codes(found[f"inbox/{name}"]) & {code, "unreadable"}
    assert found[f"inbox/{name}"].fate is Fate.ATTENTION


@pytest.mark.proof
def test_mails_in_mails_without_end(team, card):
    team.put("all.eml", b"From: a\r\nTo: b\r\n" + b"Content-Type: message/rfc822\r\n\r\n" * 500)
    team.put("good.xlsx", card)
    inside, good = by_path(team).values()
    assert codes(inside) == {"container-deep"}
    assert (inside.fate, inside.source) == (Fate.ATTENTION, "inbox/all.eml")
    assert good.fate is Fate.ACCEPTED


@pytest.mark.proof
def test_a_damaged_member_leaves_the_others_alone(team, card):
    other = team.filled(team.order("GAMMA"))
    data = bytearray(zipped(a_xlsx=card, b_xlsx=other))
    data[data.index(card) + 1_000] ^= 1
    team.put("all.zip", bytes(data))
    found = by_path(team)
    assert codes(found["inbox/all.zip!a.xlsx"]) == {"container-damaged"}
    assert found["inbox/all.zip!b.xlsx"].fate is Fate.ACCEPTED


@pytest.mark.proof
def test_a_mistake_of_ours_costs_only_the_container(team, card, monkeypatch, in_this_process):
    from kamxl.errors import DEBUG
    from kamxl.workflow.files import containers

    def breaks(*_):
        raise RecursionError

    team.put("reply.eml", eml(("a.xlsx", card)))
    team.put("good.xlsx", card)
    monkeypatch.setattr(containers, "_members", breaks)
    with pytest.raises(RecursionError):  # no test may pass over it
        by_path(team)
    monkeypatch.delenv(DEBUG)
    found = by_path(team)
    assert codes(found["inbox/reply.eml"]) == {"container-damaged"}
    assert found["inbox/good.xlsx"].fate is Fate.ACCEPTED


@pytest.mark.proof
def test_a_workbook_that_outlook_marks_like_a_logo_is_none(team, card):
    logo = msg(
        "s", "Ada", "ada@alpha.example", SENT, [("card.xlsx", card), ("logo.png", PNG)],
        content_ids=("image001@x", "image002@x"),
    )  # fmt: skip
    team.put("reply.msg", logo)
    found = by_path(team)
    assert found["inbox/reply.msg!card.xlsx"].fate is Fate.ACCEPTED
    assert codes(found["inbox/reply.msg!logo.png"]) == {"inline-picture"}


def test_another_programs_workbook_is_no_container(team):
    team.put("table.numbers", zipped(preview=PNG, Index__Document=b"x"))
    (found,) = by_path(team).values()
    assert codes(found) == {"unreadable"}


def test_a_zip_with_a_password_says_so(team):
    team.put("locked.zip", encrypted())
    (found,) = by_path(team).values()
    assert codes(found) == {"password"}


@pytest.mark.proof
def test_names_from_inside_are_only_shown(team, card):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("../../../etc/evil\x07.xlsx", card)
        archive.writestr("C:\\Windows\\x.xlsx", b"no workbook")
    team.put("names.zip", made.getvalue())
    paths = set(by_path(team))
    assert paths == {"inbox/names.zip!_/_/_/etc/evil .xlsx", "inbox/names.zip!C_/Windows/x.xlsx"}
    assert not (team.root.parent / "etc").exists()


def test_attachments_of_one_name_are_several_files():
    """Also when one is called as another would be counted."""
    attached = [(name, b"x") for name in ("a.xlsx", "A.xlsx", "A.xlsx (2)", "a.xlsx")]
    found = [entry.path for entry in taken_apart(entry_of("r.eml", eml(*attached), None))][1:]
    names = ["a.xlsx", "A.xlsx (2)", "A.xlsx (2) (2)", "a.xlsx (3)"]
    assert found == [f"r.eml!{name}" for name in names]


def test_winmail_is_named(team):
    team.put("rich.eml", eml(("winmail.dat", b"\x78\x9f\x3e\x22data")))
    (found,) = by_path(team).values()
    assert codes(found) == {"winmail"}
