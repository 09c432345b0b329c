"""What only the team may know: the words of a register and its plans that must not go out.

Names and addresses of one customer are internal to every other one; what the team thinks of any of
them is internal to all. Numbers count from six digits on: shorter ones stand in every file.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from enum import Enum

from kamxl.core.ids import same_id
from kamxl.core.plan import AccountPlan
from kamxl.core.records import CardOrder, Register

_TOKEN = re.compile(r"\w+")
_SHORTEST = 4  # letters: shorter names and ids stand in every text by chance
_TELLING = 10  # letters from which a single word of a free text says something
_LARGE = 100_000


@dataclass(frozen=True, slots=True)
class Secret:
    """Some words in a row (folded), whose they are ("" : nobody's in particular), and what."""

    words: tuple[str, ...]
    account: str
    what: str  # "account", "segment", "contact", "competitor", "manager", "number", "note", "plan"
    shown: str


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text as they are compared: composed, without case."""
    return tuple(_TOKEN.findall(unicodedata.normalize("NFC", text).casefold()))


def secrets_of(register: Register, plans: Iterable[AccountPlan] = ()) -> tuple[Secret, ...]:
    """Everything internal, each once, sorted."""
    found = {*_of_register(register), *(s for plan in plans for s in _of_plan(plan))}
    return tuple(sorted(found, key=lambda s: (s.words, s.account, s.what)))


def open_texts(order: CardOrder) -> Iterator[str]:
    """What a card says anyway, but for ``feedback``: that is typed freely, and may name others."""
    for field in fields(order):
        if field.name != "feedback":
            yield from _texts(getattr(order, field.name))


def _of_register(register: Register) -> Iterator[Secret]:
    for account in register.accounts:
        own = same_id(account.id)
        yield from _named((account.id, account.name), own, "account")
        yield from _named((account.manager,), own, "manager")
    for segment in register.segments:
        own = same_id(segment.account)
        yield from _named((segment.id, segment.name), own, "segment")
        yield from _free(segment.feedback, own, "note")
        yield from _number(segment.revenue, own)
    for contact in register.contacts:
        own = same_id(contact.account)
        yield from _named((contact.name,), own, "contact")
        yield from _named((contact.email,), own, "contact")
    for account_id, _, competitor in register.competitors:
        yield from _named((competitor.id, competitor.name), same_id(account_id), "competitor")
    for _, account_id, _, requirement in register.requirements:
        if account_id:  # those of a catalogue are asked of many
            yield from _free(requirement.label, same_id(account_id), "note")
    for candidate in register.candidates:
        own = same_id(candidate.account)
        for text in _texts(candidate):
            yield from _free(text, own, "note")
        for number in _numbers(candidate):
            yield from _number(number, own)
    for name in ("smtp_host", "smtp_user"):
        yield from _named((getattr(register.settings, name),), "", "note")


def _of_plan(plan: AccountPlan) -> Iterator[Secret]:
    own = same_id(plan.account)
    for text in _texts(plan):
        yield from _free(text, own, "plan")
    for number in _numbers(plan):
        yield from _number(number, own)


def _named(texts: Iterable[str], account: str, what: str) -> Iterator[Secret]:
    """Names, ids and addresses: short ones say nothing."""
    for text in texts:
        words = words_of(text)
        if sum(map(len, words)) >= _SHORTEST:
            yield Secret(words, account, what, text)


def _free(text: str, account: str, what: str) -> Iterator[Secret]:
    """A text somebody typed: two words or a long one."""
    words = words_of(text)
    if (len(words) > 1 and sum(map(len, words)) >= _TELLING) or any(
        len(word) >= _TELLING for word in words
    ):
        yield Secret(words, account, what, text)


def _number(value: float | None, account: str) -> Iterator[Secret]:
    if value is not None and abs(value) >= _LARGE:
        shown = f"{abs(value):.15g}"
        yield Secret(words_of(shown), account, "number", shown)


def _texts(value: object) -> Iterator[str]:
    """Every text inside records, tuples and mappings; words of a fixed choice are none."""
    if isinstance(value, str) and not isinstance(value, Enum):
        yield value
    else:
        for part in _parts(value):
            yield from _texts(part)


def _numbers(value: object) -> Iterator[float]:
    if isinstance(value, int | float) and not isinstance(value, bool | Enum):
        yield float(value)
    else:
        for part in _parts(value):
            yield from _numbers(part)


def _parts(value: object) -> Iterator[object]:
    if isinstance(value, str | bytes | date | Enum):
        return
    if is_dataclass(value):
        yield from (getattr(value, field.name) for field in fields(value))
    elif isinstance(value, Mapping):
        yield from value.values()
    elif isinstance(value, Sequence | frozenset):
        yield from value
