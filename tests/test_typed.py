"""A number on the command line is written with 0 to 9, and with nothing else."""

from __future__ import annotations

import pytest

from kamxl.cli.arguments import build_parser
from kamxl.commands.parts.asking import number
from kamxl.errors import KamxlError

NONE = ["", " 3", "3 ", "+3", "-3", "1_0", "3.0", "٣", "３", "³", "౩", "0x3", "3\n", "9" * 5000]


def workers(text: str) -> object:
    return build_parser().parse_args(["consolidate", f"--workers={text}"]).workers


@pytest.mark.parametrize("text", NONE)
def test_what_is_no_number_is_none(text: str) -> None:
    assert number(text) is None
    with pytest.raises(KamxlError) as refused:
        workers(text)
    assert refused.value.code == "arguments-choice"


@pytest.mark.parametrize(("text", "meant"), [("1", 1), ("03", 3), ("61", 61)])
def test_a_number_is_taken(text: str, meant: int) -> None:
    assert number(text) == workers(text) == meant


@pytest.mark.parametrize("text", ["0", "62", "999999999"])
def test_a_number_may_be_too_small_or_too_large(text: str) -> None:
    assert number(text) == int(text)
    with pytest.raises(KamxlError):
        workers(text)
