"""``kamxl issue`` and the button Issue scorecards: cards, drafts of mails and account plans."""

from __future__ import annotations

from collections import Counter

from kamxl.commands.parts.declared import Button, Command, Option
from kamxl.commands.parts.options import PERIOD, SENDING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from kamxl.commands.parts.given import Chance, Given
    from kamxl.core.finding import Finding
    from kamxl.wording.texts import Texts
    from kamxl.workflow.buttons.desk import Desk, Said
    from kamxl.workflow.results import IssuedCard, IssueResult

_REASONS = 8  # lines of why cards changed; the rest is counted
_NAMED = 6  # cards that are named with what keeps them back; of more, only how many


def run(given: Given) -> IssueResult:
    """Issue those of the period, or a test of what one account would get."""
    from kamxl.workflow.outgoing.issue import issue

    options = given.options
    asked = (options.account, options.period, given.language, given.progress)
    told = {"test": options.test, "profile": options.profile}
    return issue(given.folder, *asked, now=given.now(), **told)


def as_json(result: IssueResult) -> dict[str, Any]:
    """Each card and plan with its state, and what is wrong in the register."""
    from kamxl.wording.texts import texts
    from kamxl.workflow.shown.json import findings_json

    speech = texts(result.language)
    issued = [
        {
            "account": card.account,
            "segment": card.segment,
            "respondent": card.respondent,
            "path": card.path,
            "mail": card.mail,
            "state": card.state,
            **({"findings": findings_json(card.findings, speech)} if card.findings else {}),
            **({"changed": [change.name for change in card.changed]} if card.changed else {}),
        }
        for card in result.issued
    ]
    plans = [
        {
            "account": plan.account,
            "path": plan.path,
            "state": plan.state,
            "findings": findings_json(plan.findings, speech),
        }
        for plan in result.plans
    ]
    held = [found for card in result.issued for found in card.findings]
    every = tuple(dict.fromkeys((*result.register, *held, *result.memory)))
    return {"issued": issued, "plans": plans, "register": findings_json(every, speech)}


def words(result: IssueResult) -> list[str]:
    """How many cards and plans, where they are, and what is wrong in the register."""
    from kamxl.wording.texts import texts
    from kamxl.workflow.shown import summary

    said = texts(result.language)
    gone = [card for card in result.issued if card.state != "skipped"]
    lines = [*_nothing_line(result, said), *_out_lines(result, gone, said)]
    known = set(result.register)
    lines += _why_lines(result.issued, said)
    lines += _held_lines(result, len(gone), said)
    leaking = (card for card in result.issued if not known.issuperset(card.findings))
    lines += summary.leak_lines(leaking, said)
    lines += _plan_lines(result, said)
    holding = {found for card in result.issued for found in card.findings}
    others = (found for found in result.register if found not in holding)
    ordered = sorted(others, key=summary.errors_first)
    lines += summary.findings_lines(ordered, "Register.xlsx", said)
    return lines + summary.findings_lines(result.memory, summary.MEMORY, said)


def _nothing_line(result: IssueResult, said: Texts) -> Iterator[str]:
    """First of all, if no card went out though some should: that, and the first reason."""
    from kamxl.workflow.shown.summary import place

    reason = result.nothing
    if reason is not None:
        more = {f for card in result.waiting for f in card.findings} - {reason}
        counted = {"period": result.period, "waiting": len(result.waiting), "more": len(more)}
        where = f"{place(reason)}: " if place(reason) else ""
        yield said("cli.nothing", place=where, reason=said.sentence(reason), **counted)


def _out_lines(result: IssueResult, gone: list[IssuedCard], said: Texts) -> Iterator[str]:
    """How many cards there are, and where those that went out are, with their mails."""
    from kamxl.workflow.shown.summary import states

    counted = states((card.state for card in result.issued), said)
    yield said("cli.issued", period=result.period, states=counted, count=len(counted))
    tests = [card for card in gone if card.state == "test"]
    if tests:
        address = result.outgoing[0].recipient if result.outgoing else "–"
        tested = {"account": tests[0].account, "count": len(tests), "address": address}
        yield said("cli.tested", period=result.period, **tested)
    if gone:
        folder = f"outbox/{result.period}" + ("/test" if tests else "")
        yield said("cli.cards_in", folder=folder)
    if result.outgoing and not tests:
        listed = said("mail.list.file") + ".xlsx"
        cards = sum(card.mail is not None for card in result.issued)
        yield said("mail.drafts", count=len(result.outgoing), cards=cards, list=listed)


