"""Nothing internal leaves: planted words, planted parts, and no false alarm."""

import email
import io
import shutil
import zipfile
from dataclasses import fields, is_dataclass, replace
from datetime import date
from email.policy import default
from enum import Enum
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.workbook.defined_name import DefinedName

from kamxl.cli import main as cli
from kamxl.core.method.selection import Candidate
from kamxl.core.records.register import Competitor, Contact, Settings
from kamxl.workflow.guard.check_leaks import check_leaks
from kamxl.workflow.guard.leaks import guard_of
from kamxl.workflow.outgoing.issue import issue
from kamxl.workflow.outgoing.writing import remind, thank
from kamxl.workflow.start.register import read_register
from tests.workflow.making import (
    NOW,
    Team,
    drawn_register,
    edited,
    new_team,
    register,
    with_part,
)

# What a customer may see of the register: it is on her card, or in her mail.
PUBLIC = {
    "Settings": {
        "company", "language", "period", "sender_name", "sender_email", "sender_phone", "signature",
        "language2",
        "sender_function", "reply_to",
    },
    "Account": {"id", "name", "language"},
    "Segment": {"account", "id", "name", "catalogue", "feedback"},
    "TeamMember": {"id", "name", "email", "phone", "signature", "function"},
    "Contact": {
        "account", "id", "name", "email", "function", "language", "segments", "title", "salutation",
    },
    "AskedRequirement": {"id", "label", "anchors"},
    "Competitor": {"id", "name"},
    "ListedRequirement": {"catalogue", "account", "segment", "label2", "anchors2"},
    "ListedCompetitor": {"account", "segment"},
    "Candidate": {"account", "name"},
    "HeldCard": {"account", "segment", "respondent"},
}  # fmt: skip


def leaves(value):
    """Every text of a register or plan that only the team may know, as (holder, field, text)."""
    if is_dataclass(value):
        public = PUBLIC.get(type(value).__name__, set())
        for field in fields(value):
            inner = getattr(value, field.name)
            if isinstance(inner, str) and not isinstance(inner, Enum):
                if field.name not in public:
                    yield type(value).__name__, field.name, inner
            elif not isinstance(inner, date | Enum):
                yield from leaves(inner)
    elif isinstance(value, dict):
        for inner in value.values():
            yield from leaves(inner)
    elif isinstance(value, tuple | list | frozenset):
        for inner in value:
            yield from leaves(inner)


def everything(data: bytes) -> str:
    """All that is in a file, decoded in every way, packed files unpacked."""
    seen = [data.decode("latin-1"), data.decode("utf-16-le", "replace")]
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            seen += [everything(archive.read(name)) for name in archive.namelist()]
            seen += archive.namelist()
    elif b"MIME-Version" in data[:5000]:
        mail = email.message_from_bytes(data, policy=default)
        seen += [str(value) for value in mail.values()]
        for part in mail.walk():
            if not part.is_multipart():
                content = part.get_payload(decode=True) or b""
                seen += [content.decode("utf-8", "replace"), everything(content)]
    return "\n".join(seen).casefold()


def canary_register():
    """A register in which each internal text is a word that stands nowhere else."""
    made = register(smtp_host="canaryhost.example", smtp_user="canaryuser")
    return replace(
        made,
        accounts=tuple(replace(a, manager=f"Canarymanager{a.id}") for a in made.accounts),
        segments=tuple(replace(s, revenue=777_000_111.0) for s in made.segments),
        candidates=(Candidate("ALPHA", revenue=777_000_111.0),),
    )


@pytest.fixture(scope="module")
def planted_root(tmp_path_factory):
    team = new_team(tmp_path_factory.mktemp("planted") / "w", canary_register())
    issue(team.root, now=NOW, planned=["ALPHA", "GAMMA"])
    for account in ("ALPHA", "GAMMA"):
        team.put(f"{account}.xlsx", team.filled(team.order(account)))
    remind(team.root)
    thank(team.root)
    return team.root


