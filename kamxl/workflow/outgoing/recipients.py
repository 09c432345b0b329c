"""Keeps the list of a period's recipients up to date, beside their cards."""

from __future__ import annotations

import contextlib
from collections.abc import Container, Iterator, Mapping, Sequence

from kamxl.core.cards.internal_words import inner_texts
from kamxl.core.cards.persons import same_person
from kamxl.core.cards.replies import is_hers
from kamxl.core.ids import same_id
from kamxl.core.records.page import Asks
from kamxl.core.records.register import CardOrder, PersonKey
from kamxl.core.roles import Source
from kamxl.excel.writing.draw import build, render
from kamxl.forms.letters import recipients as form
from kamxl.forms.letters.recipients import ListedCard, Recipient
from kamxl.store import atomic
from kamxl.store.paths import check_length
from kamxl.store.reading import beginning
from kamxl.wording.texts import texts
from kamxl.workflow.cards import paths_of, stamp_of
from kamxl.workflow.incoming.answering import Asked, Period
from kamxl.workflow.incoming.contacts_now import ContactsNow
from kamxl.workflow.incoming.issued_cards import cards_out
from kamxl.workflow.lettering.secrets import Splinters
from kamxl.workflow.outgoing.gathering import REMINDER, drafts_in
from kamxl.workflow.outgoing.letters import Desk, by_mail, by_person


def keep_list(found: Period) -> str | None:
    """Write the list of the whole period if it changed; its path under the workspace.

    None: nobody is asked in this period.
    """
    if not found.everybody:
        return None
    language = found.register.settings.language
    accounts = {same_id(a.id): a.name for a in found.register.accounts}
    desk = Desk(found.workspace, found.register)
    reminded = _reminded(found)
    people: dict[PersonKey, list[Asked]] = {}
    for one in found.everybody:
        people.setdefault(one.order.key.person, []).append(one)
    keys = Splinters.of(found.workspace.keys)
    pages = by_person(_pages(found))
    every = []
    for person in dict.fromkeys((*people, *pages)):
        if own := people.get(person):
            every.append(_recipient(own, accounts, desk, reminded))
        if replies := pages.get(person):
            every.append(_replied(replies, accounts, desk, found))
    # the list is passed on, too: where a key was typed, cards wait, and nobody stands on it
    rows = [row for row in every if not keys.are_in(" ".join(t.text for t in inner_texts(row)))]
    if not rows:
        return None
    data = render(build(form.book(rows, found.period, language, stamp_of(found.period))))
    name = texts(language)("mail.list.file")
    path = check_length(found.workspace.outbox / found.period / f"{name}.xlsx")
    before = None
    with contextlib.suppress(OSError):
        before = beginning(path, len(data) + 1)
    if before != data:
        path = atomic.write(path, data)
    return found.workspace.relative(path)


def _recipient(
    own: Sequence[Asked], accounts: Mapping[str, str], desk: Desk, reminded: Container[str]
) -> Recipient:
    order = own[0].to
    return Recipient(
        order.respondent_name,
        order.respondent_email,
        accounts.get(same_id(order.account), order.account_name),
        desk.subject([asked.to for asked in own]),
        tuple(
            ListedCard(a.to.segment_name, a.path.name, a.to.due, _state(a, reminded)) for a in own
        ),
    )


def _pages(found: Period) -> Iterator[CardOrder]:
    """The reply pages that lie in outbox/, as they are addressed by now, of who is still asked.

    Not one of somebody whose id another person has by now.
    """
    contacts = ContactsNow(found.register)
    records = {
        digest: order
        for digest, order in found.issued.items()
        if order.asks is Asks.REPLY and not order.test and order.forgotten is None
    }
    for out in cards_out(found.workspace, records, found.period, {}):
        to = contacts.addressed(out.order)
        hers = same_person(out.order.respondent_name, to.respondent_name)
        if hers and not contacts.left(out.order) and out.path.is_file():
            yield to


def _replied(
    own: Sequence[CardOrder], accounts: Mapping[str, str], desk: Desk, found: Period
) -> Recipient:
    """Our reply is a mail of its own; nobody is asked for an answer to it by a day."""
    answered = {reply.order.key for reply in found.intake.pages if is_hers(reply)}
    states = [
        "answered" if one.key in answered else "replied" if by_mail(one) else _unmailed(one)
        for one in own
    ]
    listed = zip(own, paths_of(found.workspace, own), states, strict=True)
    return Recipient(
        own[0].respondent_name,
        own[0].respondent_email,
        accounts.get(same_id(own[0].account), own[0].account_name),
        desk.subject(own, "reply"),
        tuple(ListedCard(one.segment_name, path.name, None, state) for one, path, state in listed),
    )


def _unmailed(order: CardOrder) -> str:
    return "no_address" if order.source is Source.MAILED else "in_person"


def _state(asked: Asked, reminded: Container[str]) -> str:
    if asked.standing != "open":
        return asked.standing
    if not by_mail(asked.to):
        return _unmailed(asked.to)
    return "reminded" if asked.digest in reminded else "issued"


def _reminded(found: Period) -> set[str]:
    """The cards that a draft of a reminder is about."""
    folder = found.workspace.outbox / found.period
    return {card for one in drafts_in(folder, REMINDER) for card in one.cards}
