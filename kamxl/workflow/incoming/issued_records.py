"""The issued records as whoever judges a file holds them: packed, each unpacked when asked for.

A process apart gets to know all of them, and asks for the one that its file names. As objects,
those of ten thousand cards are more than such a process may keep.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

import msgspec

from kamxl.core.records.register import CardOrder


class IssuedRecords(Mapping[str, CardOrder]):
    """What was issued, by digest; what has to be looked for in all of it is looked for once."""

    def __init__(self, orders: Mapping[str, CardOrder] | None = None) -> None:
        """The records as they were read here (None: there are none)."""
        self._here = dict(orders or {})
        self._packed: Mapping[str, bytes] = {}

    def __getitem__(self, digest: str) -> CardOrder:
        """The record (KeyError: none was issued)."""
        found = self._here.get(digest)
        return found if found is not None else _DECODER.decode(self._packed[digest])

    def __iter__(self) -> Iterator[str]:
        """The digests."""
        return iter(self._here or self._packed)

    def __len__(self) -> int:
        """How many were issued."""
        return len(self._here or self._packed)

    def __reduce__(self) -> tuple[object, ...]:
        """What travels: the packed records."""
        return _of_packed, (self._sent,)

    @cached_property
    def _sent(self) -> Mapping[str, bytes]:
        here = {digest: _ENCODER.encode(order) for digest, order in self._here.items()}
        return here or self._packed

    @cached_property
    def held(self) -> int:
        """Bytes that they take where they are packed."""
        return sum(map(len, self._sent.values())) + _EACH * len(self)

    @cached_property
    def by_address(self) -> Mapping[str, tuple[str, ...]]:
        """The digests of those that went to an address, in small letters ("": to none)."""
        found: dict[str, list[str]] = {}
        for digest, order in self.items():
            found.setdefault(order.respondent_email.casefold(), []).append(digest)
        return {address: tuple(digests) for address, digests in found.items()}

    @cached_property
    def of_forgotten(self) -> tuple[CardOrder, ...]:
        """Those whose respondents were forgotten."""
        return tuple(order for order in self.values() if order.forgotten is not None)

    @cached_property
    def asking_alike(self) -> tuple[CardOrder, ...]:
        """One of all that ask the same requirements in the same words."""
        found: dict[tuple[str, ...], CardOrder] = {}
        for order in self.values():
            found.setdefault(tuple(asked.label for asked in order.requirements), order)
        return tuple(found.values())


def _of_packed(packed: Mapping[str, bytes]) -> IssuedRecords:
    made = IssuedRecords()
    made._packed = packed
    return made


_EACH = 300  # bytes that Python takes for an entry of a mapping, with its name
_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(CardOrder)
