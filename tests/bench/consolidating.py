"""How quickly answers are read while a workspace is consolidated: printed as JSON.

Measured from the first progress that is told to the last: the start, the register and what is made
of the answers do not count, all safety does.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from kamxl.workflow.incoming.consolidate import consolidate
from tests.bench.measuring import used


def main(root: str, workers: str) -> None:
    """Consolidate; print ``files`` read, and of each (if any) ``seconds`` and ``wall``."""
    told: list[tuple[int, float, float]] = []

    def progress(done: int, total: int) -> None:
        if not told or done == total:  # to ask is not free
            told.append((done, time.monotonic(), used()))

    consolidate(Path(root), workers=int(workers), progress=progress)
    (first, began, before), (last, ended, after) = told[0], told[-1]
    files = last - first  # none: all came at once
    each = {"seconds": after - before, "wall": ended - began} if files else {}
    print(json.dumps({"files": files, **{key: value / files for key, value in each.items()}}))


if __name__ == "__main__":
    main(*sys.argv[1:])
