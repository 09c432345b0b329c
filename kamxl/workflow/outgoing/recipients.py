"""Keeps the list of a period's recipients up to date, beside their cards."""

from __future__ import annotations

import contextlib
from collections.abc import Container, Mapping, Sequence

from kamxl.core.cards.internal_words import inner_texts
from kamxl.core.ids import same_id
from kamxl.core.records.register import PersonKey
from kamxl.core.roles import Source
from kamxl.excel.writing.draw import build, render
from kamxl.forms.letters import recipients as form
from kamxl.forms.letters.recipients import ListedCard, Recipient
from kamxl.store import atomic
from kamxl.store.paths import check_length
from kamxl.store.reading import beginning
from kamxl.wording.texts import texts
from kamxl.workflow.cards import stamp_of
from kamxl.workflow.incoming.answering import Asked, Period
from kamxl.workflow.lettering.secrets import Splinters
from kamxl.workflow.outgoing.gathering import REMINDER, drafts_in
from kamxl.workflow.outgoing.letters import Desk


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
    every = [_recipient(own, accounts, desk, reminded) for own in people.values()]
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


def _state(asked: Asked, reminded: Container[str]) -> str:
    if asked.standing != "open":
        return asked.standing
    if asked.to.source is not Source.MAILED:
        return "in_person"
    if not asked.to.respondent_email:
        return "no_address"
    return "reminded" if asked.digest in reminded else "issued"


def _reminded(found: Period) -> set[str]:
    """The cards that a draft of a reminder is about."""
    folder = found.workspace.outbox / found.period
    reminders = (one for one in drafts_in(folder) if REMINDER.search(one.path.name))
    return {card for one in reminders for card in one.cards}
