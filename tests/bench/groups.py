"""What is measured, group by group: ``write``, ``read``, ``whole``."""

from __future__ import annotations

import importlib.util
import json
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

from tests.bench import readers, writers
from tests.bench.cells import kept
from tests.bench.measuring import MB, Cost, FailedError, Row, peers, rows, run
from tests.bench.workspaces import HOME, PERIOD, answered, card_in, made

CACHE = "cache"  # beside the workspace: what its runs keep outside of it
_ENOUGH = 300  # accounts from which on two workers can be compared with one
_FEW = 5  # so many times fewer are issued beside, to see what each further one costs


@dataclass
class Group:
    """``figures``: ratios and sizes that goals are about. ``said``: in words, what to know."""

    title: str
    rows: list[Row] = field(default_factory=list)
    figures: dict[str, float] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Asked:
    """``accounts``: sizes of workspaces; ``rounds`` of each peer in each of ``sweeps``."""

    accounts: Sequence[int]
    rounds: int
    sweeps: int
    plans: bool = False


@contextmanager
def _folder() -> Iterator[Path]:
    """One that is gone afterwards, however that comes."""
    with tempfile.TemporaryDirectory(prefix="kamxl-bench-", ignore_cleanup_errors=True) as name:
        yield Path(name)


def _there(peers_: dict[str, Any], group: Group) -> list[str]:
    """The names of those that are installed; of the others it is said."""
    missing = [n for n, peer in peers_.items() if importlib.util.find_spec(peer.needs) is None]
    group.said += [f"{name} is left out: {peers_[name].needs} is not here" for name in missing]
    return [name for name in peers_ if name not in missing]


def _command(folder: Path, *words: str) -> tuple[dict[str, Any], Cost]:
    """A command of kamxl in the workspace there: what it answers, and what it cost."""
    asked = ("-m", "kamxl", "-C", str(folder / HOME), *words, "--json")
    text, cost = run(*asked, cache=folder / CACHE)
    return json.loads(text), cost


def _issued(folder: Path, accounts: int) -> Cost:
    told, cost = _command(folder, "issue")
    new = sum(one["state"] == "new" for one in told["issued"])
    if new != accounts:
        raise FailedError(f"{new} cards of {accounts} were issued")
    return cost


def _prepared(folder: Path, accounts: int) -> int:
    """A workspace there, issued and answered, and its first card for the peers: cells of it."""
    made(folder, accounts)
    _issued(folder, accounts)
    card = card_in(folder)
    answered(folder / HOME)
    answer = next(iter(sorted((folder / HOME / "inbox").glob("*.xlsx")))).read_bytes()
    return kept(folder, card, answer)


# --- a card is written ---------------------------------------------------------------------------


def write(asked: Asked) -> Group:
    """Rendering a card, and issuing one end to end, against others that write the same cells."""
    group = Group("write: one card")
    with _folder() as folder:
        cells = _prepared(folder, 1)
        names = _there(writers.PEERS, group)
        costs = peers("writers", names, folder, asked.rounds, asked.sweeps)
    group.title += f" of {cells} cells"
    group.rows += rows(costs, {})
    plain, ours = costs[writers.PLAIN][0], costs[writers.OURS][0]
    group.figures["render.plain"] = plain / ours
    if writers.XLSXWRITER in costs:
        group.figures["render.xlsxwriter"] = costs[writers.XLSXWRITER][0] / ours
    for plans in (False, True):
        words = "kamxl issues: card, mail, record, guard" + (", plan" if plans else "")
        further, all_in = _issuing(asked, plans)
        first = min(asked.accounts)
        note = f"each after the first {max(1, first // _FEW)}; {1000 * all_in:.1f} ms all in"
        group.rows.append(Row(words, further, plain / further, note=note))
        if not plans:
            group.figures["issue.plain"] = plain / further
    return group


