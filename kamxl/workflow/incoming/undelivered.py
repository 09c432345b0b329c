"""Mails that did not arrive: whose they were, as the servers that say so name the address."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from kamxl.core.finding import Fate, Finding, finding
from kamxl.core.ids import same_id
from kamxl.core.records.mails import MailNote, Undelivered
from kamxl.core.records.register import CardOrder, FileResult, PersonKey, Reply
from kamxl.workflow.incoming.issued_records import IssuedRecords

File = TypeVar("File", bound=FileResult)

_SAID = 3  # addresses of one notice, if none of them is known
_CODES = ("mail-undelivered", "mail-delayed")


def of_notice(blank: File, mail: MailNote, orders: IssuedRecords) -> File:
    """A notice as a file: to whom a mail did not go through, and why.

    A server names addresses that are nobody's here, too: its own, or where a mail was passed on to.
    """
    known = orders.by_address
    ours = [one for one in mail.undelivered if one.address and one.address.casefold() in known]
    found, whose = [], []
    for one in ours or mail.undelivered[:_SAID]:
        own = _meant(one, mail, orders)
        whose += _asked(own)
        found.append(_finding(one, own))
    matters = not found or any(told.code == "mail-undelivered" for told in found)
    permanent = matters and any(one.permanent for one in mail.undelivered)
    return replace(
        blank,
        fate=Fate.ATTENTION if permanent else Fate.IGNORED,
        account=_only(o.account for o in whose),
        segment=_only(o.segment for o in whose),
        respondent=_only(o.respondent for o in whose),
        period=_only(o.period for o in whose),
        findings=(*blank.findings, *found),
    )


def _meant(one: Undelivered, mail: MailNote, orders: IssuedRecords) -> list[CardOrder]:
    """The records of the cards that the mail was about, else of all that went to that address.

    An address that no record knows is newer than the cards: the mail says which they were.
    """
    same = {d: orders[d] for d in orders.by_address.get(one.address.casefold(), ())}
    if not same:
        return [orders[d] for d in mail.cards if d in orders]
    return [same[d] for d in mail.cards if d in same] or list(same.values())


def _asked(own: Iterable[CardOrder]) -> list[CardOrder]:
    """Without tests: they went to the team, whoever is named on them."""
    return [order for order in own if not order.test]


def _finding(one: Undelivered, own: Sequence[CardOrder]) -> Finding:
    asked = _asked(own)
    who = sorted({(o.respondent_name or o.respondent, o.account) for o in asked})
    names = ", ".join(f"{name} ({account})" for name, account in who)
    code = "mail-undelivered" if one.permanent else "mail-delayed"
    if own and not asked:
        code = "test-undelivered"
    return finding(code, value=one.address, who=names, reason=one.reason)


def _only(ids: Iterable[str]) -> str | None:
    """The one id that all agree on."""
    found = {same_id(one): one for one in ids}
    return next(iter(found.values())) if len(found) == 1 else None


@dataclass(frozen=True, slots=True)
class Failed:
    """That a mail to somebody did not arrive; ``file`` says so."""

    finding: Finding
    file: str
    permanent: bool


class Failures:
    """What servers said of addresses, but for those from which something came afterwards."""

    def __init__(
        self,
        files: Iterable[FileResult],
        replies: Iterable[Reply],
        orders: IssuedRecords,
    ) -> None:
        self._found: dict[str, list[tuple[datetime | None, Failed]]] = {}
        self._alive: dict[str, datetime] = {}
        self._hers: dict[tuple[PersonKey, str], list[Reply]] = {}
        for reply in replies:
            self._hers.setdefault(_person(reply.order), []).append(reply)
        for file in files:
            if file.mail is None:
                continue
            if any(found.code in _CODES for found in file.findings):
                self._note(file, file.mail, orders)
            elif (date := _came(file)) is not None and not file.mail.automatic:
                address = file.mail.address.casefold()
                self._alive[address] = max(date, self._alive.get(address, date))

    def _note(self, file: FileResult, mail: MailNote, orders: IssuedRecords) -> None:
        for one in mail.undelivered:
            failed = Failed(_finding(one, _meant(one, mail, orders)), file.path, one.permanent)
            self._found.setdefault(one.address.casefold(), []).append((_came(file), failed))

    def of(self, to: CardOrder) -> Failed | None:
        """What there is against writing to somebody at her present address; the worst first."""
        address = to.respondent_email.casefold()
        found = [
            failed
            for date, failed in self._found.get(address, ())
            if date is None or not self._lives(to, address, date)
        ]
        return max(found, key=lambda failed: failed.permanent, default=None)

    def _lives(self, to: CardOrder, address: str, since: datetime) -> bool:
        """Whether something came from there after a mail to it did not arrive."""
        own = self._hers.get(_person(to), ())
        answered = any(r.saved is not None and r.saved > since for r in own)
        last = self._alive.get(address)
        return answered or (last is not None and last > since)


def _came(file: FileResult) -> datetime | None:
    """When a mail came; None: it does not say. A date that cannot be true is not believed."""
    return file.saved if file.mail is not None and file.mail.date is not None else None


def _person(order: CardOrder) -> tuple[PersonKey, str]:
    """Who is asked, and in which period."""
    return order.key.person, order.period
