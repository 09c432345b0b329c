"""The team, its customers and what they buy, as the register lists them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kamxl.core.roles import Form, Role, Source

# What a new register weighs the seven criteria with, in %, until the team says otherwise.
SELECTION_WEIGHTS = {
    "revenue": 15.0,
    "philosophy": 15.0,
    "base_load": 10.0,
    "potential": 20.0,
    "return": 15.0,
    "openness": 15.0,
    "barriers": 10.0,
}


@dataclass(frozen=True, slots=True)
class Settings:
    """The team's settings. Thresholds are in points (0..100), ``focus_coverage`` in %.

    ``smtp_...`` say through whom mails are sent, if kamxl is to send any; ``smtp_security`` is
    "starttls", "tls" or "none" (empty: starttls). A password is never among the settings.
    """

    company: str
    language: str
    period: str
    due: date | None = None
    sender_name: str = ""
    sender_email: str = ""
    sender_phone: str = ""
    rating_threshold: float = 70.0  # the vertical crosshair of the importance-performance picture
    disagreement: float = 25.0  # a range of ratings above this is something to talk about
    level_within: float = 3.0  # points: a lead of less is none
    focus_score: float = 60.0  # the selection score a focus account needs
    focus_coverage: float = 80.0  # the share of the weights that score has to rest on
    build_up: float = 10.0  # so many points below ``focus_score`` can be made up
    signature: str = ""  # what stands below every mail, besides name, company and telephone
    smtp_host: str = ""
    smtp_port: str = ""
    smtp_security: str = ""
    smtp_user: str = ""
    language2: str = ""  # of the second texts of requirements; "" where there are none
    rivals: bool | None = None  # on cards by name, or in one column; None: the team has not said
    sender_function: str = ""
    reply_to: str = ""  # the one mailbox for all answers; "": whoever writes gets them
    keep_years: int | None = None  # how long answers are kept, as cards say it; None: not said


@dataclass(frozen=True, slots=True)
class Account:
    """A key account, or a candidate (Key Account). ``manager``: a name, or an id of the team."""

    id: str
    name: str
    language: str = ""
    manager: str = ""


@dataclass(frozen=True, slots=True)
class TeamMember:
    """Somebody of the team who writes to customers; what is blank is as in the settings.

    ``signature`` stands below her mails, besides name, company and telephone. A blank ``function``
    stays blank: that of the settings is somebody else's.
    """

    id: str
    name: str
    email: str = ""
    phone: str = ""
    signature: str = ""
    function: str = ""


@dataclass(frozen=True, slots=True)
class Segment:
    """What a customer buys under one set of requirements (Beschaffungssegment).

    ``revenue`` is the running revenue a year in the team's currency, None if unknown;
    ``named_rivals`` False puts one column "best other supplier" on the card instead of names;
    ``feedback`` tells the customer on the next card what became of the last answers.
    """

    account: str
    id: str
    name: str
    revenue: float | None = None
    catalogue: str = ""
    named_rivals: bool = True
    feedback: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """A person at the customer; ``segments`` she is asked about (empty: all of the account's).

    ``form``, ``title`` and ``salutation`` say how mails address her; a salutation that is typed
    wins over the others.
    """

    account: str
    id: str
    name: str
    email: str = ""
    function: str = ""
    role: Role | None = None
    language: str = ""
    asked: bool = True
    segments: tuple[str, ...] = ()
    source: Source = Source.MAILED
    form: Form | None = None
    title: str = ""
    salutation: str = ""
