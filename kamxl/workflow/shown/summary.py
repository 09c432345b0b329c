"""The results in words, as lines: short, aligned, in the reader's language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from kamxl.core.finding import Fate, Finding, Severity
from kamxl.wording.texts import Texts, texts
from kamxl.workflow.outgoing.send import Ending, Planned, SendResult
from kamxl.workflow.results import (
    CheckResult,
    ConsolidateResult,
    DemoResult,
    InitResult,
    IssuedCard,
    IssueResult,
    MailResult,
    WrittenMail,
    counts,
    needs_attention,
)

_ENDINGS: tuple[Ending, ...] = ("sent", "already", "uncertain", "refused", "unsent")


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
    widths = [max(len(m.recipient) for m in planned), max(len(m.subject) for m in planned)]
    for mail in planned:
        note = f"  ({said(f'sending.note_{mail.note}')})" if mail.note else ""
        row = f"  {mail.recipient:<{widths[0]}}  {mail.subject:<{widths[1]}}  {mail.path}{note}"
        lines.append(row)
    return lines


if TYPE_CHECKING:
    from kamxl.core.records.register import FileResult

OF_PORTFOLIO = frozenset(
    {
        "portfolio-set-aside",
        "portfolio-locked",
        "portfolio-not-refreshed",
        "report-locked",
        "remarks-orphaned",
    }
)
MEMORY = ".kamxl/issued"
_REASONS = 8  # lines of why cards changed; the rest is counted
_FATES = tuple(fate.value for fate in Fate)
_STATES = ("new", "changed", "unchanged", "test", "exists", "skipped")
_NAMED = 6  # cards that are named with what keeps them back; of more, only how many


def init_lines(result: InitResult) -> list[str]:
    """What was made, and what to do now."""
    said = texts(result.language)
    lines = [said("cli.init_done", root=result.root)]
    lines += _aligned((name, said(f"cli.made_{key}")) for name, key in _made(result.created))
    lines += [said("cli.kept", names=", ".join(result.kept))] if result.kept else []
    return [*lines, said("cli.init_next"), said("cli.init_backup")]


def _made(created: Iterable[str]) -> Iterator[tuple[str, str]]:
    known = {"Register.xlsx": "register", "inbox": "inbox", "outbox": "outbox", "plans": "plans"}
    for name in created:
        if name.rstrip("/") in known:
            yield name, known[name.rstrip("/")]


def issue_lines(result: IssueResult) -> list[str]:
    """How many cards and plans, where they are, and what is wrong in the register."""
    said = texts(result.language)
    states = _states((card.state for card in result.issued), said)
    lines = [said("cli.issued", period=result.period, states=states, count=len(states))]
    lines = [*_nothing_line(result, said), *lines]
    gone = [card for card in result.issued if card.state != "skipped"]
    tests = [card for card in gone if card.state == "test"]
    if tests:
        address = result.outgoing[0].recipient if result.outgoing else "–"
        words = {"account": tests[0].account, "count": len(tests), "address": address}
        lines.append(said("cli.tested", period=result.period, **words))
    if gone:
        folder = f"outbox/{result.period}" + ("/test" if tests else "")
        lines.append(said("cli.cards_in", folder=folder))
    if result.outgoing and not tests:
        count, listed = len(result.outgoing), said("mail.list.file") + ".xlsx"
        lines.append(said("mail.drafts", count=count, list=listed))
    known = set(result.register)
    lines += _why_lines(result.issued, said)
    lines += _held_lines(result, len(gone), said)
    lines += _leak_lines((c for c in result.issued if not known.issuperset(c.findings)), said)
    lines += _plan_lines(result, said)
    holding = {found for card in result.issued for found in card.findings}
    others = sorted((f for f in result.register if f not in holding), key=_errors_first)
    lines += findings_lines(others, "Register.xlsx", said)
    return lines + findings_lines(result.memory, MEMORY, said)


def _nothing_line(result: IssueResult, said: Texts) -> Iterator[str]:
    """First of all, if no card went out though some should: that, and the first reason."""
    reason = result.nothing
    if reason is not None:
        more = {f for card in result.waiting for f in card.findings} - {reason}
        words = {"period": result.period, "waiting": len(result.waiting), "more": len(more)}
        where = f"{place(reason)}: " if place(reason) else ""
        yield said("cli.nothing", place=where, reason=said.sentence(reason), **words)


def _held_lines(result: IssueResult, gone: int, said: Texts) -> Iterator[str]:
    """What to mend in the register, each once, and how many cards wait for it."""
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
    ordered = sorted(by, key=lambda found: (_errors_first(found), known[found]))
    lines = _finding_lines(ordered, said)
    for found, line in zip(ordered, lines, strict=True):
        names = by[found]
        shown, more = ", ".join(names[:_NAMED]), max(len(names) - _NAMED, 0)
        yield line
        yield "    " + said("cli.holds", count=len(names), names=shown, more=more)


def _errors_first(found: Finding) -> bool:
    return found.severity is not Severity.ERROR


def _why_lines(issued: Iterable[IssuedCard], said: Texts) -> list[str]:
    """ "22 cards changed: Return by", what concerns most of them first."""
    by = Counter(said.change(change) for card in issued for change in card.changed)
    found = sorted(by.items(), key=lambda one: -one[1])
    lines = [said("changes.cards", count=count, what=what) for what, count in found[:_REASONS]]
    rest = len(found) - len(lines)
    return [*lines, said("changes.more", count=rest)] if rest else lines


def _states(states: Iterable[str], said: Texts) -> str:
    """ "3 new, 2 unchanged", nothing if there are none."""
    by = Counter(states)
    return ", ".join(
        f"{by[state]} {said(f'cli.state_{state}', count=by[state])}"
        for state in _STATES
        if by[state]
    )


def _plan_lines(result: IssueResult, said: Texts) -> Iterator[str]:
    """The account plans, if any were to be made, and why one was not."""
    if result.plans:
        states = _states((plan.state for plan in result.plans), said)
        yield said("cli.plans", period=result.period, states=states)
    for plan in result.plans:
        yield from findings_lines(plan.findings, plan.path or plan.account, said)


def mail_lines(result: MailResult) -> list[str]:
    """How many drafts, where they are, and which were not written."""
    said = texts(result.language)
    states = _states((mail.state for mail in result.mails), said)
    words = {"period": result.period, "states": states, "count": len(result.mails)}
    aside = len(result.sent_something) + len(result.undeliverable) + len(result.left)
    lines = [said(f"mail.made_{result.kind}", **words, asked=result.asked, aside=aside)]
    if result.outgoing:
        folder = f"outbox/{result.period}"
        lines.append(said("mail.in_folder", folder=folder, list=said("mail.list.file") + ".xlsx"))
    lines += [*_apart_lines(result, said), *_leak_lines(result.mails, said)]
    return lines + findings_lines(result.memory, MEMORY, said)


def _apart_lines(result: MailResult, said: Texts) -> Iterator[str]:
    """Who has not answered and is not simply reminded, and why."""
    groups = {
        "sent_something": result.sent_something,
        "undeliverable": result.undeliverable,
        "left": result.left,
        "delayed": result.delayed,
    }
    for key, people in groups.items():
        if people:
            yield said(f"mail.apart.{key}", count=len(people), everyone=result.everyone)
        for one in people:
            where = f"{one.account} · {one.segment}"
            yield f"  {one.name or one.respondent} ({where}): {said.sentence(one.finding)}"


def _leak_lines(written: Iterable[IssuedCard | WrittenMail], said: Texts) -> list[str]:
    """What was held back: in one line how much, then why, a heading for each place."""
    held = [one for one in written if one.findings]
    names = ["--".join(filter(None, (o.account, o.segment, o.respondent))) for o in held]
    lines = [said("mail.leaks", names=", ".join(names), count=len(names))] if held else []
    by: dict[Finding, str] = {}  # a text of the register may hold back many cards: told once
    for name, one in zip(names, held, strict=True):
        for found in one.findings:
            by.setdefault(found, "Register.xlsx" if found.cell else name)
    for source in dict.fromkeys(by.values()):
        lines += findings_lines([f for f in by if by[f] == source], source, said)
    return lines


def check_lines(result: CheckResult) -> list[str]:
    """Each file with its findings."""
    said = texts(result.language)
    lines = [line for file in result.files for line in _file_lines(file, said)]
    return lines + findings_lines(result.memory, MEMORY, said)


def consolidate_lines(result: ConsolidateResult) -> list[str]:
    """How many files met which fate, what needs somebody, and what to open."""
    said = texts(result.language)
    lines = [counts_line(result.files, said)]
    for file in result.files:
        if needs_attention(file) or file.fate is Fate.PROVISIONAL:
            lines += _file_lines(file, said)
    of_portfolio = [f for f in result.findings if f.code in OF_PORTFOLIO]
    of_register = [f for f in result.findings if f.code not in OF_PORTFOLIO]
    lines += findings_lines(of_register, "Register.xlsx", said)
    lines += findings_lines(of_portfolio, "Portfolio.xlsx", said)
    lines += findings_lines(result.memory, MEMORY, said)
    return [*lines, said("cli.portfolio", path=result.written, page=result.report)]


def demo_lines(result: DemoResult) -> list[str]:
    """What was read, what needs somebody (one line each), and which files to open."""
    done = result.consolidated
    said = texts(done.language)
    files, waiting = done.files, [f for f in done.files if f.fate is Fate.ATTENTION]
    lines = [
        said(
            "demo.sent",
            cards=result.cards,
            accounts=len(done.portfolio.accounts),
            plans=result.plans,
        ),
        f"  {counts_line(files, said)}",
        said("demo.attention", count=len(waiting)),
    ]
    lines += [f"  {file.path}: {said.sentence(first_reason(file))}" for file in waiting]
    both = ", ".join(filter(None, (done.written, done.report)))  # two forms of one portfolio
    shown = [(both, "portfolio"), ("Register.xlsx", "register"), (result.plan, "plan")]
    shown.append((result.card, "card"))
    answered = (f for f in files if f.fate is Fate.ACCEPTED and f.kind == "scorecard")
    reply = next((file.path for file in answered if file.path == file.source), None)
    shown += [(reply, "reply")] if reply else []
    lines.append(said("demo.look", root=result.root))
    return lines + _aligned((path, said(f"demo.look_{key}")) for path, key in shown)


def first_reason(file: FileResult) -> Finding:
    """The finding that says why: the first error, else the first of all."""
    errors = (found for found in file.findings if found.severity is Severity.ERROR)
    return next(errors, file.findings[0])


def counts_line(files: Iterable[FileResult], said: Texts) -> str:
    """ "14 files: 9 accepted, 2 provisional, ..." """
    by = counts(files)
    shown = [
        f"{by[fate]} {said(f'cli.fate_{fate}', count=by[fate])}" for fate in _FATES if by[fate]
    ]
    return said("cli.counts", count=by["files"], fates=", ".join(shown))


def _file_lines(file: FileResult, said: Texts) -> Iterator[str]:
    who = " · ".join(part for part in (file.account, file.segment, file.name) if part)
    fate = said(f"cli.fate_{file.fate.value}", count=1)
    yield f"{file.path}: {fate}" + (f" ({who})" if who else "")
    yield from _finding_lines(file.findings, said)


def findings_lines(findings: Iterable[Finding], source: str, said: Texts) -> list[str]:
    """The findings of one file under its name, nothing if there are none."""
    lines = list(_finding_lines(findings, said))
    return [f"{source}:", *lines] if lines else []


def _finding_lines(findings: Iterable[Finding], said: Texts) -> Iterator[str]:
    rows = [
        (said(f"cli.severity_{found.severity.value}"), place(found), said.sentence(found))
        for found in findings
    ]
    severity = max((len(row[0]) for row in rows), default=0)
    # Places longer than this would push all sentences far to the right.
    spot = min(max((len(row[1]) for row in rows), default=0), 24)
    for row in rows:
        where = f"{row[1]:<{spot}}  " if spot else ""
        yield f"  {row[0]:<{severity}}  {where}{row[2]}"


def place(found: Finding) -> str:
    """ "Scorecard!D12", "Scorecard", or nothing."""
    return "!".join(part for part in (found.sheet, found.cell) if part)


def _aligned(rows: Iterable[tuple[str, str]]) -> list[str]:
    table = list(rows)
    width = max((len(name) for name, _ in table), default=0)
    return [f"  {name:<{width}}  {text}" for name, text in table]
