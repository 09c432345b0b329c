"""Whatever happens to a run while it writes: the portfolio is the old one or the new one, whole.

And the next run makes what it would have made if nothing had happened.
"""

from __future__ import annotations

import errno
import hashlib
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from kamxl.excel.reading.book import read
from kamxl.forms.paper.raw import RawCell
from kamxl.forms.portfolio import prints
from kamxl.forms.portfolio.merged import DIGITS, merged_in
from kamxl.store.atomic import TEMPORARY
from tests.faults.driver import REFUSED, SAID
from tests.faults.stage import PAGE, PORTFOLIO, Scene, contents, inputs
from tests.faults.tracing import FAULTS, KILL, KILLED, Call, Run

pytestmark = pytest.mark.proof

# A file name of the documented outcome where another program keeps the portfolio open.
DATED = "Portfolio-2026-05-05"


def _beside(page: bytes, there: Iterable[str]) -> bytes:
    """The page as it would be if the portfolio to whose cells it leads had its usual name."""
    dated = [name.encode() for name in there if name != PORTFOLIO and name.encode() in page]
    assert len(dated) < 2, "a page leads to two portfolios"
    return page.replace(dated[0], PORTFOLIO.encode()) if dated else page


class Inquiry:
    """Looks at what disturbed runs leave, in one scene.

    What the next run makes depends on nothing but the workspace, so it is done once for each state
    the workspace was left in.
    """

    def __init__(self, name: str, scene: Scene, record: Callable[[str, Any], None]) -> None:
        self.scene, self._record, self._name = scene, record, name
        self._states: set[tuple[tuple[str, bytes], ...]] = set()
        self._count = 0
        self.old = contents(scene.prepared).get(PORTFOLIO)
        self.calls = scene.calls
        self.new = scene.result[PORTFOLIO]
        self._pages = {contents(scene.prepared).get(PAGE), scene.result[PAGE]}
        self._before = inputs(scene.prepared)
        assert self.old != self.new
        assert len(self._pages) == 2

    @property
    def calls_of_the_workbook(self) -> tuple[Call, ...]:
        """Those before the page is written, which comes after the workbook."""
        renamed = [n for n, c in enumerate(self.calls) if c.paths[-1:] and PORTFOLIO in c.paths[-1]]
        begin = [n for n, c in enumerate(self.calls) if c.kind == "open" and TEMPORARY in c.given]
        return self.calls[: next(n for n in begin if n > renamed[-1])]

    def disturb(self, fault: str, call: Call, lasting: str = "") -> None:
        """A run with the fault at this call (``lasting`` "+": and at all of that name after it)."""
        run = self.scene.disturbed(call.fails(fault, lasting))
        hit = run.hit()
        assert hit, f"{fault} did not hit {call}"
        assert hit[0].is_same_as(call), f"{fault} hit {hit[0]} instead of {call}"
        assert lasting or len(hit) == 1
        assert (run.code == KILLED) == (fault == KILL)
        self.look(run, fault, f"{fault}{lasting} at {call}", cleared=fault != KILL and not lasting)

    def look(self, run: Run, fault: str, where: str, *, cleared: bool) -> None:
        """What is there now, and what the next run makes of it (``cleared``: nothing is left)."""
        self._count += 1
        root, left = self.scene.root, contents(self.scene.root)
        there = {n: data for n, data in left.items() if n.startswith("Portfolio")}
        pages = {name: there.pop(name) for name in list(there) if name.endswith(".html")}
        assert set(there.values()) <= {self.old, self.new}, f"{where}: not whole"
        whole = {_beside(page, there) for page in pages.values()} <= self._pages
        assert whole, f"{where}: the page is not whole"
        assert PAGE in pages or None in self._pages, f"{where}: the old page is lost"
        if self.old is not None:  # under its name, or under a dated one if it was set aside
            assert PORTFOLIO in there or self.old in there.values(), f"{where}: the old is lost"
        self._look_at_names(run, fault, there, where)
        assert inputs(root) == self._before, f"{where}: inputs changed"
        assert not cleared or TEMPORARY not in left, f"{where}: a temporary file is left"
        state = tuple(sorted(left.items()))
        if state not in self._states:
            self._states.add(state)
            self._go_on({**there, **pages}, where)

    def _look_at_names(self, run: Run, fault: str, there: dict[str, bytes], where: str) -> None:
        """How the run ended fits what it left."""
        if run.code == 0:
            assert self.new in there.values(), f"{where}: success, but nothing new"
        elif run.code != KILLED:
            told = REFUSED + getattr(errno, fault.removeprefix("error="))
            allowed = {told, SAID} if self._name == "aside" else {told}
            assert run.code in allowed, f"{where}: ended with {run.code}"
        dated = [name for name in there if name.startswith(DATED)]
        if self._name == "replaced":
            assert PORTFOLIO in there, f"{where}: no portfolio"
            if dated:
                assert (fault, run.code) == ("error=EACCES", 0), f"{where}: a sibling unasked"
                assert there == {PORTFOLIO: self.old, dated[0]: self.new}, where
        elif self._name == "first":
            assert not dated, f"{where}: a sibling of nothing"
        else:
            assert len(dated) <= 1, where
            assert all(there[name] == self.old for name in dated), where

    def _go_on(self, there: dict[str, bytes], where: str) -> None:
        self.scene.next_run()
        after = contents(self.scene.root)
        kept = {name: data for name, data in there.items() if name not in (PORTFOLIO, PAGE)}
        siblings = {_digest(data) for name, data in kept.items() if name.endswith(".xlsx")}
        if self._name == "replaced" and siblings:  # it says that it holds them, and that alone
            same = _said(after[PORTFOLIO]) == (_said(self.new)[0], siblings)
        else:
            same = after[PORTFOLIO] == self.new
        assert same, f"{where}: the next run makes something else"
        assert not [name for name in after if TEMPORARY in name], f"{where}: not swept"
        assert inputs(self.scene.root) == self._before, f"{where}: inputs changed"
        assert after[PAGE] == self.scene.result[PAGE], f"{where}: the next page is another"
        assert kept.items() <= after.items(), f"{where}: a dated portfolio changed"

    def tell(self) -> None:
        """The figures go into the report of the test."""
        self._record("injections", self._count)
        self._record("states", len(self._states))
        self._record("calls", (self._name, len(self.calls)))


