"""Who is to be forgotten: one person, by all that the workspace's memory knows of her."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from kamxl.apart import Died, call
from kamxl.core.cards import forgetting
from kamxl.core.cards.persons import same_person
from kamxl.core.ids import is_id, same_id, same_name
from kamxl.core.records.register import CardOrder, Contact
from kamxl.errors import KamxlError
from kamxl.excel.reading.limits import Refused
from kamxl.store import memory
from kamxl.store.reading import content
from kamxl.store.workspace import Workspace
from kamxl.workflow.files.registers import REGISTER, register_in
from kamxl.workflow.start.register import MOST

_SHORT = 4  # letters of a name that says something within a longer text


@dataclass(slots=True)
class Person:
    """Somebody of a customer: ``names`` and ``emails`` as they were typed, and ``said``, how she
    is addressed.

    ``orders``: the records that still name her, by digest; ``gone``: those that do not any more.
    """

    account: str
    id: str
    names: list[str] = field(default_factory=list)
    emails: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    orders: dict[str, CardOrder] = field(default_factory=dict)
    gone: dict[str, CardOrder] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What she is called here, or was."""
        gone = (order.respondent_name for order in self.gone.values())
        return next(iter(self.names), "") or next(gone, self.id)

    @property
    def known(self) -> bool:
        """Whether anything still names her."""
        return bool(self.names or self.emails)

    def is_called(self, name: str, email: str) -> bool:
        """Whether a name or an address is hers, in another spelling perhaps."""
        if email and email.casefold() in map(str.casefold, self.emails):
            return True
        same = (same_name(one) == same_name(name) or same_person(name, one) for one in self.names)
        return bool(name.strip()) and any(same)

    def add(self, name: str, email: str, said: str = "") -> None:
        """One more that she is called."""
        for text, known in ((name, self.names), (email, self.emails), (said, self.said)):
            if text.strip() and text not in known:
                known.append(text)

    def tags(self, key: bytes) -> tuple[str, ...]:
        """What stands for all that she is called; ``key``: the workspace's first."""
        before = (one.forgotten.own for one in self.gone.values() if one.forgotten)
        hers = forgetting.tags(key, (*self.names, *self.emails))
        return tuple(sorted({*hers, *(tag for own in before for tag in own)}))

    def pseudonym(self, key: bytes, word: str) -> str:
        """What she is called from now on: as before, if some records say it already."""
        before = sorted(order.respondent_name for order in self.gone.values())
        made = f"{word} {forgetting.code(key, self.account, self.id, self.name)}"
        return before[0] if before else made


@dataclass(frozen=True, slots=True)
class Words:
    """What tells of somebody: ``inside`` of any text, or only as the ``whole`` of one."""

    inside: tuple[str, ...]
    whole: tuple[str, ...]

    @classmethod
    def of(cls, person: Person, *more: str) -> Words:
        """All that a person is called; a single word of a name may be a company's, too."""
        every = dict.fromkeys((*person.names, *person.emails, *person.said, *more))
        inside = (one for one in every if len(one) >= _SHORT and re.search(r"[\s@]", one.strip()))
        return cls(tuple(sorted(inside, key=len, reverse=True)), tuple(every))

    def are_in(self, text: str) -> bool:
        """Whether a text tells of her."""
        return self.without(text, "") != text

    def without(self, text: str, pseudonym: str) -> str:
        """The text with the pseudonym where she is named; addresses go."""
        if same_name(text) in map(same_name, self.whole):
            return "" if "@" in text else pseudonym
        for one in self.inside:
            new = "" if "@" in one else pseudonym
            text = re.sub(rf"(?<!\w){re.escape(one)}(?!\w)", lambda _, n=new: n, text, flags=re.I)  # type: ignore[misc]
        return text


