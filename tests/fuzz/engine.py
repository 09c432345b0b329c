"""The fuzzer's process: one target under atheris, every module of kamxl instrumented.

    python -m tests.fuzz.engine TARGET [libFuzzer's options and folders]

libFuzzer ends its process by itself, so each target has one of its own.
"""

from __future__ import annotations

import hashlib
import sys
import time
import warnings
from pathlib import Path

import atheris

_FOLDER = Path(__file__).parents[2] / "kamxl" / "excel" / "writing"
_WRITING = [f"kamxl.excel.writing.{path.stem}" for path in _FOLDER.glob("*.py")]
SLOW = 2.0  # seconds: said of an input, never a failure; instrumented code takes its time


def main() -> None:
    """Fuzz the target named first; the rest of the arguments is libFuzzer's."""
    name, *options = sys.argv[1:]
    # Now and not above: what is imported here is what gets instrumented.
    # What only writes says nothing of an input, and is three times as slow when it is followed.
    with atheris.instrument_imports(include=["kamxl"], exclude=_WRITING):
        from tests.fuzz.targets import TARGETS
    warnings.simplefilter("ignore")  # of zipfile about names that stand there twice
    run = TARGETS[name].run
    for seed in TARGETS[name].seeds()[:3]:
        run(seed)  # what is drawn once is drawn before the first input is timed

    def one(data: bytes) -> None:
        begin = time.monotonic()
        run(data)
        seconds = time.monotonic() - begin
        if seconds > SLOW:
            print(f"slow: {hashlib.sha256(data).hexdigest()[:12]}, {seconds:.1f} s", flush=True)

    atheris.Setup([sys.argv[0], *options], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
