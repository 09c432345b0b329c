"""Sending what a command made: when it may, the one question before, and what came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from kamxl.commands.parts.asking import agreed
from kamxl.commands.parts.given import Given
from kamxl.errors import KamxlError
from kamxl.wording.texts import Texts, texts
from kamxl.wording.visible import visible
from kamxl.workflow.outgoing.send import Ending, Planned, SendResult, check_sending, send
from kamxl.workflow.results import Outgoing

_ENDINGS: tuple[Ending, ...] = ("sent", "already", "uncertain", "refused", "unsent")


def wanted(given: Given) -> bool:
    """Whether mails are to be sent (KamxlError: they cannot be; so nothing else is done either)."""
    options = given.options
    if not options.send:
        for option in ("yes", "again"):
            if getattr(options, option):
                raise KamxlError("send-missing", option=f"--{option}")
        return False
    if not options.yes and not given.attended():
        raise KamxlError("nobody-to-ask")
    check_sending(given.folder)
    return True


def sent(given: Given, outgoing: Iterable[Outgoing], language: str) -> SendResult:
    """Send what a command made."""

    def ask(planned: Sequence[Planned]) -> bool:
        return bool(given.options.yes) or _asked(planned, language)

    return send(
        given.folder,
        outgoing,
        ask,
        clock=given.now,
        language=language,
        again=given.options.again,
        progress=given.progress,
    )


def _asked(planned: Sequence[Planned], language: str) -> bool:
    """Show the list and ask, on stderr: stdout may be JSON for a program."""
    said = texts(language)
    question = said("sending.question", count=len(planned))
    return agreed(planned_lines(planned, said), question, said("sending.yes"))


def as_json(result: SendResult) -> list[dict[str, Any]]:
    """The entries under "sent"; nothing more to say is null."""
    return [
        {
            "recipient": mail.recipient,
            "subject": mail.subject,
            "path": mail.path,
            "state": mail.state,
            "reason": mail.reason or None,
        }
        for mail in result.mails
    ]


def words(result: SendResult) -> list[str]:
    """How many mails met which end, and each that somebody has to look at."""
    said = texts(result.language)
    by = Counter(mail.state for mail in result.mails)
    ends = ", ".join(
        f"{by[s]} {said(f'sending.state_{s}', count=by[s])}" for s in _ENDINGS if by[s]
    )
    lines = [said("sending.result", ends=ends, count=len(result.mails))]
    lines += [said("sending.declined")] if result.declined else []
    for mail in result.mails:
        if mail.state in {"uncertain", "refused"}:
            state = said(f"sending.state_{mail.state}", count=1)
            lines.append(f"  {mail.recipient} ({mail.path}): {state}. {mail.reason}".rstrip())
    return lines


def planned_lines(planned: Sequence[Planned], said: Texts) -> list[str]:
    """The list of what would go out: to whom, about what, from which file."""
    lines = [said("sending.list", count=len(planned))]
    shown = [(visible(m.recipient), visible(m.subject)) for m in planned]
    widths = [max(map(len, column)) for column in zip(*shown, strict=True)]
    for mail, (to, about) in zip(planned, shown, strict=True):
        note = f"  ({said(f'sending.note_{mail.note}')})" if mail.note else ""
        row = f"  {to:<{widths[0]}}  {about:<{widths[1]}}  {mail.path}{note}"
        lines.append(row)
    return lines