def person_of(workspace: Workspace, named: str, account: str | None = None) -> Person:
    """Who is meant by an id ("K1", "ALPHA/K1"), a name, an address or a pseudonym.

    KamxlError: nobody who was asked, or kept in a register, or several.
    """
    key = workspace.keys[-1]
    place, slash, own = named.partition("/")
    if slash and is_id(place.strip()) and is_id(own.strip()):
        account, named = place.strip(), own.strip()
    people = [
        one
        for one in _people(workspace)
        if account is None or same_id(one.account) == same_id(account)
    ]
    found = [one for one in people if same_id(one.id) == same_id(named.strip())]
    found = found or [one for one in people if _is_named(one, named, key)]
    found = [one for one in found if one.known] or found
    if not found:
        raise KamxlError("forget-unknown", value=named)
    if len(found) > 1:
        names = ", ".join(f"{one.account}/{one.id} ({one.name})" for one in found)
        raise KamxlError("forget-several", value=named, names=names)
    (person,) = found
    if person.names == [] and forgetting.tag(key, named) in person.tags(key):
        person.add("" if "@" in named else named, named if "@" in named else "")
    return person


def _is_named(person: Person, named: str, key: bytes) -> bool:
    pseudonyms = {same_name(order.respondent_name) for order in person.gone.values()}
    tagged = forgetting.tag(key, named) in person.tags(key)
    return person.is_called(named, named) or tagged or same_name(named) in pseudonyms


def _people(workspace: Workspace) -> list[Person]:
    """Everybody whom the memory knows."""
    orders = memory.load(workspace).orders
    key = workspace.keys[-1]
    by_id: dict[tuple[str, str], list[Person]] = {}

    def one_of(account: str, own: str, name: str, email: str) -> Person:
        people = by_id.setdefault((same_id(account), same_id(own)), [])
        found = next((one for one in people if one.is_called(name, email)), None)
        if found is None:
            people.append(found := Person(account, own))
        return found

    for digest, order in orders.items():
        if order.forgotten is None:
            email = "" if order.test else order.respondent_email
            person = one_of(order.account, order.respondent, order.respondent_name, email)
            person.add(order.respondent_name, email)
            person.orders[digest] = order
    for contact in kept_contacts(workspace):
        if not _is_pseudonym(contact, orders.values()):
            person = one_of(contact.account, contact.id, contact.name, contact.email)
            person.add(contact.name, contact.email, contact.salutation)
    for people in by_id.values():  # of whom a run that broke off changed a kept register
        people[:] = [one for one in people if not _stands_for(one, people, key)]
    _with_gone(by_id, orders, key)
    return [one for people in by_id.values() for one in people]


def _is_pseudonym(contact: Contact, orders: Iterable[CardOrder]) -> bool:
    return any(
        order.forgotten is not None and same_name(order.respondent_name) == same_name(contact.name)
        for order in orders
    )


def _stands_for(one: Person, others: Iterable[Person], key: bytes) -> bool:
    """Whether somebody's name is the pseudonym of another under the same id."""
    named = one.name.rpartition(" ")[2]
    codes = (forgetting.code(key, p.account, p.id, p.name) for p in others if p is not one)
    return not one.orders and named in codes


def _with_gone(
    by_id: dict[tuple[str, str], list[Person]], orders: Mapping[str, CardOrder], key: bytes
) -> None:
    """Put the records that name nobody any more beside what still does."""
    gone = [(digest, one) for digest, one in orders.items() if one.forgotten is not None]
    gone.sort(key=lambda one: (one[1].key.person, one[1].respondent_name))
    for _, own in groupby(gone, key=lambda one: (one[1].key.person, one[1].respondent_name)):
        records = dict(own)
        first = next(iter(records.values()))
        people = by_id.setdefault((same_id(first.account), same_id(first.respondent)), [])
        tags = {tag for one in records.values() if one.forgotten for tag in one.forgotten.own}
        hers = next((p for p in people if tags & set(forgetting.tags(key, p.names))), None)
        if hers is None:
            people.append(hers := Person(first.account, first.respondent))
        hers.gone |= records


def kept_contacts(workspace: Workspace) -> Iterator[Contact]:
    """The contacts in every register that was kept; one that cannot be read has none."""
    for path in memory.kept_registers(workspace):
        yield from contacts_in(path)


def contacts_in(path: Path) -> Sequence[Contact]:
    """The contacts in a register (none: it cannot be read)."""
    with contextlib.suppress(OSError, Refused, Died):
        return call(register_in, content(path, REGISTER.file), None, MOST).register.contacts
    return ()