def _held_lines(result: IssueResult, gone: int, said: Texts) -> Iterator[str]:
    """What to mend in the register, each once, and how many cards wait for it."""
    from kamxl.workflow.shown.summary import errors_first, finding_lines

    known = {found: at for at, found in enumerate(result.register)}
    by: dict[Finding, list[str]] = {}
    waiting = 0
    for card in result.waiting:
        own = [found for found in card.findings if found in known]
        waiting += bool(own)
        name = "--".join(filter(None, (card.account, card.segment, card.respondent)))
        for found in own:
            by.setdefault(found, []).append(name)
    if by:
        tested = any(card.state == "test" for card in result.issued)
        key = "cli.partly" if gone and not tested else "cli.all_waiting"
        yield said(key, out=gone, waiting=waiting)
    ordered = sorted(by, key=lambda found: (errors_first(found), known[found]))
    lines = finding_lines(ordered, said)
    for found, line in zip(ordered, lines, strict=True):
        names = by[found]
        shown, more = ", ".join(names[:_NAMED]), max(len(names) - _NAMED, 0)
        yield line
        yield "    " + said("cli.holds", count=len(names), names=shown, more=more)


def _why_lines(issued: Iterable[IssuedCard], said: Texts) -> list[str]:
    """ "22 cards changed: Return by", what concerns most of them first."""
    by = Counter(said.change(change) for card in issued for change in card.changed)
    found = sorted(by.items(), key=lambda one: -one[1])
    lines = [said("changes.cards", count=count, what=what) for what, count in found[:_REASONS]]
    rest = len(found) - len(lines)
    return [*lines, said("changes.more", count=rest)] if rest else lines


def _plan_lines(result: IssueResult, said: Texts) -> Iterator[str]:
    """The account plans, if any were to be made, and why one was not."""
    from kamxl.workflow.shown.summary import findings_lines, states

    if result.plans:
        counted = states((plan.state for plan in result.plans), said)
        yield said("cli.plans", period=result.period, states=counted)
    for plan in result.plans:
        yield from findings_lines(plan.findings, plan.path or plan.account, said)


def press(desk: Desk, chance: Chance) -> Said:
    """Make the scorecards and plans of the period."""
    from kamxl.workflow.buttons.desk import told_shortly
    from kamxl.workflow.outgoing.issue import issue

    root = desk.workspace()
    desk.settle(root / "Register.xlsx")
    with desk.at_work() as progress:
        result = issue(root, language=desk.language, progress=progress, now=desk.now)
    wrong = result.nothing is not None
    return told_shortly(words(result), desk.said, "Register.xlsx", wrong=wrong)


COMMAND = Command(
    "issue",
    place=30,
    help="make the scorecards in outbox/ and missing account plans in plans/",
    options=(
        Option(
            "--account",
            action="append",
            default=[],
            metavar="ID",
            help="only this one, with a plan (repeatable; default: all, plans for focus accounts)",
        ),
        PERIOD,
        Option(
            "--test",
            metavar="ADDRESS",
            help="only what one account (--account, else the first) would get, marked as a test "
            "and addressed to ADDRESS, one of your team's: nobody is asked, and its answer does "
            "not count",
        ),
        Option(
            "--profile",
            action="store_true",
            help="profile first: what matters, by weight, and what is good, in fifteen minutes; "
            "points come with the next card. Who is asked jointly gets a card with both",
        ),
        SENDING,
    ),
    run=run,
    as_json=as_json,
    words=words,
    sends=True,
    guided=True,
    button=Button("issue", group="scorecards", place=30, image="FileSendAsAttachment", press=press),
)
