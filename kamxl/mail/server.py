"""The mail server that sends for the team, as the settings name it, checked before it is asked."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass

from kamxl.core.records.register import Settings
from kamxl.errors import MailError

STARTTLS, TLS, PLAIN = "starttls", "tls", "none"
PORTS = {STARTTLS: 587, TLS: 465, PLAIN: 25}
_ONE_WORD = re.compile(r"[^\s\x00-\x1f\x7f]{1,255}")
# What can stand in the server's commands without quotes; stricter than the standards on purpose.
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}")
_DOMAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")


@dataclass(frozen=True, slots=True)
class Server:
    """Where mails are handed over: ``security`` is STARTTLS, TLS or PLAIN, ``user`` may be empty.

    ``sender`` is the address they come from, and to which the server returns them.
    """

    host: str
    port: int
    security: str
    user: str
    sender: str

    @property
    def local(self) -> bool:
        """Whether the server is this computer itself, so that nobody can listen on the way."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host.casefold() == "localhost"


def server_of(settings: Settings) -> Server:
    """The server of the team's settings (MailError: they do not name a usable one)."""
    host, user = settings.smtp_host.strip(), settings.smtp_user.strip()
    if not host:
        raise MailError("mail-no-server")
    for word in (host, user):
        if word and not _ONE_WORD.fullmatch(word):
            raise MailError("mail-name", value=word)
    sender = written(settings.sender_email)
    if sender is None:
        raise MailError("mail-no-sender")
    security = settings.smtp_security or STARTTLS
    server = Server(host, _port(settings.smtp_port.strip(), security), security, user, sender)
    if user and security == PLAIN and not server.local:
        raise MailError("mail-unencrypted")
    return server


def written(address: str) -> str | None:
    """An address as a server takes it: plain letters, "müller.example" as xn--; None: no address.

    Whatever could end or extend a command (spaces, angle brackets, line breaks) is none.
    """
    local, at, domain = address.strip().rpartition("@")
    try:
        domain = domain.encode("idna").decode()
    except UnicodeError:
        return None
    usable = at and _LOCAL.fullmatch(local) and _DOMAIN.fullmatch(domain)
    return f"{local}@{domain}" if usable else None


def _port(text: str, security: str) -> int:
    if not text:
        return PORTS[security]
    if not (text.isascii() and text.isdecimal() and len(text) <= 5 and 0 < int(text) <= 65535):
        raise MailError("mail-port", value=text, usual=PORTS[security])
    return int(text)
