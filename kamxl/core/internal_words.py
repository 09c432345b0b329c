"""Texts and figures as they are compared when something looks for them in a file."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum

_TOKEN = re.compile(r"[^\W_]+")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")  # soft hyphens and the like
_SENTENCE = re.compile(r"[.!?;:\n]+(?:\s|$)")
_SENTENCE_WORDS = 4
_LEGAL = frozenset(
    {
        "ab", "ag", "as", "bv", "co", "corp", "eg", "ev", "gmbh", "inc", "kg", "kgaa", "limited",
        "llc", "llp", "ltd", "mbh", "nv", "ohg", "oy", "plc", "sa", "sarl", "se", "sl", "spa",
        "srl",
    }
)  # fmt: skip
# Whole numbers of four digits and more, grouped in any country's way or not, perhaps decimals.
_GROUPED = r"\d{1,3}(?:(?:\.\d{3})+|(?:,\d{3})+|(?:['’ \u00a0\u202f]\d{3})+)"
_FIGURE = re.compile(rf"(?<![\w.,'’])({_GROUPED}|\d{{4,}})([.,]\d{{1,15}})?(?![\w])")
_LARGE = 100_000  # from here on round figures tell something, too
_YEARS = range(1900, 2101)


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text as they are compared: composed, without case and invisible marks."""
    seen = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).casefold()
    return tuple(_TOKEN.findall(seen))


def sentences_of(text: str) -> Iterator[str]:
    """The sentences of a longer text, those that say something."""
    parts = [part.strip() for part in _SENTENCE.split(text) if part.strip()]
    if len(parts) > 1:
        yield from (part for part in parts if len(words_of(part)) >= _SENTENCE_WORDS)


def short_names(name: str) -> tuple[str, ...]:
    """A company's name, and as people say it: without the legal form at its end."""
    pieces = name.split()
    while len(pieces) > 1 and all(w in _LEGAL for w in words_of(pieces[-1])):
        pieces.pop()
    short = " ".join(pieces).rstrip(" ,&")
    return (name, short) if words_of(short) != words_of(name) else (name,)


def inner_texts(value: object, holder: str = "", field: str = "") -> Iterator[tuple[str, str, str]]:
    """Every text inside records, with the record's type and field; choices from a list are none."""
    if isinstance(value, str):
        if not isinstance(value, Enum) and value:
            yield holder, field, value
    elif is_dataclass(value):
        for one in fields(value):
            yield from inner_texts(getattr(value, one.name), type(value).__name__, one.name)
    elif not isinstance(value, bytes | date | Enum):
        for part in _parts(value):
            yield from inner_texts(part, holder, field)


def figures_of(value: object) -> Iterator[str]:
    """The telling figures inside records, each as a text would have it, to the unit as well."""
    for number in _numbers(value):
        if _tells(number):
            yield f"{number:.15g}"
            yield f"{number:.0f}"


def figures_in(text: str) -> Iterator[tuple[str, str]]:
    """The figures of a text: as it writes them, and as ``figures_of`` does."""
    for match in _FIGURE.finditer(text):
        whole = re.sub(r"\D", "", match[1])
        decimals = (match[2] or "").replace(",", ".")
        yield match[0], f"{float(whole + decimals):.15g}"


def _tells(number: float) -> bool:
    if number < 1000 or number == float("inf") or number in _YEARS:
        return False
    return number >= _LARGE or len(f"{number:.0f}".rstrip("0")) > 2


def _numbers(value: object) -> Iterator[float]:
    if isinstance(value, int | float) and not isinstance(value, bool | Enum):
        yield abs(float(value))
    elif is_dataclass(value):
        for one in fields(value):
            yield from _numbers(getattr(value, one.name))
    elif not isinstance(value, str | bytes | date | Enum):
        for part in _parts(value):
            yield from _numbers(part)


def _parts(value: object) -> Iterator[object]:
    if isinstance(value, Mapping):
        yield from value.values()
    elif isinstance(value, Sequence | frozenset):
        yield from value