@pytest.fixture
def planted(planted_root, tmp_path):
    root = tmp_path / "w"
    shutil.copytree(planted_root, root)
    return Team(root)


def outgoing(team):
    names = [p for p in (team.root / "outbox").rglob("*") if p.is_file()]
    return [p for p in names if p.name != "Empfaenger.xlsx"]


@pytest.mark.proof
def test_no_internal_text_of_the_register_is_in_any_file_that_goes_out(planted):
    made = canary_register()
    words = {text for _, _, text in leaves(made) if text}
    words |= {"777000111"}
    assert {"Canarymanager" + a.id for a in made.accounts} <= words
    files = outgoing(planted)
    assert {p.suffix for p in files} == {".xlsx", ".eml"}
    assert any("+thanks" in p.name for p in files)
    assert any("+reminder" in p.name for p in files)
    for path in files:
        seen = everything(path.read_bytes())
        assert not {word for word in words if word.casefold() in seen}, path.name


def test_every_field_of_the_register_is_either_public_or_planted():
    """A new field has to be sorted into one of the two."""
    sorted_out = {(holder, name) for holder, name, _ in leaves(canary_register())}
    for kind in (Settings, Contact, Competitor):
        texts = {f.name for f in fields(kind) if f.type == "str"}
        missing = texts - PUBLIC[kind.__name__] - {n for h, n in sorted_out if h == kind.__name__}
        assert not missing, kind


@pytest.mark.proof
def test_no_text_of_a_plan_is_in_any_file_that_goes_out(planted):
    for path in (planted.root / "plans").glob("*.xlsx"):
        book = openpyxl.load_workbook(path)
        for sheet in book.worksheets[1:]:
            for row in sheet.iter_rows(min_row=7, max_row=40):
                for cell in row:
                    if not cell.protection.locked and cell.value is None:
                        cell.value = "Canaryplan Geheimnis"
        book.save(path)
    issue(planted.root, now=NOW)
    for path in outgoing(planted):
        assert "canaryplan" not in everything(path.read_bytes())


def test_two_customers_never_meet(planted):
    others = {
        "ALPHA": ("beta bau", "cem probe", "gamma foods", "dee sample"),
        "GAMMA": ("alpha werke", "ada beispiel", "beta bau", "ombra", "ventile"),
    }
    checked = 0
    for path in outgoing(planted):
        account = path.name.split("--")[0]
        seen = everything(path.read_bytes())
        for word in others.get(account, ()):
            assert word not in seen, (path.name, word)
            checked += 1
    assert checked > 20


# --- what the guard finds ------------------------------------------------------------------------


@pytest.fixture
def guarded(team):
    (team.root / "Register.xlsx").write_bytes(drawn_register(canary_register()))
    order = team.order()
    guard = guard_of(team.workspace, read_register(team.workspace).register)
    card = (team.root / "outbox/2026-H1/ALPHA--pumps--c1.xlsx").read_bytes()
    assert guard.findings(card, order, "card.xlsx") == ()
    return guard, order, card


def codes(findings):
    return {found.code for found in findings}


@pytest.mark.parametrize(
    "word",
    [
        "GAMMA", "gamma FOODS", "Dee Sample", "dee@gamma.example", "bo@alpha.example",
        "Canarymanageralpha", "canaryhost.example",
    ],
)  # fmt: skip
def test_a_word_typed_into_a_card_is_found(guarded, word):
    guard, order, card = guarded

    def type_in(book):
        book.worksheets[0]["Z50"] = f"Bitte nicht wie bei {word}!"

    found = guard.findings(edited(card, type_in), order, "card.xlsx")
    assert "leak-word" in codes(found)
    assert word.casefold() in {f.value.casefold() for f in found if f.code == "leak-word"}


@pytest.mark.proof
def test_a_rival_is_internal_where_rivals_are_not_named(team, guarded):
    guard, _, _ = guarded
    order = team.order("BETA")
    assert not order.named_rivals
    data = edited(team.filled(order), lambda book: book.worksheets[0].cell(60, 2, "Borel"))
    assert "leak-word" in codes(guard.findings(data, order, "x.xlsx"))
    own = team.order("ALPHA")
    same = edited(team.filled(own), lambda book: book.worksheets[0].cell(60, 2, "Borel"))
    assert "leak-word" not in codes(guard.findings(same, own, "x.xlsx"))


