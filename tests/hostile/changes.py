"""A card with one bit turned, or cut short: the same reading, or none. Every one of them.

``python -m tests.hostile.changes [--every N]`` tries them all (each N-th), which takes a while.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache

from kamxl.excel.reading.book import Refused, read
from kamxl.forms.paper.raw import RawBook
from tests.forms.cards import answers, filled, order

_CHUNK = 2_000


@cache
def card() -> bytes:
    """A filled card as it is issued: what a customer sends back."""
    asked = order()
    return filled(asked, answers(asked, own=2))


@cache
def whole() -> RawBook:
    """What is read from it."""
    return read(card())


def reading(data: bytes) -> str:
    """ "same", "refused", or "changed", which must never be."""
    try:
        found = read(data)
    except Refused:
        return "refused"
    return "same" if found == whole() else "changed"


def flipped(number: int) -> bytes:
    """The card with its n-th bit turned."""
    data = bytearray(card())
    data[number // 8] ^= 1 << number % 8
    return bytes(data)


def bits(every: int = 1, begin: int = 0) -> range:
    """The numbers of the bits to turn."""
    return range(begin, len(card()) * 8, every)


def lengths(every: int = 1) -> Iterator[int]:
    """Where to cut; near the end, where the table of contents is, everywhere."""
    size = len(card())
    yield from range(0, size - 100, every)
    yield from range(size - 100, size)


def of_bits(numbers: Iterable[int]) -> Counter[str]:
    """How many of these flips ended in which way."""
    return Counter(reading(flipped(number)) for number in numbers)


def of_lengths(numbers: Iterable[int]) -> Counter[str]:
    """The same of cuts."""
    return Counter(reading(card()[:number]) for number in numbers)


def all_of_them(every: int) -> dict[str, Counter[str]]:
    """How the flips and the cuts ended, in as many processes as there are processors."""
    work = {"bits": (of_bits, list(bits(every))), "lengths": (of_lengths, list(lengths(every)))}
    ends: dict[str, Counter[str]] = {}
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for name, (try_them, numbers) in work.items():
            chunks = [numbers[n : n + _CHUNK] for n in range(0, len(numbers), _CHUNK)]
            ends[name] = sum(pool.map(try_them, chunks), Counter())
            print(f"{name}: {len(numbers):,} tried, {dict(ends[name])}", flush=True)
    return ends


def main() -> int:
    """Try them all and say how many there were."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=1)
    ends = all_of_them(parser.parse_args().every)
    return int(any(found["changed"] for found in ends.values()))


if __name__ == "__main__":
    sys.exit(main())