def _said(data: bytes) -> tuple[dict[tuple[str, tuple[int, int]], RawCell], set[str]]:
    """All that a portfolio says, and apart from it which others it says to hold."""
    raw = read(data)
    cells = {(sheet.title, at): cell for sheet in raw.sheets for at, cell in sheet.cells.items()}
    said = {at: cell for at, cell in cells.items() if not cell.text.startswith(prints.OTHER)}
    return said, set(merged_in(raw))


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:DIGITS]


@pytest.fixture
def inquiry(request, stage, record_property):
    """The inquiry into the scene that the test names."""
    name = request.param
    made = Inquiry(name, stage[name], record_property)
    yield made
    made.tell()


in_each_scene = pytest.mark.parametrize("inquiry", ["replaced", "first", "aside"], indirect=True)
replaced = pytest.mark.parametrize("inquiry", ["replaced"], indirect=True)


@in_each_scene
def test_the_write_phase_is_what_it_is_meant_to_be(inquiry):
    """The recording has the calls that matter, and a run without strace leaves the same."""
    scene = inquiry.scene
    order = [call.kind for call in inquiry.calls if call.kind in {"write", "fsync", "rename"}]
    # No kill shows what a power failure would: content, name, and folder go to the disk in turn.
    moved_away = ["rename", "fsync"] if scene.root.name == "aside" else []
    first = [*moved_away, *["write", "fsync", "rename", "fsync"] * 2]
    assert order[: len(first)] == first
    # then the plan's companion: in the place of the last one, or (by another name) a new one
    beside = ["write", "fsync", "rename", "fsync"], ["write", "fsync", "fsync"]
    assert order[len(first) :] in beside
    scene.set_up()
    scene.next_run()
    assert contents(scene.root) == scene.result
    again = scene.disturbed()
    assert all(map(Call.is_same_as, again.calls, inquiry.calls))
    assert len(again.calls) == len(inquiry.calls)


@pytest.mark.parametrize("fault", FAULTS)
@replaced
def test_one_fault_at_any_call(inquiry, fault):
    for call in inquiry.calls:
        inquiry.disturb(fault, call)


# How the page is written does not depend on what became of the workbook.
@pytest.mark.parametrize("fault", [KILL, "error=EACCES"])
@pytest.mark.parametrize("inquiry", ["first", "aside"], indirect=True)
def test_one_fault_where_there_is_nothing_to_replace(inquiry, fault):
    for call in inquiry.calls_of_the_workbook:
        inquiry.disturb(fault, call)


@pytest.mark.parametrize("fault", ["error=ENOSPC", "error=EIO"])
@replaced
def test_a_disk_that_stays_full_or_broken_from_any_call_on(inquiry, fault):
    for call in inquiry.calls:
        inquiry.disturb(fault, call, "+")


@pytest.mark.parametrize("fault", FAULTS)
@replaced
def test_a_second_fault_while_clearing_up(inquiry, fault):
    write = next(call for call in inquiry.calls if call.name == "write")
    run = inquiry.scene.disturbed(write.fails("error=ENOSPC"), f"inject=/^unlink:{fault}:when=1")
    first, second = run.hit()
    assert first.is_same_as(write)
    assert second.kind == "unlink"
    assert second.paths[-1].endswith(f"/{TEMPORARY}")
    inquiry.look(run, "error=ENOSPC", f"ENOSPC at {write}, {fault} at {second}", cleared=False)


# without EACCES: the sibling that is written then would be too large as well
@pytest.mark.parametrize("fault", [KILL, "error=ENOSPC", "error=EIO"])
@replaced
def test_a_fault_in_the_middle_of_the_content(inquiry, fault):
    run = inquiry.scene.disturbed(f"inject=write:{fault}:when=2", largest=len(inquiry.new) // 2)
    (hit,) = run.hit()
    assert hit.name == "write"
    before = next(call for call in run.calls if call.name == "write")
    assert before.result == str(len(inquiry.new) // 2)
    inquiry.look(run, fault, f"{fault} at {hit}", cleared=fault != KILL)


@replaced
def test_a_portfolio_that_another_program_keeps_open(inquiry):
    rename = next(call for call in inquiry.calls if call.kind == "rename")
    run = inquiry.scene.disturbed(rename.fails("error=EACCES"), patience=0)
    (hit,) = run.hit()
    assert hit.is_same_as(rename)
    assert run.code == 0
    there = contents(inquiry.scene.root)
    assert (there[PORTFOLIO], there[f"{DATED}.xlsx"]) == (inquiry.old, inquiry.new)
    inquiry.look(run, "error=EACCES", "a portfolio kept open", cleared=True)
