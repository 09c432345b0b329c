"""Column types of declared tables: what may stand in a cell, how it looks, what it means when read.

One ``Column`` is one declaration, bound to a field of its table's record; drawing, reading and
documentation ask it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Any

from kamxl.core.roles import Role
from kamxl.forms.paper.book import Scalar
from kamxl.forms.paper.raw import RawCell, RawKind
from kamxl.forms.paper.style import (
    ENTRY,
    ENTRY_DATE,
    ENTRY_TEXT,
    FAINT,
    GOOD_SOFT,
    MUTED,
    SOFT,
    TEXT,
    Align,
    Style,
)
from kamxl.forms.tables import fields
from kamxl.forms.tables.fields import Parsed
from kamxl.forms.tables.typed import (
    an_id,
    email,
    language_code,
    period,
    some_ids,
    typed_text,
)
from kamxl.wording.texts import languages, spoken, texts
from kamxl.wording.understood import folded, folded_word, is_blank, understood, unseen

# "@" keeps what is typed: without it Excel makes a date of the period 2026-07 and 7 of the id 007.
AS_TYPED = ENTRY_TEXT.but(format="@")
AMOUNT = ENTRY.but(align="right", format="#,##0", wrap=False, indent=1)
POINTS = ENTRY.but(align="center", format="General", wrap=False)
LIVE = Style(color=MUTED, fill=SOFT, borders="tblr", align="center", format="0")
GIVEN = Style(fill=SOFT, borders="tblr", align="left", indent=1, wrap=True)
HELPER = Style(size=7, color=FAINT, align="center", borders="tb", format="0")


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
    """A fixed choice: ``codes`` are read, shown as the texts "<texts>.<code>".

    ``means`` is what each code is in a record; without it a code is what it says. ``typed``: other
    words for a code stand in the language files as the kind "<typed>_<code>" of what people type.
    """

    texts: str
    codes: tuple[str, ...]
    means: tuple[Any, ...] = ()
    typed: str = ""

    @classmethod
    def of(cls, texts: str, values: Iterable[StrEnum], typed: str = "") -> Choices:
        """A choice among the values of an enumeration."""
        held = tuple(values)
        return cls(texts, tuple(one.value for one in held), held, typed)

    def meaning(self, code: str) -> Any:
        """What a code is in a record."""
        return self.means[self.codes.index(code)] if self.means else code

    def standing_for(self, value: Any) -> str:
        """The code of what a record holds (ValueError: none stands for it)."""
        return self.codes[self.means.index(value)] if self.means else str(value)

    def label(self, code: str, language: str) -> str:
        """What a code is called in a language."""
        return texts(language)(f"{self.texts}.{code}")

    def code(self, typed: str) -> str | None:
        """The code a label of any language, or the code itself, stands for."""
        wanted = folded_word(typed)
        for code in self.codes:
            labels = {folded_word(one) for one in spoken(f"{self.texts}.{code}")}
            other = folded(f"{self.typed}_{code}") if self.typed else frozenset()
            if wanted in labels | other | {code}:
                return code
        return None

    def spelled(self) -> dict[str, str]:
        """What may be typed for each code in any language, as formulas compare it: word to code."""
        return {
            fields.spelled(word): code
            for code in self.codes
            for word in (*spoken(f"{self.texts}.{code}"), *self._others(code), code)
        }

    def _others(self, code: str) -> tuple[str, ...]:
        return understood(f"{self.typed}_{code}") if self.typed else ()


# What may be said of a number for its size alone; any other fault of a cell stays what it is.
_OF_SIZE = frozenset({None, "formula-value", "number-range", "rating-scale"})


class Blank(Enum):
    """What an empty cell says."""

    AS_DECLARED = "as declared"  # what the record's field is by itself


@dataclass(frozen=True, slots=True)
class Column:
    """One column: ``width`` in characters, ``ref`` whose values it offers ("accounts.id"),
    ``strict`` whether other values than the offered ones are refused while typing, ``length`` the
    longest text in characters. ``aside``: no card shows it, so a mistake in it keeps none back.

    Its value is the ``field`` of the record ("": the one called as the column), or one ``item`` of
    that field: a key where the field is a mapping, a number where it is a tuple. ``beside``: the
    record does not hold it; it is handed in when drawn and taken out by the form when read.
    ``blank`` is what an empty cell says, where that is not what the field is by itself.

    ``signed``: an amount may be below zero. ``given``: prefilled by kamxl, and looking so;
    ``shown``: its number format; ``align``: where its values stand. A long one is broken into
    lines, never made smaller.

    ``offers``: a table of texts whose entries a text's drop-down offers beside what one types.

    ``said``: mails say it as it stands, so that "k. A." in it is a blank.

    ``reckoned``: formulas of its workbook take it, too (points, amounts, choices), so it is read as
    they see it; what they cannot take is a mistake, and its cell turns red (``reckoning``).

    ``counted``: formulas of its workbook count its numbers, and skip one that is stored as a text;
    its cell turns red, and reading does not count it either.

    ``page``: where all columns do not fit on one printed page, it begins another.
    ``fold``: it folds away on the screen, together with its neighbours that do.

    ``named``: the column from whose text an id is proposed where it is missing ("" for none); of a
    ``person`` it is made of initials, of a ``company`` without its legal form.

    ``first``: it is needed before a first card can go.

    ``hers``: what stands in it was written for the customer, so it looks apart.

    ``since`` is the first layout that has it, ``until`` the last one (None: it goes on): a workbook
    of an earlier layout lacks it and is blank there, one of a later layout does not draw it.
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
    field: str = ""
    item: str | int | None = None
    beside: bool = False
    blank: Any = Blank.AS_DECLARED
    signed: bool = False
    offers: str = ""
    said: bool = False
    reckoned: bool = False
    counted: bool = False
    given: bool = False
    shown: str = ""
    align: Align | None = None
    page: bool = False
    fold: bool = False
    named: str = ""
    person: bool = False
    company: bool = False
    first: bool = False
    hers: bool = False
    since: int = 1
    until: int | None = None

    def stands_in(self, layout: int) -> bool:
        """Whether a workbook of this layout has the column."""
        return self.since <= layout and (self.until is None or layout <= self.until)

    @property
    def read(self) -> bool:
        """Whether the reader takes anything from it."""
        return self.kind not in (Kind.NOTE, Kind.LIVE)

    @property
    def needed(self) -> bool:
        """Whether a row is not complete without it."""
        return self.required or self.first

    @property
    def bound(self) -> str | None:
        """The field of the record that it says something of; None: of none."""
        return (self.field or self.id) if self.read and not self.beside else None

    def meaning(self, value: Any) -> Any:
        """What a value that was read is in a record."""
        chosen = self.choices is not None and self.kind is Kind.CHOICE
        return self.choices.meaning(value) if chosen and self.choices else value

    def blank_or(self, default: Any) -> Any:
        """What an empty cell says, in a field that is ``default`` by itself."""
        return default if self.blank is Blank.AS_DECLARED else self.blank

    def code(self, value: Any) -> Any:
        """What stands in a row for the value of a record; the other way round as ``meaning``."""
        if value is None or self.choices is None or self.kind is not Kind.CHOICE:
            return value
        return self.choices.standing_for(value)

    def options(self, language: str) -> tuple[str, ...]:
        """What its fixed drop-down offers in a language; empty if it has none."""
        if self.kind is Kind.LANGUAGE:
            return tuple(texts(code)("language.name") for code in languages())
        if self.offers:
            words = texts(language)
            return tuple(map(words, words.keys(self.offers)))
        if self.choices is None:
            return ()
        return tuple(self.choices.label(code, language) for code in self.choices.codes)

    def style(self, language: str) -> Style:
        """How its cells look."""
        base = self._usual(language)
        if self.given:
            base = self._given(base)
        if self.hers:
            base = base.but(fill=GOOD_SOFT)
        if self.shown:
            base = base.but(format=self.shown)
        if self.align:
            left = self.align == "left"
            base = base.but(
                align=self.align, indent=int(left), wrap=left or self.kind is Kind.CHOICE
            )
        return base

    def _given(self, base: Style) -> Style:
        """What is filled in from what is known: no input by its looks."""
        if self.kind in (Kind.POINTS, Kind.AMOUNT):
            return GIVEN.but(format="#,##0.##", align="center", indent=0)
        return GIVEN.but(format=base.format)

    def _usual(self, language: str) -> Style:
        """How cells of its kind look."""
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
        parsed = self._parsed(cell)
        skipped = self.counted and cell is not None and cell.kind is RawKind.TEXT
        if skipped and parsed.value is not None:
            return Parsed(code="number-as-text")
        if self.counted and self.kind is Kind.POINTS and fields.has_percent_sign(cell):
            found = fields.reckoned_points(cell)  # formulas count 85 % as 0.85
            if parsed.code in _OF_SIZE and found.value != parsed.value:
                return found
        return parsed

    def _parsed(self, cell: RawCell | None) -> Parsed[Any]:
        if self.read and (code := fields.withdrawn(cell)):
            return Parsed(code=code)
        if self.signed and cell is not None:
            return fields.amount(cell, signed=True)
        if cell is None or not self.read:
            return Parsed()
        if cell.kind is RawKind.ERROR:
            deliberate = cell.text == "#N/A" and not (cell.formula or self.reckoned)
            return Parsed(deliberate=True) if deliberate else Parsed(code="number-error")
        if cell.formula and not cell.text:
            return Parsed(code="formula-no-value")
        parsed = self._parser()(cell)
        if cell.formula and parsed.code is None and parsed.value is not None:
            return Parsed(parsed.value, "formula-value")
        return parsed

    def _parser(self) -> Callable[[RawCell], Parsed[Any]]:
        if self.reckoned:
            return self._reckoned
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

    def _reckoned(self, cell: RawCell) -> Parsed[Any]:
        if self.kind is Kind.POINTS:
            return fields.reckoned_points(cell)
        if self.kind is Kind.AMOUNT:
            return fields.reckoned_amount(cell)
        word = fields.spelled(cell.text)
        known = self.choices.spelled() if self.choices and cell.kind is RawKind.TEXT else {}
        if word in known:
            return Parsed(known[word])
        blank = word in fields.spelled_blanks()
        return Parsed() if blank else Parsed(code="choice-unknown")

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
        line = " ".join(unseen(parsed.value or "").split())
        if not line:
            return Parsed()
        if self.said and is_blank(line):
            return Parsed(deliberate=True)
        if len(line) > self.length:
            return Parsed(line[: self.length].rstrip(), "text-cut")
        return Parsed(line, parsed.code)


