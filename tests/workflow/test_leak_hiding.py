"""Words and things hidden in every corner of a file; and what is not taken for a secret."""

import email
import io
import re
import struct
import zipfile
import zlib
from dataclasses import replace
from email.message import EmailMessage
from email.policy import default

import pytest

from kamxl.core.cards.internal import secrets_of
from kamxl.core.cards.internal_words import sentences_of, short_names, words_of
from kamxl.core.records.register import Segment
from kamxl.store.workspace import Workspace
from kamxl.wording.understood import folded
from kamxl.workflow.guard.check_leaks import check_leaks
from kamxl.workflow.guard.leaks import Guard, guard_of
from kamxl.workflow.outgoing.issue import issue
from kamxl.workflow.start.init import init
from kamxl.workflow.start.register import read_register
from tests.workflow.making import KEY, NOW, edited, new_team, register, with_part
from tests.workflow.test_leaks import canary_register, codes, everything

LEGAL_FORMS = folded("legal_forms")
SHARED, BOOK, SHEET = "xl/sharedStrings.xml", "xl/workbook.xml", "xl/worksheets/sheet1.xml"
LINKS = "xl/_rels/workbook.xml.rels"


@pytest.fixture(scope="module")
def issued(tmp_path_factory):
    team = new_team(tmp_path_factory.mktemp("hiding") / "w", canary_register())
    issue(team.root, now=NOW)
    folder = team.root / "outbox/2026-H1"
    card = (folder / "ALPHA--pumps--c1.xlsx").read_bytes()
    mail = (folder / "ALPHA--c1.eml").read_bytes()
    guard = guard_of(team.workspace, read_register(team.workspace).register)
    assert guard.findings(card, team.order(), "card.xlsx") == ()
    assert guard.findings(mail, team.order(), "mail.eml") == ()
    return guard, team.order(), card, mail


def part_of(card: bytes, name: str) -> str:
    return zipfile.ZipFile(io.BytesIO(card)).read(name).decode()


def changed(card: bytes, name: str, old: str, new: str) -> bytes:
    text = part_of(card, name)
    assert old in text
    return with_part(card, name, text.replace(old, new, 1).encode())


@pytest.mark.parametrize(
    "item",
    [
        "<si><r><t>Vor</t></r></si><si><r><t>Gam</t></r><r><rPr><b/></rPr><t>ma Foods</t></r></si>"
        "<si><t>Nach</t></si>",
        "<!-- Gamma Foods -->",
        "<?x Gamma Foods?>",
        "<si><t><![CDATA[Gamma Foods]]></t></si>",
        "<si><t>_x0047_amma Foods</t></si>",
        "<si><t>&#71;amma&#x20;Foods</t></si>",
        "<si><t>Gam\u00adma Foods</t></si>",
        "<si><t>GAMMA  fo\u200bods</t></si>",
        "<si><t>Plan_GAMMA_2026</t></si>",
        "<si hint='Gamma Foods'><t>x</t></si>",
    ],
)
def test_words_hidden_in_a_part(issued, item):
    guard, order, card, _ = issued
    data = changed(card, SHARED, "</sst>", f"{item}</sst>")
    assert "leak-word" in codes(guard.findings(data, order, "x.xlsx"))


def test_words_in_another_encoding(issued):
    guard, order, card, _ = issued
    text = part_of(card, SHARED).replace("</sst>", "<si><t>Gamma Foods</t></si></sst>")
    data = with_part(card, SHARED, text.replace("UTF-8", "UTF-16").encode("utf-16"))
    assert "leak-word" in codes(guard.findings(data, order, "x.xlsx"))
    for code in ("utf-8", "utf-16-le", "utf-16-be"):
        raw = with_part(card, "xl/other.bin", b"\x0b\0\0" + "Gamma Foods".encode(code))
        assert {"leak-word", "leak-object"} <= codes(guard.findings(raw, order, "x.xlsx")), code


