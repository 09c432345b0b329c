"""Handing mails to a server by SMTP, so that it is known of each whether the server has it."""

from __future__ import annotations

import contextlib
import re
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from kamxl.errors import MailError
from kamxl.mail.connecting import answer, connected, plain
from kamxl.mail.line import Clock, Line
from kamxl.mail.server import Server
from kamxl.mail.xoauth2 import Tokens

_CLOSING = 421  # the server is about to hang up: nothing was taken
_OK = frozenset({250, 251, 252})
_REFUSALS = range(400, 600)
_SLOWEST = 20_000  # bytes a second: a line that is slower than that is taken for a broken one
_GOODBYE = 10.0  # seconds


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

    ``context``: whom to trust (default: whom the system trusts). ``timeout`` in seconds for all of
    connecting and logging in, and for all that is said before a message's text; ``patience`` for
    the answer after it, because servers look through a message first. ``clock`` counts seconds.
    """

    def __init__(
        self,
        server: Server,
        password: Callable[[Server], str | Tokens],
        *,
        context: ssl.SSLContext | None = None,
        timeout: float = 60.0,
        patience: float = 300.0,
        clock: Clock = time.monotonic,
    ) -> None:
        self._server, self._password = server, password
        self._context, self._timeout, self._patience = context, timeout, patience
        self._clock = clock
        self._smtp: Line | None = None

    def connect(self) -> None:
        """Connect and log in (MailError: why that cannot be, and what to do)."""
        if self._smtp is None:
            context = self._context or ssl.create_default_context()
            self._smtp = connected(
                self._server, self._password, context, self._timeout, self._clock
            )

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

    def _announce(self, smtp: Line, envelope: Envelope) -> None:
        """All before the text; an answer that is neither yes nor no hands nothing over."""
        smtp.turn(self._timeout)
        size = [f"size={len(envelope.data)}"] if smtp.has_extn("size") else []
        code, text = smtp.mail(envelope.sender, size)
        if code == 250:
            code, text = smtp.rcpt(envelope.recipient)
            if code in _OK:
                code, text = smtp.docmd("DATA")
                if code == 354:
                    smtp.must_wait()
                    return
        elif code in _REFUSALS and code not in {_CLOSING, 452, 552}:  # the last two: too large
            self.close()
            raise MailError("mail-sender-refused", sender=envelope.sender, told=answer(code, text))
        raise self._refusal(code, text)

    def _hand_over(self, smtp: Line, envelope: Envelope) -> None:
        """The text, and the answer to it: a whole yes or a whole no, else nobody knows."""
        lines = re.sub(rb"(?m)^\.", b"..", envelope.data)
        end = b".\r\n" if lines.endswith(b"\r\n") else b"\r\n.\r\n"
        try:
            smtp.turn(self._timeout + len(lines) / _SLOWEST)
            smtp.send(lines + end)
            smtp.turn(self._patience)
            code, text = smtp.getreply()
            if code in _REFUSALS:
                smtp.must_wait()  # a no with a yes behind it is neither
        except OSError as problem:
            self._hang_up()
            raise InDoubt(plain(str(problem))) from None
        except BaseException:
            # Interrupted inside a message: a QUIT here would become part of it.
            self._hang_up()
            raise
        if code in _REFUSALS:
            raise self._refusal(code, text)
        if code not in _OK:
            self._hang_up()
            raise InDoubt(answer(code, text))

    def _refusal(self, code: int, text: bytes) -> Exception:
        """What an answer other than yes means; afterwards the next message can be sent."""
        smtp = self._smtp
        if code == _CLOSING or code not in _REFUSALS or smtp is None:
            self._hang_up()
            return Lost(answer(code, text))
        try:
            smtp.turn(self._timeout)
            begun_anew = smtp.rset()[0] == 250
        except OSError:
            begun_anew = False
        if not begun_anew:
            self._hang_up()
        return Refused(answer(code, text))

    def close(self) -> None:
        """Say goodbye if there is a connection."""
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            with contextlib.suppress(OSError):
                smtp.turn(_GOODBYE)
                smtp.quit()
            smtp.close()

    def _hang_up(self) -> None:
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            with contextlib.suppress(OSError):
                smtp.close()
