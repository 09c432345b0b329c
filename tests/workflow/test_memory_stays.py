"""Nothing of ``.kamxl`` leaves: by no template, nothing typed, and no file given by hand."""

import base64
import codecs
import email
import hashlib
import html
import json
import os
import quopri
import shutil
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from email.message import EmailMessage
from itertools import chain, product
from pathlib import Path

import pytest

from kamxl.core.cards.naming import Names
from kamxl.core.finding import Finding
from kamxl.errors import TemplateError
from kamxl.store import memory
from kamxl.store.kept import KeptFile
from kamxl.wording.texts import languages, texts
from kamxl.workflow.guard.check_leaks import check_leaks
from kamxl.workflow.lettering.passages import Memory, line_of
from kamxl.workflow.lettering.secrets import Splinters
from kamxl.workflow.lettering.sources import Memories
from kamxl.workflow.outgoing.issue import issue
from kamxl.workflow.outgoing.writing import remind
from kamxl.workflow.start.identity import opened
from tests.workflow.making import NOW, Team, hashes, new_team, register
from tests.workflow.test_leaks import everything

KEY = hashlib.sha256(b"of nobody").digest()
HEX = KEY.hex()


def some(size: int, seed: bytes = b"") -> bytes:
    """Bytes of no meaning, the same ones each time."""
    return hashlib.shake_256(seed).digest(size)


WRITTEN: dict[str, str] = {
    "as it is": HEX,
    "in capitals": HEX.upper(),
    "mixed": "".join(c.upper() if n % 2 else c for n, c in enumerate(HEX)),
    "in groups": " ".join(HEX[n : n + 4] for n in range(0, 64, 4)),
    "with colons": ":".join(HEX[n : n + 2] for n in range(0, 64, 2)),
    "as bytes": "".join(f"\\x{HEX[n : n + 2]}" for n in range(0, 64, 2)),
    "as C": ", ".join(f"0x{HEX[n : n + 2]}" for n in range(0, 64, 2)),
    "as an address": "".join(f"%{HEX[n : n + 2]}" for n in range(0, 64, 2)),
    "in lines": "=\n".join(HEX[n : n + 10] for n in range(0, 64, 10)),
    "with letters nobody sees": "\u200b".join(HEX),
    "with soft hyphens": "\u00ad".join(HEX),
    "between tags": "</b><b>".join(HEX[n : n + 8] for n in range(0, 64, 8)),
    "as references": "".join(f"&#{ord(c)};" for c in HEX),
    "full width": "".join(chr(ord(c) + 0xFEE0) for c in HEX),
    "base64": base64.b64encode(KEY).decode(),
    "base64 for addresses": base64.urlsafe_b64encode(KEY).decode(),
    "base64 within more": base64.b64encode(b"key=" + KEY + b"!").decode(),
    "base64 of digits": base64.b64encode(HEX.encode()).decode(),
    "base64 in lines": base64.encodebytes(b"x" * 70 + HEX.encode()).decode(),
    "a record": json.dumps({"id": "x", "key": HEX}),
    "backwards": HEX[::-1],
    "base64 backwards": base64.b64encode(KEY).decode()[::-1],
    "half an alphabet on": codecs.encode(HEX, "rot13"),
    "base64, half an alphabet on": codecs.encode(base64.b64encode(HEX.encode()).decode(), "rot13"),
    "digits of digits": HEX.encode().hex(),
    "digits as an address": "".join(f"%{ord(c):02x}" for c in HEX),
    "references of references": "".join(f"&amp;#{ord(c)};" for c in HEX),
    "in two pieces": f"Kunde {HEX[:32]} Ansprechpartner der Firma {HEX[32:]}",
    "in pieces": " gerne ".join(HEX[n : n + 8] for n in range(0, 64, 8)),
    "in numbered pieces": "\n".join(f"{n}. {HEX[n : n + 8]}" for n in range(0, 64, 8)),
    "in variables": "".join(f"{{% set a{n} = '{HEX[n : n + 8]}' %}}" for n in range(0, 64, 8)),
    "in attributes": "".join(f'<a title="{HEX[n : n + 8]}">x</a>' for n in range(0, 64, 8)),
    "in a picture": f"<img src='data:;base64,{base64.b64encode(b'xy' * 50 + KEY).decode()}'>",
    "mathematical": "".join(chr(0x1D7CE + int(c)) if c.isdigit() else c for c in HEX),
}
HARMLESS = [
    "",
    "Sehr geehrte Frau Keller, bitte bewerten Sie uns bis zum 1. März 2026.",
    some(32).hex(),
    base64.b64encode(some(900)).decode(),
    HEX[:16] + " " + HEX[48:],
    HEX[20:28],  # so few digits may stand anywhere
    "".join(chr(n) for n in range(32, 0x3000)),
    f"<img src='data:image/png;base64,{base64.b64encode(some(300_000)).decode()}'>",
    " ".join(map(str, range(3000))),
]


