"""The proof of what goes out can fail: whatever a changed renderer adds, anywhere, is refused."""

import base64
import copy
import importlib
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from datetime import date
from typing import Any

import pytest
from openpyxl.styles import NamedStyle
from openpyxl.writer.theme import theme_xml

from kamxl.core.cards.shown import ShownCard, ShownRequirement, shown_card
from kamxl.core.records.page import Asks
from kamxl.core.records.register import AskedRequirement, Competitor, LastAnswer
from kamxl.excel.proof.layout import odd, sayings
from kamxl.excel.writing import caches, cells, draw, filling, stamping, writer, xmltext
from kamxl.forms.letters import letter as letter_forms
from kamxl.forms.letters.letter import Letters
from kamxl.forms.scorecard import book as scorecard
from kamxl.forms.scorecard import values as card_values
from kamxl.forms.scorecard.grid import CardSize
from kamxl.forms.scorecard.slots import slots
from kamxl.forms.scorecard.words import strange
from kamxl.mail import message as mail_message
from kamxl.wording import templating
from kamxl.wording.texts import Texts, languages
from kamxl.workflow import cards
from kamxl.workflow.cards import CardPress, LayoutKey, layout_of, mark_of, place_of
from kamxl.workflow.guard.proving import WayOut
from kamxl.workflow.outgoing import letters
from kamxl.workflow.outgoing.issue import issue
from kamxl.workflow.outgoing.letters import Desk
from kamxl.workflow.outgoing.writing import remind, thank
from kamxl.workflow.results import Outgoing
from tests.forms import replies
from tests.workflow.making import NOW, PERIOD, Team, answers_to, new_team, register
from tests.workflow.test_leaks import codes, everything

CANARY = "Kanarienvogel"
BYTES = CANARY.encode()


def asked_register():
    """Anchors, a feedback, a signature, everything that a card and a mail may show."""
    made = register(
        sender_name="Kim Müller",
        sender_phone="+49 1",
        signature="Vertrieb, Haus 3",
        due=date(2026, 6, 30),
    )
    more = {"anchors": ("nie", 'meist <&> "oft"', "immer"), "minimum": 37.0}
    asked = tuple(replace(r, asked=replace(r.asked, **more)) for r in made.requirements)
    first = replace(made.segments[0], feedback="Die Wartung kommt jetzt\nam selben Tag.")
    return replace(made, requirements=asked, segments=(first, *made.segments[1:]))


class Bench:
    """One card, its mails, and what the proof says of them."""

    def __init__(self, team: Team) -> None:
        asked = team.order()
        said = (LastAnswer(asked.requirements[0].id, 31.5, 62.5),)
        self.team, self.order = team, replace(asked, last_period="2025", last=said)
        self.workspace = team.workspace
        self.path = self.workspace.card_path(PERIOD, "ALPHA", "pumps", "c1")
        self.register = asked_register()
        # it has proven what a card says, and is asked again after that
        self.warm = WayOut(self.workspace, self.register)
        assert self.warm.of_card(self.order, self.path, rendered(self), self.order) == ()

    def found(self, kind: str | None = None) -> set[str]:
        """The codes for a card that is made now, or for its mail of a kind, with all it carries."""
        way_out = WayOut(self.workspace, self.register)
        card = CardPress().press(self.order, mark_of(self.workspace, self.order))
        if kind is None:
            again = codes(self.warm.of_card(self.order, self.path, card, self.order))
            found = codes(way_out.of_card(self.order, self.path, card, self.order))
            assert again or not found
            return found
        return codes(way_out.of_mail(self.mail(kind, card)))

    def mail(self, kind: str, card: bytes) -> Outgoing:
        desk = Desk(self.workspace, self.register)
        given = {"answers": answers_to(self.order)} if kind == "thanks" else {"card": card}
        more = {"invitation": "", "reminder": "reminder", "thanks": "thanks"}[kind]
        path = self.workspace.mail_path(PERIOD, "ALPHA", "c1", more)
        return desk.mail(kind, path, [desk.carried(self.order, self.path, **given)])

    def of_card(self, data: bytes) -> set[str]:
        fresh = WayOut(self.workspace, self.register)
        found = codes(fresh.of_card(self.order, self.path, data, self.order))
        assert codes(self.warm.of_card(self.order, self.path, data, self.order)) == found
        return found


