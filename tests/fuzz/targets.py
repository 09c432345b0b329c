"""What is fuzzed: functions over bytes that say what came out and fail if that may not be.

Each gives a short word for the outcome ("read", "unreadable: crc"), so that inputs can be told
apart by it. A function knows nothing of who made its input: a fuzzer, the kept corpus, a person.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from unittest import mock

from kamxl.core.finding import Fate, Severity
from kamxl.core.records.register import Answers
from kamxl.errors import DEBUG
from kamxl.excel.reading import sniff
from kamxl.excel.reading.book import read
from kamxl.excel.reading.others import read_other
from kamxl.forms.paper.raw import RawBook
from kamxl.mail.eml import open_eml
from kamxl.mail.msg import open_msg
from kamxl.mail.opening import (
    ASIDE,
    LARGEST,
    MAILBOX,
    MEMBERS,
    UNPACKED,
    Budget,
    CannotOpen,
    Opened,
)
from kamxl.mail.packed import open_bzip2, open_gzip, open_tar, open_xz
from kamxl.mail.signed import open_signed
from kamxl.mail.zipped import open_zip
from kamxl.store.inbox import entry_of
from kamxl.wording.texts import languages, texts
from kamxl.workflow.files import containers as unpacking
from kamxl.workflow.incoming import judge as judging
from tests.fuzz import (
    answers,
    beside,
    containers,
    held,
    others,
    ours,
    templates,
    typed,
    workbooks,
    wrapped,
)
from tests.hostile import workbooks as hostile

_REASONS = {"damaged", "too-large", "document", "deep", "password", "encrypted", "aside"}
_OPEN: dict[str, Callable[[bytes, Budget], Opened]] = {
    "eml": open_eml,
    "zip": open_zip,
    "msg": open_msg,
    "cms": open_signed,
    "tar": open_tar,
    "gzip": open_gzip,
    "bzip2": open_bzip2,
    "xz": open_xz,
}
# A signature's lengths are held against its bytes by looking there.
_MEANT: dict[str, tuple[type[Exception], ...]] = {"cms": (IndexError, ValueError)}


@dataclass(frozen=True)
class Target:
    """A function to fuzz, the inputs it begins with, words worth trying, its longest input."""

    run: Callable[[bytes], str]
    seeds: Callable[[], tuple[bytes, ...]]
    words: tuple[str, ...]
    longest: int


def files(data: bytes) -> str:
    """A file as it comes: what it is, and whether the reader takes it."""
    kind = sniff.kind_of(data)
    if kind == "unknown":
        held.no_mistake_of_ours(lambda: sniff._kind_of(data))
    return f"{kind}, {held.twice(lambda: read(data))}"


def parts(data: bytes) -> str:
    """A sound zip with any content: the reader itself, past all checksums."""
    made = workbooks.workbook(data)
    outcome = held.twice(lambda: read(made))
    # "damaged" is what none of our checks said: in a sound zip, nothing of that kind is left.
    assert outcome != "unreadable: damaged"
    return outcome


def noted(data: bytes) -> str:
    """Anything in the notes, threads and text boxes: the cells beside them read as ever."""
    made = beside.workbook(data)
    outcome = held.twice(lambda: read(made))
    if outcome == "unreadable: dtd":  # an entity may stand for anything: that is no note
        return outcome
    assert outcome == "read", outcome
    found = read(made)
    assert [sheet.cells for sheet in found.sheets] == beside.cells()
    kinds = {("box" if one.box else "note") for sheet in found.sheets for one in sheet.notes}
    return ", ".join(("read", *sorted(kinds), *sorted(found.flags)))


def foreign(data: bytes) -> str:
    """An .ods, .xls or .xlsb that is sound outside, with any content."""
    kind, made = others.workbook(data)
    outcome = held.twice(lambda: read_other(made, kind))
    assert outcome != "unreadable: damaged"  # the container is not, and nothing else is called so
    return f"{kind}, {outcome}"


def judged(data: bytes) -> str:
    """A whole judgement of an answered card or plan, with a workspace and without."""
    base = answers.answered(data)
    fates = []
    for known in (None, *base.known):
        found = _judged(base.book, known)
        assert known or _judged(base.book, known) == found, "the second judgement is another"
        for one in found.findings:
            for language in languages():
                assert texts(language).sentence(one)
        wrong = [one.code for one in found.findings if one.severity is Severity.ERROR]
        assert found.fate is not Fate.ACCEPTED or not wrong, wrong
        if found.answers is not None:
            _within(found.answers)
        fates.append(f"{found.kind} {found.fate}")
        fates += sorted({one.code for one in found.findings})
    return ", ".join(fates)


def _judged(book: RawBook, known: judging.Known | None) -> judging.Judged:
    with (
        mock.patch.dict(os.environ, {DEBUG: "1"}),  # our own mistakes are raised
        mock.patch.object(judging, "read", return_value=book),
    ):
        return judging.judge(entry_of("inbox/a.xlsx", b"", None), known)


def _within(said: Answers) -> None:
    """No number outside of what a card asks for."""
    card = said.scorecard
    numbers = [r.weight for r in card.requirements]
    numbers += [rating for by in card.ratings.values() for rating in by.values()]
    numbers += [wish.importance for wish in said.wishes]
    numbers += [effort.rating for effort in said.efforts]
    assert all(n is None or 0 <= n <= 100 for n in numbers), numbers


def mails(data: bytes) -> str:
    """A mail or a zip: what is in it can be shown, and is no more than may be."""
    kind, content = containers.container(data)
    return _container(kind, f"inbox/a.{kind}", content)


def packed(data: bytes) -> str:
    """The same of signatures, mailboxes, tapes and streams."""
    kind, path, content = wrapped.container(data)
    return _container(kind, path, content)


def _container(kind: str, path: str, content: bytes) -> str:
    entries = _unpacked(path, content)
    first, second = (_opened(kind, content) for _ in range(2))
    assert first == second, "the second opening is another"
    if isinstance(first, str):
        assert first in _REASONS, first
        return f"{kind}: {first}, {entries}"
    assert len(first.members) <= MEMBERS * MAILBOX + ASIDE
    assert sum(len(member.data or b"") for member in first.members) <= UNPACKED
    for member in first.members:
        assert (member.data is None) != (member.reason is None)
        assert len(member.data or b"") <= LARGEST
        held.showable(member.name)
        assert member.name or len(first.members) == 1  # as the file around it
        assert ".." not in member.name.split("/")
    if first.postmark is not None:
        for text in (first.postmark.subject, first.postmark.name, first.postmark.address):
            held.showable(text)
        assert first.postmark.date is None or first.postmark.date.tzinfo
    seen = sorted({member.reason or "whole" for member in first.members})
    return f"{kind}: {', '.join(seen)}, {entries}"


def _unpacked(path: str, content: bytes) -> str:
    """What becomes of a file with all that is in it, and in what is in that."""
    with mock.patch.dict(os.environ, {DEBUG: "1"}):
        entry = entry_of(path, content, None)
        found = unpacking.taken_apart(entry) or [entry]
    assert found, "a file vanished"
    paths = [entry.path for entry in found if entry.data is not None]
    assert len(set(paths)) == len(paths), "two files of one name"
    for entry in found:
        assert (entry.data is None) == (entry.reason is not None)
        held.showable(entry.path)
    return " ".join(sorted({entry.reason or "file" for entry in found}))


def _opened(kind: str, content: bytes) -> Opened | str:
    try:
        return _OPEN[kind](content, Budget())
    except CannotOpen as refused:
        if refused.__cause__ is not None:
            held.library(refused.__cause__, *_MEANT.get(kind, ()))
        return refused.reason


def _file_seeds() -> tuple[bytes, ...]:
    small = {hostile.STYLES: None, hostile.CORE: None, hostile.STRINGS: None}
    links = hostile.links(hostile.link("rId1", "worksheet", "worksheets/sheet1.xml"))
    sheet = hostile.sheet('<row r="1"><c r="A1"><v>1</v></c></row>')
    book = hostile.workbook({**small, hostile.LINKS: links, hostile.SHEET: sheet})
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(128, b"\0")
    streams = ("Workbook", "EncryptedPackage", "WordDocument")
    heads = (b"%PDF-1.7", b"\x89PNG\r\n\x1a\n", b"BM1234\0\0\0\0", b"RIFF1234WEBP", b"1234ftypheic")
    marks = (b"<html><body>", b"<?xml version='1.0'?><!-- a --><table>", b"From: a\nTo: b\n\nc")
    wide = "a;b\n1;2".encode("utf-16")
    ods = hostile.raw_zip(
        [hostile.Entry("mimetype", b"application/vnd.oasis.opendocument.spreadsheet", 0)]
    )
    return (
        book,
        ods,
        hostile.raw_zip([hostile.Entry("a.txt", b"a")]),
        hostile.raw_zip([hostile.Entry("xl/workbook.bin", b"a", 0)]),
        *(ole + (name + "\0").encode("utf-16-le") for name in streams),
        *heads,
        *marks,
        wide,
        b"\0" * 20,
    )


_FILE_WORDS = (
    "PK\x01\x02", "PK\x03\x04", "PK\x05\x06", "[Content_Types].xml", "xl/workbook.xml", "mimetype",
    "xl/workbook.bin", "%PDF-", "<html", "<!doctype ", "<?xml ", "<!--", "-->", "From: a\n",
    "To: b\n", "urn:schemas-microsoft-com:office:spreadsheet", "office:document",
    "urn:oasis:names:tc:opendocument", "word/document", "\x00\x08", "\xef\xbb\xbf",
)  # fmt: skip

TARGETS: dict[str, Target] = {
    "files": Target(files, _file_seeds, _FILE_WORDS, 4_000),
    "parts": Target(parts, lambda: workbooks.SEEDS, workbooks.WORDS, 1_500),
    "notes": Target(noted, lambda: beside.SEEDS, beside.WORDS, 1_500),
    "foreign": Target(foreign, lambda: others.SEEDS, others.WORDS, 2_000),
    "judged": Target(judged, lambda: answers.SEEDS, answers.WORDS, 600),
    "ours": Target(ours.read_back, lambda: ours.SEEDS, ours.WORDS, 600),
    "typed": Target(typed.understood, lambda: typed.SEEDS, typed.WORDS, 200),
    "templates": Target(templates.filled_in, lambda: templates.SEEDS, templates.WORDS, 600),
    "mails": Target(mails, containers.seeds, containers.WORDS, 2_000),
    "packed": Target(packed, wrapped.seeds, wrapped.WORDS, 2_000),
}
