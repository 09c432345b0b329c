"""The kept inputs: few, small, each for something that no smaller one reaches."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from types import FrameType
from typing import Any

import kamxl
from tests.fuzz.targets import Target

CORPUS = Path(__file__).parent / "corpus"
MOST, LARGEST = 50, 50_000  # files of one target, and their bytes together
_PACKAGE = str(Path(kamxl.__file__).parent)

Seen = set[object]


def name_of(data: bytes) -> str:
    """What the file of an input is called: by its content."""
    return f"{hashlib.sha256(data).hexdigest()[:12]}.bin"


def kept(target: str) -> dict[str, bytes]:
    """The kept inputs of a target by their names."""
    folder = CORPUS / target
    files = sorted(folder.iterdir()) if folder.is_dir() else []
    return {path.name: path.read_bytes() for path in files}


def keep(target: str, chosen: Iterable[bytes]) -> None:
    """Replace the kept inputs of a target."""
    folder = CORPUS / target
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.iterdir():
        path.unlink()
    for data in chosen:
        (folder / name_of(data)).write_bytes(data)


def choose(target: Target, found: Iterable[bytes]) -> list[bytes]:
    """The smallest inputs that reach together what all of them reach, as far as there is room.

    Reached is a step from one line of kamxl to another, or an outcome. A greedy choice: the input
    that adds most for its size comes first.
    """
    reached = {data: _reached(target.run, data) for data in sorted(set(found), key=_small)}
    seen, size, chosen = Seen(), 0, list[bytes]()
    while reached and len(chosen) < MOST:
        reached = {data: new for data, all_ in reached.items() if (new := all_ - seen)}
        fitting = [data for data in reached if size + len(data) <= LARGEST]
        if not fitting:
            break
        best = max(fitting, key=lambda data: len(reached[data]) / (len(data) + 50))
        chosen.append(best)
        size += len(best)
        seen |= reached.pop(best)
    return chosen


def _small(data: bytes) -> tuple[int, bytes]:
    return len(data), data


def _reached(run: Callable[[bytes], str], data: bytes) -> Seen:
    seen = Seen()
    codes: dict[str, bool] = {}

    def follow(frame: FrameType, event: str, _: Any) -> Any:
        name = frame.f_code.co_filename
        if name not in codes:
            codes[name] = name.startswith(_PACKAGE)
        return _lines(frame, seen) if codes[name] else None

    sys.settrace(follow)
    try:
        outcome = run(data)
    except Exception as problem:  # the tests will say so: it stays
        outcome = f"failed: {problem!r}"
    finally:
        sys.settrace(None)
    return seen | {outcome}


def _lines(frame: FrameType, seen: Seen) -> Any:
    """Note the steps from line to line in one call."""
    code, before = frame.f_code, 0

    def line(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal before
        if event == "line":
            seen.add((code, before, frame.f_lineno))
            before = frame.f_lineno
        return line

    return line
