"""Which cases of a proof are tried in the long run only: ``cases.toml`` names them, and says why.

A proof stays in every run with the cases that say most; what would only say the same again, in
another language or at the next of many alike places, is added before a release.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

TABLE = Path(__file__).with_name("cases.toml")


@dataclass(frozen=True)
class Cases:
    """Cases of a test that wait for the long run.

    ``file``: below tests/. ``id``: what is found in the id of the case, a regular expression.
    """

    file: str
    test: str
    id: str
    reason: str

    def holds(self, nodeid: str) -> bool:
        """Whether this is one of them."""
        place, _, case = nodeid.partition("[")
        return place == f"tests/{self.file}::{self.test}" and bool(re.search(self.id, f"[{case}"))


@cache
def table() -> tuple[Cases, ...]:
    """All of them; a row of the file may name several tests."""
    told = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    return tuple(
        Cases(row["file"], test, row.get("id", ""), row["reason"])
        for row in told["cases"]
        for test in row.get("tests") or [row["test"]]
    )


def mark(items: Iterable[pytest.Item]) -> None:
    """Mark them as long."""
    by: dict[str, list[Cases]] = {}
    for one in table():
        by.setdefault(f"tests/{one.file}::{one.test}", []).append(one)
    for item in items:
        if any(one.holds(item.nodeid) for one in by.get(item.nodeid.partition("[")[0], ())):
            item.add_marker(pytest.mark.long)
