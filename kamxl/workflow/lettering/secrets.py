"""Whether a text holds a signing key, or a good part of one, in any of the usual ways to write it.

Looked for are splinters of each key's middle half: who has that has no key, so this may travel
where strange files are read. Nothing else in the world holds one by chance. Whoever knows a key may
still hide it in ways that are not looked for: this is for copies, not against spies.
"""

from __future__ import annotations

import binascii
import re
import string
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from kamxl.workflow.lettering.disguises import INVISIBLE, ways

_PIECE = 7  # digits of a piece: two of them are no chance in what a text shows,
_RUN = 13  # but of all that may be packed in it there is so much that it takes a longer one
_SHORTEST = 10  # letters that can hold two pieces, or a run
_TAG = re.compile(r"<[^<>]*>")
_ESCAPE = re.compile("0x", re.IGNORECASE)  # its nought would stand between the digits
_LOWER = bytes(range(256)).lower()
_NO_HEX = bytes(set(range(256)) - set(b"0123456789abcdefABCDEF"))
_ALPHABET = (string.ascii_uppercase + string.ascii_lowercase + string.digits + "+/").encode()
_BASE64 = bytes.maketrans(b"-_", b"+/")
_NO_BASE64 = bytes(set(range(256)) - set(string.ascii_letters.encode() + b"0123456789+/-_"))


@dataclass(frozen=True, slots=True)
class Splinters:
    """Of each key's middle half: its bytes (``raw``), and ``pieces`` and ``runs`` of its digits.

    One of the ``hints`` stands in each run, and one of ``packed`` where base64 holds a run.
    """

    raw: tuple[bytes, ...] = field(default=(), repr=False)
    pieces: tuple[tuple[bytes, ...], ...] = field(default=(), repr=False)
    runs: tuple[bytes, ...] = field(default=(), repr=False)
    hints: tuple[bytes, ...] = field(default=(), repr=False)
    packed: tuple[bytes, ...] = field(default=(), repr=False)

    @staticmethod
    def of(keys: Iterable[bytes]) -> Splinters:
        """Of all keys there are, old ones too."""
        middles = tuple(key[len(key) // 4 : len(key) * 3 // 4] for key in keys)
        digits = tuple(middle.hex().encode() for middle in middles)
        return Splinters(
            middles,
            tuple(tuple(_windows(one, _PIECE)) for one in digits),
            tuple(run for one in digits for run in _windows(one, _RUN)),
            tuple(one[at : at + 6] for one in digits for at in range(0, len(one) - 5, 8)),
            tuple(letters for middle in middles for letters in _in_base64(middle)),
        )

    def are_in(self, text: str) -> bool:
        """Whether a text holds a key: in any case, backwards, in pieces of eight digits, packed."""
        if not self.raw or len(text) < _SHORTEST:
            return False
        seen = INVISIBLE.sub("", text if text.isascii() else unicodedata.normalize("NFKC", text))
        every = (one for way in ways(seen) for one in (way, _TAG.sub("", way)))
        return any(map(self._in, dict.fromkeys(every)))

    def are_in_bytes(self, data: bytes) -> bool:
        """Whether bytes hold a key as it is."""
        return any(one in data for one in self.raw)

    def _in(self, text: str) -> bool:
        escaped = "0x" in text or "0X" in text
        digits = _digits((_ESCAPE.sub("", text) if escaped else text).encode("ascii", "ignore"))
        if any(sum(one in digits for one in pieces) > 1 for pieces in self.pieces):
            return True
        letters = text.encode("ascii", "ignore").translate(_BASE64, _NO_BASE64)
        held = _unpacked(letters, digits)
        if not self._hinted(letters, digits, held):
            return False
        inside = b" ".join(one for data in held for one in (data.hex().encode(), _digits(data)))
        return any(run in inside for run in self.runs)

    def _hinted(self, letters: bytes, digits: bytes, held: Iterable[bytes]) -> bool:
        """Whether a run may be packed in a text: what is no part of any holds none.

        Most texts hold none, and this takes a third of the time that looking for runs does.
        """
        if any(one in letters for one in self.packed):
            return True
        told = b" ".join((digits, *map(_digits, held)))
        return any(one in told for one in self.hints)


def _windows(digits: bytes, size: int) -> Iterator[bytes]:
    """Every other one: a run longer by a digit holds one. Mere figures are in every workbook."""
    every = (digits[at : at + size] for at in range(0, len(digits) - size + 1, 2))
    return (one for one in every if not one.isdigit())


def _digits(text: bytes) -> bytes:
    return text.translate(_LOWER, _NO_HEX)


def _unpacked(letters: bytes, digits: bytes) -> list[bytes]:
    """All that may be packed in a text, in base64 or hexadecimal."""
    wholes = (letters[at : at + len(letters[at:]) // 4 * 4] for at in range(4))
    held = [binascii.a2b_base64(whole) for whole in wholes]
    return held + [
        bytes.fromhex(digits[at : at + len(digits[at:]) // 2 * 2].decode()) for at in (0, 1)
    ]


def _in_base64(data: bytes) -> Iterator[bytes]:
    """What is in the base64 of anything that holds a run of the digits of ``data``.

    A run is 52 bits and begins at one of three places within a letter, so that eight of its letters
    are whole: among these are four that stand together here, as every fifth begins such four.
    """
    bits = "".join(f"{byte:08b}" for byte in data)
    for begin in (0, 2, 4):
        places = range(begin, len(bits) - 5, 6)
        letters = bytes(_ALPHABET[int(bits[at : at + 6], 2)] for at in places)
        yield from (letters[at : at + 4] for at in range(0, len(letters) - 3, 5))
