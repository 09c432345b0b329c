"""A few texts in a workbook, replaced or typed; all else in it stays byte for byte what it was."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from xml.sax.saxutils import escape, unescape

from kamxl.excel.reading.limits import LIMITS

_TEXTS = re.compile(r"xl/(sharedStrings\.xml|worksheets/[^/]+\.xml)", re.IGNORECASE)
_SAYING = re.compile(r"(?:xl|docProps)/.*\.(?:xml|vml)", re.IGNORECASE)
# a text, a value, a formula's result, a property
_VALUE = re.compile(rb"(<(?:\w+:)?(?:t|v|\w*[bB]y|creator)(?:\s[^<>]*)?>)([^<>]+)(</)")
_SHEET = re.compile(r'<sheet [^>]*\bname="([^"]*)"')
_ELEMENT = re.compile(rb"(<(?:\w+:)?t(?:\s[^<>]*)?>)([^<>]+)(</(?:\w+:)?t>)")


class Unsuitable(Exception):  # noqa: N818 nothing is wrong with it
    """This is no package in which texts could be replaced."""


def with_texts(data: bytes, texts: Mapping[str, str]) -> bytes:
    """The workbook with each of ``texts`` in place of its key, where that is a cell's whole text.

    ``data`` has been read within limits before (Unsuitable: it is no such package after all).
    """
    wanted = {escape(old).encode(): escape(new).encode() for old, new in texts.items()}

    def replaced(match: re.Match[bytes]) -> bytes:
        before, text, after = match.groups()
        return before + wanted.get(text.strip(), text) + after

    return _rewritten(data, _TEXTS, lambda content: _ELEMENT.sub(replaced, content))


def _rewritten(
    data: bytes, parts: re.Pattern[str], anew: Callable[[bytes], bytes], most: int = LIMITS.inflated
) -> bytes:
    made = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(made, "w") as target:
            if sum(part.file_size for part in source.infolist()) > most:
                raise Unsuitable
            for part in source.infolist():
                content = source.read(part)
                if parts.fullmatch(part.filename):
                    content = anew(content)
                target.writestr(part, content, compress_type=zipfile.ZIP_DEFLATED)
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError):
        raise Unsuitable from None
    return made.getvalue()


def with_said(data: bytes, said: Callable[[str], str], most: int = LIMITS.inflated) -> bytes:
    """The workbook with what ``said`` makes of each text in it, calculated ones, too.

    ``data`` has been read within limits before (Unsuitable: it is no such package after all, or
    holds more than ``most`` bytes).
    """

    def replaced(match: re.Match[bytes]) -> bytes:
        before, text, after = match.groups()
        told = unescape(text.decode("utf-8", "surrogateescape"))
        new = said(told)
        changed = text if new == told else escape(new).encode("utf-8", "surrogateescape")
        return before + changed + after

    return _rewritten(data, _SAYING, lambda content: _VALUE.sub(replaced, content), most)


def with_typed(data: bytes, sheet: str, cell: str, text: str) -> bytes:
    """A workbook drawn by kamxl with ``text`` in a cell ("E10") of the sheet of this title.

    Its style stays. Unsuitable: no such sheet or cell, or it holds more than nothing or a number.
    """
    blank = re.compile(rf'<c r="{cell}"((?: s="\d+")?)\s*(?:/>|>(?:<v>[-+.\deE]*</v>)?</c>)')

    def filled(found: re.Match[str]) -> str:
        return f'<c r="{cell}"{found[1]} t="inlineStr"><is><t>{escape(text)}</t></is></c>'

    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(made, "w") as target:
        titles = _SHEET.findall(source.read("xl/workbook.xml").decode())
        if escape(sheet) not in titles:
            raise Unsuitable
        part = f"xl/worksheets/sheet{titles.index(escape(sheet)) + 1}.xml"  # as ours are numbered
        for info in source.infolist():
            content = source.read(info)
            if info.filename == part:
                told, found = blank.subn(filled, content.decode())
                if found != 1:
                    raise Unsuitable
                content = told.encode()
            target.writestr(info, content, compress_type=zipfile.ZIP_DEFLATED)
    return made.getvalue()