@pytest.fixture(scope="module")
def bench(tmp_path_factory) -> Bench:
    team = new_team(tmp_path_factory.mktemp("proof") / "w", asked_register())
    issue(team.root, now=NOW)
    return Bench(team)


@pytest.fixture(autouse=True)
def fresh_layouts() -> Iterator[None]:
    """Layouts are drawn anew: what is patched is patched while they are drawn as well."""
    layout_of.cache_clear()
    card_values._blank_card.cache_clear()
    yield
    layout_of.cache_clear()
    card_values._blank_card.cache_clear()


KINDS = (None, "invitation", "reminder", "thanks")
HELD = {"leak-unproven"}


@pytest.mark.proof
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_rightly_made_goes_out(bench, kind):
    assert bench.found(kind) == set()


def part_names(bench) -> list[str]:
    layout = layout_of(LayoutKey("de", scorecard.size_of(bench.order), PERIOD))
    return [name for name, _ in layout.parts]


def repacked(data: bytes, change: Callable[[zipfile.ZipInfo, bytes], bytes], comment=b"") -> bytes:
    """The same package, written as ours are, with its parts changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.infolist():
            content = old.read(entry)
            made = draw._entry(entry.filename)
            new.writestr(made, change(made, content))
        new.comment = comment
    return out.getvalue()


def rendered(bench) -> bytes:
    return CardPress().press(bench.order, mark_of(bench.workspace, bench.order))


def test_repacking_alone_is_not_what_is_refused(bench):
    assert bench.of_card(repacked(rendered(bench), lambda _, content: content)) == set()


@pytest.mark.proof
def test_a_canary_in_any_part(bench):
    for name in part_names(bench):
        spots = (
            lambda content: content.replace(b"</", b"<!--" + BYTES + b"--></", 1),
            lambda content: content + BYTES,
            lambda content: content.replace(b"><", b"> <", 1),
            lambda content: content.replace(b'="', b'="' + BYTES, 1),
            lambda content: re.sub(rb">([^<>]+)<", b">" + BYTES + rb"\1<", content, count=1),
            lambda content: BYTES + content,
        )
        for number, spot in enumerate(spots):

            def change(entry, content, spot=spot, name=name):
                return spot(content) if entry.filename == name else content

            data = repacked(rendered(bench), change)
            if data != rendered(bench):
                assert bench.of_card(data) == HELD, (name, number)


@pytest.mark.proof
def test_a_canary_in_every_text_of_every_part(bench):
    """Each stretch of text between two tags, and each attribute, one after the other."""
    whole = rendered(bench)
    names = [n for n in part_names(bench) if "theme" not in n and "styles" not in n]
    for name in names:
        content = zipfile.ZipFile(io.BytesIO(whole)).read(name).decode()
        places = [m.start() + 1 for m in re.finditer(r">[^<]|=\"", content)]
        for at in places[:: max(1, len(places) // 40)]:
            shifted = at + content[at - 1 :].startswith('="')
            planted = (content[:shifted] + CANARY + content[shifted:]).encode()
            data = repacked(whole, lambda e, c, n=name, p=planted: p if e.filename == n else c)
            assert bench.of_card(data) == HELD, (name, content[at - 20 : at + 20])


def extra(entry: zipfile.ZipInfo, content: bytes) -> bytes:
    entry.extra = b"\xca\xfe" + len(BYTES).to_bytes(2, "little") + BYTES
    return content


def remark(entry: zipfile.ZipInfo, content: bytes) -> bytes:
    entry.comment = BYTES
    return content


def later(entry: zipfile.ZipInfo, content: bytes) -> bytes:
    entry.date_time = (2026, 5, 4, 9, 30, 0)
    return content


def renamed(entry: zipfile.ZipInfo, content: bytes) -> bytes:
    entry.filename = entry.filename.replace("theme1", CANARY)
    return content


def stored(entry: zipfile.ZipInfo, content: bytes) -> bytes:
    entry.compress_type = zipfile.ZIP_STORED
    return content


@pytest.mark.parametrize("change", [extra, remark, later, renamed, stored])
def test_a_canary_in_the_entries_of_the_zip(bench, change):
    assert bench.of_card(repacked(rendered(bench), change)) == HELD


def test_a_canary_around_the_zip(bench):
    data = rendered(bench)
    assert bench.of_card(repacked(data, lambda _, c: c, BYTES)) == HELD
    assert bench.of_card(BYTES + data) == HELD
    assert bench.of_card(data + BYTES) == HELD
    more = io.BytesIO(data)
    with zipfile.ZipFile(more, "a") as archive:
        archive.writestr(f"xl/{CANARY}.xml", "<x/>")
    assert bench.of_card(more.getvalue()) == HELD
    assert bench.of_card(b"") == HELD
    assert bench.of_card(data[: len(data) // 2]) == HELD


def test_a_canary_behind_what_is_packed(bench):
    """Bytes behind the end of a packed part, which no reader of zips looks at."""
    data = rendered(bench)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entry = archive.infolist()[-1]
        begin = entry.header_offset + 30 + len(entry.filename)
        end, rest = begin + entry.compress_size, archive.start_dir
    size = (entry.compress_size + len(BYTES)).to_bytes(4, "little")
    head = bytearray(data[:end] + BYTES + data[rest:])
    head[entry.header_offset + 18 : entry.header_offset + 22] = size
    listed = head.rindex(b"PK\1\2")
    head[listed + 20 : listed + 24] = size
    tail = len(head) - 22
    head[tail + 16 : tail + 20] = (rest + len(BYTES)).to_bytes(4, "little")
    assert zipfile.ZipFile(io.BytesIO(bytes(head))).testzip() is None
    assert bench.of_card(bytes(head)) == HELD


# --- a renderer that was changed ------------------------------------------------------------------


def wrapped(change: Callable[[Any], Any], real: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *arguments, **named: change(real(*arguments, **named))


def in_text(xml: str) -> str:
    """A canary in the first text, or, where there is none, behind."""
    planted = re.sub(r">([^<>]+)<", rf">{CANARY}\1<", xml, count=1)
    return planted if planted != xml else xml + CANARY


PIECES = [filling.Hole, stamping.StampedRows, cells.Strings, caches.Cache]


@pytest.mark.parametrize("piece", PIECES, ids=lambda p: p.__name__)
def test_a_piece_that_adds_something(bench, monkeypatch, piece):
    monkeypatch.setattr(piece, "fill", wrapped(in_text, piece.fill))
    assert bench.found() == HELD
    assert bench.found("invitation") == HELD


ENCODERS = [
    (filling, "as_text"), (filling, "as_page_text"), (filling, "as_name"), (filling, "plain"),
    (filling, "attribute"), (filling, "clean"), (filling, "escape"),
    (cells, "cell_text"), (cells, "number_text"), (cells, "_item"), (cells, "held"),
    (cells, "_text"), (cells, "calculated"), (cells, "formula_text"),
    (caches, "_text"), (caches, "_number"),
    (draw, "holes"), (xmltext, "escape"),
]  # fmt: skip


@pytest.mark.parametrize(("module", "name"), ENCODERS, ids=lambda p: getattr(p, "__name__", p))
def test_an_encoder_that_adds_something(bench, monkeypatch, module, name):
    real = getattr(module, name, None)
    if real is None:
        pytest.skip("there is none of this name")
    monkeypatch.setattr(module, name, wrapped(lambda text: f"{text}{CANARY}", real))
    before = rendered(bench)
    if CANARY not in everything(before) and CANARY.casefold() not in everything(before):
        pytest.skip("it is not used for cards")
    assert bench.found() == HELD


@pytest.mark.proof
def test_a_canary_in_every_slot(bench, monkeypatch):
    real = scorecard.values
    given = real(shown_card(bench.order), "x")
    for key, value in given.items():
        wrong = f"{value or ''}{CANARY}" if not isinstance(value, float | int) else value + 1234.5
        if key.startswith("range."):
            wrong = f"{value}_{CANARY}"
        changed = wrapped(lambda found, key=key, wrong=wrong: found | {key: wrong}, real)
        monkeypatch.setattr(scorecard, "values", changed)
        assert bench.found() == HELD or key in UNUSED, key


UNUSED = {"range.us"}  # our own column's name is the layout's


@pytest.mark.proof
@pytest.mark.parametrize(
    "minimum",
    [37.0, *(pytest.param(one, marks=pytest.mark.long) for one in (50.0, 100.0))],  # round ones
)
def test_a_minimum_in_any_number(bench, monkeypatch, minimum):
    """A round minimum is a number that stands on a card anyway: only not in this slot."""
    real = scorecard.values
    for key, value in real(shown_card(bench.order), "x").items():
        if value == minimum or key.startswith("range."):
            continue
        changed = wrapped(lambda found, key=key: found | {key: minimum}, real)
        monkeypatch.setattr(scorecard, "values", changed)
        assert bench.found() == HELD, key


def test_slots_that_change_places(bench, monkeypatch):
    """Visible values all of them, but not where they belong."""
    real = scorecard.values
    swapped = wrapped(
        lambda found: found | {"label.0": found["label.1"], "label.1": found["label.0"]}, real
    )
    monkeypatch.setattr(scorecard, "values", swapped)
    assert bench.found() == HELD


@pytest.mark.proof
def test_a_mark_that_says_more(bench, monkeypatch):
    real = cards.mark_of
    order = bench.order
    more = replace(real(bench.workspace, order), workspace=CANARY)
    data = CardPress().press(order, more)
    assert bench.of_card(data) == HELD


def test_a_card_that_shows_more_than_its_order(bench, monkeypatch):
    """Even the type that says what is shown is held to the order."""

    def minima(order):
        shown = shown_card(order)
        asked = tuple(
            ShownRequirement(r.id, f"{r.label} {o.minimum}", r.anchors)
            for r, o in zip(shown.requirements, order.requirements, strict=True)
        )
        return replace(shown, requirements=asked)

    monkeypatch.setattr("kamxl.workflow.cards.shown_card", minima)
    assert bench.found() == HELD
    monkeypatch.setattr("kamxl.workflow.guard.proving.shown_card", minima)
    assert bench.found() == HELD


def test_what_a_customer_sees_has_no_minimum():
    names = {*ShownCard.__dataclass_fields__, *ShownRequirement.__dataclass_fields__}
    assert "minimum" in AskedRequirement.__dataclass_fields__
    assert names.isdisjoint({"minimum", "source", "role", "function", "respondent_email"})


# --- our reply, on a card and alone ---------------------------------------------------------------


@pytest.fixture(params=["card", "reply"])
def replying(request, bench) -> Bench:
    """A card that carries our reply, or the reply alone."""
    other = copy.copy(bench)
    asks = Asks.REPLY if request.param == "reply" else Asks.CARD
    other.order = replace(bench.order, page=replies.page(), asks=asks)
    other.path = place_of(bench.workspace, other.order)
    return other


def test_a_reply_goes_out_that_is_the_order_s(replying):
    assert replying.found() == set()


@pytest.mark.parametrize("part", ["rows", "benefits", "statements", "programmes"])
def test_no_line_of_a_reply_may_be_another_s(replying, part, monkeypatch):
    """Each text of each part: what is pressed is not what the order says."""
    lines = getattr(replying.order.page, part)
    for name in (f.name for f in fields(lines[0])):
        if type(getattr(lines[0], name)) is not str:
            continue  # a choice, a number, a date
        foreign = replace(lines[0], **{name: CANARY})
        page = replace(replying.order.page, **{part: (foreign, *lines[1:])})
        card = CardPress().press(
            replace(replying.order, page=page), mark_of(replying.workspace, replying.order)
        )
        assert replying.of_card(card) == HELD, name


def test_a_reply_is_not_another_card(replying):
    """Neither the mark nor the name of one kind passes for another's."""
    asks = Asks.CARD if replying.order.asks else Asks.REPLY
    other = mark_of(replying.workspace, replace(replying.order, asks=asks))
    assert replying.of_card(CardPress().press(replying.order, other)) == HELD
    way_out = WayOut(replying.workspace, replying.register)
    path = place_of(replying.workspace, replace(replying.order, asks=asks))
    card = CardPress().press(replying.order, mark_of(replying.workspace, replying.order))
    assert codes(way_out.of_card(replying.order, path, card, replying.order)) == HELD


