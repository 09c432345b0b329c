"""Every code of a finding is shown by a test that exists and names it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from kamxl.core.finding import CODES
from tests.shown import SHOWN

ROOT = Path(__file__).resolve().parents[1]


def test_every_code_is_shown() -> None:
    assert set(CODES) - set(SHOWN) == set(), "add the test that shows it to tests/shown.py"
    assert set(SHOWN) - set(CODES) == set(), "no such code any more"


@pytest.mark.parametrize("code", SHOWN)
def test_the_test_exists_and_names_the_code(code: str) -> None:
    path, _, name = SHOWN[code].partition("::")
    source = (ROOT / path).read_text(encoding="utf-8")
    assert name in {node.name for node in ast.walk(ast.parse(source)) if is_test(node)}
    if "scorecard_faults" not in source:  # that table is checked by test_scorecard_findings
        assert f'"{code}"' in source


def is_test(node: ast.AST) -> bool:
    return isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
