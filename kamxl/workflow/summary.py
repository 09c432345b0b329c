"""The results in words, as lines: short, aligned, in the reader's language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from kamxl.core.finding import Fate, Finding, Severity
from kamxl.forms.texts import Texts, texts
from kamxl.workflow.results import (
    CheckResult,
    ConsolidateResult,
    DemoResult,
    InitResult,
    IssuedCard,
    IssueResult,
    KeyResult,
    MailResult,
    SetupResult,
    WrittenMail,
    counts,
    needs_attention,
)

if TYPE_CHECKING:
    from kamxl.core.records import FileResult

OF_PORTFOLIO = frozenset(
    {
        "portfolio-set-aside",
        "portfolio-locked",
        "portfolio-not-refreshed",
        "report-locked",
        "remarks-orphaned",
    }
)
_FATES = tuple(fate.value for fate in Fate)
_STATES = ("new", "changed", "unchanged", "exists", "skipped")


def init_lines(result: InitResult) -> list[str]:
    """What was made, and what to do now."""
    said = texts(result.language)
    lines = [said("cli.init_done", root=result.root)]
    lines += _aligned((name, said(f"cli.made_{key}")) for name, key in _made(result.created))
    lines += [said("cli.kept", names=", ".join(result.kept))] if result.kept else []
    return [*lines, said("cli.init_next")]


def _made(created: Iterable[str]) -> Iterator[tuple[str, str]]:
    known = {"Register.xlsx": "register", "inbox": "inbox", "outbox": "outbox", "plans": "plans"}
    for name in created:
        if name.rstrip("/") in known:
            yield name, known[name.rstrip("/")]


def setup_lines(result: SetupResult) -> list[str]:
    """Each part of the add-in in a line, a sentence where somebody has to act, and what is next."""
    said = texts(result.language)
    names = [said(f"setup.part_{part.part}") for part in result.parts]
    lines = []
    for part, name in zip(result.parts, names, strict=True):
        state = said(f"setup.state_{part.state}")
        where = f" ({part.path})" if part.path else ""
        lines.append(f"  {name:<{max(map(len, names))}}  {state}{where}")
        lines += [f"    {part.sentence}"] if part.told else []
    end = "attention" if result.attention else "done"
    return [*lines, said(f"setup.{result.action}_{end}")]


def key_lines(result: KeyResult) -> list[str]:
    """What a new key means."""
    return [texts(result.language)("cli.key_rotated", number=result.number)]


def issue_lines(result: IssueResult) -> list[str]:
    """How many cards and plans, where they are, and what is wrong in the register."""
    said = texts(result.language)
    states = _states((card.state for card in result.issued), said)
    lines = [said("cli.issued", period=result.period, states=states, count=len(states))]
    skipped = [c.account for c in result.issued if c.state == "skipped" and not c.findings]
    if skipped:
        lines.append(said("cli.skipped", accounts=", ".join(skipped)))
    if len(skipped) < len(result.issued):
        lines.append(said("cli.cards_in", folder=f"outbox/{result.period}"))
    if result.outgoing:
        count, listed = len(result.outgoing), said("mail.list.file") + ".xlsx"
        lines.append(said("mail.drafts", count=count, list=listed))
    lines += _leak_lines(result.issued, said)
    lines += _plan_lines(result, said)
    return [*lines, *findings_lines(result.register, "Register.xlsx", said)]


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
    lines = [said(f"mail.made_{result.kind}", **words)]
    if result.outgoing:
        folder = f"outbox/{result.period}"
        lines.append(said("mail.in_folder", folder=folder, list=said("mail.list.file") + ".xlsx"))
    return lines + _leak_lines(result.mails, said)


def _leak_lines(written: Iterable[IssuedCard | WrittenMail], said: Texts) -> list[str]:
    """What was not written, because something internal is in it."""
    held = [one for one in written if one.findings]
    names = ["--".join(filter(None, (o.account, o.segment, o.respondent))) for o in held]
    lines = [said("mail.leaks", names=", ".join(names))] if held else []
    for name, one in zip(names, held, strict=True):
        lines += findings_lines(one.findings, name, said)
    return lines


def check_lines(result: CheckResult) -> list[str]:
    """Each file with its findings."""
    said = texts(result.language)
    return [line for file in result.files for line in _file_lines(file, said)]


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
