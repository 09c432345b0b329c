"""Proof that a workbook is its layout with the given values in its slots, and nothing else.

Nothing here renders. The bytes are taken apart: the zip entry by entry, every finished piece byte
for byte, every open place read back and compared with the value that belongs there. Whatever a
renderer did besides, by mistake or by a change of its code, is therefore seen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kamxl.excel.proof.cells import RowsProof, StringTable
from kamxl.excel.proof.texts import CacheProof, Picked, TextProof, UnprovenError
from kamxl.excel.proof.zip import Entry, entries, inflated
from kamxl.excel.writing.caches import Cache
from kamxl.excel.writing.cells import Rows, Strings
from kamxl.excel.writing.draw import Layout
from kamxl.excel.writing.filling import Hole, Piece
from kamxl.forms.paper.book import Formula, Scalar, Slot

_STRINGS = "xl/sharedStrings.xml"
_Open = TextProof | CacheProof | RowsProof
_Stands = tuple[bytes, int, int]  # an entry: packed, how long it is, its checksum


@dataclass(frozen=True, slots=True)
class Doubt:
    """Where a workbook is not what it should be: the part of the file, and what is wrong there."""

    part: str
    reason: str


@dataclass(slots=True)
class Proof:
    """One layout, prepared once, against which any number of workbooks are held."""

    layout: Layout
    _parts: dict[str, bytes | tuple[str | _Open, ...]] = field(init=False, repr=False)
    _packed: dict[str, _Stands] = field(init=False, repr=False, default_factory=dict)

    _slots: dict[str, Picked] = field(init=False, repr=False)  # of parts without rows
    _passed: dict[str, tuple[_Stands, Any]] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._parts = {name: _prepared(name, pieces) for name, pieces in self.layout.parts}
        self._slots = {
            name: Picked.of_slots([key for piece in part for key in _keys(piece)])
            for name, part in self._parts.items()
            if not isinstance(part, bytes) and not any(isinstance(p, RowsProof) for p in part)
        }

    def doubt(self, data: bytes, values: Mapping[str, Scalar]) -> Doubt | None:
        """The first place that is not proven; None: every byte of the workbook is.

        ``values`` are those of the slots, from the record of which the card was made.
        """
        part = "zip"
        try:
            found = entries(data, tuple(self._parts))
            part = _STRINGS
            strings = self._strings(data, found[part])
            for part, prepared in self._parts.items():
                if isinstance(prepared, bytes):
                    self._constant(data, found[part], prepared)
                elif part != _STRINGS:
                    self._open(data, found[part], prepared, values, strings)
            part = _STRINGS
            strings.all_used()
        except UnprovenError as problem:
            return Doubt(part, str(problem))
        return None

    def _constant(self, data: bytes, entry: Entry, expected: bytes) -> None:
        packed = _as_it_stands(data, entry)
        if self._packed.get(entry.name) == packed:
            return
        if inflated(data, entry) != expected:
            raise UnprovenError("differs from the layout")
        self._packed[entry.name] = packed

    def _open(
        self,
        data: bytes,
        entry: Entry,
        prepared: Sequence[str | _Open],
        values: Mapping[str, Scalar],
        strings: StringTable,
    ) -> None:
        """Hold a part with slots; one without rows that was proven with these values, it is."""
        picked = self._slots.get(entry.name)
        known = None if picked is None else (_as_it_stands(data, entry), picked.of(values))
        if known is not None and known == self._passed.get(entry.name):
            return
        _walk(prepared, _text(inflated(data, entry)), values, strings)
        if known is not None:
            self._passed[entry.name] = known

    def _strings(self, data: bytes, entry: Entry) -> StringTable:
        prepared = self._parts[_STRINGS]
        if isinstance(prepared, bytes):
            raise UnprovenError("the layout has no shared strings")
        return StringTable.read(str(prepared[0]), _text(inflated(data, entry)))


def _as_it_stands(data: bytes, entry: Entry) -> _Stands:
    """What an entry holds, packed, and what the zip says of it."""
    return data[entry.begin : entry.end], entry.size, entry.checksum


def _text(content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError as problem:
        raise UnprovenError("is no text") from problem


def _prepared(name: str, pieces: Sequence[str | Piece]) -> bytes | tuple[str | _Open, ...]:
    """A part's pieces, neighbouring finished ones joined; one that has no others as bytes."""
    joined: list[str | Piece] = []
    for piece in pieces:
        if isinstance(piece, str) and joined and isinstance(joined[-1], str):
            joined[-1] += piece
        else:
            joined.append(piece)
    if name == _STRINGS and isinstance(joined[-1], Strings):
        return tuple(piece for piece in joined if isinstance(piece, str))
    if all(isinstance(piece, str) for piece in joined):
        return "".join(map(str, joined)).encode()
    around = zip(["", *joined], joined, [*joined[1:], ""], strict=False)
    return tuple(_opened(*three) for three in around)


def _opened(before: str | Piece, piece: str | Piece, after: str | Piece) -> str | _Open:
    if isinstance(piece, str):
        return piece
    if isinstance(piece, Hole):
        if not isinstance(before, str) or not isinstance(after, str):
            raise TypeError("two texts stand side by side: nobody could tell where one ends")
        return TextProof.of(piece.content, before, after)
    if isinstance(piece, Rows):
        return RowsProof.of(piece)
    if isinstance(piece, Cache):
        return CacheProof(piece.kind, piece.contents)
    raise TypeError(f"no proof for {type(piece).__name__}: say here how it is read back")


def _keys(piece: str | _Open) -> Iterator[str]:
    """The slots whose values a text or a chart shows."""
    if isinstance(piece, TextProof | CacheProof):
        for content in (piece.content,) if isinstance(piece, TextProof) else piece.contents:
            held = content.value if isinstance(content, Formula) else content
            if isinstance(held, Slot):
                yield held.key


def _walk(
    prepared: Sequence[str | _Open], text: str, values: Mapping[str, Scalar], strings: StringTable
) -> None:
    """Hold a part's text against its pieces, from its first to its last letter."""
    at = 0
    for piece in prepared:
        if isinstance(piece, str):
            if not text.startswith(piece, at):
                raise UnprovenError("differs from the layout")
            at += len(piece)
        elif isinstance(piece, RowsProof):
            at = piece.read(text, at, values, strings)
        else:
            at = piece.read(text, at, values)
    if at != len(text):
        raise UnprovenError("goes on after the layout's end")
