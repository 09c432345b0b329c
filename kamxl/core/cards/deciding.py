"""What somebody decided about an answer: which decisions are meant by it, and what waits for one.

The team writes them into its register; a customer's file is never touched for it. ``WAITING`` says
which findings only a person can settle, and with which rulings; who lists what waits, who judges a
file and who explains a finding all ask it here.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from kamxl.core.cards.own import RULINGS, UNDER, is_about_own, key_of
from kamxl.core.finding import Finding
from kamxl.core.ids import same_id, same_name
from kamxl.core.records.decision import Decision, Ruling
from kamxl.core.records.page import Asks
from kamxl.core.records.register import CardKey, CardOrder

SCALES = tuple(one for one in Ruling if one.scale is not None and one is not Ruling.AS_TYPED)
# who named a person beside, with these
NAMING = (Ruling.SAME_PERSON, Ruling.ANSWER_OF)
_PERSONS = (Ruling.SAME_PERSON, Ruling.OTHER_PERSON, Ruling.ANSWER_OF)
_TYPED = (Ruling.AS_TYPED,)
# Findings that wait for a decision, and what settles each; leaving the answer out settles any.
WAITING: Mapping[str, tuple[Ruling, ...]] = {
    "scale-doubt": (*SCALES, *_TYPED),
    "name-doubt": _PERSONS,
    "name-unsure": _PERSONS,
    "label-contradicts": _TYPED,
    "header-contradicts": _TYPED,
    "supplier-renamed": _TYPED,
    "rows-shifted": _TYPED,
    "value-struck": _TYPED,
    "mark-missing": (Ruling.ANSWER_OF,),
    "mark-altered": (Ruling.ANSWER_OF,),
    "mark-unknown": (Ruling.ANSWER_OF,),
    "own-undecided": RULINGS,
}
# with these the mark does not say whose it is: the decision has to name the card and the file
UNMARKED = frozenset({"mark-missing", "mark-altered", "mark-unknown"})


# of these the values stand there, and are only held back until somebody says that they are right
HELD = frozenset({"label-contradicts", "header-contradicts", "rows-shifted"})


class About(Enum):
    """What a ruling is about; two that are about different things go together."""

    READING = "reading"
    PERSON = "person"
    WHOLE = "whole"

    @classmethod
    def of(cls, ruling: Ruling) -> About:
        """What a ruling is about."""
        if ruling is Ruling.LEAVE_OUT:
            return cls.WHOLE
        return cls.PERSON if ruling in _PERSONS else cls.READING


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided about one answer: how it is read, whose it is, or that it is left out.

    ``out`` stands alone. ``contradicting``: decisions that say different things of it, of which
    none counts.
    """

    reading: Decision | None = None
    person: Decision | None = None
    out: Decision | None = None
    contradicting: tuple[Decision, ...] = ()

    @property
    def every(self) -> tuple[Decision, ...]:
        """All that count."""
        found = (self.out, self.person, self.reading)
        return tuple(one for one in found if one is not None)

    def settles(self, code: str) -> bool:
        """Whether a finding waits no more."""
        enough = WAITING.get(code, ())
        return any(one.ruling in (*enough, Ruling.LEAVE_OUT) for one in self.every)


def decided(decisions: Iterable[Decision], key: CardKey | None, name: str, path: str) -> Decided:
    """What was decided about an answer to the card ``key`` (None: nobody knows which).

    ``name``: as typed on it; ``path``: as the Intake says it. What names the file counts before
    what names the rater, and that before what names the card alone.
    """
    fitting = [one for one in decisions if fits(one, key, name, path)]
    by = {about: _closest([d for d in fitting if About.of(d.ruling) is about]) for about in About}
    against = tuple(one for found in by.values() if _differ(found) for one in found)
    single = {about: found[0] for about, found in by.items() if found and not _differ(found)}
    out = single.pop(About.WHOLE, None)
    if out is not None and single:
        most = max(map(_closeness, single.values()))
        if _closeness(out) == most:  # left out, and read: nobody knows which is meant
            return Decided(contradicting=(*against, out, *single.values()))
        if _closeness(out) < most:
            out = None
    if out is not None:
        return Decided(out=out, contradicting=against)
    return Decided(single.get(About.READING), single.get(About.PERSON), None, against)


