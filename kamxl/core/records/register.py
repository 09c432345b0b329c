"""The records that travel between the rooms: what the register says, a card asks, a reply gives.

All are immutable. Ids are as typed by the team; compare them with ``ids.same_id``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import NamedTuple

from kamxl.core.finding import Fate, Finding
from kamxl.core.ids import US
from kamxl.core.method.scoring import Requirement, Scorecard
from kamxl.core.method.selection import Candidate
from kamxl.core.records.answers import Answers, Effort, Wish
from kamxl.core.records.dated import Dated
from kamxl.core.records.decision import Decision
from kamxl.core.records.forgotten import Forgotten
from kamxl.core.records.mails import MailNote
from kamxl.core.records.page import Asks, ReplyPage
from kamxl.core.records.team import (
    SELECTION_WEIGHTS,
    Account,
    Contact,
    Segment,
    Settings,
    TeamMember,
)
from kamxl.core.roles import Role, Source


class PersonKey(NamedTuple):
    """Who is asked, in whatever segment and period: ids as they are compared."""

    account: str
    respondent: str


class CardKey(NamedTuple):
    """By what cards are told apart, ids as they are compared: replies compete only within it."""

    account: str
    segment: str
    respondent: str
    period: str
    asks: Asks = Asks.CARD

    @property
    def person(self) -> PersonKey:
        """Whom the card asks."""
        return PersonKey(self.account, self.respondent)

    @property
    def plain(self) -> tuple[str, ...]:
        """Its parts as plain texts; of a whole card the four that it always had."""
        return (*map(str, self[:4]), *filter(None, (self.asks.value,)))


@dataclass(frozen=True, slots=True)
class AskedRequirement:
    """One requirement as a card asks it. ``anchors`` say what 0, 50 and 100 points mean."""

    id: str
    label: str
    minimum: float | None = None
    anchors: tuple[str, str, str] = ("", "", "")


@dataclass(frozen=True, slots=True)
class Competitor:
    """A rival supplier (Mitbewerber)."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class ListedRequirement:
    """What is asked by all segments of a ``catalogue``, or by one ``segment`` of an ``account``.

    ``label2`` and ``anchors2`` say the same in the register's second language, where they say
    anything; else cards in that language have the first one's.
    """

    catalogue: str
    account: str
    segment: str
    asked: AskedRequirement
    label2: str = ""
    anchors2: tuple[str, str, str] = ("", "", "")

    @property
    def translated(self) -> AskedRequirement:
        """As a card in the second language asks it."""
        low, middle, high = (
            other or own for own, other in zip(self.asked.anchors, self.anchors2, strict=True)
        )
        label = self.label2 or self.asked.label
        return replace(self.asked, label=label, anchors=(low, middle, high))


@dataclass(frozen=True, slots=True)
class ListedCompetitor:
    """Where a rival is met: in one ``segment``, or ("") in all of an ``account``, or everywhere."""

    account: str
    segment: str
    competitor: Competitor


@dataclass(frozen=True, slots=True)
class LastAnswer:
    """What a respondent said of one requirement the last time: its weight in %, our points."""

    id: str
    weight: float | None = None
    rating: float | None = None


@dataclass(frozen=True, slots=True)
class CardOrder:
    """What one scorecard asks of one respondent: the issued record, immutable once issued.

    ``last`` are this very person's own last answers, shown beside the cells and never read back;
    ``last_period`` is the period they were given in ("": there are none).
    ``competitors`` are sorted by id; with ``named_rivals`` False it is the one entry "alternative".
    Only ``minimum`` of its requirements is internal and never leaves in the card. ``reply_to``: the
    one mailbox for answers ("": they go to the sender). ``test``: the address of whoever of the
    team looks at it; nobody was asked by it, and nothing on it counts. ``page``: what we reply to
    what she said before; ``keep_years``: how long answers are kept (None: the team does not say).
    ``forgotten``: its respondent is, and it says a pseudonym.
    """

    account: str
    account_name: str
    segment: str
    segment_name: str
    respondent: str
    respondent_name: str
    period: str
    language: str
    company: str
    requirements: tuple[AskedRequirement, ...]
    competitors: tuple[Competitor, ...] = ()
    named_rivals: bool = True
    respondent_email: str = ""
    function: str = ""
    role: Role | None = None
    source: Source = Source.MAILED
    due: date | None = None
    sender_name: str = ""
    sender_email: str = ""
    sender_phone: str = ""
    rating_threshold: float = 70.0
    feedback: str = ""
    test: str = ""
    last_period: str = ""
    last: tuple[LastAnswer, ...] = ()
    sender_function: str = ""
    reply_to: str = ""
    asks: Asks = Asks.CARD
    page: ReplyPage | None = None
    keep_years: int | None = None
    forgotten: Forgotten | None = None

    @property
    def key(self) -> CardKey:
        """Its account, segment, respondent and period, comparable."""
        return CardKey(
            self.account.casefold(),
            self.segment.casefold(),
            self.respondent.casefold(),
            self.period,
            self.asks,
        )

    @property
    def meeting(self) -> bool:
        """Whether it is filled in together with us."""
        return self.source is Source.JOINT

    @property
    def profile_first(self) -> bool:
        """Whether a profile alone is a whole answer to it."""
        return self.asks is Asks.PROFILE or self.meeting

    @property
    def suppliers(self) -> tuple[Competitor, ...]:
        """Us first, then the competitors; a profile rates nobody."""
        if self.asks is Asks.PROFILE:
            return ()
        return (Competitor(US, self.company), *self.competitors)


