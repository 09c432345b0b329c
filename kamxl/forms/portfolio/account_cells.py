"""The formulas of the sheet *Accounts*: over an account's own rows, or looked up by its id."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kamxl.core.ids import same_id
from kamxl.core.method.position import PositionMeasure
from kamxl.core.method.programmes import EffectSum, ProgrammeSummary
from kamxl.core.method.selection import SelectedAccount
from kamxl.core.portfolio.results import AccountResult
from kamxl.forms.paper import idioms
from kamxl.forms.paper.book import Content, Scalar
from kamxl.forms.paper.parts import live
from kamxl.forms.paper.places import At, Key, Ref
from kamxl.forms.portfolio.position import MEASURES
from kamxl.forms.portfolio.selection import gate_word, list_word
from kamxl.forms.tables.judged import if_enough
from kamxl.wording.texts import Texts


@dataclass(frozen=True, slots=True)
class AccountLine:
    """A row of *Accounts*; ``account`` None: only a remark is left of it."""

    id: str
    account: AccountResult | None
    remark: str

    def old(self) -> bool:
        """Whether some of it is from an earlier period."""
        return self.account is not None and self.account.earlier

    def key(self) -> Key | None:
        """Whose row it is: a remark alone is no account's."""
        return (self.id,) if self.account else None


