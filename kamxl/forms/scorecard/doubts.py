"""Columns of a card that look like another scale than the one asked: said once, read as decided."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain

from kamxl.core.finding import Finding, finding
from kamxl.core.ids import US
from kamxl.core.method.scales import Scale, guessed, in_points, weights_like, without_slip
from kamxl.forms.paper.raw import RawCell, RawKind, a1
from kamxl.forms.scorecard.grid import WEIGHT
from kamxl.forms.tables import fields
from kamxl.forms.tables.fields import Parsed, plain
from kamxl.wording.understood import any_of, as_seen

CODE, _BEYOND = "scale-doubt", "number-range"
IMPORTANCE, EFFORT = "importance", "efforts"
_FLAGS = {WEIGHT: "weights", US: "us", IMPORTANCE: IMPORTANCE, EFFORT: EFFORT}
_WAITS = (WEIGHT, US)  # without them a card says nothing
_NAMED = 3  # rivals; of more their number
_MOST_SHOWN = 1e6  # nobody's scale goes further
_LIKELY = 2  # scales that the sentence names
_TOPS = {"5": Scale.FIVE, "10": Scale.FROM_ZERO, "1000": Scale.THOUSAND}
_GRADE = re.compile(r"([1-6])\s?([+-])")
_THIRD = 0.3  # "2-" is 2.3, as schools reckon it


@dataclass(frozen=True, slots=True)
class Doubt:
    """A column in doubt: ``what`` it says (WEIGHT, a supplier's id, IMPORTANCE, EFFORT), whose it
    is, and its numbers as typed, each with its row; at least one.
    """

    what: str
    name: str
    column: int
    numbers: tuple[tuple[int, float], ...]
    scale: Scale | None = None  # that some of them name themselves

    @property
    def given(self) -> tuple[float, ...]:
        """The numbers alone."""
        return tuple(number for _, number in self.numbers)


def said(doubts: Sequence[Doubt], sheet: str, suppliers: int = 0) -> tuple[Finding, ...]:
    """One finding for all columns in doubt of a sheet, at the first number; () without a doubt.

    ``suppliers``: how many are rated at all.
    """
    if not doubts:
        return ()
    # weights are on a scale of their own: what ratings look like tells more
    ratings = [one for one in doubts if one.what != WEIGHT]
    shown = ratings or doubts
    every = [number for one in shown for number in without_slip(one.given)]
    named = dict.fromkeys(one.scale for one in ratings if one.scale)
    scales = tuple(named) or guessed(one.given for one in ratings)
    if not ratings:  # nobody weights by school grades
        scales = tuple(one for one in weights_like(every, 0) if one is not Scale.GRADES)
    rated = sum(one.what not in (WEIGHT, IMPORTANCE, EFFORT) for one in doubts)
    rivals = [one.name for one in doubts if one.what not in _FLAGS]
    found = finding(
        CODE,
        sheet=sheet,
        cell=a1(doubts[0].numbers[0][0], doubts[0].column),
        value=", ".join(f"{number:.6g}" for one in doubts for number in one.given),
        all=int(1 < rated == suppliers),
        rivals=", ".join(rivals[:_NAMED]),
        more=len(rivals[_NAMED:]),
        scales=" ".join(scales[:_LIKELY]),
        least=_shown(min(every)),
        most=_shown(max(every)),
        sum=0.0 if ratings else round(_shown(sum(chain(*(one.given for one in shown)))), 6),
        waits=int(any(one.what in _WAITS for one in doubts)),
        **{flag: int(any(one.what == what for one in doubts)) for what, flag in _FLAGS.items()},
    )
    return (found,)


def _shown(number: float) -> float:
    """A number as far as a sentence has room for it."""
    return max(-_MOST_SHOWN, min(number, _MOST_SHOWN))


def once(found: Sequence[Finding]) -> tuple[Finding, ...]:
    """Findings with one of doubts, at the place of the first, which names the columns of all; and

    with one of numbers that are not on the decided scale.
    """
    doubts = [one for one in found if one.code == CODE]
    beyond = [one for one in found if one.code == _BEYOND and "scale" in dict(one.details)]
    told = {id(one): one for one in found}
    if len(doubts) > 1:
        merged = dict(doubts[0].details)
        for flag in _FLAGS.values():
            merged[flag] = max(int(dict(one.details)[flag]) for one in doubts)
        told[id(doubts[0])] = replace(doubts[0], details=tuple(sorted(merged.items())))
    if len(beyond) > 1:
        merged = dict(beyond[0].details) | {"more": len(beyond) - 1}
        told[id(beyond[0])] = replace(beyond[0], details=tuple(sorted(merged.items())))
    said_already = {id(one) for one in (*doubts[1:], *beyond[1:])}
    return tuple(told[id(one)] for one in found if id(one) not in said_already)


def waits(found: Finding) -> bool:
    """Whether a card is of no use until somebody says what its numbers mean."""
    return found.code == CODE and bool(dict(found.details).get("waits"))


def of_own_scale(cell: RawCell | None) -> tuple[float, Scale] | None:
    """A rating that names its scale itself, as a number on it: "8/10", "4 out of 5", "2-"."""
    if cell is None or cell.kind is not RawKind.TEXT or cell.formula or fields.withdrawn(cell):
        return None
    seen = plain(as_seen(cell.text[: fields.MAX_TYPED])).replace("−", "-").replace("–", "-")
    if grade := _GRADE.fullmatch(seen):
        third = _THIRD if grade[2] == "-" else -_THIRD
        return min(max(int(grade[1]) + third, 1.0), 6.0), Scale.GRADES
    of = rf"(\d{{1,3}}(?:[.,]\d)?)\s*(?:/|{any_of('out_of')})\s*({'|'.join(_TOPS)})"
    found = re.fullmatch(of, seen, re.IGNORECASE | re.ASCII)
    if found is None or (number := float(found[1].replace(",", "."))) > float(found[2]):
        return None
    return number, _TOPS[found[2]]


def names_it(own: Scale, scale: Scale | None) -> bool:
    """Whether a rating that names its ``own`` scale may be read on the decided one."""
    return scale in (own, Scale.TEN if own is Scale.FROM_ZERO else own)


def decided(number: Parsed[float], scale: Scale, what: str = "") -> Parsed[float]:
    """A number of a column in doubt, in points, on the scale that somebody decided.

    School grades are best where they are lowest; of an EFFORT less is better.
    """
    if number.value is None:
        return number
    if scale is Scale.POINTS:
        return fields.as_typed(number)
    points = in_points(scale, number.value)
    if points is None:
        return Parsed(code=_BEYOND)
    if what == EFFORT and scale is Scale.GRADES:
        points = 100 - points
    return Parsed(points, number.code)
