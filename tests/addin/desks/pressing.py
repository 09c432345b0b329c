"""Running a scenario, and what came of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.addin.pressing import LATER
from tests.waiting import PATIENCE

ROOT = Path(__file__).resolve().parents[3]
YES, NO, CANCEL = 6, 7, 2


@dataclass
class Told:
    """What a scenario's Python told when it had ended."""

    said: list[str | None]
    messages: list[list[Any]]
    events: list[list[Any]]
    uses: dict[str, list[str]]
    open: dict[str, list[list[Any]]]
    hooks: list[str] = field(default_factory=list)


def played(system: str, folder: Path, **plan: Any) -> Told:
    """Run a scenario of ``system`` ("windows", "mac") in a Python of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    out = folder / "told.json"
    plan |= {"home": str(folder / "home"), "now": LATER.isoformat(), "out": str(out)}
    script = folder / "plan.json"
    script.write_text(json.dumps(plan, default=str), encoding="utf-8")
    command = [sys.executable, "-m", f"tests.addin.desks.run_{system}", str(script)]
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=environ,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return Told(**json.loads(out.read_text(encoding="utf-8")))


def log(folder: Path) -> str:
    """What a press left in the log."""
    return next((folder / "home").rglob("addin.log")).read_text(encoding="utf-8")
