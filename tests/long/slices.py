"""``pytest --slice N``: of the proofs those of every run, and one part in ``PARTS`` of the others.

All proofs together take longer than a run may. So each run has those that hold most (``EVERY``:
what goes out, what is lost, whether numbers agree) and a part of the rest, chosen by the number of
the commit: none waits longer than some landings, and the same commit runs the same ones again.
``pytest -m proof`` without it runs all.
"""

from __future__ import annotations

from collections.abc import Sequence
from zlib import crc32

import pytest

PARTS = 8
# Files, and single tests, below tests/.
EVERY = (
    "test_examples.py",
    "test_four_ways.py",
    "test_standalone.py",
    "report/test_accessible.py",
    "workflow/test_leak_canaries.py",
    "users/test_normal_user.py::test_the_whole_loop",
    "addin/test_consolidate_in_excel.py::test_formulas_on_screen_have_the_numbers_of_the_core",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--slice", type=int, metavar="N",
        help=f"of the proofs those of every run, and the others of part N modulo {PARTS}",
    )  # fmt: skip


@pytest.hookimpl(trylast=True)  # when it is known which are proofs
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    wanted = config.getoption("--slice")
    if wanted is None:
        return
    left = [one for one in items if not _runs(one, wanted)]
    config.hook.pytest_deselected(items=left)
    items[:] = [one for one in items if _runs(one, wanted)]


def _runs(item: pytest.Item, wanted: int) -> bool:
    test = item.nodeid.partition("[")[0]
    return (
        item.get_closest_marker("proof") is None
        or in_every_run(test)
        or part_of(test) == (wanted % PARTS)
    )


def in_every_run(test: str, every: Sequence[str] = EVERY) -> bool:
    """Whether a test, by its place without its case, is one of every run."""
    return any(test.startswith(f"tests/{one}") for one in every)


def part_of(test: str) -> int:
    """To which part a test belongs: all its cases, which share what they need, to one."""
    return crc32(test.encode()) % PARTS
