"""What a plan does not know yet: what came back since it was made, as its companion tells it.

Nothing is written: into the plan it goes at a press of the button in Excel, where she saves.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from kamxl.core.finding import Finding
from kamxl.core.ids import same_id
from kamxl.core.period import in_order
from kamxl.core.portfolio.companion import Companion, companion_of
from kamxl.core.portfolio.whole import assemble
from kamxl.core.records.plan import AccountPlan
from kamxl.errors import KamxlError
from kamxl.excel.reading.limits import LIMITS
from kamxl.forms.paper.raw import RawBook
from kamxl.forms.plan import book as plan_form
from kamxl.forms.plan.refreshing import Refreshed, refreshed
from kamxl.store import inbox
from kamxl.store.paths import shown
from kamxl.store.workspace import Workspace
from kamxl.workflow.incoming import looking
from kamxl.workflow.incoming.check import must_be_there
from kamxl.workflow.incoming.intake import take_in
from kamxl.workflow.incoming.judge import Judged, Known
from kamxl.workflow.results import Progress
from kamxl.workflow.start.identity import opened
from kamxl.workflow.start.register import period_of, read_register
from kamxl.workflow.start.revenues import remembered_revenues


@dataclass(frozen=True, slots=True)
class RefreshResult:
    """What came back for the plan at ``path``, in words that the plan does not have yet."""

    language: str
    path: str
    companion: Companion

    @property
    def attention(self) -> bool:
        """Whether the plan lacks anything that came back."""
        of = self.companion
        return bool(of.new_wishes or of.new_requirements or of.changed or of.corrections)


@dataclass(frozen=True, slots=True)
class OpenRefresh:
    """What goes into an open plan. ``why``: nothing does, as it is "no_plan", of a "foreign"

    workspace, or a "newer" kamxl's ("": it is one).
    """

    why: str = ""
    cells: Refreshed | None = None
    companion: Companion | None = None


def refresh(
    root: str | os.PathLike[str],
    path: str | os.PathLike[str],
    language: str | None = None,
    *,
    now: datetime | None = None,
    progress: Progress | None = None,
) -> RefreshResult:
    """What the plan in a file does not know yet (KamxlError: it is no plan of this workspace)."""
    workspace = opened(root)
    must_be_there(Path(path))
    looking.ready()
    entry = inbox.read(Path(path), shown(str(path)), None, LIMITS.file)
    judged = [found for _, found in looking.look(entry, Known(workspace.id, workspace.keys))]
    plans = [one.plan for one in judged if isinstance(one, Judged) and one.plan is not None]
    if len(plans) != 1 or plans[0].workspace != workspace.id:
        raise KamxlError("no-plan", path=Path(path))
    spoken, companion = _companion(workspace, plans[0], now, progress)
    return RefreshResult(language or spoken, str(path), companion)


def refresh_open(
    root: str | os.PathLike[str],
    raw: RawBook,
    prepared: Mapping[str, frozenset[int]],
    *,
    now: datetime | None = None,
    progress: Progress | None = None,
) -> OpenRefresh:
    """What goes into an open plan; ``prepared`` as for ``forms.plan.refreshing``."""
    workspace = opened(root)
    plan, findings = plan_form.read(raw)
    if plan is None:
        return OpenRefresh("no_plan")
    if plan.workspace != workspace.id:
        return OpenRefresh("foreign")
    if _newer(findings):
        return OpenRefresh("newer")
    _, companion = _companion(workspace, plan, now, progress)
    return OpenRefresh("", refreshed(raw, prepared, companion), companion)


def _newer(findings: tuple[Finding, ...]) -> bool:
    return any(found.code == "layout-newer" for found in findings)


def _companion(
    workspace: Workspace, plan: AccountPlan, now: datetime | None, progress: Progress | None
) -> tuple[str, Companion]:
    """The language that is spoken, and what came back up to the current period, or the plan's."""
    register = read_register(workspace).register
    period = max(period_of(register, None), plan.period, key=in_order)
    moment = now or datetime.now(UTC)
    intake = take_in(workspace, None, progress, now=moment, register=register)
    answered = (reply.order.period for reply in intake.replies)
    revenues = remembered_revenues(workspace, answered, period)
    whole = assemble(register, period, intake.replies, (), [plan], moment.date(), revenues)
    own = same_id(plan.account)
    account = next(one for one in whole.accounts if same_id(one.id) == own)
    # spelled as the plan does, and not as the register
    found = companion_of(whole, account, plan, intake.replies, intake.pages)
    return register.settings.language, replace(found, whose=plan.identity)
