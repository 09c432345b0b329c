"""Cards as somebody decided that they are: on another scale, another person's, or left out.

The decisions stand in the register; the file itself is read as it is, once more where a decision
says how.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from kamxl.core.cards import own as of_her_own
from kamxl.core.cards.deciding import HELD, SCALES, Decided, decided, fits, meant_by, names_file
from kamxl.core.finding import Fate, Finding, finding
from kamxl.core.ids import same_id
from kamxl.core.records.decision import Decision, Ruling
from kamxl.core.records.page import Asks
from kamxl.core.records.register import CardKey, CardOrder, FileResult
from kamxl.forms.paper.raw import RawBook, RawSheet
from kamxl.forms.scorecard import reading as scorecard_reading
from kamxl.forms.scorecard.reading import CardReading

_DOUBT = "scale-doubt"
_SETTLED_KINDS = ("scorecard", "reply", "unknown")  # the team's own workbooks are no answers
F = TypeVar("F", bound=FileResult)


@dataclass(frozen=True, slots=True)
class ReadAsDecided:
    """A card's ``reading``, and whose it is: ``order``, after all decisions.

    ``findings``: what is said of the decisions; ``decision``: the one about who answered.
    """

    order: CardOrder
    reading: CardReading
    findings: tuple[Finding, ...] = ()
    decision: Decision | None = None


def read_as_decided(
    raw: RawBook, order: CardOrder, decisions: Iterable[Decision], orders: Iterable[CardOrder],
    path: str, given: Decision | None = None,
) -> ReadAsDecided:  # fmt: skip
    """A card that answers ``order``, read as it stands there, or as was decided.

    ``orders``: all issued records; ``given``: the decision by which it is this order's, if its mark
    does not say so.
    """
    asked, plain = order, scorecard_reading.read(raw, order)  # the card names whom it was made for
    said = tuple(decisions)
    name = plain.answers.name.strip() if plain.answers else ""
    found = decided(said, order.key, name, path)
    about: list[Finding] = [told(given)] if given is not None else []
    if found.contradicting:
        about.append(finding("decision-contradicts", other=""))
    person = given or found.person
    if given is None and person is not None:
        order, first = _of_person(order, person, orders)
        about.append(first)
        if first.code == "decided":
            later = decided(said, order.key, name, path)  # they may name whose it is by now, too
            found = replace(found, reading=later.reading or found.reading)
    reading = plain
    if found.reading is not None:
        reading, first = _read(raw, asked, plain, found.reading)
        about.append(first)
    reading, of_own = _continued(reading, asked, said)
    return ReadAsDecided(order, reading, (*about, *of_own), person)


def _continued(
    reading: CardReading, order: CardOrder, decisions: Iterable[Decision]
) -> tuple[CardReading, tuple[Finding, ...]]:
    """The card with its own requirements under the ids that were decided for them."""
    if reading.answers is None:
        return reading, ()
    found = of_her_own.continued(reading.answers, order, decisions)
    findings = found.without_filled(reading.findings)
    return replace(reading, answers=found.answers, findings=findings), found.findings


def _read(
    raw: RawBook, order: CardOrder, plain: CardReading, one: Decision
) -> tuple[CardReading, Finding]:
    """A card on the scale that was decided; where no column is in doubt, that decides nothing."""
    if one.ruling in SCALES and all(found.code != _DOUBT for found in plain.findings):
        return plain, finding("decision-idle", ruling=one.ruling.value)
    typed = one.ruling is Ruling.AS_TYPED
    made = scorecard_reading.read(_unstruck(raw) if typed else raw, order, one.ruling.scale)
    if typed:
        kept = tuple(found for found in made.findings if found.code not in HELD)
        made = replace(made, findings=kept)
    return made, told(one)


def _unstruck(raw: RawBook) -> RawBook:
    """The same, with nothing struck out: what was typed counts."""

    def plain(sheet: RawSheet) -> RawSheet:
        struck = {at: cell for at, cell in sheet.cells.items() if cell.struck}
        shown = {at: replace(cell, struck=False) for at, cell in struck.items()}
        return replace(sheet, cells={**sheet.cells, **shown}) if shown else sheet

    return replace(raw, sheets=tuple(map(plain, raw.sheets)))


def _of_person(
    order: CardOrder, one: Decision, orders: Iterable[CardOrder]
) -> tuple[CardOrder, Finding]:
    """Whose answer it is: what was asked stays what stood on the card, the person is another.

    Whoever is the same person as another who was asked did not answer twice: it is hers.
    """
    if one.ruling is Ruling.OTHER_PERSON:
        return order, told(one)
    beside = (o for o in orders if not o.test and o.key[:2] == order.key[:2])
    target = meant_by(one.person, (o for o in beside if o.period == order.period))
    if target is None and one.ruling is Ruling.ANSWER_OF:
        return order, finding("decision-unasked", person=one.person)
    if target is None or target.respondent == order.respondent:
        return order, told(one)
    return replace(
        order,
        respondent=target.respondent,
        respondent_name=target.respondent_name,
        respondent_email=target.respondent_email,
        function=target.function,
        role=target.role,
        source=target.source,
    ), told(one)


@dataclass(frozen=True, slots=True)
class Assigned:
    """Whose answer a file is that does not say it itself: the decision, and what that card asked.

    ``order`` None: that cannot be, and ``wrong`` says why.
    """

    decision: Decision
    order: CardOrder | None
    wrong: tuple[Finding, ...] = ()


def assigned(
    decisions: Iterable[Decision], orders: Mapping[str, CardOrder],
    newest: Mapping[CardKey, str], path: str,
) -> Assigned | None:  # fmt: skip
    """Whose answer a file is by decision. None: nobody decided it."""
    about = [
        one
        for one in decisions
        if one.ruling is Ruling.ANSWER_OF and one.file and names_file(one.file, path)
    ]
    found = [(one, _target(one, orders, newest)) for one in about]
    if not found:
        return None
    one, order = found[0]
    if len({target.key if target else None for _, target in found}) > 1:
        return Assigned(one, None, (finding("decision-contradicts", other=""),))
    if order is None:
        person = one.person or one.respondent
        return Assigned(one, None, (finding("decision-unasked", person=person),))
    return Assigned(one, order)


def _target(
    one: Decision, orders: Mapping[str, CardOrder], newest: Mapping[CardKey, str]
) -> CardOrder | None:
    """The last record of the card that a decision names; of her profile, if she has no card."""
    beside = [o for o in orders.values() if not o.test and _is_about(one, o)]
    meant = (
        meant_by(one.person or one.respondent, [o for o in beside if o.asks is asks])
        for asks in (Asks.CARD, Asks.PROFILE)
    )
    last = next((order for order in meant if order is not None), None)
    if last is None:
        return None
    digest = newest.get(last.key)
    return orders[digest] if digest is not None else last


def _is_about(one: Decision, order: CardOrder) -> bool:
    asked = (one.account, one.segment, one.period)
    own = (order.account, order.segment, order.period)
    return all(said and same_id(said) == same_id(of) for said, of in zip(asked, own, strict=True))


def left_out(file: F, decisions: Iterable[Decision]) -> F:
    """The file, ignored if somebody decided to leave it out."""
    if file.kind not in _SETTLED_KINDS or file.fate is Fate.IGNORED:
        return file
    out = settled_of(file, decisions).out
    if out is None:
        return file
    said = finding("left-out", who=out.who, why=out.why)
    return replace(file, fate=Fate.IGNORED, findings=(said, *file.findings), decision=out)


def settled_of(file: FileResult, decisions: Iterable[Decision]) -> Decided:
    """What was decided about a file that was judged."""
    said = tuple(decisions)
    every = [decided(said, key, file.name or "", file.path) for key in _keys(file)]
    return Decided(
        next((one.reading for one in every if one.reading), None),
        next((one.person for one in every if one.person), None),
        next((one.out for one in every if one.out), None),
        tuple(dict.fromkeys(against for one in every for against in one.contradicting)),
    )


def unused(decisions: Iterable[Decision], files: Iterable[FileResult]) -> tuple[Decision, ...]:
    """The decisions that are about none of these files."""
    answers = [file for file in files if file.kind in _SETTLED_KINDS]

    def about(one: Decision, file: FileResult) -> bool:
        return any(fits(one, key, file.name or "", file.path) for key in _keys(file))

    said = tuple(decisions)
    idle = set(of_her_own.unused(said, answers))
    return tuple(
        one for one in said
        if one in idle
        or not (of_her_own.is_about_own(one) or any(about(one, file) for file in answers))
    )  # fmt: skip


def _keys(file: FileResult) -> tuple[CardKey | None, ...]:
    """The cards that a file may be named by: whose answer it is, and whom its mark names."""
    own = (file.order.key,) if file.order is not None else ()
    return tuple(dict.fromkeys((*own, *file.named))) or (None,)


def told(one: Decision) -> Finding:
    """That a decision was applied: what, by whom, and why."""
    person = one.person or (one.respondent if one.ruling is Ruling.ANSWER_OF else "")
    named = person if one.ruling in (Ruling.SAME_PERSON, Ruling.ANSWER_OF) else ""
    return finding("decided", ruling=one.ruling.value, person=named, who=one.who, why=one.why)
