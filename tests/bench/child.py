"""One peer in a process of its own: what it costs, as JSON. ``measuring.peers`` starts it."""

from __future__ import annotations

import importlib
import json
import sys
import time
from pathlib import Path

from tests.bench.measuring import peak


def main(group: str, name: str, folder: str, rounds: str) -> None:
    """Do the work once for nothing, then ``rounds`` times; print seconds of each, and peak MB."""
    module = importlib.import_module(f"tests.bench.{group}")  # the others' weighs nothing here
    work = module.PEERS[name].ready(Path(folder))
    work()
    seconds = []
    for _ in range(int(rounds)):
        begin = time.process_time()
        work()
        seconds.append(time.process_time() - begin)
    print(json.dumps({"seconds": seconds, "memory": peak()}))


if __name__ == "__main__":
    main(*sys.argv[1:])
