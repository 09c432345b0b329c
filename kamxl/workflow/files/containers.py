"""Files that hold files: each workbook in a mail or an archive is accounted for by itself.

So is everything else in there. A container that cannot be opened is one entry with its reason.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from kamxl.core.records.register import MailNote
from kamxl.errors import DEBUG, KamxlError
from kamxl.excel.reading.sniff import is_outlook, kind_of
from kamxl.mail.eml import open_eml
from kamxl.mail.links import is_portal
from kamxl.mail.mime import begins_as_mail
from kamxl.mail.msg import open_msg
from kamxl.mail.opening import DEEP, Budget, CannotOpen, Member, Opened, Postmark
from kamxl.mail.packed import is_tar, open_bzip2, open_gzip, open_tar, open_xz
from kamxl.mail.signed import open_signed
from kamxl.mail.zipped import open_zip
from kamxl.store.inbox import Entry, entry_of
from kamxl.store.names import reason_of_name
from kamxl.workflow.files.refused import (
    ASIDE_ENDINGS,
    DOCUMENT_ENDINGS,
    PICTURE_ENDINGS,
    TABLE_ENDINGS,
    WORKBOOK_ENDINGS,
    is_named,
    is_split,
)

_OPEN: dict[str, Callable[[bytes, Budget], Opened]] = {
    "mail": open_eml,
    "msg": open_msg,
    "zip": open_zip,
    "gzip": open_gzip,
    "bzip2": open_bzip2,
    "xz": open_xz,
    "tar": open_tar,
    "cms": open_signed,
}
# Of these, no more is to be said than stands with them: that what holds them has none is wrong.
_WORKBOOKS = frozenset(
    {"xlsx", "xlsb", "xls", "ods", "fods", "encrypted", "rights", "pgp", "archive", "link",
     "unfetched"}
)  # fmt: skip
_MAILS = frozenset({".eml", ".emlx", ".mbox", ".mbx"})
_PLAIN = frozenset({"text", "html", "unknown", "empty"})
_LOGO = 150_000  # bytes: what a picture inside the text of a mail has at most
_TNEF = b"\x78\x9f\x3e\x22"  # how winmail.dat begins
_REASONS = {
    "password": "password",
    "too-large": "too-large",
    "damaged": "container-damaged",
    "deep": "container-deep",
    "encrypted": "mail-encrypted",
    "link": "cloud-link",
    "aside": "mail-part",
    "kind": "archive-unsupported",
    **{one: one for one in ("owner-file", "not-a-workbook", "cloud-placeholder")},
    "download-unfinished": "download-unfinished",
}
_OF_MAILS = frozenset({"mail-without-workbook", "mail-automatic", "mail-undelivered", "mail-part"})
_SAID = frozenset({*_REASONS.values(), "winmail", "mail-undelivered", "mail-automatic"})
# What answers nothing, whatever else is in the same mail or archive.
_NOTHING = frozenset({"mail-part", "owner-file", "not-a-workbook", "inline-picture"})
# Word's and Outlook's parts of a text that is formatted, and what servers add below one.
_OF_PROGRAMS = re.compile(
    r"att\d{4,6}\.(?:txt|htm|html|bin|dat|c)|filelist\.xml|colorschememapping\.xml|signature\.asc"
)


@dataclass(slots=True)
class _File:
    """A file on the disk: what may still be unpacked from it, and the paths found in it (folded).

    Each path is another one, on all levels: replies are told apart by it.
    """

    source: str
    budget: Budget = field(default_factory=lambda: Budget(reason_of_name))
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
    if kind == "gzip" and ending in PICTURE_ENDINGS | TABLE_ENDINGS:
        return None  # a picture of Office's, a table of Gnumeric's
    if ending == ".tar" and kind in ("text", "unknown") and is_tar(data):
        return "tar"
    if kind in ("text", "unknown") and ending in _MAILS and begins_as_mail(data):
        return "mail"  # few headers, or letters that are none
    if ending == ".p7m" and kind in ("text", "unknown"):  # as a mail has it: in letters, perhaps
        return "mail" if begins_as_mail(data) else "cms"  # with the headers above
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
        is_piece = problem.reason == "damaged" and is_split(entry.path)
        code = _REASONS["kind" if is_piece else problem.reason]
        yield replace(whole, data=None, sha256=None, reason=code)
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
        # Of a mailbox or a signed mail, that is said of each mail in it.
        said = any(entry.reason in _OF_MAILS for entry in found)
        alone = len(inside.members) == 1 and not inside.members[0].name
        return None if said or alone else "zip-without-workbook"
    if mail.automatic:
        return "mail-automatic"
    if mail.locked:
        return "mail-encrypted"
    return "cloud-link" if mail.link else "mail-without-workbook"


def _members(
    entry: Entry, inside: Opened, file: _File, note: MailNote | None, deep: int
) -> Iterator[Entry]:
    of_mailbox = _container(entry.path, entry.data) == "mail" and inside.postmark is None
    for member in inside.members:
        path = file.unique(f"{entry.path}!{member.name or _inner_name(entry.path)}")
        made = entry_of(path, member.data, entry.modified)
        reason = _reason(member, in_mail=inside.postmark is not None)
        made = replace(made, source=file.source, mail=note, reason=reason)
        if made.reason is not None:
            yield replace(made, data=None, sha256=None)
            continue
        kind = _container(path, member.data)
        if kind is not None:
            # A mailbox is none of the levels that people pack into one another; nor is a signature.
            free = kind == "cms" or (of_mailbox and kind == "mail")
            yield from _opened(made, kind, file, note, deep if free else deep - 1)
        else:
            yield made


def _inner_name(path: str) -> str:
    """What is in a file that was packed or signed by itself: its name without the last ending."""
    name = PurePosixPath(path.rpartition("!")[2])
    return f"{name.stem}.tar" if name.suffix.casefold() == ".tgz" else name.stem


def _reason(member: Member, *, in_mail: bool) -> str | None:
    """Why a member is not judged; the logo in a signature is nothing to ask about."""
    if member.reason is not None:
        return _REASONS[member.reason]
    data = member.data or b""
    if data.startswith(_TNEF) or member.name.casefold().endswith("winmail.dat"):
        return "winmail"
    # Outlook marks workbooks in the same way: only a picture is one.
    if member.inline and len(data) <= _LOGO and kind_of(data) == "picture":
        return "inline-picture"
    if in_mail and is_portal(member.name, data):
        return "mail-encrypted"
    if in_mail and (member.aside or _is_aside(member.name)) and kind_of(data) in _PLAIN:
        return "mail-part"
    return None


def _is_aside(name: str) -> bool:
    """Whether a mail program or server adds files of this name to mails by itself."""
    last = name.casefold().rpartition("!")[2].rpartition("/")[2]
    return _OF_PROGRAMS.fullmatch(last) is not None or last.endswith(tuple(ASIDE_ENDINGS))


def _has_workbook(found: Iterable[Entry]) -> bool:
    """Whether a workbook is in there, or something of which more is said than that it is none."""
    return any(
        (entry.reason in _SAID and entry.reason not in _NOTHING)
        or (entry.data and (kind_of(entry.data) in _WORKBOOKS or is_named(entry.path)))
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
