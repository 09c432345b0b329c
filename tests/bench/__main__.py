"""``python -m tests.bench [write|read|whole|pieces ...]``: a table of ratios, and JSON if asked.

Quick as it is; ``--accounts 100 1000 10000`` takes the better part of an hour. Nothing is asserted:
each goal stands beside its figure.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import signal
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from tests.bench.goals import held
from tests.bench.groups import Asked, Group, read, whole, write
from tests.bench.pieces import pieces

GROUPS: dict[str, Callable[[Asked], Group]] = {
    "write": write,
    "read": read,
    "whole": whole,
    "pieces": pieces,
}
_PEERS = ("openpyxl", "xlsxwriter", "pandas", "python-calamine")


def _asked(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m tests.bench", description=__doc__)
    parser.add_argument("groups", nargs="*", metavar="GROUP", help=f"of {', '.join(GROUPS)}")
    parser.add_argument("--accounts", type=int, nargs="+", default=[100], metavar="N")
    parser.add_argument("--plans", action="store_true", help="whole: with a plan for each account")
    parser.add_argument("--rounds", type=int, default=7, help="of each peer in a process")
    parser.add_argument("--sweeps", type=int, default=3, help="through all peers, in turn")
    parser.add_argument("--json", metavar="FILE", help="write it there, too; -: instead of a table")
    found = parser.parse_args(words)
    for name in found.groups:
        if name not in GROUPS:
            parser.error(f"{name} is none of {', '.join(GROUPS)}")
    if min(*found.accounts, found.rounds, found.sweeps) < 1:
        parser.error("one at least")
    return found


def _machine() -> dict[str, Any]:
    versions = {}
    for name in _PEERS:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            versions[name] = None
    found = {"system": platform.system(), "processor": platform.machine()}
    return {**found, "cores": os.cpu_count(), "python": platform.python_version(), **versions}


def as_json(groups: dict[str, Group], asked: Asked) -> dict[str, Any]:
    """All that was measured: seconds of the processor, ratios, MB; unknown is null."""
    figures = {key: value for group in groups.values() for key, value in group.figures.items()}
    return {
        "machine": _machine(),
        "accounts": list(asked.accounts),
        "groups": {
            name: {
                "title": group.title,
                "rows": [row._asdict() for row in group.rows],
                "said": group.said,
            }
            for name, group in groups.items()
        },
        "figures": figures,
        "goals": held(figures, max(asked.accounts)),
    }


def lines(told: dict[str, Any]) -> list[str]:
    """The same as a table."""
    found = []
    for group in told["groups"].values():
        found += ["", group["title"], f"{'':52}{'ms':>10}{'ratio':>8}{'MB':>7}"]
        found += [_line(row) for row in group["rows"]]
        found += [f"  ({said})" for said in group["said"]]
    found += ["", "goals"]
    words = {True: "reached", False: "NOT REACHED", None: "–"}
    for goal in told["goals"]:
        value = "–" if goal["value"] is None else f"{goal['value']:.2f}"
        at = f"  (for {goal['at']} accounts)" if goal["at"] else ""
        bound = f"{goal['goal']:>7}{value:>9}"
        found.append(f"  {goal['words']:74}{bound}  {words[goal['reached']]}{at}")
    return found


def _line(row: dict[str, Any]) -> str:
    ratio = "" if row["ratio"] is None else f"{row['ratio']:.2f}"
    memory = "" if row["memory"] is None else f"{row['memory']:.0f}"
    return f"  {row['name']:50}{1000 * row['seconds']:10.2f}{ratio:>8}{memory:>7}  {row['note']}"


def main(words: Sequence[str] | None = None) -> None:
    """Measure, and tell; whatever ends it, nothing is left behind."""
    options = _asked(words)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    asked = Asked(options.accounts, options.rounds, options.sweeps, options.plans)
    groups = {}
    for name in options.groups or GROUPS:
        print(f"{name} …", file=sys.stderr, flush=True)
        groups[name] = GROUPS[name](asked)
    told = as_json(groups, asked)
    if options.json != "-":
        print("\n".join(lines(told)))
    if options.json is not None:
        text = json.dumps(told, indent=1, ensure_ascii=False)
        if options.json == "-":
            print(text)
        else:
            Path(options.json).write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
