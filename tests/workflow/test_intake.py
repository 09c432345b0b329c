"""What comes back: each file once, with the fate and the findings it deserves."""

import dataclasses
import io
import zipfile
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from datetime import timedelta

import pytest

from kamxl.core.finding import Fate
from kamxl.core.records.register import FileResult
from kamxl.errors import DEBUG
from kamxl.excel.writing.draw import build, render
from kamxl.forms.paper.book import Book, Sheet
from kamxl.store import memory
from kamxl.wording.texts import texts
from kamxl.workflow.cards import mark_of
from kamxl.workflow.incoming.check import check
from kamxl.workflow.incoming.intake import take_in
from kamxl.workflow.outgoing.issue import issue
from kamxl.workflow.results import counts
from tests.workflow.making import (
    NOW,
    answers_to,
    codes,
    edited,
    forged,
    hashes,
    loaded,
    new_team,
    register_bytes,
    table_of,
    with_part,
)


def judged(team, name="card.xlsx") -> FileResult:
    (found,) = [f for f in take_in(team.workspace).files if f.path == f"inbox/{name}"]
    return found


def put(team, data, name="card.xlsx") -> FileResult:
    team.put(name, data)
    return judged(team, name)


def foreign_book() -> bytes:
    sheet = Sheet("x", "Preise")
    sheet.put(1, 1, "Artikel")
    sheet.put(2, 2, 12.5)
    return render(build(Book([sheet], NOW, "de")))


# --- whose card it is ----------------------------------------------------------------------------


def test_a_full_card_is_accepted_and_read_as_filled(team):
    order = team.order()
    found = put(team, team.filled(order), "sub/folder/whatever it is called.XLSX")
    assert (found.fate, codes(found)) == (Fate.ACCEPTED, set())
    assert (found.account, found.segment, found.respondent) == ("ALPHA", "pumps", "c1")
    assert (found.kind, found.period, found.name) == ("scorecard", "2026-H1", "Ada Beispiel")
    assert found.order == order
    assert found.answers.scorecard.total("us") == 66.0
    # the knock-out minimum never left the house and is known again
    assert found.answers.scorecard.knockouts() == {}


def test_the_issued_card_sent_back_empty(team):
    path = team.root / "outbox/2026-H1/ALPHA--pumps--c1.xlsx"
    found = put(team, path.read_bytes())
    assert (found.fate, codes(found)) == (Fate.ATTENTION, {"empty-card"})


def mark_case(team, name):
    """Cards whose mark was tampered with, each with the code it has to show."""
    order = team.order()
    good = mark_of(team.workspace, order)
    other = mark_of(team.workspace, team.order(account="BETA"))
    match name:
        case "signature":
            return team.filled(order, mark=forged(good, signature="0" * 32))
        case "account":
            return team.filled(order, mark=forged(good, account="BETA"))
        case "period":
            return team.filled(order, mark=forged(good, period="2026-H2"))
        case "digest":
            return team.filled(order, mark=forged(good, digest=other.digest))
        case "cut":
            return team.filled(order, mark=forged(good, signature="0" * 31))
        case "foreign":
            return team.filled(order, mark=forged(good, workspace="ws-other"))
        case _:
            return edited(team.filled(order), lambda w: wipe(w, order))


def wipe(workbook, order):
    sheet, grid = table_of(workbook, order)
    sheet.cell(grid.MARK_ROW, 1).value = None


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("signature", "mark-altered"),
        ("account", "mark-altered"),
        ("period", "mark-altered"),
        ("digest", "mark-altered"),
        ("cut", "mark-altered"),
        ("foreign", "mark-foreign"),
        ("missing", "mark-missing"),
    ],
)
def test_a_card_we_cannot_verify_is_never_dropped_silently(team, name, code):
    found = put(team, mark_case(team, name))
    assert (found.fate, found.kind) == (Fate.ATTENTION, "scorecard")
    assert code in codes(found)
    assert found.answers.scorecard.total("us") == 66.0  # what it says is reported
    assert take_in(team.workspace).replies == ()  # and not used


def test_a_card_whose_record_is_gone(team):
    order = team.order()
    data = team.filled(order)
    for record in (team.root / ".kamxl/issued").iterdir():
        record.unlink()
    found = put(team, data)
    assert (found.fate, codes(found)) == (Fate.ATTENTION, {"mark-unknown"})
    assert (found.account, found.order) == ("ALPHA", None)
    assert found.answers.scorecard.total("us") == 66.0


def test_a_card_without_mark_and_with_two_tables_is_still_somebodys_answer(team):
    order = team.order()

    def double(workbook):
        wipe(workbook, order)
        sheet, grid = table_of(workbook, order)
        copy = workbook.copy_worksheet(sheet)
        copy.cell(grid.row(0), grid.us).value = 5

    found = put(team, edited(team.filled(order), double))
    assert found.fate is Fate.ATTENTION
    assert "mark-missing" in codes(found)


