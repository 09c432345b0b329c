"""What a long run did so far: each finished piece a line in a file, so that it can be gone on with.

A run that was stopped, or whose computer was, is started again with the same file and does what is
missing. A line that was half written is one that is missing.
"""

from __future__ import annotations

import contextlib
import json
from collections import Counter
from pathlib import Path
from typing import Any

Result = dict[str, Any]


class Journal:
    """The finished pieces of a run, by part and key."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.done: dict[tuple[str, str], Result] = {}
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        for line in lines:
            with contextlib.suppress(ValueError, KeyError, TypeError):
                told = json.loads(line)
                self.done[told["part"], told["piece"]] = told["result"]
        path.parent.mkdir(parents=True, exist_ok=True)

    def add(self, part: str, piece: str, result: Result) -> None:
        """Note a finished piece; it is on the disk when this returns."""
        self.done[part, piece] = result
        with self.path.open("a", encoding="utf-8") as file:
            line = json.dumps({"part": part, "piece": piece, "result": result})
            file.write(f"\n{line}\n")  # the one before may be half a line

    def has(self, part: str, piece: str) -> bool:
        """Whether a piece was finished."""
        return (part, piece) in self.done

    def results(self, part: str) -> dict[str, Result]:
        """What came out of a part so far, by piece."""
        return {piece: found for (own, piece), found in self.done.items() if own == part}


def added(results: dict[str, Result], key: str) -> Counter[str]:
    """The counts under a key, of all pieces together."""
    return sum((Counter(found.get(key, {})) for found in results.values()), Counter())
