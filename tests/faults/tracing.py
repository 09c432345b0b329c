"""The driver seen from a test, and strace: which calls a run makes, and one of them disturbed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kamxl.store import atomic
from kamxl.store.atomic import TEMPORARY

PROJECT = Path(__file__).resolve().parents[2]
KILL = "signal=KILL"
FAULTS = (KILL, "error=ENOSPC", "error=EIO", "error=EACCES")
KILLED = -9  # how a killed run ended
PATIENCE = atomic._RETRY_SECONDS

_LINE = re.compile(r"(\w+)\((.*)")
_NAME = re.compile(re.escape(TEMPORARY) + r"[^/\">]*")
_PATH = re.compile(r"[<\"](/[^>\"]*)[>\"]")


@dataclass(frozen=True, slots=True)
class Call:
    """One system call: ``nth`` of its name in the write phase; ``given`` to it, and the ``result``.

    Names of temporary files are cut to what does not change from run to run.
    """

    name: str
    nth: int
    given: str
    result: str

    def __str__(self) -> str:
        return f"{self.name} {self.nth} of {', '.join(Path(path).name for path in self.paths)}"

    @property
    def paths(self) -> list[str]:
        """The files it is about, by name or as what stands behind an open handle."""
        return _PATH.findall(self.given)

    @property
    def kind(self) -> str:
        """Its name without what differs between processors ("renameat" on some)."""
        return self.name.removesuffix("2").removesuffix("at")

    @property
    def injected(self) -> bool:
        """Whether strace let this call fail."""
        return "(INJECTED)" in self.result

    def fails(self, fault: str, lasting: str = "") -> str:
        """What strace is told to let ``fault`` happen here (``lasting`` "+": from here on)."""
        return f"inject={self.name}:{fault}:when={self.nth}{lasting}"

    def is_same_as(self, other: Call) -> bool:
        """Whether it is the same call on the same files, whatever came of it."""
        return (self.name, self.nth, self.paths) == (other.name, other.nth, other.paths)


@dataclass(frozen=True, slots=True)
class Run:
    """How a run ended (the exit code, or minus the signal), and the calls of its write phase."""

    code: int
    calls: tuple[Call, ...]

    def hit(self) -> list[Call]:
        """The calls that were disturbed."""
        failed = [call for call in self.calls if call.injected]
        return [*failed, self.calls[-1]] if self.code == KILLED else failed


class Driver:
    """A process stopped before its write phase, which can be gone through again and again."""

    def __init__(self, what: str, root: Path, *warm: Path) -> None:
        self._root, self._log = root, root.with_suffix(".strace")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.driver", what, str(root), *map(str, warm)],
            cwd=PROJECT,
            env={**os.environ, "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self._expect("ready")

    def close(self) -> None:
        """End the process."""
        self._process.communicate()

    def run(self, *inject: str, largest: int = 0, patience: float = PATIENCE) -> Run:
        """The write phase under strace, disturbed as ``inject`` says.

        ``largest``: bytes of a file, after which a write stops short; ``patience``: seconds.
        """
        self._say(f"{largest} {patience}\n")
        process = self._expect("here")
        # No -f: what a run starts besides itself is not disturbed.
        command = ["strace", "-y", "-s", "8", "-o", str(self._log)]
        command += [part for one in inject for part in ("-e", one)]
        with subprocess.Popen(
            [*command, "-p", process], stderr=subprocess.PIPE, text=True
        ) as tracer:
            assert tracer.stderr
            said = tracer.stderr.readline()  # from "attached" on, no call goes unseen
            self._say("go\n")
            code = int(self._expect("ended"))
            assert "attached" in said, said + tracer.stderr.read()
        log = self._log.read_text(encoding="utf-8", errors="replace")
        return Run(code, tuple(c for c in _calls(log) if f"{self._root}" in c.given))

    def _say(self, line: str) -> None:
        assert self._process.stdin
        self._process.stdin.write(line.encode())
        self._process.stdin.flush()

    def _expect(self, word: str) -> str:
        assert self._process.stdout
        said = self._process.stdout.readline().decode().split()
        assert said[:1] == [word], f"the driver said {said}, not {word}"
        return said[-1]


def missing(scratch: Path) -> list[str]:
    """Why nothing can be traced on this machine; nothing if it can."""
    if shutil.which("strace") is None:
        return ["strace is not installed"]
    command = ["strace", "-o", str(scratch / "probe.strace"), sys.executable, "-c", ""]
    tried = subprocess.run(command, capture_output=True, check=False)
    said = tried.stderr.decode(errors="replace").strip()
    return [] if tried.returncode == 0 else [f"strace cannot trace here: {said}"]


def _calls(log: str) -> Iterator[Call]:
    """The system calls of strace's log, in order."""
    counted: Counter[str] = Counter()
    for line in log.splitlines():
        if found := _LINE.match(_NAME.sub(TEMPORARY, line)):
            name, rest = found.groups()
            counted[name] += 1
            given, _, result = rest.rpartition(" = ")
            yield Call(name, counted[name], given or rest, result)
