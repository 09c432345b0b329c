"""Strange files that others made: each judged in the product's own processes, and what that cost.

None of them is an answer to us. So each has to end with a reason, none may be used, and none may
cost more than a file may.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psutil

from kamxl.core.finding import CODES, Fate
from kamxl.core.records.register import FileResult
from kamxl.errors import KamxlError
from kamxl.store.inbox import Entry, read
from kamxl.wording.texts import languages, texts
from kamxl.workflow.incoming import looking
from tests.hostile.measure import MB, first_of
from tests.long.journal import Result

# Of one file on the disk, with all that is in it and all programs that are started for it. A file
# alone has 2 s and 200 MB, LibreOffice 5 s and 300 MB; an archive of many has more time in all.
MOST_SECONDS, MOST_MEGABYTES = 20.0, 600.0
_EVERY = 0.02  # seconds between two looks at the memory


def files_in(folders: list[Path]) -> list[Path]:
    """All files below these folders, at any depth, each content once; links are not followed."""
    found = {
        path.resolve(): path
        for folder in folders
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }
    return sorted(found.values())


class Watch:
    """Processor seconds and memory of all that this process starts, what is killed included."""

    def __enter__(self) -> Watch:
        self.megabytes = 0.0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._begin = _seconds()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()
        self.seconds = _seconds() - self._begin

    def _look(self) -> None:
        while not self._ended.wait(_EVERY):
            self.megabytes = max(self.megabytes, _memory() / MB)


def _family() -> list[psutil.Process]:
    return psutil.Process().children(recursive=True)


def _memory() -> int:
    total = 0
    for child in _family():
        try:
            total += child.memory_info().rss
        except psutil.Error:
            continue
    return total


def _seconds() -> float:
    """Of what has ended, and of what still runs."""
    ended = psutil.Process().cpu_times()
    total = ended.children_user + ended.children_system
    for child in _family():
        try:
            total += sum(child.cpu_times()[:4])
        except psutil.Error:
            continue
    return total


def judged(path: Path) -> Result:
    """How a file ended: the codes of what is in it, what that cost, and what is wrong with it."""
    return looked(lambda: read(path, path.name, None, looking.LIMITS.file))


def looked(entry: Callable[[], Entry]) -> Result:
    """The same of an entry, however it is had."""
    wrong: list[str] = []
    codes: list[str] = []
    begin = time.monotonic()
    with Watch() as watch:
        try:
            for _, one in looking.looked_into([entry()], None):
                codes.append(first_of(one))
                wrong += _wrong(one)
        except KamxlError as problem:
            wrong.append(f"the run would end: {problem.code}")
        except Exception as problem:
            wrong.append(f"raised {problem!r:.200}")
    if not codes and not wrong:
        wrong.append("vanished")
    if watch.seconds > MOST_SECONDS:
        wrong.append("too much time")
    if watch.megabytes > MOST_MEGABYTES:
        wrong.append("too much memory")
    return {
        "codes": {code: codes.count(code) for code in sorted(set(codes))},
        "seconds": round(watch.seconds, 2),
        "clock": round(time.monotonic() - begin, 2),
        "megabytes": round(watch.megabytes),
        "wrong": sorted(set(wrong)),
    }


def _wrong(one: FileResult) -> list[str]:
    wrong = []
    if one.fate not in (Fate.ATTENTION, Fate.IGNORED):
        wrong.append(f"used: {one.fate}")
    if not one.findings:
        wrong.append("no reason")
    for found in one.findings:
        if found.code == "unexpected" or found.code not in CODES:
            wrong.append(f"no reason: {found.code}")
        elif not all(texts(language).sentence(found) for language in languages()):
            wrong.append(f"no sentence: {found.code}")
    return wrong


def piece_of(path: Path) -> str:
    """What a file is called in the journal: by its place, and by what it holds."""
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
    return f"{digest} {path}"
