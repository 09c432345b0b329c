"""Strange files that others made: each judged in the product's own processes, and what that cost.

None of them is an answer to us. So each has to end with a reason, none may be used, and none may
cost more than a file may.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from pathlib import Path

from kamxl.core.finding import CODES, Fate
from kamxl.core.records.register import FileResult
from kamxl.errors import KamxlError
from kamxl.store.inbox import Entry, read
from kamxl.wording.texts import languages, texts
from kamxl.workflow.incoming import looking
from tests.hostile.measure import MB, first_of, measured
from tests.long.journal import Result

# Of one file on the disk, with all that is in it and all programs that are started for it. A file
# alone has 2 s and 200 MB, LibreOffice 5 s and 300 MB; an archive of many has more time in all.
MOST_SECONDS, MOST_MEGABYTES = 20.0, 600.0


def files_in(folders: list[Path]) -> list[Path]:
    """All files below these folders, at any depth, each content once; links are not followed."""
    found = {
        path.resolve(): path
        for folder in folders
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }
    return sorted(found.values())


def judged(path: Path) -> Result:
    """How a file ended: the codes of what is in it, what that cost, and what is wrong with it."""
    return looked(lambda: read(path, path.name, None, looking.LIMITS.file))


def looked(entry: Callable[[], Entry]) -> Result:
    """The same of an entry, however it is had."""
    wrong: list[str] = []
    codes: list[str] = []
    begin = time.monotonic()
    with measured() as cost:
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
    if cost.seconds > MOST_SECONDS:
        wrong.append("too much time")
    if cost.memory / MB > MOST_MEGABYTES:
        wrong.append("too much memory")
    return {
        "codes": {code: codes.count(code) for code in sorted(set(codes))},
        "seconds": round(cost.seconds, 2),
        "clock": round(time.monotonic() - begin, 2),
        "megabytes": round(cost.memory / MB),
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
