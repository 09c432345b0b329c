"""Fuzz what reads files from outside, and keep the inputs that reach something new.

    python -m tests.fuzz [TARGET ...] [--seconds N]

Needs atheris (``pip install -e '.[test,fuzz]'``), which there is for Linux only. An input that
fails is put into the corpus, where the tests find it.
"""

from __future__ import annotations

import argparse
import importlib.util
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.fuzz.corpus import choose, keep, kept, name_of
from tests.fuzz.targets import TARGETS

ROOT = Path(__file__).parents[2]


def main() -> int:
    """Fuzz the targets one after the other; 1 if one of them failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=", ".join(TARGETS))
    parser.add_argument("--seconds", type=int, default=60, help="for each target (default: 60)")
    asked = parser.parse_args()
    unknown = set(asked.targets) - set(TARGETS)
    if unknown:
        parser.error(f"no target: {', '.join(sorted(unknown))} (there are: {', '.join(TARGETS)})")
    if importlib.util.find_spec("atheris") is None:
        print("atheris is not installed: pip install -e '.[test,fuzz]' (Linux on x86-64 only).")
        print("The kept inputs are replayed without it: pytest tests/fuzz")
        return 2
    failed = [name for name in asked.targets or TARGETS if not _fuzz(name, asked.seconds)]
    return 1 if failed else 0


def _fuzz(name: str, seconds: int) -> bool:
    """Fuzz one target and keep what it found; False if it failed."""
    with tempfile.TemporaryDirectory() as folder:
        finds, bad = Path(folder) / "finds", Path(folder) / "bad-"
        finds.mkdir()
        for data in (*TARGETS[name].seeds(), *kept(name).values()):
            (finds / name_of(data)).write_bytes(data)
        words = Path(folder) / "words"
        words.write_text("".join(f'"{_spelled(word)}"\n' for word in TARGETS[name].words))
        options = [
            f"-max_total_time={seconds}",
            f"-max_len={TARGETS[name].longest}",
            f"-dict={words}",
            f"-artifact_prefix={bad}",
            "-timeout=60",
            "-report_slow_units=60",  # a busy computer is no failure
            "-print_final_stats=1",
            "-len_control=0",  # long inputs from the start: many a piece has 50 bytes
        ]
        command = [sys.executable, "-m", "tests.fuzz.engine", name, *options, str(finds)]
        done = subprocess.run(command, cwd=ROOT, check=False)
        crashes = [path.read_bytes() for path in Path(folder).glob("bad-*")]
        found = [path.read_bytes() for path in finds.iterdir()]
    if crashes or done.returncode:
        # Nothing is left out before it is mended: a failure hides what else an input reaches.
        keep(name, {*kept(name).values(), *crashes})
        for data in crashes:
            print(f"{name}: FAILED with {name_of(data)}, which is in the corpus now: mend it first")
        return False
    chosen = choose(TARGETS[name], found)
    keep(name, chosen)
    print(f"{name}: {len(found)} inputs, {len(chosen)} kept, {sum(map(len, chosen))} bytes")
    return True


def _spelled(word: str) -> str:
    """A word as libFuzzer's dictionaries spell it."""
    return "".join(
        chr(byte) if 32 <= byte < 127 and chr(byte) not in '"\\' else f"\\x{byte:02X}"
        for byte in word.encode("latin-1")
    )


if __name__ == "__main__":
    sys.exit(main())
