"""Random portfolios, worked out once more from what was typed, in other words than the core's."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, replace

import pytest

from kamxl.core.ids import US
from kamxl.core.method.basis import Basis, Verdict
from kamxl.core.portfolio.evidence import evidence, raters, segment_shares
from kamxl.core.portfolio.results import AccountResult
from kamxl.core.portfolio.whole import assemble
from kamxl.core.records.register import Register, Reply, Segment
from tests.core.test_portfolio import NOW, Rows, account, register, reply

pytestmark = pytest.mark.proof

RIVAL = "BOREL"
SEEDS = range(60)
NEAR = {"rel": 0, "abs": 1e-9}


@dataclass
class Case:
    """A register of one account, and its replies as typed: segment → respondent → rows."""

    segments: list[Segment]
    typed: dict[str, dict[str, Rows]]

    @property
    def register(self) -> Register:
        return register(*self.segments)

    @property
    def replies(self) -> list[Reply]:
        return [
            reply(rows, segment=segment, respondent=who)
            for segment, by in self.typed.items()
            for who, rows in by.items()
        ]


def case(seed: int) -> Case:
    """Nasty on purpose: blanks, zero weights, raters who compare nobody, no revenue, ties."""
    draw = random.Random(seed)  # noqa: S311
    segments, typed = [], {}
    for segment in "STUV"[: draw.randint(1, 4)]:
        revenue = draw.choice([None, 0.0, 3.0, 97.0, 100.0, 100.0, 250.0])
        segments.append(Segment("A", segment, segment, revenue))
        typed[segment] = {who: _rows(draw) for who in "PQR"[: draw.randint(0, 3)]}
    if draw.random() < 0.7:
        segments = [replace(s, revenue=s.revenue or 10.0) for s in segments]
    return Case(segments, typed)


def _rows(draw: random.Random) -> Rows:
    compares, whole = draw.random() < 0.7, draw.random() < 0.5
    rows: Rows = {}
    for requirement in ("R1", "R2", "R3"):
        weight = draw.choice([10.0, 30.0, 45.0, 95.0] if whole else [None, 0.0, 5.0, 10.0, 80.0])
        us = draw.choice([40.0, 55.5, 60.0, 90.0] if whole else [None, 0.0, 60.0, 100.0])
        rival = draw.choice([None, 42.0, 60.0, 75.0]) if compares else None
        rows[requirement] = (weight, us, rival)
    return rows


# --- once more -----------------------------------------------------------------------------------


def own_total(rows: Rows, column: int) -> tuple[float, float] | None:
    """A rater's total of us (1) or the rival (2), and its coverage."""
    weights = sum(w for w, _, _ in rows.values() if w is not None)
    rated = [(r[0], r[column]) for r in rows.values() if r[0] is not None and r[column] is not None]
    mass = sum(w for w, _ in rated)
    return None if mass <= 0 else (sum(w * x for w, x in rated) / mass, mass / weights)


def own_lead(rows: Rows) -> tuple[float, float] | None:
    """A rater's lead, and the share of the weights compared."""
    weights = sum(w for w, _, _ in rows.values() if w is not None)
    both = [(w, u - r) for w, u, r in rows.values() if None not in (w, u, r)]
    mass = sum(w for w, _ in both)
    return None if mass <= 0 else (sum(w * d for w, d in both) / mass, mass / weights)


def averaged(found: list[tuple[float, float] | None]) -> tuple[float, float, int] | None:
    """The mean of who rests on half, else of all who have one; the mean share; how many."""
    having = [one for one in found if one is not None]
    kept = [one for one in having if one[1] >= 0.5 - 1e-9] or having
    if not kept:
        return None
    return sum(v for v, _ in kept) / len(kept), sum(s for _, s in kept) / len(kept), len(kept)


def shares_of(segments: list[Segment]) -> list[float]:
    revenues = [s.revenue for s in segments]
    if None in revenues or sum(revenues) <= 0:
        return [1 / len(revenues)] * len(revenues)
    return [r / sum(revenues) for r in revenues]


def approx(value: float | None) -> object:
    return None if value is None else pytest.approx(value, **NEAR)


# --- what must hold ------------------------------------------------------------------------------


def made(seed: int) -> tuple[Case, AccountResult]:
    of = case(seed)
    return of, account(assemble(of.register, NOW, of.replies, []))