@pytest.mark.parametrize("how", WRITTEN)
def test_a_key_is_known_however_it_is_written(how: str) -> None:
    known = Splinters.of([some(32), KEY])
    assert known.are_in(f"Guten Tag,\n{WRITTEN[how]}\nGruß")


@pytest.mark.parametrize("text", HARMLESS)
def test_nothing_else_is_a_key(text: str) -> None:
    assert not Splinters.of([KEY, some(16, b"2")]).are_in(text)
    assert not Splinters.of([]).are_in(HEX)


def least() -> Iterator[str]:
    """Just as much of a key as is known where it is packed, and less: at each place of a group."""
    for begin, size, before, half in product(range(8, 18), (5, 6, 7, 8), range(3), (False, True)):
        digits = some(before + 3).hex() + half * "f" + HEX[2 * begin : 2 * (begin + size)]
        part = bytes.fromhex(digits + (half + 2) * "f")
        yield base64.urlsafe_b64encode(part).decode()
        yield base64.b64encode(digits.encode()).decode()
        yield " ".join(digits.encode().hex())


def test_hints_spare_looking_and_nothing_else() -> None:
    known = Splinters.of([some(32), KEY])
    slow = replace(known, hints=(b"",))  # stands in everything: every run is looked for
    blind = [replace(known, hints=()), replace(known, packed=())]
    texts_ = [*least(), *WRITTEN.values(), *HARMLESS[:-2]]
    found = [slow.are_in(text) for text in texts_]
    assert found == [known.are_in(text) for text in texts_]
    assert {True, False} == set(found[: -len(WRITTEN) - len(HARMLESS)])
    for one in blind:  # each of the two is needed
        assert found != [one.are_in(text) for text in texts_]


def test_splinters_are_no_key() -> None:
    known = Splinters.of([KEY])
    held = b" ".join((*chain.from_iterable(known.pieces), *known.runs)).decode()
    assert any(HEX[n : n + 7] in held for n in range(16, 42))
    assert not any(HEX[n : n + 7] in held for n in (*range(16), *range(42, 58)))
    assert known.are_in_bytes(b"x" + KEY)
    assert HEX not in repr(known)


# --- passages ------------------------------------------------------------------------------------

LABEL = "Wie zufrieden sind Sie mit der Erreichbarkeit unserer Ansprechpartner am Wochenende?"
RECORD = json.dumps(
    {"account": "ALPHA", "company": "Muster", "label": LABEL, "due": None},
    indent=1,
)


@pytest.mark.parametrize(
    "told",
    [RECORD, RECORD.replace("\n", "\r\n"), RECORD.replace(" ", ""), RECORD[5:110],
     "\u200b".join(RECORD), f"Hallo {RECORD} Gruß"],
)  # fmt: skip
def test_a_copy_is_known_however_it_is_wrapped(told: str) -> None:
    (found,) = Memory.of(["other", RECORD]).passages(told)
    assert not found.typed


@pytest.mark.parametrize(
    "told",
    [RECORD, RECORD[::-1], codecs.encode(RECORD, "rot13"), html.escape(html.escape(RECORD)),
     base64.b64encode(RECORD.encode()).decode(), base64.encodebytes(RECORD.encode()).decode(),
     f"<img src='data:;base64,{base64.b64encode(RECORD.encode()).decode()}'>",
     RECORD.encode().hex(),
     "=\n".join(RECORD.encode().hex()[n : n + 60] for n in range(0, 400, 60))],
)  # fmt: skip
def test_a_copy_is_known_however_it_is_disguised(told: str) -> None:
    known = Memories.of([KeptFile(".kamxl/issued/1.json", RECORD, (0, 0))], (KEY,))
    found = known.passages(f"{{# {told} #}}Guten Tag")
    assert False in [one.typed for one in found]
    assert known.passages(f"Guten Tag {base64.b64encode(some(90_000)).decode()}") == ()