class Formulas:
    """The cells of a row that are formulas: over its account's rows, or looked up by its id."""

    def __init__(self, at: At, t: Texts, within: float) -> None:
        self._t = t
        self._id, self._lead, self._rests = at.own("id", "lead", "lead_coverage")
        self._own_total, self._covered = at.own("total", "coverage")
        (self._revenues,) = at.lookups("selection", "revenue")
        self._gap = at.column("data", "gap")
        segments = at.columns("segments", "share", "coverage", "total", "in_total")
        self._share, self._coverage, self._total, self._in_total = segments
        self._in_lead, self._leads, self._compared = at.columns(
            "segments", "in_lead", "lead", "lead_coverage"
        )
        self._within = within
        chosen = ("list", "rank", "score", "gate", "abc")
        self._selection = dict(zip(chosen, at.lookups("selection", *chosen), strict=True))
        stood = (*MEASURES, "known")
        self._position = dict(zip(stood, at.lookups("position", *stood), strict=True))
        self._breadth, self._requirers = at.lookups("contacts", "breadth", "requirers")
        self._active, self._revenue, self._profit = at.columns(
            "programmes", "active", "revenue", "profit"
        )
        self._late = at.column("actions", "late")

    # --- from what customers answered ------------------------------------------------------------

    def total(self, line: AccountLine, _: int) -> Content:
        account = line.account
        if account is None or not account.answered:
            return None
        return live(_counted(account, self._in_total, self._total), account.total)

    def lead(self, line: AccountLine, row: int) -> Content:
        """Only where it rests on enough: the number alone would say more than it knows."""
        account = line.account
        if account is None or not account.answered:
            return None
        mean = _counted(account, self._in_lead, self._leads)
        return live(if_enough(self._rests.here(row), mean), account.lead.points)

    def lead_coverage(self, line: AccountLine, _: int) -> Content:
        """How much of the account the lead rests on: of its compared segments."""
        account = line.account
        if account is None or not account.answered:
            return None
        blocks = (self._share, self._compared, self._in_lead)
        share, compared, counts = (one.of(account.id) for one in blocks)
        text = idioms.total(share, compared, of=(idioms.holds(counts),))
        return live(text, account.lead.basis.weights)

    def coverage(self, line: AccountLine, _: int) -> Content:
        account = line.account
        if account is None or not account.answered:
            return None
        share, coverage, total = (
            one.of(account.id) for one in (self._share, self._coverage, self._total)
        )
        known = f"{idioms.total(share, coverage)}/SUM({share})"
        return live(idioms.any_known(total, known), account.coverage)

    def position(self, line: AccountLine, row: int) -> Content:
        if line.account is None or not line.account.answered:
            return None
        text = idioms.verdict(self._lead.here(row), f"{self._within:g}")
        return live(text, line.account.lead.verdict)

    def points(self, line: AccountLine, _: int) -> Content:
        """What closing the most valuable gap adds to the account's total."""
        if line.account is None or line.account.gap is None:
            return None
        gap, key = line.account.gap, (line.account.id, line.account.gap.segment)
        requirement = (*key, same_id(gap.requirement))
        return live(f"SUM({self._gap.of(*requirement)})*{self._share.cell(*key)}", gap.points)

    # --- what may stand in a mean over accounts --------------------------------------------------

    def counted(self, line: AccountLine, row: int) -> Content:
        """The total, if it is of this period and rests on half of the weights."""
        account = line.account
        if account is None or not account.fresh or account.earlier:
            return None
        total, covered = self._own_total.here(row), self._covered.here(row)
        return live(if_enough(covered, total), account.counted)

    def counted_lead(self, line: AccountLine, row: int) -> Content:
        """The lead, if it is of this period."""
        account = line.account
        if account is None or not account.fresh or account.earlier:
            return None
        lead = self._lead.here(row)
        return live(idioms.known(lead, then=lead), account.counted_lead)

    def size(self, line: AccountLine, row: int) -> Content:
        """The account's revenue a year, by which means are weighted."""
        account = line.account
        selected = account.standing.selected if account else None
        if selected is None or selected.candidate.revenue is None:
            return None
        return live(self._revenues.of(self._id.here(row)), selected.candidate.revenue)

    # --- from the selection ----------------------------------------------------------------------

    def _chosen(
        self, line: AccountLine, row: int, key: str, value: Callable[[SelectedAccount], Scalar]
    ) -> Content:
        selected = line.account.standing.selected if line.account else None
        if selected is None:
            return None
        return live(self._selection[key].of(self._id.here(row)), value(selected))

    def list(self, line: AccountLine, row: int) -> Content:
        return self._chosen(line, row, "list", lambda s: list_word(self._t, s.list))

    def rank(self, line: AccountLine, row: int) -> Content:
        return self._chosen(line, row, "rank", lambda s: s.rank)

    def score(self, line: AccountLine, row: int) -> Content:
        return self._chosen(line, row, "score", lambda s: s.score)

    def gate(self, line: AccountLine, row: int) -> Content:
        return self._chosen(line, row, "gate", lambda s: gate_word(self._t, s.gate.gate))

    def abc(self, line: AccountLine, row: int) -> Content:
        return self._chosen(line, row, "abc", lambda s: s.abc.value if s.abc else None)

    # --- from the five measures, and from contacts -----------------------------------------------

    def _stood(self, line: AccountLine, row: int, key: str, value: Scalar) -> Content:
        return live(self._position[key].of(self._id.here(row)), value)

    def measure(self, measure: PositionMeasure, line: AccountLine, row: int) -> Content:
        if line.account is None:
            return None
        value = line.account.standing.position.measures[measure]
        return self._stood(line, row, measure.value, value)

    def known(self, line: AccountLine, row: int) -> Content:
        if line.account is None:
            return None
        return self._stood(line, row, "known", line.account.standing.position.known)

    def breadth(self, line: AccountLine, row: int) -> Content:
        breadth = line.account.standing.breadth if line.account else None
        if breadth is None:
            return None
        return live(self._breadth.of(self._id.here(row)), breadth.breadth)

    def requirers(self, line: AccountLine, row: int) -> Content:
        breadth = line.account.standing.breadth if line.account else None
        if breadth is None:
            return None
        return live(self._requirers.of(self._id.here(row)), breadth.requirers)

    # --- from programmes and actions -------------------------------------------------------------

    def overdue(self, line: AccountLine, _: int) -> Content:
        """How many of its actions are overdue; empty without a plan."""
        account = line.account
        if account is None or account.standing.plan is None:
            return None
        if not self._late.has(account.id):
            return 0
        text = idioms.count_of(self._late.of(account.id), '">0"')
        return live(text, len(account.standing.overdue))

    def active(self, line: AccountLine, _: int) -> Content:
        """How many of its programmes are active; empty without a plan."""
        account = line.account
        if account is None or account.standing.plan is None:
            return None
        summary = account.standing.programmes
        if summary is None or not self._active.has(account.id):
            return 0
        return live(f"SUM({self._active.of(account.id)})", summary.active)

    def _expected(
        self, line: AccountLine, column: Ref, of: Callable[[EffectSum], float | None]
    ) -> Content:
        """What its active programmes are expected to bring; empty without any."""
        account = line.account
        summary = account.standing.programmes if account else None
        if account is None or summary is None or account.standing.plan is None:
            return None
        if not column.has(account.id):
            return None
        active, values = self._active.of(account.id), column.of(account.id)
        text = idioms.sum_of_matches(active, "1", values)
        return live(text, of(summary.expected))

    def revenue(self, line: AccountLine, _: int) -> Content:
        return self._expected(line, self._revenue, lambda sums: sums.revenue.value)

    def profit(self, line: AccountLine, _: int) -> Content:
        return self._expected(line, self._profit, lambda sums: sums.profit.value)

    def _unvalued(
        self, line: AccountLine, column: Ref, of: Callable[[ProgrammeSummary], int]
    ) -> Content:
        """How many of its active programmes such a sum does not hold; empty without a plan."""
        account = line.account
        if account is None or account.standing.plan is None:
            return None
        summary = account.standing.programmes
        if summary is None or not column.has(account.id):
            return 0
        active, values = self._active.of(account.id), column.of(account.id)
        return live(idioms.unknown_matches(active, "1", values), of(summary))

    def unvalued_revenue(self, line: AccountLine, _: int) -> Content:
        return self._unvalued(line, self._revenue, lambda found: len(found.unvalued_revenue))

    def unvalued_profit(self, line: AccountLine, _: int) -> Content:
        return self._unvalued(line, self._profit, lambda found: len(found.unvalued_profit))


def _counted(account: AccountResult, counts: Ref, values: Ref) -> str:
    """An account's values, each times what it counts."""
    factors = counts.of(account.id)
    return idioms.any_known(factors, idioms.total(factors, values.of(account.id)))
