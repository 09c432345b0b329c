"""Column types of declared tables: what may stand in a cell, how it looks, what it means when read.

One ``Column`` is one declaration; drawing, reading and documentation ask it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from kamxl.core.ids import is_id
from kamxl.core.period import Period
from kamxl.forms.paper.book import Scalar
from kamxl.forms.paper.raw import RawCell, RawKind
from kamxl.forms.paper.style import ENTRY, ENTRY_DATE, ENTRY_TEXT, MUTED, SOFT, Style
from kamxl.forms.tables import fields
from kamxl.forms.tables.fields import Parsed, plain
from kamxl.wording.texts import languages, texts

# "@" keeps what is typed: without it Excel makes a date of the period 2026-07 and 7 of the id 007.
AS_TYPED = ENTRY_TEXT.but(format="@", wrap=False)
AMOUNT = ENTRY.but(align="right", format="#,##0", wrap=False, indent=1)
POINTS = ENTRY.but(align="center", format="General", wrap=False)
LIVE = Style(color=MUTED, fill=SOFT, borders="tblr", align="center", format="0")
MAX_EMAIL = 254


class Kind(Enum):
    """What a column holds."""

    ID = "id"
    IDS = "ids"  # several ids, separated by commas
    REF = "ref"  # an id, or a name, that another table declares
    TEXT = "text"
    VERBATIM = "verbatim"  # a text of digits, such as a telephone number: kept as typed
    EMAIL = "email"
    AMOUNT = "amount"  # 0 or more
    POINTS = "points"  # 0..100
    DATE = "date"
    CHOICE = "choice"
    LANGUAGE = "language"
    PERIOD = "period"
    NOTE = "note"  # the team's own, never read
    LIVE = "live"  # calculated help, never read
    RAW = "raw"  # read as it stands: its meaning depends on the row


@dataclass(frozen=True, slots=True)
class Choices:
    """A fixed choice: ``codes`` are read, shown as the texts "<texts>.<code>"."""

    texts: str
    codes: tuple[str, ...]

    def label(self, code: str, language: str) -> str:
        """What a code is called in a language."""
        return texts(language)(f"{self.texts}.{code}")

    def code(self, typed: str) -> str | None:
        """The code a label of any language, or the code itself, stands for."""
        wanted = plain(typed).casefold()
        for code in self.codes:
            labels = {plain(self.label(code, one)).casefold() for one in languages()}
            if wanted in labels | {code}:
                return code
        return None


@dataclass(frozen=True, slots=True)
class Column:
    """One column: ``width`` in characters, ``ref`` whose values it offers ("accounts.id"),
    ``strict`` whether other values than the offered ones are refused while typing, ``length`` the
    longest text in characters. ``aside``: no card shows it, so a mistake in it keeps none back.
    """

    id: str
    kind: Kind
    width: float
    required: bool = False
    choices: Choices | None = None
    ref: str | None = None
    strict: bool = True
    length: int = 120
    aside: bool = False

    @property
    def read(self) -> bool:
        """Whether the reader takes anything from it."""
        return self.kind not in (Kind.NOTE, Kind.LIVE)

    def options(self, language: str) -> tuple[str, ...]:
        """What its fixed drop-down offers in a language; empty if it has none."""
        if self.kind is Kind.LANGUAGE:
            return tuple(texts(code)("language.name") for code in languages())
        if self.choices is None:
            return ()
        return tuple(self.choices.label(code, language) for code in self.choices.codes)

    def style(self, language: str) -> Style:
        """How its input cells look."""
        match self.kind:
            case Kind.ID | Kind.IDS | Kind.REF | Kind.PERIOD | Kind.EMAIL | Kind.VERBATIM:
                return AS_TYPED
            case Kind.AMOUNT:
                return AMOUNT
            case Kind.POINTS:
                return POINTS
            case Kind.DATE:
                return ENTRY_DATE.but(format=texts(language)("language.excel_date"))
            case Kind.LIVE:
                return LIVE
            case _:
                return ENTRY_TEXT

    def show(self, value: Any, language: str) -> Scalar:
        """A value as it is written into a cell."""
        if value is None or value == "" or value == ():
            return None
        match self.kind:
            case Kind.IDS:
                return ", ".join(value)
            case Kind.LANGUAGE:
                return texts(value)("language.name") if value in languages() else str(value)
            case Kind.CHOICE if self.choices is not None:
                return self.choices.label(value, language)
            case _:
                return value  # type: ignore[no-any-return]

    def parse(self, cell: RawCell | None) -> Parsed[Any]:
        """What a cell means: a value, None for a blank, or the code of what is wrong with it."""
        if self.kind is Kind.RAW:
            return Parsed(cell)
        if cell is None or not self.read:
            return Parsed()
        if cell.kind is RawKind.ERROR:
            deliberate = cell.text == "#N/A" and not cell.formula
            return Parsed(deliberate=True) if deliberate else Parsed(code="number-error")
        if cell.formula and not cell.text:
            return Parsed(code="formula-no-value")
        parsed = self._parser()(cell)
        if cell.formula and parsed.code is None and parsed.value is not None:
            return Parsed(parsed.value, "formula-value")
        return parsed

    def _parser(self) -> Callable[[RawCell], Parsed[Any]]:
        match self.kind:
            case Kind.AMOUNT:
                return fields.amount
            case Kind.POINTS:
                return fields.points
            case Kind.DATE:
                return fields.day
            case Kind.ID:
                return an_id
            case Kind.IDS:
                return some_ids
            case Kind.EMAIL:
                return email
            case Kind.PERIOD:
                return period
            case Kind.LANGUAGE:
                return language_code
            case Kind.CHOICE:
                return self._choice
            case Kind.REF:
                return self._reference
            case _:
                return self._line

    def _choice(self, cell: RawCell) -> Parsed[str]:
        typed = typed_text(cell)
        if typed is None or self.choices is None:
            return Parsed()
        if cell.kind is RawKind.BOOLEAN:  # a ticked or typed TRUE
            typed = "yes" if cell.text.casefold() in ("1", "true") else "no"
        code = self.choices.code(typed)
        return Parsed(code) if code else Parsed(code="choice-unknown")

    def _reference(self, cell: RawCell) -> Parsed[str]:
        """What another table declares; whether it does is for the form to say."""
        typed = typed_text(cell)
        return Parsed(typed[: self.length]) if typed is not None else Parsed()

    def _line(self, cell: RawCell) -> Parsed[str]:
        """One line of text; NBSP and line breaks become spaces."""
        parsed = fields.text(cell)
        line = " ".join((parsed.value or "").split())
        if not line:
            return Parsed()
        if len(line) > self.length:
            return Parsed(line[: self.length].rstrip(), "text-cut")
        return Parsed(line, parsed.code)


def typed_text(cell: RawCell) -> str | None:
    """The text of a cell as a person sees it; None for a blank, deliberate or not."""
    seen = plain(cell.text)
    if cell.kind is RawKind.NUMBER and cell.number is not None and cell.number.is_integer():
        seen = str(int(cell.number)) if abs(cell.number) < 1e15 else seen
    return None if not seen or seen.casefold() in fields.text_blanks() else seen


def an_id(cell: RawCell) -> Parsed[str]:
    """An id; ``id-bad`` if it is none, also when Excel made a date of it."""
    typed = typed_text(cell)
    if typed is None:
        return Parsed()
    if not is_id(typed) or _is_date(cell):
        return Parsed(code="id-bad")
    return Parsed(typed)


def some_ids(cell: RawCell) -> Parsed[tuple[str, ...]]:
    """Ids separated by commas, semicolons or line breaks; ``id-bad`` if one of them is none."""
    typed = typed_text(cell)
    if typed is None:
        return Parsed()
    parts = tuple(part.strip() for part in re.split(r"[,;\n]", cell.text) if part.strip())
    parts = parts if cell.kind is RawKind.TEXT else (typed,)
    if _is_date(cell) or not all(is_id(part) for part in parts):
        return Parsed(code="id-bad")
    return Parsed(parts)


_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


def email(cell: RawCell) -> Parsed[str]:
    """An e-mail address, its domain in ASCII ("müller.example" as "xn--mller-kva.example")."""
    typed = typed_text(cell)
    if typed is None:
        return Parsed()
    local, at, domain = re.sub(r"^mailto:", "", typed, flags=re.IGNORECASE).rpartition("@")
    try:
        wire = domain if domain.isascii() else domain.encode("idna").decode("ascii")
    except UnicodeError:
        return Parsed(code="email-bad")
    labels = wire.casefold().split(".")
    sound = len(labels) >= 2 and all(_LABEL.fullmatch(label) for label in labels)
    address = f"{local}@{wire}"
    if not (at and sound and _LOCAL.fullmatch(local) and len(address) <= MAX_EMAIL):
        return Parsed(code="email-bad")
    return Parsed(address)


def period(cell: RawCell) -> Parsed[str]:
    """A period in its one spelling; "2026 h2" and "2026 / H2" are understood."""
    typed = typed_text(cell)
    if typed is None:
        return Parsed()
    spelled = re.sub(r"\s*[-/ ]\s*", "-", typed.upper())
    found = None if _is_date(cell) else Period.parse(spelled)
    return Parsed(found.text) if found else Parsed(code="period-bad")


def language_code(cell: RawCell) -> Parsed[str]:
    """A language we have texts for, by its name or its code."""
    typed = typed_text(cell)
    if typed is None:
        return Parsed()
    for code in languages():
        if typed.casefold() in (code, plain(texts(code)("language.name")).casefold()):
            return Parsed(code)
    return Parsed(code="choice-unknown")


def _is_date(cell: RawCell) -> bool:
    number = cell.kind is RawKind.NUMBER and fields.is_date_format(cell.number_format)
    return number or cell.kind is RawKind.DATE


# What columns of several workbooks have in common.
ANSWER = Choices("register.choices.answer", ("yes", "no"))
ROLE = Choices("register.choices.role", ("requirer", "purchaser"))
NAME = 80  # characters: a name fits into a header or a tile of the card
LABEL = 160
LONG = 600