def _closest(found: list[Decision]) -> list[Decision]:
    most = max(map(_closeness, found), default=None)
    return [one for one in found if _closeness(one) == most]


def _closeness(decision: Decision) -> tuple[bool, bool]:
    return bool(decision.file), bool(decision.name)


def _differ(found: Sequence[Decision]) -> bool:
    return len({_said(one) for one in found}) > 1


def _said(decision: Decision) -> tuple[str, str]:
    if is_about_own(decision):
        return decision.ruling.value, same_id(decision.under) if decision.ruling in UNDER else ""
    person = decision.person if decision.ruling in NAMING else ""
    return decision.ruling.value, same_name(person)


def fits(decision: Decision, key: CardKey | None, name: str, path: str) -> bool:
    """Whether a decision is about an answer, see ``decided``. It says at least the file, or all
    of account, segment, respondent and period. One about an own requirement is about no answer.
    """
    if is_about_own(decision):
        return False
    asked = (decision.account, decision.segment, decision.respondent, decision.period)
    if not (decision.file or all(asked)):
        return False
    if decision.file and not names_file(decision.file, path):
        return False
    if decision.name and same_name(decision.name) != same_name(name):
        return False
    if key is None:
        return bool(decision.file)
    if key.asks is Asks.REPLY and not decision.file and decision.ruling not in _PERSONS:
        return False  # it is about her card; what she says of our reply is another answer
    return all(
        not said or same_id(said) == same_id(own) for said, own in zip(asked, key[:4], strict=True)
    )


def contradict(one: Decision, other: Decision) -> bool:
    """Whether two decisions about the very same thing exclude each other."""
    if is_about_own(one):
        return _said(one) != _said(other)
    about = {About.of(one.ruling), About.of(other.ruling)}
    if About.WHOLE in about and len(about) > 1:
        return True
    return len(about) == 1 and _said(one) != _said(other)


def same_answer(decision: Decision) -> tuple[str, ...]:
    """What a decision is about, to be compared with what another one is about."""
    if is_about_own(decision):
        return key_of(decision.account, decision.segment, decision.requirement)
    ids = (decision.account, decision.segment, decision.respondent, decision.period)
    return (*map(same_id, ids), same_name(decision.name), _path(decision.file))


def names_file(typed: str, path: str) -> bool:
    """Whether somebody means this file: by its name, its folders before it, or what it came in.

    ``path``: as in the Intake, "folder/mail.eml!card.xlsx" for a file in another.
    """
    wanted, whole = _path(typed), _path(path)
    places = [at for at, sign in enumerate(whole) if sign == "!"]
    meant = (whole, *(whole[:at] for at in places))
    return any(one == wanted or one.endswith((f"/{wanted}", f"!{wanted}")) for one in meant)


def _path(text: str) -> str:
    plain = unicodedata.normalize("NFC", text).casefold().replace("\\", "/")
    return plain.strip().removeprefix("./")


def meant_by(person: str, orders: Iterable[CardOrder]) -> CardOrder | None:
    """The last of some issued records whose respondent is named, by id or by name."""
    every = list(orders)
    by_id = [one for one in every if same_id(one.respondent) == same_id(person)]
    by_name = [one for one in every if same_name(one.respondent_name) == same_name(person)]
    return next(reversed(by_id or by_name), None)


def waiting(findings: Iterable[Finding], settled: Decided) -> tuple[Finding, ...]:
    """The findings of a file that still wait for a decision, one of each kind."""
    found: dict[str, Finding] = {}
    for one in findings:
        if one.code in WAITING and not settled.settles(one.code):
            found.setdefault(one.code, one)
    return tuple(found.values())


def rulings_for(findings: Iterable[Finding]) -> tuple[Ruling, ...]:
    """What would settle these, the likeliest first, each once, at last that it is left out.

    A finding that knows which scales a card may be on names them in its details ("scales").
    """
    every: list[Ruling] = []
    for one in findings:
        likely = str(dict(one.details).get("scales", "")).split()
        rulings = WAITING.get(one.code, ())
        every += sorted(rulings, key=lambda r: likely.index(r) if r in likely else len(likely))
    return tuple(dict.fromkeys((*every, Ruling.LEAVE_OUT)))
