"""Replacing a few texts in a workbook; everything else in it stays byte for byte what it was."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from xml.sax.saxutils import escape

from kamxl.excel.reading.limits import LIMITS

_TEXTS = re.compile(r"xl/(sharedStrings\.xml|worksheets/[^/]+\.xml)", re.IGNORECASE)
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

    made = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(made, "w") as target:
            if sum(part.file_size for part in source.infolist()) > LIMITS.inflated:
                raise Unsuitable
            for part in source.infolist():
                content = source.read(part)
                if _TEXTS.fullmatch(part.filename):
                    content = _ELEMENT.sub(replaced, content)
                target.writestr(part, content, compress_type=zipfile.ZIP_DEFLATED)
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError):
        raise Unsuitable from None
    return made.getvalue()
