"""``kamxl thank``: mails to those who have answered, each with her own result."""

from __future__ import annotations

from kamxl.commands.parts.declared import Command
from kamxl.commands.parts.options import ACCOUNTS, PERIOD, SENDING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from kamxl.commands.parts.given import Given
    from kamxl.workflow.results import MailResult


def run(given: Given) -> MailResult:
    """Write the drafts."""
    from kamxl.workflow.outgoing.writing import thank

    options = given.options
    asked = (options.account, options.period, given.language, given.progress)
    return thank(given.folder, *asked, now=given.now())


def as_json(result: MailResult) -> dict[str, Any]:
    """Each mail."""
    from kamxl.wording.texts import texts
    from kamxl.workflow.shown.json import mails_json, memory_json

    speech = texts(result.language)
    return {"thanked": mails_json(result.mails, speech), **memory_json(result.memory, speech)}


def words(result: MailResult) -> list[str]:
    """How many drafts, where they are, and which were not written."""
    from kamxl.workflow.shown.summary import mail_lines

    return mail_lines(result)


COMMAND = Command(
    "thank",
    place=50,
    help="thank those who have, each with her own result: drafts",
    options=(ACCOUNTS, PERIOD, SENDING),
    run=run,
    as_json=as_json,
    words=words,
    sends=True,
)
