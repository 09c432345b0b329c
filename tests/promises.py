"""The table "What we promise, and how it is tested" in README, from figures that were measured.

``python -m tests.promises`` measures what takes a few minutes and writes the table; LibreOffice has
to be there, for it costs most. ``--complete`` also turns every bit of a card and cuts it at every
length. ``--kept`` only counts anew. The figures are kept in ``promises.json``; a test holds README
and whatever can be counted to them.
"""

from __future__ import annotations

import argparse
import ast
import json
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from kamxl.apart import ALLOWANCE, Allowance
from kamxl.excel.reading import office
from tests.fuzz.targets import TARGETS
from tests.hostile import changes
from tests.hostile.cases import everything
from tests.hostile.measure import MB, measured_cases
from tests.hostile.sources import costly
from tests.hostile.test_attacks import CORPUS
from tests.workflow.test_accounting import EXAMPLES
from tests.workflow.test_text_stays_text import PAYLOADS

ROOT = Path(__file__).resolve().parents[1]
KEPT = Path(__file__).with_name("promises.json")
README = ROOT / "README.md"
BEGIN, END = "<!-- promises: python -m tests.promises -->", "<!-- end of promises -->"
_FAULTS = re.compile(r"faults: (\d+) injections at (\d+) system calls")


# What is proven by tests of its own, and where they stand; a promise without any is not made.
PROOFS: dict[str, tuple[str, ...]] = {
    "budget": ("hostile/test_sources.py", "apart/test_purses.py"),
    "workspace": (
        "workflow/test_register_apart.py", "workflow/test_dated_portfolios.py",
        "test_what_is_read.py",
    ),
    "templates": ("workflow/test_template_bounds.py", "workflow/test_memory_stays.py"),
    "screen": ("test_terminal.py", "wording/test_visible.py"),
    "time": ("core/test_timing.py", "workflow/test_time.py"),
    "privilege": ("fences/test_fences.py", "apart/test_answers.py"),
    "users": ("store/test_turns.py", "workflow/test_turns_taken.py", "users/test_*.py"),
}  # fmt: skip


def proofs() -> dict[str, int]:
    """How many tests hold each promise that has some."""
    found = {}
    for promise, places in PROOFS.items():
        files = {path for place in places for path in ROOT.glob(f"tests/{place}")}
        tests = sum(map(_tests_in, files))
        if tests:
            found[promise] = tests
    return found


def _tests_in(path: Path) -> int:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))
    return sum(function.name.startswith("test_") for function in functions)


def counted() -> dict[str, Any]:
    """What needs no measuring."""
    inputs = Path(__file__).parent / "fuzz" / "corpus"
    return {
        "proofs": proofs(),
        "fuzz_targets": len(TARGETS),
        "attacks": len(everything()),
        "inboxes": EXAMPLES,
        "payloads": len(PAYLOADS),
        "fuzz_inputs": sum(path.is_file() for path in inputs.rglob("*")),
    }


def costs() -> dict[str, float]:
    """The costliest of the attacks and sources: all processes started for one, killed ones too."""
    if shutil.which("soffice") is None:
        raise SystemExit("LibreOffice is missing, and without it the figures are too good")
    found = {name: cost for name, (_, cost) in measured_cases().items()}
    sources = [found.pop(name) for name in costly()]
    return {
        "seconds": round(max(cost.seconds for cost in found.values()), 1),
        "megabytes": round(max(cost.memory for cost in found.values()) / MB),
        "source_seconds": round(max(cost.seconds for cost in sources), 1),
        "source_megabytes": round(max(cost.memory for cost in sources) / MB),
    }


def faults() -> dict[str, int]:
    """How many faults the tests inject, at how many system calls."""
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "-m", "", "tests/faults"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    match = _FAULTS.search(done.stdout)
    if done.returncode or match is None:
        raise SystemExit(f"the fault tests do not pass:\n{done.stdout[-2_000:]}")
    return {"injections": int(match[1]), "calls": int(match[2])}


def complete() -> dict[str, int]:
    """Every bit and every length of a card."""
    ends = changes.all_of_them(every=1)
    total: Counter[str] = sum(ends.values(), Counter())
    tried = {name: sum(found.values()) for name, found in ends.items()}
    return {**tried, "changed": total["changed"]}


def _limit(most: Allowance) -> str:
    return f"{most.seconds:g} s and {most.memory // MB} MB"


