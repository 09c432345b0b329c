"""What several commands say in words, as lines: short, aligned, in the reader's language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from kamxl.core.finding import Fate, Finding, Severity
from kamxl.wording.texts import Texts, texts
from kamxl.wording.visible import visible
from kamxl.workflow.results import IssuedCard, MailResult, NotCarried, WrittenMail, counts

if TYPE_CHECKING:
    from kamxl.core.records.register import FileResult

MEMORY = ".kamxl/issued"
_PLACES = 12  # as many as one reads
_FATES = tuple(fate.value for fate in Fate)
_STATES = ("new", "changed", "unchanged", "test", "exists", "skipped")


def errors_first(found: Finding) -> bool:
    """What to sort findings by."""
    return found.severity is not Severity.ERROR


def swap_lines(
    left: Iterable[NotCarried], path: str | None, said: Texts, *, notes: bool
) -> list[str]:
    """What did not come along into a register beside (``notes``: cell notes), and the swap."""
    places = ["!".join(filter(None, (one.sheet, one.cell))) for one in left]
    lines = []
    if places:
        more = max(len(places) - _PLACES, 0)
        lines.append(said("upgrade.left", names=", ".join(places[:_PLACES]), more=more))
    if notes:
        lines.append(said("upgrade.notes"))
    return [*lines, said("upgrade.swap", path=path)]


def states(every: Iterable[str], said: Texts) -> str:
    """ "3 new, 2 unchanged", nothing if there are none."""
    by = Counter(every)
    return ", ".join(
        f"{by[state]} {said(f'cli.state_{state}', count=by[state])}"
        for state in _STATES
        if by[state]
    )


def mail_lines(result: MailResult, apart: Iterable[str] = ()) -> list[str]:
    """How many drafts, where they are, who is ``apart``, and which were not written."""
    said = texts(result.language)
    # Several cards of one person are in one mail: what is written and sent is counted.
    made = {mail.mail or mail.path: mail.state for mail in result.mails}
    cards = sum(mail.state != "skipped" for mail in result.mails)
    counted = states(made.values(), said)
    words = {"period": result.period, "states": counted, "count": len(made), "cards": cards}
    aside = len(result.sent_something) + len(result.undeliverable) + len(result.left)
    lines = [said(f"mail.made_{result.kind}", **words, asked=result.asked, aside=aside)]
    if result.outgoing:
        folder = f"outbox/{result.period}"
        lines.append(said("mail.in_folder", folder=folder, list=said("mail.list.file") + ".xlsx"))
    lines += [*apart, *leak_lines(result.mails, said)]
    return lines + findings_lines(result.memory, MEMORY, said)


def leak_lines(written: Iterable[IssuedCard | WrittenMail], said: Texts) -> list[str]:
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


def file_lines(file: FileResult, said: Texts) -> Iterator[str]:
    """A file, its fate and whose it is; then its findings."""
    who = " · ".join(part for part in (file.account, file.segment, file.name) if part)
    fate = said(f"cli.fate_{file.fate.value}", count=1)
    yield f"{file.path}: {fate}" + (f" ({who})" if who else "")
    yield from finding_lines(file.findings, said)


def findings_lines(findings: Iterable[Finding], source: str, said: Texts) -> list[str]:
    """The findings of one file under its name, nothing if there are none."""
    lines = list(finding_lines(findings, said))
    return [f"{source}:", *lines] if lines else []


def finding_lines(findings: Iterable[Finding], said: Texts) -> Iterator[str]:
    """A line for each, aligned."""
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
    return visible("!".join(part for part in (found.sheet, found.cell) if part))


def aligned(rows: Iterable[tuple[str, str]]) -> list[str]:
    """Names and what they are, in two columns."""
    table = [(visible(name), text) for name, text in rows]
    width = max((len(name) for name, _ in table), default=0)
    return [f"  {name:<{width}}  {text}" for name, text in table]
