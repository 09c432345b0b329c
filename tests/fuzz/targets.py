"""What is fuzzed: functions over bytes that say what came out and fail if that may not be.

Each gives a short word for the outcome ("read", "unreadable: crc"), so that inputs can be told
apart by it. A function knows nothing of who made its input: a fuzzer, the kept corpus, a person.
"""

from __future__ import annotations

import math
import os
import struct
import traceback
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from unittest import mock
from xml.parsers.expat import ExpatError

import kamxl
from kamxl.core.finding import Fate, Severity
from kamxl.core.records.register import Answers
from kamxl.errors import DEBUG
from kamxl.excel.reading import sniff
from kamxl.excel.reading.book import Refused, read
from kamxl.forms.paper.raw import RawBook, RawKind
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
from kamxl.mail.zipped import open_zip
from kamxl.store.inbox import entry_of
from kamxl.wording.texts import languages, texts
from kamxl.workflow.files import containers as unpacking
from kamxl.workflow.incoming import judge as judging
from tests.fuzz import answers, containers, workbooks
from tests.hostile import workbooks as hostile

_PACKAGE = str(Path(kamxl.__file__).parent)
_CODES = {
    "unreadable", "too-large", "password", "format-unsupported", "not-a-workbook", "rights-managed",
    "archive-unsupported", "cloud-link", "cloud-placeholder", "mail-encrypted",
}  # fmt: skip
_REASONS = {"damaged", "too-large", "document", "deep", "password", "encrypted", "aside"}
# What a library tells our code by raising, where our code is the last line of Python.
_TOLD = (ExpatError, UnicodeError, struct.error, zlib.error, Refused, CannotOpen)
_OPEN: dict[str, Callable[[bytes, Budget], Opened]] = {
    "eml": open_eml,
    "zip": open_zip,
    "msg": open_msg,
}


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
        _no_mistake_of_ours(lambda: sniff._kind_of(data))
    return f"{kind}, {_read(data)}"


def parts(data: bytes) -> str:
    """A sound zip with any content: the reader itself, past all checksums."""
    outcome = _read(workbooks.workbook(data))
    # "damaged" is what none of our checks said: in a sound zip, nothing of that kind is left.
    assert outcome != "unreadable: damaged"
    return outcome


def _read(data: bytes) -> str:
    first = _read_once(data)
    assert _read_once(data) == first, "the second reading is another"
    if isinstance(first, RawBook):
        _sound(first)
        return "read"
    assert first[0] in _CODES, first
    return ": ".join(first)


def _read_once(data: bytes) -> RawBook | tuple[str, str]:
    try:
        return read(data)
    except Refused as refused:
        problem = refused
    assert problem.__context__ is None, "the traceback keeps the whole file in memory"
    return problem.code, problem.reason


def _sound(book: RawBook) -> None:
    for sheet in book.sheets:
        assert sheet.title
        for place, cell in sheet.cells.items():
            assert min(place) >= 1
            assert (cell.number is not None) == (cell.kind is RawKind.NUMBER)
            assert cell.number is None or math.isfinite(cell.number)
            assert cell.text or cell.formula
            assert cell.number_format


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
    entries = _unpacked(f"inbox/a.{kind}", content)
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
        _showable(member.name)
        assert member.name or len(first.members) == 1  # as the file around it
        assert ".." not in member.name.split("/")
    if first.postmark is not None:
        for text in (first.postmark.subject, first.postmark.name, first.postmark.address):
            _showable(text)
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
        _showable(entry.path)
    return " ".join(sorted({entry.reason or "file" for entry in found}))


def _opened(kind: str, content: bytes) -> Opened | str:
    try:
        return _OPEN[kind](content, Budget())
    except CannotOpen as refused:
        if refused.__cause__ is not None:
            _library(refused.__cause__)
        return refused.reason


def _showable(text: str) -> None:
    assert not any(ord(c) < 32 for c in text)
    text.encode("utf-8")


def _no_mistake_of_ours(work: Callable[[], object]) -> None:
    try:
        work()
    except Exception as problem:
        _library(problem)


def _library(problem: BaseException) -> None:
    """A boundary may catch what libraries raise; what our own lines raise is a mistake of ours."""
    last = traceback.extract_tb(problem.__traceback__)[-1]
    if last.filename.startswith(_PACKAGE) and not isinstance(problem, _TOLD):
        raise AssertionError(f"a mistake of ours was caught: {problem!r}") from problem


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
    "judged": Target(judged, lambda: answers.SEEDS, answers.WORDS, 600),
    "mails": Target(mails, containers.seeds, containers.WORDS, 2_000),
}
