"""From the total of last time to that of today, in bars that sum exactly: of one account, of all.

DESIGN 3 "Trend". Of one account the bars are the causes of ``method.trend``. Of all accounts the
ends are the headline's means of the two periods: the accounts whose total stands in that mean (of
the period, nothing earlier, on half of the account), each counting alike. Like is compared with
like: the accounts that are in both means, and whose two totals have enough in common, have each
cause's mean over them; the last bar is what the others do:

    accounts = (mean then of those compared − mean then) + (mean now − mean now of those compared)

so that start + bars = end. An account that came, went or cannot be compared moves this bar alone.
Where these have most of the means, nothing is said of all accounts, but of those compared alone
(``alike``).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from kamxl.core.ids import same_id
from kamxl.core.method.basis import enough
from kamxl.core.method.programmes import RequirementKey
from kamxl.core.method.robustness import TIE_DIGITS
from kamxl.core.method.trend import Cause, Trend
from kamxl.core.period import in_order
from kamxl.core.portfolio.changing import AccountChange
from kamxl.core.portfolio.results import AccountResult
from kamxl.core.portfolio.whole import Portfolio


class Bar(StrEnum):
    """What moves a total, in the order in which it is drawn."""

    OPINION = "opinion"
    WEIGHTS = "weights"
    MIX = "mix"
    RATERS = "raters"  # came or went
    REQUIREMENTS = "requirements"
    SEGMENTS = "segments"
    ACCOUNTS = "accounts"  # of all accounts only


CAUSES: Mapping[Bar, tuple[Cause, ...]] = {
    Bar.OPINION: (Cause.OPINION,),
    Bar.WEIGHTS: (Cause.WEIGHTS,),
    Bar.MIX: (Cause.MIX,),
    Bar.RATERS: (Cause.RATER_CAME, Cause.RATER_WENT),
    Bar.REQUIREMENTS: (Cause.REQUIREMENT_CAME, Cause.REQUIREMENT_WENT),
    Bar.SEGMENTS: (Cause.SEGMENT_CAME, Cause.SEGMENT_WENT),
}


@dataclass(frozen=True, slots=True)
class Waterfall:
    """Two totals in points 0..100 and the bars in points between them: start + Σ bars = end.

    ``common``: what is the same in both, the smaller of the shares 0..1 that the cells rated both
    times have. ``accounts`` compared ``of`` all that are in one of the means. ``firm``: whether
    what it rests on suffices for a sentence. ``most``: the requirement whose ratings moved the
    total most, and by how many points. ``inside``: of all accounts, the means then and now of those
    compared.
    """

    since: str
    period: str
    start: float
    bars: Mapping[Bar, float]
    end: float
    common: float
    firm: bool
    accounts: int = 1
    of: int = 1
    most: tuple[str, float] | None = None
    inside: tuple[float, float] | None = None

    @property
    def alike(self) -> Waterfall:
        """The same over the accounts compared alone, each of which may be: that is always firm."""
        start, end = self.inside or (self.start, self.end)
        bars: Mapping[Bar, float] = {bar: self.bars[bar] for bar in CAUSES}
        return replace(self, start=start, bars=bars, end=end, firm=True)

    @property
    def points(self) -> float:
        """End minus start."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class InMeans:
    """An account's part in two means: its total then and now, None where it is in none of them;
    ``change`` if these may be compared.
    """

    account: AccountResult
    then: float | None
    now: float | None
    change: AccountChange | None


def bars_of(trend: Trend) -> dict[Bar, float]:
    """A change's parts as bars, in points."""
    return {bar: trend.sum_of(*causes) for bar, causes in CAUSES.items()}


def waterfall_of(change: AccountChange) -> Waterfall:
    """The bars of one account, whatever they rest on: ``firm`` says whether that is enough."""
    trend = change.trend
    return Waterfall(
        since=change.since,
        period=change.period,
        start=trend.before,
        bars=bars_of(trend),
        end=trend.now,
        common=trend.common,
        firm=change.enough,
        most=change.moved_most,
    )


def last_period(portfolio: Portfolio) -> str | None:
    """The latest period before this one in which anybody answered; None: there is none."""
    now = in_order(portfolio.period)
    return next((p for p in reversed(portfolio.periods) if in_order(p) < now), None)


def in_means(portfolio: Portfolio) -> tuple[InMeans, ...]:
    """Each account and what of it is in the headline's means of the last period and of this one."""
    since = last_period(portfolio)
    then = {same_id(p.account): p.in_mean for p in portfolio.history if p.period == since}
    found = []
    for account in portfolio.accounts:
        before, change = then.get(same_id(account.id)), portfolio.changes.get(account.id)
        both = before is not None and account.counted is not None
        fits = both and change is not None and change.since == since and change.enough
        found.append(InMeans(account, before, account.counted, change if fits else None))
    return tuple(found)


def overall(
    portfolio: Portfolio, label: Callable[[RequirementKey], str] = lambda _: ""
) -> Waterfall | None:
    """The bars over all accounts; None: nobody is in both means with enough in common.

    ``label``: what a requirement is called over all accounts, "": as its account calls it.
    """
    found, since = in_means(portfolio), last_period(portfolio)
    changes = [one.change for one in found if one.change is not None]
    if not changes or since is None:
        return None
    then = [one.then for one in found if one.then is not None]
    now = [one.now for one in found if one.now is not None]
    each = [bars_of(change.trend) for change in changes]
    bars = {bar: _mean([one[bar] for one in each]) for bar in CAUSES}
    start, end = _mean(then), _mean(now)
    inside = (
        _mean([change.trend.before for change in changes]),
        _mean([change.trend.now for change in changes]),
    )
    bars[Bar.ACCOUNTS] = math.fsum((inside[0], -start, end, -inside[1]))
    common = math.fsum(c.trend.common for c in changes) / max(len(then), len(now))
    return Waterfall(
        since=since,
        period=portfolio.period,
        start=start,
        bars=bars,
        end=end,
        common=common,
        firm=enough(common),
        accounts=len(changes),
        of=sum(one.then is not None or one.now is not None for one in found),
        most=_moved_most(changes, label),
        inside=inside,
    )


def _moved_most(
    changes: Sequence[AccountChange], label: Callable[[RequirementKey], str]
) -> tuple[str, float] | None:
    """The requirement whose ratings moved the mean most; on a tie the first by name."""
    moved: defaultdict[str, list[float]] = defaultdict(list)
    for change in changes:
        for part in change.trend.parts:
            if part.cause is Cause.OPINION:
                key = RequirementKey(change.account, part.segment, part.requirement)
                moved[label(key) or change.label(part)].append(part.points)
    sums = [(text, math.fsum(points) / len(changes)) for text, points in moved.items()]
    most = min(sums, key=lambda one: (-round(abs(one[1]), TIE_DIGITS), one[0]), default=None)
    return most if most is not None and round(most[1], TIE_DIGITS) != 0 else None


def _mean(values: Iterable[float]) -> float:
    found = list(values)
    return math.fsum(found) / len(found)
