"""What the cells of a column look like, whatever stands above them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from kamxl.core.cards.internal_words import words_of
from kamxl.forms.exports.amounts import amount, looks_formatted
from kamxl.forms.paper.raw import RawCell, RawKind
from kamxl.forms.register.sheets import FORM
from kamxl.forms.tables import fields
from kamxl.forms.tables.fields import plain
from kamxl.forms.tables.figures import currency_of
from kamxl.forms.tables.typed import email, language_code
from kamxl.wording.functions import function_of
from kamxl.wording.people import addressing
from kamxl.wording.understood import folded

Test = Callable[[RawCell], bool]
_PHONE = re.compile(r"[+(0][\d\s()/.–-]{5,}\d|\d{3,}[\s/–-]\d[\d\s/–-]{3,}")
_NAME_WORD = re.compile(r"(?:[^\W\d_]|['’.-])+")
_PARTICLES = frozenset(
    {"von", "van", "vom", "zu", "zur", "der", "den", "de", "di", "da", "del", "la"}
)
_LONGEST = 300  # characters: what is longer is a remark, whatever it looks like
_FORMER_WORDS = 6  # of a name at the most


def share(cells: Iterable[RawCell], test: Test) -> float:
    """The share of the cells that pass, 0 to 1; 0 if there are none."""
    tested = [len(cell.text) <= _LONGEST and test(cell) for cell in cells]
    return sum(tested) / len(tested) if tested else 0.0


def is_email(cell: RawCell) -> bool:
    """An e-mail address, right or nearly: people mistype them."""
    return "@" in cell.text and " " not in cell.text.strip()


def is_right_email(cell: RawCell) -> bool:
    """An e-mail address that can be written to."""
    return email(cell).code is None


def is_phone(cell: RawCell) -> bool:
    """A telephone number."""
    return cell.kind is RawKind.TEXT and _PHONE.fullmatch(plain(cell.text)) is not None


def is_amount(cell: RawCell) -> bool:
    """A number, in whatever spelling."""
    code = amount(cell).code
    return code in (None, "number-ambiguous", "number-negative") and not is_phone(cell)


def is_formatted_amount(cell: RawCell) -> bool:
    """A number that looks like money: grouped, with decimals or a currency."""
    if cell.kind is RawKind.NUMBER:
        money = not set(cell.number_format).isdisjoint("#€$,")
        return not fields.is_date_format(cell.number_format) and money
    return is_amount(cell) and looks_formatted(cell.text)


def is_text(cell: RawCell) -> bool:
    """Words, not a number or a date alone."""
    return (
        cell.kind is RawKind.TEXT and sum(map(str.isalpha, cell.text)) >= 2 and "@" not in cell.text
    )


def is_number(cell: RawCell) -> bool:
    """What tells records apart: a text with digits, or the long keys of cloud programs."""
    bare = plain(cell.text)
    return any(map(str.isdigit, bare)) and " " not in bare and "@" not in bare and len(bare) <= 40


def is_company(cell: RawCell) -> bool:
    """A name with a legal form in it."""
    return is_text(cell) and not folded("legal_forms").isdisjoint(
        words_of(bare_dots(cell.text))[1:]
    )


def bare_dots(text: str) -> str:
    """Without the dots of "S.A." and "e. V.", as legal forms are compared."""
    return re.sub(r"\b([^\W\d_])\.\s?(?=[^\W\d_]\b)", r"\1", text)


def is_person(cell: RawCell) -> bool:
    """Two words and more, as names of people are written."""
    words = re.split(r"[\s,]+", plain(cell.text))
    words = [word for word in words if word and word.casefold() not in addressing()]
    if not 2 <= len(words) <= _FORMER_WORDS or is_company(cell) or is_function(cell):
        return False
    return all(_NAME_WORD.fullmatch(w) and (_is_capital(w) or w in _PARTICLES) for w in words)


def is_single_name(cell: RawCell) -> bool:
    """A first name or a last name alone."""
    words = plain(cell.text).split()
    long = [word for word in words if word not in _PARTICLES]
    return len(long) == 1 and all(_NAME_WORD.fullmatch(w) and _is_capital(w) for w in long)


def is_name(cell: RawCell) -> bool:
    """What may be a person's name, whole or in part."""
    words = [word for word in re.split(r"[\s,]+", plain(cell.text)) if word]
    names = [word for word in words if word.casefold() not in addressing() | _PARTICLES]
    return 0 < len(names) <= _FORMER_WORDS and all(
        _NAME_WORD.fullmatch(word) and _is_capital(word) for word in names
    )


def _is_capital(word: str) -> bool:
    return not word[0].islower()  # of many scripts no letter is a capital


def is_currency(cell: RawCell) -> bool:
    """A currency alone."""
    text = plain(cell.text)
    return len(text) <= len("Euro") and bool(currency_of(text))


def is_function(cell: RawCell) -> bool:
    """A function or a department that is understood."""
    return is_text(cell) and bool(function_of(cell.text))


def is_form(cell: RawCell) -> bool:
    """A form of address, with a title perhaps."""
    return form_of(cell.text) is not None


def form_of(text: str) -> str | None:
    """The code of the form of address that a text begins with ("Frau Dr.")."""
    first = plain(text).split(" ")[0]
    return FORM.code(first) if first else None


def is_title(cell: RawCell) -> bool:
    """Titles that stand before a name, and nothing else."""
    words = plain(cell.text).casefold().split()
    return bool(words) and all(word in folded("titles") for word in words)


def is_language(cell: RawCell) -> bool:
    """A language, by its name or its code."""
    return language_of(cell) is not None


def language_of(cell: RawCell) -> str | None:
    """The code of the language that a cell names, if there are texts in it."""
    return language_code(cell).value
