"""Numbers by id that stay for as long as a portfolio does: small, and read-only.

A mapping of Python takes five times the room that the numbers of a card do, and a portfolio has a
dozen for each segment. Those who ask the same share the ids, too.
"""

from __future__ import annotations

from array import array
from collections.abc import ItemsView, Iterator, KeysView, Mapping, Sequence, ValuesView
from functools import lru_cache
from typing import TypeVar, cast

Number = TypeVar("Number", float, float | None)


class ById(Mapping[str, Number]):
    """As the mapping that it was made of, in its order."""

    __slots__ = ("_ids", "_numbers")
    _numbers: Sequence[float | None]

    def __init__(self, by: Mapping[str, Number]) -> None:
        """Of a mapping, which may change afterwards."""
        self._ids = _shared(tuple(by))
        numbers = tuple(by.values())
        # round points of a card are there once in any case; figures are hardly ever the same
        figures = [one for one in numbers if type(one) is float and one not in _ROUND]
        whole = bool(figures) and len(figures) == len(numbers)
        self._numbers = array("d", figures) if whole else tuple(map(_once, numbers))

    def _whole(self) -> dict[str, Number]:
        return cast("dict[str, Number]", dict(zip(self._ids, self._numbers, strict=True)))

    def __getitem__(self, one: str) -> Number:
        """Its number (KeyError: it has none)."""
        try:
            return self._numbers[self._ids.index(one)]  # type: ignore[return-value]
        except ValueError:
            raise KeyError(one) from None

    def __contains__(self, one: object) -> bool:
        """Whether it has a number, be it None."""
        return one in self._ids

    def __iter__(self) -> Iterator[str]:
        """The ids."""
        return iter(self._ids)

    def __len__(self) -> int:
        """How many there are."""
        return len(self._ids)

    def keys(self) -> KeysView[str]:
        """The ids."""
        return self._whole().keys()

    def values(self) -> ValuesView[Number]:
        """The numbers."""
        return self._whole().values()

    def items(self) -> ItemsView[str, Number]:
        """Both."""
        return self._whole().items()

    def __repr__(self) -> str:
        """As the mapping that it was made of."""
        return repr(self._whole())

    def __reduce__(self) -> tuple[object, ...]:
        """What travels."""
        return ById, (self._whole(),)


@lru_cache(maxsize=4_096)
def _shared(ids: tuple[str, ...]) -> tuple[str, ...]:
    """The same ids, once."""
    return ids


_ROUND = {float(n): float(n) for n in range(1, 101)}


def _once(number: float | None) -> float | None:
    """A round number as the one that all of them are."""
    return _ROUND.get(number, number) if type(number) is float else number
