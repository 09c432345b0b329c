"""``consolidate --json`` against the recomputation: the demo, and a workspace of nasty cases."""

from __future__ import annotations

import ast
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.recomputed.answer import COUNTING, accounts
from tests.recomputed.chance import by_chance
from tests.recomputed.comparing import differences
from tests.recomputed.method import Segment, lead, shares, total
from tests.recomputed.nasty import CASES
from tests.recomputed.playing import play, told
from tests.recomputed.reading import Card, Line

HERE = Path(__file__).parent
MODULES = sorted(path for path in HERE.glob("*.py") if path.name != Path(__file__).name)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_nothing_of_kamxl_is_imported(path):
    """Only the standard library, openpyxl and each other; and no way around imports."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imported = {
        name
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [f"{'.' * node.level}{node.module}"]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    others = {name for name in imported if not name.startswith("tests.recomputed")}
    roots = {name.split(".")[0] for name in others}
    assert roots <= {"openpyxl", "tests"} | (sys.stdlib_module_names - {"importlib", "runpy"})
    assert {name for name in others if name.startswith("tests")} <= {"tests.recomputed"}
    called = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assert not called & {"__import__", "exec", "eval"}


@pytest.mark.proof
@pytest.mark.parametrize("language", ["de", pytest.param("en", marks=pytest.mark.long)])
def test_the_demo_says_what_was_typed(demos, tmp_path, language):
    root = tmp_path / "demo"
    shutil.copytree(demos(language), root)
    answer = told(root, "consolidate")
    _agree(accounts(root, answer["files"]), answer)


@pytest.mark.proof
def test_the_nasty_cases_say_what_was_typed(tmp_path):
    root = tmp_path / "nasty"
    cases = CASES | by_chance(20261129, 6)
    play(root, cases)
    answer = told(root, "consolidate")
    used = [f for f in answer["files"] if f["kind"] == "scorecard" and f["status"] in COUNTING]
    assert len(used) == sum(len(case.cards) for case in cases.values())
    assert any(file["kind"] == "plan" for file in answer["files"])
    recomputed = accounts(root, answer["files"])
    _agree(recomputed, answer)
    by_id = {account["id"]: account for account in recomputed}
    _as_calculated_by_hand(by_id)
    earlier = accounts(root, answer["files"], "2026-H1")
    before = told(root, "consolidate", "--period", "2026-H1")
    _agree(earlier, before)


def _agree(recomputed: list[dict[str, Any]], answer: dict[str, Any]) -> None:
    found = differences(recomputed, answer["accounts"])
    assert not found, "\n".join(found)


def _as_calculated_by_hand(told: dict[str, Any]) -> None:
    """The counterexamples that the method was revised for: a mistake could be in both eyes."""
    assert told["NOBODY"]["lead"] == pytest.approx(-15)
    assert told["NOBODY"]["basis"] == {
        "raters": 1, "of": 2, "weights": 1.0, "revenue": 1.0, "enough": True,
    }  # fmt: skip
    assert told["OPPOSED"]["total"] == pytest.approx(84)
    assert told["MINUS"]["lead"] == pytest.approx(-4)
    assert told["MOST"]["lead"] == pytest.approx(31.875)
    assert told["MOST"]["basis"]["weights"] == pytest.approx(0.03 * 0.8)
    assert not told["MOST"]["basis"]["enough"]
    assert told["UNDER"]["segments"][0]["lead"] == pytest.approx(-40)
    assert not told["UNDER"]["segments"][0]["basis"]["enough"]
    assert told["TIES"]["best_competitor"] == "BOREL"
    assert [one["best_competitor"] for one in told["TIES"]["segments"]][:3] == [
        "BOREL", "BOREL", "OMBRA",
    ]  # fmt: skip
    assert told["BEFORE"]["best_competitor"] == "GONE"
    assert told["SILENT"]["position"]["requirements_known"] is None
    assert told["FREE"]["total"] is None
    assert told["NOTHING"]["total"] == pytest.approx((63 + 90) / 2)
    assert told["HALF"]["segments"][1]["lead"] == pytest.approx(10)
    assert told["TYPED"]["segments"][0]["total"] == pytest.approx(
        ((50 * 85 + 20 * 85.5) / 70 + 0.5 * 85 + 0.3 * 80 + 0.2 * 66.5) / 2
    )


# -- the recomputation itself --------------------------------------------------------------------


def _card(who: str, weights: list[Any], us: list[Any], rival: list[Any]) -> Card:
    rated = [{"us": ours, "k": theirs} for ours, theirs in zip(us, rival, strict=True)]
    ratings = [{k: r for k, r in one.items() if r is not None} for one in rated]
    lines = tuple(Line(w, r) for w, r in zip(weights, ratings, strict=True))
    return Card("a", "s", "2026", who, lines, {"k": "K"})


def test_one_card_by_hand():
    card = _card("x", [50, 30, None], [80, None, 10], [60, 90, 10])
    assert total(card, "us") == 80
    assert total(card, "k") == pytest.approx((50 * 60 + 30 * 90) / 80)
    assert lead(card, "k") == (20, pytest.approx(50 / 80))
    assert lead(_card("x", [0, 0, 0], [1, 2, 3], [4, 5, 6]), "k") is None


def test_results_are_averaged_over_those_who_compared():
    cards = (
        _card("pia", [60, 40], [95, 95], [None, None]),
        _card("rolf", [60, 40], [45, 45], [60, 60]),
        _card("sam", [60, 40], [0, 50], [None, 40]),
    )
    found = Segment("s", None, 1.0, cards).against("k")
    assert (found.lead, found.weights, found.raters, found.enough) == (-15, 1, {"rolf"}, True)


def test_shares_of_the_revenue():
    assert shares({"a": 30, "b": 10}) == {"a": 0.75, "b": 0.25}
    assert shares({"a": None, "b": 10}) == shares({"a": 0, "b": 0}) == {"a": 0.5, "b": 0.5}


def test_a_difference_is_seen_wherever_it_is():
    expected = [{"id": "A", "total": 1.0, "basis": {"enough": True}, "segments": [{"id": "s"}]}]
    assert differences(expected, [{**expected[0], "name": "more may be told"}]) == []
    for wrong in (
        {"total": 1.0 + 2e-9},
        {"total": None},
        {"basis": {"enough": 1}},
        {"basis": {}},
        {"segments": []},
    ):
        assert len(differences(expected, [{**expected[0], **wrong}])) == 1
