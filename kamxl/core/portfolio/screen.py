"""The manager's screen: with whom, what, and what on Monday; one row for each focus account.

Sheet, page and JSON show these facts and work out none of their own. Seed: 2.1, 2.3.1.1, and
2.3.1.2 (what is agreed is done).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from kamxl.core.cards.deciding import Decided, waiting
from kamxl.core.finding import Fate
from kamxl.core.ids import US, same_id
from kamxl.core.method.basis import Basis, Lead, Verdict
from kamxl.core.method.economics import sum_known
from kamxl.core.method.programmes import Action, ActionState, RequirementKey, closing
from kamxl.core.method.selection import AccountList
from kamxl.core.method.trend import Cause
from kamxl.core.period import in_order
from kamxl.core.portfolio.changing import AccountChange
from kamxl.core.portfolio.chasing import Chase, Reached
from kamxl.core.portfolio.improving import Improvement, improvements
from kamxl.core.portfolio.results import AccountResult, SegmentResult
from kamxl.core.portfolio.whole import HistoryPoint, Portfolio
from kamxl.core.records.register import FileResult, Reply

SQUARES = 5
_HALF = 3  # squares from the line on
_SHOWN = 1  # decimals of points: what shows as 0.0 is no change
_ANSWERS = frozenset({"scorecard", "reply"})
_OUT = frozenset({Fate.IGNORED, Fate.SUPERSEDED})


class Why(StrEnum):
    """What moved an account's total most, or why that cannot be said."""

    OPINION = "opinion"  # other ratings
    WEIGHTS = "weights"  # her weights are others
    MIX = "mix"  # our revenue is distributed otherwise
    PEOPLE = "people"  # raters came or went
    SEGMENTS = "segments"  # segments came or went
    REQUIREMENTS = "requirements"  # requirements came or went
    SAME = "same"  # nothing that shows
    FIRST = "first"  # the first answer
    SILENT = "silent"  # no answer in this period
    FEW = "few"  # too little is the same in both periods
    NEVER = "never"  # no answer at all


_GROUPS = (
    (Why.OPINION, (Cause.OPINION,)),
    (Why.WEIGHTS, (Cause.WEIGHTS,)),
    (Why.MIX, (Cause.MIX,)),
    (Why.PEOPLE, (Cause.RATER_CAME, Cause.RATER_WENT)),
    (Why.SEGMENTS, (Cause.SEGMENT_CAME, Cause.SEGMENT_WENT)),
    (Why.REQUIREMENTS, (Cause.REQUIREMENT_CAME, Cause.REQUIREMENT_WENT)),
)


@dataclass(frozen=True, slots=True)
class Moved:
    """The change of an account's total in points, None: it may not be told; and its cause.

    ``requirement``: whose ratings did most of it, if ratings did; else empty.
    """

    why: Why
    points: float | None = None
    requirement: str = ""

    @property
    def up(self) -> bool | None:
        """Whether it went up; None: it did not move, as far as we know."""
        if self.points is None or round(self.points, _SHOWN) == 0:
            return None
        return self.points > 0


@dataclass(frozen=True, slots=True)
class Apart:
    """The requirement on which an account's raters lie furthest apart, with the two who do."""

    segment: SegmentResult
    requirement: str
    label: str
    low: Reply
    high: Reply
    range: float


