"""Why an account is not on the focus list, in words: from the core's reasons, and as a formula."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from kamxl.core.method.gate import PARTLY_ALLOWED, Answer, GrowthCondition
from kamxl.core.method.selection import Reason, SelectionCriterion, Why
from kamxl.forms.paper.idioms import below, known, quoted
from kamxl.forms.tables.judged import Limits, thin
from kamxl.wording.texts import Texts

_COMMA, _BETWEEN = ", ", "; "
_LONGEST = 300  # all reasons together are shorter
_HERE = "\x01"  # where a text takes a figure or names


def reasons_said(t: Texts, reasons: Sequence[Reason]) -> str:
    """What keeps an account off the focus list, or that nothing does."""
    return _BETWEEN.join(_said(t, one) for one in reasons)


def _said(t: Texts, one: Reason) -> str:
    names = [_name(t, one.why, item) for item in one.of]
    match one.why:
        case Why.NO:
            return _COMMA.join(names)
        case Why.SHORT:
            return _word(t, "short", math.ceil(round(one.points or 0, 9)))
        case Why.RATE if not names:
            return _word(t, "rate_all")
        case Why.RATE if len(names) > 1:
            last = _word(t, "and").join(names[-2:])
            return _word(t, "rate", _COMMA.join((*names[:-2], last)))
        case Why.RATE | Why.CLARIFY | Why.PARTLY:
            return _word(t, one.why, _COMMA.join(names))
        case _:
            return _word(t, one.why)


def _word(t: Texts, key: str, what: object = None) -> str:
    return t(f"register.selection.reasons.{key}", what=what)


def _name(t: Texts, why: Why, item: str) -> str:
    """What a condition or criterion is called where something is said of it."""
    match why:
        case Why.NO:
            return _word(t, f"no_{item}")
        case Why.RATE:
            return _word(t, f"rate_{item}")
        case _:
            return _word(t, item)


def reasons_text(
    t: Texts,
    on_focus: str,
    answered: Mapping[Answer, Sequence[str]],
    unrated: Sequence[str],
    score: str,
    coverage: str,
    limits: Limits,
) -> str:
    """The same as a formula, over the cells of the score and its coverage.

    ``on_focus``: whether the account is on the focus list; ``answered``: of each answer whether the
    conditions, one after the other, are answered so, and of UNKNOWN whether nothing is said of
    them; ``unrated``: of each criterion whether it weighs and is not rated.
    """

    def listed(why: Why, answer: Answer, more_than: int) -> str:
        tests = answered[answer]
        said = _around(t, why, _rest(_names(t, why, GrowthCondition, tests), _COMMA))
        return f'IF({_sum(tests)}>{more_than},{quoted(_BETWEEN)}&{said},"")'

    rate = f"IF(ISNUMBER({score}),{_rate(t, unrated)},{quoted(_word(t, 'rate_all'))})"
    rate = f"IF(ISNUMBER({coverage}),{rate},{quoted(_word(t, 'weigh'))})"
    short = _around(t, Why.SHORT, f"ROUNDUP(ROUND({limits.score}-{score},9),0)")
    short = f'IF({below(score, limits.score)},{quoted(_BETWEEN)}&{short},"")'
    told = (
        listed(Why.CLARIFY, Answer.UNKNOWN, 0),
        listed(Why.PARTLY, Answer.PARTLY, PARTLY_ALLOWED),
        f'IF({thin(coverage, limits)},{quoted(_BETWEEN)}&{rate},"")',
        known(score, then=short),
    )
    closed = _rest(_names(t, Why.NO, GrowthCondition, answered[Answer.NO]), _COMMA)
    off = f"IF(OR({','.join(answered[Answer.NO])}),{closed},{_rest('&'.join(told), _BETWEEN)})"
    return f"IF({on_focus},{quoted(_word(t, 'nothing'))},{off})"


def _sum(tests: Sequence[str]) -> str:
    return "+".join(f"({test})" for test in tests)


def _names(t: Texts, why: Why, items: Iterable[str], tests: Sequence[str]) -> str:
    """The names of the items whose test holds, each behind a comma."""
    pairs = zip(items, tests, strict=True)
    return "&".join(f'IF({test},{quoted(_COMMA + _name(t, why, item))},"")' for item, test in pairs)


def _rest(text: str, begins: str) -> str:
    """A text without what it begins with."""
    return f"MID({text},{len(begins) + 1},{_LONGEST})"


def _rate(t: Texts, unrated: Sequence[str]) -> str:
    """The last comma is an "and": the n-th one, if one stands before each of n names."""
    count, last = _sum(unrated), quoted(_word(t, "and"))
    names = _names(t, Why.RATE, SelectionCriterion, unrated)
    joined = f"SUBSTITUTE({names},{quoted(_COMMA)},{last},{count})"
    begins = f"IF({count}=1,{len(_word(t, 'and')) + 1},{len(_COMMA) + 1})"
    return _around(t, Why.RATE, f"MID({joined},{begins},{_LONGEST})")


def _around(t: Texts, why: Why, formula: str) -> str:
    """A text with a formula in its place."""
    before, after = _word(t, why, _HERE).split(_HERE)
    pieces = (quoted(before) if before else "", formula, quoted(after) if after else "")
    return "&".join(piece for piece in pieces if piece)
