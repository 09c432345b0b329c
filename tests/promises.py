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
from functools import partial
from pathlib import Path
from typing import Any

from kamxl.apart import ALLOWANCE
from kamxl.store.inbox import entry_of
from tests.fuzz.targets import TARGETS
from tests.hostile import changes
from tests.hostile.cases import everything
from tests.hostile.measure import MB
from tests.hostile.test_attacks import CORPUS
from tests.long.found import looked
from tests.workflow.test_accounting import EXAMPLES
from tests.workflow.test_text_stays_text import PAYLOADS

ROOT = Path(__file__).resolve().parents[1]
KEPT = Path(__file__).with_name("promises.json")
README = ROOT / "README.md"
BEGIN, END = "<!-- promises: python -m tests.promises -->", "<!-- end of promises -->"
_FAULTS = re.compile(r"faults: (\d+) injections at (\d+) system calls")


# What is proven by tests of its own, and where they stand; a promise without any is not made.
PROOFS: dict[str, tuple[str, ...]] = {
    "budget": ("hostile/test_*budget*.py", "hostile/test_*sources*.py", "apart/test_*purse*.py"),
    "workspace": (
        "workflow/test_register_apart.py", "workflow/test_*inputs*.py", "store/test_reading.py",
        "workflow/test_*portfolios*.py", "forms/test_merged.py",
    ),
    "templates": ("workflow/test_*templates*.py", "wording/test_templating.py",
                  "workflow/test_*kept*.py"),
    "screen": ("test_screen.py", "wording/test_visible.py", "test_*names_on*.py"),
    "time": ("core/test_timing.py", "workflow/test_time.py"),
    "privilege": ("fences/test_*.py", "apart/test_fences.py", "apart/test_answers.py"),
    "users": ("store/test_turns.py", "workflow/test_*users*.py"),
}  # fmt: skip


def proofs() -> dict[str, int]:
    """How many tests hold each promise that has some."""
    found = {}
    for promise, places in PROOFS.items():
        files = {path for place in places for path in Path(__file__).parent.glob(place)}
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
    """The costliest of the attacks: all that is started for a file, what is killed included."""
    if shutil.which("soffice") is None:
        raise SystemExit("LibreOffice is missing, and without it the figures are too good")
    results = {
        name: looked(partial(entry_of, path, data, None))
        for name, (path, data, _) in everything().items()
    }
    if wrong := {name: result["wrong"] for name, result in results.items() if result["wrong"]}:
        raise SystemExit(f"not as promised: {wrong}")
    found = results.values()
    return {
        "seconds": round(max(result["seconds"] for result in found), 1),
        "megabytes": max(result["megabytes"] for result in found),
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


def table(figures: dict[str, Any]) -> str:
    """The table in Markdown."""
    f, found = figures, f"{figures['found']} strange files found elsewhere"
    limits = f"{ALLOWANCE.seconds:g} s and {ALLOWANCE.memory // MB} MB"
    costliest = f"{f['seconds']} s and {f['megabytes']} MB"
    rows = [
        ("No file crashes it, hangs it or fills the memory; one bad file costs only itself",
         f"Attacks and damage in every format, each with the finding it must end in; {found}. What "
         f"parses is a process of its own, killed beyond {limits}",
         f"{f['attacks']} files, the costliest {costliest}"),
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
    return [(*SAID[promise], f"{tests} tests")] if tests else []


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
