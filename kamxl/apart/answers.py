"""What comes back from a process apart: data of the type its function declares, never code.

Whoever took such a process over can answer wrongly, but neither run anything here nor hand in what
nobody asked for: an answer is decoded as the return type of the function (msgspec), a problem as
one of the exceptions that the function declares (``raises``). Any other would end the run, which no
file may.
"""

from __future__ import annotations

import sys
import typing
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import PurePath
from typing import Any, TypeVar

import msgspec

from kamxl.errors import KamxlError, Reason

_KIND = "~"  # the key under which a value that is no plain one says what it is
_LONGEST = 500  # letters of what cannot be told otherwise
_SMALL = 1024 * 1024  # bytes that no answer becomes dangerous with
_MANY = 5_000_000  # values: of 200,000 cells, the most a reader takes, there are 3,500,000
# MessagePack: by the first byte of a value, its size; of a list or mapping, that of its head.
# Negative: so many bytes behind the first say how many follow.
_SIZES = [
    *[1] * 0xA0, *range(1, 0x21), *[1] * 4, -1, -2, -4, -1, -2, -4,
    5, 9, 2, 3, 5, 9, 2, 3, 5, 9, 3, 4, 6, 10, 18, -1, -2, -4, 3, 5, 3, 5, *[1] * 0x20,
]  # fmt: skip
_EXTENDED = range(0xC7, 0xCA)  # another byte says of what kind it is: a time long ago


Work = TypeVar("Work", bound=Callable[..., Any])


def raises(*kinds: type[Exception]) -> Callable[[Work], Work]:
    """Declare what a function that works apart raises about what it was given, and nothing else."""

    def declared(function: Work) -> Work:
        _RAISES[function] = kinds
        return function

    return declared


def holds(values: int) -> Callable[[Work], Work]:
    """Declare that the answers of a function may hold so many values, and not as many as others."""

    def declared(function: Work) -> Work:
        _HOLDS[function] = values
        return function

    return declared


def may_raise(function: object) -> tuple[type[Exception], ...]:
    """What it declares that it raises."""
    return _RAISES.get(function, ())


_RAISES: dict[object, tuple[type[Exception], ...]] = {}
_HOLDS: dict[object, int] = {}


class Strange(Exception):  # noqa: N818 what came in is to blame, not we
    """An answer that is not of the type it should have."""


def packed(answer: object) -> bytes:
    """An answer as bytes (TypeError and the like: it is not made of data)."""
    return _ENCODER.encode(answer)


def unpacked(function: Callable[..., Any], data: bytes) -> Any:
    """The answer in ``data``, of the type that ``function`` declares (Strange: it is not)."""
    decoder = _decoder(function)
    try:
        most = _HOLDS.get(function, _MANY)
        if len(data) > _SMALL and things(data, most) > most:
            raise Strange("more than any file that is read can hold")
        return decoder.decode(data)
    except (msgspec.MsgspecError, ValueError, TypeError, RecursionError, MemoryError) as problem:
        raise Strange(f"{type(problem).__name__}: {problem!s:.200}") from problem


def packed_problem(problem: BaseException) -> bytes:
    """An exception as bytes: its class by name, and what it was made with as plain values."""
    kind = type(problem)
    notes = "\n".join(getattr(problem, "__notes__", ()))
    return _ENCODER.encode([kind.__module__, kind.__qualname__, _plain(_made_with(problem)), notes])


def unpacked_problem(data: bytes) -> Exception:
    """The exception in ``data``, if it is one of ours that is loaded; else a RuntimeError of it."""
    try:
        module, name, values, notes = _PROBLEM.decode(data if len(data) <= _SMALL else b"")
        problem = _problem(module, name, values)
        if notes:
            problem.add_note(notes)
    except Exception as strange:  # whatever a class of ours says to values that are not its own
        return RuntimeError(f"{strange!s:.200}")
    return problem


def things(data: bytes, most: int) -> int:
    """How many values are packed in ``data``, counted until there are more than ``most``.

    A value of one byte becomes an object of a hundred: the length alone bounds no memory.
    """
    place, count, end = 0, 0, len(data)
    while place < end and count <= most:
        first = data[place]
        size = _SIZES[first]
        if size < 0:  # the length of a text or of bytes, in as many bytes, stands behind its kind
            follow = int.from_bytes(data[place + 1 : place + 1 - size], "big")
            size = 1 - size + follow + (first in _EXTENDED)
        place += size
        count += 1
    return count


@cache
def _decoder(function: Callable[..., Any]) -> msgspec.msgpack.Decoder[Any]:
    declared = typing.get_type_hints(function).get("return", Any)
    return msgspec.msgpack.Decoder(declared)


def _otherwise(value: object) -> object:
    """What msgspec does not know by itself."""
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, PurePath):
        return str(value)
    raise TypeError(f"{type(value).__name__} is no data")


_ENCODER = msgspec.msgpack.Encoder(enc_hook=_otherwise)
_PROBLEM = msgspec.msgpack.Decoder(tuple[str, str, list[Any], str])


def _made_with(problem: BaseException) -> list[object]:
    if isinstance(problem, KamxlError):
        return [problem.code, dict(problem.values)]
    if isinstance(problem, OSError):
        return [problem.errno, problem.strerror, problem.filename]
    return list(problem.args)


def _plain(value: object) -> Any:
    """The value as numbers, texts, lists and mappings."""
    if value is None or isinstance(value, bool | int | float | str | bytes):
        return value
    if isinstance(value, Reason):
        return {_KIND: "reason", "code": value.code, "values": _plain(value.values)}
    if isinstance(value, BaseException):
        kind = type(value)
        named = {"module": kind.__module__, "name": kind.__qualname__}
        return {_KIND: "problem", **named, "values": _plain(_made_with(value))}
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(one) for one in value]
    return f"{value!s:.{_LONGEST}}"


def _full(value: Any) -> Any:
    """The same values back."""
    if isinstance(value, list):
        return [_full(one) for one in value]
    if not isinstance(value, dict):
        return value
    kind = value.get(_KIND)
    if kind == "reason":
        return Reason(str(value["code"]), **_full(value["values"]))
    if kind == "problem":
        return _problem(value["module"], value["name"], value["values"])
    return {key: _full(one) for key, one in value.items()}


def _problem(module: str, name: str, values: list[Any]) -> Exception:
    found = _loaded(module, name)
    full = _full(values)
    if found is None:
        return RuntimeError(f"{name}: {', '.join(map(str, full))!s:.{_LONGEST}}")
    if issubclass(found, KamxlError):
        code, told = full
        return found(code, **told)
    return found(*full)


def _loaded(module: str, name: str) -> type[Exception] | None:
    """The exception of ours, or of Python itself, of this name; nothing is imported for it."""
    if module != "builtins" and module.partition(".")[0] != "kamxl":
        return None
    known = sys.modules.get(module)
    found = vars(known).get(name) if known is not None else None
    is_one = isinstance(found, type) and issubclass(found, Exception)
    return found if is_one else None
