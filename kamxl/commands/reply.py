"""``kamxl reply`` and the button Send replies: what we understood and do, to those who answered."""

from __future__ import annotations

from kamxl.commands.parts.declared import Button, Command
from kamxl.commands.parts.options import ACCOUNTS, PERIOD, SENDING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from kamxl.commands.parts.given import Chance, Given
    from kamxl.wording.texts import Texts
    from kamxl.workflow.buttons.desk import Desk, Said
    from kamxl.workflow.results import Apart, ReplyResult

_NAMED = 6  # who gets none are named; of more, only how many
_WHY = ("unwritten", "unread", "no_plan", "other_person", "elsewhere", "said", "unanswered")


def run(given: Given) -> ReplyResult:
    """Write the pages and the drafts."""
    from kamxl.workflow.outgoing.replying import reply

    options = given.options
    asked = (options.account, options.period, given.language, given.progress)
    return reply(given.folder, *asked, now=given.now())


def as_json(result: ReplyResult) -> dict[str, Any]:
    """Each page, who gets none and why, and what of the plans could not be read."""
    from kamxl.wording.texts import texts
    from kamxl.workflow.shown.json import apart_json, findings_json, mails_json, memory_json

    speech = texts(result.language)
    without = [
        {
            "account": one.account,
            "segment": one.segment,
            "respondent": one.respondent,
            "name": one.name,
            "why": one.why,
        }
        for one in result.without
    ]
    groups = {key: [apart_json(o, speech) for o in of] for key, of in _unreached(result).items()}
    replied = mails_json(result.mails, speech)
    plans = [
        {"path": one.path, "findings": findings_json(one.findings, speech)} for one in result.plans
    ]
    return {
        "replied": replied,
        "without": without,
        "plans": plans,
        **groups,
        **memory_json(result.memory, speech),
    }


def words(result: ReplyResult) -> list[str]:
    """How many pages, where they are, who gets none, and what to do about it."""
    from kamxl.wording.texts import texts
    from kamxl.workflow.shown.summary import MEMORY, findings_lines, leak_lines, states

    said = texts(result.language)
    counted = states((mail.state for mail in result.mails), said)
    count = len(result.mails)
    lines = [said("mail.reply.made", period=result.period, states=counted, count=count)]
    if any(mail.state != "skipped" for mail in result.mails):
        folder, mails = f"outbox/{result.period}", len(result.outgoing)
        lines.append(said("mail.reply.in_folder", folder=folder, mails=mails))
    lines += [*_without_lines(result, said), *leak_lines(result.mails, said)]
    for plan in result.plans:
        lines += findings_lines(plan.findings, plan.path, said)
    return lines + findings_lines(result.memory, MEMORY, said)


def _without_lines(result: ReplyResult, said: Texts) -> Iterator[str]:
    """Who is apart, and why; at the end what to do, where it is the plan that says nothing."""
    for key, people in _unreached(result).items():
        if people:
            yield said(f"mail.reply.{key}")
        for one in people:
            where = f"{one.account} · {one.segment}"
            yield f"  {one.name or one.respondent} ({where}): {said.sentence(one.finding)}"
    for why in _WHY:
        own = [one for one in result.without if one.why == why]
        names = [f"{one.name or one.respondent} ({one.account} · {one.segment})" for one in own]
        more = max(len(names) - _NAMED, 0)
        if own:
            told = {"names": ", ".join(names[:_NAMED]), "count": len(own), "more": more}
            yield "  " + said(f"mail.reply.why.{why}", **told)
    if any(one.why in ("unwritten", "no_plan") for one in result.without):
        yield said("mail.reply.how")


def _unreached(result: ReplyResult) -> dict[str, tuple[Apart, ...]]:
    return {"undeliverable": result.undeliverable, "left": result.left}


def press(desk: Desk, chance: Chance) -> Said:
    """Make the reply pages of the period, with a draft to each person."""
    from kamxl.workflow.buttons.desk import told_shortly
    from kamxl.workflow.outgoing.replying import reply

    root = desk.workspace()
    desk.settle(root / "Register.xlsx")
    with desk.at_work() as progress:
        result = reply(root, language=desk.language, progress=progress, now=desk.now)
    return told_shortly(words(result), desk.said, "Register.xlsx", wrong=result.attention)


COMMAND = Command(
    "reply",
    place=55,
    help="answer those who have: what we understood and do, does it fit; drafts",
    options=(ACCOUNTS, PERIOD, SENDING),
    run=run,
    as_json=as_json,
    words=words,
    sends=True,
    button=Button("reply", group="scorecards", place=55, image="Reply", press=press),
)