def test_what_is_alike_by_chance_is_no_passage() -> None:
    known = Memory.of([RECORD, "-" * 500, json.dumps({"number": 2, "noted": "2026-01-01"})])
    assert known.passages("-" * 400_000) == ()
    assert known.passages(RECORD[:60]) == ()
    (typed,) = known.passages(f"Guten Tag, {LABEL}")
    assert typed.typed
    assert len(known.passages('{"number": 2,\n"noted": "2026-01-01"}')) == 1  # a short file, whole
    assert line_of(f"Hallo\n\n{RECORD}", known.passages(RECORD)[0].run) == 3


@pytest.mark.parametrize(
    "text",
    ["@" * 200_000, "x" * 200_000 + "@", "a@" * 100_000, "<" * 200_000,
     "&#" + "9" * 200_000,
     "&#" + "0" * 200_000 + "97;", " " * 200_000, "=\n" * 100_000],
    ids=lambda text: f"{text[:3]!a}...",
)  # fmt: skip
def test_a_long_line_is_looked_through_once(text: str) -> None:
    """What tries each place anew would be at it for hours."""
    memories = Memories.of([KeptFile(".kamxl/issued/1.json", RECORD, (0, 0))], (KEY,))
    assert memories.passages(text) == ()
    assert not Splinters.of([KEY]).are_in(text)
    assert Names(register(), frozenset()).met(text) == ()


def test_an_address_is_known_in_a_sentence() -> None:
    address = register().contacts[0].email
    known = Names(register(), frozenset())
    for text in (address, f"an {address}.", f"<{address}>", f"({address.upper()};x@y)"):
        assert [one.shown for one in known.met(text)] == [address]
    assert known.met(f"x{address}") == ()


# --- templates -----------------------------------------------------------------------------------


def own(team: Team, text: str, name: str = "invitation.txt", language: str = "de") -> Path:
    path = team.root / "templates" / "mail" / language / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def linked(team: Team, name: str) -> None:
    path = own(team, "")
    path.unlink()
    try:
        os.link(team.root / ".kamxl" / name, path)
    except OSError as problem:
        pytest.skip(f"no such links here: {problem}")


def record_of(team: Team, account: str) -> Path:
    found = memory.load(team.workspace).orders
    digest = next(d for d, order in found.items() if order.account == account)
    return team.root / ".kamxl" / "issued" / f"{digest}.json"


WAYS: dict[str, Callable[[Team], object]] = {
    "the key, typed": lambda team: own(team, f"Hallo\n{team.workspace.key.hex()}"),
    "the key, hidden": lambda team: own(team, "{# " + team.workspace.key.hex() + " #}Hallo"),
    "the key, in parts": lambda team: own(
        team, "{{ '" + "' ~ '".join((team.workspace.key.hex()[:20],
        team.workspace.key.hex()[20:])) + "' }}"),
    "the key, included": lambda team: (
        own(team, "{% include 'k.txt' %}"), own(team, team.workspace.key.hex(), "k.txt")),
    "the identity, linked": lambda team: linked(team, "workspace.json"),
    "the identity, copied": lambda team: shutil.copy(
        team.root / ".kamxl" / "workspace.json", own(team, "")),
    "a record, copied": lambda team: shutil.copy(record_of(team, "GAMMA"), own(team, "")),
    "a record, in a text": lambda team: own(
        team, "Hallo\n" + record_of(team, "GAMMA").read_text(encoding="utf-8")[40:200]),
    "the identity, packed": lambda team: own(team, "{# " + base64.b64encode(
        (team.root / ".kamxl" / "workspace.json").read_bytes()).decode() + " #}Hallo"),
    "a record, backwards": lambda team: own(
        team, "{# " + record_of(team, "GAMMA").read_text(encoding="utf-8")[::-1] + " #}Hallo"),
    "a record, packed": lambda team: own(team, "Hallo " + base64.b64encode(
        record_of(team, "GAMMA").read_bytes()).decode()),
    "the log, copied": lambda team: shutil.copy(
        team.root / ".kamxl" / "issued" / "log", own(team, "")),
}  # fmt: skip