@dataclass(frozen=True, slots=True)
class Calculated(Column):
    """A calculated column, made by ``calculated``: ``formula`` makes what stands in a row.

    ``helper``: in small type, for other formulas; ``strong``: in the colour of texts.
    """

    formula: Callable[[Any, Any, Any], Any] | None = None
    helper: bool = False
    strong: bool = False

    def style(self, language: str) -> Style:
        """How its cells look."""
        if self.helper:
            return HELPER.but(align=self.align) if self.align else HELPER
        base = Column.style(self, language)
        return base.but(color=TEXT) if self.strong else base


def calculated(
    key: str,
    width: float,
    formula: Callable[[Any, Any, Any], Any],
    shown: str = "",
    align: Align | None = None,
    **look: int,
) -> Calculated:
    """A calculated column: ``formula(facts, at, line)`` makes what stands in one row.

    ``facts`` is what its book knows, ``at`` where the row and the other tables stand (``Here``),
    ``line`` what the row holds, false in an empty prepared one.
    """
    return Calculated(key, Kind.LIVE, width, formula=formula, shown=shown, align=align, **look)  # type: ignore[arg-type]


def note(key: str, width: float) -> Column:
    """The reader's own column, never read."""
    return Column(key, Kind.NOTE, width)


# What columns of several workbooks have in common.
ANSWER = Choices("register.choices.answer", ("yes", "no"), (True, False))
ROLE = Choices.of("register.choices.role", Role, typed="role")
NAME = 80  # characters: a name fits into a header or a tile of the card
LABEL = 160
LONG = 600
