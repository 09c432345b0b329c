"""What only a person can settle about an answer, as it stands on the register's sheet Decisions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kamxl.core.method.scales import Scale


class Ruling(StrEnum):
    """What was decided."""

    AS_TYPED = "typed"  # its doubts are settled: it says what it says
    FIVE = "1-5"
    TEN = "1-10"
    FROM_ZERO = "0-10"
    GRADES = "grades"
    SHARES = "0-1"
    THOUSAND = "0-1000"
    SAME_PERSON = "same-person"  # who typed that name is the person named beside
    OTHER_PERSON = "other-person"  # she is one more, whatever her name looks like
    LEAVE_OUT = "leave-out"
    ANSWER_OF = "answer-of"  # it is the answer of the contact named beside
    REQUIREMENT_SAME = "requirement-same"  # her own requirement is the one named beside
    REQUIREMENT_NEW = "requirement-new"  # it stays in this segment, under the id named beside

    @property
    def scale(self) -> Scale | None:
        """The scale that it says the doubtful columns are on."""
        if self is Ruling.AS_TYPED:
            return Scale.POINTS
        return Scale(self.value) if self.value in set(Scale) else None


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision about one answer (Entscheidung).

    ``account``, ``segment``, ``respondent``, ``period`` say which card it answers, ``name`` what
    was typed as the rater's name (blank: whoever), ``file`` which file of the inbox (blank: any).
    ``person``: whom SAME_PERSON and ANSWER_OF mean, by contact id or name. ``requirement``: what
    REQUIREMENT_... are about, as the customer called it, and ``under`` the id it has. ``who``
    decided it, and ``why``.
    """

    ruling: Ruling
    account: str = ""
    segment: str = ""
    respondent: str = ""
    period: str = ""
    name: str = ""
    file: str = ""
    person: str = ""
    who: str = ""
    why: str = ""
    on: date | None = None
    requirement: str = ""
    under: str = ""

    @property
    def about(self) -> str:
        """Which answer it is about, for people: "ALPHA · pumps · c1 · 2026-H1"."""
        told = (
            self.account, self.segment, self.respondent, self.period, self.name, self.file,
            self.requirement,
        )  # fmt: skip
        return " · ".join(filter(None, told))
