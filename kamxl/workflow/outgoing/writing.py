"""Reminders to those who have not answered, and thanks to those who have: drafts in outbox/."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from kamxl.core.finding import finding
from kamxl.core.roles import Source
from kamxl.store import atomic
from kamxl.workflow.cards import CardPress
from kamxl.workflow.guard.proving import WayOut
from kamxl.workflow.incoming.answering import Asked, Period, Standing, asked_in, own_reply
from kamxl.workflow.outgoing.letters import Desk, write
from kamxl.workflow.outgoing.recipients import keep_list
from kamxl.workflow.results import Apart, Kind, MailResult, Outgoing, Progress, WrittenMail
from kamxl.workflow.start.remembered import damaged_records

Maker = Callable[[Asked], Outgoing | None]

_SHOWN = 2  # files in a sentence


def remind(
    root: str | os.PathLike[str],
    accounts: Iterable[str] = (),
    period: str | None = None,
    language: str | None = None,
    progress: Progress | None = None,
    *,
    everyone: bool = False,
) -> MailResult:
    """A draft for everybody who was asked by mail in the period and has not answered.

    Who sent something that needs attention, or is not asked any more, is listed and gets none
    unless ``everyone`` does; to an address that does not exist nothing is written at all.
    KamxlError: no workspace, register, account or period; a broken template. OSError: a draft is
    not written.
    """
    found = asked_in(Path(root), accounts, period)
    desk, press = Desk(found.workspace, found.register, found.issued), CardPress()
    wanted = {"open", "sent", "left"} if everyone else {"open"}

    def make(asked: Asked) -> Outgoing | None:
        if asked.standing not in wanted or (asked.failed is not None and asked.failed.permanent):
            return None
        return desk.remind(asked.to, asked.path, found.card(asked, press), asked.order)

    made = _written("reminder", found, make, language, progress)
    return replace(
        made,
        everyone=everyone,
        sent_something=tuple(_apart(found, "sent")),
        undeliverable=tuple(_apart(found, "undelivered")),
        left=tuple(_apart(found, "left")),
        delayed=tuple(_apart(found, "open")),
    )


def _apart(found: Period, standing: Standing) -> Iterator[Apart]:
    """Who stands so, as far as there is something to say."""
    for asked in found.asked:
        if asked.standing != standing or asked.to.source is not Source.MAILED:
            continue
        files = tuple(file.path for file in asked.sent)
        if standing == "sent":
            more = ", …" if len(files) > _SHOWN else ""
            said = finding("has-sent-something", value=", ".join(files[:_SHOWN]) + more)
        elif standing == "left":
            said = finding(asked.left, value=asked.order.respondent_email)
        elif asked.failed is not None:
            said, files = asked.failed.finding, (asked.failed.file,)
        else:
            continue
        order = asked.to
        yield Apart(
            order.account,
            order.segment,
            order.respondent,
            order.respondent_name,
            order.respondent_email,
            found.workspace.relative(asked.path),
            said,
            files,
        )


def thank(
    root: str | os.PathLike[str],
    accounts: Iterable[str] = (),
    period: str | None = None,
    language: str | None = None,
    progress: Progress | None = None,
) -> MailResult:
    """A draft for everybody whose answer counts: her own result only (see ``remind``)."""
    found = asked_in(Path(root), accounts, period)
    desk = Desk(found.workspace, found.register, found.issued)

    def make(asked: Asked) -> Outgoing | None:
        reply = own_reply(asked)
        if reply is None:
            return None
        to = replace(
            reply.order,
            respondent_name=asked.to.respondent_name,
            respondent_email=asked.to.respondent_email,
            sender_name=asked.to.sender_name,
            sender_email=asked.to.sender_email,
            sender_phone=asked.to.sender_phone,
        )
        return desk.thank(to, asked.path, reply.answers, reply.order)

    return _written("thanks", found, make, language, progress)


def _written(
    kind: Kind,
    found: Period,
    make: Maker,
    language: str | None,
    progress: Progress | None,
) -> MailResult:
    way_out = WayOut(found.workspace, found.register, found.issued)
    of_memory = damaged_records(found.workspace)  # before anything is written
    atomic.sweep(found.workspace.outbox / found.period)
    made = list(_made(found, make, way_out, progress))
    keep_list(found)
    return MailResult(
        kind,
        found.period,
        language or found.register.settings.language,
        tuple(written for written, _ in made),
        tuple(mail for _, mail in made if mail is not None),
        len(found.asked),
        memory=of_memory,
    )


def _made(
    found: Period, make: Maker, way_out: WayOut, progress: Progress | None
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
        leaks = way_out.findings(order, asked.path, mail.card, mail)
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
