"""Reminders to those who have not answered, and thanks to those who have: drafts in outbox/."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from kamxl.core.cards.changes import BY_WHOM_AND_WHERE
from kamxl.core.finding import finding
from kamxl.core.records.register import CardKey
from kamxl.core.roles import Source
from kamxl.store import atomic
from kamxl.workflow.cards import CardPress
from kamxl.workflow.guard.proving import WayOut
from kamxl.workflow.incoming.answering import Asked, Period, Standing, asked_in, own_reply
from kamxl.workflow.outgoing.letters import Desk, by_mail
from kamxl.workflow.outgoing.posting import Held, Posting, Wanted
from kamxl.workflow.outgoing.recipients import keep_list
from kamxl.workflow.results import (
    Apart,
    Carried,
    Kind,
    MailResult,
    Outgoing,
    Progress,
    WrittenMail,
)
from kamxl.workflow.start.identity import in_turn
from kamxl.workflow.start.remembered import damaged_records

Maker = Callable[[Asked], Carried | None]

_SHOWN = 2  # files in a sentence


def remind(
    root: str | os.PathLike[str],
    accounts: Iterable[str] = (),
    period: str | None = None,
    language: str | None = None,
    progress: Progress | None = None,
    *,
    everyone: bool = False,
    now: datetime | None = None,
) -> MailResult:
    """A draft for everybody who was asked by mail in the period and has not answered: one for each
    person, with the cards that are still open.

    It goes to the address of today, so it also is the way to whom a mail before did not reach.
    Who sent something that needs attention, or is not asked any more, is listed and gets none
    unless ``everyone`` does; to an address that does not exist nothing is written at all.
    ``now``: the run's clock (default: the computer's).
    KamxlError: no workspace, register, account or period; a broken template; somebody else at
    work there. OSError: a draft is
    not written.
    """
    with in_turn(root, "remind"):
        found = asked_in(Path(root), accounts, period, now=now)
        return _reminded(found, language, progress, everyone=everyone)


def _reminded(
    found: Period, language: str | None, progress: Progress | None, *, everyone: bool
) -> MailResult:
    desk, press = Desk(found.workspace, found.register, found.issued), CardPress()
    wanted = {"open", "sent", "left"} if everyone else {"open"}

    def make(asked: Asked) -> Carried | None:
        if asked.standing not in wanted or (asked.failed is not None and asked.failed.permanent):
            return None
        if not by_mail(asked.to):
            return None
        return desk.carried(asked.to, asked.path, found.card(asked, press), issued=asked.order)

    made = _written("reminder", found, desk, make, language, progress)
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
    *,
    now: datetime | None = None,
) -> MailResult:
    """A draft for everybody whose answer counts: her own results only, all in one mail.

    See ``remind``. For what she was thanked for already there is no other one.
    """
    with in_turn(root, "thank"):
        return _thanked(asked_in(Path(root), accounts, period, now=now), language, progress)


def _thanked(found: Period, language: str | None, progress: Progress | None) -> MailResult:
    desk = Desk(found.workspace, found.register, found.issued)

    def make(asked: Asked) -> Carried | None:
        reply = own_reply(asked)
        if reply is None or not asked.to.respondent_email:
            return None
        names = ("respondent_name", *BY_WHOM_AND_WHERE)
        to = replace(reply.order, **{name: getattr(asked.to, name) for name in names})
        return desk.carried(to, asked.path, issued=reply.order, answers=reply.answers)

    return _written("thanks", found, desk, make, language, progress)


def _written(
    kind: Kind,
    found: Period,
    desk: Desk,
    make: Maker,
    language: str | None,
    progress: Progress | None,
) -> MailResult:
    way_out = WayOut(found.workspace, found.register, found.issued)
    of_memory = damaged_records(found.workspace)  # before anything is written
    posting = Posting.of(
        found.workspace, found.register, desk, way_out, kind, found.period, found.issued
    )
    atomic.sweep(found.workspace.outbox / found.period)
    made = _made(found, make, progress)
    held = {
        asked.to.key: leaks
        for asked, card in made
        if card is not None
        and (leaks := way_out.of_card(card.order, card.path, card.card, card.issued))
    }
    posting.add([Wanted(a.to, card) for a, card in made if a.to.key not in held])
    states = posting.write()
    held |= posting.held
    mails = (
        _mail(found, asked, posting.by_card.get(asked.to.key), states, held)
        for asked, card in made
        if card is not None
    )
    written = tuple(mails)
    keep_list(found)
    return MailResult(
        kind,
        found.period,
        language or found.register.settings.language,
        written,
        tuple(posting.mails),
        len(found.asked),
        memory=of_memory,
    )


def _made(
    found: Period, make: Maker, progress: Progress | None
) -> list[tuple[Asked, Carried | None]]:
    """All that is to be written about: what fails does so before the first is written."""
    made = []
    for done, asked in enumerate(found.asked, 1):
        made.append((asked, make(asked)))
        if progress:
            progress(done, len(found.asked))
    return made


def _mail(
    found: Period, asked: Asked, mail: Outgoing | None, states: Mapping[CardKey, str], held: Held
) -> WrittenMail:
    """What became of the mail about a card."""
    order, relative = asked.to, found.workspace.relative
    return WrittenMail(
        order.account,
        order.segment,
        order.respondent,
        relative(asked.path),
        None if mail is None else relative(mail.path),
        states.get(order.key, "skipped"),
        held.get(order.key, ()),
    )
