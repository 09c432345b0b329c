"""Notices of mail servers and programs, as they are written out there; all names are invented."""

from __future__ import annotations

from email.message import EmailMessage

TO = "ada@alpha.example"
US = "kam@muster.example"


def lines(*given: str) -> bytes:
    return "\r\n".join(given).encode()


def report(
    *fields: str,
    original: EmailMessage | None = None,
    headers_only: bool = False,
    text: str = "Your message could not be delivered.",
    sent: str = "Tue, 03 Mar 2026 10:00:00 +0100",
    subject: str = "Undelivered Mail Returned to Sender",
) -> bytes:
    """A notice after RFC 3464; ``fields`` are those of its recipients, groups after a blank."""
    parts = [lines("Content-Type: text/plain; charset=utf-8", "", text)]
    status = ("Content-Type: message/delivery-status", "", "Reporting-MTA: dns; mx.alpha.example")
    parts.append(lines(*status, "", *fields))
    if original is not None and headers_only:
        kept = original.as_string().split("\n\n", 1)[0]
        parts.append(lines("Content-Type: text/rfc822-headers", "", kept, ""))
    elif original is not None:
        parts.append(lines("Content-Type: message/rfc822", "", "") + original.as_bytes())
    body = b"".join(b"--B\r\n" + part + b"\r\n" for part in parts)
    return (
        lines(
            "Return-Path: <>",
            "From: Mail Delivery System <MAILER-DAEMON@mx.alpha.example>",
            f"To: {US}",
            f"Subject: {subject}",
            f"Date: {sent}",
            "Auto-Submitted: auto-replied",
            "MIME-Version: 1.0",
            'Content-Type: multipart/report; report-type=delivery-status; boundary="B"',
            "",
            "",
        )
        + body
        + b"--B--\r\n"
    )


def failed(address: str = TO, status: str = "5.1.1", action: str = "failed") -> tuple[str, ...]:
    return (
        f"Final-Recipient: rfc822; {address}",
        f"Action: {action}",
        f"Status: {status}",
        f"Diagnostic-Code: smtp; 550 {status} <{address}>: Recipient address rejected:",
        "    User unknown",
    )


def plain(subject: str, sender: str, text: str, *headers: str) -> bytes:
    """A mail that is only text."""
    head = (f"From: {sender}", f"To: {US}", f"Subject: {subject}", *headers)
    date = "Date: Tue, 03 Mar 2026 10:00:00 +0100"
    kind = ("MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8", "")
    return lines(*head, date, *kind, *text.split("\n"))


EXIM = plain(
    "Mail delivery failed: returning message to sender",
    "Mail Delivery System <Mailer-Daemon@mail.muster.example>",
    f"""This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  {TO}
    host mx.alpha.example [192.0.2.7]
    SMTP error from remote mail server after RCPT TO:<{TO}>:
    550 5.1.1 User unknown

------ This is a copy of the message, including all the headers. ------
From: {US}
To: {TO}, other@elsewhere.example
""",
    f"X-Failed-Recipients: {TO}",
    "Auto-Submitted: auto-replied",
)
EXIM_LATE = plain(
    "Warning: message 1abCde-0000 delayed 24 hours",
    "Mail Delivery System <Mailer-Daemon@mail.muster.example>",
    f"""This message was created automatically by mail delivery software.
A message that you sent has not yet been delivered to one or more of its
recipients after more than 24 hours on the queue.

The address to which the message has not yet been delivered is:

  {TO}
    Delay reason: Connection timed out

No action is required on your part. Delivery attempts will continue for
some time, and this warning may be repeated.
""",
    "Auto-Submitted: auto-replied",
)
QMAIL = plain(
    "failure notice",
    "MAILER-DAEMON@mail.muster.example",
    f"""Hi. This is the qmail-send program at mail.muster.example.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<{TO}>:
Sorry, no mailbox here by that name. (#5.1.1)

--- Below this line is a copy of the message.

From: {US}
To: other@elsewhere.example
""",
    "Return-Path: <>",
)
EXCHANGE = plain(
    "Unzustellbar: Ihre Einschätzung",
    "Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@muster.example>",
    f"""Fehler bei der Nachrichtenzustellung an folgende Empfänger oder Gruppen:

{TO} (Ada Beispiel)
Die eingegebene E-Mail-Adresse konnte nicht gefunden werden.

Diagnoseinformationen für Administratoren:

Generierender Server: ex1.muster.example

{TO}
#550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found ##

Ursprüngliche Nachrichtenkopfzeilen:

From: {US}
To: other@elsewhere.example
""",
)
GOOGLE = plain(
    "Delivery Status Notification (Failure)",
    "Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
    f"""** Address not found **

Your message wasn't delivered to {TO} because the address couldn't be found.

The response from the remote server was:
550 5.1.1 The email account that you tried to reach does not exist.
""",
)
SENDMAIL = plain(
    "Returned mail: see transcript for details",
    "Mail Delivery Subsystem <MAILER-DAEMON@mail.muster.example>",
    f"""The original message was received at Tue, 3 Mar 2026 09:59:00 +0100
from ws1.muster.example [192.0.2.9]

   ----- The following addresses had permanent fatal errors -----
<{TO}>
    (reason: 550 5.1.1 <{TO}>... User unknown)
""",
)
FULL = plain(
    "Undeliverable: Your view",
    "postmaster@alpha.example",
    f"{TO}\n452 4.2.2 The mailbox is full\n",
)
NOTICES = {
    "exim": (EXIM, True),
    "qmail": (QMAIL, True),
    "exchange": (EXCHANGE, True),
    "google": (GOOGLE, True),
    "sendmail": (SENDMAIL, True),
    "full": (FULL, False),
    "late": (EXIM_LATE, False),
}

AWAY = {
    "header": plain("Re: Ihre Einschätzung", f"Ada <{TO}>", "Ich bin bis 5.1.26 im Urlaub.",
                    "Auto-Submitted: auto-replied (vacation)"),
    "outlook": plain("Automatische Antwort: Ihre Einschätzung", f"Ada <{TO}>", "Bin nicht da.",
                     "Return-Path: <>"),
    "english": plain("Out of Office: Your view", f"Ada <{TO}>", "Back on Monday."),
    "older": plain("AW: Ihre Einschätzung", f"Ada <{TO}>", "Nicht da.", "X-Autoreply: yes"),
    "read": plain("Gelesen: Ihre Einschätzung", f"Ada <{TO}>", "Wurde gelesen."),
}  # fmt: skip
PERSONS = {
    "asks": plain("AW: Ihre Einschätzung", f"Ada <{TO}>", "Geht es auch noch am 5.1.26?"),
    "says no": plain("AW: Ihre Einschätzung", f"Ada <{TO}>", "Nein.", "Auto-Submitted: no"),
    "quotes": plain("AW: Unzustellbar: Ihre Einschätzung", f"Ada <{TO}>", "550 5.1.1? Ich bin da!"),
    "answers an absence": plain("AW: Automatische Antwort: Ihre", f"Ada <{TO}>", "Wieder da."),
}