def test_two_different_cards_in_one_workbook(team):
    order = team.order()
    other = mark_of(team.workspace, team.order(respondent="c2"))

    def add(workbook):
        workbook.create_sheet("Zweite")["A1"] = other.text

    found = put(team, edited(team.filled(order), add))
    assert (found.fate, codes(found)) == (Fate.ATTENTION, {"several-cards"})


@pytest.mark.proof
def test_a_later_register_never_reinterprets_an_earlier_reply(team):
    order = team.order()
    data = team.filled(order)
    workbook = loaded(team.root / "Register.xlsx")
    for sheet in workbook:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value == "Qualität":
                    cell.value = "Güte"
    workbook.save(team.root / "Register.xlsx")
    issue(team.root)
    found = put(team, data)
    assert found.order.requirements[0].label == "Qualität"
    assert (found.fate, codes(found)) == (Fate.ACCEPTED, set())


# --- what kind of file it is ---------------------------------------------------------------------

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504


def encrypted() -> bytes:
    entry = "EncryptedPackage\0".encode("utf-16-le").ljust(128, b"\0")
    return OLE + entry * 4


def zipped(**parts: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        for name, content in parts.items():
            package.writestr(name.replace("_", "."), content)
    return made.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "code", "fate"),
    [
        ("photo.xlsx", PNG, "unreadable", Fate.ATTENTION),
        ("photo.png", PNG, "not-a-workbook", Fate.ATTENTION),
        ("scan.pdf", b"%PDF-1.7 ...", "not-a-workbook", Fate.ATTENTION),
        ("scan.xlsx", b"%PDF-1.7 ...", "unreadable", Fate.ATTENTION),
        ("letter.docx", zipped(word_document=b"x"), "not-a-workbook", Fate.ATTENTION),
        ("all.zip", b"no zip at all", "container-damaged", Fate.ATTENTION),
        (
            "mail.eml",
            b"From: a@b.example\r\nTo: c@d.example\r\nSubject: x\r\n\r\nhello",
            "mail-without-workbook",
            Fate.ATTENTION,
        ),
        ("table.csv", b"a;b\r\n1;2\r\n", "format-unsupported", Fate.ATTENTION),
        ("notes.txt", b"call him", "not-a-workbook", Fate.ATTENTION),
        ("noname", b"\x01\x02\x03", "not-a-workbook", Fate.ATTENTION),
        ("empty.xlsx", b"", "unreadable", Fate.ATTENTION),
        ("text.xlsx", b"just text", "unreadable", Fate.ATTENTION),
        ("locked.xlsx", encrypted(), "password", Fate.ATTENTION),
        ("big.xlsx", b"x" * (10 * 1024 * 1024 + 1), "too-large", Fate.ATTENTION),
        ("~$card.xlsx", b"x", "owner-file", Fate.IGNORED),
        ("Thumbs.db", b"x", "not-a-workbook", Fate.IGNORED),
        ("prices.xlsx", foreign_book(), "not-ours", Fate.IGNORED),
        ("Register.xlsx", register_bytes(), "wrong-folder", Fate.IGNORED),
    ],
)
def test_files_that_are_no_cards(team, name, data, code, fate):
    found = put(team, data, name)
    assert (found.fate, codes(found)) == (fate, {code})


