"""README's table of promises says what was measured, and what can be counted today."""

from __future__ import annotations

import json

from tests.promises import BEGIN, KEPT, PROOFS, README, SAID, counted, table, written


def test_the_table_is_made_of_the_figures():
    figures = json.loads(KEPT.read_text(encoding="utf-8"))
    readme = README.read_text(encoding="utf-8")
    assert BEGIN in readme
    assert readme == written(readme, figures), "python -m tests.promises"
    assert table(figures) in readme


def test_the_figures_are_todays():
    figures = json.loads(KEPT.read_text(encoding="utf-8"))
    today = counted()
    assert {key: figures[key] for key in today} == today, "python -m tests.promises"
    assert figures["changed"] == 0


def test_a_promise_with_tests_of_its_own_has_its_row():
    figures = json.loads(KEPT.read_text(encoding="utf-8"))
    assert PROOFS.keys() == SAID.keys()
    shown = table(figures | {"proofs": dict.fromkeys(PROOFS, 7)})
    assert shown.count("| 7 tests") == len(PROOFS)
    assert "7 tests" not in table(figures | {"proofs": {}})
