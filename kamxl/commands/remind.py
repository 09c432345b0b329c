"""``kamxl remind``: mails to those who have not answered."""

from __future__ import annotations

from kamxl.commands.parts.declared import Command, Option
from kamxl.commands.parts.options import ACCOUNTS, PERIOD, SENDING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from kamxl.commands.parts.given import Given
    from kamxl.wording.texts import Texts
    from kamxl.workflow.results import Apart, MailResult


def run(given: Given) -> MailResult:
    """Write the drafts."""
    from kamxl.workflow.outgoing.writing import remind

    options = given.options
    asked = (options.account, options.period, given.language, given.progress)
    return remind(given.folder, *asked, everyone=options.all, now=given.now())


def as_json(result: MailResult) -> dict[str, Any]:
    """Each mail, and who has not answered and is not simply reminded."""
    from kamxl.wording.texts import texts
    from kamxl.workflow.shown.json import apart_json, mails_json, memory_json

    speech = texts(result.language)
    groups = {key: [apart_json(one, speech) for one in of] for key, of in _aside(result).items()}
    mails = mails_json(result.mails, speech)
    return {"reminded": mails, **groups, **memory_json(result.memory, speech)}


def words(result: MailResult) -> list[str]:
    """How many drafts, where they are, and who has not answered and is not simply reminded."""
    from kamxl.wording.texts import texts
    from kamxl.workflow.shown.summary import mail_lines

    return mail_lines(result, _apart_lines(result, texts(result.language)))


def _apart_lines(result: MailResult, said: Texts) -> Iterator[str]:
    """Who is apart, and why."""
    for key, people in _aside(result).items():
        if people:
            yield said(f"mail.apart.{key}", count=len(people), everyone=result.everyone)
        for one in people:
            where = f"{one.account} · {one.segment}"
            yield f"  {one.name or one.respondent} ({where}): {said.sentence(one.finding)}"


def _aside(result: MailResult) -> dict[str, tuple[Apart, ...]]:
    return {
        "sent_something": result.sent_something,
        "undeliverable": result.undeliverable,
        "left": result.left,
        "delayed": result.delayed,
    }


COMMAND = Command(
    "remind",
    place=40,
    help="write to those who have not answered: drafts in outbox/",
    options=(
        Option(
            "--all",
            action="store_true",
            help="also to those who sent something that needs attention, or are not asked any more",
        ),
        ACCOUNTS,
        PERIOD,
        SENDING,
    ),
    run=run,
    as_json=as_json,
    words=words,
    sends=True,
)
