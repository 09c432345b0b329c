"""Texts as they are compared when something looks for them in a file."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from functools import cache
from typing import NamedTuple

_TOKEN = re.compile(r"[^\W_]+")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")  # soft hyphens and the like
_SENTENCE = re.compile(r"[.!?;:\n]+(?:\s|$)")
_SENTENCE_WORDS = 4


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text as they are compared: composed, without case and invisible marks."""
    seen = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).casefold()
    return tuple(_TOKEN.findall(seen))


def sentences_of(text: str) -> Iterator[str]:
    """The sentences of a longer text, those that say something."""
    parts = [part.strip() for part in _SENTENCE.split(text) if part.strip()]
    if len(parts) > 1:
        yield from (part for part in parts if len(words_of(part)) >= _SENTENCE_WORDS)


def short_names(name: str, legal_forms: Collection[str]) -> tuple[str, ...]:
    """A company's name, and as people say it: without the ``legal_forms`` (folded) at its end."""
    pieces = name.split()
    while len(pieces) > 1 and all(w in legal_forms for w in words_of(pieces[-1])):
        pieces.pop()
    short = " ".join(pieces).rstrip(" ,&")
    return (name, short) if words_of(short) != words_of(name) else (name,)


class InnerText(NamedTuple):
    """A text inside records: the type of the ``record`` it stands in, its ``field`` there."""

    record: str
    field: str
    text: str


def inner_texts(value: object, record: str = "", field: str = "") -> Iterator[InnerText]:
    """Every text inside records; choices from a list are none."""
    if isinstance(value, str):
        if not isinstance(value, Enum) and value:
            yield InnerText(record, field, value)
    elif is_dataclass(value):
        kind: type = type(value)
        for name in _names(kind):
            inner = getattr(value, name)
            if inner:  # what says nothing need not be asked what it is
                yield from inner_texts(inner, kind.__name__, name)
    elif not isinstance(value, bytes | date | Enum):
        for part in _parts(value):
            yield from inner_texts(part, record, field)


@cache
def _names(record: type) -> tuple[str, ...]:
    return tuple(one.name for one in fields(record))


def _parts(value: object) -> Iterator[object]:
    if isinstance(value, Mapping):
        yield from value.values()
    elif isinstance(value, Sequence | frozenset):
        yield from value