def _issuing(asked: Asked, plans: bool) -> tuple[float, float]:
    """Processor seconds for a card: each further one, and all with the start, shared by all."""
    many = min(asked.accounts)
    few = max(1, many // _FEW)
    costs: dict[int, list[float]] = {few: [], few + many: []}
    with _folder() as folder:
        for accounts in costs:
            made(folder / str(accounts), accounts, plans)
        for sweep in range(asked.sweeps):
            for accounts, some in costs.items():
                new = folder / f"{accounts}-{sweep}"
                shutil.copytree(folder / str(accounts), new)
                some.append(_issued(new, accounts).seconds)
    small, large = (median(some) for some in costs.values())
    return max(large - small, 1e-9) / many, large / (few + many)


# --- an answer is read ---------------------------------------------------------------------------


def read(asked: Asked) -> Group:
    """Reading an answer with all safety on, against others that read less and trust all of it."""
    group = Group("read: one answer")
    many = min(asked.accounts)
    with _folder() as folder:
        _prepared(folder, many)
        names = _there(readers.PEERS, group)
        costs = peers("readers", names, folder, asked.rounds, asked.sweeps)
        group.rows += rows(costs, {})
        rates = {workers: _reading(folder, workers, asked.sweeps) for workers in (1, 2)}
    base, floor = costs[readers.READ_ONLY][0], costs[readers.FLOOR][0]
    found = {workers: rate for workers, rate in rates.items() if rate is not None}
    for workers, (seconds, wall) in found.items():
        words = f"kamxl, in processes apart, workers: {workers}"
        group.rows.append(Row(words, seconds, base / seconds, note=f"{1000 * wall:.1f} ms waited"))
    if one := found.get(1):
        group.figures["read.readonly"], group.figures["read.floor"] = base / one[0], one[0] / floor
    if len(found) > 1 and many >= _ENOUGH:
        group.figures["read.workers"] = found[1][1] / found[2][1]
    else:
        group.said.append(f"workers get dozens at a time: compared from {_ENOUGH} accounts on")
    return group


def _reading(folder: Path, workers: int, sweeps: int) -> tuple[float, float] | None:
    """Seconds of the processor, and on the clock, for a further answer (None: all came at once)."""
    told = []
    for _ in range(sweeps):
        shutil.rmtree(folder / CACHE, ignore_errors=True)
        words = ("-m", "tests.bench.consolidating", str(folder / HOME), str(workers))
        told.append(json.loads(run(*words, cache=folder / CACHE)[0]))
    if not all(one.get("seconds") for one in told):
        return None
    return median(one["seconds"] for one in told), median(one["wall"] for one in told)


# --- the whole of it -----------------------------------------------------------------------------


def whole(asked: Asked) -> Group:
    """Workspaces from end to end, and how that grows."""
    group = Group("whole: workspaces, per account" + (", with plans" if asked.plans else ""))
    sizes: list[tuple[int, dict[str, Cost]]] = []
    base = 0.0
    for accounts in sorted(asked.accounts):
        with _folder() as folder:
            try:
                base = base or _read_only(folder / "one", asked)
                sizes.append((accounts, _one(folder / "all", accounts, asked.plans, group)))
            except FailedError as problem:
                group.said.append(f"{accounts} accounts: {problem}")
    for accounts, costs in sizes:
        for step, cost in costs.items():
            note = f"{cost.seconds:.1f} s in all, {cost.wall:.1f} s waited"
            per = cost.seconds / accounts
            words = f"{accounts:6} accounts: {step}"
            group.rows.append(Row(words, per, base / per, cost.memory, note))
    if sizes:
        group.said.append(f"compared with openpyxl read-only, the table: {1000 * base:.2f} ms")
        _figures(sizes, base, group)
    return group


def _read_only(folder: Path, asked: Asked) -> float:
    """What openpyxl needs to read one such answer."""
    folder.mkdir()
    _prepared(folder, 1)
    name = readers.READ_ONLY
    return peers("readers", [name], folder, asked.rounds, asked.sweeps)[name][0]


ISSUE, FIRST, AGAIN, TWO = "issue", "consolidate", "again, nothing new", "consolidate, two workers"


def _one(folder: Path, accounts: int, plans: bool, group: Group) -> dict[str, Cost]:
    """All steps of one workspace."""
    made(folder, accounts, plans)
    costs = {ISSUE: _issued(folder, accounts)}
    answered(folder / HOME)
    for step, words in ((FIRST, ("1",)), (AGAIN, ("1",)), (TWO, ("2",))):
        if step == TWO:
            shutil.rmtree(folder / CACHE, ignore_errors=True)
            for path in (folder / HOME).glob("Portfolio.*"):
                path.unlink()
        told, costs[step] = _command(folder, "consolidate", "--workers", *words)
        good = told["counts"]["accepted"]
        if good != accounts * (1 + plans):
            raise FailedError(f"{good} files of {accounts * (1 + plans)} were accepted")
    book, page = (folder / HOME / f"Portfolio.{kind}" for kind in ("xlsx", "html"))
    sizes = [path.stat().st_size / MB for path in (book, page)]
    group.figures["whole.portfolio"], group.figures["whole.page"] = sizes
    words = f"Portfolio.xlsx {sizes[0]:.2f} MB, Portfolio.html {sizes[1]:.2f} MB"
    group.said.append(f"{accounts} accounts: {words}")
    return costs


def _figures(sizes: list[tuple[int, dict[str, Cost]]], base: float, group: Group) -> None:
    accounts, costs = sizes[-1]
    first = costs[FIRST]
    group.figures |= {
        "whole.readonly": base * accounts / first.seconds,
        "whole.repeat": first.seconds / costs[AGAIN].seconds,
        "whole.memory": max(cost.memory for step, cost in costs.items() if step != ISSUE),
    }
    further = [
        ((b[FIRST].seconds - a[FIRST].seconds) / (m - n), m, n)
        for (n, a), (m, b) in pairwise(sizes)
    ]
    for cost, more, less in further:
        words = f"{1000 * cost:.1f} ms each, from {less} to {more}"
        group.said.append(f"a further answer consolidated: {words}")
    if len(further) > 1:
        group.figures["whole.growth"] = further[-1][0] / further[-2][0]


__all__ = ["PERIOD", "Asked", "Group", "read", "whole", "write"]
