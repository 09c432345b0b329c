"""Keeps the list of a period's recipients up to date, beside their cards."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping

from kamxl.core.ids import same_id
from kamxl.core.roles import Source
from kamxl.excel.writing.draw import build, render
from kamxl.forms.letters import recipients as form
from kamxl.forms.letters.recipients import Recipient
from kamxl.store import atomic
from kamxl.store.paths import check_length
from kamxl.wording.texts import texts
from kamxl.workflow.cards import stamp_of
from kamxl.workflow.incoming.answering import Asked, Period
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
    rows = [_recipient(one, accounts, desk) for one in found.everybody]
    data = render(build(form.book(rows, found.period, language, stamp_of(found.period))))
    name = texts(language)("mail.list.file")
    path = check_length(found.workspace.outbox / found.period / f"{name}.xlsx")
    before = None
    with contextlib.suppress(OSError):
        before = path.read_bytes()
    if before != data:
        path = atomic.write(path, data)
    return found.workspace.relative(path)


def _recipient(asked: Asked, accounts: Mapping[str, str], desk: Desk) -> Recipient:
    order = asked.to
    return Recipient(
        order.respondent_name,
        order.respondent_email,
        accounts.get(same_id(order.account), order.account_name),
        order.segment_name,
        desk.subject(order),
        asked.path.name,
        order.due,
        _state(asked),
    )


def _state(asked: Asked) -> str:
    if asked.standing != "open":
        return asked.standing
    if asked.to.source is not Source.MAILED:
        return "in_person"
    if not asked.to.respondent_email:
        return "no_address"
    reminded = asked.path.with_name(f"{asked.path.stem}--reminder.eml").exists()
    return "reminded" if reminded else "issued"