@dataclass(frozen=True, slots=True)
class Row:
    """One account on the screen.

    ``actions``: what closes its most valuable gap; ``apart`` None: the raters agree.
    """

    account: AccountResult
    moved: Moved
    actions: tuple[Action, ...] = ()
    apart: Apart | None = None
    change: AccountChange | None = None

    @property
    def revenue(self) -> float | None:
        """Its running revenue a year."""
        selected = self.account.standing.selected
        return selected.candidate.revenue if selected else None

    @property
    def gap(self) -> bool:
        """Whether something is left to improve that shows."""
        found = self.account.gap
        return found is not None and round(found.points, _SHOWN) > 0

    @property
    def done(self) -> bool:
        """Whether all that closes the gap is done, though it is still there."""
        return bool(self.actions) and all(a.state is ActionState.DONE for a in self.actions)

    @property
    def squares(self) -> int:
        """The share of the account that the comparison rests on, of five squares."""
        return squares_of(self.account.lead.basis)

    @property
    def concerns(self) -> int:
        """How much there is to say of it: a missed minimum, a lag, a gap without action, raters
        far apart, a change.
        """
        said = (
            self.account.missed,
            self.account.lead.verdict is Verdict.BEHIND,
            self.gap and not self.actions,
            self.apart is not None,
            self.moved.up is not None,
        )
        return sum(said)


@dataclass(frozen=True, slots=True)
class Whom:
    """With whom we grow: so many ``focus`` accounts; of these ``selling`` have a plan without an
    active programme (we only sell), and ``unplanned`` no plan. ``chosen``: somebody judged any.
    ``sold``, ``planless``: the id of the first of these two ("": none).
    """

    chosen: bool
    focus: int = 0
    build_up: int = 0
    selling: int = 0
    unplanned: int = 0
    sold: str = ""
    planless: str = ""


@dataclass(frozen=True, slots=True)
class Monday:
    """What is to be done: ``overdue`` actions, cards to ``call`` about (their day is past, or the
    mail came back), answers to ``decide`` about. ``planned``: there is any plan; ``asked``: any
    card is out. ``card``: the first to call about; ``answer``: the path of the first to decide.
    """

    overdue: int
    call: int
    decide: int
    planned: bool
    asked: bool
    card: Chase | None = None
    answer: str = ""

    @property
    def nothing(self) -> bool:
        """Whether nothing waits."""
        return not (self.overdue or self.call or self.decide)


@dataclass(frozen=True, slots=True)
class Figure:
    """A headline number over ``n`` ``of`` what it could be over, None: unknown.

    ``change``: since the period before; of a mean over the ``common`` accounts that count in both,
    of a count against the ``common`` accounts that were counted then.
    ``parts``: ahead, level and behind, where it is a count of these, and ``before``: as it was.
    """

    key: str
    value: float | None
    n: int
    of: int
    change: float | None = None
    common: int = 0
    parts: tuple[int, ...] = ()
    before: tuple[int, ...] = ()


FIGURES = ("answered", "mean_total", "mean_lead", "ahead_behind", "expected_profit")


@dataclass(frozen=True)
class Screen:
    """The first screen. ``what``: the improvement that is about most; None: none is known.

    ``rows``: the focus accounts, the largest revenue first; without any (``focused`` False) those
    that have answered, who have most to say first. ``since``: the period compared with.
    """

    whom: Whom
    what: Improvement | None
    monday: Monday
    figures: tuple[Figure, ...]
    since: str | None
    rows: tuple[Row, ...]
    focused: bool

    @property
    def unacted(self) -> tuple[int, int]:
        """At how many of the rows no action closes the most valuable gap, and how many have one."""
        gaps = [row for row in self.rows if row.gap]
        return sum(not row.actions for row in gaps), len(gaps)

    def figure(self, key: str) -> Figure:
        """One of the headline numbers (KeyError: there is none such)."""
        found = {figure.key: figure for figure in self.figures}
        return found[key]


def screen_of(portfolio: Portfolio, language: str) -> Screen:
    """The screen of a portfolio; ``language``: of what requirements are called."""
    focus = [a for a in portfolio.accounts if _list_of(a) is AccountList.FOCUS]
    found = improvements(portfolio.accounts, language).found
    before = [p for p in portfolio.periods if in_order(p) < in_order(portfolio.period)]
    since = before[-1] if before else None
    shown = focus or [a for a in portfolio.accounts if a.answered]
    rows = [_row(portfolio, account) for account in shown]
    rows.sort(key=_largest_first if focus else _loudest_first)
    return Screen(
        whom=_whom(portfolio, focus),
        what=found[0] if found else None,
        monday=monday_of(portfolio),
        figures=tuple(_figures(portfolio, since)),
        since=since,
        rows=tuple(rows),
        focused=bool(focus),
    )