def test_a_file_with_another_name(bench):
    way_out = WayOut(bench.workspace, bench.register)
    card = rendered(bench)
    other = bench.path.with_name(f"ALPHA--pumps--c1-{CANARY}.xlsx")
    assert codes(way_out.of_card(bench.order, other, card, bench.order)) == HELD
    assert codes(way_out.of_card(bench.order, bench.path, card, bench.order)) == set()


# --- a layout that was drawn otherwise ------------------------------------------------------------


def with_author(parts):
    core = parts["docProps/core.xml"]
    parts["docProps/core.xml"] = [
        p.replace("<dc:title>", f"<dc:creator>{CANARY}</dc:creator><dc:title>")
        if isinstance(p, str)
        else p
        for p in core
    ]
    return parts


def with_part(parts):
    parts[f"customXml/{CANARY}.xml"] = [f"<x>{CANARY}</x>"]
    return parts


def with_remark(parts):
    first = parts["xl/theme/theme1.xml"]
    parts["xl/theme/theme1.xml"] = [*first, f"<!-- {CANARY} -->"]
    return parts


DRAWN = [
    (draw, "_with_properties", with_author),
    (draw, "_with_properties", with_part),
    (draw, "_with_properties", with_remark),
    ("kamxl.excel.writing.sheets", "_page_texts",
     lambda xml: xml.replace("<oddFooter>", f"<oddFooter>{CANARY} ")),
    (draw, "plan", lambda made: replace(
        made, page_texts=made.page_texts.replace("&amp;P", f"{CANARY} &amp;P"))),
    ("kamxl.forms.scorecard.start", "draw", lambda sheet: (
        sheet.put(99, 2, f"Hinweis {CANARY}"), sheet)[1]),
    ("kamxl.forms.scorecard.table", "names", lambda names: [
        *names, replace(names[0], name=f"kx_{CANARY}")]),
    (Texts, "__call__", lambda text: f"{text} {CANARY}"),
]  # fmt: skip


