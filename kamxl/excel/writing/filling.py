"""What is filled in when a layout is rendered: slots, and holes in otherwise finished parts."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from kamxl.excel.writing.xmltext import attribute, cell_text, clean, cut, escape, units
from kamxl.forms.paper.book import Content, Formula, Scalar, Slot

# Private-use characters around a number mark a hole in a drawn part. Every text from outside goes
# through such a hole, and holes are filled in one pass, so a text can never imitate one.
_OPEN, _CLOSE = "\ue0f0", "\ue0f1"
_MARK = re.compile(f"{_OPEN}(\\d+){_CLOSE}")
_NAME = re.compile(r"[^\W\d][\w.]{0,254}")
_CELL_LIKE = re.compile(r"[a-z]{1,3}\d+|r\d*c\d*|r|c", re.IGNORECASE)
_HEADER = 255
_PAGE_TEXT = 200  # Excel allows 255 characters for a whole header or footer, codes included


@dataclass(slots=True)
class Filling:
    """The state of one rendering: the values given, the shared strings and names met so far."""

    values: Mapping[str, Scalar]
    strings: dict[str, int] = field(default_factory=dict)
    uses: int = 0
    names: set[str] = field(default_factory=set)
    headers: dict[str, set[str]] = field(default_factory=dict)

    def value(self, content: Content) -> Scalar:
        """A content's value: a slot's given one, a formula's stored one."""
        if isinstance(content, Formula):
            content = content.value
        if isinstance(content, Slot):
            return self.given(content)
        return content

    def given(self, slot: Slot) -> Scalar:
        """The value given for a slot."""
        try:
            return self.values[slot.key]
        except KeyError:
            raise KeyError(f"no value given for slot {slot.key!r}") from None

    def shared(self, text: str) -> int:
        """The index of a text (cleaned, escaped) among the shared strings."""
        self.uses += 1
        return self.strings.setdefault(text, len(self.strings))


class Piece(Protocol):
    """A stretch of a part that depends on the values given."""

    def fill(self, filling: Filling) -> str: ...


Encode = Callable[[str, Filling], str]


@dataclass(frozen=True, slots=True)
class Hole:
    """A text that is filled in, encoded for the place where it stands."""

    content: str | Slot
    encode: Encode

    def fill(self, filling: Filling) -> str:
        return self.encode(plain(filling.value(self.content)), filling)


@dataclass(slots=True)
class Holes:
    """The holes of one book, by number."""

    found: list[Hole] = field(default_factory=list)

    def put(self, content: str | Slot, encode: Encode | None = None) -> str:
        """A mark that stands for a text until a part is rendered."""
        self.found.append(Hole(content, encode or as_text))
        return f"{_OPEN}{len(self.found) - 1}{_CLOSE}"

    def split(self, xml: str) -> list[str | Piece]:
        """A drawn part with its marks replaced by their holes."""
        parts = _MARK.split(xml)
        return [self.found[int(part)] if at % 2 else part for at, part in enumerate(parts)]


def unmarked(text: str) -> str:
    """A text that is drawn directly, without the characters of a mark."""
    return clean(text).replace(_OPEN, "").replace(_CLOSE, "")


def plain(value: Scalar) -> str:
    """A value as a text without any formatting."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value.isoformat() if isinstance(value, date) else str(value)


def as_text(text: str, _: Filling) -> str:
    """For a title or a description."""
    return attribute(clean(text))


def as_header(table: str, text: str, filling: Filling) -> str:
    """For a column name of a table: unique without regard to case, line ends in Excel's way."""
    known = filling.headers.setdefault(table, set())
    if not text or units(text) > _HEADER or text.casefold() in known:
        raise ValueError(f"the table {table!r} cannot have (another) column {text[:60]!r}")
    known.add(text.casefold())
    return cell_text(text).replace("\n", "_x000a_")


def as_page_text(text: str, _: Filling) -> str:
    """For a page's header or footer, where "&" begins a code."""
    text = clean(text).replace("\n", " ").replace("&", "&&")
    if units(text) > _PAGE_TEXT:
        text = cut(text, _PAGE_TEXT)
        text = text[:-1] if (len(text) - len(text.rstrip("&"))) % 2 else text
    return escape(text)


def as_name(text: str, filling: Filling) -> str:
    """For a defined name: valid, and unique in the book without regard to case."""
    check_name(text)
    if text.casefold() in filling.names:
        raise ValueError(f"the name {text!r} is defined twice")
    filling.names.add(text.casefold())
    return escape(text)


def check_name(text: str) -> None:
    """ValueError unless a text may be a defined name (or a table's)."""
    if not _NAME.fullmatch(text) or _CELL_LIKE.fullmatch(text):
        raise ValueError(f"{text!r} cannot be a defined name")
