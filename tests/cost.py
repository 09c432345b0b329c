"""``pytest --cost FILE``: the processor time of each test, that of its children included.

The clock says little on a machine that does other work, so lanes are drawn by processor time: what
a test costs with what is set up for it, and what the programs it starts cost. The table is written
to FILE, the dearest first; tests of the fast lane that cost more than ``LIMIT`` are named at the
end of the run. None fails by it: another machine is slower or faster.
"""

from __future__ import annotations

import time
from collections.abc import Generator
from pathlib import Path

import psutil
import pytest

LIMIT = 1.0  # seconds of processor time from which on a test carries the marker "proof"
_PHASES = ("setup", "call", "teardown")
_measured: dict[str, dict[str, float]] = {}
_dear: set[str] = set()
_CHILDREN = pytest.StashKey[float]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--cost", metavar="FILE", help="write what each test costs in processor time")


def _by_children() -> float:
    """Seconds of processor time, until now, of all that this process started.

    What has ended is counted by the system; what still runs (a reader kept for the next file, a
    LibreOffice) is asked.
    """
    own = psutil.Process()
    ended = own.cpu_times()
    total = ended.children_user + ended.children_system
    for child in own.children(recursive=True):
        try:
            total += sum(child.cpu_times()[:4])
        except psutil.Error:
            continue
    return total


def _phase(item: pytest.Item, phase: str) -> Generator[None, object, object]:
    if not item.config.getoption("--cost"):
        return (yield)
    known = item.session.stash.get(_CHILDREN, None)  # asking costs as well: once for each phase
    begin = (_by_children() if known is None else known) + time.process_time()
    try:
        return (yield)
    finally:
        own = time.process_time()
        item.session.stash[_CHILDREN] = others = _by_children()
        # Reports carry this from a worker to the process that writes the table.
        item.user_properties.append((f"cost {phase}", own + others - begin))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, object, object]:
    return (yield from _phase(item, "setup"))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    return (yield from _phase(item, "call"))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, object, object]:
    return (yield from _phase(item, "teardown"))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.when != "teardown":
        return
    given = dict(report.user_properties)
    costs = {phase: given[f"cost {phase}"] for phase in _PHASES if f"cost {phase}" in given}
    if costs:
        _measured[report.nodeid] = {phase: float(str(cost)) for phase, cost in costs.items()}
        if "proof" not in report.keywords and _measured[report.nodeid].get("call", 0) > LIMIT:
            _dear.add(report.nodeid)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    target = terminalreporter.config.getoption("--cost")
    if not target:
        return
    ordered = sorted(_measured.items(), key=lambda one: -sum(one[1].values()))
    lines = ["all\tsetup\tcall\tteardown\ttest"]
    for test, costs in ordered:
        each = [sum(costs.values()), *(costs.get(phase, 0.0) for phase in _PHASES)]
        lines.append("\t".join([*(f"{seconds:.2f}" for seconds in each), test]))
    Path(target).write_text("\n".join(lines) + "\n", encoding="utf-8")
    total = sum(sum(costs.values()) for costs in _measured.values())
    terminalreporter.write_line(f"{len(ordered)} tests cost {total:.0f} s of processor time")
    for test in sorted(_dear):
        terminalreporter.write_line(f"not marked as a proof, and costs over {LIMIT:g} s: {test}")