def test_words_in_the_cache_of_a_chart(issued):
    guard, order, card, _ = issued
    with zipfile.ZipFile(io.BytesIO(card)) as archive:
        names = [n for n in archive.namelist() if n.startswith("xl/charts/chart")]
    charts = [name for name in names if "strCache>" in part_of(card, name)]
    assert charts
    for name in charts:
        text = part_of(card, name)
        point = r'<\g<1>pt idx="99"><\g<1>v>Gamma Foods</\g<1>v></\g<1>pt></\g<1>strCache>'
        planted = re.sub(r"</((?:\w+:)?)strCache>", point, text, count=1)
        assert planted != text
        found = guard.findings(with_part(card, name, planted.encode()), order, "x.xlsx")
        assert {f.value for f in found} >= {"Gamma Foods"}


def test_words_in_the_zip_itself(issued):
    guard, order, card, _ = issued
    remark = io.BytesIO(card)
    with zipfile.ZipFile(remark, "a") as archive:
        archive.comment = b"Gamma Foods"
    found = codes(guard.findings(remark.getvalue(), order, "x.xlsx"))
    assert {"leak-word", "leak-metadata"} <= found


@pytest.mark.parametrize(
    ("name", "old", "new", "code"),
    [
        (BOOK, 'name="kx_mark"', 'name="kx_GAMMA"', "leak-word"),
        (BOOK, 'state="visible"', "state='veryHidden'", "leak-hidden"),
        (SHEET, "<row ", '<row ht="0" customHeight="1" ', "leak-hidden"),
        (SHEET, "<row ", "<row hidden='1' ", "leak-hidden"),
        (SHEET, "<sheetData>", '<sheetFormatPr zeroHeight="1"/><sheetData>', "leak-hidden"),
        (BOOK, "<workbookPr/>", '<workbookPr/><a:absPath a:url="x" url="https://a.example/x/"/>',
         "leak-path"),
        (BOOK, "<workbookPr/>", '<fileSharing userName="Jo Intern"/><workbookPr/>',
         "leak-metadata"),
        (SHARED, "</sst>", "<si><t>D:/Team/Kunden/x</t></si></sst>", "leak-path"),
        (SHARED, "</sst>", r"<si><t>\\server\team$\x</t></si></sst>", "leak-path"),
        (LINKS, "</Relationships>",
         "<Relationship Id='q' Type='a' Target='http://x' TargetMode='External'/></Relationships>",
         "leak-link"),
        (SHEET, "<sheetData>", "<sheetData><row><c><f>[1]Plan!A1</f></c></row>", "leak-link"),
        (SHEET, "<sheetData>", "<sheetData><row><c><f>webservice(&quot;x&quot;)</f></c></row>",
         "leak-link"),
        (SHEET, "<sheetData>", "<sheetData><row><c><f>cmd|'/c x'!A0</f></c></row>", "leak-link"),
    ],
)  # fmt: skip
def test_things_hidden_in_a_part(issued, name, old, new, code):
    guard, order, card, _ = issued
    assert code in codes(guard.findings(changed(card, name, old, new), order, "x.xlsx"))


@pytest.mark.parametrize(
    ("part", "code"),
    [
        ("docProps/thumbnail.jpeg", "leak-object"),
        ("docMetadata/LabelInfo.xml", "leak-object"),
        ("xl/connections.xml", "leak-object"),
        ("xl/queryTables/queryTable1.xml", "leak-object"),
        ("xl/pivotCache/pivotCacheDefinition1.xml", "leak-object"),
        ("xl/revisions/revisionLog1.xml", "leak-object"),
        ("xl/anything/new.xml", "leak-object"),
        ("xl/persons/person.xml", "leak-comment"),
        ("xl/threadedComments/threadedComment1.xml", "leak-comment"),
    ],
)
def test_parts_that_no_card_has(issued, part, code):
    guard, order, card, _ = issued
    assert code in codes(guard.findings(with_part(card, part, b"<x/>"), order, "x.xlsx"))


