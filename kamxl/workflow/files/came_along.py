"""What a mail says about the file that came in it, and which files are only our own, come along.

Answers to mails carry the mail they answer, and servers send mails back: the card in there is the
one we sent. It is nobody's answer as long as nobody typed anything into it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import TypeVar

from kamxl.core.cards.persons import Addressee, Who, called, who
from kamxl.core.finding import Fate, finding
from kamxl.core.ids import same_id
from kamxl.core.records.dated import MAIL, Dated
from kamxl.core.records.register import FileResult, MailNote

File = TypeVar("File", bound=FileResult)
_Card = tuple[str, ...]
_Place = tuple[str, str]
# What is said of a card into which nobody typed anything.
_UNTOUCHED = frozenset(
    {
        "empty-card", "mail-other-address", "other-format", "signature-unchecked", "external-links",
        "macros-ignored",
    }
)  # fmt: skip


def with_mail(
    file: File,
    note: MailNote | None,
    now: Mapping[tuple[str, str], str] | None = None,
    ours: Collection[str] = (),
) -> File:
    """A file with the mail it came in: that date counts, and another sender is said.

    ``now``: the addresses of today by the (folded) ids of account and contact; a card that is out
    keeps the one it went to. ``ours``: the (folded) addresses from which the team writes.
    """
    if note is None:
        return file
    file = _mailed(file, note)
    if came_along(file, note):
        return _aside(file, "")
    if untouched(file) and note.address.casefold() in ours:
        return _aside(file, "own")
    findings, order = file.findings, file.order
    asked = order.respondent_email if order and not order.test else ""
    hers = {asked.casefold(), (now or {}).get(order.key.person, "") if order else ""}
    if asked and note.address and note.address.casefold() not in hers:
        other = finding("mail-other-address", value=note.address, issued_to=asked)
        findings = (*findings, other)
    return replace(file, findings=findings)


def _mailed(file: File, note: MailNote) -> File:
    if note.date is None:
        return replace(file, mail=note)
    dates = (Dated(MAIL, note.date), *file.dates)
    return replace(file, mail=note, saved=note.date, dates=dates)


def beside_answers(
    files: Iterable[File], copies: Mapping[str, Sequence[FileResult]] | None = None
) -> list[File]:
    """The files, of which an untouched card beside an answer to the same card is left alone.

    Beside is what came in the same mail or archive, or lies in the same folder, packed or not.
    ``copies``: the files that hold the same as one, by its path; it is in their places, too.
    """
    listed = list(files)

    def where(file: FileResult) -> set[tuple[_Place, _Card | None]]:
        all_of_it = (file, *(copies or {}).get(file.path, ()))
        return {(place, _card(file)) for one in all_of_it for place in _places(one)}

    answered = set().union(*(where(file) for file in listed if _says(file) and _card(file)))
    return [
        _aside(file, "beside")
        if untouched(file) and file.fate is Fate.ATTENTION and where(file) & answered
        else file
        for file in listed
    ]


def untouched(file: FileResult) -> bool:
    """Whether a file is a card as it went out, or was only opened and saved."""
    codes = {found.code for found in file.findings}
    return "empty-card" in codes and codes <= _UNTOUCHED and not _says(file) and _is_hers(file)


def came_along(file: FileResult, note: MailNote) -> bool:
    """Whether a file is what a server sent back of our own mail: nobody's answer."""
    if _says(file):
        return False  # a customer's own mail that did not reach us
    if file.fate is Fate.IGNORED or any(
        found.code == "mail-undelivered" for found in file.findings
    ):
        return False
    empty = any(found.code == "empty-card" for found in file.findings)
    return bool(note.undelivered) or (note.automatic and empty)


def _is_hers(file: FileResult) -> bool:
    """Whether nobody but the person asked is named on it; another name somebody typed."""
    if file.answers is None or file.order is None:
        return True
    return who(called(file.answers), Addressee.of(file.order)) is Who.SAME


def _aside(file: File, why: str) -> File:
    told = finding("came-along", why=why, what=file.kind)
    return replace(file, fate=Fate.IGNORED, findings=(told, *file.findings))


def _says(file: FileResult) -> bool:
    return file.answers is not None and not file.answers.empty


def _places(file: FileResult) -> Iterator[_Place]:
    """The mail or archive in which a file came, and the folder where that lies."""
    if file.path != file.source:
        yield "in", file.source
    yield "folder", str(PurePosixPath(file.source.replace("\\", "/")).parent)


def _card(file: FileResult) -> _Card | None:
    """The card that a file says to be."""
    ids = (file.account, file.segment, file.respondent, file.period)
    if file.kind not in ("scorecard", "reply") or not all(ids):
        return None
    return file.kind, *(same_id(one) for one in ids if one)
