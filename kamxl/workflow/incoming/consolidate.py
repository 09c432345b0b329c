"""Consolidating: what came back becomes the portfolio. Inputs stay as they are."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from concurrent.futures import Executor
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Protocol

from kamxl.core.finding import Finding, finding
from kamxl.core.ids import same_id
from kamxl.core.portfolio.improving import improvements
from kamxl.core.portfolio.screen import screen_of
from kamxl.core.portfolio.whole import Portfolio, assemble
from kamxl.core.records.register import Register
from kamxl.errors import TemplateError, TemplateMissing
from kamxl.excel.writing.draw import build, render
from kamxl.forms.paper.book import Book
from kamxl.forms.paper.raw import RawBook
from kamxl.forms.portfolio.book import carried_on, keys_in
from kamxl.forms.portfolio.carrying import Carried
from kamxl.forms.portfolio.front import front_of
from kamxl.forms.portfolio.lists import tried_of
from kamxl.forms.portfolio.news import news
from kamxl.forms.portfolio.sizes import SIZES, Sizes
from kamxl.report import html as page
from kamxl.store import atomic, memory
from kamxl.store.paths import check_length
from kamxl.store.workspace import Workspace
from kamxl.wording.mistakes import reason
from kamxl.wording.texts import texts
from kamxl.workflow.incoming import answers_beside, companions, looking, own
from kamxl.workflow.incoming.batches import Threads
from kamxl.workflow.incoming.cluster import cluster
from kamxl.workflow.incoming.decided import unused
from kamxl.workflow.incoming.elsewhere import Elsewhere
from kamxl.workflow.incoming.followed import pages_out, with_asked
from kamxl.workflow.incoming.intake import Intake, take_in
from kamxl.workflow.incoming.plans import without_own_functions
from kamxl.workflow.incoming.remarks import (
    Kept,
    judged,
    kept_portfolios,
    no_longer_used,
    set_aside,
    unread,
)
from kamxl.workflow.pace import step
from kamxl.workflow.results import ConsolidateResult, Progress
from kamxl.workflow.start.identity import in_turn
from kamxl.workflow.start.register import period_of, read_register
from kamxl.workflow.start.remembered import damaged_records
from kamxl.workflow.start.revenues import remembered_revenues

_WHOLE_CHANGE = 600  # letters of a change that the page tells whole


class Screen(Protocol):
    """Portfolio.xlsx as it is open in a spreadsheet program, which may know more than the disk."""

    def read(self) -> RawBook:
        """What a manager may have added to it, saved or not."""

    @property
    def why(self) -> str | None:
        """Why it could not be refreshed: "moved" or "own" (see ``excel.live.refresh``)."""

    def refresh(self, book: Book, data: bytes) -> bool:
        """Show the new portfolio in its place (``data``: drawn); False: it cannot be, untouched."""

    def release(self) -> bool:
        """Close it if that loses nothing; True: the file is free, as if it had not been open."""

    def beside(self, path: Path) -> Screen | None:
        """A dated sibling that is open, too."""


def consolidate(
    root: str | os.PathLike[str],
    language: str | None = None,
    period: str | None = None,
    workers: int | str = 1,
    executor: Executor | None = None,
    *,
    share: bool = False,
    now: datetime | None = None,
    progress: Progress | None = None,
    screen: Screen | None = None,
    sizes: Sizes = SIZES,
) -> ConsolidateResult:
    """Read everything in inbox/ and plans/, judge it, and write Portfolio.xlsx and Portfolio.html,
    and beside each plan its companion.

    ``screen``: a Portfolio.xlsx that is open and is refreshed there instead; if that cannot be, the
    new one is written beside it.

    ``sizes``: above which tables are values, and answers a file beside.

    ``executor``: who has the files judged, any of ``concurrent.futures``; else as many processes as
    ``workers``, or those of a cluster at its address ("dask://host:port"). ``share``: the folder is
    one that they all see by this path, and files are not sent. The result is the same in all cases.
    ``now``: the moment that Portfolio.xlsx carries, for which actions are overdue, and after which
    nothing can have been saved (default: the clock's).
    KamxlError: no workspace, no readable register, a bad period, a Portfolio.xlsx that
    cannot be moved out of the way, somebody else at work there, a computer on which no file can be
    looked into, no such cluster, a missing text or template: then nothing was replaced. OSError: it
    was not written. A Portfolio.html or a companion that was not is only a finding.
    """
    with (
        in_turn(root, "consolidate") as workspace,
        _hands(workspace, workers, executor, share) as hands,
    ):
        try:
            return _consolidated(
                workspace,
                language,
                period,
                hands,
                now=now,
                progress=progress,
                screen=screen,
                sizes=sizes,
            )
        finally:
            step(progress)


def _consolidated(
    workspace: Workspace,
    language: str | None,
    period: str | None,
    hands: Executor | None,
    *,
    now: datetime | None,
    progress: Progress | None,
    screen: Screen | None,
    sizes: Sizes,
) -> ConsolidateResult:
    looking.ready_for(workspace)
    register = read_register(workspace).register
    chosen = period_of(register, period)
    spoken = language or register.settings.language
    check_length(workspace.portfolio)
    atomic.sweep(workspace.root)
    memory.sweep(workspace)
    atomic.sweep(workspace.plans)
    moment = now or datetime.now(UTC).replace(microsecond=0)
    intake = take_in(workspace, hands, progress, now=moment, register=register)
    step(progress, "portfolio")
    portfolio = put_together(workspace, register, chosen, intake, moment)
    keys = keys_in(portfolio, spoken)
    kept = kept_portfolios(workspace, keys, moment, screen.read() if screen else None)
    unseated = no_longer_used(kept, portfolio.files, spoken)
    said = (*intake.findings, *unseated, *portfolio.findings)
    portfolio = replace(portfolio, findings=said)
    book, carried = carried_on(portfolio, spoken, moment, kept.remarks, kept.earlier, sizes)
    found = improvements(portfolio.accounts, spoken)
    tried = tried_of(portfolio, found, [one.trial for one in kept.earlier])
    kept = judged(kept, workspace, carried)
    drawn = _page(book, portfolio)
    beside = companions.prepare(workspace, portfolio, intake)
    # nothing is read any more once something is written
    of_memory = damaged_records(workspace, intake.issued)
    with answers_beside.prepared(workspace, carried) as put:
        written, notes = _write(workspace, carried, kept, moment, screen)
        notes += put(written, moment.date())
    if written.name != workspace.portfolio.name:  # its numbers lead to the one that was written
        drawn = _page(book, portfolio, written.name)
    shown, troubles = _write_report(workspace, drawn, moment.date(), book.language)
    answers, untold = companions.write(workspace, beside, moment.date(), spoken)
    of_dated = unread(kept, workspace)
    notes = [*_orphans(portfolio, kept), *of_dated, *notes, *troubles, *untold]
    findings = (*portfolio.findings, *notes)
    path, report = workspace.relative(written), workspace.relative(shown) if shown else None
    here = hands.read_here if isinstance(hands, Elsewhere) else 0
    told = (of_memory, answers, tried, here)
    return ConsolidateResult(spoken, portfolio, findings, path, report, *told)


def put_together(
    workspace: Workspace, register: Register, period: str, intake: Intake, now: datetime
) -> Portfolio:
    """The portfolio of what came back, as it is shown everywhere: in workbook, page and briefs."""
    register = _with_unused(without_own_functions(register, intake.plans), intake)
    answered = (reply.order.period for reply in intake.replies)
    portfolio = assemble(
        register,
        period,
        intake.replies,
        intake.files,
        intake.plans,
        as_of=now.date(),
        revenues=remembered_revenues(workspace, answered, period),
        pages=intake.pages,
        sent=pages_out(workspace, intake.issued),
    )
    return with_asked(portfolio, workspace, register, intake, now)


def _with_unused(register: Register, intake: Intake) -> Register:
    """The register, with a warning for each decision that fits no answer, and for each requirement
    of a customer's own that waits for one.
    """
    said = (
        finding("decision-unused", value=one.about)
        for one in unused(register.decisions, intake.files)
    )
    waiting = (own.said(one) for one in own.open_ones(register, intake.files))
    return replace(register, findings=(*register.findings, *said, *waiting))


@contextlib.contextmanager
def _hands(
    workspace: Workspace, workers: int | str, executor: Executor | None, share: bool
) -> Iterator[Executor | None]:
    """Who has the files judged; None: this thread, one after the other."""
    folder = workspace.root if share else None
    if executor is not None:
        yield Elsewhere(executor, share=folder)
    elif isinstance(workers, str):
        with cluster(workers, folder) as others:
            yield others
    elif workers <= 1:
        yield None
    else:
        with Threads(workers) as threads:
            yield threads


def _write(
    workspace: Workspace, carried: Carried, kept: Kept, now: datetime, screen: Screen | None
) -> tuple[Path, list[Finding]]:
    """Write Portfolio.xlsx (or a dated sibling), keeping what a manager added to the old one."""
    whole = carried.telling(kept.merged)
    data = render(build(whole.book))
    target = workspace.portfolio
    if screen is not None:
        # what she typed over a cell of ours gets a column, for which the open one has no room
        moved = carried.beside[kept.paths.index(target)]
        if not moved and screen.refresh(whole.plain, _plainly(whole, data)):
            return target, []
        if not screen.release():
            written = _beside(workspace, carried, kept, now, screen)
            why = "own" if moved else screen.why or "moved"
            return written, [finding("portfolio-not-refreshed", written=written.name, why=why)]
    aside = set_aside(workspace, kept, now.date())
    notes = [aside] if aside else []
    try:
        return atomic.write(target, data), notes
    except PermissionError:
        if not atomic.in_use(target):
            raise
    written = _beside(workspace, carried, kept, now, screen)
    return written, [*notes, finding("portfolio-locked", written=written.name)]


def _plainly(carried: Carried, data: bytes) -> bytes:
    """The book for a screen, where a manager's columns stand already, drawn (``data``: whole)."""
    same = carried.plain.sheets == carried.book.sheets
    return data if same else render(build(carried.plain))


def _beside(
    workspace: Workspace, carried: Carried, kept: Kept, now: datetime, screen: Screen | None
) -> Path:
    """Write the portfolio under today's name; pressing again does not make one more of them."""
    today = now.date()
    last = atomic.last_sibling(workspace.portfolio, today)
    if last is not None:
        told = carried.telling(kept.beside(last))
        data = render(build(told.book))
        shown = screen.beside(last) if screen is not None else None
        if shown is not None and shown.refresh(told.plain, _plainly(told, data)):
            return last
        if shown is None and last in kept.free:
            with contextlib.suppress(PermissionError):  # another program has it open
                return atomic.write(last, data)
    data = render(build(carried.telling(kept.merged).book))
    return atomic.write_beside(workspace.portfolio, data, today)


def _page(book: Book, portfolio: Portfolio, file: str = "Portfolio.xlsx") -> bytes | TemplateError:
    """Portfolio.html out of the same book; a mistake in its template costs only the page.

    ``file``: the workbook beside it.

    TemplateMissing: kamxl is not whole here, and nothing is written.
    """
    try:
        told = news(portfolio, texts(book.language), _WHOLE_CHANGE)
        front = front_of(screen_of(portfolio, book.language), texts(book.language))
        return page.render(book, told, file, front)
    except TemplateMissing:
        raise
    except TemplateError as problem:
        return problem


def _write_report(
    workspace: Workspace, data: bytes | TemplateError, today: date, language: str
) -> tuple[Path | None, list[Finding]]:
    """Write Portfolio.html (or a dated sibling).

    The workbook is written by now: whatever goes wrong here is a finding, and costs the page only.
    """
    target = workspace.report
    try:
        if isinstance(data, TemplateError):
            return None, [finding("report-locked", written="", why=data.why(language))]
        written = atomic.write(target, data, today, again=True)
    except OSError as problem:
        why = reason(problem, language)
        return None, [finding("report-locked", written="", why=why)]
    if written == target:
        return written, []
    return written, [finding("report-locked", written=written.name, why="")]


def _orphans(portfolio: Portfolio, kept: Kept) -> list[Finding]:
    """A warning for each account with a remark that is in the portfolio no more."""
    there = {same_id(account.id) for account in portfolio.accounts}
    return [
        finding("remarks-orphaned", value=account, account=account)
        for account in kept.remarks
        if same_id(account) not in there
    ]