def test_the_folder_of_the_team(issued):
    guard, order, card, _ = issued
    named = replace(guard, folder="/teams/key accounts")
    data = changed(card, SHARED, "</sst>", "<si><t>in /teams/key accounts/x</t></si></sst>")
    assert "leak-path" in codes(named.findings(data, order, "x.xlsx"))
    assert guard.folder


# --- mails ---------------------------------------------------------------------------------------


def png_with(text: bytes) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(data))

    packed = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(text))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", bytes(13)) + packed + chunk(b"IEND", b"")


def packed(name: str, data: bytes, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        archive.writestr(name, data)
    return made.getvalue()


def attach(data: bytes, name: str):
    return lambda mail: mail.add_attachment(data, "application", "octet-stream", filename=name)


def in_html(piece: str):
    def edit(mail: EmailMessage) -> None:
        part = mail.get_body(("html",))
        text = part.get_content().replace("</body>", f"{piece}</body>")
        part.set_content(text, subtype="html")

    return edit


def nested(mail: EmailMessage) -> None:
    inner = EmailMessage()
    inner["Subject"] = "Gamma Foods"
    inner.set_content("x")
    mail.add_attachment(inner)


def header(mail: EmailMessage) -> None:
    mail["X-Note"] = "Gamma Foods"


def before(mail: EmailMessage) -> None:
    mail.preamble = "Gamma Foods"


def described(mail: EmailMessage) -> None:
    list(mail.walk())[-1]["Content-Description"] = "Gamma Foods"


@pytest.mark.parametrize(
    "edit",
    [
        nested, header, before, described,
        in_html("<!-- Gamma Foods -->"),
        in_html("<p>Gam<b>ma</b> Foods</p>"),
        in_html("<p data-x='Gamma Foods'>x</p>"),
        in_html("<style>/* Gamma Foods */</style>"),
        attach(png_with(b"wie bei Gamma Foods"), "a.png"),
        attach(b"Borel und GAMMA", "notes.txt"),
        attach(b"x", "Gamma Foods.bin"),
        attach(packed("content.xml", b"<x>Gamma Foods</x>"), "a.zip"),
        attach(packed("Gamma Foods.txt", b"x"), "a.zip"),
        attach(packed("a.zip", packed("b.txt", b"Gamma Foods")), "b.zip"),
    ],
)  # fmt: skip
def test_words_hidden_in_a_mail(issued, edit):
    guard, order, _, mail = issued
    made = email.message_from_bytes(mail, policy=default)
    edit(made)
    assert "leak-word" in codes(guard.findings(made.as_bytes(), order, "x.eml"))


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7 x",
        packed("1", packed("2", packed("3", packed("4", b"x")))),
        b"PK\x03\x04 broken",
    ],
)
def test_what_is_too_deep_or_closed_does_not_go_out(issued, data):
    guard, order, _, mail = issued
    made = email.message_from_bytes(mail, policy=default)
    attach(data, "a.bin")(made)
    assert codes(guard.findings(made.as_bytes(), order, "x.eml")) == {"leak-unreadable"}


# --- no false alarm ------------------------------------------------------------------------------


@pytest.mark.proof
def test_issuing_again_in_a_real_workspace_changes_nothing(tmp_path, few_rows):
    """Its id is long and random, and stands in every plan and on every card."""
    root = tmp_path / "w"
    init(root, "de", True, workspace_id="ws-fbb0146b5973", key=KEY, now=NOW)
    first = issue(root, now=NOW)
    assert first.plans
    again = issue(root, now=NOW)
    assert {card.state for card in again.issued} == {"unchanged"}


def says(made, segment, feedback):
    """The register in which the customer of a segment is told this."""
    segments = tuple(replace(s, feedback=feedback) if s == segment else s for s in made.segments)
    return replace(made, segments=segments)


