"""JSON is told in pieces, and is the same as one text."""

from __future__ import annotations

import json
from typing import Any

import pytest

from kamxl.commands.parts.speaking import json_pieces

TOLD: list[dict[str, Any]] = [
    {},
    {"a": []},
    {"a": [], "b": {}, "é\n": None},
    {
        "one": {"x": [1, {"y": "a\nb\r\n"}], "z": []},
        "list": [{"a": [1.5, True, None]}, [], {}, "text\n  ", 3],
        "tuple": ({"a": 1},),
        "text": "[\u2028\ud800",
        "number": -0.25,
        "numbers": [1e16, 1e-7, -0.0, 12345678901234567890123, 1.7976931348623157e308],
        "signs": '\x7f"\\/\b\x01 ,:[]{}',
    },
]


@pytest.mark.parametrize("told", TOLD)
def test_pieces_are_what_the_whole_would_be(told: dict[str, Any]) -> None:
    whole = json.dumps(told, ensure_ascii=False, indent=2)
    whole = whole.replace("\u2028", "\\u2028").replace("\ud800", "\\ud800")
    whole = whole.replace("\x7f", "\\u007f")
    assert "".join(json_pieces(told)) == whole
    lazy = {key: iter(one) if isinstance(one, list) else one for key, one in told.items()}
    assert "".join(json_pieces(lazy)) == whole


def test_what_is_made_is_told_before_the_next_is_made() -> None:
    made: list[int] = []

    def members() -> Any:
        for number in range(3):
            made.append(number)
            yield number

    seen = [(piece, len(made)) for piece in json_pieces({"a": members()})]
    assert [count for _, count in seen] == [0, 1, 2, 3, 3, 3]


def test_a_number_without_json_is_an_error() -> None:
    with pytest.raises(ValueError, match="JSON"):
        list(json_pieces({"a": [float("nan")]}))