@pytest.mark.parametrize(("owner", "name", "change"), DRAWN, ids=range(len(DRAWN)))
def test_a_layout_that_says_more(bench, monkeypatch, owner, name, change):
    owner = importlib.import_module(owner) if isinstance(owner, str) else owner
    monkeypatch.setattr(owner, name, wrapped(change, getattr(owner, name)))
    assert CANARY.casefold() in everything(rendered(bench))
    assert bench.found() == HELD
    assert bench.found("invitation") == HELD


def with_format(workbook):
    workbook._number_formats.append(f'0"{CANARY}"')


def with_style(workbook):
    workbook.add_named_style(NamedStyle(name=CANARY))


def with_code_name(workbook):
    workbook.code_name = CANARY


@pytest.mark.parametrize("change", [with_format, with_style, with_code_name])
def test_a_canary_in_the_looks_of_a_workbook(bench, monkeypatch, change):
    real = draw._furnish_book

    def furnished(workbook, *given):
        real(workbook, *given)
        change(workbook)

    monkeypatch.setattr(draw, "_furnish_book", furnished)
    with zipfile.ZipFile(io.BytesIO(rendered(bench))) as archive:
        assert any(BYTES in archive.read(name) for name in archive.namelist())
    assert bench.found() == HELD


def test_a_canary_in_the_theme(bench, monkeypatch):
    monkeypatch.setattr(writer, "theme_xml", theme_xml.replace("Office Theme", CANARY))
    assert bench.found() == HELD


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("size", [
    CardSize(1, 0), CardSize(1, 1, True), CardSize(12, 6), CardSize(40, 3, True),
    CardSize(8, 3), CardSize(5, 2), CardSize(40, 4), CardSize(20, 5, True),
])  # fmt: skip
def test_no_layout_is_strange(language, size):
    layout = layout_of(LayoutKey(language, size, PERIOD))
    assert odd(layout) is None
    assert strange(sayings(layout)) is None


