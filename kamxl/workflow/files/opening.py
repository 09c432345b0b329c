"""What stands in a file from outside: the files in it, and the cells of a workbook of any kind.

Only in a process apart: a file may end it, or use more than one may.
"""

from __future__ import annotations

from collections.abc import Iterable

from kamxl.apart import raises
from kamxl.excel.reading.book import LIMITS, Refused, read
from kamxl.excel.reading.delimited import read_delimited
from kamxl.excel.reading.limits import MEMORY
from kamxl.excel.reading.others import OTHERS, read_other
from kamxl.excel.reading.sniff import kind_of
from kamxl.forms.paper.raw import RawBook
from kamxl.forms.tables.mark import find_marks
from kamxl.store.inbox import Entry
from kamxl.workflow.files.containers import taken_apart

_DAMAGE = frozenset({"unreadable", "container-damaged", "unexpected"})
_TEXTS = frozenset({"text", "unknown", "mail"})  # UTF-16 without its mark looks like nothing known
_SPARE = 32_000_000  # bytes to be had at once where memory is not short

_last: tuple[str | None, list[Entry] | None] = (None, None)


def unpacked(entry: Entry) -> list[Entry] | None:
    """All that is in a container (None: it is none); one is kept, for its files come in turn."""
    global _last
    key = f"{entry.sha256} {entry.path}"
    if _last[0] != key:
        _last = (None, None)  # not both at a time
        _last = (key, taken_apart(entry))
        only_if_sure(member.reason for member in _last[1] or ())
    return _last[1]


def only_if_sure(codes: Iterable[str | None]) -> None:
    """MemoryError where something is called damaged while memory is short: that looks the same.

    Libraries tell a shortage in many ways: as damaged XML, a bad checksum, a missing module.
    """
    if not _DAMAGE.isdisjoint(codes):
        bytearray(_SPARE)


def read_any(data: bytes) -> RawBook:
    """A workbook of any kind that is read here; Refused.

    MemoryError: whether the file or the computer is to blame, whoever called us has to find out.
    """
    try:
        return _read_this(data)
    except Refused as refused:
        if refused.reason != MEMORY:
            raise
    raise MemoryError


def read_export(data: bytes) -> RawBook:
    """A table from another program: a workbook of any kind, or one saved as text (Refused)."""
    if kind_of(data) in _TEXTS:
        return read_delimited(data)
    return read_any(data)


def cards_in(data: bytes, _: None) -> list[str]:
    """The records that the marks in one of our cards name, by digest; none: it is none."""
    try:
        return [found.mark.digest for found in find_marks(read(data, LIMITS))]
    except Refused:
        return []


@raises(Refused)
def raw_of(data: bytes, _: None) -> RawBook:
    """An Excel workbook with all that is entered in it, as a process apart reads it (Refused)."""
    return read(data, LIMITS)


def _read_this(data: bytes) -> RawBook:
    try:
        return read(data, LIMITS)
    except Refused as refused:
        kind = refused.reason
        if refused.code != "format-unsupported" or kind not in OTHERS:
            raise
    raw = read_other(data, kind)
    if raw.blank:
        raise Refused("unreadable", "blank")
    return raw