@dataclass(frozen=True, slots=True)
class HeldCard:
    """A card that waits until mistakes in the register are mended: whose it is, and why.

    ``segment`` and ``respondent`` are None where the register does not tell them.
    """

    account: str
    segment: str | None
    respondent: str | None
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Register:
    """The team's register, read: everything that is free of errors, and all findings.

    ``held`` are the cards that show a mistake: they wait, and all others go out. ``blocked`` holds
    the (casefolded) ids of accounts that have any error: no plan is made of what is not readable.
    ``findings`` are all of the file's, in sheet and row order. ``candidates`` are what the team
    says of its accounts (as read: of every one, with name and revenue; ``choosing.selection_of``
    judges them); ``selection_weights``: criterion id to weight in %, absent: none. ``layout``: the
    number of the workbook's columns, as it says.
    """

    settings: Settings
    accounts: tuple[Account, ...]
    segments: tuple[Segment, ...]
    contacts: tuple[Contact, ...]
    requirements: tuple[ListedRequirement, ...]
    competitors: tuple[ListedCompetitor, ...]
    blocked: frozenset[str] = frozenset()
    findings: tuple[Finding, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    selection_weights: Mapping[str, float | None] = field(
        default_factory=lambda: dict(SELECTION_WEIGHTS)
    )
    held: tuple[HeldCard, ...] = ()
    team: tuple[TeamMember, ...] = ()
    decisions: tuple[Decision, ...] = ()
    layout: int = field(default=1, compare=False)


@dataclass(frozen=True, slots=True)
class Reply:
    """One returned card that could be read and verified, before it is known whether it counts.

    ``source`` is the path under the workspace; ``saved`` orders replies (the later one counts); who
    has none (see ``cards.timing``), by what they ``claimed``. ``decision``: what somebody settled.
    """

    source: str
    order: CardOrder
    answers: Answers
    findings: tuple[Finding, ...] = ()
    saved: datetime | None = None
    decision: Decision | None = None
    claimed: datetime | None = None

    @property
    def profile_only(self) -> bool:
        """Whether it says what matters, and was not to say how well it is met, or not yet."""
        return self.order.profile_first and not self.answers.rates


@dataclass(frozen=True, slots=True)
class FileResult:
    """One file that was put in, and what it was worth: a row of the Intake, an entry of the JSON.

    ``path`` is where the workbook stands (in a container: "file!member"), ``source`` the file on
    disk; ``kind`` is "scorecard", "reply" (a reply page, alone), "plan", "register", "portfolio" or
    "unknown". Ids are those of the issued record, or of the mark alone when there is no record
    (None: unknown). ``mail``: what it came in, if it came in one; ``decision``: what somebody
    settled about it. ``named`` are the cards (as ``CardOrder.key``) that marks of this workspace in
    it name, true or not. ``dates``: all that say when it was ``saved``, the best first.
    """

    path: str
    source: str
    kind: str
    fate: Fate
    account: str | None = None
    segment: str | None = None
    respondent: str | None = None
    name: str | None = None
    period: str | None = None
    findings: tuple[Finding, ...] = ()
    order: CardOrder | None = None
    answers: Answers | None = None
    saved: datetime | None = None
    mail: MailNote | None = None
    named: tuple[CardKey, ...] = ()
    decision: Decision | None = None
    dates: tuple[Dated, ...] = ()

    @property
    def profile_only(self) -> bool:
        """As ``Reply.profile_only``; False of what is no answer of ours."""
        if self.order is None or self.answers is None:
            return False
        return self.order.profile_first and not self.answers.rates


# re-exported so that forms need one import for the records of a card
__all__ = [
    "SELECTION_WEIGHTS",
    "Account",
    "Answers",
    "AskedRequirement",
    "Asks",
    "CardKey",
    "CardOrder",
    "Competitor",
    "Contact",
    "Effort",
    "Forgotten",
    "HeldCard",
    "LastAnswer",
    "ListedCompetitor",
    "ListedRequirement",
    "MailNote",
    "PersonKey",
    "Register",
    "Reply",
    "Requirement",
    "Role",
    "Scorecard",
    "Segment",
    "Settings",
    "Source",
    "TeamMember",
    "Wish",
]