# --- mails ----------------------------------------------------------------------------------------


MAIL_EDITS = {
    "a header more": lambda d: b"X-Note: " + BYTES + b"\r\n" + d,
    "a second subject": lambda d: b"Subject: " + BYTES + b"\r\n" + d,
    "the subject": lambda d: d.replace(b"Subject: ", b"Subject: " + BYTES + b" ", 1),
    "the sender": lambda d: d.replace(b"From: ", b"From: " + BYTES + b" ", 1),
    "the sender's address": lambda d: d.replace(b"<kam@", b"<" + BYTES + b"@", 1),
    "the recipient": lambda d: d.replace(b"To: Ada", b"To: Ada " + BYTES, 1),
    "a second recipient": lambda d: d.replace(b"To: Ada", b"To: x <" + BYTES + b"@x.y>, Ada", 1),
    "a comment": lambda d: d.replace(b"<ada@", b"(" + BYTES + b") <ada@", 1),
    "the card's digest": lambda d: d.replace(b"X-Kamxl-Card: ", b"X-Kamxl-Card: " + BYTES, 1),
    "a preamble": lambda d: d.replace(b"\r\n\r\n--", b"\r\n\r\n" + BYTES + b"\r\n--", 1),
    "an epilogue": lambda d: d + BYTES,
    "a boundary": lambda d: d.replace(b"=_kamxl_0_", b"=_" + BYTES),
    "a header of a part": lambda d: d.replace(
        b'text/plain; charset="utf-8"', b'text/plain; charset="utf-8"; x="' + BYTES + b'"', 1
    ),
    "another header of a part": lambda d: d.replace(
        b"Content-Type: text/html",
        b"Content-Description: " + BYTES + b"\r\nContent-Type: text/html",
    ),
    "the text": lambda d: d.replace(b"Guten Tag,", b"Guten Tag " + BYTES + b",", 1),
    "a comment in HTML": lambda d: d.replace(b"</body>", b"<!-- " + BYTES + b" --></body>"),
    "an attribute": lambda d: d.replace(b"<body ", b"<body data-x=3D'" + BYTES + b"' "),
}