def test_a_damaged_card(team):
    data = bytearray(team.filled(team.order()))
    data[len(data) // 2] ^= 0xFF
    found = put(team, bytes(data))
    assert (found.fate, codes(found)) == (Fate.ATTENTION, {"unreadable"})


def test_macros_and_links_are_seen_and_left_alone(team):
    data = with_part(team.filled(team.order()), "xl/vbaProject.bin", b"\0" * 100)
    found = put(team, data, "card.xlsm")
    assert found.fate in (Fate.ACCEPTED, Fate.ATTENTION)
    if found.fate is Fate.ACCEPTED:
        assert codes(found) == {"macros-ignored"}


def test_a_mistake_of_ours_costs_only_the_file_and_says_so(team, monkeypatch, in_this_process):
    from kamxl.forms.scorecard import reading as scorecard_reading

    def breaks(*_):
        raise RecursionError

    team.put("good.ini", b"x")
    team.put("card.xlsx", team.filled(team.order()))
    monkeypatch.setattr(scorecard_reading, "read", breaks)
    with pytest.raises(RecursionError):  # no test may pass over it
        take_in(team.workspace)
    monkeypatch.delenv(DEBUG)
    card, stray = take_in(team.workspace).files
    assert (card.fate, codes(card)) == (Fate.ATTENTION, {"unexpected"})
    assert stray.fate is Fate.IGNORED
    for language in ("de", "en"):
        said = texts(language).sentence(card.findings[0])
        assert "kamxl" in said
        assert "RecursionError" in said


# --- how replies compete -------------------------------------------------------------------------


def test_the_same_bytes_are_one_file(team):
    data = team.filled(team.order())
    for name in ("z.xlsx", "a/copy.xlsx", "B.xlsx"):
        team.put(name, data)
    intake = take_in(team.workspace)
    assert {f.path: f.fate for f in intake.files} == {
        "inbox/a/copy.xlsx": Fate.ACCEPTED,
        "inbox/B.xlsx": Fate.IGNORED,
        "inbox/z.xlsx": Fate.IGNORED,
    }
    duplicate = intake.files[1].findings[0]
    assert (duplicate.code, dict(duplicate.details)) == (
        "duplicate-file",
        {"of": "inbox/a/copy.xlsx"},
    )
    assert len(intake.replies) == 1


def test_the_later_reply_counts_whatever_it_is_called(team):
    order = team.order()
    later = answers_to(order, us=(90.0, 90.0, 90.0))
    team.put("z-first.xlsx", team.filled(order), NOW - timedelta(days=3))
    team.put("a-second.xlsx", team.filled(order, later), NOW)
    intake = take_in(team.workspace)
    assert {f.path: f.fate for f in intake.files} == {
        "inbox/a-second.xlsx": Fate.ACCEPTED,
        "inbox/z-first.xlsx": Fate.SUPERSEDED,
    }
    assert [r.answers.scorecard.total("us") for r in intake.replies] == [90.0]


def test_a_later_reply_that_covers_less_says_so(team):
    order = team.order()
    less = answers_to(order, us=(90.0, None, None))
    team.put("first.xlsx", team.filled(order), NOW - timedelta(days=3))
    team.put("second.xlsx", team.filled(order, less), NOW)
    second = judged(team, "second.xlsx")
    assert second.fate is Fate.PROVISIONAL
    assert "later-covers-less" in codes(second)


def test_the_time_inside_the_file_is_stronger_than_the_time_of_the_file(team):
    order = team.order()
    inside = edited(
        team.filled(order, answers_to(order, us=(90.0, 90.0, 90.0))), lambda _: None
    )  # openpyxl says: saved just now
    team.put("saved-now.xlsx", inside, NOW - timedelta(days=900))
    team.put("copied-later.xlsx", team.filled(order), NOW)
    assert judged(team, "saved-now.xlsx").fate is Fate.ACCEPTED
    assert judged(team, "copied-later.xlsx").fate is Fate.SUPERSEDED


def test_a_forwarded_card_is_a_further_opinion(team):
    order = team.order()
    team.put("one.xlsx", team.filled(order))
    team.put("two.xlsx", team.filled(order, answers_to(order, name="Zoe Kollegin")))
    intake = take_in(team.workspace)
    assert [f.fate for f in intake.files] == [Fate.ACCEPTED, Fate.ACCEPTED]
    assert codes(intake.files[1]) == {"shared-card"}
    assert len(intake.replies) == 2


def test_a_doubtful_name_counts_alone_and_waits_beside_another(team):
    order = team.order()
    other = f"Undine {order.respondent_name.split()[-1]}"
    team.put("two.xlsx", team.filled(order, answers_to(order, name=other)))
    alone = take_in(team.workspace)
    assert [f.fate for f in alone.files] == [Fate.PROVISIONAL]
    assert codes(alone.files[0]) == {"name-unsure"}
    spelled = ", ".join(reversed(order.respondent_name.split()))
    team.put("one.xlsx", team.filled(order, answers_to(order, name=f"Dr. {spelled}")))
    intake = take_in(team.workspace)
    assert [f.fate for f in intake.files] == [Fate.ACCEPTED, Fate.ATTENTION]
    assert codes(intake.files[1]) == {"name-doubt"}
    assert [reply.source for reply in intake.replies] == ["inbox/one.xlsx"]


def test_a_half_filled_card_and_wrong_values_are_provisional(team):
    order = team.order()
    half = put(team, team.filled(order, answers_to(order, us=(80.0, None, None))), "half.xlsx")
    assert (half.fate, codes(half)) == (Fate.PROVISIONAL, {"rating-missing"})
    weights = answers_to(team.order(respondent="c2"), weights=(50.0, 30.0, 15.0))
    off = put(team, team.filled(team.order(respondent="c2"), weights), "off.xlsx")
    assert (off.fate, codes(off)) == (Fate.PROVISIONAL, {"weights-sum"})

    def vague(workbook):
        sheet, grid = table_of(workbook, team.order(segment="valves"))
        sheet.cell(grid.row(0), grid.supplier(1)).value = "ca. 80"

    data = team.filled(team.order(segment="valves"))
    rival = put(team, edited(data, vague), "vague.xlsx")
    assert (rival.fate, codes(rival)) == (Fate.PROVISIONAL, {"number-text"})


# --- every file once, in any order, by any worker ------------------------------------------------


def mixed(team):
    orders = sorted(memory.load(team.workspace).orders.values(), key=lambda o: o.key)
    for n, order in enumerate(orders):
        team.put(f"{n}/{order.account}.xlsx", team.filled(order))
        team.put(f"copy {n}.xlsx", team.filled(order))
    team.put("photo.xlsx", PNG)
    team.put("notes.ini", b"x")
    other = answers_to(orders[0], us=(10.0, 20.0, 30.0))
    team.put("second.xlsx", team.filled(orders[0], other), NOW)
    for n in range(70):  # more than a batch
        team.put(f"stray/{n}.ini", f"{n}".encode())


@pytest.mark.proof
def test_counts_add_up_and_nothing_changes(team):
    mixed(team)
    before = hashes(team.root, "inbox", "Register.xlsx", ".kamxl")
    files = take_in(team.workspace).files
    assert sorted(f.path for f in files) == sorted(n for n in before if n.startswith("inbox/"))
    by = counts(files)
    assert by["files"] == sum(n for fate, n in by.items() if fate != "files") == len(files)
    assert {k: by[k] for k in ("accepted", "superseded", "attention")} == {
        "accepted": 5,
        "superseded": 1,
        "attention": 1,
    }
    assert hashes(team.root, "inbox", "Register.xlsx", ".kamxl") == before


@pytest.mark.proof
def test_the_result_depends_on_no_executor(team):
    mixed(team)
    alone = take_in(team.workspace)
    with ThreadPoolExecutor(3) as pool:
        assert take_in(team.workspace, pool) == alone
    with ProcessPoolExecutor(2) as pool:
        assert take_in(team.workspace, pool) == alone


@pytest.mark.proof
def test_a_dying_worker_costs_nothing(team):
    mixed(team)
    alone = take_in(team.workspace)
    with ProcessPoolExecutor(1) as pool:
        pool.submit(_die).exception()
        assert take_in(team.workspace, pool) == alone


def _die():
    import os

    os._exit(1)


@pytest.mark.proof
def test_progress_ends_at_the_number_of_files(team):
    mixed(team)
    seen = []
    files = take_in(team.workspace, progress=lambda done, total: seen.append((done, total))).files
    assert seen[-1] == (len(files), len(files))
    assert seen == sorted(seen)


# --- check ---------------------------------------------------------------------------------------


def test_check_without_a_workspace(team, tmp_path):
    path = tmp_path / "card.xlsx"
    order = team.order()
    path.write_bytes(team.filled(order))
    (found,) = check([path]).files
    assert (found.fate, codes(found)) == (Fate.ACCEPTED, {"signature-unchecked"})
    assert found.account == "ALPHA"
    assert found.answers.scorecard.total("us") == 66.0


def test_check_judges_each_file_alone(team):
    order = team.order()
    first = team.put("one.xlsx", team.filled(order))
    second = team.put("two.xlsx", team.filled(order, answers_to(order, us=(1.0, 2.0, 30.0))))
    result = check([first, second, first], team.root)
    assert [f.fate for f in result.files] == [Fate.ACCEPTED] * 3
    assert [codes(f) for f in result.files] == [set()] * 3
    assert result.language == "de"


def test_check_of_a_register(team):
    (found,) = check([team.root / "Register.xlsx"], team.root).files
    assert (found.kind, found.fate) == ("register", Fate.ACCEPTED)
    assert "email-missing" in codes(found)


@pytest.mark.proof
def test_a_card_from_a_team_with_the_same_register_is_foreign(team, tmp_path, few_rows):
    from kamxl.workflow.start.init import init

    other = tmp_path / "other"
    init(other, "de", workspace_id="ws-elsewhere", key=bytes(32), now=NOW)
    (other / "Register.xlsx").write_bytes(register_bytes())
    issue(other)
    stranger = dataclasses.replace(new_team(tmp_path / "third"), root=other)
    found = put(team, stranger.filled(stranger.order()))
    assert "mark-foreign" in codes(found)
    same_id = tmp_path / "same"
    init(same_id, "de", workspace_id="ws-test", key=bytes(32), now=NOW)
    (same_id / "Register.xlsx").write_bytes(register_bytes())
    issue(same_id)
    forger = dataclasses.replace(stranger, root=same_id)
    assert "mark-altered" in codes(put(team, forger.filled(forger.order())))