def squares_of(basis: Basis) -> int:
    """A basis as filled squares: rounding reaches neither the line nor all five of them."""
    if basis.whole:
        return SQUARES
    rounded = math.floor(basis.weights * SQUARES + 0.5)
    least, most = (_HALF, SQUARES - 1) if basis.enough else (0, _HALF - 1)
    return min(max(rounded, least), most)


# --- the three lines -----------------------------------------------------------------------------


def _list_of(account: AccountResult) -> AccountList | None:
    selected = account.standing.selected
    return selected.list if selected else None


def _whom(portfolio: Portfolio, focus: Sequence[AccountResult]) -> Whom:
    summaries = ((account, account.standing.programmes) for account in focus)
    sold = [account.id for account, one in summaries if one is not None and one.selling_only]
    planless = [account.id for account in focus if account.standing.plan is None]
    return Whom(
        chosen=portfolio.chosen,
        focus=len(focus),
        build_up=sum(_list_of(a) is AccountList.BUILD_UP for a in portfolio.accounts),
        selling=len(sold),
        unplanned=len(planless),
        sold=next(iter(sold), ""),
        planless=next(iter(planless), ""),
    )


def monday_of(portfolio: Portfolio) -> Monday:
    """What waits for somebody."""
    cards = [one for one in portfolio.chase if to_call(one, portfolio)]
    answers = [file.path for file in portfolio.files if to_decide(file)]
    return Monday(
        overdue=sum(len(account.standing.overdue) for account in portfolio.accounts),
        call=len(cards),
        decide=len(answers),
        planned=bool(portfolio.planned),
        asked=bool(portfolio.chase),
        card=next(iter(cards), None),
        answer=min(answers, default=""),
    )


def to_call(card: Chase, portfolio: Portfolio) -> bool:
    """Whether somebody is to be called about a card: its day is past, or her mail came back."""
    return card.reached is Reached.UNDELIVERED or bool(card.late(portfolio.as_of))


def to_decide(file: FileResult) -> bool:
    """Whether an answer waits for a decision that only a person can take."""
    if file.kind not in _ANSWERS or file.fate in _OUT:
        return False
    return bool(waiting(file.findings, Decided(reading=file.decision)))


# --- the headline numbers ------------------------------------------------------------------------


def _figures(portfolio: Portfolio, since: str | None) -> Iterable[Figure]:
    accounts = portfolio.accounts
    fresh = [account for account in accounts if account.fresh]
    asked = [a for a in accounts if a.fresh or _asked(portfolio, a)]
    before = [point for point in portfolio.history if point.period == since]
    came = {same_id(point.account) for point in before}
    yield Figure(
        "answered", float(len(fresh)), len(fresh), len(asked),
        float(len(fresh) - len(came)) if since else None, len(came),
    )  # fmt: skip
    totals = [value for a in accounts if (value := a.counted) is not None]
    then = {same_id(point.account): point for point in before}
    moved = _moved_by(accounts, then, lambda a: a.counted, lambda point: point.in_mean)
    yield Figure("mean_total", _mean(totals), len(totals), len(fresh), _mean(moved), len(moved))
    leads = [value for a in accounts if (value := a.counted_lead) is not None]
    moved = _moved_by(accounts, then, lambda a: a.counted_lead, lambda point: point.lead_in_mean)
    yield Figure("mean_lead", _mean(leads), len(leads), len(fresh), _mean(moved), len(moved))
    parts = _verdicts(a.lead for a in accounts if a.counted_lead is not None)
    was = _verdicts(point.lead for point in before if point.lead_in_mean is not None)
    change = float(parts[0] - was[0]) if leads and sum(was) else None
    yield Figure(
        "ahead_behind", float(parts[0]) if leads else None, len(leads), len(fresh),
        change, sum(was), parts, was,
    )  # fmt: skip
    summaries = [s for a in accounts if (s := a.standing.programmes) is not None]
    profit = sum_known(summary.expected.profit.value for summary in summaries).value
    active = sum(summary.active for summary in summaries)
    unvalued = sum(len(summary.unvalued_profit) for summary in summaries)
    yield Figure("expected_profit", profit, active - unvalued, active)


