"""The table of cases that wait for the long run: each names a test that there is, and why."""

from __future__ import annotations

import ast

import pytest

from tests.long.cases import TABLE, Cases, table
from tests.long.slices import EVERY, PARTS, in_every_run, part_of

TESTS = TABLE.parents[1]


@pytest.mark.parametrize("one", table(), ids=lambda one: f"{one.file} {one.test}")
def test_it_names_a_proof_and_why(one: Cases) -> None:
    tree = ast.parse((TESTS / one.file).read_text(encoding="utf-8"))
    assert one.test in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    assert one.reason


def test_each_row_says_something_of_its_own() -> None:
    assert len({(one.file, one.test) for one in table()}) == len(table())
    one = Cases("a/test_b.py", "test_c", r"en\]", "why")
    assert one.holds("tests/a/test_b.py::test_c[1-en]")
    assert not one.holds("tests/a/test_b.py::test_c[1-de]")
    assert not one.holds("tests/a/test_b.py::test_cd[1-en]")


@pytest.mark.parametrize("one", EVERY)
def test_what_every_run_proves_is_there(one: str) -> None:
    file, _, test = one.partition("::")
    assert (TESTS / file).exists()
    assert not test or f"def {test}(" in (TESTS / file).read_text(encoding="utf-8")
    assert in_every_run(f"tests/{one}")


def test_the_parts_are_alike_and_no_test_is_in_none() -> None:
    tests = [
        f"tests/{p.relative_to(TESTS)}::test_{n}"
        for p in TESTS.rglob("test_*.py")
        for n in range(9)
    ]
    parts = [part_of(test) for test in tests]
    assert set(parts) == set(range(PARTS))
    assert min(map(parts.count, range(PARTS))) > len(tests) / PARTS / 2
    assert not in_every_run("tests/forms/test_register.py::test_anything")
