"""The table of cases that wait for the long run: each names a test that there is, and why."""

from __future__ import annotations

import ast

import pytest

from tests.long.cases import TABLE, Cases, table

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
