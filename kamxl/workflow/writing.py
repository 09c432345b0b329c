"""Reminders to those who have not answered, and thanks to those who have: drafts in outbox/."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from kamxl.store import atomic
from kamxl.workflow.answering import Asked, Period, asked_in, own_reply
from kamxl.workflow.cards import CardPress
from kamxl.workflow.intake import Progress
from kamxl.workflow.leaks import Guard, guard_of
from kamxl.workflow.letters import Desk, Kind, Outgoing, write
from kamxl.workflow.recipients import keep_list
from kamxl.workflow.remembered import damaged_records
from kamxl.workflow.results import MailResult, WrittenMail

Maker = Callable[[Asked], Outgoing | None]


def remind(
    root: str | os.PathLike[str],
    accounts: Iterable[str] = (),
    period: str | None = None,
    language: str | None = None,
    progress: Progress | None = None,
) -> MailResult:
    """A draft for everybody who was asked by mail in the period and has not answered.

    KamxlError: no workspace, register, account or period; a broken template. OSError: a draft is
    not written.
    """
    found = asked_in(Path(root), accounts, period)
    desk, press = Desk(found.workspace, found.register.settings, found.issued), CardPress()

    def make(asked: Asked) -> Outgoing | None:
        if asked.replies:
            return None
        return desk.remind(asked.order, asked.path, found.card(asked, press))

    return _written("reminder", found, make, language, progress, all_of=not tuple(accounts))


def thank(
    root: str | os.PathLike[str],
    accounts: Iterable[str] = (),
    period: str | None = None,
    language: str | None = None,
    progress: Progress | None = None,
) -> MailResult:
    """A draft for everybody whose answer counts: her own result only (see ``remind``)."""
    found = asked_in(Path(root), accounts, period)
    desk = Desk(found.workspace, found.register.settings, found.issued)

    def make(asked: Asked) -> Outgoing | None:
        reply = own_reply(asked)
        if reply is None:
            return None
        return desk.thank(reply.order, asked.path, reply.answers)

    return _written("thanks", found, make, language, progress, all_of=not tuple(accounts))


def _written(
    kind: Kind,
    found: Period,
    make: Maker,
    language: str | None,
    progress: Progress | None,
    *,
    all_of: bool,
) -> MailResult:
    guard = guard_of(found.workspace, found.register)
    atomic.sweep(found.workspace.outbox / found.period)
    made = list(_made(found, make, guard, progress))
    if all_of:
        keep_list(found)
    return MailResult(
        kind,
        found.period,
        language or found.register.settings.language,
        tuple(written for written, _ in made),
        tuple(mail for _, mail in made if mail is not None),
        damaged_records(found.workspace),
    )


def _made(
    found: Period, make: Maker, guard: Guard, progress: Progress | None
) -> Iterator[tuple[WrittenMail, Outgoing | None]]:
    mails = []
    for done, asked in enumerate(found.asked, 1):
        mails.append((asked, make(asked)))
        if progress:
            progress(done, len(found.asked))
    for asked, mail in mails:  # a template that fails does so before the first is written
        if mail is None:
            continue
        order, relative = mail.order, found.workspace.relative
        leaks = guard.findings(mail.data, order, mail.path.name)
        state = "skipped" if leaks else write(mail)
        yield (
            WrittenMail(
                order.account,
                order.segment,
                order.respondent,
                relative(asked.path),
                None if leaks else relative(mail.path),
                state,
                leaks,
            ),
            None if leaks else mail,
        )
