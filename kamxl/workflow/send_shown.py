"""What was sent and what was not, as JSON and in words; and the list before the question."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from kamxl.forms.texts import Texts, texts
from kamxl.workflow.send import Ending, Planned, SendResult

_STATES: tuple[Ending, ...] = ("sent", "already", "uncertain", "refused", "unsent")


def sent_json(result: SendResult) -> list[dict[str, Any]]:
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


def sent_lines(result: SendResult) -> list[str]:
    """How many mails met which end, and each that somebody has to look at."""
    said = texts(result.language)
    by = Counter(mail.state for mail in result.mails)
    ends = ", ".join(f"{by[s]} {said(f'sending.state_{s}', count=by[s])}" for s in _STATES if by[s])
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
    widths = [max(len(m.recipient) for m in planned), max(len(m.subject) for m in planned)]
    for mail in planned:
        note = f"  ({said(f'sending.note_{mail.note}')})" if mail.note else ""
        row = f"  {mail.recipient:<{widths[0]}}  {mail.subject:<{widths[1]}}  {mail.path}{note}"
        lines.append(row)
    return lines