@pytest.mark.proof
@pytest.mark.parametrize("way", WAYS)
def test_a_template_that_repeats_the_memory_goes_to_nobody(team: Team, way: str) -> None:
    WAYS[way](team)
    before = hashes(team.root, ".")
    with pytest.raises(TemplateError) as caught:
        issue(team.root, now=NOW)
    assert caught.value.code == "template-secret"
    assert team.workspace.key.hex()[:20] not in caught.value.said()
    assert hashes(team.root, ".") == before


@pytest.mark.proof
def test_a_key_of_before_is_one_too(team: Team) -> None:
    old = team.workspace.key
    opened(team.root).rotate(some(32), date(2026, 5, 1))
    own(team, base64.b64encode(old).decode())
    with pytest.raises(TemplateError, match="a key of this workspace"):
        issue(team.root, now=NOW)


@pytest.mark.proof
def test_a_key_that_a_template_puts_together_is_seen_in_the_mail(team: Team) -> None:
    digits = team.workspace.key.hex()
    own(team, "{{ '" + "0".join(digits) + "'[::2] }}", "reminder.txt")
    result = remind(team.root)
    german = {mail.state: mail.findings for mail in result.mails}
    assert {f.code for f in german["skipped"]} == {"leak-key"}


@pytest.mark.proof
def test_a_long_text_of_one_customer_goes_to_her_alone(tmp_path: Path) -> None:
    made = register()
    segments = (replace(s, feedback=LABEL if s.account == "ALPHA" else "") for s in made.segments)
    team = new_team(tmp_path / "w", replace(made, segments=tuple(segments)))
    issue(team.root, now=NOW)
    for language in ("de", "en"):  # ALPHA is written to in German, GAMMA in English
        own(team, f"Guten Tag,\n\n{LABEL}\n", "reminder.txt", language)
    result = remind(team.root)
    states = {mail.account: mail for mail in result.mails}
    assert states["ALPHA"].state == "new"
    (found,) = states["GAMMA"].findings
    assert (found.code, dict(found.details)["line"]) == ("leak-memory", 3)
    for language in languages():
        assert "reminder.txt" in texts(language).sentence(found)


@pytest.mark.proof
def test_ordinary_templates_of_a_team_go_out_as_before(tmp_path: Path) -> None:
    """Its own long texts, its customer's names, its signature, a picture; twice, after sending."""
    team = new_team(tmp_path / "w")
    long = "Ihre Meinung ist uns wichtig, bitte bewerten Sie auch in diesem Jahr unsere Leistungen "
    own(team, long + "{{ letter.period }}", "invitation.subject.txt")
    signed = register().settings.signature
    own(team, f"{long * 5}\n{{{{ letter.salutation }}}},\n{signed}\n\n" + "-" * 80)
    picture = base64.b64encode(some(60_000)).decode()
    own(team, f'<p style="font-family: &quot;Segoe UI&quot;">{long}</p>'
              f'<img src="data:image/png;base64,{picture}">', "invitation.html")  # fmt: skip
    first = issue(team.root, now=NOW)
    assert {card.state for card in first.issued} == {"new"}
    assert all(not card.findings for card in first.issued)
    sent = team.root / ".kamxl" / "sent"
    sent.mkdir()
    for number, mail in enumerate(first.outgoing):
        record = json.dumps({"subject": mail.subject, "to": mail.recipient}, indent=1)
        (sent / f"{number}.json").write_text(record, encoding="utf-8")
    own(team, first.outgoing[0].subject, "reminder.subject.txt")
    assert {mail.state for mail in remind(team.root).mails} == {"new"}


# --- what is typed -------------------------------------------------------------------------------


@pytest.mark.proof
def test_a_key_in_the_register_holds_back_its_cards(team: Team) -> None:
    digits = team.workspace.key.hex()
    made = register()
    segments = tuple(
        replace(s, feedback=f"Kennwort: {digits}") if s.account == "ALPHA" else s
        for s in made.segments
    )
    (team.root / "Register.xlsx").write_bytes(drawn(replace(made, segments=segments)))
    result = issue(team.root, period="2027", now=NOW)
    states = {(card.account, card.state) for card in result.issued}
    assert states >= {("ALPHA", "skipped"), ("BETA", "new"), ("GAMMA", "new")}
    found: set[Finding] = {f for card in result.issued for f in card.findings}
    assert {f.code for f in found} == {"leak-key"}
    assert digits not in repr(found)
    for path in (team.root / "outbox" / "2027").iterdir():
        assert digits not in everything(path.read_bytes()), path


