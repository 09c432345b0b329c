"""What the invented team thinks of its accounts: the seven criteria, the growth conditions, days.

Made so that every case of the method shows: a focus list, accounts to prepare, a large one that is
wrong, a small one that is right, an open question, a closed gate, effort spent elsewhere.
"""

from __future__ import annotations

from kamxl.core.gate import Answer, GrowthCondition
from kamxl.core.selection import Candidate, SelectionCriterion

_ANSWERS = {"y": Answer.YES, "p": Answer.PARTLY, "n": Answer.NO, "?": Answer.UNKNOWN}

# account; points for revenue, philosophy, base load, potential, return, openness, no barriers
# (None: nobody has judged it); potential, growing, willing; days of account management a year
_JUDGED: tuple[tuple[str, tuple[float | None, ...], str, float | None], ...] = (
    ("MOLTIDE", (95, 75, 90, 70, 60, 80, 55), "yyy", 46),
    ("KORNGOLD", (60, 80, 55, 75, 65, 70, 60), "yyp", 22),
    ("AUENQUELL", (80, 30, 75, 25, 35, 20, 30), "pyp", 58),
    ("PHARADON", (75, 65, 60, 85, 80, 60, 45), "yyy", 30),
    ("STEINHUB", (30, 55, 30, 60, 50, 65, 50), "y?y", 12),
    ("LUMENTA", (40, 70, 35, 80, 60, 75, 70), "yyy", 9),
    ("FELDKRON", (None, 60, None, 70, None, 80, None), "yyy", 6),
    ("WERFTALIS", (15, 45, 20, 20, 40, 30, 50), "nyp", 14),
    ("PAPYRON", (45, 50, 50, 40, 55, 45, 60), "ppy", 18),
    ("BRACKENLEY", (70, 80, 65, 75, 70, 85, 65), "yyy", 34),
    ("HOLLOWMERE", (50, 65, 50, 60, 50, 55, 55), "yyp", 15),
    ("TRENTVALE", (65, 70, 55, 90, 75, 65, 60), "yyy", 26),
    ("OSTRAVINE", (25, 40, 25, 30, 45, 35, 40), "pyn", None),
    ("CALDERBY", (25, 75, 25, 70, 65, 80, 75), "yyp", 5),
    ("SILVERTARN", (40, 35, 45, 30, 30, 25, 35), "ppp", 24),
)


def candidates() -> tuple[Candidate, ...]:
    """Every account of the sample, as the team judges it."""
    return tuple(
        Candidate(
            account,
            ratings=dict(zip(SelectionCriterion, points, strict=True)),
            conditions={
                condition: _ANSWERS[told]
                for condition, told in zip(GrowthCondition, answers, strict=True)
            },
            days=days,
        )
        for account, points, answers, days in _JUDGED
    )