def _asked(portfolio: Portfolio, account: AccountResult) -> bool:
    if portfolio.asked is None:
        return True
    return any(of == same_id(account.id) for of, _ in portfolio.asked)


def _moved_by(
    accounts: Iterable[AccountResult],
    then: Mapping[str, HistoryPoint],
    now_of: Callable[[AccountResult], float | None],
    was_of: Callable[[HistoryPoint], float | None],
) -> list[float]:
    """How a number moved at the accounts at which it counts in both periods."""
    both = ((now_of(a), then.get(same_id(a.id))) for a in accounts)
    pairs = ((now, was_of(point)) for now, point in both if point is not None)
    return [now - was for now, was in pairs if now is not None and was is not None]


def _verdicts(leads: Iterable[Lead]) -> tuple[int, ...]:
    """How many are ahead, level and behind."""
    found = [lead.verdict for lead in leads]
    return tuple(found.count(one) for one in Verdict)


def _mean(values: Sequence[float]) -> float | None:
    return math.fsum(values) / len(values) if values else None


# --- the rows ------------------------------------------------------------------------------------


def _row(portfolio: Portfolio, account: AccountResult) -> Row:
    change, gap = portfolio.changes.get(account.id), account.gap
    key = RequirementKey(account.id, gap.segment, gap.requirement) if gap else None
    return Row(
        account,
        moved_of(portfolio, account),
        closing(account.standing.actions, [key])[key] if key else (),
        _apart(account),
        change,
    )


def _largest_first(row: Row) -> tuple[float, str]:
    """As the map numbers them."""
    selected = row.account.standing.selected
    rank = selected.rank if selected and selected.rank else 0
    return -(row.revenue if row.revenue is not None else -1.0), f"{rank:09d}"


def _loudest_first(row: Row) -> tuple[int, float, str]:
    return -row.concerns, -(row.revenue or 0.0), same_id(row.account.id)


def moved_of(portfolio: Portfolio, account: AccountResult) -> Moved:
    """How an account's total changed since it last answered, and what did most of it."""
    change = portfolio.changes.get(account.id)
    if change is not None:
        return _moved(change)
    if not account.answered:
        return Moved(Why.NEVER)
    return Moved(Why.FIRST if account.fresh else Why.SILENT)


def _moved(change: AccountChange) -> Moved:
    points = change.points
    if points is None:
        return Moved(Why.FEW)
    if round(points, _SHOWN) == 0:
        return Moved(Why.SAME, points)
    way = math.copysign(1, points)
    sizes = {why: way * change.trend.sum_of(*causes) for why, causes in _GROUPS}
    why = max(sizes, key=lambda one: round(sizes[one], 9))
    most = change.moved_most if why is Why.OPINION else None
    return Moved(why, points, most[0] if most and most[1] * way > 0 else "")


def _apart(account: AccountResult) -> Apart | None:
    found = [(s.spread[i].range, s, i) for s in account.segments for i in s.disagreements[:1]]
    if not found:
        return None
    widest, segment, requirement = max(found, key=lambda one: one[0])
    rated = [
        (rating, reply)
        for reply in segment.replies
        if (rating := reply.answers.scorecard.rating(US, requirement)) is not None
    ]
    low, high = (pick(rated, key=lambda one: one[0])[1] for pick in (min, max))
    label = segment.requirement(requirement).label
    return Apart(segment, requirement, label, low, high, widest)
