"""Files that hold files: each workbook in a mail or zip file is accounted for by itself.

So is everything else in there. A container that cannot be opened is one entry with its reason.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from kamxl.core.finding import Fate, finding
from kamxl.core.records.register import FileResult, MailNote
from kamxl.errors import DEBUG, KamxlError
from kamxl.excel.reading.sniff import is_outlook, kind_of
from kamxl.mail.eml import open_eml
from kamxl.mail.mime import begins_as_mail
from kamxl.mail.msg import open_msg
from kamxl.mail.opening import DEEP, Budget, CannotOpen, Member, Opened, Postmark
from kamxl.mail.zipped import open_zip
from kamxl.store.inbox import Entry, entry_of
from kamxl.workflow.files.refused import DOCUMENT_ENDINGS, WORKBOOK_ENDINGS

_OPEN: dict[str, Callable[[bytes, Budget], Opened]] = {
    "mail": open_eml,
    "msg": open_msg,
    "zip": open_zip,
}
_WORKBOOKS = frozenset({"xlsx", "xlsb", "xls", "ods", "fods", "encrypted"})
_LOGO = 150_000  # bytes: what a picture inside the text of a mail has at most
_TNEF = b"\x78\x9f\x3e\x22"  # how winmail.dat begins
_REASONS = {
    "password": "password",
    "too-large": "too-large",
    "damaged": "container-damaged",
    "deep": "container-deep",
}


@dataclass(slots=True)
class _File:
    """A file on the disk: what may still be unpacked from it, and the paths found in it (folded).

    Each path is another one, on all levels: replies are told apart by it.
    """

    source: str
    budget: Budget = field(default_factory=Budget)
    seen: dict[str, int] = field(default_factory=dict)

    def unique(self, path: str) -> str:
        """The path, with a number if there is such a one already."""
        made, key = path, path.casefold()
        while made.casefold() in self.seen:
            self.seen[key] += 1
            made = f"{path} ({self.seen[key]})"
        self.seen[made.casefold()] = 1
        return made


def taken_apart(entry: Entry) -> list[Entry] | None:
    """All that is in a container, each by itself; None: the entry is none."""
    kind = _container(entry.path, entry.data)
    return None if kind is None else _all(entry, kind)


def _all(entry: Entry, kind: str) -> list[Entry]:
    """All that is in a container; it costs only itself, whatever we make of it."""
    try:
        return list(_opened(entry, kind, _File(entry.path), None, DEEP))
    except (KamxlError, MemoryError):  # as bad for any other file
        raise
    except Exception:
        if os.environ.get(DEBUG):
            raise
        return [replace(entry, data=None, sha256=None, reason="container-damaged")]


def _container(path: str, data: bytes | None) -> str | None:
    """What kind of container it is, if it is one."""
    ending = PurePosixPath(path).suffix.casefold()
    if data is None or ending in DOCUMENT_ENDINGS:
        return None
    kind = "msg" if is_outlook(data) else kind_of(data)
    if kind == "zip" and ending in WORKBOOK_ENDINGS:
        return None  # a damaged workbook, or one of another program's
    if kind in ("text", "unknown") and ending == ".eml" and begins_as_mail(data):
        return "mail"  # few headers, or letters that are none
    return kind if kind in _OPEN else None


def _opened(
    entry: Entry, kind: str, file: _File, note: MailNote | None, deep: int
) -> Iterator[Entry]:
    whole = replace(entry, source=file.source, mail=note)
    if deep < 1:
        yield replace(whole, data=None, sha256=None, reason="container-deep")
        return
    try:
        inside = _OPEN[kind](entry.data or b"", file.budget)
    except CannotOpen as problem:
        if problem.reason == "document":
            yield whole
            return
        yield replace(whole, data=None, sha256=None, reason=_REASONS[problem.reason])
        return
    came_back = note is not None and bool(note.undelivered)
    note = _note(inside.postmark, note) if inside.postmark else note
    found = list(_members(entry, inside, file, note, deep))
    reason = _reason_of(inside, note, found)
    # What came back with a mail that did not arrive is part of it.
    if reason is not None and not came_back:
        yield replace(whole, mail=note, data=None, sha256=None, reason=reason)
    yield from found


def _reason_of(inside: Opened, note: MailNote | None, found: list[Entry]) -> str | None:
    """What is to be said of a container itself, besides what is in it."""
    mail = inside.postmark
    if mail is not None and mail.undelivered:
        return "mail-undelivered"
    if _has_workbook(found):
        return None
    if mail is None:
        return "zip-without-workbook"
    return "mail-automatic" if mail.automatic else "mail-without-workbook"


def _members(
    entry: Entry, inside: Opened, file: _File, note: MailNote | None, deep: int
) -> Iterator[Entry]:
    for member in inside.members:
        path = file.unique(f"{entry.path}!{member.name}")
        made = entry_of(path, member.data, entry.modified)
        made = replace(made, source=file.source, mail=note, reason=_reason(member))
        if made.reason is not None:
            yield replace(made, data=None, sha256=None)
            continue
        kind = _container(path, member.data)
        if kind is not None:
            yield from _opened(made, kind, file, note, deep - 1)
        else:
            yield made


def _reason(member: Member) -> str | None:
    """Why a member is not judged; the logo in a signature is nothing to ask about."""
    if member.reason is not None:
        return _REASONS[member.reason]
    data = member.data or b""
    if data.startswith(_TNEF) or member.name.casefold().endswith("winmail.dat"):
        return "winmail"
    # Outlook marks workbooks in the same way: only a picture is one.
    if member.inline and len(data) <= _LOGO and kind_of(data) == "picture":
        return "inline-picture"
    return None


def _has_workbook(found: Iterable[Entry]) -> bool:
    return any(
        entry.reason in (*_REASONS.values(), "winmail", "mail-undelivered", "mail-automatic")
        or (entry.data is not None and kind_of(entry.data) in _WORKBOOKS)
        for entry in found
    )


def _note(postmark: Postmark, outer: MailNote | None) -> MailNote:
    """What a mail says; the outermost is the one that came, what it carries was passed on."""
    if outer is None:
        return MailNote(
            postmark.subject,
            postmark.name,
            postmark.address,
            postmark.date,
            postmark.quoted,
            postmark.automatic,
            postmark.undelivered,
            postmark.cards,
        )
    return replace(
        outer,
        others=tuple(filter(None, (*outer.others, postmark.address, *postmark.quoted))),
        automatic=outer.automatic or postmark.automatic,
        undelivered=postmark.undelivered or outer.undelivered,
        cards=postmark.cards or outer.cards,
    )


def with_mail(
    file: FileResult, note: MailNote | None, now: Mapping[tuple[str, str], str] | None = None
) -> FileResult:
    """A file with the mail it came in: that date counts, and another sender is said.

    ``now``: the addresses of today by the (folded) ids of account and contact; a card that is out
    keeps the one it went to.
    """
    if note is None:
        return file
    findings, order = file.findings, file.order
    if came_along(file, note):
        findings = (finding("came-along"), *findings)
        return replace(file, fate=Fate.IGNORED, mail=note, findings=findings)
    asked = order.respondent_email if order and not order.test else ""
    hers = {asked.casefold(), (now or {}).get(order.key.person, "") if order else ""}
    if asked and note.address and note.address.casefold() not in hers:
        other = finding("mail-other-address", value=note.address, issued_to=asked)
        findings = (*findings, other)
    return replace(file, mail=note, saved=note.date or file.saved, findings=findings)


def came_along(file: FileResult, note: MailNote) -> bool:
    """Whether a file is what a server sent back of our own mail: nobody's answer."""
    if file.answers is not None and not file.answers.empty:
        return False  # a customer's own mail that did not reach us
    if file.fate is Fate.IGNORED or any(
        found.code == "mail-undelivered" for found in file.findings
    ):
        return False
    empty = any(found.code == "empty-card" for found in file.findings)
    return bool(note.undelivered) or (note.automatic and empty)
