"""Handing mails to a server by SMTP, so that it is known of each whether the server has it."""

from __future__ import annotations

import contextlib
import re
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from kamxl.errors import MailError
from kamxl.mail.connecting import answer, connected, plain
from kamxl.mail.server import Server
from kamxl.mail.xoauth2 import Tokens

_CLOSING = 421  # the server is about to hang up: nothing was taken
_OK = frozenset({250, 251, 252})


@dataclass(frozen=True, slots=True)
class Envelope:
    """One message for one recipient: addresses as a server takes them, lines end in CR LF."""

    sender: str
    recipient: str
    data: bytes = field(repr=False)


class Refused(Exception):  # noqa: N818 an answer, not a failure
    """The server did not take this message, for certain; its answer is the text."""


class Lost(Exception):  # noqa: N818 as above
    """The connection ended before the message went over: the server does not have it."""


class InDoubt(Exception):  # noqa: N818 as above
    """The connection ended while the message went over: nobody knows whether it was taken."""


class Transport(Protocol):
    """What hands messages over. ``send`` needs ``connect`` before it, each time."""

    def connect(self) -> None:
        """Be ready to send; nothing to do if that is so already (MailError: it cannot be)."""

    def send(self, envelope: Envelope) -> None:
        """Hand one message over (Refused, Lost, InDoubt: see there; MailError: so with all)."""

    def close(self) -> None:
        """Say goodbye; never raises."""


class SmtpTransport:
    """A transport to a mail server; ``password`` (or tokens) is asked for only where it logs in.

    ``context``: whom to trust (default: whom the system trusts). ``timeout`` in seconds for an
    answer, ``patience`` for the one after a message, which servers look through first.
    """

    def __init__(
        self,
        server: Server,
        password: Callable[[Server], str | Tokens],
        *,
        context: ssl.SSLContext | None = None,
        timeout: float = 30.0,
        patience: float = 300.0,
    ) -> None:
        self._server, self._password = server, password
        self._context, self._timeout, self._patience = context, timeout, patience
        self._smtp: smtplib.SMTP | None = None

    def connect(self) -> None:
        """Connect and log in (MailError: why that cannot be, and what to do)."""
        if self._smtp is None:
            context = self._context or ssl.create_default_context()
            self._smtp = connected(self._server, self._password, context, self._timeout)

    def send(self, envelope: Envelope) -> None:
        """Hand one message over; whatever goes wrong before its text is not in doubt."""
        if self._smtp is None:
            raise Lost("not connected")
        try:
            self._announce(self._smtp, envelope)
        except OSError as problem:  # all of smtplib's are
            self._hang_up()
            raise Lost(plain(str(problem))) from None
        except (Refused, Lost, MailError):
            raise
        except BaseException:
            self._hang_up()
            raise
        self._hand_over(self._smtp, envelope)

    def _announce(self, smtp: smtplib.SMTP, envelope: Envelope) -> None:
        size = [f"size={len(envelope.data)}"] if smtp.has_extn("size") else []
        code, text = smtp.mail(envelope.sender, size)
        if code == 250:
            code, text = smtp.rcpt(envelope.recipient)
            if code in _OK:
                code, text = smtp.docmd("DATA")
                if code == 354:
                    return
        elif code not in {_CLOSING, 452, 552}:  # the last two: this message is too large
            self.close()
            raise MailError(
                f"The mail server does not send for {envelope.sender}: {answer(code, text)}.",
                "Correct the sender's address or the user name on the sheet of settings.",
            )
        raise self._refusal(code, text)

    def _hand_over(self, smtp: smtplib.SMTP, envelope: Envelope) -> None:
        lines = re.sub(rb"(?m)^\.", b"..", envelope.data)
        end = b".\r\n" if lines.endswith(b"\r\n") else b"\r\n.\r\n"
        try:
            if smtp.sock is not None:
                smtp.sock.settimeout(self._patience)
            smtp.send(lines + end)
            code, text = smtp.getreply()
            if smtp.sock is not None:
                smtp.sock.settimeout(self._timeout)
        except OSError as problem:
            self._hang_up()
            raise InDoubt(plain(str(problem))) from None
        except BaseException:
            # Interrupted inside a message: a QUIT here would become part of it.
            self._hang_up()
            raise
        if code < 0:  # something came back that is no answer
            self._hang_up()
            raise InDoubt(plain(text.decode("utf-8", "replace")))
        if code not in _OK:
            raise self._refusal(code, text)

    def _refusal(self, code: int, text: bytes) -> Exception:
        """What an answer other than yes means; afterwards the next message can be sent."""
        smtp = self._smtp
        if code == _CLOSING or code < 0 or smtp is None:
            self._hang_up()
            return Lost(answer(code, text))
        try:
            smtp.rset()
        except OSError:
            self._hang_up()
        return Refused(answer(code, text))

    def close(self) -> None:
        """Say goodbye if there is a connection."""
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            with contextlib.suppress(OSError):
                smtp.quit()

    def _hang_up(self) -> None:
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            with contextlib.suppress(OSError):
                smtp.close()