@pytest.mark.parametrize("seed", SEEDS)
def test_each_segment_is_the_mean_of_its_raters(seed: int) -> None:
    of, found = made(seed)
    for segment, share, result in zip(
        of.segments, shares_of(of.segments), found.segments, strict=True
    ):
        typed = of.typed[segment.id]
        total = averaged([own_total(rows, 1) for rows in typed.values()])
        assert result.total == approx(total and total[0])
        assert result.coverage == approx(total and total[1])
        lead = averaged([own_lead(rows) for rows in typed.values()])
        rated = averaged([own_total(rows, 2) for rows in typed.values()])
        assert result.best_competitor == (RIVAL if rated else None)
        assert result.lead.unjudged == approx(lead and lead[0])
        value, weights, n = lead or (None, 0.0, 0)
        assert result.lead.basis == Basis(n, len(typed), approx(weights), approx(share))
        assert (result.lead.verdict is not None) == (weights >= 0.5 - 1e-9)
        if value is not None and result.lead.verdict is not None:
            assert (result.lead.verdict is Verdict.LEVEL) == (abs(value) < 3 - 1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_account_is_the_mean_of_its_compared_segments(seed: int) -> None:
    of, found = made(seed)
    shares = dict(zip((s.id for s in of.segments), shares_of(of.segments), strict=True))
    leads = {s: averaged([own_lead(r) for r in by.values()]) for s, by in of.typed.items()}
    compared = {s: one for s, one in leads.items() if one and one[1] >= 0.5 - 1e-9}
    mass = sum(shares[s] for s in compared)
    value = sum(shares[s] * one[0] for s, one in compared.items()) / mass if mass else None
    weights = sum(shares[s] * one[1] for s, one in compared.items())
    assert found.lead.unjudged == approx(value)
    assert found.lead.basis.weights == approx(weights)
    assert found.lead.basis.revenue == approx(mass)
    assert (found.lead.verdict is not None) == (weights >= 0.5 - 1e-9)
    who = {w for s in compared for w, rows in of.typed[s].items()
           if (own_lead(rows) or (0, 0))[1] >= 0.5 - 1e-9}  # fmt: skip
    everybody = {who for by in of.typed.values() for who in by}
    assert (found.lead.basis.raters, found.lead.basis.of) == (len(who), len(everybody))
    totals = {s: averaged([own_total(r, 1) for r in by.values()]) for s, by in of.typed.items()}
    known = {s: one for s, one in totals.items() if one}
    mass = sum(shares[s] for s in known)
    assert found.total == approx(
        sum(shares[s] * one[0] for s, one in known.items()) / mass if mass else None
    )
    covered = sum(shares[s] * one[1] for s, one in known.items())
    assert found.coverage == approx(covered if known else None)


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_is_judged_without_a_basis(seed: int) -> None:
    _, found = made(seed)
    position = found.standing.position
    assert position.firm == (found.lead.verdict is not None)
    assert (position.relative is None) == (found.lead.unjudged is None)
    if found.counted_lead is not None:
        assert found.lead.verdict is not None
    for segment in found.segments:
        for rival in segment.rivals:
            if rival.lead.verdict is None:
                assert rival.flip is None
                assert rival.lead.points is None
    if found.flip is not None:
        assert found.flip.rival.lead.verdict is not None


@pytest.mark.parametrize("seed", SEEDS)
def test_rows_sum_to_what_they_are_rows_of(seed: int) -> None:
    _, found = made(seed)
    shares = segment_shares(found)
    for segment in found.segments:
        rows = list(evidence(segment))
        assert math.fsum(r.part or 0 for r in rows) == approx(segment.lead.unjudged or 0)
        assert math.fsum(r.gap or 0 for r in rows) == approx(math.fsum(segment.gaps.values()))
        counted = [r for r in raters(segment) if r.supplier == RIVAL and r.in_lead]
        assert len(counted) == len(segment.comparing) == segment.lead.basis.raters
        ours = [r for r in raters(segment) if r.supplier == US and r.in_total]
        missing = [(r.coverage or 0) * (100 - (r.total or 0)) for r in ours]
        mean = math.fsum(missing) / len(missing) if missing else 0
        assert math.fsum(segment.gaps.values()) == approx(mean)
    led = [share.lead for share in shares.values() if share.lead is not None]
    assert not led or math.fsum(led) == approx(1)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_order_of_replies_and_of_the_registers_rows_is_irrelevant(seed: int) -> None:
    of = case(seed)
    first = assemble(of.register, NOW, of.replies, [])
    draw, segments, replies = random.Random(seed), list(of.segments), of.replies  # noqa: S311
    draw.shuffle(segments)
    draw.shuffle(replies)
    assert assemble(register(*segments), NOW, replies, []).accounts == first.accounts
