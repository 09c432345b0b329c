"""What is alike in many workbooks, byte for byte, is parsed once: styles, and what stands around

the cells. It is counted for each of them, as if it were parsed again.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Generic, TypeVar

from kamxl.excel.reading.limits import Limits, Meter

T = TypeVar("T")

_PARTS = 32
_LONGEST = 100_000  # bytes of a part that is worth remembering


class Alike(Generic[T]):
    """Remembers what ``parsed`` makes of the last parts; whoever gets it may not change it."""

    def __init__(self, parsed: Callable[[bytes, Meter], T]) -> None:
        self._parsed = parsed
        self._known = lru_cache(_PARTS)(self._alone)

    def __call__(self, content: bytes, meter: Meter) -> T:
        """What is in a part, counted by ``meter`` (as ``parsed``)."""
        if len(content) > _LONGEST:
            return self._parsed(content, meter)
        found, elements, text = self._known(content, meter.limits)
        if (
            meter.elements + elements > meter.limits.elements
            or meter.text + text > meter.limits.text
        ):
            return self._parsed(content, meter)  # and refused
        meter.elements += elements
        meter.text += text
        return found

    def _alone(self, content: bytes, limits: Limits) -> tuple[T, int, int]:
        meter = Meter(limits)
        return self._parsed(content, meter), meter.elements, meter.text
