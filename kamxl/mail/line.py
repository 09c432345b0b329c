"""The line to a mail server: whole answers only, each turn within one time and one size.

``smtplib`` takes "25" and a broken line for an answer, waits anew for every byte, and reads an
answer of endless lines to its end. What counts here is whether a message was taken, so an answer is
whole or none; and whatever a server does, a turn ends.
"""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
import time
from collections.abc import Callable
from typing import Any

Clock = Callable[[], float]

_LINE = re.compile(rb"([1-5][0-9]{2})(?:([ -])([^\n]*?))?\r?\n")
_LONGEST_LINE = 8_192  # bytes; the standard says 512
_MOST_LINES = 200
_MOST = 65_536  # bytes of all answers in a turn
_PIECE = 65_536  # bytes sent at a time


class NoAnswer(smtplib.SMTPException):
    """What came back is no whole answer; the text says what it is instead."""


class Line(smtplib.SMTP):
    """A connection whose turns are bounded: ``turn`` first, then what belongs to it.

    ``tls``: encrypted from the first byte, as this context says. ``clock`` counts seconds.
    """

    def __init__(
        self,
        host: str,
        port: int,
        name: str,
        seconds: float,
        tls: ssl.SSLContext | None = None,
        clock: Clock = time.monotonic,
    ) -> None:
        self._tls, self._clock = tls, clock
        self._heard = b""  # what came in and is not read yet
        self.turn(seconds)
        super().__init__(host, port, name, timeout=seconds)

    def turn(self, seconds: float) -> None:
        """From now on there are so many seconds for what is said and heard."""
        self._until = self._clock() + seconds
        self._room = _MOST

    def left(self) -> float:
        """The seconds that are left (TimeoutError: none)."""
        left = self._until - self._clock()
        if left <= 0:
            raise TimeoutError("timed out")
        return left

    def getreply(self) -> tuple[int, bytes]:
        """A whole answer: its code, and its words (NoAnswer, SMTPServerDisconnected)."""
        first = b""
        told: list[bytes] = []
        for _ in range(_MOST_LINES):
            code, more, words = self._heard_line(bool(told))
            told.append(words.strip())
            first = first or code
            if code != first:
                raise NoAnswer("its answer says two things")
            if not more:
                return int(code), b"\n".join(told)
        raise NoAnswer("its answer is too long")

    def _heard_line(self, within: bool) -> tuple[bytes, bool, bytes]:
        """One line of an answer: its code, whether more follow, and its words."""
        while b"\n" not in self._heard[:_LONGEST_LINE]:
            if len(self._heard) >= _LONGEST_LINE:
                raise NoAnswer("its answer is too long")
            piece = self._received()
            if not piece:
                if within or self._heard:
                    raise NoAnswer("its answer breaks off")
                raise smtplib.SMTPServerDisconnected("Connection unexpectedly closed")
            self._heard += piece
        line, end, self._heard = self._heard.partition(b"\n")
        match = _LINE.fullmatch(line + end)
        if match is None:
            raise NoAnswer(f"it answers “{line.decode('utf-8', 'replace').strip()}”")
        return match[1], match[2] == b"-", match[3] or b""

    def _received(self) -> bytes:
        sock = self._socket()
        sock.settimeout(self.left())
        try:
            piece = sock.recv(4_096)
        except OSError as problem:
            self.close()
            told = f"Connection unexpectedly closed: {problem}"
            raise smtplib.SMTPServerDisconnected(told) from problem
        self._room -= len(piece)
        if self._room < 0:
            raise NoAnswer("its answer is too long")
        return piece

    def send(self, s: bytes | str) -> None:  # type: ignore[override]
        """Send it all within the turn; never while an answer waits that nobody asked for."""
        self.must_wait()
        rest = memoryview(s.encode(self.command_encoding) if isinstance(s, str) else s)
        while rest:
            sock = self._socket()
            sock.settimeout(self.left())
            try:
                rest = rest[sock.send(rest[:_PIECE]) :]
            except OSError as problem:
                self.close()
                raise smtplib.SMTPServerDisconnected("Server not connected") from problem

    def must_wait(self) -> None:
        """NoAnswer: the server has said more than it was asked, so nobody knows what it means."""
        if self._heard:
            raise NoAnswer("it answers what it was not asked")

    def encrypt(self, context: ssl.SSLContext) -> None:
        """Go on encrypted; what was said in clear beyond the answer is forgotten (RFC 3207)."""
        self._socket().settimeout(self.left())
        self.starttls(context=context)
        self._heard = b""

    def close(self) -> None:
        """End the connection without a word."""
        self._heard = b""
        super().close()

    def _socket(self) -> socket.socket:
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected("not connected")
        return self.sock

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        """Called by ``connect``: each address gets its share of the time there is."""
        addresses = socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM)
        problem: OSError = OSError(f"{host} has no address")
        for tried, (family, kind, protocol, _, address) in enumerate(addresses):
            share = self.left() / (len(addresses) - tried)
            try:
                return self._opened(socket.socket(family, kind, protocol), host, address, share)
            except ssl.SSLError:  # somebody is there: another address would say the same
                raise
            except OSError as failed:
                problem = failed
        raise problem

    def _opened(
        self, sock: socket.socket, host: str, address: tuple[Any, ...], share: float
    ) -> socket.socket:
        try:
            sock.settimeout(share)
            sock.connect(address)
            sock.settimeout(self.left())  # for shaking hands, which is one call
            return self._tls.wrap_socket(sock, server_hostname=host) if self._tls else sock
        except BaseException:
            sock.close()
            raise
