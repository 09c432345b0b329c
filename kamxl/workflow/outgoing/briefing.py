"""Account briefs: one page for a visit, and what of it the customer may have.

Made of the portfolio that consolidating would make just now, written into briefs/: kamxl's own
files, which can be made again at any time. What is printed of a page is an extra: where no program
can, or it fails, the page stands all the same.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Literal

from kamxl.core.finding import Finding
from kamxl.core.ids import same_id, same_name
from kamxl.core.portfolio.brief import Brief, brief_of
from kamxl.core.portfolio.handout import Handout, handout_of, orders_of
from kamxl.core.portfolio.whole import Portfolio
from kamxl.core.records.register import Account, Register
from kamxl.errors import KamxlError
from kamxl.forms.portfolio.brief import brief_page
from kamxl.forms.portfolio.handout import handout_page, on_one_page
from kamxl.report import printing
from kamxl.report.html import render_page
from kamxl.store import atomic, memory
from kamxl.store.workspace import Workspace
from kamxl.wording.mistakes import reason
from kamxl.workflow.guard.proving import WayOut
from kamxl.workflow.incoming import looking
from kamxl.workflow.incoming.consolidate import put_together
from kamxl.workflow.incoming.intake import take_in
from kamxl.workflow.results import Progress
from kamxl.workflow.start.identity import in_turn, opened
from kamxl.workflow.start.register import period_of, read_register

# Of a page that may be filled, the next if it came out as two: the first is what mostly fits though
# lines are reckoned with some room to spare.
_ROOMS = (1.12, 1.0, 0.85, 0.7, 0.5)
_UNPRINTED = 0.85  # nobody counts the pages then: some room for another font
Drawn = Callable[[float], bytes]
Proven = Callable[[float, bytes], tuple[Finding, ...]]
WithoutPdf = Literal["", "unasked", "missing", "failed", "unwritten"]


@dataclass(frozen=True, slots=True)
class BriefResult:
    """A brief and where it stands under the workspace; ``page`` None: nothing was written.

    ``handout``: what the customer may have, if that was asked for; ``past``: how many dates on it
    are over. ``without``: why there is no
    ``pdf``, with a ``reason`` where it could not be written. ``findings``: why a handout must not
    go out.
    """

    language: str
    brief: Brief
    handout: Handout | None = None
    page: str | None = None
    pdf: str | None = None
    without: WithoutPdf = ""
    reason: str = ""
    findings: tuple[Finding, ...] = ()
    past: int = 0
    root: Path = field(default_factory=Path)

    @property
    def attention(self) -> bool:
        """Whether somebody has to do something."""
        return bool(self.findings)


def brief(
    root: str | os.PathLike[str],
    account: str,
    period: str | None = None,
    language: str | None = None,
    *,
    external: bool = False,
    pdf: bool = True,
    now: datetime | None = None,
    progress: Progress | None = None,
) -> BriefResult:
    """Write the brief of an account; ``external``: what of it the customer may have, instead.

    ``pdf``: print it, too. KamxlError: no workspace or readable register, no such account, a bad
    period, a broken template, somebody else at work there. OSError: the page is not written.
    """
    with in_turn(root, "brief") as workspace:
        looking.ready_for(workspace)
        register = read_register(workspace).register
        chosen = period_of(register, period)
        moment = now or datetime.now(UTC).replace(microsecond=0)
        intake = take_in(workspace, None, progress, now=moment, register=register)
        portfolio = put_together(workspace, register, chosen, intake, moment)
        try:
            found = brief_of(portfolio, account, register.contacts, intake.replies)
        except KeyError:
            raise KamxlError("account-unknown", value=account) from None
        spoken = language or register.settings.language
        made = _Making(workspace, register, portfolio, found, spoken, moment.date(), pdf)
        return made.external() if external else made.internal()


@dataclass(frozen=True)
class _Making:
    workspace: Workspace
    register: Register
    portfolio: Portfolio
    found: Brief
    spoken: str
    today: date
    printed: bool

    def internal(self) -> BriefResult:
        return self._written(
            lambda room: render_page(brief_page(self.found, self.portfolio, self.spoken, room))
        )

    def external(self) -> BriefResult:
        """What the customer may have, proven; nothing is written where nothing is for her."""
        account, plan = self._account(), self.found.account.standing.plan
        issued = memory.load(self.workspace).orders
        speech = account.language or self.register.settings.language
        period = self.portfolio.period
        cards = orders_of(account.id, period, speech, issued.values())
        digests = {order: digest for digest, order in issued.items()}
        hers = tuple(digests[order] for order in cards)
        whole = handout_of(account, self.register.settings.company, period, speech, plan, cards)
        if whole.empty or plan is None:
            self._withdrawn()
            return BriefResult(self.spoken, self.found, whole, root=self.workspace.root)
        way_out = WayOut(self.workspace, self.register, issued)

        def proven(room: float, data: bytes) -> tuple[Finding, ...]:
            return way_out.of_handout(on_one_page(whole, room), account.id, plan, hers, data)

        def drawn(room: float) -> bytes:
            return render_page(handout_page(on_one_page(whole, room), hers))

        return self._written(drawn, whole, proven)

    def _withdrawn(self) -> None:
        """Takes a handout of before away: it says what she may not have any more."""
        page = self._path(external=True)
        for path in (page, page.with_suffix(".pdf")):
            path.unlink(missing_ok=True)

    def _path(self, *, external: bool) -> Path:
        return self.workspace.brief_path(
            self.portfolio.period, self.found.account.id, external=external
        )

    def _account(self) -> Account:
        """As the register has it; else as its answers or its plan do."""
        own = self.found.account
        listed = (one for one in self.register.accounts if same_id(one.id) == same_id(own.id))
        return next(listed, Account(own.id, own.name))

    def _written(
        self, drawn: Drawn, handout: Handout | None = None, proven: Proven | None = None
    ) -> BriefResult:
        """The page, and its PDF; of one that would take two sheets, less."""
        command = printing.browser() if self.printed else None
        room, data, pdf = self._printed(drawn, command)
        some = on_one_page(handout, room) if handout is not None else None
        held = proven(room, data) if proven else ()
        if held:
            self._withdrawn()
            return BriefResult(self.spoken, self.found, some, findings=held)
        path = self._path(external=handout is not None)
        page = atomic.write(path, data, self.today, again=True)
        printed, without, why = None, _without(self.printed, command), ""
        try:
            if pdf is not None:
                printed = atomic.write(page.with_suffix(".pdf"), pdf, self.today, again=True)
                without = ""
            else:
                page.with_suffix(".pdf").unlink(missing_ok=True)  # it would say something else
        except OSError as problem:
            without, why = "unwritten", reason(problem, self.spoken)
        relative = self.workspace.relative
        return BriefResult(
            self.spoken, self.found, some, relative(page),
            relative(printed) if printed else None, without, why,
            past=some.past(self.today) if some else 0, root=self.workspace.root,
        )  # fmt: skip

    def _printed(self, drawn: Drawn, command: str | None) -> tuple[float, bytes, bytes | None]:
        """Of how much of a page, the page and its PDF (None: nothing here prints it)."""
        found: tuple[float, bytes, bytes | None] = _UNPRINTED, drawn(_UNPRINTED), None
        for room in _ROOMS:
            data = drawn(room)
            pdf = printing.as_pdf(data, command) if command else None
            if pdf is None:
                break
            found = room, data, printing.dated(pdf, self.today)
            if printing.pages_of(pdf) <= 1:
                break
        return found


def _without(printed: bool, program: str | None) -> WithoutPdf:
    """Why there is no PDF, if there is none."""
    if not printed:
        return "unasked"
    return "failed" if program else "missing"


def account_among(root: str | os.PathLike[str], texts: Iterable[str]) -> str | None:
    """The id of the first account that one of these texts is the id or name of; None: of none."""
    accounts = read_register(opened(root)).register.accounts
    known = {same_name(one.name): one.id for one in accounts}
    known |= {same_name(one.id): one.id for one in accounts}
    return next((known[same_name(text)] for text in texts if same_name(text) in known), None)
