"""A mail put together by hand is, byte for byte, the library's: that one is the oracle."""

from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes
from email.policy import default

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kamxl.mail import message, proof
from kamxl.mail.message import Draft, Person, by_library, clean, draft
from kamxl.mail.proof import doubt

BASE = Draft(
    "Ihre Einschätzung: Verpackungslinien",
    "Sehr geehrte Frau Köhler,\n\nwir bitten Sie um Ihre Einschätzung.\n",
    "<p>Sehr geehrte Frau Köhler</p>\n",
    Person("Anke Petersen", "anke.petersen@nord.example"),
    Person("Jana Köhler", "jana@heller.example"),
    (("NORD--PACK--K1.xlsx", b"PK\3\4" * 500),),
    cards=("a" * 32,),
)
NAMES = [
    "", "Anke Petersen", "Dr. Anke Petersen", "Köhler, Jana", 'Jo "Joe" Doe', "O'Neil", "李小龍",
    "Anna-Lena Groß", "x" * 90, "Ä" * 60, "=?utf-8?q?x?=", "a\r\nBcc: b@c.example", "A (B) C", "@",
    "Kunde 00001 GmbH & Co", "trailing ", "tab\there", "ä b", "\N{NO-BREAK SPACE}x",
    "Ä <x@y.example>",
]  # fmt: skip
ADDRESSES = [
    "a@b.example", "a.b+c_d-e@sub.b.example", "jürgen@bücher.example", "x@bücher.example",
    "o'neil@b.example", '"a b"@b.example', "a" * 64 + "@" + "b" * 60 + ".example", "a@localhost",
    "a%b@c.example", "a!b@c.example",
]  # fmt: skip
SUBJECTS = [
    "Plain", "Your view: packaging lines, 2026-H2", "x" * 200, "word " * 40, "Über " * 30, "", " ",
    "Ihre Einschätzung", "=?utf-8?q?x?=", "a\nb", ":", "(comment)", "Ünïcödé 中文", '"quoted"',
    "#1",
]  # fmt: skip


def made(given_: Draft, how: object) -> bytes | str:
    try:
        return how(given_)  # type: ignore[operator]
    except ValueError as problem:
        return str(problem)


def alike(given_: Draft) -> None:
    assert made(given_, draft) == made(given_, by_library)


@pytest.mark.parametrize("name", NAMES)
def test_names(name: str) -> None:
    alike(replace(BASE, recipient=Person(name, "a@b.example"), sender=Person(name, "c@d.example")))


@pytest.mark.parametrize(
    "address", [*ADDRESSES, "", "no address", "a@", "@b", "a..b@c.example", "a@b..c"]
)
def test_addresses(address: str) -> None:
    for name in ("", "Anke Petersen", "Anke Köhler"):
        alike(replace(BASE, recipient=Person(name, address), reply_to=address))


@pytest.mark.parametrize("subject", SUBJECTS)
def test_subjects(subject: str) -> None:
    alike(replace(BASE, subject=subject))


@pytest.mark.parametrize(
    "text", ["", "\n", "plain", "plain\n", "ä\n", "x" * 300 + "\n", "Grüße " * 200, "a\r\nb\rc\n",
             "\0", "中文" * 100, " trailing \n", "--=_kamxl_0\n", "\N{LINE SEPARATOR}x", ".\n.\n",
             "From here\n", "\ud800"]
)  # fmt: skip
def test_texts(text: str) -> None:
    for one in (replace(BASE, text=text), replace(BASE, html=text)):
        try:
            expected = by_library(one)
        except UnicodeError as problem:
            with pytest.raises(type(problem)):
                draft(one)
            continue
        assert draft(one) == expected


@pytest.mark.parametrize("name", ["a.xlsx", "x" * 55 + ".xlsx", "ä.xlsx", "a b.xlsx", 'a".xlsx'])
@pytest.mark.parametrize("size", [0, 1, 56, 57, 58, 5_000])
def test_files(name: str, size: int) -> None:
    alike(replace(BASE, workbooks=((name, b"\xff" * size), ("b.xlsx", b"more"))))
    alike(replace(BASE, workbooks=()))
    alike(replace(BASE, pictures=(("result@kamxl", b"PNG" * 40),)))


def test_cards_and_senders() -> None:
    for cards in ((), ("a" * 32,), ("a" * 32, "b" * 32), ("a" * 32,) * 5):
        alike(replace(BASE, cards=cards, sender=None))


LETTERS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=90)


@settings(max_examples=60)
@given(LETTERS, LETTERS, LETTERS, st.sampled_from(ADDRESSES))
def test_anything(subject: str, name: str, text: str, address: str) -> None:
    who = Person(name, address)
    alike(replace(BASE, subject=subject, recipient=who, text=text, html=text[::-1]))


def test_the_usual_goes_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_: Draft) -> bytes:
        raise AssertionError("the library was asked")

    monkeypatch.setattr(message, "by_library", refused)
    assert clean(BASE.subject).encode("ascii", "ignore")[:4] in draft(BASE)


@pytest.mark.parametrize(
    "name",
    [
        "Purchasing, " + "materials " * 8 + "a@other.example, Anna",
        "x" * 80 + " Bcc: b@other.example " + "x" * 80,
        "Einkauf; " * 12,
        "Nord (Werk 2), <c@other.example> " * 3,
        '"Joe" ' * 20,
    ],
)
def test_a_long_name_names_no_other_recipient(name: str) -> None:
    """Where the library folds a name in quotes, it forgets them."""
    whom = Person(name, "a@b.example")
    one = replace(BASE, recipient=whom, sender=whom)
    alike(one)
    read = message_from_bytes(draft(one), policy=default)
    for header in ("To", "From"):
        (found,) = read[header].addresses
        assert found.addr_spec == "a@b.example"
    assert doubt(draft(one), one) is None
    anke = Person("Anke, b@other.example", BASE.recipient.address)
    unquoted = draft(BASE).replace(b"Anke Petersen <", b"Anke, b@other.example <")
    assert doubt(unquoted, replace(BASE, recipient=anke)) is not None


def test_what_a_header_says_is_compared_letter_by_letter_or_at_once() -> None:
    """The slow way is the oracle: what counts of a text is neither space nor control character."""
    for letter in map(chr, range(0x3001)):  # the last of them is a space
        text = f"a {letter} b"
        slow = [c for c in text if not c.isspace() and not proof._is_control(c)]
        assert proof._bare(text) == "".join(slow), hex(ord(letter))
    assert proof._bare("Dr. Ü\u2028 x\t\u00a0y z") == "Dr.Üxyz"
