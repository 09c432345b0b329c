"""Names beside the bubbles of a map: everybody of whom there is a name is called by it."""

from __future__ import annotations

from kamxl.forms.portfolio.labels import Bubble, placed

WIDE, HIGH = 354.0, 253.0  # points of the picture on the first sheet


def named(number: int, name: str, x: float, y: float, size: float) -> Bubble:
    first = name.split()[0]
    return Bubble(x, y, size, (f"{number} {name}", f"{number} {first}", str(number)))


def test_names_are_shortened_before_one_is_left_out() -> None:
    """Two large ones over each other at the right edge: both by their first words."""
    bubbles = [
        named(1, "Moltide Molkereien", 69.0, 7.0, 3.3),
        named(2, "Brackenley Foods", 67.5, 14.0, 1.75),
        named(3, "Pharadon", 62.0, 43.0, 1.65),
        named(4, "Trentvale Medical", 63.0, 49.0, 1.25),
        named(5, "Korngold Backwaren", 60.0, 27.0, 1.15),
        Bubble(50.0, 4.0, 0.5, ("6",)),
    ]
    found = placed(bubbles, WIDE, HIGH)
    assert None not in found
    said = [one.text for one in found if one]
    assert all(" " in text for text in said[:-1]), said


def test_who_has_a_name_comes_before_a_number() -> None:
    """Where all of them stand in one place, numbers give way."""
    bubbles = [Bubble(50.0, 50.0, 1.0, (str(n),)) for n in range(9, 15)]
    bubbles.append(named(1, "Moltide Molkereien", 50.0, 50.0, 1.0))
    last = placed(bubbles, WIDE, HIGH)[-1]
    assert last is not None
    assert "Moltide" in last.text
