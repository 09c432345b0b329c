"""What stands in a workspace: register, keys, records, own templates, and how mails would go."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from datetime import date

from kamxl.core.finding import Severity
from kamxl.core.records.register import Register, Settings
from kamxl.errors import KamxlError, MailError, TemplateError
from kamxl.forms.letters.letter import (
    Invitation,
    OurReply,
    Reminder,
    ResultRow,
    SegmentResult,
    Sender,
    SupplierTotal,
    Thanks,
)
from kamxl.mail.credential import credential_of
from kamxl.mail.keyrings import Keyring
from kamxl.mail.server import server_of
from kamxl.store import backup
from kamxl.store.memory import Issued
from kamxl.store.workspace import Workspace
from kamxl.wording.texts import languages
from kamxl.workflow.health.looks import Look, less, refused, well
from kamxl.workflow.lettering.saying import Saying
from kamxl.workflow.lettering.sources import team_templates
from kamxl.workflow.start.register import period_of, read_register


def register_of(workspace: Workspace) -> tuple[Register | None, Look]:
    """The register, if it can be read, and how it is."""
    try:
        register = read_register(workspace).register
        period = period_of(register, None)
    except KamxlError as problem:
        return None, refused("register", problem)
    wrong = sum(found.severity is Severity.ERROR for found in register.findings)
    if wrong:
        return register, less("register", "mistakes", count=wrong)
    return register, well("register", period=period, accounts=len(register.accounts))


def keys(workspace: Workspace, issued: Issued) -> Iterator[Look]:
    """The keys are there; each record of an issued card is whole; there is a backup of all keys."""
    if issued.damaged:
        yield less("keys", "damaged", count=len(issued.damaged), name=issued.damaged[0])
    saved, held = backup.noted(workspace), len(workspace.keys)
    if saved >= held:
        yield well("keys", count=held, cards=len(issued.orders))
    else:
        yield less("keys", "unsaved" if not saved else "saved_before", count=held)


def own_templates(workspace: Workspace) -> Iterator[Look]:
    """The team's own templates of mails say something: each letter is made for nobody."""
    try:
        own = team_templates(workspace).sources
    except TemplateError as problem:
        yield refused("templates", problem)
        return
    if not (own.texts or own.refused):
        return
    letters = Saying(own)
    sender = Sender("N. N.", "name@company.example", "", "N. N.")
    about = ("N. N.", "N. N.", "N. N.", "2026", "card.xlsx", date(2026, 1, 1), sender)
    broken = False
    for language in languages():
        for letter in (
            Invitation(*about), Reminder(*about), OurReply(*about), _thanks(sender)
        ):  # fmt: skip
            try:
                letters.render(letter, language)
            except TemplateError as problem:
                broken = True
                yield refused("templates", problem)
    if not broken:
        yield well("templates", "own")


def _thanks(sender: Sender) -> Thanks:
    """Thanks for one answer that rates us."""
    rows, totals = (ResultRow(1, "N. N.", 100, (75,)),), (SupplierTotal("N. N.", 75, None, 1),)
    result = SegmentResult("N. N.", rows, totals)
    about = ("N. N.", "N. N.", "N. N.", "2026")
    return Thanks(*about, rows, totals, sender, results=(result,))


def mail(
    settings: Settings,
    environ: Mapping[str, str] = os.environ,
    keyring: Keyring | None = None,
) -> Look:
    """How mails would go out: as drafts, or by a server for which there is a password or login.

    Nothing is sent, and no secret is told.
    """
    if not settings.smtp_host.strip():
        return well("mail", "drafts")
    try:
        server = server_of(settings)
        if server.user:
            credential_of(server, environ, keyring)
    except MailError as problem:
        return Look("mail", problem.code, "less", {}, problem)
    return well("mail", host=server.host)
