"""Where two answers differ: every figure that is recomputed, to 1e-9."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

NEAR = 1e-9


def differences(expected: list[dict[str, Any]], told: list[dict[str, Any]]) -> list[str]:
    """One line for each figure that is told otherwise; accounts and segments by their ids."""
    return list(_of_lists("", expected, told))


def _of_lists(where: str, expected: list[Any], told: list[Any]) -> Iterator[str]:
    here, there = ({one["id"]: one for one in side} for side in (expected, told))
    if set(here) != set(there):
        yield f"{where}: {sorted(here)} expected, told {sorted(there)}"
    for key in here.keys() & there.keys():
        yield from _of(f"{where}/{key}", here[key], there[key])


def _of(where: str, expected: Any, told: Any) -> Iterator[str]:
    if isinstance(expected, list):
        yield from _of_lists(where, expected, told)
    elif isinstance(expected, dict):
        for key, value in expected.items():
            if isinstance(told, dict) and key in told:
                yield from _of(f"{where}.{key}", value, told[key])
            else:
                yield f"{where}.{key}: {value} expected, told nothing"
    elif not _same(expected, told):
        yield f"{where}: {expected} expected, told {told}"


def _same(expected: Any, told: Any) -> bool:
    numbers = [isinstance(v, int | float) and not isinstance(v, bool) for v in (expected, told)]
    if all(numbers):
        return math.isclose(expected, told, rel_tol=0, abs_tol=NEAR)
    return type(expected) is type(told) and bool(expected == told)
