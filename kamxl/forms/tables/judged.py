"""How the method judges a lead and the selection an account, as formulas: the same everywhere.

Each piece gets references and quoted words as texts; the rules are those of ``core.method``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kamxl.core.method.basis import ENOUGH
from kamxl.core.method.gate import PARTLY_ALLOWED, Answer, Gate, GrowthCondition
from kamxl.core.method.robustness import TIE_DIGITS
from kamxl.core.method.selection import AccountList
from kamxl.forms.paper.idioms import NOTHING, at_least, below, known, quoted

REACHED = quoted(f">={ENOUGH - 10**-TIE_DIGITS / 2:.10f}")  # ``enough`` as a condition on cells


def enough(share: str) -> str:
    """Whether a share reaches the line below which there is no verdict."""
    return at_least(share, f"{ENOUGH:g}")


def if_enough(share: str, then: str) -> str:
    """What is only said if a cell has a share that does."""
    return f"IF({enough(f'SUM({share})')},{then},{NOTHING})"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a score and its coverage (0..1) have to reach, and how near below one builds up."""

    score: str
    coverage: str
    within: str


def gate_text(tests: Mapping[Answer, Sequence[str]], words: Mapping[Gate, str]) -> str:
    """The gate over the answers to the growth conditions.

    ``tests``: of each answer whether the conditions, one after the other, are answered so; one of
    which none holds is not answered.
    """

    def count(answer: Answer) -> str:
        return "+".join(f"({test})" for test in tests[answer])

    answered = f"{count(Answer.YES)}+{count(Answer.PARTLY)}<{len(GrowthCondition)}"
    unclear = f"OR({answered},{count(Answer.PARTLY)}>{PARTLY_ALLOWED})"
    rest = f"IF({unclear},{words[Gate.CLARIFY]},{words[Gate.OPEN]})"
    return f"IF(OR({','.join(tests[Answer.NO])}),{words[Gate.CLOSED]},{rest})"


def list_text(
    gate: str,
    score: str,
    coverage: str,
    limits: Limits,
    gates: Mapping[Gate, str],
    words: Mapping[AccountList, str],
) -> str:
    """The list over the cells of the gate, the score and its coverage (numbers, or texts)."""
    closed, clarify, is_open = (
        f"{gate}={gates[one]}" for one in (Gate.CLOSED, Gate.CLARIFY, Gate.OPEN)
    )
    focus, build_up, serve = (words[one] for one in AccountList)
    reached = f"AND({is_open},{at_least(score, limits.score)},NOT({thin(coverage, limits)}))"
    near = at_least(score, limits.score, limits.within)
    untold = f"AND({clarify},{thin(coverage, limits)})"
    judged = f"IF({reached},{focus},IF(OR({near},{untold}),{build_up},{serve}))"
    unscored = f"IF({untold},{build_up},{serve})"
    return f"IF({closed},{serve},{known(score, then=judged, none=unscored)})"


def thin(coverage: str, limits: Limits) -> str:
    """Whether too little of the weight is rated, or none is known."""
    return known(coverage, then=below(coverage, limits.coverage), none="TRUE")
