"""Cases that once told a manager something wrong, or could: one account each, and what they answer.

All cards ask for the same three requirements ("q" carries a minimum of 50) and, where rivals are
named, for the same three rivals. Values stand as people type them; "." is left blank.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

EARLIER, NOW = "2026-H1", "2026-H2"
REQUIREMENTS = (("q", "Quality", 50), ("t", "On time", None), ("p", "Price", None))
RIVALS = {"BOREL": "Borel", "OMBRA": "Ombra", "ZENIT": "Zenit"}
GONE = ("GONE", "Gone Ltd")  # a rival that the register had when the earlier cards went out
USUAL = (50, 30, 20)

Typed = tuple[Any, ...]


@dataclass(frozen=True)
class Percent:
    """A number in a cell with a percent format."""

    value: float


@dataclass(frozen=True)
class Filled:
    """A card as it came back."""

    segment: str
    who: str
    weights: Typed
    ratings: Mapping[str, Typed]
    period: str = NOW
    name: str = ""  # typed over the addressee's
    own: tuple[tuple[str, Any, Mapping[str, Any]], ...] = ()  # label, weight, ratings


@dataclass(frozen=True)
class Case:
    segments: Mapping[str, Any]  # id -> revenue
    cards: tuple[Filled, ...] = ()
    judged: Typed = ()  # the seven ratings
    conditions: Typed = ()
    named: bool = True


def _card(segment: str, who: str, weights: Typed, us: Typed, **rest: Any) -> Filled:
    """Ratings of rivals come as ``BOREL=(...)``, everything else by its name."""
    rivals = {key: value for key, value in rest.items() if key.isupper()}
    others = {key: value for key, value in rest.items() if not key.isupper()}
    return Filled(segment, who, weights, {"us": us, **rivals}, **others)


_ALL = (70, 60, 50)
_OPEN, _CLOSED = ("Yes", "Yes", "Yes"), ("Yes", "No", "Yes")

CASES: dict[str, Case] = {
    # -- comparing ---------------------------------------------------------------------------------
    "TIES": Case(
        {"heavy": 300, "even": 300, "float": 300, "panel": 100},
        (
            # the rivals are level: one is stronger where it weighs, else the ids decide
            _card("heavy", "r1", USUAL, _ALL, BOREL=(60, 80, 60), OMBRA=(72, 60, 60)),
            _card("even", "r1", USUAL, _ALL, ZENIT=(65, 65, 65), BOREL=(65, 65, 65)),
            _card("float", "r1", (33.3, 33.3, 33.4), (10.1, 20.2, 30.3), BOREL=(20.2, 10.1, 30.3)),
            _card("panel", "r1", USUAL, _ALL, BOREL=(66, 60, 50), OMBRA=(70, 60, 40)),
            _card("panel", "r2", (20, 30, 50), _ALL, BOREL=(80, 60, 50), OMBRA=(70, 60, 54)),
        ),
        (80, 80, 80, 80, 80, 80, 80),
        _OPEN,
    ),
    "NOBODY": Case(  # one says -15, the other rated us alone
        {"a": 500},
        (
            _card("a", "r1", USUAL, (95, 95, 95)),
            _card("a", "r2", USUAL, (45, 45, 45), BOREL=(60, 60, 60)),
        ),
        (60, 60, 60, 60, 60, 60, 60),
        _OPEN,
    ),
    "ALONE": Case({"a": 400}, (_card("a", "r1", USUAL, _ALL), _card("a", "r2", USUAL, (9, 95, 0)))),
    "MOST": Case(  # 97 % of the revenue without a rival, 3 % with a lead of 40
        {"large": 970, "small": 30},
        (
            _card("large", "r1", USUAL, (50, 55, 60)),
            _card("small", "r1", USUAL, (90, 90, 90), BOREL=(50, 50, 50)),
            _card("small", "r2", USUAL, (80, 85, 90), OMBRA=(50, 50, ".")),
        ),
        (60, 60, 60, 60, 60, 60, 60),
        ("Partly", "Yes", "Yes"),
    ),
    "THIN": Case(  # the large segment names a rival on a fifth of the weights
        {"large": 970, "small": 30, "none": 10},
        (
            _card("large", "r1", USUAL, _ALL, OMBRA=(".", ".", 90), BOREL=(".", ".", 95)),
            _card("small", "r2", USUAL, _ALL, ZENIT=(50, 50, 50)),
        ),
        (50, 50, 50, 50, 50, 50, 50),
        _OPEN,
    ),
    "UNDER": Case(
        {"a": 250, "b": 250},
        (
            _card("a", "r1", USUAL, _ALL, BOREL=(".", ".", 90), OMBRA=(".", 90, ".")),
            _card("b", "r1", USUAL, _ALL, BOREL=(".", ".", 0)),
            _card("b", "r2", USUAL, _ALL, BOREL=(75, 65, ".")),
        ),
        (50, 50, 50, 50, 50, 50, 50),
        ("Teilweise", "partly", "Ja"),
    ),
    "HALF": Case(
        {"a": 50, "b": 50},
        (
            _card("a", "r1", USUAL, _ALL, BOREL=(71, ".", ".")),
            _card("b", "r1", (11, 22, 33), _ALL, BOREL=(".", ".", 40)),
            _card("b", "r2", (30, 20.1, 49.9), _ALL, BOREL=(".", ".", 40)),
        ),
    ),
    "THREE": Case(  # each compares us with somebody else, over something else
        {"a": 700, "b": 10},
        (
            _card("a", "r1", (60, 30, 10), (80, 60, 40), BOREL=(85, ".", ".")),
            _card("a", "r2", (20, 60, 20), (60, 70, 80), OMBRA=(".", 95, ".")),
            _card("a", "r3", (10, 20, 70), (50, 50, 50), ZENIT=(".", ".", 30)),
            _card("b", "r3", (10, 20, 70), (50, 50, 50), ZENIT=(".", 90, 60)),
        ),
        (90, ".", 90, ".", 90, ".", "n/a"),
        _OPEN,
    ),
    "OPPOSED": Case(  # 84 each, 60 if weights and ratings were averaged apart
        {"a": 120},
        (
            _card("a", "r1", (90, 10, 0), (90, 30, 0)),
            _card("a", "r2", (10, 90, 0), (30, 90, 0)),
        ),
        (40, 40, 40, 40, 40, 40, 40),
        ("Yes", ".", "Yes"),
    ),
    "MINUS": Case(  # two leads of -4, +20 if weights and ratings were averaged apart
        {"a": 130},
        (
            _card("a", "r1", (90, 10, 0), (50, 90, 50), BOREL=(60, 40, 50)),
            _card("a", "r2", (10, 90, 0), (90, 50, 50), BOREL=(40, 60, 50)),
        ),
        (100, 100, 100, 100, 100, 100, 100),
        _CLOSED,
    ),
    # -- raters ------------------------------------------------------------------------------------
    "LITTLE": Case(  # we ourselves are rated by one on a fifth, by one not at all
        {"a": 80, "b": 20, "c": 20},
        (
            _card("a", "r1", USUAL, (".", ".", 10), BOREL=_ALL),
            _card("a", "r2", USUAL, (80, 70, 60), BOREL=(50, 70, 90)),
            _card("a", "r3", USUAL, (".", ".", "."), BOREL=(90, 90, 90)),
            _card("b", "r1", USUAL, (".", 40, "."), BOREL=(".", 30, ".")),
            _card("b", "r2", USUAL, (".", ".", 80), BOREL=(".", ".", 75)),
            _card("c", "r3", USUAL, (".", ".", "."), OMBRA=(90, 90, 90), BOREL=(90, ".", ".")),
        ),
        (".", ".", ".", ".", ".", ".", "."),
        _OPEN,
    ),
    "RIVALS": Case(  # asked about us, somebody speaks of others alone
        {"a": 25, "b": 75},
        (_card("a", "r1", USUAL, (".", ".", "."), ZENIT=(90, 90, 90), BOREL=(95, ".", ".")),),
        (80, 80, 80, 80, 80, 80, "."),
        ("Unknown", "Unknown", "Yes"),
    ),
    "ZEROES": Case(
        {"a": 60, "b": 60},
        (
            _card("a", "r1", (0, 0, 0), (10, 10, 20), BOREL=(90, 90, 90)),
            _card("a", "r2", USUAL, (80, 60, 40), BOREL=(70, 70, 50)),
            _card("b", "r1", (0, 0, 0), (20, 30, 40), BOREL=(90, 90, 90)),
        ),
    ),
    "SHARED": Case(  # two people on one card, one of them in both segments
        {"a": 60, "b": 40},
        (
            _card("a", "r1", USUAL, (80, 60, 40), BOREL=(70, 70, 50), name="R1 of Shared"),
            _card("a", "r1", USUAL, (40, 60, 80), BOREL=(70, 90, 50), name="Wilhelmina Zobel"),
            _card("b", "r1", (20, 30, 50), (40, 60, 80), BOREL=(70, 20, 50)),
        ),
    ),
    # -- weights and values ------------------------------------------------------------------------
    "SUMS": Case(
        {"few": 10, "tenth": 30, "near": 60, "far": 60, "blank": 5},
        (
            _card("few", "r1", (45, 30, 20), _ALL, BOREL=(60, 60, 60)),
            _card("tenth", "r1", (15, 9, 6), _ALL, BOREL=(60, 60, 60)),
            _card("near", "r1", (33.33, 33.33, 33.33), _ALL, BOREL=(60, 60, 60)),
            _card("far", "r1", (33.33, 33.33, 33.32), _ALL, BOREL=(60, 60, 60)),
            _card("blank", "r1", (50, 50, "."), _ALL, BOREL=(60, 60, 60)),
        ),
        (70, 70, 50, 50, 50, 50, 50),
        ("Unknown", "Yes", "Yes"),
    ),
    "TYPED": Case(
        {"a": 75, "b": 75},
        (
            _card(
                "a", "r1", ("50 %", "30", " 20 "), ("85 %", "n/a", "85,5"), BOREL=("k. A.", 90, "-")
            ),
            _card(
                "a",
                "r2",
                (Percent(0.5), Percent(0.3), Percent(0.2)),
                (Percent(0.85), "８０", "66.5"),
                BOREL=("ca. 50", 60, 0.85),
            ),
            _card("b", "r1", USUAL, (85, 8, 90), BOREL=(70, 8, 9), OMBRA=(0, 0, 100)),
        ),
    ),
    "MINIMUM": Case(  # a weighted sum forgives what this customer may not
        {"a": 90},
        (_card("a", "r1", USUAL, (10, 100, 100), BOREL=(60, 60, 60), OMBRA=(0, 100, 100)),),
        (75, "75", "75 %", 75, " 75 ", 75.5, 74.5),
        ("Ja", "yes", "JA"),
    ),
    "ADDED": Case(  # requirements of their own: weighed, not weighed, rated for us alone
        {"a": 35, "b": 35, "c": 35},
        (
            _card(
                "a",
                "r1",
                (40, 30, 20),
                _ALL,
                BOREL=(65, 65, 65),
                own=(("Sundays", 10, {"us": 5, "BOREL": 95}),),
            ),
            _card("a", "r2", USUAL, _ALL, BOREL=(65, 65, 65), own=(("Weekends", ".", {"us": 20}),)),
            _card("b", "r2", USUAL, _ALL, BOREL=(65, 65, 65), own=(("Nights", ".", {"us": 20}),)),
            _card(
                "c",
                "r2",
                (10, 5, 5),
                _ALL,
                BOREL=(65, 65, 65),
                own=(("Only this", 80, {"us": 20}),),
            ),
        ),
    ),
    "ANYONE": Case(
        {"a": 45},
        (_card("a", "r1", USUAL, _ALL, ALTERNATIVE=(75, ".", 75)),),
        (61, 59, 60, 60, 60, 60, 60),
        ("Yes", "Partly", "Yes"),
        named=False,
    ),
    # -- periods -----------------------------------------------------------------------------------
    "BEFORE": Case(  # answered in the earlier period only; one of its rivals is gone since
        {"a": 200, "b": 100},
        (
            _card("a", "r1", USUAL, _ALL, BOREL=(60, 60, 60), GONE=(90, 90, 90), period=EARLIER),
            _card("a", "r2", USUAL, (60, 70, 80), BOREL=(60, 90, 60), period=EARLIER),
        ),
    ),
    "MIXED": Case(  # of two segments one was answered again
        {"a": 20, "b": 30},
        (
            _card("a", "r1", USUAL, (20, 20, 20), BOREL=(90, 90, 90), period=EARLIER),
            _card("b", "r1", USUAL, (20, 20, 20), BOREL=(90, 90, 90), period=EARLIER),
            _card("b", "r2", USUAL, (90, 90, 90), BOREL=(60, 60, 60)),
        ),
    ),
    # -- revenue -----------------------------------------------------------------------------------
    "NOTHING": Case(
        {"a": 0, "b": 0},
        (
            _card("a", "r1", USUAL, _ALL, BOREL=(60, 60, 60)),
            _card("b", "r1", USUAL, (90, 90, 90)),
        ),
        (5, 10, 15, 20, 25, 30, 35),
        ("Yes", "Unknown", "Yes"),
    ),
    "FREE": Case(  # only what brings no revenue is rated
        {"a": 0, "b": 100},
        (_card("a", "r1", USUAL, _ALL, BOREL=(60, 60, 60)),),
    ),
    "UNKNOWN": Case(
        {"a": ".", "b": 100},
        (
            _card("a", "r1", USUAL, _ALL, BOREL=(60, 60, 60)),
            _card("b", "r1", USUAL, (90, 90, 90), OMBRA=(80, 70, 60)),
        ),
    ),
    "DARK": Case({"a": ".", "b": "."}, (_card("b", "r1", USUAL, _ALL, BOREL=(65, ".", ".")),)),
    "SILENT": Case(
        {"a": 1000, "b": 1},
        judged=(70, 70, 70, 70, 70, 70, 70),
        conditions=_OPEN,
    ),
}