def commented(book):
    book.worksheets[0]["A1"].comment = Comment("intern", "x")


def hidden_sheet(book):
    book.create_sheet("x").sheet_state = "veryHidden"


def hidden_column(book):
    book.worksheets[1].column_dimensions["C"].hidden = True


def named(book):
    book.defined_names["margin"] = DefinedName("margin", attr_text="'Start'!$A$1")


def authored(book):
    book.properties.creator = "Jo Intern"


def linked(book):
    book.worksheets[0]["A9"].hyperlink = "https://intranet.example/x"


def pathed(book):
    book.worksheets[0]["A9"] = r"C:\Users\jo\Desktop\plan.xlsx"


@pytest.mark.parametrize(
    ("edit", "code"),
    [
        (commented, "leak-comment"),
        (hidden_sheet, "leak-hidden"),
        (hidden_column, "leak-hidden"),
        (named, "leak-name"),
        (authored, "leak-metadata"),
        (linked, "leak-link"),
        (pathed, "leak-path"),
    ],
)
def test_what_files_for_outsiders_never_hold(guarded, edit, code):
    guard, order, card = guarded
    assert code in codes(guard.findings(edited(card, edit), order, "card.xlsx"))


@pytest.mark.parametrize(
    "part",
    ["xl/printerSettings/printerSettings1.bin", "xl/vbaProject.bin", "customXml/item1.xml",
     "xl/externalLinks/externalLink1.xml", "xl/embeddings/x.bin", "docProps/custom.xml"],
)  # fmt: skip
def test_parts_in_which_anything_may_stand(guarded, part):
    guard, order, card = guarded
    assert "leak-object" in codes(guard.findings(with_part(card, part, b"<x/>"), order, "c.xlsx"))


@pytest.mark.proof
def test_a_mail_is_looked_through_with_all_it_carries(team, guarded):
    guard, order, card = guarded
    path = team.root / "outbox/2026-H1/ALPHA--c1.eml"
    assert guard.findings(path.read_bytes(), order, path.name) == ()
    mail = email.message_from_bytes(path.read_bytes(), policy=default)
    mail.replace_header("Subject", "Wie bei Gamma Foods")
    assert "leak-word" in codes(guard.findings(mail.as_bytes(), order, "x.eml"))
    mail = email.message_from_bytes(path.read_bytes(), policy=default)
    mail.add_attachment(edited(card, authored), "application", "octet-stream", filename="b.xlsx")
    assert "leak-metadata" in codes(guard.findings(mail.as_bytes(), order, "x.eml"))


def test_what_nobody_can_look_through_does_not_go_out(guarded):
    guard, order, card = guarded
    assert codes(guard.findings(card[:-50], order, "cut.xlsx")) == {"leak-unreadable"}


# --- issue and check -----------------------------------------------------------------------------


@pytest.mark.proof
def test_a_card_with_a_leak_is_not_written_and_the_others_are(tmp_path):
    made = register()
    first = replace(made.segments[0], feedback="Anders als bei Gamma Foods liefern wir schneller.")
    made = replace(made, segments=(first, *made.segments[1:]))
    team = new_team(tmp_path / "w", made)
    result = issue(team.root, now=NOW)
    held = [card for card in result.issued if card.state == "skipped"]
    assert {(card.account, card.segment) for card in held} == {("ALPHA", "pumps")}
    (found,) = held[0].findings
    assert (found.code, found.value) == ("other-customer", "Gamma Foods")
    assert (found.sheet, found.cell) == ("Segmente", "I7")
    assert not (team.root / "outbox/2026-H1/ALPHA--pumps--c1.xlsx").exists()
    assert (team.root / "outbox/2026-H1/ALPHA--valves--c1.xlsx").exists()
    assert result.attention


