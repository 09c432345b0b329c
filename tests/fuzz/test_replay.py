"""Every input that the fuzzer found worth keeping, once more; and that there are such inputs."""

from __future__ import annotations

import importlib.util

import pytest

from tests.fuzz import __main__ as command
from tests.fuzz.corpus import CORPUS, choose, kept, name_of
from tests.fuzz.targets import TARGETS, Target

MOST, LARGEST = 450, 250_000  # files in all, and their bytes
INPUTS = [(target, name) for target in TARGETS for name in kept(target)]


@pytest.mark.parametrize(("target", "name"), INPUTS, ids=lambda part: part.removesuffix(".bin"))
def test_a_kept_input(target: str, name: str) -> None:
    TARGETS[target].run(kept(target)[name])


@pytest.mark.parametrize("target", TARGETS)
def test_a_seed_reaches_what_it_should(target: str) -> None:
    """Seeds are good files: if all of them were refused, the fuzzer would see the door only."""
    outcomes = {TARGETS[target].run(seed) for seed in TARGETS[target].seeds()}
    assert any("read" in one or "accepted" in one or "whole" in one for one in outcomes)


@pytest.mark.parametrize("target", TARGETS)
def test_every_target_has_kept_inputs(target: str) -> None:
    assert len(kept(target)) >= 10


def test_the_corpus_is_small_and_nothing_else() -> None:
    assert {path.name for path in CORPUS.iterdir() if path.is_dir()} == set(TARGETS)
    inputs = [(name, data) for target in TARGETS for name, data in kept(target).items()]
    assert all(name == name_of(data) for name, data in inputs)
    assert len(inputs) <= MOST
    assert sum(len(data) for _, data in inputs) <= LARGEST


def test_of_inputs_that_reach_the_same_the_smallest_is_kept() -> None:
    known = Target(lambda data: str(len(set(data))), tuple, (), 10)
    assert choose(known, [b"aaaa", b"ab", b"a", b"abab", b"bbb"]) == [b"a", b"ab"]


def test_without_atheris_it_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["tests.fuzz"])
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    assert command.main() == 2
    assert "atheris is not installed" in capsys.readouterr().out
