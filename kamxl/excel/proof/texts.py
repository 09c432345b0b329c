"""Texts and numbers read back from XML, by rules of their own: what was written must say them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from operator import itemgetter
from typing import Any, Literal

from kamxl.forms.paper.book import Content, Formula, Scalar, Slot

LIMIT = 32_767  # letters of a cell, as Excel counts them
_PAGE = 200  # letters of a page's header or footer, codes doubled
ERRORS = frozenset(
    ["#N/A", "#VALUE!", "#REF!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#GETTING_DATA"]
)
_ENTITY = re.compile("&(amp|lt|gt|quot|#10|#9);")
_MEANING = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "#10": "\n", "#9": "\t"}
_NO_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LINE_END = re.compile("\r\n?")
_CODED = re.compile("_x[0-9A-Fa-f]{4}_")
_RAW = re.compile('[^<"]*')
_DAY_ZERO = date(1899, 12, 30)
_CACHE = re.compile(
    '<(num|str)Cache>(<formatCode>General</formatCode>)?<ptCount val="(\\d+)"/>'
    '((?:<pt idx="\\d+"><v>[^<]*</v></pt>)*)</(num|str)Cache>'
)
_POINT = re.compile('<pt idx="(\\d+)"><v>([^<]*)</v></pt>')


class UnprovenError(ValueError):
    """Something stands there that is neither the layout's nor a given value."""


def given(content: Content, values: Mapping[str, Scalar]) -> Scalar:
    """A content's value: a slot's, a formula's stored one, or itself (UnprovenError: none)."""
    if isinstance(content, Formula):
        content = content.value
    if not isinstance(content, Slot):
        return content
    try:
        return values[content.key]
    except KeyError:
        raise UnprovenError(f"nothing may stand in the slot {content.key!r}") from None


@dataclass(frozen=True, slots=True)
class Picked:
    """The values given for some slots, and their types: 1, 1.0 and True are equal, not the same."""

    keys: tuple[str, ...]
    pick: Any  # takes the values of all slots, gives those of the keys

    @classmethod
    def of_slots(cls, keys: Sequence[str]) -> Picked:
        """For these slots, one of which may come twice."""
        several = tuple(keys) * 2 if len(keys) == 1 else tuple(keys)
        return cls(several, itemgetter(*several) if several else lambda _: ())

    def of(self, values: Mapping[str, Scalar]) -> tuple[tuple[Scalar, ...], tuple[type, ...]]:
        """The values (UnprovenError: there is none for a slot)."""
        try:
            found = self.pick(values)
        except KeyError as missing:
            raise UnprovenError(f"nothing may stand in the slot {missing}") from None
        return found, tuple(map(type, found))


def decoded(raw: str) -> str:
    """XML text as what it says (UnprovenError: written in another way than ours)."""
    if "&" not in raw:
        return raw
    text, count = _ENTITY.subn(lambda found: _MEANING[found[1]], raw)
    if count != raw.count("&"):
        raise UnprovenError("a letter is written in an unusual way")
    return text


def cell_decoded(raw: str) -> str:
    """The text of a cell, in which "_x005F_" stands for an underscore."""
    text = decoded(raw)
    if "_x" not in text:
        return text
    pieces = text.split("_x005F_")
    if any(_CODED.search(piece) for piece in pieces):
        raise UnprovenError("a letter is written as a code")
    return "_".join(pieces)


def legible(text: str) -> str:
    """A text as a file can hold it: plain line ends, no control characters."""
    if "\r" in text:
        text = _LINE_END.sub("\n", text)
    return text if text.isascii() and text.isprintable() else _NO_XML.sub("", text)


def says(found: str, value: str, limit: int = LIMIT) -> bool:
    """Whether a text found is the value, or as much of it as has room."""
    expected = legible(value)
    if found == expected:
        return True
    units = len(found.encode("utf-16-le")) // 2
    return limit - 2 <= units <= limit and bool(found) and expected.startswith(found)