@pytest.mark.proof
def test_a_key_in_a_name_is_on_no_list(team: Team) -> None:
    digits = team.workspace.key.hex()
    made = register()
    contacts = tuple(
        replace(c, name=digits[:40] + " " + digits[40:]) if c.account == "ALPHA" else c
        for c in made.contacts
    )
    (team.root / "Register.xlsx").write_bytes(drawn(replace(made, contacts=contacts)))
    issue(team.root, period="2027", now=NOW)
    files = list((team.root / "outbox" / "2027").iterdir())
    assert any("GAMMA" in path.name for path in files)
    assert any("--" not in path.name for path in files), "the list of recipients is there"
    for path in files:
        assert digits[:40] not in everything(path.read_bytes()), path


@pytest.mark.proof
def test_a_key_in_the_signature_holds_back_the_mails(tmp_path: Path) -> None:
    team = new_team(tmp_path / "w")
    made = register(signature=f"Gruß {team.workspace.key.hex()}")
    (team.root / "Register.xlsx").write_bytes(drawn(made))
    assert not issue(team.root, now=NOW).outgoing


def drawn(made: object) -> bytes:
    from tests.workflow.making import drawn_register

    return drawn_register(made)  # type: ignore[no-any-return, arg-type]


# --- files given by hand -------------------------------------------------------------------------


def written(team: Team, name: str, data: bytes) -> Path:
    path = team.root / "outbox" / name
    path.write_bytes(data)
    return path


def mail_with(text: str, html: str = "", attached: bytes = b"") -> bytes:
    message = EmailMessage()
    message["Subject"], message["To"] = "Ihre Bewertung", "a@alpha.example"
    message.set_content(text, cte="quoted-printable")
    if html:
        message.add_alternative(html, subtype="html")
    if attached:
        message.add_attachment(attached, "application", "octet-stream", filename="a.bin")
    return message.as_bytes()


@pytest.mark.proof
def test_what_is_given_by_hand_holds_no_key_and_no_record(team: Team, tmp_path: Path) -> None:
    digits = team.workspace.key.hex()
    record = record_of(team, "GAMMA").read_bytes()
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("x.json", (team.root / ".kamxl" / "workspace.json").read_bytes())
    bad = {
        "t.txt": f"Der Schlüssel: {digits.upper()}".encode(),
        "u.txt": digits.encode("utf-16"),
        "b.bin": b"\x00\x01" + team.workspace.key + b"\x02",
        "m.eml": mail_with("Hallo " + "\u200b".join(digits)),
        "q.eml": mail_with("Hallo " + "x" * 50 + digits),
        "h.eml": mail_with("Hallo", "<p>" + "</i><i>".join(digits) + "</p>"),
        "s.eml": mail_with("Hallo", attached=base64.b64encode(team.workspace.key)),
        "z.zip": archive.read_bytes(),
        "r.eml": mail_with("Hallo", attached=record),
        "r.txt": record,
    }
    paths = [written(team, name, data) for name, data in bad.items()]
    codes = {
        Path(file.path).name: {f.code for f in file.findings}
        for file in check_leaks(paths, team.root).files
    }
    assert {name for name, found in codes.items() if "leak-key" in found} == bad.keys() - {
        "r.eml", "r.txt",
    }  # fmt: skip
    assert "leak-memory" in codes["r.txt"] & codes["r.eml"]
    assert quopri.decodestring(bad["q.eml"]) != bad["q.eml"]  # its lines are broken


@pytest.mark.proof
def test_what_kamxl_writes_itself_is_found_fault_with_by_nobody(team: Team) -> None:
    files = [p for p in (team.root / "outbox").rglob("*--*") if p.suffix in (".xlsx", ".eml")]
    assert any(email.message_from_bytes(p.read_bytes()) for p in files)
    assert [file.findings for file in check_leaks(files, team.root).files if file.findings] == []
