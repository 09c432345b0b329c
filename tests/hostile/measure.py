"""What a file costs whoever looks into it: run apart, alone, with the most it used.

``python -m tests.hostile.measure`` prints the costliest of all cases.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from kamxl import apart
from kamxl.core.records.register import FileResult
from kamxl.store.inbox import Entry, entry_of
from kamxl.workflow.incoming import looking
from tests.hostile.cases import everything

MB = 1024 * 1024


@dataclass(frozen=True)
class Cost:
    """Processor seconds, and the most memory of the process so far in bytes."""

    seconds: float
    memory: int


def looked(entry: Entry, _: None) -> tuple[list[str], Cost]:
    """The first finding's code and reason of each file in an entry, and what that cost."""
    looking.as_xlsx = lambda *_: None  # LibreOffice has limits of its own
    begin = time.process_time()
    found = list(looking.looked_into([entry], None))
    cost = Cost(time.process_time() - begin, _most())
    return [first_of(judged) for _, judged in found], cost


def _most() -> int:
    # Not getrusage: what the process that started this one used is counted in there.
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) * 1024


def first_of(judged: FileResult) -> str:
    """Its first finding's code, with the reason: "unreadable/crc"; "none"."""
    if not judged.findings:
        return "none"
    found = judged.findings[0]
    reason = dict(found.details).get("reason")
    return f"{found.code}/{reason}" if reason else found.code


def measured(name: str, data: bytes) -> tuple[list[str], Cost | None]:
    """The same in a fresh process apart, so that the memory is this file's; None: it died."""
    apart.close()
    try:
        return apart.call(looked, entry_of(name, data, None), None)
    except apart.Died as died:
        return [died.reason], None


def main() -> None:
    """Print the costliest."""
    rows = []
    for name, (path, data, _) in everything().items():
        codes, cost = measured(path, data)
        rows.append((cost or Cost(0.0, 0), name, " ".join(codes)))
    for title, key in (("seconds", lambda r: r[0].seconds), ("memory", lambda r: r[0].memory)):
        print(f"the most {title} of {len(rows)}:")
        for cost, name, codes in sorted(rows, key=key, reverse=True)[:8]:
            print(f"  {cost.seconds:6.2f} s {cost.memory / MB:6.0f} MB  {name}: {codes}")


if __name__ == "__main__":
    main()