@pytest.mark.parametrize("kind", KINDS[1:])
@pytest.mark.parametrize("edit", MAIL_EDITS.values(), ids=MAIL_EDITS.keys())
def test_a_canary_in_a_mail(bench, monkeypatch, kind, edit):
    real = mail_message.draft
    made = bench.mail(kind, rendered(bench)).data
    assert edit(made) != made
    monkeypatch.setattr("kamxl.workflow.outgoing.letters.draft", wrapped(edit, real))
    assert bench.found(kind) == HELD


def test_another_file_attached(bench, monkeypatch):
    real = mail_message.draft

    def other(draft):
        ((name, data), *more) = draft.workbooks
        return real(replace(draft, workbooks=((name, data + BYTES), *more)))

    def another_name(draft):
        ((_, data), *more) = draft.workbooks
        return real(replace(draft, workbooks=((f"{CANARY}.xlsx", data), *more)))

    for kind in ("invitation", "reminder"):
        for changed in (other, another_name):
            monkeypatch.setattr("kamxl.workflow.outgoing.letters.draft", changed)
            assert bench.found(kind) == HELD


def test_bytes_between_the_lines_of_an_attachment(bench, monkeypatch):
    hidden = base64.b64encode(BYTES)

    def edit(data: bytes) -> bytes:
        at = data.index(b"\r\nUEsDB")
        return data[:at] + b"\r\n" + hidden + b"====" + data[at:]

    monkeypatch.setattr("kamxl.workflow.outgoing.letters.draft", wrapped(edit, mail_message.draft))
    assert bench.found("invitation") == HELD


