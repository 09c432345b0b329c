"""Nobody who sent something is chased as if she had been silent, and nobody else is let off."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from kamxl.cli import main as cli
from kamxl.core.finding import Fate
from kamxl.excel.reading.book import read
from kamxl.workflow.cards import mark_of
from kamxl.workflow.incoming.check import check
from kamxl.workflow.incoming.consolidate import consolidate
from kamxl.workflow.outgoing.issue import issue
from kamxl.workflow.outgoing.writing import remind
from tests.mail.notices import AWAY, PERSONS, plain
from tests.mail.outlook import msg
from tests.workflow.making import (
    NOW,
    answers_to,
    codes,
    drawn_register,
    edited,
    forged,
    register,
    table_of,
)
from tests.workflow.test_answering import MAILED, OUT, ids
from tests.workflow.test_containers import PNG, SENT, eml, zipped

SEVEN = b"7z\xbc\xaf\x27\x1c\0\4" + bytes(range(200))
JPEG = b"\xff\xd8\xff\xe0" + b"0" * 200
PDF = b"%PDF-1.7\n" + b"0" * 200
LOCKED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 5000
ADA = {("ALPHA", "pumps", "c1"), ("ALPHA", "valves", "c1")}
BO = {("ALPHA", "pumps", "c2")}
DEE = {("GAMMA", "pumps", "c1")}


def apart(told):
    return {(one.account, one.segment, one.respondent) for one in told.sent_something}


def expect(team, sent, **options):
    """Those are listed apart, everybody else is reminded."""
    told = remind(team.root, **options)
    assert apart(told) == sent
    assert ids(told.mails) == MAILED - sent
    return told


# --- by name -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "ALPHA--pumps--c2.jpg",
        "Kopie von ALPHA--pumps--c2 (2).xlsx",
        "alpha--PUMPS--C2_ausgefüllt.xlsx",
        "AW ALPHA--pumps--c2-final.xlsx",
        "ALPHA - pumps - c2.pdf",
        "ALPHA_pumps_c2.xlsx",
        "ALPHA--pumps--c2.xlsx.7z",
        "Antworten/ALPHA--pumps--c2/scan.jpg",
    ],
)
def test_a_file_with_the_name_of_a_card_is_hers(team, name):
    content = SEVEN if name.endswith("7z") else JPEG if name.endswith("jpg") else PDF
    team.put(name, content)
    (one,) = expect(team, BO).sent_something
    assert one.files == (f"inbox/{name}",)
    assert one.finding.value == f"inbox/{name}"


@pytest.mark.parametrize(
    "name", ["ALPHA--pumps--c22.xlsx", "XALPHA--pumps--c2.xlsx", "ALPHA--pumps.jpg", "c2.jpg"]
)
def test_a_name_like_it_is_not(team, name):
    team.put(name, JPEG)
    expect(team, set())


def test_names_inside_of_containers(team):
    team.put("alles.zip", zipped(**{"x__GAMMA--pumps--c1_xlsx": JPEG}))
    team.put("mail.eml", eml(("ALPHA--pumps--c2.xlsx", LOCKED), sender="zoe@elsewhere.example"))
    expect(team, BO | DEE)


@pytest.mark.proof
def test_ids_that_begin_like_others(team):
    made = register()
    contacts = tuple(replace(c, id="c1-b") if c.id == "c2" else c for c in made.contacts)
    (team.root / "Register.xlsx").write_bytes(drawn_register(replace(made, contacts=contacts)))
    issue(team.root, now=NOW)
    team.put("ALPHA--pumps--c1-b.jpg", JPEG)
    assert apart(remind(team.root)) == {("ALPHA", "pumps", "c1-b")}


# --- by mark -------------------------------------------------------------------------------------


def altered(team, order):
    return team.filled(order, mark=forged(mark_of(team.workspace, order), signature="0" * 32))


def cut(team, order):
    def edit(workbook):
        for row in table_of(workbook, order)[0].iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.value.startswith("kx1|"):
                    cell.value = cell.value[:-7]

    return edited(team.filled(order), edit)


def empty(team, order):
    return (
        team.root / OUT / f"{order.account}--{order.segment}--{order.respondent}.xlsx"
    ).read_bytes()


@pytest.mark.proof
@pytest.mark.parametrize("how", [altered, cut, empty])
def test_a_card_that_is_not_used_is_hers_by_its_mark(team, how):
    team.put("Mappe1.xlsx", how(team, team.order("ALPHA", "pumps", "c2")))
    expect(team, BO)


@pytest.mark.proof
def test_a_mark_whose_record_is_gone(team):
    order = team.order("ALPHA", "pumps", "c2")
    other = replace(order, segment_name="Pumpen und mehr")  # issued by nobody here
    team.put("Mappe1.xlsx", team.filled(other))
    assert "mark-unknown" in codes(check([team.root / "inbox" / "Mappe1.xlsx"], team.root).files[0])
    expect(team, BO)


@pytest.mark.proof
def test_two_cards_in_one_workbook_are_both_hers(team):
    one, other = team.order("ALPHA", "pumps", "c1"), team.order("ALPHA", "valves", "c1")

    def edit(workbook):
        sheet = workbook.create_sheet("Ventile")
        sheet["A1"] = mark_of(team.workspace, other).text

    team.put("beide.xlsx", edited(team.filled(one), edit))
    expect(team, ADA)


@pytest.mark.proof
def test_an_answer_among_the_plans_is_hers(team):
    team.keep("Antwort.xlsx", team.filled(team.order("ALPHA", "pumps", "c2")))
    expect(team, BO)
    team.put("Antwort.xlsx", team.filled(team.order("ALPHA", "pumps", "c2")))
    assert ids(remind(team.root).mails) == MAILED - BO


@pytest.mark.proof
def test_a_card_of_another_period_is_none_of_this_one(team):
    issue(team.root, period="2025-H2", now=NOW)
    before = (team.root / "outbox/2025-H2/ALPHA--pumps--c2.xlsx").read_bytes()
    team.put("ALPHA--pumps--c2.xlsx", before)
    expect(team, set())
    assert apart(remind(team.root, period="2025-H2")) == BO


# --- by who sent it ------------------------------------------------------------------------------


@pytest.mark.proof
@pytest.mark.parametrize(
    ("name", "content"),
    [("Scan.jpg", JPEG), ("Karte.7z", SEVEN), ("Scan.pdf", PDF), ("Karte.xlsx", LOCKED)],
)
def test_whatever_came_from_her_is_hers_for_all_that_is_open(team, name, content):
    team.put("AW.eml", eml((name, content), sender="Ada <ADA@alpha.example>"))
    expect(team, ADA)
    team.put("ada.xlsx", team.filled(team.order("ALPHA", "pumps", "c1")))
    told = remind(team.root)
    assert apart(told) == {("ALPHA", "valves", "c1")}  # the other she has answered
    assert ids(told.mails) == BO | DEE


def test_a_file_that_says_which_card_leaves_the_others_open(team):
    team.put("AW.eml", eml(("ALPHA--valves--c1.xlsx", LOCKED)))
    expect(team, {("ALPHA", "valves", "c1")})


@pytest.mark.proof
def test_a_workbook_of_her_own_is_something(team):
    own = edited((team.root / OUT / "BETA--pumps--c1.xlsx").read_bytes(), blank)
    team.put("AW.eml", eml(("Liste.xlsx", own), sender="dee@gamma.example"))
    expect(team, DEE)


def blank(workbook):
    for title in workbook.sheetnames[1:]:
        del workbook[title]
    sheet = workbook.worksheets[0]
    sheet.delete_rows(1, sheet.max_row)
    sheet["A1"] = "Unsere Sicht"


def test_a_logo_beside_a_good_card_is_nothing(team):
    team.put(
        "AW.eml", eml(("a.xlsx", team.filled(team.order("ALPHA", "pumps", "c1"))), ("l.png", PNG))
    )
    assert ids(remind(team.root).mails) == MAILED - {("ALPHA", "pumps", "c1")}


@pytest.mark.parametrize("name", PERSONS)
def test_a_mail_that_a_person_wrote_is_something(team, name):
    team.put("AW.eml", PERSONS[name])
    expect(team, ADA)


@pytest.mark.proof
@pytest.mark.parametrize("name", AWAY)
def test_an_absence_is_no_answer_and_silences_no_reminder(team, name):
    team.put("AW.eml", AWAY[name])
    told = expect(team, set())
    assert not told.attention
    (file,) = consolidate(team.root, now=NOW).files
    assert (file.fate, codes(file)) == (Fate.IGNORED, {"mail-automatic"})


@pytest.mark.proof
def test_an_absence_that_brings_our_card_back_is_none_either(team):
    away = eml(("ALPHA--pumps--c1.xlsx", empty(team, team.order("ALPHA", "pumps", "c1"))))
    team.put("away.eml", b"Auto-Submitted: auto-replied\r\n" + away)
    expect(team, set())


def test_a_card_that_a_program_sends_counts(team):
    card = team.filled(team.order("ALPHA", "pumps", "c1"))
    team.put("a.eml", b"Auto-Submitted: auto-generated\r\n" + eml(("Karte.xlsx", card)))
    assert ids(remind(team.root).mails) == MAILED - {("ALPHA", "pumps", "c1")}


@pytest.mark.proof
def test_two_people_at_one_address(team):
    made = register()
    shared = tuple(replace(c, email="info@alpha.example") if c.account == "ALPHA" else c
                   for c in made.contacts)  # fmt: skip
    (team.root / "Register.xlsx").write_bytes(drawn_register(replace(made, contacts=shared)))
    team.put("AW.eml", eml(("Scan.jpg", JPEG), sender="info@alpha.example"))
    expect(team, ADA | BO)


@pytest.mark.proof
def test_where_a_mail_went_to_before_still_says_whose_it_is(team):
    made = register()
    moved = tuple(replace(c, email="dee@new.example") if c.account == "GAMMA" else c
                  for c in made.contacts)  # fmt: skip
    (team.root / "Register.xlsx").write_bytes(drawn_register(replace(made, contacts=moved)))
    for sender in ("dee@gamma.example", "dee@new.example"):
        team.put("AW.eml", eml(("Scan.jpg", JPEG), sender=sender))
        expect(team, DEE)


def test_mails_that_were_passed_on(team):
    inner = eml(("Scan.jpg", JPEG), sender="dee@gamma.example")
    team.put("WG1.eml", eml(("AW.eml", inner), sender="kam@muster.example"))
    said = (
        "Zur Info.\n\nVon: Bo Muster <bo@alpha.example>\nAn: kam@muster.example\n\nGeht es später?"
    )
    team.put("WG2.eml", plain("WG: Einschätzung", "kam@muster.example", said))
    expect(team, DEE | BO)


def test_an_outlook_mail(team):
    team.put("AW.msg", msg("AW", "Dee", "dee@gamma.example", SENT, [("Scan.jpg", JPEG)]))
    expect(team, DEE)


@pytest.mark.proof
def test_a_stranger_silences_nobody(team):
    team.put("AW.eml", eml(("Scan.jpg", JPEG), sender="zoe@elsewhere.example"))
    team.put("Scan.jpg", JPEG)
    expect(team, set())


# --- what is long past ---------------------------------------------------------------------------


@pytest.mark.proof
def test_what_was_settled_before_this_period_silences_nobody(team):
    """In the period before she sent a picture first, and then her card."""
    issue(team.root, period="2025-H2", now=NOW)
    team.put("AW.eml", eml(("Scan.jpg", JPEG), sent="Mon, 06 Oct 2025 10:30:00 +0200"))
    assert apart(remind(team.root)) == ADA
    card = team.filled(team.order("ALPHA", "pumps", "c1", "2025-H2"))
    team.put("AW2.eml", eml(("Karte.xlsx", card), sent="Tue, 07 Oct 2025 10:30:00 +0200"))
    expect(team, set())


def test_what_came_before_the_period_before_silences_nobody(team):
    team.put("AW.eml", eml(("Scan.jpg", JPEG), sent="Mon, 05 May 2025 10:30:00 +0200"))
    expect(team, set())


def test_what_came_early_for_this_period_is_something(team):
    team.put("AW.eml", eml(("Scan.jpg", JPEG), sent="Mon, 15 Dec 2025 10:30:00 +0100"))
    expect(team, ADA)


# --- how it is said ------------------------------------------------------------------------------


@pytest.mark.proof
def test_all_reminds_them_too_and_still_says_so(team, capsys):
    team.put("AW.eml", eml(("Scan.jpg", JPEG)))
    assert cli.main(["-C", str(team.root), "remind", "--all", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert len(found["reminded"]) == len(MAILED)
    assert len(found["sent_something"]) == len(ADA)
    assert cli.main(["-C", str(team.root), "remind", "--json", "--strict"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert len(found["reminded"]) == len(MAILED - ADA)
    one = found["sent_something"][0]
    assert list(one) == [
        "account", "segment", "respondent", "name", "email", "path", "files", "findings",
    ]  # fmt: skip
    assert one["files"] == ["inbox/AW.eml", "inbox/AW.eml!Scan.jpg"]
    assert one["findings"][0]["code"] == "has-sent-something"


@pytest.mark.parametrize(
    ("language", "said"),
    [("de", "Hat etwas geschickt: inbox/ALPHA--pumps--c2.jpg"),
     ("en", "Has sent something: inbox/ALPHA--pumps--c2.jpg")],
)  # fmt: skip
def test_words_name_the_file(team, capsys, language, said):
    team.put("ALPHA--pumps--c2.jpg", JPEG)
    assert cli.main(["-C", str(team.root), "remind", "--language", language]) == 0
    assert f"  Bo Muster (ALPHA · pumps): {said}" in capsys.readouterr().out
    (sheet,) = read((team.root / OUT / "Empfaenger.xlsx").read_bytes()).sheets
    rows = {}
    for (row, _), cell in sorted(sheet.cells.items()):
        rows.setdefault(row, []).append(cell.text)
    assert [row[-1] for row in rows.values() if "ALPHA--pumps--c2.xlsx" in row] == ["Datei da"]


def test_the_portfolio_does_not_call_her_silent(team):
    team.put("AW.eml", eml(("Scan.jpg", JPEG), sender="dee@gamma.example"))
    consolidate(team.root, now=datetime(2026, 5, 4, tzinfo=UTC))
    page = (team.root / "Portfolio.html").read_text()
    assert (
        "2 Kunden haben in diesem Zeitraum noch nicht geantwortet: Alpha Werke, Beta Bau." in page
    )
    assert "Von einem Kunden ist etwas gekommen" in page


def test_a_later_answer_ends_it(team):
    order = team.order("GAMMA", "pumps", "c1")
    team.put("1.eml", eml(("Scan.jpg", JPEG), sender="dee@gamma.example"))
    team.put("2.xlsx", team.filled(order, answers_to(order)))
    told = remind(team.root)
    assert apart(told) == set()
    assert ids(told.mails) == MAILED - DEE
