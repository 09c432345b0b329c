"""Sending the drafts: the list first, one question, each mail once, and a log of what went out."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from kamxl.errors import MailError
from kamxl.mail.credential import credential_of
from kamxl.mail.dispatch import dispatched
from kamxl.mail.sending import Envelope, InDoubt, Lost, Refused, SmtpTransport, Transport
from kamxl.mail.server import Server, server_of, written
from kamxl.store.sent import Key, SentLog, State, Step
from kamxl.store.workspace import Workspace
from kamxl.wording.texts import Texts, texts
from kamxl.workflow.outgoing.sent_before import CARD, KIND, MESSAGE, SentBefore, keys_of
from kamxl.workflow.results import Carried, Outgoing, Progress
from kamxl.workflow.start.identity import in_turn, opened
from kamxl.workflow.start.register import read_register

Ending = Literal["sent", "already", "uncertain", "refused", "unsent"]


@dataclass(frozen=True, slots=True)
class Planned:
    """One mail that would go out now; ``path`` is under the workspace.

    ``note`` is "" or what there is to know before: "changed" (an earlier one was sent), "doubt"
    (this very one may have gone out already).
    """

    recipient: str
    subject: str
    path: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class SentMail:
    """What became of one mail; ``reason`` says more, in the reader's language, perhaps nothing.

    ``state``: "sent" now, "already" sent earlier, "uncertain" (may have gone out, and is not sent
    again unasked), "refused" by the server, "unsent" (its turn never came).
    """

    recipient: str
    subject: str
    path: str
    state: Ending
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SendResult:
    """What became of all mails, in their order; ``failure`` says why sending stopped, if it did."""

    language: str
    mails: tuple[SentMail, ...]
    declined: bool = False
    failure: str = ""

    @property
    def attention(self) -> bool:
        """Whether somebody has to do something."""
        return any(mail.state not in {"sent", "already"} for mail in self.mails)


Confirm = Callable[[Sequence[Planned]], bool]


def check_sending(root: str | os.PathLike[str]) -> None:
    """MailError: the settings name no mail server or sender. Before anything else is done."""
    server_of(read_register(opened(root)).register.settings)


def send(
    root: str | os.PathLike[str],
    outgoing: Iterable[Outgoing],
    confirm: Confirm,
    *,
    clock: Callable[[], datetime],
    language: str | None = None,
    again: bool = False,
    transport: Callable[[Server], Transport] | None = None,
    progress: Progress | None = None,
) -> SendResult:
    """Send each mail once, after ``confirm`` has seen the list of those that would go out.

    ``again``: also those of which it is not known whether they went out. ``transport`` makes what
    hands them over (default: SMTP). MailError: nothing was sent. OSError: the log cannot be
    written; KeyboardInterrupt: both stop, and the log says what went out.
    """
    workspace = opened(root)
    settings = read_register(workspace).register.settings
    said = texts(language or settings.language)
    run = _Run(workspace, server_of(settings), said, again, clock)
    letters = [run.letter(mail) for mail in outgoing]
    pending = run.pending(letters)
    if pending and not confirm([run.planned(letter) for letter in pending]):
        return SendResult(said.language, run.result(letters), declined=True)
    failure = ""
    if pending:
        with in_turn(root, "send") as workspace:  # nobody waits while somebody reads the list
            run = _Run(workspace, run.server, said, again, clock)
            shown = {letter.keys for letter in pending}
            now = [letter for letter in run.pending(letters) if letter.keys in shown]
            failure = run.carried(now, transport or _by_smtp, progress)
    return SendResult(said.language, run.result(letters), failure=failure)


def _by_smtp(server: Server) -> Transport:
    return SmtpTransport(server, credential_of)


@dataclass(frozen=True, slots=True)
class _Letter:
    """A mail, its keys in the log, and its recipient as the server takes it (None: not at all).

    There is a key for each card: the log says of each who got it.
    """

    mail: Outgoing
    keys: tuple[Key, ...]
    address: str | None


class _Run:
    """One run: what was known before it, and what becomes of each mail."""

    def __init__(
        self,
        workspace: Workspace,
        server: Server,
        said: Texts,
        again: bool,
        clock: Callable[[], datetime],
    ) -> None:
        self.server = server
        self._workspace, self._said, self._again, self._clock = workspace, said, again, clock
        self._log = SentLog(workspace)
        self._log.check_room()
        self._before = SentBefore(workspace, self._log)
        self._ends: dict[tuple[Key, ...], tuple[Ending, str]] = {}

    def letter(self, mail: Outgoing) -> _Letter:
        """The mail with its keys."""
        return _Letter(mail, keys_of(mail), written(mail.recipient))

    def pending(self, letters: Iterable[_Letter]) -> list[_Letter]:
        """The mails to send now, each once; of the others it is settled what became of them."""
        found: dict[tuple[Key, ...], _Letter] = {}
        for letter in letters:
            state, key = self._before.of(letter.mail)
            if state is State.SENT:
                self._ends[letter.keys] = ("already", self._sent_on(key))
            elif state is State.DOUBT and not self._again:
                self._ends[letter.keys] = ("uncertain", self._said("sending.doubt"))
            elif letter.address is None:
                self._ends[letter.keys] = ("refused", self._said("sending.no_address"))
            else:
                found.setdefault(letter.keys, letter)
        return list(found.values())

    def planned(self, letter: _Letter) -> Planned:
        """The mail as the list shows it."""
        note = "changed" if any(map(self._log.sent_before, letter.keys)) else ""
        if self._before.of(letter.mail)[0] is State.DOUBT:
            note = "doubt"
        mail = letter.mail
        return Planned(mail.recipient, mail.subject, self._workspace.relative(mail.path), note)

    def carried(
        self,
        pending: Sequence[_Letter],
        transport: Callable[[Server], Transport],
        progress: Progress | None,
    ) -> str:
        """As ``send_all``, over a connection of its own."""
        if not pending:  # another run has sent them meanwhile
            return ""
        carrier = transport(self.server)
        try:
            return self.send_all(pending, carrier, progress)
        finally:
            carrier.close()

    def send_all(
        self, pending: Sequence[_Letter], carrier: Transport, progress: Progress | None
    ) -> str:
        """Send one after the other; why it stopped before the end, "" if it did not.

        MailError: it did not even begin.
        """
        try:
            for done, letter in enumerate(pending, 1):
                self._send(letter, carrier)
                if progress:
                    progress(done, len(pending))
        except MailError as problem:
            if not self._ends.keys() & {letter.keys for letter in pending}:
                raise
            told = problem.why(self._said.language)
            return self._said("sending.stopped", problem=told, **self._so_far(pending))
        except KeyboardInterrupt:
            told = self._said("sending.interrupted", **self._so_far(pending))
            raise KeyboardInterrupt(told) from None
        return ""

    def result(self, letters: Iterable[_Letter]) -> tuple[SentMail, ...]:
        """What became of each mail, in their order."""
        return tuple(
            SentMail(
                letter.mail.recipient,
                letter.mail.subject,
                self._workspace.relative(letter.mail.path),
                *self._ends.get(letter.keys, ("unsent", "")),
            )
            for letter in letters
        )

    def _send(self, letter: _Letter, carrier: Transport) -> None:
        """Send one mail; a connection that is gone before its turn is made anew, once."""
        reason = ""
        for _ in range(2):
            carrier.connect()
            try:
                self._ends[letter.keys] = self._attempt(letter, carrier)
            except Lost as lost:
                reason = str(lost)
            except InDoubt as doubt:
                self._ends[letter.keys] = ("uncertain", self._said("sending.doubt"))
                raise self._broken(str(doubt)) from None
            else:
                return
        raise self._broken(reason)

    def _attempt(self, letter: _Letter, carrier: Transport) -> tuple[Ending, str]:
        """One try, written down before and after; if it ends in doubt, only before."""
        _, _, domain = self.server.sender.rpartition("@")
        first = letter.keys[0]
        message_id = f"<{first.place}.{first.content}@{domain}>"
        moment = self._clock()
        records = [_record(letter.mail, card, message_id) for card in letter.mail.cards]
        numbers: list[int] = []

        def finish(step: Step, reason: str = "") -> None:
            at = {"at": self._clock().isoformat()}
            more = {"reason": reason} if reason else {}
            for key, number, record in zip(letter.keys, numbers, records, strict=False):
                self._log.finish(key, number, step, at | record | more)

        try:
            for key, record in zip(letter.keys, records, strict=True):
                number = self._log.begin(key, {"at": moment.isoformat(), **record})
                if number is None:
                    finish(Step.UNSENT)  # those begun here: the other run has the mail
                    return "uncertain", self._said("sending.other_run")
                numbers.append(number)
        except OSError:
            with contextlib.suppress(OSError):
                finish(Step.UNSENT)
            raise

        writer = (written(letter.mail.order.sender_email) or self.server.sender).casefold()
        other = self.server.sender if writer != self.server.sender.casefold() else ""
        data = dispatched(letter.mail.data, message_id, moment, other)
        try:
            carrier.send(Envelope(self.server.sender, letter.address or "", data))
        except Refused as refused:
            finish(Step.UNSENT, str(refused))
            return "refused", str(refused)
        except (Lost, MailError) as problem:
            finish(Step.UNSENT, str(problem))
            raise
        finish(Step.SENT)
        return "sent", ""

    def _broken(self, reason: str) -> MailError:
        return MailError("mail-broken-off", host=self.server.host, told=reason)

    def _so_far(self, pending: Sequence[_Letter]) -> dict[str, int]:
        sent = sum(self._ends.get(one.keys, ("unsent", ""))[0] == "sent" for one in pending)
        return {"sent": sent, "count": len(pending)}

    def _sent_on(self, key: Key) -> str:
        """When a mail was sent, if the log can still tell."""
        try:
            day = datetime.fromisoformat(str(self._log.told(key).get("at"))).date()
        except ValueError:
            return ""
        return self._said("sending.sent_on", day=day)


def _record(mail: Outgoing, card: Carried, message_id: str) -> dict[str, Any]:
    """What the log tells of one card of a mail."""
    order = card.order
    return {
        KIND: mail.kind,
        "account": order.account,
        "segment": order.segment,
        "respondent": order.respondent,
        "period": order.period,
        "recipient": mail.recipient,
        "subject": mail.subject,
        "draft": hashlib.sha256(mail.data).hexdigest(),
        MESSAGE: message_id,
        CARD: card.about,
    }