@pytest.mark.parametrize("kind", KINDS[1:])
@pytest.mark.parametrize("change", [
    {"recipient": "dee@gamma.example"}, {"subject": CANARY}, {"about": "1" * 32},
    {"order": "other"},
], ids=str)  # fmt: skip
def test_a_mail_that_would_be_sent_as_another(bench, monkeypatch, kind, change):
    real = letters.Desk.mail

    def wrong(*given):
        mail = real(*given)
        of_card = {key: value for key, value in change.items() if key in ("about", "order")}
        if "order" in of_card:
            of_card = {"order": replace(bench.order, respondent="c2")}
        cards = (replace(mail.cards[0], **of_card),)
        of_mail = {key: value for key, value in change.items() if key not in of_card}
        return replace(mail, cards=cards, **of_mail)

    monkeypatch.setattr(letters.Desk, "mail", wrong)
    assert bench.found(kind) == HELD


@pytest.mark.parametrize("kind", KINDS[1:])
@pytest.mark.parametrize("field", ["subject", "text", "html"])
def test_a_wording_that_says_more(bench, monkeypatch, kind, field):
    def more(words):
        return replace(words, **{field: f"{getattr(words, field)} {CANARY}"})

    monkeypatch.setattr(Letters, "render", wrapped(more, Letters.render))
    assert bench.found(kind) == HELD


RENDERERS = [
    (letter_forms, "rendered", lambda text: f"{text} {CANARY}"),
    (templating, "rendered", lambda text: f"{text} {CANARY}"),
    (Texts, "number", lambda text: f"{text}{CANARY}"),
    (Texts, "day", lambda text: f"{text}{CANARY}"),
    (letters, "result_of", lambda letter: replace(letter, segment=CANARY)),
    (letters, "result_of", lambda letter: replace(
        letter, rows=(*letter.rows, replace(letter.rows[0], label=CANARY)))),
    (letters, "result_of", lambda letter: replace(
        letter, suppliers=(replace(letter.suppliers[0], total=12.5), *letter.suppliers[1:]))),
    (Desk, "_sender", lambda sender: replace(sender, signature=CANARY)),
    (Desk, "_asked", lambda asked: replace(
        asked, cards=(replace(asked.cards[0], segment=CANARY),))),
    (letters, "short_names", lambda names: [f"{CANARY}{name}" for name in names]),
    (letters, "dots", lambda png: png + BYTES),
]  # fmt: skip


@pytest.mark.proof
@pytest.mark.parametrize(("owner", "name", "change"), RENDERERS, ids=range(len(RENDERERS)))
def test_a_writer_of_mails_that_says_more(bench, monkeypatch, owner, name, change):
    monkeypatch.setattr(owner, name, wrapped(change, getattr(owner, name)))
    said = {kind for kind in KINDS[1:] if seen_in(bench, kind)}
    assert {kind for kind in KINDS[1:] if bench.found(kind) == HELD} == said
    assert said or owner is templating


def seen_in(bench, kind: str) -> bool:
    """Whether a mail of this kind differs from what it should be."""
    return bench.mail(kind, rendered(bench)).data != ORIGINAL[kind]


ORIGINAL: dict[str, bytes] = {}


@pytest.fixture(autouse=True, scope="module")
def originals(bench) -> None:
    ORIGINAL.update({kind: bench.mail(kind, rendered(bench)).data for kind in KINDS[1:]})


# --- the picture ----------------------------------------------------------------------------------


def chunk(kind: bytes, content: bytes) -> bytes:
    size = len(content).to_bytes(4, "big")
    return size + kind + content + zlib.crc32(kind + content).to_bytes(4, "big")


def painted(edit: Callable[[Any], None]) -> Callable[[bytes], bytes]:
    def change(png: bytes) -> bytes:
        from PIL import Image, ImageDraw

        image = Image.open(io.BytesIO(png)).convert("RGB")
        edit(ImageDraw.Draw(image))
        out = io.BytesIO()
        image.save(out, "PNG", optimize=True)
        return out.getvalue()

    return change


