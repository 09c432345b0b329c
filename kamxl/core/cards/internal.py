"""What only the team may know: the words of a register and its plans that must not go out.

Names and addresses of one customer are internal to every other one; what the team thinks of any of
them is internal to all. Figures are none of them: the same ones stand everywhere.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace

from kamxl.core.cards.internal_words import inner_texts, sentences_of, short_names, words_of
from kamxl.core.ids import same_id
from kamxl.core.records.plan import AccountPlan
from kamxl.core.records.register import CardOrder, Register

_SHORTEST = 4  # letters: shorter names and ids stand in every text by chance
_SENTENCE = 4  # words from which a reason says something that nobody else says by chance
_TELLING = 10  # letters from which a single word of a free text says something

# Of a plan: what identifies a row or picks from a list says nothing that the register does not.
TECHNICAL = frozenset(
    {"workspace", "account", "account_name", "period", "language", "id", "segment", "rhythm"}
)
_PEOPLE = {"counterpart": "manager", "owner": "manager", "customer_owner": "contact"}
_WISHES = frozenset({"PlanWish"})  # the customer's own words, and what we answer to them
# Written for the customer: internal to every other one. Owners and dates are none of it.
SHARED = frozenset(
    {("Lever", "unit"), *((one, "share") for one in ("Action", "DiscoveryAnswer", "Lever")),
     ("PlanWish", "share"),
     *(("PlanProgramme", one) for one in ("goal", "gain_theirs", "gain_ours", "step", "stop"))}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Secret:
    """Some words in a row (folded), whose they are ("": nobody's in particular), and what.

    ``what``: "account", "segment", "contact", "competitor", "manager", "note", "plan", "wish" or
    "share" (written for that customer).
    """

    words: tuple[str, ...]
    account: str
    what: str
    shown: str


def secrets_of(
    register: Register, plans: Iterable[AccountPlan], legal_forms: Collection[str]
) -> tuple[Secret, ...]:
    """Everything internal, each once, sorted; ``legal_forms``: see ``short_names``."""
    wide = _open_words(register)
    own = set(_of_register(register, wide, legal_forms))
    # A plan repeats names and labels of the register, which says whose they are.
    known = {secret.words for secret in own} | wide
    found = own | {s for plan in plans for s in _of_plan(plan) if s.words not in known}
    return tuple(sorted(found, key=lambda s: (s.words, s.account, s.what, s.shown)))


def open_texts(order: CardOrder) -> Iterator[str]:
    """What a card says anyway, but for ``feedback``: that is typed freely, and may name others."""
    for said in inner_texts(replace(order, feedback="")):
        yield said.text


def _of_register(
    register: Register, wide: set[tuple[str, ...]], legal_forms: Collection[str]
) -> Iterator[Secret]:
    for account in register.accounts:
        own = same_id(account.id)
        yield from _named((account.id, *short_names(account.name, legal_forms)), own, "account")
        yield from _named((account.manager,), own, "manager")
    yield from _of_segments(register, wide)
    for contact in register.contacts:
        yield from _named((contact.name, contact.email), same_id(contact.account), "contact")
    for listed in register.competitors:
        rival = listed.competitor
        names = (rival.id, *short_names(rival.name, legal_forms))
        yield from _named(names, same_id(listed.account), "competitor")
    for text in (register.settings.smtp_host, register.settings.smtp_user):
        yield from _named((text,), "", "note")
    for one in register.decisions:  # "by telephone" stands in cards, too: only what tells something
        if len(words_of(one.why)) >= _SENTENCE:
            yield from _named((one.why,), "", "note")


def _of_segments(register: Register, wide: set[tuple[str, ...]]) -> Iterator[Secret]:
    """What is asked of one customer alone; what several have (``wide``) is nobody's secret."""
    for segment in register.segments:
        own = same_id(segment.account)
        for secret in _named((segment.id, segment.name), own, "segment"):
            if secret.words not in wide:
                yield secret
        yield from _free(segment.feedback, own, "note")
    for listed in register.requirements:
        for text in (listed.asked.label, *listed.asked.anchors) if listed.account else ():
            for secret in _free(text, same_id(listed.account), "note"):
                if secret.words not in wide:
                    yield secret
    for one in register.decisions:
        for secret in _free(one.requirement, same_id(one.account), "note"):
            if secret.words not in wide:
                yield secret


def _open_words(register: Register) -> set[tuple[str, ...]]:
    """Words that no single customer can be told by: functions, catalogues, what several have."""
    shared = [register.settings.company, *(c.function for c in register.contacts)]
    by: dict[tuple[str, ...], set[str]] = {}
    for segment in register.segments:
        for text in (segment.id, segment.name):
            by.setdefault(words_of(text), set()).add(same_id(segment.account))
    for listed in register.requirements:
        for text in (listed.asked.label, *listed.asked.anchors):
            if listed.account:
                by.setdefault(words_of(text), set()).add(same_id(listed.account))
            else:
                shared.append(text)
    return {words_of(text) for text in shared} | {w for w, a in by.items() if len(a) > 1}


def _of_plan(plan: AccountPlan) -> Iterator[Secret]:
    own = same_id(plan.account)
    for said in inner_texts(plan):
        if said.field in _PEOPLE or (said.record, said.field) == ("ContactCare", "name"):
            yield from _named((said.text,), own, _PEOPLE.get(said.field, "contact"))
        elif (said.record, said.field) in SHARED:
            yield from _free(said.text, own, "share")
        elif said.field not in TECHNICAL:
            yield from _free(said.text, own, "wish" if said.record in _WISHES else "plan")


def _named(texts: Iterable[str], account: str, what: str) -> Iterator[Secret]:
    """Names, ids and addresses: short ones say nothing."""
    for text in texts:
        words = words_of(text)
        if sum(map(len, words)) >= _SHORTEST:
            yield Secret(words, account, what, text)


def _free(text: str, account: str, what: str) -> Iterator[Secret]:
    """A text somebody typed, and each sentence of it: two words or a long one."""
    for piece in (text, *sentences_of(text)):
        words = words_of(piece)
        letters = sum(map(len, words))
        if letters >= _TELLING:
            yield Secret(words, account, what, piece)