@pytest.mark.proof
@pytest.mark.parametrize(
    ("feedback", "held"),
    [
        ("Die Wartung kommt jetzt schneller, die Ventile auch.", False),
        ("Bo Muster hat uns das gesagt.", False),
        ("Wie bei Gamma Foods machen wir es.", True),
        ("Wie bei Gamma machen wir es.", False),
        ("Dee Sample fand das gut.", True),
        ("Schreiben Sie an bo@alpha.example.", False),
        ("Schreiben Sie an <Dee@Gamma.example>.", True),
    ],
)
def test_what_a_team_may_tell_a_customer(tmp_path, feedback, held):
    made = register()
    shared = (Segment("BETA", "w", "Wartung"), Segment("GAMMA", "w", "Wartung"))
    made = replace(made, segments=(*made.segments, *shared))
    team = new_team(tmp_path / "w", says(made, made.segments[0], feedback))
    result = issue(team.root, ["ALPHA"], now=NOW)
    states = {c.respondent: c.state for c in result.issued if c.segment == "pumps"}
    assert states["c1"] == ("skipped" if held else "new")


def test_the_signature_may_name_the_team(issued):
    _, order, card, _ = issued
    team = replace(register(), accounts=tuple(
        replace(a, manager="Kim Lindqvist") for a in register().accounts))  # fmt: skip
    data = changed(card, SHARED, "</sst>", "<si><t>Ihre Kim Lindqvist</t></si></sst>")
    assert "leak-word" in codes(Guard.of(team).findings(data, order, "x.xlsx"))
    signed = replace(team, settings=replace(team.settings, signature="Kim Lindqvist, Vertrieb"))
    assert Guard.of(signed).findings(data, order, "x.xlsx") == ()


@pytest.mark.proof
def test_no_customer_meets_another_in_the_demo(demos):
    root = demos("en")
    workspace = Workspace.open(root)
    guard = guard_of(workspace, read_register(workspace).register)
    files = [p for p in sorted((root / "outbox").rglob("*")) if "--" in p.name]
    by = {}
    for secret in guard.secrets:
        if secret.what in ("account", "contact"):
            by.setdefault(secret.account, set()).add(secret.shown.casefold())
    assert len(by) > 10
    for path in files:
        own = path.name.split("--")[0].casefold()
        seen = everything(path.read_bytes())
        for account, words in by.items():
            near = {w for w in words if account != own and w in seen}
            met = {w for w in near if re.search(rf"\b{re.escape(w)}\b", seen)}
            assert not met, (path.name, account)
    assert all(not f.findings for f in check_leaks(files[:3]).files)


# --- words ---------------------------------------------------------------------------------------


def test_names_as_people_say_them():
    assert short_names("Gamma Foods GmbH & Co. KG", LEGAL_FORMS) == (
        "Gamma Foods GmbH & Co. KG",
        "Gamma Foods",
    )
    assert short_names("Muster AG", LEGAL_FORMS) == ("Muster AG", "Muster")
    assert short_names("AG", LEGAL_FORMS) == ("AG",)
    assert short_names("Alpha Werke", LEGAL_FORMS) == ("Alpha Werke",)
    assert words_of("Straße_7 \uff21\uff22") == ("strasse", "7", "ab")


def test_sentences_that_say_something():
    text = "Ja. Der Einkäufer geht im Mai; nachfragen! Was dann kommt, weiß keiner."
    assert list(sentences_of(text)) == [
        "Der Einkäufer geht im Mai",
        "Was dann kommt, weiß keiner",
    ]
    assert list(sentences_of("Ein einziger Satz ohne Ende")) == []


def test_a_long_text_is_found_by_one_of_its_sentences(issued):
    _, order, card, _ = issued
    note = "Preise sind dort weich. Der Einkäufer geht im Mai in Rente."
    made = says(register(), register().segments[2], note)  # of BETA
    assert any(
        s.shown == "Der Einkäufer geht im Mai in Rente" for s in secrets_of(made, (), LEGAL_FORMS)
    )

    def type_in(book):
        book.worksheets[0].cell(60, 2, "Der Einkäufer geht im Mai in Rente, hört man.")

    assert "leak-word" in codes(Guard.of(made).findings(edited(card, type_in), order, "x.xlsx"))
