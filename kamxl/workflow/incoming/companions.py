"""The companions beside the plans: made with the portfolio, written after it, each only if it says
something else than the one that lies there. A plan itself is never touched, and nothing that is not
a companion of this workspace.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath

from kamxl.core.finding import Finding, finding
from kamxl.core.portfolio.companion import Companion, companions
from kamxl.core.portfolio.whole import Portfolio
from kamxl.core.records.register import FileResult
from kamxl.errors import KamxlError, MachineError
from kamxl.excel.writing.draw import build, render
from kamxl.forms.plan import companion as form
from kamxl.store import atomic
from kamxl.store.paths import check_length, folded
from kamxl.store.workspace import Workspace
from kamxl.wording.mistakes import reason
from kamxl.workflow.cards import stamp_of
from kamxl.workflow.incoming.intake import Intake
from kamxl.workflow.incoming.judge import Judged
from kamxl.workflow.incoming.plans import PlanKey, plan_key, plan_of
from kamxl.workflow.results import WrittenCompanion

ENDING = ".answers.xlsx"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A companion that is to stand at ``path``. ``data`` None: what stands ``there`` says the same.

    ``there``: the one of ours that is to be replaced, or stays (None: there is none). ``taken``:
    at ``path`` lies something else.
    """

    account: str
    path: Path
    data: bytes | None
    there: Path | None
    taken: bool


def prepare(workspace: Workspace, portfolio: Portfolio, intake: Intake) -> tuple[Prepared, ...]:
    """The companion of each account with a plan, drawn if it is needed (TemplateError)."""
    files = {plan_key(plan): file for file in portfolio.files if (plan := plan_of(file))}
    places = _Places(workspace, intake.companions)
    spoken = {plan_key(plan): plan.language for plan in intake.plans}
    made = companions(portfolio, intake.replies, intake.pages)
    return tuple(
        places.prepared(one, files[key], spoken[key])
        for one in made
        if (key := PlanKey(one.whose.account.casefold(), one.whose.period)) in files
    )


def write(
    workspace: Workspace, prepared: Iterable[Prepared], today: date, language: str
) -> tuple[tuple[WrittenCompanion, ...], list[Finding]]:
    """Write those that say something new; what could not be written is a finding (MachineError)."""
    written, findings = [], []
    for one in prepared:
        try:
            path, state = _write(one, today)
        except MachineError:
            raise
        except OSError as problem:
            findings.append(_unwritten(workspace, one, reason(problem, language)))
            continue
        except KamxlError as problem:
            findings.append(_unwritten(workspace, one, problem.why(language)))
            continue
        shown = workspace.relative(path)
        written.append(WrittenCompanion(one.account, shown, state))
        if one.taken:
            taken = workspace.relative(one.path)
            findings.append(finding("companion-beside", value=taken, written=shown))
    return tuple(written), findings


def _unwritten(workspace: Workspace, one: Prepared, why: str) -> Finding:
    shown = workspace.relative(one.path)
    return finding("companion-not-written", value=shown, reason=why)


def _write(one: Prepared, today: date) -> tuple[Path, str]:
    """Where it stands now, and whether it is new there."""
    if one.data is None:
        return one.there or one.path, "unchanged"
    check_length(one.path)
    if one.there is not None:
        return atomic.write(one.there, one.data), "changed"
    if not one.taken and atomic.create(one.path, one.data):
        return one.path, "new"
    return atomic.write_beside(one.path, one.data, today), "new"


class _Places:
    """Where companions go, and which of ours lie there."""

    def __init__(self, workspace: Workspace, found: Iterable[Judged]) -> None:
        self._workspace = workspace
        self._ours = {folded(file.path): file for file in found}
        self._used: set[str] = set()

    def prepared(self, companion: Companion, file: FileResult, language: str) -> Prepared:
        """One companion beside the file of its plan."""
        path = self._beside(file, companion)
        ours, taken = self._there(path, companion)
        digest = form.digest_of(companion, language)
        same = ours is not None and ours.beside == form.Marked(companion.whose, digest)
        stamp = stamp_of(companion.whose.period)
        data = None if same else render(build(form.book(companion, language, stamp)))
        there = self._workspace.root / ours.path if ours else None
        return Prepared(companion.whose.account, path, data, there, taken)

    def _beside(self, file: FileResult, companion: Companion) -> Path:
        """Beside the plan, called as it is; beside what it is packed in."""
        folder = self._workspace.root / PurePosixPath(file.source).parent
        if not folder.is_dir():  # spelled otherwise on the disk
            folder = self._workspace.plans
        whose = companion.whose
        stem = PurePosixPath(file.path.replace("!", "/")).stem
        path = folder / f"{stem}{ENDING}"
        if folded(str(path)) in self._used:  # two plans called alike but for their endings
            path = folder / f"{stem}--{whose.account}--{whose.period}{ENDING}"
        self._used.add(folded(str(path)))
        return path

    def _there(self, path: Path, companion: Companion) -> tuple[Judged | None, bool]:
        """The one of ours that is to be replaced, and whether something else has its place."""
        ours = self._ours.get(folded(self._workspace.relative(path)))
        if ours is not None or not os.path.lexists(path):
            return ours, False
        begun = folded(self._workspace.relative(path.with_name(f"{path.stem}-")))
        dated: Mapping[str, Judged] = {
            name: one
            for name, one in self._ours.items()
            if name.startswith(begun) and one.beside and one.beside.whose == companion.whose
        }
        return (dated[max(dated)] if dated else None), True