def plain(value: Scalar) -> str:
    """A value as text without any format."""
    if value is None:
        return ""
    if isinstance(value, float) and value == int(value):
        return f"{value:.0f}"
    return value.isoformat() if isinstance(value, date) else f"{value}"


def is_number(raw: str, value: float | date) -> bool:
    """Whether a number in a file is the value, written without one digit more than it needs."""
    try:
        number = float(raw)
    except ValueError:
        return False
    if raw not in (repr(number).removesuffix(".0"), repr(number), str(value)):
        return False
    if isinstance(value, datetime) or not isinstance(value, date):
        return not isinstance(value, date) and number == float(value)
    return _DAY_ZERO + timedelta(days=number) == value


@dataclass(frozen=True, slots=True)
class TextProof:
    """A text in markup, read back as what stands there; ``kind`` is the place it stands in."""

    content: Content
    kind: Literal["text", "page", "header", "name"]
    after: str  # what of the layout stands behind it before the next markup

    @classmethod
    def of(cls, content: Content, before: str, after: str) -> TextProof:
        """The kind is known by the finished piece before it."""
        tail, found = before[before.rfind("<") :], _RAW.match(after)
        rest = found[0] if found else ""
        if tail.startswith("<odd"):
            return cls(content, "page", rest)
        if tail.startswith("<tableColumn "):
            return cls(content, "header", rest)
        return cls(content, "name" if tail.startswith("<definedName ") else "text", rest)

    def read(self, text: str, at: int, values: Mapping[str, Scalar]) -> int:
        """Hold what stands at a place against its value; where it ends (UnprovenError)."""
        match = _RAW.match(text, at)
        whole = match[0] if match else ""
        if not whole.endswith(self.after):
            raise UnprovenError("differs from the layout")
        raw = whole[: len(whole) - len(self.after)]
        value = plain(given(self.content, values))
        if not self._says(raw, value):
            raise UnprovenError(f"{decoded(raw)[:60]!r} is not what belongs there")
        return at + len(raw)

    def _says(self, raw: str, value: str) -> bool:
        if self.kind == "name":
            return decoded(raw) == value
        if self.kind == "header":
            return says(cell_decoded(raw.replace("_x000a_", "\n")), value)
        if self.kind == "text":
            return says(decoded(raw), value)
        found = decoded(raw).split("&&")
        if any("&" in piece for piece in found):
            raise UnprovenError("a page's header or footer has a code of its own")
        room = _PAGE - (len(found) - 1)
        return says("&".join(found), value.replace("\r\n", "\n").replace("\r", "\n")
                    .replace("\n", " "), room)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CacheProof:
    """What a chart shows until somebody calculates: the values of the cells it reads."""

    kind: str
    contents: tuple[Content, ...]

    def read(self, text: str, at: int, values: Mapping[str, Scalar]) -> int:
        """As ``TextProof.read``."""
        match = _CACHE.match(text, at)
        if not match or match[1] != self.kind or match[5] != self.kind:
            raise UnprovenError("a chart shows something else")
        if bool(match[2]) != (self.kind == "num") or match[3] != str(len(self.contents)):
            raise UnprovenError("a chart shows something else")
        shown = [given(content, values) for content in self.contents]
        expected = [(at, value) for at, value in enumerate(shown) if self._shows(value)]
        points = _POINT.findall(match[4])
        if [at for at, _ in points] != [str(at) for at, _ in expected]:
            raise UnprovenError("a chart has other points")
        for (_, raw), (_, value) in zip(points, expected, strict=True):
            if not self._is(raw, value):
                raise UnprovenError(f"a chart shows {raw[:60]!r}")
        return match.end()

    def _shows(self, value: Scalar) -> bool:
        if value is None or value == "":
            return False
        return value not in ERRORS if self.kind == "str" else not isinstance(value, str)

    def _is(self, raw: str, value: Scalar) -> bool:
        if self.kind == "str" or value is None or isinstance(value, str):
            return says(cell_decoded(raw), plain(value))
        return raw == f"{value:d}" if isinstance(value, bool) else is_number(raw, value)
