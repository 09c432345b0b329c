"""A customer's own requirements: what the team settled about each, and what still waits for that.

One is told by account, segment and its text as compared, whoever of the respondents typed it and
whenever: settled once, it has one id in all periods. Her file stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from kamxl.core.finding import SAID, Fate, Finding, finding
from kamxl.core.ids import is_spare, most_typed, proposed, same_id, same_name
from kamxl.core.method.scoring import Requirement, Scorecard
from kamxl.core.records.decision import Decision, Ruling
from kamxl.core.records.register import Answers, AskedRequirement, CardOrder, FileResult

# what may be decided about one, the likeliest first; and which of them say an id
RULINGS = (Ruling.REQUIREMENT_NEW, Ruling.REQUIREMENT_SAME, Ruling.LEAVE_OUT)
UNDER = (Ruling.REQUIREMENT_SAME, Ruling.REQUIREMENT_NEW)
_FILLED = frozenset({"weight-missing", "rating-missing"})  # said of a row that is filled by now


class OwnKey(NamedTuple):
    """By what own requirements are told apart: ids and text as they are compared."""

    account: str
    segment: str
    text: str


Settled = Mapping[OwnKey, Decision]


def key_of(account: str, segment: str, text: str) -> OwnKey:
    """The key of an own requirement, as it is called there."""
    return OwnKey(same_id(account), same_id(segment), same_name(text))


def is_about_own(decision: Decision) -> bool:
    """Whether a decision is about an own requirement, and not about an answer."""
    left = decision.ruling is Ruling.LEAVE_OUT and bool(decision.requirement)
    return left or decision.ruling in UNDER


def settled(decisions: Iterable[Decision]) -> dict[OwnKey, Decision]:
    """The decisions about own requirements; of two about the same one the first."""
    found: dict[OwnKey, Decision] = {}
    for one in decisions:
        if is_about_own(one):
            found.setdefault(key_of(one.account, one.segment, one.requirement), one)
    return found


def is_own(requirement: Requirement) -> bool:
    """Whether a row of a card is her own, not yet settled, and says what it is about."""
    return is_spare(requirement.id) and not is_spare(requirement.label)


# --- as it was decided ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Continued:
    """Answers with the ids that were decided, and what is said of it.

    ``filled``: the labels of rows that were asked, left blank, and are answered by rows of her own.
    """

    answers: Answers
    findings: tuple[Finding, ...] = ()
    filled: frozenset[str] = frozenset()

    def without_filled(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """The findings of the card without those that miss what her own rows say."""
        return tuple(
            one for one in findings
            if not (one.code in _FILLED and dict(one.details).get("label") in self.filled)
        )  # fmt: skip


def continued(answers: Answers, order: CardOrder, decisions: Iterable[Decision]) -> Continued:
    """The answers to ``order`` with each own requirement under the id that was decided for it.

    Where the card asks that id, her row counts as it if she left the asked one blank; else it stays
    a row of her own, and that is said.
    """
    by = settled(decisions)
    found = Continued(answers)
    for row in answers.scorecard.requirements if by else ():
        one = by.get(key_of(order.account, order.segment, row.label)) if is_own(row) else None
        if one is not None:
            found = _with(found, row, one)
    return found


def _with(so_far: Continued, row: Requirement, one: Decision) -> Continued:
    details = {"ruling": one.ruling.value, "under": one.under, "who": one.who, "why": one.why}
    told = finding("own-decided", value=row.label, **details)
    card = so_far.answers.scorecard
    there = next((r for r in card.requirements if same_id(r.id) == same_id(one.under)), None)
    filled = so_far.filled
    if one.ruling is Ruling.LEAVE_OUT:
        made = so_far.answers
    elif there is None:
        made = _renamed(so_far.answers, row.id, one.under)
    elif _is_blank(card, there):
        made, filled = _merged(so_far.answers, row, there), filled | {there.label}
    else:
        made = so_far.answers
        told = finding("own-twice", value=row.label, label=there.label, under=there.id)
    return Continued(made, (*so_far.findings, told), filled)


def _is_blank(card: Scorecard, row: Requirement) -> bool:
    given = (card.rating(supplier, row.id) for supplier in card.suppliers)
    return row.weight is None and all(rating is None for rating in given)


def _renamed(answers: Answers, old: str, new: str) -> Answers:
    """The answers with one row under another id."""
    card = answers.scorecard

    def ids(some: Iterable[str]) -> frozenset[str]:
        return frozenset(_spelled(one, old, new) for one in some)

    made = Scorecard(
        tuple(replace(r, id=_spelled(r.id, old, new)) for r in card.requirements),
        {s: {_spelled(i, old, new): given for i, given in by.items()}
         for s, by in card.ratings.items()},
        ids(card.unweighted),
        ids(card.unrated),
    )  # fmt: skip
    comments, good = (
        {_spelled(i, old, new): text for i, text in said.items()}
        for said in (answers.comments, answers.good)
    )
    return replace(answers, scorecard=made, comments=comments, good=good)


def _spelled(own: str, old: str, new: str) -> str:
    return new if same_id(own) == same_id(old) else own


def _merged(answers: Answers, row: Requirement, asked: Requirement) -> Answers:
    """The answers with what she gave in ``row`` in the one that was asked, and without ``row``."""
    card = answers.scorecard
    requirements = (
        replace(r, weight=row.weight) if r.id == asked.id else r
        for r in card.requirements
        if r.id != row.id
    )
    ratings = {
        supplier: {i: given for i, given in by.items() if i != row.id} | {asked.id: by.get(row.id)}
        for supplier, by in card.ratings.items()
    }
    left = (
        frozenset(_spelled(i, row.id, asked.id) for i in some if i != asked.id)
        for some in (card.unweighted, card.unrated)
    )
    words = (_joined(said, row.id, asked.id) for said in (answers.comments, answers.good))
    comments, good = words
    made = Scorecard(tuple(requirements), ratings, *left)
    return replace(answers, scorecard=made, comments=comments, good=good)


def _joined(said: Mapping[str, str], own: str, asked: str) -> dict[str, str]:
    both = " · ".join(said[i] for i in (asked, own) if i in said)
    rest = {i: text for i, text in said.items() if i not in (asked, own)}
    return {**rest, asked: both} if both else rest


# --- what waits ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OwnRequirement:
    """An own requirement of which nobody decided yet what becomes of it.

    ``label``: as most typed it; ``names``: who did; ``file``: the first answer that has it.
    """

    key: OwnKey
    label: str
    names: tuple[str, ...]
    file: FileResult
    order: CardOrder


def undecided(
    files: Iterable[FileResult], decisions: Iterable[Decision]
) -> tuple[OwnRequirement, ...]:
    """The own requirements in answers that count which wait for a decision, in their order."""
    by = settled(decisions)
    found: dict[OwnKey, list[tuple[str, FileResult, CardOrder]]] = {}
    for key, label, file, order in _typed(files):
        if key not in by:
            found.setdefault(key, []).append((label, file, order))
    made = []
    for key, typed in found.items():
        names = dict.fromkeys(file.name or order.respondent_name for _, file, order in typed)
        label = most_typed(label for label, _, _ in typed)
        _, file, order = typed[0]
        made.append(OwnRequirement(key, label, tuple(filter(None, names)), file, order))
    return tuple(made)


def _typed(files: Iterable[FileResult]) -> Iterator[tuple[OwnKey, str, FileResult, CardOrder]]:
    for file in files:
        if not _says_own(file) or file.order is None or file.answers is None:
            continue
        for row in file.answers.scorecard.requirements:
            if is_own(row):
                key = key_of(file.order.account, file.order.segment, row.label)
                yield key, row.label, file, file.order


def _says_own(file: FileResult) -> bool:
    """Whether what she added there is hers to say: it counts, or it is a profile beside a card."""
    if file.fate is Fate.SUPERSEDED:
        return any(found.code == "profile-in-card" for found in file.findings)
    return file.fate in (Fate.ACCEPTED, Fate.PROVISIONAL)


def unused(decisions: Iterable[Decision], files: Iterable[FileResult]) -> tuple[Decision, ...]:
    """The decisions about own requirements that nobody named in any of these files."""
    said = {
        key_of(file.order.account, file.order.segment, found.value)
        for file in files
        for found in file.findings
        if found.code in ("own-decided", "own-twice") and file.order and found.value
    }
    own = [one for one in decisions if is_about_own(one)]
    about = ((one, key_of(one.account, one.segment, one.requirement[:SAID])) for one in own)
    return tuple(one for one, key in about if key not in said)


def likely(
    own: OwnRequirement, asked: Iterable[AskedRequirement], taken: Iterable[str]
) -> tuple[Ruling, str]:
    """What will most likely be decided, and under which id: one that is called so is the same.

    ``asked``: what the segment asks by now; ``taken``: the ids that another one must not get.
    """
    same = next((one for one in asked if same_name(one.label) == own.key.text), None)
    if same is not None:
        return Ruling.REQUIREMENT_SAME, same.id
    return Ruling.REQUIREMENT_NEW, proposed(own.label, taken)


# --- what is asked by now ------------------------------------------------------------------------


def confirmed(decisions: Iterable[Decision]) -> Iterator[tuple[OwnKey, AskedRequirement]]:
    """The own requirements that stay, as the next card of their segment asks them."""
    for key, one in settled(decisions).items():
        if one.ruling is Ruling.REQUIREMENT_NEW and one.under:
            yield key, AskedRequirement(one.under, one.requirement)
