"""What makes a file a draft to a mail program, and what one program makes of it.

Thunderbird opens a mail with "X-Unsent: 1" ready to be sent (seen: the last test here), and classic
Outlook is said to. Nothing else is needed, and what programs keep in drafts of their own stays out:
it would go to the customer where another program sends it as it is.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.header import decode_header, make_header
from email.policy import default
from email.utils import parseaddr
from pathlib import Path

import pytest

from kamxl.mail.message import Draft, Person, draft
from tests.mail.servers import HOST, Mailbox, running

SENDER = Person("Jana Köhler", "jana.koehler@heller.example")
RECIPIENT = Person("Dr. Anke Petersen", "anke.petersen@nord.example")
CARD = ("NORD--PACK--K1.xlsx", bytes(range(256)) * 40)
PICTURE = ("result@kamxl", b"\x89PNG\r\n\x1a\n" + bytes(50))


def made(**changes) -> bytes:
    given = {
        "subject": "Ihre Sicht auf „Verpackung“",
        "text": "Guten Tag,\n\nbitte.\n",
        "html": "<html><body><p>Guten Tag</p></body></html>",
        "recipient": RECIPIENT,
        "sender": SENDER,
        "workbooks": (CARD,),
    }
    return draft(Draft(**{**given, **changes}))


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"sender": None},
        {"workbooks": (), "html": '<img src="cid:result@kamxl">', "pictures": (PICTURE,)},
        {"workbooks": (CARD, ("NORD--SERVICE--K1.xlsx", bytes(99)))},
        {"cards": ("0" * 32,)},
        {"cards": ("0" * 32, "1" * 32, "2" * 32)},
        {"reply_to": "antworten@heller.example"},
        {"subject": "x" * 300},
        {"subject": "a\r\nX-Unsent: 0"},
    ],
)
def test_the_mark_of_a_draft_stands_once_in_a_line_of_its_own(changes):
    data = made(**changes)
    head = data.partition(b"\r\n\r\n")[0].split(b"\r\n")
    assert [line for line in head if line.lower().startswith(b"x-unsent")] == [b"X-Unsent: 1"]
    assert data == made(**changes)


def test_long_headers_keep_every_blank():
    words = ["Ihre", "Einschätzung", "zu", "„Abfülllinien“,", "„Wartung“", "und", "„Größe“", "&"]
    for start in range(len(words)):
        subject = " ".join([*words[start:], *words, *words])
        name = " ".join(words[start : start + 6])
        data = made(subject=subject, recipient=Person(name, RECIPIENT.address))
        seen = message_from_bytes(data, policy=default)
        assert seen["Subject"] == subject
        said, address = parseaddr(message_from_bytes(data)["To"])
        assert (str(make_header(decode_header(said))), address) == (name, RECIPIENT.address)
        head, _, _ = data.partition(b"\r\n\r\n")
        assert max(map(len, head.split(b"\r\n"))) <= 78


def test_a_draft_has_no_header_that_only_a_sent_or_a_received_mail_has():
    names = {name.casefold() for name in message_from_bytes(made(cards=("c",)), policy=default)}
    assert names == {
        "subject", "from", "to", "x-unsent", "x-kamxl-card", "mime-version", "content-type",
    }  # fmt: skip


# --- seen: Thunderbird on a screen of its own, sending to a server of ours ------------------------

PROGRAMS = ("thunderbird", "Xvfb", "xdotool")
_PREFERENCES = {
    "mail.accountmanager.accounts": "account1,account2",
    "mail.accountmanager.defaultaccount": "account1",
    "mail.accountmanager.localfoldersserver": "server2",
    "mail.account.account1.identities": "id1",
    "mail.account.account1.server": "server1",
    "mail.account.account2.server": "server2",
    "mail.identity.id1.fullName": SENDER.name,
    "mail.identity.id1.useremail": SENDER.address,
    "mail.identity.id1.smtpServer": "smtp1",
    "mail.identity.id1.valid": True,
    "mail.identity.id1.fcc": False,
    "mail.server.server1.type": "pop3",
    "mail.server.server1.hostname": HOST,
    "mail.server.server1.userName": "jana",
    "mail.server.server1.check_new_mail": False,
    "mail.server.server1.login_at_startup": False,
    "mail.server.server1.directory-rel": "[ProfD]Mail/one",
    "mail.server.server2.type": "none",
    "mail.server.server2.hostname": "Local Folders",
    "mail.server.server2.userName": "nobody",
    "mail.server.server2.directory-rel": "[ProfD]Mail/Local Folders",
    "mail.smtpservers": "smtp1",
    "mail.smtp.defaultserver": "smtp1",
    "mail.smtpserver.smtp1.hostname": HOST,
    "mail.smtpserver.smtp1.try_ssl": 0,
    "mail.smtpserver.smtp1.authMethod": 1,
    "mail.provider.suppress_dialog_on_startup": True,
    "mail.rights.version": 1,
    "mail.shell.checkDefaultClient": False,
    "mail.warn_on_send_accel_key": False,
    "mailnews.start_page.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "app.update.enabled": False,
    "network.proxy.type": 1,  # nothing of it reaches any network
    "network.proxy.http": HOST,
    "network.proxy.http_port": 9,
    "network.proxy.ssl": HOST,
    "network.proxy.ssl_port": 9,
}


def _written(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value).lower()


@contextmanager
def thunderbird(folder: Path, port: int, file: Path) -> Iterator[dict[str, str]]:
    """Thunderbird as it opens a file, on a screen that nobody sees; gives its environment."""
    profile, home, screen = folder / "profile", folder / "home", ":94"
    for path in (profile, home):
        path.mkdir()
    chosen = {**_PREFERENCES, "mail.smtpserver.smtp1.port": port}
    lines = [f'user_pref("{name}", {_written(value)});' for name, value in chosen.items()]
    (profile / "user.js").write_text("\n".join(lines), "utf-8")
    around = {**os.environ, "HOME": str(home), "DISPLAY": screen, "MOZ_ENABLE_WAYLAND": "0"}
    xvfb = ["Xvfb", screen, "-screen", "0", "1280x900x24", "-nolisten", "tcp"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    started = [subprocess.Popen(xvfb, **quiet)]
    try:
        command = ["thunderbird", "--profile", str(profile), str(file)]
        started.append(subprocess.Popen(command, env=around, **quiet))
        yield around
    finally:
        for process in reversed(started):
            process.terminate()
            process.wait(20)


@pytest.mark.skipif(
    not os.environ.get("KAMXL_THUNDERBIRD") or not all(map(shutil.which, PROGRAMS)),
    reason=f"looked at by hand: set KAMXL_THUNDERBIRD, and install {', '.join(PROGRAMS)}",
)
def test_thunderbird_opens_it_ready_to_be_sent_and_sends_what_we_made(tmp_path):
    file = tmp_path / "draft.eml"
    file.write_bytes(made(card="c" * 32))
    with running(Mailbox()) as mailbox, thunderbird(tmp_path, mailbox.port, file) as around:

        def xdotool(*words: str) -> str:
            done = subprocess.run(
                ["xdotool", *words], env=around, capture_output=True, timeout=30, check=False
            )
            return done.stdout.decode()

        for _ in range(120):
            window = xdotool("search", "--name", "^Write: Ihre Sicht auf „Verpackung“").split()
            if window:
                break
            time.sleep(1)
        assert window, "no window to write in"
        time.sleep(5)  # it is there before it listens
        for _ in range(10):
            xdotool("windowfocus", window[-1])
            xdotool("key", "--window", window[-1], "ctrl+Return")
            time.sleep(3)
            if mailbox.taken:
                break
    ((recipient, data),) = mailbox.taken
    assert recipient == RECIPIENT.address
    sent = message_from_bytes(data, policy=default)
    assert (sent["To"], sent["X-Unsent"], sent["X-Kamxl-Card"]) == (
        f'"{RECIPIENT.name}" <{RECIPIENT.address}>', None, None,
    )  # fmt: skip
    (card,) = sent.iter_attachments()
    assert (card.get_filename(), card.get_content()) == CARD
