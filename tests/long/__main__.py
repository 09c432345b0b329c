"""The long run: everything that is tried of files from outside, in one command.

    python -m tests.long [--minutes N] [--found DIR ...] [--every N] [--only PART ...]

It runs the proofs that take minutes each, tries many examples of each property, turns every bit of
an answer in every format and cuts it at every length, judges every strange file of the folders
named (and of those in KAMXL_FOUND), and fuzzes for the minutes given. What is finished is kept in
--journal: stopped with Ctrl-C or by a power cut, the same command goes on where it was. The exit
status is 1 if anything failed.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from tests.fuzz.targets import TARGETS
from tests.long import flips, found
from tests.long.journal import Journal, Result, added

ROOT = Path(__file__).parents[2]
PARTS = ("proofs", "properties", "flips", "found", "fuzz")
EXAMPLES = 2_000  # of each property: 40 or so are tried in each run of the tests
FOUND = "KAMXL_FOUND"  # folders of strange files, as a path of the system
_WORST = 5
_NEEDS_OFFICE = ("ods", "xls")  # nothing else here writes them as people do


@dataclass(frozen=True)
class Work:
    """One piece: of which part, its key, and what does it (in a process of its own, if it may)."""

    part: str
    piece: str
    do: Callable[..., Result]
    given: tuple[object, ...]


@dataclass(frozen=True)
class Row:
    """A line of the table at the end."""

    part: str
    tried: str
    ended: str
    failed: bool = False


def main(arguments: Sequence[str] | None = None) -> int:
    """Do all of it that is not done yet; 0: nothing failed, 1: something did, 130: stopped."""
    asked = _asked(arguments)
    journal = Journal(asked.journal)
    try:
        for part in asked.only:
            _do(journal, list(_WORK[part](asked, journal)), asked.processes)
    except KeyboardInterrupt:
        rows = _shown(asked, journal)
        print(f"stopped; the same command goes on from {asked.journal}")
        return 1 if any(row.failed for row in rows) else 130
    return int(any(row.failed for row in _shown(asked, journal)))


def _asked(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.long", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument(
        "--minutes", type=float, default=60, help="of fuzzing, in all (60; 0: none)"
    )
    parser.add_argument("--found", nargs="*", type=Path, default=[], metavar="DIR")
    parser.add_argument("--every", type=int, default=1, help="turn only each N-th bit")
    parser.add_argument("--only", nargs="*", choices=PARTS, default=PARTS, metavar="PART",
                        help=", ".join(PARTS))  # fmt: skip
    parser.add_argument("--formats", nargs="*", choices=[*flips.FORMATS], default=[*flips.FORMATS],
                        metavar="FORMAT", help=", ".join(flips.FORMATS))  # fmt: skip
    parser.add_argument("--journal", type=Path, default=ROOT / ".long" / "journal.jsonl")
    parser.add_argument("--report", type=Path, help="write the table there, too")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1,
                        help="at a time; 0: in this one")  # fmt: skip
    asked = parser.parse_args(arguments)
    asked.found += [
        Path(folder) for folder in filter(None, os.environ.get(FOUND, "").split(os.pathsep))
    ]
    missing = [str(folder) for folder in asked.found if not folder.is_dir()]
    if missing:
        parser.error(f"no such folder: {', '.join(missing)}")
    return asked


# --- the parts ----------------------------------------------------------------------------------


def _proofs(asked: argparse.Namespace, _: Journal) -> Iterator[Work]:
    yield Work("proofs", "-m long", _tested, (asked.processes,))


def _properties(asked: argparse.Namespace, _: Journal) -> Iterator[Work]:
    tests = ROOT / "tests"
    known = [p for p in tests.rglob("test_*.py") if "@given(" in p.read_text(encoding="utf-8")]
    for path in sorted(known):
        yield Work(
            "properties", path.relative_to(ROOT).as_posix(), _tested, (asked.processes, path)
        )


def _tested(processes: int, *files: Path) -> Result:
    """The proofs that take long, or all tests of some files with many examples of each property."""
    workers = ["-n", str(processes)] if processes > 1 else []
    which = ["-m", "not long", *map(str, files)] if files else ["-m", "long"]
    command = [sys.executable, "-m", "pytest", "-q", *workers, *which]
    many = {**os.environ, "KAMXL_EXAMPLES": str(EXAMPLES)} if files else None
    done = subprocess.run(command, cwd=ROOT, env=many, capture_output=True, text=True, check=False)
    lines = done.stdout.strip().splitlines() or ["nothing was said"]
    if done.returncode:
        print(done.stdout[-5_000:], flush=True)
    return {"said": lines[-1].strip("= "), "failed": bool(done.returncode)}


def _flips(asked: argparse.Namespace, journal: Journal) -> Iterator[Work]:
    for name in asked.formats:
        if name in _NEEDS_OFFICE and shutil.which("soffice") is None:
            print(f"flips .{name}: left out, for LibreOffice is not here", flush=True)
            continue
        data = flips.made(name)
        for piece in flips.pieces(name, asked.every):
            yield Work(f"flips .{name}", piece, flips.tried, (name, data, piece))


def _found(asked: argparse.Namespace, _: Journal) -> Iterator[Work]:
    for path in found.files_in(asked.found):
        yield Work("found", found.piece_of(path), found.judged, (path,))


def _fuzz(asked: argparse.Namespace, _: Journal) -> Iterator[Work]:
    seconds = round(asked.minutes * 60 / len(TARGETS))
    for name in TARGETS if seconds else ():
        yield Work("fuzz", f"{name} {seconds} s", _fuzzed, (name, seconds))


def _fuzzed(name: str, seconds: int) -> Result:
    command = [sys.executable, "-m", "tests.fuzz", name, "--seconds", str(seconds)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    lines = done.stdout.strip().splitlines() or [done.stderr[-500:]]
    return {"said": lines[-1], "failed": bool(done.returncode)}


_WORK: dict[str, Callable[[argparse.Namespace, Journal], Iterator[Work]]] = {
    "proofs": _proofs,
    "properties": _properties,
    "flips": _flips,
    "found": _found,
    "fuzz": _fuzz,
}


# --- doing them ----------------------------------------------------------------------------------


def _do(journal: Journal, work: list[Work], processes: int) -> None:
    """Do what is not done yet, and note each piece as soon as it is finished."""
    left = [one for one in work if not journal.has(one.part, one.piece)]
    done = len(work) - len(left)
    for one, result in _results(left, processes):
        journal.add(one.part, one.piece, result)
        done += 1
        if _is_wrong(one, result) or done % 50 == 0 or done == len(work):
            print(f"{one.part}: {done:,} of {len(work):,}; {one.piece}: {result}", flush=True)


def _results(work: list[Work], processes: int) -> Iterator[tuple[Work, Result]]:
    if processes < 1 or (
        work and work[0].part in ("proofs", "properties", "fuzz")
    ):  # they start their own
        for one in work:
            yield one, one.do(*one.given)
        return
    waiting = iter(work)
    # A process that dies takes what it worked on with it: that is a failure, and not the end.
    with ProcessPoolExecutor(processes) as pool:
        given: dict[Future[Result], Work] = {}
        try:
            while batch := [*islice(waiting, processes * 20)]:
                given = {pool.submit(one.do, *one.given): one for one in batch}
                for future in as_completed(given):
                    yield given[future], future.result()
        finally:
            for future in given:
                future.cancel()


def _is_wrong(one: Work, result: Result) -> bool:
    if one.part.startswith("flips"):
        name = one.part.rpartition(".")[2]
        return any(flips.wrong(name, Counter(ends)) for ends in result.values())
    return bool(result.get("wrong") or result.get("failed"))


# --- the table -----------------------------------------------------------------------------------


def _shown(asked: argparse.Namespace, journal: Journal) -> list[Row]:
    rows = [*_rows(asked, journal)]
    lines = ["| Part | Tried | Ended | |", "|---|---|---|---|"]
    lines += [
        f"| {row.part} | {row.tried} | {row.ended} | {'FAILED' if row.failed else 'well'} |"
        for row in rows
    ]
    text = "\n".join(lines) + "\n"
    print(text, flush=True)
    if asked.report:
        asked.report.write_text(text, encoding="utf-8")
    return rows


def _rows(asked: argparse.Namespace, journal: Journal) -> Iterable[Row]:
    for part in ("proofs", "properties"):
        if part in asked.only:
            yield from _told(journal, part)
    if "flips" in asked.only:
        for name in asked.formats:
            yield from _flipped(journal, name)
    if "found" in asked.only:
        yield from _judged(journal)
    if "fuzz" in asked.only:
        yield from _told(journal, "fuzz")


def _told(journal: Journal, part: str) -> Iterator[Row]:
    for piece, result in journal.results(part).items():
        yield Row(part, piece, result["said"], result["failed"])


def _flipped(journal: Journal, name: str) -> Iterator[Row]:
    results = journal.results(f"flips .{name}")
    for kind in ("bits", "lengths"):
        ends = added(results, kind)
        if ends:
            told = ", ".join(f"{count:,} {end}" for end, count in sorted(ends.items()))
            tried = f"{sum(ends.values()):,} {kind}"
            yield Row(f"flips .{name}", tried, told, flips.wrong(name, ends))


def _judged(journal: Journal) -> Iterator[Row]:
    results = journal.results("found")
    if not results:
        return
    wrong = {piece: result["wrong"] for piece, result in results.items() if result["wrong"]}
    ends = ", ".join(f"{count:,} {code}" for code, count in added(results, "codes").most_common())
    yield Row("found", f"{len(results):,} files", ends, bool(wrong))
    for what, unit in (("seconds", "s"), ("megabytes", "MB")):
        worst = sorted(results, key=lambda piece: -results[piece][what])[:_WORST]
        told = ", ".join(f"{results[one][what]:g} {unit} {_name(one)}" for one in worst)
        yield Row(f"found: the most {what}", f"{len(results):,} files", told)
    for piece, said in sorted(wrong.items()):
        yield Row("found", _name(piece), ", ".join(said), failed=True)


def _name(piece: str) -> str:
    return Path(piece.partition(" ")[2]).name


if __name__ == "__main__":
    sys.exit(main())
