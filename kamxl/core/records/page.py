"""The reply page (Antwortseite): what we understood, what we do, does it fit; and what came back.

What goes out was written for her: no field here is ever filled with an internal text. What comes
back is what she typed; a rating is none of it, and nothing on it makes one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

MOST_ROWS = 7  # gaps, wishes and benefits together
MOST_STATEMENTS = 3
MOST_PROGRAMMES = 2
MOST_STEPS = 5  # that a meeting notes


class Asks(StrEnum):
    """What a workbook asks of its respondent: weights and ratings; criteria and weights only; or

    whether our answer fits.
    """

    CARD = ""
    PROFILE = "profile"
    REPLY = "reply"


class RowKind(StrEnum):
    """What of hers a row answers: a requirement that is not met yet, or a wish."""

    GAP = "gap"
    WISH = "wish"


class Fit(StrEnum):
    """Whether what we do fits her."""

    YES = "yes"
    NO = "no"
    LATER = "later"


class Outcome(StrEnum):
    """What became of it, as she sees it."""

    SOLVED = "solved"
    PARTLY = "partly"
    NOT = "not"


class View(StrEnum):
    """Whether we understood her rightly."""

    RIGHT = "right"
    PARTLY = "partly"
    NO = "no"


class Seen(StrEnum):
    """What she says of a benefit. CONFIRMED and ROUGHLY confirm it."""

    CONFIRMED = "confirmed"
    ROUGHLY = "roughly"
    TOO_EARLY = "too_early"
    CANNOT_SEE = "cannot_see"

    @property
    def confirms(self) -> bool:
        """Whether she sees it."""
        return self in (Seen.CONFIRMED, Seen.ROUGHLY)


@dataclass(frozen=True, slots=True)
class PageRow:
    """One row: ``id`` is the requirement's (GAP) or the wish's; see ``standing.wish_id``.

    ``understood``: what we understood, her own words or written for her; ``doing``: what we do;
    ``theirs`` and ``ours``: who at hers and at ours; ``said``: what she last said of its fit.
    """

    id: str
    kind: RowKind
    understood: str
    doing: str
    theirs: str = ""
    ours: str = ""
    due: date | None = None
    said: Fit | None = None


@dataclass(frozen=True, slots=True)
class PageBenefit:
    """A benefit as a fact: ``metric`` in her words, ``baseline`` and ``now`` in its ``unit``."""

    id: str
    metric: str
    unit: str = ""
    baseline: float | None = None
    now: float | None = None


@dataclass(frozen=True, slots=True)
class PageStatement:
    """How we understand a goal of hers, in words written for her."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class PageProgramme:
    """A joint programme: goal, gain and owner on both sides, the next step, when we stop."""

    id: str
    goal: str
    gain_theirs: str = ""
    gain_ours: str = ""
    owner_theirs: str = ""
    owner_ours: str = ""
    step: str = ""
    stop: str = ""


@dataclass(frozen=True, slots=True)
class ReplyPage:
    """What we answer one respondent about one card of hers.

    ``answers``: the digest of the issued record of that card, ``period``: when it asked. Rows and
    benefits are ``MOST_ROWS`` at the most.
    """

    answers: str
    period: str
    rows: tuple[PageRow, ...] = ()
    benefits: tuple[PageBenefit, ...] = ()
    statements: tuple[PageStatement, ...] = ()
    programmes: tuple[PageProgramme, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether there is nothing on it."""
        return not (self.rows or self.benefits or self.statements or self.programmes)


@dataclass(frozen=True, slots=True)
class RowAnswer:
    """What she says of a row."""

    id: str
    fit: Fit | None = None
    result: Outcome | None = None
    comment: str = ""


@dataclass(frozen=True, slots=True)
class BenefitAnswer:
    """What she says of a benefit; ``amount``: money a year, if she names any."""

    id: str
    seen: Seen | None = None
    amount: float | None = None
    comment: str = ""


@dataclass(frozen=True, slots=True)
class StatementAnswer:
    """What she says of how we understand her, and her correction."""

    id: str
    view: View | None = None
    correction: str = ""


@dataclass(frozen=True, slots=True)
class ProgrammeAnswer:
    """What she says of a joint programme."""

    id: str
    fit: Fit | None = None
    comment: str = ""


@dataclass(frozen=True, slots=True)
class PageAnswers:
    """What came back on a reply page: only of what she said anything about, in the page's order."""

    rows: tuple[RowAnswer, ...] = ()
    benefits: tuple[BenefitAnswer, ...] = ()
    statements: tuple[StatementAnswer, ...] = ()
    programmes: tuple[ProgrammeAnswer, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether she said nothing."""
        return not (self.rows or self.benefits or self.statements or self.programmes)


NOTHING = PageAnswers()


@dataclass(frozen=True, slots=True)
class Step:
    """A next step that a meeting noted: what, who, by when."""

    what: str
    who: str = ""
    due: date | None = None
