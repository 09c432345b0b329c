"""Whether a text holds a signing key, however it is written down.

Only a splinter of each key is looked for: who has the key's middle half has no key, so this may
travel where strange files are read. Nothing else in the world holds one by chance.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import unescape

_NO_HEX = re.compile(r"[^0-9a-f]+")
_NO_BASE64 = re.compile(r"[^A-Za-z0-9+/]+")
_TAG = re.compile(r"<[^>]*>")
# How single bytes are written: \xab, %ab, &#xab;, 0xab - and what a mail breaks its lines with.
_ESCAPES = re.compile(r"0x|\\x|=\r?\n", re.IGNORECASE)
_URL_SAFE = str.maketrans("-_", "+/")
# Letters that nobody sees, and that would end a run of digits.
INVISIBLE = re.compile("[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
                       "\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]+")  # fmt: skip
_WIDE = {0xFF10 + n: str(n) for n in range(10)}
_WIDE |= {base + n: chr(0x61 + n) for base in (0xFF21, 0xFF41) for n in range(6)}


@dataclass(frozen=True, slots=True)
class Splinters:
    """The middle of each key as text has it: ``hexadecimal`` digits, or ``base64``."""

    raw: tuple[bytes, ...] = field(default=(), repr=False)
    hexadecimal: tuple[str, ...] = field(default=(), repr=False)
    base64: tuple[str, ...] = field(default=(), repr=False)

    @staticmethod
    def of(keys: Iterable[bytes]) -> Splinters:
        """Of all keys there are, old ones too."""
        middles = tuple(key[len(key) // 4 : len(key) * 3 // 4] for key in keys)
        digits = tuple(middle.hex() for middle in middles)
        written = [*middles, *(d.encode() for d in digits), *(d.upper().encode() for d in digits)]
        return Splinters(middles, digits, tuple(p for one in written for p in _packed(one)))

    def are_in(self, text: str) -> bool:
        """Whether a text holds a key: in any case, broken up, or packed."""
        if not self.hexadecimal:
            return False
        seen = INVISIBLE.sub("", text)
        ways = {seen, _TAG.sub("", seen)}
        ways |= {unescape(one) for one in ways}
        return any(map(self._in, ways))

    def are_in_bytes(self, data: bytes) -> bool:
        """Whether bytes hold a key as it is."""
        return any(one in data for one in self.raw)

    def _in(self, text: str) -> bool:
        digits = _NO_HEX.sub("", _ESCAPES.sub("", text.translate(_WIDE)).lower())
        packed = _NO_BASE64.sub("", text.translate(_URL_SAFE))
        return any(one in digits for one in self.hexadecimal) or any(
            one in packed for one in self.base64
        )


def _packed(data: bytes) -> Iterator[str]:
    """How base64 writes these bytes, at whichever of three places they begin."""
    for before in range(3):
        said = base64.b64encode(b"\0" * before + data).decode().rstrip("=")
        # the first and the last letter may be made of neighbours' bits
        yield said[before + 1 if before else 0 : -1]
