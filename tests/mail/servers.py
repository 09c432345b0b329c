"""A real mail server on the loopback address, as gentle or as nasty as a test needs it."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any

import trustme
from aiosmtpd.smtp import SMTP, AuthResult

from tests.waiting import PATIENCE

HOST = "127.0.0.1"
USER = "kam@muster.example"


@dataclass
class Mailbox:
    """What the server took, and how it answers.

    ``refuse`` maps recipients to answers; ``after`` messages it does ``then``: "abort" cuts the
    line with the next message already received, "shut" says 421 to the next MAIL and hangs up,
    "junk" answers the next message with what is no answer.
    """

    refuse: dict[str, list[str]] = field(default_factory=dict)
    after: int | None = None
    then: str = "abort"
    sender: str = "250 OK"
    password: str | None = None
    taken: list[tuple[str, bytes]] = field(default_factory=list)
    logins: list[tuple[str, str, str]] = field(default_factory=list)
    hellos: list[str] = field(default_factory=list)
    connections: int = 0
    port: int = 0
    hanging: threading.Event = field(default_factory=threading.Event)  # a message is not answered

    @property
    def recipients(self) -> list[str]:
        return [recipient for recipient, _ in self.taken]

    def login(self, server: Any, session: Any, envelope: Any, how: str, data: Any) -> AuthResult:
        user, password = data.login.decode(), data.password.decode()
        self.logins.append((how, user, password))
        right = (user, password) == (USER, self.password)
        return AuthResult(success=right, handled=right)

    async def handle_EHLO(self, server, session, envelope, hostname, responses):  # noqa: N802 aiosmtpd's name
        self.hellos.append(hostname)
        session.host_name = hostname
        return responses

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802 aiosmtpd's name
        if self.then == "shut" and self._full():
            self.after = None
            return "421 4.7.0 too many messages on this connection"
        envelope.mail_from = address
        return self.sender

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 aiosmtpd's name
        answers = self.refuse.get(address)
        if answers:
            return answers.pop(0) if len(answers) > 1 else answers[0]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 aiosmtpd's name
        if self._full() and self.then == "junk":
            return "what?"
        if self._full() and self.then == "abort":
            server.transport.abort()
            await asyncio.sleep(3600)
        if self._full() and self.then == "hang":
            self.hanging.set()
            await asyncio.sleep(3600)
        self.taken += [(recipient, envelope.original_content) for recipient in envelope.rcpt_tos]
        return "250 OK"

    def _full(self) -> bool:
        return self.after is not None and len(self.taken) >= self.after


class Authority:
    """A certificate authority of our own, and a context that trusts it alone."""

    def __init__(self) -> None:
        self._ca = trustme.CA()

    def server(self, name: str = HOST) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._ca.issue_cert(name).configure_cert(context)
        return context

    def client(self) -> ssl.SSLContext:
        context = ssl.create_default_context(cafile=None)
        self._ca.configure_trust(context)
        return context


@contextlib.contextmanager
def running(
    mailbox: Mailbox, *, tls: ssl.SSLContext | None = None, port: int = 0, **options: Any
) -> Iterator[Mailbox]:
    """Serve ``mailbox`` on a free port; ``tls`` from the first byte, ``options`` as aiosmtpd's."""
    loop = asyncio.new_event_loop()
    loop.set_exception_handler(lambda *_: None)  # lines are cut on purpose

    def made() -> SMTP:
        mailbox.connections += 1
        given = {"authenticator": mailbox.login} if mailbox.password is not None else {}
        return SMTP(mailbox, loop=loop, hostname="mx.example", **given, **options)

    async def serve() -> asyncio.AbstractServer:
        return await loop.create_server(made, HOST, port, ssl=tls)

    server = loop.run_until_complete(serve())
    mailbox.port = server.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield mailbox
    finally:
        asyncio.run_coroutine_threadsafe(_end(server), loop).result(PATIENCE)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(PATIENCE)
        loop.close()


async def _end(server: asyncio.AbstractServer) -> None:
    server.close()
    own = asyncio.current_task()
    waiting = [task for task in asyncio.all_tasks() if task is not own]
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)


@dataclass
class Script:
    """A server that says exactly these bytes: by the command it heard, "TEXT" after a message.

    A tuple is said piece by piece, with a short pause; the line is cut after what is in ``cut``.
    """

    answers: dict[str, bytes | tuple[bytes, ...]]
    cut: frozenset[str] = frozenset()
    pause: float = 0.05
    texts: list[bytes] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    port: int = 0

    def talk(self, line: socket.socket, ended: threading.Event) -> None:
        """Answer on one connection until it ends."""
        with line, line.makefile("rb") as said:
            alive = self._answer(line, "HELLO", ended)
            while alive and (command := said.readline()):
                verb = command[:4].decode("ascii", "replace").upper().strip()
                self.heard.append(verb)
                alive = self._answer(line, verb, ended)
                if verb == "DATA" and alive and self._says(verb).startswith(b"354"):
                    lines = iter(said.readline, b".\r\n")
                    self.texts.append(b"".join(takewhile(bool, lines)))  # nothing: it hung up
                    alive = self._answer(line, "TEXT", ended)

    def _says(self, verb: str) -> bytes:
        said = self.answers.get(verb, _USUAL.get(verb, b"250 OK\r\n"))
        return said if isinstance(said, bytes) else b"".join(said)

    def _answer(self, line: socket.socket, verb: str, ended: threading.Event) -> bool:
        said = self.answers.get(verb, _USUAL.get(verb, b"250 OK\r\n"))
        for piece in (said,) if isinstance(said, bytes) else said:
            line.sendall(piece)
            if not isinstance(said, bytes) and ended.wait(self.pause):
                return False
        return verb not in self.cut


_USUAL = {"HELLO": b"220 mx\r\n", "DATA": b"354 go on\r\n", "QUIT": b"221 bye\r\n"}


@contextlib.contextmanager
def scripted(script: Script) -> Iterator[Script]:
    """Serve a script on a free port, one connection after the other."""
    ended = threading.Event()
    with socket.create_server((HOST, 0)) as there:
        script.port = there.getsockname()[1]

        def serve() -> None:
            while not ended.is_set():
                with contextlib.suppress(OSError):
                    line, _ = there.accept()
                    script.talk(line, ended)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield script
        finally:
            ended.set()
            with contextlib.suppress(OSError), socket.create_connection((HOST, script.port), 5):
                pass
            thread.join(PATIENCE)