def table(figures: dict[str, Any]) -> str:
    """The table in Markdown."""
    f, found = figures, f"{figures['found']} strange files found elsewhere"
    limits, converter = map(_limit, (ALLOWANCE, office._MOST))
    costliest = f"{f['seconds']} s and {f['megabytes']} MB"
    rows = [
        ("No file crashes it, hangs it or fills the memory; one bad file costs only itself",
         f"Attacks and damage in every format, each with the finding it must end in; {found}. What "
         f"parses is a process of its own, killed beyond {limits}, LibreOffice {converter}",
         f"{f['attacks']} files, the costliest {costliest} for all processes together"),
        *_proven(f, "budget"),
        *_proven(f, "workspace"),
        *_proven(f, "templates"),
        *_proven(f, "privilege"),
        ("What changed on the way is seen, or it reads as before",
         "Every bit of a card turned, every length cut (a sample in each run); three readers agree "
         "on cards saved again by LibreOffice and Gnumeric",
         f"{f['bits']:,} bits, {f['lengths']:,} lengths: {f['changed']} silent changes"),
        ("Nothing unforeseen in a file is a crash",
         "Coverage-guided fuzzing of all that opens or reads something (`python -m tests.long`); "
         "properties of every field type",
         f"{f['fuzz_targets']} targets, {f['fuzz_inputs']} kept inputs, replayed in each run"),
        ("An interrupted run leaves the old output or the new one, whole; the next run is as good",
         "kill -9, full disk, I/O error and refusal at every system call of the write phase",
         f"{f['injections']} faults at {f['calls']} calls"),
        ("Two runs at once, or one while files arrive, end well",
         "Processes started together; files copied in slowly meanwhile",
         "the bytes of a run alone"),
        *_proven(f, "users"),
        *_proven(f, "time"),
        ("Nothing in inbox/, plans/ or the register is ever changed",
         "Content and time of each, before and after every consolidation of the tests",
         "all of them"),
        ("Every file is accounted for exactly once",
         "Inboxes of any mix: good, bad, twice, packed, unreadable, denied",
         f"{f['inboxes']} new inboxes in each run"),
        ("Text from outside stays text",
         "Formulas, links, markup and control characters in every free text, file name and mail",
         f"{f['payloads']} payloads, in workbook, page and mail"),
        *_proven(f, "screen"),
    ]  # fmt: skip
    lines = [f"| {a} | {b} | {c} |" for a, b, c in rows]
    return "\n".join(("| Promise | How it is tested | Figures |", "|---|---|---|", *lines))


SAID = {
    "budget": (
        "One file on the disk has one budget for all that is in it",
        "Archives and mailboxes of costly and deadly members beside honest ones; processor time, "
        "memory, converters and bytes counted with all that is started and killed"),
    "workspace": (
        "Register, plans and portfolios are read like the inbox",
        "Bombs, pipes, devices and links in their places; earlier portfolios read once, none lost"),
    "templates": (
        "A template costs a sentence at the most, and takes nothing out of `.kamxl/`",
        "Templates that loop, recurse, grow or link; keys in every spelling on every way out"),
    "privilege": (
        "What reads files from outside can do no harm itself",
        "Secrets, network, writing and programs refused to a real process; forged answers"),
    "users": (
        "Two users in one folder take turns, as normal users",
        "Users and computers at once, locks of dead ones, folders of a group"),
    "time": (
        "A date that cannot be true decides nothing",
        "Save dates in the future, mails and files of tomorrow, clocks that jump"),
    "screen": (
        "What is printed cannot move the cursor",
        "Control, bidi and line-end characters in every name, text and error, on a terminal"),
}  # fmt: skip


def _proven(figures: dict[str, Any], promise: str) -> list[tuple[str, str, str]]:
    """The row of a promise that has tests of its own."""
    tests = figures["proofs"].get(promise)
    costliest = (
        f", the costliest {figures['source_seconds']} s and {figures['source_megabytes']} MB"
    )
    told = f"{tests} tests{costliest if promise == 'budget' else ''}"
    return [(*SAID[promise], told)] if tests else []


def written(readme: str, figures: dict[str, Any]) -> str:
    """README with the table as it should be."""
    before, rest = readme.split(BEGIN)
    after = rest.split(END)[1]
    return f"{before}{BEGIN}\n\n{table(figures)}\n\n{END}{after}"


def main() -> None:
    """Measure, keep the figures, write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--complete", action="store_true", help="every bit and every length, too")
    parser.add_argument("--kept", action="store_true", help="only write what was measured before")
    options = parser.parse_args()
    figures = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else {}
    figures |= counted()
    if not options.kept:
        figures |= costs() | faults()
        if CORPUS.is_dir():
            figures["found"] = len(list((CORPUS / "found").iterdir()))
    if options.complete:
        figures |= complete()
    KEPT.write_text(json.dumps(figures, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    README.write_text(written(README.read_text(encoding="utf-8"), figures), encoding="utf-8")
    print(table(figures))


if __name__ == "__main__":
    main()