@pytest.mark.proof
def test_the_command(team, guarded, capsys):
    _, _, card = guarded
    good = team.root / "outbox/2026-H1/ALPHA--c1.eml"
    bad = team.root / "outbox" / "bad.xlsx"
    bad.write_bytes(edited(card, commented))
    assert cli.main(["check", "--leaks", "--strict", str(good)]) == 0
    assert "übernommen" in capsys.readouterr().out
    assert cli.main(["check", "--leaks", "--strict", str(good), str(bad)]) == 1
    assert "Notizen" in capsys.readouterr().out


@pytest.mark.proof
def test_without_a_workspace_only_what_no_file_may_hold(tmp_path, guarded):
    _, _, card = guarded
    path = tmp_path / "elsewhere" / "card.xlsx"
    path.parent.mkdir()
    path.write_bytes(edited(card, hidden_sheet))
    (found,) = check_leaks([path]).files
    assert "leak-hidden" in codes(found.findings)
    assert "leak-words-unchecked" in codes(found.findings)
    assert "leak-word" not in codes(found.findings)


@pytest.mark.proof
def test_no_false_alarm_on_the_demo(demos, tmp_path):
    """Its customers are asked in German and in English, whichever language the team speaks."""
    root = tmp_path / "demo"
    shutil.copytree(demos("de"), root)
    remind(root)
    thank(root)
    every = [p for p in outgoing_of(root) if "--" in p.name]
    found = check_leaks(every[::3]).files
    assert len(found) > 20
    assert [file.path for file in found if file.findings] == []


def outgoing_of(root: Path) -> list[Path]:
    return sorted(p for p in (root / "outbox").rglob("*") if p.is_file())


@pytest.mark.proof
def test_accounts_called_by_everyday_words_raise_no_alarm(tmp_path):
    made = register()
    names = ("Preis Service", "Start", "Scorecard")
    accounts = tuple(replace(a, name=n) for a, n in zip(made.accounts, names, strict=True))
    team = new_team(tmp_path / "w", replace(made, accounts=accounts))
    result = issue(team.root, now=NOW)
    assert {card.state for card in result.issued} == {"new"}


# --- a file by hand ------------------------------------------------------------------------------


def test_a_hit_is_told_once(guarded):
    guard, order, card = guarded

    def everywhere(book):
        for sheet in book.worksheets:
            for row in (60, 61, 62):
                sheet.cell(row, 2, f"Wie bei Gamma Foods, {row}, GAMMA FOODS")

    found = guard.findings(edited(card, everywhere), order, "x.xlsx")
    hits = [f for f in found if f.code == "leak-word" and f.value.casefold() == "gamma foods"]
    assert len(hits) == 1
    assert hits[0].cell == "B60"


@pytest.mark.proof
@pytest.mark.parametrize("language", ["de", "en"])
def test_figures_and_what_layouts_say_are_no_hits(tmp_path, language):
    """An account that is called as our layouts speak, and the figure in our own formulas."""
    made = register()
    names = ("Beste Alternative", "Best competitor", "Rang Gewicht")
    segments = tuple(replace(s, revenue=1_000_000.0) for s in made.segments)
    accounts = tuple(
        replace(a, name=n, language=language) for a, n in zip(made.accounts, names, strict=True)
    )
    team = new_team(tmp_path / "w", replace(made, accounts=accounts, segments=segments))
    assert {card.state for card in issue(team.root, now=NOW).issued} == {"new"}
    files = [p for p in outgoing_of(team.root) if "--" in p.name]
    assert [f.findings for f in check_leaks(files).files if f.findings] == []

    def figures(book):
        book.worksheets[0].cell(60, 2, "1000000 und 1.000.000, je 900")

    path = team.root / "outbox" / "x.xlsx"
    path.write_bytes(edited((team.root / "outbox/2026-H1/ALPHA--pumps--c1.xlsx").read_bytes(),
                            figures))  # fmt: skip
    (found,) = check_leaks([path]).files
    assert "leak-word" not in codes(found.findings)
