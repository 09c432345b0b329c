"""Records in which every text and every figure is one that stands nowhere else."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date
from enum import Enum
from itertools import count
from typing import Any

BIRD = "Kanarivogel"


class Cage:
    """Makes canaries; ``texts`` and ``figures`` by (type, field)."""

    def __init__(self) -> None:
        self.texts: dict[tuple[str, str], str] = {}
        self.figures: dict[tuple[str, str], float] = {}
        self._next = count(1)

    def record(self, kind: type, **given: Any) -> Any:
        """One record of a type, all its fields filled; ``given`` are taken as they are."""
        hints = typing.get_type_hints(kind)
        made = {
            f.name: self.value(hints[f.name], kind.__name__, f.name)
            for f in fields(kind)
            if f.name not in given
        }
        return kind(**made, **given)

    def value(self, hint: Any, holder: str, name: str) -> Any:
        """A value of a declared type."""
        arguments = typing.get_args(hint)
        origin = typing.get_origin(hint)
        if origin in (typing.Union, types.UnionType):
            return self.value(arguments[0], holder, name)
        if origin is tuple:
            return (self.value(arguments[0], holder, name),)
        if hint is str:
            return self.texts.setdefault((holder, name), f"{BIRD} {self._word()}")
        if hint is float:
            figure = 7_654_321.0 + 1_013 * next(self._next)
            return self.figures.setdefault((holder, name), figure)
        return self._other(hint)

    def _other(self, hint: Any) -> Any:
        if hint is bool:
            return True
        if hint is int:
            return 2027
        if hint is date:
            return date(2027, 3, 4)
        if isinstance(hint, type) and issubclass(hint, Enum):
            return list(hint)[-1]  # of a ladder the first level is met by nothing
        if is_dataclass(hint):
            given = {"probability": 50.0} if "Programme" in hint.__name__ else {}
            return self.record(hint, **given)
        raise TypeError(f"no canary for {hint!r}: say here what one is")

    def _word(self) -> str:
        number = next(self._next)
        return "nest" + "".join(chr(ord("a") + int(digit)) for digit in f"{number:04}")


def text_fields(kind: Any, seen: set[Any] | None = None) -> Iterator[tuple[str, str]]:
    """Every field that holds text in a type of record and in those inside it."""
    seen = set() if seen is None else seen
    if is_dataclass(kind) and kind not in seen:
        seen.add(kind)
        for name, hint in typing.get_type_hints(kind).items():
            for inner in _leaves(hint):
                if inner is str:
                    yield kind.__name__, name
                else:
                    yield from text_fields(inner, seen)


def _leaves(hint: Any) -> Iterator[Any]:
    arguments = [a for a in typing.get_args(hint) if a is not Ellipsis]
    if not arguments:
        yield hint
    elif typing.get_origin(hint) in (dict, Mapping) or "Mapping" in str(hint):
        yield from _leaves(arguments[1])
    else:
        for argument in arguments:
            yield from _leaves(argument)


def with_texts(value: Any, texts: Mapping[tuple[str, str], str]) -> Any:
    """The record with these fields replaced, wherever a record of their type stands in it."""
    if isinstance(value, tuple):
        return tuple(with_texts(one, texts) for one in value)
    if not is_dataclass(value) or isinstance(value, type):
        return value
    kind = type(value).__name__
    changed = {f.name: with_texts(getattr(value, f.name), texts) for f in fields(value) if f.init}
    changed |= {name: text for (holder, name), text in texts.items() if holder == kind}
    return replace(value, **changed)
