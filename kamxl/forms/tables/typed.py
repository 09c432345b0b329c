"""What is typed into a cell that is neither number nor free text: ids, addresses, periods."""

from __future__ import annotations

import re

from kamxl.core.ids import is_id
from kamxl.forms.paper.raw import RawCell, RawKind
from kamxl.forms.tables import fields
from kamxl.forms.tables.fields import Parsed, plain
from kamxl.wording.periods import period_meant
from kamxl.wording.spoken import language_meant
from kamxl.wording.understood import as_seen, is_blank

MAX_EMAIL = 254


_FORMAT = re.compile(r'"([^"]*)"|\\(.)|([-/.: ()])|(0+)|(#+)|_.|(.)', re.DOTALL)
LONGEST_FORMAT = 60  # of one that makes an id of a number


def typed_text(cell: RawCell) -> str | None:
    """The text of a cell as a person sees it; None for a blank, deliberate or not."""
    seen = plain(as_seen(cell.text))
    if cell.kind is RawKind.NUMBER and cell.number is not None and cell.number.is_integer():
        seen = _shown(cell.number, cell.number_format) if abs(cell.number) < 1e15 else seen
    return None if not seen or is_blank(seen) else seen


def _shown(number: float, code: str) -> str:
    """A whole number as its format shows it: 123 is "00123" under "00000", and "K-123" under
    '"K-"000'. Under a format that does more than put zeros and signs, its digits.
    """
    digits = str(int(number))
    first = re.sub(r"\[[^\]]*\]", "", code.split(";")[0]) if '"' not in code else code
    pieces = [m for m in _FORMAT.finditer(first[:LONGEST_FORMAT]) if not m[0].startswith("_")]
    zeros = sum(len(m[4]) for m in pieces if m[4])
    if number < 0 or not zeros or len(first) > LONGEST_FORMAT or any(m[6] for m in pieces):
        return digits
    left = digits.rjust(zeros, "0")
    shown: list[str] = []
    for m in reversed(pieces):  # the last places fill up first
        if not m[4]:
            shown.append("" if m[5] else m[1] or m[2] or m[3] or "")
            continue
        zeros -= len(m[4])
        here = left[-len(m[4]) :] if zeros else left
        shown.append(here)
        left = left[: -len(here)]
    return "".join(reversed(shown)).strip()


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
    parts = tuple(part.strip() for part in re.split(r"[,;\n]", as_seen(cell.text)))
    parts = tuple(filter(None, parts)) if cell.kind is RawKind.TEXT else (typed,)
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
    """A period in its one spelling, however people write it: "2. Halbjahr 2026", "Q3/2026"."""
    typed = typed_text(cell)
    if typed is None:
        return Parsed()
    found = None if _is_date(cell) else period_meant(typed)
    return Parsed(found.text) if found else Parsed(code="period-bad")


def language_code(cell: RawCell) -> Parsed[str]:
    """A language we have texts for, by its code or by its name in any language we have."""
    typed = typed_text(cell)
    if typed is None:
        return Parsed()
    code = language_meant(typed)
    return Parsed(code) if code else Parsed(code="choice-unknown")


def _is_date(cell: RawCell) -> bool:
    number = cell.kind is RawKind.NUMBER and fields.is_date_format(cell.number_format)
    return number or cell.kind is RawKind.DATE