PICTURES: dict[str, Callable[[bytes], bytes]] = {
    "a text": lambda png: png[:33] + chunk(b"tEXt", b"x\0" + BYTES) + png[33:],
    "an unknown chunk": lambda png: png[:-12] + chunk(b"caNy", BYTES) + png[-12:],
    "behind the end": lambda png: png + BYTES,
    "a word in the white": painted(lambda pen: pen.text((400, 20), CANARY, fill="#000000")),
    "a pale word": painted(lambda pen: pen.text((400, 20), CANARY, fill="#FEFEFE")),
    "a word over the numbers": painted(lambda pen: pen.text((2, 30), "77", fill="#000000")),
    "a dot elsewhere": painted(lambda pen: pen.ellipse([300, 60, 320, 80], fill="#0F7173")),
    "a word on a dot": painted(lambda pen: pen.rectangle([760, 40, 1000, 50], fill="#0F7173")),
}


@pytest.mark.parametrize("change", PICTURES.values(), ids=PICTURES.keys())
def test_a_picture_that_shows_more(bench, monkeypatch, change):
    monkeypatch.setattr(letters, "dots", wrapped(change, letters.dots))
    assert bench.found("thanks") == HELD


def test_the_picture_of_other_numbers(bench, monkeypatch):
    real = letters.dots

    def others(rows, *arguments, **named):
        return real([[10.0, 20.0, *row[2:]] for row in rows], *arguments, **named)

    monkeypatch.setattr(letters, "dots", others)
    assert bench.found("thanks") == HELD


# --- end to end -----------------------------------------------------------------------------------


@pytest.mark.proof
def test_nothing_of_a_changed_renderer_is_written(tmp_path, monkeypatch):
    team = new_team(tmp_path / "w", asked_register())
    real = stamping.StampedRows.fill
    monkeypatch.setattr(stamping.StampedRows, "fill", wrapped(in_text, real))
    result = issue(team.root, now=NOW)
    assert {card.state for card in result.issued} == {"skipped"}
    assert result.attention
    assert not list((team.root / "outbox").rglob("*--*"))
    monkeypatch.setattr(stamping.StampedRows, "fill", real)
    layout_of.cache_clear()  # what was filled is kept with its layout
    assert {card.state for card in issue(team.root, now=NOW).issued} == {"new"}
    monkeypatch.setattr(Letters, "render", wrapped(
        lambda words: replace(words, html=words.html + CANARY), Letters.render))  # fmt: skip
    team.put("a.xlsx", team.filled(team.order()))
    for made in (remind(team.root), thank(team.root)):
        assert made.mails
        assert {mail.state for mail in made.mails} == {"skipped"}
    assert not list((team.root / "outbox").rglob("*reminder.eml"))


@pytest.mark.proof
def test_one_card_alone_is_held_back(tmp_path, monkeypatch):
    team = new_team(tmp_path / "w", asked_register())
    real = scorecard.values

    def wrong(card, mark, answers=None):
        found = real(card, mark, answers)
        return found | {"start.to": CANARY} if card.account == "GAMMA" else found

    monkeypatch.setattr(scorecard, "values", wrong)
    states = {(c.account, c.state) for c in issue(team.root, now=NOW).issued}
    assert states == {("ALPHA", "new"), ("BETA", "new"), ("GAMMA", "skipped")}


def test_slots_are_stated_for_every_slot_of_a_card(bench):
    given = scorecard.values(shown_card(bench.order), "m")
    expected = slots(shown_card(bench.order), "m")
    assert given.keys() <= expected.keys()
    assert {k: v or "" for k, v in given.items()} == {k: expected[k] or "" for k in given}
    many = replace(bench.order, competitors=tuple(Competitor(f"c.{n}", "x") for n in range(6)))
    assert scorecard.values(shown_card(many), "m").keys() <= slots(shown_card(many), "m").keys()
